"""The exact zero test: True for identities, never for what is not zero somewhere.

Random expressions are built from the functions the engine abstracts and compared with numbers;
identities are built by the laws of positive numbers, and by rewriting that keeps the value.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from alignsym.logic.normal import is_identically_zero

some = settings(
    max_examples=50, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
)
few = settings(some, max_examples=12)
a, b, c = sp.symbols("a b c", positive=True)
r, s = sp.symbols("r s", real=True)
n = sp.Symbol("n", integer=True, positive=True)
Evaluate = Callable[..., mpmath.mpf | None]

rationals = st.sampled_from([sp.Rational(k, m) for k in (-3, -1, 1, 2, 5) for m in (1, 2, 3)])
exponents = st.sampled_from(
    [*(sp.Rational(k, m) for k in (-3, -2, -1, 1, 2, 3) for m in (1, 2, 3)), a, -b, r, a / (a + 1)]
)
leaves = st.one_of(st.sampled_from([a, b, c, r, s]), rationals)


def grown(parts: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
    pair = st.tuples(parts, parts)
    return st.one_of(
        pair.map(lambda t: t[0] + t[1]),
        pair.map(lambda t: t[0] * t[1]),
        pair.map(lambda t: t[0] - t[1]),
        st.tuples(parts, exponents).map(lambda t: t[0] ** t[1]),
        parts.map(sp.log),
        parts.map(sp.exp),
        parts.map(sp.Abs),
        pair.map(lambda t: sp.Max(*t)),
    )


def finite(e: sp.Expr) -> bool:
    return not e.has(sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I, sp.re, sp.im, sp.arg) and (
        e.is_extended_real is not False and e.count_ops() < 40
    )


expressions = st.recursive(leaves, grown, max_leaves=6).filter(finite)
POINTS = [
    dict(zip((a, b, c, r, s), map(Fraction, row)))
    for row in (
        ("1/2", "3", "2/7", "-5/3", "2/3"), ("4", "1/3", "5/2", "7/4", "-3"),
        ("1", "1", "1", "0", "0"),
        ("2", "2", "3", "-1", "-1"), ("9/4", "1/9", "8/27", "-2", "3"), ("3", "5", "7", "1", "2"),
    )
]  # fmt: skip


def nonzero_somewhere(e: sp.Expr, evaluate: Evaluate) -> bool:
    """Beyond the rounding of its largest term."""
    for point in POINTS:
        value = evaluate(e, point)
        if value is not None:
            sizes = [evaluate(term, point) for term in sp.Add.make_args(e)]
            if abs(value) > 1e-20 * max(1, *(abs(t) for t in sizes if t is not None)):
                return True
    return False


@some
@given(expressions, expressions)
def test_what_differs_is_not_zero(evaluate: Evaluate, e: sp.Expr, f: sp.Expr) -> None:
    if is_identically_zero(e - f):
        assert not nonzero_somewhere(e - f, evaluate)
    if nonzero_somewhere(e - f, evaluate):
        assert not is_identically_zero(e - f)


@some
@given(expressions, rationals)
def test_a_small_difference_is_seen(evaluate: Evaluate, e: sp.Expr, k: sp.Rational) -> None:
    """e, e times or plus a number, expanded and together: the difference is k, k*e or nothing."""
    for other, same in ((sp.expand(e), True), (sp.together(e), True), (sp.expand(e) + k, False)):
        if is_identically_zero(e - other):
            assert same or not any(evaluate(e, point) is not None for point in POINTS)


@some
@given(expressions, st.sampled_from(["signs", "squares", "logs", "roots", "powers"]))
def test_laws_of_positive_numbers_are_not_used_for_others(
    evaluate: Evaluate, e: sp.Expr, law: str
) -> None:
    """Each law is true for positive numbers; where e can be negative it is not."""
    trap = {
        "signs": sp.Abs(e) - e,
        "squares": sp.sqrt(e**2) - e,
        "logs": sp.log(e**2) - 2 * sp.log(sp.Abs(e)) + sp.Abs(e) - e,
        "roots": (e**2) ** sp.Rational(1, 4) * sp.Abs(e) ** sp.Rational(1, 2) - e,
        "powers": (e**2) ** (b / 2) - sp.Abs(e) ** (b - 1) * e,
    }[law]
    if finite(trap) and nonzero_somewhere(trap, evaluate):
        assert not is_identically_zero(trap)


# ------------------------------------------------------------------ identities
terms = st.tuples(
    st.sampled_from([sp.Integer(1), sp.Integer(2), sp.Rational(3, 2)]),
    st.lists(st.tuples(st.sampled_from([a, b, c]), exponents), min_size=1, max_size=2),
).map(lambda t: sp.Mul(t[0], *(x**e for x, e in t[1])))
sums = st.lists(terms, min_size=1, max_size=3).map(lambda ts: sp.Add(*ts))
IDENTITIES: dict[str, Callable[[sp.Expr, sp.Expr, sp.Expr], sp.Expr]] = {
    "log of a product": lambda f, g, k: sp.log(f * g) - sp.log(f) - sp.log(g),
    "log of a quotient": lambda f, g, k: sp.log(f / g) - sp.log(f) + sp.log(g),
    "log of a power": lambda f, g, k: sp.log(f**k) - k * sp.log(f),
    "power of a product": lambda f, g, k: (f * g) ** k - f**k * g**k,
    "sum of exponents": lambda f, g, k: f ** (k + 1) - f**k * f,
    "shares": lambda f, g, k: f / (f + g) + g / (f + g) - 1,
    "square": lambda f, g, k: (f + g) ** 2 - f**2 - 2 * f * g - g**2,
    "inverse": lambda f, g, k: 1 / f - g / (f * g),
    "roots": lambda f, g, k: sp.sqrt(f * g) ** 2 - sp.sqrt(f**2) * g,
}


@pytest.mark.parametrize("name", IDENTITIES)
@few
@given(terms, sums, exponents)
def test_identities_of_positive_numbers(
    evaluate: Evaluate, name: str, f: sp.Expr, g: sp.Expr, k: sp.Expr
) -> None:
    e = IDENTITIES[name](f, g, k)
    assert not nonzero_somewhere(e, evaluate)
    assert is_identically_zero(e)


KNOWN = (
    a ** (b / (b - 1)) - a * a ** (1 / (b - 1)),
    sp.exp(r + s) - sp.exp(r) * sp.exp(s),
    sp.exp(sp.log(a)) - a,
    sp.log(sp.exp(r)) - r,
    sp.exp(2 * sp.log(a + b)) - (a + b) ** 2,
    sp.sqrt(a * b / c) * sp.sqrt(c) - sp.sqrt(a) * sp.sqrt(b),
    sp.sqrt(8) - 2 * sp.sqrt(2),
    sp.log(12) - sp.log(3) - 2 * sp.log(2),
    sp.cbrt(a) ** 3 - a,
    (r**2 - s**2) / (r - s) - r - s,
    1 / (a - b) + 1 / (b - a),
    sp.E ** (r + 1) - sp.E * sp.exp(r),
)


@pytest.mark.parametrize("e", KNOWN, ids=str)
def test_known_identities(e: sp.Expr) -> None:
    assert is_identically_zero(e)


NOT_ZERO = (
    sp.sqrt(r**2) - r, sp.log(r**2) - 2 * sp.log(r), sp.sqrt(r * s) - sp.sqrt(r) * sp.sqrt(s),
    (r**2) ** a - r ** (2 * a), (-a) ** n + a**n, sp.exp(r) ** s - sp.exp(r + s), a**b - b**a,
    sp.log(a + b) - sp.log(a) - sp.log(b), sp.sqrt(a + b) - sp.sqrt(a) - sp.sqrt(b),
    sp.Max(r, s) - r, sp.Abs(r + s) - sp.Abs(r) - sp.Abs(s), sp.E - sp.Rational(2718281828, 10**9),
    sp.pi - sp.Rational(355, 113), sp.log(2) - sp.Rational(693147, 10**6), a / a - 2,
    sp.cbrt(r**3) + r,
    1 / (a - b) - 1 / (b - a), sp.LambertW(a) - sp.log(a), sp.Max(r, s) - sp.Max(r, a), r**2,
)  # fmt: skip


@pytest.mark.parametrize("e", NOT_ZERO, ids=str)
def test_known_differences(e: sp.Expr) -> None:
    assert not is_identically_zero(e)


@pytest.mark.parametrize("e", [sp.oo, sp.zoo, sp.nan, sp.I, sp.I * a, sp.Symbol("z") - 1], ids=str)
def test_what_is_no_real_number_is_not_zero(e: sp.Expr) -> None:
    assert not is_identically_zero(e)


def test_the_law_of_lambert() -> None:
    """W*exp(W) = u on the principal branch, u > 0; nothing is said where u may be negative."""
    u = sp.Symbol("u", positive=True)
    w = sp.LambertW(u)
    assert is_identically_zero(w * sp.exp(w) - u)
    assert is_identically_zero(sp.log(w) - sp.log(u) + w)
    assert is_identically_zero(u / w - sp.exp(w))
    assert not is_identically_zero(w * sp.exp(w) - 2 * u)
    assert not is_identically_zero(sp.LambertW(u, -1) * sp.exp(w) - u)
