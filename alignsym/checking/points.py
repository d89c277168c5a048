"""Exact parameter points: rational numbers that certainly satisfy a region, or certainly do not.

Points are hints from z3 models, small numbers, numbers on edges and generic numbers; each is
confirmed by enclosures (`verify.enclosure`), never by rounding alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from fractions import Fraction

import sympy as sp

from alignsym.logic.decide import search
from alignsym.model.agents import written
from alignsym.model.game import Game
from alignsym.model.relations import Region, Relation
from alignsym.verify.arithmetic import Undefined
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.enclosure import ENCLOSED
from alignsym.verify.evaluator import compiled, safe_name
from alignsym.verify.intervals import Undecided

Point = dict[sp.Symbol, Fraction]
Numbers = dict[str, object]
_SMALL = (Fraction(1), Fraction(2), Fraction(1, 2), Fraction(3), Fraction(4), Fraction(1, 4))


def numbers(point: Point) -> Numbers:
    """The point by names the evaluator reads."""
    return {safe_name(written(s)): v for s, v in point.items()}


def certainly(relation: Relation, env: Numbers) -> bool | None:
    """Whether the relation is defined and true at the point; None where enclosures do not tell."""
    try:
        left = compiled(relation.left).enclosed(env)
        right = compiled(relation.right).enclosed(env)
        return bool(ENCLOSED.compare(relation.operator, left, right))
    except (Undecided, NotEvaluable):
        return None
    except Undefined:
        return False


def inside(region: Iterable[Relation], env: Numbers) -> bool | None:
    """Whether the whole region holds: False as soon as one relation certainly does not."""
    known = True
    for relation in region:
        answer = certainly(relation, env)
        if answer is False:
            return False
        known = known and answer is True
    return True if known else None


def legal(game: Game, point: Point) -> bool:
    """Whether the point certainly satisfies the declared signs and conditions."""
    sizes = [p.symbol for p in game.parameters if p.integer or p.symbol.is_integer]
    whole = all(point[s].denominator == 1 for s in sizes)
    return whole and inside(game.domain(), numbers(point)) is True


def points(game: Game, when: Region, count: int) -> Iterator[Point]:
    """Up to `count` exact legal points of the regime, generic ones and edges alternating."""
    seen: set[tuple[Fraction, ...]] = set()
    symbols = [p.symbol for p in game.parameters]
    streams = [hints(game, when), _near_hints(game, when), generic(game, when)]
    given = 0
    while streams and given < count:
        for stream in list(streams):
            point = next(stream, None)
            if point is None:
                streams.remove(stream)
                continue
            key = tuple(point[s] for s in symbols)
            if key in seen:
                continue
            seen.add(key)
            yield point
            given += 1
            if given >= count or not symbols:
                return


def witness(game: Game, when: Region) -> Point | None:
    """A point of the regime, inside rather than on an edge; None if none was found."""
    inner = tuple(r.tightened() for r in when)
    for region in (inner, when):
        for point in points(game, region, 1):
            return point
    return None


def hints(game: Game, when: Region) -> Iterator[Point]:
    """Models of z3: anywhere in the regime, with moderate numbers, and on the edge of each
    condition."""
    region = (*game.domain(), *when)
    ten = sp.Integer(10)
    moderate: Region = tuple(Relation(p.symbol, "<=", ten) for p in game.parameters)
    moderate += tuple(Relation(p.symbol, ">=", -ten) for p in game.parameters)
    edges = [(Relation(r.gap, "==", sp.S.Zero),) for r in when if not r.is_strict]
    near = [(Relation(sp.Integer(20) * r.gap, "<=", sp.S.One),) for r in when if not r.is_equality]
    inner = tuple(r.tightened() for r in when)
    for more in ((*inner, *moderate), inner, *edges, *near, moderate, ()):
        if not any(p.symbol for p in game.parameters) and more:
            continue
        yield from _model(game, region, more, when)


def _model(game: Game, region: Region, more: Region, when: Region) -> Iterator[Point]:
    if not game.parameters:
        if inside(when, {}) is True:
            yield {}
        return
    answer = search((*region, *more), milliseconds=300)
    if answer.kind != "sat":
        return
    known = dict(answer.point)
    point = {p.symbol: known.get(p.symbol, Fraction(1)) for p in game.parameters}
    for place in (10, 1000, 10**6, None):
        short = {s: v if place is None else v.limit_denominator(place) for s, v in point.items()}
        if _is_in(game, when, short):
            yield short
            return


def _is_in(game: Game, when: Region, point: Point) -> bool:
    return legal(game, point) and inside(when, numbers(point)) is True


def _near_hints(game: Game, when: Region) -> Iterator[Point]:
    """Points around a model: the regime may be narrow."""
    centre = next(hints(game, when), None)
    if not centre:
        return
    rng = random.Random(f"near {when}")
    whole = {p.symbol for p in game.parameters if p.integer or p.symbol.is_integer}
    for _ in range(60):
        point = {}
        for s, v in centre.items():
            if s in whole:
                point[s] = max(v + rng.randint(-1, 2), Fraction(1))
                continue
            shift = Fraction(rng.randint(-60, 60), rng.choice([64, 640]))
            point[s] = v + shift * (abs(v) or 1)
        point = met(when, point)
        if _is_in(game, when, point):
            yield point


def generic(game: Game, when: Region) -> Iterator[Point]:
    """Small numbers, then random ones of several sizes, moved onto linear equalities."""
    rng = random.Random(f"generic {when}")
    equalities = [r for r in (*game.domain(), *when) if r.is_equality]
    for attempt in range(1200):
        point = {}
        for p in game.parameters:
            value = rng.choice(_SMALL) if attempt % 3 else _number(rng)
            if p.integer or p.symbol.is_integer:
                value = Fraction(rng.randint(1, 5))
            lower, upper = p.interval.lower, p.interval.upper
            if lower.is_Rational and upper.is_Rational:
                low, high = (Fraction(int(e.p), int(e.q)) for e in (lower, upper))
                value = low + (high - low) * Fraction(rng.randint(1, 15), 16)
            elif upper.is_zero or (not lower.is_nonnegative and rng.random() < 0.4):
                value = -value
            elif lower.is_Rational and lower > 0 and value <= Fraction(int(lower.p), int(lower.q)):
                value += Fraction(int(lower.p), int(lower.q))
            point[p.symbol] = value
        point = met(equalities, point)
        if _is_in(game, when, point):
            yield point


def _number(rng: random.Random) -> Fraction:
    value = Fraction(rng.randint(1, 60), rng.choice([7, 10, 11, 17]))
    return value * rng.choice([Fraction(1), Fraction(1, 10), Fraction(8)])


def met(relations: Iterable[Relation], point: Point) -> Point:
    """The point moved onto equalities that are linear in one of its parameters."""
    for relation in relations:
        if not relation.is_equality:
            continue
        for symbol in sorted(relation.free_symbols & set(point), key=str):
            slope = sp.diff(relation.gap, symbol)
            if slope == 0 or slope.has(symbol):
                continue
            rest = {s: rational(v) for s, v in point.items() if s != symbol}
            value, per = relation.gap.xreplace({**rest, symbol: sp.S.Zero}), slope.xreplace(rest)
            if value.is_Rational and per.is_Rational and per != 0:
                there = -value / per
                point = {**point, symbol: Fraction(int(there.p), int(there.q))}
                break
    return point


def rational(value: Fraction) -> sp.Rational:
    """The number as SymPy's."""
    return sp.Rational(value.numerator, value.denominator)


def exactly(point: Point) -> tuple[tuple[sp.Symbol, sp.Expr], ...]:
    """The point as a verdict shows it."""
    return tuple((s, rational(v)) for s, v in point.items())
