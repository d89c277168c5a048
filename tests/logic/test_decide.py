"""What is implied holds at random exact points; what is undefined is never covered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

import pytest
import sympy as sp
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from alignsym.logic.decide import implies, irredundant, search, visibly_true
from alignsym.model.relations import Region, Relation
from alignsym.model.roots import VARIABLE, Root

some = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
)
a, b = sp.symbols("a b", positive=True)
r, s = sp.symbols("r s", real=True)
ZERO, ONE = sp.S.Zero, sp.S.One
TrueAt = Callable[..., bool | None]
QUICK = 300


def R(left: object, operator: str, right: object) -> Relation:
    return Relation(sp.sympify(left), operator, sp.sympify(right))  # type: ignore[arg-type]


SIGNED = [Fraction(n) for n in ("-3", "-1", "-1/2", "0", "1/3", "1", "2", "5")]
POSITIVE = [Fraction(n) for n in ("1/9", "1/2", "1", "3")]


def points() -> Iterator[dict[sp.Symbol, Fraction]]:
    """A grid with 0, 1 and -1: where formulas break."""
    for row in product(POSITIVE, POSITIVE, SIGNED, SIGNED):
        yield dict(zip((a, b, r, s), row))


def anywhere(region: Region, true_at: TrueAt) -> Iterator[dict[sp.Symbol, Fraction]]:
    for point in points():
        if all(true_at(relation, point) for relation in region):
            yield point


pieces = st.sampled_from(
    [
        r, s, a, b, r - s, r + a, a - b, r * s, r**2, 1 / r, 1 / (r - s), 1 / r**2, sp.sqrt(r),
        sp.sqrt(a), sp.cbrt(s), r ** sp.Rational(-1, 2), a**b, r**a, a**r, sp.log(a), sp.log(r),
        sp.log(a + b), sp.exp(r), sp.exp(1 / r), sp.Abs(r), sp.Max(r, s), sp.Min(a, s),
        sp.sqrt(1 + 1 / r**2), sp.Max(1 / s, r), sp.log(r**2), sp.Abs(1 / (r - 1)), a / (r + b),
    ]
)  # fmt: skip
constants = st.sampled_from([sp.Integer(k) for k in (-1, 0, 1, 2)])
relations = st.builds(
    Relation,
    st.builds(lambda f, g, k: f + k * g, pieces, pieces, constants),
    st.sampled_from(["<=", ">=", "<", ">", "==", "!="]),
    st.one_of(constants, pieces),
)


@some
@given(st.lists(relations, max_size=2), relations)
def test_what_is_implied_holds(true_at: TrueAt, premises: list[Relation], goal: Relation) -> None:
    proved = implies(tuple(premises), goal, milliseconds=QUICK).is_proof
    event(f"proved: {proved}")
    if proved:
        assert all(
            true_at(goal, point) is not False for point in anywhere(tuple(premises), true_at)
        )


@some
@given(relations)
def test_what_is_visible_holds_everywhere(true_at: TrueAt, relation: Relation) -> None:
    if visibly_true(relation):
        assert all(true_at(relation, point) is not False for point in points())


@some
@given(st.lists(relations, min_size=1, max_size=2), st.lists(relations, min_size=1, max_size=2))
def test_what_is_covered_is_covered(
    true_at: TrueAt, premises: list[Relation], parts: list[Relation]
) -> None:
    """`unsat` of the complement: every point that satisfies the premises lies in a part."""
    outside = [(part,) for part in (*parts, parts[0].negated())]
    if search(tuple(premises), outside=outside, milliseconds=QUICK).is_proof:
        event("covered")
        for point in anywhere(tuple(premises), true_at):
            assert any(true_at(part, point) is not False for (part,) in outside)


@some
@given(relations)
def test_a_relation_or_its_negation_misses_where_it_is_undefined(
    true_at: TrueAt, relation: Relation
) -> None:
    outside = [(relation,), (relation.negated(),)]
    missed = any(
        true_at(relation, point) is False and true_at(relation.negated(), point) is False
        for point in points()
    )
    if missed:
        assert not search((), outside=outside, milliseconds=QUICK).is_proof


# ------------------------------------------------------------------ partial functions
PARTIAL: dict[str, tuple[sp.Expr, Region]] = {
    "1/x": (1 / r, (R(r, "!=", 0),)),
    "1/(x - y)": (1 / (r - s), (R(r, "!=", s),)),
    "1/x**2": (1 / r**2, (R(r, "!=", 0),)),
    "sqrt": (sp.sqrt(r), (R(r, ">=", 0),)),
    "sqrt of a sum": (sp.sqrt(r - s**2), (R(r, ">=", s**2),)),
    "cbrt": (sp.cbrt(r), (R(r, ">=", 0),)),
    "negative root": (r ** sp.Rational(-2, 3), (R(r, ">", 0),)),
    "symbolic power": (r**a, (R(r, ">", 0),)),
    "any power": (r**s, (R(r, ">", 0),)),
    "log": (sp.log(r), (R(r, ">", 0),)),
    "log of a square": (sp.log(r**2), (R(r, "!=", 0),)),
    "log of a log": (sp.log(sp.log(a)), (R(a, ">", 1),)),
    "exp of a pole": (sp.exp(1 / r), (R(r, "!=", 0),)),
    "exp of an even pole": (sp.exp(1 / r**2), (R(r, "!=", 0),)),
    "Abs of a pole": (sp.Abs(1 / r), (R(r, "!=", 0),)),
    "Max with a pole": (sp.Max(1 / r, 0), (R(r, "!=", 0),)),
    "Max with an even pole": (sp.Max(1 / r**2, 1), (R(r, "!=", 0),)),
    "Min with a root": (sp.Min(sp.sqrt(r), 1), (R(r, ">=", 0),)),
    "a root of a pole": (sp.sqrt(a + 1 / r**2), (R(r, "!=", 0),)),
    "a root of a cubic": (Root.of(r * VARIABLE**3 + VARIABLE - 1, 0), (R(r, "!=", 0),)),
}
UNSAID = {
    "a root of a quadratic": Root.of(VARIABLE**2 - r, 0),
    "the third root of a cubic": Root.of(VARIABLE**3 + VARIABLE - r, 2),
    "a root that may not be one": Root.of(r * VARIABLE**4 + VARIABLE - 1, 0),
    "LambertW": sp.LambertW(r), "asin": sp.asin(r), "tan": sp.tan(r), "floor": sp.floor(1 / r),
    "sin of a pole": sp.sin(1 / r), "sign of a pole": sp.sign(1 / r),
    "Piecewise": sp.Piecewise((1 / r, r < 5), (1, True)),
}  # fmt: skip


def both_sides(e: sp.Expr) -> list[Region]:
    """e >= 1, and e <= 1: everything, as far as e has a value."""
    return [(R(e, ">=", 1),), (R(e, "<=", 1),)]


@pytest.mark.parametrize("name", PARTIAL)
def test_exactly_the_undefined_set_is_missed(name: str) -> None:
    """Both sides do not cover all numbers; they cover where the function is defined."""
    e, defined = PARTIAL[name]
    assert not search((), outside=both_sides(e)).is_proof
    assert search(defined, outside=both_sides(e)).is_proof


@pytest.mark.parametrize("name", PARTIAL)
def test_the_undefined_set_by_itself(name: str) -> None:
    """Where the function has no value both of its sides are false: the region is not empty."""
    e, (defined,) = PARTIAL[name]
    assert not search((defined.negated(),), outside=both_sides(e)).is_proof


@pytest.mark.parametrize("name", UNSAID)
def test_of_what_nothing_is_known_nothing_is_covered(name: str) -> None:
    assert not search((), outside=both_sides(UNSAID[name])).is_proof


@pytest.mark.parametrize(
    ("parts", "covered"),
    [
        ([(R(1 / (r - s), ">", 0),), (R(1 / (r - s), "<", 0),)], False),
        ([(R(1 / (r - s), ">", 0),), (R(1 / (r - s), "<", 0),), (R(r, "==", s),)], True),
        ([(R(sp.log(r), ">", 0),), (R(r, "<=", 0),)], False),
        ([(R(sp.log(r), ">", 0),), (R(r, "<=", 1),)], True),
        ([(R(r, "<", s),), (R(r, ">", s),)], False),
        ([(R(r, "<=", s),), (R(r, ">", s),)], True),
        ([(R(sp.sqrt(r), ">=", s),), (R(sp.sqrt(r), "<", s),)], False),
        ([(R(sp.sqrt(r), ">=", s),), (R(sp.sqrt(r), "<", s),), (R(r, "<", 0),)], True),
        ([(R(r**a, "<=", 1),), (R(r**a, ">=", 1),), (R(r, "<", 0),)], False),
    ],
    ids=str,
)
def test_partitions(parts: list[Region], covered: bool) -> None:
    assert search((), outside=parts).is_proof == covered


def test_a_contradiction_is_found_and_a_point_is_given() -> None:
    assert search((R(r, ">", s), R(s, ">", r))).kind == "unsat"
    answer = search((R(r, ">", 2), R(s, "==", r + 1)))
    at = dict(answer.point)
    assert answer.kind == "sat"
    assert at[r] > 2
    assert at[s] == at[r] + 1
    assert search((R(sp.zoo, ">", 0),)).kind == "unknown"


# ------------------------------------------------------------------ irredundant
KEPT = [
    ((R(a, "<=", b), R(b, "<=", 3), R(a, "<=", 3)), (0, 1)),
    ((R(r, ">=", 0), R(r, ">=", -1)), (0,)),
    ((R(r, ">=", 0), R(r, ">", 0)), (1,)),
    ((R(r, ">=", 0), R(s, ">=", 0), R(r + s, ">=", 0)), (0, 1)),
    ((R(r, ">=", 0), R(s, ">=", 0), R(r + s, ">=", 1)), (0, 1, 2)),
    ((R(r + s, ">=", 1), R(r, ">=", 1), R(s, ">=", 0)), (1, 2)),
    ((R(sp.log(r), ">=", 0), R(r, ">=", 1)), (1,)),
    ((R(1 / r, ">", 0), R(r, "!=", 0)), (0,)),
    ((R(a, ">", 0), R(b, ">=", -1)), ()),
    ((R(a + b, "<=", 1), R(a, "<=", 1), R(a + b, "<=", 1)), (0,)),
    ((R(r, "<=", s), R(s, "<=", r), R(r, "==", s)), (0, 1)),
]


@pytest.mark.parametrize(("conditions", "kept"), KEPT, ids=lambda v: " ".join(map(str, v)))
def test_what_follows_is_dropped_and_nothing_else(
    conditions: Region, kept: tuple[int, ...]
) -> None:
    assert irredundant(conditions, ()) == tuple(conditions[k] for k in kept)


@some
@given(st.lists(relations, min_size=1, max_size=3), st.lists(relations, max_size=1))
def test_the_set_stays_the_same(
    true_at: TrueAt, conditions: list[Relation], known: list[Relation]
) -> None:
    """Where the kept conditions hold, all do."""
    kept = irredundant(tuple(conditions), tuple(known), milliseconds=100)
    assert set(kept) <= set(conditions)
    for point in anywhere((*known, *kept), true_at):
        assert all(true_at(relation, point) is not False for relation in conditions)


def test_the_lowest_root_lies_below_where_its_polynomial_is_positive() -> None:
    """z**3 + z**2 = b has one positive root, its highest, for every b > 0: and the lowest is
    negative for b < 4/27 only."""
    b = sp.Symbol("b", positive=True)
    highest = -Root.of(b + VARIABLE**3 - VARIABLE**2, 0)
    lowest = Root.of(VARIABLE**3 + VARIABLE**2 - b, 0)
    zero, one = sp.S.Zero, sp.S.One
    claims = [(e, op, c) for e in (highest, lowest) for op in "<>" for c in (zero, one)]
    proved = []
    for e, op, c in claims:
        relation = Relation(e, op, c)  # type: ignore[arg-type]
        if implies((Relation(b, ">", zero),), relation).is_proof:
            proved.append((e, op, c))
            for number in (sp.Rational(1, 20), sp.Rational(4, 27), sp.S.One, sp.Integer(9)):
                value = e.xreplace({b: number}).evalf(20)
                assert (value > c) if op == ">" else (value < c)
    assert proved == [(highest, ">", zero)]
