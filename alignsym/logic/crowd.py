"""A game with families over plain symbols: one generic member stands for all.

The roles are read from the game and nothing is decided here: who chooses what, what it is worth,
and what binds.  `x[i]` is a member's symbol, a sum over the family a total (`logic.sums`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import sympy as sp

from alignsym.errors import ModelError
from alignsym.logic.decide import implies, search
from alignsym.logic.ledger import Ledger
from alignsym.logic.sums import NotSummableError
from alignsym.model.agents import Action, Constraint
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Interval, Operator, Region, Relation

_ZERO = sp.S.Zero
_GAP: dict[str, Operator] = {"<=": ">=", ">=": ">=", "<": ">", ">": ">", "==": "=="}
JOINT: tuple[Concept, ...] = ("maximize", "social", "bargaining")


@dataclass(frozen=True, slots=True)
class Role:
    """An agent (`family` None) or the generic member of a family of agents."""

    name: str
    family: sp.Symbol | None
    utility: Expr
    actions: tuple[Action, ...]
    constraints: tuple[Constraint, ...]
    weight: Expr
    fallback: Expr
    loss: bool
    needs: Region  # where the utility as written is defined, before sums were taken apart


@dataclass(frozen=True, slots=True)
class Profile:
    """A claimed solution where `when` holds: every action and price of a generic member, and the
    multipliers of constraints and bounds, over plain symbols."""

    when: Region
    values: tuple[tuple[sp.Symbol, Expr], ...]
    multipliers: tuple[tuple[str, Expr], ...] = ()
    bounds: tuple[tuple[str, Expr], ...] = ()
    binding: tuple[str, ...] = ()
    written_out: bool = False  # with sums over some of the members, which have no symbol of theirs


@dataclass(frozen=True, slots=True)
class Crowd:
    """All roles, what binds them jointly, and what is declared of the parameters."""

    game: Game
    ledger: Ledger
    roles: tuple[Role, ...]
    shared: tuple[Constraint, ...]
    prices: tuple[Constraint, ...]
    declared: Region
    several: frozenset[sp.Symbol]
    one: bool = False  # what is declared of a member's data need not hold of every member

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions of all roles."""
        return tuple(a for r in self.roles for a in r.actions)

    @property
    def chosen(self) -> tuple[sp.Symbol, ...]:
        """Everybody's actions and the prices."""
        prices = tuple(p.symbol for p in self.game.prices)
        return (*(a.symbol for a in self.actions), *prices)

    def facts(self, region: Region, *more: Expr) -> Region:
        """The region with what is true of the totals in it and in the expressions.

        A fact is only used where its summand is shown to be defined: it would say so itself.
        """
        known = self.ledger.facts((*region, *more), bool(self.several))
        sound = [r for r in known if all(_implied(region, d) for d in natural_domain(r.right))]
        summed = self.summed(region)
        return (*region, *sound, *summed, *self.compared(region, more))

    def summed(self, region: Region) -> Region:
        """What holds for every member holds for the sum over all."""
        if self.one:
            return ()
        members = set(self.ledger.members)
        out = []
        for r in region:
            homes = {self.ledger.family_of(s) for s in r.free_symbols & members}
            plain = r in self.declared and (r.gap.is_Symbol or (-r.gap).is_Symbol)
            if len(homes) != 1 or r.operator == "!=" or plain:
                continue  # a sum of data of one sign has that sign already
            out.append(Relation(self.ledger.total(homes.pop(), r.gap), _GAP[r.operator], _ZERO))
        return tuple(out)

    def compared(self, region: Region, more: tuple[Expr, ...]) -> Region:
        """Which of two sums is larger, where it is so term by term for a generic member."""
        if self.one:
            return ()
        totals = self.ledger.totals
        found = {s for e in (*region, *more) for s in e.free_symbols if s in totals}
        named = [(s, totals[s].family, totals[s].summand) for s in sorted(found, key=str)]
        named += [(f.size, i, sp.S.One) for i, f in self.ledger.families.items() if named]
        out = []
        for (one, i, u), (two, j, v) in combinations(named, 2):
            if i != j or not (u.free_symbols & v.free_symbols or 1 in (u, v)):
                continue
            if (u - v).has(sp.log, sp.exp) or not all(
                p.exp.is_Integer for p in (u - v).atoms(sp.Pow)
            ):
                continue
            for sign in (">", "<"):
                if _implied(region, Relation(u - v, sign, sp.S.Zero)):
                    out.append(Relation(one, sign, two))
                    break
        return tuple(out)

    def members(self, family: sp.Symbol) -> tuple[Action, ...]:
        """The actions numbered by the family."""
        found = (a for a in self.actions if a.symbol in self.ledger.members)
        return tuple(a for a in found if self.ledger.family_of(a.symbol) == family)

    def families(self) -> tuple[sp.Symbol, ...]:
        """The families whose members, or the goods numbered by which, are chosen."""
        return tuple(f for f in self.ledger.families if self.members(f))

    def aggregate(self, utilities: dict[str, Expr]) -> Expr:
        """The sum over all roles, those of families summed over the family."""
        out = []
        for role in self.roles:
            term = utilities[role.name]
            out.append(term if role.family is None else self.ledger.total(role.family, term))
        return sp.Add(*out)

    def objective(self, concept: Concept) -> Expr:
        """What one decision maker maximises: U, sum w_i U_i, or prod (U_i - d_i)**w_i."""
        if concept == "bargaining":
            gains = {r.name: r.weight * sp.log(r.utility - r.fallback) for r in self.roles}
            return sp.exp(self.aggregate(gains))
        return self.aggregate({r.name: r.weight * r.utility for r in self.roles})

    def undefined(self, region: Region, expressions: Iterable[Expr]) -> Region:
        """What must hold besides for the expressions, and the sums in them, to be defined."""
        needed = dict.fromkeys(r for e in expressions for r in self.ledger.domain(e))
        return tuple(
            r for r in needed if not implies(self.facts(region, r.left, r.right), r).is_proof
        )


