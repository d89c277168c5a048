"""Claims that are false for a reason once overlooked: none of them is ever proved.

Each test says in its docstring why the claim is false.
"""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym import Agent, Game, ModelError, Relation, loads, solve
from alignsym.claims import Proved
from alignsym.logic.decide import implies, search
from alignsym.solution import Continuum, Regime, Solution
from alignsym.solution import holds as holds_at
from alignsym.verify.obligations import verify

a, b, c, x = sp.symbols("a b c x", real=True)
u, v = sp.symbols("u v", real=True)
y, z, k = sp.symbols("y z k", nonnegative=True)
p, q, t = sp.symbols("p q t", positive=True)
ZERO, ONE, E = sp.S.Zero, sp.S.One, sp.E


def proved(solution: Solution) -> bool:
    return isinstance(solution.proof, Proved)


def exhaustive(solution: Solution) -> bool:
    return all(isinstance(r.exhaustive, Proved) for r in solution.regimes)


@pytest.mark.parametrize("base", [E + 1, E - 1, E - 2, 2 * E, E**2, 1 / E])
def test_lemmas_about_e_hold_for_e_alone(base: sp.Expr) -> None:
    """(E - 2)**t falls in t and (E + 1)**a < 1 + a for some a: only e**u >= 1 + u."""
    answer = search((Relation(t, ">=", ONE), Relation(base**t, ">=", ZERO)))
    assert answer.kind != "unsat"
    power = base**a
    at = {a: sp.Rational(-1, 10)}
    if power.subs(at).evalf() < (1 + a).subs(at):
        assert not implies((), Relation(power, ">=", 1 + a)).is_proof


def test_facts_about_e_itself() -> None:
    assert implies((), Relation(sp.exp(a), ">=", 1 + a)).is_proof
    assert implies((Relation(a, "<", b),), Relation(sp.exp(a), "<", sp.exp(b))).is_proof


def test_a_cap_that_is_below_one_plus_a() -> None:
    """At a = -1/10 the cap (1 + e)**a is 0.877 < 0.9, so x = 1 + a is not feasible for all a."""
    game = Game(Agent("A", -((x - 1 - a) ** 2), x, constraints={"c": x <= (1 + E) ** a}))
    for regime in solve(game, "maximize").regimes:
        assert regime.when or dict(regime.values)[x] != a + 1


def test_others_can_leave_an_agent_at_minus_infinity() -> None:
    """At (0, 0) both are at -oo whatever they do alone: a second equilibrium."""
    game = Game(
        Agent("A", p * sp.log(y) + q * sp.log(z) - y, y),
        Agent("B", p * sp.log(z) + q * sp.log(y) - z, z),
    )
    assert not exhaustive(solve(game, "nash"))


def test_intervals_do_not_move_with_choices() -> None:
    with pytest.raises(ModelError, match="depends on v"):
        Game(Agent("A", -((u - 2) ** 2), (u, (0, v))), Agent("B", -((v - u) ** 2), (v, (0, 1))))


@pytest.mark.parametrize(
    ("second", "condition"),
    [
        (p + a**2 * b, Relation(p + a**2 * b, ">=", ZERO)),
        (p + (a - b) ** 2, Relation((a - b) ** 2, ">=", ZERO)),
    ],
)
def test_caps_that_meet_inside_a_regime(second: sp.Expr, condition: Relation) -> None:
    """Where a = 0 (or a = b) both caps bind and every split of the multipliers is valid."""
    agent = Agent("A", x, x, constraints={"c": x <= p, "d": x <= second})
    assert not proved(solve(Game(agent, conditions=[condition]), "maximize"))


def test_an_agent_without_weight_does_not_exclude_its_edge() -> None:
    """0 * -oo is 0, so y = 0 is as good as y = 1."""
    game = Game(
        Agent("A", -((y * (y - 1)) ** 2), y), Agent("B", sp.log(y)), weights={"A": 1, "B": 0}
    )
    assert not exhaustive(solve(game, "social"))


