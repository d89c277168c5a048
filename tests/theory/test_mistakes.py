"""What makes no consumer and no firm is refused, with the place and a remedy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy as sp

from alignsym import cost, demand, expenditure, hicksian_demand, indirect_utility, profit, supply
from alignsym.claims import Unknown
from alignsym.errors import AlignsymError, UsageError

x, y, k = sp.symbols("x y k", nonnegative=True)
a, p, q, r, u, w = sp.symbols("a p q r u w", positive=True)
bad = sp.Symbol("bad", negative=True)
whole = sp.Symbol("whole", positive=True, integer=True)
AB = {x: p, y: q}
U = x * y


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: demand(U, prices=[p, q], income=w), "no mapping from goods to prices"),
        (lambda: demand(U, prices={}, income=w), "prices: no goods"),
        (lambda: demand(U, prices={"x": p}, income=w), "'x' is no symbol"),
        (lambda: demand(U, prices={x + 1: p}, income=w), "x + 1 is no symbol"),
        (lambda: demand(U, prices={bad: p}, income=w), "declared with a sign"),
        (lambda: demand(U, prices={x: None, y: q}, income=w), "prices, x: None is no exact number"),
        (lambda: demand(U, prices={x: 0.5, y: q}, income=w), "0.5 is no exact number"),
        (lambda: demand(U, prices={x: 0.5 * p, y: q}, income=w), "write Rational"),
        (lambda: demand(U, prices={x: True, y: q}, income=w), "True is no exact number"),
        (lambda: demand(U, prices={x: 0, y: q}, income=w), "the price 0 is not positive"),
        (lambda: demand(U, prices={x: p * y, y: q}, income=w), "the price of x depends on y"),
        (lambda: demand(U, prices={x: y, y: p}, income=w), "the price of x depends on y"),
        (lambda: demand(U, prices=AB, income=x), "income depends on x, which is chosen"),
        (lambda: demand(U, prices=AB, income=-1), "the income -1 is not positive"),
        (lambda: demand(U, prices=AB, income=0), "the income 0 is not positive"),
        (lambda: demand(a, prices=AB, income=w), "contains no good that has a price (x, y)"),
        (lambda: demand("x*y", prices=AB, income=w), "contains no good"),
        (lambda: demand(U, prices=AB, income=w, conditions=[x < 1]), "which is chosen"),
        (lambda: demand(U, prices=AB, income=w, conditions=[True]), "a bare True"),
        (lambda: indirect_utility(U, prices={}, income=w), "no goods"),
        (lambda: hicksian_demand(U, prices=AB, level=x), "the level depends on x"),
        (lambda: expenditure(U, prices={x: p, y: x}, level=u), "the price of y depends on x"),
        (lambda: supply(sp.sqrt(k), price=k, wages={k: r}), "the price of output depends on k"),
        (lambda: supply(sp.sqrt(k), price=-1, wages={k: r}), "price: the price -1 is not"),
        (lambda: supply(sp.sqrt(k), price=p, wages=r), "no mapping from factors to prices"),
        (lambda: profit(sp.sqrt(x), price=p, wages={k: r}), "no factor that has a price (k)"),
        (lambda: cost(sp.sqrt(k), wages={k: r}, output=k + 1), "the output depends on k"),
    ],
)  # fmt: skip
def test_the_question_is_refused(call: Callable[[], object], said: str) -> None:
    with pytest.raises(AlignsymError) as caught:
        call()
    assert said in str(caught.value)
    assert caught.value.where and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: demand(U, prices={x: p, y: 1}, income=w).roy(), "the price of y is 1, no symbol"),
        (lambda: demand(U, prices={x: p, y: 2 * q}, income=w).slutsky(), "is 2*q, no symbol"),
        (lambda: demand(U, prices=AB, income=10).roy(), "income is 10, no symbol"),
        (lambda: demand(U, prices={x: p, y: p}, income=w).roy(), "also occurs in the price of y"),
        (lambda: demand(U, prices=AB, income=p).adding_up(), "also occurs in income"),
        (lambda: demand(p * x + y, prices=AB, income=w).roy(), "also occurs in the utility"),
        (lambda: demand(U, prices={x: whole, y: q}, income=w).homogeneity(), "an integer"),
        (
            lambda: demand(U, prices=AB, income=w, conditions=[sp.Eq(p, q)]).roy(),
            "p, the price of x, cannot vary alone",
        ),
        (lambda: hicksian_demand(U, prices=AB, level=2 * u).shephard(), "the level is 2*u"),
        (lambda: supply(sp.sqrt(k), price=1, wages={k: r}).hotelling(), "price of output is 1"),
        (lambda: cost(sp.sqrt(k), wages={k: 1}, output=q).shephard(), "price of k is 1"),
        (lambda: cost(sp.sqrt(k), wages={k: r}, output=q * r).shephard(), "also occurs in the out"),
    ],
)  # fmt: skip
def test_a_derivative_needs_a_symbol_of_its_own(call: Callable[[], object], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        call()
    assert said in str(caught.value) and "substitute afterwards" in caught.value.remedy


def test_homogeneity_in_prices_needs_no_level() -> None:
    h = hicksian_demand(U, prices=AB, level=1)
    assert len(h.homogeneity()) == len(h.substitution()) + 1 == 3


def test_names_that_are_not_there() -> None:
    d = demand(U, prices=AB, income=w)
    with pytest.raises(UsageError, match=r"k has no price here \(priced: x, y\)"):
        d.elasticity(k, p)
    with pytest.raises(UsageError, match="no value for 'k'"):
        d[k]
    assert d["x"] == d[x]
    with pytest.raises(UsageError, match="no symbol to differentiate"):
        d.derivative(x, 2 * p)
    with pytest.raises(UsageError, match="no parameter"):
        d.derivative(x, k)


def test_another_consumer_is_no_counterpart() -> None:
    d = demand(U, prices=AB, income=w)
    for other in (
        hicksian_demand(x * y**2, prices=AB, level=u),
        hicksian_demand(U, prices={x: q, y: p}, level=u),
    ):
        with pytest.raises(UsageError, match="another consumer's"):
            d.duality(other)
    with pytest.raises(UsageError, match="share a symbol"):
        d.slutsky(hicksian_demand(U, prices=AB, level=w))


def test_an_unanswered_question_says_so() -> None:
    """Increasing returns: profit grows without bound, and there is nothing to differentiate."""
    s = supply(k**2, price=p, wages={k: r})
    assert s.solution.status in ("unbounded", "unknown")
    for ask in (lambda: s.value, lambda: s[k], lambda: s.output, lambda: s.elasticity(k, p)):
        with pytest.raises(UsageError, match="status un|no optimal value"):
            ask()
    assert isinstance(s.hotelling().verdict, Unknown)
    assert str(s) and repr(s)


def test_an_integer_has_no_derivative() -> None:
    found = demand(x**whole * y, prices=AB, income=w)
    with pytest.raises(UsageError, match="declared an integer, and has no derivative"):
        found.derivative(x, whole)
