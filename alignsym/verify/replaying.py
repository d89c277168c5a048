"""What one step says at one exact point: '' if it holds, the reason if it does not, None if it says
nothing that a point could refute (a theorem cited, a gap owned up to)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region
from alignsym.solution import Regime, Solution
from alignsym.steps import (
    Active,
    BestReplies,
    BindingCase,
    ChooseRoot,
    Compare,
    Complementary,
    Concave,
    Conclude,
    Covered,
    Discarded,
    FirstOrder,
    Hold,
    Kink,
    Lagrangian,
    Market,
    Problem,
    Reply,
    Rows,
    ShadowPrices,
    Solve,
    SolveTogether,
    Step,
    Summed,
    Transform,
    Values,
)
from alignsym.verify.arithmetic import CONTEXT, big
from alignsym.verify.best_replies import replies
from alignsym.verify.evaluator import safe_name
from alignsym.verify.numbers import refute_regime
from alignsym.verify.refuting import discarded
from alignsym.verify.scene import NOISE, Env, close, inside, is_zero, random_numbers, slope, value

TRIES = 40
DEVIATIONS = 8


def refuted(
    step: Step, game: Game, solution: Solution, case: object, told: Sequence[Step], env: Env,
    seed: int,
) -> str | None:  # fmt: skip
    """Why the step is false at the point, '' if it is not, None where it cannot be tested."""
    if isinstance(step, (Lagrangian, FirstOrder, Transform, Concave, Discarded, Kink, Problem)):
        return _anywhere(step, game, solution, told, env, random.Random(seed))
    if isinstance(step, BestReplies):
        return replies(step, game, told, env, random.Random(seed))
    if isinstance(step, Covered):
        return _covered(step, game, random.Random(seed))
    if isinstance(step, Conclude):
        return _concluded(step, game, solution, case, env)
    return _here(step, env) if env else None


# ------------------------------------------------------------------ at the solution
def _here(step: Step, env: Env) -> str | None:
    if isinstance(step, BindingCase):
        return _zeros(step.equations, env)
    if isinstance(step, SolveTogether):
        return _all([_zeros(step.equations, env), _rows(step.values, env)])
    if isinstance(step, Solve):
        known = value(step.unknown, env)
        found = value(step.result, env)
        if known is None or found is None:
            return None
        if not close(known, found):
            return f"{step.unknown} is {known}, not {found}"
        return _zeros((step.equation,), env)
    if isinstance(step, ChooseRoot):
        return _root(step, env)
    if isinstance(step, (Values, Reply)):
        return _rows(step.values, env)
    if isinstance(step, Active):
        rows = (
            (step.choice, step.clipped),
            (step.total, step.comes_to),
            (step.unknown, step.value),
        )
        return _rows(rows, env)
    if isinstance(step, Summed):
        return _rows(((step.total, step.result),), env)
    if isinstance(step, ShadowPrices):
        return _rows(tuple((m, v) for _, m, v in step.rows), env)
    if isinstance(step, Complementary):
        return _complementary(step.multiplier, step.slack, env)
    if isinstance(step, Market):
        if step.clearing.is_equality:
            return _zeros((step.clearing.gap,), env)
        return _complementary(step.price, step.clearing.gap, env)
    if isinstance(step, Hold):
        return "" if inside((*step.when,), env) and _loosely(step.required, env) else "a sign"
    if isinstance(step, Compare):
        return _compared(step, env)
    return None


def _zeros(equations: Sequence[Expr], env: Env) -> str | None:
    found = [is_zero(e, env) for e in equations]
    for e, zero in zip(equations, found, strict=True):
        if zero is False:
            return f"{e} is not zero at the solution"
    return None if all(z is None for z in found) else ""


def _rows(rows: Sequence[tuple[Expr, Expr]] | Rows, env: Env) -> str | None:
    tested = False
    for left, right in rows:
        a, b = value(left, env), value(right, env)
        if a is None or b is None:
            continue
        tested = True
        if not close(a, b):
            return f"{left} is {a}, not {b}"
    return "" if tested else None


def _all(results: Sequence[str | None]) -> str | None:
    tested = [r for r in results if r is not None]
    return next((r for r in tested if r), "") if tested else None


def _complementary(one: Expr, two: Expr, env: Env) -> str | None:
    a, b = value(one, env), value(two, env)
    if a is None or b is None:
        return None
    if min(big(a), big(b)) < -1e-14 * max(1, abs(big(a)), abs(big(b))):
        return f"{one} or {two} is negative"
    return "" if close(min(big(a), big(b)), Fraction(0), 1, 1e-13) else f"{one} and {two} positive"


def _loosely(region: Region, env: Env) -> bool:
    """Up to rounding, for the edge of a region is part of it."""
    gaps = [value(r.gap, env) for r in region]
    return all(g is None or big(g) >= -1e-14 for g in gaps)


def _root(step: ChooseRoot, env: Env) -> str | None:
    name = safe_name(step.unknown.name)
    if name not in env:
        return None
    for other in (*(e for e, _ in step.refused), *step.left, *step.remaining):
        at = value(other, env)
        if at is not None and is_zero(step.equation, {**env, name: at}) is False:
            return f"{other} does not solve the equation"
    for other, failed in step.refused:
        at = value(other, env)
        if at is not None and inside((failed,), {**env, name: at}):
            return f"{other} meets {failed}"
    return _rows(((step.unknown, step.chosen),), env)


def _compared(step: Compare, env: Env) -> str | None:
    """Random choices that are feasible give no more."""
    best = value(step.value, env)
    own = {safe_name(str(s)) for r in step.feasible for s in r.free_symbols} & set(env)
    if best is None:
        return None
    rng = random.Random(7)
    for _ in range(TRIES):
        moved = {n: env[n] + _noise(env[n], rng) for n in own}
        at = {**env, **moved}
        if not inside((*step.region, *step.feasible), at):
            continue
        other = value(step.objective, at)
        if other is not None and big(other) > big(best) + 1e-12 * max(1, abs(big(best))):
            here = value(step.value, at)
            if here is not None and big(other) > big(here) + 1e-12 * max(1, abs(big(here))):
                return "a feasible choice is better"
    return ""


# ------------------------------------------------------------------ anywhere
def _anywhere(
    step: Step, game: Game, solution: Solution, told: Sequence[Step], env: Env,
    rng: random.Random,
) -> str | None:  # fmt: skip
    check: Callable[[Env], str | None]
    known = {safe_name(str(a.symbol)) for a in game.actions}
    if isinstance(step, Lagrangian):
        objective = _objective(step.owner, told)
        base = dict.fromkeys(step.multipliers, sp.S.Zero)
        left = step.expression.xreplace(base)
        check = lambda at: None if objective is None else _rows(((left, objective),), at)  # noqa: E731
        moving = step.expression
    elif isinstance(step, FirstOrder):
        whole = _multiplied(step, told)
        if whole is None:
            return None
        moving = whole + step.expression
        check = lambda at: _slope(whole, step, at)  # noqa: E731
    elif isinstance(step, Transform):
        moving = step.before + step.after
        check = lambda at: _increasing(step, at, known, rng)  # noqa: E731
    elif isinstance(step, Concave):
        moving = step.expression
        check = lambda at: _midpoint(step, at, rng)  # noqa: E731
    elif isinstance(step, Kink):
        moving = step.term
        sides = [e.right for e in step.edges]
        pick: Any = sp.Min if step.edges[0].operator == "<=" else sp.Max
        check = lambda at: _rows(((step.term, pick(*sides)),), at)  # noqa: E731
    elif isinstance(step, Problem):
        defined = _defined(step, game, solution)
        if defined is None:
            return None
        moving = step.objective + defined
        # A piece of a piecewise utility is meant where its own conditions hold.
        named = {c.name for c in game.constraints}
        piece = tuple(r for n, r in step.constraints if n not in named)
        check = lambda at: (  # noqa: E731
            _rows(((step.objective, defined),), at) if inside(piece, at) else None
        )
    elif isinstance(step, Discarded):
        return discarded(step, game, rng)
    else:
        return None
    results: list[str | None] = []
    for _ in range(6):
        results.append(check({**env, **random_numbers(moving, env, rng)}))
    return _all(results)


def _objective(owner: str, told: Sequence[Step]) -> Expr | None:
    """What the owner's Lagrangian starts from: the last word on its objective."""
    found: Expr | None = None
    for step in told:
        if isinstance(step, Problem) and step.owner == owner:
            found = -step.objective if step.loss else step.objective
        elif isinstance(step, Transform) and step.owner == owner:
            found = step.after
        elif isinstance(step, Kink) and found is not None:
            found = found.xreplace({step.term: step.variable})
            if found.has(sp.Abs, sp.Max, sp.Min):
                return None
    return found


