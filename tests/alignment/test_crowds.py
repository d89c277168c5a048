"""n agents, n a symbol: the verdicts hold at n = 1, 2, 3, 7 by sums written out here."""

from __future__ import annotations

import sympy as sp

from alignsym.alignment.align import align
from alignsym.claims import Proved
from alignsym.model.agents import Agents
from alignsym.model.game import Game

i, j, n = sp.symbols("i j n", integer=True, positive=True)
x = sp.IndexedBase("x", positive=True)
z = sp.IndexedBase("z", nonnegative=True)
share = sp.IndexedBase("share", positive=True)
a, b, c, q, v = sp.symbols("a b c q v", positive=True)


def everybody(value: sp.Expr, size: int, payoff: object) -> sp.Expr:
    """The payoff of one of `size` members who all choose the value."""
    number = value.subs(n, size)
    return payoff(number, size * number)  # type: ignore[operator]


def test_cournot_with_n_firms() -> None:
    total = sp.Sum(z[j], (j, 1, n))
    game = Game(
        Agents(i, n, utility=(a - b * total - c) * z[i], actions=z[i]), conditions=[a > c],
        concept="nash",
    )  # fmt: skip
    several, alone = align(game).equilibria
    assert several.kind == "no" and alone.kind == "strongly"
    assert isinstance(several.status, Proved) and isinstance(alone.status, Proved)
    (now,) = (e for _, e in several.values)
    (to,) = (e for _, e in several.trade.to)
    (gain,) = (e for _, e in several.trade.gains)
    point = {a: 5, b: 2, c: 1}
    for size in (2, 3, 7):
        before, after = (
            everybody(e, size, lambda own, all_: (a - b * all_ - c) * own) for e in (now, to)
        )
        rise = (after - before).subs(point)
        assert rise > 0 and sp.simplify(rise - gain.subs(n, size).subs(point)) == 0


def test_a_contest_of_n() -> None:
    total = sp.Sum(x[j], (j, 1, n))
    game = Game(
        Agents(i, n, utility=v * x[i] / total - x[i], actions=x[i]),
        conditions=[n >= 2], concept="nash",
    )  # fmt: skip
    (row,) = align(game).equilibria
    assert row.kind == "no" and isinstance(row.status, Proved)
    (now,), (to,) = ([e for _, e in pairs] for pairs in (row.values, row.trade.to))
    for size in (2, 3, 7):
        assert (v / size - to - (v / size - now)).subs({n: size, v: 3}) > 0


def test_sharing_at_a_price_with_tastes() -> None:
    p = sp.Symbol("p", nonnegative=True)
    game = Game(
        Agents(i, n, utility=share[i] * sp.log(x[i]) - p * x[i], actions=x[i]),
        prices={p: sp.Sum(x[j], (j, 1, n)) <= q}, concept="walras",
    )  # fmt: skip
    (row,) = align(game).equilibria
    assert row.kind == "strongly" and dict(row.weights) == {"i": 1}
    assert isinstance(row.status, Proved)


def test_paying_for_something_else_is_not_judged() -> None:
    p = sp.Symbol("p", nonnegative=True)
    game = Game(
        Agents(i, n, utility=sp.log(x[i]) - 2 * p * x[i], actions=x[i]),
        prices={p: sp.Sum(x[j], (j, 1, n)) <= q}, concept="walras",
    )  # fmt: skip
    found = align(game)
    assert all(row.kind == "unknown" for row in found.equilibria)
