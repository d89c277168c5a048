"""The best response of one agent, as closed forms in what the others do.

    BR_i(x_-i) = argmax of U_i(x_i, x_-i) over x_i in X_i(x_-i)

One agent's program, with everybody else's actions as parameters: solved and proved like any other.
"""

from __future__ import annotations

from alignsym.answer import solve
from alignsym.errors import UsageError
from alignsym.model.agents import Agent, Parameter, Price
from alignsym.model.game import Game
from alignsym.model.relations import Interval, Region
from alignsym.solution import Solution
from alignsym.verify.decision import at_fixed_prices


def best_response(game: Game, agent: str, *, seconds: float | None = None) -> Solution:
    """BR_i(x_-i), the maximisers of U_i over x_i for every x_-i the others may choose.

    The answer is a `Solution` whose parameters are the game's, the other actions (with their
    intervals) and the prices (nonnegative); conditions are what the others' own constraints say
    of their actions.  The agent is bound by its own constraints and by the shared ones, as in a
    generalised game.  `game.best_response("f1")[x1]` is a Piecewise over the regimes.  Where no
    choice is best (a supremum that is not attained) the answer says so and has no formula.

    Arguments: `agent`, the agent's name; `seconds`, as in `alignsym.solve`.
    Raises: UsageError for an agent without actions and for a family of symbolic size; ModelError
    for an unknown name.

    Source: Nash 1951, Non-cooperative games.

    >>> import sympy as sp
    >>> x1, x2 = sp.symbols("x1 x2", nonnegative=True)
    >>> a, c = sp.symbols("a c", positive=True)
    >>> firms = (Agent(f"f{k}", (a - x1 - x2 - c)*x, x) for k, x in ((1, x1), (2, x2)))
    >>> best_response(Game(*firms), "f1")[x1]
    Piecewise((0, a <= c + x2), ((a - c - x2)/2, a >= c + x2))
    """
    return solve(response_program(game, agent), "maximize", seconds=seconds)


def response_program(game: Game, agent: str) -> Game:
    """The game of one agent, everybody else's actions and the prices being parameters."""
    if game.families:
        raise UsageError(
            "a family of symbolic size has no agent of that name",
            where="best_response",
            remedy="write the agents out",
        )
    fixed = at_fixed_prices(game)
    mover = fixed.agent(agent)
    if not mover.actions:
        raise UsageError(f"{agent} has no action to choose", where="best_response")
    others = [a for a in fixed.agents if a.name != agent]
    given = [Parameter(act.symbol, act.interval) for a in others for act in a.actions]
    given += [_of_price(p) for p in fixed.prices if p.symbol != fixed.numeraire]
    own = {act.symbol for act in mover.actions}
    common = tuple(c for c in fixed.shared if c.relation.free_symbols & own)
    program = Agent(
        mover.name,
        mover.objective,
        *mover.actions,
        constraints=(*mover.constraints, *common),
        loss=mover.loss,
        domain=mover.domain,
    )
    return fixed.altered(
        agents=(program,),
        shared=(),
        prices=(),
        weights=(),
        disagreement=(),
        numeraire=None,
        parameters=(*fixed.parameters, *given),
        conditions=(*fixed.conditions, *_choices(others, own, fixed)),
        concept="maximize",
        expected=(),
        expect=None,
    )


def _of_price(price: Price) -> Parameter:
    return Parameter(price.symbol, Interval.nonnegative())


def _choices(others: list[Agent], own: set[object], game: Game) -> Region:
    """What the others' own constraints say of their choices: X_-i, where it does not move.

    A constraint that contains the agent's action or a price binds its owner, not the agent.
    """
    moving = {*own, *(p.symbol for p in game.prices)}
    return tuple(
        c.relation for a in others for c in a.constraints if not c.relation.free_symbols & moving
    )
