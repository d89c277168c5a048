"""A profile in its arena: the values for all parameters of a regime, and exact points inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.arena import Arena
from alignsym.claims import Point, Proved, Verdict, weakest
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero
DIGITS = 30
# SymPy tells the two infinities apart: (-oo).has(oo) is false.
INFINITE = (sp.oo, -sp.oo, sp.zoo, sp.nan)
NOISE = sp.Rational(1, 10**20)


@dataclass(frozen=True, slots=True)
class Profile:
    """What everybody does, as closed forms on the parameters where `region` holds.

    `region` is what is declared and the regime's condition; `silent` the persons whose utility is
    -oo there; `witnesses` exact parameter points of the region, the first one always.
    """

    arena: Arena
    region: Region
    values: tuple[tuple[sp.Symbol, Expr], ...]
    silent: frozenset[str] = frozenset()
    witnesses: tuple[Point, ...] = ()

    @property
    def table(self) -> dict[sp.Symbol, Expr]:
        """The values as a substitution."""
        return dict(self.values)

    @property
    def heard(self) -> tuple[str, ...]:
        """The persons whose utility is finite."""
        return tuple(n for n in self.arena.persons if n not in self.silent)

    def utility(self, name: str) -> Expr:
        """A person's utility at the profile, -oo for the silent."""
        if name in self.silent:
            return -sp.oo
        return shortened(self.arena.utility(name).xreplace(self.table))

    def number(self, e: Expr, witness: int = 0) -> sp.Float | None:
        """An expression of actions and parameters at a witness, None where it is no real number."""
        point = dict(self.witnesses[witness])
        at = e.xreplace(self.table).xreplace(point)
        found = at.evalf(DIGITS)
        if found.is_Float or found.is_Integer or found.is_Rational:
            return sp.Float(found, DIGITS)
        return None

    def looks_zero(self, e: Expr, witness: int = 0) -> bool:
        """A hint: whether the expression is numerically zero at a witness."""
        value = self.number(e, witness)
        return value is not None and bool(abs(value) < NOISE)

    def sign(self, e: Expr) -> int:
        """A hint: 1 if positive at every witness, 0 if nonnegative there, -1 otherwise."""
        if e == sp.oo:
            return 1
        signs = []
        for k in range(len(self.witnesses)):
            value = self.number(e, k)
            if value is None or value < -NOISE:
                return -1
            signs.append(value > NOISE)
        return 1 if all(signs) else 0

    def feasible(self) -> Verdict:
        """Whether the profile satisfies everything, on the whole region."""
        equal = dict.fromkeys(self.arena.persons, sp.S.One)
        return feasible(self.arena.planner(equal, self.silent), self.table, self.region)


def feasible(maker: DecisionMaker, values: Mapping[sp.Symbol, Expr], region: Region) -> Verdict:
    """Whether values satisfy bounds, constraints and the domain for every parameter of a region."""
    needed: list[Relation] = [r.replaced(dict(values)) for r in maker.feasible()]
    for e in values.values():
        needed = [*natural_domain(e), *needed]
    return weakest(holds(r, region) for r in dict.fromkeys(needed))


def is_proved(verdict: Verdict) -> bool:
    """Whether the verdict is a proof."""
    return isinstance(verdict, Proved)
