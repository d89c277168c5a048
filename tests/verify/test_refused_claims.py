"""False claims that were once called proved, each with the reason why it is false.

What is told is never proved as a whole, or a trial at exact points refutes it; an answer of `solve`
is true at the points where the claim used to fail, or it says that nothing is proved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved, Refuted, Unknown, Verdict, weakest
from alignsym.errors import ModelError
from alignsym.logic.decide import implies, search
from alignsym.logic.normal import is_identically_zero
from alignsym.model.files import loads
from alignsym.model.game import Agent, Concept, Game, Parameter
from alignsym.model.relations import Expr, Interval, Relation
from alignsym.solution import Regime, Solution
from alignsym.verify.obligations import verify
from alignsym.verify.outcomes import no_solution
from alignsym.verify.trial import try_regime

x, u, v, a, b, c, d, q = sp.symbols("x u v a b c d q", real=True)
y, z, r = sp.symbols("y z r", nonnegative=True)
p = sp.Symbol("p", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
ZERO, ONE = sp.S.Zero, sp.S.One
FAR = 10**6


def told(
    values: Mapping[sp.Symbol, object],
    multipliers: Mapping[str, object] | None = None,
    *,
    bounds: Mapping[str, object] | None = None,
    value: object = None,
    utilities: Mapping[str, object] | None = None,
    witness: Mapping[sp.Symbol, object] | None = None,
    when: Sequence[Relation] = (),
) -> Regime:
    """A regime as somebody might claim it."""
    return Regime(
        when=tuple(when),
        values=tuple((s, sp.sympify(e)) for s, e in values.items()),
        multipliers=tuple((k, sp.sympify(e)) for k, e in (multipliers or {}).items()),
        bounds=tuple((k, sp.sympify(e)) for k, e in (bounds or {}).items()),
        value=None if value is None else sp.sympify(value),
        utilities=tuple((k, sp.sympify(e)) for k, e in (utilities or {}).items()),
        witness=tuple((s, sp.sympify(e)) for s, e in (witness or {}).items()),
    )


def whole(game: Game, concept: Concept, regimes: Sequence[Regime]) -> Verdict:
    """The weakest verdict on an answer."""
    found = verify(game, concept, regimes)
    parts = [found.coverage, *(r.status for r in found.regimes)]
    return weakest([*parts, *(r.exhaustive for r in found.regimes)])


def passes(game: Game, concept: Concept, regimes: Sequence[Regime]) -> bool:
    """Whether the answer would be printed as proved."""
    if not isinstance(whole(game, concept, regimes), Proved):
        return False
    trials = (try_regime(game, concept, r, thorough=False) for r in regimes)
    return not any(isinstance(trial, Refuted) for trial in trials)


def maximize(
    utility: Expr, *actions: object, conditions: Sequence[object] = (), **constraints: object
) -> Game:
    """One agent's problem."""
    agent = Agent("A", utility, *actions, constraints=constraints)
    return Game(agent, concept="maximize", conditions=conditions)


def says(solution: Solution, point: Mapping[sp.Symbol, object]) -> bool:
    """Whether the answer gives a solution at the point, proved."""
    return isinstance(solution.proof, Proved) and bool(solution.at(point))


# ------------------------------------------------------------------ poles, z3 and the axioms
POLES = (
    sp.exp(1 / d**2), sp.sqrt(1 + 1 / d**2), sp.cbrt(2 + 1 / d**2), sp.Max(1 / d**2, 1),
    sp.Min(-1 / d**2, -1), sp.Abs(a + 1 / d**2), sp.log(1 + 1 / d**2), sp.exp(1 / (d - 2) ** 2),
    sp.sqrt(p + 1 / (d - a) ** 2), sp.Max(p, 1 / d**4),
)  # fmt: skip


@pytest.mark.parametrize("e", POLES, ids=str)
def test_even_poles_are_not_covered(e: Expr) -> None:
    """Both sides of e >= q together miss the pole, where e has no value."""
    sides = [(Relation(e, ">=", q),), (Relation(e, "<=", q),)]
    assert not search((), outside=sides).is_proof


