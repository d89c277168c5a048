"""A finite feasible trade that makes everyone better off, as formulas, proved for all parameters.

x' is found by any means: towards a weighted optimum, all actions scaled, corners, or along a
direction d with grad U_i . d = 1 for all i, so far that no second-order term undoes it.  What is
proved is the definition: x' is feasible and U_i(x') - U_i(x*) > 0 for every person i.  With a
transferable numeraire x' has a larger sum, and transfers T_i, sum T_i = 0, share the gain equally.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import sympy as sp

from alignsym.alignment.profile import Profile, feasible, is_proved
from alignsym.alignment.supporting import solve_linear
from alignsym.claims import Verdict, weakest
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero
FRACTIONS = tuple(sp.Rational(1, k) for k in (2, 4, 8, 16, 64))
CORNERS_LIMIT = 5
Values = dict[sp.Symbol, Expr]


@dataclass(frozen=True, slots=True)
class Trade:
    """From a profile to `to`, with transfers that sum to zero, and what everybody gains.

    `strict`: every person gains; otherwise somebody gains and nobody loses.
    """

    to: tuple[tuple[sp.Symbol, Expr], ...]
    transfers: tuple[tuple[str, Expr], ...]
    gains: tuple[tuple[str, Expr], ...]
    strict: bool = True


def improving(
    profile: Profile, optima: tuple[Values, ...], *, extra: Region = ()
) -> tuple[Trade, Verdict] | None:
    """The first candidate that is proved to improve upon the profile on its whole region.

    `optima`: weighted optima on the region, to look towards; `extra`: further conditions.
    """
    for trade, needed in proposals(profile, optima):
        verdict = weakest(holds(r, (*profile.region, *extra)) for r in needed)
        if is_proved(verdict):
            return trade, verdict
    return None


def proposals(
    profile: Profile, optima: tuple[Values, ...], *, limit: int = 6
) -> Iterator[tuple[Trade, Region]]:
    """Candidates that improve at every witness, with what must hold for them to improve.

    First those good for everybody, then those where nobody loses; at most `limit` of each kind.
    """
    weak: list[tuple[Trade, Region]] = []
    given = 0
    seen = set()
    for to in candidates(profile, optima):
        key = tuple(to.items())
        if key in seen:
            continue
        seen.add(key)
        here = Profile(profile.arena, profile.region, key, frozenset(), profile.witnesses)
        if not _inside(here):
            continue
        paid = profile.arena.transferable and not profile.silent
        moved = _transferred(profile, to) if paid else _moved(profile, to)
        signs = [_sign_everywhere(profile, e) for _, e in moved.gains]
        if all(s == 1 for s in signs):
            given += 1
            yield moved, (*_feasible(profile, to), *_positive(moved))
        elif all(s >= 0 for s in signs) and any(s == 1 for s in signs) and len(weak) < limit:
            gains = tuple(
                Relation(e, ">" if s == 1 else ">=", _ZERO)
                for (_, e), s in zip(moved.gains, signs, strict=True)
                if e != sp.oo
            )
            late = Trade(moved.to, moved.transfers, moved.gains, strict=False)
            weak.append((late, (*_feasible(profile, to), *gains)))
        if given >= limit:
            return
    yield from weak


def _positive(trade: Trade) -> Region:
    return tuple(Relation(e, ">", _ZERO) for _, e in trade.gains if e != sp.oo)


def _feasible(profile: Profile, to: Values) -> Region:
    """Everything x' must satisfy: all utilities finite there."""
    equal = dict.fromkeys(profile.arena.persons, sp.S.One)
    maker = profile.arena.planner(equal, frozenset())
    needed = [r for e in to.values() for r in natural_domain(e)]
    return (*needed, *(r.replaced(to) for r in maker.feasible()))


def _moved(profile: Profile, to: Values) -> Trade:
    gains = tuple((n, gain(profile, n, to)) for n in profile.arena.persons)
    return Trade(tuple(to.items()), (), gains)


