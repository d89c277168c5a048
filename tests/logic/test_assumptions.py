"""Which of several relations contradict each other: `unsat` only where no point exists."""

from __future__ import annotations

import random
from fractions import Fraction

import sympy as sp

from alignsym.logic.assumptions import Assumptions
from alignsym.model.relations import Relation

X, Y = sp.symbols("x y", real=True)
ZERO = sp.S.Zero


def test_sets_with_a_known_point_are_never_refuted() -> None:
    rng = random.Random(5)
    for _ in range(12):
        at = {X: sp.Rational(rng.randint(-9, 9), 3), Y: sp.Rational(rng.randint(-9, 9), 4)}
        pool = []
        for _ in range(6):
            a, b, c = (sp.Integer(rng.randint(-3, 3)) for _ in range(3))
            e = a * X * Y + b * X**2 + c * Y
            here = e.subs(at)
            shift = sp.Rational(*Fraction(rng.randint(0, 3), 2).as_integer_ratio())
            pool += [Relation(e, "<=", here + shift), Relation(e, "==", here)]
        questions = Assumptions(tuple(pool))
        for _ in range(8):
            chosen = rng.sample(pool, rng.randint(1, len(pool)))
            assert not questions.together(chosen).is_proof


def test_contradictions_are_found_and_do_not_stay() -> None:
    low, high = Relation(X * Y, ">=", sp.S.One), Relation(X**2 + Y**2, "<", sp.S.One)
    other = Relation(X, ">", ZERO)
    pool = Assumptions((low, high, other))
    assert pool.together([low, high]).is_proof
    assert pool.together([low, other]).kind == pool.together([high, other]).kind == "sat"


def test_where_a_formula_is_undefined_nothing_is_proved() -> None:
    """1/x = 0 has no solution; log(x) = y says nothing against y < 0."""
    inverse, below = Relation(1 / X, "==", ZERO), Relation(Y, "<", ZERO)
    log = Relation(sp.log(X), "==", Y)
    pool = Assumptions((inverse, below, log))
    assert pool.together([inverse]).is_proof
    assert not pool.together([below, log]).is_proof
