"""The contract of a strategy: it declines with a reason, or its candidates solve the equations.

Systems come with numbers that solve them; every strategy meets every system.
"""

from __future__ import annotations

import dataclasses
from itertools import product

import pytest
import sympy as sp

from alignsym.solving.strategies import DEFAULT
from alignsym.solving.strategies.contract import Candidate, Case, Declined, Strategy, agrees
from alignsym.solving.strategies.eliminate import Eliminate

x, y, z, t = sp.symbols("x y z t", positive=True)
u, v = sp.symbols("u v", real=True)
a, b, c, q = sp.symbols("a b c q", positive=True)
GIVEN = {a: 2.0, b: 3.0, c: 0.5, q: 7.0}
NAMES = [s.name for s in DEFAULT]


def case(equations: list[sp.Expr], numbers: dict[sp.Symbol, float]) -> Case:
    point = tuple({**GIVEN, **numbers}.items())
    return Case(tuple(equations), tuple(numbers), (point,))


ROOT = (1 + 13**0.5) / 2
SYSTEMS: dict[str, Case] = {
    "one linear": case([2 * u - a], {u: 1.0}),
    "two linear": case([2 * u + v - a, u - v - b], {u: 5 / 3, v: -4 / 3}),
    "linear with a symbolic matrix": case([a * u + b * v - q, u - c * v], {u: 7 / 8, v: 7 / 4}),
    "shares": case([a / x - t, b / y - t, x + y - q], {x: 2.8, y: 4.2, t: 5 / 7}),
    "symmetric logs": case([1 / x - t, 1 / y - t, x + y - q], {x: 3.5, y: 3.5, t: 2 / 7}),
    "symmetric Cournot": case([q - 2 * x - y - c, q - x - 2 * y - c], {x: 6.5 / 3, y: 6.5 / 3}),
    "contest": case(
        [1 / (x + y) - x / (x + y) ** 2 - a / q, 1 / (x + y) - y / (x + y) ** 2 - b / q],
        {x: 0.84, y: 0.56},
    ),
    "contest of three equals": case(
        [1 / (x + y + z) - w / (x + y + z) ** 2 - a for w in (x, y, z)],
        dict.fromkeys((x, y, z), 1 / 9),
    ),
    "power": case([x**a - b], {x: 3**0.5}),
    "quadratic": case([x**2 - x - b], {x: ROOT}),
    "Lambert's W": case([sp.log(x) + x - 1], {x: 1.0}),
    "exponential": case([sp.exp(u) - b], {u: 1.0986122886681098}),
    "Cobb-Douglas": case(
        [sp.sqrt(y / x) / 2 - a * t, sp.sqrt(x / y) / 2 - b * t, a * x + b * y - q],
        {x: 1.75, y: 7 / 6, t: 0.20412414523193154},
    ),
}
SYSTEMS |= {
    "zero by sign": case([b * u - t * u, x - t - q, t - a], {u: 0.0, x: 9.0, t: 2.0}),
    "two zeros": case([u * v, u * x - v * t, x**2 - a, t - b], {u: 0.0, v: 0.0, x: 2**0.5, t: 3.0}),
}
SYSTEMS |= {
    "numbers": case([x * y - 6, x - y - 1], {x: 3.0, y: 2.0}),
    "golden section": case([x**2 - x - 1], {x: (1 + 5**0.5) / 2}),
}
NO_SOLUTION: dict[str, Case] = {
    "two equal equations": case([u + v - a, 2 * u + 2 * v - 2 * a], {u: 0.5, v: 1.5}),
    "contradiction": case([u + v - a, u + v - b], {u: 1.0, v: 1.0}),
    "numbers that do not solve it": case([2 * u - a], {u: 5.0}),
    "numbers of another root": case([x**2 - a], {x: 5.0}),
    "quintic": case([x**5 + x - b], {x: 1.1329}),
    "transcendental": case([sp.exp(x) + x**2 + sp.log(x) - b], {x: 0.8}),
    "more unknowns than equations": case([u + v - a], {u: 0.5, v: 1.5}),
    "fewer unknowns than equations": case([u - a, u - b], {u: 2.0}),
}


def outcome(strategy: Strategy, given: Case) -> tuple[Candidate, ...] | Declined:
    declined = strategy.applies(given)
    return strategy.solve(given) if declined is None else declined


