"""Games on a box with utilities that are linear in each action: corners decide.

A sum f of such utilities, as of mixed strategies in finite games, is on the box a mean of its
values at the corners.  So x* maximises f iff no corner v has f(v) > f(x*), and if x* is a corner
and all others have less, it alone does: finitely many conditions on the parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import sympy as sp

from alignsym.alignment.narrowing import missing, rest_of
from alignsym.alignment.pareto import ALONE, POSITIVE, Judged, judged
from alignsym.alignment.profile import Profile, is_proved
from alignsym.claims import ByTheorem, Decided, Proved
from alignsym.logic.decide import search
from alignsym.model.relations import Expr, Operator, Region, Relation
from alignsym.solution import Regime
from alignsym.solution import holds as holds_at
from alignsym.verify.facts import holds, hypothesis
from alignsym.verify.trial import points

_ZERO = sp.S.Zero
ACTIONS_LIMIT = 5
DEEPEST = 3
POINTS = 3
CORNERS = "a function linear in each action is on a box a mean of its values at the corners"
Values = dict[sp.Symbol, Expr]


def corners(profile: Profile) -> list[Values] | None:
    """The corners of the box, if everything is linear in each action and nothing else binds."""
    game = profile.arena.game
    ends = [(a.interval.lower, a.interval.upper) for a in game.actions]
    maker = profile.arena.planner(dict.fromkeys(profile.arena.persons, sp.S.One), frozenset())
    if len(ends) > ACTIONS_LIMIT or profile.silent or maker.constraints or not ends:
        return None
    if not all(e.is_finite for pair in ends for e in pair):
        return None
    bounds = set(maker.bounds())
    if any(r not in bounds and r.free_symbols & set(maker.variables) for r in maker.domain):
        return None
    for name in profile.arena.persons:
        u = profile.arena.utility(name)
        if not u.is_polynomial(*maker.variables):
            return None
        if any(d > 1 for row in sp.Poly(u, *maker.variables).monoms() for d in row):
            return None
    symbols = [a.symbol for a in game.actions]
    return [dict(zip(symbols, choice, strict=True)) for choice in product(*ends)]


def by_corners(profile: Profile) -> Iterator[Judged]:
    """Efficient where the corners say so, under conditions if need be."""
    found = corners(profile)
    if found is None or not is_proved(profile.feasible()):
        return
    people = profile.arena.persons
    rows = [dict.fromkeys(people, sp.S.One)]
    rows += [{n: sp.S.One if n == m else _ZERO for n in people} for m in people]
    for weights in rows:
        total = sp.Add(*(w * profile.arena.utility(n) for n, w in weights.items()))
        at = total.xreplace(profile.table)
        positive = all(w == 1 for w in weights.values())
        # One person's alone must be strictly best, at a corner, to be strongly efficient.
        others = [v for v in found if positive or any(
            not is_proved(holds(Relation(v[s], "==", e), profile.region))
            for s, e in profile.values)]  # fmt: skip
        if not positive and len(others) == len(found):
            continue
        operator: Operator = ">=" if positive else ">"
        needed = [Relation(sp.expand(at - total.xreplace(v)), operator, _ZERO) for v in others]
        extra = missing(profile, tuple(r for r in needed if r.gap != 0 or not positive))
        if extra is None:
            continue
        region = (*profile.region, *extra)
        facts: list[Decided] = [
            hypothesis(f"f(x*) {operator} f(corner)", holds(r, region), region) for r in needed
        ]
        if all(is_proved(d.verdict) for d in facts):
            said = POSITIVE if positive else ALONE
            status = Proved((ByTheorem(CORNERS, tuple(facts)),))
            yield Judged(extra, "strongly", status, tuple(weights.items()), theorem=said)


def refined(
    profile: Profile,
    pieces: tuple[Judged, ...],
    optima: tuple[Values, ...],
    *,
    deadline: float | None = None,
    depth: int = DEEPEST,
) -> tuple[Judged, ...]:
    """The pieces, those that are not decided asked about by corners, and the rest again."""
    if depth == 0 or not any(p.kind == "unknown" for p in pieces) or corners(profile) is None:
        return pieces
    out: list[Judged] = []
    for piece in pieces:
        here = within(profile, piece.extra) if piece.kind == "unknown" else None
        found = None if here is None else _first(here)
        if here is None or found is None:
            out.append(piece)
            continue
        out.append(replace(found, extra=(*piece.extra, *found.extra)))
        for region in rest_of(here, found.extra):
            late = (*piece.extra, *region)
            rest = within(profile, late)
            if rest is None:
                continue
            # What is asked of one point is asked of its surroundings only.
            rest = replace(rest, witnesses=rest.witnesses[:1])
            again = judged(rest, optima, deadline=deadline)
            again = refined(rest, again, optima, deadline=deadline, depth=depth - 1)
            out += [replace(j, extra=(*late, *j.extra)) for j in again]
    return tuple(out)


def _first(profile: Profile) -> Judged | None:
    """What the corners say where one of the witnesses lies."""
    alone = (replace(profile, witnesses=(w,)) for w in profile.witnesses)
    return next((found for one in alone for found in by_corners(one)), None)


def within(profile: Profile, extra: Region) -> Profile | None:
    """The profile on a part of its region, with exact points of it; None where there are none.

    A part without such a point that is not shown to be empty keeps the witnesses it has.
    """
    region = (*profile.region, *extra)
    inside = [w for w in profile.witnesses if all(holds_at(r, dict(w)) for r in extra)]
    if not inside:
        answer = search(region)
        if answer.is_proof:
            return None
        game = profile.arena.game
        given = {s: sp.Rational(q.numerator, q.denominator) for s, q in answer.point}
        table = {p.symbol: given.get(p.symbol, sp.S.One) for p in game.parameters}
        if answer.kind == "sat" and all(holds_at(r, table) for r in region):
            # What z3 finds lies on edges; points around it say more.
            found = Regime(region, (), witness=tuple(table.items()))
            near = (tuple((s, sp.Rational(q.numerator, q.denominator)) for s, q in point.items())
                    for point in points(game, found, POINTS, 0))  # fmt: skip
            inside = [w for w in near if all(holds_at(r.tightened(), dict(w)) for r in region)]
            inside = inside or [found.witness]
    return replace(profile, region=region, witnesses=tuple(inside) or profile.witnesses)
