"""Does everybody gain by an instrument?  Against the equilibrium without it, by regime.

    gain_i = U_i(optimum, payments of the instrument) - U_i(equilibrium)

decided on every region where a regime of the equilibrium and one of the optimum meet.  An agent
that loses has to be made to take part, or to be paid out of the revenue.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import sympy as sp

from alignsym.alignment.efficiency import Efficiency, Gains, Instrument, Named, Willing
from alignsym.alignment.profile import INFINITE, is_proved
from alignsym.alignment.welfare import meetings
from alignsym.logic.decide import irredundant
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds, zero

_ZERO = sp.S.Zero


def with_participation(
    instrument: Instrument, now: Sequence[Efficiency], domain: Region, deadline: float | None
) -> Instrument:
    """The instrument with what everybody gains by it; as it is where time is short.

    Arguments: `now`, the equilibria without it, one for every parameter, with utilities.
    """
    rows = []
    for row, k, region in meetings(now, [when for when, _ in instrument.after], domain):
        when, after = instrument.after[k]
        gains = gains_of(row.utilities, after)
        willing = []
        for name, gain in gains:
            late = deadline is not None and time.monotonic() > deadline
            willing.append((name, "undecided" if late else sign_of(gain, region)))
        here = irredundant((*row.when, *when), domain)
        rows.append(Gains(here, gains, tuple(willing)))
    return replace(instrument, participation=tuple(rows))


def gains_of(now: Named, after: Named) -> Named:
    """Utilities with the instrument less those without; oo for who had -oo."""
    before = dict(now)
    return tuple(
        (n, sp.oo if before[n] == -sp.oo and e != -sp.oo else _difference(e, before[n]))
        for n, e in after
        if n in before
    )


def _difference(after: Expr, before: Expr) -> Expr:
    rise = after - before
    if rise.has(sp.nan, sp.zoo):
        return sp.nan
    return sp.factor(sp.together(rise)) if rise.is_rational_function() else shortened(rise)


def sign_of(gain: Expr, region: Region) -> Willing:
    """Whether a gain is one for all parameters of a region."""
    if gain == sp.oo:
        return "gains"
    if gain == -sp.oo:
        return "loses"
    if gain.has(*INFINITE):
        return "undecided"
    if is_proved(zero(gain, region)):
        return "indifferent"
    signs: tuple[tuple[Relation, Willing], ...] = (
        (Relation(gain, ">", _ZERO), "gains"),
        (Relation(gain, ">=", _ZERO), "does not lose"),
        (Relation(gain, "<", _ZERO), "loses"),
        (Relation(gain, "<=", _ZERO), "does not gain"),
    )
    for relation, said in signs:
        if is_proved(holds(relation, region)):
            return said
    return "undecided"
