"""Sets of equilibria: the verdict holds for every member, and says so of the others too."""

from __future__ import annotations

import json

import pytest
import sympy as sp

from alignsym.alignment.align import align
from alignsym.alignment.efficiency import Efficiency
from alignsym.alignment.output import alignment_text, alignment_to_json
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.solution import holds

x, y = sp.symbols("x y", nonnegative=True)
k, q = sp.Symbol("k", real=True), sp.Symbol("q", positive=True)


def rows_of(*agents: Agent, **more: object) -> tuple[Efficiency, ...]:
    return align(Game(*agents, concept="nash", **more), instruments=False).equilibria


def test_every_member_of_a_team_is_optimal() -> None:
    """Both want to do the same: all x = y are equilibria, and all of them optimal."""
    together = -((x - y) ** 2)
    found = align(Game(Agent("one", together, x), Agent("two", together, y), concept="nash"))
    (row,) = found.equilibria
    assert row.kind == "strongly" and isinstance(row.status, Proved) and row.members is not None
    assert dict(row.values)[x] == dict(row.values)[y]
    said = alignment_to_json(found)["equilibria"][0]
    assert said["continuum"] and said["when"] == [] and "y_" not in json.dumps(said)
    assert "every one with" in alignment_text(found)


def test_members_differ() -> None:
    """Doing the same pays the first, whatever it is; the second likes more of it: only the largest
    of the equilibria is efficient."""
    gap = -((x - y) ** 2)
    one, two = Agent("one", gap + x * 0, (x, (0, 1))), Agent("two", gap, (y, (0, 1)))
    watcher = Agent("three", x + y)
    for row in rows_of(one, two, watcher):
        assert row.members is not None
        (free,) = {s for _, e in row.values for s in e.free_symbols}
        for at in (sp.S.Zero, sp.Rational(1, 3), sp.Rational(9, 10), sp.S.One):
            if not all(holds(r, {free: at}) for r in row.members):
                continue
            # Nobody else loses by more of both: not efficient below one, but never all gain, for
            # the first two are at their best.
            assert row.kind in ("weakly" if at < 1 else "strongly", "unknown")
        if row.kind == "weakly":
            assert row.trade is not None and all(e.is_nonnegative for _, e in row.trade.gains[:2])


def test_a_tie_of_parameters_is_judged_too() -> None:
    """At k = 0 every x is best for the first; the second wants it small: all are efficient, and
    the set is part of the answer."""
    rows = rows_of(Agent("one", k * x, (x, (0, 1))), Agent("two", -x))
    sets = [r for r in rows if r.members is not None]
    assert sets and all([str(c) for c in r.when] == ["Eq(k, 0)"] for r in sets)
    for row in sets:
        for at in (sp.S.Zero, sp.Rational(1, 2)):
            if all(holds(r, {x: at, k: sp.S.Zero}) for r in row.members or ()):
                # Less of x makes the second better off, and the first does not mind.
                assert row.kind in ("strongly" if at == 0 else "weakly", "unknown"), (row, at)


def test_no_condition_that_nothing_satisfies() -> None:
    """Payoffs [[x/2, x], [1 - x, (1 - x)/2]]: where x < 1/3 both prefer some mixing, but at x = 0
    the equilibrium is the optimum."""
    s, p, r = sp.Symbol("s", nonnegative=True), *sp.symbols("p r", real=True)
    mine, theirs = p * r * s / 2 + (1 - p) * (1 - r) * (1 - s) / 2, p * (1 - r)
    row = mine + theirs * s + (1 - p) * r * (1 - s)
    column = mine + theirs * (1 - s) + (1 - p) * r * s
    game = Game(
        Agent("row", row, (p, (0, 1))), Agent("column", column, (r, (0, 1))), concept="nash",
        conditions=[s < sp.Rational(1, 3)],
    )  # fmt: skip
    rows = align(game, instruments=False).equilibria
    for at, kind in ((sp.S.Zero, "strongly"), (sp.Rational(1, 4), "no")):
        here = [e for e in rows if all(holds(c, {s: at}) for c in e.when)]
        assert [e.kind for e in here] == [kind], (at, rows)
    assert all(any(holds(c, {s: sp.Rational(1, 7)}) for c in e.when) or e.when for e in rows)


@pytest.mark.parametrize("k_", [sp.S.Zero, sp.Integer(2)])
def test_feasible_on_a_part_only(k_: sp.Expr) -> None:
    """x = k is in the domain of the other's log(x) where k > 0."""
    rows = rows_of(Agent("one", -((x - k) ** 2), x), Agent("two", sp.log(x)))
    here = [r for r in rows if all(holds(c, {k: k_}) for c in r.when)]
    assert "strongly" in [r.kind for r in here]
