"""Facts about log, exp, roots and powers that z3 alone does not know are proved, false ones not."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.logic.decide import implies, search
from alignsym.model.relations import Region, Relation

a, b, c, d, p1, p2 = sp.symbols("a b c d p1 p2", positive=True)
r, s = sp.symbols("r s", real=True)
ZERO, ONE = sp.S.Zero, sp.S.One


def R(left: object, operator: str, right: object) -> Relation:
    return Relation(sp.sympify(left), operator, sp.sympify(right))  # type: ignore[arg-type]


FACTS: dict[str, tuple[Region, Relation]] = {
    "a >= log(1 + a)": ((), R(a - sp.log(1 + a), ">=", 0)),
    "log(1 + a) >= a/(1 + a)": ((), R(sp.log(1 + a), ">=", a / (1 + a))),
    "exp(a) > 1": ((), R(sp.exp(a), ">", 1)),
    "exp(-a) < 1": ((), R(sp.exp(-a), "<", 1)),
    "exp(r) > 0": ((), R(sp.exp(r), ">", 0)),
    "exp(r) >= 1 + r": ((), R(sp.exp(r), ">=", 1 + r)),
    "log a <= a - 1": ((), R(sp.log(a), "<=", a - 1)),
    "log a >= 1 - 1/a": ((), R(sp.log(a), ">=", 1 - 1 / a)),
    "a log a >= a - 1": ((), R(a * sp.log(a), ">=", a - 1)),
    "log a >= 0 from 1 on": ((R(a, ">=", 1),), R(sp.log(a), ">=", 0)),
    "log(1 + r**2) > 0 off 0": ((R(r, "!=", 0),), R(sp.log(1 + r**2), ">", 0)),
    "log grows": ((R(p1, "<", p2),), R(sp.log(p1), "<", sp.log(p2))),
    "log of a sum": ((), R(sp.log(a + b), ">", sp.log(a))),
    "powers grow": ((R(p1, "<", p2),), R(p1**a, "<", p2**a)),
    "negative powers fall": ((R(p1, "<", p2),), R(p1 ** (-a), ">", p2 ** (-a))),
    "powers above 1": ((R(a, ">", 1),), R(a**b, ">", 1)),
    "powers below 1": ((R(a, "<", 1),), R(a**b, "<", 1)),
    "arithmetic and geometric mean": ((), R((a + b) / 2, ">=", sp.sqrt(a * b))),
    "the same with roots": ((), R(a + b, ">=", 2 * sp.sqrt(a) * sp.sqrt(b))),
    "of three": ((), R(a**3 + b**3 + c**3, ">=", 3 * a * b * c)),
    "harmonic mean": ((), R(2 / (1 / a + 1 / b), "<=", sp.sqrt(a * b))),
    "Cauchy": ((), R((a**2 + b**2) * (c**2 + d**2), ">=", (a * c + b * d) ** 2)),
    "roots grow": ((R(a, "<=", b),), R(sp.sqrt(a), "<=", sp.sqrt(b))),
    "roots of sums": ((), R(sp.sqrt(a + b), "<=", sp.sqrt(a) + sp.sqrt(b))),
    "cube roots": ((R(a, "<=", 8),), R(sp.cbrt(a), "<=", 2)),
    "Abs of a sum": ((), R(sp.Abs(r + s), "<=", sp.Abs(r) + sp.Abs(s))),
    "Max and mean": ((), R(sp.Max(r, s), ">=", (r + s) / 2)),
    "Max and Min": ((), R(sp.Max(r, s) + sp.Min(r, s), "==", r + s)),
    "reciprocals fall": ((R(a, "<=", b),), R(1 / a, ">=", 1 / b)),
    "Kelly's bound": ((R(a, "<", 1), R(b, ">", 1 / a - 1)), R((a * b - (1 - a)) / b, ">", 0)),
    "e": ((), R(sp.E, ">", sp.Rational(27, 10))),
}


@pytest.mark.parametrize("name", FACTS)
def test_facts_are_proved(name: str) -> None:
    premises, conclusion = FACTS[name]
    assert implies(premises, conclusion).is_proof


@pytest.mark.parametrize("name", FACTS)
def test_their_negations_are_not(name: str) -> None:
    premises, conclusion = FACTS[name]
    assert not implies(premises, conclusion.negated()).is_proof
    assert not search(premises).is_proof


NEAR_MISSES: dict[str, tuple[Region, Relation]] = {
    "equality at 1": ((), R(sp.log(a), "<", a - 1)),
    "equality at 0": ((), R(sp.exp(r), ">", 1 + r)),
    "too strong a bound": ((), R(sp.log(1 + a), ">=", a / (1 + a / 2))),
    "log below 1": ((), R(sp.log(a), ">=", 0)),
    "log at 0 of r": ((), R(sp.log(1 + r**2), ">", 0)),
    "powers of negative exponent": ((R(p1, "<", p2),), R(p1**r, "<", p2**r)),
    "powers of exponent zero": ((R(p1, "<", p2), R(r, ">=", 0)), R(p1**r, "<", p2**r)),
    "powers above 1, any exponent": ((R(a, ">", 1),), R(a**r, ">", 1)),
    "different exponents": ((R(p1, "<", p2),), R(p1**a, "<", p2**b)),
    "exponents below 1": ((R(a, "<", b),), R(c**a, "<", c**b)),
    "exp of r": ((), R(sp.exp(r), ">", 1)),
    "means the wrong way": ((), R((a + b) / 2, "<=", sp.sqrt(a * b))),
    "strict means": ((), R((a + b) / 2, ">", sp.sqrt(a * b))),
    "roots of any number": ((R(r, "<=", s),), R(sp.sqrt(r), "<=", sp.sqrt(s))),
    "reciprocals of any number": ((R(r, "<=", s),), R(1 / r, ">=", 1 / s)),
    "log of any number": ((R(r, "<", s),), R(sp.log(r), "<", sp.log(s))),
    "log t <= t - 1 where undefined": ((), R(sp.log(r), "<=", r - 1)),
    "Abs": ((), R(sp.Abs(r + s), ">=", sp.Abs(r) - s)),
    "Max": ((), R(sp.Max(r, s), "<=", r)),
    "e to ten digits": ((), R(sp.E, ">=", sp.Rational(2718281829, 10**9))),
}


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_near_misses_are_not_proved(name: str) -> None:
    """Each is false at some real point, or has no value at one."""
    premises, conclusion = NEAR_MISSES[name]
    assert not implies(premises, conclusion).is_proof
