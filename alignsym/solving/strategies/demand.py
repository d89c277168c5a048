"""Markets: every agent's choices in terms of prices first, then the prices that clear the markets.

    x_i = x_i(p)  from agent i's own conditions and budget,    sum_i x_i(p) = e    ->   p

The prices are looked for in the clearing conditions alone, first as they stand, then over common
denominators, then with a factor that several of them share under a name of its own: under
identical CES preferences W/sum_k p_k**(1 - s) is in every market, so ratios give the prices.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import final

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.neat import shortened
from alignsym.solving.strategies.compound import Compound, number
from alignsym.solving.strategies.contract import Candidate, Case, Declined, Strategy, agrees
from alignsym.solving.strategies.eliminate import Eliminate
from alignsym.solving.strategies.euler import Euler
from alignsym.solving.strategies.isolate import isolate
from alignsym.solving.strategies.linear import Linear
from alignsym.solving.strategies.loglinear import LogLinear
from alignsym.solving.tidy import merged, terms, tidy
from alignsym.steps import Solve

EXPANDED_LIMIT = 600
FACTOR_LIMIT = 60

Values = dict[sp.Symbol, Expr]


@final
@dataclass(frozen=True, slots=True)
class Demand:
    """Solve each agent's block for its own unknowns, then the markets for the prices."""

    name: str = "demand, then prices"

    def applies(self, case: Case) -> Declined | None:
        """Some equations are markets, and every other belongs to somebody."""
        if len(case.equations) != len(case.unknowns):
            return Declined("the numbers of equations and unknowns differ")
        if len(case.owners) != len(case.equations) or "" not in case.owners:
            return Declined("no equation is a market")
        return None

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """Blocks in an order in which each needs only what is solved; what is open joins the
        prices."""
        markets = [e for e, o in zip(case.equations, case.owners) if not o]
        solved, left, unknowns = blocks(case)
        if not solved:
            return Declined("no agent's choices follow from the prices")
        equations = tuple(_short(e.xreplace(solved)) for e in (*left, *markets))
        if any(e.has(sp.zoo, sp.nan) for e in equations):
            return Declined("a demand is not defined where a price is zero")
        outcome = priced(Case(equations, unknowns, case.points, case.tolerance))
        if isinstance(outcome, Declined):
            return outcome
        found = dict(outcome[0].values)
        values = {**{u: e.xreplace(found) for u, e in solved.items()}, **found}
        rows = tuple((u, values[u]) for u in case.unknowns)
        if not agrees([v for _, v in rows], [u for u, _ in rows], case):
            return Declined("the form with the prices put in differs from the numbers")
        steps = tuple(Solve(self.name, e, u, v) for e, (u, v) in zip(case.equations, rows))
        return (Candidate(rows, steps),)


def blocks(case: Case) -> tuple[Values, list[Expr], tuple[sp.Symbol, ...]]:
    """What each owner's equations give, what they leave open, and the unknowns that are left."""
    mine: dict[str, list[Expr]] = {}
    for equation, owner in zip(case.equations, case.owners):
        if owner:
            mine.setdefault(owner, []).append(equation)
    holder = dict(case.held)
    held = {o: [u for u in case.unknowns if holder.get(u) == o] for o in mine}
    solved: Values = {}
    left: list[Expr] = []
    waiting = dict(mine)
    while waiting:
        # The owner whose equations contain the fewest unknowns of others that wait goes first.
        def open_to(owner: str) -> tuple[int, int]:
            others = {u for o in waiting if o != owner for u in held[o]}
            inside = {s for e in waiting[owner] for s in e.free_symbols}
            return len(inside & others), list(mine).index(owner)

        owner = min(waiting, key=open_to)
        equations, unknowns = waiting.pop(owner), tuple(held[owner])
        part = Case(tuple(equations), unknowns, case.points, case.tolerance)
        found = _block(part)
        if found is None:
            left += equations
            continue
        back = {u: e.xreplace(solved) for u, e in found.items()}
        solved = {u: e.xreplace(back) for u, e in solved.items()} | back
    rest = tuple(u for u in case.unknowns if u not in solved)
    return solved, left, rest


def _block(part: Case) -> Values | None:
    """One owner's unknowns in terms of everything else."""
    if len(part.equations) != len(part.unknowns):
        return None
    strategies: tuple[Strategy, ...] = (Linear(), Euler(), Compound(), LogLinear(), Eliminate())
    for strategy in strategies:
        if strategy.applies(part) is None:
            outcome = strategy.solve(part)
            if not isinstance(outcome, Declined):
                return {u: shortened(e) for u, e in outcome[0].values}
    return None


