"""Normalised generalised equilibria: best responses by numbers for every ratio, and the set they
make."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game
from alignsym.claims import Proved
from alignsym.errors import UsageError

x, y, z = sp.symbols("x y z", nonnegative=True)
a, q, r = sp.symbols("a q r", positive=True)
CAPPED = Game(
    Agent("f", (a - x - y) * x, x), Agent("g", (a - x - y) * y, y), shared={"G": x + y <= q}
)


def test_every_ratio_gives_mutual_best_responses():
    answer = CAPPED.generalised_nash()
    assert isinstance(answer.proof, Proved)
    (ratio,) = [p.symbol for p in answer.game.parameters if p.symbol not in (a, q)]
    for top, cap, here in [(10, 3, 1), (10, 3, 2), (10, 3, 20), (10, 3, sp.Rational(1, 30))]:
        (found,) = answer.at({a: top, q: cap, ratio: here})
        one, two = found["x"], found["y"]
        for mine, other in ((one, two), (two, one)):
            worth = (top - one - two) * mine
            room = cap - other
            rivals = [room * sp.Rational(k, 40) for k in range(41)]
            assert mine <= room
            assert all((top - t - other) * t <= worth for t in rivals)


def test_the_ratios_sweep_the_set_of_equilibria():
    """log x and log y under x + y <= q: every interior point of the segment, each once."""
    game = Game(Agent("f", sp.log(x), x), Agent("g", sp.log(y), y), shared={"G": x + y <= q})
    answer = game.generalised_nash(ratios={"g": r})
    assert isinstance(answer.proof, Proved)
    shares = [answer.at({q: 1, r: k})[0]["x"] for k in (1, 2, 3, 9)]
    assert shares == [sp.Rational(1, k + 1) for k in (1, 2, 3, 9)]
    assert answer.at({q: 1, r: 1})[0]["x"] == game.variational().at({q: 1})[0]["x"]


def test_each_agents_multiplier_is_its_own_marginal_utility():
    answer = CAPPED.generalised_nash(ratios={"g": r})
    point = {a: 10, q: 3, r: sp.Integer(2)}
    (found,) = answer.at(point)
    one, two = found["x"], found["y"]
    mu_f, mu_g = (answer.multipliers[f"G for {k}"].subs(point) for k in "fg")
    if one > 0:
        assert mu_f == 10 - 2 * one - two
    if two > 0:
        assert mu_g == 10 - one - 2 * two
    assert answer.multipliers["G"].subs(point) == mu_f == 2 * mu_g


def test_utilities_are_those_of_the_game_not_scaled():
    answer = CAPPED.generalised_nash(ratios={"g": r})
    regime = next(x for x in answer.regimes if x.binding == ("G",))
    values = dict(regime.values)
    for agent in CAPPED.agents:
        given = dict(regime.utilities)[agent.name]
        assert sp.simplify(given - agent.utility.xreplace(values)) == 0
    assert answer.game.agents == CAPPED.agents


def test_what_has_no_ratios():
    with pytest.raises(UsageError, match="no shared constraint"):
        CAPPED.altered(shared={}).generalised_nash()
    with pytest.raises(UsageError, match="not shown to be positive"):
        CAPPED.generalised_nash(ratios={"g": sp.Symbol("s", real=True)})
    with pytest.raises(UsageError, match="no agent 'h'"):
        CAPPED.generalised_nash(ratios={"h": 2})


def test_a_ratio_of_a_taken_name_gets_another():
    named = sp.Symbol("r_g", positive=True)
    game = Game(
        Agent("f", named * sp.log(x), x), Agent("g", sp.log(y), y), shared={"G": x + y <= q}
    )
    answer = game.generalised_nash()
    assert {str(p.symbol) for p in answer.game.parameters} == {"q", "r_g", "r_g_"}
