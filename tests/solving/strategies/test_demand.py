"""Every agent in terms of prices, then the prices."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from alignsym.solving.strategies.contract import Case, Declined
from alignsym.solving.strategies.demand import Demand, priced

SOLVED = [
    "a consumer meets a supply", "two consumers of one good", "a consumer with a firm's profit",
]  # fmt: skip
DECLINED = [
    ("shares", "no equation is a market"),
    ("Cobb-Douglas", "no equation is a market"),
    ("more unknowns than equations", "the numbers of equations and unknowns differ"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(Demand(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(Demand(), name, reason)


def test_declined_where_nobody_can_be_solved(contract) -> None:
    """Equations in prices alone: there is no demand to put into the market."""
    given = contract.systems["two consumers of one good"]
    t = given.unknowns[2]
    nobody = replace(given, equations=(t - 1, t - 1, given.equations[2]), owners=("A", "B", ""))
    found = Demand().solve(nobody)
    assert isinstance(found, Declined)


def test_numbers_of_another_solution_are_refused(contract) -> None:
    """The markets clear at one price only: a point with another price is no solution."""
    given = contract.systems["two consumers of one good"]
    wrong = tuple((s, v * 2 if s == given.unknowns[2] else v) for s, v in given.points[0])
    assert isinstance(Demand().solve(replace(given, points=(wrong,))), Declined)


def test_identical_ces_consumers_share_a_factor() -> None:
    """(p*E + F)*p**(1/(r-1))/(p**(r/(r-1)) + 1) = E is a power of p once the factor is named."""
    p, e, f = sp.symbols("p e f", positive=True)
    total = (p * e + f) / (sp.sqrt(p) * (sp.sqrt(p) + 1)) - e
    point = ((e, 2.0), (f, 3.0), (p, 1.5**2))
    (found,) = priced(Case((total,), (p,), (point,)))
    assert sp.simplify(dict(found.values)[p] - (f / e) ** 2) == 0
