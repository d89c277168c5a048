"""Best choices at kinks: the program with a variable in the place of every Min, Max and Abs.

    max f(x, K(x)), x in X    <=    max f(x, t), x in X, t <= u_j for K = Min(u_1..u_m)

(t >= u_j for Max; Abs(u) = Max(u, -u)).  Every feasible x with t = K(x) is feasible on the right,
so that x*, if (x*, K(x*)) is best there, is best on the left (epigraph form: Boyd and Vandenberghe
2004, 4.1.3).  Nothing is asked of how the kinks enter: where they do so in the wrong direction the
program on the right has a larger value, and its hypotheses fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from alignsym.claims import Proved, Unknown, Verdict
from alignsym.model.game import Action, Constraint
from alignsym.model.relations import Expr, Interval, Region, Relation
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import zero
from alignsym.verify.kinks import KINKS
from alignsym.verify.shapes import Shape, shape
from alignsym.verify.theorems import Priced

_ZERO = sp.S.Zero
Values = Mapping[sp.Symbol, Expr]
Optimal = Callable[[DecisionMaker, Values, tuple[Priced, ...], Region, Shape | Unknown], Verdict]


def best_at_kinks(
    maker: DecisionMaker, values: Values, priced: tuple[Priced, ...], region: Region, shown: Optimal
) -> Verdict:
    """Whether x* is best, by what `shown` says of the smooth program in more variables.

    `priced`: the maker's constraints and bounds with their multipliers.
    """
    others = {s: e for s, e in values.items() if s not in maker.variables}
    maker = maker.at(others)
    priced = tuple(Priced(p.name, p.relation.replaced(others), p.multiplier) for p in priced)
    formulas = [maker.objective, *(p.relation.gap for p in priced)]
    kinks = sorted({k for e in formulas for k in e.atoms(*KINKS)}, key=str)
    if not kinks or any(k is not other and k.has(other) for k in kinks for other in kinks):
        return Unknown("no kink, or one inside another")
    names = {k: sp.Dummy("t", real=True) for k in kinks}
    larger: dict[sp.Symbol, Expr] = dict(values)
    edges: list[tuple[Relation, bool]] = []
    for kink, name in names.items():
        branches = (kink.args[0], -kink.args[0]) if isinstance(kink, sp.Abs) else kink.args
        here = kink.xreplace(dict(values))
        tight = [
            isinstance(zero(here - u.xreplace(dict(values)), region), Proved) for u in branches
        ]
        if not any(tight):
            return Unknown("the branch of a kink is not decided")
        larger[name] = branches[tight.index(True)].xreplace(dict(values))
        operator = "<=" if isinstance(kink, sp.Min) else ">="
        edges += [
            (Relation(name, operator, u), at)  # type: ignore[arg-type]
            for u, at in zip(branches, tight, strict=True)
        ]
    kept = tuple(Priced(p.name, p.relation.replaced(names), p.multiplier) for p in priced)
    smooth = DecisionMaker(
        maker.name,
        maker.objective.xreplace(names),
        (*maker.actions, *(Action(t, Interval.real()) for t in names.values())),
        (
            *(Constraint(p.name, p.relation) for p in kept[: len(maker.constraints)]),
            *(Constraint(f"edge {k}", r) for k, (r, _) in enumerate(edges)),
        ),
        tuple(r.replaced(names) for r in maker.domain),
    )
    prices = _prices(smooth, kept, edges, larger)
    if prices is None:
        return Unknown("no weights of the branches of a kink make the Lagrangian stationary")
    count = len(maker.constraints)
    tied = tuple(Priced(f"edge {k}", r, prices[k]) for k, (r, _) in enumerate(edges))
    every = (*kept[:count], *tied, *kept[count:])
    return shown(smooth, larger, every, region, shape(smooth, region))


def _prices(
    maker: DecisionMaker,
    kept: tuple[Priced, ...],
    edges: list[tuple[Relation, bool]],
    values: Values,
) -> list[Expr] | None:
    """Multipliers of the edges that make dL = 0 at the values; slack ones have none.

    Where there are several, those that cannot be solved for are zero.  They are claims like any
    other: signs and stationarity are decided afterwards.
    """
    unknown = [sp.Dummy(f"m{k}") if tight else _ZERO for k, (_, tight) in enumerate(edges)]
    rows = []
    for v in maker.variables:
        slope = sp.diff(maker.objective, v)
        for p in kept:
            sign = -1 if p.relation.is_equality else 1
            slope += sign * p.multiplier * sp.diff(p.relation.gap, v)
        for m, (relation, _) in zip(unknown, edges, strict=True):
            slope += m * sp.diff(relation.gap, v)
        rows.append(sp.together(slope.xreplace(dict(values))))
    wanted = [m for m in unknown if m != 0]
    if any(e.has(sp.oo, sp.zoo, sp.nan, sp.Derivative, sp.Heaviside) for e in rows):
        return None
    found = list(sp.linsolve([sp.numer(e) for e in rows], wanted))
    if not found:
        return None
    loose = dict.fromkeys(wanted, _ZERO)
    table = {m: sp.cancel(e.xreplace(loose)) for m, e in zip(wanted, found[0], strict=True)}
    return [table.get(m, _ZERO) for m in unknown]
