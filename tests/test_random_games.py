"""Random games with known structure: what is answered is true, by arithmetic of this file's own.

Utilities come as an expression and as a marginal utility in numbers; the answer's formulas are
evaluated with 40 digits at exact parameter points, boundaries of regimes included.  First-order
conditions, random feasible points, random deviations and derivatives of the value decide.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st

from alignsym.answer import solve
from alignsym.claims import Proved, Refuted, weakest
from alignsym.model.game import Agent, Game
from alignsym.model.pricing import priced
from alignsym.solution import Regime, Solution
from alignsym.verify.obligations import verify
from alignsym.verify.trial import try_regime

mp = mpmath.mp.clone()
mp.dps = 40
SMALL = mp.mpf("1e-25")
few = settings(
    max_examples=8, deadline=None, derandomize=True, database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip

Number = mpmath.mpf
Point = dict[sp.Symbol, Fraction]
small = st.fractions(min_value=Fraction(1, 4), max_value=4, max_denominator=4)


def rational(f: Fraction) -> sp.Rational:
    return sp.Rational(f.numerator, f.denominator)


# ------------------------------------------------------------------ numbers of an answer
def value_of(e: sp.Expr, point: Point) -> Number:
    """The formula at an exact point with 40 digits."""
    return number(e, {k: ratio(v) for k, v in point.items()})


def number(e: sp.Expr, table: dict[sp.Symbol, Number]) -> Number:
    """Arithmetic over the tree; SymPy evaluates nothing."""
    if e.is_Symbol:
        return table[e]
    if e.is_Rational:
        return mp.mpf(int(e.p)) / int(e.q)
    parts = [number(part, table) for part in e.args]
    if e.is_Add:
        return mp.fsum(parts)
    if e.is_Mul:
        return mp.fprod(parts)
    if e.is_Pow:
        return mp.power(*parts) if not e.exp.is_Integer else parts[0] ** int(e.exp)
    return {sp.log: mp.log, sp.exp: mp.exp}[e.func](*parts)


def inside(regime: Regime, point: Point) -> bool:
    """Whether the regime's condition holds, boundaries included."""
    return all(value_of(rel.gap, point) >= -SMALL for rel in regime.when)


@dataclass(frozen=True)
class Told:
    """Numbers of one regime at one point."""

    x: dict[str, Number]
    mu: dict[str, Number]
    nu: dict[str, Number]
    value: Number | None


def told(regime: Regime, point: Point) -> Told:
    return Told(
        {str(s): value_of(e, point) for s, e in regime.values},
        {k: value_of(e, point) for k, e in regime.multipliers},
        {k: value_of(e, point) for k, e in regime.bounds},
        None if regime.value is None else value_of(regime.value, point),
    )


def points(game: Game, seed: str, count: int) -> Iterator[Point]:
    """Random exact points of the declared set, on several scales."""
    rng = random.Random(seed)
    symbols = [p.symbol for p in game.parameters]
    given_ = 0
    while given_ < count:
        point = {s: Fraction(rng.randint(1, 60), rng.choice((3, 7, 20))) for s in symbols}
        if all(value_of(c.gap, point) > 0 for c in game.conditions):
            given_ += 1
            yield point


def answers(solution: Solution, count: int = 12) -> Iterator[tuple[Point, Told]]:
    """Every regime's numbers at random points; where coverage is proved each lies in a regime."""
    for point in points(solution.game, str(solution.cases), count):
        here = [r for r in solution.regimes if inside(r, point)]
        assert here or not isinstance(solution.coverage, Proved), f"{point} is not covered"
        rows = [told(r, point) for r in here]
        for row in rows:
            assert all(close(row.x[k], rows[0].x[k]) for k in row.x), "regimes disagree"
            yield point, row


def close(left: Number, right: Number) -> bool:
    return abs(left - right) <= SMALL * max(1, abs(left), abs(right)) * 1000


# ------------------------------------------------------------------ utilities of one good
@dataclass(frozen=True)
class Utility:
    """u(x) as an expression, and as numbers: value and marginal utility."""

    expression: Callable[[sp.Symbol], sp.Expr]
    value: Callable[[Number], Number]
    slope: Callable[[Number], Number]
    open: bool


def ratio(f: Fraction) -> Number:
    return mp.mpf(f.numerator) / f.denominator


def logarithm(w: Fraction, b: Fraction) -> Utility:
    n, m = ratio(w), ratio(b)
    if b == 0:
        return Utility(
            lambda x: rational(w) * sp.log(x), lambda x: n * mp.log(x), lambda x: n / x, True
        )
    return Utility(
        lambda x: rational(w) * sp.log(rational(b) + x),
        lambda x: n * mp.log(m + x),
        lambda x: n / (m + x),
        False,
    )