def _transferred(profile: Profile, to: Values) -> Trade:
    """Everyone gets the same share of the rise of the sum."""
    rises = {n: gain(profile, n, to) for n in profile.arena.persons}
    share = shortened(sp.together(sp.Add(*rises.values()) / len(rises)))
    transfers = tuple((n, shortened(sp.expand(share - e))) for n, e in rises.items())
    return Trade(tuple(to.items()), transfers, tuple((n, share) for n in rises))


def gain(profile: Profile, name: str, to: Mapping[sp.Symbol, Expr]) -> Expr:
    """U_i(x') - U_i(x*) as one formula; oo for a person at -oo."""
    if name in profile.silent:
        return sp.oo
    utility = profile.arena.utility(name)
    rise = utility.xreplace(dict(to)) - utility.xreplace(profile.table)
    if rise.is_rational_function():
        return sp.factor(sp.together(rise))
    return shortened(rise)


def _inside(here: Profile) -> bool:
    """Whether the candidate is feasible at every witness, by numbers."""
    maker = here.arena.planner(dict.fromkeys(here.arena.persons, sp.S.One), frozenset())
    for k in range(len(here.witnesses)):
        for r in maker.feasible():
            value = here.number(r.gap, k)
            if value is None:
                return False
            slack = abs(value) if r.is_equality else -value
            if slack > sp.Rational(1, 10**12) or (r.operator in ("<", ">") and value <= 0):
                return False
    return True


def _sign_everywhere(profile: Profile, e: Expr) -> int:
    """1 if positive at every witness, 0 if nonnegative there, -1 otherwise; by numbers."""
    if e == sp.oo:
        return 1
    signs = []
    for k in range(len(profile.witnesses)):
        value = profile.number(e, k)
        if value is None or value < -sp.Rational(1, 10**12):
            return -1
        signs.append(value > sp.Rational(1, 10**12))
    return 1 if all(signs) else 0


# ------------------------------------------------------------------ candidates
def candidates(profile: Profile, optima: tuple[Values, ...]) -> Iterator[Values]:
    """Profiles that might be better, simplest first."""
    now = profile.table
    for best in optima:
        yield best
    if profile.arena.transferable:
        return  # only the sum counts: what falls short of the largest is no better
    yield from _corners(profile)
    for best in optima:
        for t in FRACTIONS:
            yield {s: shortened(e + t * (best[s] - e)) for s, e in now.items()}
    for t in FRACTIONS:
        yield {s: shortened((1 - t) * e) for s, e in now.items()}
        yield {s: shortened((1 + t) * e) for s, e in now.items()}
    yield from _along(profile)


def _corners(profile: Profile) -> Iterator[Values]:
    """Every combination of the ends of the actions' intervals, and all at the middle."""
    actions = profile.arena.game.actions
    ends = [(a.interval.lower, a.interval.upper) for a in actions]
    finite = [tuple(e for e in pair if e.is_finite) for pair in ends]
    if len(actions) > CORNERS_LIMIT or not all(finite):
        return
    for choice in product(*finite):
        yield {a.symbol: e for a, e in zip(actions, choice, strict=True)}
    if all(len(pair) == 2 for pair in finite):
        yield {a.symbol: (p[0] + p[1]) / 2 for a, p in zip(actions, finite, strict=True)}


def _along(profile: Profile) -> Iterator[Values]:
    """Along d with grad U_i . d = 1 for the persons heard, so far as second-order terms allow."""
    d = direction(profile)
    if d is None:
        return
    step = safe_step(profile, d)
    now = profile.table
    if step is not None:
        yield {s: shortened(e + step * d.get(s, _ZERO)) for s, e in now.items()}
    for t in FRACTIONS:
        yield {s: shortened(e + t * d.get(s, _ZERO)) for s, e in now.items()}


