"""LaTeX of names, formulas and answers; compiled where pdflatex is installed."""

import shutil
import subprocess

import pytest
import sympy as sp

from alignsym.model.relations import Relation
from alignsym.present.latex import latex, mathjax
from alignsym.present.notation import escaped, formula, symbol_latex

SHAPES = ("one_regime", "three_regimes", "unknown", "set_and_none")


@pytest.fixture(params=SHAPES)
def solution(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def solutions(request):
    return [request.getfixturevalue(shape) for shape in SHAPES]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x_a", "x_{a}"), ("lam1", r"\lambda_{1}"), ("p1", "p_{1}"), ("alpha", r"\alpha"),
        ("q2H", "q_{2H}"), ("wage", r"\mathrm{wage}"), ("lam", r"\lambda"), ("S", "S"),
        ("x_alpha", r"x_{\alpha}"), ("mu_x_1", r"\mu_{x, 1}"), ("w_low", r"w_{\mathrm{low}}"),
    ],
)  # fmt: skip
def test_names(name, expected):
    assert symbol_latex(name) == expected


def test_formulas_read_as_written():
    a, b, c, q = sp.symbols("a b c q", positive=True)
    assert formula((a - c) / (3 * b)) == r"\frac{a - c}{3 b}"
    assert formula(sp.log(q) - a * q) == r"\log{\left(q \right)} - a q"
    assert latex(Relation(a, "<=", 2 / q)) == r"a \le \frac{2}{q}"


def test_one_case_is_a_block_of_equations(one_regime):
    text = latex(one_regime)
    assert text.startswith(
        r"\noindent \textbf{Two agents share a good at a price}. "
        "Price equilibrium, for all $q > 0$:"
    )
    rows = text.splitlines()[2:5]
    assert rows == [r"x_{a} &= \frac{q}{2} \\", r"x_{b} &= \frac{q}{2} \\", r"p &= \frac{2}{q} \\"]
    assert text.endswith("Verdict: proved.\\par")


def test_several_cases_are_a_table_with_a_row_each(three_regimes):
    text = latex(three_regimes)
    assert text.count(r"\toprule") == 1
    assert text[text.index(r"\midrule") :].count(r"\displaystyle 75 \le k \le 95") == 1
    assert text.count(" \\\\\n") == 4


def test_a_table_too_wide_becomes_blocks(set_and_none):
    text = latex(set_and_none)
    assert "tabular" not in text and r"\begin{align*}" in text


def test_titles_and_reasons_are_escaped(one_regime):
    game = one_regime.game.altered(title=r"50% & $x_1^2$ \input{a} --b")
    assert escaped(game.title) == (
        r"50\% \& \$x\_1\textasciicircum{}2\$ \textbackslash{}input\{a\} -{}-b"
    )
    assert escaped(game.title) in latex(game)


def test_notebooks_get_one_balanced_formula(solution):
    for thing in (solution, solution.game):
        text = mathjax(thing)
        assert text.startswith(r"$\displaystyle ") and text.endswith("$")
        assert text.count("$") == 2 and "tabular" not in text
        assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")
        assert text.count(r"\begin{") == text.count(r"\end{")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_the_document_compiles(tmp_path, solutions):
    parts = [show(thing) for s in solutions for thing in (s, s.game) for show in (latex, mathjax)]
    whole = latex(solutions[0], standalone=True)
    source = whole.replace(r"\end{document}", "\n\n".join(parts) + "\n" + r"\end{document}")
    (tmp_path / "answer.tex").write_text(source)
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "answer.tex"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-2000:]
