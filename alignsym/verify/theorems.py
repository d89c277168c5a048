"""The theorems optimality may rest on; each hypothesis is decided every time.

*Concave sufficiency* (Karush 1939, Kuhn and Tucker 1951; quasi-convex constraints: Mangasarian
1969,
10.1): f = phi(g) with phi increasing, g concave on a convex set that contains the feasible set,
inequality gaps quasi-concave, equalities affine, f differentiable at a feasible x* with multipliers
of the right signs, complementary slackness and dL/dx = 0  =>  x* maximises f over the feasible set.

*Direct comparison*: no feasible x has f(x) > f(x*), as z3 finds no such x.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from alignsym.claims import (
    ByTheorem,
    Claim,
    Decided,
    Identity,
    Proved,
    SignDerivation,
    Unknown,
    Unsatisfiable,
    Verdict,
    weakest,
)
from alignsym.logic.decide import implies, search
from alignsym.logic.normal import is_identically_zero
from alignsym.logic.powers import flattened_on
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.concavity import Concave, NotShown, concave
from alignsym.verify.decision import DecisionMaker

Values = Mapping[sp.Symbol, Expr]
_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Priced:
    """A binding candidate of one relation: its slack at x*, and its multiplier; signs by kind."""

    name: str
    relation: Relation
    multiplier: Expr


def zero(expression: Expr, region: Region) -> Verdict:
    """Whether the expression is zero on the region: the normal form, else z3."""
    if is_identically_zero(expression):
        return Proved((Identity(expression, _ZERO),))
    opened = flattened_on(expression, region)
    if opened != expression and is_identically_zero(opened):
        return Proved((Identity(opened, _ZERO),))
    relation = Relation(expression, "==", _ZERO)
    if implies(region, relation).is_proof:
        return Proved((Unsatisfiable(region, (relation,)),))
    return Unknown(f"{_short(expression)} = 0 is not shown")


def holds(relation: Relation, region: Region) -> Verdict:
    """Whether the relation is defined and true on the region."""
    if relation.is_equality:
        return zero(relation.gap, region)
    if not relation.is_strict and is_identically_zero(relation.gap):
        return Proved((Identity(relation.left, relation.right),))
    answer = implies(region, relation)
    if answer.is_proof:
        return Proved((Unsatisfiable(region, (relation,)),))
    return Unknown(f"{_short(relation)} is not shown")


def _short(thing: object) -> str:
    text = str(thing)
    return text if len(text) <= 70 else text[:67] + "..."


def hypothesis(statement: str, verdict: Verdict, region: Region) -> Decided:
    """A decided hypothesis of a theorem."""
    return Decided(Claim("hypothesis", None, "", statement, region), verdict)


# ------------------------------------------------------------------ concave sufficiency
@dataclass(frozen=True, slots=True)
class Shape:
    """How concave a decision maker's problem is: f = phi(g), g concave, and what g pins down."""

    inner: Expr
    curvature: Concave
    hypotheses: tuple[Decided, ...]


def shape(maker: DecisionMaker, premises: Region) -> Shape | Unknown:
    """An increasing transform of the objective that is concave on a convex set around the feasible
    one.

    `premises`: what is known of parameters and of the others' choices.
    """
    premises = (*premises, *maker.bounds(), *_affine_constraints(maker))
    convex: list[Decided] = []
    for constraint in maker.constraints:
        verdict = convex_constraint(constraint.relation, maker.variables, premises)
        convex.append(hypothesis(f"{constraint.name} describes a convex set", verdict, premises))
        if not isinstance(verdict, Proved):
            return Unknown(f"{constraint.name} is not shown to describe a convex set")
    stopped = maker.objective
    best: Shape | None = None
    for inner, needed in transforms(maker.objective, maker.variables):
        facts = []
        here = (*premises, *maker.domain)
        for relation in needed:
            verdict = holds(relation, here)
            facts.append(hypothesis(f"{relation}, so the transform is increasing", verdict, here))
        if any(not isinstance(d.verdict, Proved) for d in facts):
            continue
        domain = tuple(dict.fromkeys((*maker.domain, *natural_domain(inner))))
        found = concave(inner, maker.variables, premises, domain)
        if isinstance(found, NotShown):
            stopped = found.term
            continue
        evidence = Proved((SignDerivation(inner, "concave"),))
        facts.append(hypothesis(f"{_short(inner)} is concave", evidence, (*premises, *domain)))
        candidate = Shape(inner, found, (*facts, *convex))
        # The form that pins most is kept: x**w*y**(1 - w) is concave, its logarithm strictly so.
        if best is None or len(found.pinned) > len(best.curvature.pinned):
            best = candidate
        if set(maker.variables) <= set(found.pinned):
            break
    if best is not None:
        return best
    return Unknown(f"{_short(stopped)} is not shown to be concave in {_names(maker.variables)}")


def _names(variables: tuple[sp.Symbol, ...]) -> str:
    return ", ".join(str(v) for v in variables)


def _affine_constraints(maker: DecisionMaker) -> Region:
    """Constraints that cut out a convex set around the feasible one, usable as premises."""
    return tuple(
        c.relation
        for c in maker.constraints
        if c.relation.operator != "!="
        and c.relation.gap.is_polynomial(*maker.variables)
        and sp.Poly(c.relation.gap, *maker.variables).total_degree() <= 1
    )


