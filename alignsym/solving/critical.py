"""All critical points of a small program, binding set by binding set, multipliers or none.

Karush-Kuhn-Tucker points have multipliers with the objective's gradient; Fritz John points are
those at which the gradients of the binding constraints alone are dependent, so that a constraint
qualification fails and an optimum need have no multipliers:

    lambda_0 grad f + sum mu_k grad slack_k - sum nu_j grad h_j = 0,   lambda_0 in {0, 1}.

For few constraints and equations that split into factors; every candidate is only a guess until it
is compared by value and verified.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from itertools import combinations

import sympy as sp

from alignsym.conditions.system import System
from alignsym.model.functions import JUMPS
from alignsym.model.relations import Expr
from alignsym.solving.branches import Branch
from alignsym.solving.neat import shortened
from alignsym.solving.oracle.tape import Tape, UnsupportedError
from alignsym.solving.partition import random_point, requirements
from alignsym.solving.strategies.contract import TOLERANCE
from alignsym.solving.strategies.split import Split
from alignsym.solving.thresholds import conditions
from alignsym.steps import BindingCase, Hold

SUBSETS_LIMIT = 40
BRANCHES_LIMIT = 40
SAMPLES = 12


def critical_points(system: System, deadline: float | None = None) -> tuple[Branch, ...]:
    """Branches for the critical points found before the deadline; () for too many binding sets."""
    if 2 ** len(system.pairs) > SUBSETS_LIMIT and len(system.pairs) > len(system.actions) + 3:
        return ()
    whole = (*(e.expression for e in system.equations), *(p.slack for p in system.pairs))
    if any(e.has(*JUMPS, sp.Derivative, sp.Subs) for e in whole):
        return ()  # where something jumps, derivatives do not find what is best
    found: dict[tuple[Expr, ...], Branch] = {}
    for binding in binding_sets(system):
        for branch in (
            *ordinary(system, binding, deadline),
            *abnormal(system, binding, deadline),
        ):
            key = tuple(dict(branch.values)[s] for s in system.actions)
            known = found.get(key)
            if known is None or len(branch.values) > len(known.values):
                found[key] = branch
            if len(found) >= BRANCHES_LIMIT:
                return tuple(found.values())
    return tuple(found.values())


def binding_sets(system: System) -> Iterator[tuple[int, ...]]:
    """Sets of pairs that may bind together, small ones first; no more than there are actions."""
    count = 0
    for size in range(min(len(system.pairs), len(system.actions)) + 1):
        for chosen in combinations(range(len(system.pairs)), size):
            yield chosen
            count += 1
            if count >= SUBSETS_LIMIT:
                return


def ordinary(system: System, binding: tuple[int, ...], deadline: float | None) -> Iterator[Branch]:
    """Karush-Kuhn-Tucker points of the binding set."""
    active = [system.pairs[k] for k in binding]
    zero = {p.multiplier: sp.S.Zero for k, p in enumerate(system.pairs) if k not in binding}
    equations = [e.expression.xreplace(zero) for e in system.equations]
    equations += [p.slack for p in active]
    unknowns = [*system.actions, *(f.symbol for f in system.free)]
    unknowns += [p.multiplier for p in active]
    for values in solved(system, equations, unknowns, deadline):
        open_ones = undetermined(system, values)
        kept = {u: v for u, v in values.items() if u not in open_ones}
        yield branch_of(system, binding, equations, {**zero, **kept})


def undetermined(system: System, values: dict[sp.Symbol, Expr]) -> set[sp.Symbol]:
    """Multipliers of constraints whose gradient vanishes at the point: any number will do."""
    chosen = {s: values[s] for s in system.actions}
    out = set()
    for multiplier in [*(f.symbol for f in system.free), *(p.multiplier for p in system.pairs)]:
        slopes = [
            sp.diff(e.expression, multiplier).xreplace(chosen)
            for e in system.equations
            if e.origin.kind == "stationarity"
        ]
        if any(s != 0 for s in slopes):
            continue
        out.add(multiplier)
    return out


def abnormal(system: System, binding: tuple[int, ...], deadline: float | None) -> Iterator[Branch]:
    """Fritz John points with lambda_0 = 0: one multiplier is 1, for they are given up to scale."""
    active = [system.pairs[k] for k in binding]
    multipliers = [*(f.symbol for f in system.free), *(p.multiplier for p in active)]
    if not multipliers:
        return
    every = {f.symbol: sp.S.Zero for f in system.free}
    every |= {p.multiplier: sp.S.Zero for p in system.pairs}
    zero = {p.multiplier: sp.S.Zero for k, p in enumerate(system.pairs) if k not in binding}
    gradients, others = [], [p.slack for p in active]
    for equation in system.equations:
        e = equation.expression
        if equation.origin.kind == "stationarity":
            gradients.append(sp.expand(e.xreplace(zero)) - sp.expand(e.xreplace(every)))
        else:
            others.append(e)
    for one in multipliers:
        table = {one: sp.S.One}
        equations = [sp.expand(e.xreplace(table)) for e in gradients] + others
        unknowns = [*system.actions, *(m for m in multipliers if m != one)]
        for values in solved(system, equations, unknowns, deadline):
            chosen = {s: values[s] for s in system.actions}
            yield branch_of(system, binding, equations, chosen)


def solved(
    system: System,
    equations: Sequence[Expr],
    unknowns: Sequence[sp.Symbol],
    deadline: float | None = None,
) -> list[dict[sp.Symbol, Expr]]:
    """Solutions over the reals, each with a value for every action.

    Unknowns lose their declared signs here: a negative root is refused by the conditions instead.
    """
    plain = {u: sp.Dummy(u.name, real=True) for u in unknowns}
    split = Split([plain[s] for s in system.actions], deadline=deadline)
    found = split.solutions([e.xreplace(plain) for e in equations], list(plain.values()))
    back = {d: u for u, d in plain.items()}
    out = []
    for values in found:
        row = {back[d]: shortened(v) for d, v in values.items()}
        if all(not v.free_symbols & set(plain.values()) for v in row.values()) and not any(
            v.has(sp.nan, sp.zoo, sp.oo, sp.I) for v in row.values()
        ):
            if extraneous(equations, row):
                continue
            out.append(row)
    return out


def extraneous(equations: Sequence[Expr], values: dict[sp.Symbol, Expr]) -> bool:
    """Whether the values fail an equation at a parameter point: squaring adds such solutions."""
    left = [e.xreplace(values) for e in equations]
    symbols = sorted({s for e in left for s in e.free_symbols}, key=lambda s: s.name)
    rng = random.Random(11)
    try:
        tape = Tape(left, [], symbols)
    except UnsupportedError:
        return False
    for _ in range(SAMPLES if symbols else 1):
        point = [float(v) for v in random_point(tuple(symbols), rng).values()]
        numbers = [abs(v) for v in tape.values([], point)]
        if all(v < TOLERANCE * max(1.0, *map(abs, point), 1.0) for v in numbers):
            return False
        if all(math.isfinite(v) for v in numbers):
            return True
    return False


def branch_of(
    system: System,
    binding: tuple[int, ...],
    equations: Sequence[Expr],
    values: dict[sp.Symbol, Expr],
) -> Branch:
    """The branch of one critical point, with the condition under which it is feasible."""
    required = requirements(system, frozenset(binding), values)
    when = conditions(required, system.parameters)
    names = tuple(system.pairs[k].origin.name for k in binding)
    steps = (BindingCase(names, tuple(equations), system.actions), Hold(required, when))
    return Branch(when, tuple(values.items()), frozenset(binding), steps, ())
