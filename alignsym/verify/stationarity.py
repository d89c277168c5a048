"""Multipliers at exact points: signs, complementarity, and stationarity of the Lagrangian.

L = f - sum mu_k (g_k - b_k) for <= and Eq, + for >=, mu_k >= 0 of inequalities; the multiplier
nu >= 0 of an action's domain adds nu at its lower end and -nu at its upper end to dL/dx, and is 0
inside.  Where a closed natural domain ends (u <= 9 of (9 - u)**(5/2)), its edge binds like a
constraint whose multiplier >= 0 nobody names: dL/dx is only asked to point out of the domain.
Derivatives are difference quotients: no differentiation of SymPy is trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from alignsym.model.game import Concept, Game
from alignsym.solution import Regime
from alignsym.verify.arithmetic import CONTEXT, PRECISE, Number, Undefined, big
from alignsym.verify.coefficients import Environment
from alignsym.verify.decision import domain_of
from alignsym.verify.evaluator import compiled, safe_name
from alignsym.verify.movers import Mover, Slack, complementary, movers, slack_of
from alignsym.verify.points import EQUAL, Contradiction, defined, environment, same, shown


@dataclass(frozen=True, slots=True)
class _Lagrangian:
    """L = f - sum mu (g - b), + for >=, in numbers: the objective and one term a constraint."""

    mover: Mover
    multipliers: tuple[Number, ...]
    edges: tuple[Slack, ...]

    def at(
        self, env: Environment, moved: str | None = None, before: Sequence[Number] = ()
    ) -> list[Number]:
        """The terms whose sum is L; Undefined beyond an edge of the natural domain.

        Where only the action `moved` differs from the point with the terms `before`, only terms in
        which it occurs are computed again: with many agents that is nearly none of them.
        """
        for edge in self.edges:
            gap, size = edge.sides(env, PRECISE)
            if big(gap) < -EQUAL * max(1, size):
                raise Undefined(f"{edge.relation} does not hold")
        parts = self.mover.objective.parts()
        out: list[Number] = []
        for k, part in enumerate(parts):
            if moved is None or part.mentions(moved):
                out.append(big(part.at(env, PRECISE)))
            else:
                out.append(before[k])
        for k, (slack, multiplier) in enumerate(zip(self.mover.slacks, self.multipliers)):
            if moved is not None and not slack.mentions(moved):
                out.append(before[len(parts) + k])
                continue
            gap = big(slack.sides(env, PRECISE)[0])
            # of an equality the order written decides the sign: -mu (g - c) with g on the left
            out.append(big(multiplier) * (-gap if slack.relation.is_equality else gap))
        return out

    def together(self, terms: Sequence[Number]) -> list[Number]:
        """The terms with the objective's parts summed into the first."""
        count = len(self.mover.objective.parts())
        return [sum(terms[:count], CONTEXT.mpf(0)), *terms[count:]]


def refute_multipliers(
    game: Game, concept: Concept, regime: Regime, point: Mapping[str, Fraction]
) -> str | None:
    """None unless the Lagrangian with the regime's multipliers is not stationary at its values.

    Each mover of the concept has its own Lagrangian; shared multipliers are common.  At a kink the
    one-sided derivatives must have the right signs.  What cannot be tested is passed over: a
    derivative that does not exist, a binding constraint without a multiplier.

    Arguments and exceptions: those of `numbers.refute_regime`.
    """
    try:
        env = environment(game, regime, point)
        if env is None:
            return None
        check_signs(game, regime, env)
        given = {k: defined(k, compiled(v), env) for k, v in regime.multipliers}
        bounds = {k: defined(k, compiled(v), env) for k, v in regime.bounds}
        for mover in movers(game, concept, env):
            edges = tight_edges(game, mover, env)
            _test_stationary(mover, given, bounds, env, edges)
    except Contradiction as fault:
        at = ", ".join(f"{k} = {v}" for k, v in point.items())
        return f"{fault} (at {at})" if at else str(fault)
    return None


def tight_edges(game: Game, mover: Mover, env: Environment) -> tuple[Slack, ...]:
    """The closed natural-domain relations of one mover that hold with equality at the values."""
    agents = [a for a in game.agents if a.name == mover.who] or game.agents
    own = {s.name for s in mover.slacks}
    constraints = [c for c in game.constraints if c.name in own]
    edges = []
    for relation in domain_of(agents, constraints):
        if not relation.is_strict:
            slack = Slack("", relation)
            try:
                gap, size = slack.sides(env, PRECISE)
            except Undefined:
                continue
            if abs(big(gap)) <= EQUAL * max(1, size):
                edges.append(slack)
    return tuple(edges)


