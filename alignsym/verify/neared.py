"""Suprema of programs on open intervals, neared and not attained, by the program with all ends.

    sup f over X without ends  =  max f over X with them,  if the solution can be neared in X

If the one solution with the ends is no choice without them, nothing attains the supremum.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from alignsym.claims import ByTheorem, Decided, Point, Proved, Unknown, Verdict
from alignsym.logic.decide import implies, search
from alignsym.logic.growth import T
from alignsym.logic.witness import is_inside
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import NoSolution
from alignsym.verify.decision import decision_makers
from alignsym.verify.outcomes import is_real, path_in_words, said

CONTINUOUS = (sp.log, sp.exp, sp.Abs, sp.sin, sp.cos, sp.atan)


def neared(
    game: Game,
    concept: Concept,
    when: Region,
    end: Mapping[sp.Symbol, Expr],
    inside: Mapping[sp.Symbol, Expr],
    witness: Point,
    facts: tuple[Decided, ...],
) -> NoSolution:
    """The only solution of the closed program is no choice, but neared by some: no maximum.

    `end`: that solution, as `facts` say of a region that contains this one; neared along
    end + (inside - end)/t, on which the objective is continuous where it is made of continuous
    functions and defined around its end.
    """
    (maker,) = decision_makers(game, concept)
    given = (*game.domain(), *when)
    later = (*given, Relation(T, ">=", sp.S.One))
    along = {s: end[s] + (inside[s] - end[s]) / T for s in maker.variables}
    around = [r.tightened().replaced(end) for r in natural_domain(maker.objective)]
    opened = tuple(r.replaced(end) for r in maker.bounds() if r.is_strict)
    smooth = all(isinstance(f, CONTINUOUS) for f in maker.objective.atoms(sp.Function))
    statement = (
        f"the supremum is neared along {path_in_words(maker, along, '-> oo')}, and not attained"
    )
    verdict: Verdict = Unknown("the only solution of the closed program is not shown to be neared")
    if (
        is_inside(given, witness)
        and smooth
        and not maker.objective.has(sp.Piecewise)
        and facts
        and all(isinstance(d.verdict, Proved) for d in facts)
        and all(implies(given, r).is_proof for d in facts for r in d.claim.region)
        and search((*given, *opened)).is_proof
        and all(is_real(e, maker, given) for e in (*end.values(), *inside.values()))
        and all(implies(given, r).is_proof for r in around)
        and all(implies(later, r.replaced(along)).is_proof for r in maker.feasible())
    ):
        verdict = Proved((ByTheorem(statement, facts),))
    return NoSolution(when, "none", said(verdict), witness, verdict)
