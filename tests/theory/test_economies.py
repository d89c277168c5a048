"""Consumers and firms: closed forms against formulas derived by hand and against brute force, and
the identities of duality theory proved in every regime.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym import (
    cost,
    demand,
    expenditure,
    hicksian_demand,
    indirect_utility,
    latex,
    profit,
    supply,
)
from alignsym.claims import Proved, Refuted, Unknown
from alignsym.logic.normal import is_identically_zero
from alignsym.theory.hicksian import HicksianDemand
from alignsym.theory.identities import determinant, slutsky_matrix
from alignsym.theory.marshallian import Demand
from alignsym.theory.producer import Cost, Supply

x, y, k, l = sp.symbols("x y k l", nonnegative=True)  # noqa: E741
a, b, g, m, n, p, q, r, u, w = sp.symbols("a b g m n p q r u w", positive=True)
HALF, QUARTER = sp.Rational(1, 2), sp.Rational(1, 4)
AB, PW = {x: p, y: q}, {k: r, l: w}

Point = dict[sp.Symbol, float]


@dataclass(frozen=True)
class Hand:
    """What a person found: formulas by name, as functions of the parameters in numbers."""

    solve: Callable[[], object]
    truth: dict[object, Callable[[Point], float]]
    inside: Callable[[Point], bool] = field(default=lambda at: True)
    low: float = 0.2
    high: float = 3.0


def cobb_douglas(at: Point) -> float:
    return at[a] * at[w] / ((at[a] + at[b]) * at[p])


def ces(good: sp.Symbol) -> Callable[[Point], float]:
    """max x**g + y**g: with s = 1/(1 - g), x = p**-s w / (p**(1-s) + q**(1-s))."""
    own = AB[good]

    def formula(at: Point) -> float:
        s = 1 / (1 - at[g])
        return at[own] ** -s * at[w] / (at[p] ** (1 - s) + at[q] ** (1 - s))

    return formula


def quasilinear(at: Point) -> float:
    """max 2 sqrt x + y: (q/p)**2 if that is affordable, else everything."""
    return min((at[q] / at[p]) ** 2, at[w] / at[p])


def stone_geary(at: Point) -> float:
    return at[m] + at[a] * (at[w] - at[p] * at[m] - at[q] * at[n]) / at[p]


def cobb_douglas_cost(at: Point) -> float:
    """c = (a + b) (q * (r/a)**a * (w/b)**b)**(1/(a + b))."""
    total = at[a] + at[b]
    inner = at[q] * (at[r] / at[a]) ** at[a] * (at[w] / at[b]) ** at[b]
    return total * inner ** (1 / total)


DEMANDS: dict[str, Hand] = {
    "Cobb-Douglas": Hand(
        lambda: demand(x**a * y**b, prices=AB, income=w),
        {x: cobb_douglas, y: lambda at: (at[w] - at[p] * cobb_douglas(at)) / at[q]},
    ),
    "CES": Hand(
        lambda: demand(x**g + y**g, prices=AB, income=w, conditions=[g < 1]),
        {x: ces(x), y: ces(y)},
        high=0.9,
    ),
    "Stone-Geary": Hand(
        lambda: demand(
            a * sp.log(x - m) + (1 - a) * sp.log(y - n),
            prices=AB,
            income=w,
            conditions=[a < 1, w > p * m + q * n],
        ),
        {x: stone_geary, y: lambda at: (at[w] - at[p] * stone_geary(at)) / at[q]},
        lambda at: at[a] < 1 and at[w] > at[p] * at[m] + at[q] * at[n],
    ),
    "quasilinear": Hand(
        lambda: demand(2 * sp.sqrt(x) + y, prices=AB, income=w),
        {
            x: quasilinear,
            y: lambda at: max(0.0, (at[w] - at[p] * quasilinear(at)) / at[q]),
            "shadow_price": lambda at: max(1 / at[q], (at[p] * at[w]) ** -0.5),
        },
    ),
    "Leontief": Hand(
        lambda: demand(sp.Min(x / a, y / b), prices=AB, income=w),
        {
            x: lambda at: at[a] * at[w] / (at[a] * at[p] + at[b] * at[q]),
            "value": lambda at: at[w] / (at[a] * at[p] + at[b] * at[q]),
        },
    ),
}
HICKSIAN: dict[str, Hand] = {
    "Cobb-Douglas": Hand(
        lambda: hicksian_demand(x**a * y**b, prices=AB, level=u),
        {
            "value": lambda at: cobb_douglas_cost({**at, r: at[p], w: at[q], q: at[u]}),
            x: lambda at: (
                (at[u] * (at[a] * at[q] / (at[b] * at[p])) ** at[b]) ** (1 / (at[a] + at[b]))
            ),
        },
    ),
    "CES": Hand(
        lambda: hicksian_demand(sp.sqrt(x) + sp.sqrt(y), prices=AB, level=u),
        {"value": lambda at: at[u] ** 2 * at[p] * at[q] / (at[p] + at[q])},
    ),
    "quasilinear": Hand(
        lambda: hicksian_demand(2 * sp.sqrt(x) + y, prices=AB, level=u),
        {
            x: lambda at: min(at[q] / at[p], at[u] / 2) ** 2,
            y: lambda at: max(0.0, at[u] - 2 * at[q] / at[p]),
        },
    ),
    "Leontief": Hand(
        lambda: hicksian_demand(sp.Min(x / a, y / b), prices=AB, level=u),
        {"value": lambda at: at[u] * (at[a] * at[p] + at[b] * at[q]), y: lambda at: at[b] * at[u]},
    ),
}
COSTS: dict[str, Hand] = {
    "Cobb-Douglas": Hand(
        lambda: cost(k**a * l**b, wages=PW, output=q),
        {
            "value": cobb_douglas_cost,
            "marginal_cost": lambda at: cobb_douglas_cost(at) / ((at[a] + at[b]) * at[q]),
            "average_cost": lambda at: cobb_douglas_cost(at) / at[q],
        },
    ),
    "linear": Hand(
        lambda: cost(a * k + b * l, wages=PW, output=q),
        {"value": lambda at: at[q] * min(at[r] / at[a], at[w] / at[b])},
    ),
}
SUPPLIES: dict[str, Hand] = {
    "roots": Hand(
        lambda: supply(k**QUARTER * l**QUARTER, price=p, wages=PW),
        {
            "value": lambda at: at[p] ** 2 / (8 * (at[r] * at[w]) ** 0.5),
            "output": lambda at: at[p] / (4 * (at[r] * at[w]) ** 0.5),
        },
    ),
    "power": Hand(
        lambda: supply(k**a, price=p, wages={k: r}, conditions=[a < 1]),
        {k: lambda at: (at[a] * at[p] / at[r]) ** (1 / (1 - at[a]))},
        high=0.9,
    ),
    "logarithm": Hand(
        lambda: supply(sp.log(1 + k), price=p, wages={k: r}),
        {k: lambda at: max(0.0, at[p] / at[r] - 1)},
    ),
}
ALL = {
    f"{kind}, {name}": hand
    for kind, table in (
        ("demand", DEMANDS), ("Hicksian", HICKSIAN), ("cost", COSTS), ("supply", SUPPLIES),
    )
    for name, hand in table.items()
}  # fmt: skip
Result = Demand | HicksianDemand | Cost | Supply


@cache
def solved(name: str) -> Result:
    """The answer to one of ALL, solved once."""
    return ALL[name].solve()  # type: ignore[return-value]


def random_points(hand: Hand, symbols: list[sp.Symbol], count: int, seed: str) -> list[Point]:
    rng = random.Random(seed)
    out: list[Point] = []
    while len(out) < count:
        at = {s: rng.uniform(hand.low, hand.high) for s in symbols}
        if m in at:  # enough for the subsistence basket
            at[w] = at[p] * at[m] + at[q] * at[n] + rng.uniform(0.5, 4)
            at[a] = rng.uniform(0.1, 0.9)
        if hand.inside(at):
            out.append(at)
    return out


@pytest.mark.parametrize("name", ALL)
def test_the_formulas_are_those_derived_by_hand(name: str) -> None:
    result, hand = solved(name), ALL[name]
    symbols = [s.symbol for s in result.solution.game.parameters]
    for what, truth in hand.truth.items():
        formula = getattr(result, what) if isinstance(what, str) else result[what]
        for at in random_points(hand, symbols, 12, name):
            assert float(formula.subs(at)) == pytest.approx(truth(at), rel=1e-9, abs=1e-9), what


IDENTITIES: dict[type, tuple[str, ...]] = {
    Demand: ("roy", "slutsky", "adding_up", "homogeneity"),
    HicksianDemand: ("shephard", "substitution", "homogeneity"),
    Cost: ("shephard", "substitution", "homogeneity"),
    Supply: ("hotelling", "substitution", "homogeneity"),
}


@pytest.mark.parametrize("name", ALL)
def test_every_identity_is_proved_in_every_regime(name: str) -> None:
    result = solved(name)
    for method in IDENTITIES[type(result)]:
        found = getattr(result, method)()
        assert {row.regime for row in found} == set(range(len(found_cases(result))))
        for row in found:
            if row.relations:
                assert isinstance(row.verdict, Proved), str(row)
            else:  # the tie of perfect substitutes: a set of optima
                assert isinstance(row.verdict, Unknown) and row.where[0].is_equality


def found_cases(result: Result) -> list[object]:
    """Cases with places of their own."""
    places = [case.when for case in result.solution.cases]
    return [c for i, c in enumerate(result.solution.cases) if c.when not in places[:i]]


@pytest.mark.parametrize("name", ["Cobb-Douglas", "quasilinear", "Leontief"])
def test_the_two_demands_are_dual(name: str) -> None:
    marshallian, hicksian = solved(f"demand, {name}"), solved(f"Hicksian, {name}")
    assert isinstance(marshallian, Demand) and isinstance(hicksian, HicksianDemand)
    for found in (marshallian.duality(hicksian), marshallian.slutsky(hicksian)):
        assert all(isinstance(row.verdict, Proved) for row in found), str(found)
        assert {row.regime for row in found} == set(range(len(marshallian.solution.regimes)))


def test_identities_at_a_kink_are_proved_with_their_formulas() -> None:
    found = solved("demand, Leontief").roy()
    assert all(isinstance(row.verdict, Proved) for row in found)
    assert isinstance(found.verdict, Proved)
    assert str(found).endswith("the formulas themselves: proved")


def test_a_satiated_consumer_leaves_money() -> None:
    """Beyond the bliss point (1, 1) the budget is not exhausted, and Roy says nothing."""
    d = demand(x * (2 - x) + y * (2 - y), prices=AB, income=w)
    bliss = next(i for i, c in enumerate(d.solution.cases) if dict(c.values)[x] == 1)
    verdicts = {row.identity: row.verdict for row in d.adding_up() if row.regime == bliss}
    assert all(isinstance(v, Refuted) for v in verdicts.values()) and len(verdicts) == 4
    ((w_, amount),) = [pair for pair in verdicts["the budget is exhausted"].point if pair[0] == w]
    assert amount > sum(v for s, v in verdicts["the budget is exhausted"].point if s != w_)
    roy = [row.verdict for row in d.roy() if row.regime == bliss]
    assert Unknown("more income is worth nothing there") in roy


# ------------------------------------------------------------------ responses
def test_elasticities_and_derivatives() -> None:
    d = solved("demand, CES")
    at = {p: 1.3, q: 0.7, w: 2.0, g: 0.4}
    step, truth = 1e-6, DEMANDS["CES"].truth[x]
    slope = (truth({**at, p: 1.3 + step}) - truth({**at, p: 1.3 - step})) / (2 * step)
    assert float(d.derivative(x, p).subs(at)) == pytest.approx(slope, rel=1e-6)
    assert float(d.elasticity(x, p).subs(at)) == pytest.approx(slope * 1.3 / truth(at), rel=1e-6)
    assert solved("demand, Cobb-Douglas").elasticity(x, p) == -1
    assert solved("supply, roots").elasticity("output", p) == 1
    assert solved("Hicksian, Leontief").elasticity(x, p) == 0
    assert (
        solved("cost, Cobb-Douglas").derivative(k, w).subs({a: 1, b: 1, r: 1, w: 1, q: 1}) == HALF
    )


def test_nothing_bought_has_no_elasticity() -> None:
    elasticity = solved("demand, quasilinear").elasticity(y, w)
    assert elasticity.subs({p: 1, q: 3, w: 1}) is sp.nan
    assert elasticity.subs({p: 1, q: 1, w: 2}) == 2


def test_kinds_of_goods() -> None:
    said = {row.identity for row in solved("demand, Cobb-Douglas").classify()}
    assert "x is a normal good" in said and "x is a net substitute for y" in said
    assert "x is an ordinary good" in said
    said = {row.identity for row in solved("demand, Leontief").classify()}
    assert "x is a gross complement of y" in said
    assert "x is neither a net substitute for y nor a net complement" in said
    rows = {(row.identity, row.regime) for row in solved("demand, quasilinear").classify()}
    assert {("x does not depend on income", 0), ("x is a normal good", 1)} <= rows


def test_minors_with_symbolic_exponents_are_not_simplified_on_the_way() -> None:
    """SymPy's Berkowitz takes minutes for this determinant, which is zero as S p = 0."""
    d = solved("demand, CES")
    matrix = slutsky_matrix(dict(d.solution.regimes[0].values), [(x, p), (y, q)], w)
    assert is_identically_zero(determinant(matrix))


