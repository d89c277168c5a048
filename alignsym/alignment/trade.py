"""A finite feasible trade that makes everyone better off, as formulas, proved for all parameters.

x' is found by any means: towards a weighted optimum, all actions scaled, corners, or along a
direction d with grad U_i . d = 1 for all i, so far that no second-order term undoes it.  What is
proved is the definition: x' is feasible and U_i(x') - U_i(x*) > 0 for every person i.  With a
transferable numeraire x' has a larger sum, and transfers T_i, sum T_i = 0, share the gain equally.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import sympy as sp

from alignsym.alignment.profile import Profile, feasible, is_proved
from alignsym.alignment.supporting import solve_linear
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened

_ZERO = sp.S.Zero
FRACTIONS = tuple(sp.Rational(1, k) for k in (2, 4, 8, 16, 64))
CORNERS_LIMIT = SINGLE_LIMIT = 5
SIZE_LIMIT = 300
LIMIT = 4  # proofs cost more than candidates
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


def proposals(
    profile: Profile, optima: tuple[Values, ...], deadline: float | None = None
) -> Iterator[tuple[Trade, Region]]:
    """Candidates that improve at every witness, with what must hold for them to improve.

    First those good for everybody, then those where nobody loses; `LIMIT` of each kind of either.
    """
    weak: list[tuple[Trade, Region]] = []
    seen = set()
    for kind in (candidates(profile, optima), steps(profile, optima), along(profile)):
        given = 0
        for to in kind:
            if deadline is not None and time.monotonic() > deadline:
                break
            key = tuple(to.items())
            if key in seen or any(e.has(sp.nan, sp.zoo, sp.oo) for _, e in key):
                continue
            if sum(e.count_ops() for _, e in key) > SIZE_LIMIT:
                continue
            seen.add(key)
            here = Profile(profile.arena, profile.region, key, frozenset(), profile.witnesses)
            if not _inside(here):
                continue
            paid = profile.arena.transferable and not profile.silent
            signs = _signs(profile, to, paid)
            if all(s == 1 for s in signs):
                given += 1
                moved = _transferred(profile, to) if paid else _moved(profile, to)
                yield moved, (*_feasible(profile, to), *_positive(moved))
            elif min(signs) >= 0 and 1 in signs and len(weak) < LIMIT:
                moved = _moved(profile, to)
                gains = tuple(
                    Relation(e, ">" if s == 1 else ">=", _ZERO)
                    for (_, e), s in zip(moved.gains, signs, strict=True)
                    if e != sp.oo
                )
                late = Trade(moved.to, moved.transfers, moved.gains, strict=False)
                weak.append((late, (*_feasible(profile, to), *gains)))
            if given >= LIMIT:
                break
    yield from weak


def _signs(profile: Profile, to: Values, paid: bool) -> list[int]:
    """The sign of everybody's rise, 1, 0 or -1, at every witness alike, by numbers; of the sum
    where it can be shared."""
    rises = [
        profile.arena.utility(n).xreplace(to) - profile.arena.utility(n).xreplace(profile.table)
        if n not in profile.silent
        else sp.oo
        for n in profile.arena.persons
    ]
    return [_sign_everywhere(profile, e) for e in ([sp.Add(*rises)] if paid else rises)]


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
    return _neat(rise)


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
    """Optima and corners."""
    yield from optima
    if not profile.arena.transferable:  # else only the sum counts, and nothing has a larger one
        yield from _corners(profile)


def steps(profile: Profile, optima: tuple[Values, ...]) -> Iterator[Values]:
    """A part of the way to an optimum, or of all actions."""
    if profile.arena.transferable:
        return
    now = profile.table
    yield from _single(profile)
    for t in FRACTIONS:
        for best in optima:
            yield {s: shortened(e + t * (best[s] - e)) for s, e in now.items()}
        yield {s: shortened((1 - t) * e) for s, e in now.items()}
        yield {s: shortened((1 + t) * e) for s, e in now.items()}


def _single(profile: Profile) -> Iterator[Values]:
    """One action halved or doubled, the others as they are."""
    now = profile.table
    for x, e in profile.values:
        for factor in (sp.Rational(1, 2), sp.Integer(2)):
            if len(now) <= SINGLE_LIMIT:
                yield {**now, x: factor * e}


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


def along(profile: Profile) -> Iterator[Values]:
    """Along directions in which every utility rises at first, so far as higher terms allow."""
    now = profile.table
    for d in directions(profile):
        slopes = _slopes(profile, d)
        if slopes is None or any(_sign_everywhere(profile, g) != 1 for g in slopes.values()):
            continue
        step = safe_step(profile, d, slopes)
        if step is not None:
            yield {s: _neat(e + step * d.get(s, _ZERO)) for s, e in now.items()}
        else:
            for t in FRACTIONS:
                yield {s: shortened(e + t * d.get(s, _ZERO)) for s, e in now.items()}


def _neat(e: Expr) -> Expr:
    """Factors visible, where that does not take long."""
    if e.count_ops() > SIZE_LIMIT:
        return e
    return shortened(sp.factor(sp.together(e)) if e.is_rational_function() else e)


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
        if found is not None:
            yield found


def _slopes(profile: Profile, d: Values) -> dict[str, Expr] | None:
    """grad U_i . d at the profile for everyone heard; None where one is not finite."""
    out = {}
    for name in profile.heard:
        utility = profile.arena.utility(name)
        parts = [step * sp.diff(utility, x).xreplace(profile.table) for x, step in d.items()]
        total = _neat(sp.Add(*parts))
        if total.has(sp.zoo, sp.nan, sp.oo, sp.Derivative, sp.Heaviside):
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
        if any(s.has(sp.zoo, sp.nan, sp.oo, sp.Derivative) for s in slopes.values()):
            return None
        row = sp.Add(*(unknown[x] * s for x, s in slopes.items()))
        if row == 0:
            return None
        rows.append(row - 1)
    for c in profile.arena.game.constraints:
        if profile.looks_zero(c.relation.gap):
            slopes = {x: sp.diff(c.relation.gap, x).xreplace(profile.table) for x in moving}
            rows.append(sp.Add(*(unknown[x] * s for x, s in slopes.items())))
    solved = solve_linear(rows, list(unknown.values()), profile)
    return None if solved is None else {x: solved[u] for x, u in unknown.items()}


def safe_step(profile: Profile, d: Values, slopes: Mapping[str, Expr]) -> Expr | None:
    """t > 0 so small that along d every utility rises and every bound holds, if all is polynomial.

    U_i(x* + t d) - U_i(x*) = g_i t + a_2 t**2 + ...: with t <= 1 and 2 t sum |a_k| <= g_i it is at
    least g_i t/2; |a_k| is at most the sum of the absolute values of its terms.
    """
    t = sp.Dummy("t", positive=True)
    bounds: dict[Expr, None] = {}
    moved = {s: e + t * d.get(s, _ZERO) for s, e in profile.values}
    for name in profile.heard:
        rise = profile.arena.utility(name).xreplace(moved)
        terms = _coefficients(rise, t)
        sizes = None if terms is None else [_size(c) for c in terms[2:]]
        if sizes is None or any(s is None for s in sizes):
            return None
        if len(sizes) > 1:
            bounds.setdefault(sp.S.One)
        bounds.update(dict.fromkeys(2 * s / slopes[name] for s in sizes if s is not None))
    maker = profile.arena.planner(dict.fromkeys(profile.arena.persons, sp.S.One), frozenset())
    for r in maker.feasible():
        slack = shortened(r.gap.xreplace(profile.table))
        gap = r.gap.xreplace(moved)
        if not gap.has(t) or r.is_equality or profile.looks_zero(slack):
            continue
        terms = _coefficients(gap, t)
        sizes = None if terms is None else [_fall(c) for c in terms[1:]]
        if sizes is None or any(s is None for s in sizes):
            return None
        bounds.update(dict.fromkeys(2 * s / slack for s in sizes if s is not None))
    total = sp.Add(*(b for b in bounds if b != 0))
    return None if total == 0 else _neat(1 / total)


def _coefficients(e: Expr, t: sp.Symbol) -> list[Expr] | None:
    """The coefficients of a polynomial in t, the constant first; None for anything else."""
    if not e.is_polynomial(t):
        return None
    found: list[Expr] = sp.Poly(sp.expand(e), t).all_coeffs()
    return found[::-1]


def _fall(e: Expr) -> Expr | None:
    """A bound on how much a term of this coefficient can take away: nothing if it adds."""
    return _ZERO if sp.factor(e).is_nonnegative else _size(e)


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
