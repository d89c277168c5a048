"""A supremum that is neared and not attained: what shows it, and what does not."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game
from alignsym.claims import Claim, Decided, Proved, Unknown, Verdict
from alignsym.model.closure import closed
from alignsym.model.game import Interval
from alignsym.model.relations import Region, Relation
from alignsym.verify.neared import neared

x, p = sp.symbols("x p", positive=True)
OPEN = Game(Agent("m", -p * x, x), concept="maximize")
MIXED = Game(
    Agent("m", (1 - p) * x, (x, Interval(sp.S.Zero, sp.S.One, True, False))), concept="maximize"
)
CHEAP, DEAR = Relation(p, "<", sp.S.One), Relation(p, ">", sp.S.One)


def outcome(game: Game, when: Region, shown: Region, verdict: Verdict, end: int = 0) -> Verdict:
    """The verdict on "x -> end is neared and not attained" from a fact about the region shown."""
    fact = Decided(Claim("hypothesis", None, "", "the only solution", shown), verdict)
    witness = ((p, sp.Integer(2)),)
    return neared(
        game, "maximize", when, {x: sp.Integer(end)}, {x: sp.S.One}, witness, (fact,)
    ).status


def test_the_end_of_an_open_interval_is_neared() -> None:
    assert isinstance(outcome(OPEN, (), OPEN.domain(), Proved()), Proved)
    assert isinstance(outcome(MIXED, (DEAR,), (DEAR,), Proved()), Proved)


@pytest.mark.parametrize(
    ("when", "shown", "verdict", "end"),
    [
        ((DEAR,), (DEAR,), Unknown("not the only one"), 0),
        ((), (DEAR,), Proved(), 0),  # shown of a part only
        ((CHEAP,), (DEAR,), Proved(), 0),  # shown elsewhere; no parameter at the witness either
        ((DEAR,), (DEAR,), Proved(), 1),  # x = 1 is a choice
    ],
)
def test_what_does_not_show_it(when: Region, shown: Region, verdict: Verdict, end: int) -> None:
    assert not isinstance(outcome(MIXED, when, shown, verdict, end), Proved)


def test_nothing_is_shown_by_no_facts() -> None:
    found = neared(OPEN, "maximize", (), {x: sp.S.Zero}, {x: sp.S.One}, ((p, sp.S.One),), ())
    assert not isinstance(found.status, Proved)


def test_all_ends_are_put_in_and_nothing_else_changes() -> None:
    wider = closed(MIXED)
    assert wider is not None
    (before,), (after,) = MIXED.actions, wider.actions
    assert not (after.interval.open_lower or after.interval.open_upper)
    assert (after.interval.lower, after.interval.upper) == (sp.S.Zero, sp.S.One)
    assert wider.agents[0].objective == MIXED.agents[0].objective and before.symbol == after.symbol
    assert closed(wider) is None
