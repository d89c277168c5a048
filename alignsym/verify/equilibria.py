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
from dataclasses import dataclass
from itertools import combinations

import sympy as sp

from alignsym.claims import Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import implies, search
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.concavity import minor
from alignsym.verify.decision import DecisionMaker, everyones_bounds
from alignsym.verify.qualification import affine, inside, qualified, trapped
from alignsym.verify.shapes import constraint_curvatures
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
            if not affine(constraint.relation.gap, own):
                ordered = tuple(sorted(own, key=lambda v: v.name))
                bent = constraint_curvatures(constraint.relation, ordered, tuple(domain))
                if constraint.relation.is_equality or not any(bent):
                    return Unknown(f"{constraint.name} is not shown to be convex")
            domain.append(constraint.relation)
        for needed in maker.domain:
            moving = needed.free_symbols & (own | set(prices))
            coupled = not moving <= set(maker.variables)
            if coupled and not needed.is_strict:
                # Its edge can bind like a constraint that moves with the others' choices.
                return Unknown(f"the domain {needed} couples several agents and can bind")
            if moving and (needed.operator == "!=" or not affine(needed.gap, own | set(prices))):
                return Unknown(f"the domain {needed} is not shown to be convex")
            domain.append(needed)
    unknowns = (*(v for m in makers for v in m.variables), *prices)
    rows = [[-sp.diff(m.objective, v, w) for w in unknowns] for m in makers for v in m.variables]
    for price in game.prices:
        if price.symbol != game.numeraire:
            rows.append([sp.diff(price.clearing.gap, w) for w in unknowns])
    jacobian = sp.Matrix(rows)
    symmetric = (jacobian + jacobian.T).applyfunc(sp.together)
    moved = [
        k for k in range(len(unknowns)) if any(symmetric[k, j] != 0 for j in range(len(unknowns)))
    ]
    if _positive_definite(symmetric, moved, tuple(domain)):
        return tuple(unknowns[k] for k in moved)
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


def _interval(maker: DecisionMaker) -> bool:
    """Whether the one action is chosen from an interval (moving ones are refused before)."""
    (variable,) = maker.variables
    return all(affine(c.relation.gap, {variable}) for c in maker.constraints)


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
    caught = trapped(game, makers, values, region)
    if caught is not None:
        return caught
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
    priced = game.shared if concept == "variational" and inside(game, values, region) else ()
    necessary = qualified(makers, region, [c.name for c in priced])
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
    conditions += necessary_conditions(makers, concept, other)
    different = tuple(Relation(other[u], "!=", values[u]) for u in unknowns if u not in pinned)
    answer = search((*region, *conditions), any_of=different, milliseconds=1500)
    if answer.is_proof:
        return Proved((Unsatisfiable((*region, *conditions), different),))
    reason = block.reason if isinstance(block, Unknown) else "z3 does not exclude it"
    return Unknown(f"another equilibrium is not excluded: {reason}")


def only_these(
    game: Game,
    makers: Sequence[DecisionMaker],
    concept: Concept,
    listed: Sequence[tuple[Region, Mapping[sp.Symbol, Expr]]],
    region: Region,
) -> Verdict:
    """Whether every equilibrium on the region is one of those listed, each with its condition."""
    prices = [p for p in game.prices if p.symbol != game.numeraire]
    unknowns = [*(v for m in makers for v in m.variables), *(p.symbol for p in prices)]
    if not smooth(makers) or prices:
        return Unknown("several equilibria are told apart in smooth games without prices")
    stopped = qualified(makers) or trapped(game, makers, dict(listed[0][1]), region)
    if stopped is not None:
        return stopped
    other: dict[sp.Symbol, Expr] = {u: sp.Dummy(u.name, **u.assumptions0) for u in unknowns}
    conditions = [r.replaced(other) for r in everyones_bounds(game)]
    conditions += necessary_conditions(makers, concept, other)
    known = [
        (*when, *(Relation(other[u], "==", values[u]) for u in unknowns)) for when, values in listed
    ]
    if search((*region, *conditions), outside=known, milliseconds=3000).is_proof:
        return Proved((Unsatisfiable((*region, *conditions), ()),))
    return Unknown("an equilibrium besides those listed is not excluded")


def necessary_conditions(
    makers: Sequence[DecisionMaker], concept: Concept, other: Mapping[sp.Symbol, Expr]
) -> list[Relation]:
    """Necessary conditions of every decision maker at the other profile, with fresh multipliers."""
    found = first_order(makers, concept, other)
    products = [Relation(sp.Mul(m, gap), "==", _ZERO) for m, gap in found.complementary]
    return [*found.relations, *products]


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """Relations that hold at every best reply, and pairs (multiplier, slack) with product zero."""

    relations: Region
    complementary: tuple[tuple[sp.Symbol, Expr], ...]


def first_order(
    makers: Sequence[DecisionMaker], concept: Concept, other: Mapping[sp.Symbol, Expr]
) -> FirstOrder:
    """Karush, Kuhn and Tucker's conditions of the makers at the other profile."""
    out: list[Relation] = []
    products: list[tuple[sp.Symbol, Expr]] = []
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
                    products.append((fresh[key], gap))
            for v in maker.variables:
                sense = -1 if relation.is_equality else 1
                gradient[v] += sense * fresh[key] * sp.diff(relation.gap, v)
        out += [Relation(g.xreplace(dict(other)), "==", _ZERO) for g in gradient.values()]
        out += [r.replaced(other) for r in maker.domain]
    return FirstOrder(tuple(out), tuple(products))
