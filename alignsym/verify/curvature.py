"""Concavity in the choices of all members together, for every n, by the form of each term.

    c*Sum(g(x_j)), c*g concave;    concave in affine sums;
    c*prod x_j**a_j,  a_j >= 0, Sum(a_j) <= 1;                         c >= 0
    c*Sum(a_j*x_j**r)**e,  a_j >= 0, r <= 1, r != 0, 0 < e*r <= 1;     c >= 0
    Sum(l(x_j)) + h*Sum(c_j*x_j)**2,  l'' = -d_j < 0,  2*h*Sum(c_j**2/d_j) <= 1

The last is diagonal plus rank one: (Sum c*z)**2 <= Sum(c**2/d)*Sum(d*z**2).  Where an inequality on
the exponents or the sum is strict, so is concavity in those choices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.claims import Proved, Unknown, Verdict, weakest
from alignsym.logic.crowd import Crowd
from alignsym.model.agents import Action
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.concavity import Concave, concave
from alignsym.verify.facts import holds
from alignsym.verify.generic import bounds_of

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Whole:
    """Concave in everything chosen, strictly in each of `pinned`."""

    pinned: frozenset[sp.Symbol]


def concave_whole(
    crowd: Crowd, f: Expr, actions: Sequence[Action], premises: Region
) -> Whole | Unknown:
    """Whether f is concave in all members' actions and single actions together."""
    return _Terms(crowd, f, actions, premises).outcome()


