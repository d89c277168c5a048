"""What a consumer or a firm chooses, with the solution it is read from: one face for all."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.present.blocks import Block
from alignsym.present.rich import html, latex
from alignsym.present.shown import blocks
from alignsym.present.text import headline, solution_text
from alignsym.solution import Solution
from alignsym.theory.programs import Priced, quantity
from alignsym.theory.responses import Formula, derivative, elasticity


@dataclass(frozen=True, slots=True, repr=False)
class OptimalChoice:
    """Quantities `c[x]` that solve a program with prices, in every regime of `solution`."""

    solution: Solution

    def _priced(self) -> Priced:
        """The quantities that are chosen, each with its price."""
        raise NotImplementedError

    def _formula(self, of: sp.Symbol | str) -> Formula:
        """The closed form of one quantity, by regime."""
        return quantity(of, self._priced())

    def __getitem__(self, chosen: sp.Symbol | str) -> Expr:
        return self.solution[chosen]

    def derivative(self, of: sp.Symbol | str, by: sp.Symbol) -> Expr:
        """The derivative of a quantity inside every regime; `by` any parameter."""
        return derivative(self.solution, self._formula(of), by)

    def elasticity(self, of: sp.Symbol | str, by: sp.Symbol) -> Expr:
        """(by/x) dx/d(by) inside every regime; nan where x is zero."""
        return elasticity(self.solution, self._formula(of), by)

    def __str__(self) -> str:
        return solution_text(self.solution)

    def __repr__(self) -> str:
        return headline(self.solution)

    _repr_html_ = html

    def _repr_latex_(self) -> str:
        return latex(self.solution)

    def _blocks_(self) -> tuple[Block, ...]:
        return blocks(self.solution)
