"""A constraint with a Max is several constraints: the price of the one on those that bind.

    r - c*max(u, v) >= 0   <=>   r - c*u >= 0  and  r - c*v >= 0          (c > 0; min, |u| alike)

Its multiplier mu is divided among them, mu = mu_u + mu_v, on those where the maximum is.  At a kink
the division is the one that makes the Lagrangian stationary; any that does will do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import sympy as sp

from alignsym.claims import Proved
from alignsym.model.agents import Constraint
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds
from alignsym.verify.facts import zero as vanishes

if TYPE_CHECKING:
    from alignsym.verify.theorems import Priced

_ZERO = sp.S.Zero


def divided(
    maker: DecisionMaker, values: Mapping[sp.Symbol, Expr], priced: tuple[Priced, ...],
    region: Region,
) -> tuple[DecisionMaker, tuple[Priced, ...]]:  # fmt: skip
    """The same program with kinked constraints as smooth ones, and a multiplier for each."""
    own = len(maker.constraints)
    constraints: list[Constraint] = []
    prices: list[Priced] = []
    weight = sp.Dummy("w", real=True)
    for constraint, item in zip(maker.constraints, priced[:own], strict=True):
        gaps = pieces(constraint.relation, maker.variables)
        shares = _shares(gaps, values, region, weight) if len(gaps) == 2 else None
        if shares is None:
            constraints.append(constraint)
            prices.append(item)
            continue
        for k, (gap, share) in enumerate(zip(gaps, shares, strict=True)):
            relation = Relation(gap, ">=", _ZERO)
            constraints.append(Constraint(f"{constraint.name}#{k}", relation))
            price = item.multiplier * share
            prices.append(
                replace(item, name=constraints[-1].name, relation=relation, multiplier=price)
            )
    if len(constraints) == own:
        return maker, priced
    whole = (*prices, *priced[own:])
    if any(p.multiplier.has(weight) for p in whole):
        found = _weight(maker, values, whole, weight)
        if found is None:
            return maker, priced
        whole = tuple(replace(p, multiplier=p.multiplier.xreplace({weight: found})) for p in whole)
    return replace(maker, constraints=tuple(constraints)), whole


def pieces(relation: Relation, variables: tuple[sp.Symbol, ...]) -> list[Expr]:
    """The gaps whose being nonnegative together says the same; one if there is no kink to part.

    >>> x, y, m = sp.symbols("x y m", positive=True)
    >>> pieces(Relation(sp.Max(x, 2*x - 1) + y, "<=", m), (x, y))
    [m - 2*x - y + 1, m - x - y]
    """
    gap = relation.gap
    if relation.operator not in ("<=", ">="):
        return [gap]
    for term in sp.Add.make_args(sp.expand(gap)):
        kinks = [f for f in sp.Mul.make_args(term) if isinstance(f, (sp.Max, sp.Min, sp.Abs))]
        if len(kinks) != 1 or not kinks[0].free_symbols & set(variables):
            continue
        (kink,) = kinks
        coefficient = term / kink
        wanted = coefficient.is_positive if isinstance(kink, sp.Min) else coefficient.is_negative
        if not wanted or coefficient.free_symbols & set(variables):
            continue
        args = (kink.args[0], -kink.args[0]) if isinstance(kink, sp.Abs) else kink.args
        rest = sp.expand(gap) - term
        return [sp.expand(rest + coefficient * e) for e in sorted(args, key=str)]
    return [gap]


def _shares(
    gaps: list[Expr], values: Mapping[sp.Symbol, Expr], region: Region, weight: sp.Symbol
) -> tuple[Expr, Expr] | None:
    """Whose the multiplier is: of the smaller gap, or divided where both are equal."""
    one, two = (gap.xreplace(dict(values)) for gap in gaps)
    if isinstance(vanishes(one - two, region), Proved):
        return weight, 1 - weight
    if isinstance(holds(Relation(one, "<=", two), region), Proved):
        return sp.S.One, _ZERO
    if isinstance(holds(Relation(two, "<=", one), region), Proved):
        return _ZERO, sp.S.One
    return None


def _weight(
    maker: DecisionMaker, values: Mapping[sp.Symbol, Expr], priced: tuple[Priced, ...],
    weight: sp.Symbol,
) -> Expr | None:  # fmt: skip
    """The weight that makes one condition dL/dx = 0 true; all are checked afterwards."""
    for v in maker.variables:
        row = sp.diff(maker.objective, v)
        for item in priced:
            sign = -1 if item.relation.is_equality else 1
            row += sign * item.multiplier * sp.diff(item.relation.gap, v)
        row = sp.expand(row.xreplace(dict(values)))
        slope = row.coeff(weight, 1)
        if slope != 0 and not slope.has(weight):
            return sp.factor(sp.cancel(-row.coeff(weight, 0) / slope))
    return None
