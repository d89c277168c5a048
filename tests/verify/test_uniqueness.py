"""Is there another solution?  Unique ones are proved so; of several none is the only one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved, Unknown, Verdict
from alignsym.model.game import Agent, Concept, Game
from alignsym.solution import Continuum, Regime
from alignsym.verify.decision import decision_makers
from alignsym.verify.equilibria import monotone_block
from alignsym.verify.obligations import verify

u, v, a, b = sp.symbols("u v a b", real=True)
x, y = sp.symbols("x y", nonnegative=True)
s, t = sp.symbols("s t", positive=True)
p, q, c = sp.symbols("p q c", positive=True)
HALF, THIRD = sp.Rational(1, 2), sp.Rational(1, 3)
UNIT = (0, 1)


def one(f: sp.Expr, *actions: object, **constraints: object) -> Game:
    return Game(Agent("A", f, *actions, constraints=constraints), concept="maximize")


def two(
    f: sp.Expr, g: sp.Expr, i: object, j: object, concept: Concept = "nash", **shared: object
) -> Game:
    return Game(Agent("A", f, i), Agent("B", g, j), shared=shared, concept=concept)


def exhaustive(
    game: Game, values: Mapping[sp.Symbol, object], multipliers: Mapping[str, object]
) -> Verdict:
    """The verdict on "nothing else" for one claimed solution, for all parameters."""
    regime = Regime(
        when=(),
        values=tuple((k, sp.sympify(e)) for k, e in values.items()),
        multipliers=tuple((k, sp.sympify(e)) for k, e in multipliers.items()),
        bounds=tuple((act.name, sp.S.Zero) for act in game.actions),
    )
    (found,) = verify(game, game.concept or "nash", [regime]).regimes
    return found.exhaustive


SEVERAL: dict[str, tuple[Game, list[dict[sp.Symbol, object]], dict[str, object]]] = {
    "two peaks": (one(-((u**2 - 1) ** 2), u), [{u: 1}, {u: -1}], {}),
    "a flat top": (one(-sp.Max(0, sp.Abs(u) - 1), u), [{u: 0}, {u: 1}], {}),
    "a ridge": (one(-((u + v) ** 2), u, v), [{u: 0, v: 0}, {u: 1, v: -1}], {}),
    "indifference along the budget": (
        one(x + y, x, y, B=x + y <= q), [{x: q, y: 0}, {x: q / 2, y: q / 2}], {"B": 1},
    ),
    "an action without effect": (
        one(-((u - a) ** 2) + 0 * v, u, v), [{u: a, v: 0}, {u: a, v: 5}], {},
    ),
    "ends of a convex utility": (one(u**2, (u, (-1, 1))), [{u: 1}, {u: -1}], {}),
    "perfect complements": (
        one(sp.Min(x, q), x), [{x: q}, {x: 2 * q}], {},
    ),
    "constant returns": (
        one(sp.sqrt(x) * sp.sqrt(y) - x / 2 - y / 2, x, y), [{x: 1, y: 1}, {x: q, y: q}], {},
    ),
    "a product that stays zero": (
        one(x**THIRD * y**THIRD, x, y, B=y <= 0), [{x: 0, y: 0}, {x: q, y: 0}], {},
    ),
    "an isoquant for equal prices and perfect substitutes": (
        one(-(x + y), x, y, B=sp.sqrt(x + y) >= q),
        [{x: q**2, y: 0}, {x: 0, y: q**2}], {"B": 2 * q},
    ),
    "coordination": (two(u * v, u * v, (u, UNIT), (v, UNIT)), [{u: 0, v: 0}, {u: 1, v: 1}], {}),
    "the same place": (
        two(-((u - v) ** 2), -((u - v) ** 2), (u, UNIT), (v, UNIT)),
        [{u: 0, v: 0}, {u: 1, v: 1}, {u: HALF, v: HALF}], {},
    ),
    "battle of the sexes": (
        two(u * v * 2 + (1 - u) * (1 - v), u * v + 2 * (1 - u) * (1 - v), (u, UNIT), (v, UNIT)),
        [{u: 0, v: 0}, {u: 1, v: 1}, {u: sp.Rational(2, 3), v: THIRD}], {},
    ),
    "chicken": (
        two(u * (1 - 2 * v), v * (1 - 2 * u), (u, UNIT), (v, UNIT)),
        [{u: 1, v: 0}, {u: 0, v: 1}, {u: HALF, v: HALF}], {},
    ),
    "steep replies": (
        two(-((u - 2 * v + 1) ** 2), -((v - 2 * u + 1) ** 2), (u, (0, 3)), (v, (0, 3))),
        [{u: 1, v: 1}, {u: 0, v: 0}, {u: 3, v: 3}], {},
    ),
    "bertrand with a kink": (
        two(-sp.Abs(u - v), -((v - u) ** 2), (u, UNIT), (v, UNIT)),
        [{u: 0, v: 0}, {u: 1, v: 1}], {},
    ),
    "curved replies": (
        two(-((u - v**2) ** 2), -((v - u) ** 2), (u, UNIT), (v, UNIT)),
        [{u: 0, v: 0}, {u: 1, v: 1}], {},
    ),
    "marginal utility without bound": (
        two(2 * sp.sqrt(x) * y - x, -((y - x) ** 2), x, y), [{x: 0, y: 0}, {x: 1, y: 1}], {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SEVERAL)
def test_one_of_several_is_not_the_only_one(name: str) -> None:
    game, solutions, multipliers = SEVERAL[name]
    for values in solutions:
        assert not isinstance(exhaustive(game, values, multipliers), Proved)


@pytest.mark.parametrize("name", SEVERAL)
def test_no_answer_says_that_it_is_complete(name: str) -> None:
    game, _, _ = SEVERAL[name]
    solution = solve(game, seconds=5)
    told = {tuple(r.values) for r in solution.regimes}
    sets = [o for o in solution.cases if isinstance(o, Continuum)]
    assert len(told) > 1 or sets or not isinstance(solution.proof, Proved)


UNIQUE: dict[str, tuple[Game, dict[sp.Symbol, object], dict[str, object]]] = {
    "one peak": (one(-((u - a) ** 2), u), {u: a}, {}),
    "logarithms": (
        one(sp.log(s) + sp.log(t), s, t, B=p * s + t <= q), {s: q / p / 2, t: q / 2}, {"B": 2 / q},
    ),
    "decreasing returns, zero where one factor is": (
        one(3 * c * x**THIRD * y**THIRD - p * x - q * y, x, y),
        {x: c**3 / (p**2 * q), y: c**3 / (p * q**2)}, {},
    ),
    "the least cost on an isoquant, linear along rays": (
        one(-(p * x + q * y), x, y, B=x**THIRD * y ** (2 * THIRD) >= c),
        {x: c * (q / p / 2) ** (2 * THIRD), y: c * (2 * p / q) ** THIRD},
        {"B": 3 * p**THIRD * (q / 2) ** (2 * THIRD)},
    ),
    "a ridge crossed by an equality": (
        one(-((u + v) ** 2), u, v, E=sp.Eq(u - v, 2 * a)), {u: a, v: -a}, {"E": 0},
    ),
    "duopoly": (
        two((q - x - y - c) * x - c * x, (q - x - y) * y, x, y), {}, {},
    ),
    "mild replies": (two(-((u - v / 2 - a) ** 2), -((v - u / 2 - b) ** 2), u, v),
        {u: (4 * a + 2 * b) / 3, v: (2 * a + 4 * b) / 3}, {}),
    "matching pennies": (
        two(u * (2 * v - 1), v * (1 - 2 * u), (u, UNIT), (v, UNIT)), {u: HALF, v: HALF}, {},
    ),
    "prisoners": (
        two(-u + 2 * v, -v + 2 * u, (u, UNIT), (v, UNIT)), {u: 0, v: 0}, {},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [n for n, row in UNIQUE.items() if row[1]])
def test_unique_solutions_are_proved_unique(name: str) -> None:
    game, values, multipliers = UNIQUE[name]
    assert isinstance(exhaustive(game, values, multipliers), Proved)


@pytest.mark.parametrize("name", UNIQUE)
def test_unique_solutions_are_answered_as_such(name: str) -> None:
    solution = solve(UNIQUE[name][0], seconds=10)
    assert isinstance(solution.proof, Proved), solution.reason


BLOCKS = [
    (two(-(u**2) + u * v, -(v**2) + u * v, u, v), {u, v}),
    (two(-(u**2) + u * v, -(v**2) - u * v, u, v), {u, v}),
    (two(-(u**2) / 2, 0 * u, u, v), {u}),
    (two((q - x - y) * x, (q - x - y) * y, x, y), {x, y}),
    (two((q - x - y) * x, (q - x - y) * y, x, y, "variational", G=x + y <= c), {x, y}),
    (two(-(u**2), -(v**2), u, v, "variational", G=u**2 + v**2 <= c), {u, v}),
]
NO_BLOCKS = {
    "increasing differences too steep": two(-(u**2) + 3 * u * v, -(v**2) + 3 * u * v, u, v),
    "a kink": two(-sp.Abs(u - v), -(v**2), u, v),
    "a set that moves with the other's choice": Game(
        Agent("A", -(u**2), u, constraints={"C": u <= v}), Agent("B", -(v**2), v), concept="nash"
    ),
    "a constraint that is not convex": Game(
        Agent("A", -(u**2), u, constraints={"C": u**2 >= q}), Agent("B", -(v**2), v), concept="nash"
    ),
    "a closed domain of both": two(
        -(u**2) - (9 - u - v) ** sp.Rational(5, 2), -(v**2) - (9 - u - v) ** sp.Rational(5, 2), u, v
    ),
}


@pytest.mark.parametrize(("game", "pinned"), BLOCKS)
def test_what_strict_monotonicity_pins(game: Game, pinned: set[sp.Symbol]) -> None:
    concept: Concept = game.concept or "nash"
    block = monotone_block(game, decision_makers(game, concept), concept, game.domain())
    assert not isinstance(block, Unknown)
    assert set(block) == pinned


@pytest.mark.parametrize("name", NO_BLOCKS)
def test_what_is_not_monotone(name: str) -> None:
    game = NO_BLOCKS[name]
    block = monotone_block(game, decision_makers(game, "nash"), "nash", game.domain())
    assert isinstance(block, Unknown)
    assert block.reason
