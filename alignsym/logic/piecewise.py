"""Which branch of a Piecewise applies at given values, for all parameters of a region."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from alignsym.logic.decide import implies
from alignsym.model.relations import Expr, Region, Relation, relation


def at_values(e: Expr, values: Mapping[sp.Symbol, Expr], region: Region) -> Expr:
    """The expression at the values, each Piecewise replaced by the branch that applies there.

    One whose branch is not the same on the whole region, or not decided, stays.

    >>> from alignsym.model.relations import Relation
    >>> x, q = sp.symbols("x q", positive=True)
    >>> tariff = sp.Piecewise((x, x <= q), (2*x - q, True))
    >>> at_values(tariff, {x: q/2}, (Relation(q, ">", sp.S.Zero),))
    q/2
    """
    table = dict(values)
    if not e.has(sp.Piecewise):
        return e.xreplace(table)
    if isinstance(e, sp.Piecewise):
        for value, condition in e.args:
            here = _holds(condition, table, region)
            if here == "yes":
                return at_values(value, values, region)
            if here == "open":
                break
        return e.xreplace(table)
    return e.func(*(at_values(a, values, region) for a in e.args))


def _holds(condition: sp.Basic, table: dict[sp.Symbol, Expr], region: Region) -> str:
    """Whether the condition is true everywhere (yes), nowhere (no), or open."""
    if condition == sp.true:
        return "yes"
    parts = condition.args if isinstance(condition, sp.And) else (condition,)
    if not all(isinstance(p, sp.core.relational.Relational) for p in parts):
        return "open"
    relations = tuple(relation(p).replaced(table) for p in parts)
    if all(implies(region, r).is_proof for r in relations):
        return "yes"
    # Not merely untrue, which an undefined condition is, too.
    return "no" if any(implies(region, r.negated()).is_proof for r in relations) else "open"


def relation_at(r: Relation, values: Mapping[sp.Symbol, Expr], region: Region) -> Relation:
    """The relation at the values, each Piecewise replaced by the branch that applies there."""
    if not r.left.has(sp.Piecewise) and not r.right.has(sp.Piecewise):
        return r.replaced(dict(values))
    left, right = (at_values(side, values, region) for side in (r.left, r.right))
    return Relation(left, r.operator, right)
