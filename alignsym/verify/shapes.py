"""How concave a decision maker's problem is: hypotheses of the sufficiency theorems, decided.

An increasing transform of the objective, concave (or, in one variable, pseudoconcave) on a convex
set that contains the feasible one; inequality gaps quasi-concave, equalities affine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

import sympy as sp

from alignsym.claims import Decided, Proved, SignDerivation, Unknown, Verdict
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.concavity import Concave, NotShown, concave, is_convex
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds, hypothesis, short
from alignsym.verify.unimodal import Falling, falling_derivative

_ZERO = sp.S.Zero
FACTOR_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Shape:
    """How concave a decision maker's problem is: f = phi(g), g concave, and what g pins down.

    `slope`: g is strictly pseudoconcave in its one variable instead, by this form of its
    derivative.  `everywhere`: phi is increasing on all values g has, not only where f > 0.
    """

    inner: Expr
    curvature: Concave
    hypotheses: tuple[Decided, ...]
    slope: Falling | None = None
    everywhere: bool = False


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
    total = monotone(maker.objective, maker.variables)
    for inner, needed in chain(transforms(maker.objective, maker.variables), total):
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
        facts.append(hypothesis(f"{short(inner)} is concave", evidence, (*premises, *domain)))
        candidate = Shape(
            inner, found, (*facts, *convex), everywhere=any(inner == g for g, _ in total)
        )
        # The form that pins most is kept: x**w*y**(1 - w) is concave, its logarithm strictly so.
        if best is None or len(found.pinned) > len(best.curvature.pinned):
            best = candidate
        if set(maker.variables) <= set(found.pinned):
            break
    if best is None and len(maker.variables) == 1:
        best = pseudoconcave(maker, premises, tuple(convex))
    if best is not None:
        return best
    return Unknown(f"{short(stopped)} is not shown to be concave in {_names(maker.variables)}")


def pseudoconcave(
    maker: DecisionMaker, premises: Region, convex: tuple[Decided, ...]
) -> Shape | None:
    """The shape of a problem in one variable whose derivative changes sign once, if it is one."""
    if not is_convex(maker.domain, maker.variables, premises):
        return None
    (variable,) = maker.variables
    domain = (*premises, *maker.domain)
    slope = falling_derivative(maker.objective, variable, domain)
    if slope is None:
        return None
    evidence = Proved((SignDerivation(slope.falling, f"falling in {variable}"),))
    fact = hypothesis(
        f"d/d{variable} changes sign at most once, from plus to minus", evidence, domain
    )
    return Shape(maker.objective, Concave((variable,), None), (fact, *convex), slope)


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


def transforms(f: Expr, variables: tuple[sp.Symbol, ...]) -> Iterator[tuple[Expr, Region]]:
    """Pairs (g, hypotheses) such that f = phi(g) with phi increasing where the hypotheses hold.

    f itself;  c*prod b_i**e_i -> sum e_i log b_i  (c > 0, b_i >= 0, e_i > 0 or b_i > 0; where a b_i
    is zero f is 0, less than at x*; a single b_i with an odd power may be negative, for then f
    is);  c*b**e -> e*b  (c > 0, b > 0).
    """
    yield f, ()
    constant, rest = f.as_independent(*variables, as_Add=False)
    if rest.is_Add and f.is_polynomial(*variables) and f.count_ops() < FACTOR_LIMIT:
        product = sp.factor(f)  # x*y + x is x*(y + 1)
        if not product.as_independent(*variables, as_Add=False)[1].is_Add:
            yield from islice(transforms(product, variables), 1, None)
        return
    if rest == 1 or rest.is_Add:
        return
    powers = [factor.as_base_exp() for factor in sp.Mul.make_args(rest)]
    if any(e.free_symbols & set(variables) or b is sp.E for b, e in powers):
        return
    positive = Relation(constant, ">", _ZERO)
    if len(powers) == 1:
        base, exponent = powers[0]
        yield exponent * base, (positive, Relation(base, ">", _ZERO))
    needed = [positive]
    # One factor to an odd power may be negative: there f is negative too, less than at x*.
    odd = [b for b, e in powers if e.is_Integer and e.is_odd and e > 0 and not b.is_nonnegative]
    for base, exponent in powers:
        if odd == [base]:
            continue
        needed.append(Relation(base, ">=", _ZERO))
        if exponent.is_positive is not True:
            needed.append(Relation(exponent, ">", _ZERO))
    yield sp.Add(*(e * sp.log(b) for b, e in powers)), tuple(needed)


def monotone(f: Expr, variables: tuple[sp.Symbol, ...]) -> list[tuple[Expr, Region]]:
    """Pairs (g, hypotheses) such that f is an increasing function of g wherever f is defined:

    k + c*exp(u) -> u or -u;  k + c*b**e -> b or -b  (b > 0), by the sign of c and of c*e.

    >>> x, a = sp.symbols("x a", positive=True)
    >>> [g for g, _ in monotone(-sp.exp(-a*x), (x,))]
    [-a*x, a*x]
    """
    _, moving = f.as_independent(*variables, as_Add=True)
    constant, rest = moving.as_independent(*variables, as_Add=False)
    base, exponent = rest.as_base_exp()
    if isinstance(rest, sp.exp):
        u, sign = rest.args[0], constant
        needed: Region = ()
    elif rest.is_Pow and not exponent.has(*variables):
        u, sign = base, constant * exponent
        needed = (Relation(base, ">", _ZERO),)
    else:
        return []
    return [
        (u, (*needed, Relation(sign, ">", _ZERO))),
        (-u, (*needed, Relation(sign, "<", _ZERO))),
    ]


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
        return Unknown(f"{short(gap)} is not affine")
    if any(constraint_curvatures(relation, variables, premises)):
        return Proved((SignDerivation(gap, "quasi-concave"),))
    return Unknown(f"{short(gap)} is not shown to be quasi-concave")


def constraint_curvatures(
    relation: Relation, variables: tuple[sp.Symbol, ...], premises: Region
) -> Iterator[Concave]:
    """Concave forms of an inequality's gap, each of which cuts out the same set.

    u(x) >= c > 0 is log u(x) >= log c: upper level sets of a log-concave function are convex.
    x**a*y**(1 - a) is concave and linear along rays, its logarithm strictly concave.
    """
    gap = relation.gap
    if relation.operator == "!=":
        return
    found = concave(gap, variables, premises)
    if isinstance(found, Concave):
        yield found
    constant, moving = gap.as_independent(*variables, as_Add=True)
    if not isinstance(holds(Relation(-constant, ">", _ZERO), premises), Proved):
        return
    domain = (*premises, *natural_domain(gap))
    for inner, needed in islice(transforms(moving, variables), 1, None):
        if all(isinstance(holds(r, domain), Proved) for r in needed):
            transformed = concave(inner, variables, domain)
            if isinstance(transformed, Concave):
                yield transformed