@pytest.mark.parametrize("e", POLES, ids=str)
def test_even_poles_are_not_denied(e: Expr) -> None:
    """A conclusion with a pole is undefined there, so nothing implies it everywhere."""
    assert not implies((), Relation(e, ">=", e - 1)).is_proof


@pytest.mark.parametrize(
    "e",
    [
        sp.exp(1 / c**2), sp.Max(1 / d**2, q), sp.sqrt(1 + 1 / d**2), sp.Abs(c + 1 / d**2),
        sp.sqrt(1 + 1 / (d - FAR) ** 2), sp.Max(1, 1 / (d - FAR) ** 2),
    ],
    ids=str,
)  # fmt: skip
def test_targets_with_a_pole(e: Expr) -> None:
    """At the pole the objective has no value: no answer for all parameters is proved."""
    for game in (maximize(-((x - e) ** 2), x, cap=x <= b), maximize(-y, y, cap=y <= e)):
        assert not isinstance(solve(game, seconds=10).proof, Proved)


def test_integer_exponents_of_negative_bases() -> None:
    """x**(2n) <= 1 holds at x = -1; it does not say x >= 0."""
    assert not implies((Relation(x ** (2 * n), "<=", ONE),), Relation(x, ">=", ZERO)).is_proof
    assert search((Relation(x**n, "<=", ONE), Relation(x, "<", ZERO))).kind == "sat"
    assert search((Relation((-1) ** n * x, "<=", ONE),)).kind == "sat"


@pytest.mark.parametrize("bound", [ONE, sp.Integer(4), sp.Integer(-4)], ids=str)
def test_integer_exponents_in_conditions(bound: Expr) -> None:
    """a = -2 and n = 2 (or 3) are declared by a**n >= 1 (4, -4), where y = a is not feasible."""
    exponent = Parameter(n, Interval.positive(), integer=True)
    game = Game(
        Agent("A", -((y - a) ** 2), y),
        concept="maximize",
        parameters=[exponent],
        conditions=[Relation(a**n, ">=", bound)],
    )
    for solution in solve(game, seconds=10).regimes:
        at = dict(solution.values)[y].subs({a: -2, n: 2})
        covers = all(bool(rel.gap.subs({a: -2, n: 2}) >= 0) for rel in solution.when)
        assert not covers or at >= 0


def test_integer_exponents_do_not_make_a_set_empty() -> None:
    """x**n <= -1 has x = -3, n = 1; (-1)**n*x <= 1 has x = 0: neither is infeasible."""
    one = maximize(-((x + 3) ** 2), x, c=x**n <= -1, d=x <= -sp.Rational(1, 2))
    two = maximize(-(x**2), x, c=Relation((-1) ** n * x, "<=", ONE))
    assert no_solution(one, "maximize") is None
    assert no_solution(two, "maximize") is None


FALSE_IDENTITIES = (
    sp.sqrt(a * b) - sp.sqrt(a) * sp.sqrt(b), sp.log(a**2) - 2 * sp.log(a),
    sp.log(a * b) - sp.log(a) - sp.log(b), sp.cbrt(a**3) - a, sp.sqrt(a**2 * p) - a * sp.sqrt(p),
    (a**2) ** (c / 2) - a**c, (-a) ** n * (-1) ** n - a**n, sp.sqrt(a**4) ** sp.Rational(1, 2) - a,
)  # fmt: skip


@pytest.mark.parametrize("e", [e for e in FALSE_IDENTITIES if e != 0], ids=str)
def test_laws_of_positive_numbers_are_not_used_for_others(e: Expr) -> None:
    """Some of these hold for positive a, b; for negative ones both sides may exist and differ."""
    values = [
        e.subs({a: s, b: t, c: 1, n: 2, p: 3}, simultaneous=True)
        for s, t in ((-2, -3), (-1, 2), (3, -5), (-4, -1))
    ]
    always = all(sp.simplify(w) == 0 for w in values)
    assert always or not is_identically_zero(e)


