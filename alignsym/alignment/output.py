"""Alignment -> the JSON object of the output format, and a page of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import sympy as sp

from alignsym.alignment.efficiency import (
    Alignment,
    Efficiency,
    Gains,
    Instrument,
    Optimum,
    by_cases,
)
from alignsym.alignment.trade import Trade
from alignsym.claims import Checked, Unknown, Verdict, word
from alignsym.model.output import versions
from alignsym.model.relations import Expr
from alignsym.model.writing import text
from alignsym.present.words import in_words, parameters_in_words, plain, region_in_words

WIDTH = 100
KINDS = {
    "strongly": "efficient: nobody can gain unless somebody loses",
    "weakly": "weakly efficient only: not everybody can gain, but somebody can at nobody's loss",
    "no": "not efficient: everybody can gain",
    "unknown": "not decided whether it is efficient",
}


def alignment_to_json(found: Alignment) -> dict[str, Any]:
    """The output object, made of dicts, lists, texts, numbers and None only."""
    out: dict[str, Any] = {
        "format": 1,
        "id": found.game.id,
        "equilibria": [_row(e) for e in found.equilibria],
        "optimum": None if found.optimum is None else _optimum(found.optimum),
        "price_of_anarchy": _expression(found.price_of_anarchy),
        "welfare_loss": _expression(found.welfare_loss),
        "instruments": [_instrument(i) for i in found.instruments],
    }
    if found.reason or not found.equilibria:
        out["reason"] = found.reason or "no equilibrium is known"
    out["seconds"] = round(found.seconds, 3)
    out["versions"] = dict(versions())
    return out


def _row(e: Efficiency) -> dict[str, Any]:
    out: dict[str, Any] = {
        "when": [text(r) for r in e.when],
        "values": _texts(e.values),
        "efficient": e.kind,
        "weights": None if e.weights is None else _texts(e.weights),
        "weights_cone": None if e.cone is None else [text(r) for r in e.cone],
        "degenerate": e.degenerate,
        "improving_trade": None if e.trade is None else _trade(e.trade),
        "status": _status(e.status),
    }
    if e.aggregate is not None:
        out["aggregate"] = text(e.aggregate)
    if e.members is not None:
        out["continuum"] = [text(r) for r in e.members]
    if e.theorem:
        out["by"] = e.theorem
    if e.reason:
        out["reason"] = e.reason
    return out


def _status(verdict: Verdict) -> str:
    said = word(verdict)
    return said if said in ("proved", "checked") else "unknown"


def _trade(trade: Trade) -> dict[str, Any]:
    return {
        "to": _texts(trade.to),
        "transfers": _texts(trade.transfers),
        "gains": _texts(trade.gains),
    }


def _optimum(best: Optimum) -> dict[str, Any]:
    return {
        "values": {str(s): text(e) for s, e in optimum_values(best)},
        "value": text(by_cases([(value, when) for when, _, value in best.cases])),
    }


def optimum_values(best: Optimum) -> list[tuple[sp.Symbol, Expr]]:
    """Every action at the optimum, a Piecewise over several regimes."""
    actions = [s for s, _ in best.cases[0][1]]
    return [
        (s, by_cases([(dict(values)[s], when) for when, values, _ in best.cases])) for s in actions
    ]


def _instrument(i: Instrument) -> dict[str, Any]:
    out: dict[str, Any] = {
        "kind": i.kind,
        "on": i.on,
        "values": _texts(i.values),
        "equilibrium": _texts(i.equilibrium),
        "budget": text(i.budget),
        "status": _status(i.status),
        "unique": _status(i.unique),
    }
    if i.note:
        out["note"] = i.note
    if i.participation:
        out["participation"] = [
            {"when": [text(r) for r in g.when], "gains": _texts(g.gains), "who": dict(g.willing)}
            for g in i.participation
        ]
    return out


def _texts(pairs: Iterable[tuple[object, Expr]]) -> dict[str, str]:
    return {str(name): text(e) for name, e in pairs}


def _expression(e: Expr | None) -> str | None:
    return None if e is None else text(e)


# ------------------------------------------------------------------ text
def alignment_text(found: Alignment) -> str:
    """The answer as a page of text, at most `WIDTH` columns."""
    lines = _wrapped(plain(found.game.title)) + [""] if found.game.title else []
    declared = parameters_in_words(found.game)
    for number, row in enumerate(found.equilibria, start=1):
        place = f"where {region_in_words(row.when)}" if row.when else ""
        place = place or (f"for all {declared}" if declared else "the answer")
        head = place[:1].upper() + place[1:]
        many = len(found.equilibria) > 1
        lines += _wrapped(f"{number} of {len(found.equilibria)}. {head}:" if many else f"{head}:")
        if row.members is not None:
            lines += _wrapped(f"  every one with {region_in_words(row.members)}:", "    ")
        lines += [*_case(row), ""]
    if found.equilibria and found.reason:
        lines += [*_wrapped(f"Not decided: {plain(found.reason)}."), ""]
    if not found.equilibria:
        lines += [*_wrapped(f"No answer: {plain(found.reason) or 'no reason given'}."), ""]
    if found.optimum is not None:
        lines.append("Largest sum of utilities:")
        rows = [(str(s), e) for s, e in optimum_values(found.optimum)]
        rows.append(("sum", by_cases([(v, when) for when, _, v in found.optimum.cases])))
        if found.welfare_loss is not None:
            rows.append(("loss in equilibrium", found.welfare_loss))
        if found.price_of_anarchy is not None:
            rows.append(("price of anarchy", found.price_of_anarchy))
        lines += [*_aligned(rows), ""]
    for i in found.instruments:
        said = f"{i.kind} on {i.on}" if i.on else i.kind
        lines += _wrapped(f"Aligned by {said}: {word(i.status)}." + f" {i.note}" * bool(i.note))
        lines += _aligned([*i.values, *((f"then {k}", e) for k, e in i.equilibrium)])
        balanced = " (balanced)" if i.budget == 0 else ""
        lines += _aligned([(f"net revenue{balanced}", i.budget)])
        for g in i.participation:
            lines += _joined(g)
        lines += [f"  no other equilibrium: {word(i.unique)}", ""]
    lines.append(f"answered in {found.seconds:.2f} s")
    return "\n".join(lines)


def _joined(g: Gains) -> list[str]:
    """Who gains by an instrument."""
    place = f"where {region_in_words(g.when)}, " if g.when else ""
    said = {"undecided": "is not shown to gain, nor to lose"}
    who = [f"{name} {said.get(word_, word_)}" for name, word_ in g.willing]
    lines = _wrapped(f"  against the equilibrium, {place}{'; '.join(who)}", "    ")
    return lines + ["  " + line for line in _aligned([(f"gain of {n}", e) for n, e in g.gains])]


def headline(found: Alignment) -> str:
    """One line a case: the verdict, with the weights or the trade, and the instruments' kinds."""
    if not found.equilibria:
        return f"unknown: {found.reason or 'no reason given'}"
    lines = verdicts(found.equilibria)
    for i in found.instruments:
        rates = ", ".join(f"{n} = {in_words(e)}" for n, e in i.values)
        lines.append(f"aligned by {i.kind}: {rates}, {word(i.status)}")
    return "\n".join(lines)


