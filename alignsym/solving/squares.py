"""A square that can be made zero:  c - k*P(x)**2  is largest exactly where P(x) = 0.

What remains is a curve or surface of maxima, described by the equation P = 0 and the constraints.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import sympy as sp

from alignsym.conditions.system import System
from alignsym.model.relations import Expr
from alignsym.solving.branches import Branch, Partition
from alignsym.solving.faces import balanced
from alignsym.solving.strategies.isolate import isolate
from alignsym.solving.thresholds import conditions
from alignsym.steps import Hold


def zero_of_square(system: System, objective: Expr) -> Partition:
    """The set of points at which the only square of the objective vanishes."""
    base = square(objective, system.actions)
    if base is None:
        return Partition((), False, "the objective is not a constant minus one square")
    actions = set(system.actions)
    relations = [balanced(base, "==", actions)]
    for pair in system.pairs:
        relations.append(balanced(pair.slack, ">=", actions))
    for equation in system.equations:
        if equation.origin.kind == "constraint":
            relations.append(balanced(equation.expression, "==", actions))
    for member in members(base, system.actions):
        required = tuple(r.replaced(member) for r in relations)
        when = conditions(required, system.parameters)
        steps = (Hold(tuple(relations), when),)
        rows = tuple(member.items())
        branch = Branch(when, rows, frozenset(), steps, (), relations=tuple(relations))
        return Partition((branch,), not when, "" if not when else "perhaps not everywhere")
    return Partition((), False, "no point at which the square vanishes was found")


def square(objective: Expr, actions: tuple[sp.Symbol, ...]) -> Expr | None:
    """P if the objective is c - k*P**(2*m) with k a positive number and more than one action in P.

    >>> x, y, a = sp.symbols("x y a")
    >>> square(a - 2*(x*y - 3)**2, (x, y))
    x*y - 3
    """
    moving = [t for t in sp.Add.make_args(objective) if t.free_symbols & set(actions)]
    if len(moving) != 1:
        return None
    coefficient, part = moving[0].as_independent(*actions, as_Add=False)
    base, exponent = part.as_base_exp()
    even = exponent.is_Integer and exponent > 0 and exponent % 2 == 0
    if not (even and coefficient.is_negative) or len(base.free_symbols & set(actions)) < 2:
        return None
    return base


def members(base: Expr, actions: tuple[sp.Symbol, ...]) -> Iterator[dict[sp.Symbol, Expr]]:
    """Points with base = 0: one action from the others at simple numbers."""
    for chosen in actions:
        others = [s for s in actions if s != chosen]
        for numbers in product((sp.S.One, sp.S.Zero, sp.Integer(2)), repeat=min(len(others), 3)):
            table = dict.fromkeys(others, sp.S.Zero) | dict(zip(others, numbers))
            for root in isolate(base.xreplace(table), chosen):
                if not root.has(sp.zoo, sp.nan, sp.I):
                    yield {**table, chosen: root}
