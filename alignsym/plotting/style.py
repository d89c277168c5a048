"""Colours, marks and labels of pictures; the colours are those of Okabe and Ito (2008)."""

from __future__ import annotations

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
EQUILIBRIUM = {"marker": "o", "color": "black", "markersize": 6, "linestyle": "none"}
OPTIMUM = {
    "marker": "s", "markersize": 11, "markerfacecolor": "none", "markeredgecolor": COLOURS[1],
    "markeredgewidth": 1.8, "linestyle": "none",
}  # fmt: skip
ENDOWMENT = {
    "marker": "D", "markersize": 7, "color": COLOURS[2], "linestyle": "none", "clip_on": False,
}  # fmt: skip


def maths(latex: str, otherwise: str) -> str:
    """A label in mathematics, as far as matplotlib reads LaTeX; else the plain text."""
    from matplotlib.mathtext import MathTextParser

    said = latex.replace(r"\le ", r"\leq ").replace(r"\ge ", r"\geq ")
    try:
        MathTextParser("path").parse(f"${said}$")
    except ValueError:
        return otherwise.replace("$", r"\$")
    return f"${said}$"
