"""The frontier among utilities, contract curve and core, by definition and by exact numbers."""

from __future__ import annotations

import math
import random
import xml.dom.minidom
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from alignsym import Agent, Game, load
from alignsym.alignment.arena import arena
from alignsym.alignment.attainable import attainable
from alignsym.alignment.core_of_exchange import core
from alignsym.alignment.efficient_set import EfficientSet
from alignsym.alignment.exchange import contract_curve, exchange
from alignsym.alignment.frontier import frontier
from alignsym.alignment.inverses import Inverse, inverse, nonempty
from alignsym.alignment.profile import is_proved
from alignsym.alignment.utility_space import EVERY, SHARED_SUM, SUPPORTED, Attainable
from alignsym.claims import Unknown
from alignsym.commands.align import answer
from alignsym.errors import UsageError
from alignsym.model.relations import Relation

ROOT = Path(__file__).resolve().parents[2]
x, y, v, w = sp.symbols("x y v w", positive=True)
s, t = sp.symbols("s t", nonnegative=True)
q, a, b, e, f = sp.symbols("q a b e f", positive=True)
u = sp.Symbol("u", real=True)
r = sp.Symbol("r", real=True)
ZERO = sp.S.Zero
HALF = sp.Rational(1, 2)


def shares(one: sp.Expr, two: sp.Expr, capacity: object = None) -> Game:
    """Two agents take s and t of what there is."""
    room = s + t <= q if capacity is None else capacity
    return Game(Agent("a", one, s), Agent("b", two, t), shared={"G": room})


def box(one: sp.Expr, two: sp.Expr, *conditions: object) -> Game:
    """Anna has x and v, Bob y and w, of e and f."""
    return Game(
        Agent("anna", one, x, v), Agent("bob", two, y, w),
        shared={"bread": x + y <= e, "wine": v + w <= f}, conditions=conditions,
    )  # fmt: skip


def only(found: EfficientSet) -> Attainable:
    (row,) = found.relations
    assert is_proved(row.status)
    return row


def by_own_goods(game: Game) -> Attainable:
    """The relation found without any maximiser."""
    judged = arena(game, "social", {})
    assert not isinstance(judged, str)
    found = attainable(judged, None)
    assert isinstance(found, tuple), found
    (row,) = found
    return row


# ------------------------------------------------------------------ by definition
def value(expression: sp.Expr, point: dict[sp.Symbol, sp.Expr]) -> float:
    return float(expression.xreplace(point).evalf(30))


def holds_at(r: Relation, point: dict[sp.Symbol, sp.Expr]) -> bool:
    gap = sp.sympify(r.gap.xreplace(point)).evalf(30)
    return bool(gap.is_real and (gap >= -1e-15 if not r.is_strict else gap > 0))


