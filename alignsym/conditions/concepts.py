"""The visible table of concepts: name -> the function that states its conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from alignsym.conditions.nash import nash, variational
from alignsym.conditions.planner import planner
from alignsym.conditions.system import System
from alignsym.conditions.walras import walras
from alignsym.model.game import Concept, Game

CONCEPTS: Mapping[Concept, Callable[[Game], System]] = MappingProxyType(
    {
        "maximize": planner,
        "social": planner,
        "nash": nash,
        "variational": variational,
        "walras": walras,
    }
)
