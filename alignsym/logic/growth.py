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


def limit_along(f: Expr) -> Expr | None:
    """The limit as t -> oo of a constant and terms that fade: t**-k, exp(-k*t), 1/(a + b*t)**k.

    None where a term is of another kind, or none fades.

    >>> a = sp.Symbol("a", positive=True)
    >>> limit_along(a - 2/T + sp.exp(-3*T)), limit_along(-a/(1 + T)), limit_along(a*T)
    (a, 0, None)
    """
    limit, fades = sp.S.Zero, False
    for term in sp.Add.make_args(sp.expand_mul(f)):
        if not term.has(T):
            limit += term
        elif _fades(term):
            fades = True
        else:
            return None
    return limit if fades else None


def _fades(term: Expr) -> bool:
    """A product with a factor that tends to zero and none that grows."""
    found = False
    for factor in sp.Mul.make_args(term):
        if not factor.has(T):
            continue
        base, exponent = factor.as_base_exp()
        if base is sp.E:
            slope = sp.diff(exponent, T)
            fine = not slope.has(T) and bool(slope.is_negative)
        else:
            grown = base == T or (base.is_Add and grows(base))
            fine = grown and bool(exponent.is_negative) and not exponent.has(T)
        if not fine:
            return False
        found = True
    return found
