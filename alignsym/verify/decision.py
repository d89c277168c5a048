"""Who maximises what, by the definition of each concept (FORMAT, MATHEMATICS 3).

    maximize, social   one decision maker: sum w_i U_i over all actions, every constraint
    nash, walras       each agent over its own actions, its own constraints, the rest given
    variational        each agent as in nash, and the shared constraints, jointly priced
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.model.domains import natural_domain
from alignsym.model.game import Action, Agent, Concept, Constraint, Game
from alignsym.model.relations import Expr, Region, Relation


@dataclass(frozen=True, slots=True)
class DecisionMaker:
    """Maximises `objective` over `actions` subject to `constraints`; other symbols are given."""

    name: str
    objective: Expr
    actions: tuple[Action, ...]
    constraints: tuple[Constraint, ...]

    @property
    def variables(self) -> tuple[sp.Symbol, ...]:
        """The symbols it chooses."""
        return tuple(a.symbol for a in self.actions)

    def bounds(self) -> Region:
        """The actions' intervals as relations."""
        return tuple(r for a in self.actions for r in a.interval.contains(a.symbol))

    def feasible(self) -> Region:
        """Everything a choice must satisfy: bounds, constraints, natural domain of the objective."""
        own = tuple(c.relation for c in self.constraints)
        return (*self.bounds(), *own, *natural_domain(self.objective))


def at_fixed_prices(game: Game) -> Game:
    """The game with the numeraire's price set to 1."""
    if game.numeraire is None:
        return game
    one = {game.numeraire: sp.S.One}
    agents = tuple(_agent_with(agent, one) for agent in game.agents)
    return game.altered(
        agents=agents,
        shared=tuple(Constraint(c.name, c.relation.replaced(one)) for c in game.shared),
    )


def _agent_with(agent: Agent, mapping: dict[sp.Symbol, Expr]) -> Agent:
    constraints = tuple(Constraint(c.name, c.relation.replaced(mapping)) for c in agent.constraints)
    return Agent(
        agent.name,
        agent.objective.xreplace(mapping),
        *agent.actions,
        constraints=constraints,
        loss=agent.loss,
    )


def decision_makers(game: Game, concept: Concept) -> tuple[DecisionMaker, ...]:
    """The decision makers of a concept; agents without actions only watch."""
    if concept in ("maximize", "social"):
        weighted = sp.Add(*(game.weight(a.name) * a.utility for a in game.agents))
        name = game.agents[0].name if len(game.agents) == 1 else "planner"
        return (DecisionMaker(name, weighted, game.actions, game.constraints),)
    game = at_fixed_prices(game)
    shared = game.shared if concept == "variational" else ()
    return tuple(
        DecisionMaker(a.name, a.utility, a.actions, (*a.constraints, *shared))
        for a in game.agents
        if a.actions
    )


def everyones_bounds(game: Game) -> Region:
    """What holds of any profile: all actions in their intervals, prices nonnegative."""
    bounds = [r for a in game.actions for r in a.interval.contains(a.symbol)]
    return (*bounds, *(Relation(p.symbol, ">=", sp.S.Zero) for p in game.prices))
