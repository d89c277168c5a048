"""Kinks as variables: the lifted problem has the same best value, found here by brute force."""

from __future__ import annotations

import sympy as sp

from alignsym import Agent, Game, Interval, solve
from alignsym.claims import Proved
from alignsym.conditions.epigraph import lifted
from alignsym.model.game import Action

x, y = sp.symbols("x y", real=True)
u, v = sp.symbols("u v", nonnegative=True)
w = sp.Symbol("w", positive=True)


def test_each_kink_becomes_one_variable() -> None:
    actions = (Action(x, Interval.real()), Action(y, Interval.real()))
    smooth = lifted(sp.Min(x, 2 * y) - 3 * sp.Abs(x - y) - sp.Max(x, y, 1), actions, ())
    assert not smooth.objective.has(sp.Abs, sp.Min, sp.Max)
    assert len(smooth.actions) == 5
    assert len(smooth.edges) == 2 + 2 + 3


def test_a_kink_of_parameters_stays() -> None:
    smooth = lifted(x * sp.Max(w, 1), (Action(x, Interval.real()),), ())
    assert smooth.edges == ()


def test_the_median() -> None:
    """The middle one of three points is the only minimiser of the sum of distances."""
    a, b, c = sp.symbols("a b c", real=True)
    loss = sp.Abs(x - a) + sp.Abs(x - b) + sp.Abs(x - c)
    game = Game(Agent("s", loss, x, loss=True), conditions=[a < b, b < c])
    solution = solve(game, "maximize")
    assert solution[x] == b
    assert isinstance(solution.proof, Proved)


def test_leontief() -> None:
    """min(x/2, y) on a budget: goods in fixed proportion; more of both costs more than there is."""
    game = Game(Agent("c", sp.Min(u / 2, v), u, v, constraints={"budget": 3 * u + v <= w}))
    solution = solve(game, "maximize")
    (regime,) = solution.regimes
    assert dict(regime.values) == {u: 2 * w / 7, v: w / 7}
    assert isinstance(regime.exhaustive, Proved)


def test_a_convex_kink_is_not_believed() -> None:
    """max |x| on [-1, 2]: the epigraph form has no bound, and the optimum x = 2 is at an end."""
    game = Game(Agent("s", sp.Abs(x), (x, (-1, 2))))
    for regime in solve(game, "maximize").regimes:
        assert dict(regime.values)[x] == 2
