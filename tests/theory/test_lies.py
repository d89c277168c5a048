"""False identities are refuted or unknown, never proved: formulas are tampered with, one at a time.

Whether a lie is one is known by construction; each names the identities it must break.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
import sympy as sp

from alignsym import cost, demand, hicksian_demand, supply
from alignsym.claims import Checked, Proved, Refuted, Unknown, Verdict
from alignsym.errors import ContradictionError
from alignsym.model.game import Game, Parameter, interval_of
from alignsym.model.relations import Relation
from alignsym.solution import Continuum, NoSolution, Regime
from alignsym.theory import findings
from alignsym.theory.findings import Findings, Statement, decided, each_regime, no_inside

x, y, k, l = sp.symbols("x y k l", nonnegative=True)  # noqa: E741
a, b, p, q, r, u, w = sp.symbols("a b p q r u w", positive=True)
AB, PW = {x: p, y: q}, {k: r, l: w}
ZERO = sp.S.Zero

TRUE: dict[str, Callable[[], object]] = {
    "demand": lambda: demand(x**a * y**b, prices=AB, income=w),
    "corner": lambda: demand(2 * sp.sqrt(x) + y, prices=AB, income=w),
    "hicksian": lambda: hicksian_demand(x**a * y**b, prices=AB, level=u),
    "cost": lambda: cost((sp.sqrt(k) + sp.sqrt(l)) ** 2, wages=PW, output=q),
    "supply": lambda: supply(k ** sp.Rational(1, 4) * l ** sp.Rational(1, 4), price=p, wages=PW),
}


@cache
def true(name: str):  # type: ignore[no-untyped-def]
    return TRUE[name]()


def with_regime(result, number: int = 0, **changes):  # type: ignore[no-untyped-def]
    """The result with some fields of one regime exchanged."""
    cases = list(result.solution.cases)
    cases[number] = replace(cases[number], **changes)
    return replace(result, solution=replace(result.solution, cases=tuple(cases)))


def with_value(result, symbol, change, number: int = 0):  # type: ignore[no-untyped-def]
    rows = result.solution.cases[number].values
    return with_regime(
        result, number, values=tuple((s, change(v) if s == symbol else v) for s, v in rows)
    )


def optimum(result, change, number: int = 0):  # type: ignore[no-untyped-def]
    return with_regime(result, number, value=change(result.solution.cases[number].value))


def price(result, change, number: int = 0):  # type: ignore[no-untyped-def]
    rows = result.solution.cases[number].multipliers
    return with_regime(result, number, multipliers=tuple((s, change(v)) for s, v in rows))


TINY = 1 + sp.Rational(1, 10**7)
LIES: list[tuple[str, Callable, str, set[str]]] = [  # type: ignore[type-arg]
    # (what is solved, the lie, the method, the identities that are false afterwards)
    ("demand", lambda d: with_value(d, x, lambda v: 2 * v), "roy", {"Roy's identity for x"}),
    ("demand", lambda d: with_value(d, x, lambda v: TINY * v), "roy", {"Roy's identity for x"}),
    ("demand", lambda d: with_value(d, x, lambda v: v + p), "homogeneity",
     {"demand for x homogeneous of degree 0"}),
    ("demand", lambda d: with_value(d, x, lambda v: v * w / p), "slutsky",
     {"symmetry of the effects between x and y", "negative semidefinite"}),
    ("demand", lambda d: with_value(d, x, lambda v: p / q), "slutsky", {"negative semidefinite"}),
    ("demand", lambda d: with_value(d, y, lambda v: v / 2), "adding_up",
     {"the budget is exhausted", "Engel aggregation"}),
    ("demand", lambda d: optimum(d, lambda v: v * p), "roy",
     {"Roy's identity for x", "marginal utility of income"}),
    ("demand", lambda d: optimum(d, lambda v: 2 * v), "roy", {"marginal utility of income"}),
    ("demand", lambda d: optimum(d, lambda v: v + w), "homogeneity",
     {"indirect utility homogeneous of degree 0"}),
    ("demand", lambda d: optimum(d, lambda v: sp.Integer(3)), "roy",
     {"Roy's identity for x", "Roy's identity for y", "marginal utility of income"}),
    ("demand", lambda d: price(d, lambda v: v / 2), "roy", {"marginal utility of income"}),
    ("corner", lambda d: with_value(d, x, lambda v: v + 1, 1), "roy", {"Roy's identity for x"}),
    ("hicksian", lambda h: optimum(h, lambda v: v + p), "shephard", {"Shephard's lemma for x"}),
    ("hicksian", lambda h: optimum(h, lambda v: v * u), "shephard",
     {"Shephard's lemma for x", "Shephard's lemma for y", "marginal cost of utility"}),
    ("hicksian", lambda h: with_value(h, y, lambda v: -v), "shephard", {"Shephard's lemma for y"}),
    ("hicksian", lambda h: with_value(h, y, lambda v: -v), "substitution",
     {"negative semidefinite", "symmetry of the effects between x and y"}),
    ("hicksian", lambda h: optimum(h, lambda v: v**2), "homogeneity",
     {"expenditure homogeneous of degree 1"}),
    ("cost", lambda c: with_value(c, k, lambda v: v * (1 + r / 1000)), "shephard",
     {"Shephard's lemma for k"}),
    ("cost", lambda c: price(c, lambda v: v + 1), "shephard", {"marginal cost"}),
    ("supply", lambda s: with_value(s, k, lambda v: 16 * v), "hotelling",
     {"Hotelling's lemma for k", "Hotelling's lemma for output"}),
    ("supply", lambda s: optimum(s, lambda v: v + p), "hotelling",
     {"Hotelling's lemma for output"}),
    ("supply", lambda s: with_value(s, l, lambda v: v * w**2), "substitution",
     {"positive semidefinite"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "lie", "method", "false"),
    LIES,
    ids=[f"{n}-{m}-{i}" for i, (n, _, m, _) in enumerate(LIES)],
)
def test_a_lie_is_never_proved(
    name: str,
    lie: Callable,
    method: str,
    false: set[str],  # type: ignore[type-arg]
) -> None:
    found: Findings = getattr(lie(true(name)), method)()
    assert false <= {row.identity for row in found}
    caught = {row.identity for row in found if isinstance(row.verdict, (Refuted, Unknown))}
    assert false <= caught, str(found)
    assert not isinstance(found.verdict, (Proved, Checked))


@pytest.mark.parametrize("name", TRUE)
def test_a_refutation_is_a_point_where_it_fails(name: str) -> None:
    """At the point of every refutation the two sides differ, by SymPy's own numbers."""
    symbol = x if name in ("demand", "corner", "hicksian") else k
    method = {"cost": "shephard", "hicksian": "shephard", "supply": "hotelling"}.get(name, "roy")
    found = getattr(with_value(true(name), symbol, lambda v: v + 1), method)()
    refuted = [row for row in found if isinstance(row.verdict, Refuted)]
    assert refuted
    for row in refuted:
        assert isinstance(row.verdict, Refuted)
        gaps = [sp.N(rel.gap.subs(dict(row.verdict.point))) for rel in row.relations]
        assert any(abs(gap) > 1e-6 for gap in gaps)
        assert "refuted" in str(row) and "at " in str(row)


