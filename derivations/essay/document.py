r"""The essay, verified, as one LaTeX document with three figures.

    python derivations/essay/document.py [--check]
    cd derivations/essay && pdflatex essay.tex

writes `essay.tex` and `figure_*.pdf` beside this file; `--check` writes nothing and fails where the
text differs.  Propositions, the proofs set by the program, and every verdict are computed; the
prose between them is `prose.tex`, in which `<<name>>` stands for what is computed here.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import sympy as sp

from alignsym import Agent, Game, derive, load, solve
from alignsym.claims import word
from alignsym.present.documents import PREAMBLE, Style, derivation_latex, stated
from alignsym.present.notation import escaped, formula, region_latex, renamed
from alignsym.solution import Solution

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FIGURES = ("frontier", "market", "cases")
PACKAGES = r"""\usepackage{longtable,array}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage[hidelinks]{hyperref}
"""
# Mathematics in the table's words; what is not listed is set as text.
MATHS = {
    "x = 0": "$x = 0$", "x >= 0": r"$x \ge 0$", "X = R^G": r"$X = \mathbb{R}^G$",
    "lam_i / c_i": r"$\lambda_i/c_i$", "c_i": "$c_i$", "(1, 0)": "$(1, 0)$", "(1, 1)": "$(1, 1)$",
    "x + y = Q": "$x + y = Q$", "[0, Q]": "$[0, Q]$", "[0, Q)": "$[0, Q)$",
    "log(1 + Q) < 10^99": r"$\log(1 + Q) < 10^{99}$",
    "log(1 + Q) > 10^99": r"$\log(1 + Q) > 10^{99}$", "(Q, Q)": "$(Q, Q)$", "Q/2": "$Q/2$",
    "every Q": "every $Q$", "2/(2 + Q)": "$2/(2 + Q)$", "x = q": "$x = q$",
    "X = [0, oo)": r"$X = [0, \infty)$", "x <= q": r"$x \le q$", "utility of q": "utility of $q$",
    "log q < q for all q": r"$\log q < q$ for all $q$", "log q": r"$\log q$",
    "-oo": r"$-\infty$", "log(q - x) at x = q": r"$\log(q - x)$ at $x = q$",
    "X_beta": r"$X_\beta$", "read {0}": r"read $\{0\}$", "(q/2, q/2, 2/q)": "$(q/2, q/2, 2/q)$",
    "every p > 0 with x = y = 1/p": "every $p > 0$ with $x = y = 1/p$",
    "mu moves": r"$\mu$ moves", "U_alpha + U_beta": r"$U_\alpha + U_\beta$",
    "x + y <= q": r"$x + y \le q$", "p = 2/q": "$p = 2/q$", "(x, y, p)": "$(x, y, p)$",
    "(0, 0, 1)": "$(0, 0, 1)$", "2/q is": "$2/q$ is", "n agents": "$n$ agents",
    "q/n": "$q/n$", "n/q": "$n/q$", "a_i log x_i": r"$a_i \log x_i$", "q a_i/A": "$q a_i/A$",
    "A/q": "$A/q$", "log(1 + x)": r"$\log(1 + x)$", "beta": r"$\beta$", "alpha": r"$\alpha$",
    "many_agents/model.toml": r"\texttt{many\_agents/\allowbreak model.toml}",
    "many_agents/weighted.toml": r"\texttt{many\_agents/\allowbreak weighted.toml}",
    "shared_good/shifted_log.toml": r"\texttt{shared\_good/\allowbreak shifted\_log.toml}",
}  # fmt: skip


@cache
def claims() -> ModuleType:
    """The module beside this one that decides the claims."""
    spec = importlib.util.spec_from_file_location("essay_claims", HERE / "claims.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def solved(path: str) -> Solution:
    """The solution of a model under derivations/."""
    return solve(load(ROOT / path))


def in_latex(text: str) -> str:
    r"""A cell of the table with its mathematics set as such.

    >>> print(in_latex("prices c_i, 50%"))
    prices $c_i$, 50\%
    """
    known = sorted(MATHS, key=len, reverse=True)
    pattern = "|".join(rf"(?<![A-Za-z0-9_]){re.escape(k)}(?![A-Za-z0-9_])" for k in known)
    out, at = [], 0
    for found in re.finditer(pattern, text):
        out += [escaped(text[at : found.start()]), MATHS[found[0]]]
        at = found.end()
    return "".join([*out, escaped(text[at:])])


def table() -> str:
    """All claims with their readings and verdicts."""
    lines = [
        r"\small\begin{longtable}{@{}r>{\raggedright}p{.34\linewidth}>{\raggedright}p{.28\linewidth}"
        r">{\raggedright\arraybackslash}p{.26\linewidth}@{}}",
        r"\caption{Every claim of the essay, in every reading considered.}\label{tab:claims}\\",
        r"\toprule & claim & reading & verdict \\ \midrule \endfirsthead",
        r"\toprule & claim & reading & verdict \\ \midrule \endhead",
        r"\bottomrule \endfoot",
    ]
    number = 0
    for title, section in claims().SECTIONS:
        lines.append(rf"\multicolumn{{4}}{{@{{}}l}}{{\emph{{{escaped(title)}}}}} \\*")
        for row in section():
            number += 1
            lines.append(" & ".join([str(number), *map(in_latex, row)]) + r" \\")
        lines.append(r"\addlinespace")
    return "\n".join([*lines[:-1], r"\end{longtable}"])


def tight(text: str) -> str:
    """No paragraph ends before a display, which would leave a gap."""
    return text.replace("\\par\n\\begin{align*}", "\n\\begin{align*}")


def proposition(path: str, title: str) -> str:
    """The program's answer to a model as a proposition, its verdict at the end."""
    solution = solved(path)
    body = tight(stated(solution))
    return (
        f"\\begin{{proposition}}[{title}]\n{body}\n\\end{{proposition}}\n"
        f"\\noindent The program's verdict on the whole: {word(solution.proof)}."
    )


