"""Where an expression is a real number: the natural domain of logs, roots and quotients."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import sympy as sp

from alignsym.model.relations import Expr, Region, Relation, relation
from alignsym.model.roots import Root

_ZERO = sp.S.Zero


@lru_cache(maxsize=4096)  # asked of the same formulas in every part of an answer
def natural_domain(expression: Expr) -> Region:
    """Relations under which the expression is defined and real, finite values only.

    log u: u > 0;  u**(p/q): u >= 0, u > 0 if p < 0;  u**a, a symbolic: u >= 0, u > 0 unless a > 0;
    1/u: u != 0;  LambertW(u): u >= -1/e.  Relations that the symbols' own assumptions imply are
    left out.  A power with a symbolic exponent that is not declared an integer needs a nonnegative
    base: that is the convention of the language.  Branches of a Piecewise are not looked into:
    which one applies depends on the point.

    >>> x, q = sp.Symbol("x", nonnegative=True), sp.Symbol("q", positive=True)
    >>> [str(r) for r in natural_domain(sp.log(q - x) + sp.sqrt(x))]
    ['q - x > 0']
    """
    found: dict[Relation, None] = {}
    pending = [expression]
    seen: set[Expr] = set()
    while pending:
        e = pending.pop()
        if e in seen or isinstance(e, sp.Piecewise):
            continue
        seen.add(e)
        for needed in _own(e):
            found.setdefault(needed)
        pending += [a for a in reversed(e.args) if isinstance(a, sp.Expr)]
    return tuple(found)


def _own(e: Expr) -> Region:
    """What the outermost operation needs of its argument."""
    if isinstance(e, sp.log):
        return () if e.args[0].is_positive else (Relation(e.args[0], ">", _ZERO),)
    if isinstance(e, sp.LambertW):
        return _lambert(e)
    if isinstance(e, Root):
        return (Relation(e.leading, "!=" if e.exists else ">", _ZERO if e.exists else sp.oo),)
    if isinstance(e, (sp.asin, sp.acos)):
        u = e.args[0]
        return (Relation(u, ">=", -sp.S.One), Relation(u, "<=", sp.S.One))
    if isinstance(e, sp.tan):
        return (Relation(sp.cos(e.args[0]), "!=", _ZERO),)
    if isinstance(e, sp.Pow):
        base, exponent = e.base, e.exp
        if exponent.is_integer:
            needs = not (exponent.is_nonnegative or base.is_zero is False)
            return (Relation(base, "!=", _ZERO),) if needs else ()
        if exponent.is_positive:
            return () if base.is_nonnegative else (Relation(base, ">=", _ZERO),)
        return () if base.is_positive else (Relation(base, ">", _ZERO),)
    return ()


def _lambert(e: Expr) -> Region:
    """Real values of LambertW(u): u >= -1/e; of the branch -1: -1/e <= u < 0."""
    u, lowest = e.args[0], -sp.exp(-1)
    if len(e.args) == 1 or e.args[1] == 0:
        return () if u.is_nonnegative else (Relation(u, ">=", lowest),)
    return (Relation(u, ">=", lowest), Relation(u, "<", _ZERO))


def lost(needed: Relation, shown: Iterable[Relation]) -> bool:
    """Whether nothing that is shown, up to positive factors, asks for what a text needs.

    log(x) - log(x) is read as 0, but says nothing where x <= 0.

    >>> x, y = sp.Symbol("x", real=True), sp.Symbol("y", positive=True)
    >>> lost(Relation(x, ">", sp.S.Zero), natural_domain(1/x))
    True
    >>> lost(Relation(x, "!=", sp.S.Zero), natural_domain(sp.log(x)))
    False
    >>> lost(Relation(x*y, ">=", sp.S.Zero), natural_domain(sp.sqrt(x)))
    False
    """
    gap = needed.gap
    if gap.is_positive or (gap.is_nonnegative and not needed.is_strict):
        return False
    if needed.operator == "!=" and gap.is_nonzero:
        return False
    if needed.operator == "!=":
        strict = [_bases(r.gap) for r in shown if r.is_strict]
        return not all(any(base in found for found in strict) for base in _bases(gap))
    enough = (">", "<", ">=", "<=") if needed.operator in (">=", "<=") else (">", "<")
    return _direction(gap) not in {_direction(r.gap) for r in shown if r.operator in enough}


def shown_by_branch(value: Expr, condition: sp.Basic) -> Region:
    """What a branch of a Piecewise and its condition ask for; where it applies, the condition is
    true and defined.

    >>> x = sp.Symbol("x", real=True)
    >>> [str(r) for r in shown_by_branch(sp.log(x), x > 1)]
    ['x > 0', 'x > 1']
    """
    relationals = condition.atoms(sp.core.relational.Relational)
    out = [*natural_domain(value), *(r for c in relationals for e in c.args
                                     for r in natural_domain(e))]  # fmt: skip
    joined = condition.args if isinstance(condition, sp.And) else (condition,)
    return (*out, *(relation(c) for c in joined if c in relationals))


def _bases(gap: Expr) -> set[Expr]:
    """The factors that are not numbers, up to sign."""
    out = set()
    for factor in sp.Mul.make_args(sp.factor_terms(sp.together(gap))):
        base = factor.as_base_exp()[0]
        if not base.is_number:
            out.add(_unsigned(sp.expand(base)))
    return out


def _unsigned(base: Expr) -> Expr:
    return -base if base.could_extract_minus_sign() else base


def _direction(gap: Expr) -> Expr:
    """The gap up to positive factors."""
    factors = sp.Mul.make_args(sp.factor_terms(sp.together(gap)))
    open_ = [f for f in factors if not f.is_positive]
    sign = sp.S.One
    if any(f.is_number for f in open_):
        sign, open_ = sp.S.NegativeOne, [f for f in open_ if not f.is_number]
    return sp.expand(sign * sp.Mul(*open_))
