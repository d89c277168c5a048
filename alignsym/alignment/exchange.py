"""Two persons exchange goods: contract curve and core (Edgeworth 1881).

Persons a and b divide E_k of each good, x_k + y_k <= E_k, and each cares for its own goods only,
with U_a, U_b increasing transforms of concave functions and dU/dx_k > 0.  Inside the box,
0 < x_k < E_k,

    (x, E - x) strongly efficient  iff  (dU_a/dx_1)/(dU_a/dx_k) = (dU_b/dy_1)/(dU_b/dy_k), all k

(<=: a profile as good for both would cost more at these rates, summed over both; =>: supporting
weights exist, and are positive because more of a good is better for both), and nothing is left
over.  The core are the points of this curve that nobody refuses for the own endowment.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.arena import Arena, arena
from alignsym.alignment.inverses import KINKED
from alignsym.alignment.lines import Lines, html, latex
from alignsym.alignment.profile import is_proved
from alignsym.claims import Proved, Verdict, word
from alignsym.errors import UsageError
from alignsym.model.domains import natural_domain
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import flipped, shortened, weight
from alignsym.solving.strategies.isolate import isolate
from alignsym.verify.concavity import Concave, concave
from alignsym.verify.decision import at_fixed_prices, domain_of
from alignsym.verify.facts import holds, short, zero
from alignsym.verify.shapes import transforms

_ZERO = sp.S.Zero
WHERE = "exchange"


@dataclass(frozen=True, slots=True)
class Good:
    """What the two persons have of one good, and how much there is."""

    first: sp.Symbol
    second: sp.Symbol
    total: Expr


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two persons, their goods, and (if there are budgets) what each owns of them."""

    arena: Arena
    persons: tuple[str, str]
    goods: tuple[Good, ...]
    endowment: tuple[tuple[sp.Symbol, Expr], ...] = ()

    @property
    def inside(self) -> Region:
        """All parameters, and the first person's bundle inside the box."""
        out = list(self.arena.game.domain())
        for g in self.goods:
            out += [Relation(g.first, ">", _ZERO), Relation(g.first, "<", g.total)]
        return tuple(out)

    @property
    def rest(self) -> dict[sp.Symbol, Expr]:
        """What the second person has when nothing is left over."""
        return {g.second: g.total - g.first for g in self.goods}


@dataclass(frozen=True, slots=True)
class ContractCurve:
    """The efficient allocations inside the box: `relations` in the first person's goods.

    `explicit`: for two goods the second as a function of the first, where it is found and proved to
    be the only solution.
    """

    relations: Region
    explicit: tuple[sp.Symbol, Expr] | None
    within: Region
    status: Verdict

    _repr_html_ = html
    _repr_latex_ = latex

    def lines(self) -> Lines:
        """The curve, explicit where it is known so, and where it runs."""
        rows = self.relations
        if self.explicit is not None:
            rows = (Relation(self.explicit[0], "==", self.explicit[1]),)
        return ((f"contract curve ({word(self.status)}):", (*rows, *self.within)),)


def exchange(game: Game) -> Exchange:
    """The game as an exchange of two persons.  Raises UsageError where it is none."""
    prices = {p.symbol: p.symbol for p in game.prices}
    judged = arena(game, "walras" if game.prices else "social", prices)
    if isinstance(judged, str):
        raise UsageError(judged, where=WHERE)
    if judged.transferable or judged.added:
        raise UsageError(
            "a numeraire is part of utility, and not one of the goods", where=WHERE,
            remedy="give each person a budget",
        )  # fmt: skip
    agents = judged.game.agents
    if len(agents) != 2 or len(judged.persons) != 2:
        raise UsageError("there are not exactly two persons", where=WHERE)
    if any(a.constraints for a in agents):
        raise UsageError("somebody has constraints besides a budget", where=WHERE)
    order = [a.symbol for a in agents[0].actions]
    goods = tuple(_good(c.relation, *agents) for c in judged.game.shared)
    goods = tuple(sorted(goods, key=lambda g: order.index(g.first)))
    if len(goods) < 2:
        raise UsageError("there are not two goods", where=WHERE)
    met = [s for g in goods for s in (g.first, g.second)]
    if len(set(met)) != len(met) or set(met) != {a.symbol for a in judged.game.actions}:
        raise UsageError("each good is not divided between the two by one constraint", where=WHERE)
    if prices and any(g.total.free_symbols & set(prices) for g in goods):
        raise UsageError("how much there is of a good depends on prices", where=WHERE)
    for a in (a for agent in agents for a in agent.actions):
        if a.interval.lower != 0 or a.interval.upper != sp.oo:
            raise UsageError(f"{a.name} is not any amount from 0 on", where=WHERE)
    return Exchange(judged, (agents[0].name, agents[1].name), goods, _owned(game, goods))


