"""Sets of equilibria that somebody states: exactly these are proved, others are not."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy as sp

import alignsym as al
from alignsym.checking.judgement import check
from alignsym.model.agents import StatedRegime
from alignsym.model.relations import Relation

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
a = sp.Symbol("a", positive=True)
x, y = sp.symbols("x y", nonnegative=True)
# Two givers: u_i = a log(x + y) - x_i: exactly the splits of x + y = a.
GIVERS = al.Game(
    al.Agent("one", a * sp.log(x + y) - x, x), al.Agent("two", a * sp.log(x + y) - y, y),
    concept="nash",
)  # fmt: skip


def stated(*relations: Relation) -> StatedRegime:
    return StatedRegime(continuum=relations)


def test_the_set_of_all_splits_is_proved() -> None:
    assert check(GIVERS, stated(Relation(x + y, "==", a)), complete=True).verdict == "proved"


@pytest.mark.parametrize(
    "relations",
    [
        (Relation(x + y, "==", 2 * a),),
        (Relation(x + y, "<=", a),),
        (Relation(x + y, "==", a), Relation(x, "<=", a / 2)),
        (Relation(x, "==", a), Relation(y, "<=", a)),
    ],
    ids=str,
)
def test_another_set_is_not(relations: tuple[Relation, ...]) -> None:
    assert check(GIVERS, stated(*relations), complete=True).verdict in ("refuted", "unknown")


def test_an_empty_set_proves_nothing() -> None:
    never = (Relation(x + y, "==", a), Relation(x, ">=", 2 * a))
    assert check(GIVERS, stated(*never)).verdict in ("refuted", "unknown")


@pytest.mark.parametrize(
    "path", ["seed/priced_literal.toml", "asked/parametric_symmetric_game.toml"]
)
def test_sets_of_the_corpus_are_proved_and_fewer_tables_are_not(path: str) -> None:
    game = al.load(CORPUS / path)
    assert check(game, complete=True).verdict == "proved"
    fewer = game.expected[:-1]
    if fewer:
        assert check(game, fewer, complete=True, seconds=4).verdict in ("refuted", "unknown")


def test_the_determined_values_of_a_set_are_part_of_what_is_claimed() -> None:
    """A set answer fed back claims its values, too: x = 1/p is not x = anything."""
    game = al.load(CORPUS / "seed" / "priced_literal.toml")
    assert check(game, al.solve(game), complete=True).verdict == "proved"
