"""Real roots of polynomials with numbers: all of them, in order, and of nothing else."""

from __future__ import annotations

import random
from typing import Any

import mpmath
import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.solving.strategies.roots import real_roots

x, a = sp.symbols("x a", real=True)


@pytest.mark.parametrize(
    ("polynomial", "count"),
    [
        (2 * x - 1, 1),
        (x**2 + 1, 0),
        (x**2 - 2, 2),
        ((x - 1) ** 2 * (x + 2), 2),
        (x**3 - x - 1, 1),
        ((x**2 - 2) * (x**3 - 3 * x + 1), 5),
        (x**4 - 5, 2),
        (x**6 + 8, 0),
        (x**3 + 8, 1),
        (x**6 - 3 * x**3 + 1, 2),
        (x**5 - 2 * (1000 * x - 1) ** 2, 3),
    ],
)
def test_all_real_roots_in_order(polynomial: sp.Expr, count: int) -> None:
    roots = real_roots(polynomial, x)
    assert len(roots) == count
    assert list(roots) == sorted(roots, key=lambda r: r.evalf(30))
    for root in roots:
        assert root.is_real
        assert abs(sp.N(polynomial.subs(x, root), 30)) < 1e-15


def test_random_polynomials_have_the_roots_mpmath_finds() -> None:
    rng = random.Random(3)
    for _ in range(25):
        coefficients = [rng.randint(1, 5), *(rng.randint(-9, 9) for _ in range(rng.randint(2, 5)))]
        expected = mpmath.polyroots(coefficients, maxsteps=500, extraprec=400, error=False)
        real = sorted({round(float(r.real), 8) for r in expected if abs(r.imag) < 1e-12})
        found = real_roots(sp.Poly(coefficients, x).as_expr(), x)
        assert [round(float(r), 8) for r in found] == real


@pytest.mark.parametrize(
    ("equation", "why"),
    [
        (x**2 - a, "a parameter among the coefficients"),
        (sp.exp(x) - 2, "no polynomial"),
        (sp.sqrt(2) * x**2 - 1, "an irrational coefficient"),
        (x**13 - x - 1, "a degree too high"),
        (sp.Integer(3), "no unknown"),
    ],
)
def test_declined(equation: sp.Expr, why: str) -> None:
    assert real_roots(equation, x) == (), why


@pytest.mark.parametrize(
    ("f", "cap", "size"),
    [
        (lambda x, a: 2 * sp.sqrt(x + 2) - x**2, 3, 1),
        (lambda x, a: a * x / (x + 1) - a * (a - x) ** 2, 7, sp.Rational(3, 2)),
        (lambda x, a: a * sp.log(x + 1) - x**3, 9, 5),
    ],
)
def test_first_order_conditions_with_roots_and_quotients(f: Any, cap: int, size: sp.Expr) -> None:
    """The maximiser on [0, cap] against bisection of the derivative."""
    n, b = sp.Symbol("n", nonnegative=True), sp.Symbol("b", positive=True)
    solution = solve(Game(Agent("A", f(n, b), (n, (0, cap)))), "maximize")
    assert isinstance(solution.proof, Proved)
    inside = [
        r for r in solution.regimes
        if all(bool(c.gap.subs(b, size).evalf(30) >= 0) for c in r.when)
    ]  # fmt: skip
    value = dict(inside[0].values)[n].subs(b, size).evalf(30)
    slope = sp.lambdify(n, sp.diff(f(n, size), n), "mpmath")
    assert abs(value - mpmath.findroot(slope, (0.01, cap), solver="anderson")) < 1e-9