def test_an_inferior_giffen_good_is_found() -> None:
    """A formula that rises with its price and falls with income, put in by hand."""
    d = solved("demand, Cobb-Douglas")
    giffen = altered(d, 0, x, p / w)
    said = {row.identity for row in giffen.classify() if isinstance(row.verdict, Proved)}
    assert {"x is an inferior good", "x is a Giffen good"} <= said


def altered(result: Result, regime: int, symbol: sp.Symbol, formula: sp.Expr) -> Result:
    """The result with one formula exchanged."""
    cases = list(result.solution.cases)
    values = tuple((s, formula if s == symbol else v) for s, v in cases[regime].values)
    cases[regime] = replace(cases[regime], values=values)
    return replace(result, solution=replace(result.solution, cases=tuple(cases)))


# ------------------------------------------------------------------ random economies
whole = st.integers(1, 9)
settings.register_profile("theory", deadline=None, max_examples=8, derandomize=True)
FEW = settings(settings.get_profile("theory"))


@FEW
@given(whole, whole, whole, whole, whole)
def test_random_cobb_douglas(i: int, j: int, price: int, other: int, income: int) -> None:
    share = sp.Rational(i, i + j)
    d = demand(x**i * y**j, prices={x: p, y: other}, income=w)
    assert d[x].subs({p: price, w: income}) == share * income / price
    d = demand(i * sp.log(x) + j * sp.log(y), prices=AB, income=w)
    for found in (d.roy(), d.slutsky(), d.adding_up(), d.homogeneity()):
        assert isinstance(found.verdict, Proved), str(found)


