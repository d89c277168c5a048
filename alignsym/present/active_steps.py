"""Derivations with names for the sums over active members, and a paragraph that says the sets."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from alignsym.derivation import Derivation
from alignsym.model.arithmetic import put_in
from alignsym.present.active import ActiveSet, active_sums, formulas_of_regime, with_active_sets
from alignsym.present.blocks import Prose
from alignsym.present.passages import Formula, Word
from alignsym.solution import Regime
from alignsym.steps import Active, rewritten


def named_derivation(
    derivation: Derivation, first: str = ""
) -> tuple[Derivation, tuple[ActiveSet, ...]]:
    """The derivation with sums over active members as names, and the sets they run over."""
    solution, sets = with_active_sets(derivation.solution, first)
    if not sets:
        return derivation, ()
    regimes = [c for c in derivation.solution.cases if isinstance(c, Regime)]
    formulas = [e for r in regimes for e in formulas_of_regime(r)]
    table, _ = active_sums(solution.game, formulas, first)
    name = sets[0].name if len(sets) == 1 else ""
    steps = [rewritten(s, lambda e: put_in(e, table)) for s in derivation.steps]
    steps = [replace(s, name=name) if isinstance(s, Active) else s for s in steps]
    return Derivation(solution, tuple(steps)), sets


def sets_said(sets: tuple[ActiveSet, ...]) -> tuple[Prose, ...]:
    """What the sets are, in a paragraph; none without sets."""
    out: list[Word] = []
    for each in sets:
        condition = Formula((each.condition.left, ">", each.condition.right))
        out += ["Here " if not out else ", and "]
        name, number = sp.Symbol(each.name), sp.Symbol(f"|{each.name}|")
        out += [name, " is the set of all ", each.index, " with ", condition]
        out += [", ", number, " their number"]
    return (Prose((*out, ".")),) if out else ()
