"""Numbers of expressions, by arithmetic that is neither SymPy's nor the engine's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import mpmath
import pytest
import sympy as sp

from alignsym.model.relations import Relation

mp = mpmath.mp.clone()
mp.dps = 50
TIE = mp.mpf("1e-35")


class Undefined(ArithmeticError):
    """The expression is no real number there."""


@pytest.fixture(scope="session")
def evaluate() -> Callable[..., mpmath.mpf | None]:
    """The value of an expression at a point, or None where it is not a real number."""

    def value(e: sp.Expr, point: Mapping[sp.Symbol, Fraction]) -> mpmath.mpf | None:
        try:
            return number(e, point)
        except Undefined:
            return None

    return value


@pytest.fixture(scope="session")
def true_at() -> Callable[..., bool | None]:
    """Whether a relation is defined and true at a point; None where rounding could decide."""
    return holds


def number(e: sp.Expr, point: Mapping[sp.Symbol, Fraction]) -> mpmath.mpf:
    """The real value, or Undefined."""
    if e.is_Symbol:
        return mp.mpf(point[e].numerator) / point[e].denominator
    if e.is_Rational:
        return mp.mpf(int(e.p)) / int(e.q)
    if e is sp.pi or e is sp.E:
        return mp.pi if e is sp.pi else mp.e
    parts = [number(part, point) for part in e.args]
    if e.is_Add:
        return mp.fsum(parts)
    if e.is_Mul:
        return mp.fprod(parts)
    if isinstance(e, sp.exp):
        return mp.exp(parts[0])
    if e.is_Pow:
        return power(parts[0], parts[1], e.exp)
    if isinstance(e, sp.log):
        if parts[0] <= TIE:
            raise Undefined(str(e))
        return mp.log(parts[0])
    if isinstance(e, sp.Abs):
        return abs(parts[0])
    if isinstance(e, sp.sign):
        return mp.mpf(mp.sign(parts[0]))
    if isinstance(e, (sp.sin, sp.cos, sp.tanh, sp.atan)):
        return getattr(mp, e.func.__name__)(parts[0])
    if isinstance(e, sp.LambertW):
        if parts[0] < -mp.exp(-1):
            raise Undefined(str(e))
        return mp.lambertw(parts[0]).real
    return {sp.Max: max, sp.Min: min}[e.func](parts)


def power(base: mpmath.mpf, exponent: mpmath.mpf, formal: sp.Expr) -> mpmath.mpf:
    if formal.is_Integer:
        if abs(base) <= TIE and formal < 0:
            raise Undefined("division by zero")
        return base ** int(formal)
    if base < -TIE or (abs(base) <= TIE and exponent <= 0):
        raise Undefined("a root of a negative number")
    if abs(exponent * mp.log(base if base > TIE else 2)) > 10**4:
        raise Undefined("too large for this test")
    return mp.power(max(base, mp.zero), exponent)


def holds(relation: Relation, point: Mapping[sp.Symbol, Fraction]) -> bool | None:
    """Defined and true; None where rounding could decide."""
    try:
        gap = number(relation.left, point) - number(relation.right, point)
    except Undefined:
        return False
    if relation.operator in ("<=", "<"):
        gap = -gap
    if abs(gap) <= TIE:
        return relation.operator in ("<=", ">=", "==") or None
    if relation.operator in ("==", "!="):
        return relation.operator == "!="
    return bool(gap > 0)
