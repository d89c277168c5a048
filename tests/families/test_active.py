"""Where some members choose their bound: against given games, and lies about the level."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

from alignsym import load, loads, solve
from alignsym.activity import said_at_level
from alignsym.claims import Proved
from alignsym.conditions.families import crowd_conditions
from alignsym.logic.activity import Level, Levelled, at_level
from alignsym.logic.crowd import crowd
from alignsym.model.game import Game
from alignsym.model.instances import instance
from alignsym.solution import Solution
from alignsym.solving.activity import levelled
from alignsym.verify.activity import one_level
from alignsym.verify.instances import regime_at
from alignsym.verify.levelled import verify_levelled

MODELS = Path(__file__).parent / "models"
ACTIVE = (
    "cournot_active", "water_active", "contest_active", "contest_costs_active",
    "public_good_active", "simplex", "budget_active", "buyers_active", "dispatch_active",
)  # fmt: skip


def numbered(game: Game, size: int, seed: int) -> tuple[Game, dict[sp.Symbol, sp.Expr]]:
    """The instance of this size, and numbers for its data, far apart so that some are inactive."""
    made = instance(game, {game.families[0].size: size})
    rng = random.Random(f"{game.id} {size} {seed}")
    numbers = {
        p.symbol: sp.Rational(rng.choice([1, 2, 3, 5, 8, 13, 30]), rng.choice([1, 2, 3]))
        for p in made.game.parameters
    }
    return made.game, numbers


def by_sorting(name: str, data: dict[str, list[sp.Expr]], one: dict[str, sp.Expr]) -> list[sp.Expr]:
    """The published algorithms: order the members, find the last one who is active."""
    size = len(next(iter(data.values())))
    members = range(size)
    if name == "cournot_active":
        order = sorted(members, key=lambda i: data["c"][i])
        k = max([0] + [m for m in range(1, size + 1) if (m + 1) * data["c"][order[m - 1]]
                       < one["a"] + sum(data["c"][i] for i in order[:m])])  # fmt: skip
        price = (one["a"] + sum(data["c"][i] for i in order[:k])) / (k + 1)
        return [max(sp.S.Zero, (price - data["c"][i]) / one["b"]) for i in members]
    if name == "water_active":
        order = sorted(members, key=lambda i: data["s"][i])
        k = max(m for m in range(1, size + 1) if m * data["s"][order[m - 1]]
                < one["q"] + sum(data["s"][i] for i in order[:m]))  # fmt: skip
        height = (one["q"] + sum(data["s"][i] for i in order[:k])) / k
        return [max(sp.S.Zero, height - data["s"][i]) for i in members]
    if name == "contest_active":
        order = sorted(members, key=lambda i: -data["v"][i])
        k = max(m for m in range(2, size + 1) if sum(1 / data["v"][i] for i in order[:m])
                > (m - 1) / data["v"][order[m - 1]])  # fmt: skip
        spent = (k - 1) / sum(1 / data["v"][i] for i in order[:k])
        return [max(sp.S.Zero, spent * (1 - spent / data["v"][i])) for i in members]
    order = sorted(members, key=lambda i: -data["w"][i])
    k = max(m for m in range(1, size + 1) if (one["b"] + m) * data["w"][order[m - 1]]
            > sum(data["w"][i] for i in order[:m]))  # fmt: skip
    rest = sum(data["w"][i] for i in order[:k]) / (one["b"] + k)
    return [max(sp.S.Zero, data["w"][i] - rest) for i in members]


@pytest.mark.parametrize("size", [2, 5])
@pytest.mark.parametrize(
    "name", ["cournot_active", "water_active", "contest_active", "public_good_active"]
)
def test_as_by_sorting(name: str, size: int) -> None:
    game = load(MODELS / f"{name}.toml")
    solution = solved(name)
    made = instance(game, {game.families[0].size: size})
    concrete = regime_at(game, made, solution.regimes[-1])
    inactive = 0
    for seed in range(4):
        _, numbers = numbered(game, size, seed)
        data: dict[str, list[sp.Expr]] = {}
        for s, v in numbers.items():
            if "_" in str(s):
                data.setdefault(str(s).split("_")[0], []).append(v)
        one = {str(s): v for s, v in numbers.items() if "_" not in str(s)}
        ours = [e.xreplace(numbers) for _, e in concrete.values]
        assert ours == by_sorting(name, data, one)
        inactive += ours.count(0)
    # Two contestants are both active.
    assert inactive or (name, size) == ("contest_active", 2)


_SOLVED: dict[str, Solution] = {}


def solved(name: str) -> Solution:
    if name not in _SOLVED:
        _SOLVED[name] = solve(load(MODELS / f"{name}.toml"))
    return _SOLVED[name]


@pytest.mark.parametrize("name", ["simplex", "dispatch_active", "cournot_active"])
def test_as_the_engine_for_given_games(name: str) -> None:
    game = load(MODELS / f"{name}.toml")
    regime = solved(name).regimes[-1]
    size = 2
    made = instance(game, {game.families[0].size: size})
    concrete = regime_at(game, made, regime)
    known = solve(made.game)
    assert isinstance(known.coverage, Proved)
    for seed in range(6):
        _, numbers = numbered(game, size, seed)
        (values,) = known.at({str(s): v for s, v in numbers.items()})
        for s, e in concrete.values:
            assert sp.nsimplify(values[str(s)] - e.xreplace(numbers)) == 0


def found(name: str) -> Levelled:
    game = load(MODELS / f"{name}.toml")
    assert game.concept is not None
    people = crowd(game)
    for each in levelled(people, crowd_conditions(people, game.concept), game.concept):
        if isinstance(one_level(each.crowd, each.level, each.profile.when).verdict, Proved):
            return each
    pytest.fail("no level")


@pytest.mark.parametrize("name", ACTIVE)
def test_no_lie_about_a_level_is_proved(name: str) -> None:
    true = found(name)
    level = true.level
    total, x = level.total, level.action.symbol
    # Replies that rise with a price are too large at every higher one.
    away = -1 if name == "dispatch_active" else 1
    lies: dict[str, Level] = {
        "closed form": replace(level, formula=level.formula + sp.Rational(1, 1000)),
        "closed form over one more": replace(level, formula=_one_more(level.formula)),
        "threshold": replace(level, threshold=level.threshold * 2 + 1),
        "reply": replace(level, reply=level.reply * 2),
        "what is contributed": replace(level, part=level.part + 1),
        "the same falsely twice": replace(level, part=level.part + 1, reply=level.reply + 1),
        "what it comes to": replace(level, comes_to=level.comes_to + 1),
        "both sides": replace(level, comes_to=level.comes_to + 1, rest=level.rest + 1),
        "weight": replace(level, weight=level.weight * 2),
        "start": replace(level, low=level.low + away * (level.threshold * 5 + 7)),
    }
    assert total in true.crowd.ledger.totals and x in true.crowd.ledger.members
    for what, lie in lies.items():
        verdict = one_level(true.crowd, lie, true.profile.when).verdict
        assert not isinstance(verdict, Proved), what


def test_a_level_is_told_by_data_alone() -> None:
    """A threshold that moves with a choice is none, and that is said first."""
    true = found("water_active")
    level = true.level
    for lie in (
        replace(level, threshold=level.threshold + level.action.symbol),
        replace(level, low=level.low + level.symbol),
    ):
        told = one_level(true.crowd, lie, true.profile.when).hypotheses
        said = {d.claim.statement: d.verdict for d in told}
        assert not isinstance(said["a level and data"], Proved)
    told = one_level(true.crowd, level, true.profile.when).hypotheses
    assert isinstance({d.claim.statement: d.verdict for d in told}["a level and data"], Proved)


def _one_more(formula: sp.Expr) -> sp.Expr:
    active = next((s for s in formula.free_symbols if str(s) == "active n"), None)
    return formula * 2 if active is None else formula.xreplace({active: active + 1})


def test_sums_over_all_are_not_sums_over_the_active() -> None:
    """With Sum(a[j]) = 1 the weights of the active do not add up to one."""
    text = """
