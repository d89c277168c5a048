"""Conditions with the same sign as a gap and fewer factors."""

import pytest
import sympy as sp

from alignsym.model.relations import Relation
from alignsym.solving.thresholds import essential

a, b, c = sp.symbols("a b c", positive=True)


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
