"""A step along which everybody gains, so small that no higher term undoes it: shown by its terms.

Let d be a direction with g_i = grad U_i(x*) . d > 0 for all i.  Where U_i(x* + t d) is a polynomial
in t and terms c log(l + t m) with c > 0, let s_i be a bound on the sum of the absolute values of
the coefficients of t**2, t**3, ... and of 2 c (m/l)**2.  As log(1 + z) >= z - 2 z**2 for
|z| <= 1/2,

    0 < t <= 1,   2 t s_i <= g_i,   2 t |m/l| <= 1    =>    U_i(x* + t d) - U_i(x*) >= g_i t/2 > 0,

and a slack b > 0 that falls by at most f t holds at x* + t d if 2 t f <= b.  With t one over the
sum of all these bounds, what remains to be shown is g_i > 0 and b > 0: no formula of the new
profile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from alignsym.alignment.moves import FRACTIONS, SIZE_LIMIT, Values, neat
from alignsym.alignment.profile import INFINITE, Profile
from alignsym.alignment.supporting import solve_linear
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class _Line:
    """x* + t d with letters for x* and d, which are put in when the powers of t are apart."""

    t: sp.Symbol
    moved: Values
    letters: Values

    @classmethod
    def along(cls, profile: Profile, d: Values) -> _Line:
        t = sp.Dummy("t", positive=True)
        moved: Values = {}
        letters: Values = {}
        for s, e in profile.values:
            if e.is_number and d.get(s, _ZERO).is_number:
                moved[s] = e + t * d.get(s, _ZERO)
                continue
            here, step = sp.Dummy(f"x_{s}", real=True), sp.Dummy(f"d_{s}", real=True)
            moved[s] = here + t * step
            letters |= {here: e, step: d.get(s, _ZERO)}
        return cls(t, moved, letters)

    def coefficients(self, e: Expr) -> list[Expr] | None:
        """The coefficients of a polynomial in t, the constant first; None for anything else."""
        if not e.is_polynomial(self.t):
            return None
        found: list[Expr] = sp.Poly(sp.expand(e), self.t).all_coeffs()
        return [c.xreplace(self.letters) for c in found[::-1]]

    def without_logs(self, e: Expr) -> tuple[Expr, list[tuple[Expr, Expr]] | None]:
        """The terms without log of t, and (c, m/l) of every term c log(l + t m); None where a
        term is something else, or c is not positive."""
        rest, late = [], []
        for term in sp.Add.make_args(e):
            c, inner = term.as_independent(self.t, as_Add=False)
            if not inner.has(sp.log):
                rest.append(term)
                continue
            poly = self.coefficients(inner.args[0]) if isinstance(inner, sp.log) else None
            c = c.xreplace(self.letters)
            if poly is None or len(poly) != 2 or not c.is_positive:
                return e, None
            late.append((c, sp.factor(poly[1] / poly[0])))
        return sp.Add(*rest), late


def along(profile: Profile) -> Iterator[tuple[Values, Region | None]]:
    """Profiles in directions in which every utility rises at first, and what shows that they are
    feasible and better for all; None where only a comparison of the utilities can."""
    now = profile.table
    for d in directions(profile):
        slopes = _slopes(profile, d)
        if slopes is None or any(profile.sign(g) != 1 for g in slopes.values()):
            continue
        found = small_step(profile, d, slopes)
        if found is not None:
            yield found
        else:
            for t in FRACTIONS:
                yield {s: shortened(e + t * d.get(s, _ZERO)) for s, e in now.items()}, None


def small_step(
    profile: Profile, d: Values, slopes: Mapping[str, Expr]
) -> tuple[Values, Region] | None:
    """x* + t d with the t of the lemma, and its hypotheses; None where a bound is not found.

    Arguments: `slopes`, g_i of everybody whose utility is finite.
    """
    line = _Line.along(profile, d)
    bounds: dict[Expr, None] = {}
    needed: list[Relation] = [Relation(g, ">", _ZERO) for g in slopes.values()]
    certain = False
    for name in profile.heard:
        rise, late = line.without_logs(profile.arena.utility(name).xreplace(line.moved))
        terms = line.coefficients(rise)
        if terms is None or late is None:
            return None
        sizes = _sizes([*terms[2:], *(2 * c * z**2 for c, z in late)], needed)
        steep = _sizes([2 * z for _, z in late], needed)
        if sizes is None or steep is None:
            return None
        if len(terms) > 3:
            bounds.setdefault(sp.S.One)
        total = sp.Add(*sizes)
        certain = certain or bool(total.is_positive)
        bounds.setdefault(2 * total / slopes[name])
        bounds.update(dict.fromkeys(steep))
    late_checks: list[Relation] = []
    maker = profile.arena.planner(dict.fromkeys(profile.arena.persons, sp.S.One), frozenset())
    for r in maker.feasible():
        slack = shortened(r.gap.xreplace(profile.table))
        terms = line.coefficients(r.gap.xreplace(line.moved))
        if terms is None or r.is_equality or (profile.looks_zero(slack) and r.is_strict):
            late_checks.append(r)
            continue
        moving = [_ZERO if sp.factor(c).is_nonnegative else c for c in terms[1:]]
        if not any(moving):
            needed.append(Relation(slack, r.operator, _ZERO))
        elif profile.looks_zero(slack):
            late_checks.append(r)
        else:
            falls = _sizes(moving, needed)
            if falls is None:
                return None
            if len(falls) > 1:
                bounds.setdefault(sp.S.One)
            needed.append(Relation(slack, ">", _ZERO))
            bounds.setdefault(2 * sp.Add(*falls) / slack)
    whole = sp.Add(*(b for b in bounds if b != 0))
    if whole == 0:
        return None
    if not certain and sp.S.One not in bounds:
        needed.append(Relation(whole, ">", _ZERO))
    to: Values = {}
    for s, e in profile.values:
        # As it stands it is defined where what it is made of is, for the whole is positive.
        nested = e + d.get(s, _ZERO) / whole
        to[s] = neat(e + d.get(s, _ZERO) * neat(1 / whole))
        if nested.count_ops() < to[s].count_ops():
            to[s] = nested
            needed += [r for part in (e, d.get(s, _ZERO)) for r in natural_domain(part)]
        else:
            needed += natural_domain(to[s])
    needed += [r.replaced(to) for r in late_checks]
    return to, tuple(dict.fromkeys(needed))


def _sizes(terms: list[Expr], needed: list[Relation]) -> list[Expr] | None:
    """Bounds on the absolute values of the terms; what they rest on is added to `needed`."""
    out = []
    for e in terms:
        number, denominator = sp.fraction(sp.factor(sp.together(e)))
        parts = [abs_term(term) for term in sp.Add.make_args(sp.expand(number))]
        below = sp.Mul(*(abs_factor(f) for f in sp.Mul.make_args(denominator)))
        if any(p is None for p in parts) or below.has(sp.nan):
            return None
        if not below.is_positive:
            needed.append(Relation(below, ">", _ZERO))
        out.append(sp.Add(*(p for p in parts if p is not None)) / below)
    return out


def directions(profile: Profile) -> Iterator[Values]:
    """All actions alike, in proportion to themselves, and d with grad U_i . d = 1 for everybody."""
    actions = profile.arena.game.actions
    free = [
        a.symbol
        for a in actions
        if not any(profile.looks_zero(r.gap) for r in a.interval.contains(a.symbol))
    ]
    for sign in (-sp.S.One, sp.S.One):
        yield dict.fromkeys(free, sign)
        yield {x: sign * profile.table[x] for x in free}
    for moving in dict.fromkeys((tuple(free), tuple(a.symbol for a in actions))):
        found = _equal_rises(profile, moving)
        if found is not None and sum(e.count_ops() for e in found.values()) <= SIZE_LIMIT:
            yield {x: neat(e) for x, e in found.items()}


def _slopes(profile: Profile, d: Values) -> dict[str, Expr] | None:
    """grad U_i . d at the profile for everyone heard; None where one is not finite."""
    out = {}
    for name in profile.heard:
        utility = profile.arena.utility(name)
        parts = [step * sp.diff(utility, x).xreplace(profile.table) for x, step in d.items()]
        total = neat(sp.Add(*parts))
        if total.has(*INFINITE, sp.Derivative, sp.Heaviside):
            return None
        out[name] = total
    return out


def _equal_rises(profile: Profile, moving: tuple[sp.Symbol, ...]) -> Values | None:
    """Some d over the actions given with grad U_i . d = 1 for every person heard."""
    unknown = {x: sp.Dummy(f"d_{x}") for x in moving}
    rows = []
    for name in profile.heard:
        utility = profile.arena.utility(name)
        slopes = {x: sp.diff(utility, x).xreplace(profile.table) for x in moving}
        if any(s.has(*INFINITE, sp.Derivative) for s in slopes.values()):
            return None
        row = sp.Add(*(unknown[x] * s for x, s in slopes.items()))
        if row == 0:
            return None
        rows.append(row - 1)
    for c in profile.arena.game.constraints:
        if profile.looks_zero(c.relation.gap):
            slopes = {x: sp.diff(c.relation.gap, x).xreplace(profile.table) for x in moving}
            rows.append(sp.Add(*(unknown[x] * s for x, s in slopes.items())))
    solved = _solved(rows, list(unknown.values()), profile)
    return None if solved is None else {x: solved[u] for x, u in unknown.items()}


def _solved(rows: list[Expr], unknowns: list[sp.Symbol], profile: Profile) -> Values | None:
    """The unknowns of linear equations; where these are rational, in lowest terms."""
    if not all(row.is_rational_function() for row in rows):
        return solve_linear(rows, unknowns, profile)
    zero = dict.fromkeys(unknowns, _ZERO)
    table = [[*(sp.diff(row, u) for u in unknowns), -row.xreplace(zero)] for row in rows]
    listed = [[sp.together(e) for e in row] for row in table]
    matrix = DomainMatrix.from_list_sympy(len(rows), len(unknowns) + 1, listed).to_field()
    reduced, pivots = matrix.rref()
    if len(unknowns) in pivots:
        return None
    last = [row[-1] for row in reduced.to_Matrix().tolist()]
    return {**zero, **{unknowns[k]: e for k, e in zip(pivots, last)}}


def abs_term(term: Expr) -> Expr | None:
    """|term| without Abs, where the signs of its factors are known."""
    out = sp.Abs(term)
    return None if out.has(sp.Abs) else out


def abs_factor(factor: Expr) -> Expr:
    """|factor| for a denominator; a sum keeps its sign, which has to be shown."""
    base, exponent = factor.as_base_exp()
    if base.is_Add:
        return base**exponent
    out = sp.Abs(factor)
    return sp.nan if out.has(sp.Abs) else out
