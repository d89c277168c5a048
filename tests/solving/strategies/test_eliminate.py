"""Greedy elimination: what it must solve, and where it stops."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.solving.strategies.eliminate import Eliminate

SOLVED = ["shares", "power", "quadratic", "exponential", "Lambert's W", "Cobb-Douglas"]
DECLINED = [
    ("quintic", "no equation gives an unknown by inversion"),
    ("transcendental", "no equation gives an unknown"),
    ("two equal equations", "a continuum of solutions"),
    ("fewer unknowns than equations", "the numbers of equations and unknowns differ"),
    ("numbers of another root", "no equation gives an unknown"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(Eliminate(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(Eliminate(), name, reason)


def test_steps_are_equations_that_hold(contract) -> None:
    """Each step's equation holds with its result, at the case's numbers."""
    table = dict(contract.systems["shares"].points[0])
    steps = contract.solved(Eliminate(), "shares").steps
    assert steps
    for step in steps:
        equation = step.equation.xreplace({step.unknown: step.result})
        assert abs(complex(sp.N(equation.subs(table)))) < 1e-9
