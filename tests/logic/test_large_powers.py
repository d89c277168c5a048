"""Numbers like e**1000 are compared by hand, or the question is refused: z3 would not come back."""

import pytest
import sympy as sp

from alignsym.logic.decide import implies
from alignsym.logic.witness import is_inside
from alignsym.model.relations import Relation

a = sp.Symbol("a", positive=True)


@pytest.mark.parametrize("exponent", [3, 150, 1000, 10**6])
def test_a_sum_of_exponentials_is_told_by_its_largest(exponent: int) -> None:
    at = ((a, sp.Integer(exponent)),)
    assert is_inside((Relation(2000 * sp.exp(a), ">", sp.exp(a - 1) + 7),), at)
    assert not is_inside((Relation(2000 * sp.exp(a), "<", sp.S.One),), at)
    assert not is_inside((Relation(2000 * sp.exp(a), "<=", sp.exp(a - 1) + 7),), at)
    assert is_inside((Relation(sp.exp(a - 1) + 7, "!=", 2000 * sp.exp(a)),), at)


def test_powers_beyond_what_z3_can_bear_are_not_asked() -> None:
    answer = implies((), Relation(2000 * sp.exp(400), ">", sp.S.One))
    assert answer.kind == "unknown" and "exponent beyond" in answer.reason
