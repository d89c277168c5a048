"""The program of one agent of a game: everybody else's actions, and the prices, are parameters."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.model.agents import Agent, Parameter
from alignsym.model.game import Game
from alignsym.model.relations import Interval, Region


def response_program(game: Game, name: str) -> Game:
    """max U_i(x_i, x_-i) over x_i in X_i(x_-i), for every x_-i the others may choose.

    The agent is bound by its own constraints and by the shared ones.  The intervals of the other
    actions, and what the others' own constraints say of them, are conditions; prices are
    nonnegative.  A numeraire must have been put in.

    >>> x, y = sp.symbols("x y", nonnegative=True)
    >>> duopoly = Game(Agent("one", (1 - x - y)*x, x), Agent("two", (1 - x - y)*y, y))
    >>> program = response_program(duopoly, "one")
    >>> program.concept, [str(p.symbol) for p in program.parameters]
    ('maximize', ['y'])
    """
    agent = game.agent(name)
    others = [a for a in game.agents if a.name != name]
    given = [Parameter(act.symbol, act.interval) for a in others for act in a.actions]
    given += [
        Parameter(p.symbol, Interval.nonnegative())
        for p in game.prices
        if p.symbol != game.numeraire
    ]
    own = {act.symbol for act in agent.actions}
    common = tuple(c for c in game.shared if c.relation.free_symbols & own)
    return game.altered(
        agents=(agent.altered(constraints=(*agent.constraints, *common)),),
        shared=(), prices=(), weights=(), disagreement=(), numeraire=None,
        parameters=(*game.parameters, *given),
        conditions=(*game.conditions, *_choices(others, own, game)),
        concept="maximize", expected=(), expect=None,
    )  # fmt: skip


def _choices(others: Sequence[Agent], own: set[sp.Symbol], game: Game) -> Region:
    """What the others' own constraints say of their choices: X_-i, where it does not move.

    A constraint that contains the agent's action or a price binds its owner, not the agent.
    """
    moving = {*own, *(p.symbol for p in game.prices)}
    return tuple(
        c.relation for a in others for c in a.constraints if not c.relation.free_symbols & moving
    )
