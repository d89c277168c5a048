"""Interchangeable unknowns with equal numbers: one stands for all."""

from __future__ import annotations

import pytest

from alignsym.solving.strategies.symmetric import Symmetric

SOLVED = ["symmetric logs", "symmetric Cournot", "contest of three equals"]
DECLINED = [
    ("shares", "no two unknowns are interchangeable"),
    ("equal numbers, unequal equations", "no two unknowns are interchangeable"),
    ("interchangeable but unequal", "no two unknowns are interchangeable"),
    ("symmetric sextic", "no equation gives an unknown"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(Symmetric(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(Symmetric(), name, reason)
