"""Efficiency of n agents, n a symbol, who are alike or whose equilibrium is the optimum.

If the equilibrium's closed forms are those of the largest sum of utilities (payments left out, in a
market), it is efficient with equal weights, for every n.  If all members do the same, x[i] = v, and
another common choice v' is feasible with U_i(v', ..., v') > U_i(v, ..., v), it is not: sums over
the members become n times one term, and the rise is decided with n a real number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from alignsym.alignment.crowd_optimum import (
    cost_of_selfishness,
    is_among,
    known_optimum,
    largest_sum_of_all,
    planned,
    region_of,
)
from alignsym.alignment.crowd_trades import common_choice, shared_rise
from alignsym.alignment.efficiency import Efficiency, Optimum
from alignsym.alignment.pareto import BARGAIN, FINITE_TRADE, POSITIVE, SINGLE, TRANSFERABLE
from alignsym.alignment.profile import is_proved
from alignsym.claims import Proved, Unknown, weakest
from alignsym.logic.crowd import JOINT, Crowd, crowd
from alignsym.logic.decide import irredundant, search
from alignsym.logic.sums import NotSummableError
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime, Solution
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero
PIECES = 3  # a regime is taken apart at most so often
Judgement = tuple[tuple[Efficiency, ...], Optimum | None, Expr | None, Expr | None]


def judge_crowd(solution: Solution, *, seconds: float | None = None) -> tuple[Judgement, Solution]:
    """The efficiency of every regime of a game with families; the optimum, what is lost against
    it, and the price of anarchy, where they are known; and the solution the optimum is from."""
    if solution.concept in JOINT:
        return (_chosen(solution), None, None, None), solution
    whole = planned(solution.game)
    if isinstance(whole, str):
        return (tuple(_undecided(r, whole) for r in solution.regimes), None, None, None), solution
    best = largest_sum_of_all(whole, seconds)
    rows: list[Efficiency] = []
    try:
        people = crowd(whole)
        for regime in solution.regimes:
            rows += _judged(solution, regime, people, best)
    except NotSummableError as problem:
        rows = [_undecided(r, str(problem)) for r in solution.regimes]
    known = known_optimum(best)
    lost, ratio = (None, None) if known is None else cost_of_selfishness(whole, solution, known)
    return (tuple(rows), known, lost, ratio), best


def _chosen(solution: Solution) -> tuple[Efficiency, ...]:
    """What maximises one utility, the sum of all, or the product of positive gains is efficient."""
    game, concept = solution.game, solution.concept
    members = [str(f.index) for f in game.families if f.objective is not None]
    names = (*members, *(a.name for a in game.agents))
    if concept != "bargaining" and game.weights:
        why = "families with weights are judged by nobody yet"
        return tuple(_undecided(r, why) for r in solution.regimes)
    equal = None if concept == "bargaining" else tuple((n, sp.S.One) for n in names)
    theorem = {"social": POSITIVE, "maximize": SINGLE}.get(concept, BARGAIN)
    rows = []
    for r in solution.regimes:
        if concept == "bargaining" and not _gainful(solution, r):
            rows.append(_undecided(r, "that everybody gains by the bargain is not shown"))
            continue
        row = Efficiency(r.when, r.values, r.utilities, "strongly", equal, status=r.status)
        rows.append(replace(row, theorem=theorem))
    return tuple(rows)


def _gainful(solution: Solution, regime: Regime) -> bool:
    """Whether every role has more than without the bargain, for all parameters."""
    try:
        people = crowd(solution.game)
        values = {people.ledger.scalar(s): people.ledger.scalar(e) for s, e in regime.values}
        region = region_of(people, regime.when)
        for role in people.roles:
            gain = people.ledger.at(role.utility - role.fallback, values)
            known = people.facts(region, gain)
            if not is_proved(holds(Relation(gain, ">", _ZERO), known)):
                return False
            if not is_proved(holds(Relation(role.weight, ">", _ZERO), known)):
                return False
    except NotSummableError:
        return False
    return True


def _undecided(regime: Regime, why: str) -> Efficiency:
    return Efficiency(
        regime.when, regime.values, regime.utilities, "unknown", status=Unknown(why), reason=why
    )


def _judged(
    solution: Solution, regime: Regime, people: Crowd, best: Solution, pieces: int = PIECES
) -> tuple[Efficiency, ...]:
    """Equal to the optimum, or improved upon by a common choice, in pieces of the regime."""
    row = Efficiency(regime.when, regime.values, regime.utilities, "strongly", status=regime.status)
    equal = tuple((r.name, sp.S.One) for r in people.roles)
    if is_among(people, regime, best.regimes):
        return (replace(row, weights=equal, theorem=_theorem(solution)),)
    if len(people.roles) == 1 and not solution.game.prices and _alone(people, regime):
        return (replace(row, weights=equal, theorem=SINGLE),)
    found = _where_best(people, regime, best) if pieces else {}
    first = next((extra for extra, wide in found.items() if wide), None)
    if first is not None:
        return _split(row, solution, regime, people, best, first, pieces)
    for extra in _conditions(people, regime, best) if pieces else ():
        trade = common_choice(regime, people, best, extra)
        if trade is None and solution.game.prices:
            trade = shared_rise(regime, people, best, extra)
        if trade is None:
            continue
        no = replace(
            row, when=_shortest(people, (*regime.when, *extra)), kind="no", trade=trade,
            theorem=FINITE_TRADE, status=weakest([Proved(), regime.status]),
        )  # fmt: skip
        return (no, *_rest(solution, regime, people, best, extra, pieces))
    if found:
        return _split(row, solution, regime, people, best, next(iter(found)), pieces)
    return (_undecided(regime, "no common choice is shown to be better for all"),)


def _theorem(solution: Solution) -> str:
    return TRANSFERABLE if solution.game.prices else POSITIVE


def _where_best(people: Crowd, regime: Regime, best: Solution) -> dict[Region, bool]:
    """Further conditions under which the values are an optimum's, and whether that is more than
    an edge."""
    out = {}
    for other in best.regimes:
        extra = tuple(r for r in other.when if r not in regime.when)
        when = (*regime.when, *extra)
        if search(region_of(people, when)).is_proof:
            continue
        if extra and is_among(people, replace(regime, when=when), (other,)):
            inside = tuple(r.tightened() for r in when)
            out[extra] = not search(region_of(people, inside)).is_proof
    return out


def _split(
    row: Efficiency, solution: Solution, regime: Regime, people: Crowd, best: Solution,
    extra: Region, pieces: int,
) -> tuple[Efficiency, ...]:  # fmt: skip
    """Efficient with equal weights under the further conditions, and what holds elsewhere."""
    when = _shortest(people, (*regime.when, *extra))
    equal = tuple((r.name, sp.S.One) for r in people.roles)
    there = replace(row, when=when, weights=equal, theorem=_theorem(solution))
    return (there, *_rest(solution, regime, people, best, extra, pieces))


def _rest(
    solution: Solution, regime: Regime, people: Crowd, best: Solution, extra: Region, pieces: int
) -> tuple[Efficiency, ...]:
    """The efficiency where the further conditions do not all hold."""
    out: list[Efficiency] = []
    for rest in _elsewhere(people, regime.when, extra):
        when = (*regime.when, *rest)
        if not search(region_of(people, when)).is_proof:
            here = replace(regime, when=_shortest(people, when))
            out += _judged(solution, here, people, best, pieces - 1)
    return tuple(out)


def _shortest(people: Crowd, when: Region) -> Region:
    """The conditions that the others do not imply."""
    if len(when) < 2:
        return when
    scalars = tuple(people.ledger.relation(r) for r in when)
    kept = irredundant(scalars, people.declared)
    return tuple(r for r, s in zip(when, scalars, strict=True) if s in kept)


def _alone(people: Crowd, regime: Regime) -> bool:
    """Whether there is one agent only: what is best for it is efficient."""
    (family,) = (f for f in people.game.families if f.objective is not None)
    return is_proved(holds(Relation(family.size, "==", sp.S.One), region_of(people, regime.when)))


def _conditions(people: Crowd, regime: Regime, best: Solution) -> Iterator[Region]:
    """Conditions under which a common choice may be better, met by some parameters: two members at
    least, off the edges, and where another optimum holds."""
    sizes = [f.size for f in people.game.families if f.objective is not None]
    several = tuple(Relation(n, ">=", sp.Integer(2)) for n in sizes)
    inside = tuple(r.tightened() for r in regime.when if r.tightened() != r)
    found = dict.fromkeys(((), several, inside, (*inside, *several)))
    for other in best.regimes:
        beyond = tuple(r.tightened() for r in other.when if r.tightened() not in inside)
        if beyond and not any(r.free_symbols & set(people.ledger.members) for r in beyond):
            found[(*beyond, *inside, *several)] = None
    for extra in found:
        if not search(region_of(people, regime.when, extra)).is_proof:
            yield extra


def _elsewhere(people: Crowd, given: Region, extra: Region) -> Iterator[Region]:
    """Disjoint regions that together are where the conditions do not all hold; sizes are whole."""
    sizes = {f.size for f in people.game.families}
    for k, r in enumerate(extra):
        if r in given:
            continue
        if r.left in sizes and r.right == 2:
            rest = Relation(r.left, "==", sp.S.One)
        elif r.relaxed() in [g.relaxed() for g in given]:
            rest = Relation(r.left, "==", r.right)
        else:
            rest = r.negated()
        yield (*extra[:k], rest)