def priced(case: Case) -> tuple[Candidate, ...] | Declined:
    """The market equations solved for the prices and what else is open."""
    alone, rest = apart(case)
    if rest.unknowns:
        outcome: tuple[Candidate, ...] | Declined = Declined("the markets are not solved")
        for form in forms(rest):
            outcome = _solved(form, rest.unknowns)
            if not isinstance(outcome, Declined):
                break
        if isinstance(outcome, Declined):
            return outcome
        found = dict(outcome[0].values)
        alone = {u: e.xreplace(found) for u, e in alone.items()} | found
    return (Candidate(tuple((u, alone[u]) for u in case.unknowns)),)


def apart(case: Case) -> tuple[Values, Case]:
    """Unknowns that an equation determines alone, one after the other, and what remains."""
    equations, unknowns, found = list(case.equations), list(case.unknowns), {}
    progress = True
    while progress:
        progress = False
        for equation in equations:
            inside = [u for u in unknowns if equation.has(u)]
            if len(inside) != 1:
                continue
            roots = isolate(equation, inside[0])
            root = next((r for r in roots if agrees([r], inside, case)), None)
            if root is None:
                continue
            found[inside[0]] = root
            equations = [e.xreplace({inside[0]: root}) for e in equations if e is not equation]
            unknowns.remove(inside[0])
            progress = True
            break
    return found, replace(case, equations=tuple(equations), unknowns=tuple(unknowns))


def _solved(case: Case, wanted: tuple[sp.Symbol, ...]) -> tuple[Candidate, ...] | Declined:
    outcome: tuple[Candidate, ...] | Declined = Declined("no strategy applies to the markets")
    strategies: tuple[Strategy, ...] = (Linear(), LogLinear(), Compound(), Eliminate())
    for strategy in strategies:
        if strategy.applies(case) is not None:
            continue
        outcome = strategy.solve(case)
        if not isinstance(outcome, Declined):
            found = dict(outcome[0].values)
            return (Candidate(tuple((u, found[u]) for u in wanted)),)
    return outcome


def forms(case: Case) -> Iterator[Case]:
    """The equations as they stand, with a common factor named, and over common denominators."""
    if sum(e.count_ops() for e in case.equations) < EXPANDED_LIMIT:
        yield case
        shared = with_common_factor(case)
        if shared is not None:
            yield shared
    numerators = []
    for e in case.equations:
        numerator = sp.together(e).as_numer_denom()[0]
        if terms(numerator) > EXPANDED_LIMIT:
            return
        numerators.append(tidy(sp.expand(numerator)))
    yield replace(case, equations=tuple(numerators))


def with_common_factor(case: Case) -> Case | None:
    """K*f_j(p) - e_j = 0 with K a compound of unknowns that several equations share.

    K is the largest factor with a sum in it; an equation that defines it joins the others, and one
    more unknown.
    """
    wanted = set(case.unknowns)
    counts: dict[Expr, int] = {}
    rows: list[tuple[Expr, Expr]] = []
    for equation in case.equations:
        moving, constant = _collected(equation, wanted)
        rows.append((moving, constant))
        part = _compound(moving, wanted)
        if part is not None:
            counts[part] = counts.get(part, 0) + 1
    shared = [(-n, -k.count_ops(), str(k), k) for k, n in counts.items() if n >= 2]
    if not shared:
        return None
    compound = min(shared, key=lambda row: row[:3])[3]
    value = number(compound, dict(case.points[0])) if case.points else None
    if value is None or value <= 0:
        return None
    name = sp.Dummy("common", positive=True)
    equations = [
        tidy(moving / compound * name + constant)
        if _compound(moving, wanted) == compound
        else moving + constant
        for moving, constant in rows
    ]
    numerator = sp.expand(sp.together(compound - name).as_numer_denom()[0])
    points = tuple((*p, (name, number(compound, dict(p)) or 0.0)) for p in case.points)
    enlarged = (*equations, tidy(numerator))
    return Case(enlarged, (*case.unknowns, name), points, case.tolerance)


def _collected(equation: Expr, wanted: set[sp.Symbol]) -> tuple[Expr, Expr]:
    """(what moves with the unknowns in factors, the rest)."""
    parts = sp.Add.make_args(equation)
    constant = sp.Add(*(t for t in parts if not t.free_symbols & wanted))
    moving = sp.factor_terms(sp.Add(*(t for t in parts if t.free_symbols & wanted)))
    try:
        numerator = sp.together(moving).as_numer_denom()[0]
        moving = sp.factor(sp.together(moving)) if terms(numerator) < FACTOR_LIMIT else moving
    except (sp.PolynomialError, NotImplementedError):
        pass
    return merged(moving), constant


def _compound(moving: Expr, wanted: set[sp.Symbol]) -> Expr | None:
    """The part of a product that is made of sums with unknowns in them."""
    sums = [
        f for f in sp.Mul.make_args(moving) if f.as_base_exp()[0].is_Add and f.free_symbols & wanted
    ]
    return sp.Mul(*sums) if sums else None


def _short(equation: Expr) -> Expr:
    return tidy(equation) if equation.count_ops() < EXPANDED_LIMIT else equation
