"""The frontier of log sharing, the contract curve and the core of an exchange of two goods."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.alignment.aggregate import aggregate, atkinson, attains
from alignsym.alignment.align import align
from alignsym.alignment.efficient_set import efficient_set
from alignsym.alignment.frontier import core, curve, frontier
from alignsym.alignment.frontier_output import frontier_text, frontier_to_json
from alignsym.claims import Proved, Unknown
from alignsym.errors import UsageError
from alignsym.model.game import Agent, Game

q, u, v = sp.symbols("q u v", positive=True)
x, y = sp.symbols("x y", positive=True)
SHARED = Game(Agent("a", sp.log(x), x), Agent("b", sp.log(y), y), shared={"G": x + y <= q})


def test_log_sharing_in_utility_space() -> None:
    """exp(U_a) + exp(U_b) = q on the whole frontier."""
    found = frontier(SHARED)
    assert isinstance(found.status, Proved)
    (regime,) = found.solution.regimes
    at = dict(regime.values)
    assert sp.simplify(at[x] + at[y] - q) == 0
    assert sp.simplify(curve(found, x, y)[0] - (q - x)) == 0


def exchange() -> Game:
    x1, x2, y1, y2 = sp.symbols("x1 x2 y1 y2", positive=True)
    e, f = sp.symbols("e f", positive=True)
    p = sp.Symbol("p", nonnegative=True)
    return Game(
        Agent("anna", sp.log(x1) + 2 * sp.log(x2), x1, x2,
              constraints={"budget_a": p * x1 + x2 <= p * e}),
        Agent("bob", sp.log(y1) + sp.log(y2), y1, y2, constraints={"budget_b": p * y1 + y2 <= f}),
        prices={p: x1 + y1 <= e}, concept="walras",
    )  # fmt: skip


def test_contract_curve() -> None:
    """Marginal rates of substitution agree: x2/(2 x1) = (f - x2)/(e - x1)."""
    x1, x2, e, f = sp.symbols("x1 x2 e f", positive=True)
    along, verdict = curve(frontier(exchange()), x1, x2)
    assert isinstance(verdict, Proved)
    assert sp.simplify(along / (2 * x1) - (f - along) / (e - x1)) == 0


def test_core_holds_the_equilibrium() -> None:
    x1, x2, y1, y2, e, f = sp.symbols("x1 x2 y1 y2 e f", positive=True)
    game = exchange()
    found = frontier(game)
    start = {x1: sp.Rational(9, 10), x2: sp.Rational(1, 10), y1: sp.Rational(1, 10)}
    start[y2] = sp.Rational(9, 10)
    relations, verdict = core(found, start)
    assert isinstance(verdict, Proved) and len(relations) == 2
    (row,) = align(game, instruments=False).equilibria
    table = {w: dict(row.weights)[name] for name, w in found.weights}
    for r in relations:
        gap = r.gap.xreplace(table).xreplace({e: sp.S.One, f: sp.S.One})
        assert gap.evalf() >= 0


def test_a_nash_product_is_an_aggregate() -> None:
    linear = Game(Agent("a", x, x), Agent("b", y, y), shared={"G": x + y <= q})
    found = aggregate(linear, u * v, {"a": u, "b": v})
    assert isinstance(found.increasing, Proved) and found.solution[x] == q / 2
    assert isinstance(attains(found, {x: q / 2, y: q / 2}, linear.domain()), Proved)
    assert not isinstance(attains(found, {x: q / 3, y: 2 * q / 3}, linear.domain()), Proved)
    falling = aggregate(linear, u - v, {"a": u, "b": v})
    assert not isinstance(falling.increasing, Proved)
    with pytest.raises(UsageError):
        aggregate(linear, u, {"a": u, "c": v})


def test_atkinson_of_a_supported_profile() -> None:
    """Weights 4 : 1 at utilities 1 : 2 are those of r = 2."""
    from alignsym.alignment.efficiency import Efficiency

    row = Efficiency(
        (), (), (("a", sp.S.One), ("b", sp.Integer(2))), "strongly",
        weights=(("a", sp.Integer(4)), ("b", sp.S.One)), status=Proved(),
    )  # fmt: skip
    assert sp.simplify(atkinson(row, ()) - 2) == 0
    unequal = Efficiency(
        (), (), (("a", sp.Integer(2)), ("b", sp.S.One)), "strongly",
        weights=(("a", sp.Integer(4)), ("b", sp.S.One)), status=Proved(),
    )  # fmt: skip
    assert isinstance(atkinson(unequal, ()), Unknown)


def test_ties_and_missing_sums_are_told() -> None:
    """min(1, .) + min(3, .) on x + y <= 2: at equal weights all of the segment is best."""
    a, b = sp.symbols("a b", nonnegative=True)
    capped = Game(Agent("A", a, (a, (0, 1))), Agent("B", b, (b, (0, 3))), shared={"G": a + b <= 2})
    told = frontier_text(efficient_set(capped))
    assert "every point with a + b = 2 and 0 <= a <= 1\n    where w_A = w_B" in told
    (tie,) = frontier_to_json(efficient_set(capped))["by_weights"]["sets"]
    assert tie["relations"] and tie["when"]
    hyperbola = Game(Agent("A", a, a), Agent("B", b, b), shared={"G": a * b <= q})
    assert "no largest sum: the objective has no bound" in frontier_text(efficient_set(hyperbola))


def test_a_jump_in_a_constraint_is_no_crash() -> None:
    a, b = sp.symbols("a b", nonnegative=True)
    jump = {"G": sp.Le(a + b + sp.floor(a), q)}
    stepped = Game(Agent("A", sp.log(1 + a), a), Agent("B", sp.log(1 + b), b), shared=jump)
    assert "not known" in frontier_text(efficient_set(stepped))
