"""Increasing transformations, terms of highest order, names for sums and roots: against numbers."""

from __future__ import annotations

import itertools

import pytest
import sympy as sp

from alignsym.logic.growth import T, grows, leading, limit_along
from alignsym.logic.increasing import increasing
from alignsym.logic.levels import is_rational, zero_by_levels
from alignsym.logic.normal import is_identically_zero
from alignsym.logic.piecewise import at_values
from alignsym.logic.rooted import with_roots_named
from alignsym.logic.signs import made_of_positive
from alignsym.logic.witness import is_inside, without_logs
from alignsym.model.relations import Relation
from alignsym.solution import holds

a, b = sp.symbols("a b", positive=True)
r = sp.Symbol("r", real=True)
x, y = sp.symbols("x y", nonnegative=True)
z = sp.Symbol("z", real=True)
log, exp, sqrt = sp.log, sp.exp, sp.sqrt
half = sp.Rational(1, 2)

OBJECTIVES = [
    3 * exp(a * log(x)) + 1, -2 * exp(-x - y), -log(x + y), -3 * log(2 + z), -a * (x + y) ** 3,
    -a * (z + 1) ** 2, -2 * (x + y + 1) ** (-a), -(z**2) + 4, -5 * sqrt(x + 2 * y), r * sqrt(x + y),
    a * (x + y) ** -2, (x + 2 * y) ** r, r * (z + 3) ** 3, (z - 1) ** 4, x**a * y**b,
    r * x**half * y**b, x * y * exp(-x), x**r * y, 2 * x * exp(y * z), 5 - 3 * (x + y * z),
    1 / (x + y), -1 / (x + y), log(log(2 + x + y)), exp(-exp(-z)), x ** (y + 1) * z, -x * y,
]  # fmt: skip
CHOICES = [
    {x: sp.Rational(p), y: sp.Rational(q), z: sp.Rational(s)}
    for p, q, s in itertools.product(("0", "1/3", "2"), ("1/2", "3"), ("-2", "-1/2", "1", "4"))
]
PARAMETERS = [
    {a: sp.Rational(p), b: half, r: sp.Rational(q)} for p in ("1/2", "3") for q in (-2, 1)
]


@pytest.mark.parametrize("f", OBJECTIVES, ids=str)
@pytest.mark.parametrize("at", PARAMETERS, ids=str)
def test_what_is_larger_stays_larger(f: sp.Expr, at: dict[sp.Symbol, sp.Expr]) -> None:
    """Of two choices that meet the needs f and its inner function prefer the same, and f' is the
    factor times the inner function's slope."""
    for step in increasing(f, (x, y, z)):
        rows = []
        for choice in CHOICES:
            point = {**at, **choice}
            if not all(holds(n, point) for n in step.needs):
                continue
            outer, inner = f.subs(point), step.inner.subs(point)
            if outer.is_finite and inner.is_finite and outer.is_real and inner.is_real:
                rows.append((sp.N(outer, 30), sp.N(inner, 30)))
                slope = sp.diff(f, x) - step.factor * sp.diff(step.inner, x)
                apart = slope.subs(point)
                assert not apart.is_finite or abs(sp.N(apart, 30)) < 1e-20
        for (f1, g1), (f2, g2) in itertools.combinations(rows, 2):
            assert (f1 > f2 + 1e-20) == (g1 > g2 + 1e-20) and (f2 > f1 + 1e-20) == (g2 > g1 + 1e-20)


def test_layers_are_taken_off() -> None:
    inner = {f: increasing(f, (x, y, z))[-1].inner for f in OBJECTIVES}
    assert inner[3 * exp(a * log(x)) + 1] == x and inner[-2 * exp(-x - y)].is_Add
    assert inner[-log(x + y)] == -x - y and inner[(z - 1) ** 4] == (z - 1) ** 4
    assert inner[x**a * y**b] == a * log(x) + b * log(y)
    assert inner[x ** (y + 1) * z] == x ** (y + 1) * z
    assert increasing(x**a * y**b, (x, y))[-1].vanishing
    assert not increasing(-2 * exp(-x - y), (x, y))[-1].vanishing


