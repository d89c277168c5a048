"""The documentation builds without warnings, names all that is public, and its notebooks run.

The examples of the pages are doctests, which the suite collects by itself.
"""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import alignsym

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
NOTEBOOKS = sorted((DOCS / "notebooks").glob("*.ipynb"))


def missing() -> str:
    """Which packages of the extra `docs` are not installed."""
    wanted = {"sphinx": "sphinx", "myst_parser": "myst-parser"}
    absent = [name for module, name in wanted.items() if importlib.util.find_spec(module) is None]
    return ", ".join(absent)


@pytest.mark.skipif(bool(missing()), reason=f"not installed: {missing()} (pip install '.[docs]')")
def test_the_pages_build_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    made = subprocess.run(
        [*command, "-d", str(tmp_path / "trees"), str(DOCS), str(tmp_path / "html")],
        capture_output=True, text=True, check=False, timeout=300, cwd=ROOT,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    reference = "".join(p.read_text() for p in (tmp_path / "html" / "api").glob("*.html"))
    for method in ("nash", "align", "check", "bargain"):
        assert f'id="alignsym.Game.{method}"' in reference, f"Game.{method} is not in the reference"
    assert 'id="alignsym.Solution.derivation"' in reference


def test_every_public_name_is_in_the_reference() -> None:
    pages = "\n".join(p.read_text() for p in (DOCS / "api").glob("*.rst"))
    for name in set(alignsym.__all__) - {"__version__"}:
        assert re.search(rf"^\.\. auto\w+:: alignsym\.{name}$", pages, re.MULTILINE), name


def test_every_page_is_listed_and_the_guide_has_examples() -> None:
    index = (DOCS / "index.md").read_text()
    for page in PAGES:
        assert page.stem == "index" or re.search(rf"^{page.stem}$", index, re.MULTILINE), page.name
        if page.stem not in ("tutorials", "citing"):
            assert ">>> " in page.read_text(), f"{page.name} has no example"
        assert "+SKIP" not in page.read_text(), f"{page.name} has an example nobody runs"


# ------------------------------------------------------------------ notebooks
@pytest.fixture(scope="module")
def runner() -> ModuleType:
    """docs/notebooks/run.py, which is a program and in no package."""
    spec = importlib.util.spec_from_file_location("run_notebooks", DOCS / "notebooks" / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_three_notebooks() -> None:
    assert {p.stem for p in NOTEBOOKS} >= {"essay", "first_model", "proposition"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_and_gives_what_is_stored(path: Path, runner: ModuleType) -> None:
    """`python docs/notebooks/run.py` stores it again."""
    notebook = json.loads(path.read_text())
    assert notebook["nbformat"] == 4 and all("id" not in cell for cell in notebook["cells"])
    assert sum(cell["cell_type"] == "code" for cell in notebook["cells"]) >= 8
    fresh = runner.executed(notebook)
    for stored, made in zip(notebook["cells"], fresh["cells"], strict=True):
        assert stored == made, "".join(stored["source"])
    assert "/" + "tmp" not in path.read_text() and "/home" not in path.read_text()


def test_a_stale_notebook_is_noticed(runner: ModuleType) -> None:
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [],
            "source": ["print(1)\n", "1 + 1"]}  # fmt: skip
    (made,) = runner.executed({"cells": [cell]})["cells"]
    assert [o["output_type"] for o in made["outputs"]] == ["stream", "execute_result"]
    assert made["outputs"][1]["data"]["text/plain"] == ["2"]
    with pytest.raises(NameError):
        runner.executed({"cells": [{**cell, "source": ["unheard_of"]}]})


# ------------------------------------------------------------------ citation
def test_the_citation_names_this_version() -> None:
    cited = (ROOT / "CITATION.cff").read_text()
    assert f"version: {alignsym.__version__}" in cited
    assert f"version = {{{alignsym.__version__}}}" in (DOCS / "citing.md").read_text()
