"""Do the tables cover all declared parameters?  Proved by z3, refuted by an exact legal point at
which every table's condition certainly fails or is undefined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, islice

import sympy as sp

from alignsym.checking.points import Point, exactly, inside, legal, met, numbers, points
from alignsym.claims import Proved, Refuted, Unknown, Verdict
from alignsym.logic.decide import search
from alignsym.model.game import Game
from alignsym.model.relations import Region, Relation
from alignsym.verify.obligations import covered

_ZERO = sp.S.Zero
_EVERYWHERE, _EDGE = 120, 4


def coverage(game: Game, regions: Sequence[Region]) -> Verdict:
    """Whether every declared parameter value satisfies one of the regions."""
    shown = covered(game, regions)
    if isinstance(shown, Proved):
        return shown
    for point in candidates(game, regions):
        if legal(game, point) and _outside(regions, point):
            return Refuted(exactly(point), "the condition of no table holds here")
    if not regions:
        return Unknown("nothing is claimed")
    return shown


def _outside(regions: Sequence[Region], point: Point) -> bool:
    env = numbers(point)
    return all(inside(region, env) is False for region in regions)


def candidates(game: Game, regions: Sequence[Region]) -> Iterator[Point]:
    """A model of z3, points on every edge and where two edges meet, then points everywhere."""
    answer = search(game.domain(), outside=regions, milliseconds=2000)
    if answer.kind == "sat":
        known = dict(answer.point)
        point = {p.symbol: known.get(p.symbol, Fraction(1)) for p in game.parameters}
        for place in (1, 10, 1000, 10**9, 10**18):
            short = {s: v.limit_denominator(place) for s, v in point.items()}
            yield met(game.domain(), short)
        yield point
    edges: dict[sp.Expr, None] = dict.fromkeys(r.gap for region in regions for r in region)
    equalities = [Relation(gap, "==", _ZERO) for gap in edges]
    for one in equalities:
        yield from islice(points(game, (one,), _EDGE), _EDGE)
    for one, two in islice(combinations(equalities, 2), 12):
        yield from islice(points(game, (one, two), 1), 1)
    yield from points(game, (), _EVERYWHERE)
