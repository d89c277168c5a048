"""The laws of finite sums, against sums written out."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym.logic.ledger import Ledger
from alignsym.logic.sums import NotSummableError
from alignsym.model.expressions import parse_expression
from alignsym.model.game import Action, Family, Game, Parameter
from alignsym.model.instances import instance
from alignsym.model.relations import Expr, Interval
from alignsym.model.symbols import SymbolTable

TABLE = SymbolTable.of(
    index={"i": "index"},
    parameter={
        "n": "positive integer",
        "c": "positive",
        "r": "real",
        "a[i]": "positive",
        "b[i]": "real",
    },
    action={"x[i]": "positive"},
)
INDEX, N = TABLE["i"].symbol, TABLE["n"].symbol
A, B, X = TABLE["a"].symbol, TABLE["b"].symbol, TABLE["x"].symbol
GAME = Game(
    families=[Family(INDEX, N, (Action(X[INDEX], Interval.positive()),), sp.log(X[INDEX]))],
    parameters=[
        Parameter(N, Interval(sp.S.One, sp.oo), True),
        Parameter(A[INDEX], Interval.positive()),
        Parameter(B[INDEX], Interval.real()),
    ],
)


def read(text: str) -> Expr:
    return parse_expression(text, TABLE, where="here")


def sums(text: str) -> Expr:
    return Ledger(GAME).scalar(read(text))


SAME = [
    ("Sum(a[j], (j, 1, n))", "Sum(a[k], (k, 1, n))"),
    ("Sum(2*c*a[j] + 3, (j, 1, n))", "2*c*Sum(a[k], (k, 1, n)) + 3*n"),
    ("Sum(a[j]*(a[j] + b[j]), (j, 1, n))", "Sum(a[j]**2, (j, 1, n)) + Sum(a[j]*b[j], (j, 1, n))"),
    ("Sum(a[j]/(a[j] + c), (j, 1, n))", "n - c*Sum(1/(a[j] + c), (j, 1, n))"),
    ("Sum((c*a[j])**r, (j, 1, n))", "c**r*Sum(a[k]**r, (k, 1, n))"),
    ("Sum(exp(r + b[j]), (j, 1, n))", "exp(r)*Sum(exp(b[j]), (j, 1, n))"),
    ("Sum(log(c*a[j]), (j, 1, n))", "n*log(c) + Sum(log(a[j]), (j, 1, n))"),
    ("Sum(c, (j, 1, n))", "c*n"),
    ("Sum(a[j]*Sum(b[k], (k, 1, n)), (j, 1, n))", "Sum(a[j], (j, 1, n))*Sum(b[j], (j, 1, n))"),
    ("Product(a[j]**c, (j, 1, n))", "exp(c*Sum(log(a[j]), (j, 1, n)))"),
    ("Sum((x[i] - x[j])**2, (j, 1, n))",
     "n*x[i]**2 - 2*x[i]*Sum(x[j], (j, 1, n)) + Sum(x[j]**2, (j, 1, n))"),
]  # fmt: skip
DIFFERENT = [
    ("Sum(a[j], (j, 1, n))**2", "Sum(a[j]**2, (j, 1, n))"),
    ("Sum(1/a[j], (j, 1, n))", "1/Sum(a[j], (j, 1, n))"),
    ("Sum(a[j]*b[j], (j, 1, n))", "Sum(a[j], (j, 1, n))*Sum(b[j], (j, 1, n))"),
    ("Sum(a[j], (j, 1, n))", "n*a[i]"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_equal_sums_are_one_expression(left: str, right: str) -> None:
    assert sp.expand(sums(left) - sums(right)) == 0


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_different_sums_stay_different(left: str, right: str) -> None:
    assert sp.expand(sums(left) - sums(right)) != 0


@pytest.mark.parametrize(
    "text",
    ["Sum(x[j], (j, 2, n))", "Sum(x[j], (j, 1, n - 1))", "x[1]", "Sum(exp(x[i]*x[j]), (j, 1, n))"],
)
def test_what_does_not_separate_is_refused(text: str) -> None:
    with pytest.raises(NotSummableError):
        sums(text)


@pytest.mark.parametrize("text", ["Sum(j*x[j], (j, 1, n))", "Sum(c**j, (j, 1, n))", "i*x[i]"])
def test_the_number_of_a_member_is_a_datum(text: str) -> None:
    ledger = Ledger(GAME)
    e = ledger.scalar(read(text))
    assert not e.atoms(sp.Sum) and not e.has(INDEX)
    assert ledger.indexed(e) == read(text)


def test_derivatives_of_sums() -> None:
    ledger = Ledger(GAME)
    e = ledger.scalar(read("a[i]*log(x[i]) - c*x[i]*Sum(x[j]**2, (j, 1, n))"))
    x = ledger.member(X[INDEX])
    slope = ledger.indexed(ledger.derivative(e, x))
    expected = read("a[i]/x[i] - c*Sum(x[j]**2, (j, 1, n)) - 2*c*x[i]**2")
    assert sp.expand(ledger.scalar(slope) - ledger.scalar(expected)) == 0


TERMS = st.sampled_from(
    ["a[j]", "b[j]", "a[j]**2", "a[j]*b[j]", "1/a[j]", "b[j]/(a[j] + c)", "log(a[j])", "exp(b[j])",
     "a[j]**r", "(c*a[j])**r", "c", "3"]
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(TERMS, min_size=1, max_size=4),
    st.lists(TERMS, min_size=1, max_size=2),
    st.integers(1, 4),
)
def test_the_canonical_form_has_the_same_value(
    terms: list[str], factors: list[str], number: int
) -> None:
    """A random sum and its canonical form agree when written out."""
    text = f"Sum(({' + '.join(terms)})*({' - 2*'.join(factors)}), (j, 1, n))"
    e = read(text)
    again = Ledger(GAME)
    back = again.indexed(again.scalar(e))
    made = instance(GAME, {N: number})
    left, right = made.written(e), made.written(back)
    point = {
        s: sp.Rational(k + 2, 3)
        for k, s in enumerate(sorted(left.free_symbols | right.free_symbols, key=str))
    }
    gap = (left - right).xreplace(point)
    assert abs(gap.evalf(30)) < 1e-20
