"""What must hold of an answer, by definition of its concept, as a list of claims with verdicts.

For every regime: defined and real; feasible for everyone; no decision maker has a better choice, globally;
markets clear; multipliers are unique shadow prices; nothing else solves the problem there; the regime
is not empty.  For the answer: the regimes cover the declared parameters, boundaries included, and
overlapping regimes agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import sympy as sp

from alignsym.claims import (
    Claim,
    ClaimKind,
    Decided,
    Proved,
    Unknown,
    Unsatisfiable,
    Verdict,
    weakest,
)
from alignsym.logic.decide import search
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime
from alignsym.verify.decision import DecisionMaker, decision_makers, everyones_bounds
from alignsym.verify.theorems import Priced, Shape, holds, optimal, shape, zero
from alignsym.verify.uniqueness import monotone_block, unique_equilibrium, unique_maximiser

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Verified:
    """Regimes with their verdicts, coverage, and every claim decided on the way.

    `local` says of every regime why local conditions do not make it global, '' where they do: for a
    concave problem exact points can support an identity that is not proved, for others they cannot.
    """

    regimes: tuple[Regime, ...]
    coverage: Verdict
    decided: tuple[Decided, ...]
    local: tuple[str, ...]


def verify(game: Game, concept: Concept, regimes: Sequence[Regime]) -> Verified:
    """Decide every obligation of the answer."""
    makers = decision_makers(game, concept)
    given = game.domain()
    shapes = {m.name: shape(m, (*given, *_others(game, m))) for m in makers}
    single = concept in ("maximize", "social")
    block = None if single else monotone_block(game, makers, concept, given)
    out, decided, local = [], [], []
    for index, regime in enumerate(regimes):
        checker = _Checker(game, concept, index, regime, makers, shapes)
        status = checker.status()
        if single:
            exhaustive = checker.unique_optimum()
        else:
            region = (*given, *regime.when)
            values = dict(regime.values)
            assert block is not None
            exhaustive = unique_equilibrium(game, makers, concept, values, region, block)
        checker.note("exhaustive", "", "nothing else is a solution", exhaustive)
        decided += checker.decided
        local.append(checker.only_local)
        out.append(replace(regime, status=status, exhaustive=exhaustive))
    coverage = covered(game, out)
    decided.append(Decided(Claim("covered", None, "", "the regimes cover all parameters"), coverage))
    agree = consistent(game, out)
    decided.append(Decided(Claim("consistent", None, "", "overlapping regimes agree"), agree))
    if not isinstance(agree, Proved):
        out = [replace(r, status=weakest([r.status, agree])) for r in out]
    return Verified(tuple(out), coverage, tuple(decided), tuple(local))


def _others(game: Game, maker: DecisionMaker) -> Region:
    """What is known of the choices a decision maker takes as given."""
    own = set(maker.variables)
    return tuple(r for r in everyones_bounds(game) if not r.free_symbols & own)


class _Checker:
    """The obligations of one regime, decided one by one and noted."""

    def __init__(
        self,
        game: Game,
        concept: Concept,
        index: int,
        regime: Regime,
        makers: Sequence[DecisionMaker],
        shapes: Mapping[str, Shape | Unknown],
    ) -> None:
        self.game, self.concept, self.index, self.regime = game, concept, index, regime
        self.makers = makers
        self.region: Region = (*game.domain(), *regime.when)
        self.values: dict[sp.Symbol, Expr] = dict(regime.values)
        self.shapes = {m.name: self._shape(m, shapes[m.name]) for m in makers}
        self.decided: list[Decided] = []
        self.only_local = ""

    def note(self, kind: ClaimKind, subject: str, statement: str, verdict: Verdict) -> Verdict:
        """Record a decided claim."""
        claim = Claim(kind, self.index, subject, statement, self.region)
        self.decided.append(Decided(claim, verdict))
        return verdict

    def _shape(self, maker: DecisionMaker, general: Shape | Unknown) -> Shape | Unknown:
        """Concavity for all choices of the others, else at the others' choices in this regime."""
        if isinstance(general, Shape):
            return general
        return shape(self._at_others(maker), self.region)

    def _at_others(self, maker: DecisionMaker) -> DecisionMaker:
        others = {s: e for s, e in self.values.items() if s not in maker.variables}
        constraints = tuple(
            replace(c, relation=c.relation.replaced(others)) for c in maker.constraints
        )
        return replace(maker, objective=maker.objective.xreplace(others), constraints=constraints)

    def status(self) -> Verdict:
        """The weakest of: defined, feasible, optimal for everyone, clearing, multipliers, nonempty."""
        verdicts = [
            self.note("nonempty", "", "some parameters are in the regime", self.nonempty()),
            self.note("defined", "", "everything listed is defined and real", self.defined()),
            *self.feasible(),
            *self.clearing(),
        ]
        for maker in self.makers:
            local = maker
            if self.shapes[maker.name] is not None and not self._general(maker):
                local = self._at_others(maker)
            verdict = optimal(local, self.values, self.priced(maker), self.region, self.shapes[maker.name])
            found = self.shapes[maker.name]
            if isinstance(found, Unknown) and not isinstance(verdict, Proved):
                self.only_local = found.reason
            text = f"no feasible choice of {maker.name} is better"
            verdicts.append(self.note("optimal", maker.name, text, verdict))
        verdicts.append(self.note("multipliers", "", "the multipliers are the shadow prices", self.multipliers()))
        return weakest(verdicts)

    def _general(self, maker: DecisionMaker) -> bool:
        found = self.shapes[maker.name]
        own = set(maker.variables)
        return isinstance(found, Shape) and bool(
            found.inner.free_symbols - own <= maker.objective.free_symbols
        )

    # -------------------------------------------------------------- the claims
    def nonempty(self) -> Verdict:
        """An exact witness is inside."""
        if self.regime.witness or not self.game.parameters:
            return Proved()
        return Unknown("no exact parameter point inside was found")

    def defined(self) -> Verdict:
        """Every value, multiplier and utility is defined and real on the regime."""
        rows = [e for _, e in self.regime.values]
        rows += [e for _, e in (*self.regime.multipliers, *self.regime.bounds)]
        if self.regime.value is not None:
            rows.append(self.regime.value)
        needed: dict[Relation, None] = {}
        for e in rows:
            if e.has(sp.zoo, sp.nan, sp.I) or e.free_symbols - self._parameters():
                return Unknown(f"{e} is not a closed form in the parameters")
            needed.update(dict.fromkeys(natural_domain(e)))
        for condition in self.regime.when:
            if condition.free_symbols - self._parameters():
                return Unknown(f"{condition} is not a condition on the parameters")
        return weakest(holds(r, self.region) for r in needed)

    def _parameters(self) -> set[sp.Symbol]:
        return {p.symbol for p in self.game.parameters}

    def feasible(self) -> list[Verdict]:
        """Actions in their intervals, constraints satisfied, utilities defined (-oo allowed for others)."""
        out = []
        listed = [(str(a.symbol), r) for a in self.game.actions for r in a.interval.contains(a.symbol)]
        listed += [(c.name, c.relation) for m in self.makers for c in m.constraints]
        for maker in self.makers:
            listed += [(maker.name, r) for r in natural_domain(maker.objective)]
        for name, relation in dict.fromkeys(listed):
            verdict = holds(relation.replaced(self.values), self.region)
            out.append(self.note("feasible", name, f"{relation} holds", verdict))
        for agent in self.game.agents:
            if not agent.actions and self.concept != "social":
                for r in natural_domain(agent.utility):
                    closed = r.relaxed().replaced(self.values)  # -oo at the edge is a value
                    verdict = holds(closed, self.region)
                    out.append(self.note("feasible", agent.name, f"{closed} holds", verdict))
        return out

    def clearing(self) -> list[Verdict]:
        """p >= 0, demand <= supply, and their product zero, for every listed price."""
        out = []
        for price in self.game.prices:
            gap = price.clearing.gap.xreplace(self.values)
            value = self.values.get(price.symbol, sp.S.One)
            parts = [
                holds(Relation(value, ">=", _ZERO), self.region),
                holds(price.clearing.replaced(self.values), self.region),
                zero(sp.Mul(value, gap), self.region),
            ]
            out.append(self.note("clearing", price.name, f"the market of {price.name} clears", weakest(parts)))
        return out

    def priced(self, maker: DecisionMaker) -> tuple[Priced, ...]:
        """The maker's constraints and bounds with the multipliers the regime claims for them."""
        named, bounds = dict(self.regime.multipliers), dict(self.regime.bounds)
        out = [Priced(c.name, c.relation, named.get(c.name, _ZERO)) for c in maker.constraints]
        for action in maker.actions:
            claimed = bounds.get(action.name, _ZERO)
            for relation in action.interval.contains(action.symbol):
                slack = relation.gap.xreplace(self.values)
                tight = claimed != 0 and isinstance(zero(slack, self.region), Proved)
                out.append(Priced(action.name, relation, claimed if tight else _ZERO))
        return tuple(out)

    def multipliers(self) -> Verdict:
        """Unique: no other multipliers satisfy stationarity and complementary slackness at x*.

        With stationarity proved, the difference d of two sets of multipliers solves
        sum d_k grad(slack_k)(x*) = 0; asked on the regime's interior, where V is differentiable.
        """
        inner = tuple(r.tightened() for r in self.region)
        conditions: list[Relation] = []
        different: list[Relation] = []
        known: dict[str, sp.Symbol] = {}
        for maker in self.makers:
            rows = {v: _ZERO for v in maker.variables}
            for k, item in enumerate(self.priced(maker)):
                key = item.name if any(c.name == item.name for c in maker.constraints) else f"{item.name}#{k}"
                moves = known.setdefault(key, sp.Symbol(f"d[{key}]", real=True))
                for v in maker.variables:
                    slope = sp.diff(item.relation.gap, v).xreplace(self.values)
                    rows[v] += (-1 if item.relation.is_equality else 1) * moves * slope
                if item.relation.is_equality:
                    different.append(Relation(moves, "!=", _ZERO))
                    continue
                slack = item.relation.gap.xreplace(self.values)
                if isinstance(zero(slack, self.region), Proved):
                    different.append(Relation(moves, "!=", _ZERO))
                    conditions.append(Relation(item.multiplier + moves, ">=", _ZERO))
                else:
                    # Slack inside the regime, so every multiplier of it is zero there.
                    conditions.append(Relation(moves, "==", _ZERO))
            conditions += [Relation(row, "==", _ZERO) for row in rows.values() if row != 0]
        if not different:
            return Proved()
        if any(c.gap.has(sp.zoo, sp.nan) for c in conditions):
            return Unknown("a constraint has no finite gradient at the solution")
        answer = search((*inner, *dict.fromkeys(conditions)), any_of=tuple(dict.fromkeys(different)))
        if answer.is_proof:
            return Proved((Unsatisfiable((*inner, *conditions), tuple(different)),))
        return Unknown("the multipliers are not shown to be unique")

    def unique_optimum(self) -> Verdict:
        """`exhaustive` for one decision maker."""
        (maker,) = self.makers
        return unique_maximiser(maker, self.values, self.priced(maker), self.region, self.shapes[maker.name])


