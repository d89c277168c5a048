"""Compounds get names: shifted unknowns, and sums of parameters.

    a*log(x - g) + ...,   p*x + q*y = w    ->    X = x - g > 0,   p*X + q*y = w - p*g = M

Subsistence quantities and sums such as 1 - a are carried as single symbols through the algebra and
put back at the end, so that powers of them stay whole (Stone-Geary, CES with shares b and 1 - b).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.neat import shortened
from alignsym.solving.oracle.tape import Tape, UnsupportedError
from alignsym.solving.strategies.aggregate import Aggregate
from alignsym.solving.strategies.contract import (
    Candidate,
    Case,
    Declined,
    Strategy,
    agrees,
    first_solution,
)
from alignsym.solving.strategies.eliminate import Eliminate
from alignsym.solving.strategies.euler import Euler
from alignsym.solving.strategies.symmetric import Symmetric
from alignsym.steps import Solve


@dataclass(slots=True)
class Names:
    """The compounds named so far, and the unknowns that were shifted: unknown = symbol + shift."""

    compounds: dict[Expr, Expr] = field(default_factory=dict)
    shifted: dict[sp.Symbol, Expr] = field(default_factory=dict)


@final
@dataclass(frozen=True, slots=True)
class Compound:
    """Name, solve by the other strategies, put back."""

    name: str = "named compounds"

    def applies(self, case: Case) -> Declined | None:
        """Some unknown occurs shifted, or some sum of parameters multiplies one."""
        if not case.points:
            return Declined("no numbers to tell the signs of compounds")
        if shifts(case) or any(sums(e, set(case.unknowns)) for e in case.equations):
            return None
        return Declined("no shifted unknown and no sum of parameters")

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """The closed form in the original symbols."""
        renamed = named(case)
        if isinstance(renamed, Declined):
            return renamed
        reduced, names = renamed
        strategies: tuple[Strategy, ...] = (Symmetric(), Euler(), Aggregate(), Eliminate())
        outcome = first_solution(strategies, reduced, "nothing solves the named system")
        if isinstance(outcome, Declined):
            return outcome
        back = {symbol: compound for compound, symbol in names.compounds.items()}
        found = dict(outcome[0].values)
        values = []
        for unknown, other in zip(case.unknowns, reduced.unknowns, strict=True):
            value = shortened(found[other]).xreplace(back)
            values.append((unknown, value + names.shifted.get(unknown, sp.S.Zero)))
        if not agrees([v for _, v in values], [u for u, _ in values], case):
            return Declined("the form with the compounds put back differs from the numbers")
        steps = tuple(Solve(self.name, e, u, v) for e, (u, v) in zip(case.equations, values))
        return (Candidate(tuple(values), steps),)


def named(case: Case) -> tuple[Case, Names] | Declined:
    """The case in shifted unknowns and named sums, with the numbers of both at its points."""
    names = Names(shifted=shifts(case))
    point = dict(case.points[0])
    table: dict[sp.Symbol, Expr] = {}
    unknowns = []
    for unknown in case.unknowns:
        shift = names.shifted.get(unknown)
        if shift is None:
            unknowns.append(unknown)
            continue
        value = number(unknown - shift, point)
        if value is None:
            return Declined("a shifted unknown has no number")
        symbol = sp.Dummy(f"{unknown.name}_", **_sign(value))
        table[unknown] = symbol + shift
        unknowns.append(symbol)
    equations = []
    for equation in case.equations:
        moved = equation.xreplace(table)
        constant, rest = sp.expand(moved).as_independent(*unknowns, as_Add=True)
        if constant.is_Add and sp.expand(moved).is_polynomial(*unknowns):
            moved = rest + constant  # the income that is left, as one sum
            replaced = _name(constant, names, point)
            if replaced is not None:
                moved = rest + replaced
        for total in sums(moved, set(unknowns)):
            replaced = _name(total, names, point)
            if replaced is not None:
                moved = moved.xreplace({total: replaced})
        equations.append(moved)
    points = []
    for given in case.points:
        numbers = dict(given)
        row = [(s, v) for s, v in given if s not in names.shifted]
        extra = [
            (u - names.shifted[u], new)
            for u, new in zip(case.unknowns, unknowns)
            if u in names.shifted
        ]
        extra += [(compound, symbol) for compound, symbol in names.compounds.items()]
        for formula, symbol in extra:
            value = number(formula, numbers)
            if value is None:
                return Declined("a compound has no number")
            row.append((symbol, value))
        points.append(tuple(row))
    return Case(tuple(equations), tuple(unknowns), tuple(points), case.tolerance), names


def _name(total: Expr, names: Names, point: dict[sp.Symbol, float]) -> Expr | None:
    for sign in (1, -1):
        if sign * total in names.compounds:
            return sign * names.compounds[sign * total]
    value = number(total, point)
    if value is None or value == 0:
        return None
    sign = 1 if value > 0 else -1
    names.compounds[sign * total] = sp.Dummy(f"c{len(names.compounds)}", positive=True)
    return sign * names.compounds[sign * total]


def number(formula: Expr, point: dict[sp.Symbol, float]) -> float | None:
    """The value at the point; None where it has none."""
    symbols = sorted(point, key=lambda s: s.name)
    try:
        (value,) = Tape([formula], [], symbols).values([], [point[s] for s in symbols])
    except UnsupportedError:
        return None
    return value if value == value else None


def _sign(value: float) -> dict[str, bool]:
    return {"positive": True} if value > 1e-9 else {"real": True}


def shifts(case: Case) -> dict[sp.Symbol, Expr]:
    """unknown -> s where it occurs under powers and logs as unknown - s only, s of parameters."""
    unknowns = set(case.unknowns)
    out: dict[sp.Symbol, Expr] = {}
    for unknown in case.unknowns:
        inside: set[Expr] = set()
        for equation in case.equations:
            for e in equation.atoms(sp.Pow, sp.log):
                base = e.args[0]
                if base.has(unknown) and not (
                    base.is_Add and len(base.free_symbols & unknowns) > 1
                ):
                    inside.add(base)
        if len(inside) != 1:
            continue
        (base,) = inside
        rest = base - unknown
        if base.is_Add and rest != 0 and not rest.free_symbols & unknowns:
            out[unknown] = -rest
    return out


def sums(expression: Expr, unknowns: set[sp.Symbol]) -> list[Expr]:
    """The largest sums of parameters alone inside the expression, by text."""
    found: dict[Expr, None] = {}
    pending = [expression]
    while pending:
        e = pending.pop()
        if e.is_Add and not e.free_symbols & unknowns and e.free_symbols:
            found.setdefault(e)
        else:
            pending += [a for a in e.args if isinstance(a, sp.Expr)]
    return sorted(found, key=str)
