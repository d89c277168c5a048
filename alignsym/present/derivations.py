"""A derivation as text, Markdown, LaTeX or JSON; `present.page` has HTML.

Text is in the input's syntax, at most `WIDTH` columns; Markdown has formulas between dollars, as
notebooks and GitHub show them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

import sympy as sp

from alignsym.claims import word
from alignsym.derivation import Derivation
from alignsym.model.relations import Relation
from alignsym.present.active import latex_names
from alignsym.present.active_steps import named_derivation, sets_said
from alignsym.present.blocks import Block, Display, Prose, Table
from alignsym.present.named_roots import named_roots
from alignsym.present.notation import escaped_markdown, word_latex
from alignsym.present.passages import Formula, Word, plain_word
from alignsym.present.script import FREE, proof, statement
from alignsym.present.text import concept_in_words
from alignsym.present.words import plain

WIDTH = 100


def derivation_text(derivation: Derivation) -> str:
    """The derivation as a page of text, without a newline at the end."""
    derivation, sets = named_derivation(derivation)
    derivation, roots = named_roots(derivation)
    title = plain(derivation.solution.game.title) or concept_in_words(derivation.solution)
    lines = [*textwrap.wrap(title, WIDTH), ""]
    for block in (*statement(derivation.solution), *roots, *sets_said(sets)):
        lines += [*_text(block), ""]
    lines += ["Derivation", ""]
    for block in proof(derivation):
        lines += [*_text(block), ""]
    return "\n".join([*lines, f"Verdict: {word(derivation.solution.proof)}."])


def _text(block: Block) -> list[str]:
    if isinstance(block, Prose):
        said = " ".join(filter(None, (block.title, _said(block.words))))
        return textwrap.wrap(said, WIDTH, break_on_hyphens=False)
    if isinstance(block, Display):
        out: list[str] = []
        for row in block.rows:
            out += textwrap.wrap(
                plain(plain_word(row)), WIDTH, initial_indent="    ", subsequent_indent=" " * 8,
                break_long_words=False, break_on_hyphens=False,
            )  # fmt: skip
        return out
    out = []
    for line in block.rows:
        where, *cells = (_said(cell) for cell in line)
        out += textwrap.wrap(f"{where}:", WIDTH, initial_indent="  ", subsequent_indent="    ")
        for head, cell in zip(block.head[1:], cells, strict=True):
            if cell and cell != FREE:  # the set says what is free
                shown = f"{_said(head)} = {cell}"
                out += textwrap.wrap(
                    shown, WIDTH, initial_indent="    ", subsequent_indent=" " * 8,
                    break_long_words=False, break_on_hyphens=False,
                )  # fmt: skip
    return out


def _said(words: Iterable[Word]) -> str:
    return " ".join(plain("".join(map(plain_word, words))).split())


def derivation_markdown(derivation: Derivation) -> str:
    """The derivation in Markdown with formulas between dollars."""
    derivation, sets = named_derivation(derivation, "zz")
    derivation, roots = named_roots(derivation)
    with latex_names(sets):
        return _in_markdown(derivation, (*roots, *sets_said(sets)))


def _in_markdown(derivation: Derivation, names: tuple[Prose, ...]) -> str:
    solution = derivation.solution
    title = escaped_markdown(solution.game.title) or concept_in_words(solution)
    parts = [f"# {title}"]
    parts += [_markdown(b) for b in (*statement(solution), *names)]
    parts.append("## Derivation")
    parts += [_markdown(b) for b in proof(derivation)]
    return "\n\n".join([*parts, f"Verdict: {word(solution.proof)}."])


def _markdown(block: Block) -> str:
    if isinstance(block, Prose):
        title = f"**{block.title}** " if block.title else ""
        return title + _marked(block.words)
    if isinstance(block, Display):
        rows = " \\\\\n".join(word_latex(row, align=True) for row in block.rows)
        return "$$\n\\begin{aligned}\n" + rows + "\n\\end{aligned}\n$$"
    head = "| " + " | ".join(_marked(cell) for cell in block.head) + " |"
    rule = "|" + "---|" * len(block.head)
    rows_ = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in block.rows]
    return "\n".join([head, rule, *rows_])


def _cell(words: Iterable[Word]) -> str:
    """A bar would end the cell: it is written as a command."""
    return _marked(words).replace("|", "\\vert ")


def _marked(words: Iterable[Word]) -> str:
    out = []
    for one in words:
        out.append(escaped_markdown(one) if isinstance(one, str) else f"${word_latex(one)}$")
    return "".join(out).strip()


def derivation_json(derivation: Derivation) -> dict[str, Any]:
    """The steps as data, expressions in the input's syntax."""
    game = derivation.solution.game
    return {
        "format": 1,
        "id": game.id,
        "concept": derivation.solution.concept,
        "status": derivation.solution.status,
        "proof": word(derivation.solution.proof),
        "steps": [{"step": type(s).__name__, **_fields(s)} for s in derivation.steps],
    }


def _fields(thing: Any) -> dict[str, Any]:
    return {f.name: _plain(getattr(thing, f.name)) for f in fields(thing)}


def _plain(value: Any) -> Any:
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    if isinstance(value, (Relation, sp.Basic)):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if is_dataclass(value):
        return _fields(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


__all__ = ["Formula", "Table", "derivation_json", "derivation_markdown", "derivation_text"]
