"""Regime counts of problems whose pieces are known, and what each piece must be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy as sp

from alignsym.conditions.concepts import CONCEPTS
from alignsym.model.game import Agent, Concept, Game
from alignsym.solving.branches import Partition
from alignsym.solving.partition import parameters_of, partition

q = sp.Symbol("q", positive=True)


def cournot(size: int) -> Game:
    """Each firm is in or out: with symbolic costs every set of firms is possible."""
    xs = sp.symbols(f"x1:{size + 1}", nonnegative=True)
    cs = sp.symbols(f"c1:{size + 1}", positive=True)
    a = sp.Symbol("a", positive=True)
    total = sp.Add(*xs)
    firms = [Agent(str(x), (a - total - c) * x, x) for x, c in zip(xs, cs)]
    return Game(*firms, concept="nash")


def water(size: int) -> Game:
    """Levels m1 <= m2 <= ...: the first k vessels are filled."""
    xs = sp.symbols(f"x1:{size + 1}", nonnegative=True)
    ms = sp.symbols(f"m1:{size + 1}", positive=True)
    agents = [Agent(str(x), sp.log(m + x), x) for x, m in zip(xs, ms)]
    ordered = [low <= high for low, high in zip(ms, ms[1:])]
    return Game(*agents, shared={"G": sp.Add(*xs) <= q}, concept="social", conditions=ordered)


def box(size: int) -> Game:
    """The nearest point of [0, 1]**n: below, inside or above in every coordinate."""
    us = sp.symbols(f"u1:{size + 1}", real=True)
    ts = sp.symbols(f"t1:{size + 1}", real=True)
    f = sp.Add(*(-((u - t) ** 2) for u, t in zip(us, ts)))
    return Game(Agent("A", f, *((u, (0, 1)) for u in us)), concept="maximize")


def interior(size: int) -> Game:
    """Logarithms: nobody is at zero, so there is one regime."""
    xs = sp.symbols(f"x1:{size + 1}", positive=True)
    ws = sp.symbols(f"w1:{size + 1}", positive=True)
    agents = [Agent(str(x), w * sp.log(x), x) for x, w in zip(xs, ws)]
    return Game(*agents, shared={"G": sp.Add(*xs) <= q}, concept="social")


def cap(size: int) -> Game:
    """A parabola under a cap: free or bound."""
    u, t, b = sp.symbols("u t b", real=True)
    return Game(Agent("A", -((u - t) ** 2), u, constraints={"C": u <= b}), concept="maximize")


def found(make: Callable[[int], Game], size: int) -> tuple[Game, Partition]:
    game = make(size)
    concept: Concept = game.concept or "nash"
    return game, partition(CONCEPTS[concept](game))


COUNTS = [
    (cournot, 1, 2), (cournot, 2, 4), (water, 2, 2), (water, 3, 3), (box, 1, 3), (box, 2, 9),
    (interior, 2, 1), (interior, 4, 1), (cap, 1, 2),
]  # fmt: skip


@pytest.mark.parametrize(("make", "size", "count"), COUNTS)
def test_counts(make: Callable[[int], Game], size: int, count: int) -> None:
    _, parts = found(make, size)
    assert parts.complete, parts.reason
    assert len(parts.branches) == count
    assert len({b.binding for b in parts.branches}) == count
    assert len({b.when for b in parts.branches}) == count


@pytest.mark.parametrize(("make", "size", "count"), COUNTS)
def test_branches_solve_the_system(make: Callable[[int], Game], size: int, count: int) -> None:
    """Equations vanish identically, binding slacks and free multipliers are zero."""
    game, parts = found(make, size)
    system = CONCEPTS[game.concept or "nash"](game)
    for branch in parts.branches:
        values = dict(branch.values)
        for equation in system.equations:
            assert sp.simplify(equation.expression.xreplace(values)) == 0
        for k, pair in enumerate(system.pairs):
            zero = pair.slack if k in branch.binding else pair.multiplier
            assert sp.simplify(zero.xreplace(values)) == 0


@pytest.mark.parametrize(("make", "size", "count"), COUNTS)
def test_points_lie_in_their_branch(make: Callable[[int], Game], size: int, count: int) -> None:
    game, parts = found(make, size)
    for branch in parts.branches:
        at = {s: sp.Rational(v.numerator, v.denominator) for s, v in branch.point}
        assert all(r.gap.xreplace(at) >= -sp.Rational(1, 10**6) for r in branch.when)
        assert all(r.gap.xreplace(at) >= 0 for r in game.conditions)


def test_a_deadline_in_the_past_stops_with_a_reason() -> None:
    parts = partition(CONCEPTS["maximize"](box(2)), deadline=0.0)
    assert not parts.complete
    assert "time limit" in parts.reason
    assert not parts.branches


def test_no_strategy_is_a_reason_not_a_failure() -> None:
    parts = partition(CONCEPTS["maximize"](box(1)), strategies=())
    assert (parts.complete, parts.branches) == (False, ())
    assert parts.reason == "no strategy applies"


def test_what_is_not_defined_in_numbers_is_a_reason() -> None:
    u, t = sp.symbols("u t", real=True)
    game = Game(Agent("A", -((u - sp.tan(t)) ** 2), u), concept="maximize")
    parts = partition(CONCEPTS["maximize"](game))
    assert not parts.complete
    assert "tan" in parts.reason


def test_parameters_are_what_is_no_unknown() -> None:
    game = water(2)
    assert [str(s) for s in parameters_of(CONCEPTS["social"](game))] == ["m1", "m2", "q"]
