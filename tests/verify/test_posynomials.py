"""Geometric programs by their form: what is one, what is not, and the shadow prices of one."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game, solve
from alignsym.claims import Proved
from alignsym.verify.decision import DecisionMaker, decision_makers
from alignsym.verify.posynomials import convex_in_logarithms

x, y, z = sp.symbols("x y z", positive=True)
v, w = sp.symbols("v w", nonnegative=True)
a, b = sp.symbols("a b", positive=True)
g, r = sp.symbols("g r", real=True)

PROGRAMS = {
    "a tin": (x**2 + x*y, True, {"volume": x**2*y >= a}),
    "a box": (x*y*z, False, {"wall": 2*x*z + 2*y*z <= a, "floor": x*y <= b}),
    "ends that may be zero": (v*w, False, {"sum": v + a*w <= b}),
    "a need that keeps from zero": (v + w, True, {"need": v*w >= a}),
    "an equation": (a*x + b*y, True, {"volume": sp.Eq(x*y, a)}),
}  # fmt: skip
OTHERS = {
    "a sum to be maximised": (x + y, False, {"area": x*y <= a}, "neither a monomial"),
    "two monomials above": (x*y, False, {"sum": x + y >= a, "cap": x <= b}, "no monomial less"),
    "no constant to move": (a/x, True, {"cap": x <= y, "top": y <= b}, "no constant"),
    "a sign that is open": (r*x + 1/x, True, {"cap": x <= b}, "no sum of monomials"),
    "perhaps zero": (v + 1/(w + 1), True, {"cap": w <= b}, "no sum of monomials"),
    "zero is best": (v + w, True, {"cap": v + w <= b}, "may be zero"),
    "perhaps negative": (g**2*x, False, {"cap": x <= b, "edge": g**2 <= a}, "may be negative"),
    "an equation of three": (x*y, False, {"sum": sp.Eq(x + y, a)}, "no equation of two"),
}  # fmt: skip


def maker_of(objective: sp.Expr, loss: bool, constraints: dict[str, sp.Basic]) -> DecisionMaker:
    """The one decision maker."""
    chosen = sorted(objective.free_symbols & {g, v, w, x, y, z}, key=str)
    chosen += [y] if y not in chosen and any(c.has(y) for c in constraints.values()) else []
    agent = Agent("m", objective, *chosen, loss=loss, constraints=constraints)
    return decision_makers(Game(agent, concept="maximize"), "maximize")[0]


@pytest.mark.parametrize("name", PROGRAMS)
def test_geometric_programs_are_seen(name: str) -> None:
    objective, loss, constraints = PROGRAMS[name]
    maker = maker_of(objective, loss, constraints)
    assert isinstance(convex_in_logarithms(maker, a, ()), Proved)


@pytest.mark.parametrize("name", OTHERS)
def test_others_are_declined_with_the_reason(name: str) -> None:
    objective, loss, constraints, reason = OTHERS[name]
    found = convex_in_logarithms(maker_of(objective, loss, constraints), a, ())
    assert not isinstance(found, Proved)
    assert reason in found.reason


def test_the_price_of_volume_is_the_slope_of_the_cost() -> None:
    """Least surface of a tin of volume a: the multiplier is the derivative of the least loss."""
    answer = solve(
        Game(Agent("m", x**2 + x*y, x, y, loss=True, constraints={"volume": x**2*y >= a})),
        "maximize",
    )  # fmt: skip
    assert isinstance(answer.proof, Proved)
    (case,) = answer.cases
    cost = {
        k: float(min(t**2 + k / t for t in (i / 1000 for i in range(200, 4000)))) for k in (1, 1.01)
    }
    price = float(case.shadow_prices[0][1].subs(a, 1.005))
    assert price == pytest.approx((cost[1.01] - cost[1]) / 0.01, rel=1e-2)
