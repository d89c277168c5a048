"""A strictly monotone function on an interval, its inverse, and the levels it takes.

    f: D -> R onto,  f(g(u)) = u on R,  g(R) in D,  f(D) in R

with f' of one sign inside D.  The formula g and the ends of R are only candidates; what is returned
satisfies all three lines for every parameter, so that g is the inverse and R the set of levels.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.profile import is_proved
from alignsym.claims import Unknown, Verdict
from alignsym.logic.decide import irredundant
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened
from alignsym.solving.strategies.isolate import isolate
from alignsym.verify.facts import holds, short, zero

_ZERO = sp.S.Zero
LIMIT_SIZE = 40  # operations of an expression whose limit SymPy is asked for
KINKED = (sp.Abs, sp.Min, sp.Max, sp.Piecewise, sp.sign)


@dataclass(frozen=True, slots=True)
class Inverse:
    """x = formula(level) where `levels` hold; `sign` is that of f'.

    `best`: the end of the interval at which f is largest, where it belongs to the interval; `room`:
    no such end does, so that from every point f can rise.
    """

    variable: sp.Symbol
    level: sp.Symbol
    formula: Expr
    levels: Region
    sign: int
    best: Expr | None
    room: bool


def inverse(
    f: Expr, x: sp.Symbol, domain: Region, level: sp.Symbol, given: Region
) -> Inverse | Unknown:
    """The inverse of f on the interval that `domain` cuts out, for all parameters with `given`.

    Arguments: `domain`, where f is asked about and defined, as relations in x; `level`, a real
    symbol for the value of f.

    >>> x, (u, q) = sp.Symbol("x", nonnegative=True), sp.symbols("u q", real=True)
    >>> found = inverse(sp.log(1 + x), x, (Relation(x, ">=", _ZERO),), u, ())
    >>> found.formula, [str(r) for r in found.levels]
    (exp(u) - 1, ['u >= 0'])
    """
    if f.has(*KINKED):
        return Unknown(f"{short(f)} has kinks")
    variable = sp.Dummy(str(x), real=True)  # a sign that x is declared with is in `domain`
    moved = {x: variable}
    f, domain = f.xreplace(moved), tuple(r.replaced(moved) for r in domain)
    interval = _interval(variable, domain, given)
    if interval is None:
        return Unknown(f"where {short(f)} is defined is not shown to be an interval")
    slope = sp.diff(f, variable)
    inside = (*given, *(r.tightened() for r in interval))
    sign = next((s for s, op in ((1, ">"), (-1, "<")) if is_proved(_signed(slope, op, inside))), 0)
    if not sign:
        return Unknown(f"{short(f)} is not shown to be strictly monotone")
    for formula in isolate(f - level, variable):
        g = shortened(formula)
        if g.has(sp.I, sp.nan, sp.zoo) or variable in g.free_symbols:
            continue
        raw = (*natural_domain(g), *(r.replaced({variable: g}) for r in interval))
        for levels in (_levels(f, variable, interval, level, g, sign), raw):
            if _is_inverse(f, variable, interval, level, g, levels, given):
                known = irredundant(levels, given)
                return Inverse(x, level, g, known, sign, *_best(interval, sign))
    return Unknown(f"no inverse of {short(f)} is found")


def _signed(slope: Expr, operator: str, inside: Region) -> Verdict:
    return holds(Relation(slope, operator, _ZERO), inside)  # type: ignore[arg-type]


def nonempty(x: sp.Symbol, domain: Region, given: Region) -> bool:
    """Whether some x is in the domain, for all parameters; False where this is not shown."""
    found = _interval(x, domain, given)
    if found is None:
        return False
    lower = [r for r in found if r.operator in (">", ">=")]
    upper = [r for r in found if r.operator in ("<", "<=")]
    return all(
        is_proved(holds(Relation(low.right, "<" if low.is_strict or top.is_strict else "<=",
                                 top.right), given))
        for low in lower for top in upper
    )  # fmt: skip


def _interval(x: sp.Symbol, domain: Region, given: Region) -> Region | None:
    """The relations that are affine in x; None where others are not implied by these."""
    ends: list[Relation] = []
    rest: list[Relation] = []
    for r in dict.fromkeys(domain):
        if x not in r.free_symbols:
            continue
        slope = sp.diff(r.gap, x)
        affine = x not in slope.free_symbols and r.operator not in ("==", "!=")
        (ends if affine and slope != 0 else rest).append(r)
    solved = []
    for r in ends:
        slope = sp.diff(r.gap, x)
        end = shortened(-r.gap.xreplace({x: _ZERO}) / slope)
        if is_proved(holds(Relation(slope, ">", _ZERO), given)):
            solved.append(Relation(x, ">" if r.is_strict else ">=", end))
        elif is_proved(holds(Relation(slope, "<", _ZERO), given)):
            solved.append(Relation(x, "<" if r.is_strict else "<=", end))
        else:
            return None
    if not all(is_proved(holds(r, (*given, *solved))) for r in rest):
        return None
    return irredundant(tuple(dict.fromkeys(solved)), given)


def _levels(
    f: Expr, x: sp.Symbol, interval: Region, level: sp.Symbol, g: Expr, sign: int
) -> Region:
    """Candidates for the relations that say which levels f takes."""
    out = list(natural_domain(g))
    ends: list[tuple[Expr, str]] = [(r.right, r.operator) for r in interval]
    lower = any(op in (">", ">=") for _, op in ends)
    upper = any(op in ("<", "<=") for _, op in ends)
    ends += ([] if lower else [(-sp.oo, ">")]) + ([] if upper else [(sp.oo, "<")])
    for end, operator in ends:
        value = f.xreplace({x: end}) if end.is_finite is not False else sp.nan
        if value.has(sp.zoo, sp.nan, sp.oo, -sp.oo):
            value = _limit(f, x, end, "+" if operator in (">", ">=") else "-")
        if value is None:
            out.append(Relation(g, operator, end))  # type: ignore[arg-type]
        elif value not in (sp.oo, -sp.oo):
            strict = {">=": ">", "<=": "<"}.get(operator, operator)
            taken = operator if end.is_finite is not False else strict
            turned = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
            said = taken if sign > 0 else turned[taken]
            out.append(Relation(level, said, shortened(value)))  # type: ignore[arg-type]
    return tuple(dict.fromkeys(r for r in out if level in r.free_symbols))


def _limit(f: Expr, x: sp.Symbol, end: Expr, side: str) -> Expr | None:
    if f.count_ops() > LIMIT_SIZE:
        return None
    try:
        found = sp.limit(f, x, end, side)
    except (NotImplementedError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    unclear = found.has(sp.Limit, sp.AccumBounds, sp.nan, sp.zoo, sp.Piecewise, sp.I, x, sp.sign)
    return None if unclear else found


def _is_inverse(
    f: Expr,
    x: sp.Symbol,
    interval: Region,
    level: sp.Symbol,
    g: Expr,
    levels: Region,
    given: Region,
) -> bool:
    """The definition, line by line."""
    for known in _signed_cases(level, levels):
        there = tuple(r.replaced(known) for r in (*given, *levels))
        at = g.xreplace(known)
        back = [*natural_domain(at), *(r.replaced({x: at}) for r in interval)]
        if not all(is_proved(holds(r, there)) for r in back):
            return False
        if not is_proved(zero(f.xreplace({x: at}) - level.xreplace(known), there)):
            return False
    for known in _signed_cases(x, interval):
        here = tuple(r.replaced(known) for r in (*given, *interval))
        taken = {level: f.xreplace(known)}
        if not all(is_proved(holds(r.replaced(taken), here)) for r in levels):
            return False
    return True


def _signed_cases(symbol: sp.Symbol, region: Region) -> list[dict[sp.Symbol, Expr]]:
    """The symbol as a positive one, and as zero, where the region says it is so: of positive
    numbers powers can be multiplied out."""
    if Relation(symbol, ">", _ZERO) in region:
        return [{symbol: sp.Dummy(symbol.name, positive=True)}]
    if Relation(symbol, ">=", _ZERO) in region:
        return [{symbol: sp.Dummy(symbol.name, positive=True)}, {symbol: _ZERO}]
    return [{}]


def _best(interval: Region, sign: int) -> tuple[Expr | None, bool]:
    closed, strict = ("<=", "<") if sign > 0 else (">=", ">")
    ends = [r.right for r in interval if r.operator == closed]
    alone = len(ends) == 1 and not any(r.operator == strict for r in interval)
    return (ends[0] if alone else None), not ends
