"""How long an expression is, and whether it is multiplied out: asked again of the same ones."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from alignsym.model.relations import Expr


@lru_cache(maxsize=4096)
def operations(e: Expr) -> int:
    """The number of operations, as SymPy counts them.

    >>> x = sp.Symbol("x")
    >>> operations(2 * x + 1)
    2
    """
    return int(e.count_ops())


def is_multiplied_out(e: Expr) -> bool:
    """A sum of rationals times symbols to whole positive powers: nothing to expand or to cancel.

    >>> x, y = sp.symbols("x y")
    >>> [is_multiplied_out(e) for e in (2 * x**2 * y - y / 3, x / y, x * (x + 1))]
    [True, False, False]
    """
    return all(
        f.is_Rational or f.is_Symbol or (f.is_Pow and f.base.is_Symbol and _is_whole(f.exp))
        for term in sp.Add.make_args(e)
        for f in sp.Mul.make_args(term)
    )


def _is_whole(exponent: Expr) -> bool:
    return bool(exponent.is_Integer and exponent > 0)
