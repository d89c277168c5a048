"""Exact points that show a region is not empty, irrational ones included.

Rational points are decided by substitution.  At others, which are needed where no rational point
exists (an edge log(a) = 5) or none can be written down (log(a) >= 10**99), each relation must be
provable without premises; sums of logs are compared by what they are logs of.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from alignsym.claims import Point
from alignsym.logic.decide import implies
from alignsym.logic.normal import is_identically_zero
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import holds

DIGITS_LIMIT = 40


def is_inside(region: Region, witness: Point) -> bool:
    """Whether all relations are defined and true at the exact point, whole where declared so.

    >>> a = sp.Symbol("a", positive=True)
    >>> is_inside((Relation(sp.log(a), "==", sp.Integer(5)),), ((a, sp.exp(5)),))
    True
    >>> is_inside((Relation(sp.log(a), "<", sp.Integer(5)),), ((a, sp.exp(5)),))
    False
    >>> n = sp.Symbol("n", positive=True, integer=True)
    >>> is_inside((Relation(n, ">", sp.Integer(1)),), ((n, sp.Rational(3, 2)),))
    False
    """
    table = dict(witness)
    if not are_whole(witness):
        return False
    if any(r.free_symbols - set(table) for r in region):
        return False
    if not all(v.is_number and v.is_real and v.is_finite for v in table.values()):
        return False
    if all(v.is_Rational for v in table.values()) and all(holds(r, table) for r in region):
        return True
    return all(_true(r, table) for r in region)


def are_whole(witness: Point) -> bool:
    """Whether symbols declared integers have integers as values."""
    return all(bool(v.is_integer) for s, v in witness if s.is_integer)


def _true(relation: Relation, table: Mapping[sp.Symbol, Expr]) -> bool:
    """Whether the relation is shown at the point."""
    needed = (r for side in (relation.left, relation.right) for r in natural_domain(side))
    at = relation.replaced(table)
    if at.left.has(sp.zoo, sp.nan) or at.right.has(sp.zoo, sp.nan):
        return False
    if not all(_shown(r.replaced(table)) for r in needed):
        return False
    return _shown(at) or _shown(without_logs(at))


def _shown(relation: Relation) -> bool:
    """Whether a relation between numbers is true, by its sign or by the decision procedures."""
    gap = sp.expand(relation.gap)
    if gap.is_Rational:
        signs = {"==": gap == 0, "!=": gap != 0, "<": gap > 0, ">": gap > 0}
        return bool(signs.get(relation.operator, gap >= 0))
    if relation.is_equality:
        return is_identically_zero(gap)
    if _leads_upwards(gap):
        return True
    if _leads_upwards(-gap):
        return relation.operator == "!="
    if any(abs(n) > 10**DIGITS_LIMIT for n in gap.atoms(sp.Rational)):
        return False
    return implies((), relation).is_proof


def _leads_upwards(gap: Expr) -> bool:
    """Whether sum c_k exp(n_k), with rational numbers, is positive: its largest term outweighs.

    exp(n - m) <= 1/(1 + m - n) for n < m, so no power of e need be computed.
    """
    terms: dict[Expr, Expr] = {}
    for term in sp.Add.make_args(gap):
        coefficient, rest = term.as_coeff_Mul()
        exponent = rest.exp if isinstance(rest, sp.exp) else sp.S.Zero if rest == 1 else None
        if exponent is None or not exponent.is_Rational:
            return False
        terms[exponent] = terms.get(exponent, sp.S.Zero) + coefficient
    largest = max(terms)
    others = (abs(c) / (1 + largest - n) for n, c in terms.items() if n != largest)
    return bool(terms[largest] > sp.Add(*others))


def without_logs(relation: Relation) -> Relation:
    """A comparison of products in place of sums of logs; the relation itself if it is none.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> str(without_logs(Relation(sp.log(a), ">=", sp.log(b) + 5)))
    'a >= b*exp(5)'
    """
    sides = [sp.S.One, sp.S.One]
    for term in sp.Add.make_args(relation.left - relation.right):
        coefficient, rest = term.as_coeff_Mul()
        if rest == 1:
            factor: Expr = sp.exp(abs(coefficient))
        elif isinstance(rest, sp.log) and coefficient.is_Integer:
            factor = rest.args[0] ** abs(coefficient)
        else:
            return relation
        side = 1 if coefficient.is_negative else 0
        sides[side] = sides[side] * factor
    return Relation(sides[0], relation.operator, sides[1])