# ------------------------------------------------------------------ the answer as a whole
def covered(game: Game, regimes: Sequence[Regime]) -> Verdict:
    """No declared parameter point lies outside every regime."""
    if not regimes:
        return Unknown("no regime was found")
    if any(not r.when for r in regimes):
        return Proved()
    regions = [r.when for r in regimes]
    answer = search(game.domain(), outside=regions, milliseconds=3000)
    if answer.is_proof:
        return Proved((Unsatisfiable(game.domain(), ()),))
    if answer.kind == "sat":
        shown = ", ".join(f"{k} = {v}" for k, v in answer.point)
        return Unknown(f"perhaps not covered: {shown}")
    return Unknown(f"coverage: {answer.reason}")


def consistent(game: Game, regimes: Sequence[Regime]) -> Verdict:
    """Regimes that overlap give the same values, or one of them is shown to be the only solution."""
    verdicts: list[Verdict] = []
    for one, two in combinations(regimes, 2):
        if one.multiple and two.multiple:
            continue
        if isinstance(one.exhaustive, Proved) or isinstance(two.exhaustive, Proved):
            continue
        theirs = dict(two.values)
        region = (*game.domain(), *one.when, *two.when)
        differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.values if theirs[s] != e)
        if not differ:
            continue
        answer = search(region, any_of=differ)
        if not answer.is_proof:
            verdicts.append(Unknown("two regimes overlap and may disagree"))
    return weakest(verdicts)
