"""Parameters without a solution, where the conditions are affine: no feasible point, or no bound.

*Infeasible* (Farkas 1902): weights y with y_k >= 0 on inequalities, sum y_k grad slack_k = 0 and
sum y_k slack_k < 0 contradict each other's constraints wherever those signs hold.
*Unbounded*: a ray x0 + t*d on which every slack stays nonnegative and the objective's term of
highest order in t is positive.
*None*: a ray, or a way to a bound that does not belong to the interval, along which the objective
nears a value that no feasible point has.

Found at one parameter point and stated for all where the same signs hold; verified afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product

import sympy as sp

from alignsym.conditions.system import System
from alignsym.logic.growth import T, leading, limit_along
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.branches import Branch
from alignsym.solving.oracle.tape import Tape, UnsupportedError
from alignsym.solving.strategies.linear import is_affine
from alignsym.solving.thresholds import conditions, equality_of

SUPPORTS_LIMIT = 400
RAYS_LIMIT = 200
NEAR = 1e-9

Point = dict[sp.Symbol, Fraction]
Values = dict[sp.Symbol, Expr]


@dataclass(frozen=True, slots=True)
class Row:
    """slack = sum slopes[x]*x + constant, >= 0, == 0 or, if strict, > 0."""

    slack: Expr
    slopes: tuple[Expr, ...]
    constant: Expr
    equality: bool
    strict: bool


def outcome_branch(system: System, point: Point) -> Branch | None:
    """The branch of an outcome that holds at the point, and where else; None if none is found."""
    if system.objective is None:
        return None
    rows = affine_rows(system)
    numbers = Numbers(point)
    found = contradiction(system, rows, numbers)
    if found is not None:
        return Branch(
            conditions(found, system.parameters), (), frozenset(), (), _exact(point),
            outcome="infeasible",
        )  # fmt: skip
    if len(rows) < len(system.pairs) + sum(e.origin.kind == "constraint" for e in system.equations):
        return None  # a ray must satisfy all constraints, and one of them is not affine
    for start, direction in islice(rays(system, rows), RAYS_LIMIT):
        needed = growing(system, rows, numbers, start, direction)
        if needed is not None:
            when = conditions(needed, system.parameters)
            steps = tuple((s, start[s], direction[s]) for s in system.actions)
            return Branch(when, (), frozenset(), (), _exact(point), outcome="unbounded", ray=steps)
    return approached(system, rows, numbers, point)


def approached(system: System, rows: list[Row], numbers: Numbers, point: Point) -> Branch | None:
    """A ray, or a way to an open bound, along which the objective nears its supremum."""
    if system.objective is None:
        return None
    best: tuple[float, Branch] | None = None
    for start, direction, inverse in ways(system, rows):
        along = {s: start[s] + T * direction[s] for s in system.actions}
        limit: Expr | None = system.objective.xreplace(start)
        if not inverse:
            limit = limit_along(system.objective.xreplace(along))
        if limit is None or limit.has(sp.oo, sp.zoo, sp.nan):
            continue
        needed = feasible_along(system, rows, numbers, start, {} if inverse else direction)
        value = numbers.of([limit])
        if needed is None or value is None or (best is not None and value[0] <= best[0] + NEAR):
            continue
        if inverse:  # the bound is the best place only where the objective falls away from it
            inwards = (sp.diff(system.objective, s) * direction[s] for s in system.actions)
            needed = (*needed, Relation(sp.Add(*inwards).xreplace(start), "<=", sp.S.Zero))
        steps = tuple((s, start[s], direction[s]) for s in system.actions)
        when = conditions(needed, system.parameters)
        branch = Branch(
            when, (), frozenset(), (), _exact(point), outcome="none", ray=steps, inverse=inverse
        )
        best = (value[0], branch)
    return None if best is None else best[1]


def ways(system: System, rows: list[Row]) -> Iterator[tuple[Values, Values, bool]]:
    """Rays, and ways inwards from a bound that is not attained (start + direction/t)."""
    for start, direction in islice(rays(system, rows), RAYS_LIMIT):
        yield start, direction, False
    if len(system.actions) != 1:
        return
    (action,) = system.actions
    for relation in system.domain:
        if relation.is_strict and relation.gap.has(action) and is_affine(relation.gap, (action,)):
            slope = sp.diff(relation.gap, action)
            end = sp.cancel(-relation.gap.xreplace({action: sp.S.Zero}) / slope)
            yield {action: end}, {action: sp.sign(slope)}, True


def feasible_along(
    system: System, rows: list[Row], numbers: Numbers, start: Values, direction: Values
) -> Region | None:
    """The signs under which a ray stays feasible; without a direction, those at the start."""
    region = []
    for row in rows:
        terms = (a * direction.get(s, sp.S.Zero) for a, s in zip(row.slopes, system.actions))
        slope = sp.expand(sp.Add(*terms))
        value = row.slack.xreplace(start)
        if row.equality:
            if slope != 0 or sp.expand(value) != 0:
                return None
        elif slope == 0:
            region.append(Relation(value, ">=", sp.S.Zero))
        else:
            region.append(Relation(slope, ">", sp.S.Zero))
    gaps = numbers.of([r.gap for r in region])
    if gaps is None or any(g < -NEAR for g in gaps):
        return None
    return tuple(region)


def _exact(point: Point) -> tuple[tuple[sp.Symbol, Fraction], ...]:
    return tuple(sorted(point.items(), key=lambda item: item[0].name))


class Numbers:
    """Numerical values of parameter expressions at one point."""

    def __init__(self, point: Point) -> None:
        self.symbols = list(point)
        self.numbers = [float(v) for v in point.values()]

    def of(self, expressions: Sequence[Expr]) -> list[float] | None:
        """The values; None where one has none."""
        try:
            out = Tape(expressions, [], self.symbols).values([], self.numbers)
        except UnsupportedError:
            return None
        return out if all(v == v for v in out) else None


def affine_rows(system: System) -> list[Row]:
    """Constraints, bounds and domains that are affine in the actions."""
    out = []
    domain = [r for r in system.domain if r.operator not in ("!=", "==")]
    positive = {s for s in system.actions if s.is_positive}
    slacks = [(p.slack, False, False) for p in system.pairs]
    slacks += [
        (e.expression, True, False) for e in system.equations if e.origin.kind == "constraint"
    ]
    # x > 0 for log(x) alone leaves x = 0, where the utility is -oo; a positive action does not.
    slacks += [(r.gap, False, r.is_strict and r.gap in positive) for r in domain]
    for slack, equality, strict in slacks:
        if not is_affine(slack, system.actions):
            continue
        slopes = tuple(sp.diff(sp.expand(slack), s) for s in system.actions)
        constant = sp.expand(slack).xreplace(dict.fromkeys(system.actions, sp.S.Zero))
        row = Row(slack, slopes, constant, equality, strict)
        if row not in out:
            out.append(row)
    return out


# ------------------------------------------------------------------ infeasible
def contradiction(system: System, rows: list[Row], numbers: Numbers) -> Region | None:
    """The signs under which a few rows contradict each other, if some do at the numbers."""
    most = len(system.actions) + 1
    tried = 0
    for size in range(1, min(most, len(rows)) + 1):
        for chosen in combinations(rows, size):
            tried += 1
            if tried > SUPPORTS_LIMIT:
                return None
            found = farkas(chosen, numbers)
            if found is not None:
                return found
    return None


def farkas(rows: tuple[Row, ...], numbers: Numbers) -> Region | None:
    """y_k >= 0 and sum y_k*constant_k < 0 for the only combination of the rows without actions;
    <= 0 where it has a strict row."""
    matrix = sp.Matrix([list(row.slopes) for row in rows]).T
    kernel = matrix.nullspace() if any(e != 0 for e in matrix) else [sp.eye(len(rows)).col(0)]
    if len(kernel) != 1 or (len(rows) > 1 and any(e == 0 for e in kernel[0])):
        return None
    weights = _whole([sp.cancel(e) for e in kernel[0]])
    total = sp.Add(*(y * row.constant for y, row in zip(weights, rows)))
    values = numbers.of([*weights, total])
    strict = any(row.strict for row in rows)
    if values is None or (abs(values[-1]) < NEAR and not strict):
        return None
    unequal = [v for v, row in zip(values, rows) if not row.equality]
    if values[-1] > NEAR or (abs(values[-1]) <= NEAR and min(unequal) < 0):
        weights, total = [-y for y in weights], -total
        values = [-v for v in values]
    signs = [(y, v) for y, v, row in zip(weights, values, rows) if not row.equality]
    if any(v < 0 for _, v in signs):
        return None
    operator = "<=" if any(r.strict and w != 0 for r, w in zip(rows, weights)) else "<"
    region = [Relation(y, ">=", sp.S.Zero) for y, _ in signs]
    return (*region, Relation(total, operator, sp.S.Zero))  # type: ignore[arg-type]


def _whole(weights: list[Expr]) -> list[Expr]:
    """The weights times their denominators: 1/(p - 2) says nothing of p = 2."""
    below = [sp.fraction(e)[1] for e in weights]
    if all(not e.free_symbols for e in below):
        return weights
    common = sp.lcm_list(below) if all(e.is_polynomial() for e in below) else sp.S.One
    return [sp.cancel(common * e) for e in weights]


# ------------------------------------------------------------------ unbounded
def rays(system: System, rows: list[Row]) -> Iterator[tuple[Values, Values]]:
    """Starts at ends of constraints in one action and simple numbers; unit and other directions."""
    actions = system.actions
    starts = {s: _ends(s, rows, actions) for s in actions}
    directions: list[Values] = [{s: v} for s in actions for v in (sp.S.One, sp.S.NegativeOne)]
    directions += _along_equalities(rows, actions)
    directions += [
        {s: v, r: w}
        for s, r in combinations(actions, 2)
        for v, w in product((sp.S.One, sp.S.NegativeOne), repeat=2)
    ]
    for direction in directions:
        full = {s: direction.get(s, sp.S.Zero) for s in actions}
        for start in islice(product(*(starts[s] for s in actions)), 6):
            yield dict(zip(actions, start)), full


def _along_equalities(rows: list[Row], actions: tuple[sp.Symbol, ...]) -> list[Values]:
    """Directions in which every affine row that holds two or more actions stays as it is."""
    out: list[Values] = []
    joint = [r for r in rows if r.equality or sum(s != 0 for s in r.slopes) > 1]
    for chosen in ([r for r in joint if r.equality], joint):
        if not chosen or len(chosen) >= len(actions):
            continue
        for vector in sp.Matrix([list(r.slopes) for r in chosen]).nullspace():
            out += [dict(zip(actions, list(vector))), dict(zip(actions, list(-vector)))]
    return out


def _ends(symbol: sp.Symbol, rows: list[Row], actions: tuple[sp.Symbol, ...]) -> list[Expr]:
    place = actions.index(symbol)
    out: list[Expr] = []
    for row in rows:
        alone = [i for i, s in enumerate(row.slopes) if s != 0] == [place]
        if alone:
            out.append(sp.cancel(-row.constant / row.slopes[place]))
    return list(dict.fromkeys([*out, sp.S.Zero, sp.S.One]))


def growing(
    system: System, rows: list[Row], numbers: Numbers, start: Values, direction: Values
) -> Region | None:
    """The signs under which the ray is feasible for large t and the objective grows on it."""
    if system.objective is None:
        return None
    along = {s: start[s] + T * direction[s] for s in system.actions}
    growth = leading(system.objective.xreplace(along))
    if growth is None:
        return None
    region = [Relation(growth, ">", sp.S.Zero)]
    for row in rows:
        slope = sp.expand(sp.Add(*(a * direction[s] for a, s in zip(row.slopes, system.actions))))
        value = sp.expand(row.slack.xreplace(start))
        if row.equality:
            if slope != 0 or value != 0:
                return None
            continue
        level = numbers.of([slope])
        if level and abs(level[0]) < NEAR:
            # A price that is zero at this point: only there is the ray as it is here.
            edge = () if slope == 0 else (equality_of(slope),)
            region += [*edge, Relation(value, ">=", sp.S.Zero)]
        else:
            region.append(Relation(slope, ">", sp.S.Zero))
    gaps = numbers.of([r.gap for r in region])
    if gaps is None:
        return None
    for relation, gap in zip(region, gaps):
        if gap < (NEAR if relation.is_strict else -NEAR):
            return None
    return tuple(region)