@FEW
@given(whole, whole, whole, whole, whole)
def test_random_quadratic_consumer(i: int, j: int, price: int, other: int, income: int) -> None:
    """u = (2i - x) x + (2j - y) y against every point of a fine grid on the budget set."""

    def utility(s: float, t: float) -> float:
        return (2 * i - s) * s + (2 * j - t) * t

    d = demand((2 * i - x) * x + (2 * j - y) * y, prices={x: price, y: other}, income=income)
    chosen = utility(float(d[x]), float(d[y]))
    assert float(price * d[x] + other * d[y]) <= income + 1e-9
    for step in range(401):
        s = income / price * step / 400
        t = min((income - price * s) / other, j)
        assert utility(min(s, i), t) <= chosen + 1e-9


@FEW
@given(whole, whole, whole, whole)
def test_random_logarithmic_firm(i: int, j: int, price: int, wage: int) -> None:
    """f = i log(1 + j z) against a grid."""
    s = supply(i * sp.log(1 + j * k), price=p, wages={k: r})
    for found in (s.hotelling(), s.substitution(), s.homogeneity()):
        assert isinstance(found.verdict, Proved), str(found)
    best = float(s.value.subs({p: price, r: wage}))
    grid = (0.05 * step for step in range(4000))
    assert best >= max(price * i * math.log(1 + j * z) - wage * z for z in grid) - 1e-9


