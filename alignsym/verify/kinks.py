"""Shadow prices at kinks: Min, Max and Abs of affine forms in a concave program.

    K = Max(u_1..u_m):   dK = sum a_i grad u_i,   a_i >= 0,  sum a_i = 1,  a_i (K - u_i) = 0

(Min alike; Abs(u) = Max(u, -u)).  With a variable in the place of every kink the program is smooth;
if its constraints are affine then, multipliers exist at every optimum without a qualification
(Rockafellar 1970, corollary 28.2.2), and where all that satisfy the conditions agree in mu_k, mu_k
is the shadow price of constraint k.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy as sp

from alignsym.claims import ByTheorem, Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import search
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.context import Context
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero
KINKS = (sp.Min, sp.Max, sp.Abs)


@dataclass(slots=True)
class Kinks:
    """Every kink met, with the unknown weights of its branches, and what these satisfy."""

    maker: DecisionMaker
    values: Mapping[sp.Symbol, Expr]
    conditions: list[Relation] = field(default_factory=list)
    weights: dict[Expr, list[tuple[sp.Symbol, Expr]]] = field(default_factory=dict)

    def gradient(self, f: Expr) -> dict[sp.Symbol, Expr] | None:
        """df/dx at the values with the kinks' derivatives as weighted sums; None if not of the
        kind."""
        kinks = sorted(f.atoms(*KINKS), key=str)
        names = {k: sp.Dummy("kink", real=True) for k in kinks}
        if any(k is not other and k.has(other) for k in kinks for other in kinks):
            return None
        smooth = f.xreplace(names)
        back = {name: kink for kink, name in names.items()}
        out = {}
        for v in self.maker.variables:
            slope = sp.diff(smooth, v)
            for kink, name in names.items():
                outer = sp.diff(smooth, name)
                slope += outer * sum((a * sp.diff(u, v) for a, u in self._branches(kink)), _ZERO)
            slope = slope.xreplace(back)
            out[v] = slope.xreplace(dict(self.values))
        return out

    def _branches(self, kink: Expr) -> list[tuple[sp.Symbol, Expr]]:
        if kink not in self.weights:
            branches = (kink.args[0], -kink.args[0]) if isinstance(kink, sp.Abs) else kink.args
            rows = [(sp.Dummy("a", real=True), u) for u in branches]
            self.weights[kink] = rows
            total = sp.Add(*(a for a, _ in rows))
            self.conditions.append(Relation(total, "==", sp.S.One))
            for a, u in rows:
                gap = (kink - u).xreplace(dict(self.values))
                self.conditions.append(Relation(a, ">=", _ZERO))
                self.conditions.append(Relation(sp.Mul(a, gap), "==", _ZERO))
        return self.weights[kink]


def kinked_multipliers(
    maker: DecisionMaker,
    values: Mapping[sp.Symbol, Expr],
    named: Mapping[str, Expr],
    bounds: Mapping[str, Expr],
    region: Region,
) -> Verdict:
    """Whether the listed multipliers are the only ones, given that x* maximises a concave program.

    `named`: of constraints; `bounds`: of the ends of actions, one entry an action.
    """
    context = Context(maker.variables, region)
    relations = [c.relation for c in maker.constraints]
    pieces = [maker.objective, *(r.gap for r in relations)]
    for kink in {k for e in pieces for k in e.atoms(*KINKS)}:
        if not all(context.affine(sp.expand(u)) for u in kink.args):
            return Unknown("a kink is not one of affine forms")
    for relation in relations:
        names = {k: sp.Dummy("kink", real=True) for k in relation.gap.atoms(*KINKS)}
        wider = Context((*maker.variables, *names.values()), region)
        if not wider.affine(sp.expand(relation.gap.xreplace(names))):
            return Unknown("a constraint is not piecewise affine")
    # On the edge of its domain the objective may have no supergradient or too few: multipliers
    # need not exist, and nothing would satisfy the conditions below, whatever is claimed.
    for needed in maker.domain:
        inside = needed.replaced(values).tightened()
        if needed.is_equality or not isinstance(holds(inside, region), Proved):
            return Unknown("the solution is not shown to be inside the objective's domain")
    kinks = Kinks(maker, values)
    rows = kinks.gradient(maker.objective)
    if rows is None:
        return Unknown("a kink inside a kink")
    wanted: list[Relation] = []
    different: list[Relation] = []
    ends = [(a.name, r) for a in maker.actions for r in a.interval.contains(a.symbol)]
    listed = [(named.get(c.name), c.relation) for c in maker.constraints]
    listed += [(None, r) for _, r in ends if not r.is_strict]
    prices: dict[str, Expr] = {}
    for k, (claimed, relation) in enumerate(listed):
        mu = sp.Dummy("mu", real=True)
        slopes = kinks.gradient(relation.gap)
        if slopes is None:
            return Unknown("a kink inside a kink")
        sign = -1 if relation.is_equality else 1
        for v in maker.variables:
            rows[v] += sign * mu * slopes[v]
        if not relation.is_equality:
            gap = relation.gap.xreplace(dict(values))
            wanted += [Relation(mu, ">=", _ZERO), Relation(sp.Mul(mu, gap), "==", _ZERO)]
        if claimed is not None:
            different.append(Relation(mu, "!=", claimed))
        elif k >= len(maker.constraints):
            name = [n for n, r in ends if not r.is_strict][k - len(maker.constraints)]
            prices[name] = prices.get(name, _ZERO) + mu
    different += [Relation(total, "!=", bounds.get(n, _ZERO)) for n, total in prices.items()]
    for e in rows.values():
        if e.has(sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I):
            return Unknown("a gradient is not finite at the solution")
        for needed in natural_domain(e):
            if not isinstance(holds(needed, region), Proved):
                return Unknown("a gradient is not shown to be defined at the solution")
    wanted += [Relation(e, "==", _ZERO) for e in rows.values() if e != 0]
    premises = (*region, *kinks.conditions, *wanted)
    if search(premises).is_proof:
        return Unknown("no multipliers satisfy the conditions")
    if different and not search(premises, any_of=tuple(different)).is_proof:
        return Unknown("at a kink the multipliers are a set, or are not shown to be unique")
    evidence = Unsatisfiable(premises, tuple(different))
    theorem = "multipliers exist for affine constraints (Rockafellar 1970, 28.2.2)"
    return Proved((ByTheorem(theorem, ()), evidence))
