"""Sequential games: answers against brute force with the reply found by search, and refusals."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy as sp

from alignsym import Agent, Game, solve
from alignsym.claims import Proved, word

q1, q2, q3 = sp.symbols("q1 q2 q3", nonnegative=True)
x = sp.Symbol("x", real=True)
a, b, c, d = sp.symbols("a b c d", positive=True)


def duopoly(cost1: sp.Expr, cost2: sp.Expr) -> Game:
    price = a - q1 - q2
    return Game(
        Agent("leader", (price - cost1) * q1, q1), Agent("follower", (price - cost2) * q2, q2)
    )


def best_on_grid(f: Callable[[float], float], high: float, steps: int = 400) -> float:
    """The maximiser of f on [0, high] to within high/steps**2."""
    low = 0.0
    for _ in range(2):
        width = (high - low) / steps
        points = [low + width * k for k in range(steps + 1)]
        top = max(points, key=f)
        low, high = max(0.0, top - width), top + width
    return top


@pytest.mark.parametrize(
    ("demand", "first", "second"), [(10, 1, 1), (10, 1, 5), (10, 1, 7), (10, 5, 1), (3, 4, 5)]
)
def test_a_duopoly_with_costs(demand: int, first: int, second: int) -> None:
    """Accommodation, limit quantity, monopoly, and nobody: at numbers, by search."""
    solution = solve(duopoly(c, d), "stackelberg")
    assert isinstance(solution.coverage, Proved), solution.reason
    found = solution.at({a: demand, c: first, d: second})
    assert found

    def reply(lead: float) -> float:
        return best_on_grid(lambda q: (demand - lead - q - second) * q, demand)

    def worth(lead: float) -> float:
        return (demand - lead - reply(lead) - first) * lead

    numbers = {k: float(v) for k, v in found[0].items()}
    assert numbers["q2"] == pytest.approx(reply(numbers["q1"]), abs=1e-3)
    grid = [demand * k / 60 for k in range(61)]
    best = max(map(worth, grid))
    # The follower is searched on a grid too, so a tie may be off by the grid's width.
    assert (demand - numbers["q1"] - numbers["q2"] - first) * numbers["q1"] >= best - 1e-2


def test_three_movers() -> None:
    price = a - b * (q1 + q2 + q3)
    game = Game(*(Agent(f"firm{k}", (price - c) * q, q) for k, q in enumerate((q1, q2, q3), 1)))
    solution = solve(game.altered(conditions=[sp.Gt(a, c)]), "stackelberg")
    assert [sp.simplify(v * b / (a - c)) for _, v in solution.regimes[0].values] == [
        sp.Rational(1, 2),
        sp.Rational(1, 4),
        sp.Rational(1, 8),
    ]
    assert word(solution.proof) == "proved"


def test_a_reply_that_ties_is_not_chosen_for_anybody() -> None:
    """The follower is indifferent: whatever the leader hopes for, nothing says it happens."""
    game = Game(Agent("leader", x, (q1, (0, 1))), Agent("follower", q1 * 0 + a, (x, (0, 1))))
    assert solve(game, "stackelberg").status == "unknown"


def test_shared_constraints_are_refused_with_the_reason() -> None:
    game = duopoly(c, c).altered(shared={"cap": q1 + q2 <= b})
    solution = solve(game, "stackelberg")
    assert solution.status == "unknown"
    assert "shared constraints" in solution.reason


def test_a_reply_that_is_not_concave_is_not_believed() -> None:
    """The follower's problem has two local optima; only a global best reply may be used."""
    cubic = -((x**2 - 1) ** 2) + x * q1 / 10
    game = Game(Agent("leader", -((q1 - 1) ** 2) + 0 * x, (q1, (0, 2))), Agent("f", cubic, x))
    solution = solve(game, "stackelberg", seconds=8)
    assert solution.status in ("unknown", "partial")


def test_who_only_watches_must_be_able_to() -> None:
    """At the play x = 2 the watcher has log(-1): an infeasible profile, not an equilibrium."""
    follower = sp.Symbol("y", nonnegative=True)
    game = Game(
        Agent("leader", q1, (q1, (0, 2))),
        Agent("follower", -((follower - q1) ** 2), follower),
        Agent("watcher", sp.log(1 - q1)),
    )
    solution = solve(game, "stackelberg")
    assert solution.status == "unknown"
    assert "watcher" in solution.reason
