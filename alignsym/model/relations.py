"""Relations kept as (left, operator, right), never evaluated to True or False.

SymPy turns `x >= 0` for a nonnegative symbol into `True` and so loses a constraint and its
multiplier; here a relation is data.  A tuple of relations is their conjunction, a `Region`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import sympy as sp

from alignsym.errors import ModelError

Expr: TypeAlias = sp.Expr
Operator = Literal["<=", ">=", "<", ">", "==", "!="]

_NEGATED: dict[str, Operator] = {
    "<=": ">", ">=": "<", "<": ">=", ">": "<=", "==": "!=", "!=": "==",
}  # fmt: skip
_SYMPY: dict[type, Operator] = {
    sp.Le: "<=", sp.Ge: ">=", sp.Lt: "<", sp.Gt: ">", sp.Eq: "==", sp.Ne: "!=",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """`left operator right` over real expressions.

    >>> x = sp.Symbol("x", nonnegative=True)
    >>> r = Relation(x, ">=", sp.Integer(0))
    >>> str(r), r.gap, str(r.negated())
    ('x >= 0', x, 'x < 0')
    """

    left: Expr
    operator: Operator
    right: Expr

    def __post_init__(self) -> None:
        if self.operator not in get_args(Operator):
            raise ModelError(f"unknown operator {self.operator!r}", remedy="<= >= < > == !=")

    @property
    def gap(self) -> Expr:
        """The expression that is >= 0 (<=, >=), > 0 (<, >) or zero (==), nonzero (!=) where it
        holds."""
        return self.right - self.left if self.operator in ("<=", "<") else self.left - self.right

    @property
    def is_equality(self) -> bool:
        """Whether the operator is `==`."""
        return self.operator == "=="

    @property
    def is_strict(self) -> bool:
        """Whether the set described is open: <, >, !=."""
        return self.operator in ("<", ">", "!=")

    @property
    def free_symbols(self) -> frozenset[sp.Symbol]:
        """The symbols of both sides."""
        return frozenset(self.left.free_symbols | self.right.free_symbols)

    def negated(self) -> Relation:
        """The relation that holds where both sides are defined and this one does not."""
        return Relation(self.left, _NEGATED[self.operator], self.right)

    def relaxed(self) -> Relation:
        """The closed relation: `<` becomes `<=`, `>` becomes `>=`."""
        closed: dict[str, Operator] = {"<": "<=", ">": ">="}
        return Relation(self.left, closed.get(self.operator, self.operator), self.right)

    def tightened(self) -> Relation:
        """The open relation: `<=` becomes `<`, `>=` becomes `>`."""
        opened: dict[str, Operator] = {"<=": "<", ">=": ">"}
        return Relation(self.left, opened.get(self.operator, self.operator), self.right)

    def replaced(self, mapping: Mapping[Any, Any]) -> Relation:
        """Both sides with `mapping` substituted at once."""
        return Relation(
            substituted(self.left, mapping), self.operator, substituted(self.right, mapping)
        )

    def __str__(self) -> str:
        if self.operator == "==":
            return f"Eq({self.left}, {self.right})"
        if self.operator == "!=":
            return f"Ne({self.left}, {self.right})"
        return f"{self.left} {self.operator} {self.right}"


Region: TypeAlias = tuple[Relation, ...]


def substituted(expression: Expr, mapping: Mapping[Any, Any]) -> Expr:
    """The expression with `mapping` substituted at once; nan at a pole inside of Max or Min,
    where SymPy raises, at once or when the result is expanded.

    >>> x, q = sp.symbols("x q", positive=True)
    >>> substituted(sp.Max(1/x, q), {x: sp.S.Zero}), substituted(sp.Max(q/x, 1), {x: sp.S.Zero})
    (nan, nan)
    >>> substituted(1/x, {x: sp.S.Zero})
    zoo
    """
    try:
        out = expression.xreplace(mapping)
    except ValueError:
        if expression.has(sp.Max, sp.Min):
            return sp.nan
        raise
    return sp.nan if out.has(sp.zoo, sp.nan) and out.has(sp.Max, sp.Min) else out


def relation(given: object, *, where: str = "") -> Relation:
    """A `Relation` from a SymPy relational or a `Relation`.

    A bare True or False means that SymPy has already evaluated the relation away: refused.

    >>> x, q = sp.symbols("x q")
    >>> str(relation(x <= q))
    'x <= q'
    """
    if isinstance(given, Relation):
        return given
    if isinstance(given, (bool, sp.logic.boolalg.BooleanAtom)):
        raise ModelError(
            f"a bare {given} stands where a relation was meant",
            where=where,
            remedy="SymPy evaluates what follows from assumptions; a bound that a symbol's "
            "assumptions imply is already a constraint, else write Relation(left, '>=', right)",
        )
    operator = _SYMPY.get(type(given))
    if operator is None:
        raise ModelError(
            f"{given!r} is not a relation", where=where, remedy="use <=, >= or Eq(left, right)"
        )
    return Relation(given.lhs, operator, given.rhs)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Interval:
    """The interval from `lower` to `upper`; an end is open only where said, and infinite ends are
    open.

    >>> Interval.nonnegative().contains(sp.Symbol("t"))
    (Relation(left=t, operator='>=', right=0),)
    """

    lower: Expr
    upper: Expr
    open_lower: bool = False
    open_upper: bool = False

    @staticmethod
    def real() -> Interval:
        """The real line."""
        return Interval(-sp.oo, sp.oo)

    @staticmethod
    def nonnegative() -> Interval:
        """[0, oo)."""
        return Interval(sp.S.Zero, sp.oo)

    @staticmethod
    def positive() -> Interval:
        """(0, oo)."""
        return Interval(sp.S.Zero, sp.oo, open_lower=True)

    def contains(self, expression: Expr) -> Region:
        """The relations that say `expression` lies in the interval."""
        out = []
        if self.lower != -sp.oo:
            out.append(Relation(expression, ">" if self.open_lower else ">=", self.lower))
        if self.upper != sp.oo:
            out.append(Relation(expression, "<" if self.open_upper else "<=", self.upper))
        return tuple(out)
