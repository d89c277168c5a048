"""All equilibria of small games: mixed strategies, ties, sets, several, none; and lies about them.

The oracle is the definition: a profile is an equilibrium iff no pure deviation gains, which for
utilities that are affine in an agent's own action is exact arithmetic.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alignsym import Agent, Game, Interval, solve
from alignsym.claims import Proved, Unknown
from alignsym.errors import UsageError
from alignsym.model.game import Action
from alignsym.model.relations import Relation
from alignsym.model.responses import response_program
from alignsym.solution import Continuum, NoSolution, Regime, Solution, holds
from alignsym.verify.all_equilibria import (
    Replies,
    describable,
    replies_of,
    verify_equilibria,
)
from alignsym.verify.decision import decision_makers
from alignsym.verify.obligations import verify

a, d, k, c, v, m = sp.symbols("a d k c v m", positive=True)
r, s = sp.symbols("r s", real=True)
p, q = sp.symbols("p q")
x, y = sp.symbols("x y")
UNIT = (sp.S.Zero, sp.S.One)
GRID = [sp.Rational(n, 4) for n in range(5)]


def bimatrix(rows: list[list[object]], columns: list[list[object]]) -> Game:
    """Two strategies each: p and q are the probabilities of the first."""

    def expected(payoffs: list[list[object]]) -> sp.Expr:
        chances = [[p * q, p * (1 - q)], [(1 - p) * q, (1 - p) * (1 - q)]]
        return sum(sp.sympify(payoffs[i][j]) * chances[i][j] for i in (0, 1) for j in (0, 1))

    return Game(
        Agent("row", expected(rows), (p, UNIT)), Agent("column", expected(columns), (q, UNIT)),
        concept="nash",
    )  # fmt: skip


def listed(solution: Solution, at: dict[sp.Symbol, sp.Expr], profile: dict) -> bool:
    """Whether the answer lists the profile at the parameter point."""
    for case in solution.cases:
        if isinstance(case, NoSolution) or not all(holds(w, at) for w in case.when):
            continue
        table = {**at, **profile}
        equal = all(sp.simplify(e.xreplace(table) - profile[t]) == 0 for t, e in case.values)
        more = case.relations if isinstance(case, Continuum) else ()
        if equal and all(holds(w, table) for w in more):
            return True
    return False


def is_equilibrium(game: Game, at: dict[sp.Symbol, sp.Expr], profile: dict) -> bool:
    """By the definition, for utilities affine in one's own probability."""
    for agent in game.agents:
        (own,) = (action.symbol for action in agent.actions)
        here = agent.utility.xreplace({**at, **profile})
        best = max(agent.utility.xreplace({**at, **profile, own: end}) for end in UNIT)
        if here < best:
            return False
    return True


def proved(solution: Solution) -> bool:
    return isinstance(solution.proof, Proved)


