"""Problems that are not concave: all candidates found at a point are compared by value.

Every closed form carries the conditions f_i >= f_k against each rival that beats it somewhere, so
that regimes switch where the better candidate changes; candidates of identically equal value are
listed side by side as multiple.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.conditions.system import System
from alignsym.logic.decide import search
from alignsym.logic.normal import is_identically_zero
from alignsym.model.relations import Expr, Relation
from alignsym.solving.neat import conditions, shortened
from alignsym.solving.oracle.interior import NumericPoint, Oracle
from alignsym.solving.oracle.tape import Tape, UnsupportedError
from alignsym.solving.partition import (
    Branch,
    Partition,
    Point,
    closed_form,
    outside,
    parameters_of,
    random_point,
)
from alignsym.solving.strategies import DEFAULT
from alignsym.solving.strategies.contract import Declined, Strategy

ROUNDS = 8
CANDIDATES = 6
TIES_LIMIT = 16


@dataclass(frozen=True, slots=True)
class Valued:
    """A branch with the objective's value on it."""

    branch: Branch
    value: Expr


def compared(
    system: System,
    objective: Expr,
    *,
    strategies: tuple[Strategy, ...] = DEFAULT,
    deadline: float | None = None,
) -> Partition:
    """Branches best among all candidates found, with the conditions under which they are."""
    symbols = parameters_of(system)
    try:
        oracle = Oracle(system, symbols)
        score = Tape([objective], (*oracle.unknowns, *oracle.multipliers), symbols)
    except UnsupportedError as problem:
        return Partition((), False, str(problem))
    pool: list[Valued] = []
    reason = ""
    refined: list[Branch] = []
    for round_ in range(ROUNDS):
        if deadline is not None and time.monotonic() > deadline:
            return Partition(tuple(refined), False, "the time limit was reached")
        for point in _points(system, symbols, refined, round_):
            if deadline is not None and time.monotonic() > deadline:
                break
            found, reason = candidates(system, oracle, score, point, strategies)
            for branch in found:
                if all(dict(branch.values) != dict(v.branch.values) for v in pool):
                    value = shortened(objective.xreplace(dict(branch.values)))
                    pool.append(Valued(branch, value))
        if not pool:
            return Partition((), False, reason or "no candidate was found")
        refined = best(system, pool)
        answer, left = outside(system, symbols, [b.when for b in refined])
        if answer is not None and answer.is_proof:
            return Partition(tuple(refined), True)
        if next(left, None) is None:
            return Partition(tuple(refined), False, "coverage is not decided")
    return Partition(tuple(refined), False, reason or "candidates do not cover all parameters")


def _points(
    system: System, symbols: tuple[sp.Symbol, ...], known: list[Branch], round_: int
) -> Iterator[Point]:
    """Generic points first, to fill the pool; afterwards points that no branch covers."""
    if not symbols:
        yield {}
        return
    if round_:
        _, left = outside(system, symbols, [b.when for b in known])
        yield from left
        return
    rng = random.Random(5)
    gaps = Tape([r.gap for r in system.parameters], [], symbols)
    given = 0
    for _ in range(200):
        point = random_point(symbols, rng)
        if all(g > 0 for g in gaps.values([], [float(point[s]) for s in symbols])):
            yield point
            given += 1
            if given >= 8:
                return


def candidates(
    system: System,
    oracle: Oracle,
    score: Tape,
    point: Point,
    strategies: tuple[Strategy, ...],
) -> tuple[list[Branch], str]:
    """Closed forms of the best few numerical solutions at a point."""
    constants = [float(point[s]) for s in oracle.parameters]
    rows: list[tuple[float, int, NumericPoint]] = []
    for k, number in enumerate(oracle.solve(point)):
        (value,) = score.values([v for _, v in number.unknowns], constants)
        rows.append((-value, k, number))
    rows.sort(key=lambda row: row[:2])
    out, reason = [], "no numerical solution of the first-order conditions"
    # All that tie for the best, and a few of the rest: elsewhere one of those may be the best.
    ties = sum(1 for row in rows if row[0] <= rows[0][0] + 1e-7 * (1 + abs(rows[0][0])))
    for _, _, number in rows[: min(max(CANDIDATES, ties), TIES_LIMIT)]:
        branch = closed_form(system, number, strategies)
        if isinstance(branch, Declined):
            reason = branch.reason
        else:
            out.append(branch)
    return out, reason


def best(system: System, pool: list[Valued]) -> list[Branch]:
    """Every branch with the comparisons it needs; those best nowhere inside are dropped."""
    out: list[Branch] = []
    for one in pool:
        needed: list[Relation] = []
        equal = False
        for other in pool:
            if other is one:
                continue
            if is_identically_zero(one.value - other.value):
                equal = True
                continue
            region = (*system.parameters, *one.branch.when, *other.branch.when)
            beaten = Relation(other.value, ">", one.value)
            if not search((*region, beaten)).is_proof:
                needed.append(Relation(one.value, ">=", other.value))
        when = conditions((*one.branch.when, *needed), system.parameters)
        inside = tuple(r.tightened() for r in when)
        if search((*system.parameters, *inside)).is_proof:
            continue
        out.append(replace(one.branch, when=when, multiple=equal))
    return [_alone(b, out) for b in out]


def _alone(branch: Branch, branches: list[Branch]) -> Branch:
    """`multiple` only where another branch is left beside it."""
    others = any(b is not branch and b.multiple for b in branches)
    return replace(branch, multiple=branch.multiple and others)