def _good(relation: Relation, one: Agent, two: Agent) -> Good:
    gap = relation.gap
    ours, theirs = ({a.symbol for a in agent.actions} for agent in (one, two))
    met = gap.free_symbols & (ours | theirs)
    slopes = {sp.diff(gap, s) for s in met}
    alike = len(met) == 2 and len(slopes) == 1 and len(met & ours) == 1
    (slope,) = slopes if len(slopes) == 1 else (_ZERO,)
    if not alike or relation.operator not in ("<=", ">=") or not slope.is_negative:
        raise UsageError(f"{short(relation)} does not divide a good between the two", where=WHERE)
    (x,), (y,) = met & ours, met & theirs
    return Good(x, y, shortened(gap.xreplace({x: _ZERO, y: _ZERO}) / -slope))


def _owned(game: Game, goods: tuple[Good, ...]) -> tuple[tuple[sp.Symbol, Expr], ...]:
    """The endowments in the budgets: sum p_k x_k <= sum p_k w_k, the numeraire's price being 1."""
    game = at_fixed_prices(game)
    prices = {p.symbol for p in game.prices}
    out: dict[sp.Symbol, Expr] = {}
    for agent in game.agents if prices else ():
        priced = [c.relation for c in agent.constraints if c.relation.free_symbols & prices]
        if len(priced) != 1:
            return ()
        gap = sp.expand(priced[0].gap)
        own = [a.symbol for a in agent.actions]
        income = gap.xreplace(dict.fromkeys(own, _ZERO))
        for s in own:
            cost = -sp.diff(gap, s)  # the price, or a number for the numeraire
            part = (
                sp.diff(income, cost)
                if cost in prices
                else income.xreplace(dict.fromkeys(prices, _ZERO)) / cost
            )
            if part.free_symbols & (prices | set(own)) or not (cost in prices or cost.is_number):
                return ()
            out[s] = part
    sums = [out.get(g.first, _ZERO) + out.get(g.second, _ZERO) - g.total for g in goods]
    return tuple(out.items()) if all(is_proved(zero(e, game.domain())) for e in sums) else ()


def contract_curve(market: Exchange) -> ContractCurve:
    """The contract curve, all hypotheses proved; raises UsageError where one is not.

    >>> x, y, v, w, e, f = sp.symbols("x y v w e f", positive=True)
    >>> anna, bob = Agent("anna", x*v, x, v), Agent("bob", y*w**2, y, w)
    >>> game = Game(anna, bob, shared={"bread": x + y <= e, "wine": v + w <= f})
    >>> [str(r) for r in contract_curve(exchange(game)).relations]
    ['Eq(v/x, (f - v)/(2*(e - x)))']
    """
    judged = market.arena
    rates = []
    for name, own in zip(market.persons, zip(*((g.first, g.second) for g in market.goods))):
        rates.append(_rates(judged.game.agent(name), own, judged.game.domain()))
    relations = []
    for mine, theirs in zip(*rates, strict=True):
        there = shortened(theirs.xreplace(market.rest))
        relations.append(_rooted(market, Relation(shortened(mine), "==", there)))
    within = tuple(r for g in market.goods for r in (
        Relation(g.first, ">", _ZERO), Relation(g.first, "<", g.total)
    ))  # fmt: skip
    explicit = _explicit(market, relations) if len(relations) == 1 else None
    return ContractCurve(tuple(relations), explicit, within, Proved())


