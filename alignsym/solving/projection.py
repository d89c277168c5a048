"""The parameters for which relations have a solution in free unknowns (Fourier and Motzkin).

    lower_j <= x <= upper_k for some x   <=>   lower_j <= upper_k for all j, k

Where the sign of a slope is open, each sign is a case.  Nothing here is trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import sympy as sp

from alignsym.logic.decide import implies, search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened
from alignsym.solving.thresholds import equality_of

_ZERO = sp.S.Zero
SIGNS_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Shadow:
    """Where the relations have a solution (`when`), and points that are candidates for one."""

    when: Region
    members: tuple[tuple[tuple[sp.Symbol, Expr], ...], ...]


def shadows(relations: Region, free: Sequence[sp.Symbol], given: Region) -> list[Shadow]:
    """Parameter regions on which the relations, affine in each free unknown, have a solution.

    [] where a relation is not affine in an unknown: then nothing is known.

    >>> x, a, b = sp.symbols("x a b", real=True)
    >>> (one,) = shadows((Relation(x, ">=", a), Relation(x, "<=", b)), [x], ())
    >>> [str(r) for r in one.when]
    ['-a + b >= 0']
    """
    if not free:
        return [Shadow(relations, ((),))]
    symbol, *rest = free
    out: list[Shadow] = []
    for signed, lower, upper, others in _sides(relations, symbol, given):
        gaps = tuple(
            Relation(sp.expand(high - low), ">" if strict or above else ">=", _ZERO)
            for (low, strict), (high, above) in product(lower, upper)
        )
        for shadow in shadows((*others, *signed, *gaps), rest, given):
            members = tuple(
                (*member, (symbol, shortened(point.xreplace(dict(member)))))
                for member in shadow.members
                for point in _points(lower, upper)
            )
            out.append(Shadow(shadow.when, members))
    return out


Bounds = list[tuple[Expr, bool]]


def _sides(
    relations: Region, symbol: sp.Symbol, given: Region
) -> Iterator[tuple[Region, Bounds, Bounds, Region]]:
    """Signs assumed, lower and upper bounds of the symbol (strict or not), relations without it."""
    near = [r for r in relations if symbol in r.free_symbols]
    others = tuple(r for r in relations if symbol not in r.free_symbols)
    choices: list[list[str]] = []
    slopes: list[Expr] = []
    for relation in near:
        gap = sp.expand(sp.together(relation.gap).as_numer_denom()[0])
        plain = gap if gap == sp.expand(relation.gap) else relation.gap
        slope = sp.diff(plain, symbol)
        if sp.expand(slope).has(symbol) or relation.operator == "!=":
            return
        slopes.append(sp.expand(slope))
        if relation.is_equality:
            if not implies(given, Relation(slope, "!=", _ZERO)).is_proof:
                return
            choices.append(["=="])
            continue
        known = [s for s in "<>" if implies(given, Relation(slope, s, _ZERO)).is_proof]  # type: ignore[arg-type]
        choices.append(known or ["<", "=", ">"])
    for signs in product(*choices):
        signed: list[Relation] = []
        lower: Bounds = []
        upper: Bounds = []
        rest = list(others)
        for relation, slope, sign, open_sign in zip(near, slopes, signs, choices, strict=True):
            if sign == "==":
                point = (sp.cancel(symbol - relation.gap / slope), False)
                lower.append(point)
                upper.append(point)
                continue
            if len(open_sign) > 1:
                zero = sign == "="
                signed.append(equality_of(slope) if zero else Relation(slope, sign, _ZERO))  # type: ignore[arg-type]
            if sign == "=":
                level = relation.gap.xreplace({symbol: _ZERO})
                rest.append(Relation(level, ">" if relation.is_strict else ">=", _ZERO))
                continue
            end = sp.cancel(symbol - relation.gap / slope)
            (lower if sign == ">" else upper).append((end, relation.is_strict))
        if signed and search((*given, *signed)).is_proof:
            continue
        yield tuple(signed), lower, upper, tuple(rest)


def _points(lower: Bounds, upper: Bounds) -> list[Expr]:
    """Candidates for a point between the bounds: closed ends, middles, a step off an open end."""
    ends = [e for e, strict in (*lower, *upper) if not strict]
    middles = [(low + high) / 2 for (low, _), (high, _) in product(lower, upper)]
    steps = [e + 1 for e, _ in lower] if not upper else [e - 1 for e, _ in upper]
    return list(dict.fromkeys([*ends, *middles, *(steps if not (lower and upper) else [])])) or [
        sp.S.One
    ]


def separated(relations: Region) -> Region:
    """a >= 0 and a != 0 as a > 0.

    >>> a, b = sp.symbols("a b")
    >>> zero = sp.S.Zero
    >>> [str(r) for r in separated((Relation(a, ">=", zero), Relation(2*a, "!=", zero)))]
    ['a > 0']
    """
    apart = [r for r in relations if r.operator == "!="]
    used: set[Relation] = set()
    out: list[Relation] = []
    for relation in relations:
        if relation.operator in ("<=", ">="):
            same = [r for r in apart if sp.cancel(r.gap / relation.gap).is_number]
            used |= set(same)
            relation = relation.tightened() if same else relation
        out.append(relation)
    return tuple(r for r in out if r not in used)


def signed(relations: Region, given: Region) -> list[Region]:
    """One region for each sign of what must not vanish, where the sign is not known.

    d/(a + d) >= 0 says little; d >= 0 where a + d > 0, and d <= 0 where a + d < 0.
    """
    apart = [r for r in relations if r.operator == "!="]
    if len(apart) > SIGNS_LIMIT:
        return [relations]
    plain = tuple(r for r in relations if r.operator != "!=")
    out: list[Region] = []
    for signs in product(("<", ">"), repeat=len(apart)):
        case = tuple(Relation(r.gap, s, _ZERO) for r, s in zip(apart, signs, strict=True))  # type: ignore[arg-type]
        if not search((*given, *plain, *case), milliseconds=200).is_proof:
            out.append((*plain, *case))
    return out


def widened(parts: Sequence[Shadow], given: Region) -> list[Shadow]:
    """The parts of one set's shadow, each without the conditions that their union does not need.

    lower <= upper where a slope is positive, zero or negative: often just that one end fits.
    """
    out = list(parts)
    if len(out) == 1:
        return out
    whole = [p.when for p in parts]
    for k, part in enumerate(out):
        for relation in part.when:
            rest = tuple(r for r in out[k].when if r is not relation)
            if search((*given, *rest), outside=whole).is_proof:
                out[k] = replace(out[k], when=rest)
    members = tuple(dict.fromkeys(m for p in parts for m in p.members))
    kept: list[Shadow] = []
    for k, part in enumerate(out):
        others = [p.when for p in (*kept, *out[k + 1 :])]
        if not search((*given, *part.when), outside=others).is_proof:
            kept.append(replace(part, members=members))
    return kept
