"""Best replies in closed form: a few equations in a few unknowns, everything else a symbol.

The equation with the fewest unknowns is solved for one of them by inversion (`isolate`), put into
the others, and so on.  Every branch is returned: which one is meant is decided by whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.strategies.isolate import isolate

BRANCHES = 8


def solutions(
    equations: Sequence[Expr], unknowns: Sequence[sp.Symbol]
) -> tuple[dict[sp.Symbol, Expr], ...]:
    """Closed forms of the unknowns, at most BRANCHES of them.

    >>> x, y, a, b = sp.symbols("x y a b", positive=True)
    >>> solutions([a/x - y, x*y - b*y**2], [x, y])
    ({x: sqrt(a)*sqrt(b), y: sqrt(a)/sqrt(b)},)
    """
    out = []
    for found in _branches(list(equations), list(unknowns)):
        if found not in out:
            out.append(found)
        if len(out) >= BRANCHES:
            break
    return tuple(out)


def _branches(equations: list[Expr], unknowns: list[sp.Symbol]) -> Iterator[dict[sp.Symbol, Expr]]:
    if not unknowns:
        yield {}
        return
    order = sorted(
        (len(e.free_symbols & set(unknowns)), e.count_ops(), k) for k, e in enumerate(equations)
    )
    for number, _, k in order:
        if number == 0:
            continue
        equation = equations[k]
        rest = [e for j, e in enumerate(equations) if j != k]
        for unknown in _easiest(equation, unknowns):
            roots = [r for r in isolate(equation, unknown) if _possible(r, unknown)]
            if not roots:
                continue
            others = [u for u in unknowns if u is not unknown]
            for root in roots:
                table = {unknown: root}
                put = [e.xreplace(table) for e in rest]
                if any(e.has(sp.zoo, sp.nan) for e in put):
                    continue
                for found in _branches([e for e in put if e != 0], others):
                    value = root.xreplace(found)
                    if not value.has(sp.zoo, sp.nan):
                        yield {**found, unknown: value}
            return


def _easiest(equation: Expr, unknowns: list[sp.Symbol]) -> list[sp.Symbol]:
    """The unknowns that occur, those of fewer operations around them first."""
    inside = [u for u in unknowns if equation.has(u)]
    return sorted(inside, key=lambda u: (sp.diff(equation, u).has(u), unknowns.index(u)))


def _possible(root: Expr, unknown: sp.Symbol) -> bool:
    """Not visibly of the wrong sign."""
    if root.has(sp.I, sp.zoo, sp.nan):
        return False
    if unknown.is_positive and (root.is_nonpositive or root.is_zero):
        return False
    return not (unknown.is_nonnegative and root.is_negative)
