"""Numbers at which a question is answered no before z3 is asked: most questions are.

    premises true, conclusion false at one point   =>   the premises do not imply the conclusion

The points are floats, and a relation counts as decided at one only where its sign is clear beyond
rounding.  Like z3's `sat` the answer is a hint that proves nothing; it saves the question.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import sympy as sp

from alignsym.logic.abstraction import Abstraction
from alignsym.logic.generators import Condition, Generator
from alignsym.logic.polynomials import Polynomial, Ratio
from alignsym.model.relations import Relation

CLEAR = 1e-7  # relative to the largest term: far beyond the rounding of a few operations
TRIES, POINTS = 60, 8
# Signs of the gap; 0 is a gap without terms.
_TRUE = {"==": (0,), "!=": (-1, 1), ">": (1,), "<": (1,), ">=": (0, 1), "<=": (0, 1)}

Point = dict[sp.Symbol, float]
Decidable = tuple[Relation, Ratio, frozenset[Condition]]


class _Unclear(ArithmeticError):
    """The number is too near zero, too large, or of a kind that is not evaluated."""


class Place:
    """One point, and the generators of one abstraction evaluated there as far as they are met."""

    def __init__(self, work: Abstraction, point: Point, seed: int = 0) -> None:
        self._work, self._point, self._seed = work, dict(point), seed
        self._numbers: dict[int, float] = {}

    def is_true(self, relation: Decidable) -> bool:
        """Whether the relation is clearly defined and true."""
        return self._agrees(relation, True)

    def is_false(self, relation: Decidable) -> bool:
        """Whether the relation is clearly defined and false."""
        return self._agrees(relation, False)

    def _agrees(self, relation: Decidable, said: bool) -> bool:
        stated, gap, conditions = relation
        try:
            true = self._sign(gap) in _TRUE[stated.operator]
            return true is said and all(map(self._met, conditions))
        except (_Unclear, OverflowError, ZeroDivisionError, ValueError):
            return False

    def _met(self, condition: Condition) -> bool:
        if condition.kind == "unsaid":
            return False
        sign = self._sign(condition.ratio)
        return sign != 0 if condition.kind == "nonzero" else sign > 0

    def _sign(self, ratio: Ratio) -> int:
        """-1 or 1; 0 where the numerator has no terms."""
        if not ratio.numerator.terms:
            return 0
        return 1 if self._ratio(ratio) > 0 else -1

    def _ratio(self, ratio: Ratio) -> float:
        out = self._polynomial(ratio.numerator)
        for factor, exponent in ratio.denominator.items():
            out /= self._polynomial(factor) ** exponent
        return out

    def _polynomial(self, polynomial: Polynomial) -> float:
        total, largest = 0.0, 0.0
        for monomial, coefficient in polynomial.terms.items():
            term = float(coefficient)
            for index, exponent in monomial:
                term *= self._number(index) ** exponent
            total += term
            largest = max(largest, abs(term))
        if not CLEAR * largest < abs(total) < 1e200:
            raise _Unclear
        return total

    def _number(self, index: int) -> float:
        number = self._numbers.get(index)
        if number is None:
            number = self._numbers[index] = self._evaluated(self._work.generators[index])
        return number

    def _evaluated(self, generator: Generator) -> float:
        if generator.kind == "symbol":
            symbol = generator.expression
            if symbol not in self._point:  # the premises say nothing of it
                rng = random.Random(100 * self._seed + len(self._point))
                self._point[symbol] = _signed(symbol, math.exp(rng.uniform(-1.5, 1.5)), rng)
            return self._point[symbol]
        if generator.kind == "e":
            return math.e
        if generator.argument is None:
            raise _Unclear
        inside = self._ratio(generator.argument)
        if inside <= 0:
            raise _Unclear
        if generator.kind == "log":
            return math.log(inside)
        exponent = 1.0 if generator.unit is None else self._ratio(generator.unit)
        return float(inside ** (exponent / generator.degree))


def decidable(work: Abstraction, relations: Iterable[Relation]) -> tuple[Decidable, ...]:
    """The relations with their gaps and conditions of definedness over the generators."""
    return tuple((r, *gap_of(work, r)) for r in relations)


def gap_of(work: Abstraction, relation: Relation) -> tuple[Ratio, frozenset[Condition]]:
    """The relation's gap, and the conditions under which both sides are defined."""
    left, at_left = work.rewrite(relation.left)
    right, at_right = work.rewrite(relation.right)
    lower = relation.operator in ("<=", "<")
    return right + -left if lower else left + -right, at_left | at_right


def can_be_clear(relation: Decidable) -> bool:
    """Whether there may be points at which it is clearly true: not for an equality."""
    stated, gap, _ = relation
    return not (stated.is_equality and gap.numerator.terms)


def points(work: Abstraction, premises: Sequence[Decidable]) -> list[Point]:
    """A few points at which all premises are clearly true; none where an equality is among them."""
    if not all(map(can_be_clear, premises)):
        return []
    names = [g.expression for g in work.generators if g.kind == "symbol"]
    rng = random.Random(len(names))
    found: list[Point] = []
    for k in range(TRIES):
        spread = (0.4, 1.5, 4.0)[k % 3]
        point = {s: _signed(s, math.exp(rng.uniform(-spread, spread)), rng) for s in names}
        place = Place(work, point)
        if all(map(place.is_true, premises)):
            found.append(point)
        if len(found) == POINTS or (k >= 3 * POINTS and not found):
            break
    return found


def around(
    work: Abstraction, premises: Sequence[Decidable], centre: Mapping[sp.Symbol, Fraction]
) -> list[Point]:
    """A point that z3 found and some near it, as far as all premises are clearly true there."""
    rng = random.Random(len(centre))
    found = []
    for spread in (0.0, 0.02, 0.1, 0.1, 0.4, 0.4):
        point = {
            s: float(v) + spread * rng.uniform(-1, 1) * float(abs(v) or 1)
            for s, v in centre.items()
        }
        if all(map(Place(work, point).is_true, premises)):
            found.append(point)
    return found


def _signed(symbol: sp.Symbol, number: float, rng: random.Random) -> float:
    if symbol.is_positive or symbol.is_nonnegative:
        return number
    return -number if symbol.is_negative or rng.random() < 0.5 else number