# game, parameters at which it is tried, the relation known by hand in U_a, U_b (zero on it)
GAMES = {
    "logs": (shares(sp.log(s), sp.log(t)), {q: 2}, lambda m, n: sp.exp(m) + sp.exp(n) - 2),
    "weighted logs": (
        shares(a * sp.log(s), sp.log(t)), {q: 3, a: 2},
        lambda m, n: sp.exp(m / 2) + sp.exp(n) - 3,
    ),
    "shifted logs": (
        shares(sp.log(1 + s), sp.log(1 + t)), {q: 3}, lambda m, n: sp.exp(m) + sp.exp(n) - 5,
    ),
    "roots": (shares(sp.sqrt(s), 2 * sp.sqrt(t)), {q: 5}, lambda m, n: m**2 + n**2 / 4 - 5),
    "linear": (shares(s, 3 * t), {q: 2}, lambda m, n: m + n / 3 - 2),
    "convex": (shares(s**2, t**2), {q: 2}, lambda m, n: sp.sqrt(m) + sp.sqrt(n) - 2),
    "bounded": (
        shares(1 - sp.exp(-s), t / (1 + t)), {q: 2},
        lambda m, n: -sp.log(1 - m) + n / (1 - n) - 2,
    ),
    "unequal costs": (
        shares(sp.log(s), sp.log(t), a * s + t**2 <= q), {q: 3, a: 2},
        lambda m, n: 2 * sp.exp(m) + sp.exp(2 * n) - 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(GAMES))
def test_the_relation_is_the_frontier(name: str) -> None:
    """At exact parameters: what satisfies it is feasible and nothing tried dominates it; from every
    feasible profile tried it is reached by raising the second utility."""
    game, at, known = GAMES[name]
    row = by_own_goods(game)
    assert row.scope == EVERY
    point = {k: sp.Integer(n) for k, n in at.items()}
    (_, m), (_, n) = row.utilities
    one, two = (g.utility.xreplace(point) for g in game.agents)
    limit = game.shared[0].relation.replaced(point)
    rng = random.Random(name)
    tried = []
    while len(tried) < 60:
        draw = {s: sp.Rational(rng.randint(1, 400), 100), t: sp.Rational(rng.randint(1, 400), 100)}
        if holds_at(limit, draw):
            tried.append((draw, value(one, draw), value(two, draw)))
    found = 0
    for draw, first, _ in tried:
        # The best second utility with the same first, by bisection on the constraint alone.
        low, high = Fraction(0), Fraction(8)
        for _ in range(60):
            middle = (low + high) / 2
            inside = holds_at(limit, {**draw, t: sp.Rational(middle.numerator, middle.denominator)})
            low, high = (middle, high) if inside else (low, middle)
        edge = {s: draw[s], t: sp.Rational(low.numerator, low.denominator)}
        best = value(two, edge)
        there = {m: sp.Float(first, 30), n: sp.Float(best, 30)}
        gap = row.relation.gap.xreplace(point).xreplace(there).evalf()
        assert abs(gap) < 1e-9 and abs(value(known(m, n), there)) < 1e-9
        assert all(holds_at(r.replaced(point), there) for r in row.within)
        profile = {k: value(g.xreplace(point), there) for k, g in row.profile}
        assert profile[s] == pytest.approx(float(draw[s])) and profile[t] == pytest.approx(
            float(low)
        )
        assert not any(c >= first + 1e-9 and d >= best + 1e-9 for _, c, d in tried)
        found += 1
    assert found == 60


def test_three_persons_and_a_range() -> None:
    z = sp.Symbol("z", nonnegative=True)
    game = Game(
        Agent("a", sp.log(1 + s), s), Agent("b", sp.sqrt(t), t), Agent("c", 2 * z, z),
        shared={"G": s + t + z <= q},
    )  # fmt: skip
    row = by_own_goods(game)
    levels = dict(row.utilities)
    expected = sp.exp(levels["a"]) + levels["b"] ** 2 + levels["c"] / 2 - q - 1
    assert (
        sp.simplify(row.relation.gap - expected) == 0
        or sp.simplify(row.relation.gap + expected) == 0
    )
    assert {str(r) for r in row.within} == {"U_a >= 0", "U_b >= 0", "U_c >= 0"}


def test_a_numeraire_makes_it_a_line() -> None:
    row = only(load(ROOT / "derivations/shared_good/model.toml").frontier())
    assert row.scope == SHARED_SUM
    assert sp.simplify(row.relation.right - 2 * sp.log(row_q(row) / 2)) == 0


def row_q(row: Attainable) -> sp.Symbol:
    (size,) = row.relation.right.free_symbols
    return size


def test_where_there_may_be_slack_nothing_is_claimed() -> None:
    """Both can have all they want of a plentiful good: then no relation between utilities."""
    for top in (q, q / 2):  # the corner breaks the constraint, or uses up exactly all
        game = Game(
            Agent("a", s, (s, (0, top))), Agent("b", t, (t, (0, top))), shared={"G": s + t <= q}
        )
        row = by_own_goods(game)
        first, second = (k for _, k in row.utilities)
        assert sp.simplify(row.relation.left - row.relation.right - first - second + q) == 0
    plenty = Game(
        Agent("a", s, (s, (0, q))), Agent("b", t, (t, (0, q))), shared={"G": s + t <= 3 * q}
    )
    row = only(plenty.frontier())  # both have all: one point
    assert row.scope == SUPPORTED
    assert {str(r) for r in (row.relation, *row.within)} == {"Eq(U_a, q)", "Eq(U_b, q)"}


@pytest.mark.parametrize(
    "game",
    [
        shares(sp.log(s) - t, sp.log(t)),  # one cares for the other's share
        shares(-((s - 1) ** 2), t),  # has a best share
        shares(sp.log(s), sp.log(t), s - t <= q),  # more for one is room for the other
        shares(sp.Abs(s - 1), t),
        # Above s + t = 1 three units more are used, and no point uses just 2.
        shares(s, t, s + t + sp.Piecewise((0, s + t <= 1), (3, True)) <= 2),
    ],
    ids=["affected", "satiated", "helpful", "kinked", "jumping"],
)
def test_no_relation_by_own_goods(game: Game) -> None:
    judged = arena(game, "social", {})
    assert not isinstance(judged, str)
    assert isinstance(attainable(judged, None), Unknown)


# ------------------------------------------------------------------ by weights
BY_WEIGHTS = {
    "identical": (
        box(a * sp.log(x) + (1 - a) * sp.log(v), a * sp.log(y) + (1 - a) * sp.log(w), a < 1),
        {a: sp.Rational(1, 3), e: 2, f: 3},
    ),
    "roots": (box(sp.sqrt(x) + sp.sqrt(v), sp.sqrt(y) + sp.sqrt(w)), {e: 2, f: 3}),
    "mill": (
        Game(Agent("anna", 3 * s - s**2 / 2, s), Agent("bob", -b * s)), {b: 1},
    ),
    "commons": (
        Game(Agent("anna", sp.log(x) - a * (x + y), x), Agent("bob", sp.log(y) - a * (x + y), y)),
        {a: 2},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BY_WEIGHTS))
def test_maximisers_of_weighted_sums_satisfy_it(name: str) -> None:
    """At exact weights the numerical maximiser, found without the solver, has utilities that
    satisfy the relation; and the profile given for them is it."""
    game, at = BY_WEIGHTS[name]
    rows = game.frontier().relations
    assert all(r.scope == SUPPORTED and is_proved(r.status) for r in rows)
    point = {k: sp.sympify(n) for k, n in at.items()}
    # Nothing is left over, for both want more of everything.
    rest = {y: e - x, w: f - v} if game.shared else {}
    utilities = [g.utility.xreplace(rest).xreplace(point) for g in game.agents]
    actions = sorted({k for g in utilities for k in g.free_symbols}, key=str)
    one, two = (sp.lambdify(actions, g, modules="math") for g in utilities)
    for weight in (0.6, 1.0, 1.9):
        best = climbed(lambda *z, k=weight: k * one(*z) + two(*z), [0.4] * len(actions))
        levels = dict(zip((k for _, k in rows[0].utilities), (one(*best), two(*best)), strict=True))
        numbers = {k: sp.Float(n) for k, n in levels.items()}
        gaps = [r.relation.gap.xreplace(point).xreplace(numbers).evalf() for r in rows]
        assert min(abs(g) for g in gaps) < 1e-6, (weight, gaps)


def climbed(objective: Callable[..., float], start: list[float]) -> list[float]:
    """A maximiser by steps along the axes, halved where none is better; for concave functions."""

    def at(z: list[float]) -> float:
        if min(z) < 0:
            return -math.inf
        try:
            found = objective(*z)
        except (ValueError, ZeroDivisionError):
            return -math.inf
        return found if isinstance(found, float) else -math.inf

    here, step = start, 0.25
    while step > 1e-9:
        around = [
            [h + c * step * (k == m) + d * step * (n == m) for m, h in enumerate(here)]
            for k in range(len(here)) for n in range(len(here))
            for c in (-1, 0, 1) for d in (-1, 0, 1)
        ]  # fmt: skip
        best = max(around, key=at)
        here, step = (best, step) if at(best) > at(here) else (here, step / 2)
    return here


def test_the_range_of_the_mill() -> None:
    """It gains from 0 up to p**2/2, which only a weight of zero on the fishery supports."""
    (row,) = load(ROOT / "derivations/aligned/mill.toml").frontier().relations
    mill, fishery = (k for _, k in row.utilities)
    p, harm = sp.symbols("p e", positive=True)
    level = {str(k): k for k in row.relation.free_symbols}
    at = {level["p"]: sp.Integer(3), level["e"]: sp.Integer(2)}
    for output in (sp.Rational(1, 2), sp.Integer(1), sp.Rational(5, 2)):
        point = {mill: 3 * output - output**2 / 2, fishery: -2 * output}
        assert sp.simplify(row.relation.gap.xreplace(at).xreplace(point)) == 0
        assert all(holds_at(r.replaced(at), point) for r in row.within)
    end = {mill: sp.Rational(9, 2), fishery: sp.Integer(-6)}
    assert not all(holds_at(r.replaced(at), end) for r in row.within)


# ------------------------------------------------------------------ exchange
def curve_at(game: Game, at: dict[sp.Symbol, sp.Expr], first: sp.Expr) -> sp.Expr:
    found = contract_curve(exchange(game))
    assert is_proved(found.status) and found.explicit is not None
    symbol, along = found.explicit
    assert symbol == v
    return along.xreplace(at).xreplace({x: first})


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (x * v, y * w),
        (x * v, y * w**2),
        (a * sp.log(x) + sp.log(v), sp.log(y) + b * sp.log(w)),
        (sp.sqrt(x) + sp.sqrt(v), sp.sqrt(y) + 2 * sp.sqrt(w)),
        (-1 / x - 1 / v, -1 / y - 2 / w),
        (x**HALF * v**HALF, y**HALF * w),
    ],
    ids=str,
)
def test_on_the_contract_curve_nobody_can_gain_off_it_both_can(one: sp.Expr, two: sp.Expr) -> None:
    at = {e: sp.Integer(3), f: sp.Integer(2), a: sp.Integer(2), b: sp.Rational(3, 2)}
    game = box(one, two)
    first = sp.lambdify([x, v], one.xreplace(at))
    second = sp.lambdify([y, w], two.xreplace(at))
    rng = random.Random(str(one) + str(two))
    for have in (sp.Rational(1, 2), sp.Integer(1), sp.Rational(9, 4)):
        wine = curve_at(game, at, have)
        mine, theirs = (float(have), float(wine)), (float(3 - have), float(2 - wine))
        assert 0 < mine[1] < 2
        now = first(*mine), second(*theirs)
        for _ in range(400):
            k, m = rng.uniform(0, 3), rng.uniform(0, 2)
            there = first(k, m), second(3 - k, 2 - m)
            assert not (there[0] > now[0] + 1e-9 and there[1] > now[1] + 1e-9)
        # A little off the curve some small trade is better for both.
        for off in (0.9, 1.1):
            k, m = mine[0], mine[1] * off
            now_off = first(k, m), second(3 - k, 2 - m)
            steps = [(rng.gauss(0, 0.02), rng.gauss(0, 0.02)) for _ in range(4000)]
            assert any(
                first(k + c, m + d) > now_off[0] and second(3 - k - c, 2 - m - d) > now_off[1]
                for c, d in steps
                if 0 < k + c < 3 and 0 < m + d < 2
            )


