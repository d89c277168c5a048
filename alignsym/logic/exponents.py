"""Exponents as sums of rational multiples of units, so that equal powers meet."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp

from alignsym.logic.polynomials import Monomial, Polynomial, Ratio, raised, times


def exponent_terms(exponent: Ratio) -> list[tuple[Ratio | None, Fraction]]:
    """An exponent as a sum of rational multiples of units; unit None is 1.

    r/(r - 1) is first divided out to 1 + 1/(r - 1), so that x**(r/(r-1)) and x*x**(1/(r-1)) meet.
    """
    whole, remainder = exponent.numerator, Polynomial({})
    if len(exponent.denominator) == 1 and set(exponent.denominator.values()) == {1}:
        (divisor,) = exponent.denominator
        whole, remainder = divide(exponent.numerator, divisor)
    elif exponent.denominator:
        whole, remainder = Polynomial({}), exponent.numerator
    out: list[tuple[Ratio | None, Fraction]] = []
    for monomial, number in whole.terms.items():
        out.append((Ratio.of(Polynomial({monomial: Fraction(1)})) if monomial else None, number))
    for monomial, number in remainder.terms.items():
        out.append((Ratio(Polynomial({monomial: Fraction(1)}), exponent.denominator), number))
    return out


def divide(numerator: Polynomial, divisor: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder by the divisor's leading monomial; all exponents nonnegative, else
    (0, numerator)."""
    every = [*numerator.terms, *divisor.terms]
    if any(e < 0 for monomial in every for _, e in monomial):
        return Polynomial({}), numerator
    lead = max(divisor.terms, key=_degree_order)
    quotient, rest, remainder = Polynomial({}), numerator, Polynomial({})
    while rest.terms:
        top = max(rest.terms, key=_degree_order)
        factor = times(top, raised(lead, -1))
        if any(e < 0 for _, e in factor):
            term = Polynomial({top: rest.terms[top]})
            remainder, rest = remainder + term, rest - term
            continue
        step = Polynomial({factor: rest.terms[top] / divisor.terms[lead]})
        quotient, rest = quotient + step, rest - step * divisor
    return quotient, remainder


def _degree_order(monomial: Monomial) -> tuple[int, Monomial]:
    return sum(e for _, e in monomial), monomial


def prime_powers(number: Fraction) -> list[tuple[int, int]]:
    """Primes below 1000 are split off; a larger cofactor stays whole."""
    out: list[tuple[int, int]] = []
    for side, sign in ((number.numerator, 1), (number.denominator, -1)):
        if side != 1:
            split = sp.factorint(side, limit=1000)
            out += [(int(p), sign * int(e)) for p, e in sorted(split.items())]
    return out
