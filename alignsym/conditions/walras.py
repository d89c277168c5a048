"""`walras`: every agent maximises at given prices; for every listed price

    0 <= p  _|_  supply - demand >= 0.

A price given as numeraire is fixed to 1 and its clearing condition, redundant by Walras' law, is
left to verification.
"""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from alignsym.conditions.kkt import Multiplied
from alignsym.conditions.nash import agents_system
from alignsym.conditions.system import Equation, Origin, Pair, System
from alignsym.model.domains import natural_domain
from alignsym.model.game import Game


def walras(game: Game) -> System:
    """All agents' conditions at given prices, and a complementary pair for every price."""
    system = agents_system(game, Multiplied((), (), ()))
    pairs = []
    for price in game.prices:
        if price.symbol == game.numeraire:
            continue
        origin = Origin("clearing", "market", price.name)
        pairs.append(Pair(price.symbol, price.clearing.gap, origin))
    # A market clears only where both sides of its relation are defined.
    written = [
        (*natural_domain(p.clearing.left), *natural_domain(p.clearing.right), *p.domain)
        for p in game.prices
    ]
    domain = tuple(dict.fromkeys((*system.domain, *(r for part in written for r in part))))
    system = replace(system, pairs=system.pairs + tuple(pairs), domain=domain)
    return at_numeraire(system, game.numeraire) if game.numeraire is not None else system


def at_numeraire(system: System, numeraire: sp.Symbol) -> System:
    """The system with the numeraire's price replaced by 1."""
    one = {numeraire: sp.S.One}

    def equation(e: Equation) -> Equation:
        return replace(e, expression=e.expression.xreplace(one))

    return replace(
        system,
        equations=tuple(map(equation, system.equations)),
        pairs=tuple(
            replace(p, slack=p.slack.xreplace(one), scale=p.scale.xreplace(one))
            for p in system.pairs
        ),
        free=tuple(replace(f, scale=f.scale.xreplace(one)) for f in system.free),
        domain=tuple(r.replaced(one) for r in system.domain),
    )
