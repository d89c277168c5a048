"""Steps shown by their terms: feasible and better for all at exact points, by the definition."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
import sympy as sp

from alignsym.alignment.align import align
from alignsym.alignment.arena import arena
from alignsym.alignment.judging import profile_of
from alignsym.alignment.profile import is_proved
from alignsym.alignment.small_steps import along
from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.solution import holds
from alignsym.verify.facts import holds as shown

a, b, c, d, t = sp.symbols("a b c d t", positive=True)
x, y, z = sp.symbols("x y z", nonnegative=True)
u, v = sp.symbols("u v", real=True)
GAMES = {
    "two types": Game(
        Agent("one", t * (a - x - y) * x + (1 - t) * (a - x - z) * x - c * x, x),
        Agent("low", (a - x - y) * y - b * y, y), Agent("high", (a - x - z) * z - d * z, z),
        conditions=[t < 1, b < d, a > 4 * d, a > 4 * c],
    ),
    "cubes": Game(
        Agent("one", a * x - x**3 / 3 - b * x * y, x),
        Agent("two", a * y - y**3 / 3 - b * x * y, y),
        conditions=[b < 1, a > 2],
    ),
    "logs": Game(
        Agent("one", a * sp.log(1 + x) - x - b * y, x),
        Agent("two", c * sp.log(1 + y) - y - b * x, y),
        conditions=[a > 1, c > 1],
    ),
    "real": Game(Agent("one", a * u - u**2 - b * v, u), Agent("two", c * v - v**2 - d * u, v)),
}  # fmt: skip


@pytest.mark.parametrize("name", GAMES)
def test_what_is_shown_is_true(name: str) -> None:
    game = GAMES[name]
    tried = 0
    for regime in solve(game, "nash").regimes:
        where = arena(game, "nash", dict(regime.values))
        assert not isinstance(where, str)
        profile = profile_of(game, regime, where)
        for to, needed in along(profile):
            if needed is None or not all(is_proved(shown(r, profile.region)) for r in needed):
                continue
            symbols = [p.symbol for p in game.parameters]
            numbers = [sp.Rational(k, 3) for k in (1, 2, 13, 40)]
            for choice in product(numbers, repeat=len(symbols)):
                point = dict(zip(symbols, choice, strict=True))
                if not all(holds(r, point) for r in profile.region):
                    continue
                now = {s: e.xreplace(point) for s, e in profile.values}
                then = {s: e.xreplace(point) for s, e in to.items()}
                tried += 1
                for action in game.actions:
                    assert all(holds(r, then) for r in action.interval.contains(action.symbol))
                for agent in game.agents:
                    payoff = agent.utility.xreplace(point)
                    rise = sp.N(payoff.xreplace(then) - payoff.xreplace(now), 30)
                    assert rise > 0, (name, agent.name, point)
    assert tried >= 4


def test_two_types_are_decided_for_all_parameters() -> None:
    found = align(GAMES["two types"], "nash", instruments=False)
    assert {e.kind for e in found.equilibria} == {"no"}
    assert all(isinstance(e.status, Proved) for e in found.equilibria)


def test_exact_fractions_of_a_published_case() -> None:
    """Firm 1 against a firm of unknown cost, at a point by hand: everybody gains."""
    found = align(GAMES["two types"], "nash", instruments=False)
    (row,) = found.equilibria
    assert row.trade is not None
    point = {a: 10, b: 1, c: 1, d: 2, t: sp.Rational(1, 2)}
    q, low, high = (Fraction(str(e.subs(point))) for _, e in row.trade.to)
    now = [Fraction(str(e.subs(point))) for _, e in row.values]

    def profits(q: Fraction, low: Fraction, high: Fraction) -> list[Fraction]:
        mean = ((10 - q - low) + (10 - q - high)) / 2
        return [(mean - 1) * q, (10 - q - low - 1) * low, (10 - q - high - 2) * high]

    assert all(m > n for m, n in zip(profits(q, low, high), profits(*now), strict=True))
