"""The vocabulary of a derivation: small frozen dataclasses holding expressions, never strings of
maths.

A step says what was done; the words and the LaTeX are in `present.explain`, which raises on a step
it does not know.  Functions that derive return `(result, steps)`: there is no recorder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from alignsym.model.relations import Expr, Region


@dataclass(frozen=True, slots=True)
class Transform:
    """The objective of `owner` is an increasing function of `after`, which is maximised in its
    place."""

    owner: str
    before: Expr
    after: Expr


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """dL/d(variable) = 0 for the decision maker `owner`: `expression` is that derivative."""

    owner: str
    variable: sp.Symbol
    expression: Expr


@dataclass(frozen=True, slots=True)
class Complementary:
    """multiplier >= 0, slack >= 0, and their product is 0; `name` is the constraint's."""

    name: str
    multiplier: sp.Symbol
    slack: Expr


@dataclass(frozen=True, slots=True)
class BindingCase:
    """The case in which exactly the constraints `binding` are taken as equalities."""

    binding: tuple[str, ...]
    equations: tuple[Expr, ...]
    unknowns: tuple[sp.Symbol, ...]


@dataclass(frozen=True, slots=True)
class Solve:
    """The equation `equation` = 0 is solved for `unknown`: `result`.  `strategy` says how."""

    strategy: str
    equation: Expr
    unknown: sp.Symbol
    result: Expr


@dataclass(frozen=True, slots=True)
class Hold:
    """The case is a solution exactly where its slacks and multipliers are nonnegative: `when`."""

    required: Region
    when: Region


Step: TypeAlias = Transform | FirstOrder | Complementary | BindingCase | Solve | Hold
