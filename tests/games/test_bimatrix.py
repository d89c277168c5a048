"""Bimatrix games: payoffs by summation, known values, equilibria that pay to nobody to leave."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from alignsym import Agent, Game
from alignsym.claims import Proved
from alignsym.errors import ModelError, UsageError
from alignsym.games.mixed import bounds_meet, value
from alignsym.model.bimatrix import players
from alignsym.model.files import dumps, loads
from alignsym.solution import Solution

a, b, c, d = sp.symbols("a b c d", positive=True)
RPS = [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]
MOVES = ("rock", "paper", "scissors")


def test_payoffs_are_expected_values():
    """At random mixed strategies the utility is sum p_i A_ij q_j, summed here."""
    rng = random.Random(3)
    first = [[rng.randint(-5, 5) for _ in range(3)] for _ in range(2)]
    second = [[rng.randint(-5, 5) for _ in range(3)] for _ in range(2)]
    game = Game.from_payoffs(first, second, columns=("l", "m", "r"))
    assert [s.name for s in game.actions] == ["p_1", "q_l", "q_m", "q_r"]
    for _ in range(5):
        p = sp.Rational(rng.randint(0, 7), 7)
        cut = sorted((rng.randint(0, 9), rng.randint(0, 9)))
        q = [sp.Rational(k, 9) for k in (cut[0], cut[1] - cut[0], 9 - cut[1])]
        point = dict(zip([s.symbol for s in game.actions], (p, *q), strict=True))
        for agent, matrix in zip(game.agents, (first, second), strict=True):
            expected = sum(
                weight * matrix[i][j] * q[j]
                for i, weight in enumerate((p, 1 - p))
                for j in range(3)
            )
            assert agent.utility.subs(point) == expected


def test_matching_pennies_with_symbols_and_names():
    game = Game.from_payoffs(
        sp.Matrix([[a, -b], [-c, d]]), rows=("heads", "tails"), columns=("heads", "tails")
    )
    solution = game.nash()
    (equilibrium,) = solution.mixed()
    assert isinstance(solution.proof, Proved)
    assert equilibrium["row"] == {
        "heads": (c + d) / (a + b + c + d), "tails": (a + b) / (a + b + c + d)
    }  # fmt: skip
    # The others' indifference, by definition.
    p, q = equilibrium["row"]["heads"], equilibrium["column"]["heads"]
    assert sp.simplify(a * q - b * (1 - q) - (-c * q + d * (1 - q))) == 0
    assert sp.simplify(-a * p + c * (1 - p) - (b * p - d * (1 - p))) == 0
    found = game.zero_sum()
    assert isinstance(found.verdict, Proved)
    assert sp.simplify(found.value - (a * d - b * c) / (a + b + c + d)) == 0


def test_rock_paper_scissors():
    game = Game.from_payoffs(RPS, rows=MOVES, columns=MOVES)
    (equilibrium,) = game.nash().mixed()
    assert equilibrium["column"] == dict.fromkeys(MOVES, sp.Rational(1, 3))
    assert equilibrium.support("row") == MOVES
    assert game.zero_sum().value == 0
    assert isinstance(game.zero_sum().verdict, Proved)


def test_a_value_with_the_sign_of_a_payoff():
    """[[a, 0], [0, r]]: a saddle point where r <= 0, mixed where r > 0."""
    r = sp.Symbol("r", real=True)
    found = Game.from_payoffs([[a, 0], [0, r]]).zero_sum()
    assert isinstance(found.verdict, Proved)
    assert found.value.subs({a: 2, r: -3}) == 0
    assert found.value.subs({a: 2, r: 2}) == 1


def test_random_zero_sum_games_against_the_lower_envelope():
    """The value is the top of the lower envelope of the columns' lines in p."""
    rng = random.Random(11)
    matrices = [sp.Matrix(2, 3, rng.sample(range(-9, 10), 6)) for _ in range(4)]
    tied = [sp.Matrix([[3, -2, -4], [4, -3, -4]]), sp.Matrix([[-2, 4, 3], [-2, -3, 3]])]
    for matrix in (*matrices, *tied):
        game = Game.from_payoffs(matrix)
        found = game.zero_sum()
        assert isinstance(found.verdict, Proved)
        assert found.value == top_of_envelope(matrix)


