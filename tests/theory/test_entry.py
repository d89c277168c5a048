"""One member more, many members, and what selfishness costs: against numbers at given n."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

from alignsym import (
    Agent,
    Agents,
    Game,
    UsageError,
    entry,
    in_the_limit,
    load,
    price_of_anarchy,
    solve,
    with_means,
)
from alignsym.claims import Proved, Refuted, Unknown
from alignsym.model.instances import instance
from alignsym.solution import Solution, holds

TESTS = Path(__file__).parents[1]
HERE, TEXTBOOK = TESTS / "families" / "models", TESTS / "corpus" / "textbook" / "symbolic_n"
i, j, n = sp.symbols("i j n", positive=True, integer=True)
x = sp.IndexedBase("x", real=True)
a, b, c, d, v = sp.symbols("a b c d v", positive=True)
TOTAL = sp.Sum(x[j], (j, 1, n))
COURNOT = Game(Agents(i, n, utility=(a - b * TOTAL) * x[i] - c * x[i] ** 2 / 2, actions=x[i]))


@pytest.fixture(scope="module")
def cournot() -> Solution:
    return solve(COURNOT, "nash")


SYMMETRIC = [
    TEXTBOOK / "cournot_n.toml",
    TEXTBOOK / "commons_n_social.toml",
    TEXTBOOK / "log_sharing_walras.toml",
    TEXTBOOK / "public_good_n.toml",
    TEXTBOOK / "waterfilling_symmetric.toml",
    HERE / "all_corners.toml",
    HERE / "commons_nash.toml",
    HERE / "pub_sqrt.toml",
    HERE / "contest_quadratic.toml",
]


def numbers(solution: Solution, size: int) -> dict[sp.Symbol, sp.Expr]:
    """Parameters at primes, their declared order kept small; the conditions hold by a > c."""
    out: dict[sp.Symbol, sp.Expr] = {}
    for k, p in enumerate(solution.game.parameters):
        out[p.symbol] = sp.Integer(size) if p.integer else sp.Rational(97, 2 + 3 * k)
    return out


@pytest.mark.parametrize("path", SYMMETRIC, ids=lambda p: p.stem)
def test_the_limit_is_what_large_n_come_near(path: Path) -> None:
    solution = solve(load(path))
    size = solution.game.families[0].size
    for symbol, value in solution.regimes[0].values:
        for limit in (
            sp.limit(solution[symbol], size, sp.oo),
            in_the_limit(solution, symbol, size),
        ):
            at = numbers(solution, 10**8)
            near = sp.N(value.xreplace(at), 30)
            there = limit.xreplace(at)
            if there is sp.oo:
                assert near > 10**3
            else:
                assert abs(near - sp.N(there, 30)) < sp.Rational(1, 100) * (1 + abs(near))


@pytest.mark.parametrize("path", SYMMETRIC, ids=lambda p: p.stem)
def test_the_sign_of_one_more_is_that_of_the_numbers(path: Path) -> None:
    solution = solve(load(path))
    size = solution.game.families[0].size
    for symbol, value in solution.regimes[0].values:
        (found,) = entry(solution, symbol, size)
        signs = set()
        for k in (2, 3, 7):
            more, less = numbers(solution, k + 1), numbers(solution, k)
            signs.add(sp.sign(sp.N(value.xreplace(more) - value.xreplace(less), 30)))
        words = {1: "rises with", -1: "falls with", 0: "does not depend on"}
        if isinstance(found.verdict, Proved):
            (sign,) = signs
            assert found.identity == f"{symbol} {words[int(sign)]} {size}"
        else:
            assert isinstance(found.verdict, Unknown)


def test_most_signs_are_proved() -> None:
    proved = 0
    for path in SYMMETRIC:
        solution = solve(load(path))
        symbol = solution.regimes[0].values[0][0]
        (found,) = entry(solution, symbol, solution.game.families[0].size)
        proved += isinstance(found.verdict, Proved)
    assert proved >= 7


def test_totals_and_prices(cournot: Solution) -> None:
    assert [r.identity for r in entry(cournot, x[i], n)] == ["x[i] falls with n"]
    assert [r.identity for r in entry(cournot, TOTAL, n)] == [f"{TOTAL} rises with n"]
    assert isinstance(entry(cournot, a - b * TOTAL, n).verdict, Proved)
    # x = a/(b*(n + 1) + c); the price tends to 0 and the total to a/b
    assert in_the_limit(cournot, a - b * TOTAL, n) == 0
    assert in_the_limit(cournot, TOTAL, n) == a / b


def test_what_rises_and_then_falls_has_no_sign() -> None:
    """v*(n - 1)/n**2 is 0, 1/4, 2/9, 3/16, ... of v."""
    contest = solve(load(TEXTBOOK / "tullock_n.toml"))
    size = contest.game.families[0].size
    (found,) = entry(contest, "x[i]", size)
    shown = [sp.Rational(k - 1, k**2) for k in (1, 2, 3)]
    assert shown[1] > shown[0] and shown[2] < shown[1]
    if any(r.gap.has(size) for r in contest.game.conditions):  # declared for n >= 2 only
        assert found.identity == "x[i] falls with n"
    else:
        assert isinstance(found.verdict, Unknown)


def test_a_lie_about_the_formula_has_another_sign(cournot: Solution) -> None:
    regime = cournot.regimes[0]
    changed = replace(regime, values=((x[i], n * regime.values[0][1]),))
    lie = replace(cournot, cases=(changed,))
    (found,) = entry(lie, x[i], n)
    assert found.identity == "x[i] rises with n"


def test_new_data_come_with_a_new_member() -> None:
    w = sp.IndexedBase("w", positive=True)
    y = sp.IndexedBase("y", positive=True)
    pie = {"pie": sp.Sum(y[j], (j, 1, n)) <= d}
    shares = solve(
        Game(Agents(i, n, utility=w[i] * sp.log(y[i]), actions=y[i]), shared=pie), "social"
    )
    (found,) = entry(shares, y[i], n)
    assert isinstance(found.verdict, Unknown) and "new member" in found.verdict.reason
    mean = sp.Symbol("mean(w)", positive=True)
    assert with_means(shares[y[i]], n) == d * w[i] / (n * mean)
    assert in_the_limit(shares, n * y[i], n) == d * w[i] / mean


def test_the_mean_of_equal_data_is_the_datum() -> None:
    """With all data equal the sum is n times them: the limits agree."""
    w = sp.IndexedBase("w", positive=True)
    total = sp.Sum(w[j] ** 2, (j, 1, n)) + sp.Product(w[j] ** sp.Rational(1, 2), (j, 1, n))
    found = with_means(total, n)
    means = {
        s: {"mean(w**2)": 9, "mean(log(w)/2)": sp.log(3) / 2}[str(s)]
        for s in found.free_symbols - {n}
    }
    assert sp.simplify(found.xreplace(means) - (9 * n + sp.sqrt(3) ** n)) == 0
    nested = sp.Sum(w[j] / n, (j, 1, n))
    with pytest.raises(UsageError, match="change with n"):
        with_means(nested, n)


def test_regimes_that_hold_for_all_large_n() -> None:
    """x = a/(n + 2) where that is at most 1, else 1."""
    solution = solve(load(HERE / "box.toml"))
    size = solution.game.families[0].size
    assert in_the_limit(solution, "x[i]", size) == 0
    capped = solve(load(HERE / "cournot_cap.toml"))
    s = {str(p.symbol): p.symbol for p in capped.game.parameters}
    limit = in_the_limit(
        capped, sp.Sum(sp.IndexedBase("x", nonnegative=True)[j], (j, 1, s["n"])), s["n"]
    )
    low = {s["a"]: 5, s["b"]: 1, s["c"]: 1, s["k"]: 9}
    high = {s["a"]: 50, s["b"]: 1, s["c"]: 1, s["k"]: 9}
    assert (limit.subs(low), limit.subs(high)) == (4, 9)  # (a - c)/b, or the cap


def test_the_price_of_anarchy_of_a_team() -> None:
    cost = sp.IndexedBase("c", positive=True)
    team = Game(Agents(i, n, utility=v * TOTAL / n - cost[i] * x[i] ** 2 / 2, actions=x[i]))
    found = price_of_anarchy(team)
    assert isinstance(found.verdict, Proved)
    assert found.ratio == n**2 / (2 * n - 1)
    # The same by hand for three: v = 1, costs 1, 2, 4, efforts 1/(3*c) and 1/c.
    weights = [sp.S.One, sp.Rational(1, 2), sp.Rational(1, 4)]
    best = sum(weights) - sum(w / 2 for w in weights)
    alone = sum(w / 3 for w in weights) - sum(w / 18 for w in weights)
    assert best / alone == found.ratio.subs(n, 3)


def test_the_price_of_anarchy_agrees_with_instances() -> None:
    game = load(HERE / "box.toml")
    found = price_of_anarchy(game).ratio
    size = game.families[0].size
    for k in (2, 3):
        made = instance(game, {size: k}).game
        (bound,) = made.parameters
        point = {bound.symbol: sp.Rational(9, 2)}
        sums = []
        for concept in ("social", "nash"):
            regime = next(
                r
                for r in solve(made, concept).regimes  # type: ignore[arg-type]
                if all(holds(w, point) for w in r.when)
            )
            sums.append(sum(u for _, u in regime.utilities).xreplace(point))
        assert found.subs({size: k, **point}) == sums[0] / sums[1]


def test_a_ratio_of_what_may_be_negative_is_refused() -> None:
    found = price_of_anarchy(load(HERE / "commons_nash.toml"))
    assert isinstance(found.verdict, Unknown) and "positive" in found.verdict.reason
    with pytest.raises(UsageError, match="not proved"):
        found.ratio  # noqa: B018


def test_two_agents_without_a_family() -> None:
    """Both enjoy 2*(x + y), each pays x**2: x = 1 alone and 2 together, 8 over 6."""
    s, t = sp.symbols("s t", nonnegative=True)
    game = Game(Agent("A", 2 * (s + t) - s**2, s), Agent("B", 2 * (s + t) - t**2, t))
    assert price_of_anarchy(game).ratio == sp.Rational(8, 6)


def test_mistakes(cournot: Solution) -> None:
    with pytest.raises(UsageError, match="numbers no family"):
        entry(cournot, x[i], a)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="no action and no price"):
        entry(cournot, "y[i]", n)
    assert not any(isinstance(r.verdict, Refuted) for r in entry(cournot, x[i], n))


FAMILIES = Path(__file__).parents[1] / "families" / "models"


def test_no_limit_is_claimed_of_what_depends_on_the_number_of_a_member() -> None:
    """Sum(d**j) has a limit for d < 1, so its mean settles at zero, which is no mean of data."""
    cake = solve(load(FAMILIES / "cake.toml"))
    n = cake.game.families[0].size
    with pytest.raises(UsageError, match="number of the member"):
        in_the_limit(cake, "x[i]", n)
    market = solve(load(FAMILIES / "numbered_market.toml"))
    n = market.game.families[0].size
    assert in_the_limit(market, sp.Symbol("p", nonnegative=True) / n**2, n) == sp.Rational(
        1, 2
    ) / sp.Symbol("q", positive=True)


def test_who_is_active_with_one_more_is_open() -> None:
    cournot = solve(load(FAMILIES / "cournot_active.toml"))
    n = cournot.game.families[0].size
    assert "who is active may change" in str(entry(cournot, "x[i]", n))
