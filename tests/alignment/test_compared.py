"""Profiles compared directly, without weights: brute force over rational grids says the same."""

from __future__ import annotations

from itertools import product

import pytest
import sympy as sp

from alignsym.alignment.align import align
from alignsym.alignment.arena import arena
from alignsym.alignment.efficiency import Efficiency
from alignsym.alignment.output import alignment_to_json
from alignsym.alignment.pareto import judged
from alignsym.alignment.profile import Profile
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game

x, y = sp.symbols("x y", nonnegative=True)
GRID = [sp.Rational(k, 8) for k in range(9)]


def verdict(game: Game, values: dict[sp.Symbol, sp.Expr]) -> Efficiency:
    """The verdict on any profile of a game without parameters."""
    where = arena(game, "nash", {})
    assert not isinstance(where, str)
    profile = Profile(where, (), tuple(values.items()), witnesses=((),))
    (piece,) = judged(profile, ())
    return piece.efficiency(profile, (), ())


def brute(game: Game, values: dict[sp.Symbol, sp.Expr]) -> tuple[bool, bool]:
    """Whether some profile of the grid is better for all; at nobody's loss for somebody."""
    symbols = [a.symbol for a in game.actions]
    now = [a.utility.xreplace(values) for a in game.agents]
    strictly = weakly = False
    for choice in product(GRID, repeat=len(symbols)):
        at = dict(zip(symbols, choice, strict=True))
        rises = [a.utility.xreplace(at) - u for a, u in zip(game.agents, now, strict=True)]
        strictly = strictly or min(rises) > 0
        weakly = weakly or (min(rises) >= 0 and max(rises) > 0)
    return strictly, weakly


def unit(*utilities: sp.Expr) -> Game:
    """The first two choose x and y between 0 and 1, the others watch."""
    chosen = [(x, (0, 1)), (y, (0, 1))]
    agents = [Agent(f"agent{k}", u, *chosen[k : k + 1]) for k, u in enumerate(utilities)]
    return Game(*agents)


half = sp.Rational(1, 2)
CASES = [
    (unit((1 - x) ** 2 + 0 * y, x**2), {x: half, y: half}),  # a frontier that is not concave
    (unit((1 - x) ** 2 - y, x**2 - y), {x: half, y: half}),
    (unit((1 - x) ** 2 - y, x**2), {x: half, y: half}),
    (unit((1 - x) ** 2 - y, x**2), {x: half, y: sp.S.Zero}),
    (unit(x * (1 - x) * y, y * (1 - y) * x), {x: half, y: half}),
    (unit(x * y + 3 * x * (1 - y), x * y + 3 * (1 - x) * y), {x: sp.S.One, y: sp.S.One}),
    (unit(x * y, -x * y, x - y), {x: half, y: half}),
    (unit(x - 2 * x * y, y - 2 * x * y), {x: half, y: half}),
]  # fmt: skip


@pytest.mark.parametrize("k", range(len(CASES)))
def test_direct_verdicts_agree_with_brute_force(k: int) -> None:
    game, values = CASES[k]
    row = verdict(game, values)
    strictly, weakly = brute(game, values)
    assert row.kind != "unknown" and isinstance(row.status, Proved)
    assert not (strictly and row.kind != "no")
    assert not (weakly and row.kind == "strongly")
    if row.trade is not None:
        to = dict(row.trade.to)
        rises = [a.utility.xreplace(to) - a.utility.xreplace(values) for a in game.agents]
        assert all(0 <= e <= 1 for e in to.values())
        assert min(rises) > 0 if row.kind == "no" else (min(rises) >= 0 and max(rises) > 0)


def test_a_frontier_that_is_not_concave_has_another_aggregate() -> None:
    game, values = CASES[0]
    row = verdict(game, values)
    assert row.kind == "strongly" and row.weights is None
    # Every sum with weights is larger at an end: w (1 - x)**2 + v x**2 is convex in x.
    symbols = {a.name: sp.Symbol(f"U_{a.name}", real=True) for a in game.agents}
    assert row.aggregate is not None and row.aggregate.free_symbols == set(symbols.values())
    for level in GRID:
        worth = {symbols[a.name]: a.utility.xreplace({x: level}) for a in game.agents}
        worthwhile = row.aggregate.xreplace(worth)
        assert worthwhile <= 0 and (worthwhile == 0) == (level == half)


def test_the_answer_names_the_aggregate_only_where_weights_do_not_do() -> None:
    found = align(Game(Agent("one", x - x**2, x), Agent("two", -x)), "nash")
    said = alignment_to_json(found)
    assert all("aggregate" not in row for row in said["equilibria"])
    assert all(row.aggregate is None for row in found.equilibria if row.weights is not None)
