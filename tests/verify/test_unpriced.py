"""Constraints without a multiplier: where none exists, where any will do, where one is hidden."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game, Relation
from alignsym.claims import Proved
from alignsym.model.game import Concept
from alignsym.model.relations import Expr
from alignsym.solution import Regime
from alignsym.verify.decision import decision_makers
from alignsym.verify.obligations import verify
from alignsym.verify.shadow_prices import _forced
from alignsym.verify.unpriced import flat_constraint, no_multipliers, unpriced

x, y, a, b = sp.symbols("x y a b", real=True)
m = sp.Symbol("m", nonnegative=True)
p = sp.Symbol("p", positive=True)
ZERO, ONE = sp.S.Zero, sp.S.One
CUSP = Relation(y**2, "<=", x**3)


def game(objective: Expr, *actions: sp.Symbol, **constraints: Relation) -> Game:
    return Game(Agent("A", objective, *actions, constraints=constraints))


def omitted(given: Game, values: dict[sp.Symbol, Expr], *region: Relation) -> bool:
    makers = decision_makers(given, "maximize")
    missing = {c.name for c in given.constraints}
    return isinstance(unpriced(makers, values, missing, (*given.domain(), *region)), Proved)


def none_exists(given: Game, values: dict[sp.Symbol, Expr], *region: Relation) -> bool:
    (maker,) = decision_makers(given, "maximize")
    return isinstance(no_multipliers(maker, values, (*given.domain(), *region)), Proved)


ORIGIN: dict[sp.Symbol, Expr] = {x: ZERO, y: ZERO}


@pytest.mark.parametrize(
    ("given", "values"),
    [
        (game(-x, x, y, c=CUSP), ORIGIN),
        (game(-p * x, x, y, c=CUSP), ORIGIN),
        (game(x, x, c=Relation(x**3, "<=", ZERO)), {x: ZERO}),
        (game(x, x, y, c=Relation(x**2 + y**2, "==", ZERO)), ORIGIN),
        (game(x, x, c=Relation((x - a) ** 2, "<=", ZERO)), {x: a}),
    ],
)
def test_no_multipliers_exist(given: Game, values: dict[sp.Symbol, Expr]) -> None:
    assert none_exists(given, values)
    assert omitted(given, values)


@pytest.mark.parametrize(
    ("given", "values", "why"),
    [
        (game(x, x, c=Relation(x, "<=", b)), {x: b}, "the multiplier is 1"),
        (game(-(x**2), x, c=Relation(x, "<=", p)), {x: ZERO}, "the multiplier is 0"),
        (game(-(x**2), x, c=Relation(x**2, "<=", p)), {x: ZERO}, "flat, but slack: it is 0"),
        (game(-m, m, c=Relation(m**3, "<=", ONE)), {m: ZERO}, "the bound has the price"),
        (game(-sp.Abs(x), x, c=Relation(x, "<=", ZERO)), {x: ZERO}, "a kink: 0 to 1 exist"),
        (game(sp.Min(x, 0), x, c=Relation(x, "<=", ZERO)), {x: ZERO}, "a kink: 0 to 1 exist"),
        (game(sp.sqrt(m), m, c=Relation(m, "<=", ZERO)), {m: ZERO}, "no finite gradient"),
        (
            game(x + y, x, y, c=Relation(x, "<=", p), d=Relation(y, "<=", p)),
            {x: p, y: p},
            "both are 1",
        ),
    ],
)
def test_multipliers_that_may_exist(given: Game, values: dict[sp.Symbol, Expr], why: str) -> None:
    assert not none_exists(given, values), why
    assert not omitted(given, values), why


def test_none_for_some_parameters_and_any_for_others() -> None:
    """max a*x with x**3 <= 0: at a = 0 every number is a multiplier, else none is."""
    given = game(a * x, x, c=Relation(x**3, "<=", ZERO))
    assert not none_exists(given, {x: ZERO})
    assert none_exists(given, {x: ZERO}, Relation(a, "!=", ZERO))
    assert omitted(given, {x: ZERO})


def test_a_gradient_that_vanishes_at_some_parameters_only() -> None:
    (maker,) = decision_makers(game(x, x, c=Relation((x - a) ** 2, "<=", b**2)), "maximize")
    assert not isinstance(flat_constraint(maker, "c", {x: a}, ()), Proved)
    at = (Relation(b, "==", ZERO),)
    assert isinstance(flat_constraint(maker, "c", {x: a}, at), Proved)


def test_an_infinite_gradient_is_not_flat() -> None:
    (maker,) = decision_makers(game(-m, m, c=Relation(sp.sqrt(m), "<=", ZERO)), "maximize")
    assert not isinstance(flat_constraint(maker, "c", {m: ZERO}, ()), Proved)


def told(
    given: Game, values: dict[sp.Symbol, Expr], value: Expr, concept: Concept, **more: object
) -> bool:
    utilities = tuple((agent.name, value) for agent in given.agents)
    case = Regime(
        (),
        tuple(values.items()),
        value=value if concept == "maximize" else None,
        utilities=utilities,
        **more,  # type: ignore[arg-type]
    )
    return isinstance(verify(given, concept, [case]).regimes[0].status, Proved)


def test_the_cusp_and_lies_about_it() -> None:
    """min x s.t. y**2 <= x**3: (0, 0), without a multiplier; every multiplier listed is a lie."""
    given = game(-x, x, y, c=CUSP)
    assert told(given, ORIGIN, ZERO, "maximize")
    for lie in (ZERO, ONE, sp.Integer(-1)):
        assert not told(given, ORIGIN, ZERO, "maximize", multipliers=(("c", lie),))
    assert not told(given, {x: ONE, y: ONE}, -ONE, "maximize")
    assert not told(given, {x: -ONE, y: ZERO}, ONE, "maximize")


def test_another_may_not_hide_behind_a_flat_one() -> None:
    """max y, x**2 <= 0, y <= p: without d nothing is said of its price 1, and 0 is a lie."""
    caps = {"flat": Relation(x**2, "<=", ZERO), "d": Relation(y, "<=", p)}
    given = game(y, x, y, **caps)
    values: dict[sp.Symbol, Expr] = {x: ZERO, y: p}
    more = {"witness": ((p, ONE),)}
    assert told(given, values, p, "maximize", multipliers=(("d", ONE),), **more)
    assert not told(given, values, p, "maximize", multipliers=(("d", ZERO),), **more)
    assert not told(given, values, p, "maximize", multipliers=(("flat", ZERO),), **more)
    assert not told(given, values, p, "maximize", **more)


def test_equilibria_have_multipliers() -> None:
    """Of several agents only flat constraints may go without: A's price is 1."""
    first = Agent("A", x, x, constraints={"c": Relation(x, "<=", ZERO)})
    given = Game(first, Agent("B", -(y**2), y))
    assert not told(given, ORIGIN, ZERO, "nash")
    assert told(given, ORIGIN, ZERO, "nash", multipliers=(("c", ONE),))


