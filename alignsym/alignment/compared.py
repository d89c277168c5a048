"""Feasible profiles compared with a given one directly, where all utilities are algebraic.

    better for all:      x' feasible,  U_i(x') > U_i(x*) for every i
    at nobody's loss:    x' feasible,  U_i(x') >= U_i(x*) for every i,  > for some i

That there is none, for any parameters of the region, is a claim that z3 decides; a point that it
finds is a trade where nothing is a parameter.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from alignsym.alignment.moves import Values
from alignsym.alignment.profile import Profile
from alignsym.claims import Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import search
from alignsym.model.relations import Region, Relation
from alignsym.verify.theorems import algebraic


def algebraic_profile(profile: Profile) -> bool:
    """Whether all utilities are algebraic and finite."""
    return not profile.silent and all(
        algebraic(profile.arena.utility(n)) for n in profile.arena.persons
    )


def undominated(profile: Profile) -> Verdict:
    """The definition, by z3: no feasible x' is as good for all and better for one."""
    _, feasible, as_good, better = _other(profile)
    premises = (*profile.region, *feasible, *as_good)
    if search(premises, any_of=better).is_proof:
        return Proved((Unsatisfiable(premises, better),))
    return Unknown("z3 does not exclude a better profile")


def not_better_for_all(profile: Profile) -> Verdict:
    """The definition, by z3: no feasible x' is better for everybody."""
    _, feasible, _, better = _other(profile)
    premises = (*profile.region, *feasible, *better)
    if search(premises).is_proof:
        return Proved((Unsatisfiable(premises, ()),))
    return Unknown("z3 does not exclude a profile that is better for all")


def found_better(profile: Profile) -> Iterator[Values]:
    """Candidates for trades that z3 finds: better for all, or at nobody's loss.

    Only where nothing is a parameter, for a point is no formula.
    """
    if not algebraic_profile(profile):
        return
    other, feasible, as_good, better = _other(profile)
    known = set(other.values())
    if any(r.free_symbols - known for r in (*profile.region, *feasible, *better)):
        return
    for premises, any_of in (((*feasible, *better), ()), ((*feasible, *as_good), better)):
        answer = search(premises, any_of=any_of)
        if answer.kind != "sat":
            continue
        found = {s: sp.Rational(v.numerator, v.denominator) for s, v in answer.point}
        if known <= set(found):
            yield {s: found[other[s]] for s in profile.table if s in other}


def _other(profile: Profile) -> tuple[dict[sp.Symbol, sp.Symbol], Region, Region, Region]:
    """Symbols of another profile; that it is feasible; as good for each; better for each."""
    equal = dict.fromkeys(profile.arena.persons, sp.S.One)
    maker = profile.arena.planner(equal, profile.silent)
    other = {v: sp.Dummy(v.name, **v.assumptions0) for v in maker.variables}
    feasible = tuple(r.replaced(other) for r in maker.feasible())
    worth = {n: profile.arena.utility(n).xreplace(other) for n in profile.heard}
    now = {n: profile.arena.utility(n).xreplace(profile.table) for n in profile.heard}
    as_good = tuple(Relation(worth[n], ">=", now[n]) for n in profile.heard)
    better = tuple(Relation(worth[n], ">", now[n]) for n in profile.heard)
    return other, feasible, as_good, better
