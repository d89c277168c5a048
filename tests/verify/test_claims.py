"""Single obligations by their definition: shapes, overlaps, what is said of one of several."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from alignsym import Agent, Game, Relation
from alignsym.claims import Proved
from alignsym.model.game import Price
from alignsym.solution import Regime
from alignsym.verify.concavity import _curved, _laplace, concave, strict_forms
from alignsym.verify.context import Context
from alignsym.verify.decision import decision_makers
from alignsym.verify.equilibria import only_these
from alignsym.verify.obligations import consistent, verify

x, y, z = sp.symbols("x y z", real=True)
n, m, k = sp.symbols("n m k", nonnegative=True)
a, q = sp.symbols("a q", positive=True)
ZERO, ONE, HALF = sp.S.Zero, sp.S.One, sp.S.Half


def test_a_utility_may_be_concave_at_the_others_choices_alone() -> None:
    """(2*x - exp(x))*y is concave in x where y > 0, and y = 1 is best for its owner."""
    game = Game(
        Agent("A", (2 * x - sp.exp(x)) * y, x), Agent("B", -((y - 1) ** 2), y), concept="nash"
    )
    best = sp.log(2)
    payoffs = (("A", 2 * best - 2), ("B", ZERO))
    regime = Regime((), ((x, best), (y, ONE)), utilities=payoffs)
    (found,) = verify(game, "nash", (regime,)).regimes
    assert isinstance(found.status, Proved)
    there = (("A", 2 - sp.E), ("B", ZERO))
    wrong = replace(regime, values=((x, ONE), (y, ONE)), utilities=there)
    (found,) = verify(game, "nash", (wrong,)).regimes
    assert not isinstance(found.status, Proved)


def test_a_good_in_excess_supply_is_free() -> None:
    price = sp.Symbol("price", nonnegative=True)
    market = Price(price, Relation(x, "<=", 2 * ONE))
    game = Game(Agent("A", -((x - 1) ** 2) - price * x, x), prices=[market], concept="walras")
    regime = Regime((), ((x, ONE), (price, ZERO)), utilities=(("A", ZERO),))
    (found,) = verify(game, "walras", (regime,)).regimes
    assert isinstance(found.status, Proved)
    dear = replace(regime, values=((x, HALF), (price, ONE)), utilities=(("A", -3 * ONE / 4),))
    (found,) = verify(game, "walras", (dear,)).regimes
    assert not isinstance(found.status, Proved)


def test_who_pushes_and_who_pulls_have_one_equilibrium() -> None:
    """The effects on each other cancel in the symmetric part of the Jacobian (Rosen 1965)."""
    game = Game(
        Agent("A", x * y - sp.exp(x) - x**4 - sp.exp(-2 * x) / 2, x),
        Agent("B", -x * y - sp.exp(y) - y**4 - sp.exp(-2 * y) / 2, y),
        concept="nash",
    )
    payoffs = (("A", -3 * HALF), ("B", -3 * HALF))
    regime = Regime((), ((x, ZERO), (y, ZERO)), utilities=payoffs)
    (found,) = verify(game, "nash", (regime,)).regimes
    assert isinstance(found.status, Proved) and isinstance(found.exhaustive, Proved)


def test_overlaps_agree_or_one_is_the_only_solution() -> None:
    game = Game(Agent("A", -((x - q) ** 2), x))
    one = Regime((Relation(q, "<=", 2 * ONE),), ((x, q),))
    two = Regime((Relation(q, ">=", ONE),), ((x, q + 1),))
    agree, disputed = consistent(game, [one, two], [])
    assert not isinstance(agree, Proved) and disputed == {0, 1}
    known = replace(one, exhaustive=Proved())
    for pair in ([known, two], [two, known]):
        agree, disputed = consistent(game, pair, [])
        assert isinstance(agree, Proved) and not disputed
    apart = replace(two, when=(Relation(q, ">", 2 * ONE),))
    agree, disputed = consistent(game, [one, apart], [])
    assert isinstance(agree, Proved) and not disputed


def test_one_of_one_is_all() -> None:
    """Two with strictly concave utilities, of which each looks at the other's choice."""
    game = Game(
        Agent("A", -(x**2) + x * y / 2 + x, x), Agent("B", -(y**2) - x * y / 3 + y, y),
        concept="nash",
    )  # fmt: skip
    makers = decision_makers(game, "nash")
    replies = [sp.Eq(sp.diff(m.objective, v), 0) for m, v in zip(makers, (x, y), strict=True)]
    right = sp.solve(replies, [x, y])
    assert isinstance(only_these(game, makers, "nash", [((), right)], ()), Proved)
    wrong = {x: right[x] + 1, y: right[y]}
    assert not isinstance(only_these(game, makers, "nash", [((), wrong)], ()), Proved)


@pytest.mark.parametrize(
    ("e", "side", "right"),
    [
        (sp.sqrt(n) * sp.sqrt(m), 1, True),
        (n ** (ONE / 3) * m ** (ONE / 3) * k ** (ONE / 3), 1, True),
        (n**HALF * m**HALF * k**HALF, 1, False),
        (sp.sqrt(n) * sp.sqrt(m), -1, False),
        (sp.log(sp.sqrt(n) + m), 1, True),
        (sp.exp(n**2), -1, True),
        (sp.exp(-(n**2)), -1, False),
        (sp.Min(n, sp.sqrt(m)), 1, True),
        (sp.Max(n, m**2), -1, True),
        (sp.Max(n, m**2), 1, False),
        (n * sp.log(n), -1, True),
        (-n * sp.log(n), 1, True),
        (sp.Abs(n - m), -1, True),
        (sp.Abs(n - m), 1, False),
    ],
)
def test_curvature_by_composition(e: sp.Expr, side: int, right: bool) -> None:
    context = Context((n, m, k), tuple(Relation(v, ">=", ZERO) for v in (n, m, k)))
    assert _curved(e, context, side) is right


def test_what_a_sum_of_concave_terms_pins() -> None:
    """-x**2 pins x; min(y, 1) is concave and pins nothing, and then what is linear is open."""
    strict = concave(-(x**2) + z, (x, z), ())
    assert x in strict.pinned and strict.flexible == z
    loose = concave(-(x**2) + sp.Min(y, 1) + z, (x, y, z), ())
    assert loose.pinned == (x,) and loose.flexible is None


def test_strict_forms_of_a_ces_sum() -> None:
    context = Context((n, m), tuple(Relation(v, ">", ZERO) for v in (n, m)))
    assert set(strict_forms(sp.log(a * sp.sqrt(n) + sp.sqrt(m)), context)) == {n, m}
    assert not strict_forms(sp.log(n**2 + m**2), context)


def test_determinants_along_the_first_row() -> None:
    for rows in ([[1, 2], [3, 4]], [[0, 1, 2], [1, 1, 0], [2, 1, 1]], [[1, 1], [1, 1]], [[5]]):
        block = sp.Matrix(rows)
        assert _laplace(block) == block.det()
    symbolic = sp.Matrix([[1, a, 0], [a, q, 1], [0, 1, a * q]])
    assert sp.expand(_laplace(symbolic) - symbolic.det()) == 0
