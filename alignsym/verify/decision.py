"""Who maximises what, by the definition of each concept (FORMAT, MATHEMATICS 3).

maximize, social   one decision maker: sum w_i U_i over all actions, every constraint
nash, walras       each agent over its own actions, its own constraints, the rest given
variational        each agent as in nash, and the shared constraints, jointly priced
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.model.domains import natural_domain
from alignsym.model.game import Action, Agent, Concept, Constraint, Game
from alignsym.model.relations import Expr, Region, Relation


@dataclass(frozen=True, slots=True)
class DecisionMaker:
    """Maximises `objective` over `actions` subject to `constraints`; other symbols are given.

    `domain` is where the objective and the constraints are defined, term by term and as written: a
    logarithm that cancels in a sum still needs its argument positive.
    """

    name: str
    objective: Expr
    actions: tuple[Action, ...]
    constraints: tuple[Constraint, ...]
    domain: Region

    @property
    def variables(self) -> tuple[sp.Symbol, ...]:
        """The symbols it chooses."""
        return tuple(a.symbol for a in self.actions)

    def bounds(self) -> Region:
        """The actions' intervals as relations."""
        return tuple(r for a in self.actions for r in a.interval.contains(a.symbol))

    def feasible(self) -> Region:
        """Everything a choice must satisfy: bounds, constraints, and the domain."""
        own = tuple(c.relation for c in self.constraints)
        return (*self.bounds(), *own, *self.domain)

    def at(self, others: Mapping[sp.Symbol, Expr]) -> DecisionMaker:
        """The same decision with the others' choices put in."""
        table = {s: e for s, e in others.items() if s not in self.variables}
        return DecisionMaker(
            self.name,
            self.objective.xreplace(table),
            self.actions,
            tuple(replace(c, relation=c.relation.replaced(table)) for c in self.constraints),
            tuple(r.replaced(table) for r in self.domain),
        )


def domain_of(agents: Iterable[Agent], constraints: Iterable[Constraint]) -> Region:
    """Where utilities and both sides of constraints are defined, as written."""
    found: list[Relation] = []
    for agent in agents:
        found += (*natural_domain(agent.objective), *agent.domain)
    for constraint in constraints:
        relation = constraint.relation
        found += (*natural_domain(relation.left), *natural_domain(relation.right))
        found += constraint.domain
    return tuple(dict.fromkeys(found))


def clearing_domain(game: Game) -> tuple[tuple[str, Region], ...]:
    """Where each market's clearing relation is defined, as written."""
    return tuple(
        (
            p.name,
            (*natural_domain(p.clearing.left), *natural_domain(p.clearing.right), *p.domain),
        )
        for p in game.prices
    )


def at_fixed_prices(game: Game) -> Game:
    """The game with the numeraire's price set to 1."""
    if game.numeraire is None:
        return game
    one = {game.numeraire: sp.S.One}
    agents = tuple(agent.replaced(one) for agent in game.agents)
    shared = tuple(c.replaced(one) for c in game.shared)
    return game.altered(agents=agents, shared=shared)


def decision_makers(game: Game, concept: Concept) -> tuple[DecisionMaker, ...]:
    """The decision makers of a concept; agents without actions only watch."""
    if concept == "bargaining":
        return (bargain(game),)
    if concept in ("maximize", "social"):
        weighted = sp.Add(*(game.weight(a.name) * a.utility for a in game.agents))
        name = game.agents[0].name if len(game.agents) == 1 else "planner"
        domain = domain_of(
            game.agents, game.constraints
        )  # social is bound by all, whatever the weights
        return (DecisionMaker(name, weighted, game.actions, game.constraints, domain),)
    game = at_fixed_prices(game)
    shared = game.shared if concept == "variational" else ()
    return tuple(
        DecisionMaker(
            a.name,
            a.utility,
            a.actions,
            (*a.constraints, *shared),
            domain_of([a], (*a.constraints, *shared)),
        )
        for a in game.agents
        if a.actions
    )


JOINT: tuple[Concept, ...] = ("maximize", "social", "bargaining")


def bargain(game: Game) -> DecisionMaker:
    """max prod (U_i - d_i)**w_i over feasible and individually rational profiles, U_i >= d_i."""
    point = dict(game.disagreement)
    gains = [a.utility - point.get(a.name, sp.S.Zero) for a in game.agents]
    product = sp.Mul(*(g ** game.weight(a.name) for g, a in zip(gains, game.agents, strict=True)))
    rational = tuple(Relation(g, ">=", sp.S.Zero) for g in gains)
    domain = (*domain_of(game.agents, game.constraints), *rational)
    return DecisionMaker("the bargain", product, game.actions, game.constraints, domain)


def everyones_bounds(game: Game) -> Region:
    """What holds of any profile: all actions in their intervals, prices nonnegative."""
    bounds = [r for a in game.actions for r in a.interval.contains(a.symbol)]
    return (*bounds, *(Relation(p.symbol, ">=", sp.S.Zero) for p in game.prices))
