"""What z3 is told is true: every axiom and lemma at real points, with the true values of the terms.

An `unsat` is a proof only if the formulas hold wherever the mathematics does: at a point with its
roots, powers, logs and the rest at their values, whatever is undefined must be free to take some
value at which all axioms and lemmas hold and every relation is as true as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from typing import Any

import mpmath
import pytest
import sympy as sp
import z3

from alignsym.logic.decide import implies
from alignsym.logic.generators import Generator
from alignsym.logic.lemmas import instances, log_sums
from alignsym.logic.polynomials import Polynomial, Ratio
from alignsym.logic.smt import Translation
from alignsym.model.relations import Relation

mp = mpmath.mp.clone()
mp.dps = 50
TIE = mp.mpf("1e-35")
FREE = [mp.mpf(1), mp.mpf(0), mp.mpf(-100), mp.mpf(7) / 3]
Number = mpmath.mpf
Evaluate = Callable[..., Any]
Point = dict[sp.Symbol, Fraction]

a, b = sp.symbols("a b", positive=True)
r, s = sp.symbols("r s", real=True)
x = sp.Symbol("x", nonnegative=True)
GRID: dict[sp.Symbol, list[str]] = {
    a: ["1/9", "1/2", "1", "2", "3"],
    b: ["1/2", "1", "5"],
    r: ["-3", "-1", "0", "1/3", "1", "2"],
    s: ["-1/2", "0", "1", "4"],
    x: ["0", "1/3", "1", "4"],
}
log, exp, sqrt = sp.log, sp.exp, sp.sqrt
EXPRESSIONS = [
    log(a) - a + 1, log(r) - r, log(r) - log(s), log(a) + log(1 + b) - a, log(a / b) - a + b,
    log(a) - 1 + 1 / a, 2 * log(a) - log(b), log(r**2) - log(a), log(a) * r - log(b) * r,
    log(1 / r) + s, log(a - b), log(1 + 1 / r), log(log(a)), exp(r) - 1 - r, exp(r) - exp(s),
    exp(a) - b, exp(1 / r) - a, exp(r * s) - 1, exp(-a) * b - r, log(a) - exp(r), exp(r / 2) - s,
    log(a) + log(b) - exp(1 / r), log(a) - log(b) - exp(1 / r**2), exp(1 / r) - exp(s),
    a ** (1 / r) - b ** (1 / r), a ** (1 / r**2) - b ** (1 / r**2), a ** (1 / r**2) - 1,
    exp(1 / r**2) - 1 - 1 / r**2, log(1 + 1 / r**2) - 1 / r**2, log(a) - exp(1 / r),
    log(a) + log(b) - exp(r), log(a) - log(b) - exp(r), exp(sqrt(r)) - 2, a**b - 1, a**r - 1,
    a**r - b**r, r**a - s**a, a**r - a**s, a ** (1 / r) - b, (a / b) ** r - 1, (1 + a) ** r - a**r,
    r**a - 1, x**a - r, x ** (a - 1) - 5, x ** (a - 1) - x**b, 1 / (1 + x ** (a - 1)) - r,
    sqrt(x ** (a - 1) + 1) - a, log(x ** (a - 1) + 2) - 1, x ** (a / (a + 1)) - a,
    x ** (a - sp.Rational(1, 2)) - 1, (r**2) ** a - 1, (a * b) ** r - a**r, (a - b) ** r - 1,
    (x**a) ** (1 / a) - x, sqrt(r) - s, sqrt(r - s**2) - a, sp.cbrt(r) - s, 1 / sqrt(r) - a,
    sqrt(a + sqrt(r)) - 2, r ** sp.Rational(-2, 3) - 1, sqrt(1 + 1 / r**2) - a, 1 / (r - s) - a,
    1 / (a + 1 / r) - s, a / (r + b) - a / (s - b), sp.Abs(r) - s, sp.Abs(1 / (r - 1)) - a,
    sp.Max(r, s) - a, sp.Min(r, 1 / s) - 1, sp.Max(r, s, a) - sp.Min(r, s), sp.sign(r) - s,
    sp.E - r, sp.pi * r - a, exp(1500) - a, exp(-40) - x, (sp.E - 2) ** r - 1, sp.E**a - sp.E**r,
    sp.LambertW(a) - r, sp.LambertW(a) - log(a), sp.sin(r) - s, sp.tanh(a) - x,
]  # fmt: skip
OPERATORS = ("<=", ">=", "<", ">", "==", "!=")


# ------------------------------------------------------------------ values of generators
class Missing(ArithmeticError):
    """A value that does not exist there."""


def value_of(p: Polynomial, values: Mapping[int, Number]) -> Number:
    out = mp.zero
    for monomial, coefficient in p.terms.items():
        term = mp.mpf(coefficient.numerator) / coefficient.denominator
        for index, exponent in monomial:
            if index not in values or (exponent < 0 and abs(values[index]) < TIE):
                raise Missing
            term *= values[index] ** exponent
        out += term
    return out


def value(ratio: Ratio, values: Mapping[int, Number]) -> Number:
    out = value_of(ratio.numerator, values)
    for factor, exponent in ratio.denominator.items():
        below = value_of(factor, values)
        if abs(below) < TIE:
            raise Missing
        out /= below**exponent
    return out


def generated(
    g: Generator, values: Mapping[int, Number], point: Point, evaluate: Evaluate
) -> Number:
    if g.kind == "e":
        return +mp.e
    if g.argument is None:
        found = evaluate(g.expression, point)
        if found is None:
            raise Missing
        return found
    base = value(g.argument, values)
    if base < -TIE or (base <= TIE and g.kind == "log"):
        raise Missing
    if g.kind == "log":
        return mp.log(base)
    exponent = mp.mpf(1) / g.degree
    if g.unit is not None:
        exponent *= value(g.unit, values)
    if base <= TIE:
        if exponent <= 0:
            raise Missing
        return mp.zero
    return mp.power(base, exponent)


def values_at(translation: Translation, point: Point, evaluate: Evaluate) -> dict[int, Number]:
    """The true values of the generators that have one."""
    values: dict[int, Number] = {}
    for _ in range(4):
        for index, generator in enumerate(translation.work.generators):
            try:
                values.setdefault(index, generated(generator, values, point, evaluate))
            except Missing:
                continue
    return values


# ------------------------------------------------------------------ formulas at numbers
def at(term: Any, table: Mapping[str, Any]) -> Any:
    kind = term.decl().kind()
    if z3.is_rational_value(term):
        return mp.mpf(term.numerator_as_long()) / term.denominator_as_long()
    if kind == z3.Z3_OP_UNINTERPRETED:
        return table[str(term)]
    parts = [at(child, table) for child in term.children()]
    if kind in COMPARED and not isinstance(parts[0], bool):
        gap = parts[0] - parts[1]
        near = abs(gap) <= TIE * (1 + abs(parts[0]) + abs(parts[1]))
        return COMPARED[kind](mp.zero if near else gap)
    return {
        z3.Z3_OP_ADD: mp.fsum, z3.Z3_OP_MUL: mp.fprod, z3.Z3_OP_SUB: lambda p: p[0] - sum(p[1:]),
        z3.Z3_OP_UMINUS: lambda p: -p[0], z3.Z3_OP_TO_REAL: lambda p: p[0],
        z3.Z3_OP_AND: all, z3.Z3_OP_OR: any, z3.Z3_OP_NOT: lambda p: not p[0],
        z3.Z3_OP_IMPLIES: lambda p: not p[0] or p[1], z3.Z3_OP_EQ: lambda p: p[0] == p[1],
        z3.Z3_OP_TRUE: lambda p: True, z3.Z3_OP_FALSE: lambda p: False,
    }[kind](parts)  # fmt: skip


COMPARED: dict[int, Callable[[Number], bool]] = {
    z3.Z3_OP_LE: lambda gap: gap <= 0,
    z3.Z3_OP_GE: lambda gap: gap >= 0,
    z3.Z3_OP_LT: lambda gap: gap < 0,
    z3.Z3_OP_GT: lambda gap: gap > 0,
    z3.Z3_OP_EQ: lambda gap: gap == 0,
    z3.Z3_OP_DISTINCT: lambda gap: gap != 0,
}


def unknowns(term: Any) -> set[str]:
    if term.num_args() == 0:
        return {str(term)} if z3.is_bool(term) and not _is_decided(term) else set()
    return set().union(*(unknowns(child) for child in term.children()))


def _is_decided(term: Any) -> bool:
    return z3.is_true(term) or z3.is_false(term) or z3.is_and(term) or z3.is_or(term)


def told(translation: Translation, relations: list[Relation]) -> tuple[list[Any], list[Any]]:
    """(the relations as formulas, all axioms and lemmas)"""
    formulas = [translation.relation(relation) for relation in relations]
    facts = translation.axioms()
    facts += [*instances(translation), *log_sums(translation, relations)]
    return formulas, [*facts, *translation.axioms()]


def points(symbols: set[sp.Symbol]) -> Iterator[Point]:
    names = sorted(symbols, key=str)
    for row in product(*(GRID[symbol] for symbol in names)):
        yield {symbol: Fraction(text) for symbol, text in zip(names, row)}


def is_told_truly(
    relations: list[Relation], point: Point, evaluate: Evaluate, true_at: Evaluate
) -> bool:
    """Some values of what is undefined agree with all facts and the truth of the relations."""
    translation = Translation(relations)
    formulas, facts = told(translation, relations)
    truth = [true_at(relation, point) for relation in relations]
    values = values_at(translation, point, evaluate)
    free = [k for k in range(len(translation.work.generators)) if k not in values]
    said = sorted(unknowns(z3.And(formulas + facts)))
    for chosen in islice(product(FREE, repeat=len(free)), 64):
        known = {str(translation.real(k)): v for k, v in (*values.items(), *zip(free, chosen))}
        for bits in product((True, False), repeat=min(len(said), 6)):
            table = {**dict.fromkeys(said, False), **known, **dict(zip(said, bits))}
            if all(at(fact, table) for fact in facts) and all(
                t is None or at(f, table) == t for f, t in zip(formulas, truth)
            ):
                return True
    return False


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_axioms_and_lemmas_are_true(
    expression: sp.Expr, evaluate: Evaluate, true_at: Evaluate
) -> None:
    some = list(points(expression.free_symbols))
    for k, point in enumerate(some[:: max(1, len(some) // 16)]):
        relation = Relation(expression, OPERATORS[k % 6], sp.S.Zero)  # type: ignore[arg-type]
        assert is_told_truly([relation], point, evaluate, true_at), (relation, point)


def test_the_test_sees_an_untrue_fact(evaluate: Evaluate, true_at: Evaluate) -> None:
    relation = Relation(log(a), "<=", a - 1)
    translation = Translation([relation])
    formulas, facts = told(translation, [relation])
    values = values_at(translation, {a: Fraction(2)}, evaluate)
    table = {str(translation.real(k)): v for k, v in values.items()}
    assert all(at(fact, table) for fact in (*formulas, *facts))
    (lie,) = [translation.relation(Relation(log(a), ">=", a - 1))]
    assert not at(lie, table)


def test_a_power_of_zero_is_not_overlooked() -> None:
    """x**(a - 1) is 0 at x = 0 where a > 1; x**a/x is not defined there."""
    given = Relation(a, ">", sp.S.One)
    positive = Relation(x, ">", sp.S.Zero)
    for small in (x ** (a - 1), 1 / (1 + x ** (a - 1)), sqrt(1 + x ** (a - 1))):
        assert not implies((given, Relation(small, "<", sp.Integer(5))), positive).is_proof
    assert implies((given, Relation(x**a / x, "<", sp.Integer(5))), positive).is_proof


def test_what_was_adopted_does_not_change_with_the_continuation() -> None:
    """The continuation meets c afterwards: its index there means nothing to the one before."""
    a, b, c, d = sp.symbols("a b c d", positive=True)
    before = Translation([Relation(a, "<", b)])
    before.relation(Relation(a, "<", b))
    known = len(before.work.generators)
    later = before.continued([Relation(2 * a, "<", b)])
    assert later is not None
    later.relation(Relation(2 * a, "<", b))
    before.adopt(later)
    later.relation(Relation(a, "<", c))
    other = before.continued([Relation(a, "<", d)])
    assert other is not None and len(before.work.generators) == known
    assert str(other.relation(Relation(a, "<", d))) != str(other.relation(Relation(a, "<", c)))
    indices = {i for m in before.work.rewrite(c)[0].numerator.terms for i, _ in m}
    assert indices <= set(range(len(before.work.generators)))
