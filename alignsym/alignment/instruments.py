"""Prices, taxes and permits under which selfish choices make the aggregate optimum an equilibrium.

price    a shared constraint g_1(x_1) + ... <= b gets a price p, its multiplier at the optimum
         (the essay's third agent; Kelly 1997);
pigou    a tax t_x = - sum_{j != i} dU_j/dx at the optimum on every unit of agent i's action x
         (Pigou 1920), a subsidy where negative;
permits  where these taxes are one rate t >= 0: tradable rights to the total of the actions at the
         optimum, which then cost t (Dales 1968; Montgomery 1972).

Utilities are taken to be in units of the numeraire in which is paid.  What is claimed of each, and
proved or not: the optimum of the sum of utilities is an equilibrium of the expanded game, for all
parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.decentral import Spot, equilibrium, only
from alignsym.alignment.efficiency import Instrument, Named, Optimum, by_cases
from alignsym.alignment.profile import INFINITE
from alignsym.claims import Proved, Unknown, Verdict, weakest
from alignsym.errors import UsageError
from alignsym.logic.normal import is_identically_zero
from alignsym.model.game import Agent, Game, Price
from alignsym.model.pricing import priced
from alignsym.model.relations import Expr, Relation
from alignsym.solving.neat import shortened
from alignsym.solving.regimes import witness_of
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero
Rates = dict[str, Expr]


def spots(game: Game, best: Optimum) -> list[Spot]:
    """The optimum's regimes, each with an exact point."""
    out = []
    for when, values, _ in best.cases:  # one optimum where there are several
        out.append(Spot((*game.domain(), *when), values, witness_of(game, when)))
    return out


@dataclass(frozen=True, slots=True)
class Applied:
    """An instrument in one regime of the optimum: rates, net revenue, verdicts, utilities."""

    rates: Rates
    budget: Expr
    status: Verdict
    unique: Verdict
    after: Named


def utilities_at(
    game: Game, values: Mapping[sp.Symbol, Expr], received: Mapping[str, Expr] | None = None
) -> Named:
    """Everybody's utility in an expanded game at its equilibrium, payments included.

    Arguments: `received`, what is paid to an agent beyond what its utility says.
    """
    more = received or {}
    return tuple(
        (a.name, shortened(a.utility.xreplace(dict(values)) + more.get(a.name, _ZERO)))
        for a in game.agents
    )


def over_regimes(
    kind: str, on: str, best: Optimum, found: Sequence[Applied], note: str
) -> Instrument:
    """One instrument out of its rates, budget and verdicts in every regime of the optimum."""
    conditions = [when for when, _, _ in best.cases]
    names = list(found[0].rates)
    values = tuple(
        (n, by_cases(list(zip([r.rates[n] for r in found], conditions, strict=True))))
        for n in names
    )
    actions = [s for s, _ in best.cases[0][1]]
    done = tuple(
        (str(s), by_cases([(dict(v)[s], when) for when, v, _ in best.cases])) for s in actions
    )
    budget = by_cases(list(zip([r.budget for r in found], conditions, strict=True)))
    status = weakest([best.status, *(r.status for r in found)])
    unique = weakest(r.unique for r in found)
    after = tuple((when, r.after) for when, r in zip(conditions, found, strict=True))
    return Instrument(kind, on, values, done, budget, status, unique, note, after)


# ------------------------------------------------------------------ taxes
def pigou(game: Game, best: Optimum) -> Instrument | None:
    """A tax on every unit of every action that others mind or like; None where there is none."""
    rows, taxed = [], set()
    for spot in spots(game, best):
        rates = marginal_damage(game, spot)
        if rates is None:
            return None
        rows.append((spot, rates))
        taxed |= {s for s, e in rates.items() if e != 0}
    if not taxed:
        return None
    found = []
    for spot, rates in rows:
        kept = {s: e for s, e in rates.items() if s in taxed}
        expanded = taxing(game, kept)
        status = equilibrium(expanded, "nash", spot)
        unique = only(expanded, "nash", spot) if isinstance(status, Proved) else Unknown("")
        values = dict(spot.values)
        revenue = shortened(sp.expand(sp.Add(*(e * values[s] for s, e in kept.items()))))
        after = utilities_at(expanded, values)
        found.append(
            Applied({f"t_{s}": e for s, e in kept.items()}, revenue, status, unique, after)
        )
    on = ", ".join(sorted(str(s) for s in taxed))
    note = "A tax on each unit (a subsidy where negative), paid to nobody in the game."
    return over_regimes("pigou", on, best, found, note)


def marginal_damage(game: Game, spot: Spot) -> dict[sp.Symbol, Expr] | None:
    """t_x = - sum_{j != i} dU_j/dx at the spot for every action x of i; None if not finite."""
    values = dict(spot.values)
    rates = {}
    for agent in game.agents:
        for action in agent.actions:
            others = (a.utility for a in game.agents if a.name != agent.name)
            slope = sp.Add(*(sp.diff(u, action.symbol) for u in others))
            at = shortened(-slope.xreplace(values))
            if at.has(*INFINITE, sp.Derivative, sp.Heaviside, sp.I):
                return None
            rates[action.symbol] = at
    return rates


