"""Edges of regimes at which more than one point is a solution, and thin feasible sets."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from alignsym import loads, solve
from alignsym.claims import Proved
from alignsym.model.relations import Relation
from alignsym.solution import Continuum, NoSolution, Regime, Solution


def program(
    parameters: str, actions: str, objective: str, constraints: str = "", seconds: float = 30
) -> Solution:
    """The answer to one maximisation."""
    lines = ["format = 1", 'id = "t.t"', 'title = "t"', 'concept = "maximize"', "[parameters]"]
    lines += [parameters, "[[agents]]", 'name = "m"', f"actions = {{ {actions} }}", objective]
    lines += [f"constraints = {{ {constraints} }}"] if constraints else []
    answer: Solution = solve(loads("\n".join(lines)), seconds=seconds)
    return answer


COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt,
    "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def true_at(relation: Relation, table: Mapping[sp.Symbol, object]) -> bool:
    """Whether the relation holds at exact numbers; one that still has symbols is an error."""
    bare = {s: sp.sympify(v) for s, v in table.items()}
    sides = (relation.left.subs(bare), relation.right.subs(bare))
    return bool(COMPARED[relation.operator](*sides))


def cases_at(answer: Solution, **numbers: object) -> list[Any]:
    """The cases whose conditions hold at the parameter point, by SymPy's exact arithmetic."""
    table = {p.symbol: sp.Rational(str(numbers[p.symbol.name])) for p in answer.game.parameters}
    return [
        c for c in answer.cases
        if all(true_at(r, table) for r in c.when)
    ]  # fmt: skip


BOX = ('u = "real"\nv = "real"', 'x = ["-1", "1"], y = ["-2", "3"]', 'utility = "u*x + v*y"')


def test_a_linear_form_on_a_box_is_level_at_the_origin() -> None:
    answer = program(*BOX)
    assert isinstance(answer.proof, Proved)
    (origin,) = cases_at(answer, u=0, v=0)
    assert isinstance(origin, Continuum)
    x, y = (a.symbol for a in answer.game.actions)
    corners = [{x: i, y: j} for i in (-1, 1) for j in (-2, 3)]
    assert all(true_at(r, c) for c in corners for r in origin.relations)
    (edge,) = cases_at(answer, u=0, v=Fraction(1, 3))
    inside, outside = {x: 0, y: 3}, {x: 0, y: 1}
    assert all(true_at(r, inside) for r in edge.relations)
    assert not all(true_at(r, outside) for r in edge.relations)


def test_a_ray_of_maximisers_where_the_slope_meets_the_kink() -> None:
    answer = program('u = "real"', 'x = "real"', 'utility = "u*x - Abs(x)"')
    assert isinstance(answer.proof, Proved)
    (inner,) = cases_at(answer, u="1/2")
    assert [v for _, v in inner.values] == [0]
    (edge,) = cases_at(answer, u=1)
    (x,) = (a.symbol for a in answer.game.actions)
    holds = [all(true_at(r, {x: k}) for r in edge.relations) for k in (-1, 0, 5)]
    assert holds == [False, True, True]
    (beyond,) = cases_at(answer, u=-2)
    assert isinstance(beyond, NoSolution) and beyond.outcome == "unbounded"


@pytest.mark.parametrize("number", [-3, 0, 1, 4])
def test_opposite_inequalities_leave_one_value(number: int) -> None:
    answer = program(
        'a = "real"', 'x = "real", y = "real"', 'utility = "-(x - 1)**2 - y**2"',
        'low = "x >= a", high = "x <= a"',
    )  # fmt: skip
    assert isinstance(answer.proof, Proved)
    for case in cases_at(answer, a=number):
        (a,) = (p.symbol for p in answer.game.parameters)
        assert [v.subs(a, number) for _, v in case.values] == [number, 0]


@pytest.mark.parametrize(
    ("point", "expected"), [((3, 4, 1), ("3/5", "4/5")), ((-3, 4, 2), ("-6/5", "8/5")),
                            ((5, 0, 1), (1, 0)), ((-5, 0, 1), (-1, 0)), ((0, -2, 1), (0, -1)),
                            (("1/2", "-1/3", 1), ("1/2", "-1/3"))],
)  # fmt: skip
def test_the_projection_on_a_disc(point: tuple[object, ...], expected: tuple[object, ...]) -> None:
    answer = program(
        'u = "real"\nv = "real"\nr = "positive"', 'x = "real", y = "real"',
        'loss = "(x - u)**2 + (y - v)**2"', 'disc = "x**2 + y**2 <= r**2"',
    )  # fmt: skip
    assert isinstance(answer.proof, Proved)
    numbers = dict(zip("uvr", point))
    table = {p.symbol: sp.Rational(str(numbers[p.symbol.name])) for p in answer.game.parameters}
    cases = cases_at(answer, **numbers)
    assert cases
    for case in cases:
        assert [v.subs(table) for _, v in case.values] == [sp.Rational(str(e)) for e in expected]


def test_a_contradiction_of_constraints_that_become_parallel() -> None:
    answer = program(
        'p = "positive"\nw = "positive"\nm = "positive"', 'x = "nonnegative", y = "nonnegative"',
        'utility = "x + 2*y"', 'budget = "p*x + y <= w", need = "2*x + y >= m"',
    )  # fmt: skip
    assert isinstance(answer.proof, Proved)
    parallel = cases_at(answer, p=2, w=1, m=2)
    assert parallel
    assert all(isinstance(c, NoSolution) and c.outcome == "infeasible" for c in parallel)


