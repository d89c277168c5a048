"""Small models that invite a wrong answer; the truth is known by hand, and tried on a grid.

Suprema that are not attained, roots of cubics, kinks, jumps, and programs whose regimes end where
their own formulas do.  What is answered is compared with the best of a fine grid of choices.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sympy as sp

from alignsym import Agent, Game, loads, solve
from alignsym.claims import Proved
from alignsym.solution import Continuum, NoSolution, Regime, Solution, holds

GRID = [k / 64 for k in range(-64 * 12, 64 * 12 + 1)]


@dataclass(frozen=True)
class Hard:
    """A program in x (real where nothing is said), its objective as numbers, and parameters."""

    name: str
    utility: str
    value: Callable[..., float]
    points: tuple[dict[str, str], ...] = ({},)
    domain: str = '"real"'
    constraint: str = ""


def at(**numbers: str) -> dict[str, str]:
    return numbers


HARD = [
    Hard("rises and then falls", "x/(1 + x**2)", lambda x: x / (1 + x * x)),
    Hard("lowest of one", "a*x - x**4/4 - x**2/2", lambda x, a: a * x - x**4 / 4 - x * x / 2,
         (at(a="-3"), at(a="0"), at(a="10"))),
    Hard("a cubic's largest root", "a*x - x**4/4 + 3*x**2/2",
         lambda x, a: a * x - x**4 / 4 + 1.5 * x * x if x >= 0 else -math.inf,
         (at(a="1"), at(a="2"), at(a="18")), '"nonnegative"'),
    Hard("not concave", "a*x - x**4 + x**3",
         lambda x, a: a * x - x**4 + x**3, (at(a="-1/10"), at(a="0"), at(a="1"))),
    Hard("a root under a cap", "a*x - x**4/4 - x**2/2",
         lambda x, a, q: a * x - x**4 / 4 - x * x / 2 if x <= q else -math.inf,
         (at(a="10", q="1"), at(a="10", q="2"), at(a="10", q="3"), at(a="-10", q="-3")),
         constraint="x <= q"),
    Hard("the leading coefficient vanishes", "a*x - (b - 1)*x**4/4 - x**2/2",
         lambda x, a, b: a * x - (b - 1) * x**4 / 4 - x * x / 2,
         (at(a="2", b="1"), at(a="10", b="2"))),
    Hard("two equal peaks", "-(x**2 - a)**2", lambda x, a: -((x * x - a) ** 2),
         (at(a="-1"), at(a="0"), at(a="4"))),
    Hard("a convex kink", "Max(x, a*x) - x**2/2", lambda x, a: max(x, a * x) - x * x / 2,
         (at(a="-2"), at(a="-1"), at(a="1/2"), at(a="1"), at(a="2"))),
    Hard("a concave kink", "t*x - Abs(x)", lambda x, t: t * x - abs(x),
         (at(t="-1/2"), at(t="1/2"))),
    Hard("a bonus from 1 on", "-x**2/2 + Piecewise((b, x >= 1), (0, True))",
         lambda x, b: -x * x / 2 + (b if x >= 1 else 0),
         (at(b="1/4"), at(b="1/2"), at(b="1")), '["0", "2"]'),
    Hard("brackets that fall", "Piecewise((x/2, x <= 1), (x - 1/2, True)) - x**2/(2*a)",
         lambda x, a: (x / 2 if x <= 1 else x - 0.5) - x * x / (2 * a) if x >= 0 else -math.inf,
         (at(a="1"), at(a="4/3"), at(a="3")), '"nonnegative"'),
    Hard("feasible for a >= 0 alone", "x",
         lambda x, a: x if x * x <= a else -math.inf, (at(a="1"), at(a="4")),
         constraint="x**2 <= a"),
]  # fmt: skip


def solved(hard: Hard) -> Solution:
    names = sorted({k for p in hard.points for k in p})
    text = 'format = 1\nconcept = "maximize"\n[parameters]\n'
    text += "".join(f'{k} = "{"positive" if k == "b" else "real"}"\n' for k in names)
    text += f'[[agents]]\nname = "s"\nactions = {{ x = {hard.domain} }}\n'
    text += f'utility = "{hard.utility}"\n'
    text += f'constraints = {{ c = "{hard.constraint}" }}\n' if hard.constraint else ""
    return solve(loads(text), seconds=4)


@pytest.mark.parametrize("hard", HARD, ids=lambda h: h.name)
def test_what_is_proved_is_as_good_as_the_best_of_a_grid(hard: Hard) -> None:
    solution = solved(hard)
    known = {str(p.symbol): p.symbol for p in solution.game.parameters}
    low = -12 if "real" in hard.domain else 0
    high = 2 if "2" in hard.domain else 12
    for point in hard.points:
        table = {known[k]: sp.Rational(v) for k, v in point.items()}
        numbers = {k: float(sp.Rational(v)) for k, v in point.items()}
        best = max(hard.value(x, **numbers) for x in GRID if low <= x <= high)
        for case in solution.cases:
            if not all(holds(r, table) for r in case.when):
                continue
            assert not isinstance(case, NoSolution), case
            if isinstance(case, Continuum) or not isinstance(case.status, Proved):
                continue
            ((_, optimum),) = case.values
            x = float(sp.N(optimum.xreplace(table), 20))
            assert hard.value(x - 1e-12 * (hard.constraint != ""), **numbers) > best - 1e-9


NONE = [
    ("-a/x", '"positive"'),
    ("-a*x", '"positive"'),
    ("a*(1 - exp(-x))", '"nonnegative"'),
    ("-a*exp(x)", '"real"'),
    ("a*x + 0*log(1 - x)", '"real"'),
]


@pytest.mark.parametrize(("utility", "domain"), NONE)
def test_a_supremum_that_is_not_attained(utility: str, domain: str) -> None:
    text = 'format = 1\nconcept = "maximize"\n[parameters]\na = "positive"\n[[agents]]\n'
    text += f'name = "s"\nactions = {{ x = {domain} }}\nutility = "{utility}"\n'
    solution = solve(loads(text))
    assert solution.status == "none" and isinstance(solution.proof, Proved)


ATTAINED = [
    ("x/(1 + x**2)", '"real"'),  # both ends approach 0, and 1/2 is attained
    ("(1 - x)*exp(-x)", '["0", "oo"]'),
    ("x*exp(-x)", '"real"'),
    ("a/x - 1/x**2", '"positive"'),
    ("-(x - a)**2", '"positive"'),
    ("sqrt(x) - a*x", '"positive"'),
    ("sqrt(x**2 + 1) - x", '"real"'),  # unbounded, and no exact number is to be recognised
]


@pytest.mark.parametrize(("utility", "domain"), ATTAINED)
def test_what_is_attained_or_unbounded_is_never_called_not_attained(
    utility: str, domain: str
) -> None:
    text = 'format = 1\nconcept = "maximize"\n[parameters]\na = "positive"\n[[agents]]\n'
    text += f'name = "s"\nactions = {{ x = {domain} }}\nutility = "{utility}"\n'
    solution = solve(loads(text))
    assert not any(isinstance(c, NoSolution) and c.outcome == "none" for c in solution.cases)


def test_a_condition_that_only_says_it_is_defined_says_so() -> None:
    """The multiplier of x**2 <= a is 1/(2*sqrt(a)): it is nonnegative wherever it is a number."""
    hard = next(h for h in HARD if h.constraint == "x**2 <= a")
    cases = [c for c in solved(hard).cases if isinstance(c, Regime)]
    (regime,) = (c for c in cases if c.multipliers)
    assert [str(r) for r in regime.when] == ["a > 0"]
    # At a = 0 one point is feasible, and no multiplier is claimed.
    assert all([str(r) for r in c.when] == ["Eq(a, 0)"] for c in cases if c is not regime)


def test_a_kink_in_a_symbol_that_is_not_declared_real() -> None:
    """SymPy leaves the derivative of |x - y| open there, and putting in x = 1 raised ValueError.

    At y = 0 the objective x**2 - 2*x on [0, 1] is largest at 0.
    """
    x, y = sp.symbols("x y")
    bent = x**2 + x * y - 2 * sp.Abs(x - y)
    solution = solve(Game(Agent("A", bent, (x, (0, 1))), conditions=[y <= 1, y >= 0]), "maximize")
    assert {tuple(row.values()) for row in solution.at({y: 0})} <= {(sp.S.Zero,)}


def test_saving_with_constant_relative_risk_aversion() -> None:
    """(y0 - s)^(-g) = b*R*(y1 + R*s)^(-g): s = 0 where y1^g >= R*b*y0^g, else by the ratio."""
    g, beta, y0, y1, rate = sp.symbols("g b y0 y1 R", positive=True)
    s = sp.Symbol("s", nonnegative=True)
    worth = ((y0 - s) ** (1 - g) + beta * (y1 + rate * s) ** (1 - g)) / (1 - g)
    agent = Agent("saver", worth, s, constraints={"income": sp.Le(s, y0)})
    solution = solve(Game(agent, concept="maximize", conditions=[g > 1]))
    assert isinstance(solution.proof, Proved) and isinstance(solution.coverage, Proved)
    for numbers in (
        (2, 1, 3, 1, 2),
        (3, sp.Rational(1, 8), 4, 1, 1),
        (2, sp.Rational(1, 2), 1, 5, 1),
    ):
        at = dict(zip((g, beta, y0, y1, rate), map(sp.sympify, numbers), strict=True))
        (found,) = solution.at(at)
        saved = float(found["s"])
        grid = [saved + float(at[y0]) * k / 200 for k in range(-40, 41)]
        value = sp.lambdify(s, worth.subs(at))
        assert all(value(saved) >= value(t) - 1e-12 for t in grid if 0 <= t < float(at[y0]))
