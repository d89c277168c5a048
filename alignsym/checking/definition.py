"""A regime at one exact parameter point, by definition: what certainly fails there.

Feasible for everyone, defined, markets clear, the reported value is that of the objective,
multipliers have their signs and vanish where there is slack.  All by enclosures: what is said to
fail, fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from alignsym.checking.points import Numbers, Point, certainly, inside, numbers
from alignsym.checking.shown import THE_SOLUTION, THE_VALUE
from alignsym.logic.normal import is_identically_zero
from alignsym.model.agents import written
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime
from alignsym.verify.arithmetic import Undefined, big
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.decision import JOINT, DecisionMaker, decision_makers
from alignsym.verify.enclosure import ENCLOSED
from alignsym.verify.evaluator import compiled, safe_name
from alignsym.verify.intervals import Undecided, ends, sign
from alignsym.verify.movers import Mover, movers
from alignsym.verify.points import Contradiction
from alignsym.verify.points import shown as shown_number

_ZERO = sp.S.Zero
Choice = tuple[tuple[sp.Symbol, Expr], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """What certainly fails: of the solution, the value, or the multiplier that is its subject."""

    subject: str
    reason: str
    better: Choice = ()


@dataclass(frozen=True, slots=True)
class Play:
    """The numbers of a regime at one point: parameters, then actions and prices."""

    game: Game
    concept: Concept
    regime: Regime
    point: Point
    env: Numbers
    precise: dict[str, Any]

    @property
    def values(self) -> dict[sp.Symbol, Expr]:
        """The closed forms."""
        return dict(self.regime.values)

    def pairs(self) -> list[tuple[DecisionMaker, Mover]]:
        """Everybody who decides, as expressions and as numbers."""
        everybody = decision_makers(self.game, self.concept)
        by_name = {m.who: m for m in movers(self.game, self.concept, self.precise)}
        if self.concept in JOINT:
            return [(everybody[0], next(iter(by_name.values())))]
        return [(m, by_name[m.name]) for m in everybody if m.name in by_name]


def play(game: Game, concept: Concept, regime: Regime, point: Point) -> Play | Failure | None:
    """The regime's numbers at the point; what fails where it has none, None where undecided.

    The point must be legal; where the regime's condition is not certainly true nothing is said.
    """
    env = numbers(point)
    if inside(regime.when, env) is not True:
        return None
    out, precise = dict(env), dict(env)
    for symbol, formula in regime.values:
        name = safe_name(written(symbol))
        try:
            value = compiled(formula).enclosed(env)
            out[name] = value
            precise[name] = compiled(formula).precise(env)
        except (Undecided, NotEvaluable):
            return None
        except Undefined as error:
            return Failure(THE_SOLUTION, f"the value of {symbol} is undefined ({error})")
        if isinstance(value, float):
            return Failure(THE_SOLUTION, f"the value of {symbol} is infinite")
    return Play(game, concept, regime, point, out, precise)


def broken(now: Play) -> Failure | None:
    """What of "feasible, defined, clearing" certainly fails."""
    game, concept, env = now.game, now.concept, now.env
    for action in game.actions:
        for r in action.interval.contains(action.symbol):
            if certainly(r, env) is False:
                return Failure(THE_SOLUTION, f"{action.name} = {_at(now, action.symbol)}, not {r}")
    binding = game.constraints
    if concept in ("nash", "walras", "stackelberg"):
        binding = tuple(c for agent in game.agents for c in agent.constraints)
    for c in binding:
        if certainly(c.relation, env) is False:
            sides = f"{_shown(c.relation.left, now)} and {_shown(c.relation.right, now)}"
            return Failure(
                THE_SOLUTION, f"{c.name}, {c.relation}, is violated: the sides are {sides}"
            )
    for maker in decision_makers(game, concept):
        for r in maker.domain:
            edge = r if r.operator == "!=" or not r.is_strict else r.relaxed()
            if certainly(edge, env) is False:  # -oo at the edge of a logarithm is a value
                text = f"{r} fails at the values, where {maker.name}'s problem is undefined"
                return Failure(THE_SOLUTION, text)
    for agent in game.agents:
        problem = _undefined(agent.utility, env)
        if problem:
            return Failure(THE_SOLUTION, f"the utility of {agent.name} is undefined ({problem})")
    if game.numeraire in now.values:
        unit = Relation(now.values[game.numeraire], "==", sp.S.One)
        if certainly(unit, env) is False:
            return Failure(THE_SOLUTION, f"the numeraire {game.numeraire} is not 1")
    return _uncleared(now)


def _undefined(e: Expr, env: Numbers) -> str:
    try:
        compiled(e).enclosed(env)
    except (Undecided, NotEvaluable):
        return ""
    except Undefined as error:
        return str(error)
    return ""


def _uncleared(now: Play) -> Failure | None:
    for price in now.game.prices:
        if certainly(Relation(price.symbol, ">=", _ZERO), now.env) is False:
            return Failure(THE_SOLUTION, f"the price {price.name} is {_at(now, price.symbol)}")
        if certainly(price.clearing, now.env) is False:
            sides = f"{_shown(price.clearing.left, now)} and {_shown(price.clearing.right, now)}"
            return Failure(THE_SOLUTION, f"{price.clearing} fails: the sides are {sides}")
        left_over = Relation(price.symbol * price.clearing.gap, "==", _ZERO)
        if certainly(left_over, now.env) is False:
            text = f"{price.name} = {_at(now, price.symbol)}, but its good is in excess supply"
            return Failure(THE_SOLUTION, text)
    return None


def misreported(now: Play) -> Failure | None:
    """The reported optimal value, where the objective certainly has another one."""
    if now.regime.value is None or now.concept not in JOINT:
        return None
    try:
        said = compiled(now.regime.value).enclosed(numbers(now.point))
        true = now.pairs()[0][1].objective.at(now.env, ENCLOSED)
        if now.concept == "maximize" and any(a.loss for a in now.game.agents if a.actions):
            true = ENCLOSED.times(ENCLOSED.constant("-1"), true)
        if ENCLOSED.compare("==", said, true):
            return None
    except (Undecided, NotEvaluable, Contradiction):
        return None
    except Undefined as error:
        return Failure(THE_VALUE, f"the value is undefined ({error})")
    return Failure(THE_VALUE, f"the objective is {decimal(true)}, not {decimal(said)}")


def mispriced(now: Play) -> list[Failure]:
    """Multipliers with a wrong sign, undefined, or not zero where the constraint has slack."""
    out = []
    relations = {c.name: c.relation for c in now.game.constraints}
    for name, formula in now.regime.multipliers:
        relation = relations.get(name)
        if relation is None:
            continue
        try:
            value = compiled(formula).enclosed(numbers(now.point))
            if isinstance(value, float):
                out.append(Failure(name, f"the multiplier of {name} is infinite"))
                continue
            if relation.is_equality:
                continue
            if sign(value) < 0:
                text = f"the multiplier of {name} is negative: {decimal(value)}"
                out.append(Failure(name, text))
            elif sign(value) > 0 and certainly(relation.tightened(), now.env) is True:
                text = f"{name} is slack, but its multiplier is {decimal(value)}, not 0"
                out.append(Failure(name, text))
        except (Undecided, NotEvaluable):
            continue
        except Undefined as error:
            out.append(Failure(name, f"the multiplier of {name} is undefined ({error})"))
    return out


def tight(gap: Expr, now: Play) -> bool | None:
    """Whether the gap is certainly zero (exactly, or identically), certainly not, or unknown."""
    answer = certainly(Relation(gap, "==", _ZERO), now.env)
    if answer is None and is_identically_zero(gap.xreplace(now.values)):
        return True
    return answer


def strictly_inside(when: Region, env: Numbers) -> bool:
    """Whether the point is in the interior of what inequalities describe."""
    return inside((r.tightened() for r in when), env) is True


def decimal(value: Any) -> str:
    """Eight digits of an enclosed number, exact where it is rational and short."""
    if isinstance(value, float):
        return "oo" if value > 0 else "-oo"
    low, high = ends(value)
    if low == high and len(str(low)) <= 24:
        return str(low)
    return shown_number(big((low + high) / 2))


def _shown(e: Expr, now: Play) -> str:
    try:
        return decimal(compiled(e).enclosed(now.env))
    except (Undefined, NotEvaluable):
        return "undefined"


def _at(now: Play, symbol: sp.Symbol) -> str:
    return _shown(symbol, now)
