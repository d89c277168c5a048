"""Equations that are linear but for one unknown."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.solving.strategies.pencil import Pencil

SOLVED = ["projection on a circle", "a linear form on an ellipse"]
DECLINED = [
    ("shares", "nothing changes its sign"),
    ("two linear", "not three to eight equations"),
    ("two zeros", "more than one equation is not linear but for one unknown"),
]


@pytest.mark.parametrize("name", SOLVED)
def test_solved(name: str, contract) -> None:
    contract.solved(Pencil(), name)


@pytest.mark.parametrize(("name", "reason"), DECLINED)
def test_declined(name: str, reason: str, contract) -> None:
    contract.declined(Pencil(), name, reason)


def test_nothing_is_divided_by_a_coordinate(contract) -> None:
    """u = a/sqrt(a**2 + b**2) serves for a = 0, too, as a form in b/a would not."""
    found = dict(contract.solved(Pencil(), "projection on a circle").values)
    a, b = (next(s for s in contract_symbols(found) if s.name == n) for n in "ab")
    for value in found.values():
        assert value.subs({a: 0, b: 2}).is_finite and value.subs({a: 2, b: 0}).is_finite


def contract_symbols(found: dict[sp.Symbol, sp.Expr]) -> set[sp.Symbol]:
    return {s for e in found.values() for s in e.free_symbols}
