"""Economies in which all prices are listed and only their ratios matter: rays of equilibria.

The last listed price is the numeraire; at 1 the economy is solved like any other, and the answer is
every multiple of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from alignsym.claims import Unknown
from alignsym.model.game import Game
from alignsym.solution import Regime, Solution
from alignsym.verify.scale import ray


def up_to_scale(game: Game, solved: Callable[[Game], Solution]) -> Solution:
    """The rays through the equilibria at numeraire 1, or unknown where there is more than points.

    `solved`: the answer to the game with a numeraire.
    """
    numeraire = game.prices[-1].symbol
    fixed = solved(game.altered(numeraire=numeraire))
    if not fixed.cases or not all(isinstance(c, Regime) for c in fixed.cases):
        reason = fixed.reason or f"at {numeraire} = 1 there is more than single equilibria"
        return replace(fixed, game=game, cases=(), coverage=Unknown(reason), reason=reason)
    rays = tuple(ray(game, regime, numeraire) for regime in fixed.regimes)
    return replace(fixed, game=game, cases=rays)
