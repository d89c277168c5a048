"""Lump-sum transfers for any weights: the second welfare theorem, in closed form.

Of the profile x* that maximises sum w_i U_i let mu_k be the multiplier of market k and mu_0 that of
the numeraire.  At prices p_k = mu_k/mu_0 and with transfers

    T_i = what x_i* costs at p less what i has at p and x*,      sum T_i = 0,

x* is an equilibrium, if every agent's choice is then best for it (Arrow 1951; Debreu 1951, 1959).
The theorem's hypotheses, concave utilities, convex sets and an income that leaves something
cheaper, are there to show that; here it is shown agent by agent, for all weights and parameters.
With utilities linear in payments, every division of the largest sum is reached by transfers that
change no choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.alignment.arena import arena
from alignsym.alignment.decentral import Spot, equilibrium
from alignsym.alignment.efficiency import Instrument, by_cases
from alignsym.alignment.frontier import Frontier, frontier
from alignsym.alignment.instruments import utilities_at
from alignsym.alignment.profile import is_proved
from alignsym.claims import Unknown, Verdict, weakest
from alignsym.errors import UsageError
from alignsym.model.game import Agent, Constraint, Game
from alignsym.model.relations import Expr, Relation
from alignsym.solution import Regime
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Decentralised:
    """The planner's choice for the weights as an equilibrium with transfers, in one regime."""

    regime: Regime
    prices: tuple[tuple[sp.Symbol, Expr], ...]
    received: tuple[tuple[str, Expr], ...]
    game: Game
    status: Verdict


def transfers(
    game: Game, weights: Mapping[str, Expr] | None = None, *, seconds: float | None = None
) -> Instrument | None:
    """Prices and transfers that make the optimum of sum w_i U_i an equilibrium of the market.

    Arguments: `weights`, a positive expression for each person; symbols w_<agent> where none are
    given.  None where nobody has a budget, or the planner's choice is not known for all weights.

    >>> from alignsym.model.game import Agent
    >>> x1, y1, x2, y2, p = sp.symbols("x1 y1 x2 y2 p", nonnegative=True)
    >>> ann = Agent("ann", sp.log(x1) + sp.log(y1), x1, y1, constraints={"A": p*x1 + y1 <= p})
    >>> bob = Agent("bob", sp.log(x2) + sp.log(y2), x2, y2, constraints={"B": p*x2 + y2 <= 1})
    >>> found = transfers(Game(ann, bob, prices={p: x1 + x2 <= 1}))
    >>> found.values[1:]
    (('T_ann', (w_ann - w_bob)/(w_ann + w_bob)), ('T_bob', (-w_ann + w_bob)/(w_ann + w_bob)))
    """
    found = decentralised(game, weights, seconds=seconds)
    if isinstance(found, str):
        return None
    conditions = [d.regime.when for d in found]

    def joined(parts: list[Expr]) -> Expr:
        return by_cases(list(zip(parts, conditions, strict=True)))

    rates = [(str(s), joined([dict(d.prices)[s] for d in found])) for s, _ in found[0].prices]
    rates += [(f"T_{n}", joined([dict(d.received)[n] for d in found]))
              for n, _ in found[0].received]  # fmt: skip
    chosen = [a.symbol for a in game.actions]
    done = tuple((str(s), joined([dict(d.regime.values)[s] for d in found])) for s in chosen)
    net = [shortened(sp.together(sp.Add(*(-e for _, e in d.received)))) for d in found]
    after = tuple(
        (d.regime.when, utilities_at(game, {**dict(d.regime.values), **dict(d.prices)}))
        for d in found
    )
    note = "T is what is received for certain, whatever one does; w is the weight in the sum."
    return Instrument(
        "transfers", "incomes", tuple(rates), done, joined(net),
        weakest(d.status for d in found), Unknown("not asked"), note, after,
    )  # fmt: skip


