"""Objectives that are increasing functions of a concave one: factored, exponentials, powers."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr
from alignsym.verify.shapes import monotone

x, y = sp.symbols("x y", nonnegative=True)
r = sp.Symbol("r", real=True)
p, q, m, g = sp.symbols("p q m g", positive=True)


@pytest.mark.parametrize(
    "f", [-sp.exp(-g * x), 3 + sp.exp(2 * x), -2 / (1 + x) ** 3, 5 - (1 + x) ** 2, -sp.exp(x**2)]
)
def test_the_inner_function_orders_alike(f: Expr) -> None:
    """Of the two signs, the one whose hypothesis holds orders points as f does."""
    at = {g: sp.Rational(3, 2)}
    held = [w for w, needed in monotone(f, (x,))
            if all(n.gap.subs({**at, x: 1}) > 0 for n in needed)]  # fmt: skip
    (inner,) = held
    points = [sp.Rational(n, 3) for n in range(12)]
    for one in points:
        for two in points:
            fs = sp.N((f.subs(x, one) - f.subs(x, two)).subs(at))
            ws = sp.N((inner.subs(x, one) - inner.subs(x, two)).subs(at))
            assert sp.sign(fs) == sp.sign(ws)


def test_a_product_written_out() -> None:
    """x*y + x = x*(y + 1): with y at zero while income is below the price of y."""
    agent = Agent("A", x * y + x, x, y, constraints={"b": p * x + q * y <= m})
    solution = solve(Game(agent, concept="maximize"))
    assert solution.status == "solved" and isinstance(solution.proof, Proved)
    (poor,) = solution.at({p: 2, q: 3, m: 1})
    assert poor == {"x": sp.Rational(1, 2), "y": 0}
    (rich,) = solution.at({p: 2, q: 3, m: 5})
    assert rich == {"x": 2, "y": sp.Rational(1, 3)}


def test_constant_absolute_risk_aversion() -> None:
    """-exp(-g*(m*r - g*r**2/2)) is largest at r = m/g and nowhere else."""
    solution = solve(Game(Agent("A", -sp.exp(-g * (m * r - g * r**2 / 2)), r), concept="maximize"))
    (regime,) = solution.regimes
    assert dict(regime.values)[r] == m / g
    assert isinstance(regime.status, Proved) and isinstance(regime.exhaustive, Proved)


def test_products_without_sign_are_no_logarithms() -> None:
    """x*y - x - y + 1 = (x - 1)*(y - 1) has no maximum on the plane; nothing is proved."""
    u, v = sp.symbols("u v", real=True)
    agent = Agent("A", u * v - u - v + 1, u, v, constraints={"b": u + v <= 3})
    solution = solve(Game(agent, concept="maximize"), seconds=10)
    assert not any(isinstance(c.status, Proved) for c in solution.regimes)
