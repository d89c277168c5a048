"""An answer for n members tried at small n, by the evaluator that tries every other answer.

The game is written out with 2, 3, ... members and random exact data, the closed forms with it, and
the definition of the concept is tested there: nothing of sums, totals or generic members is used.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import sympy as sp

from alignsym.claims import Checked, Refuted, Unknown, Verdict
from alignsym.errors import ModelError
from alignsym.model.agents import Parameter
from alignsym.model.game import Concept, Game
from alignsym.model.instances import Instance, instance
from alignsym.model.relations import Relation
from alignsym.solution import Regime
from alignsym.verify.arithmetic import Undefined
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.evaluator import safe_name
from alignsym.verify.numbers import refute_multipliers, refute_regime
from alignsym.verify.points import holds

SIZES = (1, 2, 3)
TRIES = 60


@dataclass(frozen=True, slots=True)
class Trial:
    """What the instances said, and an exact point inside the regime (None if none was met)."""

    verdict: Verdict
    inside: tuple[tuple[sp.Symbol, sp.Expr], ...] | None


def try_instances(
    game: Game, concept: Concept, regime: Regime, *, points: int = 1, deviations: int = 24
) -> Trial:
    """`Checked(n)` if the definition holds at n exact points, `Refuted` at the first that fails."""
    count = 0
    inside = None
    families = list(dict.fromkeys(f.size for f in game.families))
    for numbers in product(SIZES, repeat=len(families)):
        if len(families) > 1 and len(set(numbers)) == 1 and numbers[0] != 2:
            continue  # two families: of different sizes, and once of the same
        sizes = dict(zip(families, numbers))
        try:
            made = instance(game, sizes)
        except ModelError:
            continue
        concrete = regime_at(game, made, regime)
        try:
            for point in _points(made.game, concrete, points):
                exact = _exact(point, sizes)
                problem = _refuted(made.game, concept, concrete, point, deviations)
                if problem:
                    return Trial(Refuted(exact, f"{problem} ({_shown(sizes)})"), inside)
                inside = inside or exact
                count += 1
        except NotEvaluable as stopped:
            return Trial(Unknown(str(stopped)), inside)
    if not count:
        return Trial(Unknown("no small instance inside the regime was found"), None)
    return Trial(Checked(count), inside)


def _refuted(
    game: Game, concept: Concept, regime: Regime, point: dict[sp.Symbol, Fraction], deviations: int
) -> str | None:
    named = {str(s): v for s, v in point.items()}
    problem = refute_regime(game, concept, regime, named, deviations=deviations)
    return problem or refute_multipliers(game, concept, regime, named)


def _exact(
    point: dict[sp.Symbol, Fraction], sizes: dict[sp.Symbol, int]
) -> tuple[tuple[sp.Symbol, sp.Expr], ...]:
    out = tuple((s, sp.Rational(v.numerator, v.denominator)) for s, v in point.items())
    return (*out, *((s, sp.Integer(v)) for s, v in sizes.items()))


def _shown(sizes: dict[sp.Symbol, int]) -> str:
    return ", ".join(f"{s} = {k}" for s, k in sizes.items())


def regime_at(game: Game, made: Instance, regime: Regime) -> Regime:
    """The regime of the instance: every member's value, payoff and multiplier."""
    numbers = dict(made.sizes)
    index = {f.index: numbers[f.size] for f in game.families}
    values: list[tuple[sp.Symbol, sp.Expr]] = []
    for symbol, e in regime.values:
        for at in _members(symbol, index):
            values.append((made.written(symbol, at), made.written(e, at)))
    owners = {c.name: f.index for f in game.families for c in f.constraints}
    for agent in game.agents:
        for c in agent.constraints:
            free = [f.index for f in game.families if f.index in c.relation.free_symbols]
            owners |= {c.name: free[0]} if free else {}
    multipliers = []
    for name, e in regime.multipliers:
        if name not in owners:
            multipliers.append((name, made.written(e)))
            continue
        i = owners[name]
        multipliers += [(f"{name}_{k}", made.written(e, {i: k})) for k in range(1, index[i] + 1)]
    chosen = {str(a.symbol): a.symbol for a in game.actions}
    bounds = []
    for name, e in regime.bounds:
        for at in _members(chosen[name], index):
            bounds.append((str(made.written(chosen[name], at)), made.written(e, at)))
    families = {str(i): i for i in index}
    utilities = []
    for name, e in regime.utilities:
        if name not in families:
            utilities.append((name, made.written(e)))
            continue
        i = families[name]
        utilities += [(f"{name}_{k}", made.written(e, {i: k})) for k in range(1, index[i] + 1)]
    when = []
    for r in regime.when:
        free = [i for i in index if i in r.free_symbols]
        for at in _members(sp.Indexed("free", free[0]) if free else sp.S.One, index):
            when.append(made.relation(r, at))
    return Regime(
        when=tuple(r for r in when if r.free_symbols or not _true(r)),
        values=tuple(values),
        multipliers=tuple(multipliers),
        bounds=tuple(bounds),
        value=None if regime.value is None else made.written(regime.value),
        utilities=tuple(utilities),
        multiple=regime.multiple,
    )


