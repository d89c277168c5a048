"""One decision maker over all members: the whole is optimal where each part is at its price.

*Division by prices* (Lagrangian sufficiency; Everett 1963).  Let f and the gaps of the constraints
be concave functions of totals T_k = Sum(g_k(x_j)) and of single actions y, differentiable at the
claimed solution, with multipliers mu of the right signs and complementary slackness.  With
lam_k = d(f + mu*gap)/dT_k there, every feasible choice has

    f <= f* + Sum_j (l(x_j) - l(x_j*)) + L_y*(y - y*),      l(x_j) = sum_k lam_k*g_k(x_j),

so it is optimal if x_i* maximises l for a generic member i, and y* the linear rest.  lam_k is the
price at which the members may be left alone.  Each member's maximiser is the only one if l has only
one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.claims import Decided, Proved, SignDerivation, Unknown, weakest
from alignsym.logic.crowd import Crowd
from alignsym.logic.increasing import Increasing, increasing
from alignsym.model.agents import Action, Constraint
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.concavity import Concave, concave
from alignsym.verify.curvature import concave_whole
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds, hypothesis, zero
from alignsym.verify.generic import bounds_of, linear
from alignsym.verify.shapes import convex_constraint

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Division:
    """The parts, the factor by which their multipliers are those of the whole, the hypotheses.

    In the choices `pinned` the whole is strictly concave, whatever its parts say.
    """

    parts: tuple[DecisionMaker, ...]
    factor: Expr
    hypotheses: tuple[Decided, ...]
    pinned: frozenset[sp.Symbol]


def divided(
    crowd: Crowd,
    objective: Expr,
    actions: Sequence[Action],
    constraints: Sequence[Constraint],
    values: dict[sp.Symbol, Expr],
    multipliers: dict[str, Expr],
    region: Region,
) -> Division | Unknown:
    """The problem as parts that are decided one by one, or why it does not divide.

    `constraints` without a member's own symbols couple the members; the others are each member's.
    """
    ledger = crowd.ledger
    members = tuple(a.symbol for a in actions if a.symbol in ledger.members)
    singles = tuple(a for a in actions if a.symbol not in ledger.members)
    plain = tuple(a.symbol for a in singles)
    coupling = [c for c in constraints if not c.relation.free_symbols & set(ledger.members)]
    own = [c for c in constraints if c not in coupling]
    formulas = [objective, *(c.relation.gap for c in coupling)]
    if any(ledger.moving(e, plain) for e in formulas):
        return Unknown("a sum depends on the action of a single agent")
    totals = tuple(dict.fromkeys(t for e in formulas for t in ledger.moving(e, members)))
    for total in totals:
        if ledger.moving(ledger.totals[total].summand, members):
            return Unknown(f"{total} contains another sum of choices")
    if any(r.free_symbols & set(plain) for c in own for r in (c.relation,)):
        return Unknown("a constraint of the members moves with a single action")
    variables = (*totals, *plain)
    premises = (*region, *bounds_of(singles))
    chosen = _concave_form(crowd, objective, variables, values, premises, region)
    caps = _concave_gaps(crowd, coupling, variables, values, multipliers, premises)
    if isinstance(chosen, Unknown) or isinstance(caps, Unknown):
        return by_slopes(crowd, objective, actions, coupling, own, values, multipliers, region)
    form, more = chosen
    factor = ledger.at(form.factor, values)
    gaps, facts = caps
    lagrangian = form.inner + sum((mu / factor * gap for mu, gap in gaps), _ZERO)
    parts = []
    for family in crowd.families():
        mine = [a for a in crowd.members(family) if a.symbol in members]
        if mine:
            part, defined = _member(crowd, family, mine, lagrangian, totals, values, own)
            parts.append(part)
            more += tuple(
                hypothesis(f"{r}, so the price exists", holds(r, region), region) for r in defined
            )
    if singles:
        slopes = {s: ledger.at(sp.diff(lagrangian, s), values) for s in plain}
        more += _defined(slopes, region)
        parts.append(linear("the single actions", slopes, singles))
    return Division(tuple(parts), factor, (*facts, *more), frozenset())


def by_slopes(
    crowd: Crowd,
    objective: Expr,
    actions: Sequence[Action],
    coupling: Sequence[Constraint],
    own: Sequence[Constraint],
    values: dict[sp.Symbol, Expr],
    multipliers: dict[str, Expr],
    region: Region,
) -> Division | Unknown:
    """The same where f is concave in all choices together, though not in sums: by its gradient.

    f <= f* + grad f*(x - x*), so each part is linear: slope times choice.
    """
    ledger = crowd.ledger
    if own:
        return Unknown("members have constraints of their own")
    moving = (*(a.symbol for a in actions), *ledger.moving(objective, [a.symbol for a in actions]))
    stopped = Unknown(f"{objective} is not shown to be concave")
    for form in increasing(objective, moving):
        facts = _increasing(crowd, objective, form, values, region)
        if not isinstance(weakest(d.verdict for d in facts), Proved):
            continue
        whole = concave_whole(crowd, form.inner, actions, region)
        if isinstance(whole, Unknown):
            stopped = whole
            continue
        evidence = Proved((SignDerivation(form.inner, "concave"),))
        facts += (hypothesis(f"{form.inner} is concave in all choices", evidence, region),)
        gaps, pinned = [], whole.pinned
        for c in coupling:
            found = _gap_in_choices(crowd, c, actions, values, multipliers, region)
            if isinstance(found, Unknown):
                return found
            gaps.append(found[:2])
            facts += found[2]
            pinned |= found[3]
        factor = ledger.at(form.factor, values)
        lagrangian = form.inner + sum((mu / factor * gap for mu, gap in gaps), _ZERO)
        slopes = {
            a.symbol: ledger.at(ledger.derivative(lagrangian, a.symbol), values) for a in actions
        }
        facts += _defined(slopes, region)
        parts = [
            linear(f"the choice of {s}", {s: e}, _named(actions, s)) for s, e in slopes.items()
        ]
        return Division(tuple(parts), factor, facts, pinned)
    return stopped


def _named(actions: Sequence[Action], symbol: sp.Symbol) -> list[Action]:
    return [a for a in actions if a.symbol == symbol]


def _defined(slopes: dict[sp.Symbol, Expr], region: Region) -> tuple[Decided, ...]:
    return tuple(
        hypothesis(f"{r}, so the slope exists", holds(r, region), region)
        for slope in slopes.values()
        for r in natural_domain(slope)
    )


def _gap_in_choices(
    crowd: Crowd,
    c: Constraint,
    actions: Sequence[Action],
    values: dict[sp.Symbol, Expr],
    multipliers: dict[str, Expr],
    region: Region,
) -> tuple[Expr, Expr, tuple[Decided, ...], frozenset[sp.Symbol]] | Unknown:
    """(multiplier, gap, hypotheses, pinned) of a constraint with a gap concave in all choices.

    phi(g) >= k with phi increasing, that binds, is g >= g*; its multiplier is mu*phi'.
    """
    ledger = crowd.ledger
    symbols = [a.symbol for a in actions]
    mu = multipliers.get(c.name, _ZERO)
    gap = c.relation.gap
    moving = (*symbols, *ledger.moving(gap, symbols))
    if c.relation.is_equality:
        for e in (gap, -gap):
            if isinstance(concave_whole(crowd, e, actions, region), Unknown):
                return Unknown(f"{c.name} is not affine")
        return -mu, gap, (), frozenset()
    best: tuple[Expr, Expr, tuple[Decided, ...], frozenset[sp.Symbol]] | None = None
    for form in increasing(gap, moving):
        facts = _increasing(crowd, gap, form, values, region, positive=False)
        if form.inner != gap:
            binds = zero(ledger.at(gap, values), region)
            facts += (hypothesis(f"{c.name} binds", binds, region),)
        if not isinstance(weakest(d.verdict for d in facts), Proved):
            continue
        whole = concave_whole(crowd, form.inner, actions, region)
        if isinstance(whole, Unknown):
            continue
        evidence = Proved((SignDerivation(form.inner, "concave"),))
        said = hypothesis(f"{c.name} describes a convex set", evidence, region)
        positive = isinstance(holds(Relation(mu, ">", _ZERO), region), Proved)
        pinned = whole.pinned if positive else frozenset()
        found = (mu * ledger.at(form.factor, values), form.inner, (*facts, said), pinned)
        if best is None or len(pinned) > len(best[3]):
            best = found
    if best is not None:
        return best
    return Unknown(f"{c.name} is not shown to describe a convex set")


def _increasing(
    crowd: Crowd,
    f: Expr,
    form: Increasing,
    values: dict[sp.Symbol, Expr],
    region: Region,
    positive: bool = True,
) -> tuple[Decided, ...]:
    """The hypotheses under which f is an increasing function of the form's inner expression."""
    facts = []
    domain = (*region, *natural_domain(f))
    for needed in form.needs:
        verdict = holds(needed, domain)
        facts.append(hypothesis(f"{needed}, so the transform is increasing", verdict, region))
    if form.vanishing and positive:
        at = crowd.ledger.at(f, values)
        verdict = holds(Relation(at, ">", _ZERO), region)
        facts.append(hypothesis("f(x*) > 0", verdict, region))
    if form.vanishing and not positive:
        facts.append(hypothesis("no product", Unknown("a product may vanish"), region))
    return tuple(facts)