def test_the_core_of_identical_tastes() -> None:
    """By hand: on the diagonal utilities are shares of sqrt(e*f)."""
    third = sp.Rational(1, 3)
    start = {x: 4 * e / 5, v: f / 5, y: e / 5, w: 4 * f / 5}
    found = core(exchange(box(x * v, y * w)), start)
    assert found.interval is not None and is_proved(found.status)
    ends = {r.operator: r.right for r in found.interval}
    assert sp.simplify(ends[">="] - 2 * e / 5) == 0 and sp.simplify(ends["<="] - 3 * e / 5) == 0
    power = core(exchange(box(x**third * v ** (2 * third), y**third * w ** (2 * third))), start)
    ends = {r.operator: r.right for r in power.interval or ()}
    least = e * 4**third / 5
    assert sp.simplify(ends[">="] - least) == 0


def test_the_core_of_endowments_that_are_symbols() -> None:
    """By hand: on the diagonal x = E*s, v = F*s, and s >= (g/E)**a*(h/F)**(1 - a)."""
    g, h, k, m = sp.symbols("g h k m", positive=True)
    taste = lambda i, j: a * sp.log(i) + (1 - a) * sp.log(j)  # noqa: E731
    game = Game(
        Agent("anna", taste(x, v), x, v), Agent("bob", taste(y, w), y, w),
        shared={"bread": x + y <= g + k, "wine": v + w <= h + m}, conditions=[a < 1],
    )  # fmt: skip
    found = core(exchange(game), {x: g, v: h, y: k, w: m})
    assert found.interval is not None and is_proved(found.status)
    ends = {r.operator: r.right for r in found.interval}
    for numbers in ((1, 2, 3, 4), (5, 1, 1, 1), (1, 7, 2, 3)):
        at = dict(zip((g, h, k, m), map(sp.Integer, numbers), strict=True)) | {a: sp.Rational(1, 3)}
        wide, high = (g + k).xreplace(at), (h + m).xreplace(at)
        shares = [(i / wide) ** a * (j / high) ** (1 - a) for i, j in ((g, h), (k, m))]
        low, rest = (wide * value(s_, at) for s_ in shares)
        assert value(ends[">="], at) == pytest.approx(float(low))
        assert value(ends["<="], at) == pytest.approx(float(wide - rest))


