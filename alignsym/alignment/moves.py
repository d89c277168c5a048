"""Where a trade may lead: candidates that cost little to try, and prove nothing.

Optima and corners; a part of the way to an optimum, or of all actions; along a direction in which
every utility rises at first, so far that no higher term undoes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import sympy as sp

from alignsym.alignment.profile import INFINITE, Profile
from alignsym.alignment.supporting import solve_linear
from alignsym.model.relations import Expr
from alignsym.solving.neat import shortened

_ZERO = sp.S.Zero
FRACTIONS = tuple(sp.Rational(1, k) for k in (2, 4, 8, 16, 64))
CORNERS_LIMIT = SINGLE_LIMIT = 5
SIZE_LIMIT = 300
MIXED_LIMIT = 3
Values = dict[sp.Symbol, Expr]


def candidates(profile: Profile, optima: tuple[Values, ...]) -> Iterator[Values]:
    """Optima and corners."""
    yield from optima
    yield from _corners(profile)


def steps(profile: Profile, optima: tuple[Values, ...]) -> Iterator[Values]:
    """A part of the way to an optimum, or of all actions."""
    now = profile.table
    yield from _single(profile)
    for t in FRACTIONS:
        for best in optima:
            yield {s: shortened(e + t * (best[s] - e)) for s, e in now.items()}
        yield {s: shortened((1 - t) * e) for s, e in now.items()}
        yield {s: shortened((1 + t) * e) for s, e in now.items()}


def mixed(profile: Profile) -> Iterator[Values]:
    """Some actions at an end of their interval, some halved, some as they are."""
    now = profile.table
    if len(now) > MIXED_LIMIT:
        return
    options = []
    for a in profile.arena.game.actions:
        ends = [e for e in (a.interval.lower, a.interval.upper) if e.is_finite]
        between = [shortened((now[a.symbol] + e) / 2) for e in ends]
        options.append(list(dict.fromkeys((now[a.symbol], *ends, *between))))
    for choice in product(*options):
        yield dict(zip((a.symbol for a in profile.arena.game.actions), choice, strict=True))


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
        if slopes is None or any(profile.sign(g) != 1 for g in slopes.values()):
            continue
        step = safe_step(profile, d, slopes)
        if step is not None:
            yield {s: neat(e + step * d.get(s, _ZERO)) for s, e in now.items()}
        else:
            for t in FRACTIONS:
                yield {s: shortened(e + t * d.get(s, _ZERO)) for s, e in now.items()}


def neat(e: Expr) -> Expr:
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
    solved = solve_linear(rows, list(unknown.values()), profile)
    return None if solved is None else {x: solved[u] for x, u in unknown.items()}


def safe_step(profile: Profile, d: Values, slopes: Mapping[str, Expr]) -> Expr | None:
    """t > 0 so small that along d every utility rises and every bound holds.

    U_i(x* + t d) - U_i(x*) = g_i t + a_2 t**2 + ...: with t <= 1 and 2 t sum |a_k| <= g_i it is at
    least g_i t/2; |a_k| is at most the sum of the absolute values of its terms.  For polynomials,
    and for c log(l + t m) with c > 0, where log(1 + z) >= z - 2 z**2 if |z| <= 1/2 with z = t m/l.
    """
    t = sp.Dummy("t", positive=True)
    bounds: dict[Expr, None] = {}
    moved = {s: e + t * d.get(s, _ZERO) for s, e in profile.values}
    for name in profile.heard:
        rise, late = _without_logs(profile.arena.utility(name).xreplace(moved), t)
        terms = _coefficients(rise, t)
        if terms is None or late is None:
            return None
        sizes = [_size(c) for c in (*terms[2:], *(2 * c * z**2 for c, z in late))]
        steep = [_size(2 * z) for _, z in late]
        if any(s is None for s in (*sizes, *steep)):
            return None
        if len(sizes) > 1:
            bounds.setdefault(sp.S.One)
        bounds.update(dict.fromkeys(2 * s / slopes[name] for s in sizes if s is not None))
        bounds.update(dict.fromkeys(s for s in steep if s is not None))
    maker = profile.arena.planner(dict.fromkeys(profile.arena.persons, sp.S.One), frozenset())
    for r in maker.feasible():
        slack = shortened(r.gap.xreplace(profile.table))
        gap = r.gap.xreplace(moved)
        if not gap.has(t) or r.is_equality or profile.looks_zero(slack):
            continue
        terms = _coefficients(gap, t)
        falls = None if terms is None else [_fall(c) for c in terms[1:]]
        if falls is None or any(s is None for s in falls):
            return None
        bounds.update(dict.fromkeys(2 * s / slack for s in falls if s is not None))
    total = sp.Add(*(b for b in bounds if b != 0))
    return None if total == 0 else neat(1 / total)


def _without_logs(e: Expr, t: sp.Symbol) -> tuple[Expr, list[tuple[Expr, Expr]] | None]:
    """The terms without log of t, and (c, m/l) of every term c log(l + t m); None where a term is
    something else, or c is not positive."""
    rest, late = [], []
    for term in sp.Add.make_args(e):
        c, inner = term.as_independent(t, as_Add=False)
        if not inner.has(sp.log):
            rest.append(term)
            continue
        poly = _coefficients(inner.args[0], t) if isinstance(inner, sp.log) else None
        if poly is None or len(poly) != 2 or not c.is_positive:
            return e, None
        late.append((c, sp.factor(poly[1] / poly[0])))
    return sp.Add(*rest), late


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
