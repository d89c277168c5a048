"""Markets in which somebody is affected who does not trade, or what is paid leaves the game."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from alignsym.alignment.align import align
from alignsym.model.game import Agent, Game
from alignsym.solution import holds

a, b, c, q, w = sp.symbols("a b c q w", positive=True)
m, x, y = sp.symbols("m x y", nonnegative=True)
p = sp.Symbol("p", nonnegative=True)


def test_who_is_harmed_counts() -> None:
    """A firm sells y at cost c*y**2/2 to a buyer; each unit harms a third by b, in the numeraire:
    the sum a*x - x**2/2 - c*y**2/2 - b*y is not largest where price is marginal cost."""
    firm, buyer = (
        Agent("firm", p * y - c * y**2 / 2, y),
        Agent("buyer", a * x - x**2 / 2 - p * x, x),
    )
    harmed = Game(firm, buyer, Agent("third", -b * y), prices={p: x <= y}, concept="walras")
    rows = align(harmed, instruments=False).equilibria
    for at in ({a: 1, b: Fraction(1, 2), c: 2}, {a: 1, b: 20, c: 1}):
        point = {s: sp.Rational(v) for s, v in at.items()}
        (row,) = (r for r in rows if all(holds(q, point) for q in r.when))
        assert row.kind == "no" and row.trade is not None
        before = {s: e.xreplace(point) for s, e in row.values}
        after = {**before, **{s: e.xreplace(point) for s, e in row.trade.to}}
        paid = {n: e.xreplace(point) for n, e in row.trade.transfers}
        assert sum(paid.values()) == 0 and after[x] <= after[y] and min(after.values()) >= 0
        worth = {"firm": -c * y**2 / 2, "buyer": a * x - x**2 / 2, "third": -b * y}
        for name, u in worth.items():
            rise = u.xreplace(point).xreplace(after) - u.xreplace(point).xreplace(before)
            assert rise + paid[name] == dict(row.trade.gains)[name].xreplace(point) > 0
    unharmed = Game(firm, buyer, prices={p: x <= y}, concept="walras")
    assert [r.kind for r in align(unharmed, instruments=False).equilibria] == ["strongly"]


@pytest.mark.parametrize("point", [{a: 1, b: 1, q: 1, w: 2}, {a: 3, b: 1, q: 1, w: 2}])
def test_what_leaves_the_game_differs_by_regime(point: dict[sp.Symbol, int]) -> None:
    """q is sold by nobody: p*q leaves the game, (a + b) while the first has money over, (b + w)
    where not.  So the largest sum differs too, and a loss is not the difference to one of them."""
    one = Agent("one", a * sp.log(x) + m, x, m, constraints={"B": p * x + m <= w})
    two = Agent("two", b * sp.log(y) - p * y, y)
    found = align(Game(one, two, prices={p: x + y <= q}, concept="walras"), instruments=False)
    table = {s: sp.Integer(v) for s, v in point.items()}
    (row,) = (r for r in found.equilibria if all(holds(c, table) for c in r.when))
    assert row.kind == "strongly"
    if found.welfare_loss is not None:
        lost = found.welfare_loss.subs(table)
        assert lost.is_finite and sp.N(lost) >= 0
    assert found.optimum is None