def test_a_supremum_at_infinity_on_the_edge_of_two_regimes() -> None:
    answer = program('u = "real"', 'x = "real"', 'utility = "u*x - exp(x)"')
    assert isinstance(answer.proof, Proved)
    outcomes = [[c.outcome for c in cases_at(answer, u=k)] for k in (-1, 0)]
    assert outcomes == [["unbounded"], ["none"]]
    (inner,) = cases_at(answer, u=2)
    assert [v.subs(p.symbol, 2) for p in answer.game.parameters for _, v in inner.values] == [
        sp.log(2)
    ]


@pytest.mark.parametrize(
    "objective", ['loss = "a*x + 1/y"', 'loss = "x*y"', 'loss = "exp(-x) + a*y"']
)
def test_a_supremum_neared_at_an_open_end_and_at_infinity(objective: str) -> None:
    """The infimum is 0, and every choice of positive numbers loses more."""
    answer = program('a = "positive"', 'x = "positive", y = "positive"', objective)
    assert isinstance(answer.proof, Proved)
    (case,) = answer.cases
    assert isinstance(case, NoSolution) and case.outcome == "none"


def test_an_end_that_is_not_among_the_choices_is_not_an_answer() -> None:
    answer = program(
        'p = "positive"\nw = "positive"', 'x = "positive", y = "positive"', 'utility = "x + y"',
        'budget = "p*x + y <= w"',
    )  # fmt: skip
    assert isinstance(answer.proof, Proved)
    for price in ("1/2", "3"):
        (case,) = cases_at(answer, p=price, w=2)
        assert isinstance(case, NoSolution) and case.outcome == "none"
    (level,) = cases_at(answer, p=1, w=2)
    assert isinstance(level, Continuum)
    x, y = (a.symbol for a in answer.game.actions)
    bare = {x: sp.Rational(1, 2), y: sp.Rational(3, 2)}
    table = {s: 2 for r in level.relations for s in r.free_symbols - {x, y}}
    assert all(true_at(r, {**bare, **table}) for r in level.relations)
    assert not all(true_at(r, {x: 2, y: 0, **table}) for r in level.relations)


def test_a_corner_that_is_no_choice_is_neared() -> None:
    """max log x + log(y + k): y = (w - k)/2 where that is positive, else y -> 0."""
    answer = program(
        'p = "positive"\nk = "positive"\nw = "positive"', 'x = "positive", y = "positive"',
        'utility = "log(x) + log(y + k)"', 'budget = "p*x + y <= w"',
    )  # fmt: skip
    assert isinstance(answer.proof, Proved)
    for k, w in ((2, 1), (1, 1)):
        found = cases_at(answer, p=3, k=k, w=w)
        assert found and {c.outcome for c in found} == {"none"}
    (inner,) = cases_at(answer, p=3, k=1, w=5)
    table = {p.symbol: {"p": 3, "k": 1, "w": 5}[p.symbol.name] for p in answer.game.parameters}
    assert [v.subs(table) for _, v in inner.values] == [1, 2]
    assert dict(inner.shadow_prices)["budget"].subs(table) == sp.Rational(1, 3)


@pytest.mark.parametrize(("at", "best"), [(3, 2), (-4, -3), ("3/2", 1), ("1/2", "1/2"), (-1, -1)])
def test_a_kink_within_a_kink(at: object, best: object) -> None:
    """Huber's loss as a penalty: shrinks what is beyond 1 by t, at most to 1."""
    answer = program(
        'v = "real"\nt = "positive"', 'x = "real"', 'loss = "(x - v)**2/2 + t*Max(Abs(x) - 1, 0)"'
    )
    assert isinstance(answer.proof, Proved)
    table = {p.symbol: {"v": sp.Rational(str(at)), "t": 1}[p.symbol.name]
             for p in answer.game.parameters}  # fmt: skip
    cases = cases_at(answer, v=at, t=1)
    assert cases
    assert all(v.subs(table) == sp.Rational(str(best)) for c in cases for _, v in c.values)


def test_a_candidate_without_a_value_is_no_answer() -> None:
    """At x = 0 the greatest of x/y, y/x and p/x is no number."""
    answer = program('p = "positive"', 'x = "positive", y = "positive"',
                     'loss = "Max(x/y, y/x, p/x)"', seconds=3)  # fmt: skip
    for case in cases_at(answer, p=2):
        values = [float(v.subs(dict.fromkeys(v.free_symbols, 2))) for _, v in case.values]
        assert values == [2.0, 2.0] and not isinstance(case.exhaustive, Proved)


def test_what_binds_is_counted_in_the_program_itself() -> None:
    """The program with the ends of its intervals has more conditions than the program."""
    answer = program('a = "positive"', 'x = "real", y = "positive"',
                     'utility = "-Abs(x - a) - 3*y**2 + a*x/(x + a) - y**4/4"',
                     'c = "Max(x, y) <= a"', seconds=10)  # fmt: skip
    assert all(not isinstance(c, Regime) or c.values for c in answer.cases)
    names = {n for c in answer.cases if isinstance(c, Regime) for n in c.binding}
    assert names <= {"c", "x", "y"}