def residual(given: Case, candidate: Candidate) -> float:
    """The largest equation with the candidate's numbers, by evaluation of the formulas."""
    values = dict(candidate.values)
    assert set(values) == set(given.unknowns)
    worst = 0.0
    for point in given.points:
        table = dict(point)
        assert all(not (e.free_symbols & set(given.unknowns)) for e in values.values())
        at = {s: complex(sp.N(e.subs(table))) for s, e in values.items()}
        assert all(abs(w.imag) < 1e-9 for w in at.values())
        full = {**table, **{s: sp.Float(w.real) for s, w in at.items()}}
        worst = max([worst, *(abs(complex(sp.N(e.subs(full)))) for e in given.equations)])
    return worst


@pytest.mark.parametrize(("name", "system"), list(product(NAMES, [*SYSTEMS, *NO_SOLUTION])))
def test_every_strategy_on_every_system(name: str, system: str) -> None:
    """It declines with a reason, or gives candidates that satisfy the equations in numbers."""
    strategy = next(s for s in DEFAULT if s.name == name)
    given = {**SYSTEMS, **NO_SOLUTION}[system]
    found = outcome(strategy, given)
    if isinstance(found, Declined):
        assert found.reason
        return
    assert system not in NO_SOLUTION, "there is nothing to be found"
    assert found
    for candidate in found:
        assert residual(given, candidate) < 1e-6
        assert agrees([e for _, e in candidate.values], [s for s, _ in candidate.values], given)


SOLVES = {
    "linear system": ["one linear", "two linear", "linear with a symbolic matrix"],
    "symmetry": ["symmetric logs", "symmetric Cournot", "contest of three equals"],
    "aggregate": ["contest", "contest of three equals"],
    "zero by symmetry": ["zero by sign", "two zeros"],
    "recognised numbers": ["numbers", "golden section"],
    "elimination": ["shares", "power", "quadratic", "exponential", "Lambert's W", "Cobb-Douglas"],
}
DECLINES = {
    "linear system": ["shares", "quadratic", "two equal equations", "contradiction"],
    "symmetry": ["one linear", "shares", "contest", "quintic"],
    "aggregate": ["one linear", "shares", "quadratic"],
    "zero by symmetry": ["one linear", "shares", "quintic"],
    "recognised numbers": ["one linear", "shares", "more unknowns than equations"],
    "elimination": [
        "quintic",
        "transcendental",
        "two equal equations",
        "fewer unknowns than equations",
    ],
}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_strategy_is_for(name: str) -> None:
    strategy = next(s for s in DEFAULT if s.name == name)
    for system in SOLVES[name]:
        assert not isinstance(outcome(strategy, SYSTEMS[system]), Declined), system


@pytest.mark.parametrize("name", NAMES)
def test_what_it_declines(name: str) -> None:
    strategy = next(s for s in DEFAULT if s.name == name)
    for system in DECLINES[name]:
        found = outcome(strategy, {**SYSTEMS, **NO_SOLUTION}[system])
        assert isinstance(found, Declined), system
        assert found.reason


def test_every_system_is_solved_by_some_strategy() -> None:
    for name, given in SYSTEMS.items():
        found = [outcome(s, given) for s in DEFAULT]
        assert any(not isinstance(f, Declined) for f in found), name


@pytest.mark.parametrize("strategy", DEFAULT, ids=NAMES)
def test_strategies_are_final_frozen_and_named(strategy: Strategy) -> None:
    assert dataclasses.is_dataclass(strategy)
    assert getattr(type(strategy), "__final__", False)
    with pytest.raises(dataclasses.FrozenInstanceError):
        strategy.name = "other"  # type: ignore[misc]
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("strategy", DEFAULT, ids=NAMES)
def test_the_same_case_gives_the_same_answer(strategy: Strategy) -> None:
    for given in SYSTEMS.values():
        assert outcome(strategy, given) == outcome(strategy, given)


def test_steps_are_equations_that_hold() -> None:
    """Each step's equation holds with its result, at the case's numbers."""
    given = SYSTEMS["shares"]
    found = Eliminate().solve(given)
    assert not isinstance(found, Declined)
    table = dict(given.points[0])
    for step in found[0].steps:
        equation = step.equation.xreplace({step.unknown: step.result})
        assert abs(complex(sp.N(equation.subs(table)))) < 1e-9


@pytest.mark.parametrize(
    ("expression", "target", "same"),
    [
        (a + b, sp.Integer(5), True),
        (a + b, sp.Integer(6), False),
        (sp.log(-a), a, False),
        (1 / (a - 2), a, False),
    ],
    ids=str,
)
def test_agreement_is_numerical_and_needs_numbers(
    expression: sp.Expr, target: sp.Expr, same: bool
) -> None:
    assert agrees([expression], [target], SYSTEMS["one linear"]) == same