def verdicts(rows: Sequence[Efficiency]) -> list[str]:
    """One line a case: the verdict, with the weights or the trade."""
    lines = []
    for row in rows:
        place = f" where {region_in_words(row.when)}" if row.when else ""
        said = {"no": "not efficient", "unknown": "not decided"}.get(row.kind, "")
        said = said or f"{row.kind} efficient"
        if row.weights is not None:
            said += " with weights " + ", ".join(f"{n} {in_words(e)}" for n, e in row.weights)
        if row.degenerate:
            said += " (degenerate)"
        if row.trade is not None and row.kind == "no":
            said += ", better for all: " + ", ".join(
                f"{s} = {in_words(e)}" for s, e in row.trade.to
            )
        lines.append(f"{said}{place}, {word(row.status)}")
    return lines


def _case(row: Efficiency) -> list[str]:
    lines = _aligned([(str(s), e) for s, e in row.values])
    lines += _wrapped(f"  {KINDS[row.kind]} ({_in_full(row.status)})", "    ")
    if row.reason and row.reason not in lines[-1]:
        lines += _wrapped(f"  {plain(row.reason)}", "    ")
    if row.weights is not None:
        said = ", ".join(f"{n}: {in_words(e)}" for n, e in row.weights)
        lines += _wrapped(f"  maximises the sum of utilities with weights {said}", "    ")
    if row.aggregate is not None:
        said = f"maximises {in_words(row.aggregate)}, no weights being known (Chebyshev)"
        lines += _wrapped(f"  {said}", "    ")
    if row.cone is not None:
        every = f"all such weights: {region_in_words(row.cone)}"
        lines += _wrapped(f"  {every if row.cone else 'so do all others'}", "    ")
    if row.degenerate:
        lines += _wrapped("  degenerate: no weights that are all positive support it", "    ")
    if row.trade is not None:
        lines += _traded(row.trade)
    return lines


def _traded(trade: Trade) -> list[str]:
    who = "everybody gains" if trade.strict else "somebody gains and nobody loses"
    lines = [f"  a trade by which {who}:"]
    lines += ["  " + line for line in _aligned([(f"{s}", e) for s, e in trade.to])]
    rows = [(f"{n} receives", e) for n, e in trade.transfers]
    rows += [(f"gain of {n}", e) for n, e in trade.gains]
    return lines + ["  " + line for line in _aligned(rows)]


def _in_full(verdict: Verdict) -> str:
    if isinstance(verdict, Checked):
        return f"checked at {verdict.count} exact points, not proved"
    return "unknown" if isinstance(verdict, Unknown) else word(verdict)


def _aligned(rows: Sequence[tuple[str, Expr]]) -> list[str]:
    wide = max((len(label) for label, _ in rows), default=0)
    lines: list[str] = []
    for label, e in rows:
        later = " " * (min(wide, WIDTH // 2) + 5)
        lines += _wrapped(f"  {label:<{wide}} = {in_words(e)}", later)
    return lines


def _wrapped(said: str, later: str = "") -> list[str]:
    return textwrap.wrap(
        said, WIDTH - 2, subsequent_indent=later, break_on_hyphens=False, break_long_words=False
    )


aligned, wrapped = _aligned, _wrapped  # for the other pages of alignment