def _concave_gaps(
    crowd: Crowd,
    coupling: Sequence[Constraint],
    variables: tuple[sp.Symbol, ...],
    values: dict[sp.Symbol, Expr],
    multipliers: dict[str, Expr],
    premises: Region,
) -> tuple[list[tuple[Expr, Expr]], tuple[Decided, ...]] | Unknown:
    """(multiplier with its sign, gap) of constraints with gaps concave in totals."""
    gaps, facts = [], []
    for c in coupling:
        verdict = convex_constraint(c.relation, variables, premises)
        if isinstance(verdict, Proved) and not c.relation.is_equality:
            found = concave(c.relation.gap, variables, premises)
            if not isinstance(found, Concave):
                verdict = Unknown(f"the gap of {c.name} is not shown to be concave")
        facts.append(hypothesis(f"{c.name} is concave in the totals", verdict, premises))
        if not isinstance(verdict, Proved):
            return Unknown(f"{c.name} is not shown to be concave in sums over the members")
        sign = -1 if c.relation.is_equality else 1
        gaps.append((sign * multipliers.get(c.name, _ZERO), c.relation.gap))
    return gaps, tuple(facts)


def _concave_form(
    crowd: Crowd,
    objective: Expr,
    variables: tuple[sp.Symbol, ...],
    values: dict[sp.Symbol, Expr],
    premises: Region,
    region: Region,
) -> tuple[Increasing, tuple[Decided, ...]] | Unknown:
    """An increasing transform of the objective that is concave in totals and single actions."""
    for form in increasing(objective, variables):
        facts = list(_increasing(crowd, objective, form, values, premises))
        if not isinstance(weakest(d.verdict for d in facts), Proved):
            continue
        found = concave(form.inner, variables, premises)
        if isinstance(found, Concave):
            evidence = Proved((SignDerivation(form.inner, "concave"),))
            facts.append(hypothesis(f"{form.inner} is concave in the totals", evidence, premises))
            return form, tuple(facts)
    return Unknown(f"{objective} is not shown to be concave in sums over the members")