def test_the_logarithm_of_zero_is_no_crash() -> None:
    """log of a formula that is identically zero has no value: nothing follows, nothing fails."""
    nothing = (a + b) ** 2 - a**2 - 2 * a * b - b**2
    assert search((), outside=[(Relation(sp.log(nothing), ">", ZERO),)]).kind == "unknown"
    assert not implies((), Relation(sp.log(nothing), ">", ZERO)).is_proof
    assert not is_identically_zero(sp.log(nothing))


# ------------------------------------------------------------------ multipliers
LINE = maximize(-((y - p) ** 2), y)
QUADRATIC = maximize(-((x - a) ** 2), x, cap=x <= b)
NOT_UNIQUE = {
    "a bound and a constraint of its name": maximize(
        -((x - a) ** 2), (x, (0, b)), conditions=[b > 0], x=x <= b
    ),
    "a bound again": maximize(-y, y, y=Relation(y, ">=", ZERO)),
    "two caps that meet on a line": maximize(y, y, c=y <= p, d=y <= p + (a - b) ** 2),
    "two caps that are the same": maximize(y, y, c=y <= p, d=2 * y <= 2 * p),
    "the edge of the domain": maximize(-x - x ** sp.Rational(3, 2), x, lo=Relation(x, ">=", ZERO)),
    "an equality twice": maximize(
        -(x**2) - u**2, x, u, c=Relation(x + u, "==", q), d=Relation(2 * x + 2 * u, "==", 2 * q)
    ),
    "a kink": maximize(-sp.Abs(x - a), x, cap=x <= a),
    "a kink at a number": maximize(-sp.Abs(x - 1), x, cap=x <= 1),
    "a kink of Min": maximize(sp.Min(2 * y, y + p), y, cap=y <= p),
}


@pytest.mark.parametrize("name", NOT_UNIQUE)
def test_multipliers_that_are_not_unique(name: str) -> None:
    """The sum of two multipliers is determined, they are not: no split is the shadow price.

    The answer may be proved where none is given for those that have a choice.
    """
    solution = solve(NOT_UNIQUE[name], seconds=10)
    if isinstance(solution.proof, Proved):
        chosen = [r for r in solution.regimes if r.several]
        assert chosen
        assert all(e == 0 for r in chosen for _, e in (*r.shadow_prices, *r.bound_prices))


@pytest.mark.parametrize("mu", [ZERO, ONE, sp.Rational(1, 2)], ids=str)
def test_kinks_have_sets_of_multipliers(mu: Expr) -> None:
    """V = -max(0, a - b) is one-sided at b = a: every multiplier from 0 to 1 supports x = a."""
    regime = told({x: a}, {"cap": mu}, bounds={"x": 0}, value=0, utilities={"A": 0}, witness={a: 1})
    game = NOT_UNIQUE["a kink"]
    assert not isinstance(verify(game, "maximize", [regime]).regimes[0].status, Proved)


def test_multipliers_on_a_line_inside_a_regime() -> None:
    """At q = r the multipliers (1/3, 2/3) are as good as (1, 0)."""
    game = maximize(y, y, c=y <= p, d=y <= p + a**2)
    lie = told({y: p}, {"c": 1, "d": 0}, value=p, utilities={"A": p}, witness={p: 1, a: 1})
    assert not passes(game, "maximize", [lie])
    tie = [Relation(a, "<=", ZERO), Relation(a, ">=", ZERO)]
    split = replace(
        lie, when=tuple(tie), multipliers=(("c", sp.Rational(1, 3)), ("d", sp.Rational(2, 3)))
    )
    at_zero = replace(split, witness=((p, ONE), (a, ZERO)))
    assert not passes(game, "maximize", [at_zero])


def test_shared_multipliers_that_are_not_unique() -> None:
    """Two shared constraints that are the same at a = b: only their sum has a price."""
    game = Game(
        Agent("A", sp.log(y), y),
        Agent("B", sp.log(z), z),
        shared={"s": y + z <= p, "t": 2 * y + 2 * z <= 2 * p + (a - b) ** 2},
        concept="variational",
    )
    assert not isinstance(solve(game, seconds=10).proof, Proved)


