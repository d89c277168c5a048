"""Points at which a question is answered no before z3 is asked: most questions are.

    premises true, conclusion false at one point   =>   the premises do not imply the conclusion

The points are rational and relations are decided at them exactly, as far as they are made of
symbols by sums, products and quotients.  Like z3's `sat` the answer proves nothing; it saves the
question.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import gcd

import sympy as sp

from alignsym.logic.abstraction import Abstraction
from alignsym.logic.generators import Condition
from alignsym.logic.polynomials import Polynomial, Ratio
from alignsym.model.relations import Relation

TRIES, POINTS = 60, 8
EXPONENT_LIMIT = 20
_TRUE = {"==": (0,), "!=": (-1, 1), ">": (1,), "<": (1,), ">=": (0, 1), "<=": (0, 1)}

Point = dict[sp.Symbol, Fraction]
Decidable = tuple[Relation, Ratio, frozenset[Condition]]


class _NotEvaluated(ArithmeticError):
    """The formula has a root, a logarithm or a power that no rational number need be."""


class Place:
    """One point, at which the relations over the generators of one abstraction are decided."""

    def __init__(self, work: Abstraction, point: Point, seed: int = 0) -> None:
        self._work, self._point, self._seed = work, dict(point), seed
        self._numbers: dict[int, tuple[int, int]] = {}

    def is_true(self, relation: Decidable) -> bool:
        """Whether the relation is decided here, defined and true."""
        return self._agrees(relation, True)

    def is_false(self, relation: Decidable) -> bool:
        """Whether the relation is decided here, defined and false."""
        return self._agrees(relation, False)

    def _agrees(self, relation: Decidable, said: bool) -> bool:
        stated, gap, conditions = relation
        try:
            # Definedness first: a denominator that is zero must not be cancelled by a zero.
            if not all(map(self._met, conditions)):
                return False
            return (self._sign(gap) in _TRUE[stated.operator]) is said
        except (_NotEvaluated, ZeroDivisionError):
            return False

    def _met(self, condition: Condition) -> bool:
        if condition.kind == "unsaid":
            return False
        sign = self._sign(condition.ratio)
        return sign != 0 if condition.kind == "nonzero" else sign > 0

    def _sign(self, ratio: Ratio) -> int:
        sign = self._sign_of(ratio.numerator)
        for factor, exponent in ratio.denominator.items():
            below = self._sign_of(factor)
            if below == 0:
                raise ZeroDivisionError
            sign *= below if exponent % 2 else 1
        return sign

    def _sign_of(self, polynomial: Polynomial) -> int:
        """By whole numbers over one denominator: rational ones are reduced at every step."""
        total, denominator = 0, 1
        for monomial, coefficient in polynomial.terms.items():
            top, bottom = coefficient.numerator, coefficient.denominator
            for index, exponent in monomial:
                if abs(exponent) > EXPONENT_LIMIT:
                    raise _NotEvaluated
                above, below = self._numbers.get(index) or self._number(index)
                if exponent < 0:
                    above, below = below, above
                top *= above ** abs(exponent)
                bottom *= below ** abs(exponent)
            if bottom == 0:
                raise ZeroDivisionError
            shared = gcd(denominator, bottom)
            total = total * (bottom // shared) + top * (denominator // shared)
            denominator *= bottom // shared
        return ((total > 0) - (total < 0)) * (1 if denominator > 0 else -1)

    def _number(self, index: int) -> tuple[int, int]:
        generator = self._work.generators[index]
        symbol = generator.expression
        if generator.kind != "symbol" or symbol is None:
            raise _NotEvaluated
        if symbol not in self._point:  # the premises say nothing of it
            rng = random.Random(100 * self._seed + len(self._point))
            self._point[symbol] = _signed(_sign_known(symbol), _number(rng, 1), rng)
        value = self._point[symbol]
        self._numbers[index] = value.numerator, value.denominator
        return self._numbers[index]


def decidable(work: Abstraction, relations: Iterable[Relation]) -> tuple[Decidable, ...]:
    """The relations with their gaps and conditions of definedness over the generators."""
    return tuple((r, *gap_of(work, r)) for r in relations)


def gap_of(work: Abstraction, relation: Relation) -> tuple[Ratio, frozenset[Condition]]:
    """The relation's gap, and the conditions under which both sides are defined."""
    left, at_left = work.rewrite(relation.left)
    right, at_right = work.rewrite(relation.right)
    lower = relation.operator in ("<=", "<")
    return right + -left if lower else left + -right, at_left | at_right


def can_be_met(relation: Decidable) -> bool:
    """Whether points taken at random may satisfy it: not an equality."""
    stated, gap, _ = relation
    return not (stated.is_equality and gap.numerator.terms)


def points(work: Abstraction, premises: Sequence[Decidable]) -> list[Point]:
    """A few points at which all premises are true; none where an equality is among them."""
    if not all(map(can_be_met, premises)):
        return []
    names = [g.expression for g in work.generators if g.kind == "symbol" and g.expression]
    found: list[Point] = []
    for k, numbers in enumerate(_drawn(tuple(map(_sign_known, names)))):
        point = dict(zip(names, numbers, strict=True))
        if all(map(Place(work, point).is_true, premises)):
            found.append(point)
        if len(found) == POINTS or (k >= 3 * POINTS and not found):
            break
    return found


@lru_cache(maxsize=64)  # hundreds of premises are of the same few kinds
def _drawn(signs: tuple[int, ...]) -> tuple[tuple[Fraction, ...], ...]:
    """Numbers to try, one for each sign that is wanted."""
    rng = random.Random(len(signs))
    return tuple(
        tuple(_signed(sign, _number(rng, k % 3), rng) for sign in signs) for k in range(TRIES)
    )


def around(
    work: Abstraction, premises: Sequence[Decidable], centre: Mapping[sp.Symbol, Fraction]
) -> list[Point]:
    """A point that z3 found and some near it, as far as all premises are true there."""
    rng = random.Random(len(centre))
    found = []
    for reach in (0, 2, 10, 10, 40, 40):
        point = {s: v + (abs(v) or 1) * Fraction(rng.randint(-reach, reach), 100)
                 for s, v in centre.items()}  # fmt: skip
        if all(map(Place(work, point).is_true, premises)):
            found.append(point)
    return found


def _number(rng: random.Random, spread: int) -> Fraction:
    """Near 1, some way from it, or far."""
    return Fraction(rng.randint(*((40, 97), (7, 160), (1, 400))[spread]), rng.choice((53, 61, 67)))


def _sign_known(symbol: sp.Symbol) -> int:
    """1 or -1 as the symbol's assumptions say; 0 where they do not."""
    if symbol.is_positive or symbol.is_nonnegative:
        return 1
    return -1 if symbol.is_negative else 0


def _signed(sign: int, number: Fraction, rng: random.Random) -> Fraction:
    return sign * number if sign else (-number if rng.randint(0, 1) else number)
