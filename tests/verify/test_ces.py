"""Sums of equal powers: what is concave by their theorem, and everything near it that is not."""

from __future__ import annotations

import random

import pytest
import sympy as sp

from alignsym import Agent, Game, Relation, solve
from alignsym.claims import Proved
from alignsym.model.relations import Expr, Region
from alignsym.solution import Regime
from alignsym.verify.ces import ces
from alignsym.verify.concavity import Concave, concave
from alignsym.verify.context import Context
from alignsym.verify.obligations import verify

x, y = sp.symbols("x y", positive=True)
m, n = sp.symbols("m n", nonnegative=True)
u, v, r, t, k = sp.symbols("u v r t k", real=True)
a, b, q = sp.symbols("a b q", positive=True)
ZERO, ONE = sp.S.Zero, sp.S.One
HALF = sp.Rational(1, 2)


def rel(left: Expr, operator: str, right: Expr | int) -> Relation:
    return Relation(left, operator, sp.sympify(right))  # type: ignore[arg-type]


RIGHT: list[tuple[Expr, Region]] = [
    ((a * sp.sqrt(m) + b * sp.sqrt(n)) ** 2, ()),
    ((a / x + b / y) ** (-1), ()),
    ((a * x**r + b * y**r) ** (1 / r), (rel(r, "<", 0),)),
    ((a * x**r + b * y**r) ** (1 / r), (rel(r, ">", 0), rel(r, "<", 1))),
    ((a * x**r + b * y**r) ** (t / r),
     (rel(r, "<", 1), rel(r, "!=", 0), rel(t, ">", 0), rel(t, "<", 1))),
    (sp.log(a * x**r + b * y**r), (rel(r, ">", 0), rel(r, "<", 1))),
    (-sp.log(a * x**r + b * y**r), (rel(r, "<", 0),)),
    (sp.log(a * x**r + b * y**r) / r, (rel(r, "<", 1), rel(r, "!=", 0))),
]  # fmt: skip
WRONG: list[tuple[Expr, Region, str]] = [
    ((a * x**r + b * y**r) ** (1 / r), (rel(r, ">", 1),), "convex"),
    ((a * x**r + b * y**r) ** (1 / r), (rel(r, ">", 0),), "convex from 1 on"),
    ((a * x**r + b * y**r) ** (t / r), (rel(r, ">", 0), rel(r, "<", 1)), "t is unknown"),
    ((a * x**r + b * y**r) ** (2 / r), (rel(r, ">", 0), rel(r, "<", 1)), "increasing returns"),
    ((a * x**r + b * y**r) ** (-1 / r), (rel(r, ">", 0), rel(r, "<", 1)), "convex"),
    (-((a * x**r + b * y**r) ** (1 / r)), (rel(r, "<", 0),), "convex"),
    (sp.log(a * x**r + b * y**r), (rel(r, "<", 0),), "convex"),
    (sp.log(a * x**r + b * y**r) / r, (rel(r, ">", 1),), "S**(1/r) is convex"),
    (sp.log(x**2 + y**2), (), "exponent 2"),
    ((k * sp.sqrt(m) + sp.sqrt(n)) ** 2, (), "a coefficient of unknown sign"),
    ((sp.sqrt(m) - sp.sqrt(n)) ** 2, (), "a negative coefficient"),
    ((sp.sqrt(x) + y ** sp.Rational(2, 3)) ** 2, (), "two exponents"),
    ((sp.sqrt(m * n) + sp.sqrt(n)) ** 2, (), "a base that is not affine"),
    ((u ** (-1) + v ** (-1)) ** (-1), (rel(u, "!=", 0), rel(v, "!=", 0)), "bases of any sign"),
    ((u ** (-2) + v ** (-2)) ** (-HALF), (), "bases of any sign, even exponent"),
]


def seen(f: Expr, premises: Region) -> bool:
    actions = sorted(f.free_symbols & {x, y, m, n, u, v}, key=str)
    return isinstance(concave(f, actions, premises), Concave)


