"""What a notebook shows of a thing that says itself in lines, each a few words and relations.

A class has `lines()` and takes the two functions here for its own: `_repr_html_ = html`,
`_repr_latex_ = latex`.  Printers are imported when a notebook asks.
"""

from __future__ import annotations

from typing import Protocol

from alignsym.model.relations import Region

Lines = tuple[tuple[str, Region], ...]


class Lined(Protocol):
    """Anything that says itself in lines."""

    def lines(self) -> Lines:
        """Words, and the relations that follow them."""


def html(thing: Lined) -> str:
    """One paragraph a line, relations in MathML; nothing to fetch."""
    from html import escape

    from alignsym.present.mathml import mathml
    from alignsym.present.passages import formulas_of

    out = []
    for words, region in thing.lines():
        said = escape(words) + (" " if words and region else "")
        out.append(f"<p>{said}{', '.join(mathml(f) for f in formulas_of(region))}</p>")
    return f'<div class="alignsym">{"".join(out)}</div>'


def latex(thing: Lined) -> str:
    """One formula between dollars, a row a line."""
    from alignsym.present.notation import escaped, region_latex

    rows = []
    for words, region in thing.lines():
        said = rf"\text{{{escaped(words)}}}\ " if words else ""
        rows.append("&" + said + (region_latex(region) if region else ""))
    body = " \\\\\n".join(rows)
    return f"$\\displaystyle \\begin{{aligned}}\n{body}\n\\end{{aligned}}$"
