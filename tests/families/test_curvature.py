"""Concavity in the choices of n members: products and powers, with exponents that are too large."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import loads
from alignsym.logic.crowd import crowd
from alignsym.verify.curvature import Whole, concave_whole

MODEL = """
format = 1
concept = "social"
conditions = [{conditions}]
[parameters]
n = "positive integer"
q = "positive"
"a[i]" = "positive"
[[families]]
name = "i"
size = "n"
[[agents]]
name = "planner"
actions = {{ "x[i]" = "positive" }}
utility = "{utility}"
"""


def found(utility: str, conditions: str = "") -> Whole | None:
    people = crowd(loads(MODEL.format(utility=utility, conditions=conditions)))
    (role,) = people.roles
    premises = people.facts(people.declared, role.utility)
    whole = concave_whole(people, role.utility, role.actions, premises)
    return whole if isinstance(whole, Whole) else None


PRODUCT = "Product(x[j]**a[j], (j, 1, n))"
SUM = "Sum(a[j], (j, 1, n))"


def test_a_product_is_concave_where_its_exponents_sum_to_at_most_one() -> None:
    assert found(PRODUCT) is None
    flat, strict = found(PRODUCT, f'"{SUM} <= 1"'), found(PRODUCT, f'"{SUM} < 1"')
    assert flat is not None and not flat.pinned
    assert strict is not None and {s.name for s in strict.pinned} == {"x[i]"}
    assert found(f"-{PRODUCT}", f'"{SUM} < 1"') is None


@pytest.mark.parametrize(
    ("utility", "concave", "pinned"),
    [
        ("sqrt(Sum(a[j]*sqrt(x[j]), (j, 1, n)))", True, True),
        ("Sum(a[j]*sqrt(x[j]), (j, 1, n))**2", True, False),
        ("Sum(a[j]*sqrt(x[j]), (j, 1, n))**3", False, False),
        ("Sum(a[j]*x[j]**2, (j, 1, n))**(1/2)", False, False),
        ("-sqrt(Sum(a[j]*sqrt(x[j]), (j, 1, n)))", False, False),
        ("Sum(a[j]*log(x[j]), (j, 1, n))", True, True),
        ("Sum(-a[j]*log(x[j]), (j, 1, n))", False, False),
        ("-Sum(x[j], (j, 1, n))**2", True, False),
        ("Sum(x[j], (j, 1, n))**2", False, False),
    ],
)
def test_powers_of_sums(utility: str, concave: bool, pinned: bool) -> None:
    whole = found(utility)
    assert (whole is not None) is concave
    assert whole is None or bool(whole.pinned) is pinned


def test_a_convex_square_is_outweighed_by_the_diagonal() -> None:
    """-Sum(x**2/(2*a)) + (c/2)*Sum(x)**2 is concave if c*Sum(a) <= 1."""
    utility = "-Sum(x[j]**2/(2*a[j]), (j, 1, n)) + q/2*Sum(x[j], (j, 1, n))**2"
    assert found(utility) is None and found(utility, f'"q*{SUM} <= 11/10"') is None
    assert found(utility, f'"q*{SUM} <= 1"') is not None
    strict = found(utility, f'"q*{SUM} < 1"')
    assert strict is not None and strict.pinned


def test_expressions_are_written_as_they_were_read() -> None:
    """Sums and products come back, and exponentials of anything else stay."""
    logs = "Sum(a[j]*log(x[j]), (j, 1, n))"
    utility = f"exp(q + {logs}) + exp(2*q) - {SUM} + {PRODUCT}**2"
    game = loads(MODEL.format(utility=utility, conditions=""))
    ledger = crowd(game).ledger
    text = game.agents[0].objective
    members = {"x": (3, 4), "a": (2, 3)}

    def opened(e: sp.Expr) -> sp.Expr:
        bases = {str(b): b for b in e.atoms(sp.IndexedBase)}
        (n,) = (s for s in e.free_symbols if s.name == "n")
        rows = {bases[k][i]: sp.Integer(v[i - 1]) for k, v in members.items() for i in (1, 2)}
        return e.xreplace({n: sp.Integer(2)}).doit().xreplace(rows)

    q = game.parameters[1].symbol
    expected = sp.exp(q) * 576 + sp.exp(2 * q) - 5 + 576**2
    assert abs((opened(text) - expected).xreplace({q: sp.Integer(1)}).evalf(30)) < 1e-20
    back = ledger.indexed(ledger.scalar(text))
    assert abs((opened(back) - expected).xreplace({q: sp.Integer(1)}).evalf(30)) < 1e-20
