"""The best response of one agent, as closed forms in what the others do.

    BR_i(x_-i) = argmax of U_i(x_i, x_-i) over x_i in X_i(x_-i)

One agent's program, with everybody else's actions as parameters: solved and proved like any other.
"""

from __future__ import annotations

from alignsym.answer import solve
from alignsym.errors import UsageError
from alignsym.model.game import Game
from alignsym.model.responses import response_program
from alignsym.solution import Solution
from alignsym.verify.decision import at_fixed_prices


def best_response(game: Game, agent: str, *, seconds: float | None = None) -> Solution:
    """`BR_i(x_-i)`: the maximisers of U_i over x_i for every `x_-i` the others may choose.

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
    >>> from alignsym.model.agents import Agent
    >>> firms = (Agent(f"f{k}", (a - x1 - x2 - c)*x, x) for k, x in ((1, x1), (2, x2)))
    >>> best_response(Game(*firms), "f1")[x1]
    Piecewise((0, a <= c + x2), ((a - c - x2)/2, a >= c + x2))
    """
    if game.families:
        raise UsageError(
            "a family of symbolic size has no agent of that name",
            where="best_response",
            remedy="write the agents out",
        )
    if not game.agent(agent).actions:
        raise UsageError(f"{agent} has no action to choose", where="best_response")
    return solve(response_program(at_fixed_prices(game), agent), "maximize", seconds=seconds)
