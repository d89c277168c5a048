"""Sets of solutions: exactly the maximisers, with a member everywhere and prices of all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from alignsym import Agent, Game, Relation
from alignsym.claims import Proved
from alignsym.model.game import Concept
from alignsym.model.relations import Expr
from alignsym.solution import Continuum
from alignsym.verify.obligations import verify

x, y = sp.symbols("x y", nonnegative=True)
u, v, a = sp.symbols("u v a", real=True)
p, q = sp.symbols("p q", positive=True)
ZERO, ONE = sp.S.Zero, sp.S.One


def rel(left: Expr, operator: str, right: Expr | int) -> Relation:
    return Relation(left, operator, sp.sympify(right))  # type: ignore[arg-type]


def game(objective: Expr, *actions: sp.Symbol, loss: bool = False, **caps: Relation) -> Game:
    return Game(Agent("A", objective, *actions, constraints=caps, loss=loss))


def checked(given: Game, case: Continuum, concept: Concept = "maximize") -> Continuum:
    (out,) = verify(given, concept, [case]).sets
    return out


def proved(given: Game, case: Continuum, concept: Concept = "maximize") -> bool:
    out = checked(given, case, concept)
    return isinstance(out.status, Proved) and isinstance(out.exhaustive, Proved)


EDGE = game(x + y, x, y, c=rel(x + y, "<=", q))
RIGHT = Continuum(
    (),
    (rel(x + y, "==", q),),
    multipliers=(("c", ONE),),
    value=q,
    witness=((q, ONE),),
    members=(((x, q), (y, ZERO)), ((x, ZERO), (y, q))),
)


def test_the_edge_with_its_price() -> None:
    assert proved(EDGE, RIGHT)
    assert checked(EDGE, RIGHT).multipliers == (("c", ONE),)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"value": q + 1}, "the value is too high"),
        ({"value": q / 2}, "the value is too low"),
        ({"relations": (rel(x + y, "<=", q),)}, "inner points are no maximisers"),
        ({"relations": (rel(x + y, ">=", q),)}, "points outside are not feasible"),
        ({"relations": (rel(x, "==", q), rel(y, "==", 0))}, "one corner is not all"),
        ({"relations": (rel(x + y, "==", q), rel(x, ">", q))}, "the set is empty"),
        ({"relations": ()}, "everything is not the set"),
        ({"members": ()}, "no member is shown"),
        ({"members": (((x, q + 1), (y, -ONE)),)}, "the member has a negative entry"),
        ({"members": (((x, q), (y, q)),)}, "the member is outside"),
        ({"witness": ()}, "no witness"),
        ({"witness": ((q, -ONE),)}, "the witness is no income"),
        ({"value": None}, "no value"),
    ],
)
def test_lies_about_the_edge(change: dict[str, object], why: str) -> None:
    assert not proved(EDGE, replace(RIGHT, **change)), why  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "prices",
    [(("c", ZERO),), (("c", sp.Integer(2)),), (("c", -ONE),), (("c", q),), (("d", ONE),), ()],
)
def test_other_prices_are_dropped(prices: tuple[tuple[str, Expr], ...]) -> None:
    assert checked(EDGE, replace(RIGHT, multipliers=prices)).multipliers == ()


def test_prices_of_a_set_must_hold_at_all_its_members() -> None:
    """max x on x <= q, y <= q: at the corner (q, q) any split looks possible, at (q, 0) d is slack.

    Relaxing d moves nothing: its price is zero.
    """
    given = game(x, x, y, c=rel(x, "<=", q), d=rel(y, "<=", q))
    case = Continuum(
        (),
        (rel(x, "==", q), rel(y, "<=", q)),
        multipliers=(("c", ONE), ("d", ZERO)),
        value=q,
        witness=((q, ONE),),
        members=(((x, q), (y, q)), ((x, q), (y, ZERO))),
    )
    assert checked(given, case).multipliers == (("c", ONE), ("d", ZERO))
    lie = replace(case, multipliers=(("c", ONE), ("d", ONE)))
    assert checked(given, lie).multipliers == ()


def test_two_constraints_that_coincide_share_no_price() -> None:
    given = game(x + y, x, y, c=rel(x + y, "<=", q), d=rel(2 * x + 2 * y, "<=", 2 * q))
    for first in (ONE, ZERO, sp.Rational(1, 2)):
        prices = (("c", first), ("d", (1 - first) / 2))
        assert checked(given, replace(RIGHT, multipliers=prices)).multipliers == ()


def test_a_loss_and_a_floor() -> None:
    """min x + y on x + y >= q: the value is q, the price of the floor 1, reported nonnegative."""
    given = game(x + y, x, y, loss=True, c=rel(x + y, ">=", q))
    assert checked(given, RIGHT).multipliers == (("c", ONE),)
    assert proved(given, RIGHT)
    assert not proved(given, replace(RIGHT, value=-q))
    assert checked(given, replace(RIGHT, multipliers=(("c", -ONE),))).multipliers == ()


def test_the_sign_of_an_equation_follows_its_order() -> None:
    for relation, price in ((rel(x + y, "==", q), ONE), (rel(q, "==", x + y), -ONE)):  # type: ignore[arg-type]
        given = game(x + y, x, y, c=relation)
        told = replace(RIGHT, multipliers=(("c", price),))
        assert checked(given, told).multipliers == (("c", price),)
        lie = replace(RIGHT, multipliers=(("c", -price),))
        assert checked(given, lie).multipliers == ()


def test_a_kink_has_no_single_price() -> None:
    """max -|u - v| on u <= q: along the diagonal nothing binds, but the kink hides the gradient."""
    given = game(-sp.Abs(u - v), u, v, c=rel(u, "<=", q))
    case = Continuum(
        (),
        (rel(u, "==", v), rel(u, "<=", q)),
        multipliers=(("c", ZERO),),
        value=ZERO,
        witness=((q, ONE),),
        members=(((u, ZERO), (v, ZERO)),),
    )
    assert proved(given, case)
    assert checked(given, case).multipliers == ()


def test_no_price_where_the_transformed_objective_vanishes() -> None:
    """max x*y with x <= 0: f is 0 on the whole set, and the price of x <= 0 is y, any number."""
    given = game(x * y, x, y, c=rel(x, "<=", 0), d=rel(y, "<=", 1))
    case = Continuum(
        (),
        (rel(x, "==", 0), rel(y, "<=", 1)),
        value=ZERO,
        multipliers=(("c", ONE), ("d", ZERO)),
        members=(((x, ZERO), (y, ONE)), ((x, ZERO), (y, ZERO))),
    )
    assert checked(given, case).multipliers == ()


def test_where_the_set_is_empty_for_some_parameters() -> None:
    """For a < 0 no nonnegative x + y is a, though (a, 0) solves the equation."""
    given = game(x + y, x, y, c=rel(x + y, "<=", a))
    case = Continuum(
        (),
        (rel(x + y, "==", a),),
        value=a,
        witness=((a, ONE),),
        members=(((x, a), (y, ZERO)),),
    )
    assert not proved(given, case)
    assert proved(given, replace(case, when=(rel(a, ">=", 0),)))


def test_a_value_that_is_undefined_somewhere() -> None:
    given = game(u + v, u, v, c=rel(u + v, "<=", a))
    case = Continuum(
        (),
        (rel(u + v, "==", a),),
        value=a**2 / a,
        witness=((a, ONE),),
        members=(((u, a), (v, ZERO)),),
    )
    assert proved(given, case)  # SymPy has cancelled: a it is
    odd = replace(case, value=(a**2 - a) / (a - 1))
    assert not proved(given, odd)


def test_games_are_not_judged() -> None:
    given = Game(Agent("A", ZERO * x, x), Agent("B", ZERO * y, y))
    case = Continuum((), (rel(x, ">=", 0), rel(y, ">=", 0)), value=ZERO)
    assert not proved(given, case, "nash")