def test_a_market_whose_relation_is_undefined() -> None:
    """At a = 1 the clearing relation divides by zero: there is no market to clear."""
    text = """format = 1
concept = "walras"
[parameters]
a = "real"
[[agents]]
name = "C"
actions = { x = "nonnegative" }
utility = "2*x - x**2/2 - p*x"
[[agents]]
name = "F"
actions = { z = "nonnegative" }
utility = "p*z - z**2/2"
[prices]
p = "x + (a**2 - 1)/(a - 1) <= z + a + 1"
"""
    solution = solve(loads(text))
    excluded = all(r.when for r in solution.regimes)
    assert excluded or not proved(solution)


def test_prices_may_be_zero() -> None:
    with pytest.raises(ModelError, match="assumed positive"):
        Game(Agent("A", -((y - p) ** 2), y), prices={p: y <= q})


def regime(values: dict[sp.Symbol, sp.Expr], **said: object) -> Regime:
    return Regime((), tuple(values.items()), **said)  # type: ignore[arg-type]


def statuses(game: Game, concept: str, case: Regime | Continuum) -> list[object]:
    verified = verify(game, concept, [case])  # type: ignore[arg-type]
    return [r.status for r in (*verified.regimes, *verified.sets)]


def test_a_kink_of_three() -> None:
    """The derivative of Min of three at a tie adds up to 3/2, no supergradient; 0 is better."""
    goods = sp.symbols("x1:4", nonnegative=True)
    game = Game(Agent("A", sp.Min(*goods) - sum(goods) / 2, *goods))
    told = regime(
        dict.fromkeys(goods, sp.Integer(5)),
        value=-sp.Rational(5, 2),
        utilities=(("A", -sp.Rational(5, 2)),),
        multiple=True,
    )
    assert not any(isinstance(s, Proved) for s in statuses(game, "maximize", told))


def test_a_branch_that_is_undefined() -> None:
    """At a = 1 the first branch divides by zero."""
    branch = sp.Piecewise((1 / (a - 1), a >= 1), (0, True))
    told = regime(
        {x: branch},
        value=ZERO,
        utilities=(("A", ZERO),),
        witness=((a, sp.Integer(3)),),
        multiple=True,
    )
    game = Game(Agent("A", -((x - branch) ** 2), x))
    assert not any(isinstance(s, Proved) for s in statuses(game, "maximize", told))


def test_a_set_that_is_empty_for_some_parameters() -> None:
    """For b < c nothing is feasible."""
    low, high = Relation(x, ">=", c), Relation(x, "<=", b)
    agent = Agent("A", a * x, x, constraints={"lo": low, "hi": high})
    game = Game(agent, conditions=[Relation(a, "==", ZERO)])
    told = Continuum(
        (Relation(a, "==", ZERO),),
        (low, high),
        value=ZERO,
        witness=((a, ZERO), (b, ONE), (c, ZERO)),
    )
    assert not any(isinstance(s, Proved) for s in statuses(game, "maximize", told))


def test_a_payoff_of_minus_infinity_that_is_undefined() -> None:
    """log 0 - log 0 has no value."""
    game = Game(Agent("A", -y, y), Agent("B", -z, z), Agent("W", sp.log(y) - sp.log(z)))
    told = regime(
        {y: ZERO, z: ZERO},
        bounds=(("y", ONE), ("z", ONE)),
        utilities=(("A", ZERO), ("B", ZERO), ("W", -sp.oo)),
    )
    assert not any(isinstance(s, Proved) for s in statuses(game, "nash", told))


def at_a_flat_constraint(**shadow: sp.Expr) -> tuple[Game, Regime]:
    """max y with x**2 <= 0, x + y <= a, y <= a: x is 0, and y = a."""
    agent = Agent(
        "A",
        v,
        u,
        v,
        constraints={
            "flat": Relation(u**2, "<=", ZERO),
            "c": Relation(u + v, "<=", a),
            "d": Relation(v, "<=", a),
        },
    )
    told = regime(
        {u: ZERO, v: a},
        multipliers=tuple(shadow.items()),
        value=a,
        utilities=(("A", a),),
        witness=((a, ONE),),
    )
    return Game(agent), told


