"""The first welfare theorem as a check: its hypotheses, each decided, and what follows.

A price equilibrium is strongly efficient if every agent does as well as possible at the prices, no
agent's utility or constraints depend on the others' actions, what is paid adds up to the value of
excess demand and a constant, and either all utilities are linear in payments or nobody is satiated:
some own action with dU/dx > 0 everywhere, free upwards, that no other constraint limits.  For then
what is better for somebody costs more, and what is as good no less; summed over all this exceeds
what can be paid for (Arrow 1951; Debreu 1951).  Concavity is not needed.
"""

from __future__ import annotations

import sympy as sp

from alignsym.alignment.arena import Arena
from alignsym.alignment.decentral import Spot, equilibrium
from alignsym.alignment.profile import is_proved
from alignsym.claims import (
    ByTheorem,
    Decided,
    Point,
    Proved,
    Refuted,
    Unknown,
    Verdict,
    weakest,
)
from alignsym.logic.decide import search
from alignsym.logic.normal import is_identically_zero
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Region, Relation
from alignsym.solution import Regime
from alignsym.solution import holds as holds_at
from alignsym.verify.decision import decision_makers, domain_of
from alignsym.verify.facts import holds, hypothesis
from alignsym.verify.shapes import Shape, shape

_ZERO = sp.S.Zero
FIRST = "first welfare theorem (Arrow 1951, Debreu 1951)"


def first_welfare(game: Game, regime: Regime, where: Arena) -> Verdict:
    """Whether the theorem shows that a market's equilibrium is strongly efficient.

    Arguments: `where`, the arena of the game, which exists only if payments add up.
    """
    facts = hypotheses(game, regime, where)
    verdict = weakest(d.verdict for d in facts)
    return Proved((ByTheorem(FIRST, facts),)) if is_proved(verdict) else verdict


def hypotheses(game: Game, regime: Regime, where: Arena) -> tuple[Decided, ...]:
    """The theorem's hypotheses for this equilibrium, each with its verdict."""
    region = (*game.domain(), *regime.when)
    everyone = {a.name for a in game.agents}
    persons = Proved() if set(where.persons) == everyone else Unknown("a firm is owned by others")
    # Shown again here, for the theorem says nothing of a profile that is no equilibrium.
    again = equilibrium(game, "walras", Spot(region, regime.values, regime.witness))
    best = weakest([regime.status, again])
    facts = [
        hypothesis("every agent does as well as possible, markets clear", best, region),
        hypothesis("every agent is a person", persons, region),
    ]
    for agent in game.agents:
        facts.append(
            hypothesis(
                f"nobody else's actions matter to {agent.name}",
                alone(game, agent, region),
                region,
            )
        )
    if not where.transferable:
        for agent in game.agents:
            verdict = _never_satiated(game, agent, region)
            facts.append(hypothesis(f"{agent.name} is never satiated", verdict, region))
    finite = not any(e == -sp.oo for _, e in regime.utilities)
    said = Proved() if finite else Unknown("a utility is not finite")
    return (*facts, hypothesis("utilities are finite", said, region))


def alone(game: Game, agent: Agent, region: Region) -> Verdict:
    """Neither utility nor constraints contain an action of another agent; where one does and
    matters, a point at which it does."""
    others = {a.symbol for a in game.actions} - {a.symbol for a in agent.actions}
    parts = [agent.utility, *(c.relation.gap for c in agent.constraints)]
    for other in sorted(others, key=str):
        for part in parts:
            slope = sp.diff(part, other) if part.has(other) else _ZERO
            if slope == 0 or is_identically_zero(slope):
                continue
            bounds = tuple(r for a in game.actions for r in a.interval.contains(a.symbol))
            where = (*region, *bounds, *domain_of(game.agents, ()))
            at = found_at((*where, Relation(slope, "!=", _ZERO)))
            reason = f"{agent.name} is affected by {other}"
            return Refuted(at, reason) if at else Unknown(reason)
    if any(e.free_symbols & others for e in parts):
        return Unknown(f"{agent.name} may be affected by what others do")
    return Proved() if agent.actions else Unknown(f"{agent.name} does nothing")


def found_at(region: Region) -> Point:
    """An exact point where relations hold, confirmed; () if none is found."""
    answer = search(region)
    point = tuple((s, sp.Rational(v.numerator, v.denominator)) for s, v in answer.point)
    symbols = {s for r in region for s in r.free_symbols} - {s for s, _ in point}
    table = {**dict.fromkeys(symbols, sp.S.One), **dict(point)}
    if answer.kind == "sat" and all(holds_at(r, table) for r in region):
        return tuple(sorted(table.items(), key=lambda pair: str(pair[0])))
    return ()


def _never_satiated(game: Game, agent: Agent, region: tuple[Relation, ...]) -> Verdict:
    """Some own action that is always worth more, with no end and no limit but the budget."""
    prices = {p.symbol for p in game.prices}
    limits = [c.relation for c in agent.constraints if not c.relation.free_symbols & prices]
    bounds = tuple(r for a in agent.actions for r in a.interval.contains(a.symbol))
    given = (*region, *bounds, *limits, *domain_of([agent], ()))
    for action in agent.actions:
        limited = any(action.symbol in r.free_symbols for r in limits)
        if limited or action.interval.upper != sp.oo or agent.utility.free_symbols & prices:
            continue
        slope = sp.diff(agent.utility, action.symbol)
        verdict = holds(Relation(slope, ">", _ZERO), given)
        if is_proved(verdict):
            return verdict
    at = _satiated(game, agent, given)
    if at:
        return Refuted(at, f"nothing else is better for {agent.name}, whatever it costs,")
    return Unknown(f"{agent.name} may be satiated")


def _satiated(game: Game, agent: Agent, given: Region) -> Point:
    """A point at which a concave utility is largest: no slope but downwards at lower bounds."""
    prices = {p.symbol for p in game.prices}
    makers = {m.name: m for m in decision_makers(game, "walras")}
    if agent.name not in makers or agent.utility.free_symbols & prices:
        return ()
    found = shape(makers[agent.name], (*given, *(Relation(p, ">=", _ZERO) for p in prices)))
    if not isinstance(found, Shape) or found.inner != agent.utility or found.slope is not None:
        return ()
    needed = []
    for action in agent.actions:
        slope = sp.diff(agent.utility, action.symbol)
        low = action.interval.lower
        if slope.has(sp.Derivative, sp.Heaviside, sp.sign):
            return ()
        if low.is_finite and not action.interval.open_lower:
            needed.append(Relation(slope, "<=", _ZERO))
            slope = slope * (action.symbol - low)
        needed.append(Relation(slope, "==", _ZERO))
    return found_at((*given, *needed))
