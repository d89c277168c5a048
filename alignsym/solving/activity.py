"""Claimed solutions where some members choose their lower bound, by one level.

1. The best reply r_i of a member whose bound is slack contains one number L that moves: a sum of
   choices, the price of a market, or the multiplier of a shared constraint.
2. max(l_i, r_i(L)) summed is what that sum comes to: L itself, or what the constraint allows.
3. Threshold, lowest level and closed form are solved for; `verify.activity` shows what they are.

Nothing is trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import sympy as sp

from alignsym.conditions.families import Coupling, CrowdConditions, MemberConditions
from alignsym.logic.activity import Level, Levelled, over_active, with_level
from alignsym.logic.crowd import Crowd, Profile
from alignsym.logic.decide import implies
from alignsym.logic.powers import flattened
from alignsym.logic.sums import NotSummableError
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept
from alignsym.model.relations import Expr, Interval, Region, Relation
from alignsym.solving.families import alike, replies
from alignsym.solving.neat import shortened
from alignsym.solving.replies import solutions

_ZERO = sp.S.Zero
LINE, HALF, OPEN = Interval.real(), Interval.nonnegative(), Interval.positive()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the level stands: as which unknown, in which sum, which comes to what."""

    unknown: sp.Symbol
    total: sp.Symbol
    comes_to: Expr
    coupling: Coupling | None
    intervals: tuple[Interval, ...]


def levelled(crowd: Crowd, asked: CrowdConditions, concept: Concept) -> Iterator[Levelled]:
    """Profiles in terms of a level, for one family of members with data and one action."""
    if len(asked.members) != 1 or asked.singles:
        return
    (group,) = asked.members
    if len(group.actions) != 1 or group.own or alike(crowd, group):
        return
    (action,) = group.actions
    ends = action.interval
    if ends.lower == -sp.oo or ends.open_lower or ends.upper != sp.oo:
        return
    for reply in replies(group):
        value = reply[action.symbol]
        if not asked.coupling and not asked.markets and not _unknowns(crowd, asked, value):
            yield _alone(crowd, asked, group, value)
            continue
        for place in _places(crowd, asked, action.symbol, value):
            for interval, divided in product(place.intervals, (False, True)):
                try:
                    found = _found(crowd, asked, group, place, value, interval, divided)
                except NotSummableError:
                    continue
                if found is not None:
                    yield found


def _places(crowd: Crowd, asked: CrowdConditions, x: sp.Symbol, reply: Expr) -> Iterator[_Place]:
    ledger = crowd.ledger
    couplings = {c.multiplier: c for c in (*asked.coupling, *asked.markets)}
    totals = ledger.moving(reply, (x,))
    moving = [*totals, *(s for s in reply.free_symbols if s in couplings)]
    if len(moving) != 1:
        return
    (unknown,) = moving
    if unknown in ledger.totals:
        if not couplings:
            yield _Place(unknown, unknown, unknown, None, (LINE, HALF, OPEN))
        return
    coupling = couplings.pop(unknown)
    sums = ledger.moving(coupling.gap, (x,))
    if couplings or len(sums) != 1 or coupling.scale != 1 or coupling.gap.has(x):
        return
    (total,) = sums
    slope = sp.diff(coupling.gap, total)
    if slope == 0 or slope.has(total) or slope.free_symbols & set(crowd.chosen):
        return
    comes_to = sp.cancel(total - coupling.gap / slope)
    intervals = (LINE, OPEN) if coupling.equality else (HALF, OPEN)
    yield _Place(unknown, total, comes_to, coupling, intervals)


def _unknowns(crowd: Crowd, asked: CrowdConditions, reply: Expr) -> list[sp.Symbol]:
    """What moves in a reply besides data."""
    couplings = {c.multiplier for c in (*asked.coupling, *asked.markets)}
    chosen = {*crowd.chosen, *couplings}
    moving = crowd.ledger.moving(reply, crowd.chosen)
    return [*moving, *sorted(reply.free_symbols & chosen, key=str)]


def _fresh(crowd: Crowd) -> str:
    """A name for the level that nothing in the game has."""
    name = "level"
    while name in crowd.ledger.taken:
        name += "_"
    return name


def _alone(crowd: Crowd, asked: CrowdConditions, group: MemberConditions, reply: Expr) -> Levelled:
    """Every member decides alone: max of its bound and a reply to its data."""
    (action,), symbol = group.actions, sp.Symbol(_fresh(crowd), real=True)
    reply = shortened(flattened(reply))
    part = reply - action.interval.lower
    level = Level(
        symbol, symbol, LINE, group.family, action, symbol, sp.S.One, reply, _ZERO, sp.S.One,
        part, _ZERO, _ZERO, _ZERO, _ZERO,
    )  # fmt: skip
    place = _Place(symbol, symbol, _ZERO, None, (LINE,))
    return Levelled(crowd, Profile((), *_profile(crowd, asked, group, place, level)), level)


