"""Is the optimum an equilibrium of an expanded game?  The claim every instrument makes.

Decided by the definition of the concept: feasible, every agent's choice is best for it, globally,
given prices and the others' choices, and markets clear; then whether nothing else is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.arena import Arena
from alignsym.alignment.profile import Profile, feasible, is_proved
from alignsym.alignment.supporting import maximal
from alignsym.claims import Point, Proved, Unknown, Verdict, weakest
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import clearing_domain, decision_makers
from alignsym.verify.equilibria import monotone_block, unique_equilibrium
from alignsym.verify.facts import holds, zero

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Spot:
    """An optimum on a region of parameters, with an exact point of it."""

    region: Region
    values: tuple[tuple[sp.Symbol, Expr], ...]
    witness: Point


def equilibrium(
    game: Game, concept: Concept, spot: Spot, prices: Mapping[sp.Symbol, Expr] | None = None
) -> Verdict:
    """Whether the values of the spot (with the prices) are an equilibrium on its whole region.

    Arguments: `prices`, the value of each listed price of a market.
    """
    values = {**dict(spot.values), **(prices or {})}
    verdicts: list[Verdict] = [Proved()]
    profile = Profile(
        Arena(game, ()), spot.region, tuple(values.items()), witnesses=(spot.witness,)
    )
    if {a.symbol for a in game.actions} - set(values):
        return Unknown("an action has no value")
    for maker in decision_makers(game, concept):
        local = maker.at(values)
        best = maximal(local, profile, spot.region).optimal
        if not is_proved(best):
            reason = getattr(best, "reason", "")
            return Unknown(f"that {maker.name} does as well as possible is not shown: {reason}")
        verdicts += [best, feasible(maker, values, spot.region)]
    for price in game.prices:
        gap = price.clearing.gap.xreplace(values)
        at = values[price.symbol]
        verdicts += [
            holds(Relation(at, ">=", _ZERO), spot.region),
            holds(price.clearing.replaced(values), spot.region),
            zero(sp.Mul(at, gap), spot.region),
        ]
        needed = dict(clearing_domain(game))[price.name]
        verdicts += [holds(r.replaced(values), spot.region) for r in needed]
    return weakest(verdicts)


def only(game: Game, concept: Concept, spot: Spot) -> Verdict:
    """Whether nothing else is an equilibrium on the region."""
    makers = decision_makers(game, concept)
    block = monotone_block(game, makers, concept, spot.region)
    return unique_equilibrium(game, makers, concept, dict(spot.values), spot.region, block)
