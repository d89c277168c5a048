"""A set of profiles as one profile, in which what is free is a parameter."""

from __future__ import annotations

import sympy as sp

from alignsym.logic.decide import search
from alignsym.model.agents import Parameter
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Interval
from alignsym.solution import Continuum, Regime
from alignsym.verify.decision import everyones_bounds


def as_point(game: Game, case: Continuum) -> tuple[Game, Regime]:
    """A set of profiles as one profile of a game in which the free actions are parameters."""
    chosen = [a.symbol for a in game.actions] + [p.symbol for p in game.prices]
    values = dict(case.values)
    intervals = {a.symbol: a.interval for a in game.actions}
    free = {s: sp.Dummy(s.name, **s.assumptions0) for s in chosen if s not in values}
    extra = [Parameter(d, intervals.get(s, Interval.nonnegative())) for s, d in free.items()]
    row = {s: values[s].xreplace(free) if s in values else free[s] for s in chosen}
    larger = game.altered(parameters=(*game.parameters, *extra))
    point = {free.get(s, s): v for s, v in case.witness}
    return larger, Regime(
        when=(*case.when, *(r.replaced(free) for r in case.relations)),
        values=tuple(row.items()),
        utilities=tuple((a.name, a.utility.xreplace(row)) for a in game.agents),
        multiple=True,
        witness=tuple(point.items()),
    )


def inhabited(game: Game, case: Continuum) -> bool:
    """Whether some listed member is in the set for every parameter of the case."""
    region = (*game.domain(), *case.when)
    bounds = everyones_bounds(game)
    inside = []
    for member in case.members:
        row = dict(member)
        row |= {s: e.xreplace(row) for s, e in case.values}
        inside.append(tuple(r.replaced(row) for r in (*case.relations, *bounds)))
    return bool(inside) and search(region, outside=inside).is_proof


def bound_prices(game: Game, point: Regime) -> tuple[tuple[str, Expr], ...]:
    """What the ends of intervals cost their owners at the point: |dU_i/dx| where x is at an end.

    For agents without constraints of their own, with whom these are the only multipliers.
    """
    at = dict(point.values)
    out = []
    for agent in game.agents:
        for action in () if agent.constraints else agent.actions:
            slope = sp.diff(agent.utility, action.symbol).xreplace(at)
            value = at[action.symbol]
            if value == action.interval.lower:
                out.append((action.name, -slope))
            elif value == action.interval.upper:
                out.append((action.name, slope))
    return tuple((name, price) for name, price in out if price != 0)
