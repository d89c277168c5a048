"""Who may deviate: each concept as the maximisations it consists of, by definition.

A `Mover` is one maximisation inside an equilibrium: somebody moves the actions `names` over
intervals and constraints and looks at one `Objective`, everything else fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sympy as sp

from alignsym.model.game import Action, Agent, Concept, Constraint, Game
from alignsym.model.relations import Relation
from alignsym.verify.arithmetic import (
    CONTEXT,
    PRECISE,
    QUICK,
    Arithmetic,
    Number,
    Undefined,
    big,
)
from alignsym.verify.coefficients import Environment
from alignsym.verify.evaluator import Evaluator, compiled, safe_name
from alignsym.verify.points import Contradiction, defined


@dataclass(frozen=True, slots=True)
class Slack:
    """A constraint as a number: >= 0 where it holds, = 0 where it binds."""

    name: str
    relation: Relation

    def sides(self, env: Environment, on: Arithmetic) -> tuple[Number, Number]:
        """The slack and the size it should be compared with."""
        left, right = compiled(self.relation.left), compiled(self.relation.right)
        a, b = left.on(on, env), right.on(on, env)
        gap = on.plus(b, -a) if self.relation.operator in ("<=", "<") else on.plus(a, -b)
        return gap, max(abs(big(a)), abs(big(b))) if on is PRECISE else max(abs(a), abs(b))

    def mentions(self, name: str) -> bool:
        """Whether the number of this name may matter."""
        return name in compiled(self.relation.left).text or name in (
            compiled(self.relation.right).text
        )

    def quick(self) -> Callable[[Environment], tuple[float, float]]:
        """`sides` in floats with everything looked up beforehand, for the thousands of trials."""
        left, right = compiled(self.relation.left).quick, compiled(self.relation.right).quick
        more, less = (right, left) if self.relation.operator in ("<=", "<") else (left, right)
        plus = QUICK.plus

        def sides(env: Environment) -> tuple[float, float]:
            a, b = more(env), less(env)
            return plus(a, -b), max(abs(a), abs(b))

        return sides


@dataclass(frozen=True, slots=True)
class Term:
    """One agent's part in an objective: utility, weight, and what it has if they disagree."""

    utility: Evaluator
    weight: Evaluator
    disagreement: Evaluator | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """sum w_i U_i with 0 * -oo = 0, or, where disagreement is given, prod (U_i - d_i)**w_i."""

    terms: tuple[Term, ...]

    def parts(self) -> tuple[Objective, ...]:
        """Objectives whose sum this is."""
        if len(self.terms) == 1 or any(term.disagreement for term in self.terms):
            return (self,)
        return tuple(Objective((term,)) for term in self.terms)

    def mentions(self, name: str) -> bool:
        """Whether the number of this name may matter."""
        return any(
            name in e.text for t in self.terms for e in (t.utility, t.weight, t.disagreement) if e
        )

    def at(self, env: Environment, on: Arithmetic) -> Number:
        """The objective's value; Undefined outside the natural domain of any of its utilities."""
        total = on.constant("1" if self.terms[0].disagreement else "0")
        for term in self.terms:
            parts = (term.utility, term.weight, term.disagreement)
            u, w, d = (p and p.on(on, env) for p in parts)
            if term.disagreement is None:
                total = on.plus(total, on.constant("0") if w == 0 else on.times(w, u))
                continue
            gain = on.plus(u, on.times(on.constant("-1"), d))
            if gain < 0:
                raise Undefined("not individually rational")
            total = on.times(total, on.power(gain, w))
        return total

    def quick(self) -> Callable[[Environment], float]:
        """`at` in floats with everything looked up beforehand, for the thousands of trials."""
        if any(term.disagreement for term in self.terms):
            return lambda env: float(self.at(env, QUICK))
        parts = [(term.weight.quick, term.utility.quick) for term in self.terms]
        plus, times = QUICK.plus, QUICK.times

        def total(env: Environment) -> float:
            out = 0.0
            for weight, utility in parts:
                w, u = weight(env), utility(env)
                if w != 0:
                    out = plus(out, times(w, u))
            return float(out)

        return total


@dataclass(frozen=True, slots=True)
class Bound:
    """The interval of one action, in numbers."""

    low: Number
    high: Number
    open_low: bool = False
    open_high: bool = False


@dataclass(frozen=True, slots=True)
class Mover:
    """One maximisation: `who` chooses `names` within `bounds` and `slacks` to raise `objective`."""

    who: str
    names: tuple[str, ...]
    bounds: tuple[Bound, ...]
    objective: Objective
    slacks: tuple[Slack, ...]


def bound_of(action: Action, env: Environment) -> Bound:
    """The interval of an action in numbers."""
    interval = action.interval
    low, high = (
        defined(f"an end of {action.name}", compiled(e), env)
        for e in (interval.lower, interval.upper)
    )
    return Bound(low, high, interval.open_lower, interval.open_upper)


def movers(game: Game, concept: Concept, env: Environment) -> list[Mover]:
    """The maximisations whose common solution the concept is, by definition.

    In `stackelberg` only the last mover's: earlier ones foresee replies that are not known here.
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


def slack_of(constraint: Constraint, env: Environment) -> tuple[Number, Number]:
    """The constraint's slack and its size; a Contradiction where it is undefined."""
    try:
        return Slack(constraint.name, constraint.relation).sides(env, PRECISE)
    except Undefined as error:
        raise Contradiction(f"constraint {constraint.name} is undefined: {error}") from error


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


def within(value: Number, bound: Bound) -> bool:
    """Whether the number lies in the interval, up to rounding at closed ends.

    >>> within(0, Bound(0, 1)), within(0, Bound(0, 1, open_low=True))
    (True, False)
    """
    low, high, value = big(bound.low), big(bound.high), big(value)
    above = value > low if bound.open_low else PRECISE.compare(">=", value, low)
    below = value < high if bound.open_high else PRECISE.compare("<=", value, high)
    return bool(above and below)


def complementary(multiplier: Number, gap: Number, size: Number) -> bool:
    """Whether a multiplier (or price) times a slack is zero, up to rounding."""
    mu, least = abs(big(multiplier)), CONTEXT.mpf("1e-9")
    return bool(mu * abs(big(gap)) <= 1e-15 * max(mu, least) * max(big(size), least))


def satisfied(relation: Relation, gap: Number, size: Number, tolerance: float = 1e-24) -> bool:
    """Whether a slack satisfies its constraint up to a relative tolerance."""
    if relation.operator == "!=":
        return bool(gap != 0)
    if relation.operator in ("<", ">"):
        return bool(gap > 0)
    room = tolerance * max(big(size), big(1))
    return bool(abs(big(gap)) <= room if relation.is_equality else big(gap) >= -room)
