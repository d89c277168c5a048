"""Products of powers with symbols in the exponents: what is proved holds at random points."""

from __future__ import annotations

import math
import random

import pytest
import sympy as sp

from alignsym.logic.decide import implies, search
from alignsym.model.relations import Relation

x, y, c, g, b = sp.symbols("x y c g b", positive=True)
k = sp.Symbol("k", real=True)

TRUE = [
    (Relation(y, ">=", c ** (1 / g) * x), Relation(y**g, ">=", c * x**g)),
    (Relation(y**g, ">", c * x**g), Relation(y, ">", c ** (1 / g) * x)),
    (Relation(y**g, ">", b * c * x**g), Relation(y / b, ">", (b * c) ** (1 / g) * x / b)),
    (Relation(x**g * y ** (2 * g), "<", c), Relation(x * y**2, "<", c ** (1 / g))),
    (Relation(2 ** (1 / g) * x, "<=", y), Relation(2 * x**g, "<=", y**g)),
]  # fmt: skip
LIES = [
    (Relation(y**g, ">=", c * x**g), Relation(y, ">=", c ** (2 / g) * x)),
    (Relation(y**k, ">=", c * x**k), Relation(y, ">=", c ** (1 / k) * x)),  # k may be negative
    (Relation(y**g, ">=", c * x**g), Relation(y, ">", c ** (1 / g) * x)),
    (Relation(y**g, ">=", c * x ** (g + 1)), Relation(y, ">=", c ** (1 / g) * x)),
]


def told(pair: tuple[Relation, Relation]) -> tuple[Relation, Relation]:
    first, second = pair
    return first, Relation(second.left, second.operator, sp.sympify(second.right))


@pytest.mark.parametrize("pair", TRUE)
def test_the_same_comparison_in_two_forms(pair: tuple[Relation, Relation]) -> None:
    premise, conclusion = told(pair)
    assert implies((premise,), conclusion).is_proof
    generator = random.Random(5)
    for _ in range(300):
        at = {s: math.exp(generator.uniform(-2, 2)) for s in (x, y, c, g, b)}
        gaps = [float(r.gap.subs(at)) for r in (premise, conclusion)]
        assert gaps[0] < 0 or gaps[1] > -1e-9


@pytest.mark.parametrize("pair", LIES)
def test_comparisons_that_do_not_follow(pair: tuple[Relation, Relation]) -> None:
    premise, conclusion = told(pair)
    assert not implies((premise,), conclusion).is_proof


def test_a_base_that_may_be_zero_is_not_given_a_logarithm() -> None:
    """At x = y = 0 both sides of y**g >= c*x**g are 0, and y > 0 does not follow."""
    u, v = sp.symbols("u v", nonnegative=True)
    zero = (Relation(v**g, ">=", c * u**g), Relation(v, "<=", sp.S.Zero))
    assert not search(zero).is_proof
