"""Coordination with symbolic payoffs: which pure equilibrium is efficient, for all parameters.

The truth is by hand: U = (a, b) at (1, 1), (c, d) at (0, 0), and on the square both are means of
the corners' (a, b), (c, d), (0, 0), (0, 0); so (1, 1) is dominated by (0, 0) or by nothing.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alignsym.alignment.align import align
from alignsym.alignment.arena import Arena
from alignsym.alignment.corners import by_corners, corners
from alignsym.alignment.efficiency import Alignment
from alignsym.alignment.profile import Profile
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.solution import holds

a, b, c, d = sp.symbols("a b c d", positive=True)
x, y = sp.symbols("x y", real=True)
positive = st.fractions(min_value=sp.Rational(1, 3), max_value=3, max_denominator=3)


@cache
def sexes() -> Alignment:
    row = Agent("row", a * x * y + c * (1 - x) * (1 - y), (x, (0, 1)))
    column = Agent("column", b * x * y + d * (1 - x) * (1 - y), (y, (0, 1)))
    return align(Game(row, column, concept="nash"), instruments=False)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.tuples(*[positive] * 4))
@example((1, 1, 1, 1))
@example((1, 2, 1, 1))
@example((2, 1, 1, 1))
@example((1, 1, 2, 2))
def test_battle_of_the_sexes(values: tuple) -> None:
    point = dict(zip((a, b, c, d), map(sp.Rational, map(str, values)), strict=True))
    mine = {(1, 1): (point[a], point[b]), (0, 0): (point[c], point[d])}
    for row in sexes().equilibria:
        if not all(holds(r, point) for r in row.when):
            continue
        at = tuple(e for _, e in row.values)
        if at not in mine:  # the mixed one, in which both get less than by either of the pure
            assert row.kind == "no"
            continue
        (u, v), (s, t) = mine[at], mine[1 - at[0], 1 - at[1]]
        truth = "no" if s > u and t > v else "weakly" if (s, t) != (u, v) and s >= u and t >= v \
            else "strongly"  # fmt: skip
        assert row.kind == truth and isinstance(row.status, Proved), (point, row)


@pytest.mark.parametrize("seed", range(12))
def test_random_games_of_numbers(seed: int) -> None:
    """Payoffs -2..2 in a 2x2 game, a random corner: a proof of the corners survives a grid."""
    rng = np.random.default_rng(seed)
    cells = [(x * y), x * (1 - y), (1 - x) * y, (1 - x) * (1 - y)]
    u, v = (sum(int(k) * e for k, e in zip(rng.integers(-2, 3, 4), cells, strict=True))
            for _ in range(2))  # fmt: skip
    game = Game(Agent("row", u, (x, (0, 1))), Agent("column", v, (y, (0, 1))))
    at = {x: sp.Integer(rng.integers(2)), y: sp.Integer(rng.integers(2))}
    profile = Profile(Arena(game, ("row", "column")), (), tuple(at.items()), witnesses=((),))
    assert corners(profile) is not None
    grid = [sp.Rational(k, 8) for k in range(9)]
    for found in by_corners(profile):
        for p in grid:
            for q in grid:
                rises = [sp.sympify(e).xreplace({x: p, y: q}) - sp.sympify(e).xreplace(at)
                         for e in (u, v)]  # fmt: skip
                assert not (min(rises) >= 0 and max(rises) > 0), (found, p, q)


def test_outside_the_box_nothing_is_said() -> None:
    """At x = 2 the sum is larger than at any corner, but nobody can go there."""
    game = Game(Agent("row", x, (x, (0, 1))), Agent("column", x + y, (y, (0, 1))))
    values = ((x, sp.Integer(2)), (y, sp.S.One))
    profile = Profile(Arena(game, ("row", "column")), (), values, witnesses=((),))
    assert list(by_corners(profile)) == []
