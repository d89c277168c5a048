"""The contract of a strategy: it declines with a reason, or its candidates solve the equations.

Every strategy of DEFAULT meets every system of the harness (`conftest.py`); what each is for, and
what it leaves alone, is in a file of its own.
"""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import pytest
import sympy as sp

from alignsym.solving.strategies import DEFAULT
from alignsym.solving.strategies.contract import Candidate, Case, Declined, Strategy, agrees

a, b = sp.symbols("a b", positive=True)
NAMES = [s.name for s in DEFAULT]


def test_every_strategy_on_every_system(strategy: Strategy, system: str, contract) -> None:
    """It declines with a reason, or gives candidates that numbers do not refute."""
    found = contract.outcome(strategy, system)
    if isinstance(found, Declined):
        assert found.reason.strip()
    else:
        assert found
        contract.judge(found, system)


def test_every_system_is_solved_by_some_strategy(contract) -> None:
    for system in contract.solvable:
        found = [contract.outcome(s, system) for s in DEFAULT]
        assert any(not isinstance(f, Declined) for f in found), system


def test_fresh_points_are_found(contract) -> None:
    """The harness itself: each system has roots near its own, except at a singular one."""
    poor = {name for name, roots in contract.roots.items() if len(roots) < 2}
    assert poor == {"two zeros"}


def test_applies_solves_nothing(
    strategy: Strategy, system: str, contract, solving: dict[str, int]
) -> None:
    """No call of anything that solves, factors, expands or isolates: it looks, and decides."""
    strategy.applies(contract.systems[system])
    assert solving == {}


def test_the_counter_counts(contract, solving: dict[str, int]) -> None:
    """What `applies` must not call, `solve` does call: the test above is not blind."""
    for strategy in DEFAULT:
        for system in contract.systems:
            contract.outcome(strategy, system)
    assert {"isolate", "tidy", "agrees", "linsolve", "nsolve"} <= solving.keys()


def test_the_same_case_gives_the_same_answer(strategy: Strategy, system: str, contract) -> None:
    assert contract.outcome(strategy, system) == contract.outcome(strategy, system)


def test_a_lie_is_caught_by_the_judge(contract) -> None:
    """A candidate true at the case's point and nowhere else, and one of another branch."""
    u = contract.systems["one linear"].unknowns[0]
    with pytest.raises(AssertionError):
        contract.judge((Candidate(((u, sp.Integer(1)),)),), "one linear")
    (x,) = contract.systems["quadratic"].unknowns
    with pytest.raises(AssertionError):
        contract.judge((Candidate(((x, (1 - sp.sqrt(1 + 4 * b)) / 2),)),), "quadratic")
    with pytest.raises(AssertionError, match="nothing to be found"):
        contract.judge((Candidate(((x, a),)),), "quintic")


def test_strategies_are_final_frozen_and_named(strategy: Strategy) -> None:
    assert dataclasses.is_dataclass(strategy)
    assert getattr(type(strategy), "__final__", False)
    with pytest.raises(dataclasses.FrozenInstanceError):
        strategy.name = "other"  # type: ignore[misc]
    assert len(set(NAMES)) == len(NAMES)


def test_every_strategy_has_a_file_of_tests(strategy: Strategy) -> None:
    """CONTRIBUTING: two systems solved, three near misses declined."""
    module = type(strategy).__module__.rsplit(".", 1)[1]
    file = Path(__file__).parent / f"test_{module}.py"
    assert file.exists(), f"write {file.name}"
    lists = {
        node.targets[0].id: node.value.elts  # type: ignore[attr-defined]
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.Assign)
    }
    assert len(lists["SOLVED"]) >= 2 and len(lists["DECLINED"]) >= 3


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
    given = Case((), (), (((a, 2.0), (b, 3.0)),))
    assert agrees([expression], [target], given) == same
