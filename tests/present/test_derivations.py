"""Derivations as text, Markdown, LaTeX, HTML and JSON: complete, escaped, and fit for the page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.dom.minidom
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
import sympy as sp

from alignsym import Agent, Game, derive, load, solve
from alignsym.derivation import Derivation
from alignsym.model.relations import Relation
from alignsym.model.roots import Root
from alignsym.present.derivations import (
    derivation_json,
    derivation_markdown,
    derivation_text,
)
from alignsym.present.documents import Style, broken, derivation_latex
from alignsym.present.mathml import mathml
from alignsym.present.page import derivation_html
from alignsym.present.passages import Formula
from alignsym.present.script import proof
from alignsym.steps import Gap

ROOT = Path(__file__).resolve().parents[2]
SEED = sorted((ROOT / "tests/corpus/seed").glob("*.toml"))
MODELS = [*sorted((ROOT / "derivations").rglob("*.toml")), *SEED]
SHORT = [
    ROOT / "derivations/shared_good/model.toml",
    ROOT / "derivations/shared_good/shifted_log.toml",
    ROOT / "derivations/many_agents/weighted.toml",
    ROOT / "tests/corpus/seed/priced_leader.toml",
    ROOT / "tests/corpus/seed/no_trade_unbounded.toml",
]
HOSTILE = r"</title><script>alert(1)</script> & \input{x} $ % _ # ~ ^ | `a`"
ids = lambda path: f"{path.parent.name}/{path.stem}"  # noqa: E731


@cache
def derivation(path: Path) -> Derivation:
    return derive(solve(load(path), seconds=8))


@pytest.mark.parametrize("path", SHORT, ids=ids)
def test_text_fits_the_terminal_and_names_every_value(path: Path) -> None:
    told = derivation(path)
    text = derivation_text(told)
    assert max(map(len, text.splitlines())) <= 100
    for case in told.solution.regimes:
        for symbol, _ in case.values:
            assert str(symbol) in text


def test_the_shared_good_fits_half_a_page() -> None:
    text = derivation_text(derivation(SHORT[0]))
    body = text[text.index("Derivation") :]
    assert len([line for line in body.splitlines() if line]) <= 27


@pytest.mark.parametrize("path", SHORT, ids=ids)
def test_latex_is_balanced(path: Path) -> None:
    text = derivation_latex(derivation(path), standalone=True)
    plain = re.sub(r"\\[{}$%&#_]", "", text)
    assert plain.count("{") == plain.count("}")
    assert plain.count("$") % 2 == 0
    opened = re.findall(r"\\begin\{(\w+\*?)\}", text)
    assert sorted(opened) == sorted(re.findall(r"\\end\{(\w+\*?)\}", text))
    assert text.count(r"\left") == text.count(r"\right")


@pytest.mark.parametrize("path", SHORT, ids=ids)
def test_the_page_needs_nothing_else(path: Path) -> None:
    page = derivation_html(derivation(path))
    document = xml.dom.minidom.parseString(page.replace("<!DOCTYPE html>\n", ""))
    names = {e.tagName for e in document.getElementsByTagName("*")}
    assert not names & {"script", "link", "img", "iframe", "object"}
    assert "http" not in page and " on" not in re.sub(r">[^<]*<", "><", page)
    assert "math" in names or not derivation(path).solution.cases


def test_a_hostile_model_stays_text() -> None:
    x, q = sp.symbols("x q", positive=True)
    game = Game(
        Agent(HOSTILE, sp.log(x), x, constraints={HOSTILE + "c": x <= q}), concept="maximize",
        title=HOSTILE,
    )  # fmt: skip
    told = derive(solve(game))
    page = derivation_html(told)
    document = xml.dom.minidom.parseString(page.replace("<!DOCTYPE html>\n", ""))
    assert not document.getElementsByTagName("script")
    for text in (derivation_latex(told), derivation_latex(told, standalone=True)):
        assert r"\input{" not in text
    assert "<script>" not in derivation_markdown(told)
    json.dumps(derivation_json(told))


def test_json_has_every_step_with_its_fields() -> None:
    told = derivation(SHORT[1])
    said = json.loads(json.dumps(derivation_json(told)))
    assert [s["step"] for s in said["steps"]] == [type(s).__name__ for s in told.steps]
    first = said["steps"][0]
    assert first["owner"] == "planner" and first["constraints"] == [["G", "x_a + x_b <= q"]]


def test_an_unknown_step_raises() -> None:
    @dataclass(frozen=True)
    class Conjuring:
        rabbit: str

    told = replace(derivation(SHORT[0]), steps=(Conjuring("white"),))  # type: ignore[arg-type]
    for present in (derivation_text, derivation_markdown, derivation_latex, derivation_html):
        with pytest.raises(TypeError, match="no words for Conjuring"):
            present(told)


def test_a_gap_is_said_in_every_format() -> None:
    told = replace(derivation(SHORT[0]), steps=(Gap("it is the best", "time ran out"),))
    for present in (derivation_text, derivation_markdown, derivation_latex, derivation_html):
        assert "Not proved: it is the best" in present(told)
    assert proof(told)


def test_styles_of_latex() -> None:
    told = derivation(SHORT[1])
    assert r"\label{eq:1}" in derivation_latex(told)
    assert r"\label{A.3}" in derivation_latex(told, Style(labels="A."))
    bare = derivation_latex(told, Style(numbered=False))
    assert r"\label" not in bare and r"\begin{align*}" in bare
    assert r"\lambda_{G}" in derivation_latex(told, Style(multiplier=r"\lambda"))
    assert r"\bar q" in derivation_latex(told, Style(names={"q": r"\bar q"}))


def test_long_rows_are_broken_between_terms() -> None:
    terms = sp.symbols("aaaaaaaa:16")
    lines = broken(Formula((sp.Symbol("x"), "=", sp.Add(*terms))))
    assert len(lines) > 1 and all(line.count("&") == 1 for line in lines)
    together = " ".join(lines)
    assert all(rf"\mathrm{{aaaaaaaa}}_{{{k}}}" in together for k in range(16))


def test_cases_in_a_broken_row_keep_their_columns() -> None:
    x, y, q = sp.symbols("x y q")
    pieces = [sp.Piecewise((sp.log(k + 1), x + y <= q), (sp.log(k + 1) - 10, True)) for k in (x, y)]
    lines = broken(Formula((sp.Add(*pieces, evaluate=False),)), width=40)
    assert len(lines) == 2
    for line in lines:
        inside = re.findall(r"\\begin\{cases\}(.*?)\\end\{cases\}", line)
        assert [k.count("&") for k in inside] == [2]


@pytest.mark.parametrize(
    "e",
    [
        sp.Symbol("x") ** -2 / 3, sp.exp(-sp.Symbol("x")), sp.sqrt(2) * sp.log(sp.Symbol("x_a")),
        sp.Piecewise((1, sp.Symbol("x") > 0), (0, True)), sp.Max(1, sp.Symbol("x")),
        sp.LambertW(sp.Symbol("z"), -1), Root(sp.Symbol("z") ** 3 - 2, sp.Symbol("z"), 0),
        -sp.Rational(2, 3) * (sp.Symbol("a") - 1), sp.Integer(10) ** 99, sp.oo,
        sp.Sum(sp.IndexedBase("x")[sp.Symbol("i")], (sp.Symbol("i"), 1, sp.Symbol("n"))),
        sp.Derivative(sp.Symbol("L[alpha]"), sp.Symbol("x"), evaluate=False),
        sp.Abs(sp.Symbol("x")), -sp.Symbol("low[x]"),
    ],
    ids=str,
)  # fmt: skip
def test_mathml_is_well_formed(e: sp.Expr) -> None:
    xml.dom.minidom.parseString(mathml(e))


def test_mathml_keeps_brackets() -> None:
    a, b, x = sp.symbols("a b x")
    assert "<mo>(</mo>" in mathml(a * (b + 1)) and "<mo>(</mo>" in mathml((a + b) ** x)
    assert "<mo>(</mo>" not in mathml((a + b) / (a - b))
    less = mathml(Formula((a, "<", b)))
    assert "&lt;" in less and str(Relation(a, "<", b)) == "a < b"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_documents_compile_without_overfull_boxes(tmp_path: Path) -> None:
    """All of seed and derivations/ in one document, a file after the other."""
    parts = [
        rf"\typeout{{FILE {path.stem}}}" + derivation_latex(derivation(path), Style(labels=f"{k}:"))
        for k, path in enumerate(MODELS)
    ]
    whole = derivation_latex(derivation(MODELS[0]), standalone=True)
    head = whole[: whole.index(r"\begin{proposition}")]
    (tmp_path / "all.tex").write_text(head + "\n\\clearpage\n".join(parts) + r"\end{document}")
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=240,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:]
    wide = re.findall(r"Overfull \\hbox \((\d+)\.\d+pt", run.stdout)
    assert all(int(points) <= 10 for points in wide), wide
