"""Instances of true facts about log, exp and powers at the terms that occur, each guarded.

t - 1 >= log t >= 1 - 1/t  (t > 0), with equality only at t = 1;
s < t  <=>  log s < log t;   A < e**u  <=>  log A < u;
b**u against 1 by the signs of b - 1 and u;
b < c and u > 0  =>  b**u < c**u, reversed for u < 0;
e**u >= 1 + u;   u < v  <=>  e**u < e**v.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations
from typing import Any

import z3

from alignsym.logic.generators import Generator
from alignsym.logic.polynomials import Polynomial, Ratio
from alignsym.logic.smt import Translation
from alignsym.model.relations import Relation

PAIRS_LIMIT = 60
SUM_LIMIT, POWER_LIMIT, POWERS_LIMIT = 4, 3, 4
_MINUS = Ratio.of(Polynomial.constant(-1))
_ONE = Ratio.of(Polynomial.constant(1))


def instances(translation: Translation) -> list[Any]:
    """The lemmas for every log and power among the generators met so far."""
    numbered = list(enumerate(translation.work.generators))
    logs = [(i, g) for i, g in numbered if g.kind == "log"]
    powers = [(i, g) for i, g in numbered if g.kind == "power"]
    out: list[Any] = []
    for index, generator in logs:
        out += _log_bounds(translation, index, generator)
    for index, generator in powers:
        out += _power_against_one(translation, index, generator)
    for (i, g), (j, h) in list(combinations(logs, 2))[:PAIRS_LIMIT]:
        out += _log_order(translation, i, g, j, h)
    for (i, g), (j, h) in list(combinations(powers, 2))[:PAIRS_LIMIT]:
        if g.unit == h.unit and g.degree == h.degree:
            out += _power_order(translation, i, g, j, h)
        elif g.argument == h.argument and _is_e(translation, _argument(g)):
            out += _exponent_order(translation, i, g, j, h)
    return out


def log_sums(translation: Translation, relations: Iterable[Relation]) -> list[Any]:
    """1 - 1/A <= c_1 log a_1 + ... <= A - 1 with A = a_1**c_1 * ..., for the sums of logs in the
    relations' gaps, strict unless A = 1; and A > e**u  <=>  log A > u for the powers of e.

    >>> from alignsym.model.relations import Relation
    >>> import sympy as sp
    >>> a, b = sp.symbols("a b", positive=True)
    >>> sum_ = Relation(sp.log(a) + sp.log(1 + b), ">", a + a*b - 1)
    >>> len(log_sums(Translation([sum_]), [sum_]))
    1
    """
    out: list[Any] = []
    numbered = enumerate(translation.work.generators)
    powers = [(i, g) for i, g in numbered if g.kind == "power" and _is_e(translation, _argument(g))]
    for row in _log_rows(translation, relations):
        if len(row) > 1:
            out.append(_log_sum(translation, row))
        out += [_log_against(translation, row, i, g) for i, g in powers[:POWERS_LIMIT]]
    return out


_Row = tuple[tuple[int, Fraction], ...]


def _log_rows(translation: Translation, relations: Iterable[Relation]) -> list[_Row]:
    """Sums of logs with small integer coefficients up to a common factor: q*log(p) - q*log(r)."""
    rows: dict[_Row, None] = {}
    for relation in relations:
        ratio, _ = translation.gap(relation)
        groups: dict[tuple[tuple[int, int], ...], dict[int, Fraction]] = {}
        for monomial, coefficient in ratio.numerator.terms.items():
            logs = [i for i, e in monomial if translation.work.generators[i].kind == "log"]
            if len(logs) == 1 and dict(monomial)[logs[0]] == 1:
                rest = tuple(pair for pair in monomial if pair[0] != logs[0])
                groups.setdefault(rest, {})[logs[0]] = coefficient
        for found in groups.values():
            unit = min(abs(c) for c in found.values())
            row = tuple(sorted((i, c / unit) for i, c in found.items()))
            small = all(c.denominator == 1 and abs(c) <= POWER_LIMIT for _, c in row)
            if small and len(row) <= SUM_LIMIT and tuple((i, -c) for i, c in row) not in rows:
                rows.setdefault(row)
    return list(rows)


def _product_of(translation: Translation, row: _Row) -> tuple[Ratio, Ratio, list[Any]]:
    """(A, sum of logs, guards) with A the product whose logarithm the sum is."""
    product, total = _ONE, Ratio.of(Polynomial({}))
    guards = []
    for index, c in row:
        argument = _argument(translation.work.generators[index])
        guards.append(translation.positive(argument))
        product = product * argument.power(int(c))
        total = total + Ratio.of(Polynomial.generator(index)) * Ratio.of(Polynomial.constant(c))
    return product, total, guards


def _log_against(translation: Translation, row: _Row, index: int, generator: Generator) -> Any:
    """A > e**u  <=>  log A > u."""
    product, total, guards = _product_of(translation, row)
    unit = (generator.unit or _ONE) * Ratio.of(Polynomial.constant(Fraction(1, generator.degree)))
    guards.append(translation.finite(unit))
    apart = _difference(translation, product, Ratio.of(Polynomial.generator(index)))
    logs = _difference(translation, total, unit)
    return z3.Implies(z3.And(guards), z3.And((apart > 0) == (logs > 0), (apart < 0) == (logs < 0)))


def _log_sum(translation: Translation, row: _Row) -> Any:
    product, total, guards = _product_of(translation, row)
    against_one = _difference(translation, product, _ONE)
    above = _difference(translation, product + total * _MINUS, _ONE)
    below = _difference(translation, product * total, product + _MINUS)
    strict = z3.Implies(against_one != 0, z3.And(above > 0, below > 0))
    return z3.Implies(z3.And(guards), z3.And(above >= 0, below >= 0, strict))


def _argument(generator: Generator) -> Ratio:
    if generator.argument is None:
        raise TypeError(f"a {generator.kind} has no argument")
    return generator.argument


def _difference(translation: Translation, left: Ratio, right: Ratio) -> Any:
    return translation.signed_numerator(left + right * _MINUS)


def _log_bounds(translation: Translation, index: int, generator: Generator) -> list[Any]:
    argument = _argument(generator)
    value = Ratio.of(Polynomial.generator(index))
    positive = translation.positive(argument)
    against_one = _difference(translation, argument, _ONE)
    above = _difference(translation, argument + value * _MINUS, _ONE)  # t - log t - 1
    below = _difference(translation, argument * value, argument + _MINUS)  # t log t - t + 1
    log = translation.real(index)
    bounds = z3.And(above >= 0, below >= 0)
    strict = z3.Implies(against_one != 0, z3.And(above > 0, below > 0))
    sign = z3.And((against_one > 0) == (log > 0), (against_one < 0) == (log < 0))
    return [z3.Implies(positive, z3.And(bounds, strict, sign))]


def _log_order(
    translation: Translation, i: int, first: Generator, j: int, second: Generator
) -> list[Any]:
    left, right = _argument(first), _argument(second)
    both = z3.And(translation.positive(left), translation.positive(right))
    gap = _difference(translation, left, right)
    logs = translation.real(i) - translation.real(j)
    return [z3.Implies(both, z3.And((gap > 0) == (logs > 0), (gap < 0) == (logs < 0)))]


def _power_against_one(translation: Translation, index: int, generator: Generator) -> list[Any]:
    base, unit = _argument(generator), generator.unit or _ONE
    positive = z3.And(translation.positive(base), translation.finite(unit))
    up = _difference(translation, base, _ONE)
    u = translation.signed_numerator(unit)
    x = translation.real(index)
    same = z3.Or(z3.And(up > 0, u > 0), z3.And(up < 0, u < 0))
    opposite = z3.Or(z3.And(up > 0, u < 0), z3.And(up < 0, u > 0))
    out = [
        z3.Implies(z3.And(positive, same), x > 1),
        z3.Implies(z3.And(positive, opposite), x < 1),
        z3.Implies(z3.And(positive, z3.Or(up == 0, u == 0)), x == 1),
    ]
    if _is_e(translation, base) and generator.degree == 1:
        above = _difference(translation, Ratio.of(Polynomial.generator(index)), unit + _ONE) >= 0
        out.append(z3.Implies(translation.finite(unit), above))
    return out


def _is_e(translation: Translation, base: Ratio) -> bool:
    """The base is the constant e itself, not a polynomial in it: (e - 2)**u decreases in u."""
    single = translation.work.single(base)
    return single is not None and single.kind == "e"


def _power_order(
    translation: Translation, i: int, first: Generator, j: int, second: Generator
) -> list[Any]:
    left, right = _argument(first), _argument(second)
    unit = first.unit or _ONE
    both = z3.And(translation.positive(left), translation.positive(right), translation.finite(unit))
    gap = _difference(translation, left, right)
    u = translation.signed_numerator(unit)
    x, y = translation.real(i), translation.real(j)
    return [
        z3.Implies(z3.And(both, u > 0), z3.And((gap > 0) == (x > y), (gap < 0) == (x < y))),
        z3.Implies(z3.And(both, u < 0), z3.And((gap > 0) == (x < y), (gap < 0) == (x > y))),
    ]


def _exponent_order(
    translation: Translation, i: int, first: Generator, j: int, second: Generator
) -> list[Any]:
    """u < v  <=>  e**u < e**v."""
    units = [
        (g.unit or _ONE) * Ratio.of(Polynomial.constant(Fraction(1, g.degree)))
        for g in (first, second)
    ]
    gap = _difference(translation, *units)
    x, y = translation.real(i), translation.real(j)
    order = z3.And((gap > 0) == (x > y), (gap < 0) == (x < y))
    return [z3.Implies(translation.finite(*units), order)]
