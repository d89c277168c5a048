"""Arithmetic of these tests' own: utilities at exact points, with no help from what is tested."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import sympy as sp

from alignsym.model.game import Game
from alignsym.model.relations import Relation

Point = Mapping[sp.Symbol, sp.Expr]


def number(e: sp.Expr, *tables: Mapping[sp.Symbol, sp.Expr]) -> sp.Float:
    """The expression at a point, substituted in turn, to thirty digits."""
    for table in tables:
        e = e.xreplace(dict(table))
    value = e.evalf(30)
    assert value.is_extended_real, (e, value)
    return value


def true_at(r: Relation, *tables: Mapping[sp.Symbol, sp.Expr], slack: float = 1e-15) -> bool:
    """Whether a relation holds at a point, up to rounding."""
    gap = number(r.gap, *tables)
    if r.is_equality:
        return abs(gap) <= slack
    return bool(gap >= -slack)


def profiles(
    game: Game, point: Point, around: Point, count: int, seed: int = 0
) -> Iterator[dict[sp.Symbol, sp.Expr]]:
    """Random feasible profiles: near a profile, far away, and on the bounds."""
    rng = random.Random(seed)
    found = 0
    for trial in range(60 * count):
        if found >= count:
            return
        x = {}
        for action in game.actions:
            low = action.interval.lower.xreplace(dict(point))
            high = action.interval.upper.xreplace(dict(point))
            here = sp.Rational(str(around[action.symbol].evalf(12)))
            scale = (1, 1, sp.Rational(1, 10), 3)[trial % 4]
            step = sp.Rational(rng.randint(-1000, 1000), 1000) * scale * (abs(here) + 1)
            value = here + step if rng.random() < 0.9 else here
            value = max(value, low) if low.is_finite else value
            value = min(value, high) if high.is_finite else value
            if action.interval.open_lower and value <= low:
                value = low + sp.Rational(1, 1000)
            x[action.symbol] = value
        if all(true_at(c.relation, x, point, slack=0) for c in game.constraints):
            found += 1
            yield x
    assert found, "no feasible profile was drawn"


def dominates(game: Game, point: Point, x: Point, now: Point) -> bool:
    """Whether x is as good for all and better for one than the profile `now`, by numbers."""
    rises = []
    for agent in game.agents:
        value = agent.utility.xreplace(dict(x)).xreplace(dict(point)).evalf(30)
        if not value.is_extended_real:
            return False
        before = agent.utility.xreplace(dict(now)).xreplace(dict(point)).evalf(30)
        rises.append(value - before if before.is_extended_real and before.is_finite else sp.oo)
    return all(r >= -sp.Float("1e-20") for r in rises) and any(r > 1e-9 for r in rises)
