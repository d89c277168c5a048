"""Phrases of derivations: who decides, over what, what binds."""

from __future__ import annotations

import sympy as sp

from alignsym.model.relations import Expr, Interval
from alignsym.present.passages import Formula, Word, equation, formulas_of
from alignsym.steps import BindingCase, Rows


def who(owner: str) -> str:
    """The decision maker at the head of a sentence."""
    said = owner if owner.startswith("each ") else in_sentence(owner)
    plain = said == owner and not owner.startswith("each ")
    return owner if plain else said[:1].upper() + said[1:]


def in_sentence(owner: str) -> str:
    """The decision maker within a sentence."""
    if owner.startswith("each "):
        return owner.replace("each", "any", 1)
    known = {"planner": "the planner", "the bargain": "the bargaining parties"}
    return known.get(owner, f"agent {owner}" if len(owner) == 1 else owner)


def within(symbol: sp.Symbol, interval: Interval) -> Word:
    """x >= 0, 0 <= x <= 1, or x alone where it is any number."""
    found = formulas_of(interval.contains(symbol))
    return found[0] if found else symbol


def bound_name(name: str, case: BindingCase) -> Word:
    """A constraint by its name, a bound by its action, a market by its price."""
    for symbol in case.unknowns:
        if str(symbol) == name:
            ends = (e + sign * symbol for e in case.equations for sign in (1, -1))
            bound = any(not e.free_symbols & set(case.unknowns) for e in ends)
            return Formula(("the bound of " if bound else "the market of ", symbol))
    return name


def product(one: Expr, two: Expr) -> Expr:
    """The product as it stands, sums in brackets."""
    return sp.Mul(one, two, evaluate=False)


def rows_of(rows: Rows) -> tuple[Formula, ...]:
    """One equation a row."""
    return tuple(equation(s, v) for s, v in rows)
