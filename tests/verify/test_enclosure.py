"""Enclosures contain the number (SymPy's seventy digits say), and decide no tie by rounding."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym.verify.arithmetic import Undefined
from alignsym.verify.enclosure import _RIGHT, ENCLOSED, _nearby
from alignsym.verify.evaluator import compile_text, compiled
from alignsym.verify.intervals import (
    INTERVALS,
    Undecided,
    ends,
    exp,
    log,
    over,
    plus,
    power,
    sign,
    times,
)
from alignsym.verify.sturm import isolated

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


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.lists(st.fractions(-3, 3, max_denominator=4), min_size=1, max_size=4),
    st.sampled_from([[1], [2, 0, 1], [-2, 0, 1], [-1, -1, 1], [0, 0, -1]]),
    st.integers(-1, 7),
)
def test_roots_are_counted_as_often_as_they_occur(
    zeros: list[Fraction], more: list[int], index: int
) -> None:
    """Of a product of factors the roots are known, multiple ones among them."""
    product = [Fraction(c) for c in more]
    for zero in zeros:
        product = [a - zero * b for a, b in zip([Fraction(0), *product], [*product, Fraction(0)])]
    other = {1: [], 2: [], -2: [-(2**0.5), 2**0.5], -1: [0.5 - 1.25**0.5, 0.5 + 1.25**0.5]}
    known = sorted([*map(float, zeros), *other.get(more[0], [0.0, 0.0])])
    found = isolated(product, index)
    if not 0 <= index < len(known):
        assert found is None
    else:
        assert found is not None
        low, high = found
        assert high - low < Fraction(1, 10**60) and abs(float(low) - known[index]) < 1e-12
        if Fraction(known[index]) in zeros and known.count(known[index]) == 1:
            assert low <= Fraction(known[index]) <= high


def test_polynomials_without_a_root() -> None:
    assert isolated([Fraction(3)], 0) is None
    assert isolated([Fraction(0), Fraction(0)], 0) is None
    assert isolated([Fraction(1), Fraction(0), Fraction(1)], 0) is None


def test_what_is_not_known_to_the_intervals_is_refused() -> None:
    """Powers of negative numbers, infinities that fight, ends that are not certain."""
    for a, b in ((Fraction(-2), Fraction(1, 3)), (Fraction(-2), log(Fraction(2)))):
        with pytest.raises(Undefined):
            power(a, b)
    with pytest.raises(Undefined):
        power(Fraction(0), Fraction(-1))
    for a, b in ((math.inf, -math.inf), (-math.inf, math.inf)):
        with pytest.raises(Undefined):
            plus(a, b)
    with pytest.raises(Undefined):
        times(Fraction(0), math.inf)
    with pytest.raises(Undefined):
        over(math.inf, math.inf)
    nothing = plus(log(Fraction(2)), times(Fraction(-1), log(Fraction(2))))
    for asked in (lambda: sign(nothing), lambda: over(Fraction(1), nothing)):
        with pytest.raises(Undecided):
            asked()
    with pytest.raises(Undecided):
        power(nothing, Fraction(-2))
    assert (
        power(math.inf, Fraction(0)) == 1
        and power(math.inf, Fraction(-1, 2)) == 0
        and power(math.inf, Fraction(2)) == math.inf
    )
    assert power(Fraction(0), Fraction(0)) == 1 and power(Fraction(0), log(Fraction(2))) == 0
    assert over(Fraction(5), -math.inf) == 0 and over(-math.inf, Fraction(-2)) == math.inf
    assert power(Fraction(8, 27), Fraction(-2, 3)) == Fraction(9, 4)
    assert exp(-math.inf) == 0 and log(Fraction(0)) == -math.inf and log(math.inf) == math.inf


def test_negative_powers_of_enclosed_numbers() -> None:
    low, high = ends(power(log(Fraction(2)), Fraction(-2)))
    assert low < high and abs(float(low) - 1 / math.log(2) ** 2) < 1e-12
    assert power(Fraction(2), Fraction(-2)) == Fraction(1, 4)


def test_a_line_has_a_root() -> None:
    line = compile_text("Root(2*z - x, z, 0)")
    assert float(line.precise({"x": Fraction(3)})) == 1.5
    with pytest.raises(Undefined):
        compile_text("Root(x*z - 1, z, 0)").precise({"x": Fraction(0)})


def test_infinities_are_compared_with_every_number() -> None:
    root = compiled(sp.sqrt(2)).enclosed({})
    for finite in (root, Fraction(3)):
        assert ENCLOSED.compare("<", finite, math.inf)
        assert ENCLOSED.compare(">", finite, -math.inf)
        assert ENCLOSED.compare(">", math.inf, finite)
        assert ENCLOSED.compare("<", -math.inf, finite)
        assert not ENCLOSED.compare("==", math.inf, finite)
        assert not ENCLOSED.compare("==", finite, -math.inf)
    assert ENCLOSED.compare("==", math.inf, math.inf)
    assert ENCLOSED.compare("<", -math.inf, math.inf)


def test_the_lower_branch_of_lambert_s_function_ends_before_zero() -> None:
    for at in (Fraction(0), Fraction(1)):
        with pytest.raises(Undefined, match="not real"):
            compiled(sp.LambertW(x, -1)).enclosed({"x": at})


def test_enclosures_that_reach_infinity_are_of_finite_numbers() -> None:
    large = INTERVALS.mpf([1, "inf"])
    assert ENCLOSED.compare("<", large, math.inf) and ENCLOSED.compare(">", math.inf, large)
    assert ENCLOSED.compare(">", large, -math.inf)


def test_truth_values_are_compared() -> None:
    assert ENCLOSED.compare("==", True, True) and not ENCLOSED.compare("==", True, False)
    assert ENCLOSED.compare("!=", True, False) and not ENCLOSED.compare("!=", False, False)


def test_sines_rise_where_their_inverse_is_looked_for() -> None:
    assert mpmath.cos(mpmath.mpf(_RIGHT.numerator) / _RIGHT.denominator) > 0


def test_guesses_are_read_exactly() -> None:
    for number in (Fraction(3, 4), Fraction(-5, 8), Fraction(6)):
        assert _nearby(mpmath.mpf(number.numerator) / number.denominator) == number


def test_roots_that_are_not_there_are_undefined() -> None:
    with pytest.raises(Undefined, match="no such real root"):
        compile_text("Root(t**2 + 1, t, 0)").enclosed({})
    low, high = ends(compile_text("Root(t**2 - 2, t, 1)").enclosed({}))
    assert low**2 <= 2 <= high**2


def test_negative_numbers_have_no_odd_roots() -> None:
    """A fractional power needs a nonnegative base, whatever the numerator."""
    for exponent in (Fraction(1, 3), Fraction(2, 3), Fraction(1, 2)):
        with pytest.raises(Undefined, match="negative"):
            power(Fraction(-8), exponent)
    assert power(Fraction(8, 27), Fraction(2, 3)) == Fraction(4, 9)