def power(w: Fraction, g: Fraction) -> Utility:
    """w*x**(1 - g)/(1 - g): constant relative risk aversion g."""
    n, e = ratio(w), 1 - ratio(g)
    return Utility(
        lambda x: rational(w) / (1 - rational(g)) * x ** (1 - rational(g)),
        lambda x: n / e * x**e,
        lambda x: n * x ** (e - 1),
        True,
    )


def square(w: Fraction, c: Fraction) -> Utility:
    n, m = ratio(w), ratio(c)
    return Utility(
        lambda x: rational(w) * x - rational(c) * x**2 / 2,
        lambda x: n * x - m * x**2 / 2,
        lambda x: n - m * x,
        False,
    )


@st.composite
def families(draw: st.DrawFn) -> list[Utility]:
    """2 to 4 agents of one kind."""
    kind = draw(st.sampled_from(["log", "shifted log", "sqrt", "power", "quadratic"]))
    size = draw(st.integers(2, 3 if kind in ("shifted log", "quadratic") else 4))
    event(f"{kind}, {size} agents")
    exponent = draw(st.sampled_from([Fraction(1, 3), Fraction(2), Fraction(3, 2), Fraction(3)]))
    made = {
        "log": lambda: logarithm(draw(small), Fraction(0)),
        "shifted log": lambda: logarithm(draw(small), draw(small)),
        "sqrt": lambda: power(draw(small), Fraction(1, 2)),
        "power": lambda: power(draw(small), exponent),
        "quadratic": lambda: square(draw(small), draw(small)),
    }
    return [made[kind]() for _ in range(size)]


q, h, e = sp.symbols("q h e", positive=True)


@dataclass(frozen=True)
class Sharing:
    """Agents with utilities of their own good who share sum a_i x_i <= q (and perhaps x_1 <= h)."""

    game: Game
    utilities: list[Utility]
    rows: dict[str, list[Number]]
    sides: dict[str, sp.Symbol]

    def violation(self, x: list[Number], point: Point) -> Number:
        """The largest excess over a constraint."""
        return max(
            sum((a * t for a, t in zip(row, x)), mp.zero) - ratio(point[self.sides[k]])
            for k, row in self.rows.items()
        )

    def total(self, x: list[Number]) -> Number:
        """The sum of utilities."""
        return sum((u.value(t) for u, t in zip(self.utilities, x)), mp.zero)


@st.composite
def sharing(draw: st.DrawFn, capped: bool = True) -> Sharing:
    utilities = draw(families())
    names = [f"x{i}" for i in range(len(utilities))]
    actions = [
        sp.Symbol(n, positive=True) if u.open else sp.Symbol(n, nonnegative=True)
        for n, u in zip(names, utilities)
    ]
    costs = [draw(st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 2)])) for _ in names]
    total = sp.Add(*(rational(k) * x for k, x in zip(costs, actions)))
    agents = [
        Agent(f"A{i}", u.expression(x), x) for i, (u, x) in enumerate(zip(utilities, actions))
    ]
    rows = {"G": [ratio(k) for k in costs]}
    shared, sides = {"G": total <= q}, {"G": q}
    if capped and len(names) == 2 and draw(st.booleans()):
        shared["H"] = actions[0] <= h
        rows["H"] = [mp.one, mp.zero]
        sides["H"] = h
    return Sharing(Game(*agents, shared=shared), utilities, rows, sides)


def first_order(problem: Sharing, point: Point, row: Told, prices: dict[str, Number]) -> None:
    """u_i'(x_i) - sum p_k a_ki + nu_i = 0, feasibility, signs, complementarity."""
    x = [row.x[f"x{i}"] for i in range(len(problem.utilities))]
    assert problem.violation(x, point) <= SMALL
    for k, price in prices.items():
        used = sum((a * t for a, t in zip(problem.rows[k], x)), mp.zero)
        assert price >= -SMALL
        assert abs(price * (ratio(point[problem.sides[k]]) - used)) <= SMALL
    for i, utility in enumerate(problem.utilities):
        nu = row.nu.get(f"x{i}", mp.zero)
        cost = sum((price * problem.rows[k][i] for k, price in prices.items()), mp.zero)
        assert x[i] >= -SMALL
        assert nu >= -SMALL
        assert abs(nu * x[i]) <= SMALL
        assert close(utility.slope(x[i]) + nu, cost)


def feasible(problem: Sharing, point: Point, rng: random.Random) -> list[Number]:
    """A random point that satisfies the constraints, corners and edges among them."""
    raw = [mp.mpf(rng.expovariate(1)) * rng.choice((1, 1, 1, 1e-3)) for _ in problem.utilities]
    scale = min(
        ratio(point[problem.sides[k]]) / max(sum(a * t for a, t in zip(row, raw)), mp.mpf("1e-9"))
        for k, row in problem.rows.items()
    )
    return [t * scale * rng.choice((1, 1, mp.mpf(rng.random()))) for t in raw]