def decentralised(
    game: Game, weights: Mapping[str, Expr] | None = None, *, seconds: float | None = None
) -> tuple[Decentralised, ...] | str:
    """The planner's choice by regime, with prices, transfers and the verdict; or why not."""
    where = arena(game, "walras", {p.symbol: p.symbol for p in game.prices})
    if isinstance(where, str):
        return where
    if where.transferable or where.added:
        return "where utilities are linear in payments, transfers change nothing"
    try:
        planned = frontier(game, seconds=seconds)
    except UsageError as why:
        return str(why)
    cases = planned.solution.cases
    if not cases or not all(isinstance(c, Regime) and is_proved(c.status) for c in cases):
        return "the planner's choice is not known for all weights"
    if not is_proved(planned.solution.coverage):
        return "the planner's choice is not shown to be known for all weights"
    chosen = {s: (weights or {}).get(n, s) for n, s in planned.weights}
    domain = planned.solution.game.domain()
    if not all(is_proved(holds(Relation(e, ">", _ZERO), domain)) for e in chosen.values()):
        return "the weights are not shown to be positive"
    out = []
    for regime in planned.solution.regimes:
        row = _in(game, planned, regime, chosen)
        if isinstance(row, str):
            return row
        out.append(row)
    return tuple(out)


def _in(
    game: Game, planned: Frontier, regime: Regime, weights: Mapping[sp.Symbol, Expr]
) -> Decentralised | str:
    multipliers = dict(regime.multipliers)
    names = {p.name for p in game.prices}
    money = [c.name for c in planned.arena.game.shared if c.name not in names]
    if game.numeraire is not None:
        money = [p.name for p in game.prices if p.symbol == game.numeraire]
    if any(n not in multipliers for n in (*names, *money)) or len(money) > 1:
        return "the multipliers of the markets are not known"
    unit = multipliers[money[0]] if money else sp.S.One
    if unit == 0:
        return "the numeraire is worth nothing to the planner"
    prices = {p.symbol: shortened(sp.cancel(multipliers[p.name] / unit)) for p in game.prices}
    at = {**dict(regime.values), **prices}
    received, agents = [], []
    for agent in game.agents:
        budget = [c for c in agent.constraints if c.relation.free_symbols & set(prices)]
        if len(budget) != 1:
            agents.append(agent)  # a firm, whose profit is somebody's income
            continue
        owed = _costs(budget[0]).xreplace(at)
        received.append((agent.name, shortened(sp.factor(sp.together(owed)))))
        agents.append(_given(agent, budget[0], received[-1][1]))
    if len(received) < len(planned.weights):
        return "somebody has no budget"
    weighted = planned.solution.game
    expanded = game.altered(
        agents=tuple(agents), parameters=weighted.parameters, expected=(), expect=None,
        complete=None,
    )  # fmt: skip
    spot = Spot((*weighted.domain(), *regime.when), regime.values, regime.witness)
    status = weakest([regime.status, equilibrium(expanded, "walras", spot, prices)])
    table = dict(weights)
    moved = {s: e for s, e in table.items() if s != e}
    if moved:
        regime = replace(
            regime, values=tuple((s, e.xreplace(moved)) for s, e in regime.values),
            when=tuple(r.replaced(moved) for r in regime.when),
        )  # fmt: skip
    return Decentralised(
        regime, tuple((s, e.xreplace(moved)) for s, e in prices.items()),
        tuple((n, e.xreplace(moved)) for n, e in received), expanded, status,
    )  # fmt: skip


def _costs(budget: Constraint) -> Expr:
    """What is spent beyond what is had: the transfer that makes the budget bind."""
    r = budget.relation
    return r.left - r.right if r.operator in ("<=", "==") else r.right - r.left


def _given(agent: Agent, budget: Constraint, received: Expr) -> Agent:
    """The agent with a transfer in its budget."""
    r = budget.relation
    side = (r.left, r.right + received) if r.operator in ("<=", "==") else (
        r.left + received, r.right)  # fmt: skip
    relation = Relation(side[0], r.operator, side[1])
    own = tuple(
        Constraint(c.name, relation, c.domain) if c == budget else c for c in agent.constraints
    )
    return Agent(
        agent.name, agent.objective, *agent.actions, constraints=own, loss=agent.loss,
        domain=agent.domain,
    )  # fmt: skip
