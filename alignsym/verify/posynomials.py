"""Geometric programs: convex in the logarithms of the choices, however far these are.

    posynomial    sum c_j prod x_i**a_ij,  c_j > 0;  a monomial is one term;  x_i = exp(t_i)

A posynomial is convex in t and so is its logarithm (Duffin, Peterson and Zener 1967); a monomial's
logarithm is affine.  Convex in t are: a posynomial to be minimised, a monomial to be maximised;
N <= P with a posynomial N and a monomial P;  an equation of two monomials.  If a constant is among
the terms of a constraint, the program is of this kind for all nearby right-hand sides, too, and
what is optimal there is near the only optimum: level sets of convex functions with one minimiser
are bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.claims import Proved, SignDerivation, Unknown, Verdict
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds, short

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient * prod x_i**a_i with a coefficient of known sign; no powers: a constant."""

    sign: int
    powers: tuple[tuple[sp.Symbol, Expr], ...]


def convex_in_logarithms(maker: DecisionMaker, value: Expr, region: Region) -> Verdict:
    """Whether the program is a geometric program for all right-hand sides near those given.

    `value`: the optimal value of the objective on the region.
    """
    goal = terms(maker.objective, maker, region)
    if goal is None:
        return Unknown("the objective is no sum of monomials")
    moving = [t for t in goal if t.powers]
    monomial = len(moving) == len(goal) == 1 and moving[0].sign > 0
    if not monomial and any(t.sign > 0 for t in moving):
        return Unknown(f"{short(maker.objective)} is neither a monomial nor minus a posynomial")
    positive = {
        r.left for r in maker.bounds() if r.is_strict and r.operator == ">" and r.right == 0
    }
    if monomial and isinstance(holds(Relation(value, ">", _ZERO), region), Proved):
        # Where a factor is zero the objective is too, less than its value here and nearby.
        positive |= {s for s, a in moving[0].powers if _is_positive(a, region)}
    gaps = [c.relation for c in maker.constraints]
    gaps += [r for r in maker.bounds() if not r.is_strict]
    for relation in gaps:
        if relation.operator == "!=":
            return Unknown("an inequation does not describe a convex set")
        gap = relation.gap
        if gap in maker.variables:
            continue  # x >= 0
        found = terms(gap, maker, region)
        if found is None or not all(t.sign for t in found):
            return Unknown(f"{short(gap)} is no sum of monomials")
        if not any(not t.powers for t in found):
            return Unknown(f"{short(gap)} has no constant that could be moved")
        above = [t for t in found if t.sign > 0]
        if relation.is_equality:
            if len(found) != 2 or len(above) != 1:
                return Unknown(f"{short(gap)} = 0 is no equation of two monomials")
            continue
        if len(above) != 1:
            return Unknown(f"{short(gap)} is no monomial less a posynomial")
        if any(not t.powers for t in found if t.sign < 0):
            # c <= P with c > 0: no factor of P is zero, here and nearby.
            positive |= {s for s, a in above[0].powers if _is_positive(a, region)}
    bounds = [r for r in maker.bounds() if r.operator in (">", ">=") and r.right.is_nonnegative]
    if not set(maker.variables) <= {r.left for r in bounds}:
        return Unknown("a choice may be negative, where it has no logarithm")
    if not set(maker.variables) <= positive:
        return Unknown("a choice may be zero")
    inside = (*region, *(Relation(v, ">", _ZERO) for v in maker.variables))
    if not all(isinstance(holds(r, inside), Proved) for r in maker.domain):
        return Unknown("not every positive choice is in the domain")
    return Proved((SignDerivation(maker.objective, "concave in the logarithms of the choices"),))


def terms(e: Expr, maker: DecisionMaker, region: Region) -> list[Term] | None:
    """The monomials of a sum with their signs; None where one is something else.

    >>> from alignsym import Agent, Game
    >>> from alignsym.verify.decision import decision_makers
    >>> x, y, a = sp.symbols("x y a", positive=True)
    >>> (maker,) = decision_makers(Game(Agent("A", -a*x - 1/y, x, y)), "maximize")
    >>> [(t.sign, t.powers) for t in terms(maker.objective, maker, ())]
    [(-1, ((x, 1),)), (-1, ((y, -1),))]
    """
    out = []
    for term in sp.Add.make_args(sp.expand(e)):
        coefficient, part = term.as_independent(*maker.variables, as_Add=False)
        powers = [] if part == 1 else list(part.as_powers_dict().items())
        own = set(maker.variables)
        if any(b not in own or a.free_symbols & own for b, a in powers):
            return None
        signs = [
            s for s, operator in ((1, ">"), (-1, "<"))
            if isinstance(holds(Relation(coefficient, operator, _ZERO), region), Proved)  # type: ignore[arg-type]
        ]  # fmt: skip
        if not signs:
            return None
        out.append(Term(signs[0], tuple(sorted(powers, key=lambda p: p[0].name))))
    return sorted(out, key=lambda t: (str(t.powers), t.sign))


def _is_positive(exponent: Expr, region: Region) -> bool:
    return isinstance(holds(Relation(exponent, ">", _ZERO), region), Proved)
