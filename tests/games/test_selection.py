"""Selections: by numbers among equilibria known by hand, never silent, and undecided where so."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game
from alignsym.claims import Proved, Unknown
from alignsym.errors import UsageError
from alignsym.games.selection import Unselected
from alignsym.model.relations import Relation
from alignsym.solution import Continuum, Regime, Solution

p, r = sp.symbols("p r", real=True)
a, b, q = sp.symbols("a b q", positive=True)
HUNT = Game(  # stag and hare: both p = 1, both p = 0, and b/a each
    Agent("f", a * p * r + b * (1 - p), (p, (0, 1))),
    Agent("g", a * p * r + b * (1 - r), (r, (0, 1))),
)


def listed(game: Game, *points: tuple[tuple[sp.Expr, sp.Expr], tuple[sp.Basic, ...]]) -> Solution:
    """A solution with these equilibria, stated by hand as proved and exhaustive."""
    symbols = [s.symbol for s in game.actions]
    regimes = []
    for point, when in points:
        values = dict(zip(symbols, point, strict=True))
        regimes.append(
            Regime(
                tuple(when),
                tuple(values.items()),
                utilities=tuple(
                    (g.name, sp.expand(g.utility.xreplace(values))) for g in game.agents
                ),
                multiple=True,
                status=Proved(),
                exhaustive=Proved(),
            )
        )
    return Solution(game, "nash", tuple(regimes), Proved())


FEWER = (Relation(b, "<=", a),)
THREE = listed(HUNT, ((sp.S.One,) * 2, FEWER), ((sp.S.Zero,) * 2, ()), ((b / a,) * 2, FEWER))


def test_the_best_of_three_by_parameters():
    best = THREE.select("welfare-best")
    assert best.criterion == "welfare-best" and "selected among 3" in best.reason
    assert isinstance(best.coverage, Proved)
    assert best.at({a: 3, b: 1}) == ({"p": 1, "r": 1},)
    assert best.at({a: 1, b: 3}) == ({"p": 0, "r": 0},)
    for here in ({a: 3, b: 1}, {a: 1, b: 2}, {a: 5, b: 4}):
        sums = [
            sum(u.subs(here) for _, u in x.utilities)
            for x in THREE.regimes
            if all(sp.Rational(1) * w.gap.subs(here) >= 0 for w in x.when)
        ]
        (found,) = best.at(here)
        total = sum(g.utility for g in HUNT.agents)
        assert total.subs(here | {p: found["p"], r: found["r"]}) == max(sums)
    assert all(isinstance(x.exhaustive, Proved) for x in best.regimes)


def test_reading_one_formula_of_several_is_not_a_silent_choice():
    with pytest.raises(UsageError, match="in one solution and"):
        THREE[p]
    assert THREE.select("welfare-best")[p] is not None


def test_weights_count():
    """f likes p = r = 0, g the other one."""
    game = Game(
        Agent("f", p * r + 2 * (1 - p) * (1 - r), (p, (0, 1))),
        Agent("g", 2 * p * r + (1 - p) * (1 - r), (r, (0, 1))),
        weights={"f": q},
    )
    both = listed(game, ((sp.S.One,) * 2, ()), ((sp.S.Zero,) * 2, ()))
    best = both.select("welfare-best")
    assert best.at({q: 3}) == ({"p": 0, "r": 0},)
    assert best.at({q: sp.Rational(1, 3)}) == ({"p": 1, "r": 1},)
    assert len(best.at({q: 1})) == 2  # a tie stays one


def test_symmetric_drops_what_is_not():
    game = Game(
        Agent("f", p * (1 - r) + r * (1 - p), (p, (0, 1))),
        Agent("g", p * (1 - r) + r * (1 - p), (r, (0, 1))),
    )
    half = sp.Rational(1, 2)
    three = listed(
        game, ((sp.S.One, sp.S.Zero), ()), ((sp.S.Zero, sp.S.One), ()), ((half,) * 2, ())
    )
    chosen = three.select("symmetric")
    assert chosen.at({}) == ({"p": half, "r": half},)
    assert not chosen.regimes[0].multiple
    without = three.__class__(game, "nash", three.cases[:2], Proved())
    assert isinstance(without.select("symmetric"), Unselected)


def test_one_that_is_symmetric_for_some_parameters_only_is_not_decided():
    some = listed(HUNT, ((b, sp.S.One), ()))
    assert "some parameters only" in some.select("symmetric").reason


def test_the_symmetric_member_of_a_set():
    x, y = sp.symbols("x y", nonnegative=True)
    game = Game(Agent("f", x, x), Agent("g", y, y), shared={"G": x + y <= q})
    edge = (
        Relation(x + y, "==", q), Relation(x, ">=", sp.S.Zero), Relation(y, ">=", sp.S.Zero)
    )  # fmt: skip
    segment = Continuum((), edge, status=Proved(), exhaustive=Proved())
    chosen = Solution(game, "nash", (segment,), Proved()).select("symmetric")
    assert chosen[x] == chosen[y] == q / 2
    assert isinstance(chosen.regimes[0].status, Proved)
    best = Solution(game, "nash", (segment,), Proved()).select("welfare-best")
    assert isinstance(best, Unselected) and "set of solutions" in best.reason
    beyond = (*edge, Relation(x, ">=", q))
    far = Solution(game, "nash", (Continuum((), beyond, status=Proved()),), Proved())
    assert isinstance(far.select("symmetric"), Unselected)


def test_agents_that_differ_are_not_symmetric():
    costly = Game(
        Agent("f", p * r - q * p, (p, (0, 1))), Agent("g", p * r - 2 * q * r, (r, (0, 1)))
    )
    with pytest.raises(UsageError, match="not interchangeable"):
        listed(costly, ((sp.S.Zero,) * 2, ())).select("symmetric")
    wider = HUNT.altered(agents=(HUNT.agents[0], Agent("g", HUNT.agents[1].utility, (r, (0, 2)))))
    with pytest.raises(UsageError, match="different sets"):
        listed(wider, ((sp.S.Zero,) * 2, ())).select("symmetric")
    with pytest.raises(UsageError, match="no selection"):
        THREE.select("payoff-dominant")


def test_a_list_that_may_be_incomplete_is_not_said_to_be_the_best_of_all():
    regime = THREE.regimes[1]
    open_question = Regime(
        regime.when, regime.values, utilities=regime.utilities, status=Proved(),
        exhaustive=Unknown("perhaps others"),
    )  # fmt: skip
    chosen = Solution(HUNT, "nash", (open_question,), Proved()).select("welfare-best")
    assert all(isinstance(x.exhaustive, Unknown) for x in chosen.regimes)
    assert not isinstance(chosen.proof, Proved)


def test_nothing_known_selects_nothing():
    nothing = Solution(HUNT, "nash", (), Unknown("too hard"), reason="too hard")
    assert repr(nothing.select("symmetric")) == "not selected (symmetric): too hard"
