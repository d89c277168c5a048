"""Texts say nothing where they are undefined, whatever SymPy makes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import alignsym as al
from alignsym.checking.judgement import check
from alignsym.checking.reading import read_certificate
from alignsym.checking.recheck import recheck
from alignsym.checking.report import Report
from alignsym.claims import Proved, Refuted
from alignsym.errors import ModelError
from alignsym.model.files import loads

MODEL = """
format = 1
concept = "maximize"
complete = true
conditions = {conditions}
[parameters]
a = "{sign}"
b = "real"
[[agents]]
name = "one"
actions = {{ x = "real" }}
utility = "{utility}"
constraints = {{ cap = "x <= a**2 + 1" }}
{expected}
"""
TABLE = '[[expected]]\nvalues = {{ x = "{}" }}\n'


def said(
    expected: str,
    *,
    sign: str = "real",
    utility: str = "-(x - a)**2",
    conditions: str = "[]",
) -> Report:
    text = MODEL.format(sign=sign, utility=utility, expected=expected, conditions=conditions)
    return check(loads(text), seconds=20)


def point_of(report: Report) -> dict[str, sp.Expr]:
    refuted = next(d.verdict for d in report.decided if isinstance(d.verdict, Refuted))
    return {str(s): v for s, v in refuted.point}


UNDEFINED: list[tuple[str, Callable[[dict[str, sp.Expr]], bool]]] = [
    ("a + sqrt(a) - sqrt(a)", lambda at: at["a"] < 0),
    ("a**2/a", lambda at: at["a"] == 0),
    ("exp(log(a))", lambda at: at["a"] <= 0),
    ("sqrt(a)**2", lambda at: at["a"] < 0),
    ("a/b*b", lambda at: at["b"] == 0),
    ("a + 0*log(b)", lambda at: at["b"] <= 0),
    ("a + asin(b) - asin(b)", lambda at: abs(at["b"]) > 1),
    ("Max(a, a + log(b) - log(b))", lambda at: at["b"] <= 0),
    ("a + LambertW(b) - LambertW(b)", lambda at: at["b"] < 0),
    ("a + b**(-2) - 1/b**2", lambda at: at["b"] == 0),
]


@pytest.mark.parametrize(("text", "is_undefined"), UNDEFINED)
def test_values_that_cancel_are_refuted_where_they_are_undefined(
    text: str, is_undefined: Callable[[dict[str, sp.Expr]], bool]
) -> None:
    report = said(TABLE.format(text))
    assert report.verdict == "refuted" and is_undefined(point_of(report))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a**2/a", "positive"),
        ("a + sqrt(a) - sqrt(a)", "nonnegative"),
        ("log(exp(a))", "real"),
        ("a*(b**2 + 1)/(b**2 + 1)", "real"),
        ("a*b**0", "real"),
        ("a + (b**2)**(1/2) - Abs(b)", "real"),
    ],
)
def test_what_is_defined_everywhere_stays_proved(text: str, sign: str) -> None:
    assert said(TABLE.format(text), sign=sign).verdict == "proved"


def test_a_pole_at_no_rational_number_is_not_proved() -> None:
    report = said(TABLE.format("a + 1/(b**2 - 2) - 1/(b**2 - 2)"))
    assert report.verdict == "unknown"


def test_values_and_multipliers_are_defined_where_they_are_claimed() -> None:
    for claim in ('value = "a - a**2/a"', 'multipliers = { cap = "a/a - 1" }'):
        report = said(TABLE.format("a") + claim)
        assert report.verdict == "refuted" and point_of(report)["a"] == 0
        assert said(TABLE.format("a") + claim, sign="positive").verdict == "proved"


WHEN = '[[expected]]\nwhen = ["{}"]\nvalues = {{ x = "{}" }}\n'


def test_a_condition_holds_where_it_is_defined() -> None:
    split = "b + sqrt(a) - sqrt(a)"
    two = WHEN.format(f"{split} >= 0", "a") + WHEN.format(f"{split} < 0", "a")
    report = said(two)
    assert report.verdict == "refuted" and point_of(report)["a"] < 0
    third = WHEN.format(f"{split} >= 0", "sqrt(a)**2") + WHEN.format(f"{split} < 0", "a")
    assert said(third + WHEN.format("a < 0", "a")).verdict == "proved"


def test_declared_conditions_say_where_they_are_defined() -> None:
    conditions = '["b + sqrt(a) - sqrt(a) > -1"]'
    assert said(TABLE.format("sqrt(a)**2"), conditions=conditions).verdict == "proved"


def test_ends_of_intervals_and_weights_are_defined() -> None:
    report = said(TABLE.format("a"), utility="-(x - a)**2")
    assert report.verdict == "proved"
    text = MODEL.format(
        sign="real", utility="-(x - a)**2", conditions="[]", expected=TABLE.format("a")
    )
    within = text.replace('x = "real"', 'x = ["a - 1 + sqrt(b) - sqrt(b)", "a + 1"]')
    assert check(loads(within), seconds=20).verdict == "refuted"
    honest = WHEN.format("b >= 0", "a") + '[[expected]]\nwhen = ["b < 0"]\noutcome = "infeasible"'
    assert check(loads(within.replace(TABLE.format("a"), honest))).verdict == "proved"
    weighted = text.replace('"maximize"', '"social"').replace(
        "[parameters]", '[weights]\none = "1 + b/b"\n[parameters]'
    )
    report = check(loads(weighted), seconds=20)
    assert report.verdict == "refuted" and point_of(report)["b"] == 0


def test_a_set_is_described_where_its_relations_are_defined() -> None:
    linear = {"utility": "0*x", "conditions": '["a > 0"]'}
    whole = '[[expected]]\ncontinuum = ["x <= a**2 + 1"]\n'
    assert said(whole, **linear).verdict == "proved"
    report = said('[[expected]]\ncontinuum = ["x**2/x <= a**2 + 1"]\n', **linear)
    assert report.verdict == "refuted"
    assert said(whole + 'value = "b/b - 1"', **linear).verdict == "refuted"


def test_values_beside_a_set_are_claimed_too() -> None:
    linear = {"utility": "0*x", "conditions": '["a > 0"]'}
    whole = '[[expected]]\ncontinuum = ["x <= a**2 + 1"]\nvalues = { x = "1/2" }\n'
    assert said(whole, **linear).verdict == "refuted"


@pytest.mark.parametrize("name", ["solution", "value"])
def test_constraints_may_be_called_as_claims_are(name: str) -> None:
    text = MODEL.format(
        sign="positive", utility="log(1 + x)", conditions="[]",
        expected=TABLE.format("a**2 + 1") + f'multipliers = {{ {name} = "{{}}" }}',
    ).replace("cap", name).replace('"real" }', '"nonnegative" }')  # fmt: skip
    right = check(loads(text.replace("{}", "1/(2 + a**2)")))
    assert right.verdict == "proved"
    wrong = check(loads(text.replace("{}", "1/(3 + a**2)")))
    said_of = {d.claim.statement: type(d.verdict) for d in wrong.decided}
    assert wrong.verdict == "refuted" and said_of["x = a**2 + 1"] is Proved


BRANCH = "-(x - a)**2 + Piecewise(({}, x > 5), (0, True))"


@pytest.mark.parametrize(
    "branch", ["log(b) - log(b) + 1/b", "log(-b) - log(-b) + log(b)", "sqrt(b) - sqrt(b) + 1/b"]
)
def test_no_branch_forgets_where_it_is_defined(branch: str) -> None:
    with pytest.raises(ModelError, match="cancels in a branch"):
        said(TABLE.format("a"), utility=BRANCH.format(branch))


def test_what_a_branch_asks_for_may_be_its_condition() -> None:
    pieces = "Piecewise((x**2/x, x > 0), (0, True))"
    assert said(TABLE.format("a"), utility=f"-(x - a)**2 + 0*{pieces}").verdict == "proved"


def test_a_branch_without_a_value_leaves_nothing_feasible() -> None:
    pieces = "-(x - a)**2 + Piecewise((log(b), b < 0), (0, True))"
    honest = WHEN.format("b >= 0", "a") + '[[expected]]\nwhen = ["b < 0"]\noutcome = "infeasible"'
    assert said(honest, utility=pieces).verdict != "refuted"
    assert said(TABLE.format("a"), utility=pieces).verdict == "refuted"
    unreal = "-(x - a)**2 + Piecewise((1, log(b) > 0), (0, True))"
    honest = WHEN.format("b > 0", "a") + '[[expected]]\nwhen = ["b <= 0"]\noutcome = "unbounded"'
    assert said(honest, utility=unreal).verdict in ("unknown", "refuted")


FAMILY = """
format = 1
concept = "nash"
complete = true
[parameters]
n = "positive integer"
"b[i]" = "real"
[[families]]
name = "i"
size = "n"
actions = {{ "x[i]" = "real" }}
utility = "-(x[i] - b[i])**2"
[[expected]]
values = {{ "x[i]" = "{}" }}
"""


def test_texts_about_n_members() -> None:
    assert check(loads(FAMILY.format("b[i] + sqrt(n)**2 - n"))).verdict == "proved"
    report = check(loads(FAMILY.format("b[i]**2/b[i]")))
    assert report.verdict == "refuted" and point_of(report)["b_1"] == 0
    open_ = check(loads(FAMILY.format("b[i] + Sum(b[j]/b[j], (j, 1, n)) - n")))
    assert open_.verdict != "proved"


def test_certificates_are_read_as_they_are_written() -> None:
    text = MODEL.format(sign="real", utility="-(x - a)**2", expected="", conditions="[]")
    honest = json.loads(str(al.solve(loads(text)).certificate()))
    assert recheck(read_certificate(json.dumps(honest))).verdict == "proved"
    for row, key, lie in [
        ("values", "x", "a**2/a"), ("multipliers", "cap", "a/a - 1"),
        ("utilities", "one", "b/b - 1"),
    ]:  # fmt: skip
        said_ = json.loads(json.dumps(honest))
        said_["regimes"][0][row][key] = lie
        report = recheck(read_certificate(json.dumps(said_)))
        assert report.verdict == "refuted", (row, report.verdict)


# ------------------------------------------------------------------ random texts
PARTS: list[tuple[str, Callable[[Fraction, Fraction], bool]]] = [
    ("a", lambda a, b: True),
    ("b", lambda a, b: True),
    ("(a - 1)", lambda a, b: True),
    ("(a*b)", lambda a, b: True),
    ("(b**2 + 1)", lambda a, b: True),
    ("(a + b)", lambda a, b: True),
    ("sqrt(b)", lambda a, b: b >= 0),
    ("log(a)", lambda a, b: a > 0),
    ("(1/a)", lambda a, b: a != 0),
]
ZEROS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "a": lambda a, b: a == 0,
    "b": lambda a, b: b == 0,
    "(a - 1)": lambda a, b: a == 1,
    "(a*b)": lambda a, b: a * b == 0,
    "(b**2 + 1)": lambda a, b: False,
    "(a + b)": lambda a, b: a + b == 0,
    "sqrt(b)": lambda a, b: b == 0,
    "log(a)": lambda a, b: a == 1,
    "(1/a)": lambda a, b: False,
}
DEFINED = dict(PARTS)
GRID = [Fraction(n, 2) for n in range(-4, 5)]


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(sorted(DEFINED)), st.sampled_from(sorted(DEFINED)), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_random_texts_are_proved_only_where_they_are_defined(
    one: str, two: str, is_divided: bool, is_nested: bool
) -> None:
    """x = a, written with parts that cancel; where it is undefined is read off the parts."""
    text = f"a + {one} - {one}"
    text = f"({text})*{two}/{two}" if is_divided else f"{text} + 0*{two}"
    text = f"log(exp({text}))" if is_nested else text

    def is_defined(a: Fraction, b: Fraction) -> bool:
        parts = DEFINED[one](a, b) and DEFINED[two](a, b)
        return parts and not (is_divided and ZEROS[two](a, b))

    report = said(TABLE.format(text))
    if report.verdict == "proved":
        assert all(is_defined(a, b) for a in GRID for b in GRID), text
    elif report.verdict == "refuted":
        at = {n: Fraction(int(v.p), int(v.q)) for n, v in point_of(report).items()}
        assert not is_defined(at["a"], at["b"]), (text, at)
    else:
        assert not all(is_defined(a, b) for a in GRID for b in GRID), text