def _member(
    crowd: Crowd,
    family: sp.Symbol,
    actions: Sequence[Action],
    lagrangian: Expr,
    totals: tuple[sp.Symbol, ...],
    values: dict[sp.Symbol, Expr],
    own: Sequence[Constraint],
) -> tuple[DecisionMaker, Region]:
    """max sum_k lam_k*g_k(x) over one member's domain and own constraints; where lam exists."""
    ledger = crowd.ledger
    objective: Expr = _ZERO
    domain: list[Relation] = []
    defined: list[Relation] = []
    for total in totals:
        entry = ledger.totals[total]
        if entry.family != family:
            continue
        price = ledger.at(sp.diff(lagrangian, total), values)
        defined += natural_domain(price)
        objective += price * ledger.at(entry.summand, _given(values, actions))
        domain += natural_domain(entry.summand)
    mine = tuple(
        c
        for c in own
        if all(ledger.family_of(s) == family for s in c.relation.free_symbols & set(ledger.members))
    )
    for c in mine:
        domain += [*natural_domain(c.relation.left), *natural_domain(c.relation.right)]
    maker = DecisionMaker(
        f"each {family}", objective, tuple(actions), mine, tuple(dict.fromkeys(domain))
    )
    return maker, tuple(dict.fromkeys(defined))


def _given(values: dict[sp.Symbol, Expr], actions: Sequence[Action]) -> dict[sp.Symbol, Expr]:
    own = {a.symbol for a in actions}
    return {s: e for s, e in values.items() if s not in own}
