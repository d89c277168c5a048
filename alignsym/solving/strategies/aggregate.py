"""A sum of unknowns that several equations share becomes an unknown of its own.

    R/X - R*x_i/X**2 = c_i,  X = sum x_j   ->   x_i = X - c_i X**2/R,  summed:  X = (n - 1) R / sum
    c_j

Contests and aggregative games: each equation gives its own action in terms of the aggregate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.oracle.tape import Tape, UnsupportedError
from alignsym.solving.strategies.contract import Candidate, Case, Declined
from alignsym.solving.strategies.eliminate import Eliminate


@final
@dataclass(frozen=True, slots=True)
class Aggregate:
    """Name the common sum, eliminate the other unknowns first."""

    name: str = "aggregate"

    def applies(self, case: Case) -> Declined | None:
        """Some sum of at least two unknowns stands inside a power or log in at least two
        equations."""
        if common_sum(case) is None:
            return Declined("no sum of unknowns is shared by two equations")
        return None

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """The elimination of the enlarged system."""
        total = common_sum(case)
        if total is None:
            return Declined("no sum of unknowns is shared by two equations")
        points = []
        for point in case.points:
            symbols = [s for s, _ in point]
            try:
                (number,) = Tape([total], [], symbols).values([], [v for _, v in point])
            except UnsupportedError as problem:
                return Declined(str(problem))
            points.append((number, point))
        positive = all(number > 0 for number, _ in points)
        sign = {"positive": True} if positive else {"real": True}
        name = sp.Symbol(f"total[{total}]", **sign)
        enlarged = Case(
            (*(e.xreplace({total: name}) for e in case.equations), name - total),
            (*case.unknowns, name),
            tuple((*point, (name, number)) for number, point in points),
            case.tolerance,
        )
        found = Eliminate().solve(enlarged)
        if isinstance(found, Declined):
            return found
        values = tuple((u, v) for u, v in found[0].values if u != name)
        return (Candidate(values, found[0].steps),)


def common_sum(case: Case) -> Expr | None:
    """The sum shared by most equations, the first by text among equals."""
    unknowns = set(case.unknowns)
    counts: dict[Expr, int] = {}
    for equation in case.equations:
        inside = {p.base for p in equation.atoms(sp.Pow)} | {
            a.args[0] for a in equation.atoms(sp.log)
        }
        for base in inside:
            if base.is_Add and len(base.free_symbols & unknowns) >= 2:
                counts[base] = counts.get(base, 0) + 1
    shared = [(-n, str(base), base) for base, n in counts.items() if n >= 2]
    return min(shared, key=lambda row: row[:2])[2] if shared else None
