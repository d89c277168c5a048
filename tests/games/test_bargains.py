"""Bargaining solutions: by bisection on the frontier at numbers, by definition, and lies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from alignsym import Agent, Game
from alignsym.claims import Proved, Unknown
from alignsym.errors import UsageError
from alignsym.verify.bargains import efficient, equal_shares

x, y, z = sp.symbols("x y z", nonnegative=True)
q, b, d, e = sp.symbols("q b d e", positive=True)
CAKE = {"cake": x + y <= q}
LINEAR = Game(Agent("f", x, x), Agent("g", y, y), shared=CAKE)
few = settings(
    max_examples=5, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip


def equal_on_frontier(
    first: Callable[[float], float], second: Callable[[float], float], cake: float
) -> float:
    """The division x at which two relative gains, one rising in x and one falling, are equal."""
    low, high = 0.0, cake
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if first(middle) < second(middle) else (low, middle)
    return low


def test_risk_aversion_against_bisection():
    """f is risk neutral, g has the root: m = (q, sqrt q)."""
    game = Game(Agent("f", x, x), Agent("g", sp.sqrt(y), y), shared=CAKE)
    answer = game.bargain(solution="kalai-smorodinsky")
    assert isinstance(answer.proof, Proved) and answer.criterion == "kalai-smorodinsky"
    for cake in (1, 3, 10):
        found = cake * equal_on_frontier(lambda t: t, lambda t: (1 - t) ** 0.5, 1)
        assert float(answer.at({q: cake})[0]["x"]) == pytest.approx(found)
    equal = game.bargain(solution="egalitarian")
    assert isinstance(equal.proof, Proved)
    found = equal_on_frontier(lambda t: t, lambda t: (5 - t) ** 0.5, 5)
    assert float(equal.at({q: 5})[0]["x"]) == pytest.approx(found)


def test_the_ideal_point_of_kalai_and_smorodinsky_moves_the_answer_and_nash_not():
    """g can use at most b: Nash divides equally as long as it may, Kalai-Smorodinsky does not."""
    game = Game(Agent("f", x, x), Agent("g", y, (y, (0, b))), shared=CAKE)
    answer = game.bargain(solution="kalai-smorodinsky")
    assert isinstance(answer.proof, Proved)
    assert answer.at({q: 4, b: 3})[0] == {"x": sp.Rational(16, 7), "y": sp.Rational(12, 7)}
    assert game.bargain().at({q: 4, b: 3})[0]["x"] == 2


@few
@given(st.lists(st.fractions(0, 1, max_denominator=4), min_size=2, max_size=2), st.integers(2, 5))
def test_disagreement_in_a_linear_cake(point, cake):
    """x - d = y - e on x + y = cake: the three solutions agree for transferable utility."""
    one, two = (sp.Rational(p.numerator, p.denominator) for p in point)
    assume(one + two < cake)  # with nothing to gain the product is zero everywhere
    game = Game(*LINEAR.agents, shared={"cake": x + y <= cake})
    for rule in ("nash", "kalai-smorodinsky", "egalitarian"):
        answer = game.bargain(disagreement={"f": one, "g": two}, solution=rule)
        assert isinstance(answer.proof, Proved), answer.reason
        assert answer[x] == (cake + one - two) / 2


def test_an_empty_rational_set_is_infeasible():
    for rule in ("nash", "kalai-smorodinsky", "egalitarian"):
        answer = LINEAR.bargain(disagreement={"f": d, "g": e}, solution=rule)
        nothing = [c for c in answer.cases if getattr(c, "outcome", "") == "infeasible"]
        assert nothing and all(isinstance(c.status, Proved) for c in nothing)
        assert not answer.at({q: 1, d: 1, e: 1})
        assert answer.at({q: 3, d: 1, e: 1}) == ({"x": sp.Rational(3, 2), "y": sp.Rational(3, 2)},)


def test_three_agents_and_weights():
    game = Game(
        Agent("f", x, x), Agent("g", y, y), Agent("h", z, z), shared={"cake": x + 2 * y + z <= q}
    )
    answer = game.bargain(solution="kalai-smorodinsky")
    assert isinstance(answer.proof, Proved)
    assert [answer[s] for s in (x, y, z)] == [q / 3, q / 6, q / 3]
    weighted = game.bargain(solution="egalitarian", weights={"f": 2})
    assert isinstance(weighted.proof, Proved)
    assert [weighted[s] for s in (x, y, z)] == [2 * q / 5, q / 5, q / 5]
    assert game.bargain(weights={"f": 2})[x] == q / 2


def test_equal_shares_that_waste_are_not_given():
    """g has enough at b: where q > 2b, equal gains leave something to f that costs g nothing."""
    game = Game(Agent("f", x, x), Agent("g", y, (y, (0, b))), shared=CAKE)
    answer = game.bargain(solution="egalitarian")
    assert not answer.at({q: 4, b: 1})
    assert not isinstance(answer.coverage, Proved)
    assert answer.at({q: 4, b: 3}) == ({"x": sp.Integer(2), "y": sp.Integer(2)},)


# ------------------------------------------------------------------ lies
def test_an_inefficient_point_with_equal_shares_is_refused():
    half = {x: q / 4, y: q / 4}
    scales = {"f": q, "g": q}
    assert isinstance(
        equal_shares(LINEAR, half, sp.Rational(1, 4), scales, (*LINEAR.domain(),)), Proved
    )
    wasted = efficient(LINEAR, half, LINEAR.domain(), only=Unknown("not asked"))
    assert not isinstance(wasted, Proved)
    kept = efficient(LINEAR, {x: q / 2, y: q / 2}, LINEAR.domain(), only=Unknown("not asked"))
    assert isinstance(kept, Proved)


@pytest.mark.parametrize(
    ("values", "share"),
    [
        ({x: q / 3, y: 2 * q / 3}, sp.Rational(1, 2)),  # efficient, not equal
        ({x: q, y: q}, sp.S.One),  # equal, not feasible
        ({x: q / 2, y: q / 2}, sp.Rational(1, 3)),  # the share is another
        ({x: -q / 2, y: -q / 2}, -sp.Rational(1, 2)),  # worse than no agreement
    ],
)
def test_a_point_that_is_not_the_solution_is_refused(values, share):
    scales = {"f": q, "g": q}
    assert not isinstance(equal_shares(LINEAR, values, share, scales, LINEAR.domain()), Proved)


def test_a_wrong_ideal_scale_is_refused():
    half = {x: q / 2, y: q / 2}
    scales = {"f": q, "g": 2 * q}
    found = equal_shares(LINEAR, half, sp.Rational(1, 2), scales, LINEAR.domain())
    assert not isinstance(found, Proved)


def test_what_nobody_can_bargain_about():
    with pytest.raises(UsageError, match="no bargaining solution"):
        LINEAR.bargain(solution="dictator")
    with pytest.raises(UsageError, match="no weights"):
        LINEAR.bargain(solution="kalai-smorodinsky", weights={"f": 2})
    with pytest.raises(UsageError, match="no agent 'h'"):
        LINEAR.bargain(disagreement={"h": 1})
    for rule in ("nash", "egalitarian"):
        with pytest.raises(UsageError, match="weight of g is negative"):
            LINEAR.bargain(solution=rule, weights={"f": 2, "g": -1})
        with pytest.raises(UsageError, match="all weights are zero"):
            LINEAR.bargain(solution=rule, weights={"f": 0, "g": 0})
    free = Game(Agent("f", x, x), Agent("g", -y, y))
    assert "no ideal utility" in free.bargain(solution="kalai-smorodinsky").reason


def test_the_words_say_which_solution_it_is():
    answer = LINEAR.bargain(solution="egalitarian")
    assert str(answer).startswith("Egalitarian bargaining solution")
    assert "common gain" in str(answer) and repr(answer).endswith("egalitarian, proved")