def tampered(solution: Solution) -> Iterator[tuple[str, tuple[Regime, ...]]]:
    """The answer with one thing changed, in one regime."""
    for k, regime in enumerate(solution.regimes):
        changes = [("values", lambda f: f * sp.Rational(8, 7)), ("values", lambda f: f + 1)]
        changes += [("multipliers", lambda f: f + sp.Rational(1, 5))]
        for field, change in changes:
            rows = list(getattr(regime, field))
            spot = next((j for j, (_, f) in enumerate(rows) if f != 0), None)
            if spot is None:
                continue
            rows[spot] = (rows[spot][0], change(rows[spot][1]))
            lie = replace(regime, **{field: tuple(rows)})
            yield field, (*solution.regimes[:k], lie, *solution.regimes[k + 1 :])


def refused(solution: Solution, regimes: tuple[Regime, ...]) -> bool:
    """Whether a changed answer is not proved, or refuted at an exact point."""
    game, concept = solution.game, solution.concept
    changed = [r for r in regimes if r not in solution.regimes]
    if any(isinstance(try_regime(game, concept, r, thorough=False), Refuted) for r in changed):
        return True
    found = verify(game, concept, regimes)
    parts = [found.coverage, *(r.status for r in found.regimes)]
    return not isinstance(weakest([*parts, *(r.exhaustive for r in found.regimes)]), Proved)


def tampering_is_refused(solution: Solution) -> None:
    for field, regimes in list(tampered(solution))[:4]:
        assert refused(solution, regimes), f"a changed entry of {field} passes"


# ------------------------------------------------------------------ properties
@few
@given(sharing())
def test_social(problem: Sharing) -> None:
    """The optimum meets the first-order conditions and beats 200 random feasible points."""
    solution = solve(problem.game, "social")
    assert solution.regimes, solution.reason
    rng = random.Random(1)
    for k, (point, row) in enumerate(answers(solution)):
        first_order(problem, point, row, row.mu)
        x = [row.x[f"x{i}"] for i in range(len(problem.utilities))]
        best = problem.total(x)
        assert row.value is not None
        assert close(row.value, best)
        for _ in range(200 if k == 0 else 20):
            other = feasible(problem, point, rng)
            assert problem.violation(other, point) <= SMALL
            if all(t > 0 for t in other):
                assert problem.total(other) <= best + SMALL
    tampering_is_refused(solution)


@few
@given(sharing(capped=False))
def test_prices_and_common_multipliers(problem: Sharing) -> None:
    """A price that clears the market is the common multiplier of the shared constraint."""
    market = solve(priced(problem.game, G="p"), "walras")
    common = solve(problem.game, "variational")
    assert market.regimes and common.regimes, market.reason + common.reason
    for point, row in answers(market, 8):
        first_order(problem, point, row, {"G": row.x["p"]})
    for point, row in answers(common, 8):
        first_order(problem, point, row, row.mu)
        there = [told(r, point) for r in market.regimes if inside(r, point)]
        assert all(close(m.x["p"], row.mu["G"]) for m in there)
    tampering_is_refused(market)
    tampering_is_refused(common)


@few
@given(sharing(), st.booleans())
def test_shadow_prices_are_derivatives_of_the_value(problem: Sharing, first: bool) -> None:
    """mu_k = dV/de_k, where the right-hand side is solved again as b_k + e_k."""
    name = "G" if first or "H" not in problem.rows else "H"
    plain = solve(problem.game, "social")
    moved = problem.game.altered(
        shared={
            c.name: sp.Le(c.relation.left, c.relation.right + (e if c.name == name else 0))
            for c in problem.game.shared
        }
    )
    again = solve(moved, "social")
    side = problem.sides[name]
    for point in points(moved, "derivative", 6):
        rows = [r for r in again.regimes if strictly(r, point)]
        sums = {s: v + (point[e] if s == side else 0) for s, v in point.items() if s != e}
        originals = [r for r in plain.regimes if strictly(r, sums)]
        for regime in rows:
            assert regime.value is not None
            slope = value_of(sp.diff(regime.value, e), point)
            assert close(slope, value_of(dict(regime.multipliers)[name], point))
            for original in originals:
                assert close(slope, value_of(dict(original.multipliers)[name], sums))


def strictly(regime: Regime, point: Point) -> bool:
    return all(value_of(rel.gap, point) > SMALL for rel in regime.when)


