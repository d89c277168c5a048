"""One table of symbols a model: every name once, with the assumptions its declaration says.

SymPy tells symbols apart by their assumptions, so two tables for one model would make x - x differ
from zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp

from alignsym.errors import ModelError
from alignsym.model.keys import Role
from alignsym.model.relations import Expr, Interval


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared name: a symbol, or the base of an indexed family."""

    name: str
    symbol: sp.Symbol | sp.IndexedBase
    role: Role


@dataclass(frozen=True, slots=True)
class SymbolTable:
    """The names a model declares, in the order declared.

    >>> table = SymbolTable.of(parameter={"p": "positive"}, action={"x": "nonnegative"})
    >>> table.names, table["x"].symbol.is_nonnegative
    (('p', 'x'), True)
    """

    entries: tuple[Declared, ...] = ()
    _by_name: dict[str, Declared] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {e.name: e for e in self.entries})
        if len(self._by_name) < len(self.entries):
            names = [e.name for e in self.entries]
            twice = next(n for n in names if names.count(n) > 1)
            raise ModelError(f"name {twice!r} is declared twice", remedy="rename one")

    @staticmethod
    def of(**roles: dict[str, str]) -> SymbolTable:
        """A table from `role={name: sign}`; a name `x[i]` declares the family x."""
        out = []
        for role, names in roles.items():
            for name, sign in names.items():
                out.append(declare(name, assumptions(sign), role))  # type: ignore[arg-type]
        return SymbolTable(tuple(out))

    @property
    def names(self) -> tuple[str, ...]:
        """All declared names."""
        return tuple(self._by_name)

    @property
    def indices(self) -> tuple[sp.Symbol, ...]:
        """The indices of families."""
        return tuple(e.symbol for e in self.entries if e.role == "index")

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Declared:
        return self._by_name[name]

    def only(self, *roles: Role) -> SymbolTable:
        """The part of the table with these roles."""
        return SymbolTable(tuple(e for e in self.entries if e.role in roles))

    def expression(self, name: str) -> Expr:
        """The symbol of a declared name, where `x[i]` is a member of a family.

        >>> table = SymbolTable.of(index={"i": "index"}, action={"x[i]": "real"})
        >>> table.expression("x[i]")
        x[i]
        """
        base, _, index = name.rstrip("]").partition("[")
        symbol = self[base].symbol
        return symbol[self[index].symbol] if index else symbol


def declare(name: str, given: dict[str, bool], role: Role) -> Declared:
    """The entry for `x` or, of an indexed family, `x[i]`."""
    base, indexed, _ = name.partition("[")
    kind = sp.IndexedBase if indexed else sp.Symbol
    return Declared(base, kind(base, **given), role)


def assumptions(sign: str) -> dict[str, bool]:
    """SymPy assumptions of a declared sign.

    >>> assumptions("positive integer")
    {'positive': True, 'integer': True}
    """
    if sign in ("positive integer", "index"):
        return {"positive": True, "integer": True}
    return {sign: True}


def assumptions_of(interval: Interval) -> dict[str, bool]:
    """SymPy assumptions of an interval whose lower end is a number; else only `real`.

    >>> assumptions_of(Interval(sp.Rational(1, 100), sp.S.One))
    {'positive': True}
    """
    low = interval.lower
    if not low.free_symbols and low.is_extended_real and low.is_finite:
        if low.is_positive or (low.is_zero and interval.open_lower):
            return {"positive": True}
        if low.is_nonnegative:
            return {"nonnegative": True}
    return {"real": True}


__all__ = ["Declared", "Role", "SymbolTable", "assumptions", "assumptions_of", "declare"]
