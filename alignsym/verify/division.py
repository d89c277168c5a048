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
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.generic import bounds_of, linear
from alignsym.verify.theorems import convex_constraint, holds, hypothesis

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the divided problem: a generic member's, or that of the single actions."""

    maker: DecisionMaker
    strict: bool


@dataclass(frozen=True, slots=True)
class Division:
    """The parts, the factor by which their multipliers are those of the whole, the hypotheses."""

    parts: tuple[Part, ...]
    factor: Expr
    hypotheses: tuple[Decided, ...]


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
    facts: list[Decided] = []
    for c in coupling:
        verdict = convex_constraint(c.relation, variables, premises)
        if isinstance(verdict, Proved) and not c.relation.is_equality:
            found = concave(c.relation.gap, variables, premises)
            if not isinstance(found, Concave):
                verdict = Unknown(f"the gap of {c.name} is not shown to be concave")
        facts.append(hypothesis(f"{c.name} is concave in the totals", verdict, premises))
        if not isinstance(verdict, Proved):
            return Unknown(f"{c.name} is not shown to be concave in sums over the members")
    chosen = _concave_form(crowd, objective, variables, values, premises, region)
    if isinstance(chosen, Unknown):
        return chosen
    form, more = chosen
    factor = ledger.at(form.factor, values)
    lagrangian = form.inner
    for c in coupling:
        sign = -1 if c.relation.is_equality else 1
        lagrangian += sign * multipliers.get(c.name, _ZERO) / factor * c.relation.gap
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
        more += tuple(
            hypothesis(f"{r}, so the slope exists", holds(r, region), region)
            for slope in slopes.values()
            for r in natural_domain(slope)
        )
        parts.append(Part(linear("the single actions", slopes, singles), False))
    return Division(tuple(parts), factor, (*facts, *more))


def _concave_form(
    crowd: Crowd,
    objective: Expr,
    variables: tuple[sp.Symbol, ...],
    values: dict[sp.Symbol, Expr],
    premises: Region,
    region: Region,
) -> tuple[Increasing, tuple[Decided, ...]] | Unknown:
    """An increasing transform of the objective that is concave in totals and single actions."""
    domain = natural_domain(objective)
    for form in increasing(objective, variables):
        facts = []
        for needed in form.needs:
            verdict = holds(needed, (*premises, *domain))
            facts.append(hypothesis(f"{needed}, so the transform is increasing", verdict, premises))
        if form.vanishing:
            at = crowd.ledger.at(objective, values)
            facts.append(hypothesis("f(x*) > 0", holds(Relation(at, ">", _ZERO), region), region))
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
) -> tuple[Part, Region]:
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
    return Part(maker, True), tuple(dict.fromkeys(defined))


def _given(values: dict[sp.Symbol, Expr], actions: Sequence[Action]) -> dict[sp.Symbol, Expr]:
    own = {a.symbol for a in actions}
    return {s: e for s, e in values.items() if s not in own}
