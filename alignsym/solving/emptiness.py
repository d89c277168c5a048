"""Parameters without a feasible point, where a constraint is not affine.

Of a few constraints that contradict each other at a parameter point one is made the objective:

    max g_j(x)   s.t. g_k(x) >= 0, k in K      has the value V(theta) < 0   =>   infeasible.

Its closed form at that point says where else.  Where V = 0 the feasible set is what attains it, and
multipliers may not exist.  Proposed only; verified by definition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.conditions.system import Equation, Origin, Pair, System
from alignsym.logic.decide import search
from alignsym.model.relations import Expr, Relation
from alignsym.solving.branches import Branch
from alignsym.solving.outcomes import NEAR, Numbers, Point
from alignsym.solving.thresholds import conditions, equality_of

ROWS_LIMIT = 10
MILLISECONDS = 400

Solve = Callable[[System, Point], Branch | None]


@dataclass(frozen=True, slots=True)
class _Row:
    gap: Expr
    pair: Pair | None  # None for an equality
    place: int

    def at(self, table: dict[sp.Symbol, Expr], strict: str) -> Relation:
        operator = "==" if self.pair is None else strict
        return Relation(self.gap.xreplace(table), operator, sp.S.Zero)  # type: ignore[arg-type]


def empty_branch(system: System, point: Point, solve: Solve) -> Branch | None:
    """Where the constraints that contradict each other at the point do so; None if none do.

    Or where they leave one point only, if they do so there.  `solve`: a solution of a system in
    closed form at a parameter point.
    """
    rows = [_Row(p.slack, p, k) for k, p in enumerate(system.pairs)]
    given = [e for e in system.equations if e.origin.kind == "constraint"]
    rows += [_Row(e.expression, None, k) for k, e in enumerate(given)]
    if system.objective is None or len(rows) > ROWS_LIMIT:
        return None
    table: dict[sp.Symbol, Expr] = {
        s: sp.Rational(v.numerator, v.denominator) for s, v in point.items()
    }
    always = tuple(r.replaced(table) for r in system.domain)

    def contradict(some: list[_Row], strict: str) -> bool:
        asked = (*(row.at(table, strict) for row in some), *always)
        return search(asked, milliseconds=MILLISECONDS).is_proof

    strict = next((o for o in (">=", ">") if contradict(rows, o)), "")
    if not strict:
        return None
    for row in list(rows):
        fewer = [r for r in rows if r is not row]
        if contradict(fewer, strict):
            rows = fewer
    numbers = Numbers(point)
    for row in rows:
        for sign in (1, -1) if row.pair is None else (1,):
            program = _program(system, sp.expand(sign * row.gap), [r for r in rows if r is not row])
            best = solve(program, point)
            if best is None or program.objective is None:
                continue
            worth = program.objective.xreplace(dict(best.values))
            value = numbers.of([worth])
            if value is None or value[0] > NEAR:
                continue
            exact = tuple(sorted(point.items(), key=lambda item: item[0].name))
            if value[0] < -NEAR:
                when = conditions((*best.when, Relation(worth, "<", sp.S.Zero)), system.parameters)
                return Branch(when, (), frozenset(), (), exact, outcome="infeasible")
            when = conditions((*best.when, equality_of(worth)), system.parameters)
            values = tuple((s, e) for s, e in best.values if s in system.actions)
            return Branch(when, values, frozenset(), (), exact)
    return None


def _program(system: System, objective: Expr, others: list[_Row]) -> System:
    """Maximise the objective under the other rows."""
    equal = [e for e in system.equations if e.origin.kind == "constraint"]
    kept = {r.place for r in others if r.pair is None}
    free = tuple(f for k, f in enumerate(system.free) if k in kept)
    held = tuple(e for k, e in enumerate(equal) if k in kept)
    pairs = tuple(r.pair for r in others if r.pair is not None)
    rows = []
    for action in system.actions:
        slope = sp.diff(objective, action)
        slope += sum((p.multiplier * sp.diff(p.slack, action) for p in pairs), sp.S.Zero)
        slope -= sum(
            (f.symbol * sp.diff(e.expression, action) for f, e in zip(free, held, strict=True)),
            sp.S.Zero,
        )
        rows.append(Equation(slope, Origin("stationarity", "feasible", str(action))))
    return replace(
        system,
        free=free,
        equations=(*rows, *held),
        pairs=pairs,
        steps=(),
        objective=objective,
        auxiliary=(),
    )
