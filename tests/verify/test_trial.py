"""The points at which regimes are tried, and answers that only such points can refute."""

from __future__ import annotations

import random
from fractions import Fraction

import sympy as sp

from alignsym import Agent, Game, Interval, Parameter, Regime, Relation, loads, solve
from alignsym.claims import Proved, Refuted, Unknown
from alignsym.verify.decision import decision_makers
from alignsym.verify.instances import _met, _number
from alignsym.verify.trial import points, try_regime

a = sp.Symbol("a", real=True)
x = sp.Symbol("x", nonnegative=True)


def test_both_sides_of_an_excluded_point_are_tried() -> None:
    game = Game(Agent("A", sp.sqrt(x) - a * x, x))
    regime = Regime(
        (Relation(a, "!=", sp.S.Zero),), ((x, 1 / (4 * a**2)),), witness=((a, sp.S.One),)
    )
    signs = {point[a] > 0 for point in points(game, regime, 14)}
    assert signs == {True, False}


def test_a_root_squared_away_is_refuted() -> None:
    """For a < 0 the problem is unbounded, though 1/(4*a**2) is a formula there too."""
    game = Game(Agent("A", sp.sqrt(x) - a * x, x))
    regime = Regime(
        (Relation(a, "!=", sp.S.Zero),),
        ((x, 1 / (4 * a**2)),),
        value=1 / (4 * a),
        utilities=(("A", 1 / (4 * a)),),
        witness=((a, sp.S.One),),
    )
    assert isinstance(try_regime(game, "maximize", regime, thorough=True), Refuted)
    for found in solve(game, "maximize").regimes:
        assert not any(row[x] == 1 for row in [dict(found.values)])
    solution = solve(game.altered(conditions=[Relation(a, "!=", sp.S.Zero)]), "maximize")
    assert not solution.at({a: sp.Rational(-1, 2)})


def test_a_parameter_that_drops_out_is_no_obstacle() -> None:
    """Parameters that are never used are allowed, and so are constants in a utility."""
    text = """format = 1
concept = "maximize"
[parameters]
a = "real"
b = "positive"
[[agents]]
name = "A"
actions = { x = "nonnegative" }
utility = "b*x - x**2%s"
"""
    for more in ("", " + a"):
        solution = solve(loads(text % more))
        assert str(solution["x"]) == "b/2"
        assert isinstance(solution.proof, Proved)


def test_points_are_whole_where_parameters_are() -> None:
    """z3 knows reals only: k*(k - 1) >= 3/4 has its edge at k = 3/2."""
    k = sp.Symbol("k", positive=True, integer=True)
    when = (Relation(k * (k - 1), ">=", sp.Rational(3, 4)), Relation(k, "<=", sp.Rational(9, 2)))
    game = Game(parameters=[Parameter(k, Interval.positive(), integer=True)])
    witness = ((k, sp.Rational(7, 2)),)
    found = [p[k] for p in points(game, Regime(when, (), witness=witness), 6)]
    assert found and all(value.denominator == 1 and 2 <= value <= 4 for value in found)


def test_no_points_support_nothing() -> None:
    """No declared a has a**2 < 0, and points beside the regime do not count."""
    game = Game(Agent("A", -((x - 1) ** 2) + 0 * a, x), parameters=[Parameter(a, Interval.real())])
    nowhere = Regime((Relation(a**2, "<", sp.S.Zero),), ((x, sp.S.One),), witness=((a, sp.S.One),))
    assert isinstance(try_regime(game, "maximize", nowhere, thorough=False), Unknown)


def test_points_of_families_are_declared_ones() -> None:
    s = sp.Symbol("s", positive=True)
    half = Parameter(s, Interval(sp.Rational(1, 2), sp.S.One))
    rng = random.Random(1)
    for attempt in range(40):
        assert Fraction(1, 2) < _number(half, rng, attempt) < 1
    from_two = Parameter(s, Interval(sp.Integer(2), sp.oo))
    assert all(_number(from_two, rng, k) > 2 for k in range(20))


def test_one_agent_decides_under_its_own_name() -> None:
    (alone,) = decision_makers(Game(Agent("A", -x, x)), "social")
    y = sp.Symbol("y", nonnegative=True)
    (planner,) = decision_makers(Game(Agent("A", -x, x), Agent("B", -y, y)), "social")
    assert (alone.name, planner.name) == ("A", "planner")


def test_points_are_moved_onto_equalities_in_proportion() -> None:
    s, t = sp.symbols("s t", positive=True)
    point = {s: Fraction(1), t: Fraction(2)}
    moved = _met(Relation(s + t, "==", sp.S.One), point)
    assert sum(moved.values()) == 1 and moved[t] == 2 * moved[s]
    assert _met(Relation(s, "==", t), point) == point  # only zero is in proportion
    assert _met(Relation(s * t, "==", sp.S.One), point) == point
