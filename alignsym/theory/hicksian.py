"""Hicksian demand and the expenditure function: the consumer who is to reach a utility.

h(p, u) solves  min p.x  s.t. u(x) >= u,  e(p, u) = p.h(p, u)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.theory.choices import OptimalChoice
from alignsym.theory.compensated import in_prices, shephard, substitution
from alignsym.theory.findings import Findings
from alignsym.theory.programs import (
    Priced,
    minimised,
    number,
    own_prices,
    priced,
    roles_of,
    variable,
)


def hicksian_demand(
    utility: Expr,
    *,
    prices: Mapping[sp.Symbol, object],
    level: object,
    conditions: Iterable[object] = (),
    seconds: float | None = None,
) -> HicksianDemand:
    """Hicksian demand: min p.x over x >= 0 subject to u(x) >= u0, for all p > 0.

    Arguments as in `demand`; `level`, the utility to be reached.

    Source: Hicks 1939; Mas-Colell, Whinston and Green 1995, section 3.E.

    >>> x, y, p, q, u = sp.symbols("x y p q u", positive=True)
    >>> h = hicksian_demand(sp.sqrt(x*y), prices={x: p, y: q}, level=u)
    >>> h[x], h.value
    (sqrt(q)*u/sqrt(p), 2*sqrt(p)*sqrt(q)*u)
    >>> print(h.shephard())
    Shephard's lemma for x: proved
    Shephard's lemma for y: proved
    marginal cost of utility: proved
    the formulas themselves: proved
    """
    pairs = priced(prices, "good", "prices", inside=utility, of="utility")
    least = number(level, "level", chosen=[g for g, _ in pairs], role="the level")
    solution = minimised(
        "Hicksian demand", "consumer", utility, pairs, ("level", least), conditions, seconds
    )
    return HicksianDemand(solution, utility, pairs, least)


def expenditure(
    utility: Expr,
    *,
    prices: Mapping[sp.Symbol, object],
    level: object,
    conditions: Iterable[object] = (),
) -> Expr:
    """e(p, u), the least expenditure that reaches u: `hicksian_demand(...).value`.

    >>> x, y, p, q, u = sp.symbols("x y p q u", positive=True)
    >>> expenditure(sp.sqrt(x) + sp.sqrt(y), prices={x: p, y: q}, level=u)
    p*q*u**2/(p + q)
    """
    return hicksian_demand(utility, prices=prices, level=level, conditions=conditions).value


@final
@dataclass(frozen=True, slots=True, repr=False)
class HicksianDemand(OptimalChoice):
    """Compensated demand with the solution it is read from; `h.value` is the expenditure."""

    utility: Expr
    prices: Priced
    level: Expr

    @property
    def value(self) -> Expr:
        """The expenditure function e(p, u)."""
        return self.solution.value

    @property
    def shadow_price(self) -> Expr:
        """What a little more utility costs, de/du inside every regime."""
        return self.solution.multipliers["level"]

    def shephard(self) -> Findings:
        """h_i = de/dp_i, and de/du = the shadow price (Shephard 1953; MWG 3.G.1)."""
        return shephard(
            self.solution, self._prices(), self._level(), ("level", "marginal cost of utility")
        )

    def substitution(self) -> Findings:
        """dh_i/dp_j is symmetric and negative semidefinite (MWG 3.G.2)."""
        return substitution(self.solution, self._prices())

    def homogeneity(self) -> Findings:
        """h(tp, u) = h(p, u) and e(tp, u) = t e(p, u) for all t > 0 (MWG 3.E.2, 3.E.3)."""
        return in_prices(self.solution, self._prices(), "Hicksian demand for", "expenditure")

    def _priced(self) -> Priced:
        return self.prices

    def _prices(self) -> list[tuple[sp.Symbol, sp.Symbol]]:
        return own_prices(self.prices, self._roles(), self.solution.game)

    def _level(self) -> sp.Symbol:
        return variable("the level", self.level, self._roles(), self.solution.game)

    def _roles(self) -> dict[str, Expr]:
        return {**roles_of(self.prices), "the level": self.level, "the utility": self.utility}
