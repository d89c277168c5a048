"""Model files to games, games to files, solutions to JSON, and the schemas that say so."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
import sympy as sp

from alignsym.claims import Checked, Proved, Unknown
from alignsym.errors import ModelError, UsageError
from alignsym.model import keys
from alignsym.model.files import dumps, load, loads, schema, solution_to_json
from alignsym.model.game import CONCEPTS, Game
from alignsym.model.relations import Interval, Relation
from alignsym.solution import Continuum, NoSolution, Regime, Solution

WALRAS = """
format = 1
id = "walras.pair"
title = "Two agents share a good"
concept = "walras"
tags = ["log"]
numeraire = "w"
conditions = ["q < 10"]
[parameters]
q = "positive"
s = ["-1/2", "q"]
[[agents]]
name = "alpha"
actions = { x = "nonnegative", z = ["1/2", "q"] }
utility = "log(x) - p*x"
constraints = { cap = "x <= q" }
[[agents]]
name = "beta"
actions = { y = ["0", "1"] }
loss = "(y - s)**2 + w"
[prices]
p = "x + y <= q"
w = "z <= 1"
[[expected]]
when = ["q > 1"]
values = { x = "q/2", y = "q/2", p = "2/q" }
multipliers = { cap = "0" }
"""

FAMILY = """
format = 1
concept = "bargaining"
[parameters]
n = "positive integer"
s = "positive"
"d[i]" = "positive"
[[families]]
name = "i"
size = "n"
actions = { "x[i]" = "real" }
utility = "x[i]"
[shared]
pie = "Sum(x[j], (j, 1, n)) <= s"
[disagreement]
i = "d[i]"
[[expected]]
values = { "x[i]" = "d[i] + (s - Sum(d[j], (j, 1, n)))/n" }
"""


def test_what_a_file_says() -> None:
    game = loads(WALRAS)
    q, x, y = (
        sp.Symbol(n, **s) for n, s in zip("qxy", [{"positive": True}] + [{"nonnegative": True}] * 2)
    )
    z, w = sp.Symbol("z", positive=True), sp.Symbol("w", nonnegative=True)
    assert game.concept == "walras" and game.numeraire == w and game.id == "walras.pair"
    assert [a.symbol for a in game.actions] == [x, z, y]
    assert game.actions[1].interval == Interval(sp.Rational(1, 2), q)
    assert game.actions[2].interval == Interval(sp.S.Zero, sp.S.One)
    assert not game.agents[0].loss and game.agents[1].loss
    assert game.agents[0].constraints[0].relation == Relation(x, "<=", q)
    assert game.prices[0].clearing == Relation(x + y, "<=", q)
    assert game.parameters[1].symbol.is_real and not game.parameters[1].symbol.is_nonnegative
    assert game.expected[0].values[0] == (x, q / 2)


def test_a_family_of_agents() -> None:
    game = loads(FAMILY)
    (family,) = game.families
    assert str(family.objective) == "x[i]" and family.size.is_integer
    assert game.parameters[0].integer and str(game.parameters[2].symbol) == "d[i]"
    assert game.disagreement[0][0] == "i"
    assert loads(dumps(game)) == game


def test_a_file_without_id_is_called_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "pair.toml"
    file.write_text(WALRAS.replace('id = "walras.pair"\n', ""))
    assert load(file).id == "pair"


def test_byte_order_mark_and_windows_lines(tmp_path: Path) -> None:
    file = tmp_path / "pair.toml"
    file.write_bytes(b"\xef\xbb\xbf" + WALRAS.replace("\n", "\r\n").encode())
    assert load(file) == loads(WALRAS)


@pytest.mark.parametrize(
    "conditions",
    ['["q < 0"]', '["q < s", "q > s"]', '["q**2 + 1 <= 0"]', '["Eq(q, 1)", "q > 2"]', '["1 < 0"]',
     '["log(q) > 1", "log(q) < 0"]', '["s < -1"]'],
)  # fmt: skip
def test_contradictory_conditions(conditions: str) -> None:
    with pytest.raises(ModelError, match="contradicts the declared signs") as failure:
        loads(WALRAS.replace('["q < 10"]', conditions))
    assert failure.value.where.startswith("conditions[")


def test_conditions_nobody_can_contradict() -> None:
    loads(WALRAS.replace('["q < 10"]', '["log(q) > 1", "q**s < 7", "s > -1/4"]'))


def test_structure_is_refused_without_sympy() -> None:
    code = "import sys, alignsym.model.structure; print('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_concepts_are_those_of_a_game() -> None:
    assert keys.CONCEPTS == CONCEPTS


def solution(game: Game) -> Solution:
    q = game.parameters[0].symbol
    x = game.actions[0].symbol
    when = (Relation(q, ">", sp.S.One),)
    regime = Regime(
        when, ((x, q / 2),), (("cap", sp.S.Zero),), (("x", sp.S.Zero),), None,
        (("alpha", sp.log(q)),), ("p",), status=Proved(), exhaustive=Unknown("?"),
    )  # fmt: skip
    line = Continuum(when, (Relation(x, "==", q),), value=q, status=Checked(7), exhaustive=Proved())
    nothing = NoSolution(when, "none", "no best reply", status=Unknown("?"))
    return Solution(game, "walras", (regime, line, nothing), Checked(9), seconds=0.12345)


def test_output_is_what_the_format_says() -> None:
    out = solution_to_json(solution(loads(WALRAS)))
    assert json.loads(json.dumps(out)) == out
    jsonschema.validate(out, schema("solution"))
    assert out.pop("versions").keys() == {"alignsym", "sympy", "z3"}
    assert out == {
        "format": 1, "id": "walras.pair", "status": "solved", "proof": "unknown",
        "coverage": "checked", "seconds": 0.123,
        "regimes": [
            {"when": ["q > 1"], "values": {"x": "q/2"}, "multipliers": {"cap": "0"},
             "bounds": {"x": "0"}, "value": None, "utilities": {"alpha": "log(q)"},
             "binding": ["p"], "multiple": False, "status": "proved", "exhaustive": "unknown"},
            {"when": ["q > 1"], "continuum": ["Eq(x, q)"], "multipliers": {}, "value": "q",
             "status": "checked", "points": 7, "exhaustive": "proved"},
            {"when": ["q > 1"], "outcome": "none", "reason": "no best reply",
             "status": "candidate"},
        ],
    }  # fmt: skip


def test_an_unknown_answer_has_a_reason() -> None:
    out = solution_to_json(Solution(loads(WALRAS), "walras", (), Unknown("?")))
    jsonschema.validate(out, schema("solution"))
    assert out["status"] == "unknown" and out["reason"]


def test_schemas() -> None:
    for name in ("model", "solution"):
        jsonschema.Draft202012Validator.check_schema(schema(name))
    assert set(schema("model")["properties"]) == set(keys.MODEL)
    with pytest.raises(UsageError):
        schema("../errors")


@pytest.mark.parametrize("text", [WALRAS, FAMILY])
def test_the_model_schema_accepts_models_and_nothing_else(text: str) -> None:
    model = tomllib.loads(text)
    jsonschema.validate(model, schema("model"))
    jsonschema.validate(tomllib.loads(dumps(loads(text))), schema("model"))
    for wrong in (
        {"unknown": 1},
        {"format": 2},
        {"concept": "chess"},
        {"parameters": {"x y": "real"}},
        {"agents": [{"name": "a", "actions": {}}]},
        {"expected": [{"when": []}]},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(model | wrong, schema("model"))
