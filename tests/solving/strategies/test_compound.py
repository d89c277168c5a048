"""Shifted unknowns and sums of parameters, named and put back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alignsym.solving.strategies.compound import Compound, named

SOLVED = ["Stone-Geary", "shares c and 1 - c", "a power of a shifted unknown"]
DECLINED = [
    ("one linear", "no shifted unknown and no sum of parameters"),
    ("shares", "no shifted unknown and no sum of parameters"),
    ("a shifted sextic", "no equation"),
    ("numbers of another root", "no shifted unknown"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(Compound(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(Compound(), name, reason)


def test_numbers_are_needed_to_tell_signs(contract) -> None:
    given = replace(contract.systems["Stone-Geary"], points=())
    declined = Compound().applies(given)
    assert declined is not None
    assert "no numbers" in declined.reason


def test_names_keep_their_signs(contract) -> None:
    """X = x - c is positive at the numbers, so its symbol is; the income that is left is named."""
    reduced, names = named(contract.systems["Stone-Geary"])
    assert {s.name for s in names.shifted} == {"x", "y"}
    assert all(s.is_positive for s in reduced.unknowns)
    assert [str(e) for e in names.compounds] == ["-a*c - b*c + q"]
