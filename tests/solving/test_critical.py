"""Critical points of small programs: with multipliers, without, and none that are not real."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import solve
from alignsym.conditions.concepts import CONCEPTS
from alignsym.conditions.system import System
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Relation
from alignsym.solving.branches import Branch
from alignsym.solving.critical import binding_sets, critical_points

x, y, a = sp.symbols("x y a", real=True)
m = sp.Symbol("m", nonnegative=True)
p = sp.Symbol("p", positive=True)
ZERO = sp.S.Zero


def system(objective: sp.Expr, *actions: sp.Symbol, **constraints: Relation) -> System:
    return CONCEPTS["maximize"](Game(Agent("A", objective, *actions, constraints=constraints)))


def points(branches: tuple[Branch, ...], *actions: sp.Symbol) -> set[tuple[sp.Expr, ...]]:
    return {tuple(dict(b.values)[s] for s in actions) for b in branches}


def test_every_stationary_point() -> None:
    found = critical_points(system(-(x**4) / 4 + x**2 / 2, x))
    assert points(found, x) == {(ZERO,), (sp.S.One,), (-sp.S.One,)}


def test_both_ends_and_the_middle() -> None:
    found = critical_points(system(x**2, x, up=Relation(x, "<=", p), low=Relation(x, ">=", -p)))
    assert points(found, x) == {(p,), (-p,), (ZERO,)}


def test_a_cusp_has_no_multiplier() -> None:
    """min x s.t. y**2 <= x**3: only Fritz John's condition knows (0, 0)."""
    found = critical_points(system(-x, x, y, c=Relation(y**2, "<=", x**3)))
    assert points(found, x, y) == {(ZERO, ZERO)}
    (branch,) = found
    assert {s for s, _ in branch.values} == {x, y}


def test_a_flat_constraint_leaves_its_multiplier_open() -> None:
    """max y - x**2 s.t. x**2 <= 0, y <= a: any multiplier of the first will do."""
    given = system(y - x**2, x, y, flat=Relation(x**2, "<=", ZERO), c=Relation(y, "<=", a))
    found = [b for b in critical_points(given) if len(b.binding) == 2]
    multipliers = {pair.multiplier: pair.origin.name for pair in given.pairs}
    listed = {multipliers[s] for b in found for s, _ in b.values if s in multipliers}
    assert "flat" not in listed


def test_no_point_is_complex() -> None:
    found = critical_points(system(-((x - p) ** 2), x, c=Relation((x**2 + 1) * x, "<=", ZERO)))
    assert points(found, x) >= {(ZERO,)}
    assert all(v.is_real is not False and not v.has(sp.I) for b in found for _, v in b.values)


def test_a_value_that_is_complex_is_no_candidate() -> None:
    """log x at the Fritz John point x = a + 1 < 0 of an infeasible problem was a crash."""
    t = sp.Symbol("t", positive=True)
    caps = {
        "c": Relation(2 * t, "<=", -sp.S.One),
        "d": Relation((t - a - 1) ** 2, "<=", ZERO),
    }
    game = Game(Agent("A", 2 * t + 2 * sp.log(t) - 1, t, constraints=caps))
    assert solve(game, "maximize").status == "infeasible"


@pytest.mark.parametrize("size", [5, 7])
def test_too_many_binding_sets_are_declined(size: int) -> None:
    xs = sp.symbols(f"x1:{size + 1}", nonnegative=True)
    caps = {f"c{k}": Relation(s + xs[0], "<=", p + k) for k, s in enumerate(xs)}
    assert critical_points(system(sp.Add(*xs), *xs, **caps)) == ()


def test_no_more_constraints_bind_than_there_are_actions() -> None:
    given = system(m, m, c=Relation(m, "<=", p), d=Relation(m, "<=", p + 1))
    assert max(map(len, binding_sets(given))) == 1
