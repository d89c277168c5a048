"""What somebody states, as tables: those of the game, closed forms by name, or a solution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import sympy as sp

from alignsym.errors import UsageError
from alignsym.model.agents import StatedRegime
from alignsym.model.game import Game
from alignsym.model.relations import Relation
from alignsym.solution import Case, Continuum, NoSolution, Solution


def tables(game: Game, claim: object) -> tuple[StatedRegime, ...]:
    """The claims as tables."""
    if claim is None:
        stated = game.expected
        if game.expect is not None:
            stated = (*stated, StatedRegime(outcome=game.expect))
        if not stated:
            raise UsageError(
                "nothing is claimed", remedy="write [[expected]] tables, or check(game, {x: q/2})"
            )
        return tuple(map(described, stated))
    if isinstance(claim, StatedRegime):
        return (described(claim),)
    if isinstance(claim, Solution):
        return tuple(table_of(c) for c in claim.cases)
    if isinstance(claim, Mapping):
        symbols = {str(a.symbol): a.symbol for a in game.actions}
        symbols |= {str(p.symbol): p.symbol for p in game.prices}
        rows = []
        for key, e in claim.items():
            if str(key) not in symbols:
                known = ", ".join(symbols)
                raise UsageError(f"{key} is no action or price", remedy=f"one of: {known}")
            rows.append((symbols[str(key)], sp.Integer(e) if isinstance(e, int) else e))
        return (StatedRegime(values=tuple(rows)),)
    if isinstance(claim, Iterable) and not isinstance(claim, str):
        return tuple(table for one in claim for table in tables(game, one))
    raise UsageError(f"{claim!r} is not a claim", remedy="give {x: q/2}, or a StatedRegime")


def described(table: StatedRegime) -> StatedRegime:
    """The table with a set of solutions described by relations alone: values beside it are more."""
    if not (table.continuum and table.values):
        return table
    known = tuple(Relation(s, "==", e) for s, e in table.values)
    return replace(table, continuum=(*table.continuum, *known), values=())


def table_of(case: Case) -> StatedRegime:
    """What a case of an answer claims, as a table; the determined values of a set among it."""
    match case:
        case Continuum():
            return StatedRegime(
                case.when, multipliers=case.multipliers, value=case.value,
                continuum=case.description,
            )  # fmt: skip
        case NoSolution():
            return StatedRegime(case.when, outcome=case.outcome)
    return StatedRegime(
        case.when, case.values, case.multipliers, case.value, multiple=case.multiple
    )
