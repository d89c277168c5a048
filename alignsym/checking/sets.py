"""Claims that a set is exactly the set of solutions: {x in its intervals : the relations hold}.

For one decision maker `verify.continua` decides them.  Refuted is a claim by an exact member of the
set that is no solution, or has another value or multiplier than stated; or by a feasible choice
outside the set that is as good as a member.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

import sympy as sp

from alignsym.checking.fixed import fixed
from alignsym.checking.points import Numbers, Point, exactly, inside, points, rational
from alignsym.checking.refutation import refutations as one_by_one
from alignsym.checking.shown import THE_SOLUTION, THE_VALUE
from alignsym.claims import Refuted
from alignsym.logic.decide import search
from alignsym.model.agents import StatedRegime
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Continuum, Regime
from alignsym.verify.arithmetic import Number, Undefined
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.decision import decision_makers
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
def refutations(game: Game, concept: Concept, table: StatedRegime) -> dict[str, Refuted]:
    """What fails of the set (THE_SOLUTION), its value, or a multiplier, at an exact point.

    A member is tried as any other claimed solution, in the game with the numbers put in.
    """
    found: dict[str, Refuted] = {}
    if game.families or concept == "stackelberg":
        return found
    wanted = {THE_SOLUTION, *(n for n, _ in table.multipliers)}
    wanted |= {THE_VALUE} if table.value is not None else set()
    for point in points(game, table.when, _POINTS):
        there = fixed(game, point)
        whole = tuple(r.replaced(dict(exactly(point))) for r in relations(game, table))
        for choice in _chosen([a.symbol for a in game.actions], whole):
            said = _member(table, point, choice)
            tried = one_by_one(there, concept, said, stated=frozenset(wanted), thorough=False)
            for subject, verdict in tried.found.items():
                text = f"{_shown(choice)} is in the set; {verdict.reason}"
                found.setdefault(subject, Refuted(exactly(point), text, verdict.better))
            outside = None if found else _missing(there, concept, choice, whole)
            if outside is not None:
                reason, other = outside
                better = tuple((s, rational(v)) for s, v in other.items())
                found[THE_SOLUTION] = Refuted(exactly(point), reason, better)
            if THE_SOLUTION in found:
                return found
    return found


def _member(table: StatedRegime, point: Point, choice: Choice) -> Regime:
    """A member of the set as a claimed solution of the game without parameters."""
    numbers_ = dict(exactly(point))
    return Regime(
        when=(),
        values=tuple((s, rational(v)) for s, v in choice.items()),
        multipliers=tuple((n, e.xreplace(numbers_)) for n, e in table.multipliers),
        value=None if table.value is None else table.value.xreplace(numbers_),
    )


def _missing(
    game: Game, concept: Concept, choice: Choice, whole: Region
) -> tuple[str, Choice] | None:
    """A feasible choice outside the set that is as good as the member."""
    if concept not in ("maximize", "social"):
        return None
    (maker,) = decision_makers(game, concept)
    worth = _value(maker.objective, _named(choice))
    if worth is None:
        return None
    level = maker.objective.xreplace({s: rational(v) for s, v in choice.items()})
    more = Relation(maker.objective, ">=", level)
    answer = search((*maker.feasible(), more), outside=[whole], milliseconds=500)
    if answer.kind != "sat":
        return None
    known = dict(answer.point)
    for other in _near({v: known.get(v, Fraction(0)) for v in maker.variables}):
        there = _named(other)
        if inside(maker.feasible(), there) is not True or inside(whole, there) is not False:
            continue
        after = _value(maker.objective, there)
        if after is not None and certainly_at_least(after, worth):
            text = f"{_shown(other)} is not in the set, but feasible and as good as"
            return f"{text} {_shown(choice)}, which is", other
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


def _chosen(symbols: list[sp.Symbol], whole: Region) -> Iterator[Choice]:
    """A few exact members of a set without parameters: models of z3, at its ends too."""
    edges: list[Region] = [(), tuple(r.tightened() for r in whole)]
    edges += [(Relation(r.gap, "==", _ZERO),) for r in whole if not r.is_equality]
    edges += [(Relation(s, "<", sp.S.One),) for s in symbols]
    edges += [(Relation(s, ">", sp.S.One),) for s in symbols]
    for more in edges:
        answer = search((*whole, *more), milliseconds=300)
        if answer.kind != "sat":
            continue
        known = dict(answer.point)
        for choice in _near({s: known.get(s, Fraction(0)) for s in symbols}):
            if inside(whole, _named(choice)) is True:
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


def _named(choice: Choice) -> Numbers:
    return {safe_name(str(s)): v for s, v in choice.items()}


def _shown(choice: Choice) -> str:
    return ", ".join(f"{s} = {v}" for s, v in choice.items())