def _multiplied(step: FirstOrder, told: Sequence[Step]) -> Expr | None:
    if not step.multiplied:
        return _objective(step.owner, told)
    rows = [s.expression for s in told if isinstance(s, Lagrangian) and s.owner == step.owner]
    return rows[-1] if rows else None


def _slope(whole: Expr, step: FirstOrder, at: Env) -> str | None:
    name = safe_name(str(step.variable))
    if name not in at:
        return None
    found, said = slope(whole, name, at), value(step.expression, at)
    if found is None or said is None:
        return None
    terms = [value(t, at) for t in sp.Add.make_args(step.expression)]
    size = max((float(abs(big(t))) for t in terms if t is not None), default=1.0)
    good = close(found, said, max(1.0, size), NOISE)
    return "" if good else f"the slope is {found}, not {said}"


def _increasing(step: Transform, at: Env, own: set[str], rng: random.Random) -> str | None:
    """Two choices are ordered alike by both."""
    moved = {n: v + _noise(v, rng) for n, v in at.items() if n in own}
    pairs = [(value(e, at), value(e, {**at, **moved})) for e in (step.before, step.after)]
    if any(v is None for pair in pairs for v in pair):
        return None
    (a, b), (c, d) = ((big(x), big(y)) for x, y in pairs)
    return "" if (a - b) * (c - d) >= 0 else "two choices are ordered differently"


