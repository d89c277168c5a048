"""Is there another equilibrium?  The claim `exhaustive` for several decision makers.

Equilibria are solutions of the variational inequality of F = (-dU_i/dx_i, supply - demand); if the
symmetric part of its Jacobian is positive semidefinite on the convex set of profiles and definite
in a block S, two solutions agree on S (Rosen 1965; Facchinei and Pang 2003, 2.3.3): <F(z) - F(z'),
z - z'> is <= 0 for solutions and >= 0 by monotonicity.  With interval strategies, a Jacobian of F
with positive principal minors everywhere also leaves at most one equilibrium (Gale and Nikaido
1965; More 1974).  What is not pinned is asked of z3: the first-order conditions, different.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import sympy as sp

from alignsym.claims import Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import implies, search
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.concavity import minor
from alignsym.verify.decision import DecisionMaker, everyones_bounds
from alignsym.verify.substitutes import one_equilibrium
from alignsym.verify.totals import one_total
from alignsym.verify.uniqueness import by_theorem

_ZERO = sp.S.Zero
SIZE_LIMIT = 6


def monotone_block(
    game: Game, makers: Sequence[DecisionMaker], concept: Concept, premises: Region
) -> tuple[sp.Symbol, ...] | Unknown:
    """The variables S pinned by strict monotonicity of F, for every equilibrium of the game.

    Raises nothing; Unknown where the set of profiles is not fixed and convex, or F is not shown
    monotone.
    """
    if not smooth(makers):
        return Unknown("marginal utilities jump")
    own = {v for m in makers for v in m.variables}
    prices = [p.symbol for p in game.prices if p.symbol != game.numeraire]
    shared = {c.name for c in game.shared} if concept == "variational" else set()
    domain: list[Relation] = [*premises, *everyones_bounds(game)]
    for maker in makers:
        for constraint in maker.constraints:
            outside = constraint.relation.free_symbols & (
                (own - set(maker.variables)) | set(prices)
            )
            if outside and constraint.name not in shared:
                return Unknown(f"the feasible set of {maker.name} moves with the others' choices")
            if not _affine(constraint.relation.gap, own):
                return Unknown(f"{constraint.name} is not affine")
            domain.append(constraint.relation)
        for needed in maker.domain:
            moving = needed.free_symbols & (own | set(prices))
            coupled = not moving <= set(maker.variables)
            if coupled and not needed.is_strict:
                # Its edge can bind like a constraint that moves with the others' choices.
                return Unknown(f"the domain {needed} couples several agents and can bind")
            if moving and (needed.operator == "!=" or not _affine(needed.gap, own | set(prices))):
                return Unknown(f"the domain {needed} is not shown to be convex")
            domain.append(needed)
    unknowns = (*(v for m in makers for v in m.variables), *prices)
    rows = [[-sp.diff(m.objective, v, w) for w in unknowns] for m in makers for v in m.variables]
    for price in game.prices:
        if price.symbol != game.numeraire:
            rows.append([sp.diff(price.clearing.gap, w) for w in unknowns])
    jacobian = sp.Matrix(rows)
    symmetric = (jacobian + jacobian.T).applyfunc(sp.together)
    inside = [
        k for k in range(len(unknowns)) if any(symmetric[k, j] != 0 for j in range(len(unknowns)))
    ]
    if _positive_definite(symmetric, inside, tuple(domain)):
        return tuple(unknowns[k] for k in inside)
    # Gale and Nikaido need a box: no shared constraint, no domain that couples two actions.
    free = not any(r.free_symbols & own for m in makers for r in m.domain)
    box = free and concept == "nash" and all(len(m.variables) == 1 and _interval(m) for m in makers)
    if box and not prices and _p_matrix(jacobian, tuple(domain)):
        return unknowns
    return Unknown("the game is not shown to be monotone")


KINKED = (sp.Piecewise, sp.Abs, sp.Max, sp.Min, sp.sign, sp.Heaviside, sp.floor, sp.ceiling)


def smooth(makers: Sequence[DecisionMaker]) -> bool:
    """No kink or jump in any objective or constraint: derivatives tell the whole story."""
    return not any(
        e.has(*KINKED)
        for m in makers
        for e in (m.objective, *(c.relation.gap for c in m.constraints))
    )


def _affine(gap: Expr, symbols: set[sp.Symbol]) -> bool:
    inside = sorted(gap.free_symbols & symbols, key=lambda s: s.name)
    return not inside or (gap.is_polynomial(*inside) and sp.Poly(gap, *inside).total_degree() <= 1)


def _interval(maker: DecisionMaker) -> bool:
    """Whether the one action is chosen from an interval (moving ones are refused before)."""
    (variable,) = maker.variables
    return all(_affine(c.relation.gap, {variable}) for c in maker.constraints)


def _positive_definite(matrix: sp.Matrix, rows: list[int], premises: Region) -> bool:
    if len(rows) > SIZE_LIMIT:
        # Diagonal dominance would do for larger blocks; minors grow too fast.
        return _dominant(matrix, rows, premises)
    return all(
        implies(premises, Relation(minor(matrix, rows[: k + 1]), ">", _ZERO)).is_proof
        for k in range(len(rows))
    )


def _dominant(matrix: sp.Matrix, rows: list[int], premises: Region) -> bool:
    for i in rows:
        others = [matrix[i, j] for j in rows if j != i]
        if any(e.is_negative is None and e.is_nonnegative is None for e in others):
            return False
        total = sp.Add(*(abs(e) for e in others))
        if not implies(premises, Relation(matrix[i, i] - total, ">", _ZERO)).is_proof:
            return False
    return True


def _p_matrix(jacobian: sp.Matrix, premises: Region) -> bool:
    size = jacobian.rows
    if size > 4:
        return False
    subsets = [c for k in range(1, size + 1) for c in combinations(range(size), k)]
    return all(
        implies(premises, Relation(minor(jacobian, rows), ">", _ZERO)).is_proof for rows in subsets
    )


def unique_equilibrium(
    game: Game,
    makers: Sequence[DecisionMaker],
    concept: Concept,
    values: Mapping[sp.Symbol, Expr],
    region: Region,
    block: tuple[sp.Symbol, ...] | Unknown,
) -> Verdict:
    """Whether there is no other equilibrium on the region."""
    prices = [p for p in game.prices if p.symbol != game.numeraire]
    unknowns = [*(v for m in makers for v in m.variables), *(p.symbol for p in prices)]
    trapped = _trapped(game, makers, values, region)
    if trapped is not None:
        return trapped
    pinned = set() if isinstance(block, Unknown) else set(block)
    if set(unknowns) <= pinned:
        return by_theorem(
            "a strictly monotone game has at most one equilibrium (Rosen 1965)", region
        )
    if concept == "nash" and smooth(makers):
        one = one_total(makers, region)
        if isinstance(one, Proved):
            return one
    if concept == "walras":
        one = one_equilibrium(game, makers, region)
        if isinstance(one, Proved):
            return one
    if len(unknowns) - len(pinned) > 8:
        return Unknown("too many actions are left open for the search for another equilibrium")
    if not smooth(makers):
        return Unknown("marginal utilities jump, so first-order conditions may miss an equilibrium")
    necessary = _qualified(makers, region)
    if necessary is not None:
        return necessary
    other: dict[sp.Symbol, Expr] = {
        u: values[u] if u in pinned else sp.Dummy(u.name, **u.assumptions0) for u in unknowns
    }
    conditions = [r.replaced(other) for r in everyones_bounds(game)]
    for price in prices:
        gap = price.clearing.gap.xreplace(other)
        conditions.append(Relation(gap, ">=", _ZERO))
        conditions.append(Relation(sp.Mul(other[price.symbol], gap), "==", _ZERO))
    conditions += _first_order(makers, concept, other)
    different = tuple(Relation(other[u], "!=", values[u]) for u in unknowns if u not in pinned)
    answer = search((*region, *conditions), any_of=different, milliseconds=1500)
    if answer.is_proof:
        return Proved((Unsatisfiable((*region, *conditions), different),))
    reason = block.reason if isinstance(block, Unknown) else "z3 does not exclude it"
    return Unknown(f"another equilibrium is not excluded: {reason}")


def _trapped(
    game: Game, makers: Sequence[DecisionMaker], values: Mapping[sp.Symbol, Expr], region: Region
) -> Unknown | None:
    """Whether the others can leave an agent at -oo whatever it does: then anything is a best reply.

    They cannot if one choice of its own keeps its utility finite for every choice of theirs: that
    of the equilibrium, or one unit more than the least of everything.
    """
    moving = {a.symbol for a in game.actions} | {p.symbol for p in game.prices}
    for maker in makers:
        own = set(maker.variables)
        others = (*region, *(r for r in everyones_bounds(game) if not r.free_symbols & own))
        coupled = [r for r in maker.domain if r.is_strict and r.free_symbols & (moving - own)]
        choices = [{v: values[v] for v in maker.variables}]
        if not maker.constraints and all(
            a.interval.lower != -sp.oo and a.interval.upper == sp.oo for a in maker.actions
        ):
            choices.append({a.symbol: a.interval.lower + 1 for a in maker.actions})
        if not any(
            all(implies(others, r.replaced(at)).is_proof for r in coupled) for at in choices
        ):
            return Unknown(f"{maker.name} may be at -oo whatever it does")
    return None


def _qualified(makers: Sequence[DecisionMaker], region: Region) -> Unknown | None:
    """First-order conditions are necessary under affine constraints and a finite gradient, or one
    so steep at an edge that nothing there is optimal."""
    for maker in makers:
        own = set(maker.variables)
        for needed in maker.domain:
            if not needed.is_strict and not _affine(needed.gap, own):
                return Unknown(f"the domain {needed} is not affine and can bind")
        for constraint in maker.constraints:
            if not _affine(constraint.relation.gap, own):
                return Unknown(
                    f"{constraint.name} is not affine: first-order conditions may not be necessary"
                )
        for variable in maker.variables:
            here = natural_domain(sp.diff(maker.objective, variable))
            known = (*maker.bounds(), *maker.domain)
            open_ = [r for r in here if r.free_symbols & own and not implies(known, r).is_proof]
            if open_ and not _steep(maker, variable, open_, region):
                return Unknown(
                    f"{maker.name}'s marginal utility may be infinite at the edge of its domain"
                )
    return None


def _steep(
    maker: DecisionMaker, x: sp.Symbol, undefined: Sequence[Relation], region: Region
) -> bool:
    """Whether the objective rises infinitely steeply from x = 0, where alone its slope is not
    finite: c*x**r with c > 0 and 0 < r < 1 beside terms with a finite slope, no constraint on x.

    Then x = 0 is never optimal, and elsewhere the first-order condition is necessary.
    """
    if any(r.gap not in (x, -x) for r in undefined):
        return False
    if any(x in c.relation.free_symbols for c in maker.constraints):
        return False
    known = (*region, *maker.bounds(), *maker.domain)
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


def _first_order(
    makers: Sequence[DecisionMaker], concept: Concept, other: Mapping[sp.Symbol, Expr]
) -> list[Relation]:
    """Necessary conditions of every decision maker at the other profile, with fresh multipliers."""
    out: list[Relation] = []
    fresh: dict[tuple[str, str, int], sp.Symbol] = {}
    shared = concept == "variational"
    for maker in makers:
        gradient = {v: sp.diff(maker.objective, v) for v in maker.variables}
        binding = [(("constraint", c.name, 0), c.relation) for c in maker.constraints]
        own = [*maker.bounds(), *(r for r in maker.domain if not r.is_strict)]
        # The edge of a closed natural domain binds like a bound.
        binding += [((maker.name, "edge", k), r) for k, r in enumerate(own)]
        for key, relation in binding:
            if not (shared and key in fresh):
                sign = {"real": True} if relation.is_equality else {"nonnegative": True}
                fresh[key] = sp.Dummy("multiplier", **sign)
                gap = relation.gap.xreplace(dict(other))
                out.append(relation.replaced(other))
                if not relation.is_equality:
                    out.append(Relation(sp.Mul(fresh[key], gap), "==", _ZERO))
            for v in maker.variables:
                sense = -1 if relation.is_equality else 1
                gradient[v] += sense * fresh[key] * sp.diff(relation.gap, v)
        out += [Relation(g.xreplace(dict(other)), "==", _ZERO) for g in gradient.values()]
        out += [r.replaced(other) for r in maker.domain]
    return out
