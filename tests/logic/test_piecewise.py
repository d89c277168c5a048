"""The branch of a Piecewise at values: the one that applies, and none where nothing is decided."""

from __future__ import annotations

import sympy as sp

from alignsym.logic.piecewise import at_values
from alignsym.model.relations import Relation

x = sp.Symbol("x", real=True)
a = sp.Symbol("a", real=True)
ZERO = sp.S.Zero


def test_a_condition_that_is_undefined_is_not_false() -> None:
    """1/a < 1 at a = 0 is neither true nor false; for a > 1 it is true, for 0 < a < 1 false."""
    cases = sp.Piecewise((x, 1 / a < 1), (2 * x, True))
    assert at_values(cases, {x: a}, (Relation(a, "==", ZERO),)).has(sp.Piecewise)
    assert at_values(cases, {x: a}, (Relation(a, ">", sp.S.One),)) == a
    inside = (Relation(a, ">", ZERO), Relation(a, "<", sp.S.One))
    assert at_values(cases, {x: a}, inside) == 2 * a


def test_both_conditions_must_hold() -> None:
    cases = sp.Piecewise((x, sp.And(a > 0, a < 2)), (-x, True))
    assert at_values(cases, {x: a}, (Relation(a, "==", sp.S.One),)) == a
    assert at_values(cases, {x: a}, (Relation(a, ">", sp.Integer(3)),)) == -a
    assert at_values(cases, {x: a}, (Relation(a, ">", ZERO),)).has(sp.Piecewise)
