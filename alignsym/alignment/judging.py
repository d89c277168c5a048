"""The efficiency of one case of an answer: by its concept, as the largest sum, or decided anew."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from alignsym.alignment.arena import Arena, arena
from alignsym.alignment.corners import refined
from alignsym.alignment.degeneracy import told_apart
from alignsym.alignment.efficiency import Efficiency, Named
from alignsym.alignment.narrowing import missing, rest_of
from alignsym.alignment.negishi import NEGISHI, negishi
from alignsym.alignment.pareto import BARGAIN, POSITIVE, SINGLE, TRANSFERABLE, cone_of, judged
from alignsym.alignment.profile import Profile, is_proved
from alignsym.alignment.theorems import FIRST, first_welfare
from alignsym.claims import Unknown, weakest
from alignsym.logic.decide import irredundant, search
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Region, Relation
from alignsym.solution import NoSolution, Regime, Solution
from alignsym.solution import holds as holds_at
from alignsym.verify.facts import holds, zero
from alignsym.verify.trial import points

_ZERO = sp.S.Zero
POINTS = 5


def judge(
    solution: Solution,
    regime: Regime,
    best: Solution | None,
    *,
    deadline: float | None = None,
) -> tuple[Efficiency, ...]:
    """The efficiency of one regime's profile, in pieces of the regime where it differs."""
    game, concept = solution.game, solution.concept
    where = arena(game, concept, dict(regime.values))
    if isinstance(where, str):
        return (undecided(regime, Unknown(where)),)
    profile = profile_of(game, regime, where)
    known = _by_concept(game, concept, regime)
    if known is not None:
        return (known,)
    optima = tuple(dict(r.values) for r in best.regimes) if best is not None else ()
    if best is not None and _is_optimum(profile, best):
        weights = tuple((n, sp.S.One) for n in where.persons)
        described = None if where.transferable else cone_of(profile)
        theorem = TRANSFERABLE if where.transferable else POSITIVE
        row = Efficiency(
            regime.when, regime.values, _utilities(profile), "strongly", weights, described,
            status=regime.status, theorem=theorem,
        )  # fmt: skip
        return (row,)
    rows: list[Efficiency] = []
    inside, outside = _feasible_part(profile)
    interior = all(e == 0 for _, e in regime.bounds)
    if concept == "walras" and interior and not outside and not where.transferable:
        found_weights, status = negishi(game, regime, where)
        if is_proved(status):
            row = undecided(regime, Unknown(""))
            return (replace(row, kind="strongly", weights=found_weights, status=status, reason="",
                            utilities=_utilities(profile), theorem=NEGISHI),)  # fmt: skip
    for extra in outside:
        why = Unknown("the profile is not shown to be feasible for everybody")
        row = undecided(regime, why)
        rows.append(replace(row, when=irredundant((*regime.when, *extra), game.domain())))
    pieces = judged(inside, optima, deadline=deadline)
    pieces = refined(inside, pieces, optima, deadline=deadline)
    pieces = told_apart(inside, pieces, optima, deadline=deadline)
    if concept == "walras" and not outside and any(p.kind == "unknown" for p in pieces):
        status = first_welfare(game, regime, where)
        if is_proved(status) and is_proved(profile.feasible()):
            equal = tuple((n, sp.S.One) for n in where.persons) if where.transferable else None
            row = undecided(regime, Unknown(""))
            return (replace(row, kind="strongly", weights=equal, status=status, reason="",
                            utilities=_utilities(profile), theorem=FIRST),)  # fmt: skip
    when = (*regime.when, *inside.region[len(profile.region) :])
    found = [p.efficiency(inside, when, game.domain()) for p in pieces]
    if outside:
        found = [replace(r, when=irredundant(r.when, game.domain())) for r in found]
    return tuple(
        replace(r, status=weakest([r.status, regime.status]), values=regime.values)
        for r in (*found, *rows)
    )


