"""The pictures that fit an answer, as SVG that stands in a page and needs nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from alignsym.errors import UsageError
from alignsym.plotting.plot import plot
from alignsym.plotting.ranges import fixed_at
from alignsym.solution import Regime, Solution

CAPTIONS = {
    "values": "Values and shadow prices over {over}",
    "regimes": "Which case holds, over {over}",
    "replies": "Best replies and the equilibrium",
    "market": "Supply and demand",
    "frontier": "The Pareto frontier",
    "box": "The Edgeworth box",
}
MOST = 4
SECONDS = 10.0  # of solving anew for a picture


def pictures(solution: Solution) -> tuple[tuple[str, str], ...]:
    """(caption, svg) of every kind that has something to show, at the point drawn by default.

    The same answer gives the same text; names within a picture are its own.
    """
    out: list[tuple[str, str]] = []
    for kind, over in _fitting(solution):
        if len(out) == MOST:
            break
        try:
            axes = plot(solution, kind, over=over, seconds=SECONDS)
            at = fixed_at(solution, {})
        except UsageError:
            continue  # nothing of this kind to show
        moving = [over] if isinstance(over, str) else list(over or ())
        said = CAPTIONS[kind].format(over=" and ".join(moving))
        still = ", ".join(f"{n} = {v:.4g}" for n, v in sorted(at.items()) if n not in moving)
        caption = f"{said}, at {still}." if still else f"{said}."
        out.append((caption, svg(axes.figure, f"p{len(out) + 1}-")))
    return tuple(out)


def _fitting(solution: Solution) -> Iterator[tuple[str, Any]]:
    """Kinds to try, the more telling ones first."""
    game = solution.game
    names = [str(p.symbol) for p in game.parameters]
    several = len({c.when for c in solution.cases}) > 1
    if several and len(names) > 1:
        yield "regimes", tuple(names[:2])
    if names and any(isinstance(c, Regime) for c in solution.cases):
        yield "values", _telling(solution, names)
    if len(game.prices) == 1:
        yield "market", None
    if solution.concept == "nash":
        yield "replies", None
    if not game.families:
        yield "box", None
        yield "frontier", None


def _telling(solution: Solution, names: list[str]) -> str:
    """The first parameter that a case depends on, else the first that a value does."""
    conditions = {str(s) for c in solution.cases for r in c.when for s in r.free_symbols}
    values = {str(s) for c in solution.regimes for _, e in c.values for s in e.free_symbols}
    for wanted in (conditions, values):
        for name in names:
            if name in wanted:
                return name
    return names[0]


def svg(figure: Any, prefix: str) -> str:
    """The figure as an <svg> element for HTML: no namespaces, metadata, comments or global style;
    what it names begins with the prefix.
    """
    import matplotlib

    file = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "alignsym", "svg.fonttype": "path"}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    text = file.getvalue()
    text = text[text.index("<svg") :].rstrip()
    for unwanted in (r"<metadata>.*?</metadata>", r"<!--.*?-->", r"<style\b.*?</style>"):
        text = re.sub(unwanted, "", text, flags=re.DOTALL)
    text = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", text)
    text = re.sub(r'\bid="([^"]*)"', rf'id="{prefix}\1"', text)
    text = re.sub(r'\bxlink:href="#([^"]*)"', rf'href="#{prefix}\1"', text)
    text = text.replace("xlink:href=", "href=")  # a map of cases is an image within
    text = re.sub(r"url\(#([^)]*)\)", rf"url(#{prefix}\1)", text)
    text = re.sub(r"<defs>\s*</defs>", "", text)
    text = re.sub(r"\n\s*", "\n", text)
    drawn = 'role="img" style="max-width: 100%; height: auto; stroke-linejoin: round"'
    return text.replace("<svg", f"<svg {drawn}", 1)
