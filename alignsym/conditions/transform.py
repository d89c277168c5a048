"""Increasing transformations: maximise g in place of f = phi(g), phi' > 0.

    c * prod b_i**e_i (c, b_i > 0)  ->  sum e_i log b_i          df = f * dg
    b**e with b a sum               ->  e*b                      df = b**(e - 1) * dg

The multipliers of f are those of g times the factor on the right.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from alignsym.model.relations import Expr


def transformed(objective: Expr, variables: Iterable[sp.Symbol]) -> tuple[Expr, Expr]:
    """(g, factor) with d objective = factor * dg; (objective, 1) where no rule fits.

    >>> x, y, a = sp.symbols("x y a", positive=True)
    >>> transformed(x**a*y, [x, y])
    (a*log(x) + log(y), x**a*y)
    >>> transformed(x*(1 - x), [x]), transformed(a*sp.log(x + 1), [x])
    ((x*(1 - x), 1), (a*log(x + 1), 1))
    """
    variables = set(variables)
    constant, rest = objective.as_independent(*variables, as_Add=False)
    if not constant.is_positive or rest == 1:
        return objective, sp.S.One
    powers = [factor.as_base_exp() for factor in sp.Mul.make_args(rest)]
    if len(powers) == 1:
        base, exponent = powers[0]
        if base.is_Add and base is not sp.E and not exponent.is_Integer:
            if exponent.free_symbols & variables:
                return objective, sp.S.One
            return exponent * base, constant * base ** (exponent - 1)
        if not (isinstance(objective, sp.Mul) and base.is_Add):
            return objective, sp.S.One  # c*log(1 + x) is no product of choices
    if any(e.free_symbols & variables or b is sp.E or b.has(sp.exp) for b, e in powers):
        return objective, sp.S.One
    # Concave quadratics such as x*(a - x) have linear conditions already: leave them.
    if (
        objective.is_polynomial(*variables)
        and sp.Poly(objective, *sorted(variables, key=str)).total_degree() <= 2
    ):
        return objective, sp.S.One
    # The logarithm needs every base positive: x**2*y with a real x has maxima at negative x too.
    if any(not (b.is_nonnegative or b.is_Add) for b, _ in powers):
        return objective, sp.S.One
    return sp.Add(*(e * sp.log(b) for b, e in powers)), objective
