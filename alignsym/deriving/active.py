"""Where some members choose their bound: who is active, and the sums over those."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from alignsym.claims import Proved
from alignsym.conditions.families import CrowdConditions
from alignsym.logic.activity import Levelled, is_active, name_active_sums, over_active
from alignsym.logic.crowd import Crowd
from alignsym.model.arithmetic import put_in
from alignsym.model.relations import Expr, Relation
from alignsym.solution import Regime, Solution
from alignsym.solving.activity import levelled
from alignsym.steps import Active, Hold, ShadowPrices, Step, Values
from alignsym.verify.activity import one_level

_ZERO = sp.S.Zero


def is_levelled(regime: Regime) -> bool:
    """Whether the regime's choices contain sums over active members."""
    return any(e.has(sp.sign) for _, e in regime.values)


def active_members(
    people: Crowd, asked: CrowdConditions, solution: Solution, regime: Regime
) -> Iterator[Step]:
    """The reply, the threshold, the equation of the active members, and what follows."""
    for found in levelled(people, asked, solution.concept):
        level, ledger = found.level, found.crowd.ledger
        shown = one_level(found.crowd, level, found.profile.when)
        if not isinstance(shown.verdict, Proved):
            continue
        name_active_sums(ledger, level, shown.sums)
        yield from _told(found)
        break
    yield Values(regime.values)
    named = dict(regime.multipliers)
    prices = tuple(
        (c.name, c.scale * c.multiplier, named[c.name]) for c in asked.coupling if c.name in named
    )
    if prices:
        yield ShadowPrices(prices)
    if regime.when:
        yield Hold((), regime.when)


def _told(found: Levelled) -> Iterator[Step]:
    """The reply to the level, and the level."""
    level, ledger = found.level, found.crowd.ledger
    summed, _ = over_active(ledger, level.family, level.weight * level.reply)
    table = {level.symbol: ledger.indexed(level.unknown)}

    def said(e: Expr) -> Expr:
        return put_in(ledger.indexed(e), table)

    other = sp.Symbol(next(c for c in "jkm" if c not in ledger.taken), integer=True)
    test = is_active(ledger, level, level.family, other)
    (sign,) = (a for a in test.args if isinstance(a, sp.sign))
    yield Active(
        ledger.indexed(level.action.symbol), said(level.clipped), said(level.symbol),
        ledger.indexed(level.threshold), Relation(sign.args[0], ">", _ZERO),
        said(level.total), said(level.comes_to), said(summed), ledger.indexed(level.formula),
    )  # fmt: skip
