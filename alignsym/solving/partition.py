"""Counterexample-guided partition of the parameter set.

A parameter point outside all regimes so far; the binding set there, by numbers; the closed form of
that binding set; the condition under which it solves the system; again, until no point is left.
Nothing here is trusted: `verify` decides what is true of the regimes.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice

import sympy as sp

from alignsym.conditions.system import System
from alignsym.logic.decide import Answer, search
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.binding import binding_case
from alignsym.solving.branches import Branch, Partition
from alignsym.solving.edges import outcome_near
from alignsym.solving.emptiness import empty_branch
from alignsym.solving.faces import determined, face
from alignsym.solving.independent import independent, tied
from alignsym.solving.loose import apart, loosened, opposed
from alignsym.solving.neat import shortened
from alignsym.solving.oracle.interior import NumericPoint, Oracle
from alignsym.solving.oracle.tape import Tape, UnsupportedError
from alignsym.solving.strategies import DEFAULT
from alignsym.solving.strategies.contract import Declined, Strategy, first_solution
from alignsym.solving.thresholds import conditions, oriented
from alignsym.steps import BindingCase, Hold, Solve, Step

REGIMES_LIMIT = 48
NEAR = 1e-9
SOLUTIONS = 1


def partition(
    system: System,
    *,
    strategies: tuple[Strategy, ...] = DEFAULT,
    deadline: float | None = None,
    known: tuple[Branch, ...] = (),
) -> Partition:
    """Branches that cover the declared parameters, as far as they are found before the deadline,
    the known ones first."""
    symbols = parameters_of(system)
    branches = list(known)
    try:
        return _partition(system, symbols, branches, strategies, deadline)
    except UnsupportedError as problem:
        return Partition(tuple(branches), False, str(problem))


def _partition(
    system: System,
    symbols: tuple[sp.Symbol, ...],
    branches: list[Branch],
    strategies: tuple[Strategy, ...],
    deadline: float | None,
) -> Partition:
    oracle = Oracle(system, symbols)
    reason = ""
    while len(branches) < REGIMES_LIMIT:
        if deadline is not None and time.monotonic() > deadline:
            return Partition(tuple(branches), False, "the time limit was reached")
        answer, candidates = outside(system, symbols, [b.when for b in branches])
        if answer is not None and answer.is_proof:
            return Partition(tuple(branches), True)
        branch, reason = first_branch(system, oracle, candidates, strategies, branches, deadline)
        if branch is None:
            where = f": {answer.reason}" if answer is not None and answer.kind == "unknown" else ""
            return Partition(tuple(branches), False, (reason or "no point found") + where)
        branches.append(branch)
    return Partition(tuple(branches), False, f"more than {REGIMES_LIMIT} regimes")


def parameters_of(system: System) -> tuple[sp.Symbol, ...]:
    """Every symbol that is no unknown, by name."""
    found: set[sp.Symbol] = set()
    for e in (*(q.expression for q in system.equations), *(p.slack for p in system.pairs)):
        found |= e.free_symbols
    for r in (*system.domain, *system.parameters):
        found |= r.free_symbols
    found |= {s for p in system.pairs for s in p.scale.free_symbols}
    unknown = {*system.actions, *(f.symbol for f in system.free)}
    unknown |= {p.multiplier for p in system.pairs}
    return tuple(sorted(found - unknown, key=lambda s: s.name))


# ------------------------------------------------------------------ points
Point = dict[sp.Symbol, Fraction]


def outside(
    system: System, symbols: tuple[sp.Symbol, ...], regions: list[Region]
) -> tuple[Answer | None, Iterator[Point]]:
    """Exact parameter points in no region so far, generic ones first; or the proof that none is
    left.

    Random points are tried before z3 is asked: they are generic, where z3 likes corners and ties.
    """
    if not symbols:
        if regions:
            return Answer("unsat"), iter(())
        return None, iter([{}])
    inside = _Membership(system.parameters, regions, symbols)
    rng = random.Random(len(regions))
    generic = [p for p in (random_point(symbols, rng) for _ in range(24)) if inside.free(p)]
    if generic:
        return None, iter(generic[:6])
    answer = search(system.parameters, outside=regions, milliseconds=3000)
    if answer.kind != "sat":
        more = (p for p in (random_point(symbols, rng) for _ in range(400)) if inside.free(p))
        return answer, more if answer.kind == "unknown" else iter(())
    hint = {s: dict(answer.point).get(s, Fraction(1)) for s in symbols}
    return answer, _around(hint, inside, rng)


def random_point(symbols: tuple[sp.Symbol, ...], rng: random.Random) -> Point:
    out = {}
    for symbol in symbols:
        number = Fraction(rng.randint(1, 97), rng.choice([7, 13, 29, 53]))
        sign = symbol.is_negative or (
            symbol.is_positive is None and rng.random() < 0.4 and not symbol.is_nonnegative
        )
        out[symbol] = -number if sign else number
    return out


def _around(hint: Point, inside: _Membership, rng: random.Random) -> Iterator[Point]:
    """Points near z3's, still outside all regions: off ties if the complement has an interior."""
    given = 0
    for scale in (10, 30, 100, 1000, 100000):
        for _ in range(8):
            moved = {}
            for symbol, number in hint.items():
                size = abs(number) if number else Fraction(1)
                moved[symbol] = number + size * Fraction(rng.randint(-997, 997), 1000 * scale)
            if inside.free(moved):
                given += 1
                yield moved
                if given >= 6:
                    return
                break
    yield hint


