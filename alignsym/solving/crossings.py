"""Edges of regimes, and of sets of solutions that meet, at which there are more solutions.

    max u*x + v*y, -1 <= x, y <= 1:   u = 0, v > 0 is an edge, u = 0, v < 0 another;
                                      at u = v = 0 the whole square is optimal

Both sets give up the parameters that they share, which become a case of their own.  A regime gives
up an edge where it is not the only solution: max u*x - |x| has x >= 0 at u = 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import sympy as sp

from alignsym.claims import Proved
from alignsym.conditions.planner import aggregate
from alignsym.conditions.system import System
from alignsym.logic.decide import search
from alignsym.logic.normal import is_identically_zero
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Case, Continuum, Regime
from alignsym.solving.edges import on_edge, put_in, solved_edge
from alignsym.solving.regimes import witness_of
from alignsym.solving.thresholds import conditions, equality_of
from alignsym.solving.ties import balanced, face_at, minimal

SETS_LIMIT = 8


def with_crossings(game: Game, system: System, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The cases with sets that meet opened, and a case for every place where two of them do."""
    out = list(cases)
    sets = [k for k, c in enumerate(out) if isinstance(c, Continuum)]
    if len(sets) > SETS_LIMIT:
        return tuple(out)
    found: list[Continuum] = []
    for first, second in combinations(sets, 2):
        one, two = out[first], out[second]
        if not (isinstance(one, Continuum) and isinstance(two, Continuum)):
            continue
        shared = (*game.domain(), *one.when, *two.when)
        if set(one.relations) == set(two.relations) or search(shared).is_proof:
            continue
        edges = {k: _edges(c, shared) for k, c in ((first, one), (second, two))}
        if not all(edges.values()):
            continue
        crossing = _crossing(game, system, one, two, [r.gap for e in edges.values() for r in e])
        if crossing is None:
            continue
        for k, c in ((first, one), (second, two)):
            when = tuple(r.tightened() if r in edges[k] else r for r in c.when)
            out[k] = replace(c, when=when, witness=witness_of(game, when))
        if all(crossing.when != c.when for c in found):
            found.append(crossing)
    return (*out, *found)


def with_edges(
    game: Game, system: System, regimes: Sequence[Regime], others: Sequence[Case]
) -> tuple[Case, ...]:
    """The cases with the edges opened at which a regime that is not the only solution is one of a
    set; () if there are none."""
    found: list[Continuum] = []
    out: list[Case] = []
    for regime in regimes:
        gaps = [r for r in regime.when if r.operator in ("<=", ">=")]
        if isinstance(regime.exhaustive, Proved) or len(gaps) > SETS_LIMIT:
            out.append(regime)
            continue
        whole: list[Relation] = []
        for edge in gaps:
            rest = (*(r for r in regime.when if r is not edge), equality_of(edge.gap))
            when = conditions(rest, game.domain())
            witness = witness_of(game, when)
            relations = face_at(on_edge(system, edge.gap), witness) if witness else ()
            relations = relations or (_level(game, regime, when) if witness else ())
            if relations:
                whole.append(edge)
                found.append(
                    Continuum(
                        when=when, relations=relations, value=regime.value, witness=witness,
                        members=(regime.values,),
                    )
                )  # fmt: skip
        when = tuple(r.tightened() if r in whole else r for r in regime.when)
        out.append(replace(regime, when=when, witness=witness_of(game, when)))
    return (*out, *found, *others) if found else ()


def _level(game: Game, regime: Regime, when: Region) -> Region:
    """{x feasible : f(x) = f(x*)} as it stands, where it seems to hold more than x*."""
    variables = [a.symbol for a in game.actions]
    edges = [r for r in when if r.is_equality]
    table = solved_edge(edges[0].gap) if len(edges) == 1 else {}
    if not table:
        return ()
    at = {s: e.xreplace(table) for s, e in regime.values}
    try:
        objective = aggregate(game).xreplace(table)
    except ValueError:  # a pole on the edge, where SymPy has no Max(zoo, q)
        return ()
    level = balanced(objective - objective.xreplace(at), set(variables))
    feasible = [r for a in game.actions for r in a.interval.contains(a.symbol)]
    feasible += [c.relation for c in game.constraints]
    kept = minimal([r.replaced(table) for r in feasible], (*game.domain(), *when, level), variables)
    bare = {v: sp.Dummy(v.name, real=True) for v in variables}
    other = tuple(Relation(bare[v], "!=", e) for v, e in at.items())
    members = tuple(r.replaced(bare) for r in (level, *feasible))
    more = search((*game.domain(), *when, *members), any_of=other)
    return (level, *kept) if more.kind == "sat" else ()


def _edges(case: Continuum, shared: Region) -> Region:
    """The conditions of the set that are equations where it meets the other one."""
    return tuple(
        r for r in case.when
        if not (r.is_equality or r.is_strict) and search((*shared, r.tightened())).is_proof
    )  # fmt: skip


def _crossing(
    game: Game, system: System, one: Continuum, two: Continuum, edges: Sequence[Expr]
) -> Continuum | None:
    """All solutions on the edges; None where they are not found as one set."""
    equal = [r for r in (*one.when, *two.when) if r.is_equality]
    equal += [equality_of(gap) for gap in edges]
    when = conditions((*one.when, *two.when, *equal), game.domain())
    witness = witness_of(game, when)
    if not witness or one.value is None:
        return None
    table: dict[sp.Symbol, Expr] = {}
    for relation in equal:
        step = solved_edge(relation.gap.xreplace(table))
        table = {s: e.xreplace(step) for s, e in table.items()} | dict(step)
    feasible = [r for a in game.actions for r in a.interval.contains(a.symbol)]
    feasible += [c.relation for c in game.constraints]
    variables = [a.symbol for a in game.actions]
    if is_identically_zero((aggregate(game) - one.value).xreplace(table)):
        relations = minimal(
            [r.replaced(table) for r in feasible], (*game.domain(), *when), variables
        )
    else:
        relations = face_at(put_in(system, table), witness)
    if not relations:
        return None
    return Continuum(
        when=when, relations=relations, value=one.value, witness=witness,
        members=(*one.members, *two.members),
    )  # fmt: skip
