"""`alignsym.testing`: failures name an exact counterexample; what is drawn is legal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

import alignsym as al
from alignsym.errors import UsageError
from alignsym.model.relations import Relation
from alignsym.testing import (
    assert_not_refuted,
    assert_proved,
    assert_solution,
    economies,
    oligopolies,
    parameter_points,
    programs,
)

ROOT = Path(__file__).resolve().parents[2]
few = settings(
    max_examples=3, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
a, b, q = sp.symbols("a b q", positive=True)
x, y = sp.symbols("x y", nonnegative=True)
DUOPOLY = al.Game(
    al.Agent("one", (a - x - y) * x, x), al.Agent("two", (a - x - y) * y, y), concept="nash"
)


def test_a_right_derivation_passes() -> None:
    assert assert_proved(DUOPOLY, {x: a / 3, y: a / 3}).verdict == "proved"
    assert assert_solution(DUOPOLY, {x: a / 3, y: a / 3}).coverage is not None
    assert_not_refuted(DUOPOLY, {x: a / 3, y: a / 3})


@pytest.mark.parametrize("asserted", [assert_proved, assert_solution, assert_not_refuted])
def test_a_wrong_one_fails_at_a_point_where_it_is_wrong(asserted) -> None:
    with pytest.raises(AssertionError) as caught:
        asserted(DUOPOLY, {x: a / 2, y: a / 4})
    said = str(caught.value)
    at = re.search(r"at a = ([\d/]+): (\w+) does better with (\w) = ([\d/]+)", said)
    assert at, said
    # By the definition: the other choice is better against the claimed one of the rival.
    size, better = Fraction(at[1]), Fraction(at[4])
    mine, theirs = (size / 2, size / 4) if at[3] == "x" else (size / 4, size / 2)
    assert (size - better - theirs) * better > (size - mine - theirs) * mine


def test_what_is_not_covered_is_named() -> None:
    program = al.Game(al.Agent("one", sp.log(1 + x) - a * x, x), concept="maximize")
    some = al.StatedRegime((Relation(a, "<=", sp.S.One),), ((x, 1 / a - 1),))
    assert_proved(program, some)
    with pytest.raises(AssertionError, match="at a = "):
        assert_solution(program, some)


def test_what_is_only_not_refuted_does_not_pass_as_proved() -> None:
    never = al.StatedRegime((Relation(a, "<", sp.Integer(-1)),), ((x, a), (y, a)))
    assert assert_not_refuted(DUOPOLY, never).verdict == "unknown"
    with pytest.raises(AssertionError, match="not proved"):
        assert_proved(DUOPOLY, never)


# ------------------------------------------------------------------ strategies
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_points_are_exact_and_legal(data: st.DataObject) -> None:
    game = al.Game(al.Agent("one", sp.log(1 + x) - a * x / b, x), conditions=[a <= b, b <= 7])
    when = (Relation(a + b, "==", sp.Integer(3)),)
    point = data.draw(parameter_points(game, when))
    assert set(point) == {a, b} and all(v.is_Rational and v > 0 for v in point.values())
    assert point[a] <= point[b] <= 7 and point[a] + point[b] == 3


def test_points_move_and_impossible_ones_are_refused() -> None:
    drawn = parameter_points(DUOPOLY)
    quick = settings(max_examples=80, database=None, derandomize=True, phases=[Phase.generate])
    assert find(drawn, lambda p: p[a] > 20, settings=quick)[a] > 20
    assert find(drawn, lambda p: p[a] < sp.Rational(1, 3), settings=quick)[a] < 1
    with pytest.raises(UsageError):
        parameter_points(DUOPOLY, (Relation(a, "<", sp.S.Zero),))


def best_output(game: al.Game, row: dict[sp.Symbol, sp.Rational], firm: al.Agent) -> sp.Expr:
    """The maximiser of a concave quadratic on x >= 0, from its vertex."""
    (act,) = firm.actions
    others = {s: v for s, v in row.items() if s != act.symbol}
    profit = sp.expand(firm.utility.xreplace(others))
    second = sp.Poly(profit, act.symbol).coeff_monomial(act.symbol**2)
    slope = sp.Poly(profit, act.symbol).coeff_monomial(act.symbol)
    assert second < 0
    return max(sp.S.Zero, -slope / (2 * second))


@few
@given(oligopolies(), st.data())
def test_firms_reply_best_to_each_other(game: al.Game, data: st.DataObject) -> None:
    solution = al.solve(game)
    assert_proved(game, solution)
    point = data.draw(parameter_points(game))
    for found in solution.at(point):
        row = {**point, **{f.actions[0].symbol: found[f.actions[0].name] for f in game.agents}}
        for firm in game.agents:
            assert row[firm.actions[0].symbol] == best_output(game, row, firm)


@few
@given(economies(), st.data())
def test_markets_clear_in_random_economies(game: al.Game, data: st.DataObject) -> None:
    solution = al.solve(game)
    assert_not_refuted(game, solution)
    point = data.draw(parameter_points(game))
    (found,) = solution.at(point)
    demand = sum(found[f"x{k}"] for k in range(len(game.agents)))
    supply = game.prices[0].clearing.right.xreplace(dict(point))
    assert found["p"] > 0 and demand == supply


@few
@given(programs(), st.data())
def test_no_feasible_choice_is_better_in_random_programs(
    game: al.Game, data: st.DataObject
) -> None:
    solution = al.solve(game, seconds=10)
    assert_not_refuted(game, solution)
    point = data.draw(parameter_points(game))
    (agent,) = game.agents
    cap = next(iter(agent.constraints)).relation
    for found in solution.at(point):
        row = {a_.symbol: found[a_.name] for a_ in agent.actions}
        worth = agent.utility.xreplace({**row, **point})
        for _ in range(5):
            other = {s: data.draw(st.fractions(0, 20, max_denominator=9)) for s in row}
            exact = {s: sp.Rational(v.numerator, v.denominator) for s, v in other.items()}
            spent = cap.left.xreplace({**exact, **point})
            if spent <= cap.right.xreplace(dict(point)) and all(exact.values()):
                assert agent.utility.xreplace({**exact, **point}).evalf(30) <= worth.evalf(30)


def test_hypothesis_is_imported_only_where_it_is_needed() -> None:
    code = (
        "import sys; from alignsym.testing import assert_proved; assert_proved;"
        "sys.exit([m for m in sys.modules if m.startswith('hypothesis')][:1] or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
