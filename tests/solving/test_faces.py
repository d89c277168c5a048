"""Sets of optima of concave programs: their relations, one member, and what is declined."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

import pytest
import sympy as sp

from alignsym import solve
from alignsym.claims import Proved
from alignsym.conditions.concepts import CONCEPTS
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Relation
from alignsym.solution import Continuum
from alignsym.solving.branches import Branch
from alignsym.solving.faces import face
from alignsym.solving.oracle.interior import Oracle
from alignsym.solving.partition import parameters_of
from alignsym.solving.strategies.contract import Declined

x, y, z = sp.symbols("x y z", nonnegative=True)
u, v = sp.symbols("u v", real=True)
q = sp.Symbol("q", positive=True)


def faced(game: Game, concept: str = "maximize") -> Branch | Declined:
    system = CONCEPTS[concept](game)  # type: ignore[index]
    symbols = parameters_of(system)
    oracle = Oracle(system, symbols)
    (number,) = islice(oracle.solve(dict.fromkeys(symbols, Fraction(3))), 1)
    return face(system, number)


def program(objective: sp.Expr, *actions: sp.Symbol, **constraints: Relation) -> Game:
    return Game(Agent("A", objective, *actions, constraints=constraints))


@pytest.mark.parametrize(
    ("game", "relations"),
    [
        (program(x + y, x, y, c=Relation(x + y, "<=", q)), {"Eq(x + y, q)", "x >= 0", "y >= 0"}),
        (program(x, x, y, c=Relation(x, "<=", q), d=Relation(y, "<=", q)),
         {"Eq(x, q)", "y <= q", "y >= 0"}),
        (program(sp.Min(x, y), x, y, c=Relation(x, "<=", q), d=Relation(y, "<=", 2 * q)),
         {"Eq(x, q)", "q <= y", "y <= 2*q"}),
    ],
    ids=["an edge", "a side", "Leontief"],
)  # fmt: skip
def test_the_face_and_a_member(game: Game, relations: set[str]) -> None:
    found = faced(game)
    assert isinstance(found, Branch), found
    flipped = {"q <= y": "y >= q"}
    said = {flipped.get(str(r), str(r)) for r in found.relations}
    assert said == {flipped.get(r, r) for r in relations}
    values = dict(found.values)
    for r in found.relations:
        at = r.replaced(values).replaced({q: sp.Integer(3)})
        assert at.gap >= 0
        assert not (at.is_equality and at.gap != 0)


def test_gradients_that_contain_actions_are_declined() -> None:
    """The multiplier of a log utility is 1/(x + y), which stationarity alone does not determine."""
    found = faced(program(sp.log(1 + x + y), x, y, c=Relation(x + y, "<=", q)))
    assert isinstance(found, Declined)
    assert "not determined" in found.reason


def test_several_decision_makers_are_declined() -> None:
    game = Game(Agent("A", -((x - 1) ** 2), x), Agent("B", -((y - 1) ** 2), y))
    found = faced(game, "nash")
    assert isinstance(found, Declined)
    assert "one decision maker" in found.reason


def test_the_set_is_proved_end_to_end() -> None:
    caps = {"c": Relation(x, "<=", q), "d": Relation(y, "<=", q)}
    solution = solve(program(x, x, y, **caps), "maximize")
    (case,) = solution.cases
    assert isinstance(case, Continuum)
    assert isinstance(solution.proof, Proved)
    assert case.multipliers == (("c", sp.S.One), ("d", sp.S.Zero))
