"""Multipliers at kinks: those that are the only ones, and lies about the others."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game
from alignsym.claims import Proved, Unknown
from alignsym.solution import Regime
from alignsym.verify.decision import decision_makers
from alignsym.verify.kinks import kinked_multipliers
from alignsym.verify.obligations import verify

x, y = sp.symbols("x y", real=True)
n, m = sp.symbols("n m", nonnegative=True)
q = sp.Symbol("q", positive=True)
ZERO, ONE = sp.S.Zero, sp.S.One


def priced(
    agent: Agent,
    values: dict[sp.Symbol, sp.Expr],
    mu: dict[str, sp.Expr],
    *,
    value: sp.Expr,
    conditions: tuple[object, ...] = (),
    bounds: tuple[tuple[str, sp.Expr], ...] = (),
) -> bool:
    """Whether the regime with these multipliers is proved."""
    game = Game(agent, conditions=conditions)
    payoffs = ((agent.name, agent.utility.xreplace(values)),)
    regime = Regime(
        (), tuple(values.items()), multipliers=tuple(mu.items()), bounds=bounds, value=value,
        utilities=payoffs, witness=tuple((p.symbol, sp.Rational(1, 2)) for p in game.parameters),
    )  # fmt: skip
    (found,) = verify(game, "maximize", (regime,)).regimes
    return isinstance(found.status, Proved)


@pytest.mark.parametrize(("claimed", "right"), [(ZERO, False), (ONE, True), (2 * ONE, False)])
def test_complements(claimed: sp.Expr, right: bool) -> None:
    """max sqrt(min(n, 2*m)), n + m <= q: V = sqrt(2*q/3), V' = 1/sqrt(6*q)."""
    agent = Agent("A", sp.sqrt(sp.Min(n, 2 * m)), n, m, constraints={"c": n + m <= q})
    values = {n: 2 * q / 3, m: q / 3}
    mu = {"c": claimed / sp.sqrt(6 * q)}
    assert priced(agent, values, mu, value=sp.sqrt(2 * q / 3)) is right


@pytest.mark.parametrize(("claimed", "right"), [(-ONE, False), (ZERO, False), (ONE, True)])
def test_a_loss_bounded_below(claimed: sp.Expr, right: bool) -> None:
    """min |x|, x >= q: V = -q and mu = -dV/dq = 1, reported nonnegative."""
    agent = Agent("A", sp.Abs(x), x, loss=True, constraints={"c": x >= q})
    assert priced(agent, {x: q}, {"c": claimed}, value=q) is right


@pytest.mark.parametrize(
    ("claimed", "right"), [(-ONE, True), (ONE, False), (-ONE / 2, False), (-2 * ONE, False)]
)
def test_an_equality(claimed: sp.Expr, right: bool) -> None:
    """max -|x|, x = q: V = -q and mu = dV/dq = -1."""
    agent = Agent("A", -sp.Abs(x), x, constraints={"c": sp.Eq(x, q)})
    assert priced(agent, {x: q}, {"c": claimed}, value=-q) is right


@pytest.mark.parametrize("claimed", [ZERO, sp.Rational(1, 2), ONE])
def test_a_constraint_that_meets_the_kink(claimed: sp.Expr) -> None:
    """max min(x, q), x <= q: all of [0, 1] are multipliers of the constraint."""
    agent = Agent("A", sp.Min(x, q), x, constraints={"c": x <= q})
    assert not priced(agent, {x: q}, {"c": claimed}, value=q)


@pytest.mark.parametrize("claimed", [ZERO, ONE, sp.Integer(7)])
def test_the_edge_of_a_power_s_domain_is_no_constraint(claimed: sp.Expr) -> None:
    """-x**(3/2) - x ends at x = 0 with slope -1: nothing satisfies the conditions without a
    multiplier for the edge, and then any number would be the only one that does."""
    best = -(x ** sp.Rational(3, 2)) - x + sp.Min(y, 1)
    agent = Agent("A", best, x, y, constraints={"c": y <= q})
    assert not priced(agent, {x: ZERO, y: q}, {"c": claimed}, value=q, conditions=(q < 1,))


def test_constraints_that_are_not_affine_in_the_kink() -> None:
    """max(x, 0)**2 <= 0 has no multiplier for max x; it is affine only if the kink is a number."""
    agent = Agent("A", x, x, constraints={"c": sp.Max(x, 0) ** 2 <= 0})
    (maker,) = decision_makers(Game(agent), "maximize")
    for claimed in (ZERO, ONE):
        found = kinked_multipliers(maker, {x: ZERO}, {"c": claimed}, {}, ())
        assert not isinstance(found, Proved)


def test_kinks_are_those_of_affine_forms() -> None:
    """At x = 1 the slopes of min(x**2, y) are 2 and 0; the rule below knows 1 and 0 alone."""
    agent = Agent("A", sp.Min(n**2, m), n, m, constraints={"c": n + m <= q})
    (maker,) = decision_makers(Game(agent), "maximize")
    found = kinked_multipliers(maker, {n: ONE, m: ONE}, {"c": ONE / 3}, {}, ())
    assert isinstance(found, Unknown) and "affine" in found.reason


def test_kinks_within_kinks_are_left_open() -> None:
    """The size of a parameter has a kink of its own."""
    a = sp.Symbol("a", real=True)
    for agent in (
        Agent("A", sp.Min(x, sp.Abs(a)), x, constraints={"c": x <= q}),
        Agent("A", -sp.Abs(x), x, constraints={"c": sp.Min(x, sp.Abs(a)) >= -q}),
    ):
        (maker,) = decision_makers(Game(agent), "maximize")
        found = kinked_multipliers(maker, {x: ZERO}, {"c": ZERO}, {}, ())
        assert isinstance(found, Unknown) and "inside a kink" in found.reason
