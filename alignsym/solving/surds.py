"""Conditions between two terms with roots, without them.

1 - sqrt(m)*sqrt(p) >= 0   ->   1 - m*p >= 0,
sqrt(a**2 + b**2) - r >= 0   ->   a**2 + b**2 - r**2 >= 0        (r > 0)
"""

from __future__ import annotations

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.tidy import without_common


def without_surds(gap: Expr) -> Expr:
    """A - B with the sign of a - b where A = a**(1/q), B = b**(1/q) are positive products.

    1 - sqrt(m)*sqrt(p) has the sign of 1 - m*p.
    """
    if len(gap.args) != 2:
        return gap
    (plus, minus) = sorted(gap.args, key=lambda t: t.could_extract_minus_sign())
    minus = -minus
    if minus.is_positive and not plus.is_positive and _is_norm(plus):
        return sp.expand(plus**2 - minus**2)
    if not (plus.is_positive and minus.is_positive):
        return gap
    degrees = [p.exp.q for p in gap.atoms(sp.Pow) if p.exp.is_Rational and not p.exp.is_Integer]
    if not degrees or any(not p.exp.is_Rational for p in gap.atoms(sp.Pow)):
        return gap
    degree = sp.ilcm(1, *degrees)
    a, b = (sp.expand_power_base(side**degree) for side in (plus, minus))
    if a.has(sp.Add) or b.has(sp.Add):
        return gap
    common = without_common((a, -b))
    return sp.Add(*common)


def _is_norm(e: Expr) -> bool:
    """Whether e is a nonnegative number times the root of something that is nowhere negative."""
    coefficient, root = e.as_coeff_Mul()
    half = root.is_Pow and root.exp == sp.S.Half
    return bool(half and coefficient.is_positive and root.base.is_nonnegative)
