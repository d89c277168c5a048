"""Does a profile maximise sum w_i U_i over the feasible profiles, globally, for all parameters?

Multipliers of what binds are solved from dL/dx = 0; they are only candidates.  The proof is that
of `verify.theorems`: concave sufficiency with these multipliers, or direct comparison.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.profile import INFINITE, Profile, is_proved
from alignsym.claims import Proved, Unknown, Verdict
from alignsym.logic.decide import implies
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.shapes import Shape, shape
from alignsym.verify.theorems import Priced, optimal, signs, stationary
from alignsym.verify.uniqueness import unique_maximiser

_ZERO = sp.S.Zero
SIZE_LIMIT = 6000  # operations of all equations
ROW_LIMIT = 1500
SMALL = sp.Rational(1, 10**9)


@dataclass(frozen=True, slots=True)
class Supported:
    """The verdict on "x* maximises the objective", and on "and nothing else does"."""

    optimal: Verdict
    unique: Verdict


def supported(
    profile: Profile, weights: Mapping[str, Expr], *, unique: bool = False, premises: Region = ()
) -> Supported:
    """Whether the profile maximises the weighted sum of its arena, and (if asked) alone does so.

    `premises`: what is known of symbols in the weights.
    """
    maker = profile.arena.planner(weights, profile.silent)
    return maximal(maker, profile, (*profile.region, *premises), unique=unique)


def maximal(
    maker: DecisionMaker, profile: Profile, region: Region, *, unique: bool = False
) -> Supported:
    """Whether the profile's values maximise the decision maker's objective on the region."""
    values = profile.table
    alone: Verdict = Unknown("not asked")
    if maker.objective == _ZERO:
        return Supported(Proved(), Unknown("everything maximises zero"))
    priced = multipliers(maker, profile)
    found = shape(maker, region)
    if priced is None:
        priced, found = (), Unknown("no multipliers were found")
    best = optimal(maker, values, priced, region, found)
    if unique and is_proved(best) and isinstance(found, Shape):
        saddle = is_proved(stationary(maker, values, priced, region)) and is_proved(
            signs(values, priced, region)
        )
        alone = unique_maximiser(maker, values, priced, region, found, saddle=saddle)
    return Supported(best, alone)


def multipliers(maker: DecisionMaker, profile: Profile) -> tuple[Priced, ...] | None:
    """Candidates for the multipliers of constraints and bounds at the profile, from dL/dx = 0.

    None where the gradient is not finite there, or what binds does not determine them.
    """
    relations = [(c.name, c.relation) for c in maker.constraints]
    relations += [(a.name, r) for a in maker.actions for r in a.interval.contains(a.symbol)]
    tight = [r.is_equality or profile.looks_zero(r.gap) for _, r in relations]
    values = profile.table
    slopes = {v: sp.diff(maker.objective, v).xreplace(values) for v in maker.variables}
    if any(s.has(*INFINITE) for s in slopes.values()):
        return None
    unknown = {k: sp.Dummy(f"mu{k}") for k, binds in enumerate(tight) if binds}
    equations = []
    for v, slope in slopes.items():
        row = slope
        for k, mu in unknown.items():
            relation = relations[k][1]
            sign = -1 if relation.is_equality else 1
            row += sign * mu * sp.diff(relation.gap, v).xreplace(values)
        equations.append(row)
    solved = solve_linear(equations, list(unknown.values()), profile)
    if solved is None:
        return None
    return tuple(
        Priced(name, relation, solved[unknown[k]] if k in unknown else _ZERO)
        for k, (name, relation) in enumerate(relations)
    )


def solve_linear(
    equations: list[Expr], unknowns: list[sp.Symbol], profile: Profile
) -> dict[sp.Symbol, Expr] | None:
    """The unknowns of linear equations; those that nothing determines are set to zero."""
    found = eliminated(equations, unknowns, profile)
    if found is None:
        return None
    solved, left, _ = found
    free = dict.fromkeys(left, _ZERO)
    return {**{k: shortened(e.xreplace(free)) for k, e in solved.items()}, **free}


def eliminated(
    equations: list[Expr], unknowns: list[sp.Symbol], profile: Profile
) -> tuple[dict[sp.Symbol, Expr], list[sp.Symbol], list[Expr]] | None:
    """Unknowns of linear equations in terms of those left free; earlier unknowns go first.

    The pivots, the third part, are nonzero at the witness.  Equations without unknowns left are
    not looked at: whether they hold is decided by the proof.  None where a coefficient is not
    finite, or where the formulas grow beyond what a proof could use.
    """
    rows = [sp.expand(e) for e in equations if unknowns and e.has(*unknowns)]
    solved: dict[sp.Symbol, Expr] = {}
    left = list(unknowns)
    pivots: list[Expr] = []
    while left:
        if sum(row.count_ops() for row in rows) > SIZE_LIMIT:
            return None
        pivot = _pivot(rows, left, profile)
        if pivot is None:
            break
        row, mu, coefficient = pivot
        if row.count_ops() > ROW_LIMIT:
            return None
        value = sp.together(-(row - coefficient * mu).xreplace({mu: _ZERO}) / coefficient)
        value = sp.Add(*(shortened(t) for t in _collected(value, left)))
        if value.has(*INFINITE):
            return None
        rows = [r.xreplace({mu: value}) for r in rows if r is not row]
        rows = [sp.expand(r) if r.has(*left) else r for r in rows]
        solved = {k: e.xreplace({mu: value}) for k, e in solved.items()}
        solved[mu] = value
        left.remove(mu)
        pivots.append(coefficient)
    return solved, left, pivots


def _collected(value: Expr, unknowns: list[sp.Symbol]) -> list[Expr]:
    """The terms of an expression that is linear in the unknowns, one an unknown."""
    opened = sp.expand(value)
    inside = [u for u in unknowns if opened.has(u)]
    parts = [u * opened.coeff(u) for u in inside]
    return [*parts, sp.Add(opened, *(-p for p in parts)).expand()] if inside else [value]


def _pivot(
    rows: list[Expr], unknowns: list[sp.Symbol], profile: Profile
) -> tuple[Expr, sp.Symbol, Expr] | None:
    """For the first unknown possible the shortest row whose coefficient is not zero there."""
    for mu in unknowns:
        found = []
        for position, row in enumerate(rows):
            coefficient = row.coeff(mu)
            value = None if coefficient == 0 else profile.number(coefficient)
            if value is not None and abs(value) > SMALL:
                found.append((row.count_ops(), position, row, coefficient))
        if found:
            _, _, row, coefficient = min(found, key=lambda item: item[:2])
            return row, mu, coefficient
    return None


def nonnegative(e: Expr, region: Region, *, strictly: bool = False) -> bool:
    """Whether e >= 0 (or > 0) is shown on the region."""
    return implies(region, Relation(e, ">" if strictly else ">=", _ZERO)).is_proof
