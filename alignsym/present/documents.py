r"""A derivation as LaTeX: a proposition and its proof, for a paper that loads amsmath, amsthm and
booktabs, or a whole document.

Displayed formulas are `align` rows, numbered and labelled as asked; rows too long for a page are
broken at sums and arrows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sympy as sp

from alignsym.claims import word
from alignsym.derivation import Derivation
from alignsym.model.relations import Expr
from alignsym.present.active import names_of
from alignsym.present.active_steps import named_derivation, sets_said
from alignsym.present.blocks import Display, Prose, Table
from alignsym.present.latex import cases_latex, fits
from alignsym.present.named_roots import named_roots
from alignsym.present.notation import escaped, formula, renamed, word_latex
from alignsym.present.passages import Formula, Word
from alignsym.present.script import each_case, proof, statement
from alignsym.present.text import concept_in_words
from alignsym.present.widths import length, length_of
from alignsym.present.words import ordered_terms
from alignsym.solution import Solution

BREAKS = ("=", "=>", "<=", ">=", "<", ">", ",")
LONG = 50  # a formula among words that is longer is displayed
MARKS = (",", ".", ";", ":")  # what may follow a formula in a sentence
ROW = 78  # characters of the plain text that fit a row of formulas
PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,amssymb,amsthm,booktabs,graphicx}
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
    derivation, sets = named_derivation(derivation, "zz")
    derivation, roots = named_roots(derivation)
    solution = derivation.solution
    title = escaped(solution.game.title) or concept_in_words(solution)
    table = {**style.names, **names_of(sets), r"\mu": style.multiplier}
    with renamed(table, subscripts=style.subscripts):
        lines = [rf"\begin{{proposition}}[{title.replace(']', '{]}')}]", stated(solution)]
        lines += [_prose(block) for block in (*roots, *sets_said(sets))]
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


def stated(solution: Solution) -> str:
    """What is shown: a table of cases where it fits the page, else one display a case."""
    if len(solution.cases) > 1 and fits(solution):
        return cases_latex(solution)
    if len(solution.cases) < 2:
        blocks = statement(solution)
    else:
        blocks = (*statement(solution)[:1], *each_case(solution))
    unnumbered = Style(numbered=False)
    return "\n".join(
        words_latex(b.words) + r"\par" if isinstance(b, Prose) else _align(b, unnumbered, 0)
        for b in blocks
        if not isinstance(b, Table)
    )


def _prose(block: Prose) -> str:
    title = rf"\par\medskip\noindent\textbf{{{escaped(block.title)}}} " if block.title else r"\par "
    return title + words_latex(block.words)


def words_latex(words: Iterable[Word]) -> str:
    """Words with formulas between dollars; a formula longer than half a row may break at signs.

    The sign after a displayed formula stands in the display, and displays with nothing but such a
    sign between them are one.
    """
    out: list[str] = []
    shown: list[str] = []  # rows of a display that is still open
    for one in words:
        row = one if isinstance(one, Formula) else Formula(() if isinstance(one, str) else (one,))
        if not isinstance(one, str) and length(row) > LONG:
            shown.append(" \\\\\n".join(broken(row)))
            continue
        said = escaped(one) if isinstance(one, str) else f"${word_latex(one)}$"
        if shown and isinstance(one, str):
            mark = said[:1] if said[:1] in MARKS else ""
            shown[-1] += mark
            said = said.removeprefix(mark).lstrip()
            if not said:
                continue
        out += [*_displayed(shown), said]
        shown = []
    return "".join([*out, *_displayed(shown)]).strip()


def _displayed(rows: list[str]) -> list[str]:
    r"""The rows as one display, on lines of its own: no blank line, which would end a paragraph."""
    if not rows:
        return []
    return ["\n" + r"\begin{align*}" + " \\\\\n".join(rows) + r"\end{align*}" + "\n"]


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
    r"""The row as one line, or several where it is too long: at signs, then between terms.

    >>> x, y = sp.symbols("x y")
    >>> broken(Formula((x, "=", y + 1)))
    ['x &= y + 1']
    """
    if length(row) <= width:
        return [word_latex(row, align=True)]
    lines: list[str] = []
    for piece in _pieces(row, width):
        for segment in _segments(piece, width):
            lines += _segment(segment, width, head=not lines)
    return lines


def _pieces(row: Formula, width: int) -> list[list[Expr | str]]:
    """The relations between commas, as many on a line as fit."""
    out: list[list[Expr | str]] = []
    relations: list[list[Expr | str]] = [[]]
    for part in row.parts:
        relations[-1].append(part)
        if part == ",":
            relations.append([])
    for relation in relations:
        if out and length_of([*out[-1], *relation]) <= width:
            out[-1] += relation
        else:
            out.append(relation)
    return out


def _segments(parts: list[Expr | str], width: int) -> list[list[Expr | str]]:
    """What is too long for a line, cut at signs."""
    if length_of(parts) <= width:
        return [parts]
    segments: list[list[Expr | str]] = [[]]
    for part in parts:
        if isinstance(part, str) and part in BREAKS and length_of(segments[-1]) > width / 3:
            segments.append([])
        segments[-1].append(part)
    return segments


def _segment(parts: list[Expr | str], width: int, *, head: bool) -> list[str]:
    """A part of a row: as it is, one term after the other, or made smaller."""
    if length_of(parts) <= width:
        return [_line(parts, head=head)]
    *before, last = parts
    signs = [p for p in before if isinstance(p, str)]
    if isinstance(last, sp.Add) and length_of(before) <= width / 3:
        lines: list[str] = []
        current: list[Expr | str] = [*before]
        terms = ordered_terms(last)
        group: list[Expr] = []
        for term in terms:
            if group and length_of([*current, sp.Add(*group, term, evaluate=False)]) > width:
                lines.append(_fitted([*current, _sum(group)], width, head=head and not lines))
                current, group = [], []
            group.append(term)
        lines.append(_fitted([*current, _sum(group)], width, head=head and not lines))
        # What continues a sum begins with its sign.
        return [
            k if n == 0 else _continued(k) if not signs or n else k for n, k in enumerate(lines)
        ]
    if isinstance(last, sp.Add) and len(before) > 1 and before[-1] in BREAKS:
        rest = _segment([before[-1], last], width, head=False)
        return [*_segment(before[:-1], width, head=head), *rest]
    return [_fitted(parts, width, head=head)]


def _fitted(parts: list[Expr | str], width: int, *, head: bool) -> str:
    """One line, its last expression made smaller where all is too long."""
    *before, last = parts
    if length_of(parts) <= width or isinstance(last, str):
        return _line(parts, head=head)
    start = word_latex(Formula(tuple(before)), align=True) if before else ""
    share = max(0.3, 0.86 - length_of(before) / width)
    said = formula(last).lstrip()
    minus = "- " if said.startswith("-") else ""
    said = said.removeprefix("-")
    small = rf"{minus}\resizebox{{{share:.2f}\linewidth}}{{!}}{{$\displaystyle {said}$}}"
    return f"{start} {small}" if "&" in start else f"&{start} {small}"


def _sum(terms: list[Expr]) -> Expr:
    return sp.Add(*terms, evaluate=False) if len(terms) > 1 else terms[0]


def _continued(line: str) -> str:
    body = line.removeprefix(r"&\quad ").removeprefix("&")
    sign = "" if body.lstrip().startswith("-") else "+ "
    return rf"&\quad {{}}{sign}{body}"


def _line(parts: list[Expr | str], *, head: bool) -> str:
    row = Formula(tuple(parts))
    said, marked = word_latex(row), word_latex(row, align=True)
    if marked != said and (head or marked.startswith("&")):
        return marked
    return f"& {said}" if head else rf"&\quad {said}"


__all__ = ["PREAMBLE", "Style", "Table", "broken", "derivation_latex", "words_latex"]
