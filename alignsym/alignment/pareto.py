"""Is a profile efficient?  Decided for all parameters of its regime, with what shows it.

*Strongly*: no feasible profile is at least as good for all and better for one.  Shown by
    strictly positive weights w with x* maximising sum w_i U_i (every maximiser is efficient);
    nonnegative weights and x* the only maximiser;  or the definition itself, by z3.
*Weakly*: none is better for all.  Shown by nonnegative weights, not all zero; "weakly only" by a
    feasible profile that somebody prefers and nobody minds.
*No*: a finite feasible profile that everybody prefers, as formulas.
With a transferable numeraire only the sum counts, and equal weights are the only ones.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.alignment.compared import algebraic_profile, not_better_for_all, undominated
from alignsym.alignment.efficiency import Efficiency, Kind, Named
from alignsym.alignment.narrowing import CONDITIONS, missing, rest_of
from alignsym.alignment.profile import Profile, is_proved
from alignsym.alignment.supporting import multipliers, supported
from alignsym.alignment.trade import Trade, finite_point, proposals
from alignsym.alignment.weights import Cone, cone, exact, no_positive_weights
from alignsym.claims import Proved, Unknown, Verdict
from alignsym.logic.decide import implies, irredundant, search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import holds as holds_at

_ZERO = sp.S.Zero
ATTEMPTS = 6
WITNESSES = 3
CONE_SIZE = 120
POSITIVE = "a maximiser of a strictly increasing aggregate is strongly efficient"
ALONE = "the only maximiser of a nonnegatively weighted sum is strongly efficient"
NONNEGATIVE = "a maximiser of a nonnegatively weighted sum is weakly efficient"
DEFINITION = "no feasible profile is as good for all and better for one, by direct comparison"
DEFINITION_WEAKLY = "no feasible profile is better for all, by direct comparison"
SINGLE = "what is best for the only agent is strongly efficient"
TRANSFERABLE = "with a transferable numeraire the efficient profiles are those of largest sum"
BARGAIN = "a maximiser of a product of positive gains is strongly efficient"
FINITE_TRADE = "everyone prefers the feasible profile given"


@dataclass(frozen=True, slots=True)
class Judged:
    """One piece of a profile's region: the condition beyond it, and what is shown there."""

    extra: Region
    kind: Kind
    status: Verdict
    weights: Named | None = None
    cone: Region | None = None
    degenerate: bool = False
    trade: Trade | None = None
    theorem: str = ""
    reason: str = ""

    def efficiency(self, profile: Profile, when: Region, domain: Region) -> Efficiency:
        """The piece as part of an answer."""
        utilities = tuple((n, profile.utility(n)) for n in profile.arena.persons)
        chosen = {a.symbol for a in profile.arena.game.actions}
        added = {s for s, _ in profile.arena.added}
        values = tuple((s, e) for s, e in profile.values if s not in added or s not in chosen)
        where = irredundant((*when, *self.extra), domain) if self.extra else when
        return Efficiency(
            where, values, utilities, self.kind, self.weights, self.cone,
            self.degenerate, self.trade, self.status, self.theorem, self.reason,
        )  # fmt: skip


def judged(
    profile: Profile,
    optima: tuple[dict[sp.Symbol, Expr], ...],
    *,
    pieces: int = 4,
    deadline: float | None = None,
) -> tuple[Judged, ...]:
    """What is shown of the profile, in at most so many pieces of its region.

    Arguments: `optima`, weighted optima in whose direction trades are sought; `deadline`, a time of
    the monotonic clock after which nothing more is tried.
    """
    if not is_proved(profile.feasible()):
        why = "the profile is not shown to be feasible for everybody"
        return (Judged((), "unknown", Unknown(why), reason=why),)
    partial: list[Judged] = []
    # What holds at one of the points only is what is true of a part of the region.
    alone = [replace(profile, witnesses=(w,)) for w in profile.witnesses[:WITNESSES]]
    for tried in (profile, *(alone if len(profile.witnesses) > 1 else ())):
        if partial:
            break
        for found in _attempts(tried, optima, deadline):
            if not found.extra:
                return (found,)
            if len(found.extra) <= CONDITIONS:
                partial.append(found)
    if partial and pieces > 1:
        first = _widest(profile, partial)
        rest = [
            piece
            for region in rest_of(profile, first.extra)
            for piece in _elsewhere(profile, optima, region, pieces - 1, deadline)
        ]
        return (first, *rest)
    why = "neither weights that support the profile nor a trade that improves on it were found"
    if deadline is not None and time.monotonic() > deadline:
        why = "the time limit was reached"
    return (Judged((), "unknown", Unknown(why), reason=why),)


