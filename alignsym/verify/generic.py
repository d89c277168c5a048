"""The decision of one generic member, everything else given.

Member i of a family has S = R + g(x_i) in every sum S = Sum(g(x_j)) of the game, where R, what the
others put in, is given.  What R may be is not known but for its sign: nonnegative where g is, and
positive where besides there are two members or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.logic.crowd import Crowd
from alignsym.logic.sums import NotSummableError
from alignsym.model.agents import Action, Constraint
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.theorems import Priced

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision maker over plain symbols, and the values of all symbols it takes as given."""

    maker: DecisionMaker
    given: tuple[tuple[sp.Symbol, Expr], ...]

    @property
    def values(self) -> dict[sp.Symbol, Expr]:
        """The values as a table."""
        return dict(self.given)


def decision(
    crowd: Crowd,
    name: str,
    objective: Expr,
    actions: Sequence[Action],
    constraints: Iterable[Constraint],
    values: Mapping[sp.Symbol, Expr],
) -> Decision:
    """The problem of somebody who chooses `actions`, for a family those of one member.

    Raises: NotSummableError where a sum depends on an action of a single agent.
    """
    ledger = crowd.ledger
    own = tuple(a.symbol for a in actions)
    constraints = tuple(constraints)
    parts = [objective, *(s for c in constraints for s in (c.relation.left, c.relation.right))]
    totals = dict.fromkeys(t for e in parts for t in ledger.moving(e, own))
    split: dict[sp.Symbol, Expr] = {}
    given: dict[sp.Symbol, Expr] = dict(values)
    for total in totals:
        entry = ledger.totals[total]
        if not all(s in ledger.members for s in own) or ledger.moving(entry.summand, own):
            raise NotSummableError(f"{ledger.indexed(total)} depends on a choice of {name}")
        rest = others(crowd, total)
        split[total] = rest + entry.summand
        given[rest] = ledger.at(total, values) - ledger.at(entry.summand, values)
    for e in parts:
        for symbol in e.free_symbols:
            if symbol in ledger.totals:
                given[symbol] = ledger.at(symbol, values)
    rewritten = tuple(Constraint(c.name, c.relation.replaced(split)) for c in constraints)
    objective = objective.xreplace(split)
    domain = [*natural_domain(objective)]
    for c in rewritten:
        domain += [*natural_domain(c.relation.left), *natural_domain(c.relation.right)]
    maker = DecisionMaker(name, objective, tuple(actions), rewritten, tuple(dict.fromkeys(domain)))
    return Decision(maker, tuple(given.items()))


def others(crowd: Crowd, total: sp.Symbol) -> sp.Symbol:
    """What the others put into a total, with the sign that is known of it."""
    summand = crowd.ledger.totals[total].summand
    several = bool(crowd.several)
    signs: dict[str, bool] = {"real": True}
    if summand.is_positive and several:
        signs = {"positive": True}
    elif summand.is_nonnegative:
        signs = {"nonnegative": True}
    elif summand.is_nonpositive:
        signs = {"nonpositive": True}
    return sp.Symbol(f"others' {total.name}", **signs)


def priced(
    maker: DecisionMaker,
    values: Mapping[sp.Symbol, Expr],
    named: Mapping[str, Expr],
    bounds: Mapping[str, Expr],
    tight: Mapping[Relation, bool],
) -> tuple[Priced, ...]:
    """The maker's constraints and bounds with the multipliers claimed for them.

    The one entry for an action's bounds belongs to the end that is `tight`.
    """
    out = [Priced(c.name, c.relation, named.get(c.name, _ZERO)) for c in maker.constraints]
    for action in maker.actions:
        claimed = bounds.get(action.name, _ZERO)
        for relation in action.interval.contains(action.symbol):
            ours = claimed != 0 and tight.get(relation, False)
            out.append(Priced(action.name, relation, claimed if ours else _ZERO))
            claimed = _ZERO if ours else claimed
    return tuple(out)


def linear(name: str, slopes: Mapping[sp.Symbol, Expr], actions: Sequence[Action]) -> DecisionMaker:
    """The maximisation of a sum of slope * choice over intervals."""
    objective = sp.Add(*(slope * symbol for symbol, slope in slopes.items()))
    return DecisionMaker(name, objective, tuple(actions), (), ())


def bounds_of(actions: Iterable[Action]) -> Region:
    """The actions' intervals."""
    return tuple(r for a in actions for r in a.interval.contains(a.symbol))
