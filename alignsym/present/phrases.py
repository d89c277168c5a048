"""Phrases of derivations: who decides, over what, what binds."""

from __future__ import annotations

import re
from collections.abc import Collection

import sympy as sp

from alignsym.model.relations import Expr, Interval
from alignsym.present.passages import Formula, Word, equation, formulas_of
from alignsym.steps import BindingCase, Rows, Sufficient

KNOWN = {
    "planner": "the planner", "the bargain": "the bargaining parties", "agent": "the agent",
    "any mover": "any mover", "the whole": "the members together",
}  # fmt: skip


def without_solution(said: str, reason: str) -> str:
    """An outcome and its reason, once where the reason says the outcome too.

    >>> without_solution("the objective has no bound", "the objective grows without bound")
    'the objective grows without bound'
    """
    if not reason or reason.startswith("the objective grows"):
        return reason or said
    return f"{said}: {reason}"


CONVEX = " describes a convex set"
SPOKEN = {  # hypotheses whose statements have a notation of their own
    "f(x*) > 0": "the objective is positive at the solution",
    "the Lagrangian is concave": "with these multipliers the Lagrangian is concave",
}


def who(owner: str) -> str:
    """The decision maker at the head of a sentence.

    >>> who("buyer"), who("Anna"), who("each i"), who("planner")
    ('Agent buyer', 'Anna', 'Each i', 'The planner')
    """
    said = owner if owner.startswith("each ") else in_sentence(owner)
    return said[:1].upper() + said[1:]


def in_sentence(owner: str) -> str:
    """The decision maker within a sentence: a name that reads as one stands alone."""
    if owner.startswith("each "):
        return owner.replace("each", "any", 1)
    proper = len(owner) > 1 and owner[:1].isupper()
    return KNOWN.get(owner, owner if proper else f"agent {owner}")


def reasons(step: Sufficient) -> list[str]:
    """What a theorem needs beside the concavity that was said before it."""
    told = (" is concave", "so the transform is increasing")
    left = [
        SPOKEN.get(h.statement, h.statement)
        for h in step.hypotheses
        if h.statement in SPOKEN or not h.statement.endswith(told)
    ]
    foreseen = [s for s in left if s.endswith(", the later replies foreseen")]
    if foreseen and foreseen == left:
        return ["each choice is best, the later replies foreseen"]
    convex = [s.removesuffix(CONVEX) for s in left if s.endswith(CONVEX)]
    if len(convex) < 2:
        return left
    names = ", ".join(convex[:-1]) + f" and {convex[-1]}"
    return [f"{names} describe convex sets", *(s for s in left if not s.endswith(CONVEX))]


def within(symbol: sp.Symbol, interval: Interval) -> Word:
    """x >= 0, 0 <= x <= 1, or x alone where it is any number."""
    found = formulas_of(interval.contains(symbol))
    return found[0] if found else symbol


def bound_name(
    name: str, case: BindingCase, prices: Collection[str] | None = None
) -> tuple[Word, ...]:
    """A constraint by its name, a bound as it stands, x >= 0, a market by its price (where `prices`
    is not given, what looks like a bound is one), a side of a kink by its number."""
    edge = re.fullmatch(r"(kink\[\d+\]):(\d+)", name)
    if edge:
        return (f"side {int(edge[2]) + 1} of ", sp.Symbol(edge[1]))
    for symbol in case.unknowns:
        if str(symbol) == name:
            # Adding the symbol takes no other unknown away: only equations in it alone can be ends.
            unknowns = set(case.unknowns)
            own = [e for e in case.equations if e.free_symbols & unknowns == {symbol}]
            ends = (sign * (e + sign * symbol) for e in own for sign in (1, -1))
            end = next((e for e in ends if not e.free_symbols & unknowns), None)
            if (end is None) if prices is None else name in prices:
                return ("the market of ", symbol)
            if end is None:
                return ("the bound of ", symbol)
            high = any(str(u) == f"high[{name}]" for u in case.unknowns)
            return (Formula((symbol, "<=" if high else ">=", end)),)
    return (name,)


def product(one: Expr, two: Expr) -> Expr:
    """The product as it stands, sums in brackets."""
    return sp.Mul(one, two, evaluate=False)


def rows_of(rows: Rows) -> tuple[Formula, ...]:
    """One equation a row."""
    return tuple(equation(s, v) for s, v in rows)
