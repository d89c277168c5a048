"""Transfers, taxes in markets, bargains, and who gains: recomputed at random exact points.

The oracle is arithmetic of these tests' own: demand functions of Cobb and Douglas, first-order
conditions of quadratics, sums and signs of rational numbers.
"""

from __future__ import annotations

from functools import cache

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym.alignment.align import align
from alignsym.alignment.checks import welfare_theorems
from alignsym.alignment.decentral import Spot, equilibrium
from alignsym.alignment.efficiency import Alignment, Instrument
from alignsym.alignment.transfers import decentralised, transfers
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.solution import holds

quick = settings(max_examples=20, deadline=None, derandomize=True, database=None)
a, b, c, d, e, f, r, s, t = sp.symbols("a b c d e f r s t", positive=True)
x, y, u, v = sp.symbols("x y u v", nonnegative=True)
p = sp.Symbol("p", nonnegative=True)
HALF, ONE = sp.S.Half, sp.S.One
positive = st.fractions(min_value=sp.Rational(1, 5), max_value=5, max_denominator=7)
inner = st.fractions(min_value=sp.Rational(1, 9), max_value=sp.Rational(8, 9), max_denominator=9)


def exact(value: object) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)  # type: ignore[attr-defined]


def at(one: Instrument, name: str, point: dict[sp.Symbol, sp.Expr]) -> sp.Expr:
    return dict(one.values)[name].subs(point)


@cache
def box() -> Instrument:
    """Two Cobb-Douglas consumers with shares a and b and endowments (e, f) and (r, s)."""
    ann = Agent(
        "ann", a * sp.log(x) + (1 - a) * sp.log(y), x, y,
        constraints={"A": p * x + y <= p * e + f},
    )  # fmt: skip
    bob = Agent(
        "bob", b * sp.log(u) + (1 - b) * sp.log(v), u, v,
        constraints={"B": p * u + v <= p * r + s},
    )  # fmt: skip
    market = Game(ann, bob, prices={p: x + u <= e + r}, conditions=[a < 1, b < 1])
    found = transfers(market)
    assert found is not None and isinstance(found.status, Proved)
    return found


@quick
@given(st.tuples(inner, inner), st.tuples(*[positive] * 6))
def test_second_welfare_theorem(shares: tuple, others: tuple) -> None:
    """At the prices and incomes the demands a*m/p are the planner's allocation, which has common
    marginal rates and w_i-weighted marginal utilities."""
    one = box()
    w = sp.symbols("w_ann w_bob", positive=True)
    point = dict(zip((a, b, e, f, r, s, *w), map(exact, (*shares, *others)), strict=True))
    price = at(one, "p", point)
    done = {n: z.subs(point) for n, z in one.equilibrium}
    paid = {n: at(one, f"T_{n}", point) for n in ("ann", "bob")}
    assert sum(paid.values()) == 0 and one.budget == 0 and price > 0
    for name, share, good, rest, has in (
        ("ann", a, "x", "y", price * e + f), ("bob", b, "u", "v", price * r + s),
    ):  # fmt: skip
        income = (has + paid[name]).subs(point)
        assert done[good] == share.subs(point) * income / price
        assert done[rest] == (1 - share.subs(point)) * income
    assert done["x"] + done["u"] == (e + r).subs(point)
    weights = [z.subs(point) for z in w]
    assert weights[0] * point[a] / done["x"] == weights[1] * point[b] / done["u"]


def test_wrong_transfers_do_not_decentralise() -> None:
    ann = Agent("ann", sp.log(x) + sp.log(y), x, y, constraints={"A": p * x + y <= p})
    bob = Agent("bob", sp.log(u) + sp.log(v), u, v, constraints={"B": p * u + v <= 1})
    market = Game(ann, bob, prices={p: x + u <= 1})
    (row,) = decentralised(market)
    assert isinstance(row.status, Proved)
    weights = row.regime.values[0][1].free_symbols
    region = (*row.game.domain(), *row.regime.when)
    spot = Spot(region, row.regime.values, tuple((z, ONE) for z in weights))
    assert isinstance(equilibrium(row.game, "walras", spot, dict(row.prices)), Proved)
    assert not isinstance(equilibrium(market, "walras", spot, dict(row.prices)), Proved)
    assert not isinstance(equilibrium(row.game, "walras", spot, {p: 2 * ONE}), Proved)
    assert isinstance(decentralised(market, {"ann": ONE, "bob": -ONE}), str)


