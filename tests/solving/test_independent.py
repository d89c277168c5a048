"""Vertices where more constraints meet than there are actions, and kinks at which nothing happens:
answers known by hand, and lies about multipliers that are not unique."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.model.output import solution_to_json
from alignsym.solution import Regime
from alignsym.verify.obligations import verify

x, y, z = sp.symbols("x y z", nonnegative=True)
a, b, k = sp.symbols("a b k", positive=True)


def peak_load() -> Game:
    benefit = (a - x / 2) * x + (b - y / 2) * y - k * z
    agent = Agent("firm", benefit, x, y, z, constraints={"day": x <= z, "night": y <= z})
    return Game(agent, conditions=[b < a], concept="maximize")


def test_the_dearest_capacity_is_not_built() -> None:
    """k >= a + b: nothing is produced, and (mu_day, mu_night) is any pair with mu_day >= a,
    mu_night >= b, mu_day + mu_night <= k (their sum is at most the cost of capacity)."""
    solution = solve(peak_load())
    assert solution.status == "solved"
    (none,) = [
        r for r in solution.regimes if dict(r.values)[z] == 0
    ]  # fmt: skip
    assert isinstance(none.status, Proved) and isinstance(none.exhaustive, Proved)
    assert set(none.several) >= {"day", "night"} and not none.shadow_prices
    at = {a: 2, b: 1, k: 5}
    day, night = (dict(none.multipliers)[n].subs(at) for n in ("day", "night"))
    assert day >= 2 and night >= 1 and day + night <= 5
    index = solution.regimes.index(none)
    assert solution_to_json(solution)["regimes"][index]["multipliers"] == {}


def test_multipliers_that_are_no_choice_are_refused() -> None:
    """mu_night < b leaves the marginal benefit of night unpaid: no multiplier, and no proof."""
    game = peak_load()
    solution = solve(game)
    (none,) = [r for r in solution.regimes if dict(r.values)[z] == 0]
    lie = replace(none, multipliers=(("day", a), ("night", b / 2)))
    (found,) = verify(game, "maximize", (lie,)).regimes
    assert not isinstance(found.status, Proved)


def test_a_unique_multiplier_stays_a_shadow_price() -> None:
    """Where capacity is built, the multipliers add up to its cost and are derivatives."""
    solution = solve(peak_load())
    for r in solution.regimes:
        if dict(r.values)[z] != 0:
            assert r.several == ()
            assert sp.expand(sum(e for _, e in r.multipliers)) == k


def test_a_degenerate_corner_of_a_linear_program() -> None:
    """x + a*y on x + y <= 1, x + 2y <= 1, 2x + y <= 2: best of the corners (1, 0) and (0, 1/2)."""
    agent = Agent(
        "one",
        x + a * y,
        x,
        y,
        constraints={"c1": x + y <= 1, "c2": x + 2 * y <= 1, "c3": 2 * x + y <= 2},
    )
    solution = solve(Game(agent, concept="maximize"))
    assert solution.status == "solved" and isinstance(solution.proof, Proved)
    for number in map(sp.Rational, ("1/2", "1", "19/10", "3")):
        best = max(1, number / 2)
        for case in solution.cases:
            if isinstance(case, Regime) and all(r.gap.subs(a, number) >= 0 for r in case.when):
                assert case.value.subs(a, number) == best


@pytest.mark.parametrize(("p", "q"), list(product((-2, -1, 1, 3), (-2, 0, 2))))
def test_projection_on_a_cone(p: int, q: int) -> None:
    """The point of |x| <= y nearest to (p, q), from the three possible faces."""
    u, v = sp.symbols("u v", real=True)
    s, t = sp.symbols("s t", real=True)
    agent = Agent("one", -((u - s) ** 2) - (v - t) ** 2, u, v, constraints={"cone": sp.Abs(u) <= v})
    solution = _cone(agent)
    assert solution.status == "solved"
    near = [(sp.Rational(p + q, 2),) * 2, (sp.Rational(p - q, 2), sp.Rational(q - p, 2))]
    points = [(sp.Integer(p), sp.Integer(q)), (sp.S.Zero, sp.S.Zero), *near]
    inside = [w for w in points if abs(w[0]) <= w[1]]
    best = min(inside, key=lambda w: (w[0] - p) ** 2 + (w[1] - q) ** 2)
    assert solution.at({s: p, t: q}) == ({"u": best[0], "v": best[1]},)


_SOLVED: dict[str, object] = {}


def _cone(agent: Agent):  # type: ignore[no-untyped-def]
    if "cone" not in _SOLVED:
        _SOLVED["cone"] = solve(Game(agent, concept="maximize"))
    return _SOLVED["cone"]
