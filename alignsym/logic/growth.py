"""Along a ray: how fast an expression grows or fades as t -> oo, and with which coefficient.

    f(t) = c * exp(r*t) * t**p * log(t)**l * (1 + o(1)),     (r, p, l) its order

(Hardy 1910, orders of infinity).  Sums have the order of their largest term, products add orders,
and log, exp, |.|, min, max and cases are followed where the sign of the coefficient inside is
known.  Whatever else is met has no order here: nothing is then said.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import sympy as sp

from alignsym.model.relations import Expr

T = sp.Dummy("t", positive=True)

Order: TypeAlias = tuple[Expr, Expr, int]
CONSTANT: Order = (sp.S.Zero, sp.S.Zero, 0)


@dataclass(frozen=True, slots=True)
class Growth:
    """c * exp(r*t) * t**p * log(t)**l; the coefficient c may vanish for some parameters, and then
    the growth is smaller."""

    coefficient: Expr
    order: Order

    @property
    def above(self) -> int | None:
        """1 where f grows without bound or falls so, 0 where it tends to a number, -1 where it
        fades; None where that is not known."""
        return compared(self.order, CONSTANT)

    @property
    def sign(self) -> int:
        """Of f for large t: 1 or -1; 0 where the coefficient's sign is not known by assumption."""
        if self.coefficient.is_positive:
            return 1
        return -1 if self.coefficient.is_negative else 0


def leading(f: Expr) -> Expr | None:
    """The coefficient of f as t -> oo, if f grows where that is not zero; None if it does not, or
    if its order is not known.

    >>> a = sp.Symbol("a")
    >>> leading(a*T**2 - 3*T), leading(a*sp.log(T + 1) - 5), leading(sp.Integer(3))
    (a, a, None)
    >>> leading(a*sp.exp(2*T) - T**5), leading(T/(T + 1) + 3*sp.log(T)), leading(sp.Max(T - a, 0))
    (a, 3, 1)
    """
    found = growth(sp.expand(f))
    return None if found is None or found.above != 1 else found.coefficient


def grows(u: Expr) -> bool:
    """u = a + b*t with b positive."""
    slope = sp.diff(u, T)
    return not slope.has(T) and bool(slope.is_positive)


def limit_along(f: Expr) -> Expr | None:
    """The limit as t -> oo, where f has one that is finite and f is not constant; else None.

    >>> a = sp.Symbol("a", positive=True)
    >>> limit_along(a - 2/T + sp.exp(-3*T)), limit_along(-a/(1 + T)), limit_along(a*T)
    (a, 0, None)
    >>> limit_along(a*T/(T + 1) + 2)
    a + 2
    """
    fixed, moving = sp.expand_mul(f).as_independent(T, as_Add=True)
    found = growth(moving) if moving != 0 else None
    if found is None or found.above not in (0, -1):
        return None
    return fixed + found.coefficient if found.above == 0 else fixed


def compared(one: Order, two: Order) -> int | None:
    """1, 0 or -1 as the first order is larger, equal or smaller; None where that is not known.

    >>> a = sp.Symbol("a", positive=True)
    >>> compared((-a, sp.S.One, 0), CONSTANT), compared((1 - a, sp.S.One, 0), CONSTANT)
    (-1, None)
    """
    for gap in (one[0] - two[0], one[1] - two[1], sp.Integer(one[2] - two[2])):
        if gap.is_positive:
            return 1
        if gap.is_negative:
            return -1
        if not gap.is_zero:
            return None
    return 0


@lru_cache(maxsize=1024)
def growth(f: Expr) -> Growth | None:
    """Coefficient and order of f as t -> oo; None where they are not known.

    >>> growth((T + 1)/sp.sqrt(T)*sp.exp(-T))
    Growth(coefficient=1, order=(-1, 1/2, 0))
    """
    if not f.has(T):
        return Growth(f, CONSTANT)
    if f == T:
        return Growth(sp.S.One, (sp.S.Zero, sp.S.One, 0))
    if f.is_Add:
        return _of_sum(f)
    if f.is_Mul:
        return _of_product(f)
    if isinstance(f, sp.exp):
        return _of_exponential(f.args[0])
    if f.is_Pow:
        return _of_power(f)
    if isinstance(f, sp.log):
        return _of_logarithm(f.args[0])
    if isinstance(f, (sp.Abs, sp.Max, sp.Min, sp.Piecewise)):
        branch = _branch(f)
        return None if branch is None else growth(branch)
    return None