def direction(profile: Profile) -> Values | None:
    """Some d, zero where an action is at a bound, with grad U_i . d = 1 for every person heard."""
    actions = profile.arena.game.actions
    moving = [
        a.symbol
        for a in actions
        if not any(profile.looks_zero(r.gap) for r in a.interval.contains(a.symbol))
    ]
    unknown = {x: sp.Dummy(f"d_{x}") for x in moving}
    rows = []
    for name in profile.heard:
        slopes = {x: sp.diff(profile.arena.utility(name), x).xreplace(profile.table) for x in moving}
        if any(s.has(sp.zoo, sp.nan, sp.oo, sp.Derivative) for s in slopes.values()):
            return None
        row = sp.Add(*(unknown[x] * s for x, s in slopes.items()))
        if row == 0:
            return None
        rows.append(row - 1)
    for c in profile.arena.game.shared:
        if profile.looks_zero(c.relation.gap):
            rows.append(
                sp.Add(*(u * sp.diff(c.relation.gap, x).xreplace(profile.table)
                         for x, u in unknown.items()))
            )  # fmt: skip
    solved = solve_linear(rows, list(unknown.values()), profile)
    if solved is None:
        return None
    return {x: solved[u] for x, u in unknown.items()}


def safe_step(profile: Profile, d: Values) -> Expr | None:
    """t > 0 so small that along d every utility rises and every bound holds, if all is polynomial.

    U_i(x* + t d) - U_i(x*) = t + a_2 t**2 + ...: with t <= 1 and t*(1 + 2*sum |a_k|) <= 1 it is at
    least t/2; |a_k| is at most the sum of the absolute values of its terms.
    """
    t = sp.Dummy("t", positive=True)
    bounds: list[Expr] = [sp.S.One]
    moved = {s: e + t * d.get(s, _ZERO) for s, e in profile.values}
    for name in profile.heard:
        rise = profile.arena.utility(name).xreplace(moved)
        if not rise.is_polynomial(t):
            return None
        terms = sp.Poly(sp.expand(rise), t).all_coeffs()[::-1]
        for coefficient in terms[2:]:
            size = _size(coefficient)
            if size is None:
                return None
            bounds.append(2 * size)
    maker = profile.arena.planner(dict.fromkeys(profile.arena.persons, sp.S.One), frozenset())
    for r in maker.feasible():
        gap = r.gap.xreplace(moved)
        slack = shortened(r.gap.xreplace(profile.table))
        if not gap.has(t) or slack == 0 or r.is_equality:
            continue
        if not gap.is_polynomial(t):
            return None
        terms = sp.Poly(sp.expand(gap), t).all_coeffs()[::-1]
        sizes = [_size(c) for c in terms[1:]]
        if any(s is None for s in sizes):
            return None
        bounds += [2 * s / slack for s in sizes if s is not None]
    return shortened(sp.together(1 / sp.Add(*dict.fromkeys(b for b in bounds if b != 0))))


def _size(e: Expr) -> Expr | None:
    """A bound on |e|: the sum of its terms' absolute values, where their signs are visible."""
    number, denominator = sp.fraction(sp.factor(sp.together(e)))
    parts = [abs_term(term) for term in sp.Add.make_args(sp.expand(number))]
    below = sp.Mul(*(abs_factor(f) for f in sp.Mul.make_args(denominator)))
    if any(p is None for p in parts) or below.has(sp.nan):
        return None
    return sp.Add(*(p for p in parts if p is not None)) / below


def abs_term(term: Expr) -> Expr | None:
    """|term| without Abs, where the signs of its factors are known."""
    out = sp.Abs(term)
    return None if out.has(sp.Abs) else out


def abs_factor(factor: Expr) -> Expr:
    """|factor| for a denominator; a sum keeps its sign, for a wrong one is caught by the proof."""
    base, exponent = factor.as_base_exp()
    if base.is_Add:
        return base**exponent
    out = sp.Abs(factor)
    return sp.nan if out.has(sp.Abs) else out


def finite_point(profile: Profile, optima: tuple[Values, ...]) -> bool:
    """Whether some profile is shown feasible with every utility finite, for all parameters."""
    equal = dict.fromkeys(profile.arena.persons, sp.S.One)
    maker = profile.arena.planner(equal, frozenset())
    points = [*optima, *({s: e / 2 for s, e in o.items()} for o in (*optima, profile.table))]
    actions = profile.arena.game.actions
    points.append({a.symbol: sp.S.One for a in actions})
    if all(a.interval.lower.is_finite and a.interval.upper.is_finite for a in actions):
        points.append({a.symbol: (a.interval.lower + a.interval.upper) / 2 for a in actions})
    return any(is_proved(feasible(maker, p, profile.region)) for p in points)
