"""What the concept asks: every problem, its Lagrangian, first-order conditions, complementarity.

The conditions are those of `conditions`, so that the derivation speaks of what was solved; the
problems are those of `verify.decision`, the definition of the concept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.conditions.concepts import system_of
from alignsym.conditions.epigraph import lifted
from alignsym.conditions.kkt import Multiplied, lagrangian
from alignsym.conditions.system import System
from alignsym.model.game import Concept, Constraint, Game, Price
from alignsym.model.relations import Expr, Relation
from alignsym.steps import (
    Complementary,
    FirstOrder,
    Kink,
    Lagrangian,
    Market,
    Problem,
    Rows,
    Step,
    Transform,
)
from alignsym.verify.decision import JOINT, DecisionMaker, decision_makers

COMMON = "all"  # the owner of shared multipliers


@dataclass(frozen=True, slots=True)
class Asked:
    """The complementarity system of the concept, and the steps that lead to it."""

    system: System
    steps: tuple[Step, ...]
    kinks: Rows = ()
    markets: tuple[Price, ...] = ()


def asked(game: Game, concept: Concept) -> Asked:
    """Problems, Lagrangians and conditions of every decision maker, then the markets."""
    system = system_of(game, concept)
    steps: list[Step] = []
    kinks: list[tuple[sp.Symbol, Expr]] = []
    for maker in decision_makers(game, concept):
        steps.append(problem(game, concept, maker))
        before = [s for s in system.steps if isinstance(s, Transform) and s.owner == maker.name]
        steps += before
        objective = before[0].after if before else maker.objective
        if system.auxiliary:
            smooth = lifted(objective, game.actions, game.constraints)
            objective = smooth.objective
            named = list(_kinks(smooth.edges))
            kinks += [(step.variable, step.term) for step in named]
            steps += named
        steps += conditions(system, maker.name, objective, loss=_is_loss(game, concept))
    steps += [
        Market(p.symbol, p.clearing, p.symbol == game.numeraire)
        for p in game.prices
        if concept == "walras"
    ]
    steps += [
        Complementary(p.origin.name, p.multiplier, p.slack)
        for p in system.pairs
        if p.origin.kind != "clearing"
    ]
    return Asked(system, tuple(steps), tuple(kinks), game.prices)


def problem(game: Game, concept: Concept, maker: DecisionMaker, foreseen: Rows = ()) -> Problem:
    """The problem of one decision maker, the choices it takes as given named."""
    single = concept == "maximize" or (concept not in JOINT and maker.name)
    loss = bool(single and game.agent(maker.name).loss)
    own = set(maker.variables)
    others = [*(a.symbol for a in game.actions), *(p.symbol for p in game.prices)]
    inside = maker.objective.free_symbols.union(
        *(c.relation.free_symbols for c in maker.constraints)
    )
    given = () if concept in JOINT else tuple(s for s in others if s in inside and s not in own)
    return Problem(
        owner=maker.name,
        objective=-maker.objective if loss else maker.objective,
        loss=loss,
        actions=tuple((a.symbol, a.interval) for a in maker.actions),
        constraints=tuple((c.name, c.relation) for c in maker.constraints),
        given=tuple(s for s in given if s not in dict(foreseen)),
        foreseen=foreseen,
    )


def conditions(system: System, owner: str, objective: Expr, *, loss: bool = False) -> list[Step]:
    """The Lagrangian, where anything has a multiplier, and its derivatives."""
    steps: list[Step] = []
    own = [
        (s, e.expression)
        for e in system.equations
        if e.origin.kind == "stationarity" and e.origin.owner == owner
        for s in system.actions
        if s.name == e.origin.name or str(s) == e.origin.name
    ]
    parts = attached(system, (owner, COMMON))
    multipliers = (
        *(p.multiplier for p in parts.pairs),
        *(f.symbol for f in parts.free),
    )
    multiplied = bool(multipliers or loss)
    if multiplied:
        steps.append(Lagrangian(owner, lagrangian(objective, [parts]), multipliers))
    steps += [FirstOrder(owner, s, e, multiplied) for s, e in own]
    return steps


def attached(system: System, owners: Sequence[str]) -> Multiplied:
    """The constraints of the owners with their multipliers, prices apart."""
    pairs = tuple(
        p for p in system.pairs if p.origin.owner in owners and p.origin.kind != "clearing"
    )
    free = [f for f in system.free if f.origin.owner in owners]
    named = {e.origin: e for e in system.equations if e.origin.kind == "constraint"}
    return Multiplied(pairs, tuple(free), tuple(named[f.origin] for f in free))


def _is_loss(game: Game, concept: Concept) -> bool:
    return concept == "maximize" and game.agents[0].loss


def _kinks(edges: Sequence[Constraint]) -> Iterator[Kink]:
    """The kinked terms by their variables, from the relations that tie them."""
    rows: dict[sp.Symbol, list[Relation]] = {}
    for edge in edges:
        rows.setdefault(edge.relation.left, []).append(edge.relation)
    for variable, relations in rows.items():
        sides = [r.right for r in relations]
        if relations[0].operator == "<=":
            term: Expr = sp.Min(*sides, evaluate=False)
        elif len(sides) == 2 and sp.expand(sides[0] + sides[1]) == 0:
            term = sp.Abs(sides[0], evaluate=False)
        else:
            term = sp.Max(*sides, evaluate=False)
        yield Kink(variable, term, tuple(relations))
