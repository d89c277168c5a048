"""The claims about one regime, decided one by one from the definition of the concept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from alignsym.claims import (
    Claim,
    ClaimKind,
    Decided,
    ExactPoints,
    Proved,
    Unknown,
    Verdict,
    weakest,
)
from alignsym.logic.piecewise import relation_at
from alignsym.logic.questions import decided as asked_for
from alignsym.logic.witness import is_inside
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime
from alignsym.verify.decision import JOINT, DecisionMaker, clearing_domain, domain_of
from alignsym.verify.equilibria import smooth
from alignsym.verify.facts import holds, zero
from alignsym.verify.kinks import kinked_multipliers
from alignsym.verify.lifting import best_at_kinks
from alignsym.verify.payoffs import payoff
from alignsym.verify.several import several_multipliers
from alignsym.verify.shadow_prices import interior, rivalled, unique_multipliers
from alignsym.verify.shapes import Shape, shape
from alignsym.verify.theorems import Priced, optimal, signs, stationary
from alignsym.verify.uniqueness import only_listed, unique_maximiser
from alignsym.verify.unpriced import unpriced

_ZERO = sp.S.Zero


def closed_of(maker: DecisionMaker) -> Region:
    """The ends of the maker's intervals that belong to them."""
    return tuple(r for r in maker.bounds() if not r.is_strict)


