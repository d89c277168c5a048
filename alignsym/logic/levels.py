"""Nested quotients are zero level by level: sums in denominators get names, outer ones open first.

    a*w/(A*P) + b*v/(B*P) - 1,    P = a*w/A + b*v/B,   A = a + c,   B = b + d

is a sum of three products in A, B, P; times P, with P opened, nothing is left.  Over one common
denominator the same would be thousands of terms.  Names stand for what is not zero wherever the
expression is defined, so that zero here is zero there.
"""

from __future__ import annotations

import sympy as sp

from alignsym.logic.abstraction import Abstraction
from alignsym.logic.generators import NotRealError
from alignsym.logic.polynomials import Polynomial, TooLargeError

Names = dict[sp.Expr, sp.Symbol]


def zero_by_levels(expression: sp.Expr) -> bool | None:
    """Whether a rational expression is zero wherever it is defined; None if it is no such
    expression or not nested, or too large.

    >>> a, b, w, v = sp.symbols("a b w v", positive=True)
    >>> p = a*w/(a + b) + b*v/(a + v)
    >>> zero_by_levels(a*w/((a + b)*p) + b*v/((a + v)*p) - 1)
    True
    >>> zero_by_levels(a*w/((a + b)*p) - 1)
    False
    """
    names: Names = {}
    named = _named(expression, names)
    if len(names) < 2 or not is_rational(expression):
        return None
    work = Abstraction([])
    try:
        polynomial = _polynomial(named, work)
        for definition, symbol in reversed(names.items()):
            if not polynomial.terms:
                break
            polynomial = _opened(polynomial, symbol, definition, work)
        return not polynomial.terms
    except (NotRealError, TooLargeError):
        return None


def is_rational(expression: sp.Expr) -> bool:
    """Sums, products and whole powers of symbols and rational numbers alone."""
    if expression.is_Symbol or expression.is_Rational:
        return True
    if expression.is_Pow:
        return bool(expression.exp.is_Integer) and is_rational(expression.base)
    return bool(expression.is_Add or expression.is_Mul) and all(map(is_rational, expression.args))


def _named(e: sp.Expr, names: Names) -> sp.Expr:
    """The expression with sums under negative powers as symbols; inner ones are named first."""
    if e.is_Atom:
        return e
    if e.is_Pow and e.exp.is_Integer and e.exp.is_negative and e.base.is_Add:
        base = _named(e.base, names)
        symbol = names.setdefault(base, sp.Dummy(f"n{len(names)}", real=True))
        return symbol**e.exp
    return e.func(*(_named(a, names) for a in e.args))


def _polynomial(e: sp.Expr, work: Abstraction) -> Polynomial:
    """The Laurent polynomial; raises TooLargeError where a denominator was not named."""
    ratio, _ = work.rewrite(e)
    if ratio.denominator:
        raise TooLargeError("a sum is left in a denominator")
    return ratio.numerator


def _opened(
    polynomial: Polynomial, symbol: sp.Symbol, definition: sp.Expr, work: Abstraction
) -> Polynomial:
    """The polynomial times a power of the symbol, with the definition put in."""
    ((monomial, _),) = _polynomial(symbol, work).terms.items()
    ((index, _),) = monomial
    powers = [dict(m).get(index, 0) for m in polynomial.terms]
    lowest = min(powers)
    if lowest == max(powers):
        return polynomial  # a common factor
    inside = _polynomial(definition, work)
    total = Polynomial({})
    rows: dict[int, Polynomial] = {}
    for m, coefficient in polynomial.terms.items():
        exponent = dict(m).get(index, 0) - lowest
        rest = tuple((i, e) for i, e in m if i != index)
        rows[exponent] = rows.get(exponent, Polynomial({})) + Polynomial({rest: coefficient})
    for exponent, part in rows.items():
        total = total + part * inside.power(exponent)
    return total
