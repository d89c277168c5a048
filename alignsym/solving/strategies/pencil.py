"""Equations that are linear but for one unknown: the others in terms of it, then one equation.

    a - x - mu*x = 0,  b - y - mu*y = 0,  x**2 + y**2 = r**2
        ->   x = a/(1 + mu),  y = b/(1 + mu),   (1 + mu)**2 = (a**2 + b**2)/r**2

Projections on a sphere, a linear form on an ellipsoid: nothing is divided by what may vanish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.solving.strategies.contract import Candidate, Case, Declined, agrees
from alignsym.solving.strategies.isolate import isolate
from alignsym.solving.strategies.linear import is_affine, linear_solution
from alignsym.solving.tidy import merged, tidy
from alignsym.steps import Solve, Step

UNKNOWNS_LIMIT = 8


@final
@dataclass(frozen=True, slots=True)
class Pencil:
    """All but one unknown from linear equations, that one from the equation that is left."""

    name: str = "linear but for one unknown"

    def applies(self, case: Case) -> Declined | None:
        """All equations but one are affine in all unknowns but one, and some sign is open."""
        if not 3 <= len(case.unknowns) == len(case.equations) <= UNKNOWNS_LIMIT:
            return Declined("not three to eight equations, as many as unknowns")
        if all(s.is_nonnegative for e in case.equations for s in e.free_symbols):
            return Declined("nothing changes its sign: elimination divides by the unknowns")
        if _parted(case) is None:
            return Declined("more than one equation is not linear but for one unknown")
        return None

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """The root of the last equation that agrees with the numbers, and the others from it."""
        parted = _parted(case)
        if parted is None:
            return Declined("more than one equation is not linear but for one unknown")
        single, place = parted
        others = tuple(u for u in case.unknowns if u != single)
        rows = [sp.expand(e) for k, e in enumerate(case.equations) if k != place]
        row = linear_solution(rows, others)
        if row is None or any(e.free_symbols & set(others) for e in row):
            return Declined("the linear equations do not determine the others")
        values = {u: sp.factor(e) for u, e in zip(others, row, strict=True)}
        last = sp.together(case.equations[place].xreplace(values)).as_numer_denom()[0]
        for root in isolate(tidy(last), single):
            found = {u: merged(e.xreplace({single: root})) for u, e in values.items()}
            found[single] = root
            if agrees([found[u] for u in case.unknowns], case.unknowns, case):
                steps: list[Step] = [
                    Solve(self.name, row, u, values[u])
                    for row, u in zip(rows, others, strict=True)
                    if row.has(u)
                ]
                steps.append(Solve(self.name, case.equations[place], single, root))
                return (Candidate(tuple((u, found[u]) for u in case.unknowns), tuple(steps)),)
        return Declined("no root of the last equation agrees with the numbers")


def _parted(case: Case) -> tuple[sp.Symbol, int] | None:
    """The unknown without which all equations but one are affine, and the place of that one."""
    if all(is_affine(e, case.unknowns) for e in case.equations):
        return None
    for single in reversed(case.unknowns):  # multipliers are the last
        others = tuple(u for u in case.unknowns if u != single)
        bent = [k for k, e in enumerate(case.equations) if not is_affine(e, others)]
        if len(bent) == 1 and not case.equations[bent[0]].has(single):
            return single, bent[0]
    return None
