"""Is anything else a solution than the tables marked `multiple`?

Proved for equilibria by first-order conditions that only those listed satisfy; refuted at an exact
point by one more solution, itself proved by definition in the game with numbers put in.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, islice

import sympy as sp

from alignsym.checking.completion import completed
from alignsym.checking.fixed import fixed
from alignsym.checking.points import Point, certainly, exactly, inside, numbers, points
from alignsym.claims import Proved, Refuted, Unknown, Verdict
from alignsym.logic.decide import search
from alignsym.model.agents import StatedRegime
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import JOINT, DecisionMaker, decision_makers, everyones_bounds
from alignsym.verify.equilibria import necessary_conditions, only_these, smooth
from alignsym.verify.obligations import verify

_POINTS, _CANDIDATES = 3, 14
Row = dict[sp.Symbol, Expr]


def only_listed(game: Game, concept: Concept, k: int, listed: Sequence[StatedRegime]) -> Verdict:
    """Whether in the condition of table k every equilibrium is one of the tables `multiple`."""
    if concept in JOINT or concept == "stackelberg" or game.families:
        return Unknown("other solutions are not excluded")
    rows = [(t.when, dict(t.values)) for t in listed if t.multiple and t.values]
    rows.sort(key=lambda row: row[0] != listed[k].when)
    region = (*game.domain(), *listed[k].when)
    return only_these(game, decision_makers(game, concept), concept, rows, region)


def another(
    game: Game,
    concept: Concept,
    k: int,
    listed: Sequence[StatedRegime],
    deadline: float | None,
) -> Refuted | None:
    """A solution at an exact point of table k that no table lists."""
    if concept == "stackelberg" or game.families:
        return None
    for point in points(game, listed[k].when, _POINTS):
        env = numbers(point)
        known = []
        for table in listed:
            held = inside(table.when, env)
            if table.continuum or table.outcome or held is None:
                if held is not False:
                    break
            elif held:
                known.append(_at(table, point))
        else:
            there = fixed(game, point)
            rows = (r for r in _candidates(there, concept, known) if _may(there, concept, r, known))
            for row in islice(rows, _CANDIDATES):
                if deadline is not None and time.monotonic() > deadline:
                    return None
                if _solves(there, concept, row):
                    said = ", ".join(f"{s} = {e}" for s, e in row.items())
                    text = f"{said} is a solution here, and no table lists it"
                    return Refuted(exactly(point), text, tuple(row.items()))
    return None


def _at(table: StatedRegime, point: Point) -> Row:
    return {s: e.xreplace(dict(exactly(point))) for s, e in table.values}


def _differs(one: Row, two: Row) -> bool:
    return any(certainly(Relation(e, "==", two[s]), {}) is False for s, e in one.items())


def _may(game: Game, concept: Concept, row: Row, known: Sequence[Row]) -> bool:
    """Whether the row is new, and not plainly infeasible or worse."""
    if not all(_differs(row, other) for other in known):
        return False
    for maker in decision_makers(game, concept):
        if any(certainly(r.replaced(row), {}) is False for r in maker.feasible()):
            return False
        if concept in JOINT and known:
            level = maker.objective.xreplace(known[0])
            if certainly(Relation(maker.objective.xreplace(row), ">=", level), {}) is False:
                return False
    return True


def _solves(game: Game, concept: Concept, row: Row) -> bool:
    """Whether the row is proved to be a solution of the game without parameters."""
    stated = StatedRegime(values=tuple(row.items()))
    said = verify(game, concept, [completed(game, concept, stated, {})])
    kinds = ("defined", "nonempty", "feasible", "clearing", "optimal")
    own = [d.verdict for d in said.decided if d.claim.kind in kinds]
    return len(own) > 2 and all(isinstance(v, Proved) for v in own)


def _candidates(game: Game, concept: Concept, known: Sequence[Row]) -> Iterator[Row]:
    """Models of z3 of the first-order conditions or of "as good", then images of what is known."""
    makers = decision_makers(game, concept)
    yield from _models(game, concept, makers, known)
    for row in known:
        symbols = list(row)
        for size in (1, len(symbols), 2):
            for chosen in combinations(symbols, min(size, len(symbols))):
                yield {s: -e if s in chosen else e for s, e in row.items()}
        for one, two in combinations(symbols, 2):
            yield {**row, one: row[two], two: row[one]}
            yield {**row, one: -row[two], two: -row[one]}
            yield {**row, one: row[two], two: -row[one]}


def _models(
    game: Game, concept: Concept, makers: Sequence[DecisionMaker], known: Sequence[Row]
) -> Iterator[Row]:
    outside: list[Region] = [tuple(Relation(s, "==", e) for s, e in row.items()) for row in known]
    unknowns = [a.symbol for a in game.actions] + [p.symbol for p in game.prices]
    if concept in JOINT:
        (maker,) = makers
        level = maker.objective.xreplace(dict(known[0])) if known else None
        if level is None or level.has(sp.zoo, sp.nan, sp.oo):
            return
        wanted: Region = (*maker.feasible(), Relation(maker.objective, ">=", level))
    else:
        if not smooth(makers) or game.prices:
            return
        bare = {u: u for u in unknowns}
        wanted = (*everyones_bounds(game), *necessary_conditions(makers, concept, bare))
    inner = tuple(r.tightened() if r in everyones_bounds(game) else r for r in wanted)
    found: list[Region] = []
    for premises in (wanted, inner, wanted, wanted):
        answer = search(premises, outside=[*outside, *found], milliseconds=800)
        if answer.kind != "sat":
            continue
        table = dict(answer.point)
        for places in (12, 10**6):
            values = {u: table.get(u, Fraction(0)).limit_denominator(places) for u in unknowns}
            row = {u: sp.Rational(v.numerator, v.denominator) for u, v in values.items()}
            found.append(tuple(Relation(u, "==", e) for u, e in row.items()))
            yield row
