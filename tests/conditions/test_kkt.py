"""The signs of multipliers, by the text of the mathematics: L = f - sum mu (g - b), + for >=."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.conditions.concepts import CONCEPTS
from alignsym.conditions.system import System
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Relation

x, y, b, c = sp.symbols("x y b c", real=True)
z, w = sp.symbols("z w", nonnegative=True)
q = sp.Symbol("q", positive=True)
MU = sp.Symbol("mu[C]", nonnegative=True)
NU = sp.Symbol("nu[C]", real=True)
G = x + 2 * y


def planner(f: sp.Expr, relation: object, *, loss: bool = False) -> System:
    agent = Agent("A", f, x, y, constraints={"C": relation}, loss=loss)
    return CONCEPTS["maximize"](Game(agent, concept="maximize"))


F = -((x - 1) ** 2) - y**2
LAGRANGIANS = {
    "<=": (Relation(G, "<=", b), F - MU * (G - b)),
    ">=": (Relation(G, ">=", b), F + MU * (G - b)),
    "==": (Relation(G, "==", b), F - NU * (G - b)),
    "<= written the other way": (Relation(b, ">=", G), F - MU * (G - b)),
    ">= written the other way": (Relation(b, "<=", G), F + MU * (G - b)),
    "== written the other way": (Relation(b, "==", G), F - NU * (b - G)),
}


@pytest.mark.parametrize("loss", [False, True])
@pytest.mark.parametrize("kind", LAGRANGIANS)
def test_stationarity_is_the_derivative_of_the_lagrangian(kind: str, loss: bool) -> None:
    """A loss is maximised with its sign changed: the Lagrangian is the same."""
    relation, lagrangian = LAGRANGIANS[kind]
    system = planner(-F if loss else F, relation, loss=loss)
    equations = [e.expression for e in system.equations if e.origin.kind == "stationarity"]
    for symbol, equation in zip((x, y), equations, strict=True):
        assert sp.expand(equation - sp.diff(lagrangian, symbol)) == 0


@pytest.mark.parametrize("kind", LAGRANGIANS)
def test_slacks_are_nonnegative_where_the_constraint_holds(kind: str) -> None:
    relation, _ = LAGRANGIANS[kind]
    system = planner(F, relation)
    if relation.is_equality:
        assert not system.pairs
        (multiplier,) = system.free
        assert multiplier.symbol.is_nonnegative is None
        return
    (pair,) = system.pairs
    inside = {"<=": relation.right - relation.left, ">=": relation.left - relation.right}
    assert pair.slack == inside[relation.operator]
    assert pair.multiplier.is_nonnegative


@pytest.mark.parametrize(
    ("interval", "slacks"),
    [
        ((0, q), ["lower x", "upper q - x"]),
        ((-sp.oo, 3), ["upper 3 - x"]),
        ((1, sp.oo), ["lower x - 1"]),
    ],
)
def test_bounds_are_pairs(interval: tuple[object, object], slacks: list[str]) -> None:
    system = CONCEPTS["maximize"](Game(Agent("A", -(x**2), (x, interval)), concept="maximize"))
    assert [f"{p.origin.kind} {p.slack}" for p in system.pairs] == slacks
    (equation,) = system.equations
    forces = sum(p.multiplier * sp.diff(p.slack, x) for p in system.pairs)
    assert sp.expand(equation.expression - (-2 * x + forces)) == 0


def test_a_bound_that_is_never_reached_has_no_multiplier() -> None:
    positive = sp.Symbol("t", positive=True)
    for f, symbol in ((sp.log(z), z), (-1 / z, z), (-((positive - 1) ** 2), positive)):
        system = CONCEPTS["maximize"](Game(Agent("A", f, symbol), concept="maximize"))
        assert not system.pairs
        assert any(r.gap == symbol and r.is_strict for r in system.domain)


def test_shared_constraints_bind_the_concepts_they_bind() -> None:
    """social and variational: one common multiplier; nash: none."""
    pair = (Agent("A", sp.log(1 + z), z), Agent("B", sp.log(1 + w), w))
    game = Game(*pair, shared={"C": z + w <= q})
    for concept, count in (("social", 1), ("variational", 1), ("nash", 0)):
        system = CONCEPTS[concept](game)
        named = [p for p in system.pairs if p.origin.kind == "constraint"]
        assert len(named) == count
        for equation in system.equations:
            assert equation.expression.has(MU) == bool(count)


def test_every_equation_keeps_its_origin() -> None:
    game = Game(
        Agent("A", -(x**2), x, constraints={"own": sp.Eq(x, b)}),
        Agent("B", -((y - x) ** 2), y),
        concept="nash",
    )
    system = CONCEPTS["nash"](game)
    assert [(e.origin.kind, e.origin.owner, e.origin.name) for e in system.equations] == [
        ("stationarity", "A", "x"),
        ("stationarity", "B", "y"),
        ("constraint", "A", "own"),
    ]


# ------------------------------------------------------------------ the same in answers
SIGNS = {
    # (utility, relation, loss): multiplier where it binds, and dV/db of the listed value
    "at most": (-((x - 5) ** 2), sp.Le(x, q), False, 10 - 2 * q),
    "at least": (-((x + 5) ** 2), sp.Ge(x, q), False, 10 + 2 * q),
    "equal": (-((x + 5) ** 2), sp.Eq(x, q), False, -10 - 2 * q),
    "equal, other way": (-((x + 5) ** 2), sp.Eq(q, x), False, 10 + 2 * q),
    "loss at most": ((x - 5) ** 2, sp.Le(x, q), True, 10 - 2 * q),
    "loss at least": ((x + 5) ** 2, sp.Ge(x, q), True, 10 + 2 * q),
    "loss equal": ((x + 5) ** 2, sp.Eq(x, q), True, -10 - 2 * q),
}


@pytest.mark.parametrize("kind", SIGNS)
def test_shadow_prices_have_the_sign_of_their_kind(kind: str) -> None:
    """mu = dV/db for <= and Eq, -dV/db for >=; of a loss those of its negative."""
    f, relation, loss, expected = SIGNS[kind]
    agent = Agent("A", f, x, constraints={"C": relation}, loss=loss)
    solution = solve(Game(agent, concept="maximize", conditions=[q < 5]))
    (regime,) = solution.regimes
    mu = dict(regime.multipliers)["C"]
    assert sp.expand(mu - expected) == 0
    best = -regime.value if loss else regime.value
    written = relation.lhs == x
    sense = -1 if isinstance(relation, sp.Ge) or not written else 1
    assert sp.expand(mu - sense * sp.diff(best, q)) == 0
