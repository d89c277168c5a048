"""A profile by one level, verified for a generic member that is active and for one that is not.

At the level (`verify.activity`) a sum of all choices is s(L).  Given that, every obligation of an
answer for n members is asked twice: where r_i >= l_i and x_i = r_i, and where r_i <= l_i and
x_i = l_i.  What a member does at the tie is the same in both.
"""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from alignsym.claims import Claim, Decided, Proved, Unknown, Verdict, weakest
from alignsym.logic.activity import Levelled, at_level, of_one
from alignsym.logic.crowd import JOINT, Crowd, Profile
from alignsym.logic.sums import NotSummableError
from alignsym.model.game import Concept
from alignsym.model.relations import Relation
from alignsym.verify.activity import THEOREM, OneLevel, one_level
from alignsym.verify.aggregative import only_price, unique_profile
from alignsym.verify.facts import holds
from alignsym.verify.families import ProfileClaims, Shown
from alignsym.verify.profiles import Reported
from alignsym.verify.uniqueness import unique_maximiser

_ZERO = sp.S.Zero


def verify_levelled(
    people: Crowd, concept: Concept, found: Levelled, said: Reported
) -> tuple[Shown, OneLevel]:
    """Decide every obligation of a claimed profile in terms of a level.

    `said` writes the member's choice as its action's symbol.
    """
    level, profile = found.level, found.profile
    if str(level.symbol) in people.ledger.taken:
        taken = Unknown(f"{level.symbol} is a name of the game")
        return Shown(taken, taken, ()), OneLevel((), (), False, ())
    shown = one_level(found.crowd, level, profile.when)
    region = tuple(people.ledger.written(r) for r in profile.when)
    claim = Claim("hypothesis", 0, "", THEOREM, region)
    decided = [*shown.hypotheses, Decided(claim, shown.verdict)]
    if not isinstance(shown.verdict, Proved):
        return Shown(shown.verdict, Unknown("not a proof"), tuple(decided)), shown
    low, x = level.action.interval.lower, level.action.symbol
    cases = (
        (level.reply, Relation(level.reply, ">=", low), True),
        (low, Relation(level.reply, "<=", low), False),
    )
    told: list[ProfileClaims] = []
    verdicts: list[Verdict] = []
    try:
        with at_level(found.crowd.ledger, level):
            for value, where, active in cases:
                one = of_one(found.crowd, (*shown.facts, *profile.when, where))
                here = _in_case(profile, x, value, level.action.name, active)
                case = Reported(
                    said.value, tuple((k, e.xreplace({x: value})) for k, e in said.utilities)
                )
                borne = not active and bool(here.multipliers)
                claims = ProfileClaims(one, concept, here, case, passive=borne)
                verdicts.append(claims.status())
                if borne and not shown.somebody:
                    verdicts.append(
                        Unknown("nobody may be active, whose choice shows the multipliers")
                    )
                bound = dict(profile.bounds)[level.action.name]
                sign = Relation(bound, "<=" if active else ">=", _ZERO)
                verdicts.append(holds(sign, one.facts(one.declared, bound)))
                told.append(claims)
                decided += claims.decided
            status = weakest(verdicts)
            exhaustive: Verdict = Unknown("not a proof")
            if isinstance(status, Proved):
                above = Relation(level.reply, ">", low)
                exhaustive = _exhaustive(people, concept, profile, told, shown, above)
    except NotSummableError as stopped:
        return Shown(Unknown(str(stopped)), Unknown(str(stopped)), tuple(decided)), shown
    claim = Claim("exhaustive", 0, "", "nothing else is a solution", region)
    return Shown(status, exhaustive, (*decided, Decided(claim, exhaustive))), shown


def _in_case(profile: Profile, x: sp.Symbol, value: sp.Expr, name: str, active: bool) -> Profile:
    """The profile with the member's choice in this case; an active one has no price of a bound."""
    values = tuple((s, value if s == x else e) for s, e in profile.values)
    bounds = tuple((k, _ZERO if k == name and active else e) for k, e in profile.bounds)
    return replace(profile, values=values, bounds=bounds)


def _exhaustive(
    people: Crowd,
    concept: Concept,
    profile: Profile,
    told: list[ProfileClaims],
    shown: OneLevel,
    above: Relation,
) -> Verdict:
    """Nothing else is a solution, whichever case a member is in.

    Prices are seen by somebody who chooses more than the bound, `above`.
    """
    if concept in JOINT:
        return weakest(claims.exhaustive() for claims in told)
    if concept == "nash":
        region = people.facts((*people.declared, *profile.when))
        parts = [(m, v, s) for claims in told for m, v, s in claims.parts]
        return unique_profile(people, concept, dict(profile.values), region, parts)
    if not shown.somebody:
        return Unknown("nobody may be active, whose choice shows the price")
    active, passive = told
    each = [
        unique_maximiser(m, v, (), passive.crowd.facts(passive.region, *v.values()), s,
                         saddle=False)
        for m, v, s in passive.parts
    ]  # fmt: skip
    return weakest([
        only_price(active.crowd, concept, active.values, (*active.region, above), active.parts),
        *each,
    ])  # fmt: skip
