"""Regimes with one and the same answer on neighbouring parameters, as one regime.

x = 0 for p <= 2/3,  x = 0 for 2/3 <= p <= 1   ->   x = 0 for p <= 1
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alignsym.logic.decide import search
from alignsym.model.game import Game
from alignsym.solution import Regime
from alignsym.solving.regimes import witness_of


def merged(game: Game, regimes: Sequence[Regime]) -> list[Regime]:
    """Conditions dropped where all that is added belongs to regimes with the same answer; regimes
    that are then parts of others left out."""
    out: list[Regime] = []
    for regime in regimes:
        alike = [r.when for r in regimes if _answer(r) == _answer(regime)]
        if len(alike) == 1 or regime.multiple:
            out.append(regime)
            continue
        when = regime.when
        for condition in regime.when:
            fewer = tuple(r for r in when if r is not condition)
            if search((*game.domain(), *fewer), outside=alike).is_proof:
                when = fewer
        known = [r.when for r in out if _answer(r) == _answer(regime)]
        if known and search((*game.domain(), *when), outside=known).is_proof:
            continue
        wider = when != regime.when
        out.append(replace(regime, when=when, witness=witness_of(game, when)) if wider else regime)
    return out


def _answer(regime: Regime) -> tuple[object, ...]:
    return regime.values, regime.multipliers, regime.bounds, regime.value, regime.multiple