# ------------------------------------------------------------------ what it looks like
def test_value_functions_are_the_values() -> None:
    root = sp.sqrt(x * y)
    assert indirect_utility(root, prices=AB, income=w) == w / (2 * sp.sqrt(p * q))
    assert expenditure(root, prices=AB, level=u) == 2 * u * sp.sqrt(p * q)
    assert profit(sp.sqrt(k), price=p, wages={k: r}) == p**2 / (4 * r)


def test_results_show_themselves() -> None:
    d = solved("demand, quasilinear")
    assert str(d).startswith("Marshallian demand\n")
    assert repr(d).splitlines()[-1] == "proved"
    assert d._repr_latex_() == d.solution._repr_latex_()
    assert "Marshallian demand" in latex(d.solution)
    assert "output: p/(4*sqrt(r)*sqrt(w))" in str(solved("supply, roots"))
    assert repr(d.roy()) == str(d.roy())
    assert "Roy's identity for x where p*w > q**2: proved" in str(d.roy())
    assert str(d.roy()[0]) == str(d.roy()).splitlines()[0] and len(d.roy()[:2]) == 2


def test_prices_without_a_sign_are_read_as_positive() -> None:
    s, t, income, c = sp.symbols("s t income c")
    d = demand(sp.log(c) + sp.log(y), prices={c: s, y: t}, income=income)
    assert str(d.solution.game.parameters[0].interval.contains(s)[0]) == "s > 0"
    assert d[c] == income / (2 * s) and isinstance(d.solution.proof, Proved)
    d = demand(sp.sqrt(c * y), prices={c: 1 + s, y: 2}, income=3)
    assert [str(r) for r in d.solution.game.conditions] == ["s + 1 > 0"]
