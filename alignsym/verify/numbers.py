"""The definition of each concept, tested at exact parameter points by an evaluator that is not SymPy.

At a point theta of a regime: its condition holds, its formulas are defined, actions lie in their domains,
constraints hold, multipliers are nonnegative and complementary, reported values are what the utilities
give, markets clear, and nobody finds a feasible deviation that pays.  A contradiction is a defect of the
program, for nothing wrong may be called proved; no contradiction proves nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from alignsym.model.game import Action, Agent, Concept, Constraint, Game
from alignsym.model.relations import Relation
from alignsym.solution import Regime
from alignsym.verify.arithmetic import CONTEXT, PRECISE, Number, Undefined, big
from alignsym.verify.deviations import (
    Bound,
    Mover,
    Objective,
    Slack,
    Term,
    improvement,
    satisfied,
    within,
)
from alignsym.verify.evaluator import (
    Environment,
    Evaluator,
    NotEvaluable,
    compile_text,
    compiled,
    safe_name,
)

_EQUAL = 1e-18  # relative difference of two numbers that should be the same


class Contradiction(Exception):
    """What fails at the point, as one sentence."""


def test_regime(
    game: Game,
    concept: Concept,
    regime: Regime,
    point: Mapping[str, Fraction],
    *,
    deviations: int = 48,
) -> str | None:
    """None if nothing at this parameter point contradicts "the regime solves the game", else a sentence.

    Arguments: `point` maps every parameter's name to an exact number.  Where the regime's condition
    does not hold (or is undefined) the answer is None: the point is not the regime's.
    Raises: NotEvaluable for formulas the evaluator does not know, and for families of symbolic size.
    """
    try:
        env = _environment(game, regime, point)
        if env is None:
            return None
        _test_feasible(game, concept, regime, env)
        _test_multipliers(game, regime, env)
        _test_reported(game, concept, regime, env)
        if concept == "walras":
            _test_clearing(game, env)
        for mover in movers(game, concept, env):
            seed = f"{game.id}|{concept}|{mover.who}|{sorted(point.items())}|{regime.values}"
            found = improvement(mover, env, random.Random(seed), deviations)
            if found is not None:
                to = ", ".join(f"{k} = {_shown(v)}" for k, v in found.to.items())
                raise Contradiction(f"{mover.who} gains {_shown(found.gain)} by {to}")
    except Contradiction as fault:
        at = ", ".join(f"{k} = {v}" for k, v in point.items())
        return f"{fault} (at {at})" if at else str(fault)
    return None


test_regime.__test__ = False  # type: ignore[attr-defined]  # not a test of pytest's


def _shown(value: Number) -> str:
    return CONTEXT.nstr(big(value), 8)


# ------------------------------------------------------------------ the numbers at the point
def _environment(
    game: Game, regime: Regime, point: Mapping[str, Fraction]
) -> dict[str, Number] | None:
    """Parameters and values by name, or None where the regime does not hold."""
    if game.families:
        raise NotEvaluable("a family of symbolic size")
    env: dict[str, Number] = {safe_name(k): v for k, v in point.items()}
    for relation in (*game.domain(), *regime.when):
        try:
            if not _holds(relation, env):
                return None
        except Undefined:
            return None
    values = {}
    for symbol, formula in regime.values:
        number = _defined(f"the value of {symbol}", compiled(formula), env)
        if CONTEXT.isinf(big(number)):
            raise Contradiction(f"the value of {symbol} is infinite")
        values[safe_name(str(symbol))] = number
    for name in [str(a.symbol) for a in game.actions] + [p.name for p in game.prices]:
        if safe_name(name) not in values:
            raise Contradiction(f"no value for {name}")
    return {**env, **values}


def _holds(relation: Relation, env: Environment) -> bool:
    left, right = compiled(relation.left).precise(env), compiled(relation.right).precise(env)
    return PRECISE.compare(relation.operator, left, right)


def _defined(what: str, formula: Evaluator, env: Environment) -> Number:
    try:
        return formula.precise(env)
    except Undefined as error:
        raise Contradiction(f"{what} is undefined: {error}") from error


def bound_of(action: Action, env: Environment) -> Bound:
    """The interval of an action in numbers."""
    interval = action.interval
    low, high = (
        _defined(f"an end of {action.name}", compiled(e), env)
        for e in (interval.lower, interval.upper)
    )  # noqa: E501
    return Bound(low, high, interval.open_lower, interval.open_upper)


# ------------------------------------------------------------------ who moves what
def movers(game: Game, concept: Concept, env: Environment) -> list[Mover]:
    """The maximisations whose common solution the concept is, by definition.

    In `stackelberg` only the last mover's: the earlier ones foresee replies that are not known here.
    """
    acting = [agent for agent in game.agents if agent.actions]
    if concept in ("social", "bargaining"):
        terms = tuple(_term(game, concept, agent) for agent in game.agents)
        return [_mover("the aggregate", game.actions, Objective(terms), game.constraints, env)]
    if concept == "stackelberg":
        acting = acting[-1:]
    common = game.shared if concept in ("maximize", "variational", "stackelberg") else ()
    return [
        _mover(a.name, a.actions, Objective((_own(a),)), (*a.constraints, *common), env)
        for a in acting
    ]


def _own(agent: Agent) -> Term:
    return Term(compiled(agent.utility), compiled(sp.S.One))


def _term(game: Game, concept: Concept, agent: Agent) -> Term:
    weight = compiled(game.weight(agent.name))
    if concept == "social":
        return Term(compiled(agent.utility), weight)
    disagreement = dict(game.disagreement).get(agent.name, sp.S.Zero)
    return Term(compiled(agent.utility), weight, compiled(disagreement))


def _mover(
    who: str,
    actions: Iterable[Action],
    objective: Objective,
    constraints: Iterable[Constraint],
    env: Environment,
) -> Mover:
    actions = tuple(actions)
    return Mover(
        who,
        tuple(safe_name(a.name) for a in actions),
        tuple(bound_of(a, env) for a in actions),
        objective,
        tuple(Slack(c.name, c.relation) for c in constraints),
    )


# ------------------------------------------------------------------ what must hold at the values
def _slack(constraint: Constraint, env: Environment) -> tuple[Number, Number]:
    try:
        return Slack(constraint.name, constraint.relation).sides(env, PRECISE)
    except Undefined as error:
        raise Contradiction(f"constraint {constraint.name} is undefined: {error}") from error


def _test_feasible(game: Game, concept: Concept, regime: Regime, env: Environment) -> None:
    for action in game.actions:
        value = env[safe_name(action.name)]
        if not within(value, bound_of(action, env)):
            raise Contradiction(f"{action.name} = {_shown(value)} is outside its domain")
    binding = game.constraints
    if concept in ("nash", "walras"):
        binding = tuple(c for agent in game.agents for c in agent.constraints)
    for constraint in binding:
        gap, size = _slack(constraint, env)
        if not satisfied(constraint.relation, gap, size, _EQUAL):
            raise Contradiction(f"constraint {constraint.name} is violated by {_shown(abs(gap))}")
    for symbol, _ in regime.values:
        if symbol == game.numeraire and env[safe_name(str(symbol))] != 1:
            raise Contradiction(f"the numeraire {symbol} is not 1")


def _test_multipliers(game: Game, regime: Regime, env: Environment) -> None:
    known = {c.name: c for c in game.constraints}
    for name, formula in regime.multipliers:
        number = _defined(f"the multiplier of {name}", compiled(formula), env)
        if CONTEXT.isinf(big(number)):
            raise Contradiction(f"the multiplier of {name} is infinite")
        constraint = known.get(name)
        if constraint is None or constraint.relation.is_equality:
            continue
        if number < 0 and not _same(number, 0):
            raise Contradiction(f"the multiplier of {name} is negative: {_shown(number)}")
        gap, size = _slack(constraint, env)
        if abs(big(number) * big(gap)) > 1e-15 * max(1, abs(big(number)) * big(size)):
            raise Contradiction(f"{name} is slack, but its multiplier is {_shown(number)}")
    for name, formula in regime.bounds:
        number = _defined(f"the bound multiplier of {name}", compiled(formula), env)
        if number < 0 and not _same(number, 0):
            raise Contradiction(f"the bound multiplier of {name} is negative: {_shown(number)}")


def _same(a: Number, b: Number) -> bool:
    if isinstance(a, Fraction | int) and isinstance(b, Fraction | int):
        return a == b
    a, b = big(a), big(b)
    if CONTEXT.isinf(a) or CONTEXT.isinf(b):
        return bool(a == b)
    return bool(abs(a - b) <= _EQUAL * max(1, abs(a), abs(b)))


def _test_reported(game: Game, concept: Concept, regime: Regime, env: Environment) -> None:
    """Utilities are defined (perhaps -oo) for everybody, and what the regime reports of them is true."""
    for agent in game.agents:
        true = _defined(f"the utility of {agent.name}", compiled(agent.utility), env)
        if big(true) == CONTEXT.inf:
            raise Contradiction(f"the utility of {agent.name} is infinite")
        for name, formula in regime.utilities:
            if name == agent.name:
                said = _defined(f"the reported utility of {name}", compiled(formula), env)
                if not _same(said, true):
                    raise Contradiction(
                        f"the utility of {name} is {_shown(true)}, not {_shown(said)}"
                    )
    if regime.value is None or concept not in ("maximize", "social", "bargaining"):
        return
    said = _defined("the reported value", compiled(regime.value), env)
    mover = movers(game, concept, env)[0]
    try:
        true = mover.objective.at(env, PRECISE)
    except Undefined as error:
        raise Contradiction(f"the objective is undefined: {error}") from error
    if concept == "maximize" and any(a.loss for a in game.agents if a.actions):
        true = -true
    if not _same(said, true):
        raise Contradiction(f"the value is {_shown(true)}, not {_shown(said)}")


def _test_clearing(game: Game, env: Environment) -> None:
    for price in game.prices:
        level = env[safe_name(price.name)]
        if level < 0 and not _same(level, 0):
            raise Contradiction(f"the price {price.name} is negative: {_shown(level)}")
        gap, size = _slack(Constraint(price.name, price.clearing), env)
        if not satisfied(price.clearing, gap, size, _EQUAL):
            raise Contradiction(f"the market of {price.name} has excess demand {_shown(-gap)}")
        if abs(big(level) * big(gap)) > 1e-15 * max(1, abs(big(level)) * big(size)):
            raise Contradiction(f"{price.name} is positive, but its good is in excess supply")


# ------------------------------------------------------------------ stationarity of the Lagrangian
@dataclass(frozen=True, slots=True)
class _Lagrangian:
    """L = f - sum mu (g - b) [+ for >=], as numbers at a point; `size` bounds what is added up."""

    mover: Mover
    multipliers: tuple[Number, ...]

    def at(self, env: Environment) -> tuple[Number, Number]:
        """L and the largest of its terms in size."""
        terms = [big(self.mover.objective.at(env, PRECISE))]
        for slack, multiplier in zip(self.mover.slacks, self.multipliers):
            gap = big(slack.sides(env, PRECISE)[0])
            # of an equality the order written decides the sign: mu (b - g) with g on the left
            terms.append(big(multiplier) * (-gap if slack.relation.is_equality else gap))
        return sum(terms, CONTEXT.mpf(0)), max(abs(t) for t in terms)


def test_multipliers_by_perturbation(
    game: Game, concept: Concept, regime: Regime, point: Mapping[str, Fraction]
) -> str | None:
    """None unless the Lagrangian with the regime's multipliers is not stationary at its values.

    L = f - sum mu_k (g_k - b_k) for <= and Eq, + for >=; the bound multiplier nu >= 0 of an action adds
    nu at its lower end and -nu at its upper end to dL/dx, and is 0 strictly inside.  Derivatives are
    central differences in 34 digits; at a kink the one-sided derivatives must have the right signs.
    Each mover of the concept has its own Lagrangian; shared multipliers are common.  What cannot be
    tested (a derivative that does not exist, a binding constraint without a multiplier) is passed over.
    """
    try:
        env = _environment(game, regime, point)
        if env is None:
            return None
        _test_multipliers(game, regime, env)
        given = {k: _defined(k, compiled(v), env) for k, v in regime.multipliers}
        bounds = {k: _defined(k, compiled(v), env) for k, v in regime.bounds}
        for mover in movers(game, concept, env):
            _test_stationary(mover, given, bounds, env)
    except Contradiction as fault:
        at = ", ".join(f"{k} = {v}" for k, v in point.items())
        return f"{fault} (at {at})" if at else str(fault)
    return None


test_multipliers_by_perturbation.__test__ = False  # type: ignore[attr-defined]


def _test_stationary(
    mover: Mover, given: Mapping[str, Number], bounds: Mapping[str, Number], env: dict[str, Number]
) -> None:
    for slack in mover.slacks:
        gap, size = slack.sides(env, PRECISE)
        if slack.name not in given and abs(big(gap)) <= _EQUAL * max(1, size):
            return
    lagrangian = _Lagrangian(mover, tuple(given.get(s.name, Fraction(0)) for s in mover.slacks))
    typical = max([abs(big(env[n])) for n in mover.names] + [CONTEXT.mpf("1e-6")])
    for name, bound in zip(mover.names, mover.bounds):
        value = env[name]
        low, high = _same(value, bound.low), _same(value, bound.high)
        nu = big(bounds.get(name, Fraction(0)))
        if not (low or high) and not _same(nu, 0):
            raise Contradiction(f"{name} is inside its domain, but has a bound multiplier")
        if low and high:
            continue
        slopes = _slopes(lagrangian, name, env, max(abs(big(value)), typical * CONTEXT.mpf("1e-3")))
        if slopes is None:
            continue
        left, right, size = slopes
        unknown = name not in bounds
        left, right = (s + (nu if low else -nu if high else 0) for s in (left, right))
        room = size + abs(nu) * CONTEXT.mpf("1e-8")
        # unknown bound multipliers may take any value >= 0
        if right > room and not (unknown and high):
            raise Contradiction(f"dL/d{name} of {mover.who} is {_shown(right)}, not 0")
        if left < -room and not (unknown and low):
            raise Contradiction(f"dL/d{name} of {mover.who} is {_shown(left)}, not 0")


def _slopes(
    lagrangian: _Lagrangian, name: str, env: dict[str, Number], scale: Number
) -> tuple[Number, Number, Number] | None:
    """Left and right derivative and their uncertainty; None where there is none."""
    here = big(env[name])
    try:
        middle, _ = lagrangian.at(env)
    except Undefined:
        return None
    sides: list[list[Number]] = [[], []]
    for h in (scale * CONTEXT.mpf("1e-12"), scale * CONTEXT.mpf("1e-14")):
        for side, sign in zip(sides, (-1, 1)):
            try:
                there, _ = lagrangian.at({**env, name: here + sign * h})
            except Undefined:
                continue
            if CONTEXT.isfinite(there) and CONTEXT.isfinite(middle):
                side.append((there - middle) / (sign * h))
    known = [s for s in sides if len(s) == 2]
    top = max([abs(v) for s in known for v in s] + [CONTEXT.mpf(0)])
    # a difference quotient that still changes belongs to no derivative
    if not known or any(abs(s[0] - s[1]) > CONTEXT.mpf("1e-3") * (1 + top) for s in known):
        return None
    left, right = (known[0][1], known[-1][1])
    room = CONTEXT.mpf("1e-7") * (1 + top) if len(known) == 1 else CONTEXT.mpf("1e-9") * (1 + top)
    return left, right, room


__all__ = [
    "Evaluator", "NotEvaluable", "Undefined", "compile_text", "compiled", "movers",
    "test_multipliers_by_perturbation", "test_regime",
]  # fmt: skip
