"""The best replies a derivation names, at one exact point: nothing feasible is better, and nothing
that is as good is missing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

import sympy as sp

from alignsym.model.game import Game
from alignsym.model.relations import Expr, Interval, Region
from alignsym.steps import BestReplies, Problem, Step
from alignsym.verify.arithmetic import CONTEXT, Number, Undefined, big
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.evaluator import safe_name
from alignsym.verify.points import holds
from alignsym.verify.scene import Env, inside, random_numbers, value

POINTS, DEVIATIONS = 12, 10
ROUNDING = Fraction(1, 10**12)


def replies(
    step: BestReplies, game: Game, told: Sequence[Step], env: Env, rng: random.Random
) -> str | None:
    """Why the step is false at one of a few points, '' if it is not, None where nothing is said."""
    asked = [s for s in told if isinstance(s, Problem) and s.owner == step.owner]
    if not asked:
        return None
    problem = asked[0]
    own = {s for s, _ in problem.actions}
    tested = False
    for _ in range(POINTS):
        at = {**env, **random_numbers(_moving(step, problem, game), env, rng)}
        for action in game.actions:
            if action.symbol not in own:
                at[safe_name(str(action.symbol))] = _drawn(action.interval, at, rng)
        if not inside(game.domain(), at):
            continue
        said = _refuted(step, problem, at, rng)
        if said:
            return said
        tested = tested or said == ""
    return "" if tested else None


def _moving(step: BestReplies, problem: Problem, game: Game) -> Expr:
    regions = [*(r for where, what in step.pieces for r in (*where, *what)), *game.domain()]
    return sp.Add(problem.objective, *(r.left + r.right for r in regions))


def _refuted(step: BestReplies, problem: Problem, at: Env, rng: random.Random) -> str | None:
    objective = -problem.objective if problem.loss else problem.objective
    tested = False
    for where, what in step.pieces:
        known = _known(where, at)
        if known is None:
            return None
        here = _reply(problem, what, at, rng) if known else None
        best = None if here is None else value(objective, here)
        if here is None or best is None or CONTEXT.isinf(big(best)):
            continue
        tested = True
        if not _feasible(problem, here):
            return f"a reply of {step.owner} is not feasible"
        for _ in range(DEVIATIONS):
            moved = {safe_name(str(s)): _drawn(i, at, rng) for s, i in problem.actions}
            other = {**at, **moved}
            found = value(objective, other) if _feasible(problem, other) else None
            if found is None:
                continue
            margin = ROUNDING * (1 + int(abs(big(best))))
            if big(found) > big(best) + big(margin):
                return f"{step.owner} has something better than the reply"
            listed = (_known((*w, *x), other) for w, x in step.pieces)
            if big(found) == big(best) and not any(k is None or k for k in listed):
                return f"{step.owner} has something as good that is not listed"
    return "" if tested else None


def _reply(problem: Problem, what: Region, at: Env, rng: random.Random) -> Env | None:
    """The point with a choice that meets `what`; None where none is found."""
    equal = {r.left: r.right for r in what if r.is_equality}
    out = dict(at)
    for symbol, interval in problem.actions:
        number = value(equal[symbol], out) if symbol in equal else _drawn(interval, at, rng)
        if number is None:
            return None
        out[safe_name(str(symbol))] = number
    return out if inside(tuple(r for r in what if not r.is_equality), out) else None


def _feasible(problem: Problem, at: Env) -> bool:
    bounds = tuple(r for s, i in problem.actions for r in i.contains(s))
    return inside((*bounds, *(r for _, r in problem.constraints)), at)


def _known(region: Region, at: Env) -> bool | None:
    """Whether all relations hold; None where one cannot be evaluated."""
    try:
        return all(holds(r, at) for r in region)
    except (Undefined, NotEvaluable, KeyError):
        return None


def _drawn(interval: Interval, at: Env, rng: random.Random) -> Number:
    """A number of the interval, its ends among them."""
    low, high = value(interval.lower, at), value(interval.upper, at)
    low = None if low is None or CONTEXT.isinf(big(low)) else low
    high = None if high is None or CONTEXT.isinf(big(high)) else high
    share = Fraction(rng.randint(0, 16), 16)
    if low is not None and high is not None:
        return low * (1 - share) + high * share
    if low is not None:
        return low + 4 * share + (Fraction(1, 64) if interval.open_lower else 0)
    return (high if high is not None else Fraction(2)) - 4 * share
