"""Piecewise utilities by cases: answers known by hand, and claims a naive argument would make."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from alignsym import Agent, Game, ModelError, Relation, loads, solve
from alignsym.cases import _only, composed
from alignsym.claims import Proved, Unknown
from alignsym.pieces import parts
from alignsym.rivals import Rival
from alignsym.solution import Continuum, NoSolution, Regime, Solution
from alignsym.solving.branches import Branch
from alignsym.solving.compare import Valued

x, y, z = sp.symbols("x y z", real=True)
n, m = sp.symbols("n m", nonnegative=True)
a, b, q, w = sp.symbols("a b q w", positive=True)
ONE, HALF = sp.S.One, sp.Rational(1, 2)


def by_cases(*pairs: tuple[object, object]) -> sp.Expr:
    return sp.Piecewise(*pairs, evaluate=False)


def at(solution: Solution, point: dict[sp.Symbol, object], action: sp.Symbol) -> set[sp.Expr]:
    """The values of the action in every regime that holds at the point."""
    out = set()
    for regime in solution.regimes:
        if all(_true(r, point) for r in regime.when):
            out.add(dict(regime.values)[action].subs(point))
    return out


def _true(relation: Relation, point: dict[sp.Symbol, object]) -> bool:
    gap = relation.gap.subs(point)
    if relation.operator in ("==", "!="):
        return bool(gap == 0) is (relation.operator == "==")
    return bool(gap > 0 if relation.is_strict else gap >= 0)


def proved(solution: Solution) -> bool:
    return isinstance(solution.proof, Proved)


def test_progressive_tariff() -> None:
    """Half of what is earned beyond the first unit is taxed away: bunching at 1 for 1 <= a <= 2."""
    earned = by_cases((a * n - n**2 / 2, n <= 1), (a * n - a * (n - 1) / 2 - n**2 / 2, True))
    solution = solve(Game(Agent("A", earned, n)), "maximize")
    assert proved(solution)
    for value, best in ((HALF, HALF), (1, 1), (sp.Rational(3, 2), 1), (2, 1), (6, 3)):
        assert at(solution, {a: value}, n) == {best}


def test_quantity_discount() -> None:
    """2 for each of less than one unit, 1 from one unit on: nothing is bought until one unit is."""
    bought = by_cases((a * n - n**2 - 2 * n, n < 1), (a * n - n**2 - n, True))
    solution = solve(Game(Agent("A", bought, n)), "maximize")
    assert isinstance(solution.coverage, Proved)
    assert all(isinstance(r.status, Proved) for r in solution.regimes)
    for value, best in ((1, {0}), (2, {0, 1}), (sp.Rational(5, 2), {1}), (3, {1}), (5, {2})):
        assert at(solution, {a: value}, n) == best
    assert all(isinstance(r.exhaustive, Proved) for r in solution.regimes)


@pytest.mark.parametrize("condition", [sp.Eq(n, 0, evaluate=False), sp.Le(n, 0, evaluate=False)])
def test_fixed_cost(condition: sp.Basic) -> None:
    """b is paid for anything at all: n = a if a**2 >= 2*b, else nothing."""
    gained = by_cases((sp.S.Zero, condition), (a * n - n**2 / 2 - b, True))
    solution = solve(Game(Agent("A", gained, n)), "maximize")
    assert all(isinstance(r.status, Proved) for r in solution.regimes)
    for point, best in (({a: 1, b: 1}, {0}), ({a: 2, b: 1}, {2}), ({a: 2, b: 2}, {0, 2})):
        assert at(solution, point, n) == best


def test_the_war_game_is_peaceful() -> None:
    text = (Path(__file__).parent / "corpus" / "seed" / "war_social.toml").read_text()
    game = loads(text)
    solution = solve(game)
    (only,) = solution.regimes
    Q = game.parameters[0].symbol
    assert isinstance(only.status, Proved)
    assert {e for _, e in only.values} == {Q / 2}


def test_a_condition_on_parameters_alone() -> None:
    """a < 1 is strict: at a = 1 the second utility counts, and only it."""
    target = by_cases((-((x - 1) ** 2), a < 1), (-((x - 2) ** 2), True))
    solution = solve(Game(Agent("A", target, x)), "maximize")
    assert proved(solution)
    assert at(solution, {a: 1}, x) == {2}
    assert at(solution, {a: HALF}, x) == {1}


def test_a_loss_that_steps() -> None:
    """A loss is minimised: the smaller of two least values, at the parameters."""
    lost = by_cases(((x - 1) ** 2 + b, x <= 1), ((x - 3) ** 2 + a, True))
    solution = solve(Game(Agent("A", lost, (x, (-5, 5)), loss=True)), "maximize")
    assert all(isinstance(r.status, Proved) for r in solution.regimes)
    assert at(solution, {a: 2, b: 1}, x) == {1}
    assert at(solution, {a: 1, b: 2}, x) == {3}


def test_a_supremum_that_no_choice_reaches() -> None:
    """x -> 1 from below has the value 1, x = 1 has 0."""
    short = by_cases((x, x < 1), (-x, True))
    solution = solve(Game(Agent("A", short, (x, (0, 2)))), "maximize")
    assert solution.status == "none" and isinstance(solution.proof, Proved)


def test_a_supremum_that_a_later_choice_exceeds() -> None:
    """x -> 1 from below has the value 1, but x = 4 has 2."""
    later = by_cases((x, x < 1), (x - 2, True))
    solution = solve(Game(Agent("A", later, (x, (0, 4)))), "maximize")
    assert at(solution, {}, x) == {4} and isinstance(solution.proof, Proved)


def test_a_supremum_that_another_choice_attains() -> None:
    """x -> 1 from below has the value 1, and so has x = 3, exactly where a = 2."""
    level = by_cases((x, x < 1), (x - a, True))
    solution = solve(Game(Agent("A", level, (x, (0, 3)))), "maximize")
    assert at(solution, {a: 2}, x) == {3} and at(solution, {a: 1}, x) == {3}
    assert not at(solution, {a: sp.Rational(5, 2)}, x)
    assert any(isinstance(c, NoSolution) and c.outcome == "none" for c in solution.cases)


def best_at(
    solution: Solution, point: dict[sp.Symbol, object], grid: list[sp.Expr]
) -> set[sp.Expr]:
    """The points of a grid that the answer lists at the parameters."""
    out = set()
    for case in solution.cases:
        if isinstance(case, NoSolution) or not all(_true(r, point) for r in case.when):
            continue
        for value in grid:
            here = {**point, x: value}
            equal = all(sp.sympify(e).subs(here) == here[s] for s, e in case.values)
            more = case.relations if isinstance(case, Continuum) else ()
            if equal and all(_true(r, here) for r in more):
                out.add(value)
    return out


LEVELS = {
    "a plateau at the supremum": (by_cases((x, x < 1), (ONE, True)), lambda t, v: t >= 1),
    "a plateau behind a slope": (
        by_cases((ONE, x > a), (x, True)),
        lambda t, v: (t > v if v < 1 else t >= 1) if v <= 1 else t == min(v, 2),
    ),
    "a plateau before a slope": (
        by_cases((ONE, x < a), (x, True)), lambda t, v: t == 2 if v <= 2 else True,
    ),
    "two plateaus": (
        by_cases((a, x < 1), (ONE, True)), lambda t, v: v == 1 or (t < 1 if v > 1 else t >= 1),
    ),
    "two plateaus and a peak": (
        by_cases((a, x < 1), (2 - x, x < 2), (ONE, True)),
        lambda t, v: t in (1, 2) if v < 1 else t <= 1 or t == 2 if v == 1 else t < 1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LEVELS)
def test_parts_that_are_level(name: str) -> None:
    """The best x in [0, 2] at every parameter, by hand: exactly these are listed."""
    worth, expected = LEVELS[name]
    solution = solve(Game(Agent("A", worth, (x, (0, 2)))), "maximize")
    assert isinstance(solution.proof, Proved)
    grid = [sp.Rational(n, 8) for n in range(17)]
    for value in (HALF, ONE, sp.Rational(3, 2), sp.Integer(2), sp.Integer(3)):
        best = {t for t in grid if expected(t, value)}
        assert best_at(solution, {a: value}, grid) == best, value


def test_a_level_loss_of_a_planner() -> None:
    """One agent alone loses 1 up to x = a and x beyond: the planner's value is minus that."""
    lost = by_cases((ONE, x <= a), (x, True))
    agent = Agent("A", lost, (x, (0, 2)), loss=True)
    solution = solve(Game(agent, conditions=[a > 1, a < 2]), "social")
    values = {o.value for o in solution.cases if not isinstance(o, NoSolution)}
    assert isinstance(solution.proof, Proved) and values == {-ONE}
    assert best_at(solution, {a: sp.Rational(3, 2)}, [sp.S.Zero, ONE, sp.Integer(2)]) == {0, ONE}


