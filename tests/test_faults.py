"""The project's test of itself: wrong answers, put between solving and verifying, are refused.

Games of every concept are solved, their regimes are tampered with, and what comes of it must never
be proved as a whole: either a verdict is weaker than `Proved`, or the evaluator that is not SymPy
refutes a regime (in `solve`, a ContradictionError: an internal error, never output).  Whether a
tampered answer is false is decided here, by numbers: somewhere it differs from the truth, or says
nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import final

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved, Refuted, Unknown, weakest
from alignsym.errors import ContradictionError
from alignsym.model.game import Agent, Concept, Game
from alignsym.model.relations import Relation
from alignsym.solution import Regime, Solution
from alignsym.solving.strategies import DEFAULT
from alignsym.solving.strategies.contract import Candidate, Case, Declined, Strategy
from alignsym.verify.obligations import verify
from alignsym.verify.trial import try_regime

Regimes = tuple[Regime, ...]
Row = dict[str, float]
HALF = sp.Rational(1, 2)
positive = {"positive": True}
nonnegative = {"nonnegative": True}
real = {"real": True}


# ------------------------------------------------------------------ games, all five concepts
def corner() -> Game:
    y, c = sp.Symbol("y", **nonnegative), sp.Symbol("c", **positive)
    return Game(Agent("A", sp.log(1 + y) - c * y, y), concept="maximize")


def interval() -> Game:
    x, a = sp.symbols("x a", **real)
    return Game(Agent("A", -((x - a) ** 2), (x, (0, 1))), concept="maximize")


def cost_of_output() -> Game:
    x, y, w, r, q = sp.symbols("x y w r q", **positive)
    firm = Agent(
        "firm", w * x + r * y, x, y, constraints={"output": sp.sqrt(x * y) >= q}, loss=True
    )
    return Game(firm, concept="maximize")


def at_least() -> Game:
    x, a, b = sp.symbols("x a b", **real)
    agent = Agent("A", (x - a) ** 2, x, constraints={"floor": x >= b}, loss=True)
    return Game(agent, concept="maximize")


def symbolic_exponent() -> Game:
    x, a, c = sp.symbols("x a c", **positive)
    return Game(Agent("A", x**a - c * x, x), concept="maximize", conditions=[a < 1])


def constant_elasticity() -> Game:
    x, y, p, w, r = sp.symbols("x y p w r", **positive)
    agent = Agent("A", x**r + y**r, x, y, constraints={"budget": p * x + y <= w})
    return Game(agent, concept="maximize", conditions=[r < 1])


def budget() -> Game:
    x, y, p, w, a = sp.symbols("x y p w a", **positive)
    agent = Agent("A", a * sp.log(x) + sp.log(y), x, y, constraints={"budget": p * x + y <= w})
    return Game(agent, concept="maximize")


def shared_good() -> Game:
    x, y, a, b, q = sp.symbols("x y a b q", **positive)
    one, two = Agent("A", a * sp.log(x), x), Agent("B", b * sp.log(y), y)
    return Game(one, two, shared={"G": x + y <= q}, concept="social")


def water_filling() -> Game:
    x, y = sp.symbols("x y", **nonnegative)
    m, n, q = sp.symbols("m n q", **positive)
    one, two = Agent("A", sp.log(m + x), x), Agent("B", sp.log(n + y), y)
    return Game(one, two, shared={"G": x + y <= q}, concept="social", conditions=[m <= n])


def equality() -> Game:
    x, y, a, b, q = sp.symbols("x y a b q", **real)
    one, two = Agent("A", -((x - a) ** 2), x), Agent("B", -2 * (y - b) ** 2, y)
    return Game(one, two, shared={"sum": sp.Eq(x + y, q)}, concept="social")


def cournot_with_exit() -> Game:
    x, y = sp.symbols("x y", **nonnegative)
    a, c, d = sp.symbols("a c d", **positive)
    one, two = Agent("A", (a - x - y - c) * x, x), Agent("B", (a - x - y - d) * y, y)
    return Game(one, two, concept="nash")


def best_replies() -> Game:
    x, a, b = sp.symbols("x a b", **real)
    y = sp.Symbol("y", **nonnegative)
    one, two = Agent("A", -((x - y / 2 - a) ** 2), x), Agent("B", -((y - x / 2 - b) ** 2), y)
    return Game(one, two, concept="nash")


def own_caps() -> Game:
    x, y = sp.symbols("x y", **nonnegative)
    a, b, q = sp.symbols("a b q", **positive)
    one = Agent("A", 2 * a * sp.sqrt(1 + x) - b * x, x, constraints={"cap": x <= q})
    return Game(one, Agent("B", sp.log(1 + y) - y * (1 + b), y), concept="nash")


def shared_capacity() -> Game:
    x, y = sp.symbols("x y", **nonnegative)
    a, q = sp.symbols("a q", **positive)
    one, two = Agent("A", (a - x - y) * x, x), Agent("B", (a - x - y) * y, y)
    return Game(one, two, shared={"cap": x + y <= q}, concept="variational")


def sharing_at_a_price() -> Game:
    x, y, a, b, q = sp.symbols("x y a b q", **positive)
    p = sp.Symbol("p", **nonnegative)
    one, two = Agent("A", a * sp.log(x) - p * x, x), Agent("B", b * sp.log(y) - p * y, y)
    return Game(one, two, prices={p: x + y <= q}, concept="walras")


def priced_corners() -> Game:
    x, y, p = sp.symbols("x y p", **nonnegative)
    a, q = sp.symbols("a q", **positive)
    one, two = Agent("A", a * sp.log(1 + x) - p * x, x), Agent("B", sp.log(1 + y) - p * y, y)
    return Game(one, two, prices={p: x + y <= q}, concept="walras")


def exchange() -> Game:
    x, y, u, v, a, b, e, f = sp.symbols("x y u v a b e f", **positive)
    p, r = sp.symbols("p r", **nonnegative)
    one = Agent("A", a * sp.log(x) + sp.log(y), x, y, constraints={"has_e": p * x + r * y <= p * e})
    two = Agent("B", b * sp.log(u) + sp.log(v), u, v, constraints={"has_f": p * u + r * v <= r * f})
    clearing = {p: x + u <= e, r: y + v <= f}
    return Game(one, two, prices=clearing, numeraire=r, concept="walras")


GAMES: tuple[tuple[Callable[[], Game], int], ...] = (
    (corner, 2), (interval, 3), (cost_of_output, 1), (at_least, 2), (symbolic_exponent, 1),
    (constant_elasticity, 1), (budget, 1), (shared_good, 1), (water_filling, 2), (equality, 1),
    (cournot_with_exit, 4), (best_replies, 2), (own_caps, 3), (shared_capacity, 2),
    (sharing_at_a_price, 1), (priced_corners, 3), (exchange, 1),
)  # fmt: skip


@cache
def truth(make: Callable[[], Game]) -> Solution:
    """The true answer, which is proved."""
    return solve(make())


@pytest.mark.parametrize(("make", "regimes"), GAMES, ids=lambda g: getattr(g, "__name__", ""))
def test_the_truth_is_proved(make: Callable[[], Game], regimes: int) -> None:
    solution = truth(make)
    assert isinstance(solution.proof, Proved)
    assert len(solution.regimes) == regimes
    assert passes(solution.game, solution.concept, solution.regimes)
    assert not is_false(solution, solution.regimes)


# ------------------------------------------------------------------ what comes of an answer
def passes(game: Game, concept: Concept, regimes: Sequence[Regime]) -> bool:
    """Whether the regimes would be printed as proved, all of them, and as all there is."""
    verified = verify(game, concept, regimes)
    parts = [verified.coverage]
    for regime in verified.regimes:
        parts += [regime.status, regime.exhaustive]
    if not isinstance(weakest(parts), Proved):
        return False
    trials = (try_regime(game, concept, r, thorough=False) for r in verified.regimes)
    return not any(isinstance(trial, Refuted) for trial in trials)


# ------------------------------------------------------------------ truth by numbers
@cache
def sample(make: Callable[[], Game]) -> tuple[Row, ...]:
    """Parameter points of the declared set, on several scales."""
    game, rng = make(), random.Random(make.__name__)
    symbols = [p.symbol for p in game.parameters]
    inside = [numeric(r.gap, symbols) for r in game.domain()]
    found: list[Row] = []
    while len(found) < 150:
        signs = [1 if s.is_positive else rng.choice((1, -1)) for s in symbols]
        point = [sign * rng.uniform(0.01, 3) ** rng.choice((1, 3)) for sign in signs]
        if all(gap(*point) > 0 for gap in inside):
            found.append(dict(zip(map(str, symbols), point)))
    return tuple(found)


def numeric(expression: sp.Expr, symbols: Sequence[sp.Symbol]) -> Callable[..., float]:
    """The expression in floats."""
    return sp.lambdify(symbols, expression, "math")  # type: ignore[no-any-return]


def told(regime: Regime, game: Game) -> dict[str, sp.Expr]:
    """Everything the regime says, by name."""
    out = {f"value of {s}": e for s, e in regime.values}
    out |= {f"multiplier of {k}": e for k, e in regime.multipliers}
    out |= {f"bound of {k}": e for k, e in regime.bounds}
    out |= {f"utility of {k}": e for k, e in regime.utilities}
    return out if regime.value is None else {**out, "the value": regime.value}


def compiled(game: Game, regimes: Sequence[Regime]) -> list[tuple[list, dict]]:
    symbols = [p.symbol for p in game.parameters]
    return [
        (
            [numeric(r.gap, symbols) for r in regime.when],
            {k: numeric(e, symbols) for k, e in told(regime, game).items()},
        )
        for regime in regimes
    ]


def is_false(solution: Solution, regimes: Sequence[Regime]) -> bool:
    """Whether the regimes say something else than the solution at a point, or nothing at all."""
    make = next(m for m, _ in GAMES if truth(m) is solution)
    right = compiled(solution.game, solution.regimes)
    given = compiled(solution.game, regimes)
    for point in sample(make):
        row = tuple(point.values())
        true = next(t for when, t in right if all(gap(*row) >= 0 for gap in when))
        here = [t for when, t in given if all(gap(*row) >= 0 for gap in when)]
        if not here or any(differs(t[k](*row), true[k](*row)) for t in here for k in true):
            return True
    return False


def differs(a: float, b: float) -> bool:
    return not abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))


# ------------------------------------------------------------------ faults
Fault = Callable[[Game, Regimes], Iterator[Regimes]]


def each(change: Callable[[Game, Regime], Iterator[Regime]]) -> Fault:
    """A fault in one regime, put into each in turn."""

    def fault(game: Game, regimes: Regimes) -> Iterator[Regimes]:
        for k, regime in enumerate(regimes):
            for changed in change(game, regime):
                yield (*regimes[:k], changed, *regimes[k + 1 :])

    fault.__name__ = change.__name__
    return fault


def entries(
    field: str, change: Callable[[Game, Regime, sp.Expr], sp.Expr]
) -> Callable[[Game, Regime], Iterator[Regime]]:
    """`change` applied to every entry of a field in turn."""

    def changed(game: Game, regime: Regime) -> Iterator[Regime]:
        rows = getattr(regime, field)
        for k, (name, e) in enumerate(rows):
            new = (*rows[:k], (name, change(game, regime, e)), *rows[k + 1 :])
            yield replace(regime, **{field: new})

    return changed


def off_the_witness(game: Game, regime: Regime) -> sp.Expr:
    """Zero at the witness, positive nearly everywhere else."""
    symbol, number = regime.witness[0]
    return (symbol - number) ** 2


def corner_dropped(game: Game, regimes: Regimes) -> Iterator[Regimes]:
    for k in range(len(regimes)):
        yield (*regimes[:k], *regimes[k + 1 :])


def conditions_exchanged(game: Game, regimes: Regimes) -> Iterator[Regimes]:
    for k in range(len(regimes) - 1):
        one, two = regimes[k], regimes[k + 1]
        swapped = replace(one, when=two.when), replace(two, when=one.when)
        yield (*regimes[:k], *swapped, *regimes[k + 2 :])


def everywhere_the_same(game: Game, regimes: Regimes) -> Iterator[Regimes]:
    yield from ((replace(r, when=()),) for r in regimes if r.when)


def wrong_binding_set(game: Game, regimes: Regimes) -> Iterator[Regimes]:
    """One regime's formulas under another's condition."""
    for k, one in enumerate(regimes):
        for two in regimes:
            if two is not one:
                lie = replace(two, when=one.when, witness=one.witness)
                yield (*regimes[:k], lie, *regimes[k + 1 :])


def condition_dropped(game: Game, regime: Regime) -> Iterator[Regime]:
    for k in range(len(regime.when)):
        yield replace(regime, when=regime.when[:k] + regime.when[k + 1 :])


def condition_relaxed(game: Game, regime: Regime) -> Iterator[Regime]:
    """q >= 1 becomes q >= 1/2."""
    for k, r in enumerate(regime.when):
        looser = Relation(r.gap + HALF, ">=", sp.S.Zero)
        yield replace(regime, when=(*regime.when[:k], looser, *regime.when[k + 1 :]))


def condition_tightened(game: Game, regime: Regime) -> Iterator[Regime]:
    for k, r in enumerate(regime.when):
        tighter = Relation(r.gap - HALF, ">=", sp.S.Zero)
        yield replace(regime, when=(*regime.when[:k], tighter, *regime.when[k + 1 :]))


def values_swapped(game: Game, regime: Regime) -> Iterator[Regime]:
    (s, one), (t, two), *rest = (*regime.values, *regime.values[:1])
    if len(regime.values) > 1:
        yield replace(regime, values=((s, two), (t, one), *rest[:-1]))


def value_scaled(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("values", lambda g, r, e: e * sp.Rational(101, 100))(game, regime)


def value_shifted(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("values", lambda g, r, e: e + sp.Rational(1, 10**6))(game, regime)


def value_negated(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("values", lambda g, r, e: -e)(game, regime)


def value_true_at_the_witness(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("values", lambda g, r, e: e + off_the_witness(g, r))(game, regime)


def multiplier_flipped(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("multipliers", lambda g, r, e: -e)(game, regime)


def multiplier_scaled(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("multipliers", lambda g, r, e: e * sp.Rational(101, 100))(game, regime)


def multiplier_forgotten(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("multipliers", lambda g, r, e: sp.S.Zero)(game, regime)


def multiplier_raised(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("multipliers", lambda g, r, e: e + 1)(game, regime)


def multiplier_true_at_the_witness(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("multipliers", lambda g, r, e: e + off_the_witness(g, r))(game, regime)


def bound_raised(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("bounds", lambda g, r, e: e + 1)(game, regime)


def bound_forgotten(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("bounds", lambda g, r, e: sp.S.Zero)(game, regime)


def bound_scaled(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("bounds", lambda g, r, e: 2 * e)(game, regime)


def utility_raised(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("utilities", lambda g, r, e: e + sp.Rational(1, 10**6))(game, regime)


def utility_true_at_the_witness(game: Game, regime: Regime) -> Iterator[Regime]:
    yield from entries("utilities", lambda g, r, e: e + off_the_witness(g, r))(game, regime)


def optimum_raised(game: Game, regime: Regime) -> Iterator[Regime]:
    if regime.value is not None:
        yield replace(regime, value=regime.value + sp.Rational(1, 10**6))
        yield replace(regime, value=regime.value + off_the_witness(game, regime))


FAULTS: tuple[tuple[Fault, int], ...] = (
    # the fault, and in how many games at least it makes a false answer
    (corner_dropped, 8), (conditions_exchanged, 8), (everywhere_the_same, 8),
    (wrong_binding_set, 8), (each(condition_dropped), 6), (each(condition_relaxed), 8),
    (each(condition_tightened), 8), (each(values_swapped), 8), (each(value_scaled), 15),
    (each(value_shifted), 15), (each(value_negated), 15), (each(value_true_at_the_witness), 15),
    (each(multiplier_flipped), 8), (each(multiplier_scaled), 8), (each(multiplier_forgotten), 8),
    (each(multiplier_raised), 8), (each(multiplier_true_at_the_witness), 8),
    (each(bound_raised), 8), (each(bound_forgotten), 6), (each(bound_scaled), 6),
    (each(utility_raised), 15), (each(utility_true_at_the_witness), 15), (each(optimum_raised), 8),
)  # fmt: skip


@pytest.mark.parametrize(("fault", "least"), FAULTS, ids=lambda f: getattr(f, "__name__", ""))
def test_a_fault_is_never_proved(fault: Fault, least: int) -> None:
    bitten = 0
    for make, _ in GAMES:
        solution = truth(make)
        false = [r for r in fault(solution.game, solution.regimes) if is_false(solution, r)]
        bitten += bool(false)
        # Of exchanged conditions one is enough: every regime is false then.
        last = () if fault is conditions_exchanged else false[1:][-1:]
        for regimes in (*false[:1], *last):
            assert not passes(solution.game, solution.concept, regimes), (make.__name__, regimes)
    assert bitten >= least


@pytest.mark.parametrize("make", [make for make, n in GAMES if n > 1], ids=lambda g: g.__name__)
def test_boundaries_left_out_are_missed(make: Callable[[], Game]) -> None:
    """Strict conditions everywhere: the points where two regimes meet are in neither."""
    solution = truth(make)
    regimes = [replace(r, when=tuple(c.tightened() for c in r.when)) for r in solution.regimes]
    assert not isinstance(verify(solution.game, solution.concept, regimes).coverage, Proved)


# ------------------------------------------------------------------ one of several
def plain(game: Game, *profiles: dict[str, tuple[sp.Expr, sp.Expr]]) -> list[Regime]:
    """Profiles as regimes for all parameters: action -> (value, multiplier of its bound)."""
    symbols = {a.name: a.symbol for a in game.actions}
    one = tuple((p.symbol, sp.S.One) for p in game.parameters)
    return [
        Regime(
            when=(),
            values=tuple((symbols[k], sp.sympify(v)) for k, (v, _) in profile.items()),
            bounds=tuple((k, sp.sympify(m)) for k, (_, m) in profile.items()),
            multiple=True,
            witness=one,
        )
        for profile in profiles
    ]


def coordination() -> tuple[Game, list[Regime]]:
    """Two pure equilibria and a mixed one; a is worth more than b."""
    x, y = sp.symbols("x y", **real)
    a, b = sp.symbols("a b", **positive)
    both = a * x * y + b * (1 - x) * (1 - y)
    game = Game(Agent("A", both, (x, (0, 1))), Agent("B", both, (y, (0, 1))))
    mixed = b / (a + b)
    return game, plain(
        game,
        {"x": (1, a), "y": (1, a)},
        {"x": (0, b), "y": (0, b)},
        {"x": (mixed, 0), "y": (mixed, 0)},
    )


def chicken() -> tuple[Game, list[Regime]]:
    """Who gives way: V for the prize, c > V for the accident."""
    x, y = sp.symbols("x y", **real)
    prize = sp.Symbol("V", **positive)
    one, two = x * (prize - 2 * prize * y), y * (prize - 2 * prize * x)
    game = Game(Agent("A", one, (x, (0, 1))), Agent("B", two, (y, (0, 1))))
    return game, plain(
        game,
        {"x": (1, prize), "y": (0, prize)},
        {"x": (0, prize), "y": (1, prize)},
        {"x": (HALF, 0), "y": (HALF, 0)},
    )


def steep_replies() -> tuple[Game, list[Regime]]:
    """Concave for each, best replies with slope 2: both corners and the middle."""
    x, y = sp.symbols("x y", **real)
    one, two = -((x - 2 * y + HALF) ** 2), -((y - 2 * x + HALF) ** 2)
    game = Game(Agent("A", one, (x, (0, 1))), Agent("B", two, (y, (0, 1))))
    return game, plain(
        game,
        {"x": (1, 1), "y": (1, 1)},
        {"x": (0, 1), "y": (0, 1)},
        {"x": (HALF, 0), "y": (HALF, 0)},
    )


@pytest.mark.parametrize("build", [coordination, chicken, steep_replies])
def test_one_of_several_equilibria_is_not_all(
    build: Callable[[], tuple[Game, list[Regime]]],
) -> None:
    game, all_ = build()
    for regime in all_:
        trial = try_regime(game, "nash", regime, thorough=True)
        assert not isinstance(trial, (Refuted, Unknown))
    for k in range(3):
        assert not passes(game, "nash", [all_[k]])
        assert not passes(game, "nash", [replace(all_[k], multiple=False)])
        assert not passes(game, "nash", all_[:k] + all_[k + 1 :])
        (alone,) = verify(game, "nash", [all_[k]]).regimes
        assert not isinstance(alone.exhaustive, Proved)


@pytest.mark.parametrize("build", [coordination, chicken, steep_replies])
def test_no_equilibrium_passes_for_one(build: Callable[[], tuple[Game, list[Regime]]]) -> None:
    game, all_ = build()
    values = tuple((s, sp.Rational(1, 3) * k) for k, (s, _) in enumerate(all_[0].values, 1))
    for regime in all_:
        assert not passes(game, "nash", [replace(regime, values=values)])
        (alone,) = verify(game, "nash", [replace(regime, values=values)]).regimes
        assert not isinstance(alone.status, Proved)


def test_one_of_two_maximisers_is_not_all() -> None:
    x, a = sp.Symbol("x", real=True), sp.Symbol("a", positive=True)
    game = Game(Agent("A", -((x**2 - a) ** 2), x), concept="maximize")
    (up,) = plain(game, {"x": (sp.sqrt(a), 0)})
    (verified,) = verify(game, "maximize", [replace(up, value=sp.S.Zero)]).regimes
    assert not isinstance(verified.exhaustive, Proved)


# ------------------------------------------------------------------ strategies that lie
Lie = Callable[[Candidate, Case], Candidate | Declined]


@final
@dataclass(frozen=True, slots=True)
class Liar:
    """A true strategy whose answers are bent."""

    inner: Strategy
    lie: Lie
    name: str = "liar"

    def applies(self, case: Case) -> Declined | None:
        return self.inner.applies(case)

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        found = self.inner.solve(case)
        if isinstance(found, Declined):
            return found
        bent = self.lie(found[0], case)
        return bent if isinstance(bent, Declined) else (bent,)


def scales_the_first(candidate: Candidate, case: Case) -> Candidate:
    (s, e), *rest = candidate.values
    return replace(candidate, values=((s, e * sp.Rational(101, 100)), *rest))


def scales_the_last(candidate: Candidate, case: Case) -> Candidate:
    *rest, (s, e) = candidate.values
    return replace(candidate, values=(*rest, (s, e * sp.Rational(101, 100))))


def takes_the_wrong_root(candidate: Candidate, case: Case) -> Candidate:
    return replace(candidate, values=tuple((s, -e) for s, e in candidate.values))


def shifts_everything(candidate: Candidate, case: Case) -> Candidate:
    return replace(candidate, values=tuple((s, e + 1) for s, e in candidate.values))


def answers_with_numbers(candidate: Candidate, case: Case) -> Candidate:
    """The numbers at the point it was given: true there and nowhere else."""
    at = dict(case.points[0])
    rows = tuple((s, sp.Rational(str(at[s])).limit_denominator(10**6)) for s, _ in candidate.values)
    return replace(candidate, values=rows)


def forgets_corners(candidate: Candidate, case: Case) -> Candidate | Declined:
    zero = any(e == 0 for _, e in candidate.values)
    return Declined("no corners here") if zero else candidate


LIES: tuple[tuple[Lie, tuple[Callable[[], Game], ...]], ...] = (
    (scales_the_first, (corner, interval, shared_good, cournot_with_exit, sharing_at_a_price)),
    (scales_the_last, (shared_good, budget, equality, sharing_at_a_price, exchange)),
    (takes_the_wrong_root, (shared_good, budget, sharing_at_a_price, shared_capacity)),
    (shifts_everything, (interval, shared_good, equality, cournot_with_exit, priced_corners)),
    (answers_with_numbers, (corner, shared_good, sharing_at_a_price)),
    (forgets_corners, (corner, interval, water_filling, cournot_with_exit, priced_corners)),
)


def plainly(regime: Regime) -> str:
    """What a regime says, in one form: two ways may write the same quotient differently."""
    values = [(s, sp.factor(sp.simplify(e))) for s, e in regime.values]
    return str(([sp.factor(r.gap) for r in regime.when], values))


def everything(solution: Solution, point: dict[sp.Symbol, sp.Expr]) -> set[frozenset[object]]:
    """All solutions listed at a parameter point, as numbers."""
    return {
        frozenset(
            (name, sp.nsimplify(e) if e.is_Rational else sp.N(e, 20)) for name, e in row.items()
        )
        for row in solution.at(point)
    }


@pytest.mark.parametrize(("lie", "games"), LIES, ids=lambda f: getattr(f, "__name__", ""))
def test_a_lying_strategy_is_never_believed(lie: Lie, games: tuple) -> None:
    strategies = tuple(Liar(strategy, lie) for strategy in DEFAULT)
    for make in games:
        game = make()
        try:
            solution = solve(game, strategies=strategies, seconds=2)
        except ContradictionError:
            continue
        if isinstance(solution.proof, Proved):
            # Critical points and all equilibria are found without strategies: what they prove is
            # no lie, though perhaps it is said in other words.
            truth = solve(game)
            for regime in (*truth.regimes, *solution.regimes):
                point = dict(regime.witness)
                assert everything(solution, point) == everything(truth, point), make.__name__
