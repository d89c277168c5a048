"""What stands behind a generator, and under which conditions an expression is defined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import sympy as sp

from alignsym.logic.polynomials import Ratio

Sign = Literal["positive", "nonnegative", "any"]


class NotRealError(ArithmeticError):
    """The expression is not a finite real expression (it contains oo, I or nan)."""


@dataclass(frozen=True, slots=True)
class Generator:
    """What one generator stands for.

    symbol: `expression` itself;  root: t >= 0 with t**degree = argument;  power: X = argument **
    (unit/degree) >= 0;  log: log(argument);  constant e;  opaque: `expression`, of which only the
    sign is known.
    """

    kind: Literal["symbol", "root", "power", "log", "e", "opaque"]
    sign: Sign = "any"
    expression: sp.Expr | None = None
    argument: Ratio | None = None
    degree: int = 1
    unit: Ratio | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of definedness: `ratio` is positive, nonnegative or nonzero, or something
    unsaid.

    `boundary`: defined if positive, perhaps if zero (b**a at b = 0); `unsaid`: nothing is known.
    """

    kind: Literal["positive", "nonnegative", "nonzero", "boundary", "unsaid"]
    ratio: Ratio


Conditions: TypeAlias = frozenset[Condition]
