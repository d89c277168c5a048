"""Unknowns that are zero in the numbers: put to zero when that solves some equation identically.

c*y - mu*y = 0 holds at y = 0 whatever mu is; dividing it by y would lose that solution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.solving.strategies.aggregate import Aggregate
from alignsym.solving.strategies.compound import Compound
from alignsym.solving.strategies.contract import (
    Candidate,
    Case,
    Declined,
    Strategy,
    agrees,
    first_solution,
)
from alignsym.solving.strategies.eliminate import Eliminate
from alignsym.solving.strategies.linear import Linear
from alignsym.solving.strategies.symmetric import Symmetric

ZERO = 1e-9


@final
@dataclass(frozen=True, slots=True)
class Vanishing:
    """Zero unknowns first, the smaller system by the other strategies."""

    name: str = "zero by symmetry"

    def applies(self, case: Case) -> Declined | None:
        """Some unknowns are zero at every point, and putting them to zero removes equations."""
        zeros = zero_unknowns(case)
        if not zeros:
            return Declined("no unknown is zero at the points")
        table = dict.fromkeys(zeros, sp.S.Zero)
        left = [e for e in case.equations if e.xreplace(table) != 0]
        if len(case.equations) - len(left) < len(zeros):
            return Declined("zero unknowns do not solve as many equations")
        return None

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """The rest of the system with the zeros put in."""
        table = dict.fromkeys(zero_unknowns(case), sp.S.Zero)
        equations = tuple(e for e in (q.xreplace(table) for q in case.equations) if e != 0)
        unknowns = tuple(u for u in case.unknowns if u not in table)
        reduced = Case(equations, unknowns, case.points, case.tolerance)
        others: tuple[Strategy, ...] = (Linear(), Symmetric(), Compound(), Aggregate(), Eliminate())
        outcome = first_solution(others, reduced, "nothing solves the rest")
        if isinstance(outcome, Declined):
            return outcome
        values = {**dict(outcome[0].values), **table}
        rows = tuple((u, values[u]) for u in case.unknowns)
        if not agrees([v for _, v in rows], [u for u, _ in rows], case):
            return Declined("the form with zeros differs from the numbers")
        return (Candidate(rows, outcome[0].steps),)


def zero_unknowns(case: Case) -> tuple[sp.Symbol, ...]:
    """Unknowns of either sign that are zero at every point."""
    tables = [dict(point) for point in case.points]
    return tuple(
        u for u in case.unknowns if not u.is_positive and all(abs(t[u]) < ZERO for t in tables)
    )
