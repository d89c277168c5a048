"""Roots of polynomials with parameters: numbers, derivatives, text that reads back, and answers."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from alignsym import Agent, Game, solve
from alignsym.claims import Proved
from alignsym.logic.decide import implies
from alignsym.model.relations import Relation
from alignsym.model.roots import VARIABLE, Root
from alignsym.model.writing import text
from alignsym.verify.evaluator import compiled

a, b, z = sp.symbols("a b z", positive=True)
x = sp.Symbol("x", nonnegative=True)
ROOT = Root.of(VARIABLE**3 + b * VARIABLE - a, 0)


def test_numbers_agree_with_the_evaluator_that_is_not_sympy() -> None:
    at = {"a": Fraction(10), "b": Fraction(3)}
    precise = compiled(ROOT).precise(at)
    assert abs(float(precise) ** 3 + 3 * float(precise) - 10) < 1e-12
    there = ROOT.xreplace({a: sp.Integer(10), b: sp.Integer(3)})
    assert abs(float(sp.N(there, 20)) - float(precise)) < 1e-12


def test_the_derivative_is_that_of_the_implicit_function() -> None:
    at = {a: sp.Integer(10), b: sp.Integer(3)}
    step = sp.Rational(1, 10**6)
    above = sp.N(ROOT.xreplace({a: 10 + step, b: sp.Integer(3)}), 30)
    below = sp.N(ROOT.xreplace({a: 10 - step, b: sp.Integer(3)}), 30)
    assert abs(sp.N(ROOT.diff(a).xreplace(at), 30) - (above - below) / (2 * step)) < 1e-9


def test_the_letter_is_one_that_no_parameter_has() -> None:
    assert text(Root.of(VARIABLE**3 - z, 0)) == "Root(u**3 - z, u, 0)"
    assert text(ROOT) == "Root(-a + b*z + z**3, z, 0)"
    assert "operatorname{root}" in sp.latex(ROOT)


def test_what_is_known_of_a_root() -> None:
    positive = Relation(ROOT, ">", sp.S.Zero)
    assert implies((), positive).is_proof  # a > 0 has no root at or below zero
    assert not implies((), Relation(ROOT, ">", sp.S.One)).is_proof


@pytest.mark.parametrize("index", [1, 2])
def test_a_root_that_need_not_exist_is_not_defined(index: int) -> None:
    other = Root.of(VARIABLE**3 + b * VARIABLE - a, index)
    assert not implies((), Relation(other, "==", other)).is_proof


def test_an_even_degree_need_not_have_a_root() -> None:
    assert not Root.of(VARIABLE**4 + VARIABLE + a, 0).exists


def test_an_optimum_that_is_a_root_is_proved() -> None:
    game = Game(Agent("A", a * x - x**4 / 4 - b * x**2 / 2, x), concept="maximize")
    solution = solve(game)
    assert isinstance(solution.proof, Proved)
    (found,) = solution.at({a: 10, b: 3})
    optimum = float(found["x"])
    assert abs(optimum**3 + 3 * optimum - 10) < 1e-9


def test_a_parameter_may_have_the_name_of_the_bound_variable() -> None:
    for name in (VARIABLE.name, "root_"):
        mine = sp.Symbol(name, positive=True)
        root = Root.of(VARIABLE**3 + VARIABLE - mine, 0)
        assert root.free_symbols == {mine} and root.diff(mine) != 0
        solution = solve(Game(Agent("A", mine * x - x**4 / 4 - x**2 / 2, x), concept="maximize"))
        assert isinstance(solution.proof, Proved)
        (found,) = solution.at({mine: 10})
        assert abs(float(found["x"]) - 2) < 1e-12  # 8 + 2 = 10


def test_a_root_among_the_coefficients_of_a_root() -> None:
    """x**3 + x = a and y**3 + y = x: at a = 1010 x = 10, y = 2."""
    y = sp.Symbol("y", nonnegative=True)
    first = Agent("A", a * x - x**4 / 4 - x**2 / 2, x)
    second = Agent("B", x * y - y**4 / 4 - y**2 / 2, y)
    solution = solve(Game(first, second), "nash")
    assert isinstance(solution.proof, Proved)
    (found,) = solution.at({a: 1010})
    assert abs(float(found["x"]) - 10) < 1e-12 and abs(float(found["y"]) - 2) < 1e-12
    assert text(solution["y"]) == "Root(u**3 + u - Root(-a + z**3 + z, z, 0), u, 0)"
    # dy/da = 1/(3 y**2 + 1) * 1/(3 x**2 + 1)
    slope = sp.N(solution["y"].diff(a).xreplace({a: sp.Integer(1010)}), 15)
    assert abs(slope - sp.Rational(1, 13 * 301)) < 1e-12
    assert abs(float(compiled(solution["y"]).precise({"a": Fraction(1010)})) - 2) < 1e-12


def test_a_root_put_into_a_root_is_not_captured() -> None:
    inner = Root.of(VARIABLE**3 + VARIABLE - a, 0)
    put = Root.of(VARIABLE**3 + VARIABLE - b, 0).xreplace({b: inner})
    assert put == Root.of(VARIABLE**3 + VARIABLE - inner, 0)
    law = put.vanishing().xreplace({put: sp.Integer(2), inner: sp.Integer(10)})
    assert law == 0


def test_every_letter_may_be_taken() -> None:
    letters = sp.symbols("z u v w x y", positive=True)
    root = Root.of(VARIABLE**3 + VARIABLE - sum(letters), 0)
    assert text(root).endswith(", z_0, 0)")
