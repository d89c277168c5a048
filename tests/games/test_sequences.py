"""Sequential games: random quadratics by brute force, ties told and not chosen, no reply at all."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from alignsym import Agent, Game
from alignsym.claims import Checked, Proved, Refuted
from alignsym.errors import UsageError
from alignsym.induction import before
from alignsym.model.relations import Relation
from alignsym.turns import Piece, rested
from alignsym.verify.trial import try_regime

x, y, z = sp.symbols("x y z", nonnegative=True)
u, v = sp.symbols("u v", real=True)
a, b, c, q = sp.symbols("a b c q", positive=True)
HALF = sp.Rational(1, 2)
few = settings(
    max_examples=6, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
small = st.fractions(min_value=-2, max_value=2, max_denominator=2)
positive = st.fractions(min_value=Fraction(1, 2), max_value=2, max_denominator=2)


def exact(f: Fraction) -> sp.Rational:
    return sp.Rational(f.numerator, f.denominator)


@few
@given(st.lists(small, min_size=3, max_size=3), positive, positive, positive)
def test_random_quadratic_leaders_against_brute_force(slopes, own, curve, high):
    """The follower's reply is a clipped line; the leader's worth is searched on a fine grid."""
    cross, at_zero, tilt = map(exact, slopes)
    leader = a * x - exact(own) * x**2 + cross * x * y
    follower = (at_zero + tilt * x) * y - exact(curve) * y**2
    top = exact(high)
    game = Game(Agent("leader", leader, (x, (0, 2))), Agent("follower", follower, (y, (0, top))))
    solution = game.stackelberg()
    event(solution.status)
    for demand in (Fraction(1, 3), Fraction(3, 2), Fraction(5)):
        for found in solution.at({a: exact(demand)}):

            def reply(lead: float) -> float:
                best = (float(at_zero) + float(tilt) * lead) / (2 * float(curve))
                return min(max(best, 0.0), float(high))

            def worth(lead: float, slope: float = float(demand)) -> float:
                joint = float(cross) * lead * reply(lead)
                return slope * lead - float(own) * lead**2 + joint

            lead = float(found["x"])
            assert float(found["y"]) == pytest.approx(reply(lead), abs=1e-9)
            assert worth(lead) >= max(worth(k / 200) for k in range(401)) - 1e-9
    assert solution.status != "partial" or solution.cases


def test_three_movers_with_capacities_meet_every_edge():
    """By brute force: the last two reply by clipped lines, the first on a grid."""
    game = Game(
        Agent("f", (a - x - y - z) * x, (x, (0, 1))),
        Agent("g", (a - x - y - z) * y, (y, (0, 1))),
        Agent("h", (a - x - y - z) * z, (z, (0, 1))),
    )
    solution = game.stackelberg()
    assert isinstance(solution.proof, Proved)

    def last(top: float, before: float) -> float:
        return min(max((top - before) / 2, 0.0), 1.0)

    def second(top: float, lead: float) -> float:
        grid = [k / 100 for k in range(101)]
        return max(grid, key=lambda t: (top - lead - t - last(top, lead + t)) * t)

    for top in (0.5, 1.5, 2.5, 3.5, 5):
        (found,) = solution.at({a: sp.Rational(str(top))})
        grid = [k / 100 for k in range(101)]

        def worth(lead: float, top: float = top) -> float:
            two = second(top, lead)
            return (top - lead - two - last(top, lead + two)) * lead

        assert worth(float(found["x"])) >= max(map(worth, grid)) - 1e-2
        assert float(found["y"]) == pytest.approx(second(top, float(found["x"])), abs=1e-2)


def test_a_leader_with_two_actions_and_a_reply_in_pieces():
    """The follower cleans up what exceeds 1; the leader's optimum may sit on that kink."""
    game = Game(
        Agent("leader", a * x + b * z - x**2 - z**2 - y, x, z),
        Agent("follower", -((y - x - z + 1) ** 2), y),
    )
    solution = game.stackelberg()
    assert isinstance(solution.proof, Proved)
    grid = [k / 20 for k in range(61)]
    for one, two in ((1, 1), (1, 2), (2, 1), (3, 2), (4, 1), (Fraction(1, 2), 5)):
        (found,) = solution.at({a: exact(Fraction(one)), b: exact(Fraction(two))})
        p, r = float(found["x"]), float(found["z"])

        def worth(s: float, t: float, one: float = float(one), two: float = float(two)) -> float:
            return one * s + two * t - s * s - t * t - max(s + t - 1, 0)

        assert float(found["y"]) == pytest.approx(max(p + r - 1, 0))
        assert worth(p, r) >= max(worth(s, t) for s in grid for t in grid) - 1e-9


# ------------------------------------------------------------------ ties
def test_the_indifferent_responder_accepts_for_else_there_is_no_best_offer():
    proposer = Agent("proposer", u * (q - x), (x, (0, q)))
    game = Game(proposer, Agent("responder", u * (x - c), (u, (0, 1))), conditions=[c < q])
    solution = game.stackelberg()
    assert isinstance(solution.proof, Proved)
    assert (solution[x], solution[u]) == (c, 1)