def _widest(profile: Profile, partial: list[Judged]) -> Judged:
    """A piece that no other contains, of these the one with the shortest conditions."""
    ordered = sorted(partial, key=lambda j: (len(j.extra), sum(r.gap.count_ops() for r in j.extra)))
    best = ordered[0]
    for other in ordered[1:ATTEMPTS]:
        inside = (*profile.region, *best.extra)
        if all(implies(inside, r).is_proof for r in other.extra):
            best = other
    return best


def _elsewhere(
    profile: Profile,
    optima: tuple[dict[sp.Symbol, Expr], ...],
    region: Region,
    pieces: int,
    deadline: float | None,
) -> tuple[Judged, ...]:
    """What is shown where further conditions hold; nothing where no parameters satisfy them."""
    here = (*profile.region, *region)
    answer = search(here)
    if answer.is_proof:
        return ()
    point = tuple((s, sp.Rational(v.numerator, v.denominator)) for s, v in answer.point)
    known = {p.symbol for p in profile.arena.game.parameters}
    table = dict(point)
    if set(table) < known:
        table = {**dict.fromkeys(known, sp.S.One), **table}
    if answer.kind != "sat" or not all(holds_at(r, table) for r in here):
        why = "no exact parameter point was found here"
        return (Judged(region, "unknown", Unknown(why), reason=why),)
    inside = [w for w in profile.witnesses if all(holds_at(r, dict(w)) for r in region)]
    witnesses = (*inside, tuple(table.items())) if inside else (tuple(table.items()),)
    moved = replace(profile, region=here, witnesses=witnesses)
    parts = judged(moved, optima, pieces=pieces, deadline=deadline)
    return tuple(replace(j, extra=(*region, *j.extra)) for j in parts)


def _attempts(
    profile: Profile, optima: tuple[dict[sp.Symbol, Expr], ...], deadline: float | None
) -> Iterator[Judged]:
    """Everything that can be shown, those without further conditions and the strongest first."""
    if profile.arena.transferable:
        yield from _by_sum(profile)
    else:
        yield from _by_weights(profile, optima, deadline)
    late = None
    for trade, needed in proposals(profile, optima, deadline):
        extra = missing(profile, needed)
        if extra is None:
            continue
        if trade.strict:
            yield Judged(extra, "no", Proved(), trade=trade, theorem=FINITE_TRADE)
        elif not extra and late is None:
            late = trade
    if late is not None:
        verdict = not_better_for_all(profile) if algebraic_profile(profile) else Unknown("")
        if is_proved(verdict):
            yield Judged((), "weakly", verdict, None, None, True, late, theorem=DEFINITION_WEAKLY)
            return
        why = "not strongly efficient, for somebody can gain at nobody's loss; "
        why += "whether everybody can gain is not shown"
        yield Judged((), "unknown", Unknown(why), trade=late, reason=why)


# ------------------------------------------------------------------ efficient
def _by_sum(profile: Profile) -> Iterator[Judged]:
    equal = dict.fromkeys(profile.arena.persons, sp.S.One)
    if profile.silent:
        return
    conditions = _signs(profile, equal)
    if conditions is None:
        return
    found = supported(profile, equal, premises=conditions)
    if is_proved(found.optimal):
        weights = tuple(equal.items())
        yield Judged(conditions, "strongly", found.optimal, weights, theorem=TRANSFERABLE)


