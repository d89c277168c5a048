"""A derivation as one HTML page that needs nothing else: MathML, no scripts, no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from alignsym.claims import word
from alignsym.derivation import Derivation
from alignsym.present.active_steps import named_derivation, sets_said
from alignsym.present.blocks import Block, Display, Prose
from alignsym.present.mathml import mathml, parts
from alignsym.present.named_roots import named_roots
from alignsym.present.passages import Formula, Word
from alignsym.present.script import proof, statement
from alignsym.present.text import concept_in_words
from alignsym.present.words import plain

STYLE = """
body { font: 17px/1.55 Georgia, 'Times New Roman', serif; max-width: 52em; margin: 2em auto;
  padding: 0 1em; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.5em; line-height: 1.25; } h2 { font-size: 1.15em; margin-top: 2em; }
math { font-size: 1.05em; } .scroll { overflow-x: auto; }
.statement { border-left: 3px solid #0072b2; padding-left: 1em; }
table.cases { border-collapse: collapse; margin: 1em 0; }
table.cases th, table.cases td { padding: .5em .9em; text-align: left; vertical-align: middle; }
table.cases thead { border-top: 2px solid; border-bottom: 1px solid; }
table.cases tbody { border-bottom: 2px solid; }
table.rows { margin: .6em 0 .6em 2em; border-collapse: collapse; }
table.rows td { padding: .25em 0; } table.rows td.left { text-align: right; }
table.rows td.right { padding-left: .3em; }
table.rows td.number { padding-left: 2em; color: #666; } .verdict { margin-top: 2em; color: #444; }
figure { margin: 1.5em 0; } figcaption { color: #444; font-size: .9em; }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #161616; }
  td.number, .verdict, figcaption { color: #aaa; } figure { background: #fff; } }
"""


def derivation_html(derivation: Derivation, pictures: Sequence[tuple[str, str]] = ()) -> str:
    """The page; `pictures` are (caption, svg) that stand between statement and proof."""
    derivation, sets = named_derivation(derivation)
    derivation, roots = named_roots(derivation)
    solution = derivation.solution
    title = escape(plain(solution.game.title) or concept_in_words(solution))
    number = 0
    body = [f"<h1>{title}</h1>", '<section class="statement">']
    body += [block_html(b, None) for b in (*statement(solution), *roots, *sets_said(sets))]
    body.append("</section>")
    body += [f"<figure>{svg}<figcaption>{escape(c)}</figcaption></figure>" for c, svg in pictures]
    body.append("<h2>Derivation</h2>")
    for block in proof(derivation):
        body.append(block_html(block, number))
        number += len(block.rows) if isinstance(block, Display) else 0
    body.append(f'<p class="verdict">Verdict: {word(solution.proof)}.</p>')
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def block_html(block: Block, before: int | None) -> str:
    """A paragraph, rows of formulas (numbered after `before`, if that is a number), or a table."""
    if isinstance(block, Prose):
        title = f"<strong>{escape(block.title)}</strong> " if block.title else ""
        return f"<p>{title}{_words(block.words)}</p>"
    if isinstance(block, Display):
        rows = []
        for k, row in enumerate(block.rows, start=1):
            number = "" if before is None else f"({before + k})"
            rows.append(_row(row, number))
        return '<div class="scroll"><table class="rows">' + "".join(rows) + "</table></div>"
    head = "".join(f"<th>{_words(cell)}</th>" for cell in block.head)
    body = "".join(
        "<tr>" + "".join(f"<td>{_words(cell)}</td>" for cell in row) + "</tr>" for row in block.rows
    )
    head = f"<thead><tr>{head}</tr></thead>" if head else ""
    return f'<div class="scroll"><table class="cases">{head}<tbody>{body}</tbody></table></div>'


def _row(row: Formula, number: str) -> str:
    """Aligned at the first sign: left of it one cell, the rest another."""
    found = parts(row)
    left, right = found[:1], found[1:]
    return (
        f'<tr><td class="left"><math displaystyle="true">{"".join(left)}</math></td>'
        f'<td class="right"><math displaystyle="true">{"".join(right)}</math></td>'
        f'<td class="number">{number}</td></tr>'
    )


def _words(words: Iterable[Word]) -> str:
    out = []
    for one in words:
        out.append(escape(plain(one)) if isinstance(one, str) else mathml(one))
    return "".join(out).strip()
