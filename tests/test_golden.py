"""Forty answers as text, each line read by a person: what is printed does not change unseen.

`python tests/golden/update.py` writes the file anew.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "golden"
SPEC = importlib.util.spec_from_file_location("golden_update", HERE / "update.py")
assert SPEC is not None and SPEC.loader is not None
GOLDEN = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(GOLDEN)


def blocks() -> dict[str, str]:
    """The golden file by name."""
    parts = (HERE / "answers.txt").read_text().split("\n# ")
    rows = [part if k == 0 else "# " + part for k, part in enumerate(parts)]
    return {row.splitlines()[0][2:]: row.strip() for row in rows}


def test_the_file_has_forty_answers() -> None:
    assert tuple(blocks()) == GOLDEN.NAMES
    assert len(GOLDEN.NAMES) == 40


@pytest.mark.parametrize("name", GOLDEN.NAMES)
def test_the_answer_is_printed_as_it_was_read(name: str) -> None:
    assert GOLDEN.shown(name).strip() == blocks()[name]


@pytest.mark.parametrize("name", GOLDEN.NAMES)
def test_lines_fit_the_page(name: str) -> None:
    assert all(len(line) <= 100 for line in blocks()[name].splitlines())
