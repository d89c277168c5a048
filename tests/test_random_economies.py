"""Random economies and games with exit against oracles of this file's own, and lies about them.

Prices come from tatonnement on demands written here from the budget and the ratio of marginal
utilities; Cournot equilibria from trying every set of active firms; contests from bisection on the
sum of shares.  An answer is evaluated at random exact points of its parameters.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignsym.answer import solve
from alignsym.claims import Proved, Refuted
from alignsym.model.files import loads
from alignsym.model.game import Concept
from alignsym.solution import Regime, Solution
from alignsym.verify.obligations import verify
from alignsym.verify.trial import try_regime

few = settings(
    max_examples=4, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
POINTS = 4
whole = st.integers(1, 5)


# ------------------------------------------------------------------ economies
@dataclass(frozen=True)
class Consumer:
    """u = sum a_k log x_k (r = 0) or sum a_k x_k**r / r; owns parameters and numbers."""

    weights: tuple[int, ...]
    owns: tuple[str, ...]
    r: Fraction


@dataclass(frozen=True)
class Economy:
    """The last good is the numeraire; every parameter is an endowment."""

    consumers: tuple[Consumer, ...]
    parameters: tuple[str, ...]

    def text(self) -> str:
        """The model file."""
        goods = len(self.consumers[0].weights)
        prices = [f"p{k}" for k in range(goods - 1)]
        declared = "".join(f'{p} = "positive"\n' for p in self.parameters)
        agents = ""
        for i, c in enumerate(self.consumers):
            xs = [f"x{i}{k}" for k in range(goods)]
            kind = "log({x})" if c.r == 0 else f"{c.r.denominator}*{{x}}**({c.r})/({c.r.numerator})"
            utility = " + ".join(f"{a}*" + kind.format(x=x) for a, x in zip(c.weights, xs))
            spent = " + ".join(f"{p}*{x}" for p, x in zip([*prices, "1"], xs))
            income = " + ".join(f"{p}*{e}" for p, e in zip([*prices, "1"], c.owns))
            actions = ", ".join(f'{x} = "nonnegative"' for x in xs)
            agents += (
                f'[[agents]]\nname = "c{i}"\nactions = {{ {actions} }}\nutility = "{utility}"\n'
                f'constraints = {{ b{i} = "{spent} <= {income}" }}\n'
            )
        clearing = ""
        for k, p in enumerate(prices):
            demand = " + ".join(f"x{i}{k}" for i in range(len(self.consumers)))
            supply = " + ".join(c.owns[k] for c in self.consumers)
            clearing += f'{p} = "{demand} <= {supply}"\n'
        head = 'format = 1\nconcept = "walras"\n[parameters]\n'
        return f"{head}{declared}{agents}[prices]\n{clearing}"


def number(text: str, point: dict[str, Fraction]) -> float:
    return float(point[text]) if text in point else float(text)


def demands(c: Consumer, prices: Sequence[float], point: dict[str, Fraction]) -> list[float]:
    """x_k/x_0 from a_k x_k**(r - 1) = lam p_k, and the level from the budget."""
    income = sum(p * number(e, point) for p, e in zip(prices, c.owns))
    shape = [(a / p) ** (1 / (1 - float(c.r))) for a, p in zip(c.weights, prices)]
    level = income / sum(p * s for p, s in zip(prices, shape))
    return [level * s for s in shape]


def clearing_prices(economy: Economy, point: dict[str, Fraction]) -> list[float]:
    """Prices rise where demand exceeds supply, until it does not."""
    goods = len(economy.consumers[0].weights)
    supply = [sum(number(c.owns[k], point) for c in economy.consumers) for k in range(goods - 1)]
    prices = [1.0] * goods
    for _ in range(4000):
        rows = [demands(c, prices, point) for c in economy.consumers]
        ratio = [sum(row[k] for row in rows) / supply[k] for k in range(goods - 1)]
        prices = [p * q**0.4 for p, q in zip(prices, ratio)] + [1.0]
        if max(abs(q - 1) for q in ratio) < 1e-13:
            break
    return prices


@st.composite
def logarithmic(draw: st.DrawFn) -> Economy:
    """Two or three consumers with tastes of their own; the first owns the first good."""
    count, goods = draw(st.integers(2, 3)), draw(st.integers(2, 3))
    parameters = ("e", "f")
    rows = []
    for i in range(count):
        weights = tuple(draw(whole) for _ in range(goods))
        owns = ["0"] * goods
        owns[i % goods] = parameters[i] if i < 2 else str(draw(whole))
        if owns[-1] == "0":
            owns[-1] = str(draw(st.integers(0, 2)))
        rows.append(Consumer(weights, tuple(owns), Fraction(0)))
    if goods == 3:  # the second good is somebody's in any case, and the numeraire
        rows[1] = replace(rows[1], owns=("1", parameters[1], "1"))
    return Economy(tuple(rows), parameters)


@st.composite
def alike(draw: st.DrawFn) -> Economy:
    """Two consumers with the same CES utility."""
    r = draw(st.sampled_from([Fraction(1, 2), Fraction(-1), Fraction(1, 3)]))
    weights = (draw(whole), draw(whole))
    one = Consumer(weights, ("e", str(draw(whole))), r)
    two = Consumer(weights, (str(draw(st.integers(0, 2))), "f"), r)
    return Economy((one, two), ("e", "f"))


def exact_points(names: Sequence[str], seed: str) -> list[dict[str, Fraction]]:
    rng = random.Random(seed)
    return [
        {n: Fraction(rng.randint(1, 40), rng.choice((3, 7, 11))) for n in names}
        for _ in range(POINTS)
    ]


@pytest.mark.parametrize("economies", [logarithmic(), alike()], ids=["logarithms", "CES"])
def test_prices_are_where_tatonnement_ends(economies: st.SearchStrategy[Economy]) -> None:
    @few
    @given(economies)
    def check(economy: Economy) -> None:
        solution = solve(loads(economy.text()))
        assert solution.status == "solved"
        assert isinstance(solution.proof, Proved)
        for point in exact_points(economy.parameters, economy.text()):
            (row,) = solution.at({k: sp.Rational(v) for k, v in point.items()})
            prices = clearing_prices(economy, point)
            for k, p in enumerate(prices[:-1]):
                assert float(row[f"p{k}"]) == pytest.approx(p, rel=1e-8)
            for i, c in enumerate(economy.consumers):
                for k, x in enumerate(demands(c, prices, point)):
                    assert float(row[f"x{i}{k}"]) == pytest.approx(x, rel=1e-7)

    check()


# ------------------------------------------------------------------ games with exit
def cournot(n: int, slope: Fraction) -> str:
    numbers = range(n)
    total = " + ".join(f"q{i}" for i in numbers)
    order = ", ".join(f'"c{i} < c{i + 1}"' for i in range(n - 1))
    agents = "".join(
        f'[[agents]]\nname = "f{i}"\nactions = {{ q{i} = "nonnegative" }}\n'
        f'utility = "(a - {slope}*({total}))*q{i} - c{i}*q{i}"\n'
        for i in numbers
    )
    declared = 'a = "positive"\n' + "".join(f'c{i} = "positive"\n' for i in numbers)
    head = f'format = 1\nconcept = "nash"\nconditions = [{order}]\n[parameters]\n'
    return head + declared + agents


def active_sets(a: Fraction, slope: Fraction, costs: Sequence[Fraction]) -> set[tuple]:
    """Quantities of every set of active firms at which nobody enters, leaves or changes."""
    out = set()
    for size in range(len(costs) + 1):
        for active in combinations(range(len(costs)), size):
            total = sum((a - costs[i]) / slope for i in active) / (size + 1)
            price = a - slope * total
            row = tuple(
                (price - c) / slope if i in active else Fraction(0) for i, c in enumerate(costs)
            )
            stays = all(row[i] >= 0 for i in active)
            if stays and all(price <= c for i, c in enumerate(costs) if i not in active):
                out.add(row)
    return out


@few
@given(n=st.integers(2, 5), slope=st.fractions(Fraction(1, 3), 3, max_denominator=3))
def test_cournot_with_exit_is_that_of_the_firms_that_stay(n: int, slope: Fraction) -> None:
    solution = solve(loads(cournot(n, slope)))
    assert isinstance(solution.proof, Proved)
    assert len(solution.cases) == n + 1
    for point in exact_points(["a", *(f"c{i}" for i in range(n))], f"{n}{slope}"):
        costs = sorted({point[f"c{i}"] for i in range(n)})
        if len(costs) < n:
            continue
        given_ = {"a": point["a"], **{f"c{i}": c for i, c in enumerate(costs)}}
        (expected,) = active_sets(point["a"], slope, costs)
        rows = solution.at({k: sp.Rational(v) for k, v in given_.items()})
        assert {tuple(Fraction(str(row[f"q{i}"])) for i in range(n)) for row in rows} == {expected}


@pytest.mark.parametrize("n", [2, 3, 4])
def test_contest_shares_add_up_to_one(n: int) -> None:
    numbers = range(n)
    total = " + ".join(f"x{i}" for i in numbers)
    order = ", ".join(f'"v{i} >= v{i + 1}"' for i in range(n - 1))
    text = f'format = 1\nconcept = "nash"\nconditions = [{order}]\n[parameters]\n'
    text += "".join(f'v{i} = "positive"\n' for i in numbers)
    text += "".join(
        f'[[agents]]\nname = "a{i}"\nactions = {{ x{i} = "nonnegative" }}\n'
        f'utility = "v{i}*x{i}/({total}) - x{i}"\n'
        for i in numbers
    )
    solution = solve(loads(text))
    assert isinstance(solution.proof, Proved)
    for point in exact_points([f"v{i}" for i in numbers], total):
        values = sorted(point.values(), reverse=True)
        low, high = 0.0, float(values[0])
        for _ in range(200):
            middle = (low + high) / 2
            shares = sum(max(0.0, 1 - middle / float(v)) for v in values)
            low, high = (middle, high) if shares > 1 else (low, middle)
        rows = solution.at({f"v{i}": sp.Rational(v) for i, v in enumerate(values)})
        for row in rows:
            for i, v in enumerate(values):
                expected = low * max(0.0, 1 - low / float(v))
                assert float(row[f"x{i}"]) == pytest.approx(expected, rel=1e-9, abs=1e-9)


# ------------------------------------------------------------------ lies
def perturbed(solution: Solution, name: str) -> tuple[Regime, ...]:
    """Every regime with 101 % of one value."""
    out = []
    for regime in solution.regimes:
        values = tuple(
            (s, e * sp.Rational(101, 100) if str(s) == name else e) for s, e in regime.values
        )
        out.append(replace(regime, values=values))
    return tuple(out)


def refused(solution: Solution, concept: Concept, regimes: tuple[Regime, ...]) -> None:
    """Not proved by the obligations, and refuted at an exact point."""
    verified = verify(solution.game, concept, regimes)
    for told, checked in zip(regimes, verified.regimes, strict=True):
        assert not isinstance(checked.status, Proved)
        found = try_regime(solution.game, concept, told, thorough=False)
        assert isinstance(found, Refuted)


@settings(few, max_examples=2)
@given(
    weights=st.tuples(whole, whole, whole, whole), r=st.sampled_from([Fraction(0), Fraction(1, 2)])
)
def test_a_price_that_clears_no_market_is_refused(weights: tuple[int, ...], r: Fraction) -> None:
    one = Consumer(weights[:2], ("e", "0"), r)
    two = Consumer(weights[2:] if r == 0 else weights[:2], ("0", "f"), r)
    solution = solve(loads(Economy((one, two), ("e", "f")).text()))
    for name in ("p0", "x00", "x11"):
        refused(solution, "walras", perturbed(solution, name))


def test_a_firm_that_should_have_left_is_refused() -> None:
    """The formulas of the regime with all firms, said to hold everywhere."""
    solution = solve(loads(cournot(3, Fraction(1))))
    largest = max(solution.regimes, key=lambda r: sum(e != 0 for _, e in r.values))
    wide = replace(largest, when=())
    verified = verify(solution.game, "nash", (wide,))
    assert not isinstance(verified.regimes[0].status, Proved)
