"""What a derivation is replayed with: the numbers of steps, and of transformed objectives."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import sympy as sp

from alignsym import Agent, Game
from alignsym.solution import Regime
from alignsym.steps import Solve, Transform
from alignsym.verify.movers import movers
from alignsym.verify.refuting import _crossing
from alignsym.verify.scene import _scale, solved
from alignsym.verify.stationarity import _Lagrangian, _slopes

x, y = sp.symbols("x y", real=True)
t = sp.Symbol("t", real=True)


def test_unknowns_that_were_solved_for_have_their_numbers() -> None:
    case = Regime((), ((x, sp.Integer(3)),))
    steps = (Solve("linear", t - 2 * x, t, 2 * x),)
    found = solved(case, steps, None, {})
    assert found is not None and found["t"] == 6 and found["x"] == 3


def test_the_scale_of_a_transformation_is_read_where_something_changes() -> None:
    """exp(y) rises exp(y) times as fast as y; along x nothing changes."""
    step = Transform("A", sp.exp(y) + 0 * x, y + x - x)
    wider = Transform("A", sp.exp(y - x), y - x)
    env = {"x": Fraction(0), "y": Fraction(0)}
    for one in (step, wider):
        found = _scale("A", (one,), env)
        assert found is not None and abs(found - 1) < 1e-9
    flat = Transform("A", sp.exp(y), y + (x - 1) ** 2)
    at = {"x": Fraction(1), "y": Fraction(1)}
    found = _scale("A", (flat,), at)
    assert found is not None and abs(found - mpmath.e) < 1e-9
    assert _scale("A", (Transform("A", sp.exp(y), (x - 1) ** 2),), at) is None
    assert _scale("B", (flat,), at) == 1


def test_slopes_on_both_sides() -> None:
    """|x| falls before 0 and rises after it; sqrt(x) is there on one side alone."""
    env = {"x": Fraction(0), "y": Fraction(1)}

    def found(f: sp.Expr, name: str = "x") -> tuple[float, float, bool, bool]:
        game = Game(Agent("A", f, x, y))
        (mover,) = movers(game, "maximize", env)
        lagrangian = _Lagrangian(mover, (), ())
        slopes = _slopes(lagrangian, name, env, lagrangian.at(env), mpmath.mpf(1))
        assert slopes is not None
        return float(slopes.left), float(slopes.right), slopes.below, slopes.above

    assert found(sp.Abs(x)) == (-1.0, 1.0, True, True)
    left, right, below, above = found(x**2 + 3 * x)
    assert abs(left - 3) < 1e-6 and abs(right - 3) < 1e-6 and below and above
    left, right, below, above = found(x ** sp.Rational(3, 2) + 2 * x)
    assert (below, above) == (False, True) and abs(left - 2) < 1e-3 and abs(right - 2) < 1e-3


def test_zeros_are_looked_for_on_both_sides_where_a_letter_has_no_sign() -> None:
    env: dict[str, object] = {}
    for e, signed, zero in ((x + 3, True, -3), (x - 3, True, 3), (x - 3, False, 3)):
        found = _crossing(e, "x", env, signed=signed)
        assert found is not None and abs(found - zero) < 1e-8
    assert _crossing(x + 3, "x", env, signed=False) is None
    assert _crossing(1 / (x - 3), "x", env, signed=True) is None  # a pole
