"""A condition on one parameter as a bound, where that is all it says.

    3*p*sqrt(3*p - 2) + 9*p > 2*sqrt(3*p - 2) + 10   ->   p > 1        (p > 0)

Roots are found by squaring; a bound is put in the place of the condition only if each is proved to
imply the other.
"""

from __future__ import annotations

import sympy as sp

from alignsym.logic.decide import implies
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.strategies.isolate import without_root
from alignsym.solving.strategies.roots import real_roots

SIZE_LIMIT = 80
ROUNDS = 3
NEAR = sp.Rational(1, 10**12)


def as_bounds(relation: Relation, given: Region) -> Region:
    """p > r in place of a condition on p alone, with a root r of rational or quadratic kind; and
    where the condition is defined, if that is not implied.

    >>> p = sp.Symbol("p", positive=True)
    >>> [str(r) for r in as_bounds(Relation(p**3 + p, ">", sp.Integer(2)), ())]
    ['p > 1']
    >>> [str(r) for r in as_bounds(Relation(p**2 + 2, ">=", 3*p), ())]
    ['p**2 + 2 >= 3*p']
    """
    gap = relation.gap
    if relation.operator in ("==", "!=") or len(gap.free_symbols) != 1:
        return (relation,)
    (symbol,) = gap.free_symbols
    slope = sp.diff(gap, symbol)
    if not slope.has(symbol) or gap.count_ops() > SIZE_LIMIT:
        return (relation,)
    if gap.has(sp.log, sp.exp, sp.LambertW, sp.Max, sp.Min, sp.Abs, sp.Piecewise):
        return (relation,)
    end = "" if relation.is_strict else "="
    for root in _zeros(gap, symbol):
        for operator in (">", "<"):
            bound = Relation(symbol, operator + end, root)  # type: ignore[arg-type]
            if not _plausible(gap, symbol, root, operator):
                continue
            if not implies((*given, relation), bound, milliseconds=500).is_proof:
                continue
            defined = natural_domain(gap)
            for also in ((), *((defined,) if defined else ())):
                if implies((*given, bound, *also), relation, milliseconds=500).is_proof:
                    return (bound, *also)
    return (relation,)


def _zeros(gap: Expr, symbol: sp.Symbol) -> list[Expr]:
    """Real zeros that can be written without Root."""
    plain: Expr | None = sp.together(gap).as_numer_denom()[0]
    for _ in range(ROUNDS):
        if plain is None or not any(
            p.exp.is_Rational and not p.exp.is_Integer and p.has(symbol)
            for p in plain.atoms(sp.Pow)
        ):
            break
        plain = without_root(plain, symbol)
    if plain is None:
        return []
    found = [r for r in real_roots(sp.expand(plain), symbol) if not r.has(sp.CRootOf)]
    return [r for r in found if _value(gap, symbol, r) is not None
            and abs(_value(gap, symbol, r) or 0) < NEAR]  # fmt: skip


def _value(gap: Expr, symbol: sp.Symbol, at: Expr) -> Expr | None:
    number = sp.N(gap.xreplace({symbol: at}), 30)
    return number if number.is_real else None


def _plausible(gap: Expr, symbol: sp.Symbol, root: Expr, operator: str) -> bool:
    """Whether the gap has the sign of the bound on both sides, by numbers."""
    step = sp.Rational(1, 1000) * (1 + abs(sp.N(root, 10)))
    above, below = (_value(gap, symbol, root + s * step) for s in (1, -1))
    side, other = (above, below) if operator == ">" else (below, above)
    return side is not None and side > 0 and (other is None or other < 0)
