"""Programs whose choices come from open intervals, by way of those on the closed ones.

    max x + y,  p*x + y <= w,  x > 0, y > 0:    for p < 1 the best point of the closed program is
                                                (w/p, 0), neared from inside and not attained

A solution of the closed program that is inside the open intervals is one of the program; one on an
end that does not belong to them is approached along the segment from a point inside; a ray on which
an action stays at such an end nears the end instead.  Candidates, all of it: verified afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from alignsym.conditions.concepts import objective_of, system_of
from alignsym.conditions.system import System
from alignsym.logic.decide import implies, irredundant, search
from alignsym.logic.growth import T
from alignsym.logic.normal import is_identically_zero
from alignsym.model.closure import closed
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.branches import Branch, Partition
from alignsym.solving.compare import among_critical
from alignsym.solving.critical import critical_points
from alignsym.solving.partition import partition
from alignsym.solving.projection import shadows
from alignsym.solving.thresholds import conditions

MEMBERS_LIMIT = 24
_PARTS = 4


def by_closure(game: Game, concept: Concept, deadline: float | None) -> Iterator[Partition]:
    """Candidates from the closed program, as they are for the open one."""
    wider = closed(game)
    if wider is None:
        return
    system, own = system_of(wider, concept), system_of(game, concept)
    found = partition(system, deadline=deadline)
    branches = tuple(_renumbered(opened(game, b, system), system, own) for b in found.branches)
    # What is left are edges at which the ends are as good as other points.
    yield partition(own, deadline=deadline, known=branches)
    objective = objective_of(wider, concept)
    if objective is not None:
        few = among_critical(system, objective, critical_points(system, deadline), deadline)
        listed = (opened(game, b, system) for b in few.branches)
        yield replace(few, branches=tuple(_renumbered(b, system, own) for b in listed))


def _renumbered(branch: Branch, system: System, own: System) -> Branch:
    """What binds by its place in the open program's conditions, which lack the ends."""
    places = {p.origin: k for k, p in enumerate(own.pairs)}
    origins = (system.pairs[k].origin for k in branch.binding)
    return replace(branch, binding=frozenset(places[o] for o in origins if o in places))


def opened(game: Game, branch: Branch, system: System) -> Branch:
    """The branch of the closed program as one of the open program."""
    if branch.outcome == "infeasible":
        return branch
    if branch.outcome is not None:
        return replace(branch, ray=tuple(_off_the_end(game, row) for row in branch.ray))
    ends = open_ends(game)
    if branch.relations:
        more = tuple(r for rows in ends.values() for r in rows)
        names = {s for r in branch.relations for s in r.free_symbols}
        inside = tuple(r for r in more if r.free_symbols & names)
        kept = (*inside, *(r for r in branch.relations if r.tightened() not in more))
        return replace(branch, relations=irredundant(kept, (*game.domain(), *branch.when)))
    values = dict(branch.values)
    at = [r.replaced(values) for rows in ends.values() for r in rows]
    if not any(is_identically_zero(r.gap) for r in at):
        return replace(branch, when=conditions((*branch.when, *at), game.domain()))
    # Where the end has a price, every optimum of the closed program is there.
    prices = (
        Relation(values[p.multiplier], ">", sp.S.Zero)
        for p in system.pairs
        if p.origin.kind in ("lower", "upper") and values.get(p.multiplier, sp.S.Zero) != 0
    )
    when = conditions((*branch.when, *prices), game.domain())
    way = _segment(game, replace(branch, when=when))
    if way is None:
        return branch
    return replace(
        branch, when=when, values=(), binding=frozenset(), outcome="none", ray=way, inverse=True
    )


def open_ends(game: Game) -> dict[sp.Symbol, Region]:
    """The strict bounds of every action that has one."""
    out: dict[sp.Symbol, Region] = {}
    for action in game.actions:
        strict = tuple(r for r in action.interval.contains(action.symbol) if r.is_strict)
        if strict:
            out[action.symbol] = strict
    return out


def _off_the_end(game: Game, row: tuple[sp.Symbol, Expr, Expr]) -> tuple[sp.Symbol, Expr, Expr]:
    """x = end at rest as x = end + 1/t."""
    symbol, start, direction = row
    for relation in open_ends(game).get(symbol, ()):
        if direction == 0 and is_identically_zero(relation.gap.xreplace({symbol: start})):
            return symbol, start, sp.diff(relation.gap, symbol) * T**-2
    return row


def _segment(game: Game, branch: Branch) -> tuple[tuple[sp.Symbol, Expr, Expr], ...] | None:
    """From the branch's point towards one that is inside all open ends, wherever it holds."""
    region = (*game.domain(), *branch.when)
    values = dict(branch.values)
    point = next(members(game, region), None)
    if point is None:
        return None
    return tuple((s, values[s], sp.cancel(e - values[s])) for s, e in point.items())


def members(game: Game, region: Region, within: Region = ()) -> Iterator[dict[sp.Symbol, Expr]]:
    """Points that satisfy every constraint and strict bound on the whole region, where these are
    affine."""
    variables = [a.symbol for a in game.actions]
    own = [r for a in game.actions for r in a.interval.contains(a.symbol)]
    own += [*within, *(c.relation for c in game.constraints)]
    for agent in game.agents:
        own += [r for r in natural_domain(agent.objective) if r.operator != "!="]
    tried = 0
    for shadow in shadows(tuple(dict.fromkeys(own)), variables, region)[:_PARTS]:
        if search((*region, *shadow.when)).is_proof:
            continue
        for member in shadow.members:
            tried += 1
            if tried > MEMBERS_LIMIT:
                return
            point = dict(member)
            if all(implies(region, r.replaced(point)).is_proof for r in own):
                yield point
