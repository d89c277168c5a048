"""Conditions in which Lambert's W occurs once, without it.

    W(z) >= t   <=>   z >= t*exp(t)         (z > 0)

For t > 0 both say the same because u*exp(u) increases there; for t <= 0 both are true.
"""

from __future__ import annotations

import sympy as sp

from alignsym.model.relations import Expr


def without_lambert(gap: Expr) -> Expr | None:
    """An expression with the sign of c*W(z) + rest, z > 0, c of one sign; None if it is no such.

    >>> a, c = sp.symbols("a c", positive=True)
    >>> without_lambert(sp.LambertW(a*sp.E) - 1)
    a - 1
    >>> without_lambert(1 - a - sp.LambertW(c*sp.exp(1 - a)))
    -a - c + 1
    """
    terms = [t for t in sp.Add.make_args(gap) if t.has(sp.LambertW)]
    if len(terms) != 1:
        return None
    coefficient, function = terms[0].as_independent(sp.LambertW, as_Add=False)
    if not isinstance(function, sp.LambertW) or len(function.args) != 1:
        return None
    (z,) = function.args
    if not z.is_positive or not (coefficient.is_positive or coefficient.is_negative):
        return None
    t = sp.expand(-(gap - terms[0]) / coefficient)
    if t.has(sp.LambertW):
        return None
    # z - t*exp(t), times exp(-t).
    found = sp.powsimp(sp.expand_power_exp(z) * sp.exp(-t)) - t
    apart = sp.expand_power_exp(z * sp.exp(sp.expand(-t)))
    found = min((found, apart - t), key=lambda e: e.count_ops())
    return found if coefficient.is_positive else -found
