"""What efficiency is judged on: the persons, their utilities, and what is feasible for all of them.

nash, stackelberg: all profiles that satisfy everyone's own constraints; with shared constraints
(variational, social, bargaining) these too.  walras: payments only move the numeraire about, so

    U_i = v_i(x) + p*t_i(x)     judged on v_i, the numeraire being transferable (equal weights),
                                to those too who only watch and pay nothing at these prices;
    budgets B_i(x, p) <= 0      judged on U_i(x); what prices say of feasibility are the clearing
                                relations, and for the numeraire the sum of the budgets:
                                sum B_i = sum p_k z_k(x) + z_0(x) + c(p),  z_0(x) + c(p*) <= 0

(Walras' law; z_k is the excess demand of market k, c(p) what is paid to nobody in the game).  A
firm whose profit is other agents' income is theirs, and no person of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import sympy as sp

from alignsym.logic.normal import is_identically_zero
from alignsym.model.domains import natural_domain
from alignsym.model.game import Action, Agent, Concept, Constraint, Game
from alignsym.model.relations import Expr, Interval, Relation
from alignsym.verify.decision import DecisionMaker, at_fixed_prices, domain_of

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Arena:
    """Persons and feasible profiles as a game for the concept `social`.

    `transferable`: utilities are in units of a numeraire that can be paid, so that the sum of
    utilities is what counts.  `added`: for mixed economies, the numeraire each quasi-linear person
    ends with, as a new action, and its value at given prices and actions.
    """

    game: Game
    persons: tuple[str, ...]
    transferable: bool = False
    added: tuple[tuple[sp.Symbol, Expr], ...] = ()

    def utility(self, name: str) -> Expr:
        """The utility a person is judged by."""
        return self.game.agent(name).utility

    def planner(self, weights: Mapping[str, Expr], silent: frozenset[str]) -> DecisionMaker:
        """Maximises sum w_i U_i over the feasible profiles.

        `silent` persons have utility -oo at the profile in question: they have no weight (0 * -oo
        := 0), and profiles at the edge of their domain are feasible too.
        """
        game = self.game
        heard = [n for n in self.persons if n not in silent]
        objective = sp.Add(*(weights[n] * self.utility(n) for n in heard))
        strict = [a for a in game.agents if a.name not in silent]
        edge = domain_of([a for a in game.agents if a.name in silent], ())
        domain = (*domain_of(strict, game.constraints), *(r.relaxed() for r in edge))
        return DecisionMaker(
            "planner", objective, game.actions, game.constraints, tuple(dict.fromkeys(domain))
        )


def arena(game: Game, concept: Concept, values: Mapping[sp.Symbol, Expr]) -> Arena | str:
    """The arena of a game's profile, or why there is none.

    `values`: the profile, prices included; only the prices matter, for payments to outsiders.

    >>> x, y, p, q = sp.symbols("x y p q", nonnegative=True)
    >>> alpha, beta = Agent("alpha", sp.log(x) - p*x, x), Agent("beta", sp.log(y) - p*y, y)
    >>> market = Game(alpha, beta, prices={p: x + y <= q})
    >>> judged = arena(market, "walras", {p: 2/q})
    >>> [judged.utility(n) for n in judged.persons], judged.transferable
    ([log(x), log(y)], True)
    """
    if game.families:
        return "families of agents are judged by their sums only"
    if concept == "walras":
        return _market(at_fixed_prices(game), values)
    agents = tuple(_judged(a, a.utility) for a in game.agents)
    judged = game.altered(agents=agents, concept="social", weights=(), **_NEUTRAL)
    return Arena(judged, tuple(a.name for a in agents))


_NEUTRAL: dict[str, object] = {
    "prices": (), "numeraire": None, "disagreement": (), "expected": (), "expect": None,
    "complete": None,
}  # fmt: skip


def _judged(
    agent: Agent, utility: Expr, constraints: tuple[Constraint, ...] | None = None
) -> Agent:
    """The agent with the utility it is judged by; where the original is defined is kept."""
    own = agent.constraints if constraints is None else constraints
    domain = tuple(dict.fromkeys((*natural_domain(agent.objective), *agent.domain)))
    return Agent(agent.name, utility, *agent.actions, constraints=own, domain=domain)


@dataclass(frozen=True, slots=True)
class _Payments:
    """Where prices enter: a budget constraint of an agent, or a payment in its utility."""

    prices: tuple[sp.Symbol, ...]
    budgets: dict[str, Constraint]
    paying: dict[str, Expr]


def _market(game: Game, values: Mapping[sp.Symbol, Expr]) -> Arena | str:
    one = {} if game.numeraire is None else {game.numeraire: sp.S.One}
    prices = tuple(p.symbol for p in game.prices if p.symbol not in one)
    payments = _payments(game, prices)
    if isinstance(payments, str):
        return payments
    found = next(_balanced(game, payments, one), None)
    if found is None:
        return "the payments of the agents do not add up to those of the markets"
    owned, residual = found
    persons = tuple(a.name for a in game.agents if a.name not in owned)
    money = _without(residual, prices)  # z_0(x)
    outside = sp.expand(residual - money).xreplace(dict(values))  # c(p*)
    # Where somebody's budget bounds it, the numeraire is not just a unit of account.
    limited = bool(payments.budgets)
    agents, added = [], []
    taken = {str(a.symbol) for a in game.actions} | {str(p.symbol) for p in game.parameters}
    for agent in game.agents:
        utility = _without(agent.utility, prices) if agent.name in persons else _ZERO
        own = tuple(c for c in agent.constraints if c != payments.budgets.get(agent.name))
        judged = _judged(agent, utility, own)
        if limited and agent.name in persons and agent.name in payments.paying:
            # Its money is an action of its own, which the arena values with its utility.
            kept = sp.Symbol(_fresh(f"m_{agent.name}", taken), real=True)
            added.append((kept, -payments.paying[agent.name]))
            money = money + kept
            actions = (*agent.actions, Action(kept, Interval.real()))
            judged = Agent(
                agent.name, utility + kept, *actions, constraints=own, domain=judged.domain
            )
        agents.append(judged)
    shared = [Constraint(p.name, p.clearing.replaced(one), p.domain) for p in game.prices]
    if limited and money.free_symbols & {a.symbol for g in agents for a in g.actions}:
        name = _fresh("numeraire", {c.name for c in game.constraints} | {c.name for c in shared})
        shared.append(Constraint(name, Relation(sp.expand(money + outside), "<=", _ZERO)))
    judged_game = game.altered(
        agents=tuple(agents), shared=shared, concept="social", weights=(), **_NEUTRAL
    )
    return Arena(judged_game, persons, not limited, tuple(added))


def _payments(game: Game, prices: tuple[sp.Symbol, ...]) -> _Payments | str:
    budgets: dict[str, Constraint] = {}
    paying: dict[str, Expr] = {}
    for agent in game.agents:
        priced = [c for c in agent.constraints if _has(c.relation.gap, prices)]
        if len(priced) > 1 or (priced and _has(agent.utility, prices)):
            return f"prices occur in more than one place of {agent.name}'s problem"
        if priced and priced[0].relation.operator not in ("<=", ">=", "=="):
            return f"{priced[0].name} is no budget"
        where = (*natural_domain(agent.objective), *agent.domain)
        if any(_has(r.gap, prices) for r in where):
            return f"where {agent.name}'s utility is defined depends on prices"
        paid = priced[0].relation.gap if priced else agent.utility
        if not all(is_identically_zero(sp.diff(paid, p, r)) for p in prices for r in prices):
            return f"{agent.name}'s payments are not linear in the prices"
        if priced:
            budgets[agent.name] = priced[0]
        elif _has(agent.utility, prices):
            paying[agent.name] = sp.expand(_without(agent.utility, prices) - agent.utility)
    return _Payments(prices, budgets, paying)


def _balanced(
    game: Game, payments: _Payments, one: Mapping[sp.Symbol, Expr]
) -> Iterator[tuple[frozenset[str], Expr]]:
    """Owned firms, fewest first, and z_0(x) + c(p): what the budgets of the others add up to beyond
    the value of excess demand.
    """
    excess = sp.Add(*(-p.symbol.xreplace(dict(one)) * p.clearing.gap for p in game.prices))
    actions = {a.symbol for a in game.actions}
    firms = [n for n in payments.paying if game.agent(n).actions]
    for size in range(len(firms) + 1):
        for owned in combinations(firms, size):
            if len(owned) == len(payments.paying) and not payments.budgets:
                continue  # nobody would be left to own them
            spent = [-c.relation.gap for c in payments.budgets.values()]
            spent += [e for n, e in payments.paying.items() if n not in owned]
            residual = sp.expand(sp.Add(*spent) - excess)
            slopes = [sp.expand(sp.diff(residual, p)) for p in payments.prices]
            if any(slope.free_symbols & actions for slope in slopes):
                continue
            if all(_distributed(game, payments, owned, firm) for firm in owned):
                yield frozenset(owned), residual


def _distributed(game: Game, payments: _Payments, owned: tuple[str, ...], firm: str) -> bool:
    """Whether the firm's profit is somebody's income: the persons' incomes move with its actions
    exactly as all owned firms' profits do."""
    profits = sp.Add(*(game.agent(n).utility for n in owned))
    incomes = sp.Add(
        *(c.relation.gap for n, c in payments.budgets.items() if n not in owned),
        *(game.agent(n).utility for n in payments.paying if n not in owned),
    )
    own = [a.symbol for a in game.agent(firm).actions]
    return all(is_identically_zero(sp.diff(incomes - profits, x)) for x in own)


def _without(e: Expr, prices: tuple[sp.Symbol, ...]) -> Expr:
    """An expression linear in the prices at prices of zero."""
    return sp.Add(*(t for t in sp.Add.make_args(_open(e, prices)) if not _has(t, prices)))


def _open(e: Expr, prices: tuple[sp.Symbol, ...]) -> Expr:
    """Terms with prices multiplied out, the others as written."""
    out = []
    for term in sp.Add.make_args(e):
        out.append(sp.expand(term) if _has(term, prices) else term)
    return sp.Add(*out)


def _has(e: Expr, symbols: tuple[sp.Symbol, ...]) -> bool:
    return bool(e.free_symbols & set(symbols))


def _fresh(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