def _feasible_part(profile: Profile) -> tuple[Profile, tuple[Region, ...]]:
    """The profile where it is shown to be feasible for everybody, and the regions where not.

    x = k with k >= 0 lies in the domain of another's log(x) where k > 0 only.
    """
    if is_proved(profile.feasible()):
        return profile, ()
    equal = dict.fromkeys(profile.arena.persons, sp.S.One)
    needed = profile.arena.planner(equal, profile.silent).feasible()
    extra = missing(profile, tuple(r.replaced(profile.table) for r in needed))
    if not extra:
        return profile, ()
    kept = [w for w in profile.witnesses if all(holds_at(r, dict(w)) for r in extra)]
    narrow = replace(profile, region=(*profile.region, *extra), witnesses=tuple(kept))
    if not is_proved(narrow.feasible()):
        return profile, ()
    rest = [r for r in rest_of(profile, extra) if not search((*profile.region, *r)).is_proof]
    return narrow, tuple(rest)


def profile_of(game: Game, regime: Regime, where: Arena) -> Profile:
    """The regime's profile in its arena, with exact points of the regime."""
    silent = frozenset(n for n, e in regime.utilities if e == -sp.oo and n in where.persons)
    values = dict(regime.values)
    added = tuple((m, e.xreplace(values)) for m, e in where.added)
    numeraire = {} if game.numeraire is None else {game.numeraire: sp.S.One}
    witnesses = [regime.witness]
    for point in points(game, regime, POINTS, 0):
        exact = tuple((s, sp.Rational(v.numerator, v.denominator)) for s, v in point.items())
        if exact not in witnesses:
            witnesses.append(exact)
    region = (*game.domain(), *regime.when)
    # On an edge of the region more binds than inside; where it differs it is asked about later.
    inner = [w for w in witnesses if all(holds_at(r.tightened(), dict(w)) for r in region)]
    witnesses = inner or witnesses
    chosen = {a.symbol for a in where.game.actions}
    kept = tuple((s, e.xreplace(numeraire)) for s, e in regime.values if s in chosen)
    return Profile(where, region, (*kept, *added), silent, tuple(witnesses))


def whole(game: Game, concept: Concept, regime: Regime) -> Efficiency:
    """The regime with the persons' utilities, in one piece."""
    where = arena(game, concept, dict(regime.values))
    row = undecided(regime, Unknown("not asked"))
    if isinstance(where, str):
        return row
    return replace(row, utilities=_utilities(profile_of(game, regime, where)))


def _utilities(profile: Profile) -> Named:
    return tuple((n, profile.utility(n)) for n in profile.arena.persons)


def undecided(regime: Regime, why: Unknown) -> Efficiency:
    return Efficiency(
        regime.when, regime.values, regime.utilities, "unknown", status=why, reason=why.reason
    )


def _by_concept(game: Game, concept: Concept, regime: Regime) -> Efficiency | None:
    """Efficiency that the definition of the concept implies."""
    row = Efficiency(regime.when, regime.values, regime.utilities, "strongly", status=regime.status)
    region = (*game.domain(), *regime.when)
    weights = tuple((a.name, game.weight(a.name)) for a in game.agents)
    positive = all(is_proved(holds(Relation(w, ">", _ZERO), region)) for _, w in weights)
    if concept == "maximize":
        return replace(row, weights=((game.agents[0].name, sp.S.One),), theorem=SINGLE)
    if any(e == -sp.oo for _, e in regime.utilities) or not positive:
        return None
    if concept == "social":
        return replace(row, weights=weights, theorem=POSITIVE)
    if concept != "bargaining" or regime.value is None:
        return None
    gains = is_proved(holds(Relation(regime.value, ">", _ZERO), region))
    return replace(row, theorem=BARGAIN) if gains else None


def _is_optimum(profile: Profile, best: Solution) -> bool:
    """Whether the profile is feasible and has the largest sum of utilities, for all its
    parameters: its values are those of an optimum, or as good."""
    if profile.silent:
        return False
    total = sp.Add(*(profile.utility(n) for n in profile.arena.persons))
    for case in best.cases:
        if isinstance(case, NoSolution) or not is_proved(case.status) or case.value is None:
            continue
        if not profile.looks_zero(total - case.value):
            continue
        if not all(is_proved(holds(c, profile.region)) for c in case.when):
            continue
        theirs = dict(case.values)
        same = [Relation(e, "==", theirs[s]) for s, e in profile.values if s in theirs]
        if len(same) == len(profile.values) and all(
            is_proved(holds(q, profile.region)) for q in same
        ):
            return True
        if is_proved(zero(total - case.value, profile.region)) and is_proved(profile.feasible()):
            return True
    return False
