"""Budgets: the multiplier from the sum of quantities times marginal utilities."""

from __future__ import annotations

import pytest

from alignsym.solving.strategies.euler import Euler

SOLVED = ["CES demand", "shares c and 1 - c"]
DECLINED = [
    ("Stone-Geary", "have no constant sum"),
    ("shares", "no equation is a budget"),
    ("a budget at equal prices", "no equation is a budget"),
    ("symmetric Cournot", "no equation is a budget"),
    ("quadratic", "no equation is affine in several unknowns"),
    ("more unknowns than equations", "numbers of equations and unknowns differ"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(Euler(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(Euler(), name, reason)


def test_the_multiplier_is_the_share_over_the_income(contract) -> None:
    """sum x_i F_i is 1 for the logarithm of an aggregate, so that the multiplier is 1/q."""
    found = dict(contract.solved(Euler(), "CES demand").values)
    (multiplier,) = (v for s, v in found.items() if s.name == "t")
    assert str(multiplier) == "1/q"
