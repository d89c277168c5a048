"""Minty's condition: what rises towards x* from everywhere has its maximum there, and nowhere else;
what falls on the way, or has a gap on it, is never said to."""

from __future__ import annotations

import itertools

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr, Relation
from alignsym.verify.decision import decision_makers
from alignsym.verify.rising import rises_towards

a = sp.Symbol("a", positive=True)
x = sp.Symbol("x", nonnegative=True)
y = sp.Symbol("y", nonnegative=True)
ONE, TWO = sp.Integer(1), sp.Integer(2)


def rises(
    f: Expr, *choices: tuple[sp.Symbol, Expr], strictly: bool = False, **more: object
) -> bool:
    """Whether f on [0, 2] in every action is shown to rise towards the choice."""
    actions = [(v, (0, 2)) for v, _ in choices]
    game = Game(Agent("A", f, *actions, **more))
    (maker,) = decision_makers(game, "maximize")
    verdict = rises_towards(maker, dict(choices), game.domain(), strictly=strictly)
    return isinstance(verdict, Proved)


LOGISTIC = 1 / (1 + sp.exp(-4 * (x - 1)))


@pytest.mark.parametrize(
    ("f", "best"),
    [
        (3 * x**2 - x**4 / 4 - a * sp.exp(-x), TWO),
        (LOGISTIC, TWO),
        (-sp.exp(x) - a * x**3, sp.S.Zero),
        (x**2 - sp.log(x + 1) * 2 * a, None),
        (-((x - 1) ** 4) * (x + a), None),
        (-((x - 1) ** 2) * sp.exp(x), ONE),
    ],
    ids=str,
)
def test_true_and_untrue(f: Expr, best: Expr | None) -> None:
    """Only the maximiser on a fine grid for several a may be shown to be one."""
    for candidate in (sp.S.Zero, sp.Rational(1, 2), ONE, TWO):
        shown = rises(f, (x, candidate))
        if best is not None:
            assert shown == (candidate == best), (f, candidate)
        grid = [sp.Rational(k, 16) for k in range(33)]
        for size, z in itertools.product((sp.Rational(1, 3), 1, 7), grid):
            at = {a: size}
            gain = f.subs(at).subs(x, z) - f.subs(at).subs(x, candidate)
            assert not (shown and gain.evalf(30) > 0), (f, candidate, z)


def test_strictly() -> None:
    """Flat parts have more than one maximiser."""
    assert rises(-((x - 1) ** 2) * sp.exp(x), (x, ONE), strictly=True)
    assert rises(a * 0 + sp.S.Zero * x, (x, ONE)) and not rises(
        sp.S.Zero * x, (x, ONE), strictly=True
    )
    assert not rises(-((x - y) ** 2), (x, ONE), (y, ONE), strictly=True)
    assert rises(-((x - y) ** 2), (x, ONE), (y, ONE))


def test_gaps_on_the_way() -> None:
    """1/(x - 1) rises nowhere and has a pole; x != 1 cuts the way."""
    assert not rises(-1 / (x - 1), (x, TWO))
    gap = Relation(x, "!=", ONE)
    assert not rises(x, (x, TWO), domain=(gap,))


def test_a_program_that_is_not_concave() -> None:
    solution = solve(
        Game(Agent("A", 3 * x**2 - x**4 / 4 - a * sp.exp(-x), (x, (0, 1)))), "maximize"
    )
    assert solution[x] == 1 and isinstance(solution.proof, Proved)
