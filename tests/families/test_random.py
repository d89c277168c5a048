"""Random utilities and data: the market, the planner and the bargain agree as theory says."""

from __future__ import annotations

import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignsym import loads, solve
from alignsym.claims import Proved, Refuted
from alignsym.solution import Solution
from alignsym.verify.instances import try_instances

HEAD = """
format = 1
concept = "{concept}"
[parameters]
n = "positive integer"
q = "positive"
k = "positive"
"a[i]" = "positive"
"b[i]" = "positive"
[[families]]
name = "i"
size = "n"
actions = {{ "x[i]" = "{sign}" }}
utility = "{utility}"
"""
CONCAVE = st.sampled_from(
    [
        ("a[i]*log(x[i])", "positive"),
        ("a[i]*b[i]*log(x[i])", "positive"),
        ("k*log(x[i])/a[i]", "nonnegative"),
        ("2*a[i]*sqrt(x[i])", "nonnegative"),
        ("a[i]*x[i]**(1/3)", "nonnegative"),
        ("-a[i]/x[i]", "positive"),
        ("a[i]*x[i] - b[i]*x[i]**2/2", "real"),
        ("k*a[i] - (x[i] - b[i])**2", "real"),
        ("-exp(-a[i]*x[i])", "real"),
        ("log(x[i] + b[i])", "real"),
    ]
)


def shared(concept: str, utility: str, sign: str, relation: str) -> Solution:
    text = HEAD.format(concept=concept, utility=utility, sign=sign)
    return solve(loads(text + f'[shared]\nG = "{relation}"\n'))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CONCAVE)
def test_the_market_price_is_the_shadow_price(drawn: tuple[str, str]) -> None:
    utility, sign = drawn
    total = "Sum(x[j], (j, 1, n))"
    planned = shared("social", utility, sign, f"Eq({total}, q)")
    varied = shared("variational", utility, sign, f"Eq({total}, q)")
    for solution in (planned, varied):
        (regime,) = solution.regimes
        assert isinstance(regime.status, Proved) and isinstance(solution.coverage, Proved)
        tried = try_instances(solution.game, solution.concept, regime, points=2)
        assert not isinstance(tried.verdict, Refuted), tried.verdict
    assert sp.simplify(planned["x[i]"] - varied["x[i]"]) == 0
    assert sp.simplify(planned.multipliers["G"] - varied.multipliers["G"]) == 0
    market = HEAD.format(concept="walras", utility=f"{utility} - p*x[i]", sign=sign)
    priced = solve(loads(market + f'[prices]\np = "{total} <= q"\n'))
    for regime in priced.regimes:
        tried = try_instances(priced.game, "walras", regime, points=2)
        assert not isinstance(tried.verdict, Refuted), tried.verdict


GAMES = st.sampled_from(["x[i]*S", "-x[i]*S", "-x[i]*S/2", "x[i]*S/(4*n)", "-(x[i] - S/n)**2"])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GAMES, st.sampled_from(["a[i]*x[i]", "k*a[i]*x[i]", "x[i]"]), st.integers(1, 4))
def test_quadratic_games(interaction: str, own: str, curvature: int) -> None:
    """Whatever is proved stands at small n; without a unique equilibrium nothing is."""
    utility = f"{own} - {curvature}*x[i]**2/2 + {interaction}"
    text = HEAD.format(concept="nash", utility=utility, sign="real")
    solution = solve(loads(text.replace("S", "Sum(x[j], (j, 1, n))", 1)))
    for regime in solution.regimes:
        tried = try_instances(solution.game, "nash", regime, points=3, deviations=60)
        assert not isinstance(tried.verdict, Refuted), tried.verdict
