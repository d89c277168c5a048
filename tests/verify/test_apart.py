"""Tariffs in budgets: a Max in a constraint is two constraints, and a Piecewise may be a Max."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.pieces import kinked
from alignsym.solution import Regime
from alignsym.verify.obligations import verify

x, y = sp.symbols("x y", nonnegative=True)
p, q, k, m = sp.symbols("p q k m", positive=True)
TARIFF = sp.Piecewise((p * x, x <= k), (p * k + q * (x - k), True))
AGENT = Agent("A", sp.log(1 + x) + y, x, y, constraints={"budget": sp.Le(TARIFF + y, m)})
RISING = Game(AGENT, conditions=[p < q], concept="maximize")
AT = {p: sp.Rational(1, 4), q: sp.Rational(1, 2)}


@pytest.mark.parametrize(
    ("block", "income", "best"),
    [
        ("2", "9", "2"),  # 1/(1 + k) lies between the prices: the kink
        ("5", "9", "3"),  # 1/p - 1
        ("1/2", "9", "1"),  # 1/q - 1
        ("9", "1/2", "2"),  # all of the income at the lower price
        ("1/2", "1/4", "3/4"),  # and at both prices
    ],
)
def test_a_rising_tariff_in_a_budget(block: str, income: str, best: str) -> None:
    solution = _solved()
    assert solution.status == "solved" and isinstance(solution.proof, Proved)
    at = {**AT, k: sp.Rational(block), m: sp.Rational(income)}
    assert {row["x"] for row in solution.at(at)} == {sp.Rational(best)}


_KEPT: dict[str, object] = {}


def _solved():  # type: ignore[no-untyped-def]
    if "it" not in _KEPT:
        _KEPT["it"] = solve(RISING)
    return _KEPT["it"]


def test_a_point_off_the_kink_is_refused() -> None:
    """Where the kink is best, less than the block is not; nor is the kink with another price."""
    solution = _solved()
    (index,) = [i for i, r in enumerate(solution.regimes) if dict(r.values)[x] == k]
    case = solution.regimes[index]
    assert isinstance(case, Regime)
    worse = {x: k / 2, y: m - p * k / 2}
    value = (sp.log(1 + x) + y).subs(worse)
    lies = [
        replace(case, values=tuple(worse.items()), value=value, utilities=(("A", value),)),
        replace(case, multipliers=(("budget", sp.Integer(2)),)),
    ]
    for lie in lies:
        (found,) = verify(kinked(RISING), "maximize", (lie,)).regimes
        assert not isinstance(found.status, Proved)


def test_which_pieces_are_a_maximum() -> None:
    """The dearer branch beyond the block is the larger one if p < q, and unknown if not said;
    a jump is neither."""

    def tariff(game: Game) -> set[sp.Expr]:
        return game.agents[0].constraints[0].relation.left.atoms(sp.Max, sp.Min, sp.Piecewise)

    (rising,) = tariff(kinked(RISING))
    assert isinstance(rising, sp.Max)
    (falling,) = tariff(kinked(RISING.altered(conditions=[q < p])))
    assert isinstance(falling, sp.Min)
    assert kinked(RISING.altered(conditions=[])) == RISING.altered(conditions=[])
    fee = sp.Piecewise((sp.S.Zero, x <= k), (p * x, True))
    jump = Game(Agent("A", y - fee, x, y), concept="maximize")
    assert kinked(jump) is jump
    for at in (sp.Rational(1, 2), 2, 5):
        values = {x: at, k: 2, p: 1, q: 3}
        assert rising.subs(values) == TARIFF.subs(values)


@pytest.mark.parametrize(
    ("price", "fee", "income", "best"),
    [("1/4", "1/4", "9", "3"), ("1/4", "3", "9", "0"), ("2", "1/9", "9", "0"),
     ("1/4", "1/4", "3/4", "2"), ("1/4", "1/4", "1/5", "0")],
)  # fmt: skip
def test_a_fee_to_enter(price: str, fee: str, income: str, best: str) -> None:
    """log(1 + x) + y: buy (1 - p)/p, or what income allows, if that is worth the fee."""
    solution = _fee()
    assert solution.status == "solved"
    assert all(isinstance(c.status, Proved) for c in solution.cases)
    at = {p: sp.Rational(price), FEE: sp.Rational(fee), m: sp.Rational(income)}
    assert {row["x"] for row in solution.at(at)} == {sp.Rational(best)}


FEE = sp.Symbol("F", positive=True)


def _fee():  # type: ignore[no-untyped-def]
    if "fee" not in _KEPT:
        paid = sp.Piecewise((sp.S.Zero, x <= 0), (FEE + p * x, True))
        agent = Agent("A", sp.log(1 + x) + y, x, y, constraints={"b": sp.Le(paid + y, m)})
        _KEPT["fee"] = solve(Game(agent, concept="maximize"))
    return _KEPT["fee"]
