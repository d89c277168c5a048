"""When first-order conditions are necessary for a best reply.

Affine constraints and a finite gradient, or one so steep at the edge that nothing there is optimal;
and the others cannot leave the maker at -oo whatever it does, for then every choice is a best one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import sympy as sp

from alignsym.claims import Unknown
from alignsym.logic.decide import implies
from alignsym.model.domains import natural_domain
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import DecisionMaker, everyones_bounds
from alignsym.verify.shapes import constraint_curvatures

_ZERO = sp.S.Zero


def trapped(
    game: Game, makers: Sequence[DecisionMaker], values: Mapping[sp.Symbol, Expr], region: Region
) -> Unknown | None:
    """Whether the others can leave an agent at -oo whatever it does: then anything is a best reply.

    They cannot if some feasible action keeps its utility finite for every choice of theirs: that of
    the equilibrium, ends of its intervals, or, beside an action x that leaves it at -oo, one
    halfway between x and an end.
    """
    moving = {a.symbol for a in game.actions} | {p.symbol for p in game.prices}
    for maker in makers:
        mine = set(maker.variables)
        coupled = [r for r in maker.domain if r.is_strict and r.free_symbols & (moving - mine)]
        if not coupled:
            continue
        others = tuple(r for r in everyones_bounds(game) if not r.free_symbols & mine)
        feasible = (*maker.bounds(), *(c.relation for c in maker.constraints))
        defined = maker.domain
        # No more is assumed of an action at -oo than that no logarithm is taken below zero.
        lost = (*feasible, *(r.relaxed() for r in defined if r.operator != "!="))
        for safe in _candidates(maker, values):
            mine_too = any(e.free_symbols & mine for e in safe.values())
            known = (*region, *others, *(lost if mine_too else ()))
            if all(implies(known, r.replaced(safe)).is_proof for r in (*feasible, *defined)):
                break
        else:
            return Unknown(f"{maker.name} may be at -oo whatever it does")
    return None


def _candidates(
    maker: DecisionMaker, values: Mapping[sp.Symbol, Expr]
) -> Iterator[dict[sp.Symbol, Expr]]:
    """The equilibrium's choice, all upper or lower ends, a step from an end, halfway to ends."""
    if set(maker.variables) <= set(values):
        yield {v: values[v] for v in maker.variables}
    intervals = [(a.symbol, a.interval) for a in maker.actions]
    sides = ({s: i.upper for s, i in intervals}, {s: i.lower for s, i in intervals})
    ends = [row for row in sides if all(e.is_finite is not False for e in row.values())]
    yield from ends
    yield {
        s: i.lower + 1 if i.lower != -sp.oo else i.upper - 1 if i.upper != sp.oo else sp.S.One
        for s, i in intervals
    }
    if len(maker.variables) == 1:
        ends += [{v: e} for v in maker.variables for e in _limits(maker, v)]
    for one, two in combinations(ends, 2):
        yield {s: (e + two[s]) / 2 for s, e in one.items()}
    for row in ends:
        yield {s: (s + e) / 2 for s, e in row.items()}


def _limits(maker: DecisionMaker, variable: sp.Symbol) -> list[Expr]:
    """Where constraints and the domain of the maker's utility end, given what the others do."""
    relations = (*(c.relation for c in maker.constraints), *maker.domain)
    out = []
    for gap in (r.gap for r in relations):
        slope = sp.diff(gap, variable)
        if slope.is_number and slope != 0:
            out.append(sp.expand(variable - gap / slope))
    return out


