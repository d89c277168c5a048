"""The frontier between two persons' utilities, from the maximisers of weighted sums.

The maximisers of t*U_a + U_b, t > 0, are closed forms in t, one an interval of t.  Where U_a is
strictly monotone in t, t is a function of u_a, and u_b = U_b(t(u_a)).  These are exactly the
profiles that positive weights support; all of them are strongly efficient.  Of a single closed form
it is not asked whether there are other maximisers, for they have the same utilities:
V(t) = max t*U_a + U_b is convex, and where it is smooth each of its maximisers has U_a = V'(t)
(Danskin 1966).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.arena import Arena
from alignsym.alignment.inverses import KINKED, inverse, nonempty
from alignsym.alignment.profile import is_proved
from alignsym.alignment.utility_space import (
    SUPPORTED,
    Attainable,
    Levels,
    balanced,
    is_gap_of,
    without_logs,
)
from alignsym.claims import Unknown
from alignsym.logic.decide import irredundant
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime, Solution
from alignsym.solving.neat import shortened, weight
from alignsym.verify.facts import holds, zero

_ZERO = sp.S.Zero
SIZE_LIMIT = 100  # operations


def by_weights(
    judged: Arena, named: Levels, weighted: Solution
) -> tuple[Attainable, ...] | Unknown:
    """The relations between two persons' utilities, one for each closed form of the maximisers.

    Arguments: `weighted`, the maximisers of the weighted sum, the weights being parameters.
    """
    single = len(weighted.regimes) == 1 and is_proved(weighted.regimes[0].status)
    if len(weighted.regimes) != len(weighted.cases) or not weighted.regimes:
        return Unknown("the maximisers of weighted sums are not closed forms")
    if not (is_proved(weighted.proof) or (single and is_proved(weighted.coverage))):
        return Unknown("the maximisers of weighted sums are not proved for all weights")
    rows = []
    for regime in weighted.regimes:
        found = _row(judged, named, weighted, regime)
        if isinstance(found, Unknown):
            return found
        rows.append(found)
    kept: list[Attainable] = []
    domain = judged.game.domain()
    for k, row in enumerate(rows):
        # Of two that are the same the first is kept.
        later = (other for other in rows[k + 1 :] if not _contains(row, other, domain))
        if not any(_contains(other, row, domain) for other in (*kept, *later)):
            kept.append(row)
    return tuple(kept)


def _row(judged: Arena, named: Levels, weighted: Solution, regime: Regime) -> Attainable | Unknown:
    weights = [weighted.game.weight(n) for n, _ in named]
    alone = len(weighted.regimes) == 1
    found: Attainable | Unknown = Unknown("utilities are not inverted along the maximisers")
    for scale in _scales():
        scaled = dict(zip(weights, (scale.ratio, sp.S.One), strict=True))
        values = tuple((s, shortened(e.xreplace(scaled))) for s, e in regime.values)
        when = tuple(r.replaced(scaled) for r in regime.when)
        here = tuple(r for r in when if scale.symbol not in r.free_symbols)
        moved = tuple(r for r in when if scale.symbol in r.free_symbols)
        placed = _Scale(scale.symbol, scale.ratio, (*scale.domain, *moved))
        found = _piece(judged, named, values, placed, here, smooth=alone)
        if isinstance(found, Attainable):
            break
    return found


def _contains(wide: Attainable, point: Attainable, domain: Region) -> bool:
    """Whether a single point of the frontier is on another piece of it."""
    at = {r.left: r.right for r in (point.relation, *point.within)}
    if len(at) != len(point.utilities) or set(at) != {u for _, u in point.utilities}:
        return False
    if set(wide.when) - set(point.when) or any(e.free_symbols & set(at) for e in at.values()):
        return False
    there = [r.replaced(at) for r in (wide.relation, *wide.within)]
    return all(is_proved(holds(r, (*domain, *point.when))) for r in there)


@dataclass(frozen=True, slots=True)
class _Scale:
    """All positive ratios of two weights by a symbol: t itself, or s/(1 - s), 0 < s < 1."""

    symbol: sp.Symbol
    ratio: Expr
    domain: Region


def _scales() -> Iterator[_Scale]:
    t, s = sp.Dummy("t", positive=True), sp.Dummy("s", positive=True)
    above = Relation(t, ">", _ZERO)
    yield _Scale(t, t, (above,))
    within = (Relation(s, ">", _ZERO), Relation(s, "<", sp.S.One))
    yield _Scale(s, s / (1 - s), within)


def _piece(
    judged: Arena,
    named: Levels,
    values: tuple[tuple[sp.Symbol, Expr], ...],
    scale: _Scale,
    when: Region,
    *,
    smooth: bool,
) -> Attainable | Unknown:
    along = [shortened(judged.utility(n).xreplace(dict(values))) for n, _ in named]
    if max(e.count_ops() for e in along) > SIZE_LIMIT:
        return Unknown("utilities along the maximisers are too long to be inverted")
    levels = [_opened(e, scale.symbol) for e in along]
    given = (*judged.game.domain(), *when)
    if not any(scale.symbol in e.free_symbols for e in levels):
        (_, u), (_, v) = named
        if not nonempty(scale.symbol, scale.domain, given):
            return Unknown("whether weights support a single point is not shown for all parameters")
        point = Relation(u, "==", shortened(levels[0])), Relation(v, "==", shortened(levels[1]))
        return Attainable(named, point[1], point[:1], SUPPORTED, values, when)
    if smooth and not all(_smooth(e, (*given, *scale.domain)) for e in levels):
        return Unknown("utilities are not shown to be smooth along the maximisers")
    for one, two in ((0, 1), (1, 0)):
        level, other = named[one][1], named[two][1]
        found = inverse(levels[one], scale.symbol, scale.domain, level, given)
        if isinstance(found, Unknown):
            continue
        there = {scale.symbol: found.formula}
        value = _opened(levels[two].xreplace(there), level)
        within = (*given, *found.levels)
        at = {s: e.xreplace(there) for s, e in values}
        exact = [
            zero(judged.utility(named[k][0]).xreplace(at) - e, within)
            for k, e in ((one, level), (two, value))
        ]
        if not all(map(is_proved, exact)):
            continue
        direct = _turned(shortened(judged.utility(named[two][0]).xreplace(at)))
        relation = _readable(value, direct, level, other, within)
        profile = tuple((s, _turned(shortened(without_logs(e)))) for s, e in at.items())
        kept = irredundant(tuple(map(_without_logs, found.levels)), (*given, relation))
        if relation.left == other:
            relation, kept = _squared(relation, kept, found.levels, (level, other), within)
        return Attainable(named, relation, kept, SUPPORTED, profile, when)
    return Unknown("utilities are not inverted in closed form along the maximisers")


def _opened(e: Expr, symbol: sp.Symbol) -> Expr:
    """Logarithms opened as far as signs allow, and those with the symbol gathered."""
    opened = sp.expand(sp.expand_log(shortened(e)), log=False, power_base=False, power_exp=False)
    logs = sorted((k for k in opened.atoms(sp.log) if symbol in k.free_symbols), key=str)
    gathered = sp.collect(opened, logs)
    return sp.Add(*(_shortened_factors(t) for t in sp.Add.make_args(gathered)))


def _shortened_factors(term: Expr) -> Expr:
    return sp.Mul(*(shortened(f) for f in sp.Mul.make_args(term)))


def _smooth(e: Expr, inside: Region) -> bool:
    """No kinks, and defined in a neighbourhood of every point inside."""
    around = (r.tightened() for r in natural_domain(e))
    return not e.has(*KINKED) and all(is_proved(holds(r, inside)) for r in around)


def _readable(
    value: Expr, direct: Expr, level: sp.Symbol, other: sp.Symbol, within: Region
) -> Relation:
    """other = value as a balance of exponentials, where that says the same and is no longer.

    other = c*log(E) + r  iff  exp((other - r)/c) = E, for E is positive where its log is defined.
    """
    plain = Relation(other, "==", min((direct, value), key=weight))
    logs = [e for e in sp.Add.make_args(value) if e.has(sp.log) and level in e.free_symbols]
    if len(logs) != 1:
        return plain
    factor, log = logs[0].as_independent(sp.log, as_Add=False)
    if not isinstance(log, sp.log) or level in factor.free_symbols:
        return plain
    rest = sp.exp(sp.expand((value - logs[0]) / factor))
    inside = sp.expand(without_logs(log.args[0]) * without_logs(rest))
    gap = inside - sp.exp(other / factor)
    relation = balanced(gap, (level, other))
    if relation.gap.count_ops() > plain.gap.count_ops():
        return plain
    same = zero(inside - log.args[0] * rest, within)
    nonzero = holds(Relation(factor, "!=", _ZERO), within)
    return relation if all(map(is_proved, (same, nonzero, is_gap_of(relation, gap)))) else plain


def _squared(
    relation: Relation,
    kept: Region,
    taken: Region,
    pair: tuple[sp.Symbol, sp.Symbol],
    within: Region,
) -> tuple[Relation, Region]:
    """other = r with r > 0 as other**2 = r**2 and other > 0, where the squares are polynomials.

    Arguments: `taken`, all levels that the first utility takes; where r is defined says less of
    them than its square.
    """
    level, other = pair
    value = relation.right
    square = sp.cancel(sp.expand(value**2))
    shorter = square.is_polynomial(level) and not value.is_polynomial(level)
    positive = is_proved(holds(Relation(value, ">", _ZERO), within))
    if not (shorter and positive and is_proved(zero(square - value**2, within))):
        return relation, kept
    squares = balanced(square - other**2, (level, other))
    known = irredundant((*taken, Relation(other, ">", _ZERO)), (squares,))
    return squares, known


def _turned(e: Expr) -> Expr:
    """-1/(a + b) for 1/(-a - b)."""

    def negative(k: Expr) -> bool:
        below = k.is_Pow and k.exp.is_Integer and k.base.is_Add
        return bool(below and all(t.could_extract_minus_sign() for t in k.base.args))

    return e.replace(negative, lambda k: (-1) ** k.exp * (-k.base) ** k.exp)


def _without_logs(r: Relation) -> Relation:
    return Relation(shortened(without_logs(r.left)), r.operator, shortened(without_logs(r.right)))
