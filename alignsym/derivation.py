"""A derivation: the solution it leads to, and the steps of the way, in order.  Pure data."""

from __future__ import annotations

from dataclasses import dataclass

from alignsym.solution import Solution
from alignsym.steps import Step


@dataclass(frozen=True, slots=True)
class Derivation:
    """How `solution` comes about: `steps` for people to follow, each one replayable."""

    solution: Solution
    steps: tuple[Step, ...]