class _Membership:
    """Floating-point membership in the declared set and in the regions found."""

    def __init__(
        self, declared: Region, regions: list[Region], symbols: tuple[sp.Symbol, ...]
    ) -> None:
        self._symbols = symbols
        self._declared = [r.operator for r in declared]
        self._regions = [[r.operator for r in region] for region in regions]
        gaps = [r.gap for r in declared] + [r.gap for region in regions for r in region]
        self._tape = Tape(gaps, [], symbols)

    def free(self, point: Point) -> bool:
        """Declared, and in none of the regions (within rounding of one counts as inside)."""
        gaps = self._tape.values([], [float(point[s]) for s in self._symbols])
        head = len(self._declared)
        if not all(_holds(g, op, -NEAR) for g, op in zip(gaps[:head], self._declared)):
            return False
        for operators in self._regions:
            if all(
                _holds(g, op, NEAR) for g, op in zip(gaps[head : head + len(operators)], operators)
            ):
                return False
            head += len(operators)
        return True


def _holds(gap: float, operator: str, slack: float) -> bool:
    if operator == "==":
        return abs(gap) <= abs(slack)
    if operator == "!=":
        return gap != 0
    return gap >= -slack  # nan compares false


# ------------------------------------------------------------------ one branch
def first_branch(
    system: System,
    oracle: Oracle,
    points: Iterator[Point],
    strategies: tuple[Strategy, ...],
    known: list[Branch],
    deadline: float | None,
) -> tuple[Branch | None, str]:
    """The first closed form found at one of the points that is new and holds there."""
    reason = "no parameter point to start from"

    def best(program: System, there: Point) -> Branch | None:
        for number in islice(Oracle(program, tuple(there)).solve(there), SOLUTIONS):
            found = closed_form(program, number, strategies)
            return None if isinstance(found, Declined) else found
        return None

    tried: set[frozenset[int]] = set()
    for point in points:
        if deadline is not None and time.monotonic() > deadline:
            return None, "the time limit was reached"
        numbers = list(islice(oracle.solve(point), SOLUTIONS))
        if not numbers:
            shown = ", ".join(
                f"{k} = {v}" for k, v in sorted(point.items(), key=lambda i: i[0].name)
            )
            reason = f"no numerical solution of the first-order conditions at {shown or 'all'}"
            outcome = opposed(system, point, best) or outcome_near(system, known, point)
            outcome = outcome or empty_branch(system, point, best)
            if outcome is not None and all(b.when != outcome.when for b in known):
                return outcome, ""
        for number in numbers:
            if number.binding in tried:
                continue
            branch = closed_form(system, number, strategies)
            if isinstance(branch, Declined):
                branch = open_face(system, number, branch)
                branch = fewer_priced(system, number, branch, strategies)
            else:
                branch = widened(system, number, branch)
            if isinstance(branch, Declined):
                tried.add(number.binding)
                reason = branch.reason
                # Numbers far out may be those of a ray.
                outcome = outcome_near(system, known, point)
                if outcome is not None and outcome.outcome == "unbounded":
                    return outcome, ""
            elif any(b.when == branch.when for b in known):
                reason = "the same regime was found again: a formula that is valid on a part only"
                border = tied(system, number)
                beside = border and closed_form(system, border, strategies)
                if isinstance(beside, Branch) and all(b.when != beside.when for b in known):
                    return beside, ""
                # Numbers do not see that a bound is no choice, as x = 0 where x > 0 is asked for.
                outcome = outcome_near(system, known, point)
                if outcome is not None:
                    return outcome, ""
            else:
                return branch, ""
    return None, reason


