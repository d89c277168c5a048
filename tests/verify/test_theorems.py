"""Concave sufficiency and direct comparison: optima are proved, near misses never."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import sympy as sp

from alignsym.claims import ByTheorem, Proved, Unknown
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr, Relation
from alignsym.verify.decision import DecisionMaker, decision_makers
from alignsym.verify.facts import zero
from alignsym.verify.shapes import convex_constraint, shape, transforms
from alignsym.verify.theorems import Priced, optimal, signs, stationary

x, y, p, q, w = sp.symbols("x y p q w", positive=True)
m, n = sp.symbols("m n", nonnegative=True)
u, v, a, b = sp.symbols("u v a b", real=True)
ZERO = sp.S.Zero


def maker(f: Expr, *actions: object, **constraints: object) -> DecisionMaker:
    game = Game(Agent("A", f, *actions, constraints=constraints), concept="maximize")
    (out,) = decision_makers(game, "maximize")
    return out


def verdict(
    one: DecisionMaker,
    values: Mapping[sp.Symbol, object],
    prices: Mapping[str, object],
    *known: Relation,
) -> object:
    at = {s: sp.sympify(e) for s, e in values.items()}
    priced = [
        Priced(c.name, c.relation, sp.sympify(prices.get(c.name, 0))) for c in one.constraints
    ]
    for action in one.actions:
        for relation in action.interval.contains(action.symbol):
            priced.append(Priced(action.name, relation, sp.sympify(prices.get(action.name, 0))))
    positive = tuple(Relation(s, ">", ZERO) for s in (p, q, w))
    region = (*positive, *known)
    return optimal(one, at, tuple(priced), region, shape(one, region))


BUDGET = p * x + y <= w
TRUE = {
    "logarithms": (
        maker(sp.log(x) + sp.log(y), x, y, B=BUDGET),
        {x: w / p / 2, y: w / 2},
        {"B": 2 / w},
    ),
    "product": (maker(x * y, x, y, B=BUDGET), {x: w / p / 2, y: w / 2}, {"B": w / p / 2}),
    "parabola": (maker(-((u - a) ** 2), u), {u: a}, {}),
    "at a bound": (maker(-p * m, m), {m: 0}, {"m": p}),
    "equality": (maker(-(u**2) - v**2, u, v, E=sp.Eq(u + v, q)), {u: q / 2, v: q / 2}, {"E": -q}),
    "least cost": (
        maker(-p * x - q * y, x, y, F=sp.sqrt(x * y) >= w),
        {x: w * sp.sqrt(q / p), y: w * sp.sqrt(p / q)},
        {"F": 2 * sp.sqrt(p * q)},
    ),
    "quartic with one peak": (maker(u - u**4 / 4, u), {u: 1}, {}),
}


@pytest.mark.parametrize("name", TRUE)
def test_optima_are_proved(name: str) -> None:
    one, values, prices = TRUE[name]
    found = verdict(one, values, prices)
    assert isinstance(found, Proved)
    (evidence,) = found.evidence
    if isinstance(evidence, ByTheorem):
        assert all(isinstance(d.verdict, Proved) for d in evidence.hypotheses)


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("logarithms", sp.Rational(9, 10)),
        ("product", sp.Rational(1, 2)),
        ("quartic with one peak", sp.Rational(9, 10)),
        ("quartic with one peak", sp.Integer(-1)),
        ("least cost", sp.Rational(11, 10)),
        ("parabola", sp.Integer(2)),
    ],
)
def test_feasible_choices_that_are_not_optimal(name: str, factor: Expr) -> None:
    one, values, prices = TRUE[name]
    scaled = {s: factor * sp.sympify(e) for s, e in values.items()}
    assert not isinstance(verdict(one, scaled, prices), Proved)


FALSE = {
    "a minimum": (maker(u**2, u), {u: 0}, {}),
    "an inflection": (maker(u**3, u), {u: 0}, {}),
    "a saddle": (maker(u**2 - v**2, u, v), {u: 0, v: 0}, {}),
    "a product at 0": (maker(u * v, u, v), {u: 0, v: 0}, {}),
    "a local maximum of two": (maker(-((u**2 - 1) ** 2) + u / 10, u), {u: -1}, {}),
    "a local maximum at a bound": (maker(m**2 - m, (m, (0, 3))), {m: 0}, {"m": 1}),
    "x log x": (maker(m * sp.log(m) - m, m), {m: 1}, {}),
    "a corner of a convex utility": (
        maker(m**2 + n**2, m, n, B=m + n <= q),
        {m: q / 2, n: q / 2},
        {"B": q},
    ),
    "an exponent above one": (
        maker(sp.sqrt(x**2 + y**2), x, y, B=x + y <= q),
        {x: q / 2, y: q / 2},
        {"B": sp.sqrt(2) / 2},
    ),
    "an equality that is no plane": (
        maker(u, u, v, E=sp.Eq(v, u**2 - q)),
        {u: -sp.sqrt(q), v: 0},
        {"E": 1 / (2 * sp.sqrt(q))},
    ),
    "a nonconvex constraint": (
        maker(-u - v, u, v, C=Relation(u**2 + v**2, ">=", q)),
        {u: 0, v: 0},
        {},
    ),
    "a kink upwards": (maker(sp.Abs(u), u, C=u <= 1), {u: 0}, {}),
    "a negative multiplier": (
        maker(-((u - 2) ** 2), u, C=Relation(u, ">=", sp.S.One)),
        {u: 1},
        {"C": -2},
    ),
    "a multiplier with slack": (maker(u, u, C=u <= q), {u: q / 2}, {"C": 1}),
    "infeasible": (maker(u, u, C=u <= q), {u: q + 1}, {"C": 1}),
    "undefined": (maker(sp.log(u) - u, u), {u: -1}, {}),
}


@pytest.mark.parametrize("name", FALSE)
def test_near_misses_are_not_proved(name: str) -> None:
    """Not a maximiser, or not a choice; what is infeasible is refused by its own claim."""
    one, values, prices = FALSE[name]
    at = {s: sp.sympify(e) for s, e in values.items()}
    fine = all(isinstance(zero_or_positive(r.replaced(at)), Proved) for r in one.feasible())
    assert not (fine and isinstance(verdict(one, values, prices), Proved))


def zero_or_positive(relation: Relation) -> object:
    gap = sp.simplify(relation.gap)
    strict = relation.is_strict
    holds = gap == 0 if relation.is_equality else gap.is_positive if strict else gap.is_nonnegative
    return Proved() if holds else Unknown("not shown")


def test_transforms_say_what_they_need() -> None:
    assert [f for f, _ in transforms(x**a * y, (x, y))] == [x**a * y, a * sp.log(x) + sp.log(y)]
    (_, (_, needed)) = transforms(-x * y, (x, y))
    assert Relation(-sp.S.One, ">", ZERO) in needed
    assert list(transforms(x + y, (x, y))) == [(x + y, ())]
    assert list(transforms(x**x, (x,))) == [(x**x, ())]


@pytest.mark.parametrize(
    ("relation", "convex"),
    [
        (u + v <= q, True),
        (sp.Eq(u + v, q), True),
        (u**2 + v**2 <= q, True),
        (sp.sqrt(x * y) >= q, True),
        (x * y >= q, True),
        (x * y <= q, False),
        (sp.Eq(u * v, q), False),
        (sp.Eq(u**2, q), False),
        (Relation(u**2 + v**2, ">=", q), False),
        (sp.Ne(u, q), False),
        (sp.Abs(u) >= q, False),
        (sp.Abs(u) <= q, True),
        (u**3 <= q, False),
        (sp.exp(u) <= q, True),
        (sp.log(x) <= q, False),
    ],
    ids=str,
)
def test_convex_constraints(relation: object, convex: bool) -> None:
    """u**3 <= q is an interval, which is not shown: a refusal loses only a proof."""
    given = relation
    if not isinstance(given, Relation):
        (given,) = (c.relation for c in maker(u + v + x + y, u, v, x, y, C=relation).constraints)
    found = convex_constraint(given, (u, v, x, y), (Relation(q, ">", ZERO),))
    assert isinstance(found, Proved) == convex


def test_the_lagrangian_and_its_signs() -> None:
    one = maker(u, u, C=u <= q)
    (relation,) = (c.relation for c in one.constraints)
    right, wrong = Priced("C", relation, sp.S.One), Priced("C", relation, -sp.S.One)
    assert isinstance(stationary(one, {u: q}, (right,), ()), Proved)
    assert not isinstance(stationary(one, {u: q}, (wrong,), ()), Proved)
    assert isinstance(signs({u: q}, (right,), ()), Proved)
    assert not isinstance(signs({u: q}, (wrong,), ()), Proved)
    assert not isinstance(signs({u: q - 1}, (right,), ()), Proved)


def test_zero_is_shown_by_form_or_by_region() -> None:
    assert isinstance(zero((a + b) ** 2 - a**2 - 2 * a * b - b**2, ()), Proved)
    assert isinstance(zero(a - b, (Relation(a, "==", b),)), Proved)
    assert isinstance(zero(a - b, (Relation(a, "<=", b),)), Unknown)


def test_one_factor_with_an_odd_power_may_be_negative() -> None:
    """x**2*(v - x) on x >= 0 is negative beyond v, and log-concave before; with two such factors
    the product of two negatives is positive again, and nothing may be concluded."""
    x, v = sp.Symbol("x", nonnegative=True), sp.Symbol("v", positive=True)
    one = list(transforms(x**2 * (v - x), (x,)))
    assert any(
        inner.has(sp.log) and not any(r.left == v - x for r in needed) for inner, needed in one
    )
    two = list(transforms((x - 2) * (v - x), (x,)))
    for inner, needed in two:
        if inner.has(sp.log):
            assert {r.left for r in needed} >= {x - 2, v - x}