def test_undercutting_has_no_best_price_and_equal_prices_are_zero() -> None:
    p, r = sp.symbols("p r")

    def sold(mine: sp.Symbol, other: sp.Symbol) -> sp.Expr:
        return by_cases((mine - b, mine < other), ((mine - b) / 2, sp.Eq(mine, other)), (0, True))

    firms = (Agent("one", sold(p, r), (p, (0, 1))), Agent("two", sold(r, p), (r, (0, 1))))
    solution = solve(Game(*firms, conditions=[b < 1], concept="nash"))
    (case,) = solution.regimes
    assert dict(case.values) == {p: b, r: b} and isinstance(solution.proof, Proved)


def test_a_part_without_bound() -> None:
    assert not solve(Game(Agent("A", by_cases((-n, n <= 7), (n, True)), n)), "maximize").regimes


def test_conditions_that_are_not_one_relation() -> None:
    both = by_cases((ONE, sp.And(x > 0, x < 1)), (sp.S.Zero, True))
    assert isinstance(parts(Game(Agent("A", both - x**2, x))), str)


def test_shadow_prices_where_two_cases_tie() -> None:
    """max |x| on [-q, q] is q at both ends: V(e) = max(q + e, q) has no derivative, though x = q
    has the multiplier 1 in its case."""
    size = by_cases((-x, x <= 0), (x, True))
    agent = Agent("A", size, (x, (-5, 5)), constraints={"c": x <= q, "d": x >= -q})
    solution = solve(Game(agent, conditions=[q <= 4]), "maximize")
    assert len(solution.regimes) == 2
    assert not any(r.multipliers for r in solution.regimes)


