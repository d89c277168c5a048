"""The mixed complementarity system: what every concept becomes before it is solved.

equations = 0,    0 <= multiplier  _|_  slack >= 0  for every pair,    domain holds strictly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sympy as sp

from alignsym.model.relations import Expr, Region
from alignsym.steps import Step


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an equation or pair comes from: the decision maker, and the action or constraint."""

    kind: Literal["stationarity", "constraint", "lower", "upper", "clearing"]
    owner: str
    name: str


@dataclass(frozen=True, slots=True)
class Equation:
    """`expression` = 0."""

    expression: Expr
    origin: Origin


@dataclass(frozen=True, slots=True)
class Pair:
    """`multiplier` >= 0, `slack` >= 0, product 0.  The shadow price reported is scale *
    multiplier."""

    multiplier: sp.Symbol
    slack: Expr
    origin: Origin
    scale: Expr = sp.S.One


@dataclass(frozen=True, slots=True)
class FreeMultiplier:
    """The multiplier of an equality constraint: any sign; reported as scale * symbol."""

    symbol: sp.Symbol
    origin: Origin
    scale: Expr = sp.S.One


@dataclass(frozen=True, slots=True)
class System:
    """Unknowns `actions`, then `free` multipliers, with one equation each, and the pairs.

    `domain` holds strictly at every solution considered (natural domains, open bounds);
    `parameters` is what is declared of the parameters.  For one decision maker `objective` is what
    it maximises, and `auxiliary` are the actions that stand for kinks.
    """

    actions: tuple[sp.Symbol, ...]
    free: tuple[FreeMultiplier, ...]
    equations: tuple[Equation, ...]
    pairs: tuple[Pair, ...]
    domain: Region
    parameters: Region
    steps: tuple[Step, ...] = ()
    objective: Expr | None = None
    auxiliary: tuple[sp.Symbol, ...] = ()
