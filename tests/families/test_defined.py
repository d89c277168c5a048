"""An answer for n members says for which data its own formulas are defined, and covers no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from alignsym import load, loads, solve
from alignsym.claims import Proved
from alignsym.conditions.families import crowd_conditions
from alignsym.families import answered, covered
from alignsym.logic.crowd import Profile, crowd
from alignsym.solution import Solution
from alignsym.solving.families import profiles

HEAD = """
format = 1
concept = "{concept}"
[parameters]
n = "positive integer"
q = "positive"
d = "real"
c = "positive"
"a[i]" = "{sign}"
"""
FAMILY = '[[families]]\nname = "i"\nsize = "n"\n'
CHOOSER = """
[[agents]]
name = "s"
actions = {{ "x[i]" = "{choices}" }}
{objective}
constraints = {{ only = "{constraint}" }}
"""
SQUARES = 'loss = "Sum(x[j]**2, (j, 1, n))"'


def one(
    constraint: str, *, sign: str = "real", objective: str = SQUARES, choices: str = "real"
) -> str:
    text = HEAD.format(concept="maximize", sign=sign) + FAMILY
    return text + CHOOSER.format(choices=choices, objective=objective, constraint=constraint)


def many(utility: str, *, sign: str, actions: str = "real", rest: str = "") -> str:
    text = HEAD.format(concept="nash", sign=sign) + FAMILY
    return text + f'actions = {{ "x[i]" = "{actions}" }}\nutility = "{utility}"\n{rest}'


def conditions(solution: Solution) -> list[list[str]]:
    return [[str(r) for r in regime.when] for regime in solution.regimes]


PLANE = "Eq(Sum(a[j]*x[j], (j, 1, n)), d)"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        # By hand: all a[j] = 0 leaves 0 = d, which is infeasible or no constraint.
        (one(PLANE), "Sum(a[j]**2, (j, 1, n)) > 0"),
        (one(PLANE, sign="nonnegative"), "Sum(a[j]**2, (j, 1, n)) > 0"),
        (one("Eq(Sum(a[j], (j, 1, n))*Sum(x[j], (j, 1, n)), d)"), "Ne(Sum(a[j], (j, 1, n)), 0)"),
        (one("Eq((n - 1)*Sum(x[j], (j, 1, n)), q)"), "n > 1"),
        (one("Eq((n - 2)*Sum(x[j], (j, 1, n)), q)"), "Ne(n - 2, 0)"),
        # A ball and a linear aim: at a = 0 every point is as good.
        (
            one(
                "Sum(x[j]**2, (j, 1, n)) <= q",
                objective='utility = "Sum(a[j]*x[j], (j, 1, n))"',
            ),
            "Sum(a[j]**2, (j, 1, n)) > 0",
        ),
        # (a x - d)**2 is least at d/a, and the same for every x at a = 0.
        (many("-(a[i]*x[i] - d)**2", sign="real"), "Ne(a[i], 0)"),
        # log(a x) - x has no value for positive x where a <= 0.
        (many("log(a[i]*x[i]) - x[i]", sign="real", actions="positive"), "a[i] > 0"),
    ],
)
def test_the_condition_is_that_of_the_formulas(text: str, when: str) -> None:
    solution = solve(loads(text))
    assert conditions(solution) == [[when]]
    assert solution.status == "partial"
    assert not isinstance(solution.coverage, Proved)


@pytest.mark.parametrize(
    "text",
    [
        one(PLANE, sign="positive"),
        one("Eq((n + 1)*Sum(x[j], (j, 1, n)), q)"),
        many("-(a[i]*x[i] - d)**2", sign="positive"),
        one("Eq(Sum(a[j]*x[j], (j, 1, n)) + Sum(x[j], (j, 1, n)), d)", sign="nonnegative"),
    ],
)
def test_what_is_declared_is_no_condition(text: str) -> None:
    solution = solve(loads(text))
    assert conditions(solution) == [[]]
    assert solution.status == "solved" and isinstance(solution.coverage, Proved)


@pytest.mark.parametrize(
    "text",
    [
        one(PLANE),
        one("Sum(x[j]**2, (j, 1, n)) <= q", objective='utility = "Sum(a[j]*x[j], (j, 1, n))"'),
    ],
)
def test_a_price_that_some_member_feels_is_the_only_one(text: str) -> None:
    """d*a[i] = 0 for every i says d*Sum(a**2) = 0, though some a[i] may be 0."""
    (regime,) = solve(loads(text)).regimes
    assert isinstance(regime.status, Proved) and isinstance(regime.exhaustive, Proved)


def test_a_price_that_nobody_may_feel_is_not_the_only_one() -> None:
    game = loads(one(PLANE))
    people = crowd(game)
    asked = crowd_conditions(people, "maximize")
    (profile,) = [p for p in profiles(people, asked, None) if isinstance(p, Profile)]
    (_, multiplier) = profile.multipliers[0]
    for lie in (2 * multiplier, multiplier + 1):
        other = answered(people, "maximize", replace(profile, multipliers=(("only", lie),)))
        assert isinstance(other, str) or not isinstance(other.regime.status, Proved)


def test_sums_within_sums_are_looked_into() -> None:
    inner = "Sum(1/a[k], (k, 1, n))**2"
    text = one(f"Eq(Sum(x[j], (j, 1, n)), Sum(1/(1 + {inner}), (j, 1, n)) + d)")
    solution = solve(loads(text))
    assert conditions(solution) == [["Ne(a[i], 0)"]]


def test_a_member_at_its_own_constraint() -> None:
    """x <= c where a > c, not a; who is which is a condition on every member."""
    cap = 'constraints = { cap = "x[i] <= c" }'
    text = many("a[i]*x[i] - x[i]**2/2", sign="positive", actions="nonnegative", rest=cap)
    solution = solve(loads(text))
    found = {str(r.when[0]): str(dict(r.values).popitem()[1]) for r in solution.regimes}
    assert found == {"a[i] >= c": "c", "c >= a[i]": "a[i]"}
    assert not isinstance(solution.coverage, Proved)


def test_a_region_that_is_empty_of_conditions_covers_only_what_is_defined() -> None:
    game = loads(one(PLANE))
    people = crowd(game)
    asked = crowd_conditions(people, "maximize")
    (profile,) = [p for p in profiles(people, asked, None) if isinstance(p, Profile)]
    widened = answered(people, "maximize", replace(profile, when=()))
    assert not isinstance(widened, str) and not widened.regime.when
    assert not isinstance(widened.regime.status, Proved)
    assert not isinstance(covered(people, [widened.where]), Proved)


def test_a_leader_does_not_move_to_where_it_is_paid_nothing_defined() -> None:
    """The followers choose y each, so that y/(n*y) is 1/n but at y = 0, where it is best to be."""
    text = """
