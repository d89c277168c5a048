"""Taxes and permits in a market, for what its prices leave external.

At the optimum of the sum of utilities before payments the price of every market is its multiplier,
and t_x = - sum_{j != i} dU_j/dx is paid beside it for every unit of i's action x (Pigou 1920).
Where these are one rate t > 0, rights to the total of the actions at the optimum are traded beside
the goods, and cost t (Dales 1968; Montgomery 1972).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.arena import Arena
from alignsym.alignment.decentral import Spot, equilibrium, only
from alignsym.alignment.efficiency import Instrument, Optimum
from alignsym.alignment.instruments import (
    Applied,
    Rates,
    marginal_damage,
    over_regimes,
    spots,
    taxing,
    unused,
    utilities_at,
)
from alignsym.claims import Proved, Unknown
from alignsym.logic.normal import is_identically_zero
from alignsym.model.game import Game, Price
from alignsym.model.relations import Expr, Relation
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class _Place:
    """The optimum in one regime: prices of the goods, and the rate on every external action."""

    spot: Spot
    prices: dict[sp.Symbol, Expr]
    rates: dict[sp.Symbol, Expr]

    @property
    def values(self) -> dict[sp.Symbol, Expr]:
        """What is done, and the prices."""
        return {**dict(self.spot.values), **self.prices}


def _places(
    game: Game, where: Arena, best: Optimum, multipliers: Sequence[Rates]
) -> list[_Place] | None:
    """The optimum by regime; None where nobody is affected by what others do, or a firm's profit
    is counted as its owners' income."""
    names = {p.name for p in game.prices}
    if set(where.persons) != {a.name for a in game.agents} or game.numeraire is not None:
        return None
    found = spots(game, best)
    if len(found) != len(multipliers) or any(names - set(t) for t in multipliers):
        return None
    damages = [marginal_damage(where.game, spot) for spot in found]
    external = {s for rates in damages for s, e in (rates or {}).items() if e != 0}
    if not external or any(rates is None for rates in damages):
        return None
    return [
        _Place(
            spot, {p.symbol: table[p.name] for p in game.prices},
            {s: e for s, e in (rates or {}).items() if s in external},
        )
        for spot, table, rates in zip(found, multipliers, damages, strict=True)
    ]  # fmt: skip


def market_pigou(
    game: Game, where: Arena, best: Optimum, multipliers: Sequence[Rates]
) -> Instrument | None:
    """Taxes beside the prices of a market, utilities linear in payments; None where nothing is
    external.

    Arguments: `where`, the market's arena; `multipliers`, of the clearing relations at the
    optimum, one table a regime.
    """
    places = _places(game, where, best, multipliers)
    if places is None:
        return None
    found = []
    for place in places:
        market = taxing(game, place.rates)
        status = equilibrium(market, "walras", place.spot, place.prices)
        there = Spot(place.spot.region, tuple(place.values.items()), place.spot.witness)
        alone = only(market, "walras", there) if isinstance(status, Proved) else Unknown("")
        paid = sp.Add(*(e * place.values[s] for s, e in place.rates.items()))
        listed = {f"t_{s}": e for s, e in place.rates.items()} | dict(_named(place))
        after = utilities_at(market, place.values)
        found.append(Applied(listed, shortened(sp.expand(paid)), status, alone, after))
    on = ", ".join(sorted(str(s) for s in places[0].rates))
    note = "A tax on each unit beside the price (a subsidy where negative), paid to nobody."
    return over_regimes("pigou", on, best, found, note)


def market_permits(
    game: Game, where: Arena, best: Optimum, multipliers: Sequence[Rates]
) -> Instrument | None:
    """Rights to the total of the external actions, traded beside the goods; None where they have
    no common rate, or one that is not shown to be positive.

    Arguments: as of `market_pigou`.
    """
    places = _places(game, where, best, multipliers)
    if places is None:
        return None
    traded = list(places[0].rates)
    owners = {a.symbol: g.name for g in game.agents for a in g.actions}
    if len({owners[s] for s in traded}) < 2:
        return None
    symbol = sp.Symbol(unused("p_rights", game), nonnegative=True)
    found = []
    for place in places:
        rate = place.rates[traded[0]]
        if not all(is_identically_zero(place.rates[s] - rate) for s in traded):
            return None
        if not isinstance(holds(Relation(rate, ">", _ZERO), place.spot.region), Proved):
            return None  # rights to do what should be encouraged are worth nothing
        cap = shortened(sp.together(sp.Add(*(place.values[s] for s in traded))))
        clearing = Price(symbol, Relation(sp.Add(*traded), "<=", cap))
        market = taxing(game, dict.fromkeys(traded, symbol), prices=(*game.prices, clearing))
        status = equilibrium(market, "walras", place.spot, {**place.prices, symbol: rate})
        listed = {"cap": cap, "price": rate} | dict(_named(place))
        after = utilities_at(game, place.values)  # handed out as they are used
        found.append(Applied(listed, _ZERO, status, Unknown("not asked"), after))
    on = " + ".join(sorted(map(str, traded)))
    note = "Rights to the cap, handed out in any way, are traded beside the goods; "
    note += "the gains are those of who gets what it uses."
    return over_regimes("permits", on, best, found, note)


def _named(place: _Place) -> Iterator[tuple[str, Expr]]:
    return ((str(s), e) for s, e in place.prices.items())
