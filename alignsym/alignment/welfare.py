"""What misalignment costs: the largest sum of utilities, the loss, the price of anarchy.

    loss = V - sum U_i(x*),    price of anarchy = V / least sum of utilities of an equilibrium

where V = max sum U_i over feasible profiles (of a market: of utilities before payments).  The ratio
means something where both are positive (Koutsoupias and Papadimitriou 1999).
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.alignment.arena import Arena
from alignsym.alignment.efficiency import Efficiency, Optimum
from alignsym.alignment.profile import is_proved
from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.logic.decide import irredundant, search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Solution, by_regime
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero


def largest_sum(arena: Arena, seconds: float | None) -> Solution:
    """The profiles that maximise the sum of the persons' utilities."""
    return solve(arena.game, "social", seconds=seconds)


def optimum(found: Solution, arena: Arena) -> Optimum | None:
    """The maximum as an answer, if it is shown to be one for all parameters; else None."""
    if not found.regimes or len(found.regimes) != len(found.cases) or not is_proved(found.coverage):
        return None
    added = {s for s, _ in arena.added}
    cases = tuple(
        (r.when, tuple((s, e) for s, e in r.values if s not in added), r.value)
        for r in found.regimes
        if r.value is not None and is_proved(r.status)
    )
    return Optimum(cases, Proved()) if len(cases) == len(found.cases) else None


def loss(rows: Sequence[Efficiency], best: Optimum, domain: Region) -> Expr | None:
    """V - sum U_i(x*) by regime, None where a sum is not finite or there are several equilibria."""
    pieces = _pairs(rows, best, domain)
    if pieces is None:
        return None
    out = [(_tidy(value - total), when) for when, value, total, _ in pieces]
    return by_regime(out) if out else None


def anarchy(rows: Sequence[Efficiency], best: Optimum, domain: Region) -> Expr | None:
    """V / sum U_i(x*) by regime; None unless both are proved positive for all parameters."""
    pieces = _pairs(rows, best, domain)
    if not pieces:
        return None
    out = []
    for when, value, total, region in pieces:
        if not all(is_proved(holds(Relation(e, ">", _ZERO), region)) for e in (value, total)):
            return None
        out.append((_tidy(value / total), when))
    return by_regime(out)


def _pairs(
    rows: Sequence[Efficiency], best: Optimum, domain: Region
) -> list[tuple[Region, Expr, Expr, Region]] | None:
    """(condition, V, sum of utilities, region) wherever an equilibrium and an optimum meet."""
    out = []
    for row in rows:
        if any(e == -sp.oo for _, e in row.utilities):
            return None
        total = shortened(sp.Add(*(e for _, e in row.utilities)))
        for when, _, value in best.cases:
            region = (*domain, *row.when, *when)
            if (row.when or when) and search(region).is_proof:
                continue
            out.append((irredundant((*row.when, *when), domain), value, total, region))
    return out


def _tidy(e: Expr) -> Expr:
    if e.is_rational_function():
        return sp.factor(sp.together(e))
    return shortened(e)
