"""Where exactly does nobody's weight vanish?  Degenerate and not, told apart by region.

x* = k with k >= 0 ignores whoever x harms where k > 0; at k = 0 the bound binds, and equal weights
support it too.  The first-order conditions exclude positive weights where they are necessary and
can be solved for the weights: what is slack is strictly so, and no pivot vanishes.  Where that is
not on the whole region, the conditions under which it is are told apart, and the rest is judged
again.
"""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from alignsym.alignment.corners import Values, within
from alignsym.alignment.narrowing import missing, rest_of
from alignsym.alignment.pareto import Judged, judged
from alignsym.alignment.profile import Profile
from alignsym.alignment.weights import cone, no_positive_weights
from alignsym.model.relations import Region, Relation

_ZERO = sp.S.Zero


def told_apart(
    profile: Profile,
    pieces: tuple[Judged, ...],
    optima: tuple[Values, ...],
    *,
    deadline: float | None = None,
) -> tuple[Judged, ...]:
    """The pieces; one that leaves somebody without weight, perhaps not everywhere, in parts."""
    out: list[Judged] = []
    for piece in pieces:
        here = within(profile, piece.extra) if _open(profile, piece) else None
        extra = None if here is None else _conditions(here)
        if here is None or not extra:
            out.append(piece)
            continue
        out.append(replace(piece, extra=(*piece.extra, *extra), degenerate=True))
        for region in rest_of(here, extra):
            late = (*piece.extra, *region)
            rest = within(profile, late)
            if rest is None:
                continue
            again = judged(rest, optima, deadline=deadline)
            # What is true of the whole piece is true of its parts.
            known = all(j.kind == "unknown" for j in again)
            out += [replace(piece, extra=late)] if known else [
                replace(j, extra=(*late, *j.extra)) for j in again
            ]  # fmt: skip
    return tuple(out)


def _open(profile: Profile, piece: Judged) -> bool:
    """Whether somebody has no weight, and positive weights are not excluded."""
    zero = piece.weights is not None and any(e == 0 for _, e in piece.weights)
    return piece.kind == "strongly" and zero and not piece.degenerate and not profile.silent


def _conditions(profile: Profile) -> Region | None:
    """Conditions under which no positive weights support the profile; None if none are found."""
    found = cone(profile)
    if found is None:
        return None
    actions = {a.symbol for a in profile.arena.game.actions}
    maker = profile.arena.planner(dict.fromkeys(profile.arena.persons, sp.S.One), frozenset())
    slack = [
        r.tightened().replaced(profile.table)
        for r in maker.feasible()
        if r.free_symbols & actions
        and not (r.is_equality or r.is_strict or profile.looks_zero(r.gap))
    ]
    pivots = [Relation(e, "!=", _ZERO) for e in found.pivots if not e.is_nonzero]
    extra = missing(profile, (*slack, *pivots))
    if not extra:
        return None
    narrow = replace(profile, region=(*profile.region, *extra))
    again = cone(narrow)
    return extra if again is not None and no_positive_weights(narrow, again) else None
