"""Limits and differences in n of the closed forms, with signs shown."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy as sp

from alignsym import load, solve
from alignsym.logic.decide import implies
from alignsym.model.relations import Relation
from alignsym.solution import Solution

HERE = Path(__file__).parent
TEXTBOOK = HERE.parent / "corpus" / "textbook" / "symbolic_n"


@pytest.fixture(scope="module")
def cournot() -> Solution:
    return solve(load(TEXTBOOK / "cournot_n.toml"))


def symbols(solution: Solution) -> dict[str, sp.Symbol]:
    return {str(p.symbol): p.symbol for p in solution.game.parameters}


def test_the_price_tends_to_cost(cournot: Solution) -> None:
    s = symbols(cournot)
    price = s["a"] - s["b"] * s["n"] * cournot["x[i]"]
    assert sp.simplify(sp.limit(price, s["n"], sp.oo) - s["c"]) == 0


def test_output_a_firm_falls_and_total_output_rises_in_n(cournot: Solution) -> None:
    n, x = symbols(cournot)["n"], cournot["x[i]"]
    region = cournot.game.domain()
    falls = sp.together(x.xreplace({n: n + 1}) - x)
    assert implies(region, Relation(falls, "<", sp.S.Zero)).is_proof
    total = sp.together(((n + 1) * x.xreplace({n: n + 1})) - n * x)
    assert implies(region, Relation(total, ">", sp.S.Zero)).is_proof


def test_the_price_of_anarchy_of_a_common_cost() -> None:
    """Each takes 1/d alone and 1/(n*d) together: welfare falls short by n*(log n - 1) + n/n."""
    alone = solve(load(HERE / "models" / "pollution_nash.toml"))
    together = solve(load(HERE / "models" / "pollution_social.toml"))
    n = symbols(alone)["n"]
    assert sp.simplify(alone["x[i]"] / together["x[i]"]) == n


def test_the_dissipation_of_a_contest() -> None:
    contest = solve(load(TEXTBOOK / "tullock_n.toml"))
    s = symbols(contest)
    spent = s["n"] * contest["x[i]"]
    assert sp.limit(spent, s["n"], sp.oo) == s["v"]
    more = sp.together(spent.xreplace({s["n"]: s["n"] + 1}) - spent)
    assert implies(contest.game.domain(), Relation(more, ">", sp.S.Zero)).is_proof