def test_a_case_that_opens_when_a_constraint_moves() -> None:
    """y <= 1 + e lets in y > 1 + 1/(1 + z) for z > 1/e - 1, which is worth 100: V jumps at e = 0,
    though y = 1, z = 0 is the only optimum and has the multiplier 1 in its case."""
    worth = by_cases((y - z, y <= 1 + 1 / (1 + z)), (sp.Integer(100), True))
    agent = Agent("A", worth, (y, (0, 5)), (z, (0, sp.oo)), constraints={"c": y <= 1})
    (only,) = solve(Game(agent), "maximize").regimes
    assert dict(only.values) == {y: 1, z: 0}
    assert not only.multipliers


def test_shadow_prices_inside_a_case() -> None:
    """With w*n <= q and n < 2: mu = (1 - n/4)/w at n = q/w; at n = 2 another case begins."""
    kept = by_cases((n - n**2 / 8, n <= 2), (n - n**2 / 8 - 1, True))
    agent = Agent("A", kept, n, constraints={"c": w * n <= q})
    solution = solve(Game(agent), "maximize")
    assert proved(solution)
    for regime in solution.regimes:
        priced = dict(regime.values)[n] == q / w
        named = dict(regime.multipliers)
        assert priced == ("c" in named)
        assert not priced or sp.simplify(named["c"] - (1 - q / (4 * w)) / w) == 0


def test_a_constraint_named_like_a_case() -> None:
    kept = by_cases((n - n**2 / 8, n <= 2), (n - n**2 / 8 - 1, True))
    agent = Agent("A", kept, n, constraints={"case_1": n <= 1})
    solution = solve(Game(agent), "maximize")
    assert proved(solution)
    assert solution.multipliers["case_1"] == sp.Rational(3, 4)
    assert solution.regimes[0].binding == ("case_1",)


def rivals_of(game: Game, found: list[tuple[sp.Expr, sp.Expr]], **said: object) -> list[Rival]:
    """One optimum for each part: its point and value, exhaustive."""
    split = parts(game)
    assert not isinstance(split, str)
    out = []
    for part, (point, value) in zip(split, found, strict=True):
        told = {"exhaustive": Proved(), "status": Proved(), **said}
        regime = Regime((), ((x, point),), value=value, **told)  # type: ignore[arg-type]
        out.append(Rival(part, regime, priced=True))
    return out


