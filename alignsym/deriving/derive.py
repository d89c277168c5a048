"""`derive(solution)`: the steps that lead to it, for people to follow and to check by hand.

What the concept asks; which cases cannot be, and why; every case solved; why what comes out is a
solution, and the only one.  A derivation is made when it is asked for: solving keeps no record.
"""

from __future__ import annotations

import sympy as sp

from alignsym.claims import Proved
from alignsym.derivation import Derivation
from alignsym.deriving.asked import asked, problem
from alignsym.deriving.case import case_steps
from alignsym.deriving.excluded import excluded
from alignsym.deriving.grounds import (
    conclusion,
    coverage,
    gaps,
    sufficiency,
    uniqueness,
    without_place,
)
from alignsym.deriving.members import members
from alignsym.deriving.pieced import by_pieces
from alignsym.deriving.points import numbers
from alignsym.deriving.stages import stages
from alignsym.pieces import is_piecewise
from alignsym.solution import NoSolution, Regime, Solution
from alignsym.steps import BestReplies, Gap, Step
from alignsym.verify.decision import DecisionMaker, decision_makers

_ZERO = sp.S.Zero


def derive(solution: Solution) -> Derivation:
    """The derivation of a solution.

    >>> import sympy as sp
    >>> from alignsym.answer import solve
    >>> from alignsym.model.game import Agent, Game
    >>> x, q = sp.symbols("x q", positive=True)
    >>> game = Game(Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}))
    >>> [type(s).__name__ for s in derive(solve(game, "maximize")).steps][:4]
    ['Problem', 'Lagrangian', 'FirstOrder', 'Complementary']
    """
    game, concept = solution.game, solution.concept
    if not solution.cases:
        steps: tuple[Step, ...] = tuple(problem(game, concept, m) for m in _makers(solution))
    elif game.families:
        steps = members(solution)
    elif concept == "stackelberg":
        steps = stages(solution)
    elif is_piecewise(game):
        steps = by_pieces(solution)
    else:
        steps = _by_conditions(solution)
    end = _end(solution)
    return Derivation(solution, (*steps, *end, *gaps(solution, (*steps, *end))))


def _makers(solution: Solution) -> tuple[DecisionMaker, ...]:
    return () if solution.game.families else decision_makers(solution.game, solution.concept)


def _by_conditions(solution: Solution) -> tuple[Step, ...]:
    """The complementarity system, the cases discarded, every case solved."""
    if all(isinstance(c, NoSolution) for c in solution.cases):
        # First-order conditions lead nowhere: the problems, and why they have no solution.
        told = tuple(problem(solution.game, solution.concept, m) for m in _makers(solution))
        return (*told, *(conclusion(solution.concept, c) for c in solution.cases))
    found = asked(solution.game, solution.concept)
    points = [
        numbers(solution.game, found.system, found.kinks, r) if isinstance(r, Regime) else None
        for r in solution.cases
    ]
    patterns = [p.binding for p in points if p is not None]
    steps: list[Step] = list(found.steps)
    steps += [s for s in solution.steps if isinstance(s, BestReplies)]
    if patterns and len(patterns) == len(points):
        steps += excluded(found.system, patterns)
    grounds = [
        sufficiency(solution, solution.regimes.index(c)) if isinstance(c, Regime) else []
        for c in solution.cases
    ]
    alone = [uniqueness(c) for c in solution.cases]
    # What is the same of every case is said once, after them.
    shared = all(g == grounds[0] for g in grounds)
    once = all(without_place(u) == without_place(alone[0]) for u in alone)
    for case, point, why, only in zip(solution.cases, points, grounds, alone, strict=True):
        if isinstance(case, Regime) and point is not None:
            others = [r for r in solution.regimes if r is not case]
            steps += case_steps(found, case, point, solution.steps, others)
        if not isinstance(case, Regime) and not isinstance(case.status, Proved):
            steps.append(Gap("what is said of this case", getattr(case.status, "reason", "")))
        steps += [] if shared else why
        steps += [] if once else only
        steps.append(conclusion(solution.concept, case))
    if shared:
        steps += grounds[0]
    return (*steps, *(without_place(alone[0]) if once else ()))


def _end(solution: Solution) -> list[Step]:
    if not solution.cases:
        reason = solution.reason or getattr(solution.coverage, "reason", "")
        return [Gap("no answer was found", reason)]
    return coverage(solution)
