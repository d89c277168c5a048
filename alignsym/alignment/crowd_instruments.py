"""Prices, taxes and permits that align n agents, n a symbol, proved for a generic member.

At the optimum of W = sum of all utilities, for the generic member's action x[i],

    t[i] = - (dW/dx[i] - dU_i/dx[i]) = - sum_{j != i} dU_j/dx[i]      (Pigou 1920)

and the price of what is shared is its multiplier.  That the optimum is an equilibrium of the game
with these payments, and the only one, is decided as every answer for n members is: for one member
whose data are only known by their declared signs, for every n.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.alignment.crowd_optimum import is_among, meetings
from alignsym.alignment.efficiency import Gains, Instrument, Optimum, Willing
from alignsym.alignment.instruments import Applied, over_regimes, unused
from alignsym.alignment.participation import gains_of, sign_of
from alignsym.alignment.profile import INFINITE, is_proved
from alignsym.answer import solve
from alignsym.claims import Unknown, Verdict
from alignsym.families import answered
from alignsym.logic.crowd import Profile, crowd
from alignsym.logic.sums import NotSummableError
from alignsym.model.agents import Family
from alignsym.model.game import Agent, Concept, Game, Price
from alignsym.model.relations import Expr, Relation
from alignsym.solution import Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero
Rates = dict[sp.Symbol, Expr]


@dataclass(frozen=True, slots=True)
class _Stage:
    """The game as played, the one whose sum counts, and the optimum's regimes."""

    game: Game
    whole: Game
    best: Optimum
    regimes: tuple[Regime, ...]
    seconds: float | None


def crowd_instruments(
    solution: Solution,
    best: Optimum,
    found: Solution,
    *,
    efficient: bool,
    seconds: float | None = None,
) -> tuple[Instrument, ...]:
    """The instruments that fit, with what everybody gains by them.

    Arguments: `found`, the solution that the optimum is from; `efficient`, whether the equilibrium
    is the optimum already; `seconds`, for each expanded game that has to be solved.
    """
    whole = found.game
    stage = _Stage(solution.game, whole, best, found.regimes, seconds)
    if solution.concept not in ("nash", "variational", "walras"):
        return ()
    if efficient and not solution.game.shared:
        return ()
    made: list[Instrument] = []
    try:
        rates = [_damage(whole, r) for r in stage.regimes]
        if any(r is None for r in rates):
            return ()
        listed = [r for r in rates if r is not None]
        made += [i for i in (_taxed(stage, listed), _capped(stage, listed)) if i is not None]
        return tuple(_joined(solution, i) for i in made)
    except NotSummableError:
        return ()


def _damage(whole: Game, regime: Regime) -> Rates | None:
    """t[i] at the optimum for every action, over plain symbols; None where one is not finite."""
    people = crowd(whole)
    ledger = people.ledger
    values = {ledger.scalar(s): ledger.scalar(e) for s, e in regime.values}
    total = people.aggregate({r.name: r.utility for r in people.roles})
    out = {}
    for role in people.roles:
        for action in role.actions:
            both = (ledger.derivative(e, action.symbol) for e in (role.utility, total))
            rate = shortened(ledger.at(next(both) - next(both), values))
            if rate.has(*INFINITE, sp.Derivative, sp.Heaviside, sp.I):
                return None
            out[ledger.indexed(action.symbol)] = ledger.indexed(rate)
    return out


def _taxed(stage: _Stage, rates: Sequence[Rates]) -> Instrument | None:
    """A tax on every unit that others mind or like, beside a price for all that is shared."""
    external = [s for s in rates[0] if any(r[s] != 0 for r in rates)]
    names = [c.name for c in stage.game.shared]
    if not external and not names:
        return None
    concept: Concept = "walras" if names or stage.game.prices else "nash"
    found = []
    for regime, table in zip(stage.regimes, rates, strict=True):
        kept = {s: table[s] for s in external}
        paid = _paying(stage.game, kept)
        if paid is None:
            return None
        expanded, added = paid
        prices = {s: dict(regime.multipliers)[n] for s, n in added.items()}
        said = equilibrium_of(expanded, concept, regime, prices, stage.seconds)
        listed = {str(s): e for s, e in prices.items()} | {f"t_{s}": e for s, e in kept.items()}
        found.append(_applied(expanded, said, regime, listed, kept, prices))
    kind = "price and pigou" if names and external else "price" if names else "pigou"
    on = ", ".join([*names, *map(str, external)])
    note = "A tax on each unit (a subsidy where negative), paid to nobody in the game."
    if names:
        note = "Everyone pays for its own part of what is shared; the revenue goes to nobody."
    return over_regimes(kind, on, stage.best, found, note)


