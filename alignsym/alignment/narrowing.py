"""Conditions under which something is shown, where it is not on the whole region.

What is wanted is proved under conditions that hold at the witness, as few and as plain as found;
where they fail is the rest of the region, to be asked about again.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from alignsym.alignment.profile import Profile, is_proved
from alignsym.logic.decide import implies
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import holds as holds_at
from alignsym.solving.thresholds import conditions
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero
CONDITIONS = 3  # more than these make no readable case
MISSING = 8
SIZE_LIMIT = 120


def rest_of(profile: Profile, conditions: Region) -> Iterator[Region]:
    """Disjoint regions that together are where the conditions do not all hold."""
    for k, r in enumerate(conditions):
        edge = r.operator in ("<", ">") and implies(profile.region, r.relaxed()).is_proof
        yield (*conditions[:k], _edge_of(r) if edge else r.negated())


def _edge_of(r: Relation) -> Relation:
    """Where both sides are equal; e = 0 rather than e**2 = 0."""
    base, exponent = r.gap.as_base_exp()
    if exponent.is_Integer and exponent > 1:
        return Relation(base, "==", _ZERO)
    return Relation(r.left, "==", r.right)


def missing(profile: Profile, needed: Region) -> Region | None:
    """Conditions beyond the region under which all relations are shown, true at the first witness.

    () where they are shown on the whole region, None where no readable conditions are found.
    """
    out = [r for r in dict.fromkeys(needed) if not is_proved(holds(r, profile.region))]
    if not out:
        return ()
    point = dict(profile.witnesses[0])
    if len(out) > MISSING or not all(holds_at(r, point) for r in out):
        return None
    parts = tuple(part for r in out for part in _factors(r, profile.region))
    neat = conditions(parts, profile.region)
    if not all(holds_at(r, point) for r in neat):
        # Under conditions that nothing satisfies all is shown; -p >= 0 where p >= 0 is p = 0.
        neat = tuple(_edge(r, profile.region) for r in out)
    if len(neat) > CONDITIONS:
        return None
    # Neatly written conditions are a proposal like any other.
    shown = all(is_proved(holds(r, (*profile.region, *neat))) for r in out)
    return neat if shown and neat else None


def _edge(r: Relation, region: Region) -> Relation:
    """The relation as an equality, where only that is left of it."""
    if r.operator not in (">=", "<=") or not _never(-r.gap, region):
        return r
    return Relation(r.gap.as_coeff_Mul()[1], "==", _ZERO)


def _factors(r: Relation, region: Region) -> Region:
    """A relation f*g > 0 as relations on its factors, where their signs follow but for zero."""
    if r.is_equality or r.operator == "!=" or r.gap.count_ops() > SIZE_LIMIT:
        return (r,)
    rest = sp.S.One
    out = []
    for factor in sp.Mul.make_args(sp.factor(sp.together(r.gap))):
        base, exponent = factor.as_base_exp()
        sign = next((s for s in (1, -1) if _never(base * s, region)), 0)
        if sign and exponent.is_Integer:
            rest *= sign**exponent
            out += [Relation(base * sign, ">", _ZERO)] if r.is_strict or exponent < 0 else []
        else:
            rest *= factor
    if rest.is_positive:
        return tuple(q for q in out if not q.gap.is_positive)
    return (
        (*(q for q in out if not q.gap.is_positive), Relation(rest, r.operator, _ZERO))
        if (r.operator in (">", ">="))
        else (r,)
    )


def _never(e: Expr, region: Region) -> bool:
    """Whether e is nowhere negative on the region."""
    return bool(e.is_nonnegative) or implies(region, Relation(e, ">=", _ZERO)).is_proof
