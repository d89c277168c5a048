"""From every feasible choice the objective rises on the way to x*: then x* is best.

    grad f(z) . (x* - z) >= 0  for all feasible z     =>   f(z) <= f(x*)

The feasible set is cut out by affine relations, so that the way from z to x* stays in it, and on
the way from z to x* the derivative of f at z' is that expression at z', divided by a positive
number (Minty 1967; Crespi, Ginchev and Rocca 2004 for optimisation).  Where it is positive for all
z but x*, there is no other maximiser.  No concavity is needed: a logistic benefit less a cost, or
what rises over all of an interval, is of this kind.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from alignsym.claims import ByTheorem, Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import implies, search
from alignsym.model.domains import natural_domain
from alignsym.model.functions import JUMPS
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import hypothesis

MINTY = "a way on which the objective rises (Minty 1967)"
VARIABLES = 3
SIZE_LIMIT = 150


def rises_towards(
    maker: DecisionMaker,
    values: Mapping[sp.Symbol, Expr],
    region: Region,
    *,
    strictly: bool = False,
) -> Verdict:
    """Whether the objective rises from every feasible choice towards x*, which is feasible.

    `strictly`: from every other one it does so strictly, and x* is the only maximiser.
    """
    variables = maker.variables
    here = maker.at(values)
    feasible = here.feasible()
    f = here.objective
    if len(variables) > VARIABLES or f.count_ops() > SIZE_LIMIT:
        return Unknown("the objective is too long, or has too many actions")
    if f.has(sp.Sum, sp.Product, sp.Indexed):
        return Unknown("derivatives of sums over members are not taken here")
    if f.has(*JUMPS, sp.Abs, sp.Max, sp.Min) or not all(_is_affine(r, variables) for r in feasible):
        return Unknown("a kink, or a constraint that is not affine")
    at = {v: values[v] for v in variables}
    slopes = [sp.diff(f, v) for v in variables]
    if any(s.has(sp.Derivative, sp.Subs) for s in slopes):
        return Unknown("a derivative is not known")
    inside = (*region, *feasible)
    smooth = dict.fromkeys(r for e in (f, *slopes) for r in natural_domain(e))
    # Defined everywhere, and at x*: f is continuous along the way and at its end.
    if not all(
        implies(inside, r).is_proof and implies(region, r.replaced(at)).is_proof for r in smooth
    ):
        return Unknown("the gradient is not shown to be defined at every feasible choice")
    rise = sp.Add(*(s * (at[v] - v) for s, v in zip(slopes, variables, strict=True)))
    wrong = Relation(rise, "<=" if strictly else "<", sp.S.Zero)
    others = tuple(Relation(v, "!=", at[v]) for v in variables) if strictly else ()
    if not search((*inside, wrong), any_of=others).is_proof:
        return Unknown("the objective is not shown to rise towards the solution")
    shown = Proved((Unsatisfiable(inside, (wrong.negated(),)),))
    fact = hypothesis("grad f(z).(x* - z) has the sign claimed", shown, region)
    return Proved((ByTheorem(MINTY, (fact,)),))


def _is_affine(relation: Relation, variables: tuple[sp.Symbol, ...]) -> bool:
    """An affine relation other than !=, which would cut the way."""
    gap = relation.gap
    if relation.operator == "!=" or not gap.is_polynomial(*variables):
        return relation.operator != "!=" and not gap.has(*variables)
    return bool(sp.Poly(gap, *variables).total_degree() <= 1)
