"""First-order conditions of a generic member, and of what couples the members.

    u_x(x_i, S) + sum_k u_{S_k}(x_i, S)*g_k'(x_i) - sum_c mu_c*dh_c/dx_i = 0,   S_k = Sum(g_k(x_j))

for each family, the same for single agents, and 0 <= mu _|_ slack >= 0 for every constraint and
price.  A member's own constraints have a multiplier a member.  For one decision maker over all
(maximize, social, bargaining) u is the whole objective or what it is an increasing function of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sympy as sp

from alignsym.logic.crowd import JOINT, Crowd
from alignsym.logic.decide import implies
from alignsym.logic.increasing import increasing
from alignsym.model.agents import Action, Constraint
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept
from alignsym.model.relations import Expr, Region, Relation

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Coupling:
    """A constraint or market and its multiplier or price; reported as scale * multiplier."""

    name: str
    multiplier: sp.Symbol
    gap: Expr
    equality: bool
    scale: Expr = sp.S.One


@dataclass(frozen=True, slots=True)
class MemberConditions:
    """One equation an action of the generic member, and its own constraints."""

    family: sp.Symbol
    actions: tuple[Action, ...]
    equations: tuple[Expr, ...]
    own: tuple[Coupling, ...]
    domain: Region


@dataclass(frozen=True, slots=True)
class CrowdConditions:
    """All first-order conditions of a game with families."""

    members: tuple[MemberConditions, ...]
    singles: tuple[Action, ...]
    equations: tuple[Expr, ...]
    coupling: tuple[Coupling, ...]
    markets: tuple[Coupling, ...]
    domain: Region
    objectives: tuple[Expr, ...] = ()  # of each decision maker, as transformed


def crowd_conditions(crowd: Crowd, concept: Concept) -> CrowdConditions:
    """The conditions for the concept; multipliers are symbols `mu[name]`, `nu[name]`."""
    members = set(crowd.ledger.members)
    named: dict[str, Coupling] = {}
    scale: Expr = sp.S.One
    rows: list[tuple[Expr, tuple[Action, ...], tuple[Constraint, ...]]] = []
    every = (*(c for r in crowd.roles for c in r.constraints), *crowd.shared)
    if concept in JOINT:
        objective = crowd.objective(concept)
        chosen = tuple(a.symbol for a in crowd.actions)
        moving = (*crowd.ledger.moving(objective, chosen), *chosen)
        forms = [f for f in increasing(objective, moving) if _allowed(crowd, f.needs, moving)]
        form = forms[-1]
        scale = form.factor
        rows.append((form.inner, crowd.actions, every))
    else:
        common = crowd.shared if concept == "variational" else ()
        for role in crowd.roles:
            if role.actions:
                rows.append((role.utility, role.actions, (*role.constraints, *common)))
    equations: dict[sp.Symbol, Expr] = {}
    domain: dict[Relation, None] = {}
    for objective, actions, constraints in rows:
        for c in constraints:
            named.setdefault(c.name, _coupling(c, scale))
        for action in actions:
            e = crowd.ledger.derivative(objective, action.symbol)
            for c in constraints:
                mine = named[c.name]
                sign = -1 if mine.equality else 1
                slope = crowd.ledger.derivative(mine.gap, action.symbol)
                e += sign * mine.multiplier * slope
            equations[action.symbol] = e
        domain.update(dict.fromkeys(natural_domain(objective)))
    markets = tuple(
        Coupling(p.name, s.symbol, p.relation.gap, False)
        for p, s in zip(crowd.prices, crowd.game.prices)
    )
    own = [c for c in named.values() if c.gap.free_symbols & members]
    groups = []
    for family in crowd.families():
        actions = crowd.members(family)
        inside = tuple(
            c
            for c in own
            if any(crowd.ledger.family_of(s) == family for s in c.gap.free_symbols & members)
        )
        symbols = tuple(a.symbol for a in actions)
        groups.append(
            MemberConditions(
                family, actions, tuple(equations[s] for s in symbols), inside,
                _member_domain(crowd, symbols),
            )
        )  # fmt: skip
    singles = tuple(a for a in crowd.actions if a.symbol not in members)
    kept = tuple(r for r in domain if not r.free_symbols & members)
    return CrowdConditions(
        tuple(groups),
        singles,
        tuple(equations[a.symbol] for a in singles),
        tuple(c for c in named.values() if c not in own),
        markets,
        kept,
        tuple(objective for objective, _, _ in rows),
    )


def _allowed(crowd: Crowd, needs: Region, moving: Iterable[sp.Symbol]) -> bool:
    """What a transformation needs of parameters is declared; of choices it is asked later."""
    chosen = set(moving)
    return all(r.free_symbols & chosen or implies(crowd.declared, r).is_proof for r in needs)


def _member_domain(crowd: Crowd, symbols: Iterable[sp.Symbol]) -> Region:
    """Where the terms of one member are defined: utilities, and the summands of sums."""
    wanted = set(symbols)
    found: dict[Relation, None] = {}
    for role in crowd.roles:
        formulas = [role.utility, *(crowd.ledger.totals[t].summand for t in crowd.ledger.totals)]
        for e in formulas:
            found.update(dict.fromkeys(r for r in natural_domain(e) if r.free_symbols & wanted))
    return tuple(found)


def _coupling(constraint: Constraint, scale: Expr) -> Coupling:
    relation = constraint.relation
    if relation.is_equality:
        symbol = sp.Symbol(f"nu[{constraint.name}]", real=True)
    else:
        symbol = sp.Symbol(f"mu[{constraint.name}]", nonnegative=True)
    return Coupling(constraint.name, symbol, relation.gap, relation.is_equality, scale)
