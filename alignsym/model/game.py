"""Agents and games: frozen objects over SymPy expressions.

A game is what a model file says, no more: agents with their actions, utilities and constraints,
constraints and prices they share, parameters with signs and conditions.  What *solves* it is stated
elsewhere (`verify.obligations`), and how it is solved elsewhere again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import sympy as sp

from alignsym.errors import ModelError
from alignsym.model.agents import (
    Action,
    Agent,
    Constraint,
    Family,
    Outcome,
    Parameter,
    Price,
    StatedRegime,
    interval_of,
    named_constraints,
    named_expressions,
    named_prices,
    rational,
    refuse_unknown_sign,
)
from alignsym.model.relations import Expr, Interval, Region, relation

Concept = Literal[
    "maximize", "nash", "variational", "walras", "stackelberg", "social", "bargaining"
]
CONCEPTS: tuple[Concept, ...] = (
    "maximize", "nash", "variational", "walras", "stackelberg", "social", "bargaining",
)  # fmt: skip


@dataclass(frozen=True, slots=True, init=False)
class Game:
    """Agents, what binds them jointly, and the parameters.

    `shared` holds constraints that bind all agents jointly (their multipliers are shadow prices),
    `prices` the price symbols with their clearing relations, `conditions` further relations among
    parameters.  Parameters need not be listed: a symbol that is nobody's action and no price is
    one, with the sign its SymPy assumptions say.

    >>> x, y, q = sp.symbols("x y q", positive=True)
    >>> alpha, beta = Agent("alpha", sp.log(x), x), Agent("beta", sp.log(y), y)
    >>> game = Game(alpha, beta, shared={"G": x + y <= q})
    >>> [str(p.symbol) for p in game.parameters]
    ['q']
    """

    agents: tuple[Agent, ...]
    shared: tuple[Constraint, ...]
    prices: tuple[Price, ...]
    parameters: tuple[Parameter, ...]
    conditions: Region
    weights: tuple[tuple[str, Expr], ...]
    disagreement: tuple[tuple[str, Expr], ...]
    families: tuple[Family, ...]
    concept: Concept | None
    numeraire: sp.Symbol | None
    expected: tuple[StatedRegime, ...] = field(compare=False)
    expect: Outcome | None = field(compare=False)
    complete: bool | None = field(compare=False)
    id: str = field(compare=False)
    title: str = field(compare=False)
    source: str = field(compare=False)
    tags: tuple[str, ...] = field(compare=False)
    notes: str = field(compare=False)

    def __init__(
        self,
        *agents: Agent | Family,
        shared: Mapping[str, object] | Iterable[Constraint] = (),
        prices: Mapping[object, object] | Iterable[Price] = (),
        parameters: Iterable[Parameter] = (),
        conditions: Iterable[object] = (),
        weights: Mapping[str, object] | Iterable[tuple[str, Expr]] = (),
        disagreement: Mapping[str, object] | Iterable[tuple[str, Expr]] = (),
        families: Iterable[Family] = (),
        concept: Concept | None = None,
        numeraire: sp.Symbol | None = None,
        expected: Iterable[StatedRegime] = (),
        expect: Outcome | None = None,
        complete: bool | None = None,
        id: str = "",
        title: str = "",
        source: str = "",
        tags: Iterable[str] = (),
        notes: str = "",
    ) -> None:
        put = object.__setattr__
        put(self, "agents", tuple(a for a in agents if not isinstance(a, Family)))
        put(self, "shared", named_constraints(shared, where="shared"))
        put(self, "prices", named_prices(prices))
        put(self, "conditions", tuple(relation(c, where="conditions") for c in conditions))
        put(self, "weights", named_expressions(weights, where="weights"))
        put(self, "disagreement", named_expressions(disagreement, where="disagreement"))
        grouped = (*families, *(a for a in agents if isinstance(a, Family)))
        put(self, "families", grouped)
        put(self, "concept", concept)
        put(self, "numeraire", numeraire)
        put(self, "expected", tuple(expected))
        put(self, "expect", expect)
        put(self, "complete", complete)
        put(self, "id", id)
        put(self, "title", title)
        put(self, "source", source)
        put(self, "tags", tuple(tags))
        put(self, "notes", notes)
        put(self, "parameters", _all_parameters(self, tuple(parameters)))
        _refuse_ambiguity(self)

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions of all agents and families, in the order written."""
        own = [a for agent in self.agents for a in agent.actions]
        return tuple(own + [a for family in self.families for a in family.actions])

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """Every named constraint: the agents' own, then the shared ones."""
        own = [c for agent in self.agents for c in agent.constraints]
        own += [c for family in self.families for c in family.constraints]
        return (*own, *self.shared)

    def domain(self) -> Region:
        """What is declared of the parameters: their intervals, then `conditions`."""
        signs = [r for p in self.parameters for r in p.relations()]
        return (*signs, *self.conditions)

    def weight(self, agent: str) -> Expr:
        """The weight of an agent in the aggregate; 1 unless said."""
        return dict(self.weights).get(agent, sp.S.One)

    def agent(self, name: str) -> Agent:
        """The agent of that name."""
        for agent in self.agents:
            if agent.name == name:
                return agent
        known = ", ".join(a.name for a in self.agents)
        raise ModelError(f"no agent {name!r}", remedy=f"agents: {known}")

    def names(self) -> frozenset[str]:
        """Every name that a symbol of the game has: a new symbol needs another."""
        symbols = [a.symbol for a in self.actions] + [p.symbol for p in self.parameters]
        return frozenset(map(str, (*symbols, *(p.symbol for p in self.prices))))

    def altered(self, **changes: object) -> Game:
        """A copy with some of the constructor's keyword arguments (or `agents`) replaced."""
        kept = {
            "shared": self.shared, "prices": self.prices, "conditions": self.conditions,
            "weights": self.weights, "disagreement": self.disagreement, "families": self.families,
            "concept": self.concept, "numeraire": self.numeraire, "parameters": self.parameters,
            "expected": self.expected, "expect": self.expect, "complete": self.complete,
            "id": self.id, "title": self.title, "source": self.source, "tags": self.tags,
            "notes": self.notes,
        }  # fmt: skip
        agents = changes.pop("agents", self.agents)
        kept.update(changes)
        return Game(*agents, **kept)  # type: ignore[misc, arg-type]


