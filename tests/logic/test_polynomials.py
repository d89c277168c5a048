"""Sparse Laurent polynomials and their quotients: arithmetic commutes with exact evaluation."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from alignsym.logic.exponents import divide
from alignsym.logic.polynomials import (
    TERMS_LIMIT,
    Monomial,
    Polynomial,
    Ratio,
    TooLargeError,
    common_monomial,
    raised,
    times,
)

many = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
)
AT = (Fraction(3, 2), Fraction(-2, 7), Fraction(5, 3))
coefficients = st.fractions(min_value=-3, max_value=3, max_denominator=4).filter(bool)


def monomials(lowest: int) -> st.SearchStrategy[Monomial]:
    powers = st.dictionaries(st.integers(0, 2), st.integers(lowest, 3), max_size=3)
    return powers.map(lambda d: tuple(sorted((i, e) for i, e in d.items() if e)))


def polynomials(lowest: int = -2) -> st.SearchStrategy[Polynomial]:
    return st.dictionaries(monomials(lowest), coefficients, max_size=4).map(Polynomial)


def at(polynomial: Polynomial) -> Fraction:
    return sum(
        (
            c * prod((AT[i] ** e for i, e in m), start=Fraction(1))
            for m, c in polynomial.terms.items()
        ),
        Fraction(0),
    )


def at_ratio(ratio: Ratio) -> Fraction:
    denominator = prod((at(f) ** e for f, e in ratio.denominator.items()), start=Fraction(1))
    assume(denominator)
    return at(ratio.numerator) / denominator


@many
@given(polynomials(), polynomials(), st.integers(0, 4))
def test_polynomial_arithmetic(p: Polynomial, q: Polynomial, k: int) -> None:
    assert at(p + q) == at(p) + at(q)
    assert at(p - q) == at(p) - at(q)
    assert at(p * q) == at(p) * at(q)
    assert at(p.power(k)) == at(p) ** k
    assert at(-p) == -at(p)
    assert all(c for c in (p * q - q * p + p).terms.values())
    assert not (p * q - q * p).terms


@many
@given(polynomials(), polynomials(), polynomials())
def test_ring_laws_hold_as_equality_of_terms(p: Polynomial, q: Polynomial, r: Polynomial) -> None:
    assert p * (q + r) == p * q + p * r
    assert (p + q) * (p - q) == p * p - q * q
    assert hash((p + q) + r) == hash(p + (q + r))


@many
@given(polynomials().filter(bool))
def test_content_is_what_was_taken_out(p: Polynomial) -> None:
    number, monomial, primitive = p.content()
    assert Polynomial({monomial: number}) * primitive == p
    assert all(c.denominator == 1 for c in primitive.terms.values())
    again = primitive.content()
    assert (abs(again[0]), again[1]) == (1, ())


@many
@given(polynomials().filter(bool), monomials(-3))
def test_the_primitive_part_is_unique(p: Polynomial, m: Monomial) -> None:
    """p and p times a monomial have one primitive part, whose first term is positive."""
    primitive = p.content()[2]
    assert primitive.terms[min(primitive.terms)] > 0
    assert (p * Polynomial({m: Fraction(1)})).content()[2] == primitive


@many
@given(polynomials().filter(bool), coefficients)
def test_proportional_polynomials_have_one_primitive_part(p: Polynomial, c: Fraction) -> None:
    assert (p * Polynomial.constant(c)).content()[2] == p.content()[2]


@many
@given(monomials(-3), monomials(-3), st.integers(-3, 3))
def test_monomials(left: Monomial, right: Monomial, k: int) -> None:
    one = Fraction(1)
    assert at(Polynomial({times(left, right): one})) == at(Polynomial({left: one})) * at(
        Polynomial({right: one})
    )
    assert at(Polynomial({raised(left, k): one})) == at(Polynomial({left: one})) ** k
    common = common_monomial([left, right])
    rest = [dict(times(m, raised(common, -1))) for m in (left, right)]
    assert all(min(row.get(i, 0) for row in rest) == 0 for i in range(3))


@many
@given(polynomials(), polynomials().filter(bool), polynomials(), polynomials().filter(bool))
def test_ratio_arithmetic(a: Polynomial, b: Polynomial, c: Polynomial, d: Polynomial) -> None:
    assume(at(b) and at(d))
    left, right = Ratio.of(a) / Ratio.of(b), Ratio.of(c) / Ratio.of(d)
    x, y = at(a) / at(b), at(c) / at(d)
    assert at_ratio(left + right) == x + y
    assert at_ratio(left * right) == x * y
    assert at_ratio(left.power(2)) == x**2
    assert not (left + left * Ratio.of(Polynomial.constant(-1))).numerator
    if a:
        assert at_ratio(left.power(-1)) * x == 1
        assert at_ratio(left * left.inverse()) == 1


@many
@given(polynomials(0), polynomials(0).filter(bool))
def test_division_with_remainder(numerator: Polynomial, divisor: Polynomial) -> None:
    quotient, remainder = divide(numerator, divisor)
    assert quotient * divisor + remainder == numerator


@many
@given(polynomials(0).filter(bool), polynomials(0).filter(bool))
def test_what_divides_leaves_nothing(p: Polynomial, q: Polynomial) -> None:
    quotient, remainder = divide(p * q, q)
    assert (quotient, remainder) == (p, Polynomial({}))


def test_what_grows_without_bound_is_refused() -> None:
    wide = Polynomial({((0, k),): Fraction(1) for k in range(1, TERMS_LIMIT // 2)})
    other = Polynomial({((1, k),): Fraction(1) for k in range(1, 200)})
    with pytest.raises(TooLargeError):
        wide * other
    with pytest.raises(TooLargeError):
        Polynomial({((0, k),): Fraction(1) for k in range(1, TERMS_LIMIT + 3)})
