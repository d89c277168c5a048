"""What a strategy is given: the equations of one binding set, with numbers and signs at a point.

Pairs that bind become equations, the multipliers of the others zero.  Where agents meet in markets,
it is noted whose every equation and unknown is.
"""

from __future__ import annotations

import sympy as sp

from alignsym.conditions.system import Pair, System
from alignsym.solving.oracle.interior import NumericPoint
from alignsym.solving.strategies.contract import TOLERANCE, Case


def binding_case(system: System, number: NumericPoint) -> tuple[Case, dict[sp.Symbol, sp.Symbol]]:
    """Equations of the binding set; unknowns positive at the point are renamed to positive ones.

    The sign is only an aid to the strategies: the condition of the regime states it afterwards.
    """
    zero = {p.multiplier: sp.S.Zero for k, p in enumerate(system.pairs) if k not in number.binding}
    active = [system.pairs[k] for k in sorted(number.binding)]
    table = number.table()
    unknowns = [*system.actions, *(f.symbol for f in system.free)]
    unknowns += [p.multiplier for p in active if p.multiplier not in unknowns]
    names: dict[sp.Symbol, sp.Symbol] = {}
    for unknown in unknowns:
        positive = table[unknown] > 1e-7
        names[unknown] = (
            sp.Dummy(unknown.name, positive=True) if positive else sp.Dummy(unknown.name, real=True)
        )
    replaced = {**zero, **names}
    equations = [e.expression.xreplace(replaced) for e in system.equations]
    equations += [p.slack.xreplace(replaced) for p in active]
    point = tuple((names.get(s, s), v) for s, v in table.items() if s not in zero)
    tolerance = TOLERANCE if number.margin > 1e-3 else 1e-3
    owners, holder = ownership(system, active)
    held = tuple((names[u], o) for u, o in holder.items())
    case = Case(
        tuple(equations), tuple(names[u] for u in unknowns), (point,), tolerance, owners, held
    )
    return case, {new: old for old, new in names.items()}


def ownership(system: System, active: list[Pair]) -> tuple[tuple[str, ...], dict[sp.Symbol, str]]:
    """Whose every equation is ('' for a market) and whose every unknown; nothing without markets.

    A price is nobody's.
    """
    if not any(p.origin.kind == "clearing" for p in system.pairs):
        return (), {}
    own = [p for p in active if p.origin.kind != "clearing"]
    rows = (*(e.origin for e in system.equations), *(p.origin for p in active))
    owners = tuple("" if o.kind == "clearing" else o.owner for o in rows)
    of = {
        e.origin.name: e.origin.owner for e in system.equations if e.origin.kind == "stationarity"
    }
    holder = {a: of[str(a)] for a in system.actions if str(a) in of}
    holder |= {f.symbol: f.origin.owner for f in system.free}
    return owners, holder | {p.multiplier: p.origin.owner for p in own}