def test_an_optimum_outside_its_case_is_refused() -> None:
    """x = 2 does not satisfy x <= 1, whatever its value."""
    stepped = by_cases((-((x - 2) ** 2), x <= 1), (-(x**2), True))
    game = Game(Agent("A", stepped, (x, (-5, 5))))
    lies = rivals_of(game, [(sp.Integer(2), sp.S.Zero), (ONE, -ONE)])
    listed = composed(game, "maximize", lies, ())
    assert not any(isinstance(r.status, Proved) for r in listed)


def test_an_equal_optimum_that_is_not_the_only_one_of_its_case() -> None:
    """1 - (x - 1)**2*(x - 3)**2 is 1 at 1 and at 3: with 3 unlisted, x = 1 is not the only one."""
    stepped = by_cases((x, x <= 1), (1 - (x - 1) ** 2 * (x - 3) ** 2, True))
    game = Game(Agent("A", stepped, (x, (0, 5))))
    known = rivals_of(game, [(ONE, ONE), (ONE, ONE)])
    second = replace(known[1].regime, exhaustive=Unknown("not shown"))
    rivals = [known[0], replace(known[1], regime=second)]
    bounds = [Valued(Branch((), r.regime.values, frozenset(), (), ()), ONE) for r in rivals]
    assert isinstance(_only(known[0], bounds[0], bounds, known, ()), Proved)
    assert isinstance(_only(rivals[0], bounds[0], bounds, rivals, ()), Unknown)


INNER = "Piecewise((0, x <= 1), (1 - x, True))"


@pytest.mark.parametrize(
    "zero", ["log(x) - log(x)", "0*log(x)", "0/x", "0*sqrt(x)", f"0*log(x) + {INNER}"]
)
def test_a_branch_that_loses_its_domain(zero: str) -> None:
    """-(x + 1)**2 + log(x) - log(x) is undefined at x = -1, though SymPy sees no logarithm."""
    text = f"""format = 1
concept = "maximize"
[[agents]]
name = "A"
actions = {{ x = "real" }}
utility = "Piecewise((-(x + 1)**2 + {zero}, x <= 5), (-100 - x**2, True))"
"""
    with pytest.raises(ModelError, match="cancels in a branch"):
        loads(text)
    loads(text.replace(zero, "log(x**2 + x) + 1/(2*x) + sqrt(4*x)"))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 1)), min_size=3, max_size=3),
    st.lists(st.booleans(), min_size=2, max_size=2),
    st.booleans(),
)
def test_random_pieces_of_lines(
    lines: list[tuple[int, int]], closed: list[bool], moving: bool
) -> None:
    """c + d*x on each of three pieces of [0, 2]: the supremum is at an end of a piece."""
    first, second = (a if moving else HALF, sp.Rational(3, 2))
    ends = [x <= e if c else x < e for e, c in zip((first, second), closed, strict=True)]
    (f, g, h) = (sp.Integer(c) + d * x for c, d in lines)
    solution = solve(Game(Agent("A", by_cases((f, ends[0]), (g, ends[1]), (h, True)), (x, (0, 2)))),
                     "maximize")  # fmt: skip
    if not isinstance(solution.proof, Proved):
        return
    grid = [sp.Rational(n, 8) for n in range(17)]
    for value in (HALF, ONE, sp.Rational(3, 2), sp.Integer(3)) if moving else (ONE,):
        low = value if moving else HALF
        parts_ = [(0, min(low, 2), f), (low, second, g), (max(low, second), 2, h)]
        supremum = max(
            e.subs(x, t) for left, right, e in parts_ if left < right for t in (left, right)
        )
        own = {t: _worth(lines, ends, {a: value, x: t}) for t in grid}
        best = {t for t, w in own.items() if w == max(supremum, *own.values())}
        assert best_at(solution, {a: value}, grid) == best, (lines, closed, value)


def _worth(
    lines: list[tuple[int, int]], ends: list[sp.Basic], at: dict[sp.Symbol, sp.Expr]
) -> sp.Expr:
    for (c, d), end in zip(lines, [*ends, sp.true], strict=True):
        if end.subs(at) == sp.true:
            return c + d * at[x]
    raise AssertionError
