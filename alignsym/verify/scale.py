"""Prices that matter only up to scale: an equilibrium at p is one at t*p for every t > 0.

Utilities without prices, constraints with gap(t*p) = t*gap(p), markets without prices: the choices
open to everybody are the same at p and at t*p.  So are those of an agent whose utility is linear in
prices, U(t*p) = t*U(p), as a profit is.
"""

from __future__ import annotations

import sympy as sp

from alignsym.claims import Decided, Proved, Unknown, Verdict, weakest
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Continuum, Regime
from alignsym.verify.decision import decision_makers
from alignsym.verify.facts import hypothesis, zero
from alignsym.verify.substitutes import consumer, one_equilibrium

_ZERO = sp.S.Zero


def homogeneous(game: Game) -> tuple[Decided, ...]:
    """What must hold for prices to matter up to scale only, each with its verdict."""
    t = sp.Dummy("t", positive=True)
    symbols = {p.symbol for p in game.prices}
    table = {s: t * s for s in symbols}
    region: Region = tuple(Relation(s, ">=", _ZERO) for s in symbols)
    facts = []

    def linear(what: str, e: Expr) -> None:
        verdict = zero(e.xreplace(table) - t * e, region)
        facts.append(hypothesis(f"{what} is homogeneous in prices", verdict, region))

    for agent in game.agents:
        if agent.utility.free_symbols & symbols:
            linear(f"the utility of {agent.name}", agent.utility)
        for c in agent.constraints:
            if c.relation.free_symbols & symbols:
                linear(c.name, c.relation.gap)
    for price in game.prices:
        apart = not price.clearing.free_symbols & symbols
        verdict: Verdict = Proved() if apart else Unknown("a market moves with prices")
        facts.append(hypothesis(f"the market of {price.name} has no price in it", verdict, region))
    return tuple(facts)


def matters_up_to_scale(game: Game) -> bool:
    """Whether no numeraire is given and every price may be multiplied by the same number."""
    if game.numeraire is not None or not game.prices or game.shared or game.families:
        return False
    return isinstance(weakest(d.verdict for d in homogeneous(game)), Proved)


def ray(game: Game, regime: Regime, numeraire: sp.Symbol) -> Continuum:
    """The regime at numeraire 1 as the ray of its multiples; shadow prices move along it.

    Nothing else is a solution if nothing else is at numeraire 1, and no equilibrium has a numeraire
    that is free: shown where every listed price could be the numeraire.
    """
    prices = {p.symbol for p in game.prices}
    values = tuple(
        (s, numeraire * e if s in prices else e) for s, e in regime.values if s != numeraire
    )
    exhaustive: Verdict = weakest([regime.exhaustive, *never_free(game, numeraire, regime.when)])
    return Continuum(
        when=regime.when,
        relations=(Relation(numeraire, ">", _ZERO),),
        values=values,
        witness=regime.witness,
        status=regime.status,
        exhaustive=exhaustive,
    )


def never_free(game: Game, numeraire: sp.Symbol, when: Region) -> list[Verdict]:
    """For every other price as numeraire: no price is zero in an equilibrium where it is not.

    Of a price that is the only one somebody must want ever more.
    """
    region = (*game.domain(), *when)
    out = []
    for other in (p.symbol for p in game.prices if p.symbol != numeraire):
        fixed = game.altered(numeraire=other)
        out.append(one_equilibrium(fixed, decision_makers(fixed, "walras"), region))
    return out or [_wanted(game.altered(numeraire=numeraire), region)]


def _wanted(fixed: Game, region: Region) -> Verdict:
    """Whether somebody's utility increases without end in goods that cost nothing at price zero."""
    moving = {a.symbol for a in fixed.actions} | {p.symbol for p in fixed.prices}
    for maker in decision_makers(fixed, "walras"):
        facts: list[Decided] = []
        if not isinstance(consumer(maker, [], moving, region, facts), Unknown):
            verdict = weakest(d.verdict for d in facts)
            if isinstance(verdict, Proved):
                return verdict
    return Unknown("an equilibrium in which the only price is zero is not excluded")