def taxing(game: Game, rates: Mapping[sp.Symbol, Expr], **changes: object) -> Game:
    """The game in which every agent pays its rates for its own actions, with further changes.

    >>> x, y = sp.symbols("x y", nonnegative=True)
    >>> game = Game(Agent("a", x - x**2/2 - y, x), Agent("b", y - y**2/2 - x, y))
    >>> [a.utility for a in taxing(game, {x: sp.S.One, y: sp.S.One}).agents]
    [-x**2/2 - y, -x - y**2/2]
    """
    agents = []
    for agent in game.agents:
        bill = sp.Add(*(rates.get(a.symbol, _ZERO) * a.symbol for a in agent.actions))
        agents.append(_paying(agent, bill))
    changes = {"expected": (), "expect": None, "complete": None, **changes}
    return game.altered(agents=tuple(agents), **changes)


def _paying(agent: Agent, bill: Expr) -> Agent:
    utility = agent.objective + bill if agent.loss else agent.objective - bill
    return Agent(
        agent.name, utility, *agent.actions, constraints=agent.constraints, loss=agent.loss,
        domain=agent.domain,
    )  # fmt: skip


# ------------------------------------------------------------------ permits
def permits(game: Game, best: Optimum) -> Instrument | None:
    """Tradable rights to the sum of the taxed actions; None where they have no common rate."""
    rows = []
    for spot in spots(game, best):
        rates = marginal_damage(game, spot)
        if rates is None:
            return None
        rows.append((spot, rates))
    taxed = [s for s in rows[0][1] if any(not is_identically_zero(r[s]) for _, r in rows)]
    owners = {a.symbol: g.name for g in game.agents for a in g.actions}
    if len({owners[s] for s in taxed}) < 2:
        return None
    found = []
    for spot, rates in rows:
        rate = rates[taxed[0]]
        if not all(is_identically_zero(rates[s] - rate) for s in taxed):
            return None
        values = dict(spot.values)
        cap = shortened(sp.together(sp.Add(*(values[s] for s in taxed))))
        symbol = sp.Symbol(unused("p", game), nonnegative=True)
        clearing = Price(symbol, Relation(sp.Add(*taxed), "<=", cap))
        market = taxing(game, dict.fromkeys(taxed, symbol), prices=(clearing,), concept="walras")
        status = equilibrium(market, "walras", spot, {symbol: rate})
        if not isinstance(holds(Relation(rate, ">", _ZERO), spot.region), Proved):
            return None  # rights to do what should be encouraged are worth nothing
        rights = utilities_at(game, values)  # handed out as they are used
        rows_ = {"cap": cap, "price": rate}
        found.append(Applied(rows_, _ZERO, status, Unknown("not asked"), rights))
    on = " + ".join(sorted(str(s) for s in taxed))
    note = "Rights to the cap, handed out in any way, are traded among the agents; "
    note += "the gains are those of who gets what it uses."
    return over_regimes("permits", on, best, found, note)


def unused(name: str, game: Game) -> str:
    taken = {str(a.symbol) for a in game.actions} | {str(p.symbol) for p in game.parameters}
    while name in taken:
        name += "_"
    return name


# ------------------------------------------------------------------ prices
def price(game: Game, best: Optimum, multipliers: Sequence[Rates]) -> Instrument | None:
    """A price for every shared constraint, and taxes on what the price leaves external.

    Arguments: `multipliers`, of the shared constraints at the optimum, one table a regime.
    """
    labels = {c.name: unused(f"p_{c.name}", game) for c in game.shared}
    if not labels:
        return None
    try:
        market = priced(game, **labels)
    except UsageError:
        return None  # a constraint that is no sum of parts of single agents has no price
    by_label = {p.name: p.symbol for p in market.prices}
    places = spots(game, best)
    if len(places) != len(multipliers) or any(n not in t for t in multipliers for n in labels):
        return None
    damages = [marginal_damage(game, spot) for spot in places]
    external = {s for rates in damages if rates for s, e in rates.items() if e != 0}
    for taxed in (False, True):
        found = []
        if taxed and (not external or any(rates is None for rates in damages)):
            return None
        for spot, table, rates in zip(places, multipliers, damages, strict=True):
            kept = {s: e for s, e in (rates or {}).items() if taxed and s in external}
            prices = {by_label[labels[n]]: table[n] for n in labels}
            status = equilibrium(taxing(market, kept), "walras", spot, prices)
            values = dict(spot.values)
            paid = [
                -sp.diff(a.utility, s).xreplace(values) * s.xreplace(prices)
                for a in market.agents
                for s in prices
            ]
            paid += [e * values[s] for s, e in kept.items()]
            listed = {f"{labels[n]}": table[n] for n in labels}
            listed |= {f"t_{s}": e for s, e in kept.items()}
            whole = sp.Add(*paid)
            revenue = min((shortened(whole), shortened(sp.expand(whole))), key=sp.count_ops)
            there = Spot(spot.region, (*spot.values, *prices.items()), spot.witness)
            proved = isinstance(status, Proved)
            alone = only(taxing(market, kept), "walras", there) if proved else Unknown("")
            after = utilities_at(taxing(market, kept), dict(there.values))
            found.append(Applied(listed, revenue, status, alone, after))
        on = ", ".join(labels)
        note = "Everyone pays for its own part of what is shared; the revenue goes to nobody."
        kind = "price and pigou" if taxed else "price"
        if all(isinstance(row.status, Proved) for row in found) or taxed:
            return over_regimes(kind, on, best, found, note)
    return None


def in_order(
    makers: Iterable[Callable[[], Instrument | None]],
) -> tuple[Instrument, ...]:
    """What fits, the proved ones first, then those with the fewest rates."""
    found = [i for make in makers if (i := make()) is not None]
    return tuple(
        sorted(found, key=lambda i: (not isinstance(i.status, Proved), len(i.values), i.kind))
    )
