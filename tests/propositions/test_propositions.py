"""Propositions over an answer against derivatives by hand and exact points."""

from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym import Agent, Game, maximize, solve
from alignsym.errors import UsageError
from alignsym.model.relations import Relation

p, q, w = sp.symbols("p q w", positive=True)
z, y = sp.symbols("z y", nonnegative=True)
x = sp.Symbol("x", positive=True)
SOLUTION = maximize(sp.log(1 + z) - p * z, over=z, subject_to={"cap": z <= q})
D = sp.Derivative


def by_hand(price: sp.Rational, cap: sp.Rational) -> sp.Rational:
    """max log(1 + z) - p*z over [0, q]: z = 1/p - 1 cut off at both ends."""
    return min(max(1 / price - 1, sp.S.Zero), cap)


def test_true_false_mixed_vacuous():
    assert SOLUTION.prove(D(z, p) <= 0).answer == "true"
    assert SOLUTION.prove(D(z, q) < 0).answer == "false"
    assert SOLUTION.prove(D(z, p) < 0).answer == "mixed"
    assert SOLUTION.prove(D(z, p) < 0, given=[p < 1, p * (1 + q) > 1]).answer == "true"
    assert SOLUTION.prove(D(z, p) < 0, given=[Relation(p, "<", sp.Integer(-1))]).answer == "vacuous"
    assert SOLUTION.prove(z <= q).answer == "true"


def test_derivatives_of_what_the_answer_says():
    assert SOLUTION.prove(sp.diff(SOLUTION[z], p) <= 0).answer == "true"
    assert SOLUTION.prove(sp.diff(SOLUTION.value, q) >= 0).answer == "true"
    log = maximize(sp.log(x) - p * x, over=x)
    assert log.prove(sp.diff(log[x], p) < 0).answer == "true"  # SymPy sees that it is negative


def test_the_condition_of_a_mixed_proposition_and_its_points():
    found = SOLUTION.prove(z < sp.Rational(1, 2))
    assert found.answer == "mixed"
    for part in found.parts:
        if part.answer != "mixed":
            continue
        (condition,) = part.condition
        for point, expected in ((part.holds_at, True), (part.fails_at, False)):
            at = dict(point)
            value = by_hand(at[p], at[q])
            assert (value < sp.Rational(1, 2)) == expected
            assert bool(sp.Rel(condition.left.subs(at), condition.right.subs(at),
                               condition.operator)) == expected  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from("pq"))
def test_signs_are_those_of_differences(price, cap, by):
    """Against difference quotients of the formula by hand."""
    h = sp.Rational(1, 10**6)
    at = {p: sp.Rational(price, 13), q: sp.Rational(cap, 11)}
    moved = {**at, (p if by == "p" else q): at[p if by == "p" else q] + h}
    rise = by_hand(moved[p], moved[q]) - by_hand(at[p], at[q])
    signs = SOLUTION.sign(D(z, p if by == "p" else q))
    for part in signs.parts:
        if all(bool(sp.Rel(r.left.subs(at), r.right.subs(at), r.operator)) for r in part.where):
            word = "positive" if rise > 0 else "negative" if rise < 0 else "zero"
            assert part.sign == word
            return


def test_mixed_signs_say_where_they_change():
    firms = Game(
        Agent("one", (w - x - y) * x, x), Agent("two", (1 - x - y) * y, (y, (0, sp.oo))),
    )  # fmt: skip
    found = solve(firms, "nash").sign(x - y)
    for part in found.parts:
        assert part.sign in ("positive", "negative", "mixed")
        if part.sign == "mixed":
            assert [str(r) for r in part.positive] == ["w > 1"]


def test_statics_as_a_table():
    lines = str(SOLUTION.statics(z)).splitlines()
    assert "dz/dp = -1/p**2: negative   [p*q + p > 1 and p < 1]" in lines
    assert len(lines) == 6
    assert SOLUTION.statics()["z", "q"].sign == "mixed"


def test_false_propositions_are_never_true():
    for claim in (z > q, z < 0, D(z, p) > 0, D(z, q) > 1, z >= 1 / p, sp.Eq(z, q)):
        if claim is not sp.false:
            assert SOLUTION.prove(claim).answer in ("false", "mixed"), claim


def test_a_proposition_is_no_truth_value():
    with pytest.raises(UsageError):
        bool(SOLUTION.prove(z <= q))
    with pytest.raises(Exception, match="not a relation"):
        SOLUTION.prove(z)


def test_an_edge_where_it_fails_belongs_to_its_regimes():
    """x + y = |p - 1| is not positive at p = 1, the edge of both regimes."""
    apart = maximize(-((z - p + 1) ** 2) - (y - 1 + p) ** 2, over=[z, y])
    found = apart.prove(z + y > 0)
    assert found.answer == "mixed"
    assert str(found).splitlines()[1:] == [
        "  true exactly where p < 1",
        "  true exactly where p > 1",
    ]
    assert apart.sign(z + y).sign == "mixed"
    assert apart.prove(z + y >= 0).answer == "true"
    assert apart.prove(D(z, p) + D(y, p) >= -1).answer == "true"  # no derivative at p = 1


def test_whole_numbers_are_not_refuted_between_them():
    n = sp.Symbol("n", integer=True, positive=True)
    answer = maximize(z * (n - 1) * (2 - n) - z**2, over=z)
    assert answer.prove((n - 1) * (n - 2) >= 0).answer != "mixed"
    assert all(v.is_integer for case in answer.cases for _, v in case.witness)
