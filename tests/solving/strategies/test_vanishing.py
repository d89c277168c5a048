"""Unknowns that are zero by symmetry: put to zero only where that solves an equation."""

from __future__ import annotations

import pytest

from alignsym.solving.strategies.vanishing import Vanishing

SOLVED = ["zero by sign", "two zeros"]
DECLINED = [
    ("one linear", "no unknown is zero at the points"),
    ("zero by chance", "do not solve as many equations"),
    ("zero of a positive symbol", "no unknown is zero"),
    ("zero beside a sextic", "no equation gives an unknown"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(Vanishing(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(Vanishing(), name, reason)
