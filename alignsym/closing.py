"""Programs whose choices come from open intervals, from the answer of the closed program.

    max log(x) + log(y + k),  p*x + y <= w,  x > 0, y > 0:    for w <= k the closed program has
    y = 0 as its only solution, which is no choice here but neared by choices

A solution of the closed program that is a choice is a solution; every case is verified again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from alignsym.claims import Claim, Decided, Proved
from alignsym.examined import tried
from alignsym.logic.decide import implies, search
from alignsym.logic.normal import is_identically_zero
from alignsym.model.closure import closed
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Region
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution
from alignsym.solving.closures import members, open_ends
from alignsym.solving.regimes import witness_of
from alignsym.solving.thresholds import conditions, equality_of
from alignsym.solving.ties import minimal
from alignsym.verify.neared import neared
from alignsym.verify.obligations import verify
from alignsym.verify.outcomes import no_solution_where


def by_closing(
    game: Game, concept: Concept, solve: Callable[[Game], Solution], began: float
) -> Solution | None:
    """The answer of the open program; None where the closed one does not give it."""
    wider = closed(game)
    if wider is None:
        return None
    answer = solve(wider)
    if not isinstance(answer.proof, Proved):
        return None
    cases: list[Case] = []
    for case in answer.cases:
        found = _opened(game, concept, case)
        if found is None:
            return None
        cases += found
    without: list[NoSolution] = []
    # Those without an equation first: an edge of such a case needs none of its own.
    for one in sorted(
        (c for c in cases if isinstance(c, NoSolution)),
        key=lambda c: any(r.is_equality for r in c.when),
    ):
        known = [c.when for c in without if c.outcome == one.outcome]
        if not known or not search((*game.domain(), *one.when), outside=known).is_proof:
            without.append(one)
    cases = [*(c for c in cases if not isinstance(c, NoSolution)), *without]
    verified = verify(game, concept, cases, unclaimed=True)
    many = len(verified.regimes)
    kept = (
        tried(game, concept, r, local, among=many)
        for r, local in zip(verified.regimes, verified.local)
    )
    return Solution(
        game=game,
        concept=concept,
        cases=(*kept, *verified.sets, *without),
        coverage=verified.coverage,
        decided=verified.decided,
        seconds=time.perf_counter() - began,
    )


def _opened(game: Game, concept: Concept, case: Case) -> list[Case] | None:
    """What a case of the closed program says of the open one; None where that is not known."""
    region = (*game.domain(), *case.when)
    if isinstance(case, NoSolution):
        if case.outcome != "infeasible":
            return None
        return [no_solution_where(game, concept, case.when, "infeasible", (), case.witness)]
    strict = tuple(r for rows in open_ends(game).values() for r in rows)
    if isinstance(case, Continuum):
        kept = (*strict, *(r for r in case.relations if r.tightened() not in strict))
        inside = next(members(game, region, case.relations), None)
        if inside is None:
            return None
        relations = minimal(list(kept), region, [a.symbol for a in game.actions])
        return [replace(case, relations=relations, members=(tuple(inside.items()),))]
    if case.multiple:
        return None
    values = dict(case.values)
    at = [r.replaced(values) for r in strict]
    edges = [r for r in at if not implies(region, r).is_proof]
    whole = [r for r in edges if is_identically_zero(r.gap)]
    if whole:
        return _at_an_end(game, concept, case, case.when)
    out: list[Case] = []
    if edges:
        when = conditions((*case.when, *edges), game.domain())
        if not search((*game.domain(), *when)).is_proof:
            out.append(replace(case, when=when, witness=witness_of(game, when)))
    else:
        out.append(case)
    for edge in edges:
        when = conditions((*case.when, equality_of(edge.gap)), game.domain())
        if not search((*game.domain(), *when)).is_proof:
            more = _at_an_end(game, concept, case, when)
            if more is None:
                return None
            out += more
    return out


def _at_an_end(game: Game, concept: Concept, case: Regime, when: Region) -> list[Case] | None:
    """No maximum where the only solution of the closed program is at an end that is no choice."""
    inside = next(members(game, (*game.domain(), *when)), None)
    witness = witness_of(game, when)
    if inside is None or not witness:
        return None
    region = (*game.domain(), *case.when)  # of which the facts are shown
    said = "a solution of the program with the ends of all intervals", "the only one"
    facts = tuple(
        Decided(Claim("hypothesis", None, "", text, region), verdict)
        for text, verdict in zip(said, (case.status, case.exhaustive), strict=True)
    )
    return [neared(game, concept, when, dict(case.values), inside, witness, facts)]
