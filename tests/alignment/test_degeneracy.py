"""`degenerate` is said where it is true, and where it is not the case says otherwise."""

from __future__ import annotations

from functools import cache

import pytest
import sympy as sp

from alignsym.alignment.align import align
from alignsym.alignment.efficiency import Efficiency
from alignsym.model.game import Agent, Game
from alignsym.solution import holds

k = sp.Symbol("k", real=True)
e = sp.Symbol("e", positive=True)
r = sp.Symbol("r", real=True)
x = sp.Symbol("x", nonnegative=True)


@cache
def rows(number: int) -> tuple[Efficiency, ...]:
    games = (
        Game(Agent("mill", k * x - x**2 / 2, x), Agent("fishery", -e * x), concept="nash"),
        Game(Agent("one", -((r - 1) ** 2), r), Agent("two", k * r), concept="nash"),
    )
    return align(games[number], instruments=False).equilibria


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("at", [-2, 0, sp.Rational(1, 3), 5])
def test_told_apart(number: int, at: sp.Expr) -> None:
    """The mill ignores the fishery where k > 0; the second's wish is ignored where k != 0.  Else
    equal weights support the choice: x = 0 is best for both, or the second is indifferent."""
    point = {k: sp.sympify(at), e: sp.S.One}
    here = [row for row in rows(number) if all(holds(c, point) for c in row.when)]
    assert here and all(row.kind == "strongly" for row in here)
    ignored = at > 0 if number == 0 else at != 0
    assert any(row.degenerate for row in here) == ignored
    if not ignored:
        assert any(all(w == 1 for _, w in row.weights or ((0, 0),)) for row in here)
