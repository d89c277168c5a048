"""Alignment as LaTeX: one displayed row a case, then the instruments."""

from __future__ import annotations

from alignsym.alignment.efficiency import Alignment, Efficiency
from alignsym.claims import word
from alignsym.present.notation import escaped, formula, region_latex, symbol_latex

KINDS = {
    "strongly": "strongly efficient",
    "weakly": "weakly efficient only",
    "no": "not efficient",
    "unknown": "not decided",
}


def alignment_latex(found: Alignment) -> str:
    """An `aligned` block: verdict, weights and condition of every case, rates of instruments."""
    rows = [_row(e) for e in found.equilibria]
    for i in found.instruments:
        rates = ",\\ ".join(f"{symbol_latex(n)} = {formula(e)}" for n, e in i.values)
        rows.append(rf"&\text{{{escaped(i.kind)} ({word(i.status)}): }} {rates}")
    if not rows:
        rows = [rf"&\text{{unknown: {escaped(found.reason)}}}"]
    body = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def mathjax(found: Alignment) -> str:
    """The block as a notebook shows it."""
    return f"$\\displaystyle {alignment_latex(found)}$"


def _row(e: Efficiency) -> str:
    said = rf"&\text{{{KINDS[e.kind]} ({word(e.status)})}}"
    if e.weights is not None:
        weights = ",\\ ".join(
            rf"w_{{\mathrm{{{escaped(n)}}}}} = {formula(w)}" for n, w in e.weights
        )
        said += rf",\ {weights}"
    if e.trade is not None:
        to = ",\\ ".join(f"{formula(s)} \\to {formula(v)}" for s, v in e.trade.to)
        said += rf",\ {to}"
    if e.when:
        said += rf" \quad\text{{where }} {region_latex(e.when)}"
    return said
