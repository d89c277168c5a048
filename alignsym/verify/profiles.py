"""What an answer for n members lists, and whether it is true for a generic member and every n.

Defined and real; feasible for everyone; markets clear; payoffs and value are those of the
utilities.  All over plain symbols: a member's data and totals of data.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.claims import Claim, ClaimKind, Decided, Proved, Unknown, Verdict, weakest
from alignsym.logic.crowd import JOINT, Crowd, Profile
from alignsym.model.agents import Constraint
from alignsym.model.game import Concept
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.facts import holds, zero
from alignsym.verify.generic import bounds_of

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Reported:
    """What is said besides the profile: the value of the problem, and every role's payoff."""

    value: Expr | None
    utilities: tuple[tuple[str, Expr], ...]


class ListedClaims:
    """The obligations that speak of listed formulas alone, decided one by one and noted."""

    def __init__(self, crowd: Crowd, concept: Concept, profile: Profile, said: Reported) -> None:
        self.crowd, self.concept, self.profile, self.said = crowd, concept, profile, said
        self.ledger = crowd.ledger
        self.values: dict[sp.Symbol, Expr] = dict(profile.values)
        self.multipliers, self.bounds = dict(profile.multipliers), dict(profile.bounds)
        premises = (*crowd.declared, *profile.when)
        extra = [*self.values.values(), *self.multipliers.values()]
        extra += [self.ledger.at(r.utility, self.values) for r in crowd.roles]
        self.region: Region = crowd.facts(premises, *extra)
        self.decided: list[Decided] = []

    def note(self, kind: ClaimKind, subject: str, statement: str, verdict: Verdict) -> Verdict:
        """Record a decided claim, in the terms of the game."""
        region = tuple(self.ledger.written(r) for r in self.profile.when)
        self.decided.append(Decided(Claim(kind, 0, subject, statement, region), verdict))
        return verdict

    def complete(self) -> Verdict:
        """Exactly the actions and prices have values, exactly the named constraints multipliers."""
        if set(self.values) != set(self.crowd.chosen):
            return Unknown("the values listed are not those of all actions and prices")
        if set(self.multipliers) != {c.name for c in self.constraints()}:
            return Unknown("the multipliers listed are not those of the named constraints")
        if not set(self.bounds) <= {a.name for a in self.crowd.actions}:
            return Unknown("a bound multiplier is listed for something that is no action")
        if self.crowd.game.numeraire is not None:
            return Unknown("a numeraire beside a family is not verified yet")
        written = [(c.name, c.domain) for c in self.crowd.game.constraints]
        written += [(p.name, p.domain) for p in self.crowd.game.prices]
        for name, domain in written:
            if domain:
                return Unknown(f"{name} is written with a domain of its own")
        lost = [a.domain for a in self.crowd.game.agents]
        lost += [f.domain for f in self.crowd.game.families]
        if any(lost):
            return Unknown("a utility is written with a domain of its own")
        return Proved()

    def constraints(self) -> tuple[Constraint, ...]:
        own = tuple(c for r in self.crowd.roles for c in r.constraints)
        return (*own, *self.crowd.shared)

    def defined(self) -> Verdict:
        """Every value, multiplier and payoff is defined and real, for every member."""
        known = {p.symbol for p in self.crowd.game.parameters if isinstance(p.symbol, sp.Symbol)}
        rows = [*self.values.values(), *self.multipliers.values(), *self.bounds.values()]
        rows += [e for _, e in self.said.utilities]
        rows += [] if self.said.value is None else [self.said.value]
        chosen = set(self.crowd.chosen)
        verdicts = []
        for e in rows:
            if e.has(sp.zoo, sp.nan, sp.I, sp.oo):
                return Unknown(f"{e} is not a closed form")
            for symbol in e.free_symbols:
                if symbol in chosen or not (
                    symbol in known or symbol in self.ledger.members or symbol in self.ledger.totals
                ):
                    return Unknown(f"{e} is not a closed form in the parameters")
            verdicts.append(self._defined(e))
        for symbol, e in self.values.items():
            verdicts.append(self._only_own(e, {symbol} & set(self.ledger.members)))
        for name, e in self.multipliers.items():
            about = [c for c in self.constraints() if c.name == name]
            verdicts.append(self._only_own(e, {s for c in about for s in c.relation.free_symbols}))
        for r in self.profile.when:
            if r.free_symbols & chosen:
                return Unknown(f"{r} is not a condition on the parameters")
        return weakest(verdicts)

    def _only_own(self, e: Expr, about: set[sp.Symbol]) -> Verdict:
        """What belongs to a member depends on that member's data only, the rest on no member's."""
        homes = {self.ledger.family_of(s) for s in about if s in self.ledger.members}
        for symbol in e.free_symbols & set(self.ledger.members):
            if self.ledger.family_of(symbol) not in homes:
                return Unknown(f"{e} depends on the member of a sum")
        return Proved()

    def _defined(self, e: Expr) -> Verdict:
        return weakest(holds(r, self.region) for r in self.ledger.domain(e))

    def feasible(self) -> list[Verdict]:
        """Actions in their intervals, constraints satisfied, utilities defined."""
        listed = [(a.name, r) for a in self.crowd.actions for r in bounds_of([a])]
        listed += [(c.name, c.relation) for c in self.constraints()]
        for c in self.constraints():
            sides = (c.relation.left, c.relation.right)
            listed += [(c.name, r) for side in sides for r in self.ledger.domain(side)]
        for role in self.crowd.roles:
            listed += [(role.name, r) for r in (*self.ledger.domain(role.utility), *role.needs)]
            if self.concept == "bargaining":
                gain = role.utility - role.fallback
                listed.append((role.name, Relation(gain, ">", _ZERO)))
        out = []
        for name, r in dict.fromkeys(listed):
            verdict = self._at(r)
            statement = f"{self.ledger.written(r)} holds"
            out.append(self.note("feasible", name, statement, verdict))
        return out

    def _at(self, r: Relation) -> Verdict:
        left, right = (self.ledger.at(side, self.values) for side in (r.left, r.right))
        here = Relation(left, r.operator, right)
        return holds(here, self.crowd.facts(self.region, left, right))

    def clearing(self) -> list[Verdict]:
        """p >= 0, demand <= supply, and their product zero, for every listed price."""
        out = []
        for price, symbol in zip(self.crowd.prices, self.crowd.game.prices):
            value = self.values[symbol.symbol]
            gap = self.ledger.at(price.relation.gap, self.values)
            parts = [
                holds(Relation(value, ">=", _ZERO), self.region),
                self._at(price.relation),
                zero(sp.Mul(value, gap), self.region),
            ]
            statement = f"the market of {price.name} clears"
            out.append(self.note("clearing", price.name, statement, weakest(parts)))
        return out

    def reported(self) -> Verdict:
        """value = the objective there, payoffs = the utilities there."""
        verdicts: list[Verdict] = []
        if self.concept in JOINT:
            target = self.crowd.objective(self.concept)
            if self.concept == "maximize" and self.crowd.roles[0].loss:
                target = -target
            if self.said.value is None:
                return Unknown("the optimal value is not listed")
            verdicts.append(
                zero(self.said.value - self.ledger.at(target, self.values), self.region)
            )
        for action in self.crowd.actions:
            gaps = (self.ledger.at(r.gap, self.values) for r in bounds_of([action]))
            loose = not any(isinstance(zero(gap, self.region), Proved) for gap in gaps)
            if self.bounds.get(action.name, _ZERO) != 0 and loose:
                return Unknown(f"a multiplier for bounds of {action.name} that do not bind")
        payoffs = dict(self.said.utilities)
        if set(payoffs) != {r.name for r in self.crowd.roles}:
            return Unknown("the payoffs listed are not those of all agents")
        for role in self.crowd.roles:
            true = self.ledger.at(role.utility, self.values)
            verdicts.append(zero(payoffs[role.name] - true, self.region))
        return weakest(verdicts)
