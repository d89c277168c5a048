"""Outcomes claimed on a part of the parameters: right ones, and rays that are not there."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game, Relation
from alignsym.claims import Proved, Unknown
from alignsym.logic.growth import T, leading
from alignsym.model.files import loads
from alignsym.model.game import Outcome
from alignsym.verify.decision import decision_makers
from alignsym.verify.outcomes import Ray, infeasible, no_solution, no_solution_where, unbounded

x, y = sp.symbols("x y", real=True)
n = sp.Symbol("n", nonnegative=True)
r, s = sp.symbols("r s", real=True)
ZERO, ONE = sp.S.Zero, sp.S.One
BELOW = (Relation(r, "<", ZERO),)
UP: Ray = ((n, ZERO, ONE),)


def shown(
    agent: Agent, outcome: Outcome, ray: Ray = (), when: tuple[Relation, ...] = BELOW
) -> bool:
    game = Game(agent, conditions=[Relation(r, "<=", sp.Integer(5))])
    at = ZERO if any(w.operator == "<=" for w in when) else -ONE
    found = no_solution_where(game, "maximize", when, outcome, ray, ((r, at),))
    return isinstance(found.status, Proved)


def test_growth_by_the_parameter_s_sign() -> None:
    assert shown(Agent("A", -r * n, n), "unbounded", UP)
    assert not shown(Agent("A", r * n, n), "unbounded", UP)
    assert not shown(Agent("A", -r * n, n, loss=True), "unbounded", UP)


@pytest.mark.parametrize("start", [sp.sqrt(r), sp.I, sp.log(r), sp.oo, sp.sqrt(-1 - r**2)])
def test_a_ray_that_is_not_real(start: sp.Expr) -> None:
    """-x**2*n <= 0 for every real x; (sqrt(r))**2 = r < 0 says nothing."""
    agent = Agent("A", -(x**2) * n + 0 * r, x, n)
    assert not shown(agent, "unbounded", ((x, start, ZERO), (n, ZERO, ONE)))


def test_a_ray_that_depends_on_the_choice() -> None:
    agent = Agent("A", y * n + r, y, n)
    assert not shown(agent, "unbounded", ((y, y, ZERO), (n, ZERO, ONE)))
    assert not shown(agent, "unbounded", ((y, ONE, ZERO), (n, ZERO, -T)))


@pytest.mark.parametrize(
    "cap",
    [
        Relation(sp.floor(n), "<=", sp.Integer(3)),
        Relation(sp.Abs(n - 9), "<=", sp.Integer(9)),
        Relation(sp.exp(-n), ">=", sp.Rational(1, 9)),
        Relation(sp.Min(n, 4), "==", n),
    ],
)
def test_a_ray_that_leaves_late(cap: Relation) -> None:
    assert not shown(Agent("A", n + r, n, constraints={"c": cap}), "unbounded", UP)


def test_the_edge_of_a_logarithm_is_feasible() -> None:
    """At r = 0 only n = 0 is left, where log(n) is -oo: bad, but feasible."""
    closed = (Relation(r, "<=", ZERO), Relation(r, ">=", ZERO))
    assert not shown(Agent("A", sp.log(n), n, constraints={"c": n <= r}), "infeasible", (), closed)
    assert shown(Agent("A", sp.log(n), n, constraints={"c": n <= r}), "infeasible")


def test_leading_terms_that_cancel_or_compete() -> None:
    assert leading(sp.log(T) - sp.log(T + 1)) is None
    assert leading(sp.exp(T) - 2 * sp.exp(2 * T)) == -2
    assert leading(T - sp.sqrt(T**2 + 1)) is None
    assert leading(T**2 - sp.exp(T / 9)) == -1
    assert leading(s * sp.log(T) - T ** sp.Rational(1, 9)) == -1


def test_nothing_is_infeasible_where_there_are_no_parameters() -> None:
    (maker,) = decision_makers(Game(Agent("A", -n + r, n)), "maximize")
    never = (Relation(r, "<", ZERO), Relation(r, ">", ONE))
    assert not isinstance(infeasible(maker, never), Proved)
    (nobody,) = decision_makers(
        Game(Agent("A", -n + r, n, constraints={"c": Relation(n, "<=", -ONE)})), "maximize"
    )
    assert isinstance(infeasible(nobody, BELOW), Proved)
    assert not isinstance(infeasible(nobody, never), Proved)


def test_what_contradicts_itself_is_infeasible_and_not_unbounded() -> None:
    nothing = Agent("A", x, x, constraints={"low": x >= 1, "high": x <= 0})
    found = no_solution(Game(nothing), "maximize")
    assert found is not None and found.outcome == "infeasible"
    found = no_solution(Game(Agent("A", x, x, constraints={"low": x >= 1})), "maximize")
    assert found is not None and found.outcome == "unbounded"


@pytest.mark.parametrize("inner", ["x/y, y/x, p/x", "p/(x*y), 1"])
def test_a_ray_that_starts_at_a_pole_shows_nothing(inner: str) -> None:
    """At y = 0 the greatest of x/y and p is no number, and SymPy refuses to form it."""
    lines = ["format = 1", 'id = "t.t"', 'title = "t"', 'concept = "maximize"', "[parameters]",
             'p = "positive"', "[[agents]]", 'name = "m"',
             'actions = { x = "nonnegative", y = "nonnegative" }',
             f'loss = "Max({inner})"', f'constraints = {{ c = "Max({inner}) <= p" }}']  # fmt: skip
    game = loads("\n".join(lines))
    (maker,) = decision_makers(game, "maximize")
    assert isinstance(unbounded(maker, game.domain(), "the value"), Unknown)
