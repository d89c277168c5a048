"""One thing is wrong with an answer, and the claim it is about is not proved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import ClaimKind, Proved
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Relation
from alignsym.solution import Regime
from alignsym.verify.obligations import verify

x, y = sp.symbols("x y", nonnegative=True)
s, t = sp.symbols("s t", positive=True)
u, a, b = sp.symbols("u a b", real=True)
p, q, r = sp.symbols("p q r", positive=True)
ZERO, ONE = sp.S.Zero, sp.S.One
PRICE = sp.Symbol("w", nonnegative=True)

CORNER = Game(Agent("A", sp.log(1 + x) - p * x, x), concept="maximize")
SHARING = Game(
    Agent("A", r * sp.log(s), s),
    Agent("B", sp.log(t), t),
    shared={"G": s + t <= q},
    concept="social",
)
CAPPED = Game(Agent("A", -((u - a) ** 2), u, constraints={"C": u <= b}), concept="maximize")
DUOPOLY = Game(Agent("A", (q - x - y) * x, x), Agent("B", (q - x - y - p) * y, y), concept="nash")
MARKET = Game(
    Agent("A", r * sp.log(s) - PRICE * s, s),
    Agent("B", sp.log(t) - PRICE * t, t),
    prices={PRICE: s + t <= q},
    concept="walras",
)
GAMES = {
    "corner": CORNER, "sharing": SHARING, "capped": CAPPED, "duopoly": DUOPOLY, "market": MARKET,
}  # fmt: skip


def regimes(game: Game) -> tuple[Regime, ...]:
    return solve(game).regimes


def failed(game: Game, given: Sequence[Regime]) -> set[ClaimKind]:
    """The kinds of claims that are not proved."""
    found = verify(game, game.concept or "nash", given)
    return {d.claim.kind for d in found.decided if not isinstance(d.verdict, Proved)}


@pytest.mark.parametrize("name", GAMES)
def test_of_the_truth_every_claim_is_proved(name: str) -> None:
    game = GAMES[name]
    assert failed(game, regimes(game)) == set()


@pytest.mark.parametrize("name", GAMES)
def test_claims_are_of_all_kinds_and_about_every_regime(name: str) -> None:
    game = GAMES[name]
    found = verify(game, game.concept or "nash", regimes(game))
    kinds = {d.claim.kind for d in found.decided}
    assert kinds >= {"nonempty", "defined", "feasible", "optimal", "multipliers", "exhaustive"}
    assert kinds >= {"covered", "consistent", "reported"}
    assert ("clearing" in kinds) == bool(game.prices)
    about = {d.claim.regime for d in found.decided if d.claim.regime is not None}
    assert about == set(range(len(found.regimes)))


Change = Callable[[Regime], Regime]


def entry(field: str, change: Callable[[sp.Expr], sp.Expr], at: int = 0) -> Change:
    def changed(regime: Regime) -> Regime:
        rows = list(getattr(regime, field))
        rows[at] = (rows[at][0], change(rows[at][1]))
        return replace(regime, **{field: tuple(rows)})

    return changed


FAULTS: dict[str, tuple[Game, Change, ClaimKind]] = {
    "infeasible": (SHARING, entry("values", lambda e: e + 1), "feasible"),
    "outside its interval": (CORNER, entry("values", lambda e: e - 5), "feasible"),
    "not optimal": (SHARING, entry("values", lambda e: e / 2), "optimal"),
    "not the best reply": (DUOPOLY, entry("values", lambda e: e / 2), "optimal"),
    "not the peak": (CAPPED, entry("values", lambda e: e - 1), "optimal"),
    "no clearing": (MARKET, entry("values", lambda e: e / 2, at=0), "clearing"),
    "a wrong price": (MARKET, entry("values", lambda e: 2 * e, at=2), "optimal"),
    "a negative price": (MARKET, entry("values", lambda e: -e, at=2), "clearing"),
    "a wrong multiplier": (SHARING, entry("multipliers", lambda e: 2 * e), "multipliers"),
    "a negative multiplier": (SHARING, entry("multipliers", lambda e: -e), "multipliers"),
    "a wrong value": (SHARING, lambda g: replace(g, value=g.value + 1), "reported"),
    "no value": (SHARING, lambda g: replace(g, value=None), "reported"),
    "a wrong payoff": (DUOPOLY, entry("utilities", lambda e: e + 1), "reported"),
    "no payoffs": (DUOPOLY, lambda g: replace(g, utilities=()), "reported"),
    "an undefined value": (CAPPED, lambda g: replace(g, value=g.value + 1 / a), "defined"),
    "a value with an action": (CAPPED, lambda g: replace(g, value=g.value + u), "defined"),
    "an infinite value": (CAPPED, entry("values", lambda e: sp.oo), "defined"),
    "no witness": (SHARING, lambda g: replace(g, witness=()), "nonempty"),
    "an irrational witness outside": (
        SHARING, entry("witness", lambda e: 1 - sp.sqrt(2)), "nonempty",
    ),
    "a complex witness": (SHARING, entry("witness", lambda e: sp.sqrt(-2)), "nonempty"),
    "a missing action": (SHARING, lambda g: replace(g, values=g.values[1:]), "defined"),
    "a missing multiplier": (SHARING, lambda g: replace(g, multipliers=()), "defined"),
    "a condition too many": (
        SHARING, lambda g: replace(g, when=(Relation(q, ">=", ONE),)), "covered",
    ),
    "an open condition": (
        SHARING, lambda g: replace(g, when=(Relation(q, "!=", ONE),)), "covered",
    ),
    "a condition undefined somewhere": (
        SHARING, lambda g: replace(g, when=(Relation(1 / (q - r) ** 2, ">", ZERO),)), "covered",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_fails_its_claim(name: str) -> None:
    game, change, kind = FAULTS[name]
    given = regimes(game)
    assert kind in failed(game, (change(given[0]), *given[1:]))


def covers(game: Game, given: Sequence[Regime]) -> bool:
    return isinstance(verify(game, game.concept or "nash", given).coverage, Proved)


@pytest.mark.parametrize("name", ["corner", "capped", "duopoly"])
def test_a_regime_left_out_is_not_covered(name: str) -> None:
    game = GAMES[name]
    given = regimes(game)
    assert len(given) >= 2
    for k in range(len(given)):
        rest = (*given[:k], *given[k + 1 :])
        assert not covers(game, rest)
    assert covers(game, given)
    assert not covers(game, ())


def open_conditions(regime: Regime) -> Regime:
    return replace(regime, when=tuple(rel.tightened() for rel in regime.when))


@pytest.mark.parametrize("name", ["corner", "capped", "duopoly"])
def test_boundaries_are_covered_or_it_is_said(name: str) -> None:
    """All conditions strict: the boundary between two regimes is in none."""
    game = GAMES[name]
    given = tuple(map(open_conditions, regimes(game)))
    assert not covers(game, given)
    assert "covered" in failed(game, given)


def test_overlapping_regimes_must_agree() -> None:
    """Two answers for the same parameters contradict, unless both are marked as several."""
    game = Game(Agent("A", -((u**2 - 1) ** 2), u), concept="maximize")
    right = told(u, ONE)
    left = told(u, -ONE)
    assert "consistent" in failed(game, (right, left))
    assert "consistent" not in failed(game, (right, right))
    several = tuple(replace(g, multiple=True) for g in (right, left))
    assert "consistent" not in failed(game, several)


def told(symbol: sp.Symbol, at: sp.Expr) -> Regime:
    return Regime(when=(), values=((symbol, at),), value=ZERO, utilities=(("A", ZERO),))


def test_local_reasons_are_given_where_the_problem_is_not_concave() -> None:
    """A cosine is not concave: at a peak only local conditions are known."""
    game = Game(Agent("A", sp.cos(u - a), u), concept="maximize")
    regime = Regime(
        when=(), values=((u, a),), bounds=(("u", ZERO),), value=ONE, utilities=(("A", ONE),),
        witness=((a, ONE),),
    )  # fmt: skip
    found = verify(game, "maximize", [regime])
    assert not isinstance(found.regimes[0].status, Proved)
    assert found.local[0]
    concave = verify(SHARING, "social", regimes(SHARING))
    assert concave.local == ("",)
