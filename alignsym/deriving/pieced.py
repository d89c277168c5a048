"""Piecewise utilities: the smooth program of each combination of conditions that has the answer."""

from __future__ import annotations

from alignsym.deriving.asked import asked, problem
from alignsym.deriving.case import case_steps
from alignsym.deriving.grounds import conclusion, facts, uniqueness, without_place
from alignsym.deriving.points import number, numbers
from alignsym.model.relations import Region
from alignsym.pieces import Part, parts, unkinked
from alignsym.solution import Regime, Solution
from alignsym.steps import BestReplies, Step
from alignsym.verify.decision import decision_makers


def by_pieces(solution: Solution) -> tuple[Step, ...]:
    """The problem; for every case the program of its piece, solved; why nothing is better."""
    game, concept = solution.game, solution.concept
    makers = decision_makers(game, concept)
    steps: list[Step] = [problem(game, concept, m) for m in makers]
    split = parts(unkinked(game))
    replies = [s for s in solution.steps if isinstance(s, BestReplies)]
    steps += replies
    said: set[Step] = set()
    alone = [uniqueness(case) for case in solution.cases]
    once = all(without_place(u) == without_place(alone[0]) for u in alone)
    for case, only in zip(solution.cases, alone, strict=True):
        # What best replies have in common is no one's program on a piece.
        part = None if replies or isinstance(split, str) else _home(case, split)
        if isinstance(case, Regime) and part is not None:
            found = asked(part.game, concept)
            steps += [s for s in found.steps if s not in said]
            said |= set(found.steps)
            point = numbers(part.game, found.system, found.kinks, case)
            steps += [] if point is None else case_steps(found, case, point, ())
        if isinstance(case, Regime) and not replies:
            steps += facts(solution.decided, makers[0].name, case.status)
        steps += [] if once else only
        steps.append(conclusion(concept, case))
    return (*steps, *(without_place(alone[0]) if once else ()))


def _home(case: object, split: list[Part]) -> Part | None:
    """The piece in which the regime's witness and values lie."""
    if not isinstance(case, Regime):
        return None
    table = {s: number(v, {}) for s, v in case.witness}
    table |= {s: number(v, table) for s, v in case.values}
    for part in split:
        if _inside(part.region, table):
            return part
    return None


def _inside(region: Region, table: dict) -> bool:  # type: ignore[type-arg]
    return all(
        number(r.gap, table) > 0 or (not r.is_strict and number(r.gap, table) == 0) for r in region
    )
