"""The essay's table is what the package proves, row by row, and nothing in it is undecided."""

from __future__ import annotations

import importlib.util
import math
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ESSAY = Path(__file__).resolve().parents[2] / "derivations" / "essay"


def test_the_table_is_what_is_proved() -> None:
    spec = importlib.util.spec_from_file_location("essay_claims", ESSAY / "claims.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table = module.table()
    rows = [line for line in table.splitlines()[2:] if not line.startswith("| **")]
    assert len(rows) >= 25
    for row in rows:
        verdict = row.split("|")[3].strip()
        assert verdict.endswith(", proved") or verdict == "by definition", row
    assert table in (ESSAY / "README.md").read_text()


def test_a_false_claim_is_not_called_true() -> None:
    spec = importlib.util.spec_from_file_location("essay_claims", ESSAY / "claims.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    q = module.q
    relation = module.Relation(module.sp.log(q), ">", q - 2)
    assert module.true(module.always(relation, given=())) == "true, unknown"


@pytest.fixture(scope="module")
def document() -> ModuleType:
    spec = importlib.util.spec_from_file_location("essay_document", ESSAY / "document.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_is_what_is_computed(document: ModuleType) -> None:
    """`python derivations/essay/document.py` writes it again."""
    written = (ESSAY / "essay.tex").read_text(encoding="utf-8")
    assert written == document.document()
    for name in document.FIGURES:
        assert (ESSAY / f"figure_{name}.pdf").read_bytes().startswith(b"%PDF")
        assert written.count(f"figure_{name}.pdf") == 1
    rows = [k for k in written.splitlines() if re.match(r"\d+ & .*\\\\$", k)]
    assert len(rows) >= 25
    for row in rows:
        outside = re.sub(r"\$[^$]*\$|\\texttt\{[^}]*\}", "", row)
        assert not set(outside) & set("_^<>="), row  # all mathematics is set as such


def test_the_figures_show_what_is_proved(document: ModuleType) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib (extra plot) is not installed")
    axes = document.figures()
    line = next(k for k in axes["frontier"].get_lines() if k.get_label() == "Pareto frontier")
    points = list(zip(*line.get_data(), strict=True))
    assert len(points) > 100
    assert all(math.exp(u) + math.exp(v) == pytest.approx(5, abs=1e-6) for u, v in points)
    assert min(points)[0] == pytest.approx(0) and max(points)[0] == pytest.approx(math.log(4))
    demand = axes["market"].get_lines()[0]
    assert all(k * p == pytest.approx(2) for k, p in zip(*demand.get_data(), strict=True))
    assert len(axes["cases"].get_legend().get_texts()) == 3


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_the_document_compiles(tmp_path: Path) -> None:
    for file in (ESSAY / "essay.tex", *ESSAY.glob("figure_*.pdf")):
        shutil.copy(file, tmp_path)
    for _ in range(2):
        run = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "essay.tex"],
            cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=240,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout[-2000:]
    wide = re.findall(r"Overfull \\hbox \((\d+)\.\d+pt", run.stdout)
    assert all(int(points) <= 10 for points in wide), wide
    assert "undefined" not in run.stdout.lower()
