"""Best choices at kinks by the smooth program in more variables, and lies it must refuse."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game, solve
from alignsym.claims import Proved
from alignsym.solution import Regime
from alignsym.verify.decision import decision_makers
from alignsym.verify.lifting import best_at_kinks
from alignsym.verify.theorems import Priced, optimal

x, y, x1, y1, x2, y2, price = sp.symbols("x y x1 y1 x2 y2 p", nonnegative=True)
m, e1, e2 = sp.symbols("m e1 e2", positive=True)
z = sp.Symbol("z", real=True)


def shown(utility: sp.Expr, values: dict[sp.Symbol, sp.Expr], mu: sp.Expr) -> bool:
    """Whether the point is shown to maximise the utility subject to x + 2*y <= m."""
    game = Game(Agent("A", utility, x, y, constraints={"B": x + 2 * y <= m}), concept="maximize")
    (maker,) = decision_makers(game, "maximize")
    priced = [Priced("B", maker.constraints[0].relation, mu)]
    for action in maker.actions:
        priced += [
            Priced(action.name, r, sp.S.Zero) for r in action.interval.contains(action.symbol)
        ]
    verdict = best_at_kinks(maker, values, tuple(priced), game.domain(), optimal)
    return isinstance(verdict, Proved)


def test_a_kink_at_the_optimum() -> None:
    """max Min(x, y) s.t. x + 2*y <= m: both m/3, and the income is worth 1/3."""
    third = {x: m / 3, y: m / 3}
    assert shown(sp.Min(x, y), third, sp.Rational(1, 3))
    assert shown(sp.log(sp.Min(x, y)), third, 1 / m)


@pytest.mark.parametrize(
    ("utility", "values", "mu"),
    [
        (sp.Min(x, y), {x: m / 3, y: m / 3}, sp.Rational(1, 2)),
        (sp.Min(x, y), {x: m / 2, y: m / 4}, sp.Rational(1, 3)),
        (sp.Min(x, 2 * y), {x: m / 3, y: m / 3}, sp.Rational(1, 3)),
        # The branches of a convex kink can be weighted to slope zero where it is least.
        (sp.Max(x, y), {x: m / 3, y: m / 3}, sp.Rational(1, 3)),
        (sp.Abs(x - y), {x: m / 3, y: m / 3}, sp.S.Zero),
    ],
)
def test_lies(utility: sp.Expr, values: dict[sp.Symbol, sp.Expr], mu: sp.Expr) -> None:
    assert not shown(utility, values, mu)


def test_a_slope_that_branches_could_hide() -> None:
    """-|z| + 2*z rises for ever; with |z| - 2*|z| for -|z| weights would hide it at z = 0."""
    utility = sp.Abs(z) - 2 * sp.Abs(z, evaluate=False) + 2 * z
    game = Game(Agent("A", sp.Abs(z) - 2 * sp.Max(z, -z) + 2 * z, z), concept="maximize")
    (maker,) = decision_makers(game, "maximize")
    assert utility.subs(z, 5) > utility.subs(z, 0)
    verdict = best_at_kinks(maker, {z: sp.S.Zero}, (), game.domain(), optimal)
    assert not isinstance(verdict, Proved)


def test_a_market_with_a_buyer_of_bundles() -> None:
    """A wants equal amounts and owns x, B spends halves and owns y:
    p*e1/(1 + p) + e2/(2*p) = e1, so p = e2/(2*e1 - e2), where that is positive."""
    economy = Game(
        Agent("A", sp.Min(x1, y1), x1, y1, constraints={"A": price * x1 + y1 <= price * e1}),
        Agent("B", sp.log(x2) + sp.log(y2), x2, y2, constraints={"B": price * x2 + y2 <= e2}),
        prices={price: x1 + x2 <= e1},
    )
    (case,) = solve(economy, "walras").cases
    assert isinstance(case, Regime)
    assert isinstance(case.status, Proved), case.status
    for one, two in ((3, 2), (1, sp.Rational(1, 2))):
        at = {e1: sp.Integer(one), e2: sp.sympify(two)}
        got = {s: v.subs(at) for s, v in case.values}
        assert got[price] * at[e1] / (1 + got[price]) + at[e2] / (2 * got[price]) == at[e1]
        assert got[x1] == got[y1] == got[price] * at[e1] / (1 + got[price])