@pytest.mark.parametrize("factor", [3, -1, 0, sp.Rational(1, 2)], ids=str)
def test_wrong_multipliers(factor: object) -> None:
    """The optimum is right and found by comparison; the shadow price is 2(a - b) only."""
    lie = [
        replace(g, multipliers=tuple((k, factor * m) for k, m in g.multipliers))
        for g in solve(QUADRATIC).regimes
    ]
    assert not isinstance(whole(QUADRATIC, "maximize", lie), Proved)


@pytest.mark.parametrize("extra", [{"cap": 5}, {"cap": 1, "cy": 5}], ids=str)
def test_wrong_multipliers_of_a_linear_problem(extra: dict[str, object]) -> None:
    """max y over y <= p (and z <= 1): the multipliers are 1 (and 0)."""
    caps = {"cap": y <= p} | ({"cy": z <= 1} if "cy" in extra else {})
    game = maximize(y, y, z, **caps) if "cy" in extra else maximize(y, y, **caps)
    values = {y: p, z: 1} if "cy" in extra else {y: p}
    lie = told(values, extra, value=p, utilities={"A": p}, witness={p: 1})
    assert not passes(game, "maximize", [lie])


# ------------------------------------------------------------------ what is told besides
@pytest.mark.parametrize("field", ["value", "utilities", "bounds"])
def test_what_is_told_is_verified(field: str) -> None:
    """Value, payoffs and bound multipliers are one too large."""
    lies = []
    for regime in solve(QUADRATIC).regimes:
        if field == "value":
            lies.append(replace(regime, value=regime.value + 1))
        else:
            rows = tuple((k, e + 1) for k, e in getattr(regime, field))
            lies.append(replace(regime, **{field: rows}))
    assert not isinstance(whole(QUADRATIC, "maximize", lies), Proved)


@pytest.mark.parametrize("field", ["value", "utilities", "multipliers", "values"])
def test_narrow_regimes(field: str) -> None:
    """At the witness the lie is right, and no other point of a narrow regime is met by chance."""
    thin = sp.Rational(1, 1000)
    game = QUADRATIC.altered(conditions=[a >= 1000, a <= 1000 + thin, b >= 999, b <= 999 + thin])
    (regime,) = solve(game).regimes
    bump = (a - dict(regime.witness)[a]) ** 2
    if field == "value":
        lie = replace(regime, value=regime.value + bump)
    else:
        rows = tuple((k, e + bump) for k, e in getattr(regime, field))
        lie = replace(regime, **{field: rows})
    assert not passes(game, "maximize", [lie])


NO_VALUES = {
    "a pole": sp.Piecewise((1 / a, a > 5), (ZERO, True)),
    "a logarithm": sp.Piecewise((sp.log(a), a > 5), (ZERO, True)),
    "tan": sp.tan(a) - sp.tan(a + sp.pi / 2) * 0,
    "asin": 0 * a + sp.asin(a + 3),
    "infinite": sp.oo,
    "undefined": sp.nan,
    "complex": sp.I,
    "not in the parameters": x,
}


@pytest.mark.parametrize("name", NO_VALUES)
def test_values_that_are_none(name: str) -> None:
    """The least loss is 0; this is something else or nothing at all."""
    game = Game(Agent("A", -(x**2) + 0 * a, x), concept="maximize", conditions=[a <= 10])
    lie = told({x: 0}, bounds={"x": 0}, utilities={"A": 0}, witness={a: 1})
    lie = replace(lie, value=NO_VALUES[name])
    assert not passes(game, "maximize", [lie])


def test_an_empty_regime_is_not_proved() -> None:
    """For p <= -1 everything holds, and no such p is declared."""
    (regime,) = solve(LINE).regimes
    lie = replace(regime, when=(Relation(p, "<=", -ONE),), values=((y, p + 1),))
    assert not passes(LINE, "maximize", [regime, lie])


