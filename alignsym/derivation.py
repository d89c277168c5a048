"""A derivation: the solution it leads to, the steps of the way, and what a replay of them found."""

from __future__ import annotations

from dataclasses import dataclass

from alignsym.solution import Solution
from alignsym.steps import Step


@dataclass(frozen=True, slots=True)
class Derivation:
    """How `solution` comes about: `steps` for people to follow, each one replayable."""

    solution: Solution
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Lie:
    """A step that is false, and why."""

    step: Step
    reason: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """The steps that are false, and how many tests of steps were made."""

    lies: tuple[Lie, ...]
    tests: int