def test_satiation_and_increasing_returns_are_refused() -> None:
    """x**2 + y**2: no price supports the planner's choice, so nothing is proved."""
    ann = Agent("ann", x**2 + y**2, x, y, constraints={"A": p * x + y <= p})
    bob = Agent("bob", sp.log(u) + sp.log(v), u, v, constraints={"B": p * u + v <= 1})
    found = transfers(Game(ann, bob, prices={p: x + u <= 1}), seconds=2)
    assert found is None or not isinstance(found.status, Proved)


@cache
def harmful() -> Alignment:
    firm, buyer = (
        Agent("firm", p * y - c * y**2 / 2, y),
        Agent("buyer", a * x - x**2 / 2 - p * x, x),
    )
    third = Agent("third", -b * y)
    return align(Game(firm, buyer, third, prices={p: x <= y}, concept="walras", conditions=[a > b]))


@quick
@given(st.tuples(positive, positive, positive))
def test_a_tax_in_a_market(values: tuple) -> None:
    """Supply (p - t)/c and demand a - p meet where a - x = c*x + b."""
    found = harmful()
    (one,) = found.instruments
    assert one.kind == "pigou" and isinstance(one.status, Proved)
    point = dict(zip((a, b, c), map(exact, values), strict=True))
    point[a] += point[b]
    price, tax = at(one, "p", point), at(one, "t_y", point)
    done = {n: z.subs(point) for n, z in one.equilibrium}
    assert done["y"] == (price - tax) / point[c] and done["x"] == point[a] - price == done["y"]
    assert point[a] - done["x"] == point[c] * done["y"] + point[b]
    assert one.budget.subs(point) == tax * done["y"]
    (share,) = one.participation
    before = point[a] * point[c] / (1 + point[c])  # the price without the tax
    was = point[a] - before
    rise = -point[b] * done["y"] + point[b] * was
    assert dict(share.gains)["third"].subs(point) == rise > 0
    assert dict(share.willing) == {"firm": "loses", "buyer": "loses", "third": "gains"}


GAMES = [
    Game(Agent("one", x - x**2 / 2 - t * y, x), Agent("two", y - y**2 / 2 - t * x, y),
         concept="nash", conditions=[t < 1]),
    Game(Agent("one", (a - x - y) * x, x), Agent("two", (a - x - y) * y, y), concept="nash"),
    Game(Agent("one", a * (x + y) - x**2 / 2, x), Agent("two", b * (x + y) - y**2 / 2, y),
         concept="nash"),
]  # fmt: skip


@cache
def solved(k: int) -> Alignment:
    return align(GAMES[k])


@pytest.mark.parametrize("k", range(len(GAMES)))
@quick
@given(st.tuples(inner, positive, positive))
def test_who_gains(k: int, values: tuple) -> None:
    """Gains are differences of utilities with all payments, recomputed; words are their signs."""
    found = solved(k)
    point = dict(zip((t, a, b), map(exact, values), strict=True))
    game = found.game
    (now,) = (r for r in found.equilibria if all(holds(q, point) for q in r.when))
    before = {z: w.subs(point) for z, w in now.values}
    kinds = [i.kind for i in found.instruments]
    assert "bargaining" in kinds and "pigou" in kinds
    for one in found.instruments:
        if one.kind not in ("bargaining", "pigou", "permits"):
            continue
        assert isinstance(one.status, Proved)
        done = {z: dict(one.equilibrium)[str(z)].subs(point) for z in before}
        (share,) = (g for g in one.participation if all(holds(q, point) for q in g.when))
        total = 0
        for agent in game.agents:
            paid = sp.S.Zero
            if one.kind == "bargaining":
                paid = at(one, f"T_{agent.name}", point)
            if one.kind == "pigou":
                own = [z.symbol for z in agent.actions]
                paid = -sum(at(one, f"t_{z}", point) * done[z] for z in own)
            rise = agent.utility.subs(point).xreplace(done) + paid
            rise -= agent.utility.subs(point).xreplace(before)
            total += paid
            assert sp.simplify(dict(share.gains)[agent.name].subs(point) - rise) == 0
            said = dict(share.willing)[agent.name]
            signs = {"gains": rise > 0, "does not lose": rise >= 0, "loses": rise < 0}
            assert signs.get(said, said == "undecided" or rise == 0)
        assert sp.simplify(one.budget.subs(point) + total) == 0


