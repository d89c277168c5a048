"""Where a trade may lead: candidates that cost little to try, and prove nothing.

Optima and corners; a part of the way to an optimum, or of all actions; some actions at an end.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import sympy as sp

from alignsym.alignment.profile import Profile
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


def neat(e: Expr) -> Expr:
    """Factors visible, where that does not take long."""
    if e.count_ops() > SIZE_LIMIT:
        return e
    return shortened(sp.factor(sp.together(e)) if e.is_rational_function() else e)
