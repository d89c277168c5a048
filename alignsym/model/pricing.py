"""Prices for shared constraints: the expanded game in which every agent pays for its own part.

A shared constraint `g_1(x_1) + ... + g_n(x_n) <= b` becomes a price p >= 0 with that relation to
clear, and agent i's utility becomes `U_i - p*g_i(x_i)`.  The split is possible only where every
term belongs to one agent; what belongs to none is the supply.  Nothing says who receives the
payments: as in the price-taking reading, they leave the game.
"""

from __future__ import annotations

import sympy as sp

from alignsym.errors import UsageError
from alignsym.model.game import Agent, Constraint, Game, Price
from alignsym.model.relations import Expr, Relation


def priced(game: Game, **prices: str) -> Game:
    """The game with the named shared constraints replaced by prices: `priced(game, G="p")`.

    The concept of the result is `walras`; expected answers are dropped, for it is another game.

    Arguments: `prices`, constraint name = name of the new price symbol (nonnegative).
    Raises UsageError for a name that is no shared constraint, a relation that no price can clear,
    and a term that mixes the actions of two agents.

    >>> x, y, q = sp.symbols("x y q", positive=True)
    >>> alpha, beta = Agent("alpha", sp.log(x), x), Agent("beta", sp.log(y), y)
    >>> market = priced(Game(alpha, beta, shared={"G": x + y <= q}), G="p")
    >>> print(market.agents[0].utility, "|", market.prices[0].clearing)
    -p*x + log(x) | x + y <= q
    """
    if not prices:
        names = _listed(game)
        raise UsageError("no constraint to price", where="priced", remedy=f'as G="p"; {names}')
    shared = {c.name: c for c in game.shared}
    for name in prices:
        if name not in shared:
            raise UsageError(
                f"{name!r} is no shared constraint", where="priced", remedy=_listed(game)
            )
    agents = game.agents
    new = []
    for name, label in prices.items():
        symbol = sp.Symbol(_identifier(label, name), nonnegative=True)
        clearing = _clearing(shared[name])
        demands = _split(game, Constraint(name, clearing))
        agents = tuple(_charged(a, symbol * demands.get(a.name, sp.S.Zero)) for a in agents)
        new.append(Price(symbol, clearing))
    return game.altered(
        agents=agents,
        shared=[c for c in game.shared if c.name not in prices],
        prices=(*game.prices, *new),
        concept="walras",
        expected=(), expect=None, complete=None, id="",
    )  # fmt: skip


def _identifier(label: object, name: str) -> str:
    if isinstance(label, str) and label.isidentifier():
        return label
    raise UsageError(f"{label!r} is no name for a price", where=f"priced, {name}", remedy='as "p"')


def _listed(game: Game) -> str:
    return "shared constraints: " + (", ".join(c.name for c in game.shared) or "none")


def _clearing(constraint: Constraint) -> Relation:
    """The constraint as demand <= supply."""
    relation = constraint.relation
    if relation.operator == "<=":
        return relation
    if relation.operator == ">=":
        return Relation(relation.right, "<=", relation.left)
    raise UsageError(
        f"no price p >= 0 clears {relation}",
        where=f"priced, {constraint.name}",
        remedy="a price clears demand <= supply: write the constraint with <=",
    )


def _split(game: Game, constraint: Constraint) -> dict[str, Expr]:
    """Every agent's own part of demand: minus its terms of the gap."""
    owner = {a.symbol: agent.name for agent in game.agents for a in agent.actions}
    families = {a.symbol for f in game.families for a in f.actions}
    where = f"priced, {constraint.name}"
    demands: dict[str, Expr] = {}
    for term in _terms(constraint.relation.gap, owner):
        if families & term.free_symbols or (families and term.has(sp.Sum, sp.Indexed)):
            raise UsageError(
                f"{term} belongs to a family of agents", where=where,
                remedy="write the price into the family's utility and under [prices]",
            )  # fmt: skip
        owners = sorted(_owners(term, owner))
        if len(owners) > 1:
            raise UsageError(
                f"the term {-term} mixes the actions of {' and '.join(owners)}", where=where,
                remedy="a price needs a sum of terms, each of one agent",
            )  # fmt: skip
        if owners:
            demands[owners[0]] = demands.get(owners[0], sp.S.Zero) - term
    if not demands:
        raise UsageError("no agent's action occurs in it", where=where, remedy="nobody would pay")
    return demands


def _terms(gap: Expr, owner: dict[Expr, str]) -> tuple[Expr, ...]:
    """The summands of the gap; multiplied out only if some summand mixes agents as written."""
    terms = sp.Add.make_args(gap)
    if all(len(_owners(term, owner)) <= 1 for term in terms):
        return terms
    return sp.Add.make_args(sp.expand(gap))


def _owners(term: Expr, owner: dict[Expr, str]) -> set[str]:
    return {owner[s] for s in term.free_symbols if s in owner}


def _charged(agent: Agent, payment: Expr) -> Agent:
    if payment == 0:
        return agent
    objective = agent.objective + payment if agent.loss else agent.objective - payment
    return agent.altered(objective=objective)