def test_the_lie_of_another_consumer() -> None:
    """The Slutsky equation against the Hicksian demand of somebody else's formulas."""
    hicksian = with_value(true("hicksian"), x, lambda v: 2 * v)
    rows = {row.identity: row.verdict for row in true("demand").duality(hicksian)}
    assert isinstance(rows["Hicksian is Marshallian demand for x"], Refuted)
    assert isinstance(rows["Hicksian is Marshallian demand for y"], Proved)
    rows = {row.identity: row.verdict for row in true("demand").slutsky(hicksian)}
    assert isinstance(rows["Slutsky equation for x and p"], Refuted)


# ------------------------------------------------------------------ what has no meaning
def said_of(relation: Relation, *when: Relation) -> Verdict:
    positive = [Parameter(s, interval_of(s)) for s in (p, q)]
    return decided(Statement("it", (relation,)), Game(parameters=positive), when)


def test_nothing_claimed_is_nothing_proved() -> None:
    assert decided(Statement("it", (), void="no sign"), Game(), ()) == Unknown("no sign")


@pytest.mark.parametrize("cases", [(), (NoSolution((), "unbounded", "a ray"),)])
def test_an_answer_without_formulas_proves_nothing(cases: tuple[object, ...]) -> None:
    d = true("demand")
    empty = replace(d, solution=replace(d.solution, cases=cases, reason="z3 gave up"))
    for found in (empty.roy(), empty.slutsky(), empty.homogeneity(), empty.adding_up()):
        assert [row.verdict for row in found] == [Unknown("z3 gave up")]
        assert isinstance(found.verdict, Unknown)
    assert isinstance(
        d.duality(replace(true("hicksian"), solution=empty.solution)).verdict, Unknown
    )


