"""Formulas in plain sentences are formulas; nothing that is printed as prose has raw operators."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alignsym import derive, load, solve
from alignsym.present.derivations import derivation_markdown
from alignsym.present.notation import word_latex
from alignsym.present.passages import plain_word
from alignsym.present.spoken import spoken

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
MODELS = [
    "seed/war_social", "seed/priced_leader", "seed/supplier_trade", "seed/war_nash",
    "external/docs_qa/parametric_unbounded", "textbook/producer/monopoly_elastic",
    "textbook/optimisation/bv_4_1b", "textbook/optimisation/median", "seed/no_trade_unbounded",
]  # fmt: skip
RAW = re.compile(r"<=|>=|\*\*|!=|==|->|\w\[\d+\]|kink\[|Piecewise\(|\boo\b|\w\*\w|\bTrue\b")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the optima where x_a + x_b <= Q, edges included", [r"x_{a} + x_{b} \le Q"]),
        ("grows along x = t, y = b, t -> oo.", ["x = t", "y = b", r"t \to \infty"]),
        ("the rate -1 <= x < 3 is bounded", [r"-1 \le x < 3"]),
        ("by and/or, quasi-concave (Kuhn and Tucker 1951)", []),
        ("not shown (R1**(b/(a + b) - b)*R2*(R1 - ... is", []),  # cut short: left alone
        ("f(x) > 0 holds", []),  # not a function that is known
    ],
)
def test_formulas_are_found_in_sentences(text: str, said: list[str]) -> None:
    words = spoken([text])
    assert [word_latex(w) for w in words if not isinstance(w, str)] == said
    assert "".join(map(plain_word, words)) == text


@pytest.mark.parametrize("name", MODELS)
def test_prose_has_no_raw_operators(name: str) -> None:
    said = derivation_markdown(derive(solve(load(CORPUS / f"{name}.toml"), seconds=20)))
    prose = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "", said, flags=re.S)
    prose = re.sub(r"\*\*[A-Z][\w ]*\.\*\*", "", prose)  # headings in bold
    lines = prose.splitlines()[1:]  # the title is its author's
    prose = "\n".join(line for line in lines if not re.fullmatch(r"[|-]+", line))
    assert not RAW.findall(prose)
    assert r"\text{the market" not in said and r"\text{the bound" not in said
    assert "kink" not in said