def test_a_core_without_a_closed_form_is_given_by_its_inequalities() -> None:
    start = {x: 4 * e / 5, v: f / 5, y: e / 5, w: 4 * f / 5}
    found = core(exchange(box(x * v, y * w**2)), start)
    assert found.interval is None and len(found.rational) == 2
    at = {e: sp.Integer(1), f: sp.Integer(1)}
    curve = found.curve.explicit
    assert curve is not None
    for have in (sp.Rational(k, 20) for k in range(1, 20)):
        wine = curve[1].xreplace(at).xreplace({x: have})
        gains = (
            have * wine >= sp.Rational(4, 25),
            (1 - have) * (1 - wine) ** 2 >= sp.Rational(16, 125),
        )
        said = tuple(holds_at(r.replaced(at), {x: have}) for r in found.rational)
        assert said == gains


def test_the_endowments_of_a_market_and_its_equilibrium_in_the_core() -> None:
    g, h, k, m = sp.symbols("g h k m", positive=True)
    p = sp.Symbol("p", nonnegative=True)
    game = Game(
        Agent("anna", sp.log(x) + sp.log(v), x, v, constraints={"A": p * x + v <= p * g + h}),
        Agent("bob", sp.log(y) + sp.log(w), y, w, constraints={"B": p * y + w <= p * k + m}),
        prices={p: x + y <= g + k}, concept="walras",
    )  # fmt: skip
    market = exchange(game)
    assert dict(market.endowment) == {x: g, v: h, y: k, w: m}
    found = game.pareto()
    at = {
        g: sp.Rational(9, 10),
        h: sp.Rational(1, 10),
        k: sp.Rational(1, 10),
        m: sp.Rational(9, 10),
    }
    assert found.core.interval is not None and len(found) == 1
    equilibrium = dict(found[0].values)[x].xreplace(at)
    assert equilibrium == HALF
    ends = {r.operator: r.right.xreplace(at) for r in found.core.interval}
    assert ends[">="] == sp.Rational(3, 10) and ends["<="] == sp.Rational(7, 10)
    # A false endowment, which does not add up to what there is, is not taken from the budgets.
    wrong = game.altered(prices={p: x + y <= g + 2 * k})
    with pytest.raises(UsageError):
        core(exchange(wrong))


