"""Concavity: what is accepted passes the midpoint test in numbers, near misses are refused."""

from __future__ import annotations

import random

import pytest
import sympy as sp

from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.concavity import Concave, NotShown, concave, minor

x, y, p, a, b = sp.symbols("x y p a b", positive=True)
u, v, k = sp.symbols("u v k", real=True)
m = sp.Symbol("m", nonnegative=True)
ONE = sp.S.One


def at_most_one(e: Expr) -> Region:
    return (Relation(e, "<=", ONE),)


ACCEPTED: dict[str, tuple[Expr, list[sp.Symbol], Region, tuple[Expr, ...]]] = {
    "logarithm": (a * sp.log(x) - y, [x, y], (), (x,)),
    "root": (sp.sqrt(x), [x], (), (x,)),
    "squares": (-((u - v) ** 2) - u**2, [u, v], (), (u, u - v)),
    "power": (x**a, [x], (Relation(a, "<", ONE),), (x,)),
    "power of exponent at most one": (x**a + y**a, [x, y], at_most_one(a), ()),
    "negative power": (-1 / x, [x], (), (x,)),
    "relative risk aversion 3": (-(x**-2), [x], (), (x,)),
    "entropy": (-x * sp.log(x), [x], (), (x,)),
    "Cobb-Douglas": (x**a * y**b, [x, y], at_most_one(a + b), ()),
    "geometric mean": (sp.sqrt(x * y), [x, y], (), ()),
    "constant elasticity": ((sp.sqrt(x) + sp.sqrt(y)) ** 2, [x, y], (), ()),
    "constant absolute risk aversion": (-sp.exp(-a * u), [u], (), (-a * u,)),
    "logarithms of sums": (sp.log(x + y) + sp.log(1 + x), [x, y], (), (x + 1, x + y)),
    "logarithm of a concave": (sp.log(sp.sqrt(x) + 1), [x], (), ()),
    "logarithm on an interval": (sp.log(1 - u**2), [u], (), ()),
    "cubic on one side": (x - x**3, [x], (), (x,)),
    "fourth power": (-(u**4), [u], (), (u,)),
    "definite form": (-(u**2) - v**2 + u * v, [u, v], (), (u, v)),
    "semidefinite form": (-((u + v) ** 2), [u, v], (), (u + v,)),
    "contest": (p * x / (x + a) - x, [x], (), (x,)),
    "affine": (3 * u - 2 * v + k, [u, v], (), ()),
    "least of two": (sp.Min(u, 2 * v), [u, v], (), ()),
    "minus the largest": (-sp.Max(u, v), [u, v], (), ()),
    "minus a distance": (-sp.Abs(u - k), [u], (), ()),
    "minus |u|**(4/3)": (-((u**4) ** sp.Rational(1, 3)), [u], (), ()),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    f, variables, premises, pinned = ACCEPTED[name]
    found = concave(f, variables, premises)
    assert isinstance(found, Concave)
    assert set(pinned) <= set(found.pinned)


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted_functions_are_concave_in_numbers(name: str) -> None:
    """f at the midpoint is at least the mean, and more where a pinned form differs."""
    f, variables, premises, _ = ACCEPTED[name]
    found = concave(f, variables, premises)
    assert isinstance(found, Concave)
    rng = random.Random(name)
    symbols = sorted(f.free_symbols | set(variables), key=str)
    number = sp.lambdify(symbols, f, "math")
    forms = [sp.lambdify(symbols, form, "math") for form in found.pinned]
    for _ in range(60):
        table = {s: rng.uniform(0.05, 0.49) for s in symbols}
        ends = [{**table, **{z: rng.uniform(0.05, 0.95) for z in variables}} for _ in range(2)]
        rows = [[end[s] for s in symbols] for end in ends]
        middle = [sum(pair) / 2 for pair in zip(*rows)]
        rise = number(*middle) - (number(*rows[0]) + number(*rows[1])) / 2
        assert rise >= -1e-12
        if any(abs(form(*rows[0]) - form(*rows[1])) > 0.2 for form in forms):
            assert rise > 0


REFUSED: dict[str, tuple[Expr, list[sp.Symbol]]] = {
    "x log x": (x * sp.log(x), [x]),
    "cubic": (u**3, [u]),
    "minus a cubic": (-(u**3), [u]),
    "bell": (sp.exp(-(u**2)), [u]),
    "logistic": (1 / (1 + sp.exp(-u)), [u]),
    "x exp(-x)": (x * sp.exp(-x), [x]),
    "1/x": (1 / x, [x]),
    "-1/u off zero": (-1 / u, [u]),
    "-1/u**2 off zero": (-1 / u**2, [u]),
    "1/(u - 1)": (1 / (u - 1), [u]),
    "power of unknown exponent": (x**a, [x]),
    "minus a power of unknown exponent": (-(x**a), [x]),
    "product": (x * y, [x, y]),
    "product of any sign": (u * v, [u, v]),
    "quotient": (x / y, [x, y]),
    "saddle": (u**2 - v**2, [u, v]),
    "indefinite form": (-(u**2) - v**2 + 3 * u * v, [u, v]),
    "constant elasticity of exponent 2": (sp.sqrt(x**2 + y**2), [x, y]),
    "Cobb-Douglas of unknown degree": (x**a * y**b, [x, y]),
    "coefficient of either sign": (-k * u**2, [u]),
    "convex or zero": (m * u**2, [u]),
    "distance": (sp.Abs(u), [u]),
    "largest": (sp.Max(u, v), [u, v]),
    "least of a convex": (sp.Min(u**2, v), [u, v]),
    "exponential": (sp.exp(u), [u]),
    "sine": (sp.sin(u), [u]),
    "two wells": (u**2 - u**4, [u]),
    "log of a square": (sp.log(u**2), [u]),
    "log(1 + u**2)": (sp.log(1 + u**2), [u]),
    "hyperbola": (sp.sqrt(1 + u**2), [u]),
    "kink upwards": (sp.Piecewise((u, u < 1), (2 * u - 1, True)), [u]),
    "jump": (sp.Piecewise((-(u**2), u < 1), (5 - u**2, True)), [u]),
    "sign": (sp.sign(u), [u]),
    "steps": (-sp.floor(u), [u]),
    "tangent": (-sp.tan(u), [u]),
    "Lambert's W": (sp.LambertW(u), [u]),
    "log(x*y) - x*y": (sp.log(x * y) - x * y, [x, y]),
    "root times any sign": (sp.sqrt(x) * u, [x, u]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    f, variables = REFUSED[name]
    assert isinstance(concave(f, variables, ()), NotShown)


@pytest.mark.parametrize("name", [n for n, (f, _) in REFUSED.items() if not f.has(sp.Piecewise)])
def test_a_concave_term_does_not_hide_a_refused_one(name: str) -> None:
    """The sum with a slightly concave term is as little concave."""
    f, variables = REFUSED[name]
    f = f - sp.Add(*(z**2 for z in variables)) / 10**6
    assert isinstance(concave(f, variables, ()), NotShown)


@pytest.mark.parametrize(
    ("f", "premises"),
    [
        (x**a, (Relation(a, "<=", sp.Integer(2)),)),
        (x**a * y**b, at_most_one(a)),
        (-k * u**2, (Relation(k, ">=", -ONE),)),
        (u**3, (Relation(u, ">=", sp.S.Zero),)),
        (x - x**3, (Relation(p, ">=", ONE),)),
    ],
    ids=str,
)
def test_premises_must_suffice(f: Expr, premises: Region) -> None:
    variables = sorted(f.free_symbols & {x, y, u}, key=str)
    found = concave(f, variables, premises)
    assert isinstance(found, NotShown) == (f != x - x**3)


def test_semidefinite_pins_no_more_than_its_form() -> None:
    """-(u + v)**2 is constant along u + v = 0: it pins the sum, neither u nor v."""
    found = concave(-(u**2) - 2 * u * v - v**2, [u, v], ())
    assert isinstance(found, Concave)
    assert u not in found.pinned
    assert v not in found.pinned


def test_a_determinant_of_long_entries_is_left_as_it_is() -> None:
    """The same number as by exact elimination, for a matrix whose expansion would be vast."""
    total = sum((x + k) ** 3 / (y + k) for k in range(1, 9))
    matrix = sp.Matrix(3, 3, lambda i, j: total / (i + j + 1) + int(i == j) * x * y)
    value = minor(matrix, range(3))
    at = {x: sp.Rational(2, 3), y: sp.Rational(5, 7)}
    assert value.xreplace(at) == matrix.xreplace(at).det(method="bareiss")
    assert value.count_ops() < 40 * matrix[0, 0].count_ops()


AT_LEAST_ONE = (Relation(a, ">=", ONE),)
ZERO_OR_MORE = sp.Symbol("z", nonnegative=True)


@pytest.mark.parametrize(
    ("f", "premises"),
    [
        (x**a, at_most_one(a)),
        (x**a + y**a, at_most_one(a)),
        ((x + y) ** a - x, at_most_one(a)),
        (-(x**a), AT_LEAST_ONE),
        (x**ZERO_OR_MORE, at_most_one(ZERO_OR_MORE)),
        ((x**a + y**a) ** (1 / a), at_most_one(a)),
        (m * sp.log(x) - x, ()),
        (-m * (u - 1) ** 2, ()),
    ],
)
def test_nothing_is_pinned_where_it_may_be_affine(f: Expr, premises: Region) -> None:
    """For an exponent or a factor at the edge of what is allowed f is affine, or constant."""
    found = concave(f, sorted(f.free_symbols & {x, y, u}, key=str), premises)
    assert isinstance(found, NotShown) or found.pinned == ()
