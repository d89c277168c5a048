"""Several solutions of one equation: which is kept, and what every other one fails."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.conditions.system import System
from alignsym.deriving.points import Table, number
from alignsym.logic.decide import search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.strategies.isolate import isolate
from alignsym.steps import ChooseRoot, Solve

MILLISECONDS = 200
OPERATIONS_LIMIT = 60
DEGREE = 8
_ZERO = sp.S.Zero


def choice(
    step: Solve, region: Region, system: System, table: Table,
    equations: Sequence[Expr] = (), cases: Sequence[Expr] = (),
) -> ChooseRoot | None:  # fmt: skip
    """The other real solutions of the equation: refused by a bound, left to other cases, or to be
    excluded with all that is no solution.

    `region` is what is known of the parameters, `table` a point that tells solutions apart;
    `equations` are those of the case, `cases` the values of the unknown in other cases.
    """
    v, equation = step.unknown, step.equation
    terms = sp.Add.make_args(equation)
    if all(t.as_independent(v, as_Add=False)[1] in (v, 1) for t in terms):
        return None
    free = sp.Dummy(v.name, real=True)
    roots = _solutions(equation.xreplace({v: free}), free)
    if not roots:  # nothing is known of others
        return ChooseRoot(v, equation, step.result, ())
    refused: list[tuple[Expr, Relation]] = []
    left: list[Expr] = []
    remaining: list[Expr] = []
    for found in roots:
        other = found.xreplace({free: v})
        value, mine = number(other, table), number(step.result, table)
        if not abs(value - mine) > 1e-9 * max(1.0, abs(mine)):  # the same, or no real number
            continue
        if not abs(number(equation, {**table, v: value})) < 1e-7 * max(1.0, abs(value)):
            continue  # squaring adds solutions
        failed = _failed(v, other, region, system) or _priced(v, other, region, system, equations)
        if failed is not None:
            refused.append((other, failed))
        elif any(abs(number(e, table) - value) < 1e-9 * max(1.0, abs(value)) for e in cases):
            left.append(other)
        else:
            remaining.append(other)
    if not refused and not left and not remaining:
        return None
    return ChooseRoot(v, equation, step.result, tuple(refused), tuple(left), tuple(remaining))


def _solutions(equation: Expr, v: sp.Symbol) -> tuple[Expr, ...]:
    """All real solutions: by inversion, or of a polynomial with numbers; () where unknown."""
    if equation.count_ops() > OPERATIONS_LIMIT:
        return ()
    found = isolate(equation, v)
    if found or equation.free_symbols != {v}:
        return found
    numerator = sp.together(equation).as_numer_denom()[0]
    if not numerator.is_polynomial(v):
        return ()
    polynomial = sp.Poly(numerator, v)
    if not polynomial.domain.is_QQ and not polynomial.domain.is_ZZ or polynomial.degree() > DEGREE:
        return ()
    return tuple(dict.fromkeys(polynomial.real_roots()))


def _priced(
    v: sp.Symbol, other: Expr, region: Region, system: System, equations: Sequence[Expr]
) -> Relation | None:
    """The sign of a multiplier, as an equation of the case has it by the unknown alone."""
    prices = [p.multiplier for p in system.pairs]
    everything = {*system.actions, *(f.symbol for f in system.free), *prices}
    for price_of in prices:
        for e in equations:
            if e.free_symbols & everything != {v, price_of} or e.count_ops() > OPERATIONS_LIMIT:
                continue
            slope = sp.diff(e, price_of)
            if slope.has(price_of):
                continue
            price = sp.factor_terms(sp.cancel(-e.xreplace({price_of: _ZERO}) / slope))
            at = Relation(price.xreplace({v: other}), ">=", _ZERO)
            if (
                not at.left.has(sp.zoo, sp.nan, sp.oo)
                and search((*region, at), milliseconds=MILLISECONDS).is_proof
            ):
                return Relation(price, ">=", _ZERO)
    return None


def _failed(v: sp.Symbol, other: Expr, region: Region, system: System) -> Relation | None:
    """A bound of the unknown or of a slack that the solution never meets."""
    bounds = [r for r in system.domain if r.free_symbols == {v}]
    bounds += [Relation(v, ">=", _ZERO) for p in system.pairs if v in (p.multiplier, p.slack)]
    bounds += [Relation(p.slack, ">=", _ZERO) for p in system.pairs if p.slack.has(v)]
    for bound in dict.fromkeys(bounds):
        at = bound.replaced({v: other})
        signs = [r for r in system.domain if r.free_symbols & at.free_symbols]
        signs += [
            Relation(part, ">=", _ZERO)
            for p in system.pairs
            for part in (p.multiplier, p.slack)
            if part in at.free_symbols
        ]
        if search((*region, *signs, at), milliseconds=MILLISECONDS).is_proof:
            return bound
    return None
