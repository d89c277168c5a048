"""Several solutions of one equation: which is kept, and what every other one fails."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.conditions.system import System
from alignsym.deriving.points import Table, number
from alignsym.deriving.sizes import operations
from alignsym.logic.decide import search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime
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
    if operations(equation) > OPERATIONS_LIMIT:
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
            continue
        same = _same(value, cases, table)
        if same is None:
            remaining.append(other)
        else:  # the root of a polynomial is known to the other case in a shorter form
            left.append(same if other.has(sp.CRootOf) else other)
    if not refused and not left and not remaining:
        return None
    return ChooseRoot(v, equation, step.result, tuple(refused), tuple(left), tuple(remaining))


def _same(value: float, cases: Sequence[Expr], table: Table) -> Expr | None:
    """The value of another case that is the number here."""
    near = (e for e in cases if abs(number(e, table) - value) < 1e-9 * max(1.0, abs(value)))
    return next(near, None)


def divided_out(
    equations: Sequence[Expr], regime: Regime, system: System, table: Table,
    others: Sequence[Regime],
) -> list[ChooseRoot]:  # fmt: skip
    """The solutions v = 0 of equations that have v as a factor, where v is not zero in the case.

    Where v >= 0 is a constraint, v = 0 is a case of its own.
    """
    bounds = {p.slack for p in system.pairs} | {r.left for r in system.domain if r.is_strict}
    out = []
    for v, value in regime.values:
        if v in bounds or v not in system.actions or not abs(number(v, table)) > 1e-9:
            continue
        inside = [e for e in equations if e.has(v) and e.count_ops() <= OPERATIONS_LIMIT]
        found = next((e for e in inside if sp.expand(e.xreplace({v: _ZERO})) == 0), None)
        if found is not None:
            elsewhere = any(dict(r.values).get(v) == 0 for r in others)
            zero = (_ZERO,)
            out.append(ChooseRoot(v, found, value, (), zero if elsewhere else (),
                                  () if elsewhere else zero))  # fmt: skip
    return out


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
