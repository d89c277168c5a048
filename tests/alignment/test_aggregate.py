"""Which aggregate does a profile maximise?  A given one, or an Atkinson sum found for it."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from alignsym.alignment.aggregate import aggregate, atkinson, attains
from alignsym.alignment.align import align
from alignsym.alignment.efficiency import Efficiency
from alignsym.claims import Proved, Unknown
from alignsym.model.game import Agent, Game

q, u, v = sp.symbols("q u v", positive=True)
x, y, z = sp.symbols("x y z", nonnegative=True)


def test_what_is_not_feasible_attains_nothing() -> None:
    """q * q/4 is the largest product, but q + q/4 is more than there is."""
    game = Game(Agent("a", x, x), Agent("b", y, y), shared={"G": x + y <= q})
    found = aggregate(game, u * v, {"a": u, "b": v})
    assert isinstance(attains(found, {x: q / 2, y: q / 2}, game.domain()), Proved)
    assert not isinstance(attains(found, {x: q, y: q / 4}, game.domain()), Proved)


def test_atkinson_of_several() -> None:
    """max -sum 1/(k_i x_i) with k = 1, 4, 9 over a budget gives x in proportion to 1/sqrt(k_i):
    r = 2 is found in reverse, and no r for other weights."""
    people = [Agent(n, k * s, s) for n, k, s in (("a", 1, x), ("b", 4, y), ("c", 9, z))]
    game = Game(*people, shared={"G": x + y + z <= q}, concept="variational")
    values = {x: 6 * q / 11, y: 3 * q / 11, z: 2 * q / 11}
    row = Efficiency(
        (), tuple(values.items()), tuple((p.name, p.utility.xreplace(values)) for p in people),
        "strongly", weights=(("a", sp.S.One), ("b", sp.S.One / 4), ("c", sp.S.One / 9)),
        status=Proved(),
    )  # fmt: skip
    assert sp.simplify(atkinson(row, game.domain()) - 2) == 0
    other = replace(row, weights=(("a", sp.S.One), ("b", sp.S.One / 4), ("c", sp.S.One / 8)))
    assert isinstance(atkinson(other, game.domain()), Unknown)


def test_an_equilibrium_says_whose_it_is() -> None:
    """Equal weights support a team's choice: aversion zero; a degenerate one has no aversion."""
    team = Game(Agent("a", 3 + x - x**2 / 2, x), Agent("b", 3 + y - y**2 / 2, y), concept="nash")
    assert align(team, instruments=False).atkinson() == (0,)
    mill = Game(Agent("mill", x - x**2 / 2, x), Agent("fishery", 3 - x), concept="nash")
    (said,) = align(mill, instruments=False).atkinson()
    assert isinstance(said, Unknown)