@pytest.mark.parametrize(("f", "premises"), RIGHT, ids=[str(f) for f, _ in RIGHT])
def test_concave_and_midpoints_agree(f: Expr, premises: Region) -> None:
    assert seen(f, premises)
    rng = random.Random(5)
    draw = lambda: sp.Rational(rng.randint(1, 60), 7)  # noqa: E731
    below = any(p.operator == "<" and p.left == r and p.right == 0 for p in premises)
    exponent = -HALF if below else sp.Rational(1, 3)
    given = {a: sp.Integer(2), b: sp.Integer(3), r: exponent, t: HALF}
    symbols = sorted(f.free_symbols & {x, y, m, n}, key=str)
    for _ in range(12):
        one, two = ({s: draw() for s in symbols} for _ in range(2))
        middle = {s: (one[s] + two[s]) / 2 for s in symbols}
        ends = sum(sp.N(f.subs({**given, **at}), 30) for at in (one, two)) / 2
        assert sp.N(f.subs({**given, **middle}), 30) >= ends - sp.Float("1e-25")


@pytest.mark.parametrize(("f", "premises", "why"), WRONG, ids=[f"{w}: {f}" for f, _, w in WRONG])
def test_not_concave(f: Expr, premises: Region, why: str) -> None:
    assert not seen(f, premises), why


@pytest.mark.parametrize(
    ("total", "premises"),
    [
        (x**r + y**r, ()),  # r may be 0
        (x**r + y**r, (rel(r, "<=", 1),)),
        (x + y, ()),
        (sp.sqrt(x), ()),
        (x**r + y**t, (rel(r, "<", 0), rel(t, "<", 0))),
        (m**r + n**r, (rel(r, "<", 0),)),  # infinite at 0
        (sp.sqrt(x) + 1, ()),
        (x**x + y**x, ()),
    ],
)
def test_no_ces_sum(total: Expr, premises: Region) -> None:
    actions = sorted(total.free_symbols & {x, y, m, n}, key=str)
    assert ces(total, Context(actions, premises)) is None


def test_zero_coefficients_are_concave_but_pin_nothing() -> None:
    """With a coefficient of zero the other good is free: the maximiser is not unique."""
    weight = sp.Symbol("weight", nonnegative=True)
    found = concave(sp.log(sp.sqrt(m) + weight * sp.sqrt(n)), [m, n], ())
    assert isinstance(found, Concave)
    assert found.pinned == ()


def test_demand_of_a_ces_consumer_and_lies_about_it() -> None:
    """max log(sqrt(x) + sqrt(y))*2, a*x + b*y <= q: x = b*q/(a*(a + b)), the multiplier 1/q."""
    f = 2 * sp.log(sp.sqrt(x) + sp.sqrt(y))
    budget = {"M": rel(a * x + b * y, "<=", q)}
    game = Game(Agent("A", f, x, y, constraints=budget))
    right = {x: b * q / (a * (a + b)), y: a * q / (b * (a + b))}
    witness = ((a, ONE), (b, sp.Integer(2)), (q, ONE))

    def proved(values: dict[sp.Symbol, Expr], price: Expr) -> bool:
        value = f.xreplace(values)
        case = Regime(
            (),
            tuple(values.items()),
            multipliers=(("M", price),),
            value=value,
            utilities=(("A", value),),
            witness=witness,
        )
        return isinstance(verify(game, "maximize", [case]).regimes[0].status, Proved)

    assert proved(right, 1 / q)
    assert not proved(right, 2 / q)
    assert not proved({x: q / (2 * a), y: q / (2 * b)}, 1 / q)
    assert not proved({x: right[y], y: right[x]}, 1 / q)
    assert not proved({s: e / 2 for s, e in right.items()}, 2 / q)
    solution = solve(game, "maximize")
    assert isinstance(solution.proof, Proved)


def test_weights_that_depend_on_the_other_agent() -> None:
    """The other's action is given and nonnegative; if it may be negative nothing is concave."""
    total = lambda w: (w * sp.sqrt(m) + sp.sqrt(n)) ** 2  # noqa: E731
    other = sp.Symbol("other", real=True)
    assert isinstance(concave(total(other), [m, n], (rel(other, ">=", 0),)), Concave)
    assert not isinstance(concave(total(other), [m, n], ()), Concave)
    assert not isinstance(concave(total(m), [m, n], ()), Concave)
