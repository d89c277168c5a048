"""Every model under derivations/ is solved, proved, and equal to its published answer by value."""

from __future__ import annotations

import importlib.util
import pickle
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alignsym import derive, load, solve
from alignsym.claims import Proved
from alignsym.model.files import solution_to_json

ROOT = Path(__file__).resolve().parents[1]
Judged = Callable[[dict[str, Any], dict[str, Any]], tuple[str, str]]
MODELS = sorted((ROOT / "derivations").rglob("*.toml"))


def test_there_are_models() -> None:
    assert len(MODELS) >= 6


@pytest.mark.parametrize("path", MODELS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_proved_and_right(path: Path, judged: Judged) -> None:
    solution = solve(load(path))
    assert isinstance(solution.proof, Proved), solution.proof
    model: dict[str, Any] = {"id": str(path.stem)} | tomllib.loads(path.read_text())
    assert judged(model, solution_to_json(solution)) == ("right", "")


def test_the_headline() -> None:
    """The essay: (q/2, q/2) at price 2/q, as equilibrium, as optimum, with common multiplier."""
    folder = ROOT / "derivations" / "shared_good"
    market = solve(load(folder / "model.toml"))
    assert [str(v) for _, v in market.regimes[0].values] == ["q/2", "q/2", "2/q"]
    assert market.regimes[0].when == ()
    for name in ("social", "variational"):
        solution = solve(load(folder / f"{name}.toml"))
        assert [str(v) for _, v in solution.regimes[0].values] == ["q/2", "q/2"]
        assert [str(v) for v in solution.multipliers.values()] == ["2/q"]


@pytest.mark.parametrize("path", MODELS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_the_same_input_gives_the_same_answer(path: Path) -> None:
    first, second = solve(load(path)), solve(load(path))
    assert first == second
    assert hash(first) == hash(second)
    copy = pickle.loads(pickle.dumps(first))
    # SymPy turns the relations inside a Piecewise round when it reads a pickle, so that utilities
    # may be written differently; what is said may not.
    assert (copy.cases, copy.coverage, copy.concept) == (first.cases, first.coverage, first.concept)


@pytest.mark.parametrize("path", MODELS, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_the_rendered_derivation_is_current(path: Path) -> None:
    """`python derivations/render.py` writes them again."""
    spec = importlib.util.spec_from_file_location("render", ROOT / "derivations" / "render.py")
    assert spec is not None and spec.loader is not None
    render = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(render)
    solution = solve(load(path))
    for target, text in zip(render.targets(path), render.rendered(derive(solution)), strict=True):
        assert target.read_text() == text, f"{target.name}: python derivations/render.py"
    listed = (ROOT / "derivations" / "README.md").read_text().split(render.BEGIN)[1]
    assert render.row(path, solution) in listed.splitlines(), "python derivations/render.py"


def test_the_list_has_a_line_for_every_model_and_no_other() -> None:
    readme = (ROOT / "derivations" / "README.md").read_text()
    lines = [line for line in readme.splitlines() if line.startswith("| [")]
    links = [line.split("](")[1].split(")")[0] for line in lines]
    assert len(links) == len(MODELS)
    assert all((ROOT / "derivations" / link).exists() for link in links)
