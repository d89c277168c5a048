"""The finitely many equations that remain when every member's choice is put in.

Sums of choices are replaced: by n*g(x) for a family whose members are all alike, whose common
choice x stays an unknown with its bounds; else by the summed best reply.  A sum that the replies
themselves contain is an unknown with the equation "it is the sum of the replies to it".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from alignsym.conditions.families import CrowdConditions, MemberConditions
from alignsym.conditions.system import Equation, FreeMultiplier, Origin, Pair, System
from alignsym.logic.crowd import Crowd
from alignsym.logic.powers import flattened
from alignsym.logic.sums import NotSummableError
from alignsym.model.agents import Action
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.tidy import tidy

Reply = Mapping[sp.Symbol, Expr]


@dataclass(frozen=True, slots=True)
class Reduced:
    """A system in finitely many unknowns, and the members' choices in terms of them."""

    system: System
    replies: tuple[tuple[sp.Symbol, Expr], ...]
    sums: tuple[tuple[sp.Symbol, Expr], ...] = ()  # what was put in for each sum of choices


def reduced(
    crowd: Crowd, asked: CrowdConditions, chosen: Mapping[sp.Symbol, Reply | None]
) -> Reduced:
    """The system for one branch of the best replies; None where the members are alike.

    Raises: NotSummableError where a summed reply still contains an unknown inside its sum.
    """
    sums = _Sums(crowd, asked, chosen)
    unknowns: list[sp.Symbol] = []
    equations: list[Equation] = []
    pairs: list[Pair] = []
    free: list[FreeMultiplier] = []
    domain: list[Relation] = [sums.relation(r) for r in asked.domain]
    for total, summed in sums.totals.items():
        unknowns.append(total)
        # A positive total is divided out where every term has it: zero is no solution.
        gap = tidy(sp.expand(total - summed)) if total.is_positive else total - summed
        equations.append(Equation(gap, Origin("stationarity", "sum", total.name)))
    for group in asked.members:
        if chosen[group.family] is None:
            more, own = _alike(group, sums)
            equations += more
            pairs += own
            unknowns += [a.symbol for a in group.actions]
            domain += [sums.relation(r) for r in group.domain if r.is_strict]
            domain += [
                Relation(a.symbol, ">", a.interval.lower)
                for a in group.actions
                if a.interval.open_lower
            ]
    for action, e in zip(asked.singles, asked.equations):
        bounds = _bounds(action, "single")
        equations.append(_stationary("single", action, sums.put(e), bounds))
        pairs += bounds
        unknowns.append(action.symbol)
    constraints: list[Equation] = []
    for c in asked.coupling:
        origin = Origin("constraint", "all", c.name)
        if c.equality:
            free.append(FreeMultiplier(c.multiplier, origin))
            constraints.append(Equation(sums.put(c.gap), origin))
        else:
            pairs.append(Pair(c.multiplier, sums.put(c.gap), origin))
    for c in asked.markets:
        origin = Origin("clearing", "market", c.name)
        pairs.append(Pair(c.multiplier, sums.put(c.gap), origin))
    data = set(crowd.ledger.members) - set(crowd.chosen)
    if any(sp.expand(e.expression) == 0 for e in equations):
        raise NotSummableError("the conditions leave a choice open: the solutions are a set")
    known = declared(crowd)
    formulas = [*(e.expression for e in equations), *(p.slack for p in pairs)]
    facts = crowd.facts(crowd.declared, *formulas, *(r.gap for r in domain))
    given = {*unknowns, *(c.multiplier for c in (*asked.coupling, *asked.markets))}
    hidden = {*crowd.ledger.members, *given}
    known += tuple(r for r in facts if r not in crowd.declared and not r.free_symbols & hidden)
    system = System(
        actions=tuple(unknowns),
        free=tuple(free),
        equations=(*equations, *constraints),
        pairs=tuple(pairs),
        domain=tuple(r for r in dict.fromkeys(domain) if not r.free_symbols & data),
        parameters=known,
    )
    return Reduced(system, tuple(sums.replies.items()), tuple(sums.written.items()))


def declared(crowd: Crowd) -> Region:
    """What is declared of scalars and totals of data; a total with a known value is gone."""
    known = crowd.ledger.known
    return tuple(
        r
        for r in crowd.declared
        if not r.free_symbols & set(crowd.ledger.members)
        and not (r.is_equality and (r.left in known or r.right in known))
    )