@pytest.mark.parametrize("point", [((p, sp.Integer(-7)),), ((q, ONE),), ()], ids=str)
def test_a_witness_outside(point: tuple[tuple[sp.Symbol, Expr], ...]) -> None:
    """The exact point that shows the regime to be nonempty is not in it."""
    (regime,) = solve(LINE).regimes
    assert not passes(LINE, "maximize", [replace(regime, witness=point)])


@pytest.mark.parametrize("field", ["multipliers", "utilities", "bounds"])
def test_ghosts(field: str) -> None:
    """An entry for a constraint, an agent or an action that does not exist."""
    (regime,) = solve(LINE).regimes
    rows = (*getattr(regime, field), ("ghost", p))
    assert not passes(LINE, "maximize", [replace(regime, **{field: rows})])


def test_contradictory_conditions() -> None:
    """Nothing is declared to exist, so anything would hold."""
    game = Game(Agent("A", -y, y), concept="maximize", conditions=[Relation(p, "<", ZERO)])
    lie = told({y: 17}, bounds={"y": 0}, value=-17, utilities={"A": -17}, witness={p: -1})
    assert not passes(game, "maximize", [lie])


def test_a_bound_multiplier_inside() -> None:
    """The optimum y = 1 is inside [0, oo): its bound has no price."""
    game = maximize(-((y - 1) ** 2), y)
    lie = told({y: 1}, bounds={"y": 5}, value=0, utilities={"A": 0})
    truth = replace(lie, bounds=(("y", ZERO),))
    assert passes(game, "maximize", [truth])
    assert not passes(game, "maximize", [lie])


def test_a_missing_action_and_a_missing_price() -> None:
    """An answer without z, or without the price, leaves the others' first-order conditions open."""
    pair = Game(Agent("A", -((y - 1) ** 2), y), Agent("B", -((z - 1) ** 2), z), concept="nash")
    assert not passes(pair, "nash", [told({y: 1}, utilities={"A": 0, "B": 0})])
    price = sp.Symbol("w", nonnegative=True)
    market = Game(Agent("A", -((y - 1) ** 2), y), prices={price: y <= 1}, concept="walras")
    assert not passes(market, "walras", [told({y: 1}, utilities={"A": 0})])


def test_a_wrong_numeraire() -> None:
    """The numeraire's price is 1 by definition."""
    p1, p2 = sp.symbols("p1 p2", nonnegative=True)
    budget = p1 * y + p2 * z <= p1 * p + p2
    game = Game(
        Agent("A", sp.log(y) + sp.log(z), y, z, constraints={"B": budget}),
        prices={p1: y <= p, p2: Relation(z, "<=", ONE)},
        numeraire=p2,
        concept="walras",
    )
    (regime,) = solve(game).regimes
    assert passes(game, "walras", [regime])
    doubled = tuple((s, 2 * e if s in (p1, p2) else e) for s, e in regime.values)
    assert not passes(game, "walras", [replace(regime, values=doubled)])


def test_points_outside_are_not_counted() -> None:
    """Points off the equality a = b are no test of a regime that says a = b."""
    (regime,) = solve(QUADRATIC.altered(conditions=[a <= b])).regimes
    tie = replace(regime, when=(Relation(a, "==", b),))
    outcome = try_regime(QUADRATIC, "maximize", tie, thorough=True)
    assert getattr(outcome, "count", 0) <= 3


# ------------------------------------------------------------------ equilibria that were missed
def edge_game() -> Game:
    """(4, 4) is an equilibrium, and so is every (u, 9 - u) with u <= 99/50: the domain binds."""
    term = sp.Rational(2, 500) * (9 - u - v) ** sp.Rational(5, 2)
    one = sp.Rational(399, 100) * u - u**2 / 2 - term
    two = sp.Rational(999, 100) * v - v**2 / 2 - sp.Rational(3, 2) * u * v - term
    return Game(Agent("A", one, u), Agent("B", two, v), concept="nash")


