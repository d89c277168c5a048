"""The theorems optimality may rest on; each hypothesis is decided every time.

*Concave sufficiency* (Karush 1939, Kuhn and Tucker 1951; quasi-convex constraints: Mangasarian
1969,
10.1): f = phi(g) with phi increasing, g concave on a convex set that contains the feasible set,
inequality gaps quasi-concave, equalities affine, f differentiable at a feasible x* with multipliers
of the right signs, complementary slackness and dL/dx = 0  =>  x* maximises f over the feasible set.

*Pseudoconcave sufficiency* (Mangasarian 1969, 10.1.1): the same for a strictly pseudoconcave g,
here in one variable; see `unimodal`.

*Lagrangian sufficiency* (Everett 1963): x* maximises L(x) = f + sum mu g - sum nu h over the convex
set of bounds and domains, mu >= 0 and mu g(x*) = 0  =>  x* maximises f, whatever the shape of the
constraints: f(x) <= L(x) <= L(x*) = f(x*).  With these mu L is concave and dL/dx = 0 at x*.

*Direct comparison*: no feasible x has f(x) > f(x*), as z3 finds no such x.

*A way on which f rises* (Minty 1967) leads to x* from every feasible x; see `rising`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import sympy as sp

from alignsym.claims import (
    ByTheorem,
    Proved,
    SignDerivation,
    Unknown,
    Unsatisfiable,
    Verdict,
    weakest,
)
from alignsym.logic.decide import search
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.apart import divided
from alignsym.verify.concavity import Concave, NotShown, concave
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds, hypothesis, zero
from alignsym.verify.rising import rises_towards
from alignsym.verify.shapes import Shape

Values = Mapping[sp.Symbol, Expr]
_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Priced:
    """A binding candidate of one relation: its slack at x*, and its multiplier; signs by kind."""

    name: str
    relation: Relation
    multiplier: Expr


EVERETT = "Lagrangian sufficiency (Everett 1963)"
_SUFFICIENCY = (
    "concave sufficiency (Kuhn and Tucker 1951)",
    "pseudoconcave sufficiency (Mangasarian 1969)",
)


def stationary(
    maker: DecisionMaker, values: Values, priced: tuple[Priced, ...], region: Region
) -> Verdict:
    """dL/dx = 0 at x*: grad f + sum mu grad(slack) - sum nu grad(h - c) = 0, defined on the
    region."""
    return _stationary(maker, tuple(values.items()), priced, region)


@lru_cache(maxsize=64)  # optimality and the multipliers both rest on it
def _stationary(
    maker: DecisionMaker,
    solved: tuple[tuple[sp.Symbol, Expr], ...],
    priced: tuple[Priced, ...],
    region: Region,
) -> Verdict:
    values = dict(solved)
    verdicts: list[Verdict] = []
    for variable in maker.variables:
        # With many actions nearly all constraints are about others.
        near = [item for item in priced if variable in item.relation.free_symbols]
        slopes = [sp.diff(maker.objective, variable)]
        for item in near:
            slope = sp.diff(item.relation.gap, variable)
            slopes.append((-1 if item.relation.is_equality else 1) * item.multiplier * slope)
        gradient = sp.Add(*slopes)
        for jump in gradient.atoms(sp.Heaviside, sp.sign, sp.DiracDelta):
            # At a kink SymPy's derivative is one number among many, and perhaps none of them.
            side = jump.args[0].xreplace(values)
            if not isinstance(holds(Relation(side, "!=", _ZERO), region), Proved):
                return Unknown(f"{maker.name}'s objective may have a kink at the solution")
        if gradient.has(sp.Derivative):
            # Of |x| for a symbol that is not declared real, SymPy has no derivative.
            return Unknown(f"the derivative of {maker.name}'s objective in {variable} is not known")
        at = gradient.xreplace(values)
        if at.has(sp.zoo, sp.nan, sp.oo):
            return Unknown(
                f"the derivative of {maker.name}'s objective in {variable} is not finite"
            )
        verdicts.append(zero(at, region))
        # The identity holds where the gradients are defined; that they are is a hypothesis of its
        # own.
        parts = [
            maker.objective,
            *(i.relation.left for i in near),
            *(i.relation.right for i in near),
        ]
        for part in parts:
            slope = sp.diff(part, variable)
            verdicts += [holds(r.replaced(values), region) for r in natural_domain(slope)]
    return weakest(verdicts)


def signs(values: Values, priced: tuple[Priced, ...], region: Region) -> Verdict:
    """Multipliers of inequalities nonnegative, and zero where the slack is not."""
    verdicts: list[Verdict] = []
    for item in priced:
        if item.relation.is_equality:
            continue
        verdicts.append(holds(Relation(item.multiplier, ">=", _ZERO), region))
        slack = item.relation.gap.xreplace(dict(values))
        verdicts.append(
            zero(sp.Mul(item.multiplier, slack), region) if item.multiplier != 0 else Proved()
        )
    return weakest(verdicts)


def optimal(
    maker: DecisionMaker,
    values: Values,
    priced: tuple[Priced, ...],
    region: Region,
    found: Shape | Unknown,
) -> Verdict:
    """Whether x* maximises the objective over the feasible set, by one of the theorems above."""
    reason = found.reason if isinstance(found, Unknown) else ""
    if isinstance(found, Shape):
        smooth, prices = divided(maker, values, priced, region)
        facts = [
            *found.hypotheses,
            hypothesis("dL/dx = 0", stationary(smooth, values, prices, region), region),
            hypothesis("signs and complementary slackness", signs(values, prices, region), region),
        ]
        if found.inner != maker.objective and not found.everywhere:
            at = maker.objective.xreplace(dict(values))
            facts.append(hypothesis("f(x*) > 0", holds(Relation(at, ">", _ZERO), region), region))
        if found.slope is not None:
            at = Relation(found.slope.positive.xreplace(dict(values)), ">", _ZERO)
            facts.append(hypothesis(f"{at}", holds(at, region), region))
        verdict = weakest(d.verdict for d in facts)
        if isinstance(verdict, Proved):
            return Proved((ByTheorem(_SUFFICIENCY[found.slope is not None], tuple(facts)),))
        reason = getattr(verdict, "reason", "")
    bent = lagrangian(maker, values, priced, region)
    if isinstance(bent, Proved):
        return bent
    for shown in (compared(maker, values, region), rises_towards(maker, values, region)):
        if isinstance(shown, Proved):
            return shown
    return Unknown(reason)


def lagrangian(
    maker: DecisionMaker, values: Values, priced: tuple[Priced, ...], region: Region
) -> Verdict:
    """Whether L with the multipliers given is concave, and stationary at x*; then x* is optimal."""
    bent = bent_lagrangian(maker, priced, region)
    if isinstance(bent, NotShown):
        return Unknown("the Lagrangian is not shown to be concave")
    facts = (
        hypothesis(
            "the Lagrangian is concave", Proved((SignDerivation(_ZERO, "concave"),)), region
        ),
        hypothesis("dL/dx = 0", stationary(maker, values, priced, region), region),
        hypothesis("signs and complementary slackness", signs(values, priced, region), region),
    )
    verdict = weakest(d.verdict for d in facts)
    return Proved((ByTheorem(EVERETT, facts),)) if isinstance(verdict, Proved) else verdict


@lru_cache(maxsize=64)  # optimality and uniqueness both rest on it
def bent_lagrangian(
    maker: DecisionMaker, priced: tuple[Priced, ...], region: Region
) -> Concave | NotShown:
    """How concave f + sum mu g - sum nu h is on the bounds and the domain; NotShown without
    constraints that are bent, for which the other theorems are."""
    own = priced[: len(maker.constraints)]
    if all(item.relation.gap.is_polynomial(*maker.variables)
           and sp.Poly(item.relation.gap, *maker.variables).total_degree() <= 1
           for item in own):  # fmt: skip
        return NotShown(maker.objective)
    terms = [(-1 if i.relation.is_equality else 1) * i.multiplier * i.relation.gap for i in own]
    total = sp.expand(sp.Add(maker.objective, *terms))
    if any(v.free_symbols & set(maker.variables) for v in (i.multiplier for i in own)):
        return NotShown(total)
    needed = dict.fromkeys((*maker.domain, *natural_domain(total)))
    for item in own:
        needed.update(dict.fromkeys(natural_domain(item.relation.gap)))
    return concave(total, maker.variables, (*region, *maker.bounds()), tuple(needed))


def compared(maker: DecisionMaker, values: Values, region: Region) -> Verdict:
    """Direct comparison for algebraic problems: no feasible x with f(x) > f(x*)."""
    others = {s: e for s, e in values.items() if s not in maker.variables}
    objective = maker.objective.xreplace(others)
    better = Relation(objective, ">", maker.objective.xreplace(dict(values)))
    if not algebraic(objective):
        return Unknown("direct comparison is for algebraic objectives")
    premises = (*region, *(r.replaced(others) for r in maker.feasible()))
    if search((*premises, better)).is_proof:
        return Proved((Unsatisfiable(premises, (better.negated(),)),))
    return Unknown("z3 does not exclude a better choice")


def algebraic(e: Expr) -> bool:
    """Whether e is made of polynomials, quotients, roots, |u|, Min and Max, and so continuous."""
    if isinstance(e, sp.Pow):
        return not e.exp.free_symbols and algebraic(e.base)
    if isinstance(e, (sp.Add, sp.Mul, sp.Abs, sp.Min, sp.Max)):
        return all(algebraic(a) for a in e.args)
    return e.is_Symbol or e.is_number
