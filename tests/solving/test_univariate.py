"""Conditions on one parameter as bounds, regimes with one answer put together, and the edge on
which two answers meet where another bounds both."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Relation
from alignsym.solving.univariate import as_bounds

p, k, s, F = sp.symbols("p k s F", positive=True)
q = sp.Symbol("q", nonnegative=True)
ROOT = sp.sqrt(3 * p - 2)

CONDITIONS = [
    (Relation(3 * p * ROOT + 9 * p, ">", 2 * ROOT + 10), True),
    (Relation(2 * ROOT + 10, ">=", 3 * p * ROOT + 9 * p), True),
    (Relation(p**3 + p, "<", sp.Integer(10)), True),
    (Relation(p**2 + 2, ">=", 3 * p), False),  # two bounds, on either side
    (Relation((p - 1) ** 2, ">", sp.S.Zero), False),
    (Relation(p**3, ">", 3 * p + sp.Rational(1, 7)), False),  # its root has no short form
]


@pytest.mark.parametrize(("relation", "bounded"), CONDITIONS)
def test_the_same_points(relation: Relation, bounded: bool) -> None:
    """Evaluated by numbers on a grid, the ends included."""
    found = as_bounds(relation, ())
    assert (found != (relation,)) is bounded
    for n in range(1, 60):
        at = sp.Rational(n, 12)
        gap = sp.N(relation.gap.subs(p, at), 30)
        before = bool(gap.is_real and (gap > 0 or (not relation.is_strict and abs(gap) < 1e-20)))
        gaps = [(r, r.gap.subs(p, at)) for r in found]
        after = all(bool(g.is_real and (g > 0 if r.is_strict else g >= 0)) for r, g in gaps)
        assert before == after


def test_a_firm_with_cubic_cost() -> None:
    """Cost q**3 - 2q**2 + 2q has its least average, 1, at q = 1: nothing is produced below that
    price, and at it both nothing and 1."""
    solution = solve(Game(Agent("firm", p * q - q**3 + 2 * q**2 - 2 * q, q), concept="maximize"))
    assert solution.status == "solved" and isinstance(solution.proof, Proved)
    assert {row["q"] for row in solution.at({p: sp.Rational(3, 4)})} == {0}
    assert {row["q"] for row in solution.at({p: sp.Rational(1, 2)})} == {0}
    assert {row["q"] for row in solution.at({p: 1})} == {0, 1}
    assert {row["q"] for row in solution.at({p: 2})} == {sp.Rational(4, 3)}
    assert len(solution.regimes) == 4  # with two for the tie


def test_a_subsidy_from_a_quantity_on() -> None:
    """p*q - q**2/2 and s from q = k on: go to k > p if (k - p)**2/2 < s; both where equal."""
    subsidy = sp.Piecewise((sp.S.Zero, q < k), (s, True))
    solution = solve(Game(Agent("firm", p * q - q**2 / 2 + subsidy, q), concept="maximize"))
    assert solution.status == "solved" and isinstance(solution.proof, Proved)
    for number, goes in ((1, {3}), (sp.Rational(1, 4), {2}), (sp.Rational(1, 2), {2, 3})):
        assert {row["q"] for row in solution.at({p: 2, k: 3, s: number})} == goes
    assert {row["q"] for row in solution.at({p: 4, k: 3, s: 1})} == {4}
