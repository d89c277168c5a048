"""A sum that several equations share becomes an unknown."""

from __future__ import annotations

import pytest

from alignsym.solving.strategies.aggregate import Aggregate

SOLVED = ["contest", "contest of three equals"]
DECLINED = [
    ("one linear", "no sum of unknowns is shared"),
    ("shares", "no sum of unknowns is shared"),
    ("sum in one equation only", "no sum of unknowns is shared"),
    ("two different sums", "no sum of unknowns is shared"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(Aggregate(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(Aggregate(), name, reason)
