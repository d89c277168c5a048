"""Lagrangian sufficiency: constraints that describe no convex set, maximisers known by hand, and
stationary points that are none."""

from __future__ import annotations

import math

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr
from alignsym.solution import Regime
from alignsym.verify.decision import decision_makers
from alignsym.verify.obligations import verify
from alignsym.verify.theorems import Priced, lagrangian

x, y, z = sp.symbols("x y z", real=True)
a, b, c = sp.symbols("a b c", positive=True)
s, t = sp.symbols("s t", real=True)


def test_a_linear_form_on_the_sphere() -> None:
    """(a, b, c)/|(a, b, c)|, by Cauchy and Schwarz; the multiplier is half the norm."""
    sphere = sp.Eq(x**2 + y**2 + z**2, 1)
    agent = Agent("one", a * x + b * y + c * z, x, y, z, constraints={"sphere": sphere})
    solution = solve(Game(agent, concept="maximize"))
    assert solution.status == "solved" and isinstance(solution.proof, Proved)
    (regime,) = solution.regimes
    at = {a: 2, b: 3, c: 6}
    assert [e.subs(at) for _, e in regime.values] == [sp.Rational(k, 7) for k in (2, 3, 6)]
    assert dict(regime.multipliers)["sphere"].subs(at) == sp.Rational(7, 2)


@pytest.mark.parametrize(("p", "q"), [(0, 2), (2, 0), (-3, 4), (0, 0), (3, -4), (0, -5)])
def test_the_nearest_point_of_a_disc(p: int, q: int) -> None:
    """Centres on the axes included, where a quotient of coordinates is not defined."""
    agent = Agent("one", -((x - s) ** 2) - (y - t) ** 2, x, y, constraints={"d": x**2 + y**2 <= 1})
    solution = solve(Game(agent, concept="maximize"))
    assert solution.status == "solved" and isinstance(solution.proof, Proved)
    norm = max(math.hypot(p, q), 1)
    (found,) = solution.at({s: p, t: q})
    assert [float(found["x"]), float(found["y"])] == pytest.approx([p / norm, q / norm])


def sphere_claim(point: tuple[Expr, Expr], price: Expr) -> bool:
    """Whether x, y is proved to maximise x + 2y on the unit circle with this multiplier."""
    circle = sp.Eq(x**2 + y**2, 1)
    game = Game(Agent("one", x + 2 * y, x, y, constraints={"c": circle}), concept="maximize")
    (maker,) = decision_makers(game, "maximize")
    priced = (Priced("c", maker.constraints[0].relation, price),)
    return isinstance(lagrangian(maker, dict(zip((x, y), point)), priced, ()), Proved)


def test_stationary_points_that_are_no_maximum() -> None:
    """The opposite point is the minimum, with the opposite multiplier; a wrong multiplier is
    none."""
    root = sp.sqrt(5)
    best = (1 / root, 2 / root)
    assert sphere_claim(best, root / 2)
    assert not sphere_claim((-best[0], -best[1]), -root / 2)
    assert not sphere_claim(best, root)
    assert not sphere_claim((sp.S.One, sp.S.Zero), sp.Rational(1, 2))


def test_a_saddle_of_the_lagrangian_is_not_enough() -> None:
    """x*y on the circle at (1, 1)/sqrt(2) is best, but x**2 + x*y is not largest there."""
    circle = sp.Eq(x**2 + y**2, 1)
    half = 1 / sp.sqrt(2)
    for objective in (x * y + 3 * x**2 + 3 * y**2, x**3 + y**3):
        game = Game(Agent("one", objective, x, y, constraints={"c": circle}), concept="maximize")
        slope = sp.diff(objective, x).subs({x: half, y: half})
        worth = objective.subs({x: half, y: half})
        regime = Regime(
            (),
            ((x, half), (y, half)),
            (("c", slope / (2 * half)),),
            (("x", sp.S.Zero), ("y", sp.S.Zero)),
            worth,
            (("one", worth),),
        )
        (found,) = verify(game, "maximize", (regime,)).regimes
        largest = max(
            objective.subs({x: math.cos(k / 50), y: math.sin(k / 50)}) for k in range(315)
        )
        is_best = largest <= worth + 1e-9
        assert is_best or not isinstance(found.status, Proved)