@pytest.mark.parametrize(
    "game",
    [
        box(x * v, y - w),
        box(-((x - 1) ** 2) + v, y * w),
        box(x**2 + v**2, y * w),  # not quasi-concave: the tangency is a worst point
        box(sp.Min(x, v), y * w),
        box(x * v - y, y * w),
        Game(Agent("a", sp.log(x), x), Agent("b", sp.log(y), y), shared={"G": x + y <= q}),
        Game(Agent("a", x * v, x, v), Agent("b", y * w, y, w), shared={"G": x + y + v + w <= q}),
        Game(Agent("a", r * v, (r, (0, 1)), v), Agent("b", y * w, y, w),
             shared={"G": r + y <= e, "H": v + w <= f}),
    ],
    ids=["disliked", "satiated", "convex", "kinked", "envious", "one good", "one pot", "capped"],
)  # fmt: skip
def test_no_contract_curve(game: Game) -> None:
    with pytest.raises(UsageError):
        contract_curve(exchange(game))


def test_endowments_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(UsageError, match="add up"):
        core(exchange(box(x * v, y * w)), {x: e, v: f, y: e, w: ZERO})


def test_a_square_says_no_more_than_its_root() -> None:
    """U_b = sqrt(4 - U_a**2) needs U_a <= 2, which the square alone does not say of U_a < -2."""
    game = box(sp.sqrt(x) + sp.sqrt(v), sp.sqrt(y) + sp.sqrt(w))
    (row,) = game.frontier().relations
    (_, m), (_, n) = row.utilities
    at = {e: sp.S.One, f: sp.S.One}
    for first, second, there in ((1, sp.sqrt(3), True), (-1, sp.sqrt(3), False)):
        point = {m: sp.Integer(first), n: second}
        assert sp.simplify(row.relation.gap.xreplace(at).xreplace(point)) == 0
        assert all(holds_at(r.replaced(at), point) for r in row.within) is there


