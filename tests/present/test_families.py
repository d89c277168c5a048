"""Sums, indices and "for all integers n" in text and LaTeX, as a paper would print them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from alignsym import latex, load, solve
from alignsym.solution import Solution

MODELS = Path(__file__).parents[1] / "families" / "models"
TEXTBOOK = Path(__file__).parents[1] / "corpus" / "textbook" / "symbolic_n"


@pytest.fixture(scope="module")
def sharing() -> Solution:
    return solve(load(MODELS / "weighted_walras.toml"))


def test_sums_and_indices(sharing: Solution) -> None:
    said = latex(sharing)
    assert r"x_{i} &= \frac{q a_{i}}{\sum_{j=1}^{n} a_{j}}, & i &= 1, \ldots, n" in said
    assert r"p &= \frac{\sum_{j=1}^{n} a_{j}}{q} \\" in said
    assert r"for all integers $n \ge 1$ and all $q > 0,\ a_{i} > 0$" in said


def test_the_lowest_n_is_said_once() -> None:
    said = latex(solve(load(TEXTBOOK / "tullock_n.toml")))
    assert r"for all integers $n \ge 2$ and all $v > 0$" in said
    assert r"n \ge 1" not in said


def test_a_condition_on_a_member_is_one_for_every_member() -> None:
    text = (TEXTBOOK / "cournot_n.toml").read_text().replace('conditions = ["a > c"]', "")
    from alignsym import loads

    game = loads(text.replace('c = "positive"', '"c[i]" = "positive"').replace("- c*x", "- c[i]*x")
                 .replace("(a - c)/", "(a - c[i])/"))  # fmt: skip
    solution = solve(game)
    assert "for every i" in str(solution)
    assert "for every $i$" in latex(solution)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("name", ["weighted_walras", "firms_consumers", "cobb_douglas_free", "box"])
def test_it_compiles(name: str, tmp_path: Path) -> None:
    document = latex(solve(load(MODELS / f"{name}.toml")), standalone=True)
    (tmp_path / "answer.tex").write_text(document)
    ran = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "answer.tex"],
        cwd=tmp_path, capture_output=True, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout.decode(errors="replace")[-1500:]
