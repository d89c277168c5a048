"""The numbers of a regime at one exact parameter point, and what is said when they contradict."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from alignsym.model.agents import written
from alignsym.model.game import Game
from alignsym.model.relations import Relation
from alignsym.solution import Regime
from alignsym.verify.arithmetic import CONTEXT, PRECISE, Number, Undefined, big
from alignsym.verify.coefficients import Environment, NotEvaluable
from alignsym.verify.evaluator import Evaluator, compiled, safe_name

EQUAL = 1e-18  # relative difference of two numbers that should be the same


class Contradiction(Exception):
    """What fails at the point, as one sentence."""


def shown(value: Number) -> str:
    """Eight digits of a number."""
    return CONTEXT.nstr(big(value), 8)


def environment(
    game: Game, regime: Regime, point: Mapping[str, Fraction]
) -> dict[str, Number] | None:
    """Parameters and values by name, or None where the regime does not hold."""
    if game.families:
        raise NotEvaluable("a family of symbolic size")
    env: dict[str, Number] = {safe_name(k): v for k, v in point.items()}
    for relation in (*game.domain(), *regime.when):
        try:
            if not holds(relation, env):
                return None
        except Undefined:
            return None
    values = {}
    for symbol, formula in regime.values:
        number = defined(f"the value of {symbol}", compiled(formula), env)
        if CONTEXT.isinf(big(number)):
            raise Contradiction(f"the value of {symbol} is infinite")
        values[safe_name(written(symbol))] = number
    for name in [a.name for a in game.actions] + [p.name for p in game.prices]:
        if safe_name(name) not in values:
            raise Contradiction(f"no value for {name}")
    return {**env, **values}


def holds(relation: Relation, env: Environment) -> bool:
    """Whether both sides are defined and the relation is true (else Undefined)."""
    left, right = compiled(relation.left).precise(env), compiled(relation.right).precise(env)
    return PRECISE.compare(relation.operator, left, right)


def defined(what: str, formula: Evaluator, env: Environment) -> Number:
    """The formula's number; a Contradiction that names `what` where it has none."""
    try:
        return formula.precise(env)
    except Undefined as error:
        raise Contradiction(f"{what} is undefined: {error}") from error


def same(a: Number, b: Number) -> bool:
    """Whether two numbers agree: exactly if both are rational, else up to rounding."""
    if isinstance(a, Fraction | int) and isinstance(b, Fraction | int):
        return a == b
    a, b = big(a), big(b)
    if CONTEXT.isinf(a) or CONTEXT.isinf(b):
        return bool(a == b)
    return bool(abs(a - b) <= EQUAL * max(1, abs(a), abs(b)))
