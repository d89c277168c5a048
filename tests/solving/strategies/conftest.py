"""Systems that every strategy meets, and the judgement of what it makes of them.

A system comes with numbers that solve it.  Nothing here asks the code under test: a candidate is
put into the equations in numbers, at the system's own points and at fresh ones near them, where
mpmath finds the root anew.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import mpmath
import pytest
import sympy as sp

from alignsym.solving import strategies
from alignsym.solving.strategies import DEFAULT
from alignsym.solving.strategies.contract import Candidate, Case, Declined, Strategy

mp = mpmath.mp.clone()
mp.dps = 30
FRESH = 3
NEAR, EQUAL = 0.06, 1e-9

x, y, z, t = sp.symbols("x y z t", positive=True)
u, v = sp.symbols("u v", real=True)
a, b, c, q = sp.symbols("a b c q", positive=True)
GIVEN = {a: 2.0, b: 3.0, c: 0.5, q: 7.0}


def case(equations: list[sp.Expr], numbers: dict[sp.Symbol, float]) -> Case:
    point = tuple({**GIVEN, **numbers}.items())
    return Case(tuple(equations), tuple(numbers), (point,))


ROOT = (1 + 13**0.5) / 2
SYSTEMS: dict[str, Case] = {
    "one linear": case([2 * u - a], {u: 1.0}),
    "two linear": case([2 * u + v - a, u - v - b], {u: 5 / 3, v: -4 / 3}),
    "linear with a symbolic matrix": case([a * u + b * v - q, u - c * v], {u: 7 / 8, v: 7 / 4}),
    "shares": case([a / x - t, b / y - t, x + y - q], {x: 2.8, y: 4.2, t: 5 / 7}),
    "symmetric logs": case([1 / x - t, 1 / y - t, x + y - q], {x: 3.5, y: 3.5, t: 2 / 7}),
    "symmetric Cournot": case([q - 2 * x - y - c, q - x - 2 * y - c], {x: 6.5 / 3, y: 6.5 / 3}),
    "contest": case(
        [1 / (x + y) - x / (x + y) ** 2 - a / q, 1 / (x + y) - y / (x + y) ** 2 - b / q],
        {x: 0.84, y: 0.56},
    ),
    "contest of three equals": case(
        [1 / (x + y + z) - w / (x + y + z) ** 2 - a for w in (x, y, z)],
        dict.fromkeys((x, y, z), 1 / 9),
    ),
    "power": case([x**a - b], {x: 3**0.5}),
    "quadratic": case([x**2 - x - b], {x: ROOT}),
    "Lambert's W": case([sp.log(x) + x - 1], {x: 1.0}),
    "exponential": case([sp.exp(u) - b], {u: 1.0986122886681098}),
    "Cobb-Douglas": case(
        [sp.sqrt(y / x) / 2 - a * t, sp.sqrt(x / y) / 2 - b * t, a * x + b * y - q],
        {x: 1.75, y: 7 / 6, t: 0.20412414523193154},
    ),
}
SYSTEMS |= {
    "zero by sign": case([b * u - t * u, x - t - q, t - a], {u: 0.0, x: 9.0, t: 2.0}),
    "two zeros": case([u * v, u * x - v * t, x**2 - a, t - b], {u: 0.0, v: 0.0, x: 2**0.5, t: 3.0}),
}
SYSTEMS |= {
    "projection on a circle": case(
        [a - u - t * u, b - v - t * v, 1 - u**2 - v**2],
        {u: 2 / 13**0.5, v: 3 / 13**0.5, t: 13**0.5 - 1},
    ),
    "a linear form on an ellipse": case(
        [a - 2 * t * u, b - 8 * t * v, 1 - u**2 - 4 * v**2], {u: 0.8, v: 0.3, t: 1.25}
    ),
}
SYSTEMS |= {
    "numbers": case([x * y - 6, x - y - 1], {x: 3.0, y: 2.0}),
    "golden section": case([x**2 - x - 1], {x: (1 + 5**0.5) / 2}),
}
SYSTEMS |= {
    "CES demand": case(
        [
            1 / (sp.sqrt(x) * (sp.sqrt(x) + sp.sqrt(y))) - a * t,
            1 / (sp.sqrt(y) * (sp.sqrt(x) + sp.sqrt(y))) - b * t,
            q - a * x - b * y,
        ],
        {x: 2.1, y: 14 / 15, t: 1 / 7},
    ),
    "a budget at equal prices": case([a / x - t, b / y - t, q - x - y], {x: 2.8, y: 4.2, t: 5 / 7}),
    "Stone-Geary": case(
        [1 / (x - c) - a * t, 1 / (y - c) - b * t, q - a * x - b * y],
        {x: 1.625, y: 1.25, t: 4 / 9},
    ),
    "shares c and 1 - c": case(
        [c / x - a * t, (1 - c) / y - b * t, q - a * x - b * y], {x: 1.75, y: 7 / 6, t: 1 / 7}
    ),
    "a power of a shifted unknown": case([(x - c) ** a - b], {x: 0.5 + 3**0.5}),
}
NO_SOLUTION: dict[str, Case] = {
    "two equal equations": case([u + v - a, 2 * u + 2 * v - 2 * a], {u: 0.5, v: 1.5}),
    "contradiction": case([u + v - a, u + v - b], {u: 1.0, v: 1.0}),
    "numbers that do not solve it": case([2 * u - a], {u: 5.0}),
    "numbers of another root": case([x**2 - a], {x: 5.0}),
    "quintic": case([x**5 + x - b], {x: 1.1329}),
    "transcendental": case([sp.exp(x) + x**2 + sp.log(x) - b], {x: 0.8}),
    "more unknowns than equations": case([u + v - a], {u: 0.5, v: 1.5}),
    "fewer unknowns than equations": case([u - a, u - b], {u: 2.0}),
    "the same product twice": case([x * y - a, x**2 * y**2 - a**2], {x: 2.0, y: 1.0}),
}


SYSTEMS |= {
    "zero by chance": case([u + x - a, x - a], {u: 0.0, x: 2.0}),
    "a cube root": case([x**3 - 2], {x: 2 ** (1 / 3)}),
    "bilinear": case([x * y - a, x - b * y], {x: 6**0.5, y: (2 / 3) ** 0.5}),
    "interchangeable but unequal": case([x + y - b, x * y - a], {x: 2.0, y: 1.0}),
    "sum in one equation only": case([1 / (x + y) - c, x - y - a], {x: 2.0, y: 0.0}),
    "two different sums": case([1 / (x + y) - c, 1 / (x - 2 * y) - a], {x: 1.5, y: 0.5}),
}


def market(
    equations: list[sp.Expr], numbers: dict[sp.Symbol, float], owners: str, held: str
) -> Case:
    """Owners of the equations and of the unknowns, a letter each; `.` is a market or a price."""
    given = case(equations, numbers)
    names = tuple(o.strip(".") for o in owners)
    return replace(
        given,
        owners=names,
        held=tuple((s, o) for s, o in zip(given.unknowns, held, strict=True) if o != "."),
    )


SYSTEMS |= {
    "a consumer meets a supply": market(
        [a / x - z * t, b / y - z, q - t * x - y, c - x],
        {x: 0.5, y: 4.2, z: 5 / 7, t: 5.6},
        "AAA.",
        "AAA.",
    ),
    "two consumers of one good": market(
        [1 / sp.sqrt(x) - t, a / sp.sqrt(y) - b * t, q - x - y],
        {x: 63 / 13, y: 28 / 13, t: (13 / 63) ** 0.5},
        "AB.",
        "AB.",
    ),
    "a consumer with a firm's profit": market(
        [t / (2 * sp.sqrt(x)) - 1, u - sp.sqrt(x), y - b * t * z, t * u - x + a - y - t * z, u - z],
        {x: 2 / 7, u: (2 / 7) ** 0.5, z: (2 / 7) ** 0.5, y: 12 / 7, t: (8 / 7) ** 0.5},
        "FFCC.",
        "FFCC.",
    ),
}
# Near misses: nobody has to solve them, and what is found must be true all the same.
HARD: dict[str, Case] = {
    "zero beside a sextic": case([u * x, x**6 + x - b], {u: 0.0, x: 1.1117564746368136}),
    "zero of a positive symbol": case([x * t, t - a], {x: 0.0, t: 2.0}),
    "equal numbers, unequal equations": case([x**2 + y - a, x + y**3 - a], {x: 1.0, y: 1.0}),
    "symmetric sextic": case(
        [x**6 + y - b, y**6 + x - b], dict.fromkeys((x, y), 1.1117564746368136)
    ),
    "a transcendental number": case([sp.cos(x) - x], {x: 0.7390851332151607}),
    "a jump": case([sp.Heaviside(u - 1) + u - 3], {u: 2.0}),
    "two unknowns, one number": case([x * y - 6], {x: 2.0, y: 3.0}),
    "a shifted sextic": case([(x - c) ** 6 + (x - c) - b], {x: 1.6117564746368136}),
}


class Contract:
    """What a strategy owes: a reason, or candidates that numbers do not refute."""

    def __init__(self) -> None:
        self.systems = {**SYSTEMS, **HARD, **NO_SOLUTION}
        self.solvable = SYSTEMS
        self.roots = {name: list(fresh(given)) for name, given in {**SYSTEMS, **HARD}.items()}

    def outcome(self, strategy: Strategy, system: str) -> tuple[Candidate, ...] | Declined:
        """What `solve` of the engine would see."""
        given = self.systems[system]
        declined = strategy.applies(given)
        return strategy.solve(given) if declined is None else declined

    def solved(self, strategy: Strategy, system: str) -> Candidate:
        """The first candidate of a system that must be solved, judged."""
        found = self.outcome(strategy, system)
        assert not isinstance(found, Declined), f"{system}: {found}"
        assert found
        self.judge(found, system)
        return found[0]

    def declined(self, strategy: Strategy, system: str, reason: str) -> None:
        """The system must be declined, and `reason` stand in what is said of it."""
        found = self.outcome(strategy, system)
        assert isinstance(found, Declined), f"{system}: {found}"
        assert reason in found.reason

    def judge(self, found: tuple[Candidate, ...], system: str) -> None:
        """Every candidate gives each unknown the number that solves the equations."""
        assert system not in NO_SOLUTION, "there is nothing to be found"
        given = self.systems[system]
        for candidate in found:
            assert {s for s, _ in candidate.values} == set(given.unknowns)
            assert not any(v.free_symbols & set(given.unknowns) for _, v in candidate.values)
            for point in given.points:
                assert residual(given, candidate, dict(point)) < 1e-6
            for root in self.roots[system]:
                assert residual(given, candidate, root) < EQUAL
                for symbol, value in candidate.values:
                    gap = abs(number(value, root) - root[symbol])
                    assert gap < EQUAL * max(1, abs(root[symbol])), f"{system}: {symbol}"


def fresh(given: Case) -> Iterator[dict[sp.Symbol, object]]:
    """Parameters a little off the case's first point, with the root that mpmath finds there."""
    table = dict(given.points[0])
    unknowns = list(given.unknowns)
    rng = random.Random(str(given.equations))
    parameters = sorted(table.keys() - set(unknowns), key=str)
    for _ in range(FRESH):
        moved = {s: mp.mpf(table[s]) * (1 + mp.mpf(rng.uniform(-NEAR, NEAR))) for s in parameters}
        equations = [
            e.subs({s: sp.Float(str(v), 30) for s, v in moved.items()}) for e in given.equations
        ]
        functions = sp.lambdify(unknowns, equations, modules="mpmath")
        with mpmath.workdps(30):
            try:
                root = mpmath.findroot(
                    lambda *at, f=functions: f(*at), [mpmath.mpf(table[s]) for s in unknowns]
                )
            except (ValueError, ZeroDivisionError):
                continue
        yield {**moved, **dict(zip(unknowns, root, strict=True))}


