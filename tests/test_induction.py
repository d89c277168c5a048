"""Sequential games: answers against brute force with the reply found by search, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy as sp

from alignsym import Agent, Game, solve
from alignsym.claims import Proved, word
from alignsym.induction import _beside
from alignsym.model.agents import Action
from alignsym.model.relations import Interval, Relation
from alignsym.solution import Continuum, holds
from alignsym.turns import Piece

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


def chain() -> Game:
    """A supplier's price w above the cost c, then a retailer's quantity."""
    w = sp.Symbol("w", nonnegative=True)
    return Game(Agent("supplier", (w - c) * q1, w), Agent("retailer", (a - b * q1 - w) * q1, q1))


def test_a_chain_whose_supplier_need_not_sell() -> None:
    """Spengler 1950: w = (a + c)/2 where a > c; else every price at which nothing is bought."""
    solution = solve(chain(), "stackelberg")
    assert word(solution.proof) == "proved" and isinstance(solution.coverage, Proved)
    (sold,) = solution.regimes
    w = sp.Symbol("w", nonnegative=True)
    assert sp.simplify(dict(sold.values)[w] - (a + c) / 2) == 0
    (idle,) = (case for case in solution.cases if isinstance(case, Continuum))
    at = {a: sp.Integer(1), c: sp.Integer(2)}
    for price, belongs in (
        (sp.Rational(1, 2), False),
        (sp.Integer(1), True),
        (sp.Integer(7), True),
    ):
        assert all(holds(r, {**at, w: price}) for r in (*idle.when, *idle.relations)) is belongs
    assert dict(idle.values)[q1] == 0


def test_margins_upon_margins() -> None:
    """Behind a second seller who is indifferent once nothing can be sold: q = a/8 by hand."""
    first, second = sp.symbols("first second", nonnegative=True)
    game = Game(
        Agent("one", first * q1, first),
        Agent("two", second * q1, second),
        Agent("three", (a - q1 - first - second) * q1, q1),
    )
    solution = solve(game, "stackelberg")
    (only,) = solution.regimes
    assert [v for _, v in only.values] == [a / 2, a / 4, a / 8]
    assert word(solution.proof) == "proved" and isinstance(only.exhaustive, Proved)


def test_an_earlier_movers_own_constraint_is_known_to_the_later_one() -> None:
    """s <= 1 keeps the follower's program concave in its effort; without it there is no maximum."""
    share = sp.Symbol("s", nonnegative=True)
    principal = Agent("principal", q1 * share, share, constraints={"most": sp.Le(share, 1)})
    agent = Agent("agent", (2 - share) * q1 - (2 - share) * q1**2, q1)
    solution = solve(Game(principal, agent), "stackelberg")
    (only,) = solution.regimes
    assert dict(only.values) == {share: 1, q1: sp.Rational(1, 2)}
    assert word(solution.proof) == "proved"


def test_a_set_of_choices_beside_one_that_is_not_in_it() -> None:
    """At a = 2 quantities up to 1 are worth nothing, as is the point 3: both, or neither, are told.

    The pieces: every q1 in [0, 1] is worth 0, and q1 = 3 is worth a - 2.
    """
    low, top = Relation(q1, "<=", sp.S.One), sp.Integer(3)
    action = Action(q1, Interval.nonnegative())
    whole = Piece((Relation(a, "<=", sp.Integer(2)),), free=(action,), relations=(low,), among=True)
    point = Piece((Relation(a, ">=", sp.Integer(2)),), ((q1, top),))
    given = (Relation(a, ">", sp.S.Zero),)
    assert _beside(point, [whole], given) is None
    inside = replace(point, values=((q1, sp.S.One),))
    opened = _beside(inside, [whole], given)
    assert opened is not None and [str(r) for r in opened.when] == ["a > 2"]
    other = replace(whole, relations=(Relation(q1, ">=", top),))
    assert _beside(whole, [whole, other], given) is None


def test_a_leader_is_indifferent_at_an_irrational_edge() -> None:
    """Two principals give b1 and b2 a unit of effort e = t1 + t2: the first pays alone where
    b1**2/4 > (b1 + b2)**2/8, and has both choices where b1 = (1 + sqrt(2))*b2."""
    t1, t2 = sp.symbols("t1 t2", nonnegative=True)
    effort = t1 + t2
    game = Game(Agent("first", (a - t1) * effort, t1), Agent("second", (b - t2) * effort, t2))
    solution = solve(game, "stackelberg")
    assert isinstance(solution.coverage, Proved), solution.coverage
    found = solution.at({a: 1 + sp.sqrt(2), b: sp.Integer(1)})
    got = sorted(float(row["t1"]) for row in found)
    assert got == pytest.approx([2**0.5 / 2, (1 + 2**0.5) / 2])
    assert all(isinstance(c.exhaustive, Proved) for c in solution.cases)


@pytest.mark.parametrize(("rich", "poor"), [(1, 2), (3, 2), (5, 2), (3, 1)])
def test_moves_that_leave_nothing_feasible_are_in_no_play(rich: int, poor: int) -> None:
    """log(w - g) + log(g1 + g2) each: a gift of all one has leaves nothing to compare."""
    solution = solve(
        Game(
            Agent("first", sp.log(a - q1) + sp.log(q1 + q2), q1),
            Agent("second", sp.log(b - q2) + sp.log(q1 + q2), q2),
        ),
        "stackelberg",
    )
    assert isinstance(solution.coverage, Proved), solution.reason
    (found,) = solution.at({a: rich, b: poor})

    def worth(gift: float) -> float:
        reply = max((poor - gift) / 2, 0)
        return (rich - gift) * (gift + reply)

    grid = [rich * k / 400 for k in range(401)]
    assert worth(float(found["q1"])) >= max(map(worth, grid)) - 1e-9
    assert float(found["q2"]) == pytest.approx(max((poor - float(found["q1"])) / 2, 0))


def test_a_stock_that_two_take_from() -> None:
    """b*log of what is left: the first takes y/(1 + b), and no more than there is."""
    c1, c2 = sp.symbols("c1 c2", positive=True)
    left = b * sp.log(a - c1 - c2)
    game = Game(Agent("first", sp.log(c1) + left, c1), Agent("second", sp.log(c2) + left, c2))
    (case,) = solve(game, "stackelberg").cases
    assert isinstance(case.status, Proved)
    assert isinstance(case.exhaustive, Proved)
    ((found),) = solve(game, "stackelberg").at({a: 6, b: 2})
    assert found["c1"] == 2
    assert found["c2"] == sp.Rational(4, 3)