def _found(
    crowd: Crowd,
    asked: CrowdConditions,
    group: MemberConditions,
    place: _Place,
    reply: Expr,
    interval: Interval,
    divided: bool,
) -> Levelled | None:
    (action,) = group.actions
    ledger, x, low = crowd.ledger, action.symbol, action.interval.lower
    sign = {LINE: "real", HALF: "nonnegative", OPEN: "positive"}[interval]
    symbol = sp.Symbol(_fresh(crowd), **{sign: True})
    put = {place.unknown: symbol}
    reply = shortened(flattened(reply.xreplace(put)))
    comes_to = place.comes_to.xreplace(put)
    weight = sp.diff(ledger.totals[place.total].summand, x)
    least = ledger.total(group.family, weight * low)
    divisor = symbol if divided else sp.S.One
    part = sp.expand(sp.cancel(sp.together(weight * (reply - low) / divisor)))
    rest = sp.expand(sp.cancel((comes_to - least) / divisor))
    if not _defined(interval, symbol, (part, rest)):
        return None
    thresholds = [s[symbol] for s in solutions([part], [symbol])]
    more = with_level(crowd.game, symbol, interval)
    summed, sums = over_active(ledger, group.family, part)
    formulas = [s[symbol] for s in solutions([rest - summed], [symbol])]
    lows = [_ZERO] if interval != OPEN else []
    lows += [s[symbol] for s in solutions([rest - part], [symbol])]
    out: list[Levelled] = []
    for threshold, formula, start in product(thresholds, formulas, lows):
        level = Level(
            symbol,
            place.unknown, interval, group.family, action, place.total, weight, reply, comes_to,
            divisor, part, rest, shortened(threshold), shortened(start), shortened(formula),
        )  # fmt: skip
        condition = _start(more, level)
        if condition is not None:
            profile = _profile(crowd, asked, group, place, level)
            out.append(Levelled(more, Profile(condition, *profile), level))
    return min(out, key=lambda found: len(found.profile.when), default=None)


def _defined(interval: Interval, symbol: sp.Symbol, formulas: tuple[Expr, ...]) -> bool:
    """Nothing that moves with the level is undefined somewhere in its interval."""
    needed = [r for e in formulas for r in natural_domain(e) if r.free_symbols & {symbol}]
    return all(implies(interval.contains(symbol), r, milliseconds=200).is_proof for r in needed)


def _start(crowd: Crowd, level: Level) -> Region | None:
    """The condition on the parameters under which there is a level; None if none is known."""
    table = {level.symbol: level.low}
    part, rest = level.part.xreplace(table), level.rest.xreplace(table)
    if part.has(sp.zoo, sp.nan) or rest.has(sp.zoo, sp.nan):
        return None
    region = crowd.facts(crowd.declared, part, rest, level.low)
    if not all(implies(region, r).is_proof for r in level.interval.contains(level.low)):
        return None
    if implies(region, Relation(rest, "<=", part)).is_proof:
        return ()
    if level.low.free_symbols & set(crowd.ledger.members):
        return None
    positive = implies(region, Relation(part, ">=", _ZERO)).is_proof
    summed = crowd.ledger.total(level.family, part if positive else sp.Max(0, part))
    where = crowd.facts(crowd.declared, rest, summed)
    needed = Relation(rest, "<=", summed)
    if implies(where, needed).is_proof:
        return ()
    if implies(where, Relation(rest, ">", summed)).is_proof:
        return None
    return (needed,)


def _profile(
    crowd: Crowd,
    asked: CrowdConditions,
    group: MemberConditions,
    place: _Place,
    level: Level,
) -> tuple[tuple[tuple[sp.Symbol, Expr], ...], tuple[tuple[str, Expr], ...],
           tuple[tuple[str, Expr], ...]]:  # fmt: skip
    """Values, multipliers and bounds in terms of the level."""
    action, (equation,) = level.action, group.equations
    values: dict[sp.Symbol, Expr] = {action.symbol: level.reply}
    for market in asked.markets:
        values[market.multiplier] = level.symbol
    known: Mapping[sp.Symbol, Expr] = {
        place.unknown: level.symbol, place.total: level.comes_to,
        action.symbol: action.interval.lower,
    }  # fmt: skip
    price = shortened(sp.expand(-equation.xreplace(dict(known))))
    multipliers = tuple((c.name, level.symbol) for c in asked.coupling)
    return tuple(values.items()), multipliers, ((action.name, price),)