def transforms(f: Expr, variables: tuple[sp.Symbol, ...]) -> list[tuple[Expr, Region]]:
    """Pairs (g, hypotheses) such that f = phi(g) with phi increasing where the hypotheses hold.

    f itself;  c*prod b_i**e_i -> sum e_i log b_i  (c > 0, b_i >= 0, e_i > 0 or b_i > 0; where a b_i
    is zero f is 0, less than at x*; a single b_i with an odd power may be negative, for then f
    is);  c*b**e -> e*b  (c > 0, b > 0).
    """
    out: list[tuple[Expr, Region]] = [(f, ())]
    constant, rest = f.as_independent(*variables, as_Add=False)
    if rest == 1 or rest.is_Add:
        return out
    powers = [factor.as_base_exp() for factor in sp.Mul.make_args(rest)]
    if any(e.free_symbols & set(variables) or b is sp.E for b, e in powers):
        return out
    positive = Relation(constant, ">", _ZERO)
    if len(powers) == 1:
        base, exponent = powers[0]
        out.append((exponent * base, (positive, Relation(base, ">", _ZERO))))
    needed = [positive]
    # One factor to an odd power may be negative: there f is negative too, less than at x*.
    odd = [b for b, e in powers if e.is_Integer and e.is_odd and e > 0 and not b.is_nonnegative]
    for base, exponent in powers:
        if odd == [base]:
            continue
        needed.append(Relation(base, ">=", _ZERO))
        if exponent.is_positive is not True:
            needed.append(Relation(exponent, ">", _ZERO))
    out.append((sp.Add(*(e * sp.log(b) for b, e in powers)), tuple(needed)))
    return out


def convex_constraint(
    relation: Relation, variables: tuple[sp.Symbol, ...], premises: Region
) -> Verdict:
    """Whether the relation cuts out a convex set: affine equality, (quasi-)concave gap."""
    gap = relation.gap
    if not gap.free_symbols & set(variables):
        return Proved()
    if relation.is_equality:
        affine = gap.is_polynomial(*variables) and sp.Poly(gap, *variables).total_degree() <= 1
        if affine:
            return Proved((SignDerivation(gap, "affine"),))
        return Unknown(f"{_short(gap)} is not affine")
    if isinstance(constraint_curvature(relation, variables, premises), Concave):
        return Proved((SignDerivation(gap, "quasi-concave"),))
    return Unknown(f"{_short(gap)} is not shown to be quasi-concave")


def constraint_curvature(
    relation: Relation, variables: tuple[sp.Symbol, ...], premises: Region
) -> Concave | NotShown:
    """The concavity of an inequality's gap, or of a transform that cuts out the same set.

    u(x) >= c > 0 is log u(x) >= log c: upper level sets of a log-concave function are convex.
    """
    gap = relation.gap
    if relation.operator == "!=":
        return NotShown(gap)
    found = concave(gap, variables, premises)
    constant, moving = gap.as_independent(*variables, as_Add=True)
    if isinstance(found, Concave) or not isinstance(
        holds(Relation(-constant, ">", _ZERO), premises), Proved
    ):
        return found
    domain = (*premises, *natural_domain(gap))
    for inner, needed in transforms(moving, variables)[1:]:
        if all(isinstance(holds(r, domain), Proved) for r in needed):
            transformed = concave(inner, variables, domain)
            if isinstance(transformed, Concave):
                return transformed
    return found


def stationary(
    maker: DecisionMaker, values: Values, priced: tuple[Priced, ...], region: Region
) -> Verdict:
    """dL/dx = 0 at x*: grad f + sum mu grad(slack) - sum nu grad(h - c) = 0, defined on the
    region."""
    verdicts: list[Verdict] = []
    for variable in maker.variables:
        gradient = sp.diff(maker.objective, variable)
        for item in priced:
            slope = sp.diff(item.relation.gap, variable)
            gradient += (-1 if item.relation.is_equality else 1) * item.multiplier * slope
        for jump in gradient.atoms(sp.Heaviside, sp.sign, sp.DiracDelta):
            # At a kink SymPy's derivative is one number among many, and perhaps none of them.
            side = jump.args[0].xreplace(dict(values))
            if not isinstance(holds(Relation(side, "!=", _ZERO), region), Proved):
                return Unknown(f"{maker.name}'s objective may have a kink at the solution")
        at = gradient.xreplace(dict(values))
        if at.has(sp.zoo, sp.nan, sp.oo):
            return Unknown(
                f"the derivative of {maker.name}'s objective in {variable} is not finite"
            )
        verdicts.append(zero(at, region))
        # The identity holds where the gradients are defined; that they are is a hypothesis of its
        # own.
        parts = [
            maker.objective,
            *(i.relation.left for i in priced),
            *(i.relation.right for i in priced),
        ]
        for part in parts:
            slope = sp.diff(part, variable)
            verdicts += [holds(r.replaced(dict(values)), region) for r in natural_domain(slope)]
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
        facts = [
            *found.hypotheses,
            hypothesis("dL/dx = 0", stationary(maker, values, priced, region), region),
            hypothesis("signs and complementary slackness", signs(values, priced, region), region),
        ]
        if found.inner != maker.objective:
            at = maker.objective.xreplace(dict(values))
            facts.append(hypothesis("f(x*) > 0", holds(Relation(at, ">", _ZERO), region), region))
        verdict = weakest(d.verdict for d in facts)
        if isinstance(verdict, Proved):
            return Proved((ByTheorem("concave sufficiency (Kuhn and Tucker 1951)", tuple(facts)),))
        reason = getattr(verdict, "reason", "")
    direct = compared(maker, values, region)
    return direct if isinstance(direct, Proved) else Unknown(reason)


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
    """Polynomials, quotients, roots, and what is piecewise made of them."""
    if e.has(sp.log, sp.exp, sp.LambertW, sp.sin, sp.cos, sp.Piecewise):
        return False
    return not any(p.exp.free_symbols for p in e.atoms(sp.Pow))
