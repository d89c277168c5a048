"""Printed values are short and equal to what they stand for; conditions minimal and equivalent."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
import sympy as sp
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from alignsym.model.relations import Region, Relation
from alignsym.solving.neat import shortened, weight
from alignsym.solving.thresholds import condition, conditions

some = settings(
    max_examples=40, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
)
a, b, c, q = sp.symbols("a b c q", positive=True)
r, s = sp.symbols("r s", real=True)
ZERO = sp.S.Zero
POINTS = [
    dict(zip((a, b, c, q), row)) for row in product((0.3, 1.7), (0.9, 2.0), (1.1,), (0.5, 3.0))
]

atoms = st.sampled_from([a, b, c, q, a + b, q - a, sp.Integer(2), sp.Integer(-1), a + b + c])
forms = st.recursive(
    atoms,
    lambda e: st.one_of(
        st.tuples(e, e).map(lambda t: t[0] + t[1]),
        st.tuples(e, e).map(lambda t: t[0] * t[1]),
        st.tuples(e, st.sampled_from([a, b, a + c])).map(lambda t: t[0] / t[1]),
        st.tuples(
            st.sampled_from([a, q, a + b]), st.sampled_from([sp.S.Half, b, -1, b / (b + 1)])
        ).map(lambda t: t[0] ** t[1]),
    ),
    max_leaves=6,
)


def numbers(e: sp.Expr) -> list[float]:
    function = sp.lambdify([a, b, c, q], e, "math")
    return [float(function(*point.values())) for point in POINTS]


@some
@given(forms)
def test_shortened_is_equal_and_no_longer(e: sp.Expr) -> None:
    short = shortened(e)
    assert numbers(short) == pytest.approx(numbers(e), rel=1e-9, abs=1e-9)
    assert weight(short) <= weight(e)
    assert weight(shortened(short)) <= weight(short)


@some
@given(forms, forms, st.sampled_from(["<=", ">=", "<", ">"]))
def test_conditions_keep_their_truth(e: sp.Expr, f: sp.Expr, operator: str) -> None:
    relation = Relation(e, operator, f)  # type: ignore[arg-type]
    neat = condition(relation, ())
    assert neat.is_strict == relation.is_strict
    for before, after in zip(numbers(relation.gap), numbers(neat.gap)):
        if min(abs(before), abs(after)) > 1e-7:
            assert (before > 0) == (after > 0)


@pytest.mark.parametrize(
    ("given_", "text"),
    [
        (Relation(a / (a + b) - c / (a + b), ">=", ZERO), "a >= c"),
        (Relation((a - 2 * b + c) / (3 * b), ">=", ZERO), "a + c >= 2*b"),
        (Relation(a + b - q, ">=", ZERO), "q <= a + b"),
        (Relation(-2 * a + 4 * b, ">", ZERO), "a < 2*b"),
        (Relation(1 / a - 1 / b, ">=", ZERO), "b >= a"),
        (Relation(-r, ">=", ZERO), "r <= 0"),
        (Relation(q * (a - b) ** 3, ">=", ZERO), None),
    ],
    ids=str,
)
def test_conditions_as_a_person_writes_them(given_: Relation, text: str | None) -> None:
    neat = condition(given_, ())
    assert str(neat) == text or (text is None and not neat.gap.has(q))


@pytest.mark.parametrize(
    ("relations", "given_", "kept"),
    [
        ((Relation(a, ">", ZERO),), (), []),
        ((Relation(r, ">=", s), Relation(2 * r, ">=", 2 * s)), (), ["r >= s"]),
        ((Relation(a, ">=", b),), (Relation(a, ">", b),), []),
        (
            (Relation(a, ">=", b), Relation(b, ">=", c), Relation(a, ">=", c)),
            (),
            ["a >= b", "b >= c"],
        ),
    ],
    ids=str,
)
def test_minimal_conditions(relations: Region, given_: Region, kept: list[str]) -> None:
    assert [str(rel) for rel in conditions(relations, given_)] == kept


def test_nothing_long_is_rewritten() -> None:
    """The bound on size is a bound on time: a long expression stays as it is."""
    long = sp.Add(*(a ** Fraction(1, k) / (b + k) for k in range(2, 60)))
    assert shortened(long) == long


def test_sums_of_quotients_stay_sums_below_a_line() -> None:
    """w/p with a market's price p = sum of a_i/(a_i + b_i) is not written over one denominator."""
    pairs = [sp.symbols(f"a{i} b{i}", positive=True) for i in range(4)]
    price = sp.Add(*(a / (a + b) for a, b in pairs))
    w = sp.Symbol("w", positive=True)
    assert shortened(w / price) == w / price
    (a, b), _, _, _ = pairs
    assert shortened(w / (a / b + 1)) == b * w / (a + b)