def test_nobody_bargains_from_minus_infinity() -> None:
    """Without trade the second has -oo: no gain of the first matches what it would pay."""
    q = sp.Symbol("q", positive=True)
    own = Agent("own", sp.log(x), x, constraints={"cap": x <= q})
    found = align(Game(own, Agent("none", sp.log(q - x)), concept="nash"))
    assert "bargaining" not in [i.kind for i in found.instruments]
    taxed = next(i for i in found.instruments if i.kind == "pigou")
    (share,) = taxed.participation
    assert dict(share.gains)["none"] == sp.oo and dict(share.willing)["own"] == "loses"


def test_the_second_theorem_asks_that_nobody_affects_another() -> None:
    """ann minds what bob has of x: prices equate rates of substitution, the planner does not."""
    ann = Agent("ann", sp.log(x) + sp.log(y) - u, x, y, constraints={"A": p * x + y <= p})
    bob = Agent("bob", sp.log(u) + sp.log(v), u, v, constraints={"B": p * u + v <= 1})
    game = Game(ann, bob, prices={p: x + u <= 1}, concept="walras")
    (second,) = [c for c in welfare_theorems(game, seconds=5) if c.theorem.startswith("second")]
    assert not isinstance(second.applies, Proved)


def polluters() -> Alignment:
    """Two users of a scarce input, at a price, and a third whom all use harms."""
    users = [Agent(n, a * s - s**2 / 2 - p * s, s) for n, s in (("one", x), ("two", y))]
    third = Agent("third", -b * (x + y))
    return align(Game(*users, third, prices={p: x + y <= c}, concept="walras"))


def test_rights_traded_beside_the_goods() -> None:
    """Use is (a - price)/1 each; the sum is largest where a - x = b, or what there is is used."""
    found = polluters()
    (rights,) = [i for i in found.instruments if i.kind == "permits"]
    assert isinstance(rights.status, Proved) and rights.budget == 0
    for point in ({a: 5, b: 1, c: 2}, {a: 5, b: 1, c: 20}, {a: 5, b: 2, c: 7}, {a: 1, b: 2, c: 1}):
        use = min(max(0, point[a] - point[b]), sp.Rational(point[c], 2))
        done = {n: e.subs(point) for n, e in rights.equilibrium}
        assert done == {"x": use, "y": use}
        cap, rate, price = (at(rights, n, point) for n in ("cap", "price", "p"))
        assert cap == 2 * use and rate == point[b] and price >= 0
        if use > 0:
            assert point[a] - use == rate + price  # what each would pay for one more unit
        assert price * (point[c] - 2 * use) == 0


def test_a_scarce_input_with_harm_is_decided_everywhere() -> None:
    """Not efficient exactly where some of what is used does more harm than good."""
    found = polluters()
    for numbers in ({a: 5, b: 1, c: 2}, {a: 5, b: 1, c: 8}, {a: 5, b: 1, c: 9}, {a: 5, b: 7, c: 2},
                  {a: 5, b: 1, c: 20}, {a: 64, b: 1, c: 128}, {a: 1, b: 1, c: 1}):  # fmt: skip
        point = {s: sp.Integer(k) for s, k in numbers.items()}
        used = min(point[a], point[c] / 2)
        rows = [e for e in found.equilibria if all(holds(r, point) for r in e.when)]
        efficient = point[a] - used >= point[b]
        assert {e.kind for e in rows} == {"strongly" if efficient else "no"}, point
        for row in rows:
            if row.trade is None:
                continue
            to = {s: e.subs(point) for s, e in row.trade.to}
            paid = {n: e.subs(point) for n, e in row.trade.transfers}
            assert sum(paid.values()) == 0 and to[x] + to[y] <= point[c] and min(to.values()) >= 0
            for n, s in (("one", x), ("two", y)):
                rise = point[a] * (to[s] - used) - (to[s] ** 2 - used**2) / 2 + paid[n]
                assert rise > 0
            assert -point[b] * (to[x] + to[y] - 2 * used) + paid["third"] > 0
