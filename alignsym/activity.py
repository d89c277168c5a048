"""The way through where some of n members choose their bound: a level, then each member's choice.

game -> reply to a level -> level that adds up -> both cases of a generic member -> Solution's
regime, with sums over the active members written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from alignsym.claims import Proved
from alignsym.conditions.families import CrowdConditions
from alignsym.logic.activity import Levelled, at_level, name_active_sums
from alignsym.logic.crowd import JOINT, Crowd, Profile
from alignsym.logic.powers import flattened
from alignsym.model.arithmetic import put_in
from alignsym.model.game import Concept
from alignsym.model.relations import Expr
from alignsym.solving.activity import levelled
from alignsym.solving.neat import gathered, shortened
from alignsym.verify.families import Shown
from alignsym.verify.levelled import verify_levelled
from alignsym.verify.profiles import Reported

_ZERO = sp.S.Zero


def level_profiles(
    people: Crowd, asked: CrowdConditions, concept: Concept
) -> Iterator[tuple[Crowd, Profile, Reported, Shown] | str]:
    """Proved profiles, over plain symbols and sums over active members; a text says why none."""
    for found in levelled(people, asked, concept):
        ledger, level = found.crowd.ledger, found.level
        with at_level(ledger, level):
            said = said_at_level(found, concept)
        shown, theorem = verify_levelled(people, concept, found, said)
        if not isinstance(shown.status, Proved):
            yield getattr(shown.status, "reason", "not shown")
            continue
        if theorem.sums:
            name_active_sums(ledger, level, theorem.sums)
        whole = replace(found.crowd, game=people.game)
        yield whole, _closed(found), _in_full(found, said), shown


def said_at_level(found: Levelled, concept: Concept) -> Reported:
    """Value and payoffs, the member's own choice left as its symbol."""
    crowd, x = found.crowd, found.level.action.symbol
    ledger = crowd.ledger
    values = {**dict(found.profile.values), x: x}
    value = None
    if concept in JOINT:
        target = crowd.objective(concept)
        if concept == "maximize" and crowd.roles[0].loss:
            target = -target
        value = shortened(flattened(ledger.at(target, values)))
    payoffs = tuple((r.name, shortened(ledger.at(r.utility, values))) for r in crowd.roles)
    return Reported(value, payoffs)


def _closed(found: Levelled) -> Profile:
    """The profile with the level's closed form put in."""
    level, profile = found.level, found.profile
    table, members = {level.symbol: level.formula}, tuple(found.crowd.ledger.members)

    def full(e: Expr) -> Expr:
        return gathered(shortened(e.xreplace(table)), members)

    choice = sp.Max(level.action.interval.lower, full(level.reply), evaluate=False)
    values = tuple((s, choice if s == level.action.symbol else full(e)) for s, e in profile.values)
    multipliers = tuple((k, full(e)) for k, e in profile.multipliers)
    bounds = tuple((k, sp.Max(0, full(e), evaluate=False)) for k, e in profile.bounds)
    return Profile(profile.when, values, multipliers, bounds, profile.binding, written_out=True)


def _in_full(found: Levelled, said: Reported) -> Reported:
    """Value and payoffs with the closed forms of the level and of the choice put in."""
    level = found.level
    ledger = found.crowd.ledger
    choice = dict(_closed(found).values)[level.action.symbol]
    table: dict[sp.Symbol, Expr] = {level.symbol: level.formula}

    def full(e: Expr) -> Expr:
        named = {
            t: sp.Symbol(f"at the level {t.name}", **t.assumptions0)
            for t in e.free_symbols & set(ledger.totals)
            if level.symbol in ledger.totals[t].summand.free_symbols
        }
        for total, name in named.items():
            written = ledger.indexed(total)
            ledger.named[name] = put_in(written, {level.symbol: ledger.indexed(level.formula)})
        return put_in(e.xreplace(named), {**table, level.action.symbol: choice})

    value = None if said.value is None else full(said.value)
    return Reported(value, tuple((k, full(e)) for k, e in said.utilities))