def test_what_no_multiplier_satisfies_is_decided_for_one_decision_maker_alone() -> None:
    """At the cusp of y**2 <= x**3 the gradient does not vanish for (x - 1)**2 beside it."""
    both = game(-x, x, y, c=CUSP, d=Relation(x + y, "<=", ONE))
    (maker,) = decision_makers(both, "maximize")
    found = unpriced([maker], ORIGIN, {"c", "d"}, both.domain())
    assert isinstance(found, Proved)
    assert not isinstance(unpriced([maker, maker], ORIGIN, {"c", "d"}, both.domain()), Proved)


def test_equations_force_one_difference_after_the_other() -> None:
    d, e = sp.symbols("d e", real=True)
    rows = [Relation(2 * d * p, "==", ZERO), Relation(d - p * e, "==", ZERO)]
    assert _forced(rows, [d, e], (d, e))
    assert not _forced(rows[1:], [d, e], (d, e))


@pytest.mark.parametrize(("one", "two"), [(ONE, ZERO), (ZERO, ONE / 2), (ONE / 2, ONE / 4)])
@pytest.mark.parametrize("room", [9 * ONE, (p - 1) ** 2])
def test_a_slack_constraint_elsewhere_makes_no_multipliers_unique(
    one: Expr, two: Expr, room: Expr
) -> None:
    """y <= 1 is said twice: every split of its price is right, and none is the only one."""
    given = game(
        -((x - 1) ** 2) + y, x, y, cap=Relation(x, "<=", 1 + room), one=Relation(y, "<=", ONE),
        two=Relation(2 * y, "<=", 2 * ONE),
    )  # fmt: skip
    regime = Regime(
        (), ((x, ONE), (y, ONE)), (("cap", ZERO), ("one", one), ("two", two)), value=ONE,
        utilities=(("A", ONE),), witness=((p, 2 * ONE),) if room.free_symbols else (),
    )  # fmt: skip
    found = verify(given, "maximize", (regime,))
    assert not isinstance(found.regimes[0].status, Proved)
    said = {d.claim.kind: d.verdict for d in found.decided if d.claim.regime == 0}
    assert isinstance(said["optimal"], Proved) and not isinstance(said["multipliers"], Proved)