def test_no_qualification_beside_a_flat_constraint() -> None:
    """0 and 1 are the only multipliers of c and d, but V(e) = a + min(e, 0) for either of them."""
    game, told = at_a_flat_constraint(c=ZERO, d=ONE)
    assert not any(isinstance(s, Proved) for s in statuses(game, "maximize", told))


def test_beside_a_flat_constraint_the_others_have_prices() -> None:
    """Without d, V(e) = a + e, whatever the multiplier of the flat constraint."""
    agent = Agent(
        "A",
        v,
        u,
        v,
        constraints={"flat": Relation(u**2, "<=", ZERO), "c": Relation(v, "<=", a)},
    )
    told = regime(
        {u: ZERO, v: a},
        multipliers=(("c", ONE),),
        value=a,
        utilities=(("A", a),),
        witness=((a, ONE),),
    )
    assert [type(s) for s in statuses(Game(agent), "maximize", told)] == [Proved]


def test_a_slack_constraint_has_a_multiplier() -> None:
    """The gradient of x**2 vanishes at 0, but 0 < 5: the multiplier is zero, not any number."""
    game = Game(Agent("A", -(u**2), u, constraints={"c": Relation(u**2, "<=", sp.Integer(5))}))
    told = regime({u: ZERO}, value=ZERO, utilities=(("A", ZERO),))
    assert not any(isinstance(s, Proved) for s in statuses(game, "maximize", told))
    listed = regime({u: ZERO}, multipliers=(("c", ZERO),), value=ZERO, utilities=(("A", ZERO),))
    assert all(isinstance(s, Proved) for s in statuses(game, "maximize", listed))


def test_two_maximisers_with_two_prices() -> None:
    """max x**2 on [-p, p]: moving the upper end by e gives V = max((p + e)**2, p**2), a kink."""
    sides = {"up": Relation(u, "<=", p), "low": Relation(u, ">=", -p)}
    game = Game(Agent("A", u**2, u, constraints=sides))
    more = {"value": p**2, "utilities": (("A", p**2),), "witness": ((p, ONE),), "multiple": True}
    cases = [
        regime({u: p}, multipliers=(("up", 2 * p), ("low", ZERO)), **more),
        regime({u: -p}, multipliers=(("up", ZERO), ("low", 2 * p)), **more),
    ]
    verified = verify(game, "maximize", cases)
    assert not any(isinstance(r.status, Proved) for r in verified.regimes)
    solution = solve(game, "maximize")
    assert proved(solution)
    assert len(solution.regimes) == 2
    assert not any(r.multipliers or r.bounds for r in solution.regimes)


def test_one_of_two_best_replies_has_no_price() -> None:
    """The same for an agent of a game: its value with the other's choice given has a kink."""
    sides = {"up": Relation(u, "<=", p), "low": Relation(u, ">=", -p)}
    game = Game(Agent("A", u**2, u, constraints=sides), Agent("B", -(v**2), v))
    told = regime(
        {u: p, v: ZERO},
        multipliers=(("up", 2 * p), ("low", ZERO)),
        utilities=(("A", p**2), ("B", ZERO)),
        witness=((p, ONE),),
    )
    assert not any(isinstance(s, Proved) for s in statuses(game, "nash", told))


@pytest.mark.parametrize("lowest", [None, -1])
def test_a_set_whose_member_has_the_wrong_sign(lowest: int | None) -> None:
    """y + z = a has no nonnegative solution for a < 0, where (a, 0) solves the equation alone."""
    given = [] if lowest is None else [Relation(a, ">=", sp.Integer(lowest))]
    total = Relation(y + z, "==", a)
    agent = Agent("A", ZERO, y, z, constraints={"c": total})
    told = Continuum(
        (),
        (total,),
        value=ZERO,
        witness=((a, ONE),),
        members=(((y, a), (z, ZERO)),),
    )
    found = statuses(Game(agent, conditions=given), "maximize", told)
    assert not any(isinstance(s, Proved) for s in found)


