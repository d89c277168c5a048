"""Exact parameter points of a region that the search for counterexamples does not find.

z3 takes the logarithm for any function with its laws, so that its point may be none; an edge may
have no rational point at all.  Tried in turn: numbers of many sizes, and the ends of the
parameters' intervals; a parameter solved from an equation; powers of e for sizes beyond reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product

import sympy as sp

from alignsym.claims import Point
from alignsym.model.agents import Parameter
from alignsym.model.relations import Expr, Region
from alignsym.solving.strategies.isolate import isolate

TRIED = 400
SIZES = [sp.Integer(1), sp.Rational(1, 2), *(sp.Integer(10) ** k for k in (1, -1, 2, 3, 4))]
VAST = 10**6
Check = Callable[[Region, Point], bool]


def unusual_point(parameters: Sequence[Parameter], region: Region, check: Check) -> Point:
    """A point of the region that passes the check; () if none is found.

    >>> from alignsym.model.relations import Interval, Relation
    >>> from alignsym.logic.witness import is_inside
    >>> a = sp.Symbol("a", positive=True)
    >>> edge = (Relation(sp.log(a), "==", sp.Integer(2)),)
    >>> unusual_point([Parameter(a, Interval.positive())], edge, is_inside)
    ((a, exp(2)),)
    """
    for point in islice(_candidates(parameters, region), TRIED):
        if check(region, point):
            return point
    return ()


def _candidates(parameters: Sequence[Parameter], region: Region) -> Iterator[Point]:
    symbols = [p.symbol for p in parameters]
    equations = [r for r in region if r.is_equality]
    large = [n for r in region for n in r.gap.atoms(sp.Integer) if abs(n) > VAST]
    sizes = [*SIZES, *(sp.exp(abs(n) + k) for n in large for k in (0, 1))]
    for row in _grid(parameters, sizes):
        if not equations:
            yield tuple((s, row[s]) for s in symbols)
            continue
        for equation in equations:
            for symbol in sorted(equation.free_symbols, key=lambda s: s.name):
                rest = {s: v for s, v in row.items() if s != symbol}
                for root in isolate(equation.gap.xreplace(rest), symbol):
                    if root.is_number and root.is_real:
                        yield tuple((s, {**rest, symbol: root}[s]) for s in symbols)


def _grid(
    parameters: Sequence[Parameter], sizes: Sequence[Expr]
) -> Iterator[dict[sp.Symbol, Expr]]:
    """Numbers for all parameters; one with an interval given by others takes its ends and middle.

    Those with the most different sizes come late.
    """
    plain = [p for p in parameters if not _ends(p)]
    bound = [p for p in parameters if _ends(p)]
    rows = sorted(
        product(range(len(sizes)), repeat=min(len(plain), 3)), key=lambda r: (max(r, default=0), r)
    )
    for row in rows:
        values: dict[sp.Symbol, Expr] = {p.symbol: sp.S.One for p in plain}
        values |= {p.symbol: sizes[k] for p, k in zip(plain, row)}
        choices = [[e.xreplace(values) for e in _ends(p)] for p in bound]
        for chosen in islice(product(*choices), 9):
            yield {**values, **{p.symbol: e for p, e in zip(bound, chosen)}}


def _ends(parameter: Parameter) -> list[Expr]:
    """Upper end, middle and lower end of an interval that is not the same for all parameters."""
    low, high = parameter.interval.lower, parameter.interval.upper
    if high in (sp.oo, -sp.oo) or low in (sp.oo, -sp.oo):
        return []
    return [high, (low + high) / 2, low]
