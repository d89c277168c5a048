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
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation, substituted
from alignsym.solving.branches import Branch, Partition
from alignsym.solving.neat import shortened
from alignsym.solving.oracle.interior import NumericPoint, Oracle
from alignsym.solving.oracle.tape import Tape, UnsupportedError
from alignsym.solving.outcomes import outcome_branch
from alignsym.solving.partition import Point, closed_form, outside, parameters_of, random_point
from alignsym.solving.strategies import DEFAULT
from alignsym.solving.strategies.contract import Declined, Strategy
from alignsym.solving.thresholds import conditions

ROUNDS = 8
CANDIDATES = 6
TIES_LIMIT = 16
_ALWAYS = Relation(sp.S.One, ">", sp.S.Zero)
WAYS_LIMIT = 12


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
                    value = worth(objective, branch)
                    pool += [] if value is sp.nan else [Valued(branch, value)]
        if not pool:
            return Partition((), False, reason or "no candidate was found")
        refined = best(system, pool)
        answer, left = outside(system, symbols, [b.when for b in refined])
        if answer is not None and answer.is_proof:
            return Partition(tuple(refined), True)
        if next(left, None) is None:
            return Partition(tuple(refined), False, "coverage is not decided")
    return Partition(tuple(refined), False, reason or "candidates do not cover all parameters")


def worth(objective: Expr, branch: Branch) -> Expr:
    """The objective's value on the branch; nan where it has none: Max refuses an infinity."""
    return shortened(substituted(objective, dict(branch.values)))


def rays_of(system: System) -> list[Valued]:
    """Rays on which the objective has no bound, wherever one is found at a few parameter points."""
    out: list[Valued] = []
    for point in _points(system, parameters_of(system), [], 0):
        branch = outcome_branch(system, point)
        if branch is None or branch.outcome != "unbounded":
            continue
        if all(branch.when != known.branch.when for known in out):
            out.append(Valued(branch, sp.oo))
    return out


def among_critical(
    system: System, objective: Expr, critical: tuple[Branch, ...], deadline: float | None = None
) -> Partition:
    """The branches best among the critical points given, and rays without bound."""
    pool = [Valued(b, worth(objective, b)) for b in critical]
    pool = [v for v in pool if not v.value.has(sp.I, sp.nan, sp.zoo, sp.oo)]
    pool = rays_of(system) + pool
    if not pool:
        return Partition((), False, "no critical points were found")
    if deadline is not None and time.monotonic() > deadline:
        return Partition((), False, "the time limit was reached")
    refined = best(system, pool)
    answer, left = outside(system, parameters_of(system), [b.when for b in refined])
    if answer is not None and answer.is_proof:
        return Partition(tuple(refined), True)
    uncovered = next(left, None) is not None or not refined
    reason = "critical points do not cover all parameters" if uncovered else "not decided"
    return Partition(tuple(refined), False, reason)


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
    """Every branch with the comparisons it needs; those best nowhere inside are dropped.

    A branch is best where every other one is worse or is no candidate: each way for that to be is
    a regime of its own.
    """
    out: list[Branch] = []
    for one in pool:
        ways: list[Region] = [one.branch.when]
        equal = False
        for other in pool:
            if other is one:
                continue
            if sp.oo not in (one.value, other.value) and is_identically_zero(
                one.value - other.value
            ):
                equal = True
                continue
            ways = [more for way in ways for more in unbeaten(system, way, one, other)]
            if not ways or len(ways) > WAYS_LIMIT:
                break
        for way in ways[:WAYS_LIMIT]:
            when = conditions(way, system.parameters)
            inside = tuple(r.tightened() for r in when)
            if not search((*system.parameters, *inside)).is_proof:
                out.append(replace(one.branch, when=when, multiple=equal))
    return [_alone(b, out) for b in merged_regimes(system, out)]


def unbeaten(
    system: System, way: Region, one: Valued, other: Valued, *, thin: bool = False
) -> list[Region]:
    """The parts of `way` on which `one` is at least as good as `other`, or `other` is excluded.

    Parts without interior are left out unless `thin`: their neighbours have them as edges, if the
    objective is continuous.
    """
    region = (*system.parameters, *way)
    if one.value is sp.oo:
        return [way]
    beaten = Relation(other.value, ">", one.value) if other.value is not sp.oo else _ALWAYS
    if search((*region, *other.branch.when, beaten)).is_proof:
        return [way]
    parts: list[Region] = []
    if other.value is not sp.oo:
        not_worse = (*way, Relation(one.value, ">=", other.value))
        inner = not_worse if thin else tuple(r.tightened() for r in not_worse)
        if not search((*system.parameters, *inner)).is_proof:
            parts.append(not_worse)
    for relation in defined(other.branch.when):
        beyond = relation.negated()
        edge = Relation(relation.gap, "==", sp.S.Zero)
        there = (*region, *other.branch.when, edge, beaten)
        # On the edge itself the other may be no better: then the edge belongs here, too.
        if beyond.is_strict and other.value is not sp.oo and search(there).is_proof:
            beyond = beyond.relaxed()
        excluded = (*way, beyond)
        if not search((*system.parameters, *excluded)).is_proof:
            parts.append(excluded)
    return parts


def defined(when: Region) -> Region:
    """The relations with those under which they are defined: where one is not, it does not hold."""
    needed = (n for r in when for side in (r.left, r.right) for n in natural_domain(side))
    return tuple(dict.fromkeys((*needed, *when)))


def merged_regimes(system: System, branches: list[Branch]) -> list[Branch]:
    """Branches of one candidate whose conditions differ: one that contains another replaces it."""
    out: list[Branch] = []
    for branch in branches:
        same = [b for b in branches if b is not branch and b.values == branch.values]
        inside = any(
            search((*system.parameters, *branch.when), outside=[b.when]).is_proof
            and (b in out or b.when != branch.when)
            for b in same
        )
        if not inside:
            out.append(branch)
    return out


def _alone(branch: Branch, branches: list[Branch]) -> Branch:
    """`multiple` only where another branch is left beside it."""
    others = any(b is not branch and b.multiple for b in branches)
    return replace(branch, multiple=branch.multiple and others)