def test_a_complex_root_is_no_number() -> None:
    """Two of the three roots of s**3 + s + 1 are complex; no action may be one of them."""
    s = sp.Symbol("s")
    root = sp.CRootOf(s**3 + s + 1, 1)
    told = regime({u: ZERO, v: root}, value=ZERO, utilities=(("A", ZERO),), multiple=True)
    game = Game(Agent("A", -(u**2), u, v))
    assert not any(isinstance(r, Proved) for r in statuses(game, "maximize", told))
    assert not implies((), Relation(root**2, ">=", ZERO)).is_proof


@pytest.mark.parametrize("cap", [None, 10])
def test_a_better_choice_that_comes_from_far_away(cap: int | None) -> None:
    """(y - 1)/(y**2 + 1) <= e holds for all large y once e > 0: the value jumps to infinity.

    With y <= 10 nothing is far away, and the multiplier 2 is the derivative.
    """
    caps = {"c": Relation((y - 1) / (y**2 + 1), "<=", ZERO)}
    action = y if cap is None else (y, (0, cap))
    told = regime({y: ONE}, multipliers=(("c", sp.Integer(2)),), value=ONE, utilities=(("A", ONE),))
    game = Game(Agent("A", y, action, constraints=caps))
    (status,) = statuses(game, "maximize", told)
    assert isinstance(status, Proved) == (cap is not None)


def test_a_slack_constraint_that_lets_the_far_away_in() -> None:
    """At e = 0 the only optimum is (-1, 0) with x <= 0 slack; for e > 0, x = e and v -> oo."""
    f = u * v**2 - (u + 1) ** 2 - v**2 / (1 + v**2)
    game = Game(Agent("A", f, u, v, constraints={"c": Relation(u, "<=", ZERO)}))
    told = regime(
        {u: -ONE, v: ZERO}, multipliers=(("c", ZERO),), value=ZERO, utilities=(("A", ZERO),)
    )
    assert not any(isinstance(s, Proved) for s in statuses(game, "maximize", told))


def test_a_condition_that_is_not_real_does_not_hold() -> None:
    """At q = 2, log(1 - q)**2 is -pi**2 for SymPy, which is below 4; log(-1) is no number."""
    condition = Relation(2 * q, ">=", sp.log(1 - q) ** 2)
    assert holds_at(condition, {q: sp.Rational(1, 2)})
    assert not holds_at(condition, {q: sp.Integer(2)})
    assert not holds_at(Relation(sp.sqrt(a), "!=", ONE), {a: -ONE})
    assert holds_at(Relation(sp.sqrt(a) + sp.exp(a), ">", ZERO), {a: ZERO})


def test_a_solution_is_not_told_where_its_multiplier_is_undefined() -> None:
    """a*y + a = a says y = 0, and at a = 0 nothing: then there is no largest -exp(-y)."""
    kept = {"c": Relation(a * y + a, "==", a)}
    solution = solve(Game(Agent("A", -sp.exp(-y), y, constraints=kept)), "maximize")
    assert not solution.at({a: 0})
    assert not proved(solution)


def test_a_value_approached_far_away_takes_over_when_a_constraint_tightens() -> None:
    """max a + (x - 1)/(1 + x**2), x <= c: a at x = c = 1, but for c < 1 the supremum stays a, as
    x -> -oo.  The multiplier 1/2 is the slope of the value to one side only."""
    game = Game(Agent("A", p + (x - 1) / (1 + x**2), x, constraints={"c": x <= 1}))
    solution = solve(game, "maximize")
    assert solution[x] == 1
    assert not proved(solution)
