"""Premises that stand before dozens of questions: translated once, with points that meet them."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

import sympy as sp

from alignsym.logic.counterexamples import POINTS, Point, around, can_be_met, decidable, points
from alignsym.logic.smt import Translation
from alignsym.model.relations import Region


class Premises:
    """Premises as formulas, and a few points at which they hold."""

    def __init__(self, premises: Region) -> None:
        self.translation = Translation(premises)
        self.relations = decidable(self.translation.work, premises)
        self._lessons = 0
        self.can_be_met = all(map(can_be_met, self.relations))
        self.formulas = tuple(self.translation.relation(r) for r in premises)

    @cached_property
    def points(self) -> list[Point]:
        """Points at which all of them hold."""
        return points(self.translation.work, self.relations)

    def learn(self, found: tuple[tuple[sp.Symbol, Fraction], ...]) -> None:
        """Where a point is hard to come by, keep those that z3 has found."""
        if found and len(self.points) < POINTS and self.can_be_met and self._lessons < 3:
            self._lessons += 1
            work = self.translation.work
            self.points.extend(around(work, self.relations, dict(found)))
