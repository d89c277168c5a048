"""Feasible profiles compared with a given one directly, where all utilities are algebraic.

    better for all:      x' feasible,  U_i(x') > U_i(x*) for every i
    at nobody's loss:    x' feasible,  U_i(x') >= U_i(x*) for every i,  > for some i

That there is none, for any parameters of the region, is a claim that z3 decides; a point it finds
at one exact parameter point is only where to look: the profile as it is, as far from x* as it is
there, or in the same proportion to it.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from alignsym.alignment.moves import Values
from alignsym.alignment.profile import Profile
from alignsym.claims import Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import search
from alignsym.model.relations import Region, Relation
from alignsym.solving.neat import shortened
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
    """Candidates for trades from points that z3 finds at the first exact parameter point."""
    if not algebraic_profile(profile):
        return
    other, feasible, as_good, better = _other(profile)
    here = dict(profile.witnesses[0])

    def put(relations: Region) -> Region:
        return tuple(r.replaced(here) for r in relations)

    for premises, any_of in ((put((*feasible, *better)), ()), (put((*feasible, *as_good)), better)):
        answer = search(premises, any_of=put(any_of))
        if answer.kind != "sat":
            continue
        found = {s: sp.Rational(v.numerator, v.denominator) for s, v in answer.point}
        now = profile.table
        if not set(other.values()) <= set(found):
            continue
        to = {s: found[other[s]] for s in now if s in other}
        if set(to) != set(now):
            return
        yield to
        if profile.region and any(e.free_symbols for e in now.values()):
            level = {s: e.xreplace(here) for s, e in now.items()}
            yield {s: shortened(e + to[s] - level[s]) for s, e in now.items()}
            yield {
                s: shortened(e * to[s] / level[s]) if level[s] != 0 else to[s]
                for s, e in now.items()
            }


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
