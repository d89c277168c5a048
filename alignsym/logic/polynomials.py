"""Sparse Laurent polynomials over the rationals in numbered generators, and their quotients.

A monomial is a sorted tuple of (generator, nonzero integer exponent); a polynomial maps monomials
to nonzero rationals; a ratio is a polynomial over a product of powers of polynomials with at least
two terms.  Generators may be added at any time, which is why SymPy's rings (fixed generators) do
not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import reduce
from math import gcd, lcm
from typing import TypeAlias

Monomial: TypeAlias = tuple[tuple[int, int], ...]

TERMS_LIMIT = 4000


class TooLargeError(ArithmeticError):
    """An expansion has more than TERMS_LIMIT terms: the caller answers `unknown`."""


class Polynomial:
    """An immutable sparse Laurent polynomial.

    >>> x, y = Polynomial.generator(0), Polynomial.generator(1)
    >>> (x + y) * (x - y) == x * x - y * y
    True
    """

    __slots__ = ("_hash", "terms")

    def __init__(self, terms: Mapping[Monomial, Fraction]) -> None:
        if len(terms) > TERMS_LIMIT:
            raise TooLargeError(f"more than {TERMS_LIMIT} terms")
        self.terms: Mapping[Monomial, Fraction] = terms
        self._hash: int | None = None

    @staticmethod
    def constant(number: Fraction | int) -> Polynomial:
        """The constant polynomial."""
        return Polynomial({(): Fraction(number)} if number else {})

    @staticmethod
    def generator(index: int, exponent: int = 1) -> Polynomial:
        """One generator to an integer power."""
        return Polynomial({((index, exponent),) if exponent else (): Fraction(1)})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __add__(self, other: Polynomial) -> Polynomial:
        out = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            total = out.get(monomial, Fraction(0)) + coefficient
            if total:
                out[monomial] = total
            else:
                out.pop(monomial, None)
        return Polynomial(out)

    def __neg__(self) -> Polynomial:
        return Polynomial({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Polynomial) -> Polynomial:
        return self + -other

    def __mul__(self, other: Polynomial) -> Polynomial:
        if len(self.terms) * len(other.terms) > 50 * TERMS_LIMIT:
            raise TooLargeError(f"more than {TERMS_LIMIT} terms")
        out: dict[Monomial, Fraction] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                monomial = times(left, right)
                total = out.get(monomial, Fraction(0)) + a * b
                if total:
                    out[monomial] = total
                else:
                    out.pop(monomial, None)
        return Polynomial(out)

    def power(self, exponent: int) -> Polynomial:
        """Nonnegative integer power; any integer for a single term."""
        if len(self.terms) == 1 and exponent:
            ((monomial, coefficient),) = self.terms.items()
            return Polynomial({raised(monomial, exponent): coefficient**exponent})
        out, square = Polynomial.constant(1), self
        while exponent:
            if exponent & 1:
                out = out * square
            exponent >>= 1
            if exponent:
                square = square * square
        return out

    def content(self) -> tuple[Fraction, Monomial, Polynomial]:
        """(number, monomial, primitive part): the common factor, and the rest with a positive
        first term.

        First means first in the sorted order of monomials, so that the primitive part is unique.
        """
        denominators = reduce(lcm, (c.denominator for c in self.terms.values()), 1)
        numerators = reduce(gcd, (int(c * denominators) for c in self.terms.values()), 0)
        number = Fraction(numerators, denominators)
        common = common_monomial(self.terms)
        inverse = raised(common, -1)
        # The sign is taken where the common monomial is gone, or f and -f would both be primitive.
        first = min(self.terms, key=lambda m: times(m, inverse))
        if self.terms[first] < 0:
            number = -number
        rest = Polynomial({times(m, inverse): c / number for m, c in self.terms.items()})
        return number, common, rest

    def generators(self) -> frozenset[int]:
        """The generators that occur."""
        return frozenset(index for monomial in self.terms for index, _ in monomial)


def times(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left:
        return right
    if not right:
        return left
    out = dict(left)
    for index, exponent in right:
        total = out.get(index, 0) + exponent
        if total:
            out[index] = total
        else:
            del out[index]
    return tuple(sorted(out.items()))


def raised(monomial: Monomial, exponent: int) -> Monomial:
    """A monomial to an integer power."""
    return tuple((index, e * exponent) for index, e in monomial) if exponent else ()


def common_monomial(monomials: Iterable[Monomial]) -> Monomial:
    """The largest monomial that divides all, exponents counted with their sign.

    >>> common_monomial([((0, 2), (1, -1)), ((0, 1),)])
    ((0, 1), (1, -1))
    """
    rows = [dict(m) for m in monomials]
    indices = sorted({i for row in rows for i in row})
    lowest = ((i, min(row.get(i, 0) for row in rows)) for i in indices)
    return tuple((i, e) for i, e in lowest if e)


class Ratio:
    """`numerator / prod(factor**exponent)`; factors are primitive with two or more terms.

    >>> x, one = Polynomial.generator(0), Polynomial.constant(1)
    >>> half = Ratio.of(one) / Ratio.of(x + one)
    >>> (half * Ratio.of(x + one)).numerator == one
    True
    """

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Polynomial, denominator: Mapping[Polynomial, int]) -> None:
        self.numerator = numerator
        self.denominator: Mapping[Polynomial, int] = denominator

    @staticmethod
    def of(numerator: Polynomial) -> Ratio:
        """A polynomial as a ratio."""
        return Ratio(numerator, {})

    def __add__(self, other: Ratio) -> Ratio:
        if not other.numerator:
            return self
        if not self.numerator:
            return other
        if self.denominator == other.denominator:
            return Ratio(self.numerator + other.numerator, self.denominator)
        common = dict(self.denominator)
        for factor, exponent in other.denominator.items():
            common[factor] = max(common.get(factor, 0), exponent)
        return Ratio(
            self._over(common) + other._over(common),
            common,
        )

    def _over(self, common: Mapping[Polynomial, int]) -> Polynomial:
        out = self.numerator
        for factor, exponent in common.items():
            missing = exponent - self.denominator.get(factor, 0)
            if missing:
                out = out * factor.power(missing)
        return out

    def __neg__(self) -> Ratio:
        return Ratio(-self.numerator, self.denominator)

    def __mul__(self, other: Ratio) -> Ratio:
        if not self.numerator or not other.numerator:
            return Ratio(Polynomial({}), {})
        denominator = dict(self.denominator)
        for factor, exponent in other.denominator.items():
            denominator[factor] = denominator.get(factor, 0) + exponent
        left, right = self.numerator, other.numerator
        # A numerator that is itself a factor of the denominator cancels: a/(b + c) * (b + c).
        for side in (left, right):
            if denominator and len(side.terms) > 1:
                number, monomial, primitive = side.content()
                if denominator.get(primitive, 0) > 0:
                    denominator[primitive] -= 1
                    rest = Polynomial({monomial: number})
                    left, right = (rest, right) if side is left else (left, rest)
        return Ratio(left * right, {f: e for f, e in denominator.items() if e})

    def inverse(self) -> Ratio:
        """1 / self; the caller has recorded that self is not zero."""
        number, monomial, primitive = self.numerator.content()
        head = Polynomial({raised(monomial, -1): 1 / number})
        for factor, exponent in self.denominator.items():
            head = head * factor.power(exponent)
        return Ratio(head, {primitive: 1} if len(primitive.terms) > 1 else {})

    def __truediv__(self, other: Ratio) -> Ratio:
        return self * other.inverse()

    def power(self, exponent: int) -> Ratio:
        """Integer power."""
        if exponent < 0:
            return self.inverse().power(-exponent)
        return Ratio(
            self.numerator.power(exponent),
            {f: e * exponent for f, e in self.denominator.items()} if exponent else {},
        )

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Ratio)
            and self.numerator == other.numerator
            and self.denominator == other.denominator
        )

    def __hash__(self) -> int:
        return hash((self.numerator, frozenset(self.denominator.items())))
