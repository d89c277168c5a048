"""Families of traders with a numeraire: its price is 1, and its market clears by Walras' law.

The economy is solved without that market; what is left to show is that demand is supply there too,
as it is where all budgets bind.
"""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from alignsym.claims import Claim, Decided, Proved, Refuted, Verdict
from alignsym.logic.crowd import Crowd, Profile
from alignsym.model.agents import Agent, Constraint
from alignsym.model.arithmetic import put_in
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region
from alignsym.solution import Regime
from alignsym.verify.facts import zero
from alignsym.verify.instances import try_instances


def at_numeraire(game: Game) -> Game:
    """The game with the numeraire's price replaced by 1 and its market left out.

    >>> from alignsym import Agents
    >>> from alignsym.model.agents import Price
    >>> from alignsym.model.relations import Relation
    >>> i, j, n = sp.symbols("i j n", positive=True, integer=True)
    >>> x, p = sp.IndexedBase("x", positive=True), sp.Symbol("p", nonnegative=True)
    >>> each = Agents(i, n, utility=sp.log(x[i]) - p*x[i], actions=x[i])
    >>> market = Price(p, Relation(sp.Sum(x[j], (j, 1, n)), "<=", sp.S.One))
    >>> game = Game(each, prices=[market], numeraire=p)
    >>> at_numeraire(game).families[0].objective, at_numeraire(game).prices
    (log(x[i]) - x[i], ())
    """
    if game.numeraire is None:
        return game
    one: dict[Expr, Expr] = {game.numeraire: sp.S.One}

    def bound(constraints: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
        return tuple(replace(c, relation=c.relation.replaced(one)) for c in constraints)

    agents = [
        Agent(
            a.name, put_in(a.objective, one), *a.actions, constraints=bound(a.constraints),
            loss=a.loss, domain=a.domain,
        )
        for a in game.agents
    ]  # fmt: skip
    families = [
        replace(
            f, constraints=bound(f.constraints),
            objective=None if f.objective is None else put_in(f.objective, one),
        )
        for f in game.families
    ]  # fmt: skip
    prices = [
        replace(p, clearing=p.clearing.replaced(one))
        for p in game.prices
        if p.symbol != game.numeraire
    ]
    return game.altered(
        agents=agents, families=families, prices=prices, shared=bound(game.shared), numeraire=None,
        expected=(), expect=None, complete=None,
    )  # fmt: skip


def with_numeraire(
    game: Game, people: Crowd, regime: Regime, profile: Profile, where: Region
) -> tuple[Regime, Decided] | str:
    """The regime of the whole economy, its own market shown to clear; a text says why not."""
    assert game.numeraire is not None
    (market,) = (p for p in game.prices if p.symbol == game.numeraire)
    gap = people.ledger.relation(market.clearing.replaced({game.numeraire: sp.S.One})).gap
    left = people.ledger.at(gap, dict(profile.values))
    verdict: Verdict = zero(left, people.facts((*people.declared, *where), left))
    said = f"the market of the numeraire {game.numeraire} clears"
    decided = Decided(Claim("clearing", 0, market.name, said, regime.when), verdict)
    if not isinstance(verdict, Proved):
        return f"{said}: not shown"
    whole = replace(regime, values=(*regime.values, (game.numeraire, sp.S.One)))
    trial = try_instances(game, "walras", whole)
    if isinstance(trial.verdict, Refuted):
        return f"a candidate was refuted: {trial.verdict.reason}"
    return whole, decided
