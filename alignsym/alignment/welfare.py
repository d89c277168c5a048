"""What misalignment costs: the largest sum of utilities, the loss, the price of anarchy.

    loss = V - sum U_i(x*),    price of anarchy = V / least sum of utilities of an equilibrium

where V = max sum U_i over feasible profiles (of a market: of utilities before payments).  The ratio
means something where both are positive (Koutsoupias and Papadimitriou 1999).
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.alignment.arena import Arena
from alignsym.alignment.efficiency import Efficiency, Optimum, by_cases
from alignsym.alignment.profile import feasible, is_proved
from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.logic.decide import irredundant, search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Continuum, NoSolution, Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds, zero

_ZERO = sp.S.Zero


def largest_sum(arena: Arena, seconds: float | None) -> Solution:
    """The profiles that maximise the sum of the persons' utilities."""
    return solve(arena.game, "social", seconds=seconds)


def optimum(found: Solution, arena: Arena) -> Optimum | None:
    """The maximum as an answer, if it is shown to be one for all parameters; else None.

    Where there are several maximisers one is given.
    """
    if not found.cases or not is_proved(found.coverage):
        return None
    added = {s for s, _ in arena.added}
    cases: dict[Region, tuple[tuple[tuple[sp.Symbol, Expr], ...], Expr]] = {}
    for case in found.cases:
        if isinstance(case, NoSolution) or case.value is None or not is_proved(case.status):
            return None
        values = case.values if isinstance(case, Regime) else _member(case, found, arena)
        if values is None:
            return None
        kept = tuple((s, e) for s, e in values if s not in added)
        cases.setdefault(case.when, (kept, case.value))
    return Optimum(tuple((when, v, e) for when, (v, e) in cases.items()), Proved())


def _member(
    case: Continuum, found: Solution, arena: Arena
) -> tuple[tuple[sp.Symbol, Expr], ...] | None:
    """A maximiser out of a set of them, for all parameters."""
    region = (*found.game.domain(), *case.when)
    maker = arena.planner(dict.fromkeys(arena.persons, sp.S.One), frozenset())
    for values in case.members:
        table = dict(values)
        if set(table) == set(maker.variables) and case.value is not None:
            worth = zero(maker.objective.xreplace(table) - case.value, region)
            if is_proved(worth) and is_proved(feasible(maker, table, region)):
                return values
    return None


def loss(rows: Sequence[Efficiency], best: Optimum, domain: Region) -> Expr | None:
    """V - sum U_i(x*) by regime, None where a sum is not finite or there are several equilibria."""
    pieces = _pairs(rows, best, domain)
    if pieces is None:
        return None
    out = [(_tidy(value - total), when) for when, value, total, _ in pieces]
    return by_cases(out) if out else None


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
    return by_cases(out)


def _pairs(
    rows: Sequence[Efficiency], best: Optimum, domain: Region
) -> list[tuple[Region, Expr, Expr, Region]] | None:
    """(condition, V, sum of utilities, region) wherever an equilibrium and an optimum meet."""
    if any(e == -sp.oo for row in rows for _, e in row.utilities):
        return None
    out = []
    for row, k, region in meetings(rows, [when for when, _, _ in best.cases], domain):
        when, _, value = best.cases[k]
        total = shortened(sp.Add(*(e for _, e in row.utilities)))
        out.append((irredundant((*row.when, *when), domain), value, total, region))
    return out


def meetings(
    rows: Sequence[Efficiency], cases: Sequence[Region], domain: Region
) -> list[tuple[Efficiency, int, Region]]:
    """(equilibrium, number of the case, region) wherever the conditions of the two meet.

    Where two closed conditions meet in an edge only, and others hold there too, nothing is said.
    """
    found = []
    for row in rows:
        for k, when in enumerate(cases):
            inside = tuple(r.tightened() for r in (*row.when, *when))
            thin = bool(inside) and search((*domain, *inside)).is_proof
            found.append((thin, row, k))
    out: list[tuple[Efficiency, int, Region]] = []
    known: list[Region] = []
    for thin, row, k in sorted(found, key=lambda item: item[0]):
        both = (*row.when, *cases[k])
        if both and search((*domain, *both), outside=known if thin else []).is_proof:
            continue
        known.append(both)
        out.append((row, k, (*domain, *both)))
    return out


def _tidy(e: Expr) -> Expr:
    if e.is_rational_function():
        return sp.factor(sp.together(e))
    return shortened(e)