@lru_cache(maxsize=4096)
def _implied(region: Region, relation: Relation) -> bool:
    return implies(region, relation, milliseconds=200).is_proof


def crowd(game: Game) -> Crowd:
    """The roles of a game with families.

    Raises: NotSummableError where a sum has no canonical form; ModelError where an index stands
    outside its family.
    """
    ledger = Ledger(game)
    # Read as written, before what the conditions say is used.
    conditions = ledger.assume(game.conditions)
    declared = [*(r for p in game.parameters for r in _declared(p.interval, p.symbol, ledger))]
    ledger.bounded(
        {
            a.symbol: a.interval
            for a in (_action(ledger, Action(p.symbol, p.interval)) for p in game.parameters)
            if a.symbol in ledger.members
        }
    )
    weights, fallbacks = dict(game.weights), dict(game.disagreement)
    roles = []
    for agent in game.agents:
        roles.append(
            Role(
                agent.name, None, _objective(ledger, agent.objective, agent.loss, agent.name),
                tuple(_action(ledger, a) for a in agent.actions),
                _constraints(ledger, agent.constraints),
                ledger.scalar(weights.get(agent.name, sp.S.One)),
                ledger.scalar(fallbacks.get(agent.name, sp.S.Zero)), agent.loss,
                _needs(ledger, agent.objective),
            )
        )  # fmt: skip
        _refuse_free_index(ledger, roles[-1])
    for family in game.families:
        if family.objective is None:
            continue
        name = str(family.index)
        roles.append(
            Role(
                name, family.index, _objective(ledger, family.objective, family.loss, name),
                tuple(_action(ledger, a) for a in family.actions),
                _constraints(ledger, family.constraints),
                ledger.scalar(weights.get(name, sp.S.One)),
                ledger.scalar(fallbacks.get(name, sp.S.Zero)), family.loss,
                _needs(ledger, family.objective),
            )
        )  # fmt: skip
        _refuse_free_index(ledger, roles[-1])
    shared = _constraints(ledger, game.shared)
    prices = tuple(
        Constraint(p.name, ledger.relation(p.clearing, where=f"prices.{p.name}"))
        for p in game.prices
    )
    for constraint in (*shared, *prices):
        if free := constraint.relation.free_symbols & set(ledger.members):
            raise NotSummableError(
                f"{constraint.name} holds for every member ({min(map(str, free))}); give it to "
                "the family"
            )
    for member, indexed in ledger.members.items():
        if indexed.base in ledger.numbered:
            size = ledger.families[indexed.indices[0]].size
            declared += [Relation(member, ">=", sp.S.One), Relation(member, "<=", size)]
    region = (*declared, *conditions)
    sizes = {f.size for f in game.families}
    two = [s for s in sizes if search((*region, Relation(s, "<", sp.Integer(2)))).is_proof]
    several = frozenset(two) if len(two) == len(sizes) else frozenset()
    return Crowd(game, ledger, tuple(roles), shared, prices, region, several)


def _objective(ledger: Ledger, objective: Expr, loss: bool, name: str) -> Expr:
    out = ledger.scalar(objective, where=f"agent {name}")
    return -out if loss else out


def _needs(ledger: Ledger, objective: Expr) -> Region:
    """Where an objective is defined as written, a bound index standing for any member."""
    return tuple(
        Relation(ledger.inside(r.left), r.operator, ledger.inside(r.right))
        for r in natural_domain(objective)
    )


def _declared(interval: Interval, symbol: Expr, ledger: Ledger) -> Region:
    return tuple(ledger.relation(r) for r in interval.contains(symbol))


def _action(ledger: Ledger, action: Action) -> Action:
    ends = action.interval
    low, high = (e if e in (sp.oo, -sp.oo) else ledger.scalar(e) for e in (ends.lower, ends.upper))
    interval = Interval(low, high, ends.open_lower, ends.open_upper)
    return Action(ledger.scalar(action.symbol), interval)


def _constraints(ledger: Ledger, given: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    return tuple(
        Constraint(c.name, ledger.relation(c.relation, where=c.name), c.domain) for c in given
    )


def _refuse_free_index(ledger: Ledger, role: Role) -> None:
    """A utility may name members of its own family only."""
    for symbol in sorted(role.utility.free_symbols & set(ledger.members), key=str):
        home = ledger.family_of(symbol)
        if home != role.family:
            raise ModelError(
                f"{symbol} stands outside a sum over {home}",
                where=f"agent {role.name}",
                remedy=f"write Sum({str(symbol).replace(f'[{home}]', '[j]')}, "
                f"(j, 1, {ledger.families[home].size}))",
            )
