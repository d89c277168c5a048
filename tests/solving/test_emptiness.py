"""Infeasible beside constraints that are not affine: thresholds known by hand."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.solution import NoSolution, Regime, Solution, holds

x, y = sp.symbols("x y", real=True)
a = sp.Symbol("a", real=True)
r, s = sp.symbols("r s", positive=True)


def program(objective: sp.Expr, *actions: sp.Symbol, **constraints: object) -> Solution:
    return solve(
        Game(Agent("one", objective, *actions, constraints=constraints), concept="maximize")
    )


def at(solution: Solution, table: dict[sp.Symbol, object]) -> list[object]:
    exact = {k: sp.sympify(v) for k, v in table.items()}
    return [c for c in solution.cases if all(holds(q, exact) for q in c.when)]


def test_a_square_below_a_number() -> None:
    """x**2 <= a: the interval of radius sqrt(a), the point 0, nothing."""
    solution = program(-x, x, c=x**2 <= a)
    assert solution.status == "solved" and isinstance(solution.proof, Proved)
    (left,), (point,), (none,) = (at(solution, {a: v}) for v in (4, 0, -1))
    assert dict(left.values)[x].subs(a, 4) == -2
    assert dict(point.values)[x] == 0 and point.multipliers == ()
    assert isinstance(none, NoSolution) and none.outcome == "infeasible"


@pytest.mark.parametrize(
    ("radius", "level"), [("1/2", "2"), ("1/2", "1"), ("1/2", "3/4"), ("4", "1")]
)
def test_a_disc_and_a_half_plane(radius: str, level: str) -> None:
    """x**2 + y**2 <= r meets x + y >= s where s**2 <= 2r, in one point where equal; the best of
    -x**2 - y**2 - x lies on the line, at (s/2 - 1/4, s/2 + 1/4) if that is in the disc, else where
    line and circle meet with the smaller x."""
    solution = program(-(x**2) - y**2 - x, x, y, disc=x**2 + y**2 <= r, half=x + y >= s)
    assert solution.status == "solved" and isinstance(solution.proof, Proved)
    table = {r: sp.Rational(radius), s: sp.Rational(level)}
    room = 2 * table[r] - table[s] ** 2
    (case,) = at(solution, table)
    if room < 0:
        assert isinstance(case, NoSolution) and case.outcome == "infeasible"
        return
    half = sp.Min(sp.sqrt(room) / 2, sp.Rational(1, 4))
    assert isinstance(case, Regime)
    found = [e.subs(table) for _, e in case.values]
    assert found == [table[s] / 2 - half, table[s] / 2 + half]
