"""Marshallian demand and the indirect utility: the consumer with an income.

x(p, w) solves  max u(x) s.t. p.x <= w,   v(p, w) = u(x(p, w))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.errors import UsageError
from alignsym.model.game import Agent
from alignsym.model.relations import Expr, Relation
from alignsym.solution import Regime
from alignsym.theory.choices import OptimalChoice
from alignsym.theory.findings import Findings, Statement, each_regime, meetings
from alignsym.theory.hicksian import HicksianDemand
from alignsym.theory.identities import (
    adding_up,
    envelope,
    homogeneous,
    roy,
    semidefinite,
    slutsky_matrix,
    symmetric,
)
from alignsym.theory.programs import (
    Priced,
    action,
    number,
    own_prices,
    priced,
    program,
    roles_of,
    scale,
    spent,
    table,
    value_of,
    variable,
)
from alignsym.theory.responses import (
    Response,
    consumer_responses,
    signs,
)


def demand(
    utility: Expr,
    *,
    prices: Mapping[sp.Symbol, object],
    income: object,
    conditions: Iterable[object] = (),
    seconds: float | None = None,
) -> Demand:
    """Marshallian demand: max u(x) over x >= 0 subject to p.x <= w, for all p, w > 0.

    Arguments: `prices`, {good: price}, the goods symbols (positive if declared so, else
    nonnegative), the prices and `income` symbols, numbers or expressions, all read as positive;
    `conditions`, further relations among parameters; `seconds`, as in `alignsym.solve`.
    Raises: UsageError with a remedy where the arguments describe no consumer.

    Source: Mas-Colell, Whinston and Green 1995, sections 3.D and 3.G.

    >>> x, y, a, p, q, w = sp.symbols("x y a p q w", positive=True)
    >>> d = demand(a*sp.log(x) + sp.log(y), prices={x: p, y: q}, income=w)
    >>> d[x], d.shadow_price
    (a*w/(p*(a + 1)), (a + 1)/w)
    >>> print(d.roy())
    Roy's identity for x: proved
    Roy's identity for y: proved
    marginal utility of income: proved
    the formulas themselves: proved
    """
    pairs = priced(prices, "good", "prices", inside=utility, of="utility")
    goods = [good for good, _ in pairs]
    exact = number(income, "income", chosen=goods, role="income")
    if exact.is_nonpositive:
        raise UsageError(f"the income {exact} is not positive", where="income")
    budget = {"budget": Relation(spent(pairs), "<=", exact)}
    agent = Agent("consumer", utility, *map(action, goods), constraints=budget)
    positive = [*(price for _, price in pairs), exact]
    solution = program("Marshallian demand", agent, positive, conditions, seconds)
    return Demand(solution, utility, pairs, exact)


def indirect_utility(
    utility: Expr,
    *,
    prices: Mapping[sp.Symbol, object],
    income: object,
    conditions: Iterable[object] = (),
) -> Expr:
    """v(p, w), the largest utility that income w buys: `demand(...).value`, whose proof is there.

    >>> x, y, p, q, w = sp.symbols("x y p q w", positive=True)
    >>> indirect_utility(sp.sqrt(x*y), prices={x: p, y: q}, income=w)
    w/(2*sqrt(p)*sqrt(q))
    """
    return demand(utility, prices=prices, income=income, conditions=conditions).value


@final
@dataclass(frozen=True, slots=True, repr=False)
class Demand(OptimalChoice):
    """Marshallian demand with the solution it is read from: `d[x]`, `d.value`, and its laws."""

    utility: Expr
    prices: Priced
    income: Expr

    @property
    def value(self) -> Expr:
        """The indirect utility v(p, w)."""
        return self.solution.value

    @property
    def shadow_price(self) -> Expr:
        """The marginal utility of income, dv/dw inside every regime."""
        return self.solution.multipliers["budget"]

    def roy(self) -> Findings:
        """x_i = -(dv/dp_i)/(dv/dw), and dv/dw = the shadow price (Roy 1947; MWG 3.G.4)."""
        prices, income = self._prices(), self._income()

        def claims(regime: Regime) -> Iterator[Statement]:
            value = value_of(regime)
            yield from roy(table(regime), prices, income, value)
            worth = dict(regime.multipliers)["budget"]
            yield envelope("marginal utility of income", value, income, worth)

        return each_regime(self.solution, claims)

    def slutsky(self, hicksian: HicksianDemand | None = None) -> Findings:
        """S_ij = dx_i/dp_j + x_j dx_i/dw is symmetric and negative semidefinite (Slutsky 1915).

        With the Hicksian demand of the same consumer also S_ij = dh_i/dp_j at u = v(p, w), where
        the two have a common regime (MWG 3.G.3).
        """
        prices, income = self._prices(), self._income()
        goods = [good for good, _ in prices]

        def claims(regime: Regime) -> Iterator[Statement]:
            matrix = slutsky_matrix(table(regime), prices, income)
            yield from symmetric(matrix, goods)
            yield semidefinite(matrix, -1, [p for _, p in prices])

        own = each_regime(self.solution, claims)
        if hicksian is None:
            return own
        level = self._counterpart(hicksian)

        def equations(regime: Regime, other: Regime) -> Iterator[Statement]:
            at = {level: value_of(regime)}
            matrix = slutsky_matrix(table(regime), prices, income)
            h = table(other)
            for i, x in enumerate(goods):
                for j, (_, price) in enumerate(prices):
                    effect = sp.diff(h[x], price).xreplace(at)
                    equation = Relation(matrix[i, j], "==", effect)
                    yield Statement(f"Slutsky equation for {x} and {price}", (equation,))

        both = meetings(self.solution, hicksian.solution, level, equations)
        return Findings((*own, *both), both.formulas)

    def duality(self, hicksian: HicksianDemand) -> Findings:
        """e(p, v(p, w)) = w and h(p, v(p, w)) = x(p, w), regime by regime (MWG 3.E.1)."""
        self._prices()
        income, level = self._income(), self._counterpart(hicksian)

        def equations(regime: Regime, other: Regime) -> Iterator[Statement]:
            at = {level: value_of(regime)}
            back = Relation(value_of(other).xreplace(at), "==", income)
            yield Statement("expenditure at the indirect utility is income", (back,))
            x, h = table(regime), table(other)
            for good, _ in self.prices:
                equal = Relation(h[good].xreplace(at), "==", x[good])
                yield Statement(f"Hicksian is Marshallian demand for {good}", (equal,))

        return meetings(self.solution, hicksian.solution, level, equations)

    def adding_up(self) -> Findings:
        """p.x = w, and what follows by differentiation: Engel and Cournot aggregation (MWG 2.E)."""
        prices, income = self._prices(), self._income()

        def claims(regime: Regime) -> Iterator[Statement]:
            values = table(regime)
            all_spent = Relation(spent(self.prices).xreplace(values), "==", self.income)
            yield Statement("the budget is exhausted", (all_spent,))
            yield from adding_up(values, prices, income)

        return each_regime(self.solution, claims)

    def homogeneity(self) -> Findings:
        """x(tp, tw) = x(p, w) and v(tp, tw) = v(p, w) for all t > 0: no money illusion."""
        scaled = [*(p for _, p in self._prices()), self._income()]
        by, domain = scale(self.solution.game), self.solution.game.domain()

        def claims(regime: Regime) -> Iterator[Statement]:
            values, region = table(regime), (*domain, *regime.when)
            rows = [(f"demand for {x}", values[x]) for x, _ in self.prices]
            for name, formula in [*rows, ("indirect utility", value_of(regime))]:
                yield homogeneous(name, formula, 0, scaled, region, by.symbol)

        return each_regime(self.solution, claims, inside=False, fresh=[by])

    def classify(self) -> Findings:
        """Normal or inferior, ordinary or Giffen, substitutes or complements, in each regime.

        Gross: the sign of dx_i/dp_j; net: of S_ij, which needs no direction.
        """
        prices, income = self._prices(), self._income()

        def responses(regime: Regime) -> Iterator[Response]:
            return consumer_responses(table(regime), prices, income)

        return signs(self.solution, responses)

    def _priced(self) -> Priced:
        return self.prices

    def _prices(self) -> list[tuple[sp.Symbol, sp.Symbol]]:
        return own_prices(self.prices, self._roles(), self.solution.game)

    def _income(self) -> sp.Symbol:
        return variable("income", self.income, self._roles(), self.solution.game)

    def _roles(self) -> dict[str, Expr]:
        return {**roles_of(self.prices), "income": self.income, "the utility": self.utility}

    def _counterpart(self, other: HicksianDemand) -> sp.Symbol:
        """The level of the Hicksian demand of the same consumer at the same prices."""
        if (other.utility, other.prices) != (self.utility, self.prices):
            raise UsageError(
                "the Hicksian demand is another consumer's, or at other prices",
                remedy="hicksian_demand with the same utility and prices",
            )
        if self.income.free_symbols & other.level.free_symbols:
            raise UsageError("income and level share a symbol", remedy="rename the level")
        return other._level()