def _capped(stage: _Stage, rates: Sequence[Rates]) -> Instrument | None:
    """Rights to the total of the one action that others mind, traded among all."""
    families = [f for f in stage.game.families if f.actions]
    external = [s for s in rates[0] if any(r[s] != 0 for r in rates)]
    if len(families) != 1 or len(external) != 1 or stage.game.shared or stage.game.prices:
        return None
    (family,), (action,) = families, external
    if not isinstance(action, sp.Indexed) or any(r[action].has(sp.Indexed) for r in rates):
        return None
    symbol = sp.Symbol(unused("p", stage.game), nonnegative=True)
    found = []
    for regime, table in zip(stage.regimes, rates, strict=True):
        people = crowd(stage.whole)
        ledger = people.ledger
        level = ledger.scalar(dict(regime.values)[action])
        cap = ledger.indexed(shortened(ledger.total(family.index, level)))
        bound = sp.Dummy("j", integer=True, positive=True)
        demand = sp.Sum(action.base[bound], (bound, 1, family.size))
        clearing = Price(symbol, Relation(demand, "<=", cap))
        market = charged(stage.game, {action: symbol}, prices=(clearing,), concept="walras")
        region = people.facts((*people.declared, *map(ledger.relation, regime.when)))
        positive = Relation(ledger.scalar(table[action]), ">=", _ZERO)
        if not is_proved(holds(positive, region)):
            return None  # rights to do what should be encouraged are worth nothing
        said = equilibrium_of(market, "walras", regime, {symbol: table[action]}, stage.seconds)
        rates_ = {"cap": cap, "price": table[action]}
        row = _applied(stage.game, said, regime, rates_, {}, {})
        found.append(replace(row, unique=Unknown("not asked")))
    note = "Rights to the cap, handed out in any way, are traded among the agents; "
    note += "the gains are those of who gets what it uses."
    return over_regimes("permits", f"Sum({action})", stage.best, found, note)


# ------------------------------------------------------------------ the expanded game
def charged(game: Game, rates: Rates, **changes: object) -> Game:
    """The game in which everybody pays its rates for its own actions, with further changes."""
    agents: list[Agent] = []
    for agent in game.agents:
        bill = sp.Add(*(rates.get(a.symbol, _ZERO) * a.symbol for a in agent.actions))
        objective = agent.objective + bill if agent.loss else agent.objective - bill
        agents.append(agent.altered(objective=objective))
    families = []
    for family in game.families:
        bill = sp.Add(*(rates.get(a.symbol, _ZERO) * a.symbol for a in family.actions))
        if family.objective is not None and bill != 0:
            e = family.objective + bill if family.loss else family.objective - bill
            family = replace(family, objective=e)
        families.append(family)
    changes = {"expected": (), "expect": None, "complete": None, **changes}
    return game.altered(agents=tuple(agents), families=tuple(families), **changes)


def _paying(game: Game, rates: Rates) -> tuple[Game, dict[sp.Symbol, str]] | None:
    """Taxes, and a price for what is shared; what each price is of.

    None where a shared constraint is no sum of the members' parts with an upper limit.
    """
    taxed = charged(game, rates)
    named = {p.symbol: p.name for p in game.prices}
    if not game.shared:
        return taxed, named
    if game.agents or len(game.families) != 1:
        return None
    prices = list(game.prices)
    (family,) = taxed.families
    for c in game.shared:
        r = c.relation
        clearing = Relation(r.right, "<=", r.left) if r.operator == ">=" else r
        part = _part(clearing, family)
        if part is None or family.objective is None:
            return None
        symbol = sp.Symbol(unused(f"p_{c.name}", game), nonnegative=True)
        prices.append(Price(symbol, clearing, c.domain))
        named[symbol] = c.name
        bill = symbol * part if family.loss else -symbol * part
        family = replace(family, objective=family.objective + bill)
    expanded = taxed.altered(families=(family,), shared=(), prices=tuple(prices), concept="walras")
    return expanded, named


