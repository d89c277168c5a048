"""Derivatives that change sign once: what has the form, what looks like it, and lies about it."""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game, Relation, solve
from alignsym.claims import Proved
from alignsym.model.relations import Expr, Region
from alignsym.solution import Regime
from alignsym.verify.obligations import verify
from alignsym.verify.unimodal import falling_derivative

x, a, e, r = sp.symbols("x a e r", real=True)
m = sp.Symbol("m", nonnegative=True)
p, c, q, s = sp.symbols("p c q s", positive=True)
ZERO, ONE = sp.S.Zero, sp.S.One


def between(low: Expr | int, high: Expr | int, symbol: sp.Symbol = x) -> Region:
    return (
        Relation(symbol, ">=", sp.sympify(low)),
        Relation(symbol, "<=", sp.sympify(high)),
    )


FALLING = [
    ((p - c) * p ** (-s), p, (Relation(s, ">", ONE),)),
    ((p - c) * sp.exp(-p / q) / (1 + sp.exp(-p / q)), p, ()),
    (m * sp.exp(-q * m), m, ()),
    (-((m - 1) ** 2) * (m + 1), m, ()),
    (x / (1 + x**2), x, (Relation(x, ">=", ZERO),)),
    ((p - c) * p ** (-s), p, ()),  # for s <= 1 it is positive for ever
]
NOT_FALLING = [
    (x / (1 + x**2), x, (), "the derivative changes sign twice"),
    (x**3, x, between(-1, 1), "the derivative is positive on both sides of 0"),
    (-((x**2 - 1) ** 2), x, between(-2, 2), "two maxima"),
    (x**2, x, between(-1, 1), "a minimum inside"),
    (a * x - a * x**2, x, between(0, 1), "convex for a < 0"),
    (-sp.Abs(x), x, between(-1, 1), "a kink"),
    (sp.sign(x - 1) - x**2, x, between(0, 3), "a jump"),
    (-1 / x - x, x, between(-1, 1), "not defined inside"),
    (sp.tan(x), x, between(0, 3), "not defined inside"),
    (sp.sqrt(x**2 - 2 * x + 1), x, between(0, 3), "|x - 1| in disguise"),
    (sp.Piecewise((x, x < 1), (2 - x, True)), x, between(0, 3), "branches"),
    (2 * x, x, between(0, 3), "monotone: nothing falls"),
]


@pytest.mark.parametrize(("f", "symbol", "premises"), FALLING, ids=[str(f) for f, _, _ in FALLING])
def test_the_form_is_found_and_is_the_derivative(
    f: Expr, symbol: sp.Symbol, premises: Region
) -> None:
    found = falling_derivative(f, symbol, premises)
    assert found is not None
    slope = sp.diff(f, symbol)
    point = {p: sp.Rational(7, 3), c: ONE, q: sp.Integer(2), s: sp.Integer(3), m: sp.Integer(2)}
    point[x] = sp.Rational(1, 2)
    before = None
    for step in range(4):
        at = {**point, symbol: point[symbol] + step}
        product = (found.positive * found.falling).subs(at)
        assert abs(sp.N(slope.subs(at) - product, 30)) < 1e-20
        assert sp.N(found.positive.subs(at)) > 0
        now = sp.N(found.falling.subs(at))
        assert before is None or now < before
        before = now


@pytest.mark.parametrize(
    ("f", "symbol", "premises", "why"), NOT_FALLING, ids=[why for *_, why in NOT_FALLING]
)
def test_what_is_not_of_the_form(f: Expr, symbol: sp.Symbol, premises: Region, why: str) -> None:
    assert falling_derivative(f, symbol, premises) is None, why


def told(game: Game, value: Expr, at: Expr, **more: object) -> bool:
    (action,) = game.actions
    case = Regime(
        (),
        ((action.symbol, at),),
        value=value,
        utilities=(("A", value),),
        **more,  # type: ignore[arg-type]
    )
    return isinstance(verify(game, "maximize", [case]).regimes[0].status, Proved)


def test_where_the_positive_factor_vanishes_nothing_follows() -> None:
    """f' = 3*m**2*(1 - m)... is zero at 0, where m**3*exp(-m) has its least value."""
    game = Game(Agent("A", m**3 * sp.exp(-m), m))
    assert not told(game, ZERO, ZERO)
    assert not told(game, sp.exp(-1), ONE)
    assert told(game, 27 * sp.exp(-3), sp.Integer(3))


def test_monopoly_prices() -> None:
    """(p - c)*p**(-s), s > 1: the price is c*s/(s - 1), and no other."""
    agent = Agent("A", (p - c) * p ** (-s), p)
    game = Game(agent, conditions=[Relation(s, ">", ONE)])
    solution = solve(game, "maximize")
    assert isinstance(solution.proof, Proved)
    right = c * s / (s - 1)
    assert sp.simplify(solution[p] - right) == 0
    witness = {"witness": ((c, ONE), (s, sp.Integer(2)))}
    f = agent.objective
    for lie in (right + 1, 2 * right, c, c * (s + 1) / s):
        assert not told(game, f.xreplace({p: lie}), lie, **witness)


def test_the_interval_may_end_before_the_peak() -> None:
    """m*exp(-m) on [0, q], q < 1: the end, with its multiplier; the peak at 1 is not feasible."""
    cap = {"c": Relation(m, "<=", q)}
    agent = Agent("A", m * sp.exp(-m), m, constraints=cap)
    game = Game(agent, conditions=[Relation(q, "<", ONE)])
    more = {"witness": ((q, sp.Rational(1, 2)),)}
    price = (1 - q) * sp.exp(-q)
    assert told(game, q * sp.exp(-q), q, multipliers=(("c", price),), **more)
    assert not told(game, q * sp.exp(-q), q, multipliers=(("c", price + 1),), **more)
    assert not told(game, sp.exp(-1), ONE, multipliers=(("c", ZERO),), **more)
    assert not told(game, ZERO, ZERO, multipliers=(("c", ZERO),), **more)


def test_an_equality_constraint_leaves_one_point() -> None:
    fixed = {"c": Relation(m, "==", q)}
    game = Game(Agent("A", m * sp.exp(-m), m, constraints=fixed))
    price = (1 - q) * sp.exp(-q)
    more = {"witness": ((q, ONE),)}
    assert told(game, q * sp.exp(-q), q, multipliers=(("c", price),), **more)
    assert not told(game, q * sp.exp(-q), q, multipliers=(("c", -price),), **more)
    assert not told(game, sp.exp(-1), ONE, multipliers=(("c", ZERO),), **more)


def test_the_others_choices_are_given() -> None:
    """Each best reply is unique for whatever the other does; a lie about one of the two fails."""
    y = sp.Symbol("y", nonnegative=True)
    game = Game(
        Agent("A", m * sp.exp(-m * (1 + y)), m),
        Agent("B", -((y - 1) ** 2), y),
    )

    def proved(first: Expr) -> bool:
        worth = first * sp.exp(-2 * first)
        case = Regime((), ((m, first), (y, ONE)), utilities=(("A", worth), ("B", ZERO)))
        return isinstance(verify(game, "nash", [case]).regimes[0].status, Proved)

    assert proved(sp.Rational(1, 2))
    assert not proved(ONE)
    assert not proved(ZERO)
