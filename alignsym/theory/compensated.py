"""What Hicksian demand and conditional factor demand share: cost minimised at a given level.

e(p, u) = min p.x s.t. u(x) >= u is concave and homogeneous of degree 1 in p, and its gradient is
the minimiser where that is unique (Shephard 1953; Mas-Colell, Whinston and Green 1995, 3.E, 3.G).
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from alignsym.solution import Regime, Solution
from alignsym.theory.findings import Findings, Statement, each_regime
from alignsym.theory.identities import (
    Prices,
    envelope,
    homogeneous,
    jacobian,
    semidefinite,
    symmetric,
)
from alignsym.theory.programs import scale, table, value_of


def shephard(
    solution: Solution, prices: Prices, level: sp.Symbol | None, marginal: tuple[str, str]
) -> Findings:
    """h_i = de/dp_i and de/du = the multiplier; `marginal` is (constraint, what it is called).

    A level that is no symbol of its own (None) has no marginal cost by differentiation.
    """

    def claims(regime: Regime) -> Iterator[Statement]:
        value, values = value_of(regime), table(regime)
        for x, price in prices:
            yield envelope(f"Shephard's lemma for {x}", value, price, values[x])
        if level is not None:
            constraint, name = marginal
            yield envelope(name, value, level, dict(regime.multipliers)[constraint])

    return each_regime(solution, claims)


def substitution(solution: Solution, prices: Prices) -> Findings:
    """dh_i/dp_j = d2e/dp_i dp_j is symmetric and negative semidefinite."""

    def claims(regime: Regime) -> Iterator[Statement]:
        values, goods = table(regime), [x for x, _ in prices]
        matrix = jacobian([values[x] for x in goods], [p for _, p in prices])
        yield from symmetric(matrix, goods)
        yield semidefinite(matrix, -1, [p for _, p in prices])

    return each_regime(solution, claims)


def in_prices(solution: Solution, prices: Prices, quantity: str, total: str) -> Findings:
    """h(tp, u) = h(p, u) and e(tp, u) = t e(p, u) for all t > 0."""
    by, scaled = scale(solution.game), [p for _, p in prices]

    def claims(regime: Regime) -> Iterator[Statement]:
        values, region = table(regime), (*solution.game.domain(), *regime.when)
        rows = [(f"{quantity} {x}", values[x], 0) for x, _ in prices]
        for name, formula, degree in [*rows, (total, value_of(regime), 1)]:
            yield homogeneous(name, formula, degree, scaled, region, by.symbol)

    return each_regime(solution, claims, inside=False, fresh=[by])