def _part(relation: Relation, family: Family) -> Expr | None:
    """A member's own part of Sum(g(x[j]), (j, 1, n)) <= b."""
    demand = relation.left - relation.right
    sums = demand.atoms(sp.Sum)
    if relation.operator != "<=" or not sums:
        return None
    if demand.xreplace(dict.fromkeys(sums, _ZERO)).has(sp.Indexed):
        return None
    part = _ZERO
    for s in sums:
        slope = sp.diff(demand.xreplace({s: _MARK}), _MARK)
        index, low, high = s.limits[0]
        if slope.has(_MARK, sp.Indexed, sp.Sum) or (low, high) != (1, family.size):
            return None
        own = {a: a.base[family.index] for a in s.function.atoms(sp.Indexed)}
        part += slope * s.function.xreplace(own).xreplace({index: family.index})
    return part


_MARK = sp.Dummy("total")


def equilibrium_of(
    game: Game, concept: Concept, regime: Regime, prices: Rates, seconds: float | None = None
) -> tuple[Verdict, Verdict]:
    """Whether the optimum is an equilibrium of the expanded game, and the only one."""
    people = crowd(game)
    ledger = people.ledger
    values = {ledger.scalar(s): ledger.scalar(e) for s, e in regime.values}
    values |= {s: ledger.scalar(e) for s, e in prices.items()}
    own = {c.name for r in people.roles for c in r.constraints}
    profile = Profile(
        tuple(ledger.relation(r) for r in regime.when),
        tuple((s, values[s]) for s in people.chosen),
        tuple((n, ledger.scalar(e)) for n, e in regime.multipliers if n in own),
        tuple((n, ledger.scalar(e)) for n, e in regime.bounds),
        tuple(n for n in regime.binding if n in own or n in dict(regime.bounds)),
    )
    answer = answered(people, concept, profile)
    if not isinstance(answer, str) and is_proved(answer.regime.status):
        return answer.regime.status, answer.regime.exhaustive
    # Where members may choose their bound, an answer is proved on the way it is found.
    goal = replace(regime, values=(*regime.values, *prices.items()))
    for one in solve(game, concept, seconds=seconds).regimes:
        if is_among(people, goal, (one,)):
            return one.status, one.exhaustive
    why = answer if isinstance(answer, str) else getattr(answer.regime.status, "reason", "")
    return Unknown(why), Unknown(why)


def _applied(
    game: Game, said: tuple[Verdict, Verdict], regime: Regime, listed: dict[str, Expr],
    taxes: Rates, prices: Rates,
) -> Applied:  # fmt: skip
    """The instrument in one regime of the optimum."""
    status, unique = said
    people = crowd(game)
    ledger = people.ledger
    values = {ledger.scalar(s): ledger.scalar(e) for s, e in regime.values}
    values |= {s: ledger.scalar(e) for s, e in prices.items()}
    revenue = _ZERO
    for role in people.roles:
        paid = sp.Add(*(ledger.scalar(taxes.get(ledger.indexed(a.symbol), _ZERO))
                        * values[a.symbol] for a in role.actions))  # fmt: skip
        paid += sp.Add(*(-sp.diff(role.utility, s) * s for s in prices))
        paid = ledger.at(paid, values)
        revenue += paid if role.family is None else ledger.total(role.family, paid)
    after = tuple((r.name, ledger.indexed(shortened(ledger.at(r.utility, values))))
                  for r in people.roles)  # fmt: skip
    budget = ledger.indexed(shortened(revenue))
    return Applied(listed, budget, status, unique, after)


# ------------------------------------------------------------------ participation
def _joined(solution: Solution, instrument: Instrument) -> Instrument:
    """The instrument with what a member gains by it, by regime of the equilibrium."""
    rows = solution.regimes
    if len(rows) != len(solution.cases) or any(r.multiple for r in rows):
        return instrument
    if not is_proved(solution.proof):
        return instrument
    return replace(instrument, participation=tuple(_gains(solution, instrument)))


def _gains(solution: Solution, instrument: Instrument) -> Iterator[Gains]:
    people = crowd(solution.game)
    ledger = people.ledger
    rows = solution.regimes
    whens = tuple(r.when for r in rows)
    for k, m, both, region in meetings(people, whens, tuple(w for w, _ in instrument.after)):
        now = tuple((n, ledger.scalar(e)) for n, e in rows[k].utilities)
        then = tuple((n, ledger.scalar(e)) for n, e in instrument.after[m][1])
        gains = gains_of(now, then)
        willing: list[tuple[str, Willing]] = []
        for name, gain in gains:
            willing.append((name, sign_of(gain, people.facts(region, gain))))
        yield Gains(both, tuple((n, ledger.indexed(e)) for n, e in gains), tuple(willing))