def test_equilibrium_at_the_edge_of_a_closed_domain() -> None:
    """(1, 8) is an equilibrium, for neither can leave u + v <= 9; so (4, 4) is not the only one."""
    game = edge_game()
    payoffs = [g.utility.subs({u: 4, v: 4}) for g in game.agents]
    four = told({u: 4, v: 4}, utilities=dict(zip("AB", payoffs)))
    eight = told({u: 1, v: 8})
    assert not isinstance(try_regime(game, "nash", eight, thorough=True), Refuted)
    assert not isinstance(verify(game, "nash", [four]).regimes[0].exhaustive, Proved)


@pytest.mark.parametrize(("at", "who"), [((1, 7), "u or v"), ((2, 7), "v"), ((4, 5), "u")], ids=str)
def test_the_edge_does_not_excuse_what_is_wrong(at: tuple[int, int], who: str) -> None:
    """On or off the edge, somebody gains by moving into the domain."""
    trial = try_regime(edge_game(), "nash", told({u: at[0], v: at[1]}), thorough=True)
    assert isinstance(trial, Refuted), who


EDGE = Game(
    Agent("A", v * u - sp.Rational(2, 3) * u ** sp.Rational(3, 2), u),
    Agent("B", -((v - 4 * u + 3) ** 2), v),
    concept="nash",
)
JUMP = Game(
    Agent("A", v * sp.Piecewise((u, u <= 1), (u - 5, True)) - u**2 / 2, u),
    Agent("B", -((v - 4 * u) ** 2), v),
    concept="nash",
)
TARGET = Game(
    Agent("A", -((u - sp.Piecewise((0, v < 1), (2, True))) ** 2), u),
    Agent("B", -((v - u) ** 2), v),
    concept="nash",
)
FOLD = Game(
    Agent("A", -((u - 2 * v * (2 - v)) ** 2), (u, (0, 2))),
    Agent("B", -((v - u) ** 2), (v, (0, 2))),
    concept="nash",
)
COORDINATION = Game(Agent("A", u * v, (u, (0, 1))), Agent("B", u * v, (v, (0, 1))), concept="nash")
INCOMPLETE = {
    "(1, 1), besides (0, -3) at the edge u = 0": (EDGE, {u: 1, v: 1}),
    "(0, -3), besides (1, 1)": (EDGE, {u: 0, v: -3}),
    "(0, 0), besides none: A jumps": (JUMP, {u: 0, v: 0}),
    "(0, 0), besides (2, 2)": (TARGET, {u: 0, v: 0}),
    "(2, 2), besides (0, 0)": (TARGET, {u: 2, v: 2}),
    "(3/2, 3/2), besides (0, 0)": (FOLD, {u: sp.Rational(3, 2), v: sp.Rational(3, 2)}),
    "(0, 0), besides (3/2, 3/2)": (FOLD, {u: 0, v: 0}),
    "(1, 1), besides (0, 0)": (COORDINATION, {u: 1, v: 1}),
    "(0, 0), besides (1, 1)": (COORDINATION, {u: 0, v: 0}),
}


@pytest.mark.parametrize("name", INCOMPLETE)
def test_one_equilibrium_of_two(name: str) -> None:
    """One of several equilibria satisfies every pointwise condition; it is not all there is."""
    game, values = INCOMPLETE[name]
    payoffs = {g.name: g.utility.subs(values) for g in game.agents}
    regime = told(values, utilities=payoffs, bounds={str(s): 0 for s in values})
    (verdict,) = (r.exhaustive for r in verify(game, "nash", [regime]).regimes)
    assert isinstance(verdict, Unknown)


def test_one_equilibrium_of_two_is_not_solved_as_the_only_one() -> None:
    """What is found may be proved an equilibrium, never the equilibrium."""
    assert not isinstance(solve(EDGE, seconds=10).proof, Proved)


@pytest.mark.parametrize(
    ("game", "points"),
    [(FOLD, {(0, 0), (sp.Rational(3, 2), sp.Rational(3, 2))}), (COORDINATION, {(0, 0), (1, 1)})],
    ids=["fold", "coordination"],
)
def test_where_there_are_two_both_are_listed(game: Game, points: set[tuple[sp.Expr, ...]]) -> None:
    solution = solve(game, seconds=10)
    assert isinstance(solution.proof, Proved)
    assert {tuple(v for _, v in r.values) for r in solution.regimes} == points
    assert all(r.multiple for r in solution.regimes) and len(solution.cases) == 2