def residual(given: Case, candidate: Candidate, at: dict[sp.Symbol, object]) -> float:
    """The largest equation with the candidate's numbers in the place of the unknowns."""
    full = {**at, **{s: number(v, at) for s, v in candidate.values}}
    return max(float(abs(number(e, full))) for e in given.equations)


def number(e: sp.Expr, at: dict[sp.Symbol, object]) -> mpmath.mpf:
    """The real value of an expression, by substitution."""
    value = sp.N(e.subs({s: sp.Float(str(v), 30) for s, v in at.items()}), 25)
    real, imaginary = value.as_real_imag()
    assert abs(imaginary) < 1e-9
    return mp.mpf(str(real))


CONTRACT = Contract()


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The shared harness."""
    return CONTRACT


@pytest.fixture
def solving(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often something that solves or factors was called, counted from here on."""
    calls: dict[str, int] = {}

    def watch(owner: object, name: str) -> None:
        original = getattr(owner, name)

        def counted(*args: object, **more: object) -> object:
            calls[name] = calls.get(name, 0) + 1
            return original(*args, **more)

        monkeypatch.setattr(owner, name, counted)

    for name in (
        "solve", "nsolve", "linsolve", "nonlinsolve", "solveset", "roots", "groebner", "factor",
        "cancel", "simplify", "together", "expand", "resultant",
    ):  # fmt: skip
        watch(sp, name)
    for module in sorted(Path(strategies.__file__).parent.glob("*.py")):
        loaded = (
            import_module(f"{strategies.__name__}.{module.stem}")
            if module.stem != "__init__"
            else strategies
        )
        for name in ("isolate", "tidy", "merged", "agrees"):
            if hasattr(loaded, name):
                watch(loaded, name)
    return calls


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`strategy`: all of DEFAULT; `system`: all systems, solvable or not."""
    if "strategy" in metafunc.fixturenames:
        metafunc.parametrize("strategy", DEFAULT, ids=[s.name for s in DEFAULT])
    if "system" in metafunc.fixturenames:
        metafunc.parametrize("system", [*CONTRACT.systems])