LEADING = {
    a * T**2 - 3 * T: a,
    -(T**3) + 100 * T**2: -1,
    a * sp.log(T + 1) - 5: a,
    a * exp(2 * T) - T**5: a,
    exp(2 * T + b) - T: exp(b),
    3 * sqrt(T) - log(2 * T + a): 3,
    sp.Integer(3): None,
    1 / T: None,
    exp(T) - exp(2 * T): -1,
    exp(-T) + T: 1,
    T * log(T): 1,
    T / (T + a) + 3 * log(T): 3,
    (a - 2 * T) * log(T + 1) / sqrt(3 * T + b): -2 / sqrt(3),
    sp.Max(T - a, 0) + sp.Min(T**2, b): 1,
    sp.Abs(b - 3 * T) - a * T: 3 - a,
    sp.Piecewise((T, b >= T), (log(T) * b, True)): b,
    log(exp(3 * T) + T**2) - b * T: 3 - b,
    T**2 / (T + 1) - T: None,
    (T**3 + b) / (T + 1) - T**2: -1,
    a * T ** (b + 1) - T: a,
    a * T / (r * T + 1) + T**2: None,
    log(1 - T): None,
    exp(T**2): None,
    a / T + 3: None,
}


@pytest.mark.parametrize("f", LEADING, ids=str)
def test_the_term_of_highest_order(f: sp.Expr) -> None:
    found = leading(f)
    assert found == LEADING[f]
    if found is not None:
        far = f.subs({a: 2, b: 1, T: 10**6 if not f.has(exp) else 300}).evalf(30)
        assert (far > 0) == bool(found.subs({a: 2, b: 1}) > 0)


def test_limits_along_a_ray() -> None:
    known = {
        a - 2 / T + exp(-3 * T): a,
        -a / (1 + T): 0,
        b + exp(-T) / T - 3 / (2 * T + 1) ** 2: b,
        a * T: None,
        a + T / (1 + T): a + 1,
        a: None,
        exp(-(T**2)) + 1: None,
        exp(T) / T: None,
        1 / (1 - T): 0,
        a * T**2 / (b * T + 1) ** 2 + exp(-a * T): a / b**2,
        a * T / (r * T + 1): None,
        exp(-a * T) * exp(b * T): None,
        T**2 / (T + 1) - T: -1,
        sp.Min(T, a) + exp(b / T): a + 1,
        log(T + 1) - log(2 * T): None,
        (T + 1) ** half: None,
        r * T ** (-a): 0,
        T**r: None,
    }
    for f, limit in known.items():
        assert limit_along(f) == limit, f
    assert grows(2 * T + r) and not grows(r * T) and not grows(T**2) and not grows(5 - T)


def test_nested_quotients_are_zero_or_not() -> None:
    w, v = sp.symbols("w v", positive=True)
    p = a * w / (a + b) + b * v / (a + v)
    assert zero_by_levels(a * w / ((a + b) * p) + b * v / ((a + v) * p) - 1) is True
    assert zero_by_levels(a * w / ((a + b) * p) - b * v / ((a + v) * p)) is False
    assert zero_by_levels(1 / p**2 - 1 / (p * (p + 1)) - 1 / (p**2 * (p + 1))) is True
    assert zero_by_levels(1 / p**2 - 1 / (p * (p + 1)) - 1 / (p * (p + 1) ** 2)) is False
    assert zero_by_levels(1 / (a + b) - 1 / (2 * a + 2 * b)) is False
    assert zero_by_levels(1 / (a + b) - 2 / (2 * a + 2 * b)) is True
    assert zero_by_levels(1 / (a + b) - 1) is None and zero_by_levels(sqrt(a) / p - 1 / p) is None
    assert is_rational(1 / p) and not is_rational(sqrt(a)) and not is_rational(a**b)
    assert not is_rational(a * log(b)) and not is_rational((1 + exp(a)) ** 2)


def test_roots_of_sums_get_names() -> None:
    e, f = sp.symbols("e f", positive=True)
    inner = sqrt(4 + sqrt(f + 2) / sqrt(e + 2))
    outer = sqrt(4 * e + 8 + sqrt(e + 2) * sqrt(f + 2))
    assert is_identically_zero(inner * sqrt(e + 2) - outer)
    assert not is_identically_zero(inner * sqrt(e + 2) - outer - 1)
    assert with_roots_named(sqrt(e) + f) is None and with_roots_named(sqrt(e - f)) is None
    named = with_roots_named(sp.cbrt(e + 1) + sqrt(e + 1) + sqrt(f + 2))
    assert named is not None and not any(not p.exp.is_Integer for p in named.atoms(sp.Pow))
    three = with_roots_named(sqrt(3 * e + 6) * e)
    assert three is not None
    (s,) = three.free_symbols
    assert three.subs(s, 2) == 2 * sqrt(3) * (2**2 - 2)


