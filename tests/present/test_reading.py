"""What a referee would object to in a derivation: order, repetition, notation, empty sentences."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import sympy as sp

from alignsym import Agent, Game, derive, load, maximize, solve
from alignsym.derivation import Derivation
from alignsym.model.relations import Relation
from alignsym.present.words import tidy

ROOT = Path(__file__).resolve().parents[2]
x, y = sp.symbols("x y", nonnegative=True)
a, c, q = sp.symbols("a c q", positive=True)
ZERO = sp.S.Zero


def words(derivation: Derivation) -> str:
    """The text without its line breaks."""
    return " ".join(str(derivation).split())


@cache
def war() -> Derivation:
    return derive(solve(load(ROOT / "tests" / "corpus" / "seed" / "war_nash.toml")))


def test_an_equilibrium_of_replies_is_concluded_from_them() -> None:
    said = words(war())
    assert said.count("There is no other solution") == 1
    order = [
        "best replies of agent alpha",
        "best replies of agent beta",
        "Hence x_a = Q",
        "no other",
    ]
    places = [said.index(part) for part in order]
    assert places == sorted(places)
    assert "x_a = Q - x_b where (Q - x_b + 1)*exp(10**99) >= Q + 1" in said
    assert "Q - x_b + 1 >= 0" not in said  # which x_b <= Q says


def test_a_case_without_a_condition_says_so_and_a_set_repeats_nothing() -> None:
    assert "x_b = free" not in words(war()) and "always: all 0 <= x_b <= Q" in words(war())
    latex = war().latex()
    assert "2. Always:" in latex and "2.:" not in latex and "Where $$" not in latex
    free = sp.symbols("u v")
    greed = [sp.Piecewise((s, sum(free) <= q), (s - a, True)) for s in free]
    game = Game(*(Agent(n, g, (s, (0, q))) for n, g, s in zip("AB", greed, free, strict=True)))
    assert "$$" not in game.nash().derivation.latex()


def test_a_name_in_a_sentence_reads_as_one() -> None:
    game = Game(Agent("buyer", a * x - x**2 / 2 - x * y, x), Agent("Ann", a * y - y**2, y))
    said = words(game.nash().derivation)
    assert "Agent buyer maximises" in said and "Ann maximises" in said and "agent Ann" not in said
    alone = words(maximize(a * sp.log(1 + x) - x, over=x).derivation)
    assert "The agent maximises" in alone and "L =" in alone and "L[agent]" not in alone


def test_nothing_is_said_of_constraints_where_there_are_none() -> None:
    z = sp.Symbol("z", positive=True)
    said = words(maximize(sp.log(z) - a * z, over=z).derivation)
    assert "binds" not in said and "Solve for z." in said
    assert "Exactly cap binds" in words(
        maximize(sp.log(z), over=z, subject_to={"cap": z <= q}).derivation
    )


def test_the_same_theorem_for_several_is_one_sentence() -> None:
    game = Game(*(Agent(n, (a - x - y) * s - s**2, s) for n, s in (("one", x), ("two", y))))
    said = words(game.nash().derivation)
    assert said.count("concave sufficiency") == 1
    assert "no feasible choice of agent one or agent two is better" in said
    assert said.count("is concave in") == 2


def test_convex_constraints_are_named_together() -> None:
    said = words(derive(solve(load(ROOT / "derivations" / "aligned" / "kelly.toml"))))
    assert said.count("concave sufficiency") == 1
    assert "agent long, agent first or agent second is better" in said
    assert "for link1 and link2 describe convex sets" in said


def test_a_utility_without_the_own_action_is_no_first_order_condition() -> None:
    said = words(derive(solve(load(ROOT / "tests" / "corpus" / "seed" / "priced_literal.toml"))))
    assert "= 0 = 0" not in said
    assert "What agent mu gets does not depend on p: every choice is best." in said


@pytest.mark.parametrize("show", ["text", "latex", "html"])
def test_the_multiplier_of_an_equality_has_one_letter(show: str) -> None:
    z = sp.Symbol("z", positive=True)
    w = sp.Symbol("w", positive=True)
    told = maximize(
        sp.log(z) + sp.log(w), over=(z, w), subject_to={"E": sp.Eq(z + w, q)}
    ).derivation
    said = {"text": str(told), "latex": told.latex(), "html": told.html()}[show]
    assert {"text": "nu[E]", "latex": r"\nu_{E}", "html": "<mi>ν</mi>"}[show] in said
    assert {"text": "mu[E]", "latex": r"\mu_{E}", "html": "<mi>μ</mi>"}[show] not in said


def test_it_needs_only_what_does_not_hold_anyway() -> None:
    said = words(derive(solve(load(ROOT / "derivations" / "private_costs" / "drop_out.toml"))))
    first = said[said.index("Case 1.") : said.index("Case 2.")]
    assert "It needs (2*a + d*m - 4*d)/(m - 4) >= 0, which holds where 4*d >= 2*a + d*m" in first
    assert "a/(4 - m) >= 0" not in first


# ------------------------------------------------------------------ signs that follow
def rows(*said: tuple[sp.Expr, str, object]) -> tuple[Relation, ...]:
    return tuple(Relation(left, op, sp.sympify(right)) for left, op, right in said)  # type: ignore[arg-type]


s, t, u = sp.symbols("s t u")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (rows((s, ">", 0), (s, ">", 2)), ["s > 2"]),
        (rows((s, ">", 0), (t, ">", 0), (s, ">", t)), ["t > 0", "s > t"]),
        (rows((s, ">", 0), (t, ">", 0), (u, ">", 0), (s, "<=", t), (t, "<=", u)),
         ["s > 0", "s <= t", "t <= u"]),
        (rows((s, ">", 0), (s, ">=", 0)), ["s > 0"]),
        (rows((s, ">", 0), (s, "<", 1)), ["s > 0", "s < 1"]),
        (rows((s, ">", 0), (t, ">=", 0), (s, ">=", t)), ["s > 0", "t >= 0", "s >= t"]),
        # Each from the other, and neither from nothing:
        (rows((s, ">", 0), (t, ">", 0), (s, ">=", t), (t, ">=", s)), ["t > 0", "s >= t", "t >= s"]),
        (rows((s, ">", 0), (s, ">", -1)), ["s > 0", "s > -1"]),
        (rows((s, ">", 0), (t, ">", 0), (s, ">", 2 * t + 1)), ["t > 0", "s > 2*t + 1"]),
    ],
)  # fmt: skip
def test_signs_that_follow_are_left_out_and_no_others(
    given: tuple[Relation, ...], kept: list[str]
) -> None:
    assert [str(r) for r in tidy(given)] == kept


def test_what_is_left_says_the_same() -> None:
    """By numbers: a point meets all relations iff it meets those that are kept."""
    given = rows((s, ">", 0), (t, ">", 0), (u, ">=", 0), (s, "<", t), (t, "<=", u))
    kept = tidy(given)
    assert len(kept) < len(given)
    grid = [sp.Rational(k, 2) for k in range(-3, 4)]
    signs = {
        ">": lambda v: v > 0,
        ">=": lambda v: v >= 0,
        "<": lambda v: v < 0,
        "<=": lambda v: v <= 0,
    }
    for one in grid:
        for two in grid:
            for three in grid:
                at = {s: one, t: two, u: three}
                met = [signs[r.operator]((r.left - r.right).subs(at)) for r in given]
                short = [signs[r.operator]((r.left - r.right).subs(at)) for r in kept]
                assert all(met) == all(short)


# ------------------------------------------------------------------ sentences of single files
TEXTBOOK = ROOT / "tests" / "corpus" / "textbook"


@pytest.mark.parametrize(
    ("file", "said", "unsaid"),
    [
        (TEXTBOOK / "games" / "stackelberg_2.toml",
         ["No feasible choice of any mover is better", "for each choice is best"],
         ["agent any", "follower is best"]),
        (TEXTBOOK / "optimisation" / "two_wells.toml",
         ["That is, to be maximised is L[s] =", "> 0 has no real solution"],
         ["With a multiplier", "with has"]),
        (TEXTBOOK / "consumer" / "leontief.toml",
         ["side 1 of t_0 and side 2 of t_0 bind", "t_0 stands for Min(x/a, y/b)"], ["kink"]),
        (ROOT / "tests" / "corpus" / "seed" / "supplier_trade.toml",
         ["the market of p1 and the market of p2 bind"], ["bound of p1", "-p1*y1"]),
        (ROOT / "tests" / "corpus" / "seed" / "war_social.toml",
         ["On the piece of the answer, the planner maximises log(x_a + 1) + log(x_b + 1)",
          "No feasible choice of the planner is better: the best over all cases is the best"],
         ["by the best over"]),
        (ROOT / "tests" / "corpus" / "seed" / "no_trade_unbounded.toml",
         ["The objective grows without bound along x = t"], ["derivatives vanish", "no bound:"]),
        (TEXTBOOK / "symbolic_n" / "cournot_n.toml",
         ["for all integers n >= 1 and all b > 0",
          "is a Nash equilibrium. No feasible choice of any i is better"],
         ["So no"]),
        (TEXTBOOK / "bargaining" / "split_weighted.toml",
         ["mu[pie] = 0 is impossible: then w/(x - d1) = 0, which cannot be."], []),
    ],
    ids=lambda case: case.stem if isinstance(case, Path) else "",
)  # fmt: skip
def test_a_sentence_that_was_objected_to(file: Path, said: list[str], unsaid: list[str]) -> None:
    text = words(derive(solve(load(file))))
    assert [part for part in said if part not in text] == []
    assert [part for part in unsaid if part in text] == []