def _true(r: Relation) -> bool:
    return bool(sp.Rel(r.left, r.right, r.operator))


def _members(symbol: sp.Expr, index: dict[sp.Symbol, int]) -> Iterator[dict[sp.Symbol, int]]:
    """The numbers an indexed symbol's index takes; once nothing for a plain one."""
    if isinstance(symbol, sp.Indexed) and symbol.indices[0] in index:
        i = symbol.indices[0]
        yield from ({i: k} for k in range(1, index[i] + 1))
    else:
        yield {}


def _points(game: Game, regime: Regime, count: int) -> Iterator[dict[sp.Symbol, Fraction]]:
    """Random exact parameter points of the regime; a linear equality is met by one parameter."""
    symbols = [p.symbol for p in game.parameters]
    region = (*game.domain(), *regime.when)
    rng = random.Random(f"{game.id}|{len(symbols)}|{regime.values}")
    given = 0
    for attempt in range(TRIES):
        point = {p.symbol: _number(p, rng, attempt) for p in game.parameters}
        for r in region:
            if r.is_equality:
                point = _met(r, point)
        env = {safe_name(str(s)): v for s, v in point.items()}
        try:
            if not all(holds(r, env) for r in region):
                continue
        except Undefined:
            continue
        yield point
        given += 1
        if given >= count:
            return


def _number(parameter: Parameter, rng: random.Random, attempt: int) -> Fraction:
    symbol, ends = parameter.symbol, parameter.interval
    if ends.lower.is_Rational and ends.upper.is_Rational:
        low, high = (Fraction(int(e.p), int(e.q)) for e in (ends.lower, ends.upper))
        return low + (high - low) * Fraction(rng.randint(1, 16), 17)
    if ends.lower.is_Rational and not ends.lower.is_zero:
        return Fraction(int(ends.lower.p), int(ends.lower.q)) + Fraction(rng.randint(1, 60), 11)
    value = Fraction(rng.randint(1, 60), rng.choice([7, 11, 17, 41]))
    if attempt % 3 == 1:
        value /= 10
    if symbol.is_negative or (not symbol.is_nonnegative and rng.random() < 0.4):
        return -value
    return value


def _met(r: Relation, point: dict[sp.Symbol, Fraction]) -> dict[sp.Symbol, Fraction]:
    """The point moved onto a linear equality: positive data in proportion, else one parameter."""
    gap = sp.expand(r.gap)
    own = [s for s in sorted(gap.free_symbols, key=str) if gap.diff(s).is_number]
    if not own:
        return point
    constant = gap.xreplace(dict.fromkeys(own, sp.S.Zero))
    rest = {s: sp.Rational(v.numerator, v.denominator) for s, v in point.items()}
    value = (gap - constant).xreplace(rest)
    fixed = constant.xreplace(rest)
    if not (value.is_Rational and fixed.is_Rational and value != 0 and fixed != 0):
        return point
    factor = Fraction(int((-fixed / value).p), int((-fixed / value).q))
    return {s: v * factor if s in own else v for s, v in point.items()}
