"""The core of an exchange of two: the contract curve where nobody loses by the exchange.

For two persons the core are the efficient divisions with U_i >= U_i(endowment).  Where the contract
curve is explicit, x_2 = c(x_1), the utility U_a(x_1, c(x_1)) rises with x_1 and U_b falls, so that
these are bounds on x_1, in closed form where the equations can be solved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.exchange import ContractCurve, Exchange, contract_curve
from alignsym.alignment.lines import Lines, html, latex
from alignsym.alignment.profile import is_proved
from alignsym.alignment.utility_space import without_logs
from alignsym.claims import Verdict, word
from alignsym.errors import UsageError
from alignsym.logic.decide import irredundant
from alignsym.model.agents import rational
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened
from alignsym.solving.strategies.isolate import isolate
from alignsym.verify.decision import domain_of
from alignsym.verify.facts import holds, zero

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Core:
    """The core inside the box: the contract curve where nobody loses by the exchange.

    `rational`: U_i >= U_i(endowment) along it; `interval`: the same as bounds on the first person's
    first good, where these have a closed form.
    """

    curve: ContractCurve
    rational: Region
    interval: Region | None
    status: Verdict

    _repr_html_ = html
    _repr_latex_ = latex

    def lines(self) -> Lines:
        """Bounds along the contract curve, or the inequalities that say the same."""
        rows = self.rational if self.interval is None else self.interval
        said = f"core ({word(self.status)}):" + ("" if rows else " all of the contract curve")
        return ((said, rows),)


def core(market: Exchange, endowment: Mapping[sp.Symbol, Expr] | None = None) -> Core:
    """The core inside the box, for the endowments of the budgets or those given.

    An endowment with utility -oo (none of a good that one cannot do without) refuses nothing.
    """
    owned = dict(market.endowment) if endowment is None else {
        s: rational(e, where="core, endowment") for s, e in endowment.items()
    }  # fmt: skip
    missing = [str(s) for g in market.goods for s in (g.first, g.second) if s not in owned]
    if missing:
        raise UsageError(
            f"no endowment of {', '.join(missing)}", where="core", remedy="give endowment={...}"
        )
    domain = market.arena.game.domain()
    spare = [owned[g.first] + owned[g.second] - g.total for g in market.goods]
    if not all(is_proved(zero(e, domain)) for e in spare):
        raise UsageError("the endowments are not shown to add up to what there is", where="core")
    curve = contract_curve(market)
    along: dict[sp.Symbol, Expr] = dict([curve.explicit]) if curve.explicit else {}
    wanted: list[Relation | None] = []
    for name in market.persons:
        utility = market.arena.utility(name)
        least = _least(market, name, owned)
        at = shortened(utility.xreplace(market.rest).xreplace(along))
        relation = Relation(at, ">=", least)
        free = least == -sp.oo or is_proved(holds(relation, (*market.inside, *curve.relations)))
        wanted.append(None if free else relation)
    interval = _interval(market, wanted) if along else None
    return Core(curve, tuple(r for r in wanted if r is not None), interval, curve.status)


def _least(market: Exchange, name: str, owned: Mapping[sp.Symbol, Expr]) -> Expr:
    """The utility of the endowment; -oo at an edge where an increasing utility is not finite."""
    agent = market.arena.game.agent(name)
    domain = market.arena.game.domain()
    where = [r.relaxed().replaced(dict(owned)) for r in domain_of([agent], ())]
    where += [Relation(e, ">=", _ZERO) for e in owned.values()]
    if not all(is_proved(holds(r, domain)) for r in where):
        raise UsageError(f"{name} is not shown to have a utility at the endowment", where="core")
    least = agent.utility.xreplace(dict(owned))
    infinite = least.has(sp.zoo, sp.oo, -sp.oo, sp.nan)
    return -sp.oo if infinite else shortened(least)


def _interval(market: Exchange, ends: list[Relation | None]) -> Region | None:
    """Bounds on the first good: U_a rises along the curve and U_b falls, both strictly."""
    x, total = market.goods[0].first, market.goods[0].total
    domain = market.arena.game.domain()
    out: list[Relation] = []
    for relation, way, mine in zip(ends, (">", "<"), (x, total - x), strict=True):
        # What the person has of the first good is bounded from below.
        if relation is None:
            out.append(Relation(x, way, _ZERO if mine == x else total))  # type: ignore[arg-type]
            continue
        own = relation.left.xreplace({x: mine})
        bound = _bound(own, relation.right, x, domain, total)
        if bound is None:
            return None
        end = bound if mine == x else shortened(total - bound)
        out.append(Relation(x, way + "=", end))  # type: ignore[arg-type]
    box = (Relation(x, ">", _ZERO), Relation(x, "<", total))
    return irredundant(tuple(out), (*domain, *box))


def _bound(utility: Expr, least: Expr, x: sp.Symbol, domain: Region, total: Expr) -> Expr | None:
    """The amount from which on the utility, as a function of the own amount, is not below `least`.

    It rises strictly up to the total, and the bound is below the total; or it rises strictly for
    all amounts, and then the bound may be anywhere.
    """
    own = sp.Dummy(x.name, positive=True)
    rising = shortened(utility.xreplace({x: own}))
    within = (*domain, Relation(own, "<", total))
    slope = Relation(sp.diff(rising, own), ">", _ZERO)
    everywhere = all(is_proved(holds(r, domain)) for r in (*natural_domain(rising), slope))
    if not everywhere and not is_proved(holds(slope, within)):
        return None
    left = sp.expand(sp.expand_log(rising), log=False, power_base=False, power_exp=False)
    logs = sorted((k for k in left.atoms(sp.log) if own in k.free_symbols), key=str)
    opened = sp.collect(left - sp.expand_log(least), logs)
    for equation in dict.fromkeys((opened, rising - least)):
        for found in isolate(equation, own):
            e = shortened(without_logs(found))
            inside = () if everywhere else (Relation(e, "<", total),)
            needed = (Relation(e, ">", _ZERO), *inside, *natural_domain(e))
            facts = [zero(rising.xreplace({own: e}) - least, domain)]
            facts += [holds(r, domain) for r in needed]
            if all(map(is_proved, facts)):
                return e
    return None
