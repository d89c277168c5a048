"""The definition of each concept, tested at exact points by an evaluator that is not SymPy.

At a point of a regime: its condition holds, its formulas are defined, actions lie in their
domains, constraints hold, multipliers are nonnegative and complementary, reported values are what
the utilities give, markets clear, and nobody finds a feasible deviation that pays.  A contradiction
is a defect of the program, for nothing wrong may be called proved; none proves nothing.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction

from alignsym.model.game import Concept, Constraint, Game
from alignsym.solution import Regime
from alignsym.verify.arithmetic import CONTEXT, PRECISE, Number, Undefined, big
from alignsym.verify.coefficients import Environment, NotEvaluable
from alignsym.verify.deviations import improvement
from alignsym.verify.evaluator import Evaluator, compile_text, compiled, safe_name
from alignsym.verify.movers import (
    Mover,
    bound_of,
    complementary,
    movers,
    satisfied,
    slack_of,
    within,
)
from alignsym.verify.points import EQUAL, Contradiction, defined, environment, same, shown
from alignsym.verify.stationarity import check_signs, refute_multipliers


def refute_regime(
    game: Game,
    concept: Concept,
    regime: Regime,
    point: Mapping[str, Fraction],
    *,
    deviations: int = 48,
) -> str | None:
    """None if nothing here contradicts "the regime solves the game", else a sentence.

    Arguments: `point` maps every parameter's name to an exact number; `deviations` is about how
    many each mover tries (none if 0).  Where the regime's condition does not hold (or is undefined)
    the answer is None: the point is not the regime's.
    Raises: NotEvaluable for formulas the evaluator does not know and families of symbolic size.
    """
    try:
        env = environment(game, regime, point)
        if env is None:
            return None
        _test_feasible(game, concept, regime, env)
        check_signs(game, regime, env)
        _test_reported(game, concept, regime, env)
        if concept == "walras":
            _test_clearing(game, env)
        for mover in movers(game, concept, env):
            _objective(mover, env)
            if not deviations:
                continue
            seed = f"{game.id}|{concept}|{mover.who}|{sorted(point.items())}"
            found = improvement(mover, env, random.Random(seed), deviations)
            if found is not None:
                to = ", ".join(f"{k} = {shown(v)}" for k, v in found.to.items())
                raise Contradiction(f"{mover.who} gains {shown(found.gain)} by {to}")
    except Contradiction as fault:
        at = ", ".join(f"{k} = {v}" for k, v in point.items())
        return f"{fault} (at {at})" if at else str(fault)
    return None


# ------------------------------------------------------------------ what must hold at the values
def _test_feasible(game: Game, concept: Concept, regime: Regime, env: Environment) -> None:
    for action in game.actions:
        value = env[safe_name(action.name)]
        if not within(value, bound_of(action, env)):
            raise Contradiction(f"{action.name} = {shown(value)} is outside its domain")
    binding = game.constraints
    if concept in ("nash", "walras"):
        binding = tuple(c for agent in game.agents for c in agent.constraints)
    for constraint in binding:
        gap, size = slack_of(constraint, env)
        if not satisfied(constraint.relation, gap, size, EQUAL):
            raise Contradiction(f"constraint {constraint.name} is violated by {shown(abs(gap))}")
    for symbol, _ in regime.values:
        if symbol == game.numeraire and env[safe_name(str(symbol))] != 1:
            raise Contradiction(f"the numeraire {symbol} is not 1")


def _test_reported(game: Game, concept: Concept, regime: Regime, env: Environment) -> None:
    """Utilities are defined (perhaps -oo) for everybody; reported utilities and value are true."""
    for agent in game.agents:
        true = defined(f"the utility of {agent.name}", compiled(agent.utility), env)
        if big(true) == CONTEXT.inf:
            raise Contradiction(f"the utility of {agent.name} is infinite")
        for name, formula in regime.utilities:
            if name == agent.name:
                said = defined(f"the reported utility of {name}", compiled(formula), env)
                if not same(said, true):
                    raise Contradiction(
                        f"the utility of {name} is {shown(true)}, not {shown(said)}"
                    )
    if regime.value is None or concept not in ("maximize", "social", "bargaining"):
        return
    said = defined("the reported value", compiled(regime.value), env)
    true = _objective(movers(game, concept, env)[0], env)
    if concept == "maximize" and any(a.loss for a in game.agents if a.actions):
        true = -true
    if not same(said, true):
        raise Contradiction(f"the value is {shown(true)}, not {shown(said)}")


def _objective(mover: Mover, env: Environment) -> Number:
    try:
        return mover.objective.at(env, PRECISE)
    except Undefined as error:
        raise Contradiction(f"the objective of {mover.who} is undefined: {error}") from error


def _test_clearing(game: Game, env: Environment) -> None:
    for price in game.prices:
        level = env[safe_name(price.name)]
        if level < 0 and not same(level, 0):
            raise Contradiction(f"the price {price.name} is negative: {shown(level)}")
        gap, size = slack_of(Constraint(price.name, price.clearing), env)
        if not satisfied(price.clearing, gap, size, EQUAL):
            raise Contradiction(f"the market of {price.name} has excess demand {shown(-gap)}")
        if not complementary(level, gap, size):
            raise Contradiction(f"{price.name} is positive, but its good is in excess supply")


__all__ = [
    "Evaluator", "NotEvaluable", "Undefined", "compile_text", "compiled", "movers",
    "refute_multipliers", "refute_regime",
]  # fmt: skip
