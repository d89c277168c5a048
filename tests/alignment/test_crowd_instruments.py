"""Instruments for n agents, n a symbol: at small n, with numbers, by arithmetic of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy as sp

from alignsym.alignment.align import align
from alignsym.alignment.crowd_instruments import equilibrium_of
from alignsym.alignment.efficiency import Alignment, Instrument
from alignsym.claims import Proved
from alignsym.model.agents import Agents
from alignsym.model.game import Agent, Game

i, j, n = sp.symbols("i j n", integer=True, positive=True)
z = sp.IndexedBase("z", nonnegative=True)
k = sp.IndexedBase("k", positive=True)
a, b, c, q = sp.symbols("a b c q", positive=True)
TOTAL = sp.Sum(z[j], (j, 1, n))
GRID = [sp.Rational(m, 24) for m in range(0, 241, 5)]
Payoff = Callable[[sp.Expr, sp.Expr, sp.Expr], sp.Expr]  # own action, total, own datum


def crowd(utility: sp.Expr, *agents: Agent, **more: object) -> Game:
    return Game(Agents(i, n, utility=utility, actions=z[i]), *agents, **more)


def one(found: Alignment, kind: str) -> Instrument:
    (made,) = [m for m in found.instruments if m.kind == kind]
    assert isinstance(made.status, Proved), made.status
    return made


def at(e: sp.Expr, size: int, numbers: dict[sp.Symbol, object], data: list[int]) -> list[sp.Expr]:
    """The value for every member: sums over the members written out."""
    out = []
    for member in range(size):
        table = {k[i]: data[member], **{k[m + 1]: data[m] for m in range(size)}}
        written = e.subs(n, size).replace(
            lambda s: isinstance(s, sp.Sum), lambda s: s.subs(n, size).doit()
        )
        out.append(sp.nsimplify(written.subs(table).subs(numbers)))
    return out


CASES: dict[str, tuple[Game, Payoff, dict[sp.Symbol, object]]] = {
    "cournot": (
        crowd((a - TOTAL - c) * z[i], conditions=[a > c]),
        lambda x, all_, _: (7 - all_ - 2) * x, {a: 7, c: 2},
    ),
    "commons": (
        crowd(z[i] * (a - TOTAL) - c * z[i] ** 2 / 2),
        lambda x, all_, _: x * (5 - all_) - x**2, {a: 5, c: 2},
    ),
    "harm": (
        crowd(a * z[i] - z[i] ** 2 / 2 - b * TOTAL),
        lambda x, all_, _: 2 * x - x**2 / 2 - all_ / 2, {a: 2, b: sp.Rational(1, 2)},
    ),
    "too much harm": (
        crowd(a * z[i] - z[i] ** 2 / 2 - b * TOTAL),
        lambda x, all_, _: 2 * x - x**2 / 2 - 3 * all_ / 2, {a: 2, b: sp.Rational(3, 2)},
    ),
    "team": (
        crowd(b * TOTAL / n - k[i] * z[i] ** 2 / 2),
        lambda x, all_, d: 3 * all_ / SIZE[0] - d * x**2 / 2, {b: 3},
    ),
    "public good": (
        crowd(a * sp.log(1 + TOTAL) - c * z[i]),
        lambda x, all_, _: 2 * sp.log(1 + all_) - x, {a: 2, c: 1},
    ),
}  # fmt: skip
SIZE = [1]


@pytest.mark.parametrize("name", CASES)
def test_the_tax_leads_to_the_largest_sum(name: str) -> None:
    game, payoff, numbers = CASES[name]
    found = align(game, "nash")
    tax = one(found, "pigou")
    ((_, rate),), ((_, done),) = tax.values, tax.equilibrium
    for size in (1, 2, 3):
        SIZE[0] = size
        data = [2, 1, 3][:size]
        x, t = (at(e, size, numbers, data) for e in (done, rate))
        total = sum(x)

        def welfare(choices: list[sp.Expr], data: list[int] = data) -> float:
            everything = sum(choices)
            return float(sum(payoff(o, everything, d) for o, d in zip(choices, data, strict=True)))

        best = welfare(x)
        for m in range(size):
            for other in GRID:
                # No other choice of one, nor of all alike, has a larger sum.
                assert welfare([*x[:m], other, *x[m + 1 :]]) <= best + 1e-9
                assert welfare([other] * size) <= best + 1e-9
                # Nobody does better with the tax, the others as they are.
                now = payoff(x[m], total, data[m]) - t[m] * x[m]
                then = payoff(other, total - x[m] + other, data[m]) - t[m] * other
                assert float(then) <= float(now) + 1e-9
        revenue = at(tax.budget, size, numbers, data)[0]
        assert sp.simplify(revenue - sum(r * e for r, e in zip(t, x, strict=True))) == 0


def test_rights_to_the_best_total() -> None:
    found = align(CASES["cournot"][0], "nash")
    rights = one(found, "permits")
    assert sp.simplify(dict(rights.values)["cap"] - (a - c) / 2) == 0
    assert sp.simplify(dict(rights.values)["price"] - (n - 1) * (a - c) / (2 * n)) == 0
    assert found.price_of_anarchy is not None
    assert sp.simplify(found.price_of_anarchy - (n + 1) ** 2 / (4 * n)) == 0
    assert found.welfare_loss is not None and found.welfare_loss.subs(n, 1) == 0


def test_a_price_for_what_all_share_and_a_tax_for_the_harm() -> None:
    game = crowd(k[i] * sp.log(z[i]) - b * TOTAL, shared={"G": q >= TOTAL})
    found = align(game, "variational")
    both = one(found, "price and pigou")
    rates = dict(both.values)
    assert sp.expand(rates["t_z[i]"] - b * (n - 1)) == 0
    data, numbers = [2, 1], {b: sp.Rational(1, 8), q: 2}
    # k_i/x_i = t + p + b with x_1 + x_2 = 2, and the total 3 of k is more than b*n*q.
    price = at(rates["p_G"], 2, numbers, data)[0]
    assert price == sp.Rational(3, 2) - sp.Rational(1, 4)
    done = at(dict(both.equilibrium)["z[i]"], 2, numbers, data)
    assert done == [sp.Rational(4, 3), sp.Rational(2, 3)]
    kinds = {tuple(map(str, e.when)): e.kind for e in found.equilibria}
    assert set(kinds.values()) == {"strongly", "unknown"}


def test_victims_who_only_watch_count() -> None:
    found = align(crowd(a * z[i] - z[i] ** 2 / 2, Agent("victim", -b * TOTAL)), "nash")
    tax = one(found, "pigou")
    assert tax.values == (("t_z[i]", b),)
    ((_, done),) = tax.equilibrium
    assert done.subs({a: 5, b: 2}) == 3 and done.subs({a: 2, b: 5}) == 0


def test_a_common_choice_near_the_edge() -> None:
    """a <= b: nothing is produced and that is best; above, less would be better for all."""
    found = align(CASES["harm"][0], "nash")
    for point, kind in (
        ({a: 3, b: 2, n: 1}, "strongly"), ({a: 3, b: 2, n: 2}, "no"), ({a: 30, b: 2, n: 3}, "no"),
        ({a: 2, b: 2, n: 5}, "strongly"), ({a: 1, b: 2, n: 5}, "strongly"),
    ):  # fmt: skip
        rows = [e for e in found.equilibria if all(_true(r, point) for r in e.when)]
        assert {e.kind for e in rows} == {kind}, (point, rows)
        for row in rows:
            if row.trade is not None:
                ((_, to),), ((_, now),) = row.trade.to, row.values
                v, w = (e.subs(point) for e in (to, now))
                size, harm = point[n], point[b]
                gain = point[a] * (v - w) - (v**2 - w**2) / 2 - harm * size * (v - w)
                assert gain > 0 and v >= 0
                assert sp.simplify(gain - dict(row.trade.gains)["i"].subs(point)) == 0


def _true(r: object, point: dict[sp.Symbol, int]) -> bool:
    gap = (r.left - r.right).subs(point)  # type: ignore[attr-defined]
    said = {"<": gap < 0, "<=": gap <= 0, ">": gap > 0, ">=": gap >= 0, "==": gap == 0}
    return bool(said[r.operator])  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["cournot", "harm", "team"])
def test_another_tax_is_not_shown_to_align(name: str) -> None:
    from alignsym.alignment.crowd_instruments import charged
    from alignsym.alignment.crowd_optimum import largest_sum_of_all, planned

    game = CASES[name][0]
    best = largest_sum_of_all(planned(game))
    rate = dict(one(align(game, "nash"), "pigou").values)["t_z[i]"]
    for regime in best.regimes:
        if regime.values[0][1] == 0:
            continue  # at the edge a higher tax does as well
        for wrong in (rate + sp.Rational(1, 100), rate * sp.Rational(101, 100), -rate):
            taxed = charged(game.altered(concept="nash"), {z[i]: wrong})
            status, _ = equilibrium_of(taxed, "nash", regime, {})
            assert not isinstance(status, Proved)
        moved = replace(regime, values=((z[i], regime.values[0][1] * sp.Rational(99, 100)),))
        taxed = charged(game.altered(concept="nash"), {z[i]: rate})
        assert not isinstance(equilibrium_of(taxed, "nash", moved, {})[0], Proved)
