"""Two-term equations are linear in logarithms: solved together, the rest by elimination.

    C*prod u_j**e_j + D*prod u_j**d_j = 0   ->   sum (e_j - d_j) log u_j = log(-D/C)

Cobb-Douglas technologies in several sectors: factor prices from the goods' prices, factor ratios
from the factor prices, and what is left is linear in quantities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.strategies.contract import Candidate, Case, Declined, agrees, first_solution
from alignsym.solving.strategies.eliminate import Eliminate
from alignsym.solving.strategies.linear import Linear
from alignsym.solving.tidy import merged, shortest_exponent, tidy
from alignsym.steps import Solve

ROWS_LIMIT = 10


@final
@dataclass(frozen=True, slots=True)
class LogLinear:
    """Gaussian elimination over the exponents of all two-term equations at once."""

    name: str = "linear in logarithms"

    def applies(self, case: Case) -> Declined | None:
        """At least two equations have two terms, and the unknowns are positive at the points."""
        if not all(u.is_positive for u in case.unknowns):
            return Declined("an unknown is not positive at the points")
        count = sum(len(sp.Add.make_args(e)) == 2 for e in case.equations)
        if not 2 <= count <= ROWS_LIMIT:
            return Declined("not two to ten equations have two terms")
        return None

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """Every unknown of the logarithmic part in terms of free ones, then the free ones."""
        rows = [(e, exponents(e, case.unknowns)) for e in case.equations]
        rest = [e for e, row in rows if row is None]
        logs = [row for _, row in rows if row is not None]
        if len(logs) < 2:
            return Declined("fewer than two equations are linear in logarithms")
        if any(s.is_positive is None for _, c in logs for s in c.free_symbols):
            return Declined("the sign of a coefficient depends on the parameters")
        # Unknowns that the rest does not contain are eliminated first.
        columns = sorted(case.unknowns, key=lambda u: any(e.has(u) for e in rest))
        solved = powers(logs, columns)
        if isinstance(solved, Declined):
            return solved
        free = tuple(u for u in case.unknowns if u not in solved)
        short = tuple(e for e in (tidy(e.xreplace(solved)) for e in rest) if e != 0)
        values = dict(solved)
        if free:
            reduced = Case(short, free, case.points, case.tolerance)
            outcome = first_solution((Linear(), Eliminate()), reduced, "nothing solves the rest")
            if isinstance(outcome, Declined):
                return outcome
            found = dict(outcome[0].values)
            values = {u: merged(e.xreplace(found)) for u, e in solved.items()} | found
        answer = tuple((u, values[u]) for u in case.unknowns)
        if not agrees([v for _, v in answer], [u for u, _ in answer], case):
            return Declined("the logarithmic form differs from the numbers")
        steps = tuple(Solve(self.name, e, u, v) for e, (u, v) in zip(case.equations, answer))
        return (Candidate(answer, steps),)


Row = tuple[dict[sp.Symbol, Expr], Expr]


def exponents(equation: Expr, unknowns: tuple[sp.Symbol, ...]) -> Row | None:
    """({u: e_u}, c) with prod u**e_u = c where the equation is that; None where it is not.

    >>> x, y, a, p = sp.symbols("x y a p", positive=True)
    >>> exponents(a*x**(a - 1)*y - p, (x, y))
    ({x: 1 - a, y: -1}, a/p)
    """
    terms = sp.Add.make_args(equation)
    if len(terms) != 2 or not equation.free_symbols & set(unknowns):
        return None
    ratio = merged(terms[0] / -terms[1])
    constant, part = ratio.as_independent(*unknowns, as_Add=False)
    out: dict[sp.Symbol, Expr] = {}
    for base, exponent in part.as_powers_dict().items():
        if base not in unknowns or exponent.free_symbols & set(unknowns):
            return None
        out[base] = sp.cancel(exponent)
    return out, 1 / constant


def powers(rows: list[Row], columns: list[sp.Symbol]) -> dict[sp.Symbol, Expr] | Declined:
    """The pivot unknowns as products of powers of the constants and of the free unknowns."""
    matrix = sp.Matrix([[row.get(u, sp.S.Zero) for u in columns] for row, _ in rows])
    whole = matrix.row_join(sp.eye(len(rows)))
    reduced, pivots = whole.rref(simplify=sp.cancel)
    out: dict[sp.Symbol, Expr] = {}
    for i, pivot in enumerate(pivots):
        if pivot >= len(columns):
            return Declined("the equations in logarithms are dependent")
        value = sp.S.One
        for j, (_, constant) in enumerate(rows):
            value *= constant ** shortest_exponent(reduced[i, len(columns) + j])
        for j, unknown in enumerate(columns):
            if j != pivot and reduced[i, j] != 0:
                value *= unknown ** shortest_exponent(-reduced[i, j])
        out[columns[pivot]] = merged(value)
    return out