def inside(game: Game, values: Mapping[sp.Symbol, Expr], region: Region) -> bool:
    """Slater's condition on the shared constraints: between the equilibrium and the least actions
    lies a profile in which none of them binds, and they are convex in all actions together.

    Then solutions of the variational inequality have common multipliers (Facchinei and Pang 2003,
    1.3.4).
    """
    actions = tuple(a.symbol for a in game.actions)
    bounds = everyones_bounds(game)
    own = [c for a in game.agents for c in a.constraints]
    for constraint in game.shared:
        if affine(constraint.relation.gap, set(actions)):
            continue
        bent = constraint_curvatures(constraint.relation, actions, (*region, *bounds))
        if constraint.relation.is_equality or not any(bent):
            return False
    lower = {a.symbol: a.interval.lower for a in game.actions}
    for row in ({s: (values[s] + low) / 2 for s, low in lower.items()}, lower):
        if any(e.is_finite is False for e in row.values()):
            continue
        held = [r.replaced(row) for r in (*bounds, *(c.relation for c in own))]
        for c in game.shared:
            free = affine(c.relation.gap, set(actions))
            held.append((c.relation if free else c.relation.tightened()).replaced(row))
        if all(implies(region, r).is_proof for r in held):
            return True
    return False


def qualified(
    makers: Sequence[DecisionMaker], region: Region = (), priced: Sequence[str] = ()
) -> Unknown | None:
    """First-order conditions are necessary under affine constraints and a finite gradient, or one
    so steep at an edge that nothing there is optimal.

    `priced`: constraints with multipliers by the definition of the concept, or by Slater.
    """
    for maker in makers:
        own = set(maker.variables)
        for needed in maker.domain:
            if not needed.is_strict and not affine(needed.gap, own):
                return Unknown(f"the domain {needed} is not affine and can bind")
        for constraint in maker.constraints:
            if constraint.name not in priced and not affine(constraint.relation.gap, own):
                return Unknown(
                    f"{constraint.name} is not affine: first-order conditions may not be necessary"
                )
        for variable in maker.variables:
            here = natural_domain(sp.diff(maker.objective, variable))
            known = (*maker.bounds(), *maker.domain)
            open_ = [r for r in here if r.free_symbols & own and not implies(known, r).is_proof]
            if open_ and not steep(maker, variable, open_, region):
                return Unknown(
                    f"{maker.name}'s marginal utility may be infinite at the edge of its domain"
                )
    return None


def steep(
    maker: DecisionMaker, x: sp.Symbol, undefined: Sequence[Relation], region: Region
) -> bool:
    """Whether the objective rises infinitely steeply from x = 0, where alone its slope is not
    finite: c*x**r with c > 0 and 0 < r < 1 beside terms with a finite slope, and there is room
    above x = 0: no constraint on x, no other edge of a domain, an interval that ends above zero.

    Then x = 0 is never optimal, and elsewhere the first-order condition is necessary.
    """
    if any(r.gap not in (x, -x) for r in undefined):
        return False
    if any(x in c.relation.free_symbols for c in maker.constraints):
        return False
    edges = [r for r in maker.domain if not r.is_strict and r.gap not in (x, -x)]
    if any(x in r.free_symbols for r in edges):
        return False
    known = (*region, *maker.bounds(), *maker.domain)
    (upper,) = (a.interval.upper for a in maker.actions if a.symbol == x)
    if upper != sp.oo and not implies(known, Relation(upper, ">", _ZERO)).is_proof:
        return False
    rising = False
    for term in sp.Add.make_args(sp.expand(maker.objective)):
        c, part = term.as_independent(x, as_Add=False)
        base, exponent = part.as_base_exp()
        if base == x and not exponent.free_symbols & set(maker.variables):
            between = (Relation(exponent, ">", _ZERO), Relation(exponent, "<", sp.S.One))
            if all(implies(known, r).is_proof for r in between):
                if not implies(known, Relation(c, ">", _ZERO)).is_proof:
                    return False
                rising = True
                continue
        if not all(implies(known, r).is_proof for r in natural_domain(sp.diff(term, x))):
            return False
    return rising


def affine(gap: Expr, symbols: set[sp.Symbol]) -> bool:
    """Whether the gap is affine in the symbols."""
    inside = sorted(gap.free_symbols & symbols, key=lambda s: s.name)
    return not inside or (gap.is_polynomial(*inside) and sp.Poly(gap, *inside).total_degree() <= 1)
