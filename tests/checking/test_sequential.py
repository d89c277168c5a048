"""Moves in order, decided without the solver: right plays proved, slips refuted, ties open."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import alignsym as al
from alignsym.checking.judgement import check
from alignsym.claims import Refuted, word
from alignsym.model.agents import StatedRegime
from alignsym.model.relations import Relation

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
FILES = [f for f in sorted(CORPUS.rglob("*.toml")) if 'concept = "stackelberg"' in f.read_text()]
a, c = sp.symbols("a c", positive=True)
x, y, z = sp.symbols("x y z", nonnegative=True)


def duopoly(**more: object) -> al.Game:
    """Quantities one after the other: x first, then y = max(0, (a - x)/2)."""
    first = al.Agent("first", (a - x - y) * x, x, **more)  # type: ignore[arg-type]
    return al.Game(first, al.Agent("second", (a - x - y) * y, y), concept="stackelberg")


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_sequential_game_of_the_corpus_is_proved(file: Path) -> None:
    report = check(al.load(file), complete=True, seconds=20)
    assert report.verdict == "proved", str(report)


def test_a_play_is_proved_and_its_slips_are_refuted_at_a_point() -> None:
    game = duopoly()
    assert check(game, {x: a / 2, y: a / 4}).verdict == "proved"
    for wrong in (
        {x: a / 2, y: a / 3},  # no best reply
        {x: a / 3, y: a / 3},  # the equilibrium of simultaneous moves
        {x: a * sp.Rational(101, 200), y: a * sp.Rational(99, 400)},  # off by one per cent
        {x: a, y: sp.S.Zero},
    ):
        report = check(game, wrong)
        assert report.verdict == "refuted", wrong
        assert any(isinstance(d.verdict, Refuted) and d.verdict.point for d in report.decided)


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(st.fractions(0, 2, max_denominator=12))
def test_only_the_foreseeing_choice_is_proved(share: Fraction) -> None:
    """u1 = (a - x - y(x)) x with y = max(0, (a - x)/2) has its only maximum at a/2."""
    first = sp.Rational(share.numerator, share.denominator) * a
    reply = sp.cancel((a - first) / 2) if share <= 1 else sp.S.Zero
    expected = "proved" if share == Fraction(1, 2) else "refuted"
    assert check(duopoly(), {x: first, y: reply}).verdict == expected


def test_a_threat_that_is_not_carried_out_proves_nothing() -> None:
    """Entry: the incumbent would fight only if it were better off; staying out is no equilibrium.

    u1 = x*(1 - 2*y) for x in [0, 1], u2 = -x*y: the second never fights (y = 0) once x > 0.
    """
    game = al.Game(
        al.Agent("entrant", x * (1 - 2 * y), (x, (0, 1))),
        al.Agent("incumbent", -x * y, (y, (0, 1))),
        concept="stackelberg",
    )
    one = sp.S.One
    assert check(game, {x: sp.S.Zero, y: one}).verdict != "proved"
    assert check(game, {x: one, y: one}).verdict == "refuted"


def test_a_tie_of_the_second_is_not_broken_silently() -> None:
    """The second is indifferent: what the first gets depends on it, and nothing is proved."""
    game = al.Game(
        al.Agent("first", x * y, (x, (0, 1))), al.Agent("second", 0 * y, (y, (0, 1))),
        concept="stackelberg",
    )  # fmt: skip
    for reply in (sp.S.Zero, sp.S.One, sp.Rational(1, 2)):
        assert check(game, {x: sp.S.One, y: reply}).verdict == "unknown"


def test_three_movers_and_a_table_dropped() -> None:
    profit = a - x - y - z
    game = al.Game(
        *(al.Agent(f"firm{s}", profit * s - c * s, s) for s in (x, y, z)), concept="stackelberg"
    )
    wide = StatedRegime(
        (Relation(a, ">", c),), ((x, (a - c) / 2), (y, (a - c) / 4), (z, (a - c) / 8))
    )
    narrow = StatedRegime((Relation(a, "<=", c),), ((x, 0 * a), (y, 0 * a), (z, 0 * a)))
    assert check(game, [wide, narrow], complete=True).verdict == "proved"
    report = check(game, wide, complete=True)
    assert [word(d.verdict) for d in report.decided] == ["proved"] * 3 + ["refuted"]


def test_the_leader_is_bound_by_its_constraint_and_its_shadow_price_is_not_claimed() -> None:
    game = duopoly(constraints={"cap": x <= c})
    tight = (Relation(2 * c, "<=", a),)
    row = ((x, c), (y, (a - c) / 2))
    assert check(game, StatedRegime(tight, row)).verdict == "proved"
    assert check(game, {x: a / 2, y: a / 4}).verdict == "refuted"
    priced = StatedRegime(tight, row, (("cap", a / 2 - c),))
    assert check(game, priced).verdict == "unknown"


def test_a_leader_with_two_actions() -> None:
    w = sp.Symbol("w", nonnegative=True)
    game = al.Game(
        al.Agent("first", (a - x - y) * x - (w - c) ** 2, x, w),
        al.Agent("second", (a - x - y) * y, y),
        concept="stackelberg",
    )
    assert check(game, {x: a / 2, w: c, y: a / 4}).verdict == "proved"
    assert check(game, {x: a / 2, w: c / 2, y: a / 4}).verdict == "refuted"


def test_entry_is_accommodated_deterred_or_blockaded() -> None:
    """u2 = (a - x - y) y - c y: the three regimes, each on its own parameters."""
    game = al.Game(
        al.Agent("first", (a - x - y) * x, x), al.Agent("second", (a - x - y) * y - c * y, y),
        concept="stackelberg",
    )  # fmt: skip
    entry = StatedRegime((Relation(a, ">=", 3 * c),), ((x, (a + c) / 2), (y, (a - 3 * c) / 4)))
    between = (Relation(a, "<=", 3 * c), Relation(a, ">=", 2 * c))
    deterred = StatedRegime(between, ((x, a - c), (y, sp.S.Zero)))
    alone = StatedRegime((Relation(a, "<=", 2 * c),), ((x, a / 2), (y, sp.S.Zero)))
    assert check(game, [entry, deterred, alone], complete=True).verdict == "proved"
    wider = StatedRegime((Relation(a, ">", c),), entry.values)
    assert check(game, wider).verdict == "refuted"


def test_a_reply_that_jumps_is_not_chosen_for_anybody() -> None:
    """u2 = y (x - 1) on [0, 1]: at x = 1 any y is best, and the first one's best move is there."""
    for sign in (1, -1):
        game = al.Game(
            al.Agent("first", -((x - 1) ** 2) + sign * y, x),
            al.Agent("second", y * (x - 1), (y, (0, 1))),
            concept="stackelberg",
        )
        for reply in (sp.S.Zero, sp.S.One):
            assert check(game, {x: sp.S.One, y: reply}).verdict == "unknown"


def test_a_tax_and_a_loss() -> None:
    """A tax x on y with log(1 + y) - (x + c) y is best at x = sqrt(c) - c, if it may be."""
    low = sp.Rational(1, 10)
    taxed = al.Game(
        al.Agent("state", x * y, (x, (low, 1))), al.Agent("buyer", sp.log(1 + y) - (x + c) * y, y),
        concept="stackelberg", conditions=[c < sp.Rational(1, 2)],
    )  # fmt: skip
    root = sp.sqrt(c)
    where = (Relation(c, ">", sp.Rational(1, 4)),)
    assert check(taxed, StatedRegime(where, ((x, root - c), (y, 1 / root - 1)))).verdict == "proved"
    assert check(taxed, {x: low, y: 1 / (low + c) - 1}).verdict == "refuted"
    loss = al.Game(
        al.Agent("one", -((x - y) ** 2), x), al.Agent("two", (y - x / 2) ** 2, y, loss=True),
        concept="stackelberg",
    )  # fmt: skip
    assert check(loss, {x: sp.S.Zero, y: sp.S.Zero}).verdict == "proved"
    assert check(loss, {x: sp.S.One, y: sp.Rational(1, 2)}).verdict == "refuted"
