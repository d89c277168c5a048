"""A question is answered no only where an exact point says no; true implications never are."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym.logic import decide
from alignsym.logic.abstraction import Abstraction
from alignsym.logic.counterexamples import Place, decidable, points
from alignsym.logic.premises import Premises
from alignsym.logic.terms import conjunction
from alignsym.model.relations import Relation
from alignsym.solution import holds

A, B = sp.symbols("a b", positive=True)
X, Y = sp.symbols("x y", real=True)
ZERO = sp.S.Zero


def place(relation: Relation, **numbers: Fraction) -> tuple[Place, object]:
    """The relation over its generators, at a point."""
    work = Abstraction([relation.left, relation.right])
    (stated,) = decidable(work, (relation,))
    return Place(work, {sp.Symbol(k, real=True): v for k, v in numbers.items()}), stated


EXPRESSIONS = st.sampled_from(
    [
        X - Y, X * Y - 1, X / Y - Y, (X + Y) / (X - Y), X**2 - 2 * Y, 1 / (X + 1) - 1 / Y,
        X**3 - X, (X - Y) ** 2, 2 * X - 2 * X, sp.Integer(-1), sp.Rational(1, 3) - X,
    ]
)  # fmt: skip
NUMBERS = st.fractions(min_value=-4, max_value=4, max_denominator=7)


@given(EXPRESSIONS, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), NUMBERS, NUMBERS)
@settings(max_examples=200, deadline=None)
def test_what_is_said_at_a_point_is_so(
    expression: sp.Expr, operator: str, x: Fraction, y: Fraction
) -> None:
    relation = Relation(expression, operator, ZERO)  # type: ignore[arg-type]
    at, stated = place(relation, x=x, y=y)
    exact = {X: sp.Rational(x.numerator, x.denominator), Y: sp.Rational(y.numerator, y.denominator)}
    true = relation.replaced(exact).left.is_finite is True and holds(relation, exact)
    if at.is_true(stated):  # type: ignore[arg-type]
        assert true
    if at.is_false(stated):  # type: ignore[arg-type]
        assert not true


@pytest.mark.parametrize(
    ("relation", "numbers"),
    [
        (Relation(sp.log(X), "<", ZERO), {"x": Fraction(-2)}),  # undefined
        (Relation(1 / X, ">", ZERO), {"x": Fraction(0)}),
        (Relation(sp.sqrt(X), ">=", ZERO), {"x": Fraction(2)}),  # not rational
        (Relation(X**60, ">", ZERO), {"x": Fraction(9)}),  # too large
        (Relation(sp.gamma(X), ">", ZERO), {"x": Fraction(2)}),  # not evaluated
    ],
)
def test_what_is_not_decided_is_neither_true_nor_false(
    relation: Relation, numbers: dict[str, Fraction]
) -> None:
    at, stated = place(relation, **numbers)
    assert not at.is_true(stated)  # type: ignore[arg-type]
    assert not at.is_false(stated)  # type: ignore[arg-type]


TRUE = [
    ((Relation(A, "<", B),), Relation(A**2, "<", B**2)),
    ((Relation(A, "<", B),), Relation(sp.sqrt(A), "<", sp.sqrt(B))),
    ((), Relation(A + 1 / A, ">=", sp.Integer(2))),
    ((), Relation(A - sp.log(1 + A), ">", ZERO)),
    ((Relation(X, ">", sp.Integer(3)),), Relation(1 / (X - 3), ">", ZERO)),
    ((Relation(X, "==", Y),), Relation(X - Y, "==", ZERO)),
    ((), Relation(X**2 - 2 * X + 1, ">=", ZERO)),
]
FALSE = [
    ((), Relation(A, ">", B)),
    ((Relation(A, "<", B),), Relation(2 * A, "<", B)),
    ((), Relation(A * B, "!=", A * B)),
    ((Relation(A, ">", sp.S.One),), Relation(1 / A - B, "<", ZERO)),
    ((Relation(X, "<", Y), Relation(Y, "<", sp.S.One)), Relation(X + Y, "==", ZERO)),
]


@pytest.mark.parametrize(("premises", "conclusion"), TRUE)
def test_a_true_implication_is_left_to_the_proof(
    premises: tuple[Relation, ...], conclusion: Relation
) -> None:
    assert not decide._is_somewhere(premises, ((conclusion,),), ())
    assert decide.implies(premises, conclusion).is_proof


@pytest.mark.parametrize(("premises", "conclusion"), FALSE)
def test_a_false_one_is_answered_without_the_solver(
    premises: tuple[Relation, ...], conclusion: Relation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decide, "_ask", None)
    assert decide.implies(premises, conclusion).kind == "sat"


def test_no_point_is_made_where_an_equality_is_among_the_premises() -> None:
    relations = (Relation(A, "==", B), Relation(A, ">", ZERO))
    work = Abstraction([])
    assert points(work, decidable(work, relations)) == []


def test_premises_that_contradict_each_other_have_no_point() -> None:
    relations = (Relation(A, "<", B), Relation(A, ">", B + 1))
    work = Abstraction([])
    assert points(work, decidable(work, relations)) == []
    assert decide.implies(relations, Relation(A, ">", sp.Integer(7))).is_proof


def test_the_premises_of_one_question_are_not_changed_by_the_next() -> None:
    """New generators of one conclusion must not be taken for those of another."""
    premises = (Relation(A, "<", B),)
    for conclusion in (sp.sqrt(A) - sp.sqrt(B), sp.log(A) - sp.log(B), A**3 - B**3):
        assert decide.implies(premises, Relation(conclusion, "<", ZERO)).is_proof
        assert not decide.implies(premises, Relation(conclusion, ">", ZERO)).is_proof
        assert not decide.implies(premises, Relation(conclusion + 1, "<", ZERO)).is_proof


def test_nothing_has_a_sign_at_a_pole() -> None:
    """1/x and (x + y)/x are asked at x = 0 themselves, without what says where they are defined."""
    for e in (1 / (X + Y), (X - Y) / (X + Y) ** 2, X / (X + Y)):
        work = Abstraction([e])
        ratio, _ = work.rewrite(e)
        at = Place(work, {X: Fraction(1), Y: Fraction(-1)})
        with pytest.raises(ZeroDivisionError):
            at._sign(ratio)
        assert Place(work, {X: Fraction(2), Y: Fraction(-1)})._sign(ratio) == 1


def test_points_that_z3_found_are_kept_where_they_are_hard_to_come_by() -> None:
    """No number drawn near 1 is in (1000, 1001), one that is found there is, and only that."""
    narrow = (Relation(X, ">", sp.Integer(1000)), Relation(X, "<", sp.Integer(1001)))
    known = Premises(narrow)
    assert known.points == []
    known.learn(())
    assert known.points == []
    known.learn(((X, Fraction(2001, 2)),))
    assert {X: Fraction(2001, 2)} in known.points
    assert all(1000 < point[X] < 1001 for point in known.points)
    wide = Premises((Relation(X, ">", ZERO),))
    before = len(wide.points)
    wide.learn(((X, Fraction(1, 3)),))
    assert len(wide.points) == before


def test_all_of_nothing_is_true() -> None:
    assert z3.is_true(conjunction([])) and not z3.is_true(conjunction([z3.BoolVal(False)]))
