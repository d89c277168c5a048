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


ONE_LINE = """
format = 1
id = "t.line"
title = "both want to be where the other is"
concept = "nash"
complete = true
[[agents]]
name = "a"
actions = {{ x = ["0", "1"] }}
utility = "-(x - y)**2"
[[agents]]
name = "b"
actions = {{ y = ["0", "1"] }}
utility = "-(x - y)**2"
[[expected]]
when = []
continuum = [{continuum}]
"""


@pytest.mark.parametrize(
    ("continuum", "whole"),
    [
        ('"Eq(x, y)"', True),
        ('"Eq(x/y, 1)"', False),  # not (0, 0)
        ('"Eq(x + 1/y, y + 1/y)"', False),
        ('"Eq(x + sqrt(y - 1/2), y + sqrt(y - 1/2))"', False),
        ('"Eq(x, y)", "x + log(y - 1/2) >= log(y - 1/2)"', False),
    ],
)
def test_a_point_where_a_relation_is_undefined_is_no_member(continuum: str, whole: bool) -> None:
    """Every x = y is an equilibrium; relations that cancel leave out where they are undefined."""
    game = al.loads(ONE_LINE.format(continuum=continuum))
    assert (game.check().verdict == "proved") is whole