def derived(path: str, label: str, title: str) -> str:
    """Proposition and proof as the program sets them, agents by their letters."""
    text = derivation_latex(derive(solved(path)), Style(labels=f"{label}:"))
    text = tight(text)
    text = re.sub(r"\\begin\{proposition\}\[.*\]", rf"\\begin{{proposition}}[{title}]", text)
    letters = r"\b([Aa]gent )?(alpha|beta)(?= maximises| is better| or agent|\.)"
    return re.sub(letters, lambda m: f"{m[1] or ''}$\\{m[2]}$", text)


def relation_of(path: str) -> str:
    """The Pareto frontier of a model as a formula among utilities; it must be proved."""
    row = load(ROOT / path).frontier().relations[0]
    if word(row.status) != "proved":
        raise ValueError(f"the frontier of {path} is {word(row.status)}")
    named = {f"U_{n}": rf"U_\{n}" for n, _ in row.utilities}
    with renamed(named):
        return f"{formula(row.relation.left)} = {formula(row.relation.right)}"


def peace() -> Game:
    """The war game while there is peace: the feasible profiles are the segment and below."""
    x, y = sp.symbols("x y", nonnegative=True)
    size = sp.Symbol("Q", positive=True)
    return Game(
        Agent("alpha", sp.log(1 + x), x), Agent("beta", sp.log(1 + y), y),
        shared={"G": x + y <= size}, concept="social",
    )  # fmt: skip


def peaceful_frontier() -> str:
    """exp U_alpha + exp U_beta = Q + 2 and its range, from the program."""
    row = peace().frontier().relations[0]
    if word(row.status) != "proved":
        raise ValueError("the frontier of peace is not proved")
    with renamed({f"U_{n}": rf"U_\{n}" for n, _ in row.utilities}):
        said = f"{formula(row.relation.left)} = {formula(row.relation.right)}"
        return rf"{said},\qquad {region_latex(row.within)}"


def figures() -> dict[str, Any]:
    """The axes of the three figures by name."""
    return {
        "frontier": peace().plot("frontier", at={"Q": 3}),
        "market": solved("shared_good/model.toml").plot("market", at={"q": 3}),
        "cases": solved("shared_good/shifted_log.toml").plot(
            "regimes", over=("v", "w"), at={"q": 1}, ends=((0.05, 4), (0.05, 4))
        ),
    }


def document() -> str:
    """The whole text."""
    computed = {
        "supplier": derived("essay/supplier_no_trade.toml", "supplier", "Supply without trade"),
        "bids": proposition("essay/supplier_trade.toml", "Supply with bids"),
        "supplier frontier": relation_of("essay/supplier_no_trade.toml"),
        "war": proposition("essay/war_social.toml", "The aggregate optimum is peace"),
        "war frontier": peaceful_frontier(),
        "alone": derived("essay/no_trade.toml", "alone", "One agent alone"),
        "market": derived("shared_good/model.toml", "market", "The shared good at a price"),
        "first": proposition("essay/priced_leader.toml", "The price is set first"),
        "sharing": relation_of("shared_good/variational.toml"),
        "crowd": derived("many_agents/weighted.toml", "crowd", "$n$ agents with tastes $a_i$"),
        "corners": proposition("shared_good/shifted_log.toml", "A little for the heavier alone"),
        "table": table(),
    }
    prose = (HERE / "prose.tex").read_text(encoding="utf-8")
    missing = set(computed) - set(re.findall(r"<<([a-z ]+)>>", prose))
    if missing:
        raise ValueError(f"prose.tex does not use {', '.join(sorted(missing))}")
    body = re.sub(r"<<([a-z ]+)>>", lambda m: computed[m[1]], prose)
    head = PREAMBLE.replace("\\newtheorem", PACKAGES + "\\newtheorem", 1)
    return f"{head}{body}\n\\end{{document}}\n"


def write_figures(folder: Path) -> None:
    """The three figures as PDF, without dates."""
    for name, axes in figures().items():
        path = folder / f"figure_{name}.pdf"
        axes.figure.savefig(path, metadata={"CreationDate": None, "Producer": None})


def main(argv: list[str] | None = None) -> int:
    """Write the document, or compare it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args(argv)
    target, text = HERE / "essay.tex", document()
    if given.check:
        same = target.exists() and target.read_text(encoding="utf-8") == text
        sys.stdout.write("" if same else "differs: python derivations/essay/document.py\n")
        return 0 if same else 1
    target.write_text(text, encoding="utf-8")
    write_figures(HERE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
