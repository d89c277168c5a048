"""The exact zero test: the normal form of sums of products of powers, logs and exponentials.

Zero there is zero everywhere the expression is defined: a proof.  Not zero there is only "not
shown", since generators are treated as independent.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import sympy as sp

from alignsym.logic.abstraction import Abstraction
from alignsym.logic.generators import NotRealError
from alignsym.logic.levels import is_rational, zero_by_levels
from alignsym.logic.polynomials import Polynomial, Ratio, TooLargeError
from alignsym.logic.rooted import with_roots_named
from alignsym.model.relations import Region


@lru_cache(maxsize=4096)
def is_identically_zero(expression: sp.Expr, given: Region = ()) -> bool:
    """True if the expression is shown to be zero wherever it is defined and `given` holds; False
    if that is not shown.

    >>> a, b, r = sp.symbols("a b r", positive=True)
    >>> is_identically_zero(sp.sqrt(a*b) - sp.sqrt(a)*sp.sqrt(b))
    True
    >>> is_identically_zero(sp.log(a/b) - sp.log(a) + sp.log(b))
    True
    >>> is_identically_zero(a - b)
    False
    >>> from alignsym.model.relations import Relation
    >>> is_identically_zero(sp.log((a - b)/r) - sp.log(a - b) + sp.log(r), (Relation(a, ">", b),))
    True
    """
    if expression is sp.S.Zero:
        return True
    # Of sums and products of symbols the assumptions know nothing that the normal form does not.
    if not is_rational(expression) and expression.is_zero:
        return True
    nested = zero_by_levels(expression)
    if nested is not None:
        return nested
    if _vanishes(expression, given):
        return True
    named = with_roots_named(expression)
    return named is not None and _vanishes(named, ())


def _vanishes(expression: sp.Expr, given: Region) -> bool:
    try:
        work = Abstraction([expression], given)
        ratio, _ = work.rewrite(expression)
        return not reduce_roots(ratio.numerator, work).terms
    except (NotRealError, TooLargeError):
        return False


def reduce_roots(polynomial: Polynomial, work: Abstraction) -> Polynomial:
    """The polynomial with t**degree replaced by its argument for every root, denominators cleared.

    Clearing multiplies by nonzero quantities only, so a zero result means zero.
    """
    out = _without_negative(polynomial)
    for index, generator in enumerate(work.generators):
        if generator.kind != "root" or generator.argument is None:
            continue
        total = Ratio.of(Polynomial({}))
        changed = False
        for monomial, coefficient in out.terms.items():
            exponent = dict(monomial).get(index, 0)
            whole, rest = divmod(exponent, generator.degree)
            changed = changed or whole > 0
            kept = tuple((i, e) for i, e in monomial if i != index)
            term = Ratio.of(Polynomial({kept: coefficient}) * Polynomial.generator(index, rest))
            total = total + term * generator.argument.power(whole)
        if changed:
            out = _without_negative(total.numerator)
    return out


def _without_negative(polynomial: Polynomial) -> Polynomial:
    """Multiplied by the smallest monomial that makes all exponents nonnegative."""
    lowest: dict[int, int] = {}
    for monomial in polynomial.terms:
        for index, exponent in monomial:
            lowest[index] = min(lowest.get(index, 0), exponent)
    shift = tuple(sorted((i, -e) for i, e in lowest.items() if e))
    return polynomial * Polynomial({shift: Fraction(1)}) if shift else polynomial
