"""Sets of equilibria: every member is judged at once.

What a set leaves free is a parameter like any other: with t for a free action x,

    {x : relations(x, theta)},  values v(x, theta)     is the regime     x = t,  others v(t, theta)

where relations(t, theta) hold.  What is shown of that regime is shown of every member; conditions
on t that an answer adds cut the set into parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from alignsym.alignment.efficiency import Efficiency
from alignsym.alignment.trade import Trade
from alignsym.model.agents import Parameter, interval_of
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region
from alignsym.solution import Continuum, Regime
from alignsym.solving.regimes import payoffs


@dataclass(frozen=True, slots=True)
class Members:
    """A set as one regime of a game with further parameters, one for each `free` action."""

    game: Game
    regime: Regime
    free: tuple[tuple[sp.Symbol, sp.Symbol], ...]

    def named(self, row: Efficiency) -> Efficiency:
        """The verdict in the names of the actions, the conditions on members kept apart."""
        back = {t: x for x, t in self.free}
        inside = tuple(r for r in row.when if r.free_symbols & set(back))
        return replace(
            row,
            when=tuple(r for r in row.when if r not in inside),
            values=_named(row.values, back),
            utilities=_named(row.utilities, back),
            weights=None if row.weights is None else _named(row.weights, back),
            cone=None if row.cone is None else _relations(row.cone, back),
            trade=None if row.trade is None else _trade(row.trade, back),
            members=_relations(inside, back),
        )


def members(game: Game, concept: Concept, case: Continuum) -> Members | str:
    """The set with its free actions as parameters, or why there is none.

    >>> from alignsym.answer import solve
    >>> from alignsym.model.game import Agent
    >>> x, y = sp.symbols("x y", positive=True)
    >>> game = Game(Agent("one", -((x - y) ** 2), x), Agent("two", -((x - y) ** 2), y))
    >>> (case,) = solve(game, "nash").cases
    >>> found = members(game, "nash", case)
    >>> found.regime.values, [str(r) for r in found.regime.when]
    (((y, y_), (x, y_)), ['y_ > 0'])
    """
    given = dict(case.values)
    symbols = [a.symbol for a in game.actions] + [p.symbol for p in game.prices]
    taken = set(game.names())
    free = []
    for x in symbols:
        if x in given or x == game.numeraire:
            continue
        name = f"{x}_"
        while name in taken:
            name += "_"
        taken.add(name)
        # The bounds of the set are its own relations; what SymPy is told of x holds of t as well.
        free.append((x, sp.Symbol(name, **x.assumptions0)))
    table = dict(free)
    witness = tuple((table.get(s, s), v) for s, v in case.witness)
    when = (*case.when, *_relations(case.relations, table))
    listed = [*game.parameters, *(Parameter(t, interval_of(t)) for _, t in free)]
    if {p.symbol for p in listed} - {s for s, _ in witness}:
        return "no exact member of the set is known"
    values = (*free, *((s, e.xreplace(table)) for s, e in case.values))
    wider = _pinned(game, case.when).altered(parameters=listed)
    regime = Regime(
        when, values, utilities=payoffs(game, concept, dict(values)), witness=witness,
        status=case.status, exhaustive=case.exhaustive,
    )  # fmt: skip
    return Members(wider, regime, tuple(free))


def _pinned(game: Game, when: Region) -> Game:
    """The game with the numbers that conditions x = 1/3 give parameters put in."""
    sides = [(r.left, r.right) for r in when if r.is_equality]
    numbers = {s: e for s, e in sides if s.is_Symbol and e.is_Rational}
    if not numbers or game.prices:
        return game
    agents = tuple(a.replaced(numbers) for a in game.agents)
    return game.altered(agents=agents, shared=tuple(c.replaced(numbers) for c in game.shared))


def _named(
    pairs: tuple[tuple[Any, Expr], ...], back: Mapping[sp.Symbol, sp.Symbol]
) -> tuple[tuple[Any, Expr], ...]:
    return tuple((name, e.xreplace(dict(back))) for name, e in pairs)


def _relations(region: Region, table: Mapping[sp.Symbol, sp.Symbol]) -> Region:
    return tuple(r.replaced(dict(table)) for r in region)


def _trade(trade: Trade, back: Mapping[sp.Symbol, sp.Symbol]) -> Trade:
    return Trade(
        _named(trade.to, back), _named(trade.transfers, back), _named(trade.gains, back),
        trade.strict,
    )  # fmt: skip
