"""Potentials: the definition at random points, maximisers that nobody leaves, and refusals."""

from __future__ import annotations

import random

import pytest
import sympy as sp

from alignsym import Agent, Game
from alignsym.claims import Proved
from alignsym.errors import UsageError
from alignsym.games.potentials import NoPotential, Potential, UndecidedPotential
from alignsym.solution import Regime
from alignsym.verify.potentials import is_potential, maximiser_is_equilibrium

x, y, z = sp.symbols("x y z", nonnegative=True)
a, b, c, d = sp.symbols("a b c d", positive=True)
COURNOT = Game(Agent("f", (a - x - y - c) * x, x), Agent("g", (a - x - y - d) * y, y))


def gains_agree(game: Game, found: Potential) -> None:
    """U_i(y_i) - U_i(x_i) = w_i (P(y_i) - P(x_i)) at random rational points."""
    rng = random.Random(7)
    symbols = [s.symbol for s in (*game.actions, *game.parameters)]
    for agent in (g for g in game.agents if g.actions):
        for _ in range(5):
            point = {s: sp.Rational(rng.randint(1, 30), rng.randint(1, 9)) for s in symbols}
            there = point | {
                s.symbol: sp.Rational(rng.randint(1, 30), rng.randint(1, 9)) for s in agent.actions
            }
            own = agent.utility.subs(there) - agent.utility.subs(point)
            joint = found.function.subs(there) - found.function.subs(point)
            weight = dict(found.weights)[agent.name].subs(point)
            assert abs(sp.N(own - weight * joint, 30)) < sp.Float("1e-20")


@pytest.mark.parametrize(
    "game",
    [
        COURNOT,
        Game(Agent("f", sp.log(1 + x + y) - c * x, x), Agent("g", sp.log(1 + x + y) - d * y, y)),
        Game(Agent("f", -sp.Abs(x - y) - c * x, x), Agent("g", -sp.Abs(x - y) + y - y**3, y)),
        Game(
            Agent("f", 2 * x * y * z - x**3, x),
            Agent("g", 2 * x * y * z - y**2, y),
            Agent("h", 2 * x * y * z - z**4, z),
        ),
        Game(Agent("f", x * y + x * z - x**2, x, z), Agent("g", x * y - y**2 + sp.exp(z), y)),
    ],
)
def test_exact_potentials_by_definition(game):
    found = game.potential()
    assert isinstance(found, Potential) and found.exact
    assert isinstance(found.verdict, Proved)
    gains_agree(game, found)


def test_a_weighted_potential_is_only_given_when_asked_for():
    game = Game(Agent("f", (a - x - b * y) * x, x), Agent("g", (a - d * x - y) * y, y))
    against = game.potential()
    assert isinstance(against, NoPotential)
    first, second = (e.subs(dict(against.point)) for e in against.cross_partials)
    assert first != second
    found = game.potential(weighted=True)
    assert isinstance(found, Potential) and not found.exact
    gains_agree(game, found)


def test_cross_partials_of_opposite_sign_have_no_weights():
    game = Game(Agent("f", x * y - x**2, x), Agent("g", -x * y - y**2, y))
    assert not isinstance(game.potential(weighted=True), Potential)


def test_the_super_agent_chooses_the_equilibrium_of_cournot():
    found = COURNOT.potential()
    solution = found.equilibria()
    assert isinstance(solution.proof, Proved) and solution.concept == "nash"
    point = {a: 10, c: 1, d: 2}
    assert solution.at(point) == COURNOT.nash().at(point)
    assert found.choice().at(point) == solution.at(point)


def test_a_maximiser_is_one_equilibrium_of_perhaps_more():
    """Coordination at low or high effort: the potential picks one, and does not say 'the'."""
    u, v = sp.symbols("u v", real=True)
    both = 3 * u * v - u - v
    game = Game(Agent("f", both, (u, (0, 1))), Agent("g", both, (v, (0, 1))))
    found = game.potential()
    solution = found.equilibria()
    assert solution.at({}) == ({"u": sp.S.One, "v": sp.S.One},)
    assert all(not isinstance(r.exhaustive, Proved) for r in solution.regimes)


def test_multipliers_of_a_weighted_potential_are_the_agents_own():
    game = Game(
        Agent("f", (a - x - y / 2) * x, x),
        Agent("g", (a - x / 4 - y) * y, y, constraints={"cap": y <= c}),
    )
    solution = game.potential(weighted=True).equilibria()
    assert isinstance(solution.proof, Proved)
    mu = sp.lambdify((a, c), solution.multipliers["cap"])
    # dV_g/dc with x fixed at its equilibrium value a/2 - c/4, where the cap binds
    assert mu(10, 1) == pytest.approx(10 - (10 / 2 - 1 / 4) / 4 - 2)


# ------------------------------------------------------------------ lies
@pytest.mark.parametrize("wrong", [2, -1, sp.Rational(1, 2)])
def test_a_scaled_or_shifted_function_is_no_potential(wrong):
    found = COURNOT.potential()
    weights = dict(found.weights)
    assert not isinstance(is_potential(COURNOT, wrong * found.function, weights), Proved)
    assert not isinstance(is_potential(COURNOT, found.function + wrong * x * y, weights), Proved)
    assert isinstance(is_potential(COURNOT, found.function + wrong, weights), Proved)


def test_a_negative_weight_is_refused():
    found = COURNOT.potential()
    assert not isinstance(
        is_potential(COURNOT, -found.function, dict.fromkeys("fg", sp.S.NegativeOne)), Proved
    )


def test_a_potential_that_is_undefined_where_an_agent_may_go_compares_nothing():
    """f may go to 3, where the utility of g is undefined: x = 2 is best for all that is compared,
    and f leaves it."""
    game = Game(Agent("f", x, (x, (0, 3))), Agent("g", sp.sqrt(2 - x) - y**2, y))
    assert not isinstance(is_potential(game, x - y**2, {}), Proved)
    assert isinstance(game.potential(), UndecidedPotential)
    fine = Game(Agent("f", x, (x, (0, 2))), Agent("g", sp.sqrt(2 - x) - y**2, y))
    assert isinstance(is_potential(fine, x - y**2, {}), Proved)


def test_a_profile_that_maximises_nothing_is_not_an_equilibrium_by_the_lemma():
    found = COURNOT.potential()
    regime = Regime((), ((x, a), (y, a)))
    verdict = maximiser_is_equilibrium(COURNOT, found.verdict, regime.status, regime)
    assert not isinstance(verdict, Proved)


def test_contests_have_no_exact_potential():
    game = Game(Agent("f", x / (x + y) - x, x), Agent("g", y / (x + y) - y, y))
    against = game.potential()
    assert isinstance(against, NoPotential)
    first, second = (e.subs(dict(against.point)) for e in against.cross_partials)
    assert first != second
    assert "no exact potential: by x and y" in repr(against)


def test_profiles_that_are_no_product_are_refused():
    with pytest.raises(UsageError, match="no product"):
        COURNOT.altered(shared={"G": x + y <= a}).potential()
    moving = Game(Agent("f", x, x, constraints={"k": x <= y}), Agent("g", -y, y))
    with pytest.raises(UsageError, match="moves with the others"):
        moving.potential()


def test_what_is_neither_found_nor_refuted_is_undecided():
    """A kink in the product of actions: no cross-partial to compare, and no potential."""
    game = Game(Agent("f", sp.Max(x * y, 1), x), Agent("g", 2 * sp.Max(x * y, 1), y))
    assert isinstance(game.potential(), UndecidedPotential)