@pytest.mark.parametrize(
    "utility", [y * z, sp.sqrt(y * z), y * z**2], ids=str
)  # fmt: skip
def test_products_that_vanish(utility: Expr) -> None:
    """At r = 0 every z is optimal, though the logarithm of the objective is -oo there."""
    game = maximize(utility, y, z, cx=y <= r, cz=z <= 1)
    solution = solve(game, seconds=10)
    assert not says(solution, {r: 0})


# ------------------------------------------------------------------ domains that were lost
CANCELLED = {
    "a logarithm in the sum": Game(
        Agent("A", sp.log(x) - (x - a - FAR) ** 2, x), Agent("B", -sp.log(x)), concept="social"
    ),
    "a weight of 0": Game(
        Agent("A", -((x - a - FAR) ** 2), x),
        Agent("B", sp.log(x)),
        weights={"B": 0},
        concept="social",
    ),
    "a weight that may be 0": Game(
        Agent("A", -((x - a - FAR) ** 2), x),
        Agent("B", sp.log(x)),
        weights={"B": r},
        concept="social",
    ),
    "the sides of a relation": maximize(
        x - (u - a - FAR) ** 2, x, u, c=Relation(x + sp.log(u), "<=", 1 + sp.log(u))
    ),
}


@pytest.mark.parametrize("name", CANCELLED)
def test_domains_of_what_cancels(name: str) -> None:
    """At a = -2*10**6 the stationary point is negative, where the logarithm has no value."""
    solution = solve(CANCELLED[name], seconds=10)
    below = {s.symbol: -2 * FAR if s.symbol == a else 0 for s in CANCELLED[name].parameters}
    assert not says(solution, below)


MODEL = """
format = 1
concept = "maximize"
[parameters]
{parameters}
[[agents]]
name = "A"
actions = {{ x = "real" }}
utility = "{utility}"
"""
SIMPLIFIED = {
    "x >= 0 by the square of a root": ("-(x + 1)**2 + sqrt(x)**2", ""),
    "x > 0 by exp(log(x))": ("-(x + 1)**2 + exp(log(x)) - x", ""),
    "x > 0 by 0*log(x)": ("-(x + 1)**2 + 0*log(x)", ""),
    "x != -1 by a quotient": ("-(x + 1)**2 + (x + 1)/(x + 1)", ""),
    "a != 0 by a quotient": ("-(x - a/a)**2", 'a = "real"'),
    "a > 0 by a difference": ("-(x - log(a) + log(a))**2", 'a = "real"'),
    "a >= 0 by the square of a root": ("-(x - sqrt(a)**2)**2", 'a = "real"'),
}


@pytest.mark.parametrize("name", SIMPLIFIED)
def test_texts_keep_their_domain(name: str) -> None:
    """SymPy simplifies the text to something that is defined at more points."""
    utility, parameters = SIMPLIFIED[name]
    game = loads(MODEL.format(utility=utility, parameters=parameters))
    solution = solve(game)
    if isinstance(solution.proof, Proved):  # then it says what happens outside the domain, too
        outcomes = {getattr(c, "outcome", "") for c in solution.cases}
        assert outcomes & {"infeasible", "none"}
        assert not parameters or solution.at({"a": -1}) == ()


