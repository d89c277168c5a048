"""Sums of equal powers: constant elasticity of substitution.

    S = sum c_i u_i**r,   c_i >= 0,   u_i affine,   r <= 1, r != 0

S**(1/r) is concave and homogeneous, hence c*S**(t/r) concave for c >= 0 and 0 <= t <= 1, and
log S = r*log S**(1/r) concave for r > 0, convex for r < 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.verify.context import Context


@dataclass(frozen=True, slots=True)
class CesSum:
    """S = sum c_i u_i**r with c_i >= 0, u_i affine and nonnegative (positive if r < 0), r <= 1.

    S**(1/r) is then concave and homogeneous (Arrow, Chenery, Minhas and Solow 1961), so that
    log S = r*log S**(1/r) is concave for r > 0 and convex for r < 0.
    """

    coefficients: tuple[Expr, ...]
    forms: tuple[Expr, ...]
    exponent: Expr


def ces(total: Expr, context: Context) -> CesSum | None:
    """The sum as CES, if it is one.

    >>> from alignsym.model.relations import Relation
    >>> x, y, r = sp.Symbol("x", positive=True), sp.Symbol("y", positive=True), sp.Symbol("r")
    >>> below = Relation(r, "<", sp.S.Zero)
    >>> ces(2*x**r + y**r, Context([x, y], (below,))).forms
    (x, y)
    """
    rows = []
    for term in sp.Add.make_args(total):
        coefficient, part = term.as_independent(*context.variables, as_Add=False)
        base, exponent = part.as_base_exp()
        if not context.depends(part) or context.depends(exponent) or not context.affine(base):
            return None
        rows.append((coefficient, base, exponent))
    rows.sort(key=lambda row: str(row[1]))
    exponent = rows[0][2]
    if len(rows) < 2 or exponent == 1 or any(sp.expand(e - exponent) != 0 for _, _, e in rows):
        return None
    sign = ">" if not context.holds(exponent, ">") else ">="
    shown = (
        context.holds(1 - exponent, ">=")
        and context.holds(exponent, "!=")
        and all(context.holds(c, ">=") and context.holds(b, sign) for c, b, _ in rows)
    )
    if not shown:
        return None
    return CesSum(tuple(c for c, _, _ in rows), tuple(b for _, b, _ in rows), exponent)


def ces_curved(coefficient: Expr, part: Expr, context: Context, side: int) -> bool:
    """c*log S and c*S**e for a CES sum S: concave (side 1) or convex (side -1)."""
    if isinstance(part, sp.log):
        found = ces(part.args[0], context)
        return found is not None and context.holds(side * coefficient * found.exponent, ">=")
    if not part.is_Pow or context.depends(part.exp):
        return False
    found = ces(part.base, context)
    if found is None or not context.holds(side * coefficient, ">="):
        return False
    order = sp.cancel(found.exponent * part.exp)
    return context.holds(order, ">=") and context.holds(1 - order, ">=")
