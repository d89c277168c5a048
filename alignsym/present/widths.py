"""About how wide a formula is set, in characters: what fits a row, and what is broken or displayed.

A product is as wide as its factors and a sum as its terms with their signs; a quotient is as wide
as its wider part.  Read off the expression itself: printing it to measure it costs what writing it
costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, singledispatch

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.present.passages import Formula
from alignsym.present.words import powers_of_ten

SIGN = 3  # a sign between two terms, with the space around it
BRACKETS = 2  # around a sum
ROOT = 2  # its sign, wider than a letter


def length(row: Formula) -> int:
    """The width of a formula with its signs.

    >>> x, y = sp.symbols("x y")
    >>> length(Formula((x, "=", y + 1)))
    9
    """
    return sum(len(p) + 2 if isinstance(p, str) else width(p) for p in row.parts)


def length_of(parts: Iterable[Expr | str]) -> int:
    """The width of a formula of these parts."""
    return length(Formula(tuple(parts)))


@lru_cache(maxsize=4096)  # a row that is broken is measured term by term
def width(e: Expr) -> int:
    """The width of an expression.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> width(a + b), width((a + b)/(a*b)), width(sp.log(a + b)), width(a**2)
    (5, 7, 10, 2)
    """
    return _width(e)


@singledispatch
def _width(e: sp.Basic) -> int:
    """A function with its arguments, or whatever else is written with its name."""
    name = len(type(e).__name__) if not isinstance(e, sp.Tuple) else 0
    return name + BRACKETS + _apart(e.args) if e.args else len(str(e))


def _apart(args: Iterable[sp.Basic]) -> int:
    widths = [width(a) for a in args]
    return sum(widths) + 2 * max(len(widths) - 1, 0)


@_width.register
def _(e: sp.Symbol) -> int:
    return len(e.name.replace("[", "").replace("]", ""))


@_width.register
def _(e: sp.Integer) -> int:
    head, zeros = powers_of_ten(int(e))
    return len(str(head)) + (len(f"10{zeros}") if zeros else 0)


@_width.register
def _(e: sp.Rational) -> int:
    return max(len(str(e.p)), len(str(e.q)))


@_width.register
def _(e: sp.Add) -> int:
    minus = sum(1 for t in e.args if t.could_extract_minus_sign())
    return sum(width(t) + SIGN for t in e.args) - SIGN - minus


@_width.register
def _(e: sp.Mul) -> int:
    above = below = 0
    for factor in e.args:
        if isinstance(factor, sp.Rational):
            minus = int(bool(factor < 0))
            above += 0 if abs(factor.p) == 1 else len(str(abs(factor.p)))
            above, below = above + minus, below + (0 if factor.q == 1 else len(str(factor.q)))
        elif isinstance(factor, sp.Pow) and _is_negative(factor.exp):
            below += _power(factor.base, -factor.exp)
        else:
            above += width(factor) + (BRACKETS if factor.is_Add else 0)
    return max(above, below)


@_width.register
def _(e: sp.Pow) -> int:
    if _is_negative(e.exp):
        return max(1, _power(e.base, -e.exp))
    return _power(e.base, e.exp)


def _power(base: Expr, exponent: Expr) -> int:
    if exponent == 1:
        return width(base) + (BRACKETS if base.is_Add else 0)
    if exponent == sp.S.Half:
        return width(base) + ROOT
    return width(base) + width(exponent) + (BRACKETS if base.is_Add or base.is_Mul else 0)


def _is_negative(exponent: Expr) -> bool:
    return bool(exponent.is_negative)


@_width.register
def _(e: sp.Piecewise) -> int:
    otherwise = len("otherwise")
    said = (
        width(value) + (otherwise if where is sp.true else len("for") + width(where))
        for value, where in e.args
    )
    return max(said) + 2 * SIGN


@_width.register
def _(e: sp.Derivative) -> int:
    return 1 + max(width(e.expr), width(e.variables[0]))  # a fraction


@_width.register
def _(e: sp.core.relational.Relational) -> int:
    return width(e.lhs) + SIGN + width(e.rhs)


@_width.register
def _(e: sp.Indexed) -> int:
    return len(str(e.base)) + sum(width(i) for i in e.indices)


__all__ = ["length", "length_of", "width"]
