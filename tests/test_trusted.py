"""The trust statement of the README is true: as many lines as it says, and none of the solver."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
SOLVER = (
    "solving",
    "conditions",
    "answer",
    "induction",
    "turns",
    "cases",
    "families",
    "certifying",
)


def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("trusted", ROOT / "benchmarks" / "trusted.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_readme_says_how_many_lines_must_be_right() -> None:
    said = re.search(r"([\d,]+) in all, which `python benchmarks/trusted.py`",
                     (ROOT / "README.md").read_text())  # fmt: skip
    assert said
    number, counted = int(said[1].replace(",", "")), sum(program().counted().values())
    assert abs(counted - number) <= 0.05 * counted, counted


def test_no_line_of_the_solver_is_among_them() -> None:
    names = {
        name.split(".")[1] for name in program().closure("alignsym.checking.recheck") if "." in name
    }
    assert not names & set(SOLVER)


def test_lines_are_counted_without_comments_and_docstrings(tmp_path: Path) -> None:
    file = tmp_path / "m.py"
    code = ["# a comment", "x = 1", "", "def f():", '    """Doc."""', "    return (x", "    )"]
    file.write_text("\n".join(['"""Doc.', "", 'More."""', *code]))
    assert program().lines(file) == 4
