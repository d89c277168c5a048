"""Problems without parameters: the numbers, refined to forty digits, recognised as exact ones.

    x = p/q,   or   a*x**2 + b*x + c = 0 with small integers,  x = (-b +- sqrt(b**2 - 4*a*c))/(2*a)

A guess like any other: whether it solves the system is decided exactly afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import mpmath
import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.strategies.contract import Candidate, Case, Declined
from alignsym.steps import Solve

DIGITS = 40
DENOMINATOR_LIMIT = 10**4
COEFFICIENT_LIMIT = 10**5


@final
@dataclass(frozen=True, slots=True)
class Recognise:
    """Refine by Newton's method, then identify rationals and quadratic surds."""

    name: str = "recognised numbers"
    least: int = 1

    def applies(self, case: Case) -> Declined | None:
        """No parameters, as many equations as unknowns, and at least `least` of these."""
        unknowns = set(case.unknowns)
        if len(case.unknowns) < self.least:
            return Declined("few unknowns: elimination says more")
        if any(e.free_symbols - unknowns for e in case.equations):
            return Declined("the equations contain parameters")
        if any(e.has(sp.Heaviside, sp.DiracDelta, sp.sign, sp.Piecewise) for e in case.equations):
            return Declined("the equations have jumps")
        if len(case.equations) != len(case.unknowns):
            return Declined("the numbers of equations and unknowns differ")
        return None

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """Exact values for all unknowns."""
        start = dict(case.points[0])
        plain = {u: sp.Symbol(f"u{k}") for k, u in enumerate(case.unknowns)}
        equations = [e.xreplace(plain) for e in case.equations]
        guess = [start[u] for u in case.unknowns]
        try:
            found = sp.nsolve(equations, list(plain.values()), guess, prec=DIGITS, maxsteps=12)
        except (ValueError, ZeroDivisionError, TypeError) as problem:
            return Declined(f"the numbers cannot be refined: {problem}"[:80])
        rows: list[tuple[sp.Symbol, Expr]] = []
        for unknown, number in zip(case.unknowns, found, strict=True):
            exact = recognised(number)
            if exact is None:
                return Declined(f"{sp.N(number, 8)} is not recognised as a simple exact number")
            rows.append((unknown, exact))
        table = dict(rows)
        for equation in case.equations:
            if not sp.N(equation.xreplace(table), 30).is_zero and (
                abs(sp.N(equation.xreplace(table), 30)) > sp.Float("1e-25")
            ):
                return Declined("the recognised numbers do not solve the equations")
        steps = tuple(Solve(self.name, e, u, v) for e, (u, v) in zip(case.equations, rows))
        return (Candidate(tuple(rows), steps),)


def recognised(number: Expr) -> Expr | None:
    """The simple exact number that agrees to thirty digits.

    >>> recognised(sp.N(sp.Rational(3, 7), 40)), recognised(sp.N((1 - sp.sqrt(5))/2, 40))
    (3/7, 1/2 - sqrt(5)/2)
    """
    with mpmath.workdps(DIGITS):
        value = mpmath.mpf(str(sp.N(number, DIGITS)))
        close = mpmath.mpf(10) ** (-DIGITS + 10)
        rational = sp.Rational(str(sp.N(number, DIGITS))).limit_denominator(DENOMINATOR_LIMIT)
        if abs(mpmath.mpf(int(rational.p)) / int(rational.q) - value) < close:
            return rational
        polynomial = mpmath.findpoly(value, 2, maxcoeff=COEFFICIENT_LIMIT, tol=close)
    if polynomial is None or len(polynomial) != 3:
        return None
    a, b, c = (sp.Integer(int(k)) for k in polynomial)
    if a == 0 or b**2 < 4 * a * c:
        return None
    roots = [(-b + s * sp.sqrt(b**2 - 4 * a * c)) / (2 * a) for s in (1, -1)]
    nearest = min(roots, key=lambda r: abs(sp.N(r - number, 20)))
    return sp.expand(nearest)
