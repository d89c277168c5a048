"""Whole sets of maximisers: against the maximisers on a grid, and lies about them."""

from __future__ import annotations

from itertools import product

import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignsym import Agent, Game, solve
from alignsym.claims import Proved
from alignsym.model.relations import Relation
from alignsym.solution import Continuum, NoSolution, Solution, holds
from alignsym.verify.continua import set_verdicts

x, y = sp.symbols("x y", nonnegative=True)
a = sp.Symbol("a", positive=True)
k = sp.Symbol("k", nonnegative=True)
GRID = [sp.Rational(n, 2) for n in range(7)]
FORMS = (x, y, x + y, x - y, x + 2 * y)


def program(objective: sp.Expr, *, most: sp.Expr) -> Game:
    return Game(
        Agent("one", objective, x, y, constraints={"most": sp.Le(most, a)}), concept="maximize"
    )


def listed(solution: Solution, at: dict[sp.Symbol, sp.Expr], point: dict) -> bool:
    for case in solution.cases:
        if isinstance(case, NoSolution) or not all(holds(w, at) for w in case.when):
            continue
        table = {**at, **point}
        if isinstance(case, Continuum):
            if all(holds(r, table) for r in case.relations):
                return True
        elif all(sp.simplify(e.xreplace(at) - point[s]) == 0 for s, e in case.values):
            return True
    return False


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    square=st.sampled_from(FORMS),
    line=st.sampled_from((sp.S.Zero, *FORMS)),
    curved=st.integers(0, 1),
)
def test_maximisers_on_a_grid_are_listed_and_nothing_else(
    square: sp.Expr, line: sp.Expr, curved: int
) -> None:
    """-(square - 1)^2 - line on {x, y >= 0, x + y <= a} at a = 2, by enumeration of the grid."""
    objective = -curved * (square - 1) ** 2 - line
    solution = solve(program(objective, most=x + y))
    if not all(isinstance(c.status, Proved) for c in solution.cases) or not solution.cases:
        return
    if not isinstance(solution.coverage, Proved):
        return
    at = {a: sp.Integer(2)}
    points = [{x: i, y: j} for i, j in product(GRID, GRID) if i + j <= 2]
    worth = [objective.xreplace(p) for p in points]
    (value,) = {c.value.xreplace(at) for c in solution.cases if all(holds(w, at) for w in c.when)}
    complete = all(
        isinstance(c.exhaustive, Proved) for c in solution.cases if not isinstance(c, NoSolution)
    )
    for point, w in zip(points, worth, strict=True):
        assert w <= value
        if complete:
            assert listed(solution, at, point) is (w == value), (objective, point)


@pytest.mark.parametrize(
    "objective", [sp.S.Zero, a, a - x**2, -((x + y - 1) ** 2), -x, a * x - x**2 - k * y]
)
def test_a_point_is_not_told_where_a_whole_set_is_as_good(objective: sp.Expr) -> None:
    solution = solve(program(objective, most=x + y))
    assert isinstance(solution.coverage, Proved)
    for case in solution.cases:
        assert isinstance(case.status, Proved) and isinstance(case.exhaustive, Proved), case
    assert any(isinstance(c, Continuum) for c in solution.cases)


def test_a_profit_that_a_full_tax_takes_away() -> None:
    """(1 - k)*x*(a - x): x = a/2 where k < 1, everything where k = 1."""
    game = Game(
        Agent("one", (1 - k) * x * (a - x), x), concept="maximize", conditions=[sp.Le(k, 1)]
    )
    solution = solve(game)
    (point,) = solution.regimes
    (whole,) = (c for c in solution.cases if isinstance(c, Continuum))
    assert dict(point.values)[x] == a / 2 and isinstance(point.exhaustive, Proved)
    assert [str(r) for r in point.when] == ["k < 1"]
    assert [str(r) for r in whole.when] == ["Eq(k, 1)"]
    assert isinstance(whole.status, Proved) and isinstance(whole.exhaustive, Proved)


def test_lies_about_a_set_are_not_proved() -> None:
    """Too large: a member is no maximiser.  Too small: a maximiser is no member."""
    game = program(a - x**2, most=x + y)
    (true,) = (c for c in solve(game).cases if isinstance(c, Continuum))
    smaller = (*true.relations, Relation(2 * y, "<=", a))
    larger = tuple(r for r in true.relations if not r.is_equality)
    for relations, sound, whole in ((smaller, True, False), (larger, False, True)):
        lie = Continuum(
            true.when, tuple(relations), value=true.value, witness=true.witness,
            members=(*true.members, ((x, sp.S.Zero), (y, sp.S.Zero))),
        )  # fmt: skip
        status, exhaustive = set_verdicts(game, "maximize", lie, [])
        assert isinstance(status, Proved) is sound
        assert isinstance(exhaustive, Proved) is whole


def test_goods_that_may_be_free() -> None:
    """x + y with p, r >= 0: the cheaper good, both where they cost the same, no end where one is
    free."""
    p, r = sp.symbols("p r", nonnegative=True)
    agent = Agent("one", x + y, x, y, constraints={"budget": sp.Le(p * x + r * y, a)})
    solution = solve(Game(agent, concept="maximize"))
    assert isinstance(solution.proof, Proved) and isinstance(solution.coverage, Proved)
    for at, outcome in (((1, 2), (a, 0)), ((3, 2), (0, a / 2)), ((0, 2), None), ((0, 0), None)):
        point = {a: sp.Integer(1), p: sp.Integer(at[0]), r: sp.Integer(at[1])}
        here = [c for c in solution.cases if all(holds(w, point) for w in c.when)]
        if outcome is None:
            assert here and all(
                isinstance(c, NoSolution) and c.outcome == "unbounded" for c in here
            )
        else:
            (case,) = here
            assert [e.xreplace(point) for _, e in case.values] == [
                sp.sympify(e).xreplace(point) for e in outcome
            ]
