"""Two-term equations, solved together in logarithms."""

from __future__ import annotations

import pytest

from alignsym.solving.strategies.loglinear import LogLinear

SOLVED = ["bilinear", "Cobb-Douglas", "shares"]
DECLINED = [
    ("two linear", "an unknown is not positive"),
    ("quadratic", "not two to ten equations"),
    ("two different sums", "fewer than two equations are linear in logarithms"),
    ("the same product twice", "dependent"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(LogLinear(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(LogLinear(), name, reason)