@settings(max_examples=12, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
@given(st.lists(st.integers(-1, 2), min_size=8, max_size=8))
def test_random_bimatrix_games_with_ties_have_all_their_equilibria(numbers: list[int]) -> None:
    rows, columns = [numbers[:2], numbers[2:4]], [numbers[4:6], numbers[6:]]
    game = bimatrix(rows, columns)
    solution = solve(game)
    assert proved(solution), (numbers, solution.reason)
    thirds = [sp.Rational(n, 3) for n in (1, 2)]
    for chosen in product([*GRID, *thirds], repeat=2):
        profile = dict(zip((p, q), chosen, strict=True))
        assert listed(solution, {}, profile) == is_equilibrium(game, {}, profile), numbers


SYMBOLIC = {
    "coordination": bimatrix([[a, 0], [0, d]], [[a, 0], [0, d]]),
    "one payoff of any sign": bimatrix([[r, 0], [0, d]], [[r, 0], [0, d]]),
    "chicken": bimatrix([[(v - c) / 2, v], [0, v / 2]], [[(v - c) / 2, 0], [v, v / 2]]),
    "entry": bimatrix([[-k, a], [0, 0]], [[-k, 0], [a, 0]]),
}


@pytest.mark.parametrize("name", SYMBOLIC)
def test_symbolic_bimatrix_games_are_right_at_every_point(name: str) -> None:
    game = SYMBOLIC[name]
    solution = solve(game)
    assert proved(solution), solution.reason
    symbols = [t.symbol for t in game.parameters]
    numbers = [sp.Integer(1), sp.Rational(1, 2), sp.Integer(2)]
    choices = [[*numbers, *((0, -1) if t is r else ())] for t in symbols]
    for values in product(*choices):
        at = dict(zip(symbols, map(sp.sympify, values), strict=True))
        mixed = [sp.Rational(n, 3) for n in (1, 2)]
        for chosen in product([*GRID, *mixed], repeat=2):
            profile = dict(zip((p, q), chosen, strict=True))
            assert listed(solution, at, profile) == is_equilibrium(game, at, profile), (at, profile)


def points(solution: Solution) -> set[tuple[str, ...]]:
    return {tuple(str(e) for _, e in g.values) for g in solution.regimes}


def test_three_players_who_coordinate_have_three_equilibria() -> None:
    z = sp.Symbol("z")
    together = a * x * y * z + (1 - x) * (1 - y) * (1 - z)
    game = Game(*(Agent(n, together, (t, UNIT)) for n, t in zip("ABC", (x, y, z))), concept="nash")
    solution = solve(game)
    third = "1/(sqrt(a) + 1)"
    assert proved(solution)
    assert points(solution) == {("0",) * 3, ("1",) * 3, (third,) * 3}


def test_a_public_good_that_all_value_alike_is_provided_in_any_shares() -> None:
    shares = [Agent(n, sp.log(x + y) + m - t, (t, (0, m))) for n, t in (("A", x), ("B", y))]
    solution = solve(Game(*shares, concept="nash"))
    assert proved(solution)
    for at in (sp.Rational(1, 4), sp.Rational(3, 4), sp.Integer(2)):
        for left, right in product([sp.Rational(n, 8) for n in range(9)], repeat=2):
            if left > at or right > at:
                continue
            total = left + right
            # U' = 1/(x + y) - 1 for both: sum 1, or all one has where 2m < 1
            best = total == 1 or (total < 1 and left == right == at)
            assert listed(solution, {m: at}, {x: left, y: right}) == best


def test_the_one_with_the_weakest_link_gives_as_much_as_the_other() -> None:
    effort = [Agent(n, sp.Min(x, y) - k * t, (t, UNIT)) for n, t in (("A", x), ("B", y))]
    solution = solve(Game(*effort, concept="nash"))
    assert proved(solution)
    for cost, left, right in product([sp.Rational(1, 2), sp.Integer(1), sp.Integer(2)], GRID, GRID):
        best = left == right and (cost <= 1 or left == 0)
        assert listed(solution, {k: cost}, {x: left, y: right}) == best


def test_choices_far_apart_are_compared_by_value() -> None:
    """x**2 - a*x*y is convex in x: 0 or 1, whichever is better against y."""
    game = Game(
        Agent("A", x**2 - a * x * y, (x, UNIT)), Agent("B", y**2 - a * x * y, (y, UNIT)),
        concept="nash",
    )  # fmt: skip
    solution = solve(game)
    assert proved(solution)
    for value, left, right in product(GRID[1:] + [sp.Integer(2)], UNIT, UNIT):
        best = all(
            mine == (1 if 1 - value * theirs > 0 else 0) or value * theirs == 1
            for mine, theirs in ((left, right), (right, left))
        )
        assert listed(solution, {a: value}, {x: left, y: right}) == best


def test_one_who_flees_and_one_who_follows_have_no_equilibrium_in_pure_actions() -> None:
    game = Game(
        Agent("flees", a * (x - y) ** 2, (x, UNIT)), Agent("follows", -((x - y) ** 2), (y, UNIT)),
        concept="nash",
    )  # fmt: skip
    solution = solve(game)
    (case,) = solution.cases
    assert solution.status == "none" and isinstance(case, NoSolution) and proved(solution)


def war(cost: sp.Expr) -> Game:
    peace = Relation(x + y, "<=", c)

    def utility(t: sp.Symbol) -> sp.Expr:
        inside = sp.Le(peace.left, peace.right)
        return sp.Piecewise((sp.log(1 + t), inside), (sp.log(1 + t) - cost, True))

    return Game(Agent("A", utility(x), (x, (0, c))), Agent("B", utility(y), (y, (0, c))),
                concept="nash")  # fmt: skip


@pytest.mark.parametrize("cost", [sp.Integer(3), sp.Integer(10) ** 99], ids=["3", "10**99"])
def test_the_war_has_its_segment_and_total_war_where_the_good_is_large(cost: sp.Expr) -> None:
    """x + y = c with log(1 + c) - cost <= log(1 + share) for both; (c, c) if log(1 + c) >= cost."""
    solution = solve(war(cost))
    assert proved(solution), solution.reason
    fifth = sp.Rational(1, 5)
    assert listed(solution, {c: sp.S.One}, {x: fifth, y: 1 - fifth})
    assert not listed(solution, {c: sp.S.One}, {x: sp.S.One, y: sp.S.One})
    assert not listed(solution, {c: sp.S.One}, {x: fifth, y: fifth})
    if cost == 3:
        large = sp.Integer(30)
        assert listed(solution, {c: large}, {x: large, y: large})
        assert listed(solution, {c: large}, {x: large / 2, y: large / 2})
        assert not listed(solution, {c: large}, {x: large, y: sp.S.Zero})  # 31 > exp(3)


def test_an_agent_that_its_own_action_does_not_concern_may_do_anything() -> None:
    w = sp.Symbol("w", positive=True)
    game = Game(
        Agent("A", sp.log(x) - w * x, (x, Interval.nonnegative())),
        Agent("M", -sp.Abs(c - x), w),
        concept="nash",
    )
    solution = solve(game)
    (case,) = solution.cases
    assert proved(solution) and isinstance(case, Continuum)
    assert dict(case.values) == {x: 1 / w}


# ------------------------------------------------------------------ lies
def verdicts(game: Game, cases: list[Regime | Continuum | NoSolution]) -> list[str]:
    answered: dict[str, Replies] = {}
    return [
        f"{type(o.status).__name__} {type(getattr(o, 'exhaustive', o.status)).__name__}"
        for o in verify_equilibria(game, "nash", cases, answered).cases
    ]


COORDINATE = SYMBOLIC["coordination"]


def test_one_left_out_is_noticed() -> None:
    cases = list(solve(COORDINATE).cases)
    assert all(v == "Proved Proved" for v in verdicts(COORDINATE, cases))
    for left_out in cases:
        rest = [o for o in cases if o is not left_out]
        assert all(v == "Proved Unknown" for v in verdicts(COORDINATE, rest))


def test_a_wrong_value_is_no_equilibrium() -> None:
    for case in solve(COORDINATE).regimes:
        values = tuple((t, e / 2 + sp.Rational(1, 7)) for t, e in case.values)
        utilities = tuple((n.name, n.utility.xreplace(dict(values))) for n in COORDINATE.agents)
        lie = replace(case, values=values, utilities=utilities)
        assert all(not v.startswith("Proved") for v in verdicts(COORDINATE, [lie]))


def test_a_set_that_is_too_large_is_refused_and_one_too_small_is_not_all() -> None:
    game = bimatrix([[1, 1], [1, 1]], [[1, 0], [0, 0]])  # the row never matters to itself
    solution = solve(game)
    sets = [o for o in solution.cases if isinstance(o, Continuum)]
    assert proved(solution) and sets
    cases = list(solution.cases)
    for case in sets:
        k = cases.index(case)
        wide = replace(case, values=(), relations=tuple(
            Relation(t, "<=", sp.S.One) for t in (p, q)
        ))  # fmt: skip
        assert verdicts(game, [wide])[0].startswith("Unknown")
        half = Relation(min(free(case), key=str), "<=", sp.Rational(1, 2))
        small = [*cases[:k], replace(case, relations=(*case.relations, half)), *cases[k + 1 :]]
        assert all(v.endswith("Unknown") for v in verdicts(game, small))


def free(case: Continuum) -> set[sp.Symbol]:
    return {p, q} - {t for t, _ in case.values}


def test_no_equilibrium_is_not_believed_where_there_is_one() -> None:
    nothing = NoSolution((), "none", "no reason", ((a, sp.S.One), (d, sp.S.One)))
    assert verdicts(COORDINATE, [nothing]) == ["Unknown Unknown"]


def test_replies_that_are_not_all_known_prove_nothing() -> None:
    program = response_program(COORDINATE, "row")
    answer = solve(program)
    assert replies_of(answer).complete
    assert not replies_of(replace(answer, cases=answer.cases[:1], coverage=Proved())).pieces[1:]
    doubtful = replace(answer, cases=(replace(answer.cases[0], exhaustive=Unknown("not shown")),))
    assert not replies_of(doubtful).complete


def test_the_exact_numbers_are_fractions() -> None:
    game = bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 3]])
    (mixed,) = (g for g in solve(game).regimes if dict(g.values)[p] not in UNIT)
    found = {t: Fraction(int(e.p), int(e.q)) for t, e in mixed.values}
    assert found == {p: Fraction(3, 4), q: Fraction(1, 3)}
    assert Action(p, Interval(*UNIT)) in game.actions


