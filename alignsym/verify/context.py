"""What one question about concavity is asked under: variables, premises, signs found so far."""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from alignsym.logic.decide import implies
from alignsym.model.relations import Expr, Region, Relation

_ZERO = sp.S.Zero


class Context:
    """Variables and premises of one question, with sign queries remembered."""

    def __init__(self, variables: Iterable[sp.Symbol], premises: Region) -> None:
        self.variables = tuple(variables)
        self.wanted = frozenset(self.variables)
        self.premises = premises
        self._known: dict[tuple[Expr, str], bool] = {}

    def holds(self, expression: Expr, operator: str) -> bool:
        """Whether `expression operator 0` is shown on the premises."""
        key = (expression, operator)
        if key not in self._known:
            relation = Relation(expression, operator, _ZERO)  # type: ignore[arg-type]
            self._known[key] = implies(self.premises, relation).is_proof
        return self._known[key]

    def depends(self, expression: Expr) -> bool:
        """Whether a variable occurs."""
        return bool(expression.free_symbols & self.wanted)

    def affine(self, expression: Expr) -> bool:
        """Affine in the variables jointly."""
        if not self.depends(expression) or expression in self.wanted:
            return True
        if expression.is_Add:
            return all(map(self.affine, expression.args))
        if expression.is_Mul:
            inside = [f for f in expression.args if self.depends(f)]
            return len(inside) == 1 and self.affine(inside[0])
        return False
