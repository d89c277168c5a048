"""One case of a complementarity system: solved, its shadow prices, and where it is a solution."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.deriving.asked import Asked
from alignsym.deriving.chain import solved
from alignsym.deriving.choosing import choice, divided_out
from alignsym.logic.decide import implies
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime
from alignsym.solving.oracle.interior import NumericPoint
from alignsym.steps import Hold, ShadowPrices, Solve, Step

_ZERO = sp.S.Zero
MILLISECONDS = 50


def case_steps(
    found: Asked, regime: Regime, point: NumericPoint, hints: Sequence[Step],
    others: Sequence[Regime] = (),
) -> list[Step]:  # fmt: skip
    """The case of the regime solved, its shadow prices, and where it is a solution.

    `others` are the other cases: a solution of an equation that is not chosen may be one of theirs.
    """
    begin, chain = solved(found.system, point, regime, hints)
    steps: list[Step] = [begin]
    steps += divided_out(begin.equations, regime, found.system, point.table(), others)
    known = (*found.system.parameters, *regime.when)
    for step in chain:
        steps.append(step)
        if isinstance(step, Solve):
            elsewhere = [v for r in others for s, v in r.values if s == step.unknown]
            other = choice(step, known, found.system, point.table(), begin.equations, elsewhere)
            steps += [] if other is None else [other]
    return [*steps, *prices(found, regime), *_condition(found, regime, point)]


def prices(found: Asked, regime: Regime) -> list[Step]:
    """The shadow prices read off: scale times multiplier."""
    named = dict(regime.multipliers)
    rows: list[tuple[str, Expr, Expr]] = []
    known = {(f.origin.kind, f.origin.name): f.scale * f.symbol for f in found.system.free}
    known |= {(p.origin.kind, p.origin.name): p.scale * p.multiplier for p in found.system.pairs}
    for name, value in named.items():
        if ("constraint", name) in known:
            rows.append((name, known["constraint", name], value))
    return [ShadowPrices(tuple(rows))] if rows else []


def _condition(found: Asked, regime: Regime, point: NumericPoint) -> list[Step]:
    """Where the case is a solution: what is not bound is feasible, what is has its sign."""
    if not regime.when:
        return []
    values = dict(regime.values)
    named = dict(regime.multipliers) | {n: e for n, e in regime.bounds if e != 0}
    listed = {p.symbol.name: values[p.symbol] for p in found.markets if p.symbol in values}
    required = []
    for k, pair in enumerate(found.system.pairs):
        name = pair.origin.name
        if k not in point.binding:
            kept = pair.slack.xreplace(values)
        else:
            kept = (listed if pair.origin.kind == "clearing" else named).get(name, _ZERO)
        moving = kept.free_symbols & {s for r in regime.when for s in r.free_symbols}
        if moving and not kept.is_nonnegative and not kept.has(sp.zoo, sp.nan, sp.oo):
            required.append(Relation(kept, ">=", _ZERO))
    # What holds for all parameters is no condition of the case.
    needed = [r for r in dict.fromkeys(required) if not _always(r, found.system.parameters)]
    return [Hold(tuple(needed), regime.when)]


def _always(relation: Relation, given: Region) -> bool:
    return implies(given, relation, milliseconds=MILLISECONDS).is_proof
