"""Derivations: what they consist of, that no step is a lie, and that lies are found."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import sympy as sp

from alignsym import Agent, Game, derive, load, replay, solve
from alignsym.claims import Unknown
from alignsym.derivation import Derivation
from alignsym.deriving.excluded import Questions, fewest
from alignsym.model.relations import Relation
from alignsym.steps import (
    BestReplies,
    BindingCase,
    ChooseRoot,
    Compare,
    Complementary,
    Concave,
    Conclude,
    Covered,
    Discarded,
    FirstOrder,
    Gap,
    Hold,
    Lagrangian,
    Market,
    Problem,
    Reply,
    ShadowPrices,
    Solve,
    SolveTogether,
    Summed,
    Transform,
    Values,
)

ROOT = Path(__file__).resolve().parents[2]
TEXTBOOK = "tests/corpus/textbook"


@cache
def derivation(path: str) -> Derivation:
    return derive(solve(load(ROOT / path)))


# By hand: one condition an action (and a kink), one case a regime (a mover, in sequential games),
# the constraints that are one way round in every regime and provably so, the roots refused (in each
# of two wells the other one, and the hill between them).
COUNTED = {
    "derivations/shared_good/model.toml": (2, 1, 1, 0),
    "derivations/shared_good/social.toml": (2, 1, 1, 0),
    "derivations/shared_good/variational.toml": (2, 1, 1, 0),
    "derivations/shared_good/shifted_log.toml": (2, 1, 3, 0),
    "derivations/many_agents/weighted.toml": (1, 0, 1, 0),
    f"{TEXTBOOK}/games/stackelberg_2.toml": (2, 0, 2, 0),
    f"{TEXTBOOK}/games/tullock_2.toml": (2, 0, 1, 1),
    f"{TEXTBOOK}/games/cournot_capacity.toml": (2, 2, 2, 0),
    f"{TEXTBOOK}/bargaining/split_weighted.toml": (2, 1, 1, 0),
    f"{TEXTBOOK}/consumer/quasilinear_log.toml": (2, 1, 2, 0),
    f"{TEXTBOOK}/optimisation/two_wells.toml": (1, 0, 2, 4),
    f"{TEXTBOOK}/sharing/pigou_nash.toml": (2, 0, 4, 0),
}


@pytest.mark.parametrize("path", COUNTED)
def test_every_condition_case_and_choice_is_a_step(path: str) -> None:
    kinds = Counter(type(s) for s in derivation(path).steps)
    found = tuple(kinds[k] for k in (FirstOrder, Discarded, BindingCase, ChooseRoot))
    assert found == COUNTED[path]


SAMPLE = [
    *COUNTED,
    "derivations/many_agents/common_cost.toml",
    "tests/corpus/seed/priced_leader.toml",
    "tests/corpus/seed/war_social.toml",
    "tests/corpus/seed/supplier_trade.toml",
    f"{TEXTBOOK}/consumer/cobb_douglas_2_general.toml",
    f"{TEXTBOOK}/optimisation/infeasible_interval.toml",
    f"{TEXTBOOK}/symbolic_n/cournot_n.toml",
]


@pytest.mark.parametrize("path", SAMPLE)
def test_no_step_is_a_lie(path: str) -> None:
    told = derivation(path)
    outcome = replay(told, points=2)
    assert not outcome.lies, [(lie.step, lie.reason) for lie in outcome.lies]
    assert outcome.tests >= len(told.steps) // 2


def test_the_shared_good_is_told_as_by_hand() -> None:
    told = derivation("derivations/shared_good/model.toml").steps
    (case,) = [s for s in told if isinstance(s, Discarded)]
    assert (str(case.assumed), case.sign) == ("Eq(p, 0)", "positive")
    last = [s for s in told if isinstance(s, Solve)][-1]
    assert (str(last.equation), str(last.result)) == ("q - 2*x_b", "q/2")


def test_a_gap_is_owned_up_to() -> None:
    wave = Game(Agent("A", sp.sin(sp.Symbol("x")) - sp.Symbol("x") ** 2, sp.Symbol("x")))
    solution = solve(wave, "maximize", seconds=2)
    assert not solution.cases
    kinds = [type(s).__name__ for s in derive(solution).steps]
    assert kinds[-1] == "Gap" and "Conclude" not in kinds


# ------------------------------------------------------------------ lies
one, two = sp.S.One, sp.Integer(2)
MARKET = "derivations/shared_good/model.toml"
SOCIAL = "derivations/shared_good/social.toml"
SHIFTED = "derivations/shared_good/shifted_log.toml"
TULLOCK = f"{TEXTBOOK}/games/tullock_2.toml"
CES = f"{TEXTBOOK}/consumer/cobb_douglas_2_general.toml"
WELLS = f"{TEXTBOOK}/optimisation/two_wells.toml"
LIES = [
    (MARKET, Problem, lambda s: replace(s, objective=s.objective + s.actions[0][0])),
    (SOCIAL, Lagrangian, lambda s: replace(s, expression=s.expression + one)),
    (SOCIAL, FirstOrder, lambda s: replace(s, expression=2 * s.expression + 1)),
    (MARKET, FirstOrder, lambda s: replace(s, expression=-s.expression)),
    (SOCIAL, Complementary, lambda s: replace(s, slack=s.slack + 1)),
    (MARKET, Market, lambda s: replace(s, clearing=Relation(s.clearing.left, "<=", sp.S.Zero))),
    (CES, Transform, lambda s: replace(s, after=-s.after)),
    (MARKET, Discarded, lambda s: replace(s, sign="negative")),
    (
        f"{TEXTBOOK}/games/cournot_capacity.toml",
        Discarded,
        lambda s: replace(s, relations=s.relations[:1]),
    ),
    (SHIFTED, BindingCase, lambda s: replace(s, equations=(s.equations[0] + 1,))),
    (MARKET, Solve, lambda s: replace(s, result=2 * s.result)),
    (MARKET, Solve, lambda s: replace(s, equation=s.equation + 1)),
    (TULLOCK, ChooseRoot, lambda s: replace(s, refused=((s.chosen, s.refused[0][1]),))),
    (WELLS, ChooseRoot, lambda s: replace(s, left=(*s.left, sp.Integer(7)))),
    (MARKET, Values, lambda s: replace(s, values=tuple((k, 2 * v) for k, v in s.values))),
    (
        f"{TEXTBOOK}/games/stackelberg_2.toml",
        Reply,
        lambda s: replace(s, values=tuple((k, v + 1) for k, v in s.values)),
    ),
    (SOCIAL, ShadowPrices, lambda s: replace(s, rows=((*s.rows[0][:2], 3 * s.rows[0][2]),))),
    (SHIFTED, Hold, lambda s: replace(s, required=tuple(r.negated() for r in s.required))),
    (MARKET, Concave, lambda s: replace(s, expression=-s.expression)),
    (WELLS, Compare, lambda s: replace(s, value=s.value - 1)),
    (SHIFTED, Covered, lambda s: replace(s, regions=s.regions[1:])),
    (MARKET, Conclude, lambda s: replace(s, values=((s.values[0][0], one), *s.values[1:]))),
    (
        "derivations/many_agents/weighted.toml",
        Summed,
        lambda s: replace(s, result=2 * s.result),
    ),
]


@pytest.mark.parametrize(
    ("path", "kind", "bend"), LIES, ids=lambda v: v.__name__ if isinstance(v, type) else None
)
def test_a_lie_is_found(path: str, kind: type, bend: object) -> None:
    told = derivation(path)
    place = max(
        (k for k, s in enumerate(told.steps) if isinstance(s, kind) and getattr(s, "required", 1)),
    )
    false = bend(told.steps[place])  # type: ignore[operator]
    steps = (*told.steps[:place], false, *told.steps[place + 1 :])
    lies = replay(replace(told, steps=steps), points=2).lies
    assert any(lie.step == false or type(lie.step) is kind for lie in lies)


def test_equations_that_do_not_hold_together_are_found() -> None:
    told = derivation(MARKET)
    x = sp.Symbol("x_a", nonnegative=True)
    extra = SolveTogether((x - 7,), ())
    steps = (*told.steps[:-1], extra, told.steps[-1])
    assert [lie.step for lie in replay(replace(told, steps=steps)).lies] == [extra]


def test_what_is_not_proved_is_a_gap() -> None:
    """A solution with one claim short of proof never reads as proved."""
    solution = derivation(SOCIAL).solution
    unsure = Unknown("the prover gave up")
    for k, decided in enumerate(solution.decided):
        others = solution.decided
        weaker = (*others[:k], replace(decided, verdict=unsure), *others[k + 1 :])
        regime = solution.regimes[0]
        kind = decided.claim.kind
        told = derive(
            replace(
                solution,
                decided=weaker,
                cases=(replace(
                    regime,
                    status=regime.status if kind == "exhaustive" else unsure,
                    exhaustive=unsure if kind == "exhaustive" else regime.exhaustive,
                ),),
                coverage=unsure if kind == "covered" else solution.coverage,
            )
        )  # fmt: skip
        assert any(isinstance(s, Gap) and unsure.reason in s.reason for s in told.steps), kind


# ------------------------------------------------------------------ best replies
def fight() -> Derivation:
    """Two who fight, at the cost K, if they ask for more than there is."""
    u, v = sp.symbols("u v")
    K, Q = sp.symbols("K Q", positive=True)
    greed = [sp.Piecewise((s, u + v <= Q), (s - K, True)) for s in (u, v)]
    game = Game(Agent("A", greed[0], (u, (0, Q))), Agent("B", greed[1], (v, (0, Q))))
    return derive(solve(game, "nash"))


def test_best_replies_are_steps_and_are_replayed() -> None:
    told = fight()
    replies = [s for s in told.steps if isinstance(s, BestReplies)]
    assert [s.owner for s in replies] == ["A", "B"]
    assert not [s for s in told.steps if isinstance(s, (BindingCase, Lagrangian))]  # no one's piece
    found = replay(told)
    assert not found.lies and found.tests > 10


@pytest.mark.parametrize("wrong", ["swapped", "shifted", "set"])
def test_a_lie_about_best_replies_is_found(wrong: str) -> None:
    told = fight()
    step = next(s for s in told.steps if isinstance(s, BestReplies))
    (peace, share), (war, everything) = step.pieces
    half = tuple(replace(r, right=r.right / 2) for r in share)
    lie = {
        "swapped": ((peace, everything), (war, share)),
        "shifted": ((peace, half), (war, everything)),
        "set": ((peace, tuple(replace(r, operator="<=") for r in share)), (war, everything)),
    }[wrong]
    changed = replace(step, pieces=lie)
    steps = tuple(changed if s is step else s for s in told.steps)
    assert any(found.step == changed for found in replay(replace(told, steps=steps)).lies)


def test_of_contradicting_relations_the_fewest_are_told() -> None:
    x, y, z = sp.symbols("x y z", real=True)
    known = tuple(
        Relation(left, op, sp.S(right))  # type: ignore[arg-type]
        for left, op, right in ((x, ">=", 0), (y, ">=", 0), (z, ">", 1), (x + z, "<", 9))
    )
    asked = (Relation(x + y, "==", -1 + 0 * z),)
    other = Relation(x, "<", -2 + 0 * z)
    pool = (*known, *asked, other)
    assert fewest(Questions(pool), known, asked) == known[:2]
    # Without questions nothing is left out.
    assert set(fewest(Questions(pool, 0), known, asked)) == set(known)
    assert fewest(Questions(pool), known, (other, *asked)) == known[:1]
