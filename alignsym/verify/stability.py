"""Does the value follow the multipliers when a constraint moves?  For problems not concave.

    max x,  (x - 1)/(x**2 + 1) <= 0:   x* = 1 with the multiplier 2, but (x - 1)/(x**2 + 1) <= e
    holds far away for every e > 0, and the value is infinite there
    max 1 + (x - 1)/(x**2 + 1),  x <= 1:   x* = 1 with the multiplier 1/2, but the value stays 1
    when the constraint is tightened, as 1 is approached for x -> -oo

Unique multipliers at the only maximiser are the derivatives of the value if the choices that are
almost as good, f(x) >= f(x*) - e, stay in a compact set while the constraints move by up to e, for
some e > 0 (inf-compactness; Gauvin and Dubeau 1982).  Sought are bounds of one size, far enough
out, that nothing almost as good leaves.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from alignsym.claims import Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import DecisionMaker

_ZERO = sp.S.Zero
FAR = sp.Integer(100)


def stays_near(
    maker: DecisionMaker, values: Mapping[sp.Symbol, Expr], priced: frozenset[str], region: Region
) -> Verdict:
    """Whether nothing almost as good as x* is far away, or at an open end, where constraints move.

    All constraints are relaxed by up to e at once, and the bounds of the actions in `priced`;
    almost as good is f(x) >= f(x*) - e.  Far is M >= 100*(1 + s**2) for every parameter, value and
    finite end s, an open end is nearer than 1/M, and e <= 1/M.  `maker` has the others' choices put
    in.
    """
    moved, size = sp.Dummy("e", real=True), sp.Dummy("M", positive=True)
    other = {v: sp.Dummy(v.name, real=True) for v in maker.variables}
    relaxed: list[Relation] = []
    for constraint in maker.constraints:
        gap = constraint.relation.gap
        relaxed.append(Relation(gap, ">=", -moved))
        if constraint.relation.is_equality:
            relaxed.append(Relation(gap, "<=", moved))
    measures: set[Expr] = {s for r in region for s in r.free_symbols}
    measures |= {s for c in maker.constraints for s in c.relation.free_symbols - set(other)}
    measures |= {values[v] for v in maker.variables}
    for action in maker.actions:
        ends = (action.interval.lower, action.interval.upper)
        measures |= {end for end in ends if end.is_finite is not False}
        for r in action.interval.contains(action.symbol):
            loose = action.name in priced and not r.is_strict
            relaxed.append(Relation(r.gap, ">=", -moved) if loose else r)
    relaxed += maker.domain
    escaped = [Relation(v, ">", size) for v in maker.variables]
    escaped += [Relation(v, "<", -size) for v in maker.variables]
    for r in (r for r in relaxed if r.is_strict and r.free_symbols & set(other)):
        gap = r.gap**2 if r.operator == "!=" else r.gap
        escaped.append(Relation(gap * size, "<", sp.S.One))
    best = maker.objective.xreplace(dict(values))
    far = [Relation(size, ">=", FAR * (1 + s**2)) for s in sorted(measures, key=str)]
    premises = (
        *region,
        Relation(moved, ">=", _ZERO),
        Relation(moved * size, "<=", sp.S.One),
        Relation(size, ">=", FAR),
        *far,
        *(r.replaced(other) for r in relaxed),
        Relation(maker.objective.xreplace(other), ">=", best - moved),
    )
    leaves = tuple(r.replaced(other) for r in escaped)
    if search(premises, any_of=leaves).is_proof:
        return Proved((Unsatisfiable(premises, leaves),))
    return Unknown(f"choices of {maker.name} almost as good may come from far away")
