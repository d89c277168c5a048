"""Exact points for the replay of a derivation: parameters inside a case, and all that is solved.

Numbers come from the evaluator that is not SymPy.  The values of a case are the solution's own;
its multipliers those reported, divided by the slope of an increasing transformation; what is left
comes from the steps, last first.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import sympy as sp

from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region
from alignsym.solution import Regime
from alignsym.steps import Complementary, Lagrangian, Solve, Step, Transform
from alignsym.verify.arithmetic import CONTEXT, Number, Undefined, big
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.evaluator import compiled, safe_name
from alignsym.verify.points import holds

Env = dict[str, Number]
SLOPE = Fraction(1, 10**12)
NOISE = 1e-8  # a difference quotient in 34 digits, with room


def value(e: Expr, env: Mapping[str, Number]) -> Number | None:
    """The expression's number, None where it has none or a symbol is unknown."""
    if any(safe_name(str(s)) not in env for s in e.free_symbols if isinstance(s, sp.Symbol)):
        return None
    try:
        return compiled(e).precise(env)
    except (Undefined, NotEvaluable):
        return None


def close(a: Number, b: Number, size: float = 1.0, tolerance: float = 1e-14) -> bool:
    """Whether two numbers agree up to rounding of terms of the given size."""
    x, y = big(a), big(b)
    return bool(x == y or abs(x - y) <= tolerance * max(size, abs(x), abs(y)))


def is_zero(e: Expr, env: Mapping[str, Number]) -> bool | None:
    """Whether the expression is zero up to rounding of its terms; None where it has no number."""
    total = value(e, env)
    if total is None:
        return None
    terms = [value(t, env) for t in sp.Add.make_args(e)]
    size = max((float(abs(big(t))) for t in terms if t is not None), default=1.0)
    return close(total, Fraction(0), max(1.0, size), 1e-13)


def slope(e: Expr, name: str, env: Mapping[str, Number]) -> Number | None:
    """The derivative by a symmetric difference quotient."""
    middle = env[name]
    step = SLOPE * (Fraction(1) if abs(big(middle)) < 1 else Fraction(int(abs(big(middle)))))
    ends = []
    for sign in (1, -1):
        at = value(e, {**env, name: middle + sign * step})
        if at is None or CONTEXT.isinf(big(at)):
            return None
        ends.append(big(at))
    return (ends[0] - ends[1]) / (2 * big(step))


def inside(region: Region, env: Mapping[str, Number]) -> bool:
    """Whether all relations are defined and true."""
    try:
        return all(holds(r, env) for r in region)
    except (Undefined, NotEvaluable, KeyError):
        return False


def parameters_in(game: Game, regime: Regime, count: int, seed: int) -> Iterator[Env]:
    """The witness of the regime, then points near it that are in the regime too."""
    rng = random.Random(seed)
    witness = {str(s): Fraction(int(v.p), int(v.q)) for s, v in regime.witness if v.is_Rational}
    if len(witness) < len(game.parameters):
        return
    sizes = {str(p.symbol) for p in game.parameters if p.integer}
    yield {safe_name(k): v for k, v in witness.items()}
    found = 0
    for attempt in range(40):
        reach = 400 if attempt % 2 else 2000
        moved = {
            safe_name(k): v if k in sizes else v + (v or 1) * Fraction(rng.randint(-97, 97), reach)
            for k, v in witness.items()
        }
        if found + 1 < count and inside((*game.domain(), *regime.when), moved):
            found += 1
            yield moved


def solved(
    regime: Regime, steps: Sequence[Step], numeraire: sp.Symbol | None, env: Env
) -> Env | None:
    """The environment with every unknown of the case; None where a value has no number."""
    out = dict(env)
    for symbol, formula in regime.values:
        number = value(formula, out)
        if number is None or CONTEXT.isinf(big(number)):
            return None
        out[safe_name(str(symbol))] = number
    if numeraire is not None:
        out[numeraire.name] = Fraction(1)
    out.update(multipliers(regime, steps, out))
    for step in reversed(steps):
        if isinstance(step, Solve) and isinstance(step.unknown, sp.Symbol):
            found = value(step.result, out)
            if found is not None:
                out.setdefault(safe_name(step.unknown.name), found)
    return out


def multipliers(regime: Regime, steps: Sequence[Step], env: Env) -> Env:
    """The multipliers reported, of the transformed objective where there is one."""
    out: Env = {}
    named, bounds = dict(regime.multipliers), dict(regime.bounds)
    slacks = {s.multiplier: s.slack for s in steps if isinstance(s, Complementary)}
    for step in steps:
        if not isinstance(step, Lagrangian):
            continue
        scale = _scale(step.owner, steps, env)
        for symbol in step.multipliers:
            kind, _, rest = symbol.name.partition("[")
            name = rest.removesuffix("]")
            claimed = named.get(name) if kind in ("mu", "nu") else bounds.get(name)
            if kind in ("low", "high") and claimed is not None and claimed != 0:
                tight = symbol in slacks and is_zero(slacks[symbol], env)
                claimed = claimed if tight else sp.S.Zero
            number = None if claimed is None else value(claimed, env)
            if number is not None and scale is not None:
                out[safe_name(symbol.name)] = number if scale == 1 else big(number) / big(scale)
            elif number == 0:
                out[safe_name(symbol.name)] = Fraction(0)
    return out


def _scale(owner: str, steps: Sequence[Step], env: Env) -> Number | None:
    """d before / d after at the point, the same in every direction; 1 without a transformation."""
    for step in steps:
        if isinstance(step, Transform) and step.owner == owner:
            names = sorted(safe_name(str(s)) for s in step.after.free_symbols)
            for name in names:
                if name not in env:
                    continue
                after = slope(step.after, name, env)
                before = slope(step.before, name, env)
                if after is not None and before is not None and abs(after) > NOISE:
                    return before / after
            return None
    return Fraction(1)


def random_numbers(e: Expr, env: Env, rng: random.Random) -> Env:
    """Numbers of the sign each symbol is declared with, near those of the point."""
    out: Env = {}
    for s in sorted((s for s in e.free_symbols if isinstance(s, sp.Symbol)), key=str):
        name = safe_name(s.name)
        known = name in env and big(env[name]) != 0 and not CONTEXT.isinf(big(env[name]))
        here = Fraction(int(abs(big(env[name])) * 1000) + 1, 1000) if known else Fraction(1)
        number = here * Fraction(rng.randint(10, 290), 100)
        if s.is_negative or (known and env[name] < 0 and not s.is_nonnegative):
            number = -number
        out[name] = env[name] if s.is_integer and known else number
    return out