def test_several_that_are_not_said_to_be_several_are_not_the_only_one() -> None:
    cases = [replace(o, multiple=False) for o in solve(COORDINATE).regimes]
    assert all(v == "Proved Unknown" for v in verdicts(COORDINATE, cases))


def test_none_beside_a_listed_one_is_refused() -> None:
    nothing = NoSolution((), "none", "no reason", ((a, sp.S.One), (d, sp.S.One)))
    told = verdicts(COORDINATE, [*solve(COORDINATE).cases, nothing])
    assert told[-1] == "Unknown Unknown"


def test_a_generalised_equilibrium_is_no_normalised_one() -> None:
    """Every split of q is a generalised Nash equilibrium; with one common price only the halves."""
    good = sp.symbols("g h", positive=True)
    agents = [Agent(n, sp.log(t), t) for n, t in zip("AB", good, strict=True)]
    game = Game(*agents, shared={"G": good[0] + good[1] <= k}, concept="variational")
    (truth,) = solve(game).regimes
    assert isinstance(truth.status, Proved)
    values = ((good[0], k / 3), (good[1], 2 * k / 3))
    lie = replace(
        truth, values=values, multiple=True, multipliers=(), bounds=(),
        utilities=tuple((o.name, o.utility.xreplace(dict(values))) for o in agents),
    )  # fmt: skip
    (told,) = verify(game, "variational", [lie]).regimes
    assert not isinstance(told.status, Proved)
    line = Continuum((), (Relation(good[1], "<", k),), ((good[0], k - good[1]),),
                     witness=((k, sp.S.One), (good[1], sp.Rational(1, 2))),
                     members=(((good[1], k / 2),),))  # fmt: skip
    (set_,) = verify_equilibria(game, "variational", [line], {}).cases
    assert not isinstance(set_.status, Proved)


