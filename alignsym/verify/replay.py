"""Replay of a derivation: what every step says, tested at exact points by the evaluator.

Apart from the solver and from what made the steps: only the solution's values, the game, and the
steps themselves are read.  A derivative is a difference quotient, a discarded case is searched for
points that meet it, a concave function is tried at midpoints, a solution against deviations.  No
number of points proves a step; one point refutes it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

import sympy as sp

from alignsym.claims import Point
from alignsym.derivation import Derivation, Lie, Replayed
from alignsym.model.game import Game
from alignsym.model.instances import Instance, instance
from alignsym.solution import Case, Regime, Solution
from alignsym.steps import (
    BestReplies,
    Complementary,
    Conclude,
    ConcludeNone,
    ConcludeSet,
    FirstOrder,
    Kink,
    Lagrangian,
    Market,
    Problem,
    Step,
    Transform,
    rewritten,
)
from alignsym.verify.evaluator import safe_name
from alignsym.verify.instances import regime_at
from alignsym.verify.replaying import refuted
from alignsym.verify.scene import Env, inside, parameters_in, solved

ENDS = (Conclude, ConcludeSet, ConcludeNone)
ASKED = (Problem, Transform, Kink, Lagrangian, FirstOrder, Complementary, Market, BestReplies)
SIZE = 3  # members of a family in the instance that is replayed


def replay(derivation: Derivation, *, points: int = 3, seed: int = 0) -> Replayed:
    """Every step at up to `points` parameter points of its case."""
    solution = derivation.solution
    game, steps, regimes = _concrete(solution, derivation.steps)
    lies: dict[int, Lie] = {}
    tests = 0
    spans = list(_spans(steps))
    sequential = solution.concept == "stackelberg"
    for number, (begin, end) in enumerate(spans):
        case = regimes[number] if number < len(regimes) else None
        # A problem stated once is everybody's: its conditions hold in all later cases too.
        told = steps[begin:end] if sequential else _asked_before(steps, begin) + steps[begin:end]
        scenes: list[Env] = []
        if isinstance(case, Regime):
            for env in parameters_in(game, case, points, seed):
                found = solved(case, told, game.numeraire, env)
                scenes += [] if found is None else [found]
        for step in told:
            for k, env in enumerate(scenes or [{}]):
                found_lie = refuted(step, game, solution, case, told, env, seed + k)
                if found_lie is None:
                    continue
                tests += 1
                if found_lie:
                    lies.setdefault(id(step), Lie(step, found_lie))
    return Replayed(tuple(lies.values()), tests)


def _spans(steps: Sequence[Step]) -> Iterator[tuple[int, int]]:
    """The parts of the derivation that belong to one case; what is left belongs to the last."""
    begin = 0
    ends = [k + 1 for k, s in enumerate(steps) if isinstance(s, ENDS)]
    for end in ends[:-1]:
        yield begin, end
        begin = end
    yield begin, len(steps)


def _asked_before(steps: Sequence[Step], begin: int) -> list[Step]:
    return [s for s in steps[:begin] if isinstance(s, ASKED)]


def _concrete(solution: Solution, steps: Sequence[Step]) -> tuple[Game, list[Step], list[Case]]:
    """The game, steps and cases themselves, or those of an instance with three members."""
    if not solution.game.families:
        return solution.game, list(steps), list(solution.cases)
    made = instance(solution.game, {f.size: SIZE for f in solution.game.families})
    where = {f.index: 2 for f in solution.game.families}
    told = [rewritten(s, lambda e: made.written(e, where)) for s in steps]
    cases = [_case(solution.game, made, c) for c in solution.cases]
    return made.game, told, cases


def _case(game: Game, made: Instance, case: Case) -> Case:
    if not isinstance(case, Regime):
        return case
    concrete = regime_at(game, made, case)
    found = _witness(made.game, concrete)
    return replace(concrete, witness=found)


def _witness(game: Game, regime: Regime) -> Point:
    """Exact parameters of the instance inside the regime, by trying."""
    rng = random.Random(3)
    for _ in range(400):
        point = {
            p.symbol: Fraction(rng.randint(1, 40), rng.choice([7, 11, 40])) for p in game.parameters
        }
        env = {safe_name(str(s)): v for s, v in point.items()}
        if inside((*game.domain(), *regime.when), env):
            return tuple((s, sp.Rational(v.numerator, v.denominator)) for s, v in point.items())
    return ()
