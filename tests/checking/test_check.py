"""`alignsym check`: verdicts, witnesses, exit statuses, and what it does not import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from alignsym.checking.judgement import check
from alignsym.claims import Refuted, word
from alignsym.errors import UsageError
from alignsym.model.agents import StatedRegime
from alignsym.model.files import loads
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Relation

ROOT = Path(__file__).resolve().parents[2]
x, y, q = sp.symbols("x y q", positive=True)
z, p = sp.Symbol("z", nonnegative=True), sp.Symbol("p", positive=True)

CAPPED = """
format = 1
id = "capped"
concept = "maximize"
complete = true

[parameters]
q = "positive"
p = "positive"

[[agents]]
name = "alpha"
actions = { x = "nonnegative" }
utility = "log(1 + x) - p*x"
constraints = { cap = "x <= q" }

[[expected]]
when = ["p >= 1"]
values = { x = "0" }
multipliers = { cap = "0" }
value = "0"

[[expected]]
when = ["p < 1", "1/p - 1 <= q"]
values = { x = "1/p - 1" }
multipliers = { cap = "0" }

[[expected]]
when = ["1/p - 1 >= q"]
values = { x = "q" }
multipliers = { cap = "1/(1 + q) - p" }
value = "log(1 + q) - p*q"
"""


def verdicts(text: str) -> dict[tuple[int | None, str], str]:
    return {(d.claim.regime, d.claim.subject): word(d.verdict) for d in check(loads(text)).decided}


def test_a_right_derivation_is_proved():
    report = check(loads(CAPPED))
    assert report.verdict == "proved" and report.json()["coverage"] == "proved"
    assert {c["verdict"] for c in report.json()["claims"]} == {"proved"}


@pytest.mark.parametrize(
    ("right", "wrong", "claim"),
    [
        ('x = "1/p - 1"', 'x = "1/p"', (1, "x")),
        ('x = "q"', 'x = "q/2"', (2, "x")),
        ('x = "q"', 'x = "2*q"', (2, "x")),
        ('cap = "1/(1 + q) - p"', 'cap = "1/(1 + q)"', (2, "cap")),
        ('value = "log(1 + q) - p*q"', 'value = "log(1 + q)"', (2, "value")),
        ('when = ["p >= 1"]', 'when = ["p > 1"]', (None, "coverage")),
        ('when = ["p >= 1"]', 'when = ["p >= 9/10"]', (0, "x")),
        ('"1/p - 1 <= q"', '"1/p - 1 <= q + 1"', (1, "x")),
        ('when = ["1/p - 1 >= q"]', 'when = ["1/p - 1 >= q + 1"]', (None, "coverage")),
    ],
)
def test_a_slip_is_refuted_at_a_legal_point_of_its_table(right, wrong, claim):
    text = CAPPED.replace(right, wrong)
    assert text != CAPPED
    game = loads(text)
    report = check(game)
    (found,) = (d for d in report.decided if (d.claim.regime, d.claim.subject) == claim)
    assert isinstance(found.verdict, Refuted)
    point = dict(found.verdict.point)
    assert {str(s) for s in point} == {"p", "q"} and all(v > 0 for v in point.values())
    for r in found.claim.region:
        assert sp.Rel(r.left.subs(point), r.right.subs(point), r.operator)


def test_the_better_choice_is_feasible_and_better():
    report = check(loads(CAPPED.replace('x = "q"', 'x = "q/2"')))
    (found,) = (d for d in report.refuted if d.claim.subject == "x")
    point, better = dict(found.verdict.point), dict(found.verdict.better)
    (chosen,) = better.values()
    price, cap = (Fraction(str(point[s])) for s in sorted(point, key=str))
    assert 0 <= Fraction(str(chosen)) <= cap
    worth = [sp.log(1 + v) - sp.Rational(price) * v for v in (chosen, sp.Rational(cap) / 2)]
    assert (worth[0] - worth[1]).evalf(50) > 0


def test_what_is_not_claimed_is_not_judged():
    text = CAPPED.replace("complete = true", "").replace('when = ["p >= 1"]', 'when = ["p >= 2"]')
    report = check(loads(text))
    assert report.verdict == "proved" and report.json()["coverage"] is None
    without = CAPPED.replace('multipliers = { cap = "1/(1 + q) - p" }\n', "")
    assert check(loads(without)).verdict == "proved"


def test_claims_at_the_prompt():
    game = Game(Agent("a", sp.log(x), x), Agent("b", sp.log(y), y), shared={"G": x + y <= q})
    game = game.altered(concept="social")
    assert check(game, {x: q / 2, y: q / 2}).verdict == "proved"
    assert check(game, {"x": q / 3, "y": 2 * q / 3}).verdict == "refuted"
    half = ((x, q / 2), (y, q / 2))
    assert check(game, StatedRegime((), half, (("G", 2 / q),))).verdict == "proved"
    report = check(game, StatedRegime((), half, (("G", 1 / q),)))
    assert [(d.claim.subject, word(d.verdict)) for d in report.decided] == [
        ("x", "proved"), ("y", "proved"), ("G", "refuted"),
    ]  # fmt: skip
    assert "is 2, not 1" in report.refuted[0].verdict.reason
    with pytest.raises(UsageError):
        check(game)
    with pytest.raises(UsageError):
        check(game, {sp.Symbol("w"): q})


def test_a_condition_that_no_parameter_satisfies_proves_nothing():
    game = Game(Agent("a", sp.log(x), x, constraints={"cap": x <= q}), concept="maximize")
    never = (Relation(q, "<", sp.Integer(-1)),)
    assert check(game, StatedRegime(never, ((x, 2 * q),))).verdict == "unknown"


def test_a_mixed_equilibrium_that_is_dropped_is_missed():
    text = (ROOT / "tests/corpus/external/games/battle_of_sexes.toml").read_text()
    parts = text.split("[[expected]]")
    fewer = "complete = true\n" + "[[expected]]".join(parts[:-1])
    assert check(loads(fewer)).verdict in ("unknown", "refuted")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alignsym", "check", *arguments],
        capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_json_and_exit_statuses(tmp_path):
    right, wrong, open_ = (tmp_path / f"{name}.toml" for name in ("right", "wrong", "open"))
    right.write_text(CAPPED)
    wrong.write_text(CAPPED.replace('x = "q"', 'x = "q/2"'))
    open_.write_text(CAPPED.replace("p >= 1", "p <= -1").replace("complete = true", ""))
    done = run(str(right), "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert list(said)[:5] == ["format", "id", "verdict", "coverage", "claims"]
    assert all({"regime", "claim", "verdict", "witness"} <= set(c) for c in said["claims"])
    done = run(str(wrong), "--json")
    assert done.returncode == 1
    claims = json.loads(done.stdout)["claims"]
    (witness,) = (c["witness"] for c in claims if c["witness"] and c["about"] == "x")
    assert set(witness["at"]) == {"p", "q"} and witness["better"]
    assert run(str(open_)).returncode == 4
    assert run(str(open_), "--strict").returncode == 1
    assert run(str(right), str(wrong)).returncode == 1


def test_the_solver_is_not_imported(tmp_path):
    model = tmp_path / "model.toml"
    model.write_text(CAPPED)
    code = (
        "import sys; from alignsym.model.files import load;"
        "from alignsym.commands.check import prepare; prepare();"
        "from alignsym.checking.judgement import check; print(check(load(sys.argv[1])).verdict);"
        "solver = ('solving', 'conditions', 'answer', 'induction', 'cases', 'families');"
        "names = [m.split('.')[:2] for m in sys.modules];"
        "loaded = [n for n in names if n in [['alignsym', s] for s in solver]];"
        "sys.exit(str(loaded) if loaded else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(model)],
        capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "proved"
