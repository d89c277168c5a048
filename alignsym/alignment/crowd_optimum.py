"""The largest sum of utilities of n agents, n a symbol, and what falls short of it.

Payments are left out: of a market the sum before payments counts, and what clears it is shared.
Where only sums of choices are determined, one of the maximisers is given.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

import sympy as sp

from alignsym.alignment.efficiency import Optimum, by_cases
from alignsym.alignment.profile import is_proved
from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.families import answers, covered
from alignsym.logic.crowd import Crowd, crowd
from alignsym.logic.decide import irredundant, search
from alignsym.logic.normal import is_identically_zero
from alignsym.logic.sums import NotSummableError
from alignsym.model.agents import Constraint, Family
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds, zero

_ZERO = sp.S.Zero


def planned(game: Game) -> Game | str:
    """The game whose sum of utilities counts: payments left out, clearing relations shared."""
    if game.numeraire is not None:
        return "families with a numeraire are judged by nobody yet"
    changes = {
        "concept": "social", "expected": (), "expect": None, "complete": None, "weights": (),
        "disagreement": (),
    }  # fmt: skip
    if not any(f.objective is not None for f in game.families):
        return "a family of goods is judged with its numbers written out only"
    if not game.prices:
        return game.altered(**changes)
    (family, *others) = game.families
    payoff = family.objective
    if game.agents or others or payoff is None:
        return "families beside other agents in a market are judged by nobody yet"
    prices = {p.symbol: _ZERO for p in game.prices}
    linear = all(is_identically_zero(sp.diff(payoff, p, r)) for p in prices for r in prices)
    inside = [c.relation.free_symbols for c in family.constraints]
    if not linear or any(set(prices) & s for s in inside):
        return "payments are not linear in the prices"
    for p in game.prices:
        # p*x[i] in each utility, and the sum of what is paid for in the clearing relation.
        part = sp.Sum(-sp.diff(payoff, p.symbol), (family.index, 1, family.size))
        if not _same_sum(part, p.clearing.left, family):
            return "what is paid for is not what the market clears"
    shared = [*game.shared, *(Constraint(p.name, p.clearing, p.domain) for p in game.prices)]
    return game.altered(
        families=(replace(family, objective=payoff.xreplace(prices)),),
        shared=shared,
        prices=(),
        **changes,
    )


def _same_sum(part: sp.Sum, demanded: Expr, family: Family) -> bool:
    """Whether two sums over the family have the same summand."""
    if not isinstance(demanded, sp.Sum) or demanded.limits[0][1:] != (1, family.size):
        return False
    index = demanded.limits[0][0]
    summand = demanded.function.xreplace(
        {a: a.base[family.index] for a in demanded.function.atoms(sp.Indexed)
         if a.indices == (index,)}
    )  # fmt: skip
    plain = part.function - summand
    return is_identically_zero(
        plain.xreplace({a: sp.Dummy(str(a)) for a in plain.atoms(sp.Indexed)})
    )


def largest_sum_of_all(game: Game, seconds: float | None = None) -> Solution:
    """The maximisers of the sum; one of each set where only sums of choices are determined."""
    began = time.monotonic()
    found = solve(game, "social", seconds=seconds)
    if is_proved(found.coverage) and all(is_proved(c.status) for c in found.cases):
        return found
    try:
        people = crowd(game)
        limit = None if seconds is None else began + seconds
        some, _ = answers(people, "social", limit, of_sets=True)
    except NotSummableError:
        return found
    coverage = covered(people, [a.where for a in some]) if some else found.coverage
    regimes = tuple(a.regime for a in some)
    if not is_proved(coverage) or not all(is_proved(r.status) for r in regimes):
        return found
    return replace(found, cases=regimes, coverage=coverage, reason="")


def known_optimum(best: Solution) -> Optimum | None:
    """The maximum as an answer, if it is shown to be one for all parameters; else None."""
    rows = best.regimes
    if not rows or len(rows) != len(best.cases) or not is_proved(best.coverage):
        return None
    if any(not is_proved(r.status) or r.value is None for r in rows):
        return None
    return Optimum(tuple((r.when, r.values, r.value) for r in rows if r.value is not None),
                   Proved())  # fmt: skip


def is_among(people: Crowd, regime: Regime, others: Iterable[Regime]) -> bool:
    """Whether the values are those of a proved one of the others that holds wherever it does."""
    chosen = dict(regime.values)
    region = region_of(people, regime.when)
    for other in others:
        theirs = dict(other.values)
        if not is_proved(other.status) or not set(theirs) <= set(chosen):
            continue
        try:
            there = [people.ledger.relation(r) for r in other.when]
            gaps = [people.ledger.scalar(chosen[s] - e) for s, e in theirs.items()]
        except NotSummableError:
            continue
        if not all(is_proved(holds(r, people.facts(region, r.gap))) for r in there):
            continue
        if all(is_proved(zero(g, people.facts(region, g))) for g in gaps):
            return True
    return False


def region_of(people: Crowd, *regions: Region) -> Region:
    """What is declared and the regions, over plain symbols.

    Raises: NotSummableError where a relation has no canonical form.
    """
    listed = (people.ledger.relation(r) for region in regions for r in region)
    return people.facts((*people.declared, *listed))


def meetings(
    people: Crowd, rows: tuple[Region, ...], cases: tuple[Region, ...]
) -> Iterator[tuple[int, int, Region, Region]]:
    """(number of the row, of the case, their common condition, the region over plain symbols).

    Where two closed conditions meet in an edge only, nothing is said if others hold there too.
    """
    thin: list[tuple[int, int]] = []
    wide: list[tuple[int, int]] = []
    for k, row in enumerate(rows):
        for m, case in enumerate(cases):
            inside = tuple(r.tightened() for r in (*row, *case))
            empty = bool(inside) and search(region_of(people, inside)).is_proof
            (thin if empty else wide).append((k, m))
    known: list[Region] = []
    for k, m in (*wide, *thin):
        both = tuple(dict.fromkeys((*rows[k], *cases[m])))
        scalars = tuple(people.ledger.relation(r) for r in both)
        region = people.facts((*people.declared, *scalars))
        others = known if (k, m) in thin else []
        if both and search(region, outside=others).is_proof:
            continue
        known.append(scalars)
        kept = irredundant(scalars, people.declared)
        yield k, m, tuple(people.ledger.written(r) for r in kept), region


def cost_of_selfishness(
    game: Game, equilibria: Solution, best: Optimum
) -> tuple[Expr | None, Expr | None]:
    """The loss V - sum U_i(x*) and the price of anarchy V / sum U_i(x*), by regime.

    The second is None unless both sums are proved positive for all parameters, both where there
    are several equilibria, or not one for every parameter.
    """
    rows = equilibria.regimes
    if len(rows) != len(equilibria.cases) or any(r.multiple for r in rows):
        return None, None
    if not is_proved(equilibria.proof):
        return None, None
    try:
        people = crowd(game)
        losses, ratios = [], []
        cases = tuple(when for when, _, _ in best.cases)
        for k, m, both, region in meetings(people, tuple(r.when for r in rows), cases):
            values = {people.ledger.scalar(s): people.ledger.scalar(e) for s, e in rows[k].values}
            worth = {r.name: people.ledger.at(r.utility, values) for r in people.roles}
            total = people.aggregate(worth)
            value = people.ledger.scalar(best.cases[m][2])
            losses.append((people.ledger.indexed(_tidy(value - total)), both))
            positive = (Relation(e, ">", _ZERO) for e in (value, total))
            if all(is_proved(holds(r, people.facts(region, r.gap))) for r in positive):
                ratios.append((people.ledger.indexed(_tidy(value / total)), both))
    except NotSummableError:
        return None, None
    if not losses:
        return None, None
    return by_cases(losses), by_cases(ratios) if len(ratios) == len(losses) else None


def _tidy(e: Expr) -> Expr:
    return sp.factor(sp.together(e)) if e.is_rational_function() else shortened(e)