format = 1
concept = "stackelberg"
[parameters]
n = "positive integer"
[[agents]]
name = "l"
actions = { y = "real" }
utility = "y/Sum(x[j], (j, 1, n)) - y**2"
[[families]]
name = "i"
size = "n"
actions = { "x[i]" = "real" }
utility = "y*x[i] - x[i]**2/2"
"""
    assert solve(loads(text)).status == "unknown"


@pytest.mark.parametrize(
    ("conditions", "several"), [("", 0), ('"n >= 2"', 0), ('"n >= 2", "m >= 2"', 2)]
)
def test_several_members_are_known_of_all_families_or_of_none(
    conditions: str, several: int
) -> None:
    text = f'format = 1\nconcept = "nash"\nconditions = [{conditions}]\n[parameters]\n'
    text += 'n = "positive integer"\nm = "positive integer"\n'
    for index, size, action in (("i", "n", "x"), ("k", "m", "y")):
        text += f'[[families]]\nname = "{index}"\nsize = "{size}"\n'
        text += f'actions = {{ "{action}[{index}]" = "real" }}\n'
        text += f'utility = "-{action}[{index}]**2"\n'
    assert len(crowd(loads(text)).several) == several


def test_a_closed_form_that_holds_nowhere_is_no_profile() -> None:
    """All members of a contest at zero: the spending is a denominator, and 0 > 0 no condition."""
    game = load(Path(__file__).parent / "models" / "contest_costs_active.toml")
    people = crowd(game)
    found = list(profiles(people, crowd_conditions(people, "nash"), None))
    assert not [p for p in found if isinstance(p, Profile) and any(r.gap == 0 for r in p.when)]