class RegimeClaims:
    """The obligations of one regime, decided one by one and noted."""

    def __init__(
        self,
        game: Game,
        concept: Concept,
        index: int,
        regime: Regime,
        makers: Sequence[DecisionMaker],
        shapes: Mapping[str, Shape | Unknown],
        beside: Sequence[Regime] = (),
    ) -> None:
        self.game, self.concept, self.index, self.regime = game, concept, index, regime
        self.makers, self.beside = makers, tuple(r for r in beside if r.multiple)
        self.priced_makers = makers  # of whom multipliers are claimed
        self.region: Region = (*game.domain(), *regime.when)
        self.values: dict[sp.Symbol, Expr] = dict(regime.values)
        self.general = shapes
        self.shapes = {m.name: self._shape(m, shapes[m.name]) for m in makers}
        self._saddles: dict[tuple[DecisionMaker, ...], Verdict] = {}
        self.decided: list[Decided] = []
        self.only_local = ""

    def note(self, kind: ClaimKind, subject: str, statement: str, verdict: Verdict) -> Verdict:
        """Record a decided claim."""
        claim = Claim(kind, self.index, subject, statement, self.region)
        asked_for(claim)
        self.decided.append(Decided(claim, verdict))
        return verdict

    def _shape(self, maker: DecisionMaker, general: Shape | Unknown) -> Shape | Unknown:
        """Concavity for all choices of the others, else at the others' choices in this regime."""
        if isinstance(general, Shape):
            return general
        return shape(maker.at(self.values), self.region)

    def status(self) -> Verdict:
        """The weakest of all claims: complete, nonempty, defined, feasible, clearing, ..."""
        text = "every action, price and constraint is listed"
        complete = self.note("defined", "", text, self.complete())
        if not isinstance(complete, Proved):
            return complete
        verdicts = [
            self.note("nonempty", "", "some parameters are in the regime", self.nonempty()),
            self.note("defined", "", "everything listed is defined and real", self.defined()),
            *self.feasible(),
            *self.clearing(),
        ]
        for maker in self.makers:
            text = f"no feasible choice of {maker.name} is better"
            verdicts.append(self.note("optimal", maker.name, text, self.best(maker)))
        prices = "the multipliers are the shadow prices in the regime's interior"
        verdicts.append(self.note("multipliers", "", prices, self.multipliers()))
        values = "the reported values are those of the utilities"
        return weakest([*verdicts, self.note("reported", "", values, self.reported())])

    def best(self, maker: DecisionMaker) -> Verdict:
        """No feasible choice of the maker is better."""
        found = self.shapes[maker.name]
        local = maker if found is self.general[maker.name] else maker.at(self.values)
        verdict = optimal(local, self.values, self.priced(maker), self.region, found)
        if not isinstance(verdict, Proved) and not smooth([maker]):
            lifted = best_at_kinks(local, self.values, self.priced(maker), self.region, optimal)
            verdict = lifted if isinstance(lifted, Proved) else verdict
        if isinstance(found, Unknown) and not isinstance(verdict, Proved):
            self.only_local = found.reason
        return verdict

    @property
    def missing(self) -> frozenset[str]:
        """Named constraints without a multiplier; at a tie all may be, for there they are a set."""
        listed = {n for n, _ in self.regime.multipliers}
        if self.regime.multiple and not listed and self.concept != "variational":
            return frozenset()
        return frozenset(c.name for m in self.priced_makers for c in m.constraints) - listed

    def complete(self) -> Verdict:
        """Exactly the actions and prices have values, exactly the named constraints multipliers."""
        chosen = {a.symbol for a in self.game.actions} | {p.symbol for p in self.game.prices}
        if set(self.values) != chosen:
            return Unknown("the values listed are not those of all actions and prices")
        named = {c.name for m in self.priced_makers for c in m.constraints}
        if not {n for n, _ in self.regime.multipliers} <= named:
            return Unknown("a multiplier is listed for something that is no constraint")
        if self.missing:
            why = unpriced(self.priced_makers, self.values, self.missing, self.region)
            if not isinstance(why, Proved):
                return why
        acting = {a.name for m in self.priced_makers for a in m.actions}
        if not {n for n, _ in self.regime.bounds} <= acting:
            return Unknown("a bound multiplier is listed for something that is no action")
        numeraire = self.game.numeraire
        if numeraire is not None and self.values[numeraire] != 1:
            return Unknown(f"the numeraire {numeraire} is not 1")
        return Proved()

    def nonempty(self) -> Verdict:
        """The witness is an exact point inside."""
        table = dict(self.regime.witness)
        if set(table) != self._parameters():
            return Unknown("no exact parameter point inside was given")
        if any(r.free_symbols - self._parameters() for r in self.region):
            return Unknown("a condition is not one on the parameters")
        if is_inside(self.region, self.regime.witness):
            return Proved((ExactPoints((self.regime.witness,)),))
        return Unknown("the witness is not inside the regime")

    def defined(self) -> Verdict:
        """Every value, multiplier and utility is defined and real on the regime."""
        rows = [e for _, e in self.regime.values]
        rows += [e for _, e in (*self.regime.multipliers, *self.regime.bounds)]
        if self.regime.value is not None:
            rows.append(self.regime.value)
        needed: dict[Relation, None] = {}
        for e in rows:
            if (
                e.has(sp.zoo, sp.nan, sp.I, sp.oo, sp.Piecewise)
                or e.free_symbols - self._parameters()
            ):
                return Unknown(f"{e} is not a closed form in the parameters")
            if any(not root.is_real for root in e.atoms(sp.CRootOf)):
                return Unknown(f"{e} is not a real number")
            needed.update(dict.fromkeys(natural_domain(e)))
        # A payoff may be -oo, but not undefined: log 0 is a value, log of a negative is not.
        for _, e in self.regime.utilities:
            if e.has(sp.zoo, sp.nan, sp.I) or e.free_symbols - self._parameters():
                return Unknown(f"{e} is not a payoff")
            if e != -sp.oo:
                needed.update(dict.fromkeys(natural_domain(e)))
        return weakest(holds(r, self.region) for r in needed)

    def _parameters(self) -> set[sp.Symbol]:
        return {p.symbol for p in self.game.parameters}

    def feasible(self) -> list[Verdict]:
        """Actions in intervals, constraints satisfied, utilities defined (-oo for others)."""
        out = []
        actions = self.game.actions
        listed = [(str(a.symbol), r) for a in actions for r in a.interval.contains(a.symbol)]
        listed += [(c.name, c.relation) for m in self.makers for c in m.constraints]
        listed += [(m.name, r) for m in self.makers for r in m.domain]
        for name, relation in dict.fromkeys(listed):
            verdict = holds(relation_at(relation, self.values, self.region), self.region)
            out.append(self.note("feasible", name, f"{relation} holds", verdict))
        for agent in self.game.agents:
            if not agent.actions and self.concept not in JOINT:
                for r in domain_of([agent], ()):
                    closed = r.relaxed().replaced(self.values)  # -oo at the edge is a value
                    verdict = holds(closed, self.region)
                    out.append(self.note("feasible", agent.name, f"{closed} holds", verdict))
        return out

    def clearing(self) -> list[Verdict]:
        """p >= 0, demand <= supply, and their product zero, for every listed price."""
        out = []
        for price in self.game.prices:
            gap = price.clearing.gap.xreplace(self.values)
            needed = dict(clearing_domain(self.game))[price.name]
            value = self.values.get(price.symbol, sp.S.One)
            parts = [
                holds(Relation(value, ">=", _ZERO), self.region),
                holds(price.clearing.replaced(self.values), self.region),
                zero(sp.Mul(value, gap), self.region),
                *(holds(r.replaced(self.values), self.region) for r in needed),
            ]
            text = f"the market of {price.name} clears"
            out.append(self.note("clearing", price.name, text, weakest(parts)))
        return out

    def priced(self, maker: DecisionMaker) -> tuple[Priced, ...]:
        """The maker's constraints and bounds with the multipliers the regime claims for them.

        The one entry for an action's bounds belongs to the end that is tight.
        """
        named, bounds = dict(self.regime.multipliers), dict(self.regime.bounds)
        out = [Priced(c.name, c.relation, named.get(c.name, _ZERO)) for c in maker.constraints]
        for action in maker.actions:
            claimed = bounds.get(action.name, _ZERO)
            for relation in action.interval.contains(action.symbol):
                tight = claimed != 0 and self._tight(relation)
                out.append(Priced(action.name, relation, claimed if tight else _ZERO))
                claimed = _ZERO if tight else claimed  # one entry, one end
        return tuple(out)

    def _tight(self, relation: Relation) -> bool:
        return isinstance(zero(relation.gap.xreplace(self.values), self.region), Proved)

    def saddle(self, makers: Sequence[DecisionMaker] | None = None) -> Verdict:
        """Stationarity, signs and complementary slackness of the multipliers reported."""
        makers = tuple(self.priced_makers if makers is None else makers)
        if makers not in self._saddles:
            parts = [(m, self.priced(m)) for m in makers]
            shown = [stationary(m, self.values, p, self.region) for m, p in parts]
            shown += [signs(self.values, p, self.region) for _, p in parts]
            self._saddles[makers] = weakest(shown)
        return self._saddles[makers]

    def multipliers(self) -> Verdict:
        """Lagrange multipliers, and the only ones: then the derivatives of the value."""
        unsaid = not self.regime.multipliers and not self.regime.bounds
        if self.regime.multiple and unsaid and self.concept != "variational":
            return Proved()  # common multipliers are what makes a solution a normalised one
        if not any(map(closed_of, self.priced_makers)) and not any(
            m.constraints for m in self.priced_makers
        ):
            return Proved()  # nothing has a multiplier
        if self.missing and not self.regime.multipliers:
            # None is claimed, and `complete` decided that none need be; bounds do not bind.
            slack = [
                r.replaced(self.values).tightened()
                for m in self.priced_makers
                for r in closed_of(m)
            ]
            return weakest(holds(r, self.region) for r in slack)
        bent = [m for m in self.priced_makers if not smooth([m])]
        if bent and (len(self.priced_makers) == 1 or self.concept in ("nash", "walras")):
            rest = [m for m in self.priced_makers if m not in bent]
            return weakest([*map(self.kinked, bent), self.smooth_multipliers(rest)])
        return self.smooth_multipliers(self.priced_makers)

    def smooth_multipliers(self, makers: Sequence[DecisionMaker]) -> Verdict:
        """Those of decision makers without kinks, if there are any."""
        if not makers:
            return Proved()
        saddle = self.saddle(makers)
        if not isinstance(saddle, Proved):
            return saddle
        unshaped = [m for m in makers if isinstance(self.shapes[m.name], Unknown)]
        priced = [m for m in unshaped if m.constraints or closed_of(m)]
        beside = self.beside if self.concept in JOINT else ()
        if priced and self.missing:
            return Unknown("without concavity a constraint without a multiplier may hide a kink")
        for maker in priced:
            rival = rivalled(maker, self.priced(maker), self.regime, beside, self.region)
            if not isinstance(rival, Proved):
                return rival
        parts = [(maker, self.priced(maker)) for maker in makers]
        none, open_ = self.missing, self.regime.several
        return unique_multipliers(parts, self.values, self.region, unlisted=none, unasked=open_)

    def several(self) -> tuple[str, ...]:
        """Multipliers that are the only thing not shown, for they are one choice among several."""
        rest = [d.verdict for d in self.decided if d.claim.kind != "multipliers"]
        if self.regime.several or not isinstance(weakest(rest), Proved):
            return ()
        parts = [(maker, self.priced(maker)) for maker in self.priced_makers]
        return several_multipliers(parts, self.regime)

    def kinked(self, maker: DecisionMaker) -> Verdict:
        """The multipliers of a decision maker whose program has kinks."""
        found = self.shapes[maker.name]
        there = maker.at(self.values)
        same = (maker.objective, there.objective)
        if isinstance(found, Unknown) or found.inner not in same or found.slope is not None:
            return Unknown("at a kink the multipliers are a set")
        named, bounds = dict(self.regime.multipliers), dict(self.regime.bounds)
        return kinked_multipliers(there, self.values, named, bounds, interior(self.region))

    def reported(self) -> Verdict:
        """value and payoffs are those at x*, and no bound multiplier is off its bound."""
        verdicts: list[Verdict] = []
        if self.regime.value is not None:
            single = self.concept == "maximize"
            target = self.game.agents[0].objective if single else self.makers[0].objective
            verdicts.append(zero(self.regime.value - target.xreplace(self.values), self.region))
        elif self.concept in JOINT:
            verdicts.append(Unknown("the optimal value is not listed"))
        payoffs = dict(self.regime.utilities)
        if set(payoffs) != {a.name for a in self.game.agents}:
            return Unknown("the payoffs listed are not those of all agents")
        for agent in self.game.agents:
            verdicts.append(payoff(agent.utility, payoffs[agent.name], self.values, self.region))
        for maker in self.makers:
            claimed = dict(self.regime.bounds)
            for action in maker.actions:
                ends = action.interval.contains(action.symbol)
                if claimed.get(action.name, _ZERO) != 0 and not any(map(self._tight, ends)):
                    verdicts.append(Unknown(f"a price of bounds of {action} that do not bind"))
        return weakest(verdicts)

    def unique_optimum(self, regimes: Sequence[Regime]) -> Verdict:
        """`exhaustive` for one decision maker: unique, or no other than those listed."""
        (maker,) = self.makers
        found = self.shapes[maker.name]
        saddle = isinstance(self.saddle(), Proved)
        if self.concept == "social" and not self._weights_positive():
            # 0 * -oo is 0: an agent without weight does not keep the others from its -oo.
            return Unknown("a weight is not shown to be positive")
        unique = unique_maximiser(
            maker, self.values, self.priced(maker), self.region, found, saddle=saddle
        )
        if isinstance(unique, Proved):
            return unique
        listed = [(r.when, dict(r.values)) for r in regimes if r is self.regime or r.multiple]
        top = maker.objective.xreplace(self.values)
        among = only_listed(maker, top, listed, self.region)
        return among if isinstance(among, Proved) else unique

    def _weights_positive(self) -> bool:
        return all(
            isinstance(holds(Relation(w, ">", _ZERO), self.region), Proved)
            for w in (self.game.weight(a.name) for a in self.game.agents)
        )
