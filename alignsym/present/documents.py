r"""A derivation as LaTeX: a proposition and its proof, for a paper that loads amsmath, amsthm and
booktabs, or a whole document.

Displayed formulas are `align` rows, numbered and labelled as asked; rows too long for a page are
broken at sums and arrows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sympy as sp

from alignsym.claims import word
from alignsym.derivation import Derivation
from alignsym.model.relations import Expr
from alignsym.present.latex import cases_latex
from alignsym.present.notation import escaped, formula, renamed, word_latex
from alignsym.present.passages import Formula, Word, plain_word
from alignsym.present.script import Display, Prose, Table, concept_words, proof

ROW = 84  # characters of the plain text that fit a row of formulas
PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,amssymb,amsthm,booktabs}
\newtheorem{proposition}{Proposition}
\allowdisplaybreaks
\emergencystretch=4em
\begin{document}

"""


@dataclass(frozen=True, slots=True)
class Style:
    r"""How a derivation is set.

    `numbered`: rows have numbers; `labels`: what their labels begin with, `eq:` + number, none if
    empty; `names`: LaTeX of symbols by name, as {"lam1": r"\lambda_1"}; `multiplier`: the letter of
    multipliers of inequalities; `subscripts`: the Lagrangian carries its agent's name.
    """

    numbered: bool = True
    labels: str = "eq:"
    names: Mapping[str, str] = field(default_factory=dict)
    multiplier: str = r"\mu"
    subscripts: bool = True


def derivation_latex(
    derivation: Derivation, style: Style | None = None, *, standalone: bool = False
) -> str:
    """The derivation as a fragment, or with `standalone` as a document that compiles."""
    style = style or Style()
    solution = derivation.solution
    title = escaped(solution.game.title) or concept_words(solution)
    table = {**style.names, r"\mu": style.multiplier}
    with renamed(table, subscripts=style.subscripts):
        lines = [rf"\begin{{proposition}}[{title.replace(']', '{]}')}]", cases_latex(solution)]
        lines += [r"\end{proposition}", r"\begin{proof}"]
        number = 0
        for block in proof(derivation):
            if isinstance(block, Prose):
                lines.append(_prose(block))
            elif isinstance(block, Display):
                lines.append(_align(block, style, number))
                number += len(block.rows)
            else:
                raise TypeError(f"no LaTeX for {type(block).__name__} in a proof")
    verdict = f"The program's verdict on the whole: {word(solution.proof)}."
    lines += [verdict, r"\end{proof}"]
    body = "\n".join(lines)
    return f"{PREAMBLE}{body}\n\n\\end{{document}}\n" if standalone else body + "\n"


def _prose(block: Prose) -> str:
    title = rf"\par\medskip\noindent\textbf{{{escaped(block.title)}}} " if block.title else r"\par "
    return title + words_latex(block.words)


def words_latex(words: Iterable[Word]) -> str:
    """Words with formulas between dollars; a formula longer than half a row may break at signs."""
    out = []
    for one in words:
        if isinstance(one, str):
            out.append(escaped(one))
        else:
            out.append(f"${word_latex(one)}$")
    return "".join(out).strip()


def _align(block: Display, style: Style, before: int) -> str:
    rows = []
    for k, row in enumerate(block.rows, start=before + 1):
        lines = broken(row)
        tag = rf"\label{{{style.labels}{k}}}" if style.numbered and style.labels else ""
        lines[-1] += tag
        rows.append(" \\nonumber \\\\\n".join(lines) if style.numbered else " \\\\\n".join(lines))
    name = "align" if style.numbered else "align*"
    return "\n".join([rf"\begin{{{name}}}", " \\\\\n".join(rows), rf"\end{{{name}}}"])


def broken(row: Formula, width: int = ROW) -> list[str]:
    r"""The row as one line, or several where it is too long: at signs, then at sums.

    >>> x, y = sp.symbols("x y")
    >>> broken(Formula((x, "=", y + 1)))
    ['x &= y + 1']
    """
    if length(row) <= width:
        return [word_latex(row, align=True)]
    lines: list[str] = []
    current: list[Expr | str] = []
    first = True
    for part in row.parts:
        sign = isinstance(part, str) and part in ("=", "=>", "<=", ">=", "<", ">", ",")
        if sign and current and length(Formula((*current, part))) > width / 3 and not first:
            lines.append(_line(current, head=not lines))
            current = []
        elif sign and first and length(Formula(tuple(current))) > width / 2:
            lines += _summed(Formula(tuple(current)), width)
            current = []
        first = first and not sign
        current.append(part)
    lines.append(_line(current, head=not lines))
    return lines


def _line(parts: list[Expr | str], *, head: bool) -> str:
    said = word_latex(Formula(tuple(parts)), align=True)
    return said if head or said.startswith("&") else rf"&\quad {said}"


def _summed(row: Formula, width: int) -> list[str]:
    """One expression on several lines, broken between terms."""
    (only, *rest) = row.parts
    if rest or not isinstance(only, sp.Add):
        return ["& " + word_latex(row)]
    lines, current = [], ""
    for term in only.as_ordered_terms():
        said = formula(term)
        joined = f"{current} {said}" if said.startswith("-") else f"{current} + {said}"
        if current and length(Formula((term,))) + len(current) / 3 > width:
            lines.append(f"&{current}")
            current = rf"\quad {{}}{said if said.startswith('-') else '+ ' + said}"
        else:
            current = joined if current else f" {said}"
    return [*lines, f"&{current}"]


def length(row: Formula) -> int:
    """About how wide the formula is set, in characters: a quotient is as wide as its wider part."""
    return len(re.sub(r"\*\*|[*()]", "", plain_word(row)))


__all__ = ["PREAMBLE", "Style", "Table", "broken", "derivation_latex", "words_latex"]
