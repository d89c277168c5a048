"""Unknowns that the equations do not tell apart and the numbers find equal: one stands for all.

If exchanging x and y maps the system to itself and x = y at the points, x = y = t is tried: a
smaller system with shorter answers.  Other, asymmetric solutions are a matter of exhaustiveness,
not of this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.solving.strategies.contract import Candidate, Case, Declined, agrees, first_solution
from alignsym.solving.strategies.eliminate import Eliminate
from alignsym.solving.strategies.linear import Linear


@final
@dataclass(frozen=True, slots=True)
class Symmetric:
    """Merge interchangeable unknowns, solve the smaller system, give all of them its answer."""

    name: str = "symmetry"

    def applies(self, case: Case) -> Declined | None:
        """Some pair of unknowns is interchangeable and equal."""
        if not merged_pairs(case):
            return Declined("no two unknowns are interchangeable and equal at the points")
        return None

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """Every unknown takes the value of its representative."""
        stands = merged_pairs(case)
        smaller = list(dict.fromkeys(e.xreplace(stands) for e in case.equations))
        unknowns = tuple(u for u in case.unknowns if u not in stands)
        reduced = Case(tuple(e for e in smaller if e != 0), unknowns, case.points, case.tolerance)
        found = first_solution(
            (Linear(), Eliminate()), reduced, "the symmetric system is not solved by elimination"
        )
        if isinstance(found, Declined):
            return found
        table = dict(found[0].values)
        rows = tuple((u, table[stands.get(u, u)]) for u in case.unknowns)
        if not agrees([v for _, v in rows], [u for u, _ in rows], case):
            return Declined("the symmetric form differs from the numbers")
        return (Candidate(rows, found[0].steps),)


def merged_pairs(case: Case) -> dict[sp.Symbol, sp.Symbol]:
    """Unknown -> representative, for interchangeable unknowns with equal numbers."""
    out: dict[sp.Symbol, sp.Symbol] = {}
    tables = [dict(point) for point in case.points]
    whole = set(case.equations)
    for i, second in enumerate(case.unknowns):
        for first in case.unknowns[:i]:
            if first in out or not all(_close(t[first], t[second]) for t in tables):
                continue
            exchange = {first: second, second: first}
            if {e.xreplace(exchange) for e in case.equations} == whole:
                out[second] = first
                break
    return out


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-8 * max(1.0, abs(a), abs(b))