@few
@given(
    st.lists(st.one_of(small, st.none()), min_size=2, max_size=3),
    st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)]),
)
def test_cournot(costs: list[Fraction | None], convexity: Fraction) -> None:
    """Profits (a - X - c_i) x_i - k x_i**2/2: no firm gains by any output of its own."""
    a = sp.Symbol("a", positive=True)
    symbolic = 0
    outputs = [sp.Symbol(f"x{i}", nonnegative=True) for i in range(len(costs))]
    unit: list[sp.Expr] = []
    for i, cost in enumerate(costs):
        if cost is None and symbolic < 2:
            symbolic += 1
            unit.append(sp.Symbol(f"c{i}", positive=True))
        else:
            unit.append(rational(cost or Fraction(1)))
    total = sp.Add(*outputs)
    k = rational(convexity)
    firms = [
        Agent(f"F{i}", (a - total - c) * x - k * x**2 / 2, x)
        for i, (x, c) in enumerate(zip(outputs, unit))
    ]
    solution = solve(Game(*firms), "nash")
    assert solution.regimes, solution.reason
    rng = random.Random(3)
    for point, row in answers(solution):
        x = [row.x[str(s)] for s in outputs]
        market = ratio(point[a])
        numbers = [value_of(c, point) for c in unit]
        for i, cost in enumerate(numbers):
            others = sum(x) - x[i]
            slope = market - others - 2 * x[i] - cost - ratio(convexity) * x[i]
            nu = row.nu.get(f"x{i}", mp.zero)
            assert x[i] >= -SMALL
            assert nu >= -SMALL
            assert close(slope + nu, mp.zero)
            assert abs(nu * x[i]) <= SMALL

            def profit(t: Number, margin: Number = market - others - cost) -> Number:
                return (margin - t) * t - ratio(convexity) * t**2 / 2

            for _ in range(20):
                t = mp.mpf(rng.random()) * 2 * market
                assert profit(t) <= profit(x[i]) + SMALL
    tampering_is_refused(solution)


@pytest.mark.parametrize("kind", ["<=", ">=", "=="])
@settings(few, max_examples=5)
@given(st.lists(st.tuples(small, small, small), min_size=2, max_size=2), st.booleans())
def test_quadratic_programs_on_boxes(
    kind: str, goods: list[tuple[Fraction, Fraction, Fraction]], loss: bool
) -> None:
    """Least sum c_i (x_i - t_i)**2/2 on [0, h_i] with sum x_i against b: signs by kind."""
    assume(all(target != height for _, target, height in goods))
    b = sp.Symbol("b", positive=True)
    xs = sp.symbols("x0 x1", real=True)
    boxes = [(x, (0, rational(height))) for x, (_, _, height) in zip(xs, goods)]
    f = sp.Add(*(rational(c) * (x - rational(t)) ** 2 / 2 for x, (c, t, _) in zip(xs, goods)))
    top = sum((rational(height) for _, _, height in goods), sp.S.Zero)
    relation = {"<=": sp.Le, ">=": sp.Ge, "==": sp.Eq}[kind](sum(xs), b)
    agent = Agent("A", f if loss else -f, *boxes, constraints={"B": relation}, loss=loss)
    game = Game(agent, concept="maximize", conditions=[b < top])
    solution = solve(game)
    assert solution.regimes, solution.reason
    sign = -1 if kind == ">=" else 1
    for point, row in answers(solution, 8):
        x, mu = [row.x["x0"], row.x["x1"]], row.mu["B"]
        slack = ratio(point[b]) - x[0] - x[1]
        assert sign * slack >= -SMALL if kind != "==" else abs(slack) <= SMALL
        assert kind == "==" or (mu >= -SMALL and abs(mu * slack) <= SMALL)
        best = mp.zero
        for t, (c, target, height) in zip(x, goods):
            assert -SMALL <= t <= ratio(height) + SMALL
            best += ratio(c) * (t - ratio(target)) ** 2 / 2
            # dL/dx = -c (x - t) - mu (for >= + mu), opposed by a bound that is tight
            slope = -ratio(c) * (t - ratio(target)) - sign * mu
            at_low, at_high = abs(t) <= SMALL, abs(t - ratio(height)) <= SMALL
            assert slope <= SMALL or at_high
            assert slope >= -SMALL or at_low
        assert row.value is not None
        assert close(row.value, best if loss else -best)
        moved = {**point, b: point[b] + Fraction(1, 10**9)}
        after = [told(r, moved) for r in solution.regimes if inside(r, moved)]
        # where two regimes meet the value may have a kink, and its slope is one-sided
        if after and any(strictly(r, point) for r in solution.regimes):
            rise = (after[0].value - row.value) * 10**9 * (-1 if loss else 1)
            assert abs(rise - sign * mu) <= mp.mpf("1e-7") * (1 + abs(mu))
    tampering_is_refused(solution)
