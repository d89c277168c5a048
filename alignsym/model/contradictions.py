"""Refuse conditions that no parameter satisfies: everything would be true of such a model."""

from __future__ import annotations

from typing import Any

from alignsym.errors import ModelError
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Relation

MILLISECONDS = 500


def refuse_contradictory_conditions(game: Game) -> None:
    """Raise a `ModelError` if the declared signs and `conditions` exclude each other.

    Every part that is not a polynomial counts as a free real number, so that a contradiction found
    is a contradiction; one that hides inside a log is not found here.
    """
    for position, condition in enumerate(game.conditions):
        gap = condition.gap
        if not gap.free_symbols and _false(condition):
            raise _contradiction(position)
    if not game.conditions:
        return
    import z3  # heavy, and most models have no conditions

    names: dict[Expr, Any] = {}
    signs = [_formula(r, names, z3) for p in game.parameters for r in p.relations()]
    conditions = [_formula(c, names, z3) for c in game.conditions]

    def contradictory(count: int) -> bool:
        solver = z3.SolverFor("QF_NRA")
        solver.set("timeout", MILLISECONDS)
        solver.add(*signs, *conditions[:count])
        return bool(solver.check() == z3.unsat)

    low, high = 0, len(conditions)
    if not contradictory(high):
        return
    while low < high - 1:  # the first condition to blame, in few questions
        middle = (low + high) // 2
        low, high = (low, middle) if contradictory(middle) else (middle, high)
    raise _contradiction(high - 1)


def _contradiction(position: int) -> ModelError:
    return ModelError(
        "contradicts the declared signs or an earlier condition", where=f"conditions[{position}]",
        remedy="no parameter satisfies it",
    )  # fmt: skip


def _false(condition: Relation) -> bool:
    gap = condition.gap
    fails = {
        "<=": gap.is_negative, ">=": gap.is_negative, "<": gap.is_nonpositive,
        ">": gap.is_nonpositive, "==": gap.is_nonzero, "!=": gap.is_zero,
    }  # fmt: skip
    return bool(fails[condition.operator])


def _formula(condition: Relation, names: dict[Expr, Any], z3: Any) -> Any:
    left, right = (_term(side, names, z3) for side in (condition.left, condition.right))
    compare = {
        "<=": left <= right, ">=": left >= right, "<": left < right, ">": left > right,
        "==": left == right, "!=": left != right,
    }  # fmt: skip
    return compare[condition.operator]


def _term(expression: Expr, names: dict[Expr, Any], z3: Any) -> Any:
    """The z3 term of a polynomial over symbols and opaque parts."""
    if expression.is_Rational:
        return z3.RealVal(f"{expression.p}/{expression.q}")
    if expression.is_Add or expression.is_Mul:
        parts = [_term(a, names, z3) for a in expression.args]
        total = parts[0]
        for part in parts[1:]:
            total = total + part if expression.is_Add else total * part
        return total
    if expression.is_Pow and expression.exp.is_Integer and 2 <= expression.exp <= 8:
        base = _term(expression.base, names, z3)
        total = base
        for _ in range(int(expression.exp) - 1):
            total = total * base
        return total
    if expression not in names:
        names[expression] = z3.Real(f"t{len(names)}")
    return names[expression]


__all__ = ["refuse_contradictory_conditions"]
