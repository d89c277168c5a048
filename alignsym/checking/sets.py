"""Claims that a set is exactly the set of solutions: {x in its intervals : the relations hold}.

For one decision maker `verify.continua` decides them.  Refuted is a claim by an exact point of the
set that is not feasible, has another value than stated, or less than some feasible choice; or by a
feasible choice outside the set that is as good as a point of the set.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

import sympy as sp

from alignsym.checking.definition import decimal
from alignsym.checking.points import (
    Numbers,
    Point,
    certainly,
    exactly,
    inside,
    numbers,
    points,
    rational,
)
from alignsym.claims import Refuted
from alignsym.logic.decide import search
from alignsym.model.agents import StatedRegime
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Continuum
from alignsym.verify.arithmetic import Number, Undefined
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.decision import DecisionMaker, decision_makers
from alignsym.verify.enclosure import ENCLOSED
from alignsym.verify.evaluator import compiled, safe_name

_ZERO = sp.S.Zero
_POINTS, _MEMBERS = 6, 24
Choice = dict[sp.Symbol, Fraction]


def continuum(
    game: Game, concept: Concept, table: StatedRegime, witness: Point | None
) -> Continuum:
    """The table as `verify` takes it, with members and the value filled in."""
    found = list(islice(members(game, table), _MEMBERS))
    value = table.value
    if value is None and concept in ("maximize", "social") and found:
        (maker,) = decision_makers(game, concept)
        target = game.agents[0].objective if concept == "maximize" else maker.objective
        value = target.xreplace(dict(found[0]))
    return Continuum(
        when=table.when,
        relations=relations(game, table),
        multipliers=table.multipliers,
        value=value,
        witness=() if witness is None else exactly(witness),
        members=tuple(found),
    )


def relations(game: Game, table: StatedRegime) -> Region:
    """The set: the relations stated, and the intervals of the actions."""
    intervals = tuple(r for a in game.actions for r in a.interval.contains(a.symbol))
    return tuple(dict.fromkeys((*table.continuum, *intervals)))


def members(game: Game, table: StatedRegime) -> Iterator[tuple[tuple[sp.Symbol, Expr], ...]]:
    """Closed forms that may lie in the set: ends of intervals, equalities met one by one."""
    symbols = [a.symbol for a in game.actions]
    whole = relations(game, table)
    ends: dict[sp.Symbol, list[Expr]] = {s: [] for s in symbols}
    for r in whole:
        for s in symbols:
            slope = sp.diff(r.gap, s)
            others = r.free_symbols & set(symbols) - {s}
            if s in r.free_symbols and not others and not slope.has(s) and slope != 0:
                end = sp.cancel(s - r.gap / slope)
                ends[s].append(end + 1 if r.is_strict else end)
    equalities = [r for r in whole if r.is_equality]
    choices = [[*dict.fromkeys([*ends[s], sp.S.One])] for s in symbols]
    for row in islice(product(*choices), 64):
        table_ = dict(zip(symbols, row))
        for order in (symbols, symbols[::-1]):
            placed = _placed(equalities, dict(table_), order)
            if placed is not None:
                yield tuple(placed.items())


def _placed(
    equalities: list[Relation], table: dict[sp.Symbol, Expr], order: list[sp.Symbol]
) -> dict[sp.Symbol, Expr] | None:
    """The row with one action for each equality moved so that it holds."""
    used: set[sp.Symbol] = set()
    for r in equalities:
        gap = r.gap
        for s in order:
            slope = sp.diff(gap, s)
            if s in used or slope == 0 or slope.has(s):
                continue
            rest = {k: v for k, v in table.items() if k != s}
            per, start = slope.xreplace(rest), gap.xreplace({**rest, s: _ZERO})
            if per == 0:
                continue
            table[s] = sp.cancel(-start / per)
            used.add(s)
            break
        else:
            return None
    return table


# ------------------------------------------------------------------ refutation
def refuted(game: Game, concept: Concept, table: StatedRegime) -> Refuted | None:
    """An exact point at which the set is not that of the solutions, for one decision maker."""
    if concept not in ("maximize", "social") or game.families:
        return None
    (maker,) = decision_makers(game, concept)
    single = concept == "maximize" and game.agents[0].loss
    for point in points(game, table.when, _POINTS):
        found = _at(game, maker, table, point, single)
        if found is not None:
            reason, choice = found
            return Refuted(
                exactly(point), reason, tuple((s, rational(v)) for s, v in choice.items())
            )
    return None


def _at(
    game: Game, maker: DecisionMaker, table: StatedRegime, point: Point, loss: bool
) -> tuple[str, Choice] | None:
    fixed = {s: rational(v) for s, v in point.items()}
    env = numbers(point)
    whole = relations(game, table)
    feasible = maker.feasible()
    # At the edge of a logarithm the utility is -oo, which is a value.
    edges = [r if r.operator == "!=" else r.relaxed() for r in maker.domain]
    inner = _chosen(maker, tuple(r.replaced(fixed) for r in whole), env, whole)
    for choice in inner:
        here = {**env, **_named(choice)}
        for r in (*maker.bounds(), *(c.relation for c in maker.constraints), *edges):
            if certainly(r, here) is False:
                return f"{_shown(choice)} is in the set, but {r} fails", choice
        worth = _value(maker.objective, here)
        if worth is None:
            continue
        if table.value is not None:
            said = _value(table.value, env)
            true = ENCLOSED.times(ENCLOSED.constant("-1"), worth) if loss else worth
            if said is not None and _differ(said, true):
                text = f"{_shown(choice)} is in the set, with {decimal(true)}, not {decimal(said)}"
                return text, choice
        level = maker.objective.xreplace({s: rational(v) for s, v in choice.items()})
        better = Relation(maker.objective, ">=", level.xreplace(fixed))
        put = tuple(r.replaced(fixed) for r in (*feasible, better))
        strict = (*put[:-1], Relation(put[-1].left, ">", put[-1].right))
        outside = [tuple(r.replaced(fixed) for r in whole)]
        for premises, beyond in ((strict, []), (put, outside)):
            answer = search(premises, outside=beyond, milliseconds=500)
            if answer.kind != "sat":
                continue
            known = dict(answer.point)
            for other in _near({v: known.get(v, Fraction(0)) for v in maker.variables}):
                there = {**env, **_named(other)}
                if inside(feasible, there) is not True:
                    continue
                after = _value(maker.objective, there)
                if after is None:
                    continue
                more = certainly_at_least(after, worth)
                if more == ">" or (more == ">=" and inside(whole, there) is False):
                    text = (
                        f"{_shown(other)} is feasible and {'better' if more == '>' else 'as good'}"
                    )
                    return f"{text} than {_shown(choice)}, which is in the set", other
    return None


def certainly_at_least(a: Number, b: Number) -> str:
    """'>', '>=' or '' (not certain)."""
    for operator in (">", ">="):
        try:
            if ENCLOSED.compare(operator, a, b):
                return operator
        except Undefined:
            continue
    return ""


def _chosen(maker: DecisionMaker, region: Region, env: Numbers, whole: Region) -> Iterator[Choice]:
    """A few exact members of the set: models of z3, at its ends too."""
    edges: list[Region] = [(), tuple(r.tightened() for r in region)]
    edges += [(Relation(r.gap, "==", _ZERO),) for r in region if not r.is_equality]
    edges += [(Relation(v, operator, sp.S.One),) for v in maker.variables for operator in "<>"]  # type: ignore[arg-type]
    for more in edges:
        answer = search((*region, *more), milliseconds=300)
        if answer.kind != "sat":
            continue
        known = dict(answer.point)
        for choice in _near({v: known.get(v, Fraction(0)) for v in maker.variables}):
            if inside(whole, {**env, **_named(choice)}) is True:
                yield choice
                break


def _near(choice: Choice) -> Iterator[Choice]:
    for places in (10, 10**6):
        yield {s: v.limit_denominator(places) for s, v in choice.items()}
    yield choice


def _value(e: Expr, env: Numbers) -> Number | None:
    try:
        value: Number = compiled(e).enclosed(env)
    except (Undefined, NotEvaluable):
        return None
    return value


def _differ(a: Number, b: Number) -> bool:
    try:
        return bool(ENCLOSED.compare("!=", a, b))
    except Undefined:
        return False


def _named(choice: Choice) -> Numbers:
    return {safe_name(str(s)): v for s, v in choice.items()}


def _shown(choice: Choice) -> str:
    return ", ".join(f"{s} = {v}" for s, v in choice.items())