def _of_sum(f: Expr) -> Growth | None:
    together: dict[Order, Expr] = {}
    for term in f.args:
        found = growth(term)
        if found is None:
            return None
        together[found.order] = together.get(found.order, sp.S.Zero) + found.coefficient
    top, *others = together
    for order in others:
        larger = compared(order, top)
        if larger is None:
            return None
        top = order if larger == 1 else top
    total = sp.expand(together[top])
    if total != 0 or top == CONSTANT:
        return Growth(total, top)
    # The largest terms cancel: what is left is seen over one denominator, if anywhere.
    if not f.is_rational_function(T):
        return None
    numerator, denominator = sp.cancel(sp.together(f)).as_numer_denom()
    parts = sp.Poly(numerator, T), sp.Poly(denominator, T)
    if not parts[1].LC().is_nonzero or parts[0].is_zero:
        return None
    degree = parts[0].degree() - parts[1].degree()
    return Growth(parts[0].LC() / parts[1].LC(), (sp.S.Zero, sp.Integer(degree), 0))


def _of_product(f: Expr) -> Growth | None:
    coefficient: Expr = sp.S.One
    rate, power, logs = CONSTANT
    for factor in f.args:
        found = growth(factor)
        if found is None:
            return None
        coefficient *= found.coefficient
        rate, power = rate + found.order[0], power + found.order[1]
        logs += found.order[2]
    return Growth(coefficient, (rate, power, logs))


def _of_power(f: Expr) -> Growth | None:
    base, exponent = f.base, f.exp
    found = growth(base)
    if found is None or exponent.has(T) or not exponent.is_real:
        return None
    rate, power, logs = found.order
    if not exponent.is_positive and not found.coefficient.is_nonzero:
        return None
    if not exponent.is_Integer and (found.sign != 1 or logs):
        return None
    order = rate * exponent, power * exponent, int(logs * exponent) if logs else 0
    return Growth(found.coefficient**exponent, order)


def _of_logarithm(u: Expr) -> Growth | None:
    found = growth(u)
    if found is None or found.sign != 1:
        return None
    rate, power, logs = found.order
    if found.order == CONSTANT:
        return Growth(sp.log(found.coefficient), CONSTANT)
    if rate.is_nonzero:
        return Growth(rate, (sp.S.Zero, sp.S.One, 0))
    return Growth(power, (sp.S.Zero, sp.S.Zero, 1)) if power.is_nonzero and not logs else None


def _of_exponential(u: Expr) -> Growth | None:
    slope = sp.diff(u, T)
    if not slope.has(T):
        rest = sp.exp(sp.expand(u - slope * T))
        return None if rest.has(T) else Growth(rest, (slope, sp.S.Zero, 0))
    found = growth(sp.expand(u))
    if found is None or found.above not in (0, -1):
        return None
    return Growth(sp.exp(found.coefficient) if found.above == 0 else sp.S.One, CONSTANT)


def _branch(f: Expr) -> Expr | None:
    """What |u|, min, max or cases are for large t; None where that is not known."""
    if isinstance(f, sp.Abs):
        sign = _sign(f.args[0])
        return sign * f.args[0] if sign else None
    if isinstance(f, sp.Piecewise):
        for value, condition in f.args:
            holds = _is_true(condition)
            if holds is None:
                return None
            if holds:
                return value
        return None
    first, *others = f.args
    for other in others:
        sign = _sign(other - first)
        if sign is None:
            return None
        first = other if (sign == 1) == isinstance(f, sp.Max) else first
    return first


def _sign(e: Expr) -> int | None:
    found = growth(sp.expand(e))
    return None if found is None or found.sign == 0 else found.sign


def _is_true(condition: Expr) -> bool | None:
    """Whether it holds for all large t; None where that is not known."""
    if condition in (sp.true, sp.false):
        return condition is sp.true
    if not isinstance(condition, sp.core.relational.Relational):
        return None
    sign = _sign(condition.lhs - condition.rhs)
    if sign is None:
        return None
    if isinstance(condition, (sp.Eq, sp.Ne)):
        return isinstance(condition, sp.Ne)
    return (sign == 1) == isinstance(condition, (sp.Gt, sp.Ge))
