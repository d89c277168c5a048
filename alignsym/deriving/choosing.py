"""Several solutions of one equation: which is kept, and what every other one fails."""

from __future__ import annotations

import sympy as sp

from alignsym.conditions.system import System
from alignsym.deriving.points import Table, number
from alignsym.deriving.sizes import operations
from alignsym.logic.decide import search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.strategies.isolate import isolate
from alignsym.steps import ChooseRoot, Solve

MILLISECONDS = 200
OPERATIONS_LIMIT = 60
_ZERO = sp.S.Zero


def choice(step: Solve, region: Region, system: System, table: Table) -> ChooseRoot | None:
    """The other real solutions of the equation: refused by a bound, or left to other cases.

    `region` is what is known of the parameters, `table` a point that tells solutions apart.
    """
    v, equation = step.unknown, step.equation
    terms = sp.Add.make_args(equation)
    if all(t.as_independent(v, as_Add=False)[1] in (v, 1) for t in terms):
        return None
    if operations(equation) > OPERATIONS_LIMIT:
        return None
    free = sp.Dummy(v.name, real=True)
    refused: list[tuple[Expr, Relation]] = []
    left: list[Expr] = []
    for found in isolate(equation.xreplace({v: free}), free):
        other = found.xreplace({free: v})
        value, mine = number(other, table), number(step.result, table)
        if not abs(value - mine) > 1e-9 * max(1.0, abs(mine)):  # the same, or no real number
            continue
        if not abs(number(equation, {**table, v: value})) < 1e-7 * max(1.0, abs(value)):
            continue  # squaring adds solutions
        failed = _failed(v, other, region, system)
        if failed is None:
            left.append(other)
        else:
            refused.append((other, failed))
    if not refused and not left:
        return None
    return ChooseRoot(v, equation, step.result, tuple(refused), tuple(left))


def _failed(v: sp.Symbol, other: Expr, region: Region, system: System) -> Relation | None:
    """A bound of the unknown or of a slack that the solution never meets."""
    bounds = [r for r in system.domain if r.free_symbols == {v}]
    bounds += [Relation(v, ">=", _ZERO) for p in system.pairs if v in (p.multiplier, p.slack)]
    bounds += [Relation(p.slack, ">=", _ZERO) for p in system.pairs if p.slack.has(v)]
    for bound in dict.fromkeys(bounds):
        at = bound.replaced({v: other})
        signs = [r for r in system.domain if r.free_symbols & at.free_symbols]
        signs += [
            Relation(p.multiplier, ">=", _ZERO)
            for p in system.pairs
            if p.multiplier in at.free_symbols
        ]
        if search((*region, *signs, at), milliseconds=MILLISECONDS).is_proof:
            return bound
    return None
