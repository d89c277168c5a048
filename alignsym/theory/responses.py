"""How quantities respond to prices and income: derivatives, elasticities, and their signs.

A response is the derivative inside each regime; at the border between two regimes there may be two
one-sided ones, and none is given there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import sympy as sp

from alignsym.claims import Proved
from alignsym.errors import UsageError
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime, Solution, by_regime
from alignsym.solving.neat import shortened
from alignsym.theory.findings import Findings, Statement, each_regime, no_inside, opened
from alignsym.theory.identities import Prices, Values, slutsky_matrix
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero
Formula = Callable[[Regime], Expr]
Response: TypeAlias = tuple[str, Expr, dict[str, str]]  # what is asked, response, words by sign


def derivative(solution: Solution, formula: Formula, by: sp.Symbol) -> Expr:
    """df/d(by) in each regime, a Piecewise over their insides."""
    by = _parameter(solution, by)
    return _inside(solution, lambda r: sp.diff(formula(r), by))


def elasticity(solution: Solution, formula: Formula, by: sp.Symbol) -> Expr:
    """(by/f) df/d(by) in each regime; nan where f is zero throughout."""
    by = _parameter(solution, by)

    def relative(regime: Regime) -> Expr:
        f = formula(regime)
        return sp.nan if f == 0 else by * sp.diff(f, by) / f

    return _inside(solution, relative)


def _parameter(solution: Solution, by: object) -> sp.Symbol:
    if not isinstance(by, sp.Symbol):
        raise UsageError(f"{by} is no symbol to differentiate by")
    known = [p.symbol for p in solution.game.parameters]
    if by not in known:
        listed = ", ".join(map(str, known))
        raise UsageError(f"{by} is no parameter of the answer", remedy=f"parameters: {listed}")
    if by.is_integer:
        raise UsageError(
            f"{by} is declared an integer, and has no derivative",
            remedy=f"compare the formula at {by} + 1 with that at {by}",
        )
    return by


def _inside(solution: Solution, formula: Formula) -> Expr:
    solution[solution.game.actions[0].symbol]  # raises where there is no closed form
    domain = solution.game.domain()
    wide = [r for r in solution.regimes if not no_inside((*domain, *r.when))]
    return by_regime((shortened(formula(r)), opened(r.when)) for r in wide)


def signs(solution: Solution, responses: Callable[[Regime], Iterable[Response]]) -> Findings:
    """The sign of each response in each regime, in words, with the verdict on it."""
    domain = solution.game.domain()

    def claims(regime: Regime) -> Iterator[Statement]:
        region = (*domain, *opened(regime.when))
        for asked, response, words in responses(regime):
            yield signed(asked, response, words, region)

    return each_regime(solution, claims)


def signed(asked: str, response: Expr, words: dict[str, str], region: Region) -> Statement:
    """The first sign among the words that is shown on the region, else the question itself."""
    response = shortened(response)
    for operator, said in words.items():
        relation = Relation(response, operator, _ZERO)  # type: ignore[arg-type]
        if isinstance(holds(relation, region), Proved):
            return Statement(said, (relation,))
    return Statement(asked, (), void="its sign is not shown to be the same in all of the regime")


def consumer_responses(values: Values, prices: Prices, income: sp.Symbol) -> Iterator[Response]:
    """Income and own-price effects, gross cross effects dx_i/dp_j, net ones S_ij."""
    matrix = slutsky_matrix(values, prices, income)
    for i, (x, price) in enumerate(prices):
        yield (
            f"income effect on {x}",
            sp.diff(values[x], income),
            {
                "==": f"{x} does not depend on income",
                ">": f"{x} is a normal good",
                "<": f"{x} is an inferior good",
            },
        )
        yield (
            f"effect of {price} on {x}",
            sp.diff(values[x], price),
            {
                "==": f"{x} does not depend on its price",
                "<": f"{x} is an ordinary good",
                ">": f"{x} is a Giffen good",
            },
        )
        for j, (y, other) in enumerate(prices):
            if i != j:
                effect = sp.diff(values[x], other)
                yield f"effect of {other} on {x}", effect, _related("gross", x, y)
            if i < j:
                yield f"substitution between {x} and {y}", matrix[i, j], _related("net", x, y)


def _related(kind: str, x: sp.Symbol, y: sp.Symbol) -> dict[str, str]:
    return {
        "==": f"{x} is neither a {kind} substitute for {y} nor a {kind} complement",
        ">": f"{x} is a {kind} substitute for {y}",
        "<": f"{x} is a {kind} complement of {y}",
    }
