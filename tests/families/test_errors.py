"""What is wrong with a model of n members, and what is not solved, said with a remedy."""

from __future__ import annotations

import pytest

from alignsym import loads, solve
from alignsym.claims import Proved
from alignsym.errors import ModelError
from alignsym.solution import Solution

HEAD = """
format = 1
concept = "{concept}"
[parameters]
n = "positive integer"
m = "positive integer"
q = "positive"
"a[i]" = "positive"
[[families]]
name = "i"
size = "n"
"""
FAMILY = (
    HEAD
    + """actions = {{ "x[i]" = "positive" }}
utility = "{utility}"
"""
)


def answer(utility: str, concept: str = "nash", rest: str = "") -> Solution:
    return solve(loads(FAMILY.format(concept=concept, utility=utility) + rest))


@pytest.mark.parametrize(
    ("utility", "message"),
    [
        ("log(x[i]) - Sum(x[j], (j, 1, m))", r"a sum over i runs to m \(i runs from 1 to n\)"),
        ("log(x[i]) - Sum(a[j], (j, 1, m))", r"a sum over i runs to m \(i runs from 1 to n\)"),
    ],
)
def test_a_sum_over_the_wrong_range(utility: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        answer(utility)


def test_an_index_outside_its_family() -> None:
    text = (
        HEAD.format(concept="nash")
        + """
[[agents]]
name = "alpha"
actions = { y = "positive" }
utility = "log(y) - a[i]*y"
"""
    )
    with pytest.raises(ModelError, match=r"a\[i\] stands outside a sum over i \(write Sum\(a\[j\]"):
        solve(loads(text))


def test_a_size_that_is_no_positive_integer() -> None:
    text = FAMILY.format(concept="nash", utility="log(x[i]) - x[i]").replace(
        'n = "positive integer"', 'n = "positive"'
    )
    with pytest.raises(ModelError, match="'n' is not a parameter of sign positive integer"):
        loads(text)


@pytest.mark.parametrize(
    ("utility", "reason"),
    [
        ("log(x[i]) - x[i]*Sum(x[j], (j, 2, n))", "runs over a part of the family i"),
        ("log(x[i]) - x[i]*x[1]", "x[1] is not the member of a generic i"),
        ("-Sum((x[i] - x[j])**2, (j, 1, n))", "the conditions leave a choice open"),
        ("-Sum(exp(x[i]*x[j]), (j, 1, n))", "pairs members in a way that does not separate"),
        ("log(1 + x[i]) + sin(x[i]*a[i])", "not solved for its choice"),
    ],
)
def test_unknown_says_what_stopped_it(utility: str, reason: str) -> None:
    solution = answer(utility)
    assert solution.status == "unknown"
    assert reason in solution.reason


def test_nobody_moves_first() -> None:
    solution = answer("log(x[i]) - x[i]", "stackelberg")
    assert solution.status == "unknown" and "one leader" in solution.reason


def test_only_a_sum_is_determined() -> None:
    utility = "(q - Sum(x[j], (j, 1, n)))*x[i]"
    solution = answer(utility, "social")
    assert solution.status == "unknown"
    assert "only sums of choices are determined" in solution.reason


def test_a_convex_problem_is_not_answered_by_its_minimum() -> None:
    text = (
        HEAD.format(concept="maximize")
        + """
[[agents]]
name = "alpha"
actions = { "x[i]" = "nonnegative" }
utility = "Sum(x[j]**2, (j, 1, n))"
constraints = { cap = "Sum(x[j], (j, 1, n)) <= q" }
"""
    )
    assert solve(loads(text)).status == "unknown"


@pytest.mark.parametrize(
    "utility",
    [
        "log(x[i]) - x[i] + log(x[i] - 5) - log(x[i] - 5)",
        "log(x[i]) - x[i] + (x[i] - 1)/(x[i] - 1)",
        "log(x[i]) - x[i] + Sum(1/(x[j] - 1), (j, 1, n)) - Sum(1/(x[j] - 1), (j, 1, n))",
        "log(x[i]) - x[i] + 0*Sum(log(a[j] - 1), (j, 1, n))",
    ],
)
def test_a_term_that_cancels_still_has_to_be_defined(utility: str) -> None:
    solution = answer(utility)
    assert not any(isinstance(r.status, Proved) for r in solution.regimes)


def test_the_number_of_a_member_is_a_datum() -> None:
    solution = answer("log(x[i]) - i*x[i]")
    assert solution.status == "solved"
    assert str(solution["x[i]"]) == "1/i"
