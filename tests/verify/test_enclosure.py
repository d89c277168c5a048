"""Enclosures contain the number (SymPy's seventy digits say), and decide no tie by rounding."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym.verify.arithmetic import Undefined
from alignsym.verify.enclosure import ENCLOSED
from alignsym.verify.evaluator import compile_text, compiled
from alignsym.verify.intervals import Undecided, ends

x = sp.Symbol("x", real=True)
FUNCTIONS = [
    sp.sqrt(x), sp.log(x), sp.exp(x), x ** sp.Rational(2, 3), sp.sin(x), sp.cos(x), sp.tan(x),
    sp.asin(x), sp.acos(x), sp.atan(x), sp.LambertW(x), sp.LambertW(-x / 3, -1), 1 / x,
    sp.Abs(x - 1), sp.Max(x, sp.sqrt(2)), sp.pi * x, sp.exp(-x**2),
]  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(FUNCTIONS), st.fractions(Fraction(-3), Fraction(3), max_denominator=97))
def test_the_number_is_inside(e, at):
    exact = sp.Rational(at.numerator, at.denominator)
    true = e.subs(x, exact)
    try:
        value = compiled(e).enclosed({"x": at})
        if isinstance(value, float):  # log 0 = -oo
            assert not true.is_finite
            return
        low, high = ends(value)
    except Undecided:
        return
    except Undefined:
        assert not (true.is_real and true.is_finite)
        return
    number = true.evalf(70)
    slack = sp.Float("1e-55", 70) * (1 + abs(number))
    assert sp.Rational(low.numerator, low.denominator) - slack <= number
    assert number <= sp.Rational(high.numerator, high.denominator) + slack
    assert high - low <= Fraction(1, 10**30) * (1 + abs(low))


def test_ties_of_irrational_numbers_are_not_decided():
    two = compiled(sp.sqrt(x) * sp.sqrt(x + 1)).enclosed({"x": Fraction(2)})
    other = compiled(sp.sqrt(x**2 + x)).enclosed({"x": Fraction(2)})
    with pytest.raises(Undecided):
        ENCLOSED.compare("==", two, other)
    assert ENCLOSED.compare("<", two, Fraction(245, 100))


def test_polynomial_roots_are_isolated():
    root = compile_text("Root(z**3 - 3*z + x, z, 1)").enclosed({"x": Fraction(1)})
    low, high = ends(root)
    assert low <= high and (low**3 - 3 * low + 1) * (high**3 - 3 * high + 1) <= 0
    assert abs(float(low) - 0.3472963553338607) < 1e-12
