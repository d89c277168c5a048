"""Constraints that numbers cannot tell apart: loose kinks, and opposite inequalities.

|x| <= y is t <= y, t >= x, t >= -x.  Inside the feasible set t may be anything between |x| and y,
and first-order conditions do not determine it: it is what it stands for, t = max(x, -x).
x <= a and x >= a leave no interior: at a solution one of the two has a price, the other none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import sympy as sp

from alignsym.conditions.system import System
from alignsym.model.relations import Expr, Relation
from alignsym.solving.branches import Branch
from alignsym.solving.oracle.interior import NumericPoint


def loosened(system: System, number: NumericPoint) -> System | None:
    """The system without the kinks that are loose at the number; None where none is.

    The pairs keep their places, those of a kink's edges become identities.
    """
    table: dict[Expr, Expr] = {}
    for kink in system.auxiliary:
        own = [k for k, p in enumerate(system.pairs) if p.slack.has(kink)]
        if number.binding & set(own):
            continue
        edges = [p.slack for p in system.pairs if p.origin.name.startswith(f"{kink}:")]
        below = [kink - e for e in edges if sp.diff(e, kink) == 1]
        above = [kink + e for e in edges if sp.diff(e, kink) == -1]
        if len(below) == len(edges) > 0:
            table[kink] = sp.Max(*below)
        elif len(above) == len(edges) > 0:
            table[kink] = sp.Min(*above)
    if not table:
        return None
    return replace(
        system,
        actions=tuple(a for a in system.actions if a not in table),
        auxiliary=tuple(a for a in system.auxiliary if a not in table),
        equations=tuple(
            replace(e, expression=e.expression.xreplace(table))
            for e in system.equations
            if not (e.origin.kind == "stationarity" and e.origin.name in {str(a) for a in table})
        ),
        pairs=tuple(replace(p, slack=p.slack.xreplace(table)) for p in system.pairs),
        domain=tuple(r.replaced(table) for r in system.domain),
    )


def opposed(
    system: System,
    point: dict[sp.Symbol, Fraction],
    solve: Callable[[System, dict[sp.Symbol, Fraction]], Branch | None],
) -> Branch | None:
    """The branch where opposite inequalities leave no interior, one of them without a price.

    `solve`: a solution of a system in closed form at a parameter point.  The pairs keep their
    places.
    """
    for k, other in permutations(range(len(system.pairs)), 2):
        one, two = system.pairs[k], system.pairs[other]
        if sp.expand(one.slack + two.slack) == 0:
            idle = replace(one, slack=sp.S.One)
            pairs = tuple(idle if p is one else p for p in system.pairs)
            found = solve(replace(system, pairs=pairs), point)
            if found is not None and other in found.binding:
                return found
    return None


def apart(relation: Relation) -> tuple[Relation, ...]:
    """u >= Max(v, w) as u >= v and u >= w; other relations as they are.

    >>> a, b = sp.symbols("a b", real=True)
    >>> [str(r) for r in apart(Relation(b - sp.Max(a, -a), ">=", sp.S.Zero))]
    ['a + b >= 0', '-a + b >= 0']
    """
    if relation.operator not in (">=", "<="):
        return (relation,)
    for term in sp.Add.make_args(relation.gap):
        coefficient, kink = term.as_coeff_Mul()
        kind = sp.Max if coefficient.is_negative else sp.Min
        if isinstance(kink, kind):
            rest = relation.gap - term
            parts = [
                Relation(rest + coefficient * e, ">=", sp.S.Zero)
                for e in sorted(kink.args, key=str)
            ]
            return tuple(part for one in parts for part in apart(one))
    return (relation,)