def test_replies_where_all_is_lost_are_not_all_known() -> None:
    """log(z - x) is nowhere finite at z = 0: if it is -oo there, anything is a best reply."""
    z = sp.Symbol("z", nonnegative=True)
    answer = solve(Game(Agent("A", sp.log(z - x), (x, (0, 1))), concept="maximize"))
    none = [o for o in answer.cases if isinstance(o, NoSolution)]
    lost = NoSolution((Relation(z, "==", sp.S.Zero),), "infeasible", "", status=Proved())
    assert not replies_of(replace(answer, cases=(*answer.cases, lost), coverage=Proved())).complete
    assert not none or not replies_of(answer).complete


def test_none_needs_a_parameter_point() -> None:
    chase = Game(
        Agent("flees", a * (x - y) ** 2, (x, UNIT)), Agent("follows", -((x - y) ** 2), (y, UNIT)),
        concept="nash",
    )  # fmt: skip
    answered = {"flees": replies_of(solve(response_program(chase, "flees")))}
    for witness, word_ in (
        (((a, sp.S.One),), "Proved"),
        (((a, -sp.S.One),), "Unknown"),
        ((), "Unknown"),
    ):
        nothing = NoSolution((), "none", "", witness)
        (told,) = verify_equilibria(chase, "nash", [nothing], answered).cases
        assert type(told.status).__name__ == word_, witness


def test_no_shadow_price_is_believed_of_an_agent_answered_by_its_replies() -> None:
    game = war(sp.Integer(3))
    answered = {n.name: replies_of(solve(response_program(game, n.name))) for n in game.agents}
    total = next(r for r in solve(game).regimes if dict(r.values)[x] == c)
    (truth,) = verify_equilibria(game, "nash", [total], answered).cases
    assert isinstance(truth.status, Proved)
    lie = replace(total, bounds=(("x", 1 / (1 + c)),))
    (told,) = verify_equilibria(game, "nash", [lie], answered).cases
    assert not isinstance(told.status, Proved)


