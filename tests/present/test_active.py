"""Sums over active members are said as a paper says them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from alignsym import load, solve
from alignsym.present.latex import latex
from alignsym.solution import Solution

MODELS = Path(__file__).parents[1] / "families" / "models"


@pytest.fixture(scope="module")
def cournot() -> Solution:
    return solve(load(MODELS / "cournot_active.toml"))


def test_a_set_has_a_name_and_is_said_once(cournot: Solution) -> None:
    said = str(cournot)
    assert "Sum(c[k], k in A)" in said and "|A|" in said and "sign" not in said
    assert said.count("A is the set of all i with") == 1
    assert all(len(line) <= 100 for line in said.splitlines())


def test_in_latex_a_sum_comes_last_and_compiles(cournot: Solution, tmp_path: Path) -> None:
    said = latex(cournot)
    assert r"\sum_{k \in A} c_{k}" in said and "zz" not in said and "Where $$" not in said
    assert r"A = \{i : a - c_{i} > \sum_{m=1}^{n} \max\left(0, c_{i} - c_{m}\right)\}" in said
    if shutil.which("pdflatex") is None:
        pytest.skip("no pdflatex")
    (tmp_path / "a.tex").write_text(latex(cournot, standalone=True))
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0
