"""Welfare theorems as checks: they apply where they should, and where not there is a witness."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.alignment.arena import Arena, arena
from alignsym.alignment.checks import Check, not_convex, welfare_theorems
from alignsym.alignment.theorems import hypotheses
from alignsym.claims import Proved, Refuted
from alignsym.errors import UsageError
from alignsym.model.game import Agent, Game
from alignsym.solution import Regime

u, v, x, y = sp.symbols("u v x y", nonnegative=True)
p = sp.Symbol("p", nonnegative=True)
e = sp.Symbol("e", positive=True)
BOB = Agent("bob", sp.log(u) + sp.log(v), u, v, constraints={"B": p * u + v <= 1})


def market(*agents: Agent) -> tuple[Game, Regime, Arena]:
    game = Game(*agents, prices={p: x + y <= 2}, concept="walras")
    values = ((x, sp.S.One), (y, sp.S.One), (p, sp.S.Half))
    others = tuple((a.symbol, sp.S.One) for a in game.actions if a.symbol not in (x, y))
    regime = Regime(
        (),
        (*values, *others),
        status=Proved(),
        utilities=tuple((a.name, sp.S.Zero) for a in agents),
    )
    found = arena(game, "walras", dict(regime.values))
    assert isinstance(found, Arena)
    return game, regime, found


def checks(*agents: Agent) -> dict[str, Check]:
    found = welfare_theorems(Game(*agents, prices={p: x + u <= 1}), seconds=30)
    return {c.theorem.split()[0]: c for c in found}


def test_both_apply_to_an_exchange() -> None:
    ann = Agent("ann", sp.log(x) + sp.log(y), x, y, constraints={"A": p * x + y <= p})
    found = checks(ann, BOB)
    assert isinstance(found["first"].applies, Proved) and found["first"].conclusion == "strongly"
    assert isinstance(found["second"].applies, Proved) and found["second"].conclusion == "reached"


def test_an_externality_has_a_witness() -> None:
    """Where it hurts, exactly; and the trade that all prefer."""
    ann = Agent("ann", sp.log(1 + x) - e * u - p * x, x)
    bob = Agent("bob", sp.log(1 + u) - p * u, u)
    check = checks(ann, bob)["first"]
    (failed,) = (d for d in check.facts if isinstance(d.verdict, Refuted))
    assert dict(failed.verdict.point)[e] > 0 and "affected by u" in failed.verdict.reason
    assert check.conclusion == "no" and check.witness is not None and "better for all" in str(check)


def test_satiation_has_a_witness() -> None:
    """(1, 1) is the bliss of -(x - 1)**2 - (z - 1)**2, whatever the budget."""
    z = sp.Symbol("z", nonnegative=True)
    one = Agent("one", -((x - 1) ** 2) - (z - 1) ** 2, x, z, constraints={"b": p * x + z <= 9})
    two = Agent("two", sp.log(1 + y) - p * y, y)
    facts = hypotheses(*market(one, two))
    (failed,) = (d for d in facts if d.claim.statement == "one is never satiated")
    assert isinstance(failed.verdict, Refuted)
    at = dict(failed.verdict.point)
    assert (at[x], at[z]) == (1, 1)


def test_a_point_of_inflection_is_no_bliss() -> None:
    """x**3 - 3 x**2 + 3 x rises everywhere, with slope zero at 1: nobody is called satiated."""
    z = sp.Symbol("z", nonnegative=True)
    taste = x**3 - 3 * x**2 + 3 * x
    one = Agent("one", taste, x, z, constraints={"b": p * x + z <= 9})
    two = Agent("two", sp.log(1 + y) - p * y, y)
    facts = hypotheses(*market(one, two))
    (said,) = (d for d in facts if d.claim.statement == "one is never satiated")
    assert not isinstance(said.verdict, Refuted)


@pytest.mark.parametrize("taste", [x**2 + y**2, sp.Max(x, 2 * y)])
def test_preferences_that_are_not_convex(taste: sp.Expr) -> None:
    """The mean of two choices is worse than both: at the point found, by arithmetic."""
    ann = Agent("ann", taste, x, y, constraints={"A": p * x + y <= p})
    game = Game(ann, BOB, prices={p: x + u <= 1})
    point = dict(not_convex(game, ann))
    assert point
    one = taste.subs(point)
    levels = [sp.Rational(k, 2) for k in range(9)]
    other = [(r, s, taste.subs({x: r, y: s})) for r in levels for s in levels]
    mean = [taste.subs({x: (point[x] + r) / 2, y: (point[y] + s) / 2}) for r, s, _ in other]
    assert any(m < min(one, w) for m, (_, _, w) in zip(mean, other, strict=True))
    concave = Agent("ann", sp.log(1 + x) + y, x, y, constraints={"A": p * x + y <= p})
    assert not_convex(game, concave) == ()


def test_games_without_prices_are_refused() -> None:
    with pytest.raises(UsageError):
        welfare_theorems(Game(Agent("a", -((x - 1) ** 2), x)))
