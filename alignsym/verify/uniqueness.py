"""Is there another maximiser?  The claim `exhaustive` for one decision maker.

Maximisers of a concave g on a convex set agree on every affine form in which g is strictly concave
(else the midpoint is better), and on the value of g; so does the Lagrangian at a saddle point.
What is not pinned is asked of z3: feasible, the same value, different.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from alignsym.claims import (
    ByTheorem,
    Claim,
    Decided,
    Proved,
    SignDerivation,
    Unknown,
    Unsatisfiable,
    Verdict,
)
from alignsym.logic.decide import search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.concavity import Concave
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds
from alignsym.verify.rising import rises_towards
from alignsym.verify.shapes import Shape, constraint_curvatures
from alignsym.verify.theorems import Priced, algebraic, bent_lagrangian

_ZERO = sp.S.Zero
SIZE_LIMIT = 6


def unique_maximiser(
    maker: DecisionMaker,
    values: Mapping[sp.Symbol, Expr],
    priced: Sequence[Priced],
    region: Region,
    shape: Shape | Unknown,
    *,
    saddle: bool,
) -> Verdict:
    """Whether x* is the only maximiser, given that it is one and the problem is concave.

    `saddle`: stationarity and signs of the multipliers in `priced` have been proved.
    """
    if isinstance(shape, Unknown):
        bent = bent_lagrangian(maker, tuple(priced), region) if saddle else None
        if isinstance(bent, Concave):
            # Every maximiser of f maximises L, too.
            alone = variables_in(bent.pinned, maker, region)
            if set(maker.variables) <= {*bent.pinned, *alone}:
                return by_theorem("a strictly concave Lagrangian has one maximiser", region)
        if isinstance(rises_towards(maker, values, region, strictly=True), Proved):
            return by_theorem("f rises strictly towards the maximiser (Minty 1967)", region)
        return Unknown(f"uniqueness rests on concavity: {shape.reason}")
    if shape.inner != maker.objective and not shape.everywhere:
        # Where f(x*) = 0 the logarithm of f says nothing: every x with f(x) = 0 is as good.
        at = maker.objective.xreplace(dict(values))
        if not isinstance(holds(Relation(at, ">", _ZERO), region), Proved):
            return Unknown(f"{maker.name}'s objective is not shown to be positive at the solution")
    forms = [*shape.curvature.pinned, *_in_products(shape.curvature, values, region)]
    if saddle and not set(maker.variables) <= set(forms):
        forms += _pinned_by_constraints(maker, values, priced, region)
    pinned = (*forms, *variables_in(forms, maker, region))
    if set(maker.variables) <= set(pinned):
        return by_theorem("a strictly concave function has at most one maximiser", region, shape)
    other = {v: sp.Dummy(v.name, **v.assumptions0) for v in maker.variables}
    same = [Relation(form.xreplace(other), "==", form.xreplace(dict(values))) for form in pinned]
    flexible = shape.curvature.flexible
    if flexible is not None:
        moved = flexible.xreplace(other) - flexible.xreplace(dict(values))
        same.append(Relation(moved, "==", _ZERO))
    feasible = [r.replaced(other) for r in maker.feasible()]
    different = tuple(Relation(o, "!=", values[v]) for v, o in other.items() if v not in pinned)
    # A saddle point: every maximiser meets complementary slackness with the same multipliers.
    slackness = [
        Relation(sp.Mul(item.multiplier, item.relation.gap.xreplace(other)), "==", _ZERO)
        for item in priced
        if saddle and not item.relation.is_equality and item.multiplier != 0
    ]
    for more in ([], slackness):
        answer = search((*region, *feasible, *same, *more), any_of=different)
        if answer.is_proof:
            return by_theorem(
                "maximisers agree where the objective is strictly concave", region, shape
            )
    return Unknown("other maximisers with the same value are not excluded")


def _in_products(
    curvature: Concave, values: Mapping[sp.Symbol, Expr], region: Region
) -> list[Expr]:
    """The forms of strictly concave products that are positive at x*, on which maximisers agree.

    All points between x* and another maximiser are maximisers; near x* the forms are positive
    there, where the product is strictly concave in them, so they do not move along the segment.
    """
    return [
        form
        for forms in curvature.products
        if all(
            isinstance(holds(Relation(u.xreplace(dict(values)), ">", _ZERO), region), Proved)
            for u in forms
        )
        for form in forms
    ]


def _pinned_by_constraints(
    maker: DecisionMaker,
    values: Mapping[sp.Symbol, Expr],
    priced: Sequence[Priced],
    region: Region,
) -> list[Expr]:
    """Forms in which a constraint with a positive multiplier is strictly (quasi-)concave.

    Every maximiser maximises the Lagrangian, which is strictly concave in them; for a transform of
    the constraint, that with the multiplier that belongs to the transform, positive like its own.
    """
    out: list[Expr] = []
    premises = (*region, *maker.bounds())
    for item in priced[: len(maker.constraints)]:
        if item.relation.is_equality or not item.relation.gap.free_symbols & set(maker.variables):
            continue
        pinned: tuple[Expr, ...] = ()
        for curvature in constraint_curvatures(item.relation, maker.variables, premises):
            here = (*curvature.pinned, *_in_products(curvature, values, region))
            pinned = max(pinned, here, key=len)
            if set(maker.variables) <= set(pinned):
                break
        if pinned:
            positive = holds(Relation(item.multiplier, ">", _ZERO), region)
            out += pinned if isinstance(positive, Proved) else ()
    return out


def variables_in(pinned: Sequence[Expr], maker: DecisionMaker, region: Region) -> list[sp.Symbol]:
    """Variables that a pinned form determines alone: x from a*x + b with a != 0."""
    out = []
    for form in pinned:
        inside = [v for v in maker.variables if form.has(v)]
        if len(inside) != 1:
            continue
        slope = sp.diff(form, inside[0])
        constant = not slope.free_symbols & set(maker.variables)
        if constant and isinstance(holds(Relation(slope, "!=", _ZERO), region), Proved):
            out += inside
    return out


def only_listed(
    maker: DecisionMaker,
    value: Expr,
    listed: Sequence[tuple[Region, Mapping[sp.Symbol, Expr]]],
    region: Region,
) -> Verdict:
    """Whether every maximiser is among the listed ones: none other attains the maximal value.

    For algebraic problems, whatever their shape.  `listed`: solutions with their conditions.
    """
    if not algebraic(maker.objective):
        return Unknown("the comparison of values is for algebraic objectives")
    other = {v: sp.Dummy(v.name, **v.assumptions0) for v in maker.variables}
    feasible = [r.replaced(other) for r in maker.feasible()]
    same = Relation(maker.objective.xreplace(other), ">=", value)
    known = [
        (*when, *(Relation(other[v], "==", values[v]) for v in maker.variables))
        for when, values in listed
    ]
    if search((*region, *feasible, same), outside=known).is_proof:
        return Proved((Unsatisfiable((*region, *feasible, same), ()),))
    return Unknown("other maximisers with the same value are not excluded")


def by_theorem(theorem: str, region: Region, shape: Shape | None = None) -> Proved:
    claim = Claim("hypothesis", None, "", theorem, region)
    facts = (Decided(claim, Proved((SignDerivation(_ZERO, "strict concavity"),))),)
    return Proved((ByTheorem(theorem, facts if shape is None else (*facts, *shape.hypotheses)),))
