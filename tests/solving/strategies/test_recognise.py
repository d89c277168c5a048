"""Numbers without parameters: rationals and quadratic surds, nothing else."""

from __future__ import annotations

import pytest

from alignsym.solving.strategies.recognise import Recognise

SOLVED = ["numbers", "golden section"]
DECLINED = [
    ("one linear", "the equations contain parameters"),
    ("more unknowns than equations", "contain parameters"),
    ("a cube root", "is not recognised as a simple exact number"),
    ("a transcendental number", "is not recognised"),
    ("two unknowns, one number", "the numbers of equations and unknowns differ"),
    ("a jump", "the equations have jumps"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(Recognise(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(Recognise(), name, reason)