def _test_stationary(
    mover: Mover,
    given: Mapping[str, Number],
    bounds: Mapping[str, Number],
    env: Mapping[str, Number],
    edges: tuple[Slack, ...],
) -> None:
    """dL/dx = 0 in every action of one mover; at an edge, no rise into the domain."""
    for slack in mover.slacks:
        gap, size = slack.sides(env, PRECISE)
        # untold, perhaps because none exists: no derivative of L need vanish then
        if slack.name not in given and abs(big(gap)) <= EQUAL * max(1, size):
            return
    multipliers = tuple(given.get(s.name, Fraction(0)) for s in mover.slacks)
    lagrangian = _Lagrangian(mover, multipliers, edges)
    try:
        middle = lagrangian.at(env)
    except Undefined:
        middle = []  # L has no derivative here
    touched = {safe_name(str(s)) for edge in edges for s in edge.relation.free_symbols}
    typical = max([abs(big(env[n])) for n in mover.names] + [CONTEXT.mpf("1e-6")])
    for name, bound in zip(mover.names, mover.bounds):
        value = env[name]
        low, high = same(value, bound.low), same(value, bound.high)
        nu = big(bounds.get(name, Fraction(0)))
        if not (low or high) and not same(nu, 0):
            raise Contradiction(f"{name} is inside its domain, but its bound has a multiplier")
        if low and high:
            continue
        scale = max(abs(big(value)), typical * CONTEXT.mpf("1e-3"))
        slopes = _slopes(lagrangian, name, env, middle, scale)
        if slopes is None:
            continue
        unknown = name not in bounds
        edge = name in touched
        push = nu if low else -nu if high else 0
        left, right = slopes.left + push, slopes.right + push
        room = slopes.room + abs(nu) * CONTEXT.mpf("1e-9")
        # unknown bound multipliers may take any value >= 0
        if right > room and not (unknown and high) and not (edge and not slopes.above):
            raise Contradiction(f"dL/d{name} of {mover.who} is {shown(right)}, not 0")
        if left < -room and not (unknown and low) and not (edge and not slopes.below):
            raise Contradiction(f"dL/d{name} of {mover.who} is {shown(left)}, not 0")


@dataclass(frozen=True, slots=True)
class _Slopes:
    """Left and right derivative of L in one action, and how far they may be off.

    `below`, `above`: whether L is defined on that side; else the other side's derivative stands in.
    """

    left: Number
    right: Number
    room: Number
    below: bool
    above: bool


def _slopes(
    lagrangian: _Lagrangian,
    name: str,
    env: Mapping[str, Number],
    middle: Sequence[Number],
    scale: Number,
) -> _Slopes | None:
    """Difference quotients on both sides of the point with the terms `middle`; None where L has no
    derivative."""
    if not middle:
        return None
    here = big(env[name])
    steps = [scale * CONTEXT.mpf(10) ** -12, scale * CONTEXT.mpf(10) ** -14]
    known: list[list[Number]] = []
    sides: list[int] = []
    size = CONTEXT.mpf(0)
    for sign in (-1, 1):
        quotients = []
        for h in steps:
            try:
                there = lagrangian.at({**env, name: here + sign * h}, name, middle)
            except Undefined:
                continue
            changes = [CONTEXT.mpf(0) if a is b else b - a for a, b in zip(middle, there)]
            rises = [change / (sign * h) for change in lagrangian.together(changes)]
            if all(CONTEXT.isfinite(r) for r in rises):
                quotients.append(sum(rises, CONTEXT.mpf(0)))
                size = max(size, *(abs(r) for r in rises))
        if len(quotients) == 2:
            known.append(quotients)
            sides.append(sign)
    if not known:
        return None
    rounding = max(map(abs, lagrangian.together(middle))) * CONTEXT.mpf(10) ** -30 / steps[1]
    room = CONTEXT.mpf("1e-9" if len(known) == 2 else "1e-7") * size + rounding + 1e-18
    # a quotient that still changes belongs to no derivative
    if any(abs(first - second) > 1e-3 * size + room for first, second in known):
        return None
    return _Slopes(known[0][1], known[-1][1], room, -1 in sides, 1 in sides)


def check_signs(game: Game, regime: Regime, env: Environment) -> None:
    """Multipliers are defined, finite, of inequalities nonnegative and zero where there is slack.

    Raises: Contradiction.
    """
    known = {c.name: c for c in game.constraints}
    for name, formula in regime.multipliers:
        number = defined(f"the multiplier of {name}", compiled(formula), env)
        if CONTEXT.isinf(big(number)):
            raise Contradiction(f"the multiplier of {name} is infinite")
        constraint = known.get(name)
        if constraint is None or constraint.relation.is_equality:
            continue
        if number < 0 and not same(number, 0):
            raise Contradiction(f"the multiplier of {name} is negative: {shown(number)}")
        gap, size = slack_of(constraint, env)
        if not complementary(number, gap, size):
            raise Contradiction(f"{name} is slack, but its multiplier is {shown(number)}")
    for name, formula in regime.bounds:
        number = defined(f"the bound multiplier of {name}", compiled(formula), env)
        if number < 0 and not same(number, 0):
            raise Contradiction(f"the bound multiplier of {name} is negative: {shown(number)}")
