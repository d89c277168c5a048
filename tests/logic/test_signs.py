"""Signs that are visible or given, powers of what may be negative, layers of functions."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.logic.abstraction import Abstraction
from alignsym.logic.decide import implies
from alignsym.logic.increasing import increasing
from alignsym.logic.powers import flattened
from alignsym.model.relations import Relation

a, b, c = sp.symbols("a b c", positive=True)
r = sp.Symbol("r", real=True)
k = sp.Symbol("k", integer=True)
x, y = sp.symbols("x y", real=True)
ZERO = sp.S.Zero


@pytest.mark.parametrize(
    ("given", "e", "sign"),
    [
        ((), a + b, "positive"),
        ((), a - b, "any"),
        ((Relation(a, ">", b),), a - b, "positive"),
        ((Relation(a - b, ">", ZERO),), 3 * a - 3 * b, "positive"),
        ((Relation(b - a, "<", ZERO),), a - b, "positive"),
        ((Relation(a, ">=", b),), a - b, "any"),
        ((Relation(a * c, ">", b * c),), a - b, "positive"),
        ((Relation(r * (a - b), ">", ZERO),), a - b, "any"),
        ((), r**2 + 1, "positive"),
        ((), r**2, "nonnegative"),
        ((), r + 1, "any"),
    ],
)
def test_signs_that_are_visible_or_given(
    given: tuple[Relation, ...], e: sp.Expr, sign: str
) -> None:
    work = Abstraction([e], given)
    ratio, _ = work.rewrite(e)
    assert work.sign(ratio.numerator) == sign


def test_whole_powers_of_negative_numbers_are_real() -> None:
    """(-1)**2 > 0: from r**k > 0 it does not follow that r > 0."""
    positive = Relation(r**k, ">", ZERO)
    assert not implies((positive,), Relation(r, ">", ZERO)).is_proof
    assert not implies((Relation(r, "<", ZERO),), positive.negated()).is_proof
    assert implies((), Relation(a**k, ">", ZERO)).is_proof
    assert implies((), Relation(a**k * a, "==", a ** (k + 1))).is_proof


def test_what_is_increasing_in_what() -> None:
    """Layers from the outside in: 2*min(x, y) + 1 rises with 2*min, that with min itself."""
    found = list(increasing(2 * sp.Min(x, y) + 1, (x, y)))
    assert sp.Min(x, y) in [form.inner for form in found]
    for form in found:
        assert not form.needs
    inner = [form.inner for form in increasing(sp.exp(3 * sp.Min(x, y)), (x, y))]
    assert sp.Min(x, y) in inner


@pytest.mark.parametrize(
    "e",
    [
        ((a + a * b) ** c * (1 + b) ** (1 - c)) ** r, (a * c + b * c) ** r, (1 / a + 1 / b) ** c,
        ((a * r**2 + a) ** c) ** b, sp.sqrt((a - a * r) ** 2 + 1) ** c, (a**b / c) ** k,
        ((a * b - a * r) ** k) ** 2, ((a + 1 / b) ** c) ** r, 2**a * 2**b, a**2 * a**b * 8,
        (2 * a) ** b * 3**b, sp.sqrt(2) * sp.sqrt(a) * a**c,
    ],
)  # fmt: skip
def test_flattened_powers_are_the_same_numbers(e: sp.Expr) -> None:
    at = {a: sp.Rational(3, 2), b: sp.Rational(5, 3), c: sp.Rational(2, 7), k: sp.Integer(3)}
    at[r] = sp.Rational(1, 5)
    difference = (flattened(e) - e).xreplace(at)
    assert abs(difference.evalf(40)) < 1e-30


def test_where_lambert_s_function_lies() -> None:
    """W(e) = 1, and W rises."""
    w = sp.LambertW(a * b)
    assert implies((Relation(a * b, ">", sp.E),), Relation(w, ">", sp.S.One)).is_proof
    assert implies((Relation(a * b, "<=", sp.E),), Relation(w, "<=", sp.S.One)).is_proof
    assert not implies((Relation(a * b, "<", sp.Integer(3)),), Relation(w, "<", sp.S.One)).is_proof
