"""Wasteful profiles are never called efficient, wrong weights and taxes never proved."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from alignsym.alignment.arena import arena
from alignsym.alignment.decentral import Spot, equilibrium
from alignsym.alignment.instruments import taxing
from alignsym.alignment.judging import judge, profile_of
from alignsym.alignment.supporting import supported
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.model.pricing import priced
from alignsym.model.relations import relation
from alignsym.solution import Regime, Solution

a, c, e, p, q = sp.symbols("a c e p q", positive=True)
x, y = sp.symbols("x y", nonnegative=True)
LOG = Game(Agent("alpha", sp.log(x), x), Agent("beta", sp.log(y), y), shared={"G": x + y <= q})
MARKET = priced(LOG, G="s")
PRICE = MARKET.prices[0].symbol
COURNOT = Game(
    Agent("one", (a - x - y - c) * x, x), Agent("two", (a - x - y - c) * y, y), conditions=[a > c]
)
MILL = Game(Agent("mill", p * x - x**2 / 2, x), Agent("fishery", -e * x))
TEAM = Game(
    Agent("one", (x + y) / 2 - x**2 / 2, (x, (0, 4))),
    Agent("two", (x + y) / 2 - y**2 / 2, (y, (0, 4))),
)
ONE = sp.S.One
WASTEFUL = [
    (LOG, "variational", {x: q / 3, y: q / 3}, {q: ONE}),
    (LOG, "variational", {x: q / 2, y: q / 2 - q / 1000}, {q: ONE}),
    (MARKET, "walras", {x: q / 3, y: 2 * q / 3, PRICE: 2 / q}, {q: ONE}),
    (COURNOT, "nash", {x: (a - c) / 3, y: (a - c) / 3}, {a: sp.Integer(2), c: ONE}),
    (COURNOT, "nash", {x: (a - c) / 4, y: (a - c) / 4 + (a - c) / 100}, {a: sp.Integer(2), c: ONE}),
    (MILL, "nash", {x: 2 * p}, {p: ONE, e: ONE}),
    (MILL, "nash", {x: p + e / 1000}, {p: ONE, e: ONE}),
    (TEAM, "nash", {x: sp.Rational(1, 2), y: sp.Rational(1, 2)}, {}),
    (TEAM, "nash", {x: ONE, y: sp.Integer(2)}, {}),
]


def claimed(game: Game, values: dict, point: dict) -> Regime:
    """A regime that says it is proved to be an equilibrium."""
    utilities = tuple((g.name, g.utility.xreplace(values)) for g in game.agents)
    return Regime(
        (), tuple(values.items()), utilities=utilities, witness=tuple(point.items()),
        status=Proved(), exhaustive=Proved(),
    )  # fmt: skip


@pytest.mark.parametrize(("game", "concept", "values", "point"), WASTEFUL)
def test_waste_is_never_efficient(game: Game, concept: str, values: dict, point: dict) -> None:
    regime = claimed(game, values, point)
    rows = judge(Solution(game, concept, (regime,), Proved()), regime, None)
    assert all(row.kind in ("no", "unknown") for row in rows), rows


@pytest.mark.parametrize("weights", [(1, 2), (2, 1), (0, 1), (sp.Rational(999, 1000), 1)])
def test_wrong_weights_are_not_proved(weights: tuple) -> None:
    regime = claimed(LOG, {x: q / 2, y: q / 2}, {q: ONE})
    profile = profile_of(LOG, regime, arena(LOG, "variational", {}))
    given = {"alpha": sp.sympify(weights[0]), "beta": sp.sympify(weights[1])}
    assert not isinstance(supported(profile, given).optimal, Proved)
    assert isinstance(supported(profile, {"alpha": ONE, "beta": ONE}).optimal, Proved)


@pytest.mark.parametrize("rate", [(a - c) / 4, (a - c) / 5, (a - c) / 3, sp.S.Zero])
def test_only_the_right_tax_aligns(rate: sp.Expr) -> None:
    game = COURNOT.altered(concept="nash")
    best = Spot(game.domain(), ((x, (a - c) / 4), (y, (a - c) / 4)), ((a, sp.Integer(2)), (c, ONE)))
    verdict = equilibrium(taxing(game, {x: rate, y: rate}), "nash", best)
    assert isinstance(verdict, Proved) == (rate == (a - c) / 4)


def test_a_kink_is_not_degenerate() -> None:
    """At x = 1 every w_1 >= w_2 supports the first agent's peak; the derivative says otherwise."""
    game = Game(Agent("one", -sp.Abs(x - 1), x), Agent("two", -sp.Abs(x - 2)))
    regime = claimed(game, {x: ONE}, {})
    (row,) = judge(Solution(game, "nash", (regime,), Proved()), regime, None)
    assert row.kind in ("strongly", "unknown") and not row.degenerate


def test_a_local_optimum_of_the_sum_is_no_proof() -> None:
    """x**4 terms make a second, higher peak: stationary weights do not show efficiency."""
    z = sp.Symbol("z", real=True)
    game = Game(Agent("one", 2 * z**2 * (z - 1) * (3 - z), (z, (-1, 4))), Agent("two", -(z**2)))
    regime = claimed(game, {z: sp.S.Zero}, {})
    rows = judge(Solution(game, "nash", (regime,), Proved()), regime, None)
    # z = 0 is best for the second agent alone, so it is efficient, but not by equal weights.
    assert all(row.kind == "unknown" or dict(row.weights or {}).get("two", 1) != 0 for row in rows)
    profile = profile_of(game, regime, arena(game, "nash", {}))
    equal = supported(profile, {"one": ONE, "two": ONE})
    assert not isinstance(equal.optimal, Proved)


def test_the_edge_of_a_domain_may_bind() -> None:
    """(r - 1)**(3/2) ends at r = 1, where all lose by more: any weights support it, and none are
    excluded; where one gains, those that give it no more than the loser's weight."""
    r = sp.Symbol("r", real=True)
    first = Agent("A", -((r - 1) ** sp.Rational(3, 2)) - r, r)
    weights = sp.symbols("w_A w_B", nonnegative=True)
    for second, cone in ((-r, ()), (r, (relation(weights[0] >= weights[1]),))):
        game = Game(first, Agent("B", second))
        (row,) = judge(Solution(game, "nash", (), Proved()), claimed(game, {r: ONE}, {}), None)
        assert (row.kind, row.degenerate) == ("strongly", False)
        assert row.weights == (("A", ONE), ("B", ONE))
        assert [(c.operator, c.gap) for c in row.cone or ()] == [(c.operator, c.gap) for c in cone]


def test_silence_at_an_edge() -> None:
    """Where a person has -oo, the edge of its domain binds the others: both keep a weight."""
    r = sp.Symbol("r", real=True)
    game = Game(Agent("A", -r, r), Agent("B", sp.log(r)), Agent("C", -2 * r))
    regime = claimed(game, {r: sp.S.Zero}, {})
    regime = replace(regime, utilities=(("A", sp.S.Zero), ("B", -sp.oo), ("C", sp.S.Zero)))
    (row,) = judge(Solution(game, "nash", (regime,), Proved()), regime, None)
    assert row.kind == "strongly" and row.degenerate
    assert [e > 0 for _, e in row.weights or ()] == [True, False, True]
