"""What must hold of an answer for n members, by definition, for a generic member and every n.

All is asked over plain symbols: a member's data, totals of data, n >= 1 as a real.  What holds for
them holds for every n and all data, since only laws of finite sums were used (`logic.sums`).  As
for a game of given size: defined, feasible, optimal for everyone, clearing, multipliers, reported;
and whether there is anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.claims import Decided, Proved, Unknown, Verdict, weakest
from alignsym.logic.crowd import JOINT, Crowd, Profile, Role
from alignsym.logic.sums import NotSummableError
from alignsym.model.agents import Action, Constraint
from alignsym.model.game import Concept
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.aggregative import unique_profile
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.division import divided
from alignsym.verify.facts import holds, zero
from alignsym.verify.generic import Decision, bounds_of, decision, priced
from alignsym.verify.profiles import ListedClaims, Reported
from alignsym.verify.shadow_prices import unique_multipliers
from alignsym.verify.shapes import Shape, shape
from alignsym.verify.theorems import optimal, signs, stationary
from alignsym.verify.uniqueness import unique_maximiser

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Shown:
    """The verdicts on a profile, and every claim decided on the way."""

    status: Verdict
    exhaustive: Verdict
    decided: tuple[Decided, ...]
    flat: bool = False  # at the prices of sums a member is indifferent: the solutions are a set


def verify_profile(crowd: Crowd, concept: Concept, profile: Profile, said: Reported) -> Shown:
    """Decide every obligation of a claimed profile."""
    try:
        claims = ProfileClaims(crowd, concept, profile, said)
        status = claims.status()
        exhaustive = claims.exhaustive() if isinstance(status, Proved) else Unknown("not a proof")
    except NotSummableError as stopped:
        reason = Unknown(str(stopped))
        return Shown(reason, reason, ())
    claims.note("exhaustive", "", "nothing else is a solution", exhaustive)
    return Shown(status, exhaustive, tuple(claims.decided), claims.flat(exhaustive))


class ProfileClaims(ListedClaims):
    """All obligations of one profile; with `passive` others show multipliers to be unique."""

    def __init__(
        self,
        crowd: Crowd,
        concept: Concept,
        profile: Profile,
        said: Reported,
        passive: bool = False,
    ) -> None:
        super().__init__(crowd, concept, profile, said)
        self.passive = passive
        self.parts: list[tuple[DecisionMaker, Mapping[sp.Symbol, Expr], Shape | Unknown]] = []
        self.marginals: list[Decision] = []
        self.pinned: frozenset[sp.Symbol] = frozenset()

    def status(self) -> Verdict:
        """The weakest of all claims about "this is a solution"."""
        complete = self.note("defined", "", "everything chosen is listed", self.complete())
        if not isinstance(complete, Proved):
            return complete
        verdicts = [
            self.note("defined", "", "everything listed is defined and real", self.defined()),
            *self.feasible(),
            *self.clearing(),
            *self.optimal(),
            self.note("multipliers", "", "the multipliers are the only ones", self.unique()),
            self.note("reported", "", "the reported values are true", self.reported()),
        ]
        return weakest(verdicts)

    # ------------------------------------------------------------------ optimality
    def optimal(self) -> list[Verdict]:
        """No decision maker of the concept has a better feasible choice."""
        crowd = self.crowd
        out = []
        if self.concept in JOINT:
            out.append(self._whole(crowd.objective(self.concept), crowd.actions, "the whole"))
        else:
            shared = crowd.shared if self.concept == "variational" else ()
            for role in (r for r in crowd.roles if r.actions):
                out += self._role(role, shared)
        return out

    def _role(self, role: Role, shared: tuple[Constraint, ...]) -> list[Verdict]:
        constraints = (*role.constraints, *shared)
        vector = [a for a in role.actions if a.symbol in self.ledger.members]
        if role.family is None and vector:
            return [self._whole(role.utility, role.actions, role.name, constraints)]
        made = decision(self.crowd, role.name, role.utility, role.actions, constraints, self.values)
        verdict, found = self._decide(made, sp.S.One)
        self.parts.append((made.maker, made.values, found))
        who = role.name if role.family is None else f"each {role.family}"
        return [self.note("optimal", who, f"no choice of {who} is better", verdict)]

    def _whole(
        self,
        objective: Expr,
        actions: tuple[Action, ...],
        name: str,
        constraints: tuple[Constraint, ...] | None = None,
    ) -> Verdict:
        """One decision maker over all members, divided by prices."""
        everything = self.constraints() if constraints is None else constraints
        division = divided(
            self.crowd, objective, actions, everything, self.values, self.multipliers, self.region
        )
        text = f"no feasible choice of {name} is better"
        self._marginal(objective, actions, everything, name)
        if isinstance(division, Unknown):
            return self.note("optimal", name, text, division)
        self.pinned |= division.pinned
        verdicts = [self._saddle(everything), *(d.verdict for d in division.hypotheses)]
        self.decided += division.hypotheses
        for part in division.parts:
            made = Decision(part, tuple(self.values.items()))
            verdict, found = self._decide(made, division.factor)
            verdicts.append(verdict)
            self.parts.append((part, self.values, found))
            said = f"no choice of {part.name} is better at the prices of sums"
            self.note("optimal", part.name, said, verdict)
        positive = Relation(division.factor, ">", _ZERO)
        verdicts.append(holds(positive, self.region))
        return self.note("optimal", name, text, weakest(verdicts))

    def _decide(self, made: Decision, factor: Expr) -> tuple[Verdict, Shape | Unknown]:
        """Whether the maker's part of the profile is optimal, and how concave its problem is."""
        maker, values = made.maker, made.values
        named = {k: v / factor for k, v in self.multipliers.items()}
        bounds = {k: v / factor for k, v in self.bounds.items()}
        tight = {
            r: isinstance(zero(r.gap.xreplace(values), self.region), Proved)
            for r in bounds_of(maker.actions)
        }
        items = priced(maker, values, named, bounds, tight)
        region = self.crowd.facts(self.region, *values.values())
        own = set(maker.variables)
        premises = tuple(r for r in self.region if not r.free_symbols & own)
        found = shape(maker, premises)
        verdict = optimal(maker, values, items, region, found)
        if not isinstance(verdict, Proved):
            found = shape(maker.at(values), region)
            verdict = optimal(maker.at(values), values, items, region, found)
        return verdict, found

    def _saddle(self, constraints: tuple[Constraint, ...]) -> Verdict:
        """Signs and complementary slackness of the constraints that couple the members."""
        verdicts: list[Verdict] = []
        for c in constraints:
            mu = self.multipliers.get(c.name, _ZERO)
            if c.relation.is_equality or c.relation.free_symbols & set(self.ledger.members):
                continue
            gap = self.ledger.at(c.relation.gap, self.values)
            verdicts += [
                holds(Relation(mu, ">=", _ZERO), self.region),
                zero(sp.Mul(mu, gap), self.region),
            ]
        return weakest(verdicts)

    # ------------------------------------------------------------------ multipliers
    def _marginal(
        self,
        objective: Expr,
        actions: tuple[Action, ...],
        constraints: tuple[Constraint, ...],
        name: str,
    ) -> None:
        """The first-order conditions of a generic member in the undivided problem, kept for the
        multipliers."""
        for family in self.crowd.families():
            mine = [a for a in actions if a in self.crowd.members(family)]
            own = {a.symbol for a in mine}
            if not mine:
                continue
            touching = [
                c
                for c in constraints
                if c.relation.free_symbols & own or self.ledger.moving(c.relation.gap, own)
            ]
            made = decision(self.crowd, f"each {family}", objective, mine, touching, self.values)
            self.marginals.append(made)
        singles = [a for a in actions if a.symbol not in self.ledger.members]
        if singles:
            made = decision(self.crowd, name, objective, singles, constraints, self.values)
            self.marginals.append(made)

    def unique(self) -> Verdict:
        """Lagrange multipliers, and the only ones: then they are the derivatives of the value."""
        makers = self.marginals or [Decision(m, tuple(v.items())) for m, v, _ in self.parts]
        if not self.multipliers and all(
            r.is_strict for made in makers for r in bounds_of(made.maker.actions)
        ):
            return Proved()
        values: dict[sp.Symbol, Expr] = {}
        rows = []
        for made in makers:
            values |= made.values
            tight = {
                r: isinstance(zero(r.gap.xreplace(made.values), self.region), Proved)
                for r in bounds_of(made.maker.actions)
            }
            rows.append(
                (made.maker, priced(made.maker, values, self.multipliers, self.bounds, tight))
            )
        region = self.crowd.facts(self.region, *values.values())
        saddle = [stationary(maker, values, items, region) for maker, items in rows]
        saddle += [signs(values, items, region) for _, items in rows]
        verdict = weakest(saddle)
        if self.passive or not isinstance(verdict, Proved):
            return verdict
        return unique_multipliers(rows, values, region, everywhere=self._squares)

    def _squares(self, row: Expr, names: Sequence[str]) -> Region:
        """Sum(e(j)**2) = 0 where e = 0 for every member: d*a[i] = 0 for all i, so d*Sum(a**2) = 0.

        For multipliers that all members share: of what binds all jointly or one single agent.
        """
        if self.crowd.one:
            return ()
        members = set(self.ledger.members)
        homes = {self.ledger.family_of(s) for s in row.free_symbols & members}
        single = [c for r in self.crowd.roles if r.family is None for c in r.constraints]
        listed = (*self.crowd.shared, *single)
        common = {c.name for c in listed if not c.relation.free_symbols & members}
        if len(homes) != 1 or not set(names) <= common:
            return ()
        return (Relation(self.ledger.total(homes.pop(), row**2), "==", _ZERO),)

    def exhaustive(self) -> Verdict:
        """Whether nothing else is a solution, for any member and any n."""
        if self.concept not in JOINT:
            return unique_profile(self.crowd, self.concept, self.values, self.region, self.parts)
        verdicts = []
        for role in self.crowd.roles:
            if self.concept == "social":
                verdicts.append(holds(Relation(role.weight, ">", _ZERO), self.region))
        for maker, values, found in self.parts:
            if set(maker.variables) <= self.pinned:
                continue
            region = self.crowd.facts(self.region, *values.values())
            verdicts.append(unique_maximiser(maker, values, (), region, found, saddle=False))
        return weakest(verdicts)

    def flat(self, exhaustive: Verdict) -> bool:
        """Whether the only thing determined is a sum: somebody is indifferent at its price."""
        if isinstance(exhaustive, Proved) or self.concept not in JOINT:
            return False
        return any(
            not set(maker.variables) <= self.pinned
            and set(maker.variables) <= set(self.ledger.members)
            and any(sp.expand(sp.diff(maker.objective, v)) == 0 for v in maker.variables)
            for maker, _, _ in self.parts
        )
