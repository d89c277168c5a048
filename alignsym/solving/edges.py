"""Programs on an edge of what is known, where a parameter is given by the others.

max u*x - exp(x):   log(u) for u > 0, no bound for u < 0; at u = 0 the supremum is not attained
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import sympy as sp

from alignsym.conditions.system import System
from alignsym.model.relations import Expr
from alignsym.solving.branches import Branch
from alignsym.solving.outcomes import Point, outcome_branch
from alignsym.solving.thresholds import conditions, equality_of

EDGES_LIMIT = 4


def outcome_near(system: System, known: Iterable[Branch], point: Point) -> Branch | None:
    """The outcome at the point; on an edge of what is known, for all of that edge.

    None if none is found that is new.
    """
    whens = [b.when for b in known]
    found = outcome_branch(system, point)
    if found is not None and found.when not in whens:
        return found
    table = {s: sp.Rational(v.numerator, v.denominator) for s, v in point.items()}
    gaps = dict.fromkeys(r.gap for when in whens for r in when if r.gap.is_polynomial())
    edges = [f for gap in gaps for f in _factors(gap) if f.xreplace(table) == 0]
    for gap in [e for e in edges if solved_edge(e)][:EDGES_LIMIT]:
        there = on_edge(system, gap)
        found = None if there is None else outcome_branch(there, point)
        if found is not None:
            when = conditions((*found.when, equality_of(gap)), system.parameters)
            return replace(found, when=when) if when not in whens else None
    return None


def _factors(gap: Expr) -> list[Expr]:
    return [base for base, _ in sp.factor_list(gap)[1]]


def on_edge(system: System, edge: Expr) -> System | None:
    """The system with the parameter that the edge determines put in."""
    return put_in(system, solved_edge(edge))


def put_in(system: System, table: dict[sp.Symbol, Expr]) -> System | None:
    """The system with the parameters put in; None at a pole, as SymPy has no Max(zoo, q)."""
    try:
        return replace(
            system,
            equations=tuple(
                replace(e, expression=e.expression.xreplace(table)) for e in system.equations
            ),
            pairs=tuple(replace(p, slack=p.slack.xreplace(table)) for p in system.pairs),
            objective=None if system.objective is None else system.objective.xreplace(table),
        )
    except ValueError:
        return None


def solved_edge(edge: Expr) -> dict[sp.Symbol, Expr]:
    """One parameter in terms of the others on the edge, the first by name that occurs linearly."""
    for symbol in sorted(edge.free_symbols, key=lambda s: s.name):
        slope = sp.diff(edge, symbol)
        if slope != 0 and not slope.has(symbol) and slope.is_number:
            return {symbol: sp.expand(-(edge - slope * symbol) / slope)}
    return {}
