"""Answers built by hand, one of each shape, for the tests of what is printed."""

import pytest
import sympy as sp

from alignsym.claims import Checked, Claim, Decided, Proved, Unknown
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Relation
from alignsym.solution import Continuum, NoSolution, Regime, Solution

x_a, x_b, p, x = sp.symbols("x_a x_b p x", nonnegative=True)
q, k, m = sp.symbols("q k m", positive=True)
L_f, L_o = sp.symbols("L_f L_o", nonnegative=True)
PROVED = {"status": Proved(), "exhaustive": Proved()}


@pytest.fixture
def one_regime() -> Solution:
    """The shared good at a price."""
    game = Game(
        Agent("alpha", sp.log(x_a) - p * x_a, x_a),
        Agent("beta", sp.log(x_b) - p * x_b, x_b),
        prices={p: x_a + x_b <= q},
        concept="walras",
        title="Two agents share a good at a price",
    )
    utility = sp.log(q / 2) - 1
    regime = Regime(
        (),
        ((x_a, q / 2), (x_b, q / 2), (p, 2 / q)),
        bounds=(("x_a", sp.S.Zero), ("x_b", sp.S.Zero)),
        utilities=(("alpha", utility), ("beta", utility)),
        binding=("p",),
        **PROVED,
    )
    return Solution(game, "walras", (regime,), Proved(), seconds=0.08)


@pytest.fixture
def three_regimes() -> Solution:
    """Hours at home and in the office; one regime is only checked, with the reason."""
    game = Game(
        Agent(
            "worker", sp.sqrt(24 - L_f - L_o) + L_o + sp.sqrt(k * L_f), L_f, (L_o, (0, 5)),
            constraints={"day": L_f + L_o <= 24},
        ),
        concept="maximize",
        title="Home and office",
    )  # fmt: skip
    free = (("day", sp.S.Zero),)
    office = sp.sqrt(19 * (k + 1)) + 5
    cases = (
        Regime(
            (Relation(k, "<", sp.Integer(75)),), ((L_f, 19 * k / (k + 1)), (L_o, sp.Integer(5))),
            free, (("L_f", sp.S.Zero), ("L_o", 1 - sp.sqrt((k + 1) / 19) / 2)), office,
            (("worker", office),), ("L_o",), **PROVED,
        ),
        Regime(
            (Relation(k, ">=", sp.Integer(75)), Relation(k, "<=", sp.Integer(95))),
            ((L_f, k / 4), (L_o, (95 - k) / 4)), free, value=(k + 99) / 4,
            status=Checked(12), exhaustive=Unknown("concavity not decided"),
        ),
        Regime(
            (Relation(k, ">", sp.Integer(95)),), ((L_f, 24 * k / (k + 1)), (L_o, sp.S.Zero)),
            free, value=sp.sqrt(24 * (k + 1)), **PROVED,
        ),
    )  # fmt: skip
    claim = Claim("optimal", 1, "worker", "no feasible choice of worker does better")
    decided = (Decided(claim, Checked(12, "time limit of the prover")),)
    return Solution(game, "maximize", cases, Proved(), decided, seconds=1.3)


@pytest.fixture
def unknown(three_regimes: Solution) -> Solution:
    """No answer."""
    reason = "time limit of 15 s reached (--timeout)"
    game = three_regimes.game
    return Solution(game, "maximize", (), Unknown(reason), reason=reason, seconds=15.0)


@pytest.fixture
def set_and_none() -> Solution:
    """No solution for some parameters, a set of solutions for the others."""
    game = Game(Agent("alpha", -((x + m - k) ** 2), x), concept="maximize")
    cases = (
        NoSolution((Relation(k, "<", m),), "unbounded", "along x = t", status=Proved()),
        Continuum((Relation(k, ">=", m),), (Relation(x, "<=", k),), **PROVED),
    )
    return Solution(game, "maximize", cases, Proved(), seconds=0.1)
