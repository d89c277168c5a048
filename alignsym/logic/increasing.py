"""Increasing transformations f = phi(g), phi' > 0, each with the hypotheses it needs.

    c + g;   c*g, c > 0;   c*exp(g);   c*log(g), g > 0;
    c*b**e  ->  b  (e > 0, b >= 0),   e*b  (b > 0);
    c*prod b_k**e_k  ->  sum e_k log b_k   (b_k >= 0; where one is zero, so is f)

Maximisers of g are those of f; multipliers of f are those of g times df/dg.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sympy as sp

from alignsym.model.relations import Expr, Region, Relation

STEPS = 6


@dataclass(frozen=True, slots=True)
class Increasing:
    """f = phi(inner) with phi increasing where `needs` hold; `factor` is df/d(inner).

    With `vanishing`, f is zero where inner is minus infinity, and the maximum must be positive.
    """

    inner: Expr
    factor: Expr
    needs: Region
    vanishing: bool


def increasing(f: Expr, variables: Iterable[sp.Symbol]) -> tuple[Increasing, ...]:
    """f itself, then what it is an increasing function of, one layer after the other.

    >>> x, a = sp.symbols("x a", positive=True)
    >>> [step.inner for step in increasing(3*sp.exp(a*sp.log(x)) + 1, [x])]
    [3*exp(a*log(x)) + 1, 3*exp(a*log(x)), a*log(x), x]
    """
    variables = tuple(variables)
    out = [Increasing(f, sp.S.One, (), False)]
    while len(out) < STEPS:
        last = out[-1]
        step = _layer(last.inner, variables)
        if step is None or step.inner == last.inner:
            return tuple(out)
        factor = last.factor * step.factor
        needs = (*last.needs, *step.needs)
        out.append(Increasing(step.inner, factor, needs, last.vanishing or step.vanishing))
    return tuple(out)


def _decreasing(
    f: Expr, c: Expr, part: Expr, variables: tuple[sp.Symbol, ...]
) -> Increasing | None:
    """c*h(g) with c < 0: increasing in -g where h increases, in g where h = g**e, e < 0."""
    zero = sp.S.Zero
    if isinstance(part, sp.exp):
        return Increasing(-part.args[0], -f, (), False)
    if isinstance(part, sp.log):
        inner = part.args[0]
        return Increasing(-inner, -c / inner, (Relation(inner, ">", zero),), False)
    if part.is_Pow and not part.exp.has(*variables):
        base, e = part.base, part.exp
        if e.is_Integer and e.is_even and not base.is_nonnegative:
            return None
        slope = c * e * base ** (e - 1)
        if e.is_positive:
            return Increasing(-base, -slope, (Relation(base, ">=", zero),), False)
        if e.is_negative:
            return Increasing(base, slope, (Relation(base, ">", zero),), False)
        return None
    return Increasing(-part, -c, (), False) if c != -1 and not part.is_Mul else None


def _layer(f: Expr, variables: tuple[sp.Symbol, ...]) -> Increasing | None:
    """The outermost operation taken off."""
    one = sp.S.One
    constant, moving = f.as_independent(*variables, as_Add=True)
    if constant != 0:
        return Increasing(moving, one, (), False)
    if moving.is_Add or not moving.has(*variables):
        return None
    c, part = moving.as_independent(*variables, as_Add=False)
    if c.is_negative:
        return _decreasing(f, c, part, variables)
    positive = () if c.is_positive else (Relation(c, ">", sp.S.Zero),)
    if isinstance(part, sp.exp):
        return Increasing(part.args[0], f, positive, False)
    if isinstance(part, sp.log):
        inner = part.args[0]
        return Increasing(inner, c / inner, (*positive, Relation(inner, ">", sp.S.Zero)), False)
    if part.is_Pow and not part.exp.has(*variables):
        base, e = part.base, part.exp
        slope = c * base ** (e - 1)
        if e.is_positive:
            needs = (*positive, Relation(base, ">=", sp.S.Zero))
            if e.is_Integer and e.is_even and not base.is_nonnegative:
                return None
            return Increasing(base, e * slope, needs, False)
        return Increasing(e * base, slope, (*positive, Relation(base, ">", sp.S.Zero)), False)
    if part.is_Mul:
        rows = [(b, e) for b, e in part.as_powers_dict().items()]
        if any(e.has(*variables) and b is not sp.E for b, e in rows):
            return None
        logs = [e if b is sp.E else e * sp.log(b) for b, e in rows]
        needed = [Relation(b, ">=", sp.S.Zero) for b, _ in rows if b is not sp.E]
        needed += [Relation(e, ">", sp.S.Zero) for b, e in rows if b is not sp.E]
        return Increasing(sp.Add(*logs), f, (*positive, *needed), True)
    if c != 1:
        return Increasing(part, c, positive, False)
    return None
