"""Claims about moves in order, refuted at an exact point where everybody's reply is known.

Only where later movers have one best reply to every move: else another reply to a tie may be what
makes the claim right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import sympy as sp

from alignsym.checking.points import Numbers, certainly, exactly, inside, numbers, points, rational
from alignsym.checking.replies import Piece
from alignsym.checking.sets import certainly_at_least
from alignsym.claims import Refuted
from alignsym.model.agents import StatedRegime
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.arithmetic import CONTEXT, Number, Undefined, big
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.decision import domain_of
from alignsym.verify.evaluator import compiled

_POINTS = 4
_NEAR = [Fraction(k, n) for n in (1000, 200, 100, 50, 20, 10, 5, 2) for k in (1, -1)]
Row = dict[sp.Symbol, Expr]


def refuted(
    game: Game, mover: Agent, table: StatedRegime, pieces: Sequence[Piece]
) -> Refuted | None:
    """A later move that is not the reply, or a better move of the first mover, at an exact point.

    `pieces`: the only replies to the mover's choice, one of which holds after every move.
    """
    own = [a.symbol for a in mover.actions]
    for point in points(game, table.when, _POINTS):
        fixed = dict(exactly(point))
        row = {s: e.xreplace(fixed) for s, e in table.values}
        here = {s: row[s] for s in own if s in row}
        if len(here) < len(own) or any(e.has(sp.zoo, sp.nan, sp.oo) for e in row.values()):
            return None
        env = numbers(point)
        reply = _reply(pieces, here, env)
        if reply is None:
            continue
        for s, e in reply.items():
            if s in row and certainly(Relation(row[s], "==", e), env) is False:
                text = f"{s} = {row[s]} is not the best reply, which is {e.xreplace(fixed)}"
                return Refuted(exactly(point), text, ((s, e.xreplace(fixed)),))
        worth = _value(mover.utility.xreplace(reply).xreplace(here), env)
        for move in _moves(here, env):
            other = _reply(pieces, move, env)
            if other is None or not _feasible(mover, {**other, **move}, env):
                continue
            value = _value(mover.utility.xreplace(other).xreplace(move), env)
            if worth is None or value is None or certainly_at_least(value, worth) != ">":
                continue
            said = ", ".join(f"{s} = {e}" for s, e in move.items())
            text = f"{mover.name} does better with {said}, the later replies foreseen"
            return Refuted(exactly(point), text, tuple(move.items()))
    return None


def _reply(pieces: Sequence[Piece], move: Row, env: Numbers) -> Row | None:
    """The later moves after this one, if a piece certainly holds."""
    for piece in pieces:
        if inside(tuple(r.replaced(move) for r in piece.when), env) is True:
            return {s: e.xreplace(move) for s, e in piece.values}
    return None


def _moves(here: Row, env: Numbers) -> Iterator[Row]:
    """Rational choices near the claimed one, one action moved at a time; and small numbers."""
    for s, e in here.items():
        value = _value(e, env)
        if value is None:
            continue
        middle = big(value)
        if not CONTEXT.isfinite(middle):
            continue
        near = Fraction(float(middle)).limit_denominator(10**6)
        for step in (*_NEAR, None):
            there = Fraction(1) if step is None else near + step * (abs(near) or 1)
            yield {**here, s: rational(there)}


def _feasible(mover: Agent, row: Row, env: Numbers) -> bool:
    listed: list[Relation] = [r for a in mover.actions for r in a.interval.contains(a.symbol)]
    needed: Region = (*listed, *(c.relation for c in mover.constraints))
    needed += domain_of([mover], mover.constraints)
    return inside(tuple(r.replaced(row) for r in needed), env) is True


def _value(e: Expr, env: Numbers) -> Number | None:
    try:
        value: Number = compiled(e).enclosed(env)
    except (Undefined, NotEvaluable):
        return None
    return value
