"""Best replies that a derivation tells, at points: right ones, and each kind of wrong one."""

from __future__ import annotations

import random

import pytest
import sympy as sp

from alignsym import Agent, Game, Interval, Relation
from alignsym.model.relations import Region
from alignsym.steps import BestReplies, Problem
from alignsym.verify.best_replies import _drawn, replies

x = sp.Symbol("x", nonnegative=True)
y = sp.Symbol("y", real=True)
ZERO, ONE = sp.S.Zero, sp.S.One
OBJECTIVE = -((x - y) ** 2)
GAME = Game(Agent("A", OBJECTIVE, x), Agent("B", -(y**2), y))
INTERVAL = Interval.nonnegative()
UP, DOWN = (Relation(y, ">=", ZERO),), (Relation(y, "<=", ZERO),)


def said(*pieces: tuple[Region, Region], cap: Relation | None = None) -> str | None:
    limits = () if cap is None else (("cap", cap),)
    problem = Problem("A", OBJECTIVE, False, ((x, INTERVAL),), limits)
    step = BestReplies("A", pieces)
    return replies(step, GAME, (problem,), {"x": 1, "y": 1}, random.Random(1))


def at(value: sp.Expr) -> Region:
    return (Relation(x, "==", value),)


def test_right_replies_pass() -> None:
    assert said((UP, at(y)), (DOWN, at(ZERO))) == ""
    assert said((UP, (*at(y), Relation(x, ">=", ZERO))), (DOWN, at(ZERO))) == ""


@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        (((UP, at(y + 1)), (DOWN, at(ZERO))), "better"),
        (((UP, at(y)), (DOWN, at(-y))), "better"),
        ((((), at(y)),), "not feasible"),
        (((UP, at(-y - 1)),), "not feasible"),
    ],
)
def test_wrong_replies_are_told(pieces: tuple[tuple[Region, Region], ...], why: str) -> None:
    found = said(*pieces)
    assert found is not None and why in found


def test_constraints_bind_replies_and_what_is_compared_with_them() -> None:
    cap = Relation(x, "<=", ONE)
    low = (Relation(y, ">=", ZERO), Relation(y, "<=", ONE))
    high = (Relation(y, ">=", ONE),)
    assert said((low, at(y)), (high, at(ONE)), (DOWN, at(ZERO)), cap=cap) == ""
    found = said((UP, at(y)), (DOWN, at(ZERO)), cap=Relation(x, "<=", sp.Rational(1, 100)))
    assert found is not None and "not feasible" in found


def test_of_what_nothing_can_be_told_nothing_is_said() -> None:
    nowhere = (Relation(y**2, "<", ZERO),)
    assert said((nowhere, at(y))) is None
    assert said((UP, (*at(y), Relation(x, "<", ZERO)))) is None
    assert replies(BestReplies("B", ()), GAME, (), {}, random.Random(1)) is None


def test_points_are_of_declared_parameters() -> None:
    """For a > 0 the reply a is best; for a < 0 it would not be feasible."""
    a = sp.Symbol("a", real=True)
    utility = -((x - a) ** 2)
    game = Game(Agent("A", utility, x), conditions=[Relation(a, ">", ZERO)])
    problem = Problem("A", utility, False, ((x, INTERVAL),))
    step = BestReplies("A", (((), at(a)),))
    assert replies(step, game, (problem,), {"x": 1, "a": 1}, random.Random(1)) == ""
    assert replies(step, game, (problem,), {"x": 1, "a": -1}, random.Random(1)) is None


@pytest.mark.parametrize(
    "interval",
    [Interval(ZERO, ONE), Interval.nonnegative(), Interval.positive(), Interval(-sp.oo, ONE)],
)
def test_numbers_are_drawn_from_the_interval_its_ends_among_them(interval: Interval) -> None:
    rng = random.Random(1)
    drawn = [_drawn(interval, {}, rng) for _ in range(200)]
    assert all(interval.lower <= v <= interval.upper for v in drawn)
    ends = [e for e in (interval.lower, interval.upper) if e.is_finite]
    for end, is_open in ((interval.lower, interval.open_lower), (interval.upper, False)):
        assert end not in ends or (end in drawn) is not is_open