def test_branches_at_values() -> None:
    tariff = sp.Piecewise((x, x <= a), (2 * x - a, True))
    inside, beyond = (Relation(b, "<", a),), (Relation(b, ">", a),)
    assert at_values(tariff, {x: b}, inside) == b
    assert at_values(tariff, {x: b}, beyond) == 2 * b - a
    assert at_values(tariff, {x: b}, ()).has(sp.Piecewise)
    assert at_values(tariff + y, {x: b, y: a}, inside) == a + b
    both = sp.Piecewise((x, sp.And(x > 1, x < 2)), (0, True))
    assert at_values(both, {x: b}, (Relation(b, "==", sp.Rational(3, 2)),)) == b
    assert at_values(both, {x: b}, (Relation(b, ">", sp.Integer(3)),)) == 0
    either = sp.Piecewise((x, sp.Or(x > 2, x < 1)), (0, True))
    assert at_values(either, {x: b}, (Relation(b, ">", sp.Integer(3)),)).has(sp.Piecewise)


INSIDE = {
    (Relation(log(a), "==", sp.Integer(5)),): ({a: exp(5)}, True),
    (Relation(log(a), "<", sp.Integer(5)),): ({a: exp(5)}, False),
    (Relation(log(a), "!=", sp.Integer(4)),): ({a: exp(5)}, True),
    (Relation(a, ">", sp.Integer(148)), Relation(a, "<", sp.Integer(149))): ({a: exp(5)}, True),
    (Relation(a, ">", sp.Integer(149)),): ({a: exp(5)}, False),
    (Relation(log(a - 150), "<", sp.Integer(1)),): ({a: exp(5)}, False),  # undefined
    (Relation(1 / (a - exp(5)), ">", sp.S.Zero),): ({a: exp(5)}, False),
    (Relation(log(a), ">=", sp.Integer(10) ** 99),): ({a: exp(sp.Integer(10) ** 99)}, True),
    (Relation(log(a), ">", sp.Integer(10) ** 99),): ({a: exp(sp.Integer(10) ** 99)}, False),
    (Relation(a, ">", b),): ({a: exp(5)}, False),  # no value for b
    (Relation(a, ">", sp.S.One),): ({a: sp.oo}, False),
    (Relation(r, "<", sp.S.One),): ({r: sp.I}, False),
    (Relation(sqrt(a), "==", sp.sqrt(2)),): ({a: sp.Integer(2)}, True),
    (Relation(a, "<=", half),): ({a: half}, True),
    (Relation(a, "<", half),): ({a: half}, False),
}


@pytest.mark.parametrize("region", INSIDE, ids=str)
def test_points_that_are_inside(region: tuple[Relation, ...]) -> None:
    point, inside = INSIDE[region]
    assert is_inside(region, tuple(point.items())) is inside


def test_vast_powers_are_compared_by_their_exponents() -> None:
    n = sp.Integer(10) ** 60
    for gap, inside in (
        (exp(n) - 2 * exp(n - 2), True),
        (exp(n) - 5 * exp(n - 1), False),
        (3 * exp(n) - 5 * exp(n - 1), True),
        (-exp(n) + 2 * exp(n - 1), False),
        (exp(-n), True),
    ):
        assert is_inside((Relation(r, ">", sp.S.Zero),), ((r, gap),)) is inside


def test_sums_of_logs_as_products() -> None:
    assert str(without_logs(Relation(log(a), ">=", log(b) + 5))) == "a >= b*exp(5)"
    assert str(without_logs(Relation(2 * log(a) - 3, "<", -log(b)))) == "a**2*b < exp(3)"
    for kept in (Relation(log(a) / 2, ">", log(b)), Relation(log(a), ">", b)):
        assert without_logs(kept) == kept


def test_what_is_visibly_positive() -> None:
    assert made_of_positive(a * b**-half + 2) and made_of_positive(a / (a + b))
    assert not made_of_positive(a - b) and not made_of_positive(a**b) and not made_of_positive(x)
    assert not made_of_positive(a * x) and not made_of_positive(sp.Integer(0) * a)
