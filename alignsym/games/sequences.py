"""Who moves when: a game with its agents in the order of their moves."""

from __future__ import annotations

from collections.abc import Iterable

from alignsym.errors import UsageError
from alignsym.model.game import Game


def in_order(game: Game, order: Iterable[str]) -> Game:
    """The same game with the agents moving in the order given, first the leader; watchers last.

    Raises: UsageError unless every agent that chooses something is named once.

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> x, y = sp.symbols("x y")
    >>> [a.name for a in in_order(Game(Agent("f", x, x), Agent("g", y, y)), ["g", "f"]).agents]
    ['g', 'f']
    """
    names = [order] if isinstance(order, str) else list(order)
    movers = [a.name for a in game.agents if a.actions]
    if game.families:
        raise UsageError(
            "the order is fixed: one leader, then the family", where="order", remedy="leave it out"
        )
    if sorted(names) != sorted(movers):
        raise UsageError(
            f"{', '.join(names) or 'nobody'} is no order of the movers",
            where="order",
            remedy=f"name each of {', '.join(movers)} once",
        )
    watchers = [a for a in game.agents if not a.actions]
    return game.altered(agents=(*map(game.agent, names), *watchers))
