"""Exact points at which a regime is put to the test: its witness, generic points inside, its
boundary."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain

import sympy as sp

from alignsym.claims import Checked, Refuted, Unknown, Verdict
from alignsym.logic.decide import search
from alignsym.model.agents import written
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Region, Relation
from alignsym.solution import Regime
from alignsym.verify.arithmetic import Undefined
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.decision import DecisionMaker, decision_makers
from alignsym.verify.evaluator import Evaluator, compiled, safe_name
from alignsym.verify.numbers import refute_multipliers, refute_regime
from alignsym.verify.points import holds as points_hold

THOROUGH = 14
POINTS = 16  # over all regimes of a proved answer, at least one each beside the witness
FEW = 2  # generic points of a proved regime: they look for defects of the program, and cost as
BOUNDARIES = 2  # much as the proof
SEARCHES = 2


def try_regime(
    game: Game, concept: Concept, regime: Regime, *, thorough: bool, among: int = 1
) -> Verdict:
    """`Checked(n)` if the definition holds at n exact points of the regime, `Refuted` at the first
    that fails.

    `among`: how many regimes share the effort that a proved answer is worth.
    """
    count, deviations = (THOROUGH, 200) if thorough else (max(1, min(FEW, POINTS // among)), 32)
    edges = BOUNDARIES if thorough else min(1, POINTS // among)
    makers = decision_makers(game, concept)
    # Generic points first: they are worth most, and in a proved regime what pays is sought, which
    # takes longest, at so many points only.
    try:
        places = list(points(game, regime, count, edges))[::-1]
    except NotEvaluable as stopped:
        return Unknown(str(stopped))
    searches = len(places) if thorough else SEARCHES
    tested = 0
    for point in places:
        named = {written(s): v for s, v in point.items()}
        sought = deviations if tested < searches else 0
        try:
            problem = outside_domain(game, makers, regime, named) or refute_regime(
                game, concept, regime, named, deviations=sought
            )
            problem = problem or refute_multipliers(game, concept, regime, named)
        except NotEvaluable as stopped:
            return Unknown(str(stopped))
        if problem:
            exact = tuple((s, sp.Rational(v.numerator, v.denominator)) for s, v in point.items())
            return Refuted(exact, problem)
        tested += all(_true(r, named) for r in (*game.domain(), *regime.when))
    return Checked(tested) if tested else Unknown("no exact point inside the regime was found")


def outside_domain(
    game: Game, makers: Sequence[DecisionMaker], regime: Regime, point: dict[str, Fraction]
) -> str | None:
    """Whether something as written is undefined at the regime's values: then they solve nothing."""
    if not all(_true(r, point) for r in (*game.domain(), *regime.when)):
        return None
    values = dict(regime.values)
    for maker in makers:
        for relation in maker.domain:
            at = relation.replaced(values)
            if at.operator == "!=" or not at.is_strict:
                fine = _true(at, point)
            else:
                fine = _true(at.relaxed(), point)  # -oo at the edge of a logarithm is a value
            if not fine:
                return f"{relation} fails at the values, where {maker.name}'s problem is undefined"
    return None


Point = dict[sp.Symbol, Fraction]


def points(game: Game, regime: Regime, count: int, edges: int = BOUNDARIES) -> Iterator[Point]:
    """The witness, boundary points of the regime, then generic rational points inside.

    Parameters declared integers are integers at all of them.
    """
    region = (*game.domain(), *regime.when)
    symbols = [p.symbol for p in game.parameters]
    if not symbols:
        yield {}
        return
    integers = {p.symbol for p in game.parameters if p.integer or p.symbol.is_integer}
    centre = {s: Fraction(int(v.p), int(v.q)) for s, v in regime.witness if v.is_Rational}
    centre = centre if set(centre) == set(symbols) else {}
    for point in chain([centre], boundary(region, regime.when[:edges], symbols)):
        if point and all(point[s].denominator == 1 for s in integers):
            yield point
    gaps = [(compiled(r.gap), r.operator) for r in region if not r.is_equality]
    rng = random.Random(str(regime.when))
    given = 0
    for k in range(40 * count):
        if centre and k % 2:
            # Narrow regimes are only met near their witness.
            point = {s: _near(centre[s], rng, s in integers) for s in symbols}
        else:
            point = {s: _number(s, rng, s in integers) for s in symbols}
        floats = {safe_name(written(s)): float(v) for s, v in point.items()}
        if all(_inside(gap, operator, floats) for gap, operator in gaps):
            yield point
            given += 1
            if given >= count:
                return


def boundary(region: Region, conditions: Region, symbols: list[sp.Symbol]) -> Iterator[Point]:
    """A rational point of the regime on the edge of each condition, where z3 has one."""
    for condition in conditions:
        if condition.operator not in ("<=", ">="):
            continue
        edge = Relation(condition.gap, "==", sp.S.Zero)
        answer = search((*region, edge), milliseconds=200)
        if answer.kind == "sat" and not condition.gap.has(sp.log, sp.exp):
            known = dict(answer.point)
            yield {s: known.get(s, Fraction(1)) for s in symbols}


def _number(symbol: sp.Symbol, rng: random.Random, integer: bool) -> Fraction:
    value = Fraction(rng.randint(1, 89), 1 if integer else rng.choice([3, 11, 17, 41]))
    if symbol.is_negative:
        return -value
    return value if symbol.is_nonnegative or rng.random() < 0.5 else -value


def _near(centre: Fraction, rng: random.Random, integer: bool) -> Fraction:
    if integer:
        return Fraction(round(centre) + rng.randint(-2, 2))
    size = abs(centre) or Fraction(1)
    return centre + size * Fraction(rng.randint(-97, 97), 97 * rng.choice([10, 1000, 10**6]))


def _true(relation: Relation, point: dict[str, Fraction]) -> bool:
    try:
        env = {safe_name(k): v for k, v in point.items()}
        return points_hold(relation, env)
    except Undefined:
        return False


def _inside(gap: Evaluator, operator: str, point: dict[str, float]) -> bool:
    try:
        value = gap.quick(point)
    except Undefined:
        return False
    return bool(value != 0 if operator == "!=" else value > 0)
