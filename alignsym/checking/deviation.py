"""A feasible choice that is certainly better, in exact numbers.

The search of `verify.deviations` gives decimals; they are rounded to short rationals, put exactly
onto equalities that are linear in some action, and confirmed by enclosures.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp

from alignsym.checking.definition import Failure, Play, decimal
from alignsym.checking.points import Numbers, certainly, rational
from alignsym.checking.shown import THE_SOLUTION
from alignsym.logic.decide import search
from alignsym.model.relations import Relation
from alignsym.verify.arithmetic import PRECISE, Undefined, big
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.decision import JOINT, DecisionMaker
from alignsym.verify.deviations import improvement
from alignsym.verify.enclosure import ENCLOSED
from alignsym.verify.evaluator import compiled, safe_name
from alignsym.verify.intervals import Undecided
from alignsym.verify.movers import Mover
from alignsym.verify.points import Contradiction

Candidate = dict[sp.Symbol, Fraction]
_PLACES = (1, 2, 4, 8, 16, 100, 1000, 10**4, 10**6, 10**9, 10**12, 10**16)
_ROOM = (0, 10**-12, 10**-9, 10**-7, 10**-5, 10**-3, 10**-2)


def beaten(now: Play, effort: int) -> Failure | None:
    """Somebody's better choice at the regime's values; None if none was found and confirmed."""
    try:
        pairs = now.pairs()
    except (Contradiction, NotEvaluable):
        return None
    for maker, mover in pairs:
        found = _by_numbers(now, maker, mover, effort)
        if found is None and effort > 40:
            found = _by_models(now, maker, mover)
        if found is not None:
            return found
    return None


def _by_numbers(now: Play, maker: DecisionMaker, mover: Mover, effort: int) -> Failure | None:
    rng = random.Random(f"{now.game.id} {mover.who} {sorted(map(str, now.point.items()))}")
    try:
        mover.objective.at(now.precise, PRECISE)
        found = improvement(mover, now.precise, rng, effort)
    except (Undefined, NotEvaluable):
        return None
    if found is None:
        return None
    to = {v: found.to[safe_name(str(v))] for v in maker.variables}
    for candidate in candidates(now, maker, to):
        failure = better(now, maker, mover, candidate)
        if failure is not None:
            return failure
    return None


def _by_models(now: Play, maker: DecisionMaker, mover: Mover) -> Failure | None:
    """A model of z3 of "feasible and better" with the numbers put in."""
    fixed: dict[sp.Symbol, sp.Expr] = {s: rational(v) for s, v in now.point.items()}
    others = {s: e.xreplace(fixed) for s, e in now.values.items() if s not in maker.variables}
    table = {**fixed, **others}
    level = maker.objective.xreplace(now.values).xreplace(fixed)
    if level.has(sp.zoo, sp.nan, sp.oo):
        return None
    premises = tuple(r.replaced(table) for r in maker.feasible())
    worth = Relation(maker.objective.xreplace(table), ">", level)
    answer = search((*premises, worth), milliseconds=400)
    if answer.kind != "sat":
        return None
    known = dict(answer.point)
    to = {v: known.get(v, Fraction(0)) for v in maker.variables}
    for candidate in candidates(now, maker, to):
        failure = better(now, maker, mover, candidate)
        if failure is not None:
            return failure
    return None


def better(now: Play, maker: DecisionMaker, mover: Mover, to: Candidate) -> Failure | None:
    """The failure "this choice is feasible and has more", if that is certain."""
    if not feasible(now, maker, to):
        return None
    there = {**now.env, **named(to)}
    try:
        before = mover.objective.at(now.env, ENCLOSED)
        after = mover.objective.at(there, ENCLOSED)
        if not ENCLOSED.compare(">", after, before):
            return None
    except (Undefined, NotEvaluable):
        return None
    chosen = ", ".join(f"{s} = {v}" for s, v in to.items())
    word = "loss" if maker.name in _losers(now) else "utility"
    if now.concept in JOINT and len(now.game.agents) > 1:
        word = "objective"
    signed = -1 if word == "loss" else 1
    gain = f"{word} {decimal(signed * after)} in place of {decimal(signed * before)}"
    reason = f"{maker.name} does better with {chosen}: {gain}"
    return Failure(THE_SOLUTION, reason, tuple((s, rational(v)) for s, v in to.items()))


def _losers(now: Play) -> set[str]:
    return {a.name for a in now.game.agents if a.loss}


def feasible(now: Play, maker: DecisionMaker, to: Candidate) -> bool:
    """Whether the choice certainly satisfies intervals, constraints and the domain."""
    env = {**now.env, **named(to)}
    return all(certainly(r, env) is True for r in maker.feasible())


def named(to: Mapping[sp.Symbol, Fraction]) -> Numbers:
    """The choice by names the evaluator reads."""
    return {safe_name(str(s)): v for s, v in to.items()}


def candidates(now: Play, maker: DecisionMaker, to: Mapping[sp.Symbol, Any]) -> Iterator[Candidate]:
    """Rational choices near the decimals: short ones first, then drawn into the feasible set."""
    seen: set[tuple[Fraction, ...]] = set()
    relations = [*maker.bounds(), *(c.relation for c in maker.constraints)]
    for places in _PLACES:
        rounded = {s: _fraction(v).limit_denominator(places) for s, v in to.items()}
        for room in _ROOM:
            moved = rounded if room == 0 else _drawn(now, relations, rounded, room)
            if moved is None:
                continue
            exact = _onto_equalities(now, relations, moved)
            key = tuple(exact.values())
            if key not in seen:
                seen.add(key)
                yield exact
            if places < 1000:
                break


def _fraction(value: Any) -> Fraction:
    if isinstance(value, Fraction | int):
        return Fraction(value)
    sign, mantissa, exponent, _ = big(value)._mpf_
    number = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -number if sign else number


def _drawn(now: Play, relations: list[Relation], to: Candidate, room: float) -> Candidate | None:
    """The choice moved a little to the inner side of every inequality it does not satisfy."""
    out = dict(to)
    for relation in relations:
        if relation.is_equality or certainly(relation, {**now.env, **named(out)}) is True:
            continue
        moving = [s for s in out if s in relation.free_symbols]
        slopes = {}
        for s in moving:
            try:
                slope = compiled(sp.diff(relation.gap, s)).precise({**now.precise, **named(out)})
                slopes[s] = float(big(slope))
            except (Undefined, NotEvaluable):
                continue
        slopes = {s: v for s, v in slopes.items() if v}
        if not slopes:
            return None
        try:
            gap = float(big(compiled(relation.gap).precise({**now.precise, **named(out)})))
        except (Undefined, NotEvaluable):
            return None
        size = sum(v * v for v in slopes.values())
        scale = max([1e-3, *(abs(float(v)) for v in out.values())])
        for s, v in slopes.items():
            step = (max(-gap, 0.0) + room * scale * size**0.5) * v / size
            out[s] = (out[s] + Fraction(step)).limit_denominator(10**15)
    return out


def _onto_equalities(now: Play, relations: list[Relation], to: Candidate) -> Candidate:
    """Equalities met exactly by one action each in which they are linear, if all is rational."""
    out = dict(to)
    used: set[sp.Symbol] = set()
    for relation in (r for r in relations if r.is_equality):
        for s in (s for s in out if s in relation.free_symbols and s not in used):
            slope = sp.diff(relation.gap, s)
            if slope == 0 or slope.has(s):
                continue
            env = {**now.env, **named({**out, s: Fraction(0)})}
            try:
                start, per = compiled(relation.gap).enclosed(env), compiled(slope).enclosed(env)
            except (Undecided, Undefined, NotEvaluable):
                continue
            if isinstance(start, Fraction | int) and isinstance(per, Fraction | int) and per:
                out[s] = -Fraction(start) / per
                used.add(s)
                break
    return out
