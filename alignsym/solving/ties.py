"""Boundaries on which regimes meet with different answers: ties, with all their solutions.

Two closed regimes that share an edge and disagree there are opened, and the edge becomes a regime
of its own: a set of solutions {x feasible : f(x) = V} where it has a short description, else the
answers of both sides as multiple solutions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, islice

import sympy as sp

from alignsym.claims import Point
from alignsym.conditions.planner import aggregate
from alignsym.conditions.system import System
from alignsym.logic.decide import irredundant, search
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Case, Continuum, Regime
from alignsym.solving.edges import on_edge, solved_edge
from alignsym.solving.faces import determined, face
from alignsym.solving.neat import shortened
from alignsym.solving.oracle.interior import Oracle
from alignsym.solving.oracle.tape import UnsupportedError
from alignsym.solving.partition import parameters_of
from alignsym.solving.regimes import witness_of
from alignsym.solving.strategies.contract import Declined
from alignsym.solving.thresholds import conditions, equality_of, same_edge

EDGES_LIMIT = 12
REGIMES_LIMIT = 16


def with_ties(game: Game, system: System, regimes: Sequence[Regime]) -> tuple[Case, ...]:
    """The regimes with disputed edges opened, and a case for every such edge.

    For one decision maker: `game` is taken as its aggregate problem.
    """
    out: list[Regime] = list(regimes)
    ties: list[Case] = []
    if len(out) > REGIMES_LIMIT:  # pairs are compared, and so many regimes rarely hide a tie
        return tuple(_at_one_price(r, out) for r in out)
    for edge in disputed(game, out)[:EDGES_LIMIT]:
        beside = [r for r in out if any(same_edge(c.gap, edge) for c in r.when)]
        out = [opened(r, edge) if r in beside else r for r in out]
        ties += _on_edge(game, system, beside, edge)
    regimes = [c for c in (*out, *ties) if isinstance(c, Regime)]
    return tuple(_at_one_price(c, regimes) if isinstance(c, Regime) else c for c in (*out, *ties))


def _at_one_price(regime: Regime, regimes: Sequence[Regime]) -> Regime:
    """Without multipliers where several solutions have several: the value has a kink there."""
    prices = (dict(regime.multipliers), dict(regime.bounds))
    beside = [r for r in regimes if regime.multiple and r.multiple]
    if all((dict(r.multipliers), dict(r.bounds)) == prices for r in beside):
        return regime
    return replace(regime, multipliers=(), bounds=())


def disputed(game: Game, regimes: Sequence[Regime]) -> list[Expr]:
    """Gaps of conditions on whose zero set two regimes meet and differ."""
    found: list[Expr] = []
    for one, two in combinations(regimes, 2):
        if one.multiple and two.multiple:
            continue
        theirs = dict(two.values)
        differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.values if theirs[s] != e)
        if not differ or search((*game.domain(), *one.when, *two.when), any_of=differ).is_proof:
            continue
        shared = [r.gap for r in one.when if any(same_edge(r.gap, o.gap) for o in two.when)]
        # The edge without which they do not meet, not one that bounds both.
        edge = next((e for e in shared if _parts(game, one, two, e)), shared[0] if shared else None)
        if edge is not None and not any(same_edge(edge, known) for known in found):
            found.append(edge)
    return found


def _parts(game: Game, one: Regime, two: Regime, edge: Expr) -> bool:
    whens = (*opened(one, edge).when, *opened(two, edge).when)
    return search((*game.domain(), *whens)).is_proof


def opened(regime: Regime, edge: Expr) -> Regime:
    """The regime without the edge."""
    when = tuple(r.tightened() if same_edge(r.gap, edge) else r for r in regime.when)
    return replace(regime, when=when)


def _on_edge(game: Game, system: System, beside: Sequence[Regime], edge: Expr) -> list[Case]:
    """The solutions on the edge, one case for each part of it that some regime's conditions cut
    out."""
    out: list[Case] = []
    for regime in beside:
        others = tuple(r for r in regime.when if not same_edge(r.gap, edge))
        equality = equality_of(edge)
        when = (equality, *conditions(others, (*game.domain(), equality)))
        witness = witness_of(game, when)
        if not witness:
            continue
        level = level_set(game, regime, edge) or between(game, beside, equality)
        level = level or face_at(on_edge(system, edge), witness)
        if level:
            members = tuple(r.values for r in beside)
            case: Case = Continuum(
                when=when, relations=level, value=regime.value, witness=witness, members=members
            )
            known = [c.when for c in out if isinstance(c, Continuum)]
            if not known or not search((*game.domain(), *when), outside=known).is_proof:
                out.append(case)
        else:
            out.append(
                replace(
                    regime, when=when, multiple=True, multipliers=(), bounds=(), witness=witness
                )
            )
    return out


def face_at(system: System | None, witness: Point) -> Region:
    """The relations of the set of solutions at a parameter point; () if one solution is alone, or
    there is no system there."""
    if system is None:
        return ()
    symbols = parameters_of(system)
    point = {s: Fraction(int(v.p), int(v.q)) for s, v in witness if v.is_Rational}
    if not set(symbols) <= set(point):
        return ()
    try:
        oracle = Oracle(system, symbols)
    except UnsupportedError:
        return ()
    for number in islice(oracle.solve({s: point[s] for s in symbols}), 1):
        found = face(system, number)
        if not isinstance(found, Declined) and not determined(found.relations, system):
            return found.relations
    return ()


def level_set(game: Game, regime: Regime, edge: Expr) -> Region:
    """{x feasible : f(x) = V} on the edge, where f - V is affine or minus a square of an affine
    form.

    () where it is neither: then the set is perhaps not a continuum at all.
    """
    variables = [a.symbol for a in game.actions]
    objective = aggregate(game)
    gap = objective - objective.xreplace(dict(regime.values))
    on_edge = solved_edge(edge)
    gap = sp.factor(sp.expand(gap.xreplace(on_edge)))
    if any(same_edge(factor, edge) for factor in sp.Mul.make_args(gap)):
        gap = sp.S.Zero
    if not gap.is_polynomial(*variables):
        return ()
    feasible = [r for a in game.actions for r in a.interval.contains(a.symbol)]
    feasible += [c.relation for c in game.constraints]
    given = (*game.domain(), equality_of(edge))
    if gap == 0:  # indifferent to everything feasible
        return minimal(feasible, given, variables)
    form: Expr | None = None
    for factor in sp.Mul.make_args(gap):
        base, exponent = factor.as_base_exp()
        if not base.free_symbols & set(variables):
            continue
        if form is not None or sp.Poly(base, *variables).total_degree() != 1:
            return ()
        if exponent not in (1, 2):
            return ()
        form = base
    if form is None or len(form.free_symbols & set(variables)) < 2 and len(variables) > 1:
        return ()
    line = balanced(form, set(variables))
    return (line, *minimal(feasible, (*given, line), variables))


def between(game: Game, beside: Sequence[Regime], edge: Relation) -> Region:
    """low <= x <= high for one action, if the objective is as large everywhere between two optima.

    () where it is not shown to be.
    """
    if len(game.actions) != 1 or len(beside) != 2:
        return ()
    (symbol,) = (a.symbol for a in game.actions)
    ends = [dict(r.values)[symbol] for r in beside]
    objective = aggregate(game)
    for low, high in (ends, ends[::-1]):
        given = (*game.domain(), edge)
        inside = (Relation(symbol, ">=", low), Relation(symbol, "<=", high))
        differs = Relation(objective, "!=", objective.xreplace({symbol: low}))
        ordered = search((*given, Relation(low, ">", high))).is_proof
        if ordered and search((*given, *inside, differs)).is_proof:
            return inside
    return ()


def minimal(relations: list[Relation], given: Region, variables: list[sp.Symbol]) -> Region:
    """The relations the others do not imply; signs of actions count only where they are said."""
    bare = {v: sp.Dummy(v.name, real=True) for v in variables}
    back = {d: v for v, d in bare.items()}
    known = tuple(r.replaced(bare) for r in given)
    kept = irredundant(tuple(r.replaced(bare) for r in relations), known)
    return tuple(r.replaced(back) for r in kept)


def balanced(form: Expr, variables: set[sp.Symbol]) -> Relation:
    """form = 0 with the actions on the left."""
    form = form.primitive()[1]
    terms = sp.Add.make_args(sp.expand(form))
    left = sp.Add(*(t for t in terms if t.free_symbols & variables))
    right = -sp.Add(*(t for t in terms if not t.free_symbols & variables))
    if left.could_extract_minus_sign():
        left, right = -left, -right
    return Relation(left, "==", shortened(right))
