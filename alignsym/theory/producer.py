"""Supply, factor demand and profit; cost and conditional factor demand.

z(p, w) solves  max p f(z) - w.z,   q = f(z),   Pi(p, w) the profit
z(w, q) solves  min w.z s.t. f(z) >= q,         c(w, q) the cost
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.errors import UsageError
from alignsym.model.game import Agent
from alignsym.model.relations import Expr
from alignsym.present.blocks import Block, Prose
from alignsym.present.words import in_words
from alignsym.solution import Regime, by_regime
from alignsym.solving.neat import shortened
from alignsym.theory.choices import OptimalChoice
from alignsym.theory.compensated import in_prices, shephard, substitution
from alignsym.theory.findings import Findings, Statement, each_regime
from alignsym.theory.identities import envelope, homogeneous, jacobian, semidefinite, symmetric
from alignsym.theory.programs import (
    Priced,
    action,
    minimised,
    number,
    own_prices,
    priced,
    program,
    quantity,
    roles_of,
    scale,
    spent,
    table,
    value_of,
    variable,
)
from alignsym.theory.responses import Formula


def supply(
    technology: Expr,
    *,
    price: object,
    wages: Mapping[sp.Symbol, object],
    conditions: Iterable[object] = (),
    seconds: float | None = None,
) -> Supply:
    """The competitive firm: max p f(z) - w.z over factors z >= 0, for all p, w > 0.

    Arguments: `technology`, the output f(z) as an expression in the factors; `price` of output;
    `wages`, {factor: price}; `conditions`, relations among parameters; `seconds`, as in
    `alignsym.solve`.  Raises: UsageError with a remedy where the arguments describe no firm.

    Source: Hotelling 1932; Mas-Colell, Whinston and Green 1995, section 5.C.

    >>> k, l, p, r, w = sp.symbols("k l p r w", positive=True)
    >>> s = supply(k**sp.Rational(1, 4)*l**sp.Rational(1, 4), price=p, wages={k: r, l: w})
    >>> s.output, s.value
    (p/(4*sqrt(r)*sqrt(w)), p**2/(8*sqrt(r)*sqrt(w)))
    >>> print(s.hotelling())
    Hotelling's lemma for output: proved
    Hotelling's lemma for k: proved
    Hotelling's lemma for l: proved
    the formulas themselves: proved
    """
    pairs = priced(wages, "factor", "wages", inside=technology, of="technology")
    factors = [factor for factor, _ in pairs]
    exact = number(price, "price", chosen=factors, role="the price of output")
    if exact.is_nonpositive:
        raise UsageError(f"the price {exact} is not positive", where="price")
    agent = Agent("firm", exact * technology - spent(pairs), *map(action, factors))
    positive = [exact, *(wage for _, wage in pairs)]
    solution = program("Supply and factor demand", agent, positive, conditions, seconds)
    return Supply(solution, technology, exact, pairs)


def profit(
    technology: Expr,
    *,
    price: object,
    wages: Mapping[sp.Symbol, object],
    conditions: Iterable[object] = (),
) -> Expr:
    """Pi(p, w), the largest profit: `supply(...).value`, whose proof is there.

    >>> z, p, w = sp.symbols("z p w", positive=True)
    >>> profit(sp.sqrt(z), price=p, wages={z: w})
    p**2/(4*w)
    """
    return supply(technology, price=price, wages=wages, conditions=conditions).value


def cost(
    technology: Expr,
    *,
    wages: Mapping[sp.Symbol, object],
    output: object,
    conditions: Iterable[object] = (),
    seconds: float | None = None,
) -> Cost:
    """Conditional factor demand: min w.z over z >= 0 subject to f(z) >= q, for all w > 0.

    Arguments as in `supply`; `output`, the quantity q to be produced.

    Source: Shephard 1953; Mas-Colell, Whinston and Green 1995, proposition 5.C.2.

    >>> k, l, r, w, q = sp.symbols("k l r w q", positive=True)
    >>> c = cost(sp.sqrt(k*l), wages={k: r, l: w}, output=q)
    >>> c.value, c[k], c.marginal_cost
    (2*q*sqrt(r)*sqrt(w), q*sqrt(w)/sqrt(r), 2*sqrt(r)*sqrt(w))
    >>> print(c.shephard())
    Shephard's lemma for k: proved
    Shephard's lemma for l: proved
    marginal cost: proved
    the formulas themselves: proved
    """
    pairs = priced(wages, "factor", "wages", inside=technology, of="technology")
    least = number(output, "output", chosen=[z for z, _ in pairs], role="the output")
    solution = minimised(
        "Conditional factor demand",
        "firm",
        technology,
        pairs,
        ("output", least),
        conditions,
        seconds,
    )
    return Cost(solution, technology, pairs, least)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Supply(OptimalChoice):
    """Factor demand `s[k]`, `s.output` and `s.value`, the profit, with the solution behind them."""

    technology: Expr
    price: Expr
    wages: Priced

    @property
    def value(self) -> Expr:
        """The profit function Pi(p, w)."""
        return self.solution.value

    @property
    def output(self) -> Expr:
        """The supply function q(p, w) = f(z(p, w))."""
        if not self.solution.regimes:
            raise UsageError(f"no closed form: status {self.solution.status}")
        return by_regime((self._output(r), r.when) for r in self.solution.regimes)

    def hotelling(self) -> Findings:
        """dPi/dp = q and dPi/dw_i = -z_i (Hotelling 1932; MWG 5.C.1)."""
        wages, price = self._wages(), self._price()

        def claims(regime: Regime) -> Iterator[Statement]:
            value, values = value_of(regime), table(regime)
            yield envelope("Hotelling's lemma for output", value, price, self._output(regime))
            for z, wage in wages:
                yield envelope(f"Hotelling's lemma for {z}", value, wage, -values[z])

        return each_regime(self.solution, claims)

    def substitution(self) -> Findings:
        """The derivatives of (q, -z) in (p, w) are symmetric and positive semidefinite.

        Its diagonal is the law of supply: dq/dp >= 0, dz_i/dw_i <= 0 (MWG 5.C.1).
        """
        wages, price = self._wages(), self._price()
        paid = [price, *(w for _, w in wages)]

        def claims(regime: Regime) -> Iterator[Statement]:
            values = table(regime)
            net = [self._output(regime), *(-values[z] for z, _ in wages)]
            matrix = jacobian(net, paid)
            yield from symmetric(matrix, ["output", *(z for z, _ in wages)])
            yield semidefinite(matrix, 1, paid)

        return each_regime(self.solution, claims)

    def homogeneity(self) -> Findings:
        """q and z of degree 0 and Pi of degree 1 in (p, w): only relative prices matter."""
        scaled = [self._price(), *(w for _, w in self._wages())]
        by, domain = scale(self.solution.game), self.solution.game.domain()

        def claims(regime: Regime) -> Iterator[Statement]:
            values, region = table(regime), (*domain, *regime.when)
            rows = [("output", self._output(regime), 0)]
            rows += [(f"demand for {z}", values[z], 0) for z, _ in self.wages]
            for name, formula, degree in [*rows, ("profit", value_of(regime), 1)]:
                yield homogeneous(name, formula, degree, scaled, region, by.symbol)

        return each_regime(self.solution, claims, inside=False, fresh=[by])

    def _formula(self, of: sp.Symbol | str) -> Formula:
        return self._output if of == "output" else quantity(of, self.wages)

    def _output(self, regime: Regime) -> Expr:
        return shortened(self.technology.xreplace(table(regime)))

    def _price(self) -> sp.Symbol:
        return variable("the price of output", self.price, self._roles(), self.solution.game)

    def _priced(self) -> Priced:
        return self.wages

    def _wages(self) -> list[tuple[sp.Symbol, sp.Symbol]]:
        return own_prices(self.wages, self._roles(), self.solution.game)

    def _roles(self) -> dict[str, Expr]:
        others = {"the price of output": self.price, "the technology": self.technology}
        return {**roles_of(self.wages), **others}

    def __str__(self) -> str:
        text = OptimalChoice.__str__(self)
        return f"{text}\noutput: {in_words(self.output)}" if self.solution.regimes else text

    def _blocks_(self) -> tuple[Block, ...]:
        said = OptimalChoice._blocks_(self)
        return (*said, Prose(("Output: ", self.output, "."))) if self.solution.regimes else said


@final
@dataclass(frozen=True, slots=True, repr=False)
class Cost(OptimalChoice):
    """Conditional factor demand `c[k]` and `c.value`, the cost, with the solution behind them."""

    technology: Expr
    wages: Priced
    output: Expr

    @property
    def value(self) -> Expr:
        """The cost function c(w, q)."""
        return self.solution.value

    @property
    def marginal_cost(self) -> Expr:
        """The shadow price of output, dc/dq inside every regime."""
        return self.solution.multipliers["output"]

    @property
    def average_cost(self) -> Expr:
        """c(w, q)/q in every regime."""
        return by_regime(
            (shortened(value_of(r) / self.output), r.when) for r in self.solution.regimes
        )

    def shephard(self) -> Findings:
        """z_i = dc/dw_i, and dc/dq = the marginal cost (Shephard 1953; MWG 5.C.2)."""
        return shephard(self.solution, self._wages(), self._output(), ("output", "marginal cost"))

    def substitution(self) -> Findings:
        """dz_i/dw_j is symmetric and negative semidefinite (MWG 5.C.2)."""
        return substitution(self.solution, self._wages())

    def homogeneity(self) -> Findings:
        """z(tw, q) = z(w, q) and c(tw, q) = t c(w, q) for all t > 0."""
        return in_prices(self.solution, self._wages(), "conditional demand for", "cost")

    def _priced(self) -> Priced:
        return self.wages

    def _wages(self) -> list[tuple[sp.Symbol, sp.Symbol]]:
        return own_prices(self.wages, self._roles(), self.solution.game)

    def _output(self) -> sp.Symbol | None:
        if self.output.is_number:
            return None
        return variable("the output", self.output, self._roles(), self.solution.game)

    def _roles(self) -> dict[str, Expr]:
        others = {"the output": self.output, "the technology": self.technology}
        return {**roles_of(self.wages), **others}
