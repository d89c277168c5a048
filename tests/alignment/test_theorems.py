"""The first welfare theorem: it needs no concavity, and fails where a hypothesis does."""

from __future__ import annotations

import sympy as sp

from alignsym.alignment.arena import Arena, arena
from alignsym.alignment.theorems import first_welfare, hypotheses
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.solution import Regime

e = sp.Symbol("e", positive=True)
x, y = sp.symbols("x y", nonnegative=True)
p = sp.Symbol("p", nonnegative=True)


def market(*agents: Agent) -> tuple[Game, Regime, Arena]:
    game = Game(*agents, prices={p: x + y <= 2}, concept="walras")
    values = ((x, sp.S.One), (y, sp.S.One), (p, sp.S.Half))
    others = tuple((a.symbol, sp.S.One) for a in game.actions if a.symbol not in (x, y))
    regime = Regime(
        (), (*values, *others), witness=tuple((s.symbol, sp.S.One) for s in game.parameters),
        status=Proved(), utilities=tuple((a.name, sp.S.Zero) for a in agents),
    )  # fmt: skip
    found = arena(game, "walras", dict(regime.values))
    assert isinstance(found, Arena)
    return game, regime, found


def test_without_concavity() -> None:
    """x**2/(1 + x**2) - x/2 is largest at 1 (and at 0), not concave; the theorem does not ask."""
    taste = x**2 / (1 + x**2)
    two = Agent("two", taste.subs(x, y) - p * y, y)
    assert isinstance(first_welfare(*market(Agent("one", taste - p * x, x), two)), Proved)


def test_an_externality_is_named() -> None:
    one = Agent("one", sp.log(1 + x) - e * y - p * x, x)
    game, regime, found = market(one, Agent("two", sp.log(1 + y) - p * y, y))
    assert not isinstance(first_welfare(game, regime, found), Proved)
    failed = [d for d in hypotheses(game, regime, found) if not isinstance(d.verdict, Proved)]
    assert [d.claim.statement for d in failed] == ["nobody else's actions matter to one"]


def test_satiation_is_named() -> None:
    """With a budget, somebody who has enough may leave goods unused."""
    z = sp.Symbol("z", nonnegative=True)
    one = Agent("one", -((x - 1) ** 2) - (z - 1) ** 2, x, z, constraints={"b": p * x + z <= 9})
    two = Agent("two", sp.log(1 + y) - p * y, y)
    game, regime, found = market(one, two)
    failed = [d for d in hypotheses(game, regime, found) if not isinstance(d.verdict, Proved)]
    assert "one is never satiated" in [d.claim.statement for d in failed]