def top_of_envelope(matrix: sp.Matrix) -> sp.Rational:
    """max over p of min over j of p*A_1j + (1 - p)*A_2j: at an end or where two lines cross."""
    columns = range(matrix.cols)
    places = {sp.S.Zero, sp.S.One}
    for j, k in itertools.combinations(columns, 2):
        slope = matrix[0, j] - matrix[1, j] - matrix[0, k] + matrix[1, k]
        if slope:
            places.add(sp.Rational(matrix[1, k] - matrix[1, j], slope))
    return max(
        min(p * matrix[0, j] + (1 - p) * matrix[1, j] for j in columns)
        for p in places
        if 0 <= p <= 1
    )


def test_what_a_player_secures_in_a_game_that_is_not_zero_sum():
    """Battle of the sexes: 2/3 against the worst the other can do."""
    game = Game.from_payoffs([[2, 0], [0, 1]], [[1, 0], [0, 2]], names=("she", "he"))
    assert game.secured("she").value == sp.Rational(2, 3)
    with pytest.raises(UsageError, match="no constant"):
        game.zero_sum()
    constant = Game.from_payoffs([[3, 0], [1, 2]], [[0, 3], [2, 1]])
    assert constant.zero_sum().value == sp.Rational(3, 2)


def test_a_value_that_is_not_secured_is_not_proved():
    game = Game.from_payoffs([[3, 0], [1, 2]])
    found = value(game)
    (regime,) = found.row.regimes
    for lie in (regime.value + 1, regime.value - 1):
        wrong = replace(regime, value=lie)
        row = Solution(found.row.game, "maximize", (wrong,), found.row.coverage)
        assert not isinstance(bounds_meet(game, row, found.column, sp.S.Zero), Proved)
    moved = tuple((s, sp.S.One if str(s) == "p_1" else e) for s, e in regime.values)
    row = Solution(found.row.game, "maximize", (replace(regime, values=moved),), Proved())
    assert not isinstance(bounds_meet(game, row, found.column, sp.S.Zero), Proved)


def test_names_survive_a_file():
    game = Game.from_payoffs(RPS, rows=MOVES, columns=MOVES, names=("anna", "bob"))
    again = loads(dumps(game))
    assert players(again) == players(game)


def test_symbols_of_payoffs_are_not_taken():
    p = sp.Symbol("p_1", positive=True)
    game = Game.from_payoffs([[p, 0], [0, 1]])
    assert [s.name for s in game.actions] == ["p_1_", "q_1"]


@pytest.mark.parametrize(
    ("arguments", "names", "message"),
    [
        (([[1, 2], [3]],), {}, "differ in length"),
        (([],), {}, "no payoffs"),
        (([[1, 2]], [[1], [2]]), {}, "A is 1 by 2 and B 2 by 1"),
        (([[0.5, 1]],), {}, "floating-point number 0.5 .write Rational"),
        ((np.array([[0.5, 1]]),), {}, "floating-point number 0.5"),
        (([[float("nan"), 1]],), {}, "floating-point number nan"),
        (([["a", 1]],), {}, "'a' is not an expression of SymPy"),
        (([[True, 1]],), {}, "True is not an expression of SymPy"),
        (([1, 2],), {}, "a list of payoffs is no table"),
        (([[sp.Float("0.5"), 1]],), {}, "floating-point"),
        (([[1, 2], [3, 4]],), {"rows": ("up",)}, "2 strategies need 2 different names"),
        (([[1, 2], [3, 4]],), {"rows": ("up", "don't")}, "no name of a strategy"),
        (([[1, 2], [3, 4]],), {"names": ("me", "me")}, "two names"),
    ],
)
def test_payoffs_that_make_no_game(arguments, names, message):
    with pytest.raises(ModelError, match=message):
        Game.from_payoffs(*arguments, **names)


def test_arrays_and_fractions_are_exact_payoffs():
    tables = ([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    asked, plain = Game.from_payoffs(*map(np.array, tables)), Game.from_payoffs(*tables)
    assert [a.utility for a in asked.agents] == [a.utility for a in plain.agents]
    half = Game.from_payoffs([[Fraction(1, 2), 0], [0, 1]])
    assert half.agents[0].utility.atoms(sp.Float) == set()
    assert half.agents[0].utility == Game.from_payoffs([[sp.S.Half, 0], [0, 1]]).agents[0].utility


def test_strategies_of_other_games_are_not_guessed():
    x = sp.Symbol("x", nonnegative=True)
    with pytest.raises(ModelError, match="from_payoffs"):
        Game(Agent("f", -x, x)).nash().mixed()
