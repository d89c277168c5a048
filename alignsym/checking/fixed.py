"""The game with numbers in place of its parameters."""

from __future__ import annotations

from alignsym.checking.points import Point, rational
from alignsym.model.agents import Action, Agent, Constraint, Price
from alignsym.model.game import Game
from alignsym.model.relations import Interval


def fixed(game: Game, point: Point) -> Game:
    """The game at an exact parameter point, without parameters, conditions or claims.

    >>> import sympy as sp
    >>> from fractions import Fraction
    >>> x, q = sp.symbols("x q", positive=True)
    >>> game = Game(Agent("alpha", q*x - x**2, x))
    >>> fixed(game, {q: Fraction(3)}).agents[0].objective
    -x**2 + 3*x
    """
    table = {s: rational(v) for s, v in point.items()}

    def constraint(c: Constraint) -> Constraint:
        domain = tuple(r.replaced(table) for r in c.domain)
        return Constraint(c.name, c.relation.replaced(table), domain)

    def action(a: Action) -> Action:
        ends = a.interval
        lower, upper = ends.lower.xreplace(table), ends.upper.xreplace(table)
        return Action(a.symbol, Interval(lower, upper, ends.open_lower, ends.open_upper))

    agents = tuple(
        Agent(
            a.name,
            a.objective.xreplace(table),
            *(action(b) for b in a.actions),
            constraints=tuple(constraint(c) for c in a.constraints),
            loss=a.loss,
            domain=tuple(r.replaced(table) for r in a.domain),
        )
        for a in game.agents
    )
    prices = tuple(
        Price(p.symbol, p.clearing.replaced(table), tuple(r.replaced(table) for r in p.domain))
        for p in game.prices
    )
    return game.altered(
        agents=agents,
        shared=tuple(constraint(c) for c in game.shared),
        prices=prices,
        weights=tuple((n, e.xreplace(table)) for n, e in game.weights),
        disagreement=tuple((n, e.xreplace(table)) for n, e in game.disagreement),
        parameters=(),
        conditions=(),
        expected=(),
    )
