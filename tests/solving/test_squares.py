"""A constant minus one square: the curve on which the square vanishes, and what is none."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.conditions.concepts import CONCEPTS, objective_of
from alignsym.model.game import Agent, Game
from alignsym.solving.branches import Partition
from alignsym.solving.squares import square, zero_of_square

x, y, a = sp.symbols("x y a", real=True)
p = sp.Symbol("p", positive=True)


def level(objective: sp.Expr, **constraints: object) -> Partition:
    game = Game(Agent("A", objective, x, y, constraints=constraints))
    wanted = objective_of(game, "maximize")
    assert wanted is not None
    return zero_of_square(CONCEPTS["maximize"](game), wanted)


@pytest.mark.parametrize(
    ("objective", "base"),
    [
        (a - 2 * (x * y - 3) ** 2, x * y - 3),
        (-p * (x - y) ** 4, x - y),
        (1 - (x + a * y) ** 2, x + a * y),
    ],
)
def test_the_base_of_the_square(objective: sp.Expr, base: sp.Expr) -> None:
    assert square(objective, (x, y)) == base


@pytest.mark.parametrize(
    "objective",
    [
        (x * y - 3) ** 2,  # a square to be made large
        -a * (x * y - 3) ** 2,  # of unknown sign
        -((x * y - 3) ** 3),
        -((x - 1) ** 2),  # one action: a point
        -((x - 1) ** 2) - (y - 1) ** 2,
        -sp.Abs(x - y),
    ],
)
def test_declined(objective: sp.Expr) -> None:
    assert square(objective, (x, y)) is None
    assert not zero_of_square(
        CONCEPTS["maximize"](Game(Agent("A", objective, x, y))), objective
    ).branches


def test_a_curve_of_maxima() -> None:
    found = level(-((x * y - 3) ** 2))
    (branch,) = found.branches
    assert found.complete
    assert [str(r) for r in branch.relations] == ["Eq(x*y, 3)"]
    values = dict(branch.values)
    assert values[x] * values[y] == 3


def test_constraints_stand_in_the_relations_and_their_condition_is_kept() -> None:
    found = level(-((x * y - 3) ** 2), c=x <= a)
    (branch,) = found.branches
    assert [str(r) for r in branch.relations] == ["Eq(x*y, 3)", "x <= a"]
    assert branch.when
    assert not found.complete
