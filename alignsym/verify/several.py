"""Multipliers that are a set: which of those listed are one choice among several.

Where more constraints meet at x* than their gradients can tell apart, sum d_k grad g_k(x*) = 0 has
solutions d != 0, and mu + t*d are multipliers, too, for small t > 0 if none of them is negative.
The value then has no derivative in those constraints, only one-sided ones, and no shadow price is
claimed; mu still shows x* to be optimal.  Shown by numbers at the witness, which suffices: nothing
is claimed of what is named here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import sympy as sp

from alignsym.logic.decide import search
from alignsym.model.relations import Expr, Relation
from alignsym.solution import Regime
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.theorems import Priced

_ZERO = sp.S.Zero
BOUND = "bound of "  # what a multiplier of an action's bounds is called


def several_multipliers(
    parts: Sequence[tuple[DecisionMaker, Sequence[Priced]]], regime: Regime
) -> tuple[str, ...]:
    """Names of constraints (and of actions, after `BOUND`) whose multipliers have a choice.

    () where the witness has no exact numbers, or nothing can be chosen.
    """
    at = dict(regime.witness)
    values = {s: e.xreplace(at) for s, e in regime.values}
    exact: dict[sp.Symbol, Expr] = {**at, **values}
    rows: dict[tuple[str, sp.Symbol], Expr] = {}
    limits: list[Relation] = []
    moves: dict[str, list[sp.Symbol]] = {}
    common: dict[str, sp.Symbol] = {}
    for maker, priced in parts:
        own = len(maker.constraints)
        for k, item in enumerate(priced):
            gap = item.relation.gap.xreplace(exact)
            if gap != 0:
                continue
            name = item.name if k < own else BOUND + item.name
            d = sp.Dummy("d", real=True)
            if k < own:
                d = common.setdefault(name, d)
            moves.setdefault(name, []).append(d)
            sign = -1 if item.relation.is_equality else 1
            for v in maker.variables:
                slope = sp.diff(item.relation.gap, v).xreplace(exact)
                key = (maker.name, v)
                rows[key] = rows.get(key, _ZERO) + sign * d * slope
            if not item.relation.is_equality:
                limits.append(Relation(item.multiplier.xreplace(at) + d, ">=", _ZERO))
    known = [Relation(row, "==", _ZERO) for row in rows.values() if row != 0]
    known += dict.fromkeys(limits)
    if any(not _rational(r) for r in known):
        return ()
    out = []
    for name, choices in moves.items():
        wanted = tuple(Relation(d, "!=", _ZERO) for d in dict.fromkeys(choices))
        answer = search(tuple(known), any_of=wanted)
        if answer.kind == "sat" and _confirmed(known, wanted, dict(answer.point)):
            out.append(name)
    return tuple(out)


def _rational(relation: Relation) -> bool:
    return all(n.is_Rational for n in sp.expand(relation.gap).atoms(sp.Number)) and not any(
        isinstance(e, sp.Function | sp.Pow) for e in sp.preorder_traversal(relation.gap)
    )


def _confirmed(
    known: Sequence[Relation], wanted: Sequence[Relation], point: Mapping[sp.Symbol, Fraction]
) -> bool:
    """Whether the point found satisfies everything exactly."""
    table: dict[sp.Basic, sp.Basic] = {s: sp.Rational(v) for s, v in point.items()}
    symbols = {s for r in (*known, *wanted) for s in r.free_symbols}
    table |= {s: _ZERO for s in symbols if s not in table}
    gaps = [(r.operator, r.gap.xreplace(table)) for r in known]
    holds = all(g == 0 if operator == "==" else g >= 0 for operator, g in gaps)
    return holds and any(r.gap.xreplace(table) != 0 for r in wanted)
