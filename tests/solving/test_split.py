"""The search over factors and roots: all of a small system, and honesty about the rest."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.strategies.split import Split, factors, leading, triangular

x, y, lam, a, b = sp.symbols("x y lambda a b", real=True)


def found(equations: list[Expr], unknowns: list[sp.Symbol]) -> tuple[set[tuple[Expr, ...]], bool]:
    split = Split(unknowns)
    rows = split.solutions(equations, unknowns)
    return {tuple(row[u] for u in unknowns) for row in rows}, split.complete


@pytest.mark.parametrize(
    ("equations", "unknowns", "expected"),
    [
        ([x * (lam - 1), lam - x - 1], [x, lam], {(0, 1)}),
        ([x * (lam - 1), lam + x - 3], [x, lam], {(0, 3), (2, 1)}),
        ([x * y - a, x - a], [x, y], {(a, 1)}),
        ([x**2 - y, y - 4], [x, y], {(2, 4), (-2, 4)}),
        ([x**2 + y**2 - 2, x * y - 1], [x, y], {(1, 1), (-1, -1)}),
        ([x**2 + 1], [x], set()),
        ([x - a, x - a - 1], [x], set()),
        ([(x - 1) * (x - 2) * (x - 3)], [x], {(1,), (2,), (3,)}),
    ],
)
def test_every_solution_is_found(
    equations: list[Expr], unknowns: list[sp.Symbol], expected: set[tuple[object, ...]]
) -> None:
    rows, _ = found(equations, unknowns)
    assert rows == {tuple(map(sp.sympify, row)) for row in expected}


def test_a_vanishing_leading_coefficient_is_a_case_of_its_own() -> None:
    """y*x = a*y has y = 0 beside x = a, though x = a is what dividing by y gives."""
    rows, _ = found([x * y - a * y, x + y - b], [x, y])
    assert rows == {(a, b - a), (b, sp.S.Zero)}


def test_an_unknown_that_stays_open_is_said() -> None:
    rows, complete = found([x - 1], [x, y])
    assert (rows, complete) == (set(), False)


def test_what_no_rule_solves_is_said() -> None:
    rows, complete = found([sp.exp(x) + sp.cos(x) + a * x], [x])
    assert (rows, complete) == (set(), False)


def test_a_spent_budget_is_said() -> None:
    split = Split([x, y], budget=2)
    split.solutions([x * (x - 1) * y, y * (y - 2) * x], [x, y])
    assert not split.complete


def test_factors_of_a_power_and_of_a_quotient() -> None:
    assert factors(a * x**2 * (y - 1) ** 3 / (x + 1), [x, y]) == [x, y - 1]
    assert factors(a + 1, [x]) == []


def test_leading_terms() -> None:
    lead = leading(a * x**2 * y + x - 1, x, [x, y])
    assert lead is not None
    assert (lead.coefficient, lead.degree, lead.rest, lead.vanishes) == (a * y, 2, x - 1, True)
    assert leading(sp.exp(x), x, [x]) is None


def test_a_triangular_basis_wants_rational_numbers() -> None:
    assert triangular([x * y - 1, x + y - 3], [x, y]) is not None
    assert triangular([x * y - a, x + y - 3], [x, y]) is None
    assert triangular([sp.exp(x) - y, x + y - 3], [x, y]) is None
