"""Kinks by epigraph: a concave term Min(u, v), -Max(u, v) or -Abs(u) becomes a new variable.

    max ... + c*Min(u, v)   ->   max ... + c*t,  t <= u, t <= v          (c > 0)
    max ... - c*Max(u, v)   ->   max ... - c*t,  t >= u, t >= v
    max ... - c*Abs(u)      ->   max ... - c*t,  t >= u, t >= -u

and so in constraints, where Abs and Max stand on the smaller side.  At an optimum t is the term.
Whether the term does enter concavely is not asked here: what comes out is verified as the kinked
problem was written.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.model.game import Action, Constraint
from alignsym.model.relations import Expr, Interval, Relation

KINKED = (sp.Abs, sp.Max, sp.Min)


@dataclass(frozen=True, slots=True)
class Lifted:
    """A smooth problem in more variables; `edges` tie the new variables to what they stand for."""

    objective: Expr
    actions: tuple[Action, ...]
    constraints: tuple[Constraint, ...]
    edges: tuple[Constraint, ...]


def lifted(
    objective: Expr,
    actions: tuple[Action, ...],
    constraints: tuple[Constraint, ...],
    first: int = 0,
) -> Lifted:
    """The problem with every kink of its objective and constraints replaced by a variable.

    `first` is the number of the first new variable.

    >>> x = sp.Symbol("x", real=True)
    >>> smooth = lifted(-sp.Abs(x - 1), (Action(x, Interval.real()),), ())
    >>> smooth.objective, [str(e.relation) for e in smooth.edges]
    (-kink[0], ['kink[0] >= x - 1', 'kink[0] >= 1 - x'])
    """
    chosen = {a.symbol for a in actions}
    kinks: dict[Expr, sp.Symbol] = {}
    formulas = [objective, *(s for c in constraints for s in (c.relation.left, c.relation.right))]
    for formula in formulas:
        # Inner kinks first: Max(Abs(x) - 1, 0) is a variable above another less one.
        for term in sorted(formula.atoms(*KINKED), key=lambda e: (_depth(e), str(e))):
            if term.free_symbols & chosen and term not in kinks:
                kinks[term] = sp.Symbol(f"kink[{first + len(kinks)}]", real=True)
    edges = []
    for term, variable in kinks.items():
        bounds = (term.args[0], -term.args[0]) if isinstance(term, sp.Abs) else term.args
        operator = "<=" if isinstance(term, sp.Min) else ">="
        for k, plain in enumerate(bounds):
            bound = plain.xreplace(kinks)
            relation = Relation(variable, operator, sp.expand(bound))  # type: ignore[arg-type]
            edges.append(Constraint(f"{variable}:{k}", relation))
    table = dict(kinks)
    return Lifted(
        objective.xreplace(table),
        (*actions, *(Action(v, Interval.real()) for v in kinks.values())),
        tuple(Constraint(c.name, c.relation.replaced(table), c.domain) for c in constraints),
        tuple(edges),
    )


def _depth(term: Expr) -> int:
    return sum(inner is not term for inner in term.atoms(*KINKED))


def separable(
    objective: Expr,
    actions: tuple[Action, ...],
    constraints: tuple[Constraint, ...],
    first: int = 0,
) -> Lifted:
    """`lifted` where every kink stands apart from the other actions; else the problem as it is.

    c*(x - 1)*Min(u, v) with the choice x is no concave term, and a new variable is no help.
    """
    smooth = lifted(objective, actions, constraints, first)
    known = {a.symbol for a in actions}
    new = [a.symbol for a in smooth.actions if a.symbol not in known]
    slopes = (sp.diff(smooth.objective, v) for v in new)
    if any(slope.free_symbols & known for slope in slopes):
        return Lifted(objective, actions, constraints, ())
    return smooth
