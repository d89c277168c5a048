"""One equilibrium of an exchange economy: gross substitutes, or identical homothetic consumers.

Consumers with u = sum a_k log x_k, or sum a_k x_k**r (0 < r < 1), a_k > 0, or what increases in
it, and one budget sum c_k p_k x_k <= w, w = sum e_l p_l + c0 with e, c0 >= 0 and some of them
positive; markets sum_i x_ik <= S_k.  The price of what is in no market is 1.

*Gross substitutes* (Arrow, Block and Hurwicz 1959; Mas-Colell, Whinston and Green 1995, 17.F.3):
the demand for k rises with the price of l != k if a consumer of k owns l, or buys l and r > 0.  No
price is zero: on the way from the numeraire to a free good, one step along such pairs, somebody
with income or without need of any would buy without bound.  Of two equilibria p and p' let
t = max p'_k/p_k > 1 (else exchange them).  Demand is homogeneous of degree 0 with the numeraire's
price as one of the prices; at p'/t the goods where the maximum is attained cost what they cost at
p, all others less, so demand for them is not larger, and smaller for one of them if every good can
be reached from the numeraire.  But it is S_k at both.

*Identical consumers* (Gorman 1953): the same a and any r < 1, r != 0, who buy the numeraire good
and own what is supplied, S_k = sum_i e_ik.  Everybody buys x_k/x_m in the same ratio, a function of
p_k alone, and all together S_k and the endowment of the numeraire: p_k is determined.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.claims import ByTheorem, Decided, Proved, Unknown, Verdict, weakest
from alignsym.logic.increasing import increasing
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds, hypothesis, zero

_ZERO = sp.S.Zero
Facts = list[Decided]


@dataclass(frozen=True, slots=True)
class Consumer:
    """What the theorems ask of a consumer.

    `weights`: action -> a_k; `exponent`: r, None for logarithms; `price`: action -> the listed
    price it is bought at, None for the numeraire's; `owns`: price -> e_l, with None for c0;
    `plain`: every unit is paid once, c_k = 1.
    """

    name: str
    weights: Mapping[sp.Symbol, Expr]
    exponent: Expr | None
    price: Mapping[sp.Symbol, sp.Symbol | None]
    owns: Mapping[sp.Symbol | None, Expr]
    plain: bool


def one_equilibrium(game: Game, makers: Sequence[DecisionMaker], region: Region) -> Verdict:
    """Whether one of the two theorems leaves at most one equilibrium on the region."""
    prices = [p.symbol for p in game.prices if p.symbol != game.numeraire]
    if not prices:
        return Unknown("no price is open")
    if game.shared:
        return Unknown("constraints are shared")
    moving = {a.symbol for a in game.actions} | {p.symbol for p in game.prices}
    facts: Facts = []
    consumers: list[Consumer] = []
    for maker in makers:
        found = consumer(maker, prices, moving, region, facts)
        if isinstance(found, Unknown):
            return found
        consumers.append(found)
    supply = markets(game, consumers, region, facts)
    if isinstance(supply, Unknown):
        return supply
    verdict = weakest(d.verdict for d in facts)
    if not isinstance(verdict, Proved):
        return verdict
    alike = identical(consumers, supply, region)
    if isinstance(alike, list):
        name = "identical homothetic consumers have one equilibrium (Gorman 1953)"
        return Proved((ByTheorem(name, (*facts, *alike)),))
    linked = connected(consumers, prices, region)
    if isinstance(linked, Unknown):
        return linked
    name = "gross substitutes have one equilibrium (Arrow, Block and Hurwicz 1959)"
    return Proved((ByTheorem(name, (*facts, *linked)),))


# ------------------------------------------------------------------ the hypotheses
def consumer(
    maker: DecisionMaker,
    prices: Sequence[sp.Symbol],
    moving: Set[sp.Symbol],
    region: Region,
    facts: Facts,
) -> Consumer | Unknown:
    """The consumer, with what was decided of it added to the facts.

    `moving`: every action and price; weights and endowments contain none.
    """
    who = maker.name
    if len(maker.constraints) != 1:
        return Unknown(f"{who} has not one budget")
    for action in maker.actions:
        if action.interval.lower != 0 or action.interval.upper != sp.oo:
            return Unknown(f"{action.name} is not just nonnegative")
    inside = tuple(Relation(s, ">", _ZERO) for s in (*maker.variables, *prices))
    for needed in maker.domain:
        if not isinstance(holds(needed, (*region, *inside)), Proved):
            return Unknown(f"{who} is bound by the domain {needed}")
    taste = preferences(maker, region, facts)
    if isinstance(taste, Unknown):
        return taste
    weights, exponent = taste
    if exponent is not None:
        below = holds(Relation(exponent, "<", sp.S.One), region)
        facts.append(hypothesis(f"r < 1 for {who}", below, region))
    gap = budget_gap(maker)
    price: dict[sp.Symbol, sp.Symbol | None] = {}
    units: list[Expr] = []
    for x in maker.variables:
        slope = -sp.diff(gap, x)
        listed = [p for p in prices if slope.has(p)]
        unit = sp.cancel(slope / listed[0]) if len(listed) == 1 else slope
        if unit.free_symbols & moving:
            return Unknown(f"the budget of {who} is not linear with one price for {x}")
        positive = holds(Relation(unit, ">", _ZERO), region)
        facts.append(hypothesis(f"{who} pays for {x}", positive, region))
        price[x] = listed[0] if listed else None
        units.append(unit)
    income = gap.xreplace(dict.fromkeys(maker.variables, _ZERO))
    owns: dict[sp.Symbol | None, Expr] = {p: sp.diff(income, p) for p in prices}
    owns[None] = income.xreplace(dict.fromkeys(prices, _ZERO))
    rest = income - sp.Add(owns[None], *(p * e for p, e in owns.items() if p is not None))
    if sp.expand(rest) != 0 or any(
        e.free_symbols & moving for e in (*owns.values(), *weights.values(), exponent or _ZERO)
    ):
        return Unknown(f"the income of {who} is not the value of an endowment")
    for p, e in owns.items():
        if e != 0:
            owned = holds(Relation(e, ">=", _ZERO), region)
            facts.append(hypothesis(f"{who} owns {p or 'the numeraire'}", owned, region))
    some = [holds(Relation(e, ">", _ZERO), region) for e in owns.values() if e != 0]
    if not any(isinstance(v, Proved) for v in some):
        return Unknown(f"{who} is not shown to have an income")
    return Consumer(who, weights, exponent, price, owns, set(units) == {sp.S.One})


def budget_gap(maker: DecisionMaker) -> Expr:
    """Income less expenditure, whichever side of an equality it is written on."""
    (constraint,) = maker.constraints
    gap = sp.expand(constraint.relation.gap)
    slope = sp.diff(gap, maker.variables[0])
    turned = constraint.relation.is_equality and not slope.could_extract_minus_sign()
    return -gap if turned else gap


def preferences(
    maker: DecisionMaker, region: Region, facts: Facts
) -> tuple[dict[sp.Symbol, Expr], Expr | None] | Unknown:
    """(a_k, r) of a sum of logarithms (r = None) or of equal powers, perhaps transformed."""
    premises = (*region, *maker.bounds(), *maker.domain)
    for form in increasing(maker.objective, maker.variables):
        found = _additive(form.inner, maker.variables)
        if found is None:
            continue
        weights, exponent = found
        needs = [holds(r, premises) for r in form.needs]
        if not isinstance(weakest(needs), Proved):
            continue
        for x, a in weights.items():
            # a*x**r with a*r > 0 increases in x.
            slope = a if exponent is None else a * exponent
            verdict = holds(Relation(slope, ">", _ZERO), region)
            facts.append(hypothesis(f"{maker.name} likes {x}", verdict, region))
        return weights, exponent
    return Unknown(f"{maker.name}'s utility is no sum of logarithms or of equal powers")


def _additive(
    total: Expr, variables: Sequence[sp.Symbol]
) -> tuple[dict[sp.Symbol, Expr], Expr | None] | None:
    rows: dict[sp.Symbol, Expr] = {}
    exponents: list[Expr | None] = []
    for term in sp.Add.make_args(sp.expand(total)):
        a, part = term.as_independent(*variables, as_Add=False)
        if part == 1:
            continue  # a constant
        if isinstance(part, sp.log):
            x, exponent = part.args[0], None
        else:
            x, exponent = part.as_base_exp()
        if x not in variables or (exponent is not None and exponent.has(*variables)):
            return None
        rows[x] = rows.get(x, _ZERO) + a
        exponents.append(exponent)
    if set(rows) != set(variables) or not exponents:
        return None
    first = exponents[0]
    if any((e is None) != (first is None) for e in exponents):
        return None
    if first is not None and any(sp.expand(e - first) != 0 for e in exponents):
        return None
    return rows, first


def markets(
    game: Game, consumers: list[Consumer], region: Region, facts: Facts
) -> dict[sp.Symbol, Expr] | Unknown:
    """price -> S_k, where each market is that of the actions bought at its price."""
    chosen = {a.symbol for a in game.actions}
    symbols = {p.symbol for p in game.prices}
    supply: dict[sp.Symbol, Expr] = {}
    for price in game.prices:
        if price.symbol == game.numeraire:
            continue
        gap = sp.expand(price.clearing.gap)
        buyers = {x for c in consumers for x, p in c.price.items() if p == price.symbol}
        if gap.free_symbols & chosen != buyers:
            return Unknown(f"the market of {price.name} is not that of what is bought at its price")
        for x in sorted(buyers, key=str):
            slope = sp.diff(gap, x)
            if slope.free_symbols & (chosen | symbols):
                return Unknown(f"the market of {price.name} is not linear")
            verdict = holds(Relation(-slope, ">", _ZERO), region)
            facts.append(hypothesis(f"{x} is demanded at {price.name}", verdict, region))
        rest = gap.xreplace(dict.fromkeys(buyers, _ZERO))
        if any(sp.diff(gap, x) != -1 for x in buyers):
            consumers[:] = [replace(c, plain=False) for c in consumers]
        if rest.free_symbols & symbols:
            return Unknown(f"the supply of {price.name} moves with prices")
        supply[price.symbol] = rest
    return supply


# ------------------------------------------------------------------ the theorems
def connected(
    consumers: Sequence[Consumer], prices: Sequence[sp.Symbol], region: Region
) -> Facts | Unknown:
    """Whether every priced good can be reached from the numeraire (None) by pairs (l, k) for which
    the demand for k strictly rises with the price of l."""
    for c in consumers:
        if c.exponent is not None:
            positive = holds(Relation(c.exponent, ">", _ZERO), region)
            if not isinstance(positive, Proved):
                return Unknown(f"goods are not shown to be gross substitutes for {c.name}")
    facts: Facts = []
    reached: set[sp.Symbol | None] = {None}
    progress = True
    while progress:
        progress = False
        for c in consumers:
            buys = set(c.price.values())
            new = {p for p in buys if p not in reached}
            if not new:
                continue
            owned = [
                hypothesis(f"{c.name} owns some of {at or 'the numeraire'}", verdict, region)
                for at, e in c.owns.items()
                if at in reached and e != 0
                for verdict in [holds(Relation(e, ">", _ZERO), region)]
                if isinstance(verdict, Proved)
            ]
            if owned or (c.exponent is not None and buys & reached):
                facts += owned[:1]
                reached |= new
                progress = True
    if not set(prices) <= reached:
        return Unknown("demands are not shown to link every good with the numeraire")
    return facts


def identical(
    consumers: Sequence[Consumer], supply: Mapping[sp.Symbol, Expr], region: Region
) -> Facts | Unknown:
    """Whether all have the same preferences, buy everything, and own what is supplied."""
    facts: Facts = []
    if not all(c.plain for c in consumers):
        return Unknown("goods are bought in several units")
    if not any(
        isinstance(holds(Relation(c.owns[None], ">", _ZERO), region), Proved) for c in consumers
    ):
        return Unknown("nobody is shown to own some of the numeraire")
    for price in (None, *supply):
        rows = []
        for c in consumers:
            bought = [x for x, p in c.price.items() if p == price]
            if len(bought) != 1:
                return Unknown(f"{c.name} does not buy one good at each price")
            rows.append(c.weights[bought[0]])
        for a, c in zip(rows[1:], consumers[1:]):
            same = zero(a / rows[0] - _ratio(c, consumers[0]), region)
            facts.append(hypothesis("the same preferences", same, region))
    kinds = {c.exponent for c in consumers}
    if len(kinds) != 1:
        return Unknown("consumers differ in the elasticity of substitution")
    for price, amount in supply.items():
        owned = sp.Add(*(c.owns[price] for c in consumers))
        facts.append(hypothesis("endowments are the supply", zero(amount - owned, region), region))
    verdict = weakest(d.verdict for d in facts)
    return facts if isinstance(verdict, Proved) else Unknown("consumers are not alike")


def _ratio(one: Consumer, first: Consumer) -> Expr:
    """How the weights of one compare with the first's, read off the numeraire good."""
    (mine,) = (a for x, a in one.weights.items() if one.price[x] is None)
    (theirs,) = (a for x, a in first.weights.items() if first.price[x] is None)
    return mine / theirs
