"""A set of solutions is claimed: exactly the maximisers, by the definition and nothing else.

x in the set  =>  x feasible and f(x) = V;      x feasible and f(x) >= V  =>  x in the set.
"""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from alignsym.claims import Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import search
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Region, Relation
from alignsym.solution import Continuum, holds
from alignsym.verify.decision import decision_makers
from alignsym.verify.theorems import algebraic


def verified_continuum(game: Game, concept: Concept, case: Continuum) -> Continuum:
    """The continuum with its verdicts; for one decision maker with an algebraic objective."""
    status, exhaustive = _decide(game, concept, case)
    return replace(case, status=status, exhaustive=exhaustive)


def _decide(game: Game, concept: Concept, case: Continuum) -> tuple[Verdict, Verdict]:
    if concept not in ("maximize", "social") or case.value is None:
        nothing = Unknown("sets of solutions are verified for one decision maker")
        return nothing, nothing
    (maker,) = decision_makers(game, concept)
    if not algebraic(maker.objective):
        nothing = Unknown("sets of solutions are verified for algebraic objectives")
        return nothing, nothing
    table = dict(case.witness)
    region: Region = (*game.domain(), *case.when)
    inside = set(table) == {p.symbol for p in game.parameters} and all(
        holds(r, table) for r in region
    )
    if not inside:
        nothing = Unknown("the witness is not inside the regime")
        return nothing, nothing
    other = {v: sp.Dummy(v.name, **v.assumptions0) for v in maker.variables}
    members = tuple(r.replaced(other) for r in case.relations)
    feasible = tuple(r.replaced(other) for r in maker.feasible())
    single = len(game.agents) == 1 and game.agents[0].loss
    value = -case.value if concept == "maximize" and single else case.value
    worth = maker.objective.xreplace(other)
    # Some point is in the set, or there would be nothing to be right about.
    if search((*region, *members)).kind == "unsat":
        nothing = Unknown("the set is empty")
        return nothing, nothing
    wrong = (*(r.negated() for r in feasible), Relation(worth, "!=", value))
    sound = search((*region, *members), any_of=wrong)
    better = search((*region, *feasible, Relation(worth, ">", value)))
    status: Verdict = Unknown("not every point of the set is shown to be a maximiser")
    if sound.is_proof and better.is_proof:
        status = Proved((Unsatisfiable((*region, *members), wrong),))
    missed = search((*region, *feasible, Relation(worth, ">=", value)), outside=[members])
    exhaustive: Verdict = Unknown("maximisers outside the set are not excluded")
    if missed.is_proof:
        exhaustive = Proved((Unsatisfiable((*region, *feasible), members),))
    return status, exhaustive