@pytest.mark.parametrize(
    "when",
    [
        (Relation(p, "==", q),),
        (Relation(p, "<=", q), Relation(p, ">=", q)),
    ],
)
def test_no_derivative_is_taken_inside_a_thin_regime(when: tuple[Relation, ...]) -> None:
    """At p = q the formula a*w/((a+b)*q) is right, and its derivative in p is not."""
    thin = with_regime(true("demand"), when=when)
    assert no_inside((*thin.solution.game.domain(), *when))
    assert all(isinstance(row.verdict, Unknown) for row in thin.roy())


@pytest.mark.parametrize(
    "formula", [sp.Abs(p - q), sp.Max(p, q), sp.Piecewise((p, p < q), (q, True)), sp.zoo * p]
)
def test_kinks_are_not_differentiated(formula: sp.Expr) -> None:
    kinked = optimum(true("demand"), lambda v: formula)
    assert not any(isinstance(row.verdict, (Proved, Checked)) for row in kinked.roy())


def test_an_undefined_identity_is_not_proved() -> None:
    """p/(p - q) - q/(p - q) is 1 except on p = q, where it is nothing."""
    d = p - q
    one = Relation(p / d - q / d, "==", sp.S.One)
    assert isinstance(said_of(one), Checked)
    assert isinstance(said_of(one, Relation(d, ">", ZERO)), Proved)


def test_homogeneity_needs_a_cone() -> None:
    """On w >= 1 incomes cannot be scaled down: what the formulas do there is not said."""
    cut = with_regime(true("corner"), when=(Relation(w, ">=", sp.S.One),))
    assert not any(isinstance(r.verdict, Proved) for r in cut.homogeneity() if r.regime == 0)


def test_the_weakest_row_decides() -> None:
    found = with_value(true("demand"), x, lambda v: 2 * v).roy()
    assert isinstance(found.verdict, Refuted)
    unsure = replace(true("demand").solution, coverage=Unknown("perhaps not all"))
    assert isinstance(replace(true("demand"), solution=unsure).roy().verdict, Unknown)


def test_a_proof_that_numbers_contradict_is_an_internal_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(findings, "holds", lambda relation, region: Proved())
    with pytest.raises(ContradictionError, match="a proved identity fails"):
        said_of(Relation(p, "==", q))


def test_every_regime_is_asked() -> None:
    asked: list[Regime] = []

    def claims(regime: Regime) -> list[Statement]:
        asked.append(regime)
        return [Statement("it", (Relation(p, "==", p),))]

    found = each_regime(true("corner").solution, claims)
    assert asked == list(true("corner").solution.regimes) and len(found) == 2


def test_two_answers_do_not_meet_on_a_thin_regime_or_in_a_set() -> None:
    """A formula that holds where p = q only has no derivative in p, and a set has no formula."""
    d, h = true("demand"), true("hicksian")
    whole = d.slutsky(h)
    assert isinstance(whole.verdict, Proved)
    thin = with_regime(d, when=(Relation(p, "==", q),))
    continuum = Continuum((Relation(p, "==", q),), (Relation(p * x + q * y, "==", w),))
    aside = replace(d, solution=replace(d.solution, cases=(*d.solution.cases, continuum)))
    for changed in (thin, aside):
        for found in (changed.duality(h), changed.slutsky(h)):
            assert not isinstance(found.verdict, Proved)
            assert any(isinstance(row.verdict, Unknown) for row in found)
    other = with_regime(h, when=(Relation(p, "==", q),))
    assert not isinstance(d.duality(other).verdict, Proved)
    set_of_ways = replace(h, solution=replace(h.solution, cases=(*h.solution.cases, continuum)))
    assert not isinstance(d.duality(set_of_ways).verdict, Proved)
