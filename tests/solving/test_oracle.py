"""Numbers of a system: the tape against differences, the interior point against known answers."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from alignsym.conditions.concepts import CONCEPTS
from alignsym.model.game import Agent, Concept, Game
from alignsym.solving.oracle.interior import NumericPoint, Oracle
from alignsym.solving.oracle.tape import Tape, UnsupportedError

some = settings(
    max_examples=80, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
)
x, y, z = sp.symbols("x y z", nonnegative=True)
a, c, q = sp.symbols("a c q", positive=True)
r = sp.Symbol("r", real=True)

leaves = st.sampled_from([x, y, a, x + 1, sp.Integer(2), sp.Rational(1, 3)])
pieces = st.recursive(
    leaves,
    lambda e: st.one_of(
        st.tuples(e, e).map(lambda t: t[0] + t[1]),
        st.tuples(e, e).map(lambda t: t[0] * t[1]),
        st.tuples(e, e).map(lambda t: t[0] - t[1]),
        e.map(lambda f: sp.log(f + 5)),
        e.map(lambda f: sp.exp(-(f**2))),
        e.map(sp.sin),
        e.map(lambda f: sp.sqrt(f**2 + 1)),
        e.map(lambda f: (f**2 + 1) ** a),
        e.map(lambda f: (f**2 + 2) ** (x / 3)),
        e.map(lambda f: 1 / (f**2 + 1)),
        st.tuples(e, e).map(lambda t: sp.Max(*t)),
        e.map(sp.Abs),
    ),
    max_leaves=6,
)
AT, CONSTANTS = [0.7310585, 1.6180339], [1.4142135]


@some
@given(pieces)
def test_values_and_derivatives(e: sp.Expr) -> None:
    tape = Tape([e, 2 * e + x], [x, y], [a])
    values, jacobian = tape.run(AT, CONSTANTS)
    assert tape.values(AT, CONSTANTS) == pytest.approx(list(values), rel=1e-12, nan_ok=True)
    if math.isnan(values[0]):
        return
    exact = float(sp.lambdify([x, y, a], e, "math")(*AT, *CONSTANTS))
    assert values[0] == pytest.approx(exact, rel=1e-9, abs=1e-9)
    assert values[1] == pytest.approx(2 * exact + AT[0], rel=1e-9, abs=1e-9)
    for k in range(2):
        h = 1e-5
        up, down = ([v + s * h * (i == k) for i, v in enumerate(AT)] for s in (1, -1))
        rise = (tape.values(up, CONSTANTS)[0] - tape.values(down, CONSTANTS)[0]) / (2 * h)
        assert jacobian[0, k] == pytest.approx(rise, rel=1e-4, abs=1e-4 * (1 + abs(exact)))
        assert jacobian[1, k] == pytest.approx(2 * jacobian[0, k] + (k == 0), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("e", "at"),
    [
        (sp.log(r), -1.0), (sp.log(r), 0.0), (sp.sqrt(r), -1.0), (1 / r, 0.0), (r**a, -2.0),
        (sp.exp(r), 1e6), (sp.LambertW(r), -1.0), (r ** sp.Rational(-1, 2), 0.0),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_undefined_is_nan(e: sp.Expr, at: float) -> None:
    tape = Tape([e, r], [r], [a])
    values, jacobian = tape.run([at], [0.5])
    assert math.isnan(values[0])
    assert values[1] == at
    assert jacobian[1, 0] == 1
    assert math.isnan(tape.values([at], [0.5])[0])


@pytest.mark.parametrize("argument", [-0.3, -0.1, 0.2, 1.0, 50.0])
def test_lambert(argument: float) -> None:
    for branch in (0, -1) if argument < 0 else (0,):
        value, slope = Tape([sp.LambertW(r, branch)], [r], []).run([argument], [])
        assert value[0] * math.exp(value[0]) == pytest.approx(argument, rel=1e-12)
        assert (value[0] >= -1) == (branch == 0)
        assert slope[0, 0] * (math.exp(value[0]) * (1 + value[0])) == pytest.approx(1)


def test_a_function_without_instruction_is_refused() -> None:
    for e in (sp.tan(r), sp.asin(r), sp.Piecewise((r, r < 1), (0, True)), sp.gamma(r)):
        with pytest.raises(UnsupportedError):
            Tape([e], [r], [])


# ------------------------------------------------------------------ the interior point
def solved(game: Game, concept: Concept, **at: object) -> NumericPoint:
    system = CONCEPTS[concept](game)
    symbols = [p.symbol for p in game.parameters]
    point = {s: Fraction(str(at[s.name])) for s in symbols}
    found = list(Oracle(system, symbols).solve(point))
    assert found
    return found[0]


def pair(f: sp.Expr, g: sp.Expr, **shared: object) -> Game:
    return Game(Agent("A", f, x), Agent("B", g, y), shared=shared)


KNOWN: dict[str, tuple[Game, Concept, dict[str, object], dict[str, float]]] = {
    "sharing": (
        pair(a * sp.log(x), sp.log(y), G=x + y <= q), "social", {"a": 2, "q": 6},
        {"x": 4, "y": 2, "mu[G]": 0.5},
    ),
    "sharing, one at zero": (
        pair(sp.log(a + x), sp.log(1 + y), G=x + y <= q), "social", {"a": 9, "q": 3},
        {"x": 0, "y": 3, "mu[G]": 0.25, "low[x]": 5 / 36},
    ),
    "Cournot": (
        pair((a - x - y - c) * x, (a - x - y - 1) * y), "nash", {"a": 10, "c": 2},
        {"x": 7 / 3, "y": 10 / 3},
    ),
    "Cournot, one out": (
        pair((a - x - y - c) * x, (a - x - y - 1) * y), "nash", {"a": 10, "c": 7},
        {"x": 0, "y": 4.5, "low[x]": 1.5},
    ),
    "a slack constraint": (
        pair(-((x - 1) ** 2), -((y - 2) ** 2), G=x + y <= q), "social", {"q": 5},
        {"x": 1, "y": 2, "mu[G]": 0},
    ),
    "common multiplier": (
        pair((a - x - y) * x, (a - x - y) * y, G=x + y <= q), "variational", {"a": 12, "q": 4},
        {"x": 2, "y": 2, "mu[G]": 6},
    ),
    "an equality": (
        pair(-(x**2), -2 * y**2, G=sp.Eq(x + y, q)), "social", {"q": 3},
        {"x": 2, "y": 1, "nu[G]": -4},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_known_solutions(name: str) -> None:
    game, concept, at, expected = KNOWN[name]
    table = {s.name: v for s, v in solved(game, concept, **at).table().items()}
    for key, value in expected.items():
        assert table[key] == pytest.approx(value, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("name", KNOWN)
def test_binding_sets_are_read_off(name: str) -> None:
    """A pair binds where its multiplier is larger than its slack; no pair has both."""
    game, concept, at, _ = KNOWN[name]
    found = solved(game, concept, **at)
    system = CONCEPTS[concept](game)
    table = found.table()
    for k, one in enumerate(system.pairs):
        slack = float(one.slack.xreplace({s: sp.Float(v) for s, v in table.items()}))
        assert min(slack, table[one.multiplier]) == pytest.approx(0, abs=1e-5)
        assert (k in found.binding) == (table[one.multiplier] > slack)
    assert found.margin > 1e-3


def test_no_solution_gives_no_numbers() -> None:
    for f in (x, x + sp.log(1 + x), sp.exp(x)):
        game = Game(Agent("A", f, x), concept="maximize")
        system = CONCEPTS["maximize"](game)
        assert not [
            n for n in Oracle(system, []).solve({}) if max(map(abs, n.table().values())) < 1e6
        ]


def test_the_same_point_gives_the_same_numbers() -> None:
    game, concept, at, _ = KNOWN["sharing, one at zero"]
    first, second = (solved(game, concept, **at) for _ in range(2))
    assert first == second
    assert np.isfinite(list(first.table().values())).all()
