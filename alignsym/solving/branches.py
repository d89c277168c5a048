"""What the search hands on: branches of the complementarity system, untrusted until verified."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from alignsym.model.game import Outcome
from alignsym.model.relations import Expr, Region
from alignsym.steps import Step


@dataclass(frozen=True, slots=True)
class Branch:
    """A closed form of the system on `when`: every unknown and multiplier, and which pairs bind.

    With `relations` the solutions are all points that satisfy them, and `values` has one of these.
    With an `outcome` there is no solution; unbounded along the `ray` (action, start, direction), or
    near its supremum, `inverse`: from start + direction to the start.
    """

    when: Region
    values: tuple[tuple[sp.Symbol, Expr], ...]
    binding: frozenset[int]
    steps: tuple[Step, ...]
    point: tuple[tuple[sp.Symbol, Fraction], ...]
    multiple: bool = False
    relations: Region = ()
    outcome: Outcome | None = None
    ray: tuple[tuple[sp.Symbol, Expr, Expr], ...] = ()
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Partition:
    """The branches found; `complete` if no parameter point is left, else why the search stopped."""

    branches: tuple[Branch, ...]
    complete: bool
    reason: str = ""
