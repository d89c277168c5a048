"""Sums under roots as powers of symbols of their own: e + 2 = s**2, and e = s**2 - 2 elsewhere.

    sqrt(4 + sqrt(f + 2)/sqrt(e + 2))  and  sqrt(4*e + 8 + sqrt(e + 2)*sqrt(f + 2))

are the same root up to sqrt(e + 2): seen as polynomials in s and t with e + 2 = s**2, f + 2 = t**2,
not as polynomials in e, f and roots.  The sum is positive by its signs, so s may be any positive
number, and what vanishes for every s and t does for every e and f.
"""

from __future__ import annotations

import sympy as sp

from alignsym.logic.signs import made_of_positive


def with_roots_named(expression: sp.Expr) -> sp.Expr | None:
    """The expression in terms of roots of its positive sums; None where there is no such sum.

    >>> e = sp.Symbol("e", positive=True)
    >>> named = with_roots_named(sp.sqrt(8*e + 16)*e)
    >>> (s,) = named.free_symbols
    >>> sp.expand(named.xreplace({s: sp.Symbol("s", positive=True)}))
    2*sqrt(2)*s**3 - 4*sqrt(2)*s
    """
    degrees: dict[sp.Expr, int] = {}
    for power in expression.atoms(sp.Pow):
        exponent = power.exp
        if exponent.is_Rational and not exponent.is_Integer and power.base.is_Add:
            _, whole = power.base.primitive()
            if made_of_positive(whole):
                degrees[whole] = int(sp.ilcm(degrees.get(whole, 1), exponent.q))
    table: dict[sp.Expr, sp.Expr] = {}
    for whole in sorted(degrees, key=lambda e: (e.count_ops(), str(e))):
        if whole.free_symbols & set(table):
            continue
        for v in sorted(whole.free_symbols, key=str):
            slope = sp.diff(whole, v)
            if slope.is_Rational and slope != 0:
                s = sp.Dummy("s", positive=True)
                table[v] = (s ** degrees[whole] - (whole - slope * v)) / slope
                break
    return expression.xreplace(table) if table else None