w, beta, x1, x2 = sp.symbols("w beta x1 x2", positive=True)
z1, z2 = sp.symbols("z1 z2", nonnegative=True)


def common(worth: sp.Expr, take: sp.Symbol, other: sp.Symbol) -> Game:
    """Two users of a stock w: worth(what one takes) + beta*log(what is left)."""
    rest = beta * sp.log(w - take - other)
    return Game(
        Agent("a", worth + rest, take),
        Agent("b", worth.xreplace({take: other}) + rest, other),
        concept="nash",
    )


def test_no_user_of_a_commons_can_be_left_without_anything_that_is_better() -> None:
    """Where a is at -oo with some x1 > 0, it has w - x2 = x1 > 0, and x1/2 is better."""
    answer = solve(common(sp.log(x1), x1, x2))
    (only,) = answer.cases
    assert isinstance(only, Regime) and isinstance(only.exhaustive, Proved)
    assert dict(only.values)[x1] == w / (2 + beta)


def test_users_who_take_all_leave_each_other_at_minus_infinity() -> None:
    """z1 = z2 = w: neither has an action with a finite utility, so nothing is a better one."""
    answer = solve(common(z1, z1, z2))
    for case in answer.cases:
        assert not isinstance(case, NoSolution) and isinstance(case.exhaustive, Unknown)


def test_a_set_of_equilibria_is_not_told_as_one_of_its_points() -> None:
    """beta = w - z1 - z2 for both, so where w > beta every division of w - beta is one."""
    answer = solve(common(z1, z1, z2))
    at = {w: sp.Integer(3), beta: sp.Integer(1)}
    for share in (0, sp.Rational(1, 3), 2):
        assert listed(answer, at, {z1: sp.sympify(share), z2: 2 - sp.sympify(share)})
    assert not listed(answer, at, {z1: sp.Integer(1), z2: sp.Integer(2)})