format = 1
concept = "maximize"
conditions = ["Eq(Sum(a[j], (j, 1, n)), 1)"]
[parameters]
n = "positive integer"
q = "positive"
"s[i]" = "positive"
"a[i]" = "positive"
[[families]]
name = "i"
size = "n"
[[agents]]
name = "agent"
actions = { "x[i]" = "nonnegative" }
utility = "Sum(a[j]*log(s[j] + x[j]), (j, 1, n))"
constraints = { cap = "Sum(x[j], (j, 1, n)) <= q" }
"""
    game = loads(text)
    regime = solve(game).regimes[-1]
    made = instance(game, {game.families[0].size: 2})
    concrete = regime_at(game, made, regime)
    data = {"q": 1, "s_1": 10, "s_2": 1, "a_1": sp.Rational(1, 4), "a_2": sp.Rational(3, 4)}
    numbers = {p.symbol: sp.sympify(data[str(p.symbol)]) for p in made.game.parameters}
    assert [e.xreplace(numbers) for _, e in concrete.values] == [0, 1]


def test_a_member_who_cannot_be_known_active_leaves_it_unknown() -> None:
    """Demand of one member rises and of another falls with the price: no one level."""
    text = """
format = 1
concept = "walras"
[parameters]
n = "positive integer"
q = "positive"
"a[i]" = "real"
[[families]]
name = "i"
size = "n"
actions = { "x[i]" = "nonnegative" }
utility = "x[i] - a[i]*p*x[i] - x[i]**2/2"
[prices]
p = "Sum(a[j]*x[j], (j, 1, n)) <= q"
"""
    solution = solve(loads(text))
    assert not isinstance(solution.coverage, Proved)


@pytest.mark.parametrize("name", ["water_active", "cournot_active", "buyers_active", "alone_max"])
def test_no_lie_about_a_profile_is_proved(name: str) -> None:
    """Shadow prices, prices of bounds, payoffs, values: each is looked at in both cases."""
    game = load(MODELS / f"{name}.toml")
    people = crowd(game)
    assert game.concept is not None
    asked = crowd_conditions(people, game.concept)
    for true in levelled(people, asked, game.concept):
        with at_level(true.crowd.ledger, true.level):
            said = said_at_level(true, game.concept)
        shown, _ = verify_levelled(people, game.concept, true, said)
        if not isinstance(shown.status, Proved):
            continue
        profile, level = true.profile, true.level
        one = sp.S.One
        rows = profile.values
        lies = [
            replace(profile, bounds=((rows[0][0].name, one),)),
            replace(profile, bounds=tuple((k, e + 1) for k, e in profile.bounds)),
            replace(profile, multipliers=tuple((k, 2 * e + 1) for k, e in profile.multipliers)),
            replace(profile, values=tuple((s, e + 1) for s, e in rows if s != rows[0][0])),
        ]
        for lie in lies:
            if lie != profile:
                false, _ = verify_levelled(people, game.concept, replace(true, profile=lie), said)
                assert not isinstance(false.status, Proved), lie
        for false_said in (
            replace(said, utilities=tuple((k, e + 1) for k, e in said.utilities)),
            replace(said, value=None if said.value is None else said.value + 1),
        ):
            if false_said != said:
                false, _ = verify_levelled(people, game.concept, true, false_said)
                assert not isinstance(false.status, Proved)
        other = replace(level, reply=level.reply + 1, part=level.part + 1)
        false, _ = verify_levelled(people, game.concept, replace(true, level=other), said)
        assert not isinstance(false.status, Proved)
        return
    pytest.fail("no level")


def test_indices_of_active_sums_are_letters_that_nothing_else_has() -> None:
    """With k, m, r, s, t, k_ and m_ declared the sums run over other letters."""
    text = (MODELS / "cournot_active.toml").read_text().split("[[expected]]")[0]
    names = "".join(f'"{c}" = "positive"\n' for c in ("k", "m", "r", "s", "t", "k_", "m_"))
    solution = solve(loads(text.replace("[parameters]\n", f"[parameters]\n{names}")))
    sums = {s for r in solution.regimes for _, e in r.values for s in e.atoms(sp.Sum)}
    taken = {p.symbol.name for p in solution.game.parameters}
    assert sums and not {str(limit[0]) for s in sums for limit in s.limits} & taken
