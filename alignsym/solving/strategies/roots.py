"""Real roots of a polynomial in one unknown, with numbers or parameters as coefficients.

Rational and quadratic roots are written out; of higher degree a root is the k-th real root in
increasing order, printed `Root(poly, x, k)`.
"""

from __future__ import annotations

import math

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.model.roots import VARIABLE, Root

DEGREE_LIMIT = 12
_Z = sp.Symbol("x")


def real_roots(equation: Expr, unknown: sp.Symbol) -> tuple[Expr, ...]:
    """The real roots in increasing order; () where the equation is no such polynomial.

    >>> x = sp.Symbol("x", real=True)
    >>> real_roots(x**3 - 2*x**2 - x + 2, x)
    (-1, 1, 2)
    >>> real_roots(x**3 - x - 1, x)
    (CRootOf(x**3 - x - 1, 0),)
    >>> real_roots(x**6 - 3, x)
    (-3**(1/6), 3**(1/6))
    """
    if equation.free_symbols != {unknown}:
        return ()
    try:
        polynomial = sp.Poly(equation.xreplace({unknown: _Z}), _Z)
    except sp.PolynomialError:
        return ()
    rational = polynomial.domain.is_ZZ or polynomial.domain.is_QQ
    if not rational or not 0 < polynomial.degree() <= DEGREE_LIMIT:
        return ()
    step = math.gcd(*(exponent for (exponent,) in polynomial.monoms()))
    inner = sp.Poly({(e // step,): c for (e,), c in polynomial.terms()}, _Z)
    out: dict[Expr, None] = {}
    for root in map(_plain, inner.real_roots(radicals=False)):
        out.update(dict.fromkeys(_powers(root, step)))
    return tuple(sorted(out, key=lambda r: r.evalf(30)))


def _powers(power: Expr, step: int) -> tuple[Expr, ...]:
    """The real x with x**step = power."""
    if step % 2:
        root = sp.Abs(power) ** sp.Rational(1, step)
        return (root if power >= 0 else -root,)
    root = power ** sp.Rational(1, step)
    return () if power < 0 else (root, -root)


def _plain(root: Expr) -> Expr:
    """A quadratic surd in place of a root of degree two."""
    if not isinstance(root, sp.CRootOf) or root.poly.degree() > 2:
        return root
    return min(sp.roots(root.poly), key=lambda r: abs(sp.N(r - root, 20)))


def parametric_root(equation: Expr, unknown: sp.Symbol) -> tuple[Expr, ...]:
    """`Root(poly, x, 0)` for a polynomial of odd degree from three on with parameters, and its
    highest real root, as minus the lowest of poly(-x).

    Both exist wherever the leading coefficient is not zero; one between them has no such name.

    >>> x, a = sp.Symbol("x", positive=True), sp.Symbol("a", positive=True)
    >>> parametric_root(a - x**3 - x**2, x)
    (Root(-a + z**3 + z**2, z, 0), -Root(a + z**3 - z**2, z, 0))
    """
    others = equation.free_symbols - {unknown}
    if not others or any(isinstance(s, sp.Dummy) or "[" in s.name for s in others):
        return ()  # coefficients with unknowns in them
    try:
        polynomial = sp.Poly(equation, unknown)
    except sp.PolynomialError:
        return ()
    if polynomial.degree() % 2 == 0 or not 3 <= polynomial.degree() <= DEGREE_LIMIT:
        return ()
    if polynomial.LC().could_extract_minus_sign():
        polynomial = -polynomial
    lowest = polynomial.as_expr().xreplace({unknown: VARIABLE})
    mirrored = -polynomial.as_expr().xreplace({unknown: -VARIABLE})
    return Root.of(lowest, 0), -Root.of(mirrored, 0)
