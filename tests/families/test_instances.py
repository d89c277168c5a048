"""The closed forms for n against the engine for given games, at n = 2, 3, 5, 7, 12."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import sympy as sp

from alignsym import load, solve
from alignsym.claims import Checked
from alignsym.errors import ModelError, UsageError
from alignsym.model.game import Game
from alignsym.model.instances import Instance, instance
from alignsym.solution import Regime
from alignsym.verify.instances import regime_at, try_instances

MODELS = Path(__file__).parent / "models"
TEXTBOOK = Path(__file__).parents[1] / "corpus" / "textbook" / "symbolic_n"
SMALL = {
    "log_sharing_walras": (2, 3, 5, 7, 12),
    "log_sharing_variational": (2, 3, 5, 7, 12),
    "least_norm_n": (2, 3, 5, 7, 12),
    "cobb_douglas_n": (2, 3, 5),
    "softmax_n": (2, 3),
    "cournot_n": (2, 3, 5),
    "commons_n_social": (2, 3, 5, 7),
    "weighted_walras": (2, 3, 5, 7, 12),
    "projection": (2, 3, 5),
    "cournot_costs_real": (2, 3, 5, 7, 12),
    "beauty_contest": (2, 3, 5),
    "team_lin": (2, 3, 5, 7, 12),
    "abatement": (2, 3, 5),
}


def model(name: str) -> Game:
    folder = TEXTBOOK if (TEXTBOOK / f"{name}.toml").exists() else MODELS
    return load(folder / f"{name}.toml")


def at_numbers(game: Game, made: Instance, regime: Regime) -> tuple[Game, dict[str, sp.Expr]]:
    """The instance with exact numbers for its parameters, and the closed form's values there."""
    rng = random.Random(f"{game.id}{made.sizes}")
    parameters = [p.symbol for p in made.game.parameters]
    table = {s: sp.Rational(rng.randint(1, 30), rng.choice([1, 2, 3])) for s in parameters}
    for r in made.game.conditions:
        inside = [s for s in parameters if r.gap.has(s)]
        if r.is_equality:
            total = sum(table[s] for s in inside)
            table |= {s: table[s] / total for s in inside}
        elif r.gap.xreplace(table) <= 0:  # d_1 + ... < s, c < a: the last one is larger
            big = next(s for s in inside if r.gap.diff(s) > 0)
            table[big] += 1 - r.gap.xreplace(table)
    concrete = regime_at(game, made, regime)
    numbers = {str(s): e.xreplace(table) for s, e in concrete.values}
    assert all(sp.Rel(r.left, r.right, r.operator).xreplace(table) for r in concrete.when)
    return with_numbers(made.game, table), numbers


def with_numbers(game: Game, table: dict[sp.Symbol, sp.Expr]) -> Game:
    """The game with its parameters replaced."""
    from dataclasses import replace

    from alignsym.model.game import Agent, Price

    def put(e: sp.Expr) -> sp.Expr:
        return e.xreplace(table)

    def interval(a):  # noqa: ANN001, ANN202
        return replace(
            a,
            interval=replace(a.interval, lower=put(a.interval.lower), upper=put(a.interval.upper)),
        )

    def constraint(c):  # noqa: ANN001, ANN202
        return replace(c, relation=c.relation.replaced(table))

    agents = [
        Agent(
            a.name, put(a.objective), *map(interval, a.actions),
            constraints=tuple(map(constraint, a.constraints)), loss=a.loss,
        )
        for a in game.agents
    ]  # fmt: skip
    return game.altered(
        agents=agents,
        shared=tuple(map(constraint, game.shared)),
        prices=tuple(Price(p.symbol, p.clearing.replaced(table)) for p in game.prices),
        parameters=(),
        conditions=(),
        weights=tuple((k, put(e)) for k, e in game.weights),
        disagreement=tuple((k, put(e)) for k, e in game.disagreement),
    )


@pytest.mark.parametrize(("name", "number"), [(k, n) for k, ns in SMALL.items() for n in ns])
def test_as_the_engine_for_given_games(name: str, number: int) -> None:
    game = model(name)
    solution = solve(game)
    (size,) = {f.size for f in game.families}
    made = instance(game, {size: number})
    numbers, expected = at_numbers(game, made, solution.regimes[0])
    found = solve(numbers)
    assert found.regimes, found.reason
    got = {str(s): e for s, e in found.regimes[0].values}
    assert set(got) == set(expected)
    for key, value in expected.items():
        assert got[key] == value or sp.simplify(got[key] - value) == 0, key


def test_an_instance_is_tried_by_the_definition() -> None:
    game = model("cournot_costs_real")
    regime = solve(game).regimes[0]
    assert isinstance(try_instances(game, "nash", regime, points=2).verdict, Checked)


def test_sizes_that_make_no_sense() -> None:
    game = model("cournot_n")
    (size,) = {f.size for f in game.families}
    for wrong in (0, -1, 10**6, sp.Rational(1, 2)):
        with pytest.raises(UsageError, match="size n"):
            instance(game, {size: wrong})
    with pytest.raises(UsageError, match="size n"):
        instance(game, {})


def test_a_size_that_the_conditions_exclude() -> None:
    game = model("tullock_n")
    (size,) = {f.size for f in game.families}
    with pytest.raises(ModelError, match="excludes this size"):
        instance(game, {size: 1})
