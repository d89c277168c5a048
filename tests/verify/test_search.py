"""Where better choices are looked for: what is tried, and what is a way back into the set."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy as sp

from alignsym import Agent, Game, Interval
from alignsym.verify.deviations import _STEPS, _Search, improvement
from alignsym.verify.movers import Mover, movers
from alignsym.verify.terrain import Terrain

x, y = sp.symbols("x y", real=True)
At = dict[str, Fraction]


def mover(objective: sp.Expr, *actions: object, at: At, **constraints: object) -> Mover:
    game = Game(Agent("A", objective, *actions, constraints=constraints))
    (found,) = movers(game, "maximize", at)
    return found


def within(low: object, high: object) -> tuple[sp.Symbol, Interval]:
    return (x, Interval(sp.sympify(low), sp.sympify(high)))


def search(*interval: object, at: int = 2) -> _Search:
    here = {"x": Fraction(at)}
    return _Search(mover(-x, within(*interval), at=here), here, random.Random(1))


def test_the_ends_of_an_interval_are_tried() -> None:
    """Better nowhere but at the end itself, which no random number is."""
    prize = sp.Piecewise((sp.Integer(5), x >= 10**6), (-((x - 2) ** 2), True))
    here = {"x": Fraction(2)}
    found = improvement(mover(prize, within(0, 10**6), at=here), here, random.Random(1), 32)
    assert found is not None and found.to["x"] == 10**6


def test_steps_both_ways_are_tried() -> None:
    tried = {round(p[0], 9) for p in search(-sp.oo, sp.oo).trials(100)}
    for step in _STEPS:
        assert {round(2 + 2 * step, 9), round(2 - 2 * step, 9)} <= tried


@pytest.mark.parametrize("interval", [(0, sp.oo), (-sp.oo, 3), (-sp.oo, sp.oo)])
def test_random_numbers_are_on_the_scale_asked_for(interval: tuple[object, object]) -> None:
    found = search(*interval)
    far = [abs(found.random_end(0, 1000.0) - 2) for _ in range(50)]
    near = [abs(found.random_end(0, 0.001)) for _ in range(50)]
    assert max(far) > 500 and max(far) <= 2003 and max(near) < 4


def test_an_open_end_is_approached_by_its_size() -> None:
    here = {"x": Fraction(2)}
    open_ = (x, Interval(sp.S.Zero, sp.Integer(1000), open_lower=True, open_upper=True))
    terrain = Terrain(mover(-x, open_, at=here), here, random.Random(1))
    ((high,), (low,)) = terrain.clipped([2000.0]), terrain.clipped([-1.0])
    assert 1e-7 < 1000 - high < 1e-5 and 0 < low < 1e-9
    assert terrain.clipped([0.0]) == [low] and terrain.clipped([1000.0]) == [high]
    closed = Terrain(mover(-x, within(0, 1000), at=here), here, random.Random(1))
    assert closed.clipped([2000.0]) == [1000.0] and closed.clipped([-1.0]) == [0.0]


def test_what_a_linear_constraint_needs_is_kept() -> None:
    here = {"x": Fraction(1), "y": Fraction(1)}
    line = mover(-x - y, x, y, at=here, line=sp.Eq(x + y, 2))
    terrain = Terrain(line, here, random.Random(1))
    first = terrain.inverse([1.0, 1.0], (0,), (True, True))
    assert first is not None and [row[0] for row in first] == pytest.approx([0.5, 0.5])
    assert terrain.inverse([3.0, -1.0], (0,), (True, True)) is first
    back = terrain.made_feasible([3.0, 1.0])
    assert back is not None and sum(back) == pytest.approx(2)


def test_what_is_tight_is_not_broken() -> None:
    here = {"x": Fraction(1), "y": Fraction(1)}
    line = mover(-x - y, x, y, at=here, line=sp.Eq(x + y, 2), cap=x <= 1)
    terrain = Terrain(line, here, random.Random(1))
    assert terrain.equal == [0] and terrain.binding == [0, 1]
    assert terrain.broken([(0.0, 1.0), (0.0, 1.0)]) == []
    assert terrain.broken([(1e-6, 1.0), (1e-6, 1.0)]) == [0]
    assert terrain.broken([(0.0, 1.0), (-1e-6, 1.0)]) == [1]
