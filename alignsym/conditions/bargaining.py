"""`bargaining`: the Nash solution, over feasible and individually rational profiles

    max_x  prod_i (U_i(x) - d_i)**w_i   =   max_x  sum_i w_i log(U_i(x) - d_i),

solved in the logarithmic form; a multiplier of the product is the product times that of its log.
"""

from __future__ import annotations

import sympy as sp

from alignsym.conditions.planner import joint
from alignsym.conditions.system import System
from alignsym.errors import UsageError
from alignsym.model.game import Game
from alignsym.model.relations import Expr
from alignsym.steps import Transform


def gains(game: Game) -> tuple[tuple[Expr, Expr], ...]:
    """(U_i - d_i, w_i) for every agent; a disagreement utility that is not given is 0."""
    fallback = dict(game.disagreement)
    return tuple(
        (a.utility - fallback.get(a.name, sp.S.Zero), game.weight(a.name)) for a in game.agents
    )


def refuse_weights(game: Game) -> None:
    """Weights of a bargain are nonnegative and not all zero: a negative one rewards a loss.

    Raises: UsageError where their signs are known and wrong; others are left to the parameters.
    """
    against = [a.name for a in game.agents if game.weight(a.name).is_negative]
    remedy = "bargaining power: weights >= 0, and at least one above 0"
    if against:
        raise UsageError(f"the weight of {against[0]} is negative", where="weights", remedy=remedy)
    if not game.families and all(game.weight(a.name).is_zero for a in game.agents):
        raise UsageError("all weights are zero", where="weights", remedy=remedy)


def nash_product(game: Game) -> Expr:
    """prod_i (U_i - d_i)**w_i."""
    return sp.Mul(*(gain**weight for gain, weight in gains(game)))


def bargaining(game: Game) -> System:
    """The conditions of the logarithmic form."""
    product = nash_product(game)
    logarithm = sp.Add(*(weight * sp.log(gain) for gain, weight in gains(game)))
    step = Transform("the bargain", product, logarithm)
    return joint(game, "the bargain", logarithm, product, (step,))
