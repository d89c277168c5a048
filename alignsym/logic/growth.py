"""Along a ray: the term of highest order as t grows, and slacks that stay nonnegative."""

from __future__ import annotations

import sympy as sp

from alignsym.model.relations import Expr

T = sp.Dummy("t", positive=True)


def leading(f: Expr) -> Expr | None:
    """The coefficient of the term of highest order as t -> oo: exp(k*t), then t**k, then log t.

    None if a term is of another kind, if two exponentials compete, or if nothing grows.

    >>> a = sp.Symbol("a")
    >>> leading(a*T**2 - 3*T), leading(a*sp.log(T + 1) - 5), leading(sp.Integer(3))
    (a, a, None)
    >>> leading(a*sp.exp(2*T) - T**5)
    a
    """
    orders: dict[tuple[Expr, Expr, int], Expr] = {}
    exponentials = 0
    for term in sp.Add.make_args(sp.expand(f)):
        coefficient, part = term.as_independent(T, as_Add=False)
        base, exponent = part.as_base_exp()
        key: tuple[Expr, Expr, int] | None = None
        if part == 1:
            key = (sp.S.Zero, sp.S.Zero, 0)
        elif base == T and exponent.is_number:
            key = (sp.S.Zero, exponent, 0)
        elif base is sp.E and sp.diff(exponent, T).is_number and sp.diff(exponent, T) > 0:
            rate = sp.diff(exponent, T)
            key = (rate, sp.S.Zero, 0)
            coefficient *= sp.exp(sp.expand(exponent - rate * T))
            exponentials += 1
        elif isinstance(part, sp.log) and grows(part.args[0]):
            key = (sp.S.Zero, sp.S.Zero, 1)
        if key is None:
            return None
        orders[key] = orders.get(key, sp.S.Zero) + coefficient
    top = max(orders)
    return orders[top] if top > (sp.S.Zero, sp.S.Zero, 0) and exponentials < 2 else None


def grows(u: Expr) -> bool:
    """u = a + b*t with b positive."""
    slope = sp.diff(u, T)
    return not slope.has(T) and bool(slope.is_positive)
