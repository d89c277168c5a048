"""Who moves when, and what somebody does who is indifferent."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import get_args

from alignsym.answer import in_order, solve
from alignsym.errors import UsageError
from alignsym.induction import Ties
from alignsym.model.game import Game
from alignsym.solution import Solution


def stackelberg(
    game: Game,
    *,
    order: Iterable[str] | None = None,
    ties: Ties = "none",
    seconds: float | None = None,
) -> Solution:
    """Subgame-perfect play of agents that move one after the other, each seeing all earlier moves.

    Where a later mover is indifferent, nothing is chosen for it: the play is given if it follows
    without (whoever is indifferent must then help, for else the earlier mover has no best move),
    and `unknown` if it depends.  With `ties="favourable"` an indifferent mover does what is best
    for the one before it (the strong Stackelberg solution), and the answer says so.

    Arguments: `order`, the names of all agents that choose something, by default as listed;
    `seconds`, as in `alignsym.solve`.
    Raises: UsageError for names that are no order, and for an unknown tie-breaking.

    Sources: von Stackelberg 1934; Selten 1965; Breton, Alj and Haurie 1988 (ties).

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> offer, yes, q = *sp.symbols("offer yes", real=True), sp.Symbol("q", positive=True)
    >>> proposer = Agent("proposer", yes*(q - offer), (offer, (0, q)))
    >>> ultimatum = Game(proposer, Agent("responder", yes*(offer - q/4), (yes, (0, 1))))
    >>> answer = stackelberg(ultimatum)
    >>> answer[offer], answer[yes]
    (q/4, 1)
    """
    if ties not in get_args(Ties):
        raise UsageError(
            f"no tie-breaking {ties!r}", where="ties", remedy=" or ".join(get_args(Ties))
        )
    ordered = game if order is None else arranged(game, order)
    if ties == "none":
        return solve(ordered, "stackelberg", seconds=seconds)
    if ordered.families:
        raise UsageError(
            "before a family of symbolic size no ties are broken",
            where="ties",
            remedy="ties='none'",
        )
    return in_order(ordered, seconds, time.perf_counter(), ties)


def arranged(game: Game, order: Iterable[str]) -> Game:
    """The same game with the agents moving in the order given, first the leader; watchers last.

    Raises: UsageError unless every agent that chooses something is named once.

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> x, y = sp.symbols("x y")
    >>> [a.name for a in arranged(Game(Agent("f", x, x), Agent("g", y, y)), ["g", "f"]).agents]
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