class _Terms:
    """The terms of one function, sorted by form."""

    def __init__(self, crowd: Crowd, f: Expr, actions: Sequence[Action], premises: Region) -> None:
        self.crowd, self.ledger, self.f = crowd, crowd.ledger, f
        self.actions = tuple(actions)
        self.symbols = {a.symbol for a in actions}
        self.premises = (*premises, *bounds_of(actions))
        self.separable: dict[sp.Symbol, Expr] = {}
        self.convex: dict[sp.Symbol, Expr] = {}
        self.rest: list[Expr] = []
        self.pinned: set[sp.Symbol] = set()

    def outcome(self) -> Whole | Unknown:
        """Every term concave, those that are not alone together with the diagonal."""
        for term in sp.Add.make_args(sp.expand(self.f)):
            verdict = self._sorted(term)
            if not isinstance(verdict, Proved):
                return Unknown(getattr(verdict, "reason", "not shown"))
        for family in self.crowd.families():
            verdict = self._diagonal(family)
            if not isinstance(verdict, Proved):
                return Unknown(getattr(verdict, "reason", "not shown"))
        if self.rest:
            joint = sp.Add(*self.rest)
            totals = self.ledger.moving(joint, self.symbols)
            plain = tuple(s for s in self.symbols if joint.has(s))
            if any(not self._affine(t) for t in totals) or not isinstance(
                concave(joint, (*totals, *plain), self.premises), Concave
            ):
                return Unknown(f"{joint} is not shown to be concave in sums over the members")
        return Whole(frozenset(self.pinned))

    def _sorted(self, term: Expr) -> Verdict:
        moving = (*self.ledger.moving(term, self.symbols), *(self.symbols & term.free_symbols))
        if not moving:
            return Proved()
        coefficient, part = term.as_independent(*moving, as_Add=False)
        if part in self.ledger.totals:
            self.separable[part] = self.separable.get(part, _ZERO) + coefficient
            return Proved()
        if part.is_Pow and part.exp == 2 and part.base in self.ledger.totals:
            convex = self._holds(coefficient, "<=") is False
            if convex and self._affine(part.base):
                self.convex[part.base] = self.convex.get(part.base, _ZERO) + coefficient
                return Proved()
        if isinstance(part, sp.exp) and self._holds(coefficient, ">="):
            return self._product(part.args[0], coefficient)
        if part.is_Pow and part.base in self.ledger.totals and not self._affine(part.base):
            return self._power(part.base, part.exp, coefficient)
        self.rest.append(term)
        return Proved()

    def _holds(self, e: Expr, operator: str) -> bool:
        relation = Relation(e, operator, _ZERO)  # type: ignore[arg-type]
        return isinstance(holds(relation, self.premises), Proved)

    def _affine(self, total: sp.Symbol) -> bool:
        summand = self.ledger.totals[total].summand
        slopes = [sp.diff(summand, s) for s in self.symbols]
        return not any(slope.free_symbols & self.symbols for slope in slopes)

    def _product(self, exponent: Expr, coefficient: Expr) -> Verdict:
        """prod x_j**a_j = exp(Sum(a_j*log x_j)) with exponents whose sum is at most one."""
        left, inside = sp.S.One, []
        for term in sp.Add.make_args(exponent):
            if term not in self.ledger.totals:
                return Unknown(f"exp({exponent}) is not shown to be concave")
            entry = self.ledger.totals[term]
            logs = [log for log in entry.summand.atoms(sp.log) if log.args[0] in self.symbols]
            if len(logs) != 1:
                return Unknown(f"{term} is no sum of logarithms of choices")
            a = sp.cancel(entry.summand / logs[0])
            if a.free_symbols & self.symbols or not self._holds(a, ">="):
                return Unknown(f"an exponent in {term} is not shown to be nonnegative")
            left -= self.ledger.total(entry.family, a)
            inside.append((logs[0].args[0], a))
        facts = self.crowd.facts(self.premises, left)
        if not isinstance(holds(Relation(left, ">=", _ZERO), facts), Proved):
            return Unknown("the exponents of a product are not shown to sum to at most one")
        if isinstance(holds(Relation(left, ">", _ZERO), facts), Proved):
            strict = self._holds(coefficient, ">")
            self.pinned |= {x for x, a in inside if strict and self._holds(a, ">")}
        return Proved()

    def _power(self, total: sp.Symbol, e: Expr, coefficient: Expr) -> Verdict:
        """Sum(a_j*x_j**r)**e with r <= 1 and 0 < e*r <= 1."""
        summand = self.ledger.totals[total].summand
        powers = [(b, c) for b, c in summand.as_powers_dict().items() if b in self.symbols]
        if len(powers) != 1:
            return Unknown(f"{total}**{e} is not shown to be concave")
        ((x, r),) = powers
        a = sp.cancel(summand / x**r)
        if a.free_symbols & self.symbols or r.free_symbols & set(self.ledger.members):
            return Unknown(f"{total} is no sum of powers of choices")
        good = [
            self._holds(coefficient, ">="),
            self._holds(a, ">="),
            self._holds(1 - r, ">="),
            self._holds(r, "!="),
            self._holds(e * r, ">"),
            self._holds(1 - e * r, ">="),
        ]
        if not all(good):
            return Unknown(f"{total}**{e} is not shown to be concave")
        if (
            self._holds(coefficient, ">")
            and self._holds(a, ">")
            and self._holds(1 - e * r, ">")
            and self._holds(1 - r, ">")
        ):
            self.pinned.add(x)
        return Proved()

    def _diagonal(self, family: sp.Symbol) -> Verdict:
        """One member's own terms, and the convex squares of affine sums they must outweigh."""
        mine = [a for a in self.crowd.members(family) if a.symbol in self.symbols]
        own = tuple(a.symbol for a in mine)
        totals = self.ledger.totals
        separable = sp.Add(
            *(
                c * totals[t].summand
                for t, c in self.separable.items()
                if totals[t].family == family
            )
        )
        if separable != 0:
            if (set(separable.free_symbols) & self.symbols) - set(own):
                return Unknown(f"{separable} mixes families")
            found = concave(separable, own, self.premises, natural_domain(separable))
            if not isinstance(found, Concave):
                return Unknown(f"{separable} is not shown to be concave in {own}")
            self.pinned |= set(own) & set(found.pinned)
        squares = [t for t in self.convex if totals[t].family == family]
        if not squares:
            return Proved()
        if len(squares) > 1 or len(own) != 1:
            return Unknown("more than one convex square is not outweighed here")
        (total,), (x,) = squares, own
        d = sp.expand(-sp.diff(separable, x, 2))
        c = sp.diff(totals[total].summand, x)
        if d.free_symbols & self.symbols or not self._holds(d, ">"):
            return Unknown(f"nothing outweighs the square of {total}")
        room = 1 - 2 * self.convex[total] * self.ledger.total(family, sp.cancel(c**2 / d))
        facts = self.crowd.facts(self.premises, room)
        verdict = holds(Relation(room, ">=", _ZERO), facts)
        strict = isinstance(holds(Relation(room, ">", _ZERO), facts), Proved)
        self.pinned = self.pinned if strict else self.pinned - {x}
        return weakest([verdict])
