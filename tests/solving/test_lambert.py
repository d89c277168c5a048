"""Lambert's W: thresholds without it, the facts told to the prover, and equations solved by it."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.logic.decide import implies, search
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Relation
from alignsym.solving.lambert import without_lambert
from alignsym.solving.strategies.isolate import isolate

a, b, c, x = sp.symbols("a b c x", positive=True)
W = sp.LambertW


@pytest.mark.parametrize(
    "gap",
    [W(a * sp.E) - 1, 2 * W(a) - 3, 1 - b - W(c * sp.exp(1 - b)), b - W(a), W(a * sp.exp(b)) - c],
)
def test_the_sign_is_kept(gap: sp.Expr) -> None:
    """Against mpmath's own W at points on both sides."""
    plain = without_lambert(gap)
    assert plain is not None and not plain.has(W)
    seen = set()
    for i in range(1, 6):
        for j in range(1, 6):
            for k in range(1, 6):
                at = {a: i**2 * 0.4, b: j * 0.41, c: k * 0.53}
                numbers = sp.lambdify((a, b, c), [gap, plain], "mpmath")
                one, two = numbers(*(mpmath.mpf(v) for v in at.values()))
                assert mpmath.sign(one) == mpmath.sign(two)
                seen.add(mpmath.sign(one))
    assert len(seen) > 1


TRUE = [
    (Relation(a, ">", sp.S.One), Relation(W(sp.E * a), ">", sp.S.One)),
    (Relation(a, "<", b), Relation(W(a * sp.exp(b)), "<", b)),
    (Relation(a, "==", b), Relation(W(a * sp.exp(b)), "==", b)),
]
FALSE = [
    (Relation(a, ">", sp.S.One), Relation(W(sp.E * a), ">", sp.Rational(11, 10))),
    (Relation(a, ">", b), Relation(W(a * sp.exp(b)), "<", b)),
    (Relation(a, ">", sp.S.One), Relation(W(a), ">", sp.S.One)),
]


@pytest.mark.parametrize(("given", "asked"), TRUE)
def test_true_comparisons_are_proved(given: Relation, asked: Relation) -> None:
    assert implies((given,), asked).is_proof


@pytest.mark.parametrize(("given", "asked"), FALSE)
def test_false_comparisons_are_not(given: Relation, asked: Relation) -> None:
    assert not implies((given,), asked).is_proof


def test_the_facts_do_not_contradict_each_other() -> None:
    """Both sides of every comparison stay possible."""
    for operator in (">", "<", "=="):
        where = (Relation(W(a * sp.exp(b)), operator, b),)  # type: ignore[arg-type]
        assert not search(where).is_proof


@pytest.mark.parametrize(
    "equation",
    [a - (1 + x) * sp.exp(x), 1 / (1 + x) - a * sp.log(1 + x), x**2 * sp.log(x) - a,
     (b + x) * sp.exp(-c * x) - a],
)  # fmt: skip
def test_roots_solve_their_equations(equation: sp.Expr) -> None:
    """Some branch is a real root; put in, it leaves nothing."""
    at = {a: sp.Rational(1, 3), b: 2, c: sp.Rational(3, 4)}
    roots = isolate(equation, x)
    assert roots
    left = [abs(sp.N(equation.subs(at).subs(x, r.subs(at)), 30)) for r in roots]
    assert min(left) < 1e-20


def test_a_firm_with_exponential_cost() -> None:
    """max a*x - x*exp(x): marginal cost (1 + x)*exp(x) starts at 1, so produce where a > 1."""
    y = sp.Symbol("y", nonnegative=True)
    solution = solve(Game(Agent("firm", a * y - y * sp.exp(y), y), concept="maximize"))
    assert solution.status == "solved" and isinstance(solution.proof, Proved)
    (none,) = solution.at({a: 1})
    assert sp.simplify(none["y"]) == 0
    (some,) = solution.at({a: 5})
    best = mpmath.findroot(lambda t: 5 - (1 + t) * mpmath.exp(t), 0.7)
    assert abs(sp.N(some["y"]) - best) < 1e-12
