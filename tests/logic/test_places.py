"""Signs at exact points, by whole numbers over one denominator, against rational arithmetic."""

from fractions import Fraction
from math import prod

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from alignsym.logic.abstraction import Abstraction
from alignsym.logic.counterexamples import Place, decidable
from alignsym.model.relations import Relation

NAMES = sp.symbols("x y z", real=True)
small = st.fractions(-4, 4, max_denominator=5)
exponents = st.tuples(*(st.integers(-2, 3) for _ in NAMES))
sums = st.lists(st.tuples(small, exponents), min_size=1, max_size=5)


@given(sums, st.tuples(*(small for _ in NAMES)))
def test_a_relation_is_true_where_its_number_says_so(
    terms: list[tuple[Fraction, tuple[int, ...]]], values: tuple[Fraction, ...]
) -> None:
    gap = sp.Add(
        *(
            sp.Rational(c.numerator, c.denominator) * sp.Mul(*(s**e for s, e in zip(NAMES, row)))
            for c, row in terms
        )
    )
    relation = Relation(gap, ">", sp.S.Zero)
    work = Abstraction(NAMES)
    (asked,) = decidable(work, (relation,))
    place = Place(work, dict(zip(NAMES, values)))
    try:
        number = sum(
            c * prod((v**e for v, e in zip(values, row)), start=Fraction(1)) for c, row in terms
        )
    except ZeroDivisionError:
        return  # what cancels is SymPy's to say: it need not be undefined
    assert place.is_true(asked) is (number > 0)
    assert place.is_false(asked) is (number <= 0)


@pytest.mark.parametrize("text", ["1/x", "(x + 1)/(x*y)", "1/(x - y)"])
def test_nothing_is_said_at_a_pole(text: str) -> None:
    x, y, _ = NAMES
    gap = {"1/x": 1 / x, "(x + 1)/(x*y)": (x + 1) / (x * y), "1/(x - y)": 1 / (x - y)}[text]
    work = Abstraction(NAMES)
    (asked,) = decidable(work, (Relation(gap, ">", sp.S.Zero),))
    place = Place(work, {x: Fraction(0), y: Fraction(0)})
    assert not place.is_true(asked)
    assert not place.is_false(asked)
