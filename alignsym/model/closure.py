"""The program with all ends in its intervals, beside one whose choices are from open intervals.

x > 0   becomes   x >= 0
"""

from __future__ import annotations

from dataclasses import replace

from alignsym.model.game import Action, Agent, Game

ACTIONS_LIMIT = 3


def closed(game: Game) -> Game | None:
    """The program with all ends in its intervals; None where they are already, and where there are
    many actions, for which the search among all ends takes tens of seconds."""
    opened = [a for a in game.actions if a.interval.open_lower or a.interval.open_upper]
    if not opened or len(game.actions) > ACTIONS_LIMIT:
        return None
    agents = tuple(
        Agent(
            agent.name,
            agent.objective,
            *(
                Action(a.symbol, replace(a.interval, open_lower=False, open_upper=False))
                for a in agent.actions
            ),
            constraints=agent.constraints,
            loss=agent.loss,
            domain=agent.domain,
        )
        for agent in game.agents
    )
    return game.altered(agents=agents)
