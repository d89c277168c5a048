"""Systems affine in all unknowns: A z = b over the field of rational functions of the parameters.

Exact; a singular A means a continuum, which is declined with that reason.
Cournot, quadratic programs and linear programs with a fixed binding set are of this kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.strategies.contract import Candidate, Case, Declined, agrees
from alignsym.steps import Solve


@final
@dataclass(frozen=True, slots=True)
class Linear:
    """Gaussian elimination with symbolic coefficients.

    >>> x, a = sp.symbols("x a", positive=True)
    >>> Linear().solve(Case((2*x - a,), (x,), ())) [0].values
    ((x, a/2),)
    """

    name: str = "linear system"

    def applies(self, case: Case) -> Declined | None:
        """Every equation is affine in the unknowns jointly."""
        for equation in case.equations:
            if not is_affine(equation, case.unknowns):
                return Declined(f"{equation} is not linear in the unknowns")
        return None

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """The unique solution."""
        row = linear_solution(case.equations, case.unknowns)
        if row is None:
            return Declined("the linear system has no solution")
        if any(e.free_symbols & set(case.unknowns) for e in row):
            return Declined("the linear system is underdetermined: a continuum of solutions")
        values = tuple(zip(case.unknowns, row, strict=True))
        if not agrees(row, case.unknowns, case):
            return Declined("the linear system's solution differs from the numbers")
        steps = tuple(Solve(self.name, e, v, x) for e, (v, x) in zip(case.equations, values))
        return (Candidate(values, steps),)


def linear_solution(
    equations: Sequence[Expr], unknowns: Sequence[sp.Symbol]
) -> tuple[Expr, ...] | None:
    """The solution of an affine system, perhaps with free unknowns; None if there is none.

    Coefficients that cancel without being written as zero make SymPy divide by them: then once
    more with every equation as one quotient.

    >>> x, y, a = sp.symbols("x y a")
    >>> linear_solution([x + y - a, x - y], [x, y])
    (a/2, a/2)
    """
    try:
        found = sp.linsolve(list(equations), list(unknowns))
    except ZeroDivisionError:
        try:
            found = sp.linsolve([sp.numer(sp.cancel(e)) for e in equations], list(unknowns))
        except ZeroDivisionError:
            return None
    return tuple(next(iter(found))) if found else None


def is_affine(expression: Expr, unknowns: tuple[sp.Symbol, ...]) -> bool:
    """Affine in the unknowns jointly, judged term by term after multiplying out.

    >>> x, y, a = sp.symbols("x y a")
    >>> is_affine((a - x)*2 + a*y, (x, y)), is_affine(x*y, (x, y))
    (True, False)
    """
    wanted = set(unknowns)
    if not expression.free_symbols & wanted:
        return True
    if expression.is_Add:
        return all(is_affine(term, unknowns) for term in expression.args)
    if expression.is_Symbol:
        return True
    if expression.is_Mul:
        inside = [f for f in expression.args if f.free_symbols & wanted]
        return len(inside) == 1 and is_affine(inside[0], unknowns)
    return False
