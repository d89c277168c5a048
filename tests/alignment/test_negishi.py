"""Weights one over the marginal utilities of income: where all is concave, nothing elsewhere."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.alignment.arena import arena
from alignsym.alignment.negishi import negishi
from alignsym.answer import solve
from alignsym.claims import Proved, Unknown, Verdict
from alignsym.model.game import Agent, Game

x1, y1, x2, y2, p = sp.symbols("x1 y1 x2 y2 p", nonnegative=True)
a, e1, e2 = sp.symbols("a e1 e2", positive=True)


def box(u: sp.Expr, v: sp.Expr, **more: object) -> Game:
    """Ann has e1 of the first good, Bob e2 of the second."""
    ann = Agent("ann", u, x1, y1, constraints={"A": p * x1 + y1 <= p * e1})
    bob = Agent("bob", v, x2, y2, constraints={"B": p * x2 + y2 <= e2})
    return Game(ann, bob, prices={p: x1 + x2 <= e1}, **more)


def asked(game: Game) -> tuple[dict[str, sp.Expr], Verdict, dict[sp.Symbol, sp.Expr]]:
    (regime,) = solve(game, "walras").regimes
    where = arena(game, "walras", dict(regime.values))
    assert not isinstance(where, str)
    weights, verdict = negishi(game, regime, where)
    return dict(weights), verdict, dict(regime.values)


def test_the_weighted_sum_is_stationary_under_the_resources() -> None:
    u, v = a * sp.log(x1) + sp.log(y1), sp.log(x2) + 2 * sp.log(y2)
    weights, verdict, values = asked(box(u, v))
    assert isinstance(verdict, Proved)
    point = {a: 3, e1: 5, e2: 7}
    at = {s: e.subs(point) for s, e in values.items()}
    w, z = (weights[n].subs(point) for n in ("ann", "bob"))
    for mine, theirs in ((x1, x2), (y1, y2)):
        gap = w * sp.diff(u, mine) - z * sp.diff(v, theirs)
        assert sp.simplify(gap.subs(point).subs(at)) == 0

    def total(s: sp.Rational, t: sp.Rational) -> float:
        given = {x1: s, y1: t, x2: 5 - s, y2: 7 - t, **point}
        return float((w * u + z * v).subs(given))

    best = total(at[x1], at[y1])
    grid = [sp.Rational(k, 12) for k in range(1, 60, 4)]
    assert all(total(s, t * sp.Rational(7, 5)) <= best + 1e-12 for s in grid for t in grid)


@pytest.mark.parametrize(
    ("u", "v", "why"),
    [
        (x1 * y1, sp.log(x2) + sp.log(y2), "concave"),  # concave after a transform only
        (sp.log(x1) + sp.log(y1) - x2, sp.log(x2) + sp.log(y2), "affected"),
    ],
)
def test_nothing_is_said_without_the_hypotheses(u: sp.Expr, v: sp.Expr, why: str) -> None:
    game = box(u, v)
    for regime in solve(game, "walras").regimes:
        where = arena(game, "walras", dict(regime.values))
        if isinstance(where, str):
            continue
        weights, verdict = negishi(game, regime, where)
        assert weights == () and not isinstance(verdict, Proved)
        assert why in getattr(verdict, "reason", "")


def test_payments_in_utilities_are_for_another_theorem() -> None:
    buyers = [Agent(n, sp.log(x) - p * x, x) for n, x in (("ann", x1), ("bob", x2))]
    game = Game(*buyers, prices={p: x1 + x2 <= e1})
    _, verdict, _ = asked(game)
    assert isinstance(verdict, Unknown)
