"""Euler's sum: quantities times marginal conditions give the multiplier of a budget at once.

    F_i(x) = lam*p_i,  sum p_i x_i = M,  sum x_i F_i(x) = c   ->   lam = c/M

for utilities that are logarithms of homogeneous functions or sums of such (Cobb-Douglas, CES,
Stone-Geary in shifted quantities); the rest of the system is then solved with lam known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.strategies.contract import Candidate, Case, Declined, agrees
from alignsym.solving.strategies.eliminate import Eliminate
from alignsym.solving.strategies.linear import is_affine
from alignsym.solving.tidy import tidy
from alignsym.steps import Solve

SIZE_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Budget:
    """sum prices[x]*x = income with multiplier `multiplier`; `rows[x]` is the condition of x."""

    multiplier: sp.Symbol
    prices: dict[sp.Symbol, Expr]
    income: Expr
    rows: dict[sp.Symbol, Expr]


@final
@dataclass(frozen=True, slots=True)
class Euler:
    """Find the budget, sum, solve for its multiplier, eliminate the rest."""

    name: str = "Euler's sum"

    def applies(self, case: Case) -> Declined | None:
        """As many equations as unknowns, one of them affine in several of these."""
        if len(case.equations) != len(case.unknowns):
            return Declined("the numbers of equations and unknowns differ")
        unknowns = set(case.unknowns)
        for equation in case.equations:
            several = len(equation.free_symbols & unknowns) > 1
            if several and is_affine(equation, case.unknowns):
                return None
        return Declined("no equation is affine in several unknowns")

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """The elimination with the multiplier known."""
        found = budget(case)
        if found is None:
            return Declined("no equation is a budget of the others")
        total = euler_sum(found, set(case.unknowns))
        if total is None:
            return Declined("quantities times marginal utilities have no constant sum")
        multiplier = total / found.income
        if not agrees([multiplier], [found.multiplier], case):
            return Declined("the multiplier from Euler's sum differs from the numbers")
        rest = tuple(u for u in case.unknowns if u != found.multiplier)
        reduced = Case(without_multiplier(case, found), rest, case.points, case.tolerance)
        # The multiplier stays a symbol while the rest is solved.
        outcome = Eliminate().solve(reduced)
        if isinstance(outcome, Declined):
            return outcome
        table = {found.multiplier: multiplier}
        values = {u: v.xreplace(table) for u, v in outcome[0].values}
        values[found.multiplier] = multiplier
        rows = tuple((u, values[u]) for u in case.unknowns)
        if not agrees([v for _, v in rows], [u for u, _ in rows], case):
            return Declined("the form from Euler's sum differs from the numbers")
        equation = found.multiplier * found.income - total
        step = Solve(self.name, equation, found.multiplier, multiplier)
        return (Candidate(rows, (step, *outcome[0].steps)),)


def budget(case: Case) -> Budget | None:
    """The first equation sum p_i x_i - M = 0 whose prices multiply one unknown in the others."""
    unknowns = set(case.unknowns)
    for equation in case.equations:
        expanded = sp.expand(equation)
        income, moving = expanded.as_independent(*case.unknowns, as_Add=True)
        goods = sorted(moving.free_symbols & unknowns, key=lambda s: s.name)
        prices = {x: -sp.diff(moving, x) for x in goods}
        if len(goods) < 2 or income == 0 or any(p.free_symbols & unknowns for p in prices.values()):
            continue
        for multiplier in case.unknowns:
            if equation.has(multiplier):
                continue
            slopes = {e: sp.diff(e, multiplier) for e in case.equations if e.has(multiplier)}
            rows = {x: e for x, p in prices.items() for e, slope in slopes.items() if slope == -p}
            if len(rows) == len(goods) == len(set(rows.values())):
                return Budget(multiplier, prices, income, rows)
    return None


def euler_sum(found: Budget, unknowns: set[sp.Symbol]) -> Expr | None:
    """sum x_i F_i if it is free of unknowns: terms over one denominator are put together."""
    free = {found.multiplier: sp.S.Zero}
    terms = [sp.expand_mul(x * row.xreplace(free)) for x, row in found.rows.items()]
    total = sp.Add(*terms)
    if total.count_ops() > SIZE_LIMIT:
        return None
    groups: dict[Expr, list[Expr]] = {}
    for term in sp.Add.make_args(total):
        sums = [p for p in sp.Mul.make_args(term) if p.is_Pow and p.base.is_Add]
        groups.setdefault(sp.Mul(*sums), []).append(term / sp.Mul(*sums))
    out = sp.S.Zero
    for over, parts in groups.items():
        inside = sp.factor_terms(sp.powsimp(sp.Add(*parts)))
        out += inside * over
    out = sp.powsimp(out)
    if out.free_symbols & unknowns:
        out = sp.cancel(sp.together(out))
    return None if out.free_symbols & unknowns else out


def without_multiplier(case: Case, found: Budget) -> tuple[Expr, ...]:
    """Conditions in one quantity as they are; of the others the ratios; the budget."""
    unknowns = set(case.unknowns)
    rows = set(found.rows.values())
    alone = [e for x, e in found.rows.items() if e.free_symbols & unknowns <= {x, found.multiplier}]
    joint = [(x, e) for x, e in found.rows.items() if e not in alone]
    out = [*alone]
    free = {found.multiplier: sp.S.Zero}
    for x, e in joint[1:]:
        y, first = joint[0]
        left = found.prices[y] * e.xreplace(free)
        right = found.prices[x] * first.xreplace(free)
        out.append(tidy(left - right))
    others = [e for e in case.equations if e not in rows]
    if not joint:
        others = [e for e in others if not _is_budget(e, found)]
    return (*out, *others)


def _is_budget(equation: Expr, found: Budget) -> bool:
    total = sp.Add(*(p * x for x, p in found.prices.items()))
    return bool(sp.expand(equation - found.income + total) == 0)