def test_what_no_weights_support_for_some_parameters_is_no_point() -> None:
    """A point supported by weights from a to b only: for a > b there are none."""
    t_, given = sp.Symbol("t_", positive=True), ()
    between = (Relation(t_, ">=", a), Relation(t_, "<=", b))
    assert not nonempty(t_, between, given)
    assert nonempty(t_, between, (Relation(a, "<=", b),))
    assert not nonempty(t_, (Relation(t_, ">", a), Relation(t_, "<=", b)), (Relation(a, "<=", b),))


def test_an_endowment_outside_the_domain_is_refused() -> None:
    game = box(sp.log(x - 1) + sp.log(v), y * w, e > 2)
    with pytest.raises(UsageError):
        core(exchange(game), {x: ZERO, v: f, y: e, w: ZERO})


# ------------------------------------------------------------------ lies
@pytest.mark.parametrize("lie", [lambda k: 2 * k, lambda k: k + 1, lambda k: -k, lambda k: 1 / k])
def test_a_wrong_inverse_is_never_taken(
    lie: Callable[[sp.Expr], sp.Expr], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Formulas come from a heuristic: what it gets wrong is found out, not claimed."""
    from alignsym.alignment import core_of_exchange as refusing
    from alignsym.alignment import exchange as trading
    from alignsym.alignment import inverses

    honest = inverses.isolate
    for module in (inverses, trading, refusing):
        monkeypatch.setattr(module, "isolate", lambda f, z: tuple(map(lie, honest(f, z))))
    found = inverse(sp.log(1 + s) + s / 2, s, (Relation(s, ">=", ZERO),), u, ())
    assert isinstance(found, Unknown)
    judged = arena(shares(sp.sqrt(s), sp.log(1 + t)), "social", {})
    assert not isinstance(judged, str) and isinstance(attainable(judged, None), Unknown)
    curve = contract_curve(exchange(box(x * v, y * w**2)))
    assert curve.explicit is None and len(curve.relations) == 1
    assert core(exchange(box(x * v, y * w)), {x: e, v: ZERO, y: ZERO, w: f}).interval is None


def test_wrong_maximisers_make_no_frontier() -> None:
    """A solution whose verdict is not a proof, or that leaves weights out, is not built on."""
    game = BY_WEIGHTS["commons"][0]
    found = frontier(game)
    (regime,) = found.solution.regimes
    for weaker in (
        replace(found.solution, cases=(replace(regime, status=Unknown("checked")),)),
        replace(found.solution, coverage=Unknown("some weights are missing")),
    ):
        assert isinstance(attainable(found.arena, weaker), Unknown)


# ------------------------------------------------------------------ faces
def test_inverses_by_definition() -> None:
    cases = (
        (sp.log(1 + s), (Relation(s, ">=", ZERO),)),
        (s**a / a, (Relation(s, ">=", ZERO),)),
        (-a * s, (Relation(s, ">=", ZERO), Relation(s, "<=", q))),
        (1 - sp.exp(-a * s), (Relation(s, ">=", ZERO),)),
        (s / (1 + s), (Relation(s, ">=", ZERO),)),
    )
    at = {a: sp.Rational(1, 2), q: sp.Integer(3)}
    for function, domain in cases:
        found = inverse(function, s, domain, u, ())
        assert isinstance(found, Inverse)
        for number in (sp.Rational(1, 3), sp.Integer(1), sp.Rational(5, 2)):
            level = function.xreplace(at).xreplace({s: number})
            assert all(holds_at(r.replaced(at), {u: level}) for r in found.levels)
            assert abs(value(found.formula.xreplace(at), {u: level}) - float(number)) < 1e-12
        outside = [sp.Integer(-50), sp.Integer(50)]
        missed = [
            k for k in outside if not all(holds_at(r.replaced(at), {u: k}) for r in found.levels)
        ]
        assert missed, "no function here takes all levels"
    for function in (s**2 - s, sp.Abs(s - 1), sp.sin(s)):
        assert isinstance(inverse(function, s, (Relation(s, ">=", ZERO),), u, ()), Unknown)
    split = inverse(1 / (s - 1), s, (Relation(s, ">=", ZERO), Relation(s - 1, "!=", ZERO)), u, ())
    assert isinstance(split, Unknown)


def test_words_and_json() -> None:
    import argparse

    game = load(ROOT / "derivations/aligned/edgeworth.toml")
    options = argparse.Namespace(frontier=True, no_instruments=True)
    said = answer(game, options, 60.0)
    told = said.json["frontier"]
    assert told["contract_curve"]["explicit"] == {"x2": "f*x1/e"}
    assert told["utilities"][0]["status"] == "proved"
    assert told["utilities"][0]["symbols"] == {"anna": "U_anna", "bob": "U_bob"}
    assert "contract curve" in said.text.lower()
    assert max(map(len, said.text.splitlines())) <= 100
    found = shares(sp.log(s), sp.log(t)).frontier()
    assert repr(found) == "exp(U_a) + exp(U_b) = q, proved"
    assert r"\begin{aligned}" in found._repr_latex_()
    assert "exactly the strongly efficient profiles" in str(found)
    game = box(x * v, y * w**2)
    whole = game.frontier({x: e, v: ZERO, y: ZERO, w: f})
    shown = (whole, whole.weighted, whole.contract_curve, whole.core, *found.relations,
             shares(sp.log(s), sp.log(t)).pareto())  # fmt: skip
    for thing in shown:
        xml.dom.minidom.parseString(thing._repr_html_())
        said = thing._repr_latex_()
        assert said.count("{") == said.count("}") and said.startswith("$")
    assert "<math" in whole._repr_html_() and r"\frac" in whole._repr_latex_()
    unknown = Game(Agent("a", -s, s)).frontier()
    with pytest.raises(UsageError):
        _ = unknown.contract_curve