def _rates(agent: Agent, own: tuple[sp.Symbol, ...], given: Region) -> tuple[Expr, ...]:
    """(dU/dx_1)/(dU/dx_k) for k > 1, once U is shown to be increasing and quasi-concave."""
    name, utility = agent.name, agent.utility
    inside = (*given, *(Relation(s, ">", _ZERO) for s in own))
    if utility.has(*KINKED):
        raise UsageError(f"{name}'s utility has kinks", where=WHERE)
    defined = all(is_proved(holds(r, inside)) for r in domain_of([agent], ()))
    slopes = [sp.diff(utility, s) for s in own]
    rising = (Relation(e, ">", _ZERO) for e in slopes)
    if not defined or not all(is_proved(holds(r, inside)) for r in rising):
        raise UsageError(f"{name} is not shown to want more of every good", where=WHERE)
    for form, needed in transforms(utility, own):
        if all(is_proved(holds(r, inside)) for r in needed) and isinstance(
            concave(form, own, inside), Concave
        ):
            first, *others = (sp.diff(form, s) for s in own)
            return tuple(first / e for e in others)
    raise UsageError(f"{name}'s utility is not shown to be quasi-concave", where=WHERE)


def _rooted(market: Exchange, relation: Relation) -> Relation:
    """Both sides to the power 1/e, where e divides the exponents of all that depends on goods.

    What stands under a power is positive inside the box, or the relation stays as it is.
    """
    goods = {g.first for g in market.goods}
    sides = [
        [f.as_base_exp() for f in sp.Mul.make_args(s)] for s in (relation.left, relation.right)
    ]
    exponents = [e for side in sides for b, e in side if b.free_symbols & goods]
    if not exponents:
        return relation
    e = min(exponents, key=lambda k: (not (k / exponents[0]).is_Integer, abs(k / exponents[0])))
    parts = [(b, k / e) for side in sides for b, k in side]
    whole = all(sp.cancel(k).is_Integer for b, k in parts if b.free_symbols & goods)
    needed = [Relation(b, ">", _ZERO) for b, _ in parts] + [Relation(e, "!=", _ZERO)]
    if e == 1 or not whole or not all(is_proved(holds(r, market.inside)) for r in needed):
        return relation
    left, right = (sp.Mul(*(b ** sp.cancel(k / e) for b, k in side)) for side in sides)
    return Relation(shortened(left), "==", shortened(right))


def _explicit(market: Exchange, relations: list[Relation]) -> tuple[sp.Symbol, Expr] | None:
    """The second good as the only function of the first that satisfies the relation."""
    (relation,) = relations
    x, y = (g.first for g in market.goods)
    top = market.goods[1].total
    gap = relation.gap
    # Unique where one side less the other is strictly monotone in y.
    slope = sp.diff(gap, y)
    ways = (Relation(slope, op, _ZERO) for op in (">", "<"))
    if not any(is_proved(holds(r, market.inside)) for r in ways):
        return None
    given = (*market.arena.game.domain(), *(r for r in market.inside if y not in r.free_symbols))
    numerator = sp.fraction(sp.together(gap))[0]
    for equation in dict.fromkeys((numerator, gap, sp.log(relation.left) - sp.log(relation.right))):
        for found in (form for e in isolate(equation, y) for form in _unsigned(e)):
            e = _gathered(shortened(found), x, given)
            box = (Relation(e, ">", _ZERO), Relation(e, "<", top), *natural_domain(e))
            facts = [zero(gap.xreplace({y: e}), given), *(holds(r, given) for r in box)]
            if all(map(is_proved, facts)):
                return y, e
    return None


def _gathered(e: Expr, x: sp.Symbol, given: Region) -> Expr:
    """The quotient with its denominator by powers of x, if that is shorter."""
    above, below = sp.fraction(sp.cancel(e))
    if not (above.is_polynomial(x) and below.is_polynomial(x)):
        return e
    rising = is_proved(holds(Relation(above, ">", _ZERO), given))
    sign = 1 if rising else -1
    parts = [sp.collect(sp.expand(sign * k), x, sp.factor) for k in (above, below)]
    terms = [sp.Add.make_args(k) for k in parts]
    parts = [sp.Add(*(next(iter(flipped(t)), t) for t in listed)) for listed in terms]
    return min((parts[0] / parts[1], e), key=weight)


def _unsigned(e: Expr) -> tuple[Expr, ...]:
    """Absolute values dropped, as is right where what is inside is positive; and the expression."""
    bare = e.replace(sp.Abs, lambda inside: inside)
    return (e,) if bare == e else (bare, e)
