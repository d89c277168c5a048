"""Parameters without a solution: found with the signs under which they hold, and proved."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game, solve
from alignsym.claims import Proved
from alignsym.solution import NoSolution, Solution

x, y = sp.symbols("x y", nonnegative=True)
z = sp.Symbol("z", positive=True)
a, c = sp.symbols("a c", real=True)
b, q = sp.symbols("b q", positive=True)


def answer(objective: sp.Expr, actions: object, **constraints: object) -> Solution:
    listed = actions if isinstance(actions, tuple) else (actions,)
    agent = Agent("A", objective, *listed, constraints=constraints)
    return solve(Game(agent, concept="maximize"))


def outcome(solution: Solution, point: dict[sp.Symbol, int]) -> str:
    """The outcome said at a parameter point; '' where there is a solution."""
    said = {
        case.outcome if isinstance(case, NoSolution) else ""
        for case in solution.cases
        if all(bool(_true(r, point)) for r in case.when)
    }
    assert len(said) == 1, (said, point)
    return said.pop()


def _true(relation: object, point: dict[sp.Symbol, int]) -> sp.Basic:
    from alignsym.model.relations import Relation
    from alignsym.solution import as_sympy

    assert isinstance(relation, Relation)
    return as_sympy(relation).subs(point)


CASES = {
    "a floor above the budget": (
        lambda: answer(sp.log(1 + x) + y, (x, y), budget=x + y <= q, floor=x >= a),
        [({a: 3, q: 2}, "infeasible"), ({a: 2, q: 2}, ""), ({a: -1, q: 2}, "")],
    ),
    "a convex square": (
        lambda: answer(a * x**2 - b * x, x),
        [({a: 1, b: 5}, "unbounded"), ({a: 0, b: 1}, ""), ({a: -1, b: 1}, "")],
    ),
    "a linear program without a ceiling": (
        lambda: answer(a * x + c * y, (x, y), cap=x - y <= q),
        [
            ({a: -1, c: 1, q: 1}, "unbounded"),
            ({a: 2, c: -1, q: 1}, "unbounded"),
            ({a: 1, c: -2, q: 1}, ""),
            ({a: -1, c: -1, q: 1}, ""),
        ],
    ),
    "an interval that lacks its end": (
        lambda: answer(a * z - b * z**2, z),
        [({a: -1, b: 1}, "none"), ({a: 0, b: 1}, "none"), ({a: 2, b: 1}, "")],
    ),
    "a supremum at infinity": (lambda: answer(-b / (1 + x), x), [({b: 1}, "none")]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_outcome_is_said_where_it_holds(name: str) -> None:
    make, points = CASES[name]
    solution = make()
    assert isinstance(solution.coverage, Proved), solution
    assert all(isinstance(case.status, Proved) for case in solution.cases), solution
    for point, expected in points:
        assert outcome(solution, point) == expected


def test_a_kink_with_no_bound() -> None:
    """a*|z| grows on both sides; taken side by side there is nothing to compare."""
    z = sp.Symbol("z", real=True)
    solution = answer(b * sp.Abs(z), z)
    assert (solution.status, solution.proof) == ("unbounded", solution.coverage)
    assert isinstance(solution.coverage, Proved)


def test_words_for_a_loss() -> None:
    """A loss has an infimum; its supremum is not what is sought."""
    falling = Game(Agent("A", -z, z, loss=True), concept="maximize")
    (case,) = solve(falling).cases
    assert isinstance(case, NoSolution)
    assert case.reason.startswith("minus the loss grows without bound along z = ")
    nearing = Game(Agent("A", z, z, loss=True), concept="maximize")
    (case,) = solve(nearing).cases
    assert isinstance(case, NoSolution)
    assert case.reason.startswith("the supremum 0 of minus the loss is approached along z = ")


def test_a_parameter_of_the_letter_that_runs() -> None:
    """Along z = 1 + t the letter t would stand for the parameter as well."""
    t = sp.Symbol("t", positive=True)
    z = sp.Symbol("z", real=True)
    (case,) = answer(t * z, z).cases
    assert isinstance(case, NoSolution)
    assert "without bound along z = " in case.reason
    (case,) = answer(z, z, floor=z >= t).cases
    assert isinstance(case, NoSolution)
    assert case.reason.endswith("z = t + t1, t1 -> oo")
