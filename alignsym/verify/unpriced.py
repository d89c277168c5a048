"""Constraints without a multiplier: none exists, or any number will do.

*None*: no mu satisfies dL/dx = 0, mu >= 0 and complementary slackness at x* (a constraint
qualification fails; Fritz John 1948 has then a solution with lambda_0 = 0).
*Any*: the constraint is tight at x* and its gradient vanishes there, so that its multiplier is not
determined.
Either is decided for every parameter of the regime; otherwise a multiplier is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sympy as sp

from alignsym.claims import Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import search
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.equilibria import smooth
from alignsym.verify.facts import holds, zero

_ZERO = sp.S.Zero


def unpriced(
    makers: Sequence[DecisionMaker],
    values: Mapping[sp.Symbol, Expr],
    missing: Collection[str],
    region: Region,
) -> Verdict:
    """Whether every constraint in `missing` rightly has no multiplier listed."""
    flat = [
        flat_constraint(maker, name, values, region)
        for maker in makers
        for name in sorted(missing)
        if any(c.name == name for c in maker.constraints)
    ]
    if all(isinstance(v, Proved) for v in flat):
        return Proved()
    if len(makers) == 1 and {c.name for c in makers[0].constraints} == set(missing):
        return no_multipliers(makers[0], values, region)
    return Unknown("the multipliers listed are not those of the named constraints")


def flat_constraint(
    maker: DecisionMaker, name: str, values: Mapping[sp.Symbol, Expr], region: Region
) -> Verdict:
    """Whether the named constraint is tight at x*, with a gradient that is defined and zero.

    Of a constraint that is slack the multiplier is zero, whatever its gradient.
    """
    (relation,) = (c.relation for c in maker.constraints if c.name == name)
    if not isinstance(zero(relation.gap.xreplace(dict(values)), region), Proved):
        return Unknown(f"{name} is not shown to be tight")
    for v in maker.variables:
        slope = sp.diff(relation.gap, v)
        at = slope.xreplace(dict(values))
        if at.has(sp.zoo, sp.nan, sp.oo) or not isinstance(zero(at, region), Proved):
            return Unknown(f"the gradient of {name} is not shown to vanish")
        for needed in natural_domain(slope):
            if not isinstance(holds(needed.replaced(dict(values)), region), Proved):
                return Unknown(f"the gradient of {name} is not shown to be defined")
    return Proved()


def no_multipliers(
    maker: DecisionMaker, values: Mapping[sp.Symbol, Expr], region: Region
) -> Verdict:
    """Whether no multipliers of constraints and bounds satisfy the conditions at x*."""
    table = dict(values)
    if not smooth([maker]):
        return Unknown("at a kink the gradient is a set")
    rows = {v: sp.diff(maker.objective, v) for v in maker.variables}
    wanted: list[Relation] = []
    relations = [c.relation for c in maker.constraints]
    relations += [r for r in (*maker.bounds(), *maker.domain) if not r.is_strict]
    for relation in relations:
        mu = sp.Dummy("mu", real=True)
        if not relation.is_equality:
            slack = relation.gap.xreplace(table)
            wanted.append(Relation(mu, ">=", _ZERO))
            wanted.append(Relation(sp.Mul(mu, slack), "==", _ZERO))
        for v in rows:
            rows[v] += mu * sp.diff(relation.gap, v)
    slopes = [row.xreplace(table) for row in rows.values()]
    if any(s.has(sp.zoo, sp.nan, sp.oo) for s in slopes):
        return Unknown("the objective or a constraint has no finite gradient at the solution")
    for row in rows.values():
        for needed in natural_domain(row):
            if not isinstance(holds(needed.replaced(table), region), Proved):
                return Unknown("a gradient is not shown to be defined at the solution")
    wanted += [Relation(s, "==", _ZERO) for s in slopes if s != 0]
    if search((*region, *wanted)).is_proof:
        return Proved((Unsatisfiable((*region, *wanted), ()),))
    return Unknown("a multiplier is missing")