class _Sums:
    """Sums of choices written out, summed, or kept as unknowns."""

    def __init__(
        self, crowd: Crowd, asked: CrowdConditions, chosen: Mapping[sp.Symbol, Reply | None]
    ) -> None:
        self.crowd, self.ledger = crowd, crowd.ledger
        self.alike = {
            a.symbol: g.family for g in asked.members if chosen[g.family] is None for a in g.actions
        }
        self.replied = {
            a.symbol for g in asked.members if chosen[g.family] is not None for a in g.actions
        }
        given = {s: e for reply in chosen.values() if reply is not None for s, e in reply.items()}
        self.written: dict[sp.Symbol, Expr] = {}
        self.replies = {s: self.flat(e) for s, e in given.items()}
        self.unsettled = {c.multiplier for c in (*asked.coupling, *asked.markets)}
        self.unsettled |= set(crowd.chosen)
        self.totals: dict[sp.Symbol, Expr] = {}
        waiting = [t for e in self.replies.values() for t in self.moving(e)]
        while waiting:
            total = waiting.pop()
            if total not in self.totals:
                self.totals[total] = self.summed(total)
                waiting += self.moving(self.totals[total])
        self.unsettled |= set(self.totals)
        for summed in self.totals.values():
            self.settled(summed, set())

    def moving(self, e: Expr) -> tuple[sp.Symbol, ...]:
        """The totals in e of choices that are replies."""
        return self.ledger.moving(e, self.replied)

    def flat(self, e: Expr) -> Expr:
        """e with sums over members that are alike as n times one of them."""
        table: dict[sp.Symbol, Expr] = {}
        for total in self.ledger.moving(e, self.alike):
            entry = self.ledger.totals[total]
            if entry.family in self.alike.values():
                size = self.ledger.families[entry.family].size
                table[total] = self.written[total] = size * self.flat(entry.summand)
        out = e.xreplace(table)
        return flattened(out) if table and out.has(sp.exp) else out  # exp(n*log(x)) = x**n

    def summed(self, total: sp.Symbol) -> Expr:
        """The sum of the summand at the replies."""
        entry = self.ledger.totals[total]
        body = self.flat(entry.summand).xreplace(self.replies)
        signed = {
            s: sp.Symbol(s.name, positive=True)
            for s in body.free_symbols & (self.unsettled | set(self.ledger.totals))
            if s.is_nonnegative and not s.is_positive
        }
        out = self.ledger.total(entry.family, body.xreplace(signed))
        self.settled(out, set(signed.values()))
        out = self.written[total] = out.xreplace({new: old for old, new in signed.items()})
        return out

    def settled(self, e: Expr, more: set[sp.Symbol]) -> None:
        """Raises where an unknown stands inside a sum: there is no closed form here."""
        for symbol in e.free_symbols & set(self.ledger.totals):
            if self.ledger.depends(symbol, self.replied):
                continue  # an unknown itself
            if self.ledger.totals[symbol].summand.free_symbols & (self.unsettled | more):
                raise NotSummableError(
                    f"the best reply does not sum up in closed form: {self.ledger.indexed(symbol)}"
                )

    def put(self, e: Expr) -> Expr:
        """e in the unknowns of the reduced system."""
        e = self.flat(e)
        table = {t: self.summed(t) for t in self.moving(e) if t not in self.totals}
        for summed in table.values():
            self.settled(summed, set())
        return e.xreplace(table)

    def relation(self, r: Relation) -> Relation:
        """Both sides in the unknowns of the reduced system."""
        return Relation(self.put(r.left), r.operator, self.put(r.right))


def _bounds(action: Action, owner: str) -> list[Pair]:
    low, high = action.interval.lower, action.interval.upper
    out = []
    if low != -sp.oo and not action.interval.open_lower:
        symbol = sp.Symbol(f"low[{action.name}]", nonnegative=True)
        out.append(Pair(symbol, action.symbol - low, Origin("lower", owner, action.name)))
    if high != sp.oo and not action.interval.open_upper:
        symbol = sp.Symbol(f"high[{action.name}]", nonnegative=True)
        out.append(Pair(symbol, high - action.symbol, Origin("upper", owner, action.name)))
    return out


def _stationary(owner: str, action: Action, e: Expr, bounds: list[Pair]) -> Equation:
    for pair in bounds:
        e += pair.multiplier * sp.diff(pair.slack, action.symbol)
    return Equation(e, Origin("stationarity", owner, action.name))


def _alike(group: MemberConditions, sums: _Sums) -> tuple[list[Equation], list[Pair]]:
    """The conditions of a family whose members are alike, in one member's actions."""
    owner = f"each {group.family}"
    equations, pairs = [], []
    for action, e in zip(group.actions, group.equations):
        bounds = _bounds(action, owner)
        equations.append(_stationary(owner, action, sums.put(e), bounds))
        pairs += bounds
    for c in group.own:
        if c.equality:
            raise NotSummableError(f"{c.name} is an equality for every member")
        pairs.append(Pair(c.multiplier, sums.put(c.gap), Origin("constraint", owner, c.name)))
    return equations, pairs