def test_a_follower_with_two_best_replies_is_not_assumed_to_be_kind():
    """u = 1 and u = -1 are equally good for it: with u = -1 always, the leader stays at v = 0."""
    game = Game(
        Agent("leader", v * u - v**2, (v, (0, 1))), Agent("f", -((u**2 - 1) ** 2), (u, (-2, 2)))
    )
    assert game.stackelberg().status == "unknown"
    assert "indifferent" in game.stackelberg().reason
    kind = game.stackelberg(ties="favourable")
    assert kind.at({}) == ({"v": HALF, "u": sp.S.One},)
    assert kind.criterion == "ties in favour of the earlier mover"


def test_a_reply_inside_a_tie_depends_on_who_breaks_it():
    leader = Agent("leader", -4 * (u - HALF) ** 2 - (x - 1) ** 2, (x, (0, 2)))
    game = Game(leader, Agent("f", u * (x - 1), (u, (0, 1))))
    assert "indifferent" in game.stackelberg().reason
    assert game.stackelberg(ties="favourable").at({}) == ({"x": sp.S.One, "u": HALF},)


def test_the_favourable_tie_is_not_on_the_leaders_edge_by_itself():
    """x = 1 is neared from below, where u = 0: whoever is indifferent there must stay at 0."""
    game = Game(
        Agent("leader", -((x - 2) ** 2) - 3 * u, (x, (0, 3))), Agent("f", u * (x - 1), (u, (0, 1)))
    )
    solution = game.stackelberg()
    assert isinstance(solution.proof, Proved)
    assert solution.at({}) == ({"x": sp.S.One, "u": sp.S.Zero},)


def test_two_best_moves_of_the_leader_are_two_equilibria():
    game = Game(Agent("leader", -((v**2 - 1) ** 2), (v, (-2, 2))), Agent("f", -((u - v) ** 2), u))
    solution = game.stackelberg()
    assert {row["v"] for row in solution.at({})} == {-1, 1}
    assert all(r.multiple for r in solution.regimes)


# ------------------------------------------------------------------ no equilibrium
def test_a_leader_without_a_best_move():
    running = Game(Agent("leader", x - u, x), Agent("f", -((u - x / 2) ** 2), u))
    assert running.stackelberg().status == "unbounded"
    assert isinstance(running.stackelberg().proof, Proved)


def test_a_follower_without_a_best_reply_leaves_no_equilibrium():
    game = Game(Agent("leader", -x, x), Agent("f", u - x, u))
    solution = game.stackelberg()
    assert solution.status == "none" and isinstance(solution.proof, Proved)
    assert solution.cases[0].reason.startswith("f: ")


def test_the_order_of_moves_is_the_users():
    """The leader of a linear duopoly sells a/2, the follower a/4, whoever it is."""
    game = Game(Agent("f", (a - x - y) * x, x), Agent("g", (a - x - y) * y, y))
    first, second = game.stackelberg(order=["f", "g"]), game.stackelberg(order=["g", "f"])
    assert (first[x], first[y]) == (second[y], second[x]) == (a / 2, a / 4)
    with pytest.raises(UsageError, match="no tie-breaking"):
        game.stackelberg(ties="random")


# ------------------------------------------------------------------ lies
@pytest.mark.parametrize("share", [sp.Rational(1, 3), HALF, sp.Rational(1, 8)])
def test_a_follower_off_its_reply_is_refuted(share):
    """The leader at a/2; its follower anywhere but at a/4."""
    game = Game(Agent("f", (a - x - y) * x, x), Agent("g", (a - x - y) * y, y))
    (regime,) = game.stackelberg().regimes
    values = {x: a / 2, y: share * a}
    payoffs = tuple((g.name, sp.factor(g.utility.xreplace(values))) for g in game.agents)
    lie = replace(regime, values=tuple(values.items()), utilities=payoffs)
    assert isinstance(try_regime(game, "stackelberg", regime, thorough=True), Checked)
    assert isinstance(try_regime(game, "stackelberg", lie, thorough=True), Refuted)


def test_a_tie_that_does_not_attain_the_bound_is_no_play():
    """On the edge the reply is another: the leader's bound there is nobody's answer."""
    leader = Agent("leader", -((x - 2) ** 2) - 3 * u, (x, (0, 3)))
    follower = Agent("f", u * (x - 1), (u, (0, 1)))
    known = before(Game(leader, follower), [])
    off = Piece((Relation(x, "<", sp.S.One),), ((u, sp.S.Zero),))
    on = Piece((Relation(x, ">=", sp.S.One),), ((u, sp.S.One),))
    best = Piece((), ((x, sp.S.One), (u, sp.S.Zero)))
    assert isinstance(rested(known, leader, off, (off, on), best), str)
    edge = Piece((Relation(x, "==", sp.S.One),), ((u, sp.S.Zero),), among=True)
    kept = rested(known, leader, off, (off, on, edge), best)
    assert isinstance(kept, Piece) and kept.tie == "needed"


def test_a_leader_that_jumps_is_indifferent_at_one_parameter():
    """Staying at 1 is worth 0, going to 3 is worth a/2 - 4: both at a = 8, one elsewhere."""
    game = Game(
        Agent("leader", -((x - 1) ** 2) + a * y, (x, (0, 3))),
        Agent("f", (x - 2) * y - y**2, (y, (0, 1))),
    )
    solution = game.stackelberg()
    assert isinstance(solution.proof, Proved)
    assert solution.at({a: 7}) == ({"x": 1, "y": 0},)
    assert solution.at({a: 9}) == ({"x": 3, "y": HALF},)
    assert len(solution.at({a: 8})) == 2
