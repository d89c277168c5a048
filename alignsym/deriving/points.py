"""The numbers of a regime at its witness, multipliers included: which constraints bind there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import numpy as np
import sympy as sp

from alignsym.conditions.system import System
from alignsym.deriving.sizes import is_multiplied_out
from alignsym.model.game import Game
from alignsym.model.relations import Expr
from alignsym.solution import Regime
from alignsym.solving.oracle.interior import NumericPoint
from alignsym.steps import Rows
from alignsym.verify.arithmetic import Undefined
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.evaluator import compiled, safe_name

NEAR = 1e-7
Table = Mapping[sp.Symbol, float]


def number(expression: Expr, table: Table) -> float:
    """The expression in floating point; nan where it has no number.

    >>> x = sp.Symbol("x")
    >>> number(1/x, {x: 4.0}), number(sp.log(x), {x: -1.0})
    (0.25, nan)
    """
    terms = _terms(expression)
    try:
        if terms is not None:
            return float(sum(c * math.prod(table[s] ** k for s, k in f) for c, f in terms))
        found = compiled(expression).quick({safe_name(s.name): v for s, v in table.items()})
        return float(found)
    except (Undefined, NotEvaluable, ArithmeticError, TypeError, KeyError):
        return math.nan


@lru_cache(maxsize=4096)
def _terms(e: Expr) -> tuple[tuple[float, tuple[tuple[sp.Symbol, int], ...]], ...] | None:
    """A sum that is multiplied out as coefficients and powers: quicker than what is compiled."""
    if not is_multiplied_out(e):
        return None
    out = []
    for term in sp.Add.make_args(e):
        coefficient, rest = term.as_coeff_Mul()
        powers = [f.as_base_exp() for f in sp.Mul.make_args(rest) if f != 1]
        try:
            out.append((float(coefficient), tuple((b, int(k)) for b, k in powers)))
        except OverflowError:
            return None
    return tuple(out)


def numbers(game: Game, system: System, kinks: Rows, regime: Regime) -> NumericPoint | None:
    """All unknowns of the system at the regime's witness, where they satisfy it; else None."""
    if not regime.witness and game.parameters:
        return None
    table = {s: number(v, {}) for s, v in regime.witness}
    for symbol, value in regime.values:
        table[symbol] = number(value, table)
    if game.numeraire is not None:
        table[game.numeraire] = 1.0
    found = located(system, kinks, table)
    if found is None:
        return None
    # The witness may lie on an edge, where a price that is positive inside vanishes.
    named = {n for n, e in (*regime.multipliers, *regime.bounds) if e != 0}
    tight = {
        k
        for k, p in enumerate(system.pairs)
        if p.origin.name in named and abs(number(p.slack, {**table, **dict(found.unknowns)})) < NEAR
    }
    return replace(found, binding=found.binding | tight)


def located(system: System, kinks: Rows, table: dict[sp.Symbol, float]) -> NumericPoint | None:
    """The multipliers that go with the numbers of parameters and choices; None without any."""
    given = dict(table)
    for symbol, term in kinks:
        given[symbol] = number(term, given)
    slacks = [number(p.slack, given) for p in system.pairs]
    if not finite([*given.values(), *slacks]):
        return None
    binding = frozenset(k for k, s in enumerate(slacks) if abs(s) < NEAR)
    multipliers = _multipliers(system, given, binding)
    if multipliers is None:
        return None
    given |= multipliers
    return pointed(system, given, binding)


def pointed(
    system: System, table: Mapping[sp.Symbol, float], binding: frozenset[int]
) -> NumericPoint:
    """The numbers as the solver has them: parameters, unknowns, and what binds at a price."""
    unknowns = [*system.actions, *(f.symbol for f in system.free)]
    unknowns += [p.multiplier for p in system.pairs if p.multiplier not in unknowns]
    # What is tight without a price is no part of the case: it only happens to hold.
    kept = frozenset(k for k in binding if abs(table[system.pairs[k].multiplier]) > NEAR)
    parameters = tuple((s, Fraction(v)) for s, v in table.items() if s not in unknowns)
    return NumericPoint(parameters, tuple((u, table[u]) for u in unknowns), kept, 1.0)


def _multipliers(
    system: System, table: dict[sp.Symbol, float], binding: frozenset[int]
) -> dict[sp.Symbol, float] | None:
    """The multipliers at which the first-order conditions hold in numbers; None without any."""
    found = {p.multiplier: 0.0 for p in system.pairs if p.origin.kind != "clearing"}
    active = [system.pairs[k].multiplier for k in sorted(binding)]
    active = [m for m in active if m in found]
    active += [f.symbol for f in system.free]
    rows = [e.expression for e in system.equations if e.origin.kind == "stationarity"]
    zero: dict[sp.Symbol, float] = {**table, **found, **{f.symbol: 0.0 for f in system.free}}
    right = [number(e, zero) for e in rows]
    if not all(map(math.isfinite, right)):
        return None
    size = max(1.0, *(abs(v) for v in right)) if right else 1.0
    if active:
        left = [[number(e, {**zero, m: 1.0}) - r for m in active] for e, r in zip(rows, right)]
        matrix = np.array(left, dtype=float)
        solved = np.linalg.lstsq(matrix, -np.array(right), rcond=None)[0]
        found |= dict(zip(active, map(float, solved)))
        right = list(matrix @ solved + np.array(right))
        size = max(size, float(np.abs(matrix).max(initial=1.0) * np.abs(solved).max(initial=0.0)))
    if any(abs(v) > 1e-6 * size for v in right):
        return None
    signed = (found[p.multiplier] for p in system.pairs if p.multiplier in found)
    return None if any(v < -1e-6 * size for v in signed) else found


def finite(values: Sequence[float]) -> bool:
    """Whether all are numbers."""
    return all(map(math.isfinite, values))
