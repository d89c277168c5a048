"""Text to SymPy: exact numbers, declared names first, relations kept, domains not lost."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.errors import ModelError
from alignsym.model.expressions import (
    SymbolTable,
    natural_domain_of_text,
    parse_expression,
    parse_number,
    parse_relation,
)
from alignsym.model.relations import Relation

TABLE = SymbolTable.of(
    index={"i": "index"},
    parameter={"p": "positive", "t": "real", "n": "positive integer", "a[i]": "positive"},
    action={"x": "nonnegative", "y": "real"},
)
p, t, n, x, y = (TABLE[name].symbol for name in ("p", "t", "n", "x", "y"))
a, i = TABLE["a"].symbol, TABLE["i"].symbol
j, k = (sp.Symbol(name, integer=True, positive=True) for name in "jk")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1", sp.Rational(1, 10)),
        ("1e-3", sp.Rational(1, 1000)),
        ("2.50E2", sp.Integer(250)),
        (".5", sp.Rational(1, 2)),
        ("3.", sp.Integer(3)),
        ("0." + "3" * 59, sp.Rational(int("3" * 59), 10**59)),
        ("1/3", sp.Rational(1, 3)),
        ("Rational(1, 3)", sp.Rational(1, 3)),
        ("10**99", sp.Integer(10) ** 99),
        ("2**-2", sp.Rational(1, 4)),
        ("-2**2", sp.Integer(-4)),
        ("2**3**2", sp.Integer(512)),
        ("x - y - p", x - y - p),
        ("x/y/p*t", x / y / p * t),
        ("x/(y/p)", x * p / y),
        ("+x", x),
        ("x**0.5", sp.sqrt(x)),
        ("cbrt(p)", p ** sp.Rational(1, 3)),
        ("E**x + pi", sp.exp(x) + sp.pi),
        ("log(10**99)", sp.log(sp.Integer(10) ** 99)),
        ("Max(x, y, 1)", sp.Max(x, y, 1)),
        ("Abs(y)*sign(t)", sp.Abs(y) * sp.sign(t)),
        ("sin(y) + cos(y)*tan(y)", sp.sin(y) + sp.cos(y) * sp.tan(y)),
        ("asin(y) + acos(t) + atan(y)", sp.asin(y) + sp.acos(t) + sp.atan(y)),
        ("LambertW(y) + LambertW(y, -1)", sp.LambertW(y) + sp.LambertW(y, -1)),
        ("LambertW(y, 0)", sp.LambertW(y)),
        ("Sum(a[k], (k, 1, n))", sp.Sum(a[k], (k, 1, n))),
        ("Product(a[k]**t, (k, 1, n - 1))", sp.Product(a[k] ** t, (k, 1, n - 1))),
        ("a[i] + a[1] + a[n]", a[i] + a[1] + a[n]),
        ("x\n  + y", x + y),
        ("  x", x),
    ],
)
def test_expression(text: str, expected: sp.Expr) -> None:
    assert parse_expression(text, TABLE) == expected


def test_piecewise_takes_relations_joined_by_and_and_or() -> None:
    e = parse_expression(
        "Piecewise((x, x < 1 and y > 2 or t >= 0), (y, Eq(t, 1)), (0, True))", TABLE
    )
    joined = sp.Or(sp.And(x < 1, y > 2), t >= 0)
    assert e == sp.Piecewise((x, joined), (y, sp.Eq(t, 1)), (0, True), evaluate=False)
    assert e == parse_expression(
        "Piecewise((x, (x < 1) & (y > 2) | (t >= 0)), (y, Eq(t, 1)), (0, True))", TABLE
    )


@pytest.mark.parametrize(
    "name", ["E", "I", "S", "N", "O", "Q", "pi", "oo", "beta", "gamma", "lam", "Sum", "log", "Eq"]
)
def test_a_declared_name_wins(name: str) -> None:
    table = SymbolTable.of(parameter={name: "positive"}, action={"x": "real"})
    e = parse_expression(f"2*{name} + x", table)
    assert e == 2 * sp.Symbol(name, positive=True) + sp.Symbol("x", real=True)
    with pytest.raises(ModelError, match="is a declared name, not a function"):
        parse_expression(f"{name}(x, 1)", table)


def test_an_index_is_bound_apart_from_what_is_free() -> None:
    inner = parse_expression("a[i]*Sum(a[i], (i, 1, n))", TABLE)
    assert inner == a[i] * sp.Sum(a[j], (j, 1, n))
    assert inner.xreplace({i: sp.Integer(3)}) == a[3] * sp.Sum(a[j], (j, 1, n))
    shadowed = parse_expression("Sum(a[k]*Sum(a[k], (k, 1, n)), (k, 1, n))", TABLE)
    assert shadowed == sp.Sum(a[k] * sp.Sum(a[j], (j, 1, n)), (k, 1, n))
    from_zero = parse_expression("Sum(log(k), (k, 0, n))", TABLE)
    assert not from_zero.variables[0].is_positive


@pytest.mark.parametrize("operator", ["<=", ">=", "<", ">"])
def test_a_relation_is_not_evaluated(operator: str) -> None:
    assert parse_relation(f"x {operator} 0", TABLE) == Relation(x, operator, sp.S.Zero)
    assert parse_relation(f"1 {operator} 0", TABLE) == Relation(sp.S.One, operator, sp.S.Zero)


def test_equalities() -> None:
    assert parse_relation("Eq(p, -1)", TABLE) == Relation(p, "==", sp.S.NegativeOne)
    assert parse_relation("Ne(p, 0)", TABLE) == Relation(p, "!=", sp.S.Zero)


@pytest.mark.parametrize(
    ("sign", "known"),
    [
        ("positive", "is_positive"),
        ("nonnegative", "is_nonnegative"),
        ("negative", "is_negative"),
        ("real", "is_real"),
        ("positive integer", "is_integer"),
    ],
)
def test_a_sign_is_an_assumption(sign: str, known: str) -> None:
    assert getattr(SymbolTable.of(parameter={"p": sign})["p"].symbol, known)


def test_a_name_is_declared_once() -> None:
    with pytest.raises(ModelError, match="'x' is declared twice"):
        SymbolTable.of(parameter={"x": "real"}, action={"x": "positive"})


def test_numbers() -> None:
    assert parse_number("(1 + sqrt(4))/2") == sp.Rational(3, 2)
    assert parse_number("pi") == sp.pi
    assert parse_number("-oo", infinite=True) == -sp.oo
    assert parse_number("p") is None


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("log(y)", ["y > 0"]),
        ("log(x)", ["x > 0"]),
        ("log(p) + sqrt(x) + 1/p", []),
        ("0*log(y)", ["y > 0"]),
        ("y/y", ["Ne(y, 0)"]),
        ("y**0", []),
        ("sqrt(y)**2", ["y >= 0"]),
        ("exp(log(y))", ["y > 0"]),
        ("y**0.5*y**0.5", ["y >= 0"]),
        ("cbrt(y)", ["y >= 0"]),
        ("y**(-1/2)", ["y > 0"]),
        ("y**p", ["y >= 0"]),
        ("y**t", ["y > 0"]),
        ("y**-2", ["Ne(y, 0)"]),
        ("y**n", []),
        ("1/(x - p)", ["Ne(-p + x, 0)"]),
        ("x/(y*t)", ["Ne(y, 0)", "Ne(t, 0)"]),
        ("x/(y/t)", ["Ne(y, 0)", "Ne(t, 0)"]),
        ("asin(y)", ["y >= -1", "y <= 1"]),
        ("tan(y)", ["Ne(cos(y), 0)"]),
        ("LambertW(y)", ["y >= -exp(-1)"]),
        ("LambertW(y, -1)", ["y >= -exp(-1)", "y < 0"]),
        ("log(y) + log(y)", ["y > 0"]),
        ("Sum(log(y - a[k]), (k, 1, n))", ["y - a[k] > 0"]),
        ("log(y) <= sqrt(t)", ["y > 0", "t >= 0"]),
        ("Piecewise((log(y), y > 0), (0, True))", []),
    ],
)
def test_domain_of_the_text(text: str, needed: list[str]) -> None:
    """What SymPy simplifies away still restricts the text."""
    assert [str(r) for r in natural_domain_of_text(text, TABLE)] == needed
