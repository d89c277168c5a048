"""A stratified sample of the corpus, solved in forks of this process: never wrong, never an error.

`corpus_sample.txt` has the paths (all of seed, the other folders in proportion); the ids listed in
`corpus_right.txt` must be answered rightly.  The whole corpus is judged by `.ci/run`.
"""

from __future__ import annotations

import tomllib
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alignsym import load, solve
from alignsym.isolation import Send, isolated
from alignsym.model.files import solution_to_json

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
SAMPLE = (HERE / "corpus_sample.txt").read_text().split()
LIMIT = 10.0  # seconds the solver is given; twice that it is stopped
Judged = Callable[[dict[str, Any], dict[str, Any]], tuple[str, str]]
RIGHT = frozenset((HERE / "corpus_right.txt").read_text().split())


def answered(path: Path) -> tuple[dict[str, Any] | None, str]:
    """The answer to a file, None where it took too long, and what went wrong."""

    def work(send: Send) -> None:
        send({"started": True})
        try:
            send({"answer": solution_to_json(solve(load(path), seconds=LIMIT))})
        except Exception:
            send({"error": traceback.format_exc()})
            raise

    end = isolated(work, seconds=2 * LIMIT, memory=2**33)
    return end.messages.get("answer"), end.messages.get("error", "")


@pytest.mark.parametrize("path", SAMPLE)
def test_never_wrong(path: str, judged: Judged) -> None:
    model = tomllib.loads((CORPUS / path).read_text())
    answer, error = answered(CORPUS / path)
    assert not error, error
    verdict, why = judged(model, answer) if answer else ("timeout", f"more than {2 * LIMIT} s")
    assert verdict not in ("wrong", "error"), why
    if model["id"] in RIGHT:
        assert verdict == "right", why


def test_the_lists_name_files_of_the_corpus() -> None:
    ids = {tomllib.loads(f.read_text())["id"] for f in CORPUS.rglob("*.toml")}
    assert ids >= RIGHT
    assert all((CORPUS / path).is_file() for path in SAMPLE)
    assert len(set(SAMPLE)) == len(SAMPLE)
    assert set(SAMPLE) >= {f"seed/{f.name}" for f in (CORPUS / "seed").glob("*.toml")}


def test_the_judge_refuses_a_wrong_answer(judged: Judged) -> None:
    model = tomllib.loads((CORPUS / "seed" / "priced.toml").read_text())
    truth = {"when": [], "values": {"x_a": "q/2", "x_b": "q/2", "p": "2/q"}}
    lie = {"when": [], "values": {"x_a": "q/2", "x_b": "q/2", "p": "1/q"}}
    assert judged(model, {"status": "solved", "regimes": [truth]})[0] == "right"
    assert judged(model, {"status": "solved", "regimes": [lie]})[0] == "wrong"
