"""Conditions with the same sign as a gap and fewer factors."""

import pytest
import sympy as sp

from alignsym.logic.decide import implies
from alignsym.model.relations import Relation
from alignsym.solving.thresholds import condition, essential

a, b, c = sp.symbols("a b c", positive=True)
FALSE = Relation(sp.S.One, "<", sp.S.Zero)


@pytest.mark.parametrize(
    ("gap", "short"),
    [
        (2 / (a + b) - 1 / c, 2 * c - a - b),
        (1 / (3 * a + b) - 1 / (3 * a), sp.S.NegativeOne),
        (1 / (a + b) - 1 / (2 * a + 2 * b), sp.S.One),
        (1 / (a - b) - 1 / (a - b + 1), a - b),
    ],
)
def test_sums_of_quotients_lose_their_positive_factors(gap: sp.Expr, short: sp.Expr) -> None:
    found = essential(gap, (Relation(a - b, ">", sp.S.NegativeOne),))
    assert sp.expand(found - short) == 0


@pytest.mark.parametrize("gap", [sp.S.Zero, 1 / (a + b) - 2 / (2 * a + 2 * b), a / b - a / b])
def test_what_is_zero_is_not_positive(gap: sp.Expr) -> None:
    assert essential(gap, ()) == 0
    hidden = sp.Add(1 / (a + b), -c / (a * c + b * c), evaluate=False)
    assert essential(hidden, ()) == 0
    strict = condition(Relation(hidden, ">", sp.S.Zero), ())
    assert implies((), strict).kind != "unsat" and implies((strict,), FALSE).is_proof
