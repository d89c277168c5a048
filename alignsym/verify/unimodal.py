"""One variable: the derivative changes sign at most once, from plus to minus.

    f'(x) = P(x)*h(x),  P > 0 and h' < 0 on an interval

f is then strictly pseudoconcave there, and a point with P > 0 that satisfies the conditions of Kuhn
and Tucker is the only maximiser (Mangasarian 1969, theorem 10.1.1).  Monopoly profits under
constant-elasticity and logit demand are of this kind without being concave.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import sympy as sp

from alignsym.logic.decide import implies
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region
from alignsym.verify.context import Context

SIZE_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Falling:
    """f' = positive*falling, positive > 0 and falling' < 0 inside the interval."""

    positive: Expr
    falling: Expr


def falling_derivative(f: Expr, variable: sp.Symbol, premises: Region) -> Falling | None:
    """A factorisation of f' of that kind; None if none is found.

    `premises` cut out an interval of the variable; they are opened here, for at its ends the
    derivative need not exist.

    >>> from alignsym.model.relations import Relation
    >>> p, c, e = sp.symbols("p c e", positive=True)
    >>> found = falling_derivative((p - c)*p**(-e), p, (Relation(e, ">", sp.S.One),))
    >>> found.falling
    c*e - e*p + p
    """
    inside = tuple(r.tightened() if r.gap.has(variable) else r for r in premises)
    context = Context((variable,), inside)
    slope = sp.diff(f, variable)
    if slope.count_ops() > SIZE_LIMIT or slope.has(sp.Heaviside, sp.sign, sp.Piecewise, sp.Abs):
        return None
    if not all(implies(inside, r).is_proof for r in natural_domain(slope)):
        return None
    for form in _forms(slope):
        positive, rest = _without_positive(form, context)
        if not rest.has(variable):
            continue  # f is strictly monotone, and a constant does not fall
        for scale, h in _scaled(rest, context):
            if context.holds(sp.diff(h, variable), "<"):
                return Falling(positive * scale, h)
    return None


def _forms(slope: Expr) -> list[Expr]:
    out = [sp.powsimp(sp.factor_terms(sp.together(slope)))]
    with suppress(sp.PolynomialError, NotImplementedError):
        out.append(sp.factor(sp.together(slope)))
    return list(dict.fromkeys(out))


def _without_positive(form: Expr, context: Context) -> tuple[Expr, Expr]:
    """(P, rest) with form = P*rest and P positive."""
    positive: list[Expr] = []
    kept: list[Expr] = []
    for factor in sp.Mul.make_args(form):
        if factor.is_positive or context.holds(factor, ">"):
            positive.append(factor)
        elif context.holds(factor, "<"):
            positive.append(-factor)
            kept.append(sp.S.NegativeOne)
        else:
            kept.append(factor)
    return sp.Mul(*positive), sp.Mul(*kept)


def _scaled(h: Expr, context: Context) -> list[tuple[Expr, Expr]]:
    """(1, h), and (part, h/part) for the part with the variable of each term that is positive."""
    (v,) = context.variables
    terms = sp.Add.make_args(sp.expand(h))
    out = [(sp.S.One, sp.Add(*terms))]
    for term in terms:
        part = term.as_independent(v, as_Add=False)[1]
        if part != 1 and part.has(v) and (part.is_positive or context.holds(part, ">")):
            out.append((part, sp.Add(*(sp.powsimp(t / part) for t in terms))))
    return list(dict.fromkeys(out))
