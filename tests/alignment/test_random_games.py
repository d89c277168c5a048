"""Random concave games: verdicts survive arithmetic of these tests' own.

An efficient profile is dominated by none of a thousand random feasible ones; a trade makes everyone
better off, exactly; what an instrument leads to is the optimum, and no deviation pays there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy as sp
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignsym.alignment.align import align
from alignsym.alignment.efficiency import Alignment, Efficiency
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.model.pricing import priced
from alignsym.solution import holds

few = settings(
    max_examples=2, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
MANY = 1000
a, b, q = sp.symbols("a b q", positive=True)
x, y = sp.symbols("x y", nonnegative=True)
small = st.fractions(min_value=-1, max_value=1, max_denominator=3)
points = st.fractions(min_value=sp.Rational(1, 3), max_value=4, max_denominator=5)


@dataclass(frozen=True)
class Drawn:
    """A game and an exact parameter point."""

    game: Game
    point: dict[sp.Symbol, sp.Rational]


@st.composite
def quadratic(draw: st.DrawFn) -> Drawn:
    """U_i = a_i x_i - x_i**2/2 + g_i x_j + k x_i x_j, |k| < 1/2, a_1 = 1: concave."""
    g1, g2 = (sp.Rational(f.numerator, f.denominator) for f in (draw(small), draw(small)))
    k = sp.Rational(draw(st.integers(-1, 1)), 3)
    one = Agent("one", x - x**2 / 2 + g1 * y + k * x * y, x)
    two = Agent("two", b * y - y**2 / 2 + g2 * x + k * x * y, y)
    return Drawn(Game(one, two, concept="nash"), {b: _rational(draw(points))})


@st.composite
def markets(draw: st.DrawFn) -> Drawn:
    """Two buyers of a scarce good with logarithmic or quadratic tastes, at a price."""
    kind = draw(st.sampled_from(["log", "shifted", "mixed"]))
    u = {"log": a * sp.log(x), "shifted": a * sp.log(1 + x), "mixed": a * sp.log(1 + x)}[kind]
    v = {"log": b * sp.log(y), "shifted": b * sp.log(2 + y), "mixed": b * y - y**2 / 2}[kind]
    game = Game(Agent("one", u, x), Agent("two", v, y), shared={"G": x + y <= q})
    point = {s: _rational(draw(points)) for s in (a, b, q)}
    return Drawn(priced(game, G="p"), point)


def _rational(f: object) -> sp.Rational:
    return sp.Rational(f.numerator, f.denominator)  # type: ignore[attr-defined]


def rows_at(found: Alignment, point: dict[sp.Symbol, sp.Rational]) -> list[Efficiency]:
    return [e for e in found.equilibria if all(holds(r, point) for r in e.when)]


def values_at(row: Efficiency, point: dict[sp.Symbol, sp.Rational]) -> dict[sp.Symbol, sp.Expr]:
    return {s: v.xreplace(point) for s, v in row.values}


def cloud(game: Game, now: dict[sp.Symbol, sp.Expr], cap: float | None) -> np.ndarray:
    """Random nonnegative profiles near and far, scaled into the shared constraint if there is
    one."""
    rng = np.random.default_rng(0)
    here = np.array([float(now[s.symbol]) for s in game.actions])
    spread = np.repeat([0.01, 0.1, 1.0, 5.0], MANY // 4)[:, None]
    drawn = np.maximum(here + spread * rng.normal(size=(MANY, len(here))), 0.0)
    if cap is not None:
        total = drawn.sum(axis=1, keepdims=True)
        drawn = np.where(total > cap, drawn * cap / np.maximum(total, 1e-300), drawn)
    return np.array(drawn)


def utilities(game: Game, point: dict[sp.Symbol, sp.Rational], drawn: np.ndarray) -> np.ndarray:
    free = {p.symbol: sp.S.Zero for p in game.prices}  # before payments
    symbols = [s.symbol for s in game.actions]
    rows = []
    for agent in game.agents:
        f = sp.lambdify(symbols, agent.utility.xreplace(free).xreplace(point), "numpy")
        with np.errstate(divide="ignore"):
            rows.append(np.broadcast_to(f(*drawn.T), len(drawn)))
    return np.array(rows)


@few
@given(quadratic())
def test_verdicts_on_quadratic_games(drawn: Drawn) -> None:
    found = align(drawn.game, seconds=20, instruments=False)
    for row in rows_at(found, drawn.point):
        now = values_at(row, drawn.point)
        here = np.array([[float(now[s.symbol]) for s in drawn.game.actions]])
        before = utilities(drawn.game, drawn.point, here)
        if row.kind in ("strongly", "weakly"):
            rises = utilities(drawn.game, drawn.point, cloud(drawn.game, now, None)) - before
            everyone = np.all(rises > 1e-7, axis=0)
            better = np.all(rises >= 0, axis=0) & np.any(rises > 1e-7, axis=0)
            assert not np.any(everyone if row.kind == "weakly" else better), row
        if row.kind == "no":
            assert row.trade is not None
            to = {s: e.xreplace(drawn.point) for s, e in row.trade.to}
            assert all(e >= 0 for e in to.values())
            for agent in drawn.game.agents:
                rise = agent.utility.xreplace(to) - agent.utility.xreplace(now)
                rise = rise.xreplace(drawn.point)
                assert rise > 0
                assert rise == dict(row.trade.gains)[agent.name].xreplace(drawn.point)
        if row.weights is not None and row.kind == "strongly":
            _stationary(drawn, row, now)


def _stationary(drawn: Drawn, row: Efficiency, now: dict[sp.Symbol, sp.Expr]) -> None:
    """sum w_i dU_i/dx is zero inside and not positive at zero."""
    weights = {n: e.xreplace(drawn.point) for n, e in row.weights or ()}
    for s in (x, y):
        slope = sum(weights[g.name] * sp.diff(g.utility, s) for g in drawn.game.agents)
        at = sp.sympify(slope).xreplace(now).xreplace(drawn.point)
        assert at == 0 if now[s] > 0 else at <= 0


@few
@given(quadratic())
def test_instruments_on_quadratic_games(drawn: Drawn) -> None:
    found = align(drawn.game, seconds=20)
    total = sp.Add(*(g.utility for g in drawn.game.agents)).xreplace(drawn.point)
    for one in found.instruments:
        if one.kind != "pigou" or not isinstance(one.status, Proved):
            continue
        best = {s: _at(dict(one.equilibrium)[str(s)], drawn.point) for s in (x, y)}
        rates = {s: _at(dict(one.values).get(f"t_{s}", sp.S.Zero), drawn.point) for s in (x, y)}
        f = sp.lambdify([x, y], total, "numpy")
        tops = f(*cloud(drawn.game, best, None).T)
        assert np.max(tops) <= float(total.xreplace(best)) + 1e-7
        for agent, s in zip(drawn.game.agents, (x, y), strict=True):
            taxed = (agent.utility - rates[s] * s).xreplace(drawn.point)
            alone = taxed.xreplace({t: e for t, e in best.items() if t != s})
            now = alone.xreplace(best)
            assert all(alone.xreplace({s: sp.Rational(k, 20)}) <= now for k in range(0, 200, 3)), (
                agent.name,
                one,
            )


def _at(e: sp.Expr, point: dict[sp.Symbol, sp.Rational]) -> sp.Expr:
    return sp.sympify(e).subs(point)


@few
@given(markets())
def test_markets_are_efficient(drawn: Drawn) -> None:
    found = align(drawn.game, seconds=20)
    for row in rows_at(found, drawn.point):
        assert row.kind in ("strongly", "unknown")
        if row.kind == "unknown":
            continue
        now = values_at(row, drawn.point)
        here = np.array([[float(now[s.symbol]) for s in drawn.game.actions]])
        before = utilities(drawn.game, drawn.point, here).sum(axis=0)
        around = cloud(drawn.game, now, float(drawn.point[q]))
        assert np.max(utilities(drawn.game, drawn.point, around).sum(axis=0)) <= before + 1e-7
