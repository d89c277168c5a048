"""Improving trades with logarithms and of mixed strategies improve, at random exact points."""

from __future__ import annotations

from functools import cache

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym.alignment.align import align
from alignsym.alignment.efficiency import Alignment
from alignsym.alignment.trade import _bound
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.solution import holds

some = settings(max_examples=15, deadline=None, derandomize=True, database=None)
a, b, g, h, v, w = sp.symbols("a b g h v w", positive=True)
x, y = sp.symbols("x y", nonnegative=True)
i, s = sp.symbols("i s", real=True)
positive = st.fractions(min_value=sp.Rational(1, 5), max_value=5, max_denominator=7)

FREE_RIDING = Game(
    Agent("one", sp.log(x + y) - a * x, x), Agent("two", sp.log(x + y) - b * y, y), concept="nash"
)
INSPECTION = Game(
    Agent("worker", w * s * (1 - i) + (w - g) * (1 - s), (s, (0, 1))),
    Agent(
        "firm", -h * s * i - w * s * (1 - i) + (v - w - h) * (1 - s) * i
        + (v - w) * (1 - s) * (1 - i), (i, (0, 1)),
    ),
    concept="nash", conditions=[w > g, g > h],
)  # fmt: skip


@cache
def answer(game: Game) -> Alignment:
    return align(game, instruments=False)


@pytest.mark.parametrize("game", [FREE_RIDING, INSPECTION], ids=["free riding", "inspection"])
@some
@given(st.tuples(*[positive] * 6))
def test_everybody_gains(game: Game, values: tuple) -> None:
    point = {z: sp.Rational(q.numerator, q.denominator) for z, q in
             zip((a, b, g, h, v, w), values, strict=True)}  # fmt: skip
    point[g] += point[h]
    point[w] += point[g]
    rows = [r for r in answer(game).equilibria if all(holds(c, point) for c in r.when)]
    assert rows
    rows = [r for r in rows if r.members is None]
    for row in rows:
        assert row.kind == "no" and isinstance(row.status, Proved) and row.trade is not None
        now = {z: e.subs(point) for z, e in row.values}
        to = {z: e.subs(point) for z, e in row.trade.to}
        for action in game.actions:
            assert all(holds(r.replaced(to), {}) for r in action.interval.contains(action.symbol))
        for agent in game.agents:
            u = agent.utility.subs(point)
            assert sp.N(u.xreplace(to) - u.xreplace(now), 40) > 0


def test_a_tie_has_a_trade_for_every_member() -> None:
    """At a = b all x + y = 1/a are equilibria; each is improved upon."""
    (row,) = (r for r in answer(FREE_RIDING).equilibria if r.members is not None)
    assert row.kind == "no" and row.trade is not None
    free = next(z for z, e in row.values if z == e)
    for k in (0, 1, 2, 3, 4):
        at = {free: sp.Rational(k, 8), a: sp.Integer(2), b: sp.Integer(2)}
        now = {z: e.subs(at) for z, e in row.values}
        to = {z: e.subs(at) for z, e in row.trade.to}
        assert all(holds(r, at) for r in row.members or ()) and min(to.values()) >= 0
        for agent in FREE_RIDING.agents:
            u = agent.utility.subs({a: 2, b: 2})
            assert sp.N(u.subs(to) - u.subs(now), 40) > 0


@some
@given(st.tuples(*[positive] * 4), st.tuples(*[positive] * 3))
def test_the_bound_is_one(ends: tuple, weights: tuple) -> None:
    """c (log u - log v) + d (log v - log u) is bounded from below for positive c and d."""
    p, q, r, t, c, d, e = (sp.Rational(z.numerator, z.denominator) for z in (*ends, *weights))
    u, z = a * x + 1, b * y + 2
    rise = c * sp.log(u) - c * sp.log(z) - d * sp.log(u) + d * sp.log(z) + e * x
    rise += a * sp.log(y + 3) - a * sp.log(x + 1)
    bound = _bound(rise, sp.oo)
    at = {a: p, b: q, x: r, y: t}
    assert bound != sp.oo and not bound.has(sp.log)
    assert sp.N(rise.subs(at) - bound.subs(at), 40) >= -sp.Float("1e-30")
