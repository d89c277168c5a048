"""Alignment as LaTeX, one displayed row a case, then the instruments; and as blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sympy as sp

from alignsym.alignment.efficiency import Alignment, Efficiency, Instrument, Optimum
from alignsym.claims import word
from alignsym.model.relations import Expr, Region
from alignsym.present.blocks import Block, Display, Prose, Table
from alignsym.present.notation import escaped, formula, region_latex, symbol_latex
from alignsym.present.passages import Formula, Word, equation, formulas_of, listed
from alignsym.present.words import plain

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


# ------------------------------------------------------------------ as blocks
def alignment_blocks(found: Alignment) -> tuple[Block, ...]:
    """Every equilibrium with its verdict, the optimum, what is lost, the instruments."""
    title = plain(found.game.title)
    out: list[Block] = [Prose((), title)] if title else []
    for row in found.equilibria:
        out += efficiency_blocks(row)
    if not found.equilibria:
        out.append(Prose((f"Unknown: {found.reason or 'no equilibrium is known'}.",)))
    if found.optimum is not None:
        out += optimum_blocks(found.optimum)
    if found.welfare_loss is not None:
        out.append(Prose(("Loss in equilibrium: ", found.welfare_loss, ".")))
    if found.price_of_anarchy is not None:
        out.append(Prose(("Price of anarchy: ", found.price_of_anarchy, ".")))
    for instrument in found.instruments:
        out += instrument_blocks(instrument)
    return tuple(out)


def efficiency_blocks(row: Efficiency) -> tuple[Block, ...]:
    """The profile, whether it is efficient, and what shows it."""
    where = _where(row.when)
    at: list[Block] = [Prose(("Where ", *where, ":"))] if where else []
    said = f"{KINDS[row.kind]} ({word(row.status)})" + f", {row.reason}" * bool(row.reason)
    head: list[Word] = [said[:1].upper() + said[1:]]
    if row.weights is not None:
        head += [", with the weights ", *_pairs(row.weights)]
    if row.aggregate is not None:
        head += [", a maximum of ", row.aggregate]
    if row.degenerate:
        head.append(", a degenerate alignment")
    if row.trade is not None:
        head += [", better is ", *listed(equation(s, e) for s, e in row.trade.to)]
        if row.trade.transfers:
            head += [", with the transfers ", *_pairs(row.trade.transfers)]
    values = Display(tuple(equation(s, e) for s, e in row.values))
    return (*at, values, Prose((*head, ".")))


def optimum_blocks(best: Optimum) -> tuple[Block, ...]:
    """The largest sum of utilities: one display, or a table of cases."""
    head = Prose((f"Largest sum of utilities ({word(best.status)}):",))
    if len(best.cases) == 1:
        ((when, values, value),) = best.cases
        rows = [equation(s, e) for s, e in (*values, (sp.Symbol("V[]"), value))]
        where = (Prose(("Where ", *_where(when), ":")),) if when else ()
        return (head, *where, Display(tuple(rows)))
    names = tuple((s,) for s, _ in best.cases[0][1])
    cells = tuple(
        (_where(when) or ("always",), *((e,) for _, e in values), (value,))
        for when, values, value in best.cases
    )
    return (head, Table((("where",), *names, (sp.Symbol("V[]"),)), cells))


def instrument_blocks(i: Instrument) -> tuple[Block, ...]:
    """What is levied or paid, and what is then done."""
    on = f" on {i.on}" if i.on else ""
    note = f" {i.note}" if i.note else ""
    head = Prose((f"Aligned by {i.kind}{on} ({word(i.status)}).{note}",))
    named = [equation(sp.Symbol(name), e) for name, e in i.values]
    then = [Formula(("then ", sp.Symbol(name), "=", e)) for name, e in i.equilibrium]
    return (head, Display((*named, *then, Formula(("net revenue ", "=", i.budget)))))


def _where(when: Region) -> tuple[Word, ...]:
    return tuple(listed(formulas_of(when)))


def _pairs(rows: Sequence[tuple[str, Expr]]) -> Iterable[Word]:
    """alpha 1, beta 2, ..."""
    for k, (name, value) in enumerate(rows):
        yield from ((", " if k else "") + f"{name} ", value)
