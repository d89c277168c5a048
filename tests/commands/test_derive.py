"""The command that writes derivations: formats, files, exit statuses."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from alignsym import derive, load, solve
from alignsym.cli import main
from alignsym.commands.derive import COMMAND, said

ROOT = Path(__file__).resolve().parents[2]
MODEL = str(ROOT / "derivations/shared_good/model.toml")


def test_text_is_the_default(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", MODEL]) == 0
    out = capfd.readouterr().out
    assert "p = 0 is impossible: then 1/x_a = 0, but 1/x_a > 0." in out
    assert out.endswith("Verdict: proved.\n")


@pytest.mark.parametrize(
    ("how", "mark"),
    [
        ("markdown", "$p = 0$ is impossible"),
        ("latex", r"\begin{proposition}"),
        ("html", "<math"),
        ("json", '"step": "Discarded"'),
    ],
)
def test_formats(how: str, mark: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out"
    assert main(["derive", MODEL, "--format", how, "-o", str(target)]) == 0
    assert mark in target.read_text(encoding="utf-8")
    assert capfd.readouterr().out == ""


def test_json_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", MODEL, "--json"]) == 0
    (line,) = capfd.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["status"], told["proof"]) == ("solved", "proved")


@pytest.mark.parametrize("how", ["text", "markdown", "latex", "html"])
def test_json_is_built_only_where_it_is_asked_for(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[object] = []

    def noted(derivation: object) -> dict[str, object]:
        built.append(derivation)
        return {"steps": []}

    monkeypatch.setattr("alignsym.present.derivations.derivation_json", noted)
    told = derive(solve(load(MODEL)))
    parser = argparse.ArgumentParser()
    COMMAND.arguments(parser)
    for as_json in (False, True):
        options = parser.parse_args(["--format", how])
        options.json = as_json
        assert said(told, options).text
    assert built == [told]


def test_options_of_latex(capfd: pytest.CaptureFixture[str]) -> None:
    given = ["--labels", "A:", "--symbol", r"q=\bar q", "--multiplier", r"\lambda", "--standalone"]
    assert main(["derive", MODEL, "--format", "latex", *given]) == 0
    out = capfd.readouterr().out
    assert r"\documentclass" in out and r"\label{A:1}" in out and r"\bar q" in out


def test_wrong_usage(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", MODEL, MODEL, "-o", str(tmp_path / "x")]) == 2
    assert "one file" in capfd.readouterr().err
    assert main(["derive", MODEL, "-o", str(tmp_path / "no" / "x")]) == 2
    assert "cannot be written" in capfd.readouterr().err
    assert main(["derive", MODEL, "--symbol", "q"]) == 2
    assert main(["derive", str(tmp_path / "missing.toml")]) == 2


def test_a_limit_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    hard = str(ROOT / "tests/corpus/textbook/optimisation/markowitz_3.toml")
    assert main(["derive", hard, "--timeout", "0.001"]) == 3
    assert "limit" in capfd.readouterr().out