def test_too_many_ways_to_combine_are_said_and_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a time limit the prompt may not go on for hours."""
    monkeypatch.setattr("alignsym.solving.intersections.CHOICES_LIMIT", 3)
    answer = solve(bimatrix([[a, 0], [0, d]], [[k, 0], [0, c]]))
    assert not any(isinstance(c, NoSolution) for c in answer.cases)
    assert not answer.cases or all(isinstance(c.exhaustive, Unknown) for c in answer.cases)


def test_an_arms_race_that_settles_or_not() -> None:
    """x = b*y + g, y = d*x + h (Richardson 1960): one solution with x, y >= 0 iff b*d < 1."""
    b, g, h = sp.symbols("b g h", positive=True)
    game = Game(
        Agent("one", -((z1 - b * z2 - g) ** 2), z1), Agent("two", -((z2 - d * z1 - h) ** 2), z2),
        concept="nash",
    )  # fmt: skip
    answer = solve(game)
    assert isinstance(answer.proof, Proved) and isinstance(answer.coverage, Proved)
    settled, race = answer.cases
    assert isinstance(settled, Regime) and isinstance(settled.exhaustive, Proved)
    assert isinstance(race, NoSolution)
    at = {b: sp.Rational(1, 2), d: sp.Integer(1), g: sp.Integer(1), h: sp.Integer(2)}
    assert {s: e.xreplace(at) for s, e in settled.values} == {z1: 4, z2: 6}
    for edge, ends in ((1, True), (2, True), (sp.Rational(1, 2), False)):
        assert all(holds(w, {**at, b: sp.sympify(edge)}) for w in race.when) is ends


def test_a_market_with_a_buyer_of_complements() -> None:
    """Min(x, y) and log x + log y on one unit of each: both prices are (m1 + m2)/2 by symmetry."""
    m1, m2 = sp.symbols("m1 m2", positive=True)
    p1, p2 = sp.symbols("p1 p2", nonnegative=True)
    one = Agent("one", sp.Min(z1, z2), z1, z2, constraints={"b1": sp.Le(p1 * z1 + p2 * z2, m1)})
    two = Agent(
        "two", sp.log(x1) + sp.log(x2), x1, x2, constraints={"b2": sp.Le(p1 * x1 + p2 * x2, m2)}
    )
    game = Game(one, two, concept="walras", prices={p1: sp.Le(z1 + x1, 1), p2: sp.Le(z2 + x2, 1)})
    answer = solve(game)
    (only,) = answer.cases
    assert isinstance(only, Regime) and isinstance(only.status, Proved)
    values = dict(only.values)
    assert sp.simplify(values[p1] - (m1 + m2) / 2) == 0 == sp.simplify(values[p1] - values[p2])
    assert sp.simplify(values[z1] - m1 / (m1 + m2)) == 0


def test_lindahl_prices_of_a_good_nobody_buys() -> None:
    """Where c >= va + vb nothing is produced, at all pa >= va, pb >= vb with pa + pb <= c."""
    va, vb, cost = sp.symbols("va vb c", positive=True)
    made = sp.Symbol("g", nonnegative=True)
    pa, pb = sp.symbols("pa pb", nonnegative=True)
    game = Game(
        Agent("a", va * sp.log(1 + z1) - pa * z1, z1),
        Agent("b", vb * sp.log(1 + z2) - pb * z2, z2),
        Agent("firm", (pa + pb - cost) * made, made),
        concept="walras",
        prices={pa: sp.Le(z1, made), pb: sp.Le(z2, made)},
    )
    answer = solve(game)
    assert isinstance(answer.proof, Proved) and isinstance(answer.coverage, Proved)
    at = {va: sp.Integer(1), vb: sp.Integer(2), cost: sp.Integer(4)}
    nothing = {z1: sp.S.Zero, z2: sp.S.Zero, made: sp.S.Zero}
    for one, two, supports in ((1, 2, True), (1, 3, True), (2, 3, False), (0, 4, False)):
        prices = {pa: sp.Integer(one), pb: sp.Integer(two)}
        assert listed(answer, at, {**nothing, **prices}) is supports


def test_contributors_who_cannot_be_left_without_anything() -> None:
    """log(w - x) + log(x + y): half of what is left of w is an action with a finite utility."""
    wa, wb = sp.symbols("wa wb", positive=True)
    game = Game(
        Agent("a", sp.log(wa - z1) + sp.log(z1 + z2), z1),
        Agent("b", sp.log(wb - z2) + sp.log(z1 + z2), z2),
        concept="nash",
    )
    answer = solve(game)
    assert isinstance(answer.proof, Proved) and len(answer.regimes) == 3
    assert all(isinstance(r.exhaustive, Proved) for r in answer.regimes)
    at = {wa: sp.Integer(1), wb: sp.Integer(3)}
    assert listed(answer, at, {z1: sp.S.Zero, z2: sp.Rational(3, 2)})


def test_first_order_conditions_say_it_all_only_of_concave_makers_without_kinks() -> None:
    """What is not shown to be concave, or has a kink, is not described by its derivative."""
    for utility in (-sp.Abs(x - y), -((x - y) ** 2), x):
        game = Game(Agent("A", utility, x), Agent("B", y**2, y), concept="nash")
        maker, other = decision_makers(game, "nash")
        assert not describable(maker, Unknown("not shown to be concave"))
        assert not describable(other, Unknown("not shown to be concave"))
    idle = Game(Agent("A", y, x), Agent("B", -(y**2), y), concept="nash")
    assert describable(decision_makers(idle, "nash")[0], Unknown("no matter"))


@pytest.mark.parametrize("slope", [1, 3])
def test_an_action_that_is_safe_must_be_so_for_the_own_domain_too(slope: int) -> None:
    """At (1/2, 1/4) a is at -oo whatever it does and b does its best: an equilibrium.

    x = 1 would keep x + y - 3/4 > 0 for every y, but it is beyond x <= 1/2.
    """
    half, quarter = sp.Rational(1, 2), sp.Rational(1, 4)
    one = Agent("a", sp.log(half - z1) + sp.log(z1 + z2 - 3 * quarter), z1)
    two = Agent("b", -((z2 - quarter - slope * (half - z1)) ** 2), z2)
    answer = solve(Game(one, two, concept="nash"))
    assert not any(isinstance(c, NoSolution) for c in answer.cases)
    assert not any(isinstance(c.exhaustive, Proved) for c in answer.cases)


def test_replies_in_a_market_are_asked_at_the_numeraires_price() -> None:
    """Min(x, y) has no first-order conditions, and one of both prices is 1."""
    m = sp.Symbol("m", positive=True)
    p1, p2 = sp.symbols("p1 p2", nonnegative=True)
    one = Agent("one", sp.Min(z1, z2), z1, z2, constraints={"b1": sp.Le(p1 * z1 + p2 * z2, p1 * m)})
    two = Agent(
        "two", sp.log(x1) + sp.log(x2), x1, x2, constraints={"b2": sp.Le(p1 * x1 + p2 * x2, p2)}
    )
    prices = {p1: sp.Le(z1 + x1, m), p2: sp.Le(z2 + x2, 1)}
    answer = solve(Game(one, two, concept="walras", prices=prices, numeraire=p1))
    for case in answer.cases:
        assert not isinstance(case, NoSolution)
        assert dict(case.values)[z2] == sp.Rational(1, 2)


def test_a_concept_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(UsageError, match="no concept 'cournot' .one of .*nash"):
        solve(bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]]), "cournot")  # type: ignore[arg-type]


def test_whoever_shoots_best_shoots_alone() -> None:
    """v max(x, y) - c x on [0, 1] is convex in x: one is at 1 and the other at 0, by a grid.

    The best reply to y is 1 if v - c > v y and 0 if it is less, for c < v.
    """
    game = Game(
        Agent("a", v * sp.Max(x, y) - c * x, (x, UNIT)),
        Agent("b", v * sp.Max(x, y) - c * y, (y, UNIT)),
        concept="nash",
    )
    solution = solve(game)
    assert isinstance(solution.coverage, Proved)
    for worth, cost in product((1, 2, 3), (1, 2, 4)):
        at = {v: sp.Integer(worth), c: sp.Integer(cost)}
        here = [r for r in solution.cases if all(holds(w, at) for w in r.when)]
        # All of the tie may be missed as long as it is said.
        whole = worth != cost or all(isinstance(r.exhaustive, Proved) for r in here)
        assert here
        for one, other in product(GRID, repeat=2):
            gains = [max(worth * max(t, o) - cost * t for t in GRID) for o in (other, one)]
            now = [worth * max(one, other) - cost * t for t in (one, other)]
            said = listed(solution, at, {x: one, y: other})
            assert (said == (gains == now)) if whole else (not said or gains == now)


def test_payoffs_convex_in_the_own_choice_are_answered_at_the_ends() -> None:
    """x**2 - k x y and y**2 - y + k x y on [0, 1]: a finite game of the ends, found by hand.

    First-order conditions hold at least values, too: x = k/2, y = 1 for 0 < k < 2.
    """
    any_k = sp.Symbol("any_k", real=True)
    game = Game(
        Agent("a", z1**2 - any_k * z1 * z2, (z1, UNIT)),
        Agent("b", z2**2 - z2 + any_k * z1 * z2, (z2, UNIT)),
        concept="nash",
    )
    solution = solve(game)
    assert isinstance(solution.proof, Proved) and isinstance(solution.coverage, Proved)
    for value in map(sp.Rational, ("-2", "-1/3", "0", "1/2", "1", "3/2", "5")):
        found = set()
        for one, other in product(GRID, repeat=2):
            best = all(one**2 - value * one * other >= t**2 - value * t * other for t in GRID)
            worth = [t**2 - t + value * one * t for t in (*GRID, other)]
            if best and worth[-1] == max(worth):
                found.add((one, other))
        assert found
        for one, other in product(GRID, repeat=2):
            assert listed(solution, {any_k: value}, {z1: one, z2: other}) == ((one, other) in found)


def test_a_shared_constraint_with_a_bend_is_not_said_to_be_answered_in_full() -> None:
    """max(x, 2 y) <= k binds for k < 4, where (min(2, k), min(2, k/2)) is the equilibrium."""
    game = Game(
        Agent("a", 2 * x - x**2 / 2, (x, (0, sp.oo))),
        Agent("b", 2 * y - y**2 / 2, (y, (0, sp.oo))),
        shared={"K": sp.Max(x, 2 * y) <= k},
    )
    solution = solve(game, "variational")
    for limit in (sp.Rational(1, 2), sp.Integer(3), sp.Integer(5)):
        truth = {x: min(sp.Integer(2), limit), y: min(sp.Integer(2), limit / 2)}
        here = [r for r in solution.cases if all(holds(w, {k: limit}) for w in r.when)]
        assert all(listed(solution, {k: limit}, truth) for _ in here)
        assert here or not isinstance(solution.coverage, Proved)
