"""The visible table of concepts: name -> the function that states its conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from alignsym.conditions.bargaining import bargaining, nash_product
from alignsym.conditions.nash import nash, variational
from alignsym.conditions.planner import aggregate, planner
from alignsym.conditions.system import System
from alignsym.conditions.walras import walras
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr

CONCEPTS: Mapping[Concept, Callable[[Game], System]] = MappingProxyType(
    {
        "maximize": planner,
        "social": planner,
        "nash": nash,
        "variational": variational,
        "walras": walras,
        "bargaining": bargaining,
    }
)


@lru_cache(maxsize=32)
def system_of(game: Game, concept: Concept) -> System:
    """The conditions the concept asks of the game: solved once, retold by the derivation."""
    return CONCEPTS[concept](game)


def objective_of(game: Game, concept: Concept) -> Expr | None:
    """What one decision maker maximises over all actions, where the concept has one."""
    if concept in ("maximize", "social"):
        return aggregate(game)
    return nash_product(game) if concept == "bargaining" else None
