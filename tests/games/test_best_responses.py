"""Best responses: by search at numbers, for functions with several hills, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignsym import Agent, Game
from alignsym.claims import Proved
from alignsym.errors import ModelError, UsageError

x, y, z = sp.symbols("x y z", nonnegative=True)
a, b, c, q = sp.symbols("a b c q", positive=True)
few = settings(
    max_examples=6, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
small = st.fractions(min_value=Fraction(1, 4), max_value=4, max_denominator=4)


def best_on(f: Callable[[float], float], low: float, high: float, steps: int = 200) -> float:
    """A global maximiser of f on [low, high] by four rounds of a grid around the best point."""
    start, end = low, high
    best = low
    for _ in range(4):
        width = (high - low) / steps
        best = max((low + width * k for k in range(steps + 1)), key=f)
        low, high = max(start, best - width), min(end, best + width)
    return best


def test_cournot_with_a_capacity_is_piecewise_and_proved() -> None:
    firm = Agent("f", (a - x - y - c) * x, x, constraints={"cap": x <= q})
    reply = Game(firm, Agent("g", (a - x - y) * y, y)).best_response("f")
    assert isinstance(reply.proof, Proved)
    formula = sp.lambdify((a, c, q, y), reply[x])
    for numbers in [(10, 1, 2, 3), (10, 1, 9, 3), (4, 1, 2, 6), (5, 1, 2, 0)]:
        assert formula(*numbers) == pytest.approx(cournot_reply(*numbers), abs=1e-4)


def cournot_reply(top: float, cost: float, cap: float, other: float) -> float:
    return best_on(lambda t: (top - t - other - cost) * t, 0, cap)


@few
@given(st.lists(small, min_size=4, max_size=4), st.integers(0, 12))
def test_random_quadratic_replies_against_search(numbers, other):
    k, m, slope, high = numbers
    r = [sp.Rational(n.numerator, n.denominator) for n in numbers]
    utility = r[0] * x - r[1] * x**2 + (r[2] - 2) * x * y
    game = Game(Agent("f", utility, (x, (0, r[3]))), Agent("g", -y, y))
    reply = game.best_response("f")
    assert isinstance(reply.proof, Proved)
    found = float(reply.at({y: sp.Rational(other, 3)})[0]["x"])
    here = other / 3
    best = best_on(
        lambda t: float(k) * t - float(m) * t * t + (float(slope) - 2) * t * here, 0, float(high)
    )
    assert found == pytest.approx(best, abs=1e-4)


def test_a_local_best_response_that_is_beaten_far_away_is_not_given():
    """A hill inside and one at an end; which is higher depends on y."""
    utility = x**2 * (x - 2) * (y - 1) - x**3 / 10
    reply = Game(Agent("f", utility, (x, (0, 3))), Agent("g", -y, y)).best_response("f")
    for point in (sp.Rational(1, 2), sp.Integer(2)):
        for found in reply.at({y: point}):
            value = utility.subs({x: found["x"], y: point})
            rivals = [utility.subs({x: sp.Rational(k, 10), y: point}) for k in range(31)]
            assert value >= max(rivals) - sp.Rational(1, 100)


def test_a_stationary_minimum_is_not_a_best_response():
    reply = Game(Agent("f", (x - y) ** 2, (x, (0, 1))), Agent("g", -y, (y, (0, 1))))
    answer = reply.best_response("f")
    assert isinstance(answer.coverage, Proved)
    assert {r.values[0][1] for r in answer.regimes} <= {sp.S.Zero, sp.S.One}
    assert {row["x"] for row in answer.at({y: sp.Rational(1, 4)})} == {sp.S.One}


def test_nobody_has_a_best_reply_to_a_price_of_zero():
    """Demand without bound is reported, not given a formula."""
    p = sp.Symbol("p", nonnegative=True)
    game = Game(Agent("f", x - p * x, x), Agent("g", -p, p))
    answer = game.best_response("f")
    assert not answer.at({p: sp.Rational(1, 2)})
    assert any(getattr(case, "outcome", "") == "unbounded" for case in answer.cases)


def test_shared_constraints_and_prices_bind_the_one_who_replies():
    p = sp.Symbol("p", nonnegative=True)
    pair = (Agent("f", sp.log(1 + x) - p * x, x), Agent("g", sp.log(1 + y) - p * y, y))
    priced = Game(*pair, prices={p: x + y <= q}).best_response("f")
    assert {str(k.symbol) for k in priced.game.parameters} == {"p", "q", "y"}
    assert priced.at({p: sp.Rational(1, 3), q: 1, y: 0}) == ({"x": sp.Integer(2)},)
    together = Game(Agent("f", x, x), Agent("g", y, y), shared={"G": x + y <= q})
    reply = together.best_response("f")
    assert reply.at({q: 3, y: 1}) == ({"x": sp.Integer(2)},)
    assert not reply.at({q: 3, y: 4})


def test_the_others_own_constraints_are_conditions_not_constraints():
    other = Agent("g", -y, y, constraints={"even": sp.Eq(y + z, 1)})
    game = Game(Agent("f", x * y - x**2, x), Agent("h", -z, z), other)
    reply = game.best_response("f")
    assert not reply.game.constraints
    assert [str(r) for r in reply.game.conditions] == ["Eq(y + z, 1)"]


def test_what_has_no_best_response():
    game = Game(Agent("f", -x, x), Agent("watcher", x))
    with pytest.raises(ModelError, match="no agent 'nobody'"):
        game.best_response("nobody")
    with pytest.raises(UsageError, match="no action"):
        game.best_response("watcher")