def _by_weights(
    profile: Profile, optima: tuple[dict[sp.Symbol, Expr], ...], deadline: float | None
) -> Iterator[Judged]:
    first_order = cone(profile)
    rows = _rows(profile, first_order)
    late: list[tuple[Named, Verdict]] = []
    for row in rows[:ATTEMPTS]:
        if deadline is not None and time.monotonic() > deadline:
            return
        weights = dict(row)
        positive = tuple(Relation(e, ">", _ZERO) for e in weights.values() if not e.is_positive)
        loose = missing(profile, positive)
        extra = None if loose is None else _signs(profile, weights, loose)
        if loose is None and all(e.is_nonnegative for e in weights.values()):
            extra = _signs(profile, weights)
        if extra is None:
            continue
        strictly = loose is not None
        alone = not strictly or bool(profile.silent)
        found = supported(profile, weights, unique=alone, premises=extra)
        if not is_proved(found.optimal):
            continue
        named = tuple((n, weights.get(n, _ZERO)) for n in profile.arena.persons)
        if strictly and not profile.silent:
            described = _described(profile, first_order) if not extra else None
            yield Judged(extra, "strongly", found.optimal, named, described, theorem=POSITIVE)
        elif is_proved(found.unique):
            bare = not extra and _degenerate(profile, first_order, optima)
            yield Judged(extra, "strongly", found.unique, named, None, bare, theorem=ALONE)
        elif not extra:
            late.append((named, found.optimal))
    if algebraic_profile(profile):
        verdict = undominated(profile)
        if is_proved(verdict):
            known = late[0][0] if late else None
            bare = _degenerate(profile, first_order, optima)
            yield Judged((), "strongly", verdict, known, None, bare, theorem=DEFINITION)
            return
    if late:
        yield from _weakly(profile, late[0], first_order, optima)


def _rows(profile: Profile, found: Cone | None) -> list[tuple[tuple[str, Expr], ...]]:
    """Weights to try: of the first-order cone, or equal ones and one person's alone."""
    if found is not None and not found.hidden:
        return list(found.candidates)
    heard = profile.heard
    rows = [tuple((n, sp.S.One) for n in heard)]
    rows += [tuple((n, sp.S.One if n == m else _ZERO) for n in heard) for m in heard]
    return list(dict.fromkeys(rows))


def _signs(profile: Profile, weights: dict[str, Expr], given: Region = ()) -> Region | None:
    """`given` and the signs of multipliers that are not shown on the region; None if they fail."""
    maker = profile.arena.planner(weights, profile.silent)
    priced = multipliers(maker, profile)
    if priced is None:
        return given
    needed = tuple(
        Relation(p.multiplier, ">=", _ZERO)
        for p in priced
        if not p.relation.is_equality and not p.multiplier.is_nonnegative
    )
    return missing(profile, (*given, *needed))


def _weakly(
    profile: Profile,
    row: tuple[Named, Verdict],
    first_order: Cone | None,
    optima: tuple[dict[sp.Symbol, Expr], ...],
) -> Iterator[Judged]:
    """Nonnegative weights support the profile; "weakly only" if somebody can gain for nothing."""
    weights, status = row
    for trade, needed in proposals(profile, optima):
        extra = None if trade.strict else missing(profile, needed)
        if extra is not None:
            bare = _degenerate(profile, first_order, optima, trade)
            yield Judged(extra, "weakly", status, weights, None, bare, trade, NONNEGATIVE)
            if not extra:
                return
    why = "weakly efficient at least; whether somebody can gain at nobody's loss is not shown"
    yield Judged((), "unknown", Unknown(why), weights, reason=why)


def _degenerate(
    profile: Profile,
    found: Cone | None,
    optima: tuple[dict[sp.Symbol, Expr], ...],
    weak: Trade | None = None,
) -> bool:
    """Whether no strictly positive weights support the profile, proved.

    A weakly efficient profile that is not strongly so; a person at -oo beside a feasible profile
    with all utilities finite; or the first-order conditions, where they are necessary.
    """
    if weak is not None:
        return True
    if profile.silent and finite_point(profile, optima):
        return True
    return found is not None and no_positive_weights(profile, found)


def cone_of(profile: Profile) -> Region | None:
    """All weights that support a profile, as relations; None where that is a ray or not shown."""
    return _described(profile, cone(profile))


def _described(profile: Profile, found: Cone | None) -> Region | None:
    """The relations of the cone if it is more than a ray and is exactly the supporting weights."""
    if found is None or found.is_ray or found.hidden:
        return None
    if sum(r.gap.count_ops() for r in found.relations) > CONE_SIZE or not exact(profile, found):
        return None
    relations = tuple(
        r for r in found.relations if r.free_symbols & set(dict(found.symbols).values())
    )
    if not is_proved(supported(profile, dict(found.symbols), premises=relations).optimal):
        return None
    return irredundant(relations, profile.region)