def widened(system: System, number: NumericPoint, branch: Branch) -> Branch:
    """The branch, or the set of solutions around it where a tight constraint has no price.

    A corner of a face is a solution like any other of the face, with more slacks that vanish.
    """
    values = dict(branch.values)
    priced = frozenset(k for k in number.binding if values[system.pairs[k].multiplier] != 0)
    if priced == number.binding:
        return branch
    found = face(system, replace(number, binding=priced))
    if isinstance(found, Declined) or determined(found.relations, system):
        return branch
    return found


def open_face(system: System, number: NumericPoint, declined: Declined) -> Branch | Declined:
    """The set of solutions where there is more than one; else the reason for which none was
    found."""
    found = face(system, number)
    return declined if isinstance(found, Declined) else found


def fewer_priced(
    system: System,
    number: NumericPoint,
    branch: Branch | Declined,
    strategies: tuple[Strategy, ...],
) -> Branch | Declined:
    """The branch; where there is none, that of independent constraints among the binding ones,
    or that without what stands for a kink at which nothing happens."""
    if not isinstance(branch, Declined):
        return branch
    loose = loosened(system, number)
    numbers = [number] if loose is not None else independent(system, number)
    for fewer in numbers:
        found = closed_form(loose or system, fewer, strategies)
        if not isinstance(found, Declined):
            return found
    return branch


def closed_form(
    system: System, number: NumericPoint, strategies: tuple[Strategy, ...]
) -> Branch | Declined:
    """The binding set of a numerical solution, solved symbolically, with its minimal condition."""
    case, original = binding_case(system, number)
    outcome = first_solution(strategies, case, "no strategy applies")
    if isinstance(outcome, Declined):
        return outcome
    candidate = outcome[0]
    values = {original[u]: shortened(v) for u, v in candidate.values}
    for k, pair in enumerate(system.pairs):
        if k not in number.binding:
            values[pair.multiplier] = sp.S.Zero
    required = requirements(system, number.binding, values)
    when = conditions(required, system.parameters)
    if any(r.is_strict and r.gap == 0 for r in when):
        return Declined("the closed form is nowhere defined")
    region = (*system.parameters, *when)
    values = {s: oriented(v, region) for s, v in values.items()}
    names = tuple(system.pairs[k].origin.name for k in sorted(number.binding))
    back = {u: s for u, s in original.items() if u != s}
    equations = tuple(e.xreplace(back) for e in case.equations)
    steps: tuple[Step, ...] = (
        BindingCase(names, equations, tuple(original.values())),
        *(_renamed(step, back) for step in candidate.steps),
        Hold(required, when),
    )
    return Branch(when, tuple(values.items()), number.binding, steps, number.parameters)


def requirements(system: System, binding: frozenset[int], values: dict[sp.Symbol, Expr]) -> Region:
    """Where the closed form solves the system: free slacks and binding multipliers >= 0, domain."""
    out = []
    for k, pair in enumerate(system.pairs):
        if k not in binding:
            out.append(Relation(pair.slack.xreplace(values), ">=", sp.S.Zero))
        elif pair.multiplier in values:  # else it does not exist, or is not determined
            out.append(Relation(values[pair.multiplier], ">=", sp.S.Zero))
    out += [r.replaced(values) for r in system.domain]
    # A regime says where its own formulas are defined.
    out += [r for s in system.actions for r in natural_domain(values[s])]
    for symbol in system.actions:
        if symbol.is_nonnegative and not any(
            k not in binding and p.slack == symbol for k, p in enumerate(system.pairs)
        ):
            out.append(Relation(values[symbol], ">=", sp.S.Zero))
    return tuple(part for r in out for part in apart(r))


def _renamed(step: Step, back: dict[sp.Symbol, sp.Symbol]) -> Step:
    if isinstance(step, Solve):
        return replace(
            step,
            equation=step.equation.xreplace(back),
            unknown=back.get(step.unknown, step.unknown),
            result=step.result.xreplace(back),
        )
    return step
