"""Sets of optima: the face of a concave program on which all its solutions lie.

With multipliers (mu, nu) of one solution, the solutions of a concave program are the points x with

    x feasible,   slack_k(x) = 0 where mu_k > 0,   dL/dx(x, mu, nu) = 0

(a saddle point; Rockafellar 1970, corollary 28.3.1).  For a linear program the last says nothing
of x.  The numbers must come from the relative interior of the face, as an interior point's do:
only then is a slack that vanishes there zero on the whole face.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations, islice

import sympy as sp

from alignsym.conditions.system import System
from alignsym.logic.decide import irredundant
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.branches import Branch
from alignsym.solving.neat import shortened
from alignsym.solving.oracle.interior import NumericPoint
from alignsym.solving.oracle.tape import Tape
from alignsym.solving.strategies.contract import Declined
from alignsym.solving.strategies.linear import is_affine, linear_solution
from alignsym.solving.thresholds import conditions
from alignsym.steps import BindingCase, Hold

CORNERS_LIMIT = 40
CORNERS_KEPT = 4
NEAR = 1e-7


def face(system: System, number: NumericPoint) -> Branch | Declined:
    """The branch whose `relations` describe all solutions at the number's binding set.

    Its values are those of one corner of the face, which shows that the set is not empty.
    """
    if system.objective is None:
        return Declined("sets of solutions are found for one decision maker")
    priced = multipliers(system, number)
    if priced is None:
        return Declined("the multipliers of a continuum are not determined")
    relations = described(system, number, priced)
    for corner in islice(corners(system, number), CORNERS_KEPT):
        values = {**priced, **{s: shortened(v) for s, v in corner.items()}}
        required = _required(system, values)
        when = conditions(required, system.parameters)
        names = tuple(system.pairs[k].origin.name for k in sorted(number.binding))
        equations = tuple(e.expression for e in system.equations)
        steps = (BindingCase(names, equations, system.actions), Hold(required, when))
        values = {s: v for s, v in values.items() if s not in system.auxiliary}
        return Branch(
            when, tuple(values.items()), number.binding, steps, number.parameters,
            relations=relations,
        )  # fmt: skip
    return Declined("no corner of the set of solutions was found")


def multipliers(system: System, number: NumericPoint) -> dict[sp.Symbol, Expr] | None:
    """Every multiplier from stationarity alone, which must not contain the actions."""
    binding = sorted(number.binding)
    unknowns = [f.symbol for f in system.free] + [system.pairs[k].multiplier for k in binding]
    zero = {p.multiplier: sp.S.Zero for k, p in enumerate(system.pairs) if k not in number.binding}
    rows = [
        e.expression.xreplace(zero) for e in system.equations if e.origin.kind == "stationarity"
    ]
    rows = [sp.expand(row) for row in rows]
    if any(row.free_symbols & set(system.actions) for row in rows):
        return None
    if not unknowns:
        return dict(zero) if all(row == 0 for row in rows) else None
    if not all(is_affine(row, tuple(unknowns)) for row in rows):
        return None
    row = linear_solution(rows, unknowns)
    if row is None:
        return None
    if any(e.free_symbols & set(unknowns) for e in row):
        return None
    return {**zero, **{u: shortened(e) for u, e in zip(unknowns, row)}}


def corners(system: System, number: NumericPoint) -> Iterator[dict[sp.Symbol, Expr]]:
    """Points of the face, from further slacks put to zero; free directions are put to zero."""
    tight = [system.pairs[k].slack for k in sorted(number.binding)]
    tight += [e.expression for e in system.equations if e.origin.kind != "stationarity"]
    others = [p.slack for k, p in enumerate(system.pairs) if k not in number.binding]
    others = [s for s in others if is_affine(s, system.actions)]
    if not all(is_affine(e, system.actions) for e in tight):
        return
    constants = [float(v) for _, v in number.parameters]
    symbols = [s for s, _ in number.parameters]
    most = min(len(system.actions), len(others))
    for size in range(most + 1):
        for more in islice(combinations(others, size), CORNERS_LIMIT):
            row = linear_solution([*tight, *more], system.actions)
            if row is None:
                continue
            free = {s for e in row for s in e.free_symbols} & set(system.actions)
            if free and size < most:
                continue
            point = dict(zip(system.actions, row))
            if free:
                point = {s: e.xreplace(dict.fromkeys(free, sp.S.Zero)) for s, e in point.items()}
            slacks = Tape([s.xreplace(point) for s in others], [], symbols).values([], constants)
            if all(v >= -NEAR for v in slacks):
                yield point


def described(system: System, number: NumericPoint, priced: dict[sp.Symbol, Expr]) -> Region:
    """The relations of the face over the actions proper, those that the others imply left out."""
    equal = [system.pairs[k].slack for k in sorted(number.binding)]
    equal += [e.expression for e in system.equations if e.origin.kind != "stationarity"]
    least = [p.slack for k, p in enumerate(system.pairs) if k not in number.binding]
    for auxiliary in system.auxiliary:
        known = next((e for e in equal if e.has(auxiliary)), None)
        if known is None:
            continue
        (value,) = sp.solve(known, auxiliary) or (auxiliary,)
        table = {auxiliary: value}
        equal = [e.xreplace(table) for e in equal if e is not known]
        least = [e.xreplace(table) for e in least]
    for e in list(equal):
        alone = e.free_symbols & set(system.actions)
        if len(alone) == 1 and is_affine(e, tuple(alone)):
            (symbol,) = alone
            (value,) = sp.solve(e, symbol)
            equal = [o if o is e else o.xreplace({symbol: value}) for o in equal]
            least = [o.xreplace({symbol: value}) for o in least]
    plain = [balanced(e, "==", system.actions) for e in equal if sp.expand(e) != 0]
    plain += [balanced(e, ">=", system.actions) for e in least if sp.expand(e) != 0]
    bare = {s: sp.Dummy(s.name, real=True) for s in system.actions}
    back = {d: s for s, d in bare.items()}
    kept = irredundant(tuple(r.replaced(bare) for r in plain), system.parameters)
    return tuple(r.replaced(back) for r in kept)


def balanced(gap: Expr, operator: str, actions: Collection[sp.Symbol]) -> Relation:
    """gap (operator) 0 with negative terms moved; of an equation, with the actions on the left.

    >>> x, q = sp.symbols("x q")
    >>> str(balanced(q - x, ">=", {x})), str(balanced(q - x, "==", {x}))
    ('x <= q', 'Eq(x, q)')
    """
    gap = sp.expand(gap).primitive()[1]
    terms = sp.Add.make_args(gap)
    if operator == "==":
        left = sp.Add(*(t for t in terms if t.free_symbols & set(actions)))
        right = left - gap
        if left.could_extract_minus_sign():
            left, right = -left, -right
        return Relation(left, "==", right)
    left = sp.Add(*(t for t in terms if not t.could_extract_minus_sign()))
    right = sp.Add(*(-t for t in terms if t.could_extract_minus_sign()))
    if left == 0 and operator == ">=":
        return Relation(right, "<=", left)
    if right in actions and left not in actions and not left.free_symbols & set(actions):
        return Relation(right, "<=", left)
    return Relation(left, ">=", right)


def _required(system: System, values: dict[sp.Symbol, Expr]) -> Region:
    out = [Relation(values[p.multiplier], ">=", sp.S.Zero) for p in system.pairs]
    out += [Relation(p.slack.xreplace(values), ">=", sp.S.Zero) for p in system.pairs]
    return tuple(r for r in out if r.gap != 0)


def determined(relations: Region, system: System) -> bool:
    """As many equations as actions: a point."""
    proper = [s for s in system.actions if s not in system.auxiliary]
    return sum(r.is_equality for r in relations) >= len(proper)
