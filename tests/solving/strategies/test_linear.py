"""Affine systems: solved by Gaussian elimination, told from what only looks affine."""

from __future__ import annotations

import pytest

from alignsym.solving.strategies.linear import Linear

SOLVED = ["one linear", "two linear", "linear with a symbolic matrix"]
DECLINED = [
    ("shares", "is not linear in the unknowns"),
    ("bilinear", "is not linear"),
    ("two equal equations", "underdetermined: a continuum"),
    ("contradiction", "has no solution"),
    ("numbers that do not solve it", "differs from the numbers"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(Linear(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(Linear(), name, reason)