def _midpoint(step: Concave, at: Env, rng: random.Random) -> str | None:
    names = [safe_name(str(v)) for v in step.variables] or sorted(
        safe_name(str(s)) for s in step.expression.free_symbols if "[" in str(s)
    )
    own = [n for n in names if n in at]
    one = {**at, **{n: at[n] + _noise(at[n], rng) for n in own}}
    if not own or not (inside(step.region, at) and inside(step.region, one)):
        return None
    half = {**at, **{n: (at[n] + one[n]) / 2 for n in own}}
    found = [value(step.expression, e) for e in (at, one, half)]
    if any(v is None or CONTEXT.isinf(big(v)) for v in found):
        return None
    a, b, c = (big(v) for v in found)
    return (
        "" if 2 * c >= a + b - 1e-20 * max(1, abs(a), abs(b)) else "a midpoint is below the chord"
    )


def _noise(number: Any, rng: random.Random) -> Fraction:
    size = Fraction(int(abs(big(number)) * 100) + 1, 100)
    return size * Fraction(rng.randint(-90, 190), 100)


def _defined(step: Problem, game: Game, solution: Solution) -> Expr | None:
    """The objective by the definition of the concept, where it is one agent's or the sum."""
    at = {} if game.numeraire is None else {game.numeraire: sp.S.One}
    if step.foreseen:
        return None
    if step.owner == "planner" or (solution.concept == "social" and len(game.agents) == 1):
        return sp.Add(*(game.weight(a.name) * a.utility for a in game.agents))
    for agent in game.agents:
        if agent.name == step.owner and solution.concept != "bargaining":
            return agent.objective.xreplace(at)
    return None


def _covered(step: Covered, game: Game, rng: random.Random) -> str | None:
    everything = sp.Add(*(p.symbol for p in game.parameters))
    tested = False
    for _ in range(3 * TRIES):
        at = random_numbers(everything, {}, rng)
        if not inside(game.domain(), at):
            continue
        tested = True
        if not any(inside(r, at) for r in step.regions):
            return f"{at} lies in no case"
    return "" if tested else None


def _concluded(
    step: Conclude, game: Game, solution: Solution, case: object, env: Env
) -> str | None:
    if not isinstance(case, Regime) or not env:
        return None
    rows = _rows(step.values, env)
    if rows or solution.game.families:
        return rows
    point = {str(p.symbol): env[safe_name(str(p.symbol))] for p in game.parameters}
    exact = {k: Fraction(v) for k, v in point.items()}
    return refute_regime(game, solution.concept, case, exact, deviations=DEVIATIONS) or ""
