"""Which linear weights support a profile, to first order: a cone given by its inequalities.

If x* maximises sum w_i U_i over X and what binds is affine, there are multipliers with

    sum w_i grad U_i + sum mu_k grad g_k = 0,   mu_k >= 0   (Karush 1939, Kuhn and Tucker 1951)

which is linear in (w, mu): multipliers are eliminated, and relations in the weights are left
(Negishi 1960).  That weights of the cone do support the profile is another claim
(`alignment.supporting`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import sympy as sp

from alignsym.alignment.profile import INFINITE, NOISE, Profile, is_proved
from alignsym.alignment.supporting import eliminated
from alignsym.logic.decide import search
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero
FREE_LIMIT = 4
KINKS = (sp.Abs, sp.Min, sp.Max, sp.Piecewise, sp.sign)
Weights = dict[str, Expr]


@dataclass(frozen=True, slots=True)
class Cone:
    """Relations that weights (and multipliers that stay free) of a supporting sum satisfy.

    `relations` is over `symbols`, one weight a person, and `hidden` multipliers; `necessary` says
    whether every supporting sum is shown to satisfy them; `candidates` are points of the cone at
    the witness, equal weights first if they are in it.
    """

    symbols: tuple[tuple[str, sp.Symbol], ...]
    relations: Region
    hidden: tuple[sp.Symbol, ...]
    pivots: tuple[Expr, ...]
    necessary: bool
    candidates: tuple[tuple[tuple[str, Expr], ...], ...]

    @property
    def is_ray(self) -> bool:
        """Whether the weights are determined but for their scale."""
        equalities = sum(r.is_equality for r in self.relations)
        return not self.hidden and equalities >= len(self.symbols) - 1


def weight_symbols(profile: Profile) -> tuple[tuple[str, sp.Symbol], ...]:
    """One nonnegative symbol w_<agent> for each person whose utility is finite."""
    taken = {str(p.symbol) for p in profile.arena.game.parameters}
    out = []
    for name in profile.heard:
        label = f"w_{name}"
        while label in taken:
            label += "_"
        out.append((name, sp.Symbol(label, nonnegative=True)))
    return tuple(out)


def cone(profile: Profile) -> Cone | None:
    """The first-order cone of weights at the profile; None where a gradient is not finite."""
    arena, values = profile.arena, profile.table
    symbols = weight_symbols(profile)
    maker = arena.planner(dict(symbols), profile.silent)
    relations = [(c.relation, False) for c in maker.constraints]
    bounds = maker.bounds()
    relations += [(r, True) for r in bounds]
    # Where a root is defined may bind too, as (x - 1)**(3/2) does at x = 1.
    relations += [(r, True) for r in maker.domain if not r.is_strict and r not in bounds]
    rows = {v: sp.diff(maker.objective, v).xreplace(values) for v in maker.variables}
    if any(row.has(*INFINITE, sp.Derivative, sp.Heaviside) for row in rows.values()):
        return None
    betas: list[sp.Symbol] = []
    mus: list[sp.Symbol] = []
    signed: list[sp.Symbol] = []
    for relation, bound in relations:
        if not (relation.is_equality or profile.looks_zero(relation.gap)):
            continue
        mu = sp.Dummy("mu", real=True)
        (betas if bound else mus).append(mu)
        signed += [] if relation.is_equality else [mu]
        for v in rows:
            rows[v] += mu * sp.diff(relation.gap, v).xreplace(values)
    names = [w for _, w in symbols]
    found = eliminated(list(rows.values()), [*betas, *mus, *reversed(names)], profile)
    if found is None:
        return None
    solved, left, pivots = found
    out = [Relation(solved.get(mu, mu), ">=", _ZERO) for mu in signed]
    out += [Relation(w, "==", solved[w]) for w in names if w in solved]
    out += [Relation(solved[w], ">=", _ZERO) for w in names if w in solved]
    hidden = tuple(m for m in left if m not in names)
    free = [w for w in names if w in left]
    relations_left = tuple(r for r in out if not _trivial(r))
    candidates = () if hidden else _candidates(profile, symbols, solved, free, signed)
    # At a kink SymPy's derivative is one number among many.
    kinked = any(arena.utility(n).has(*KINKS) for n in profile.heard)
    kinked = kinked or any(r.gap.has(*KINKS) for r, _ in relations)
    necessary = not kinked and _necessary(profile, maker.feasible())
    return Cone(symbols, relations_left, hidden, tuple(pivots), necessary, candidates)


def _trivial(r: Relation) -> bool:
    return not r.is_equality and bool(r.gap.is_nonnegative)


def _candidates(
    profile: Profile,
    symbols: tuple[tuple[str, sp.Symbol], ...],
    solved: dict[sp.Symbol, Expr],
    free: list[sp.Symbol],
    signed: list[sp.Symbol],
) -> tuple[tuple[tuple[str, Expr], ...], ...]:
    """Weights that satisfy the relations at the witness: all one, edges of the cone, corners."""
    if not free or len(free) > FREE_LIMIT:
        return ()
    points = [dict.fromkeys(free, sp.S.One)]
    inequalities = [solved[m] for m in signed if m in solved]
    inequalities += [solved[w] for _, w in symbols if w in solved]
    for gap in inequalities:
        # The edge where the relation binds, and a point beyond it on either side.
        for w in free:
            others = dict.fromkeys((v for v in free if v != w), sp.S.One)
            slope = gap.coeff(w)
            if slope == 0 or not others:
                continue
            edge = shortened(-gap.xreplace({w: _ZERO, **others}) / slope)
            if edge.has(*INFINITE):
                continue
            points += [{**others, w: edge}, {**others, w: 2 * edge}, {**others, w: edge / 2}]
    points += [
        dict(zip(free, corner, strict=True))
        for corner in product((sp.S.One, _ZERO), repeat=len(free))
        if any(corner)
    ]
    out: dict[tuple[tuple[str, Expr], ...], None] = {}
    for point in points:
        table = {w: shortened(e.xreplace(point)) for w, e in solved.items()} | point
        if all(_nonnegative(profile, e) for e in (table[m] for m in signed if m in table)):
            row = [(name, table[w]) for name, w in symbols]
            if all(_nonnegative(profile, e) for _, e in row) and any(e != 0 for _, e in row):
                out.setdefault(_scaled(row))
    # Equal weights first, then the simplest.
    rows = sorted(out, key=lambda row: (any(e != 1 for _, e in row), any(e == 0 for _, e in row),
                                        sum(e.count_ops() for _, e in row)))  # fmt: skip
    return tuple(rows)


def _nonnegative(profile: Profile, e: Expr) -> bool:
    value = profile.number(e)
    return value is not None and bool(value > -NOISE)


def _scaled(row: list[tuple[str, Expr]]) -> tuple[tuple[str, Expr], ...]:
    """The weights with the first that is not zero equal to one."""
    first = next(e for _, e in row if e != 0)
    return tuple((n, shortened(e / first) if first != 1 else e) for n, e in row)


def _necessary(profile: Profile, feasible: Region) -> bool:
    """Whether what binds is affine in the actions, and the rest is slack on the whole region."""
    actions = [a.symbol for a in profile.arena.game.actions]
    affine = []
    for r in feasible:
        if not r.gap.free_symbols & set(actions):
            continue
        if r.gap.is_polynomial(*actions) and sp.Poly(r.gap, *actions).total_degree() <= 1:
            affine.append(r)
            continue
        if r.is_equality:
            return False
        if r.is_strict:
            continue  # an open condition that holds at the profile
        if not is_proved(holds(r.tightened().replaced(profile.table), profile.region)):
            return False
    # An affine relation may bind on a part of the region only: then it would want a multiplier.
    return all(
        r.is_equality
        or r.is_strict
        or profile.looks_zero(r.gap)
        or is_proved(holds(r.tightened().replaced(profile.table), profile.region))
        for r in affine
    )


def exact(profile: Profile, found: Cone) -> bool:
    """Whether every supporting sum satisfies the cone's relations, on the whole region.

    Elimination divided by the pivots, and the relations must have a meaning everywhere.
    """
    if not found.necessary:
        return False
    needed = [Relation(e, "!=", _ZERO) for e in found.pivots if not e.is_nonzero]
    for r in found.relations:
        needed += [*natural_domain(r.left), *natural_domain(r.right)]
    for e in found.pivots:
        needed += natural_domain(e)
    return all(is_proved(holds(r, profile.region)) for r in dict.fromkeys(needed))


def no_positive_weights(profile: Profile, found: Cone) -> bool:
    """Whether no strictly positive weights are in the cone, for any parameters of the region."""
    if not exact(profile, found):
        return False
    positive = tuple(Relation(w, ">", _ZERO) for _, w in found.symbols)
    return search((*profile.region, *found.relations, *positive)).is_proof