def _all_parameters(game: Game, listed: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """The listed parameters, then every other free symbol by name with the sign it assumes."""
    chosen = {a.symbol for a in game.actions} | {p.symbol for p in game.prices}
    bases = {base_symbol(s) for s in chosen} | {base_symbol(p.symbol) for p in listed}
    bases |= {f.index for f in game.families}
    found: set[sp.Symbol] = set()
    for family in game.families:
        found |= set() if family.objective is None else family.objective.free_symbols
    for agent in game.agents:
        found |= agent.objective.free_symbols
        for act in agent.actions:
            found |= act.interval.lower.free_symbols | act.interval.upper.free_symbols
    for constraint in (*game.constraints, *(Constraint(p.name, p.clearing) for p in game.prices)):
        found |= constraint.relation.free_symbols
    for _, expression in (*game.weights, *game.disagreement):
        found |= expression.free_symbols
    for condition in game.conditions:
        found |= condition.free_symbols
    fresh = {s for s in found if base_symbol(s) not in bases and isinstance(s, sp.Symbol)}
    fresh -= {s for s in fresh if isinstance(s, sp.Indexed)}
    data = _data_of_families(game, fresh)
    fresh -= {base_symbol(p.symbol) for p in data}
    sizes = {f.size for f in game.families}
    unlisted = [
        Parameter(s, Interval(sp.S.One, sp.oo), True)
        if s in sizes
        else Parameter(s, interval_of(s))
        for s in sorted(fresh | (sizes - bases), key=lambda s: s.name)
    ]
    return (*listed, *unlisted, *data)


def _data_of_families(game: Game, fresh: set[sp.Symbol]) -> tuple[Parameter, ...]:
    """a[i] for every indexed symbol nobody declared, in the family whose index or size it meets."""
    if not game.families:
        return ()
    expressions = [f.objective for f in game.families if f.objective is not None]
    expressions += [a.objective for a in game.agents]
    relations = [c.relation for c in game.constraints] + [p.clearing for p in game.prices]
    expressions += [s for r in (*relations, *game.conditions) for s in (r.left, r.right)]
    expressions += [e for _, e in (*game.weights, *game.disagreement)]
    home: dict[Expr, Expr] = {}
    for e in expressions:
        ends = {s.limits[0][0]: s.limits[0][2] for s in e.atoms(sp.Sum, sp.Product)}
        for a in sorted(e.atoms(sp.Indexed), key=str):
            (k,) = a.indices
            for family in game.families:
                if k == family.index or ends.get(k) == family.size:
                    home.setdefault(a.base, family.index)
    found = [base[i] for base, i in home.items() if base.label in fresh]
    return tuple(Parameter(a, interval_of(a)) for a in sorted(found, key=str))


def base_symbol(symbol: Expr) -> Expr:
    """The symbol itself, or the base label of an indexed one: p for p[i]."""
    return symbol.base.label if isinstance(symbol, sp.Indexed) else symbol


def _refuse_ambiguity(game: Game) -> None:
    """One symbol, one role; one name, one assumption; every agent and constraint named once."""
    for parameter in game.parameters:
        refuse_unknown_sign(parameter.symbol, parameter.interval, where="parameters")
    chosen = {a.symbol for a in game.actions} | {p.symbol for p in game.prices}
    for act in game.actions:
        ends = act.interval.lower.free_symbols | act.interval.upper.free_symbols
        if moving := sorted(str(s) for s in ends & chosen):
            raise ModelError(
                f"the interval of {act.symbol} depends on {moving[0]}, which somebody chooses",
                remedy="write a constraint",
            )
    roles: dict[Expr, str] = {}
    for symbol, role in [
        *((a.symbol, "an action") for a in game.actions),
        *((p.symbol, "a price") for p in game.prices),
        *((p.symbol, "a parameter") for p in game.parameters),
    ]:
        if symbol in roles:
            raise ModelError(f"{symbol} is both {roles[symbol]} and {role}", remedy="rename one")
        roles[symbol] = role
    names: dict[str, Expr] = {}
    for symbol in roles:
        if names.setdefault(str(symbol), symbol) != symbol:
            raise ModelError(
                f"two different symbols are called {symbol}",
                remedy="SymPy tells symbols apart by their assumptions: declare each name once",
            )
    for kind, listed in (
        ("agent", [a.name for a in game.agents]),
        ("constraint", [c.name for c in game.constraints] + [p.name for p in game.prices]),
    ):
        for name in listed:
            if listed.count(name) > 1:
                raise ModelError(f"two {kind}s are called {name!r}", remedy="rename one")


__all__ = [
    "CONCEPTS", "Action", "Agent", "Concept", "Constraint", "Family", "Game", "Outcome",
    "Parameter", "Price", "StatedRegime", "base_symbol", "interval_of", "rational",
]  # fmt: skip