OUTSIDE = {
    "x >= 0 by the square of a root": lambda at: at >= 0,
    "x > 0 by exp(log(x))": lambda at: at > 0,
    "x > 0 by 0*log(x)": lambda at: at > 0,
    "x != -1 by a quotient": lambda at: at != -1,
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_outside_the_domain_of_a_text_is_an_answer(name: str) -> None:
    """A point where the text has no value is not even checked."""
    game = loads(MODEL.format(utility=SIMPLIFIED[name][0], parameters=""))
    assert all(
        OUTSIDE[name](dict(regime.values)[game.actions[0].symbol]) for regime in solve(game).regimes
    )


def test_minus_infinity_is_feasible() -> None:
    """log(y) under y <= 0 is -oo at the only feasible y = 0: a bad choice, not an empty set."""
    alone = maximize(sp.log(y), y, c=Relation(y, "<=", ZERO))
    both = Game(
        Agent("A", sp.log(y), y),
        Agent("B", z - z**2, z),
        shared={"c": Relation(y, "==", ZERO)},
        concept="social",
    )
    assert no_solution(alone, "maximize") is None
    assert no_solution(both, "social") is None
    assert solve(alone, seconds=10).status != "infeasible"
    assert solve(both, seconds=10).status != "infeasible"


def test_unbounded_where_it_is_defined() -> None:
    """x + log(-x) - log(-x) is x below 0 only: it has the supremum 0 and is not unbounded."""
    game = Game(Agent("A", x + sp.log(-x), x), Agent("B", -sp.log(-x)), concept="social")
    assert no_solution(game, "social") is None
    assert solve(game, seconds=10).status != "unbounded"


@pytest.mark.parametrize(
    "game",
    [
        Game(Agent("A", -p, p), concept="maximize"),
        Game(Agent("A", y, y, constraints={"c": y < q}), concept="maximize"),
        Game(Agent("A", -((x - a) ** 2), x, constraints={"c": sp.Ne(x, b)}), concept="maximize"),
        Game(Agent("A", -a * (x - b / a) ** 2, x), concept="maximize"),
        Game(Agent("A", -r * x**2 + b * x, x), concept="maximize"),
    ],
    ids=["open interval", "open cap", "a point taken out", "a of either sign", "r may be 0"],
)
def test_suprema_that_are_not_attained(game: Game) -> None:
    """For some parameters there is no maximiser: no closed form is proved for all of them."""
    solution = solve(game, seconds=10)
    outcomes = {getattr(c, "outcome", "") for c in solution.cases}
    assert not isinstance(solution.proof, Proved) or "none" in outcomes


# ------------------------------------------------------------------ symbols
def test_a_parameter_that_is_called_as_a_copy_of_an_action() -> None:
    """The optimum does not depend on y: any y <= q does, whatever a parameter is called."""
    for name in ("y'", "_y", "y_", "m"):
        other = sp.Symbol(name, nonnegative=True)
        game = Game(
            Agent("A", -((z - other) ** 2), y, z, constraints={"c": y <= p}), concept="maximize"
        )
        lie = told(
            {y: other, z: other},
            {"c": 0},
            bounds={"y": 0, "z": 0},
            value=0,
            utilities={"A": 0},
            witness={other: 1, p: 2},
            when=[Relation(other, "<=", p)],
        )
        (verdict,) = (g.exhaustive for g in verify(game, "maximize", [lie]).regimes)
        assert not isinstance(verdict, Proved), name


@pytest.mark.parametrize("kind", ["integer", "even", "prime"])
def test_integers_are_no_actions(kind: str) -> None:
    """SymPy would reason with whole numbers: the optimum of -(k - 1/2)**2 is at two of them."""
    k = sp.Symbol("k", **{kind: True})
    with pytest.raises(ModelError, match="assumed"):
        Agent("A", -((k - a) ** 2), k)


@pytest.mark.parametrize("ends", [(-1, 1), (-sp.oo, sp.oo), (-2, 0)], ids=str)
@pytest.mark.parametrize("symbol", [y, p], ids=["nonnegative", "positive"])
def test_an_action_wider_than_its_symbol(symbol: sp.Symbol, ends: tuple[object, object]) -> None:
    """SymPy takes Abs(y) for y, so that -Abs(y) + ... would be another function below 0."""
    with pytest.raises(ModelError, match="sign by assumption"):
        Agent("A", -sp.Abs(symbol), (symbol, ends))


def test_a_parameter_wider_than_its_symbol() -> None:
    """p = -1 would be declared, and y = p said of it."""
    with pytest.raises(ModelError, match="sign by assumption"):
        Game(LINE.agents[0], concept="maximize", parameters=[Parameter(p, Interval.real())])
