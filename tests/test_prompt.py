"""The methods at the prompt delegate, and to the right function."""

import pytest
import sympy as sp

import alignsym.prompt as prompt
from alignsym.claims import Unknown
from alignsym.errors import UsageError
from alignsym.games import bargains, sequences
from alignsym.model.game import Agent, Game
from alignsym.solution import Solution

x, y = sp.symbols("x y", nonnegative=True)
q = sp.Symbol("q", positive=True)
ALPHA, BETA = Agent("alpha", sp.log(x), x), Agent("beta", sp.log(y), y)


@pytest.fixture
def asked(monkeypatch):
    """What `solve` was asked, in order; it answers that nothing is known."""
    calls = []

    def solve(game, concept=None, *, seconds=None):
        calls.append((game, concept))
        return Solution(game, concept or "nash", (), Unknown("fake"), reason="fake")

    package = type(prompt)("alignsym.answer")
    package.solve = solve
    for module in (bargains, sequences):
        monkeypatch.setattr(module, "solve", solve)
    monkeypatch.setitem(__import__("sys").modules, "alignsym.answer", package)
    return calls


def test_each_method_asks_for_its_concept(asked):
    game = Game(ALPHA, BETA, shared={"G": x + y <= q})
    for name in ("social", "nash", "variational", "walras", "maximize"):
        getattr(game, name)()
    game.solve()
    game.solve("bargaining")
    concepts = ["social", "nash", "variational", "walras", "maximize", None, "bargaining"]
    assert asked == [(game, concept) for concept in concepts]


def test_equilibrium_is_the_one_the_game_is_written_for(asked):
    game = Game(ALPHA, BETA, shared={"G": x + y <= q})
    game.equilibrium()
    game.priced(G="p").equilibrium()
    Game(ALPHA, BETA).equilibrium()
    assert [concept for _, concept in asked] == ["variational", "walras", "nash"]


def test_concepts_take_their_arguments(asked):
    game = Game(ALPHA, BETA, shared={"G": x + y <= q})
    game.social(weights={"beta": 2})
    game.bargain(weights={"beta": q}, disagreement={"alpha": 1})
    game.stackelberg(order=["beta", "alpha"])
    game.stackelberg()
    (weighted, first), (bargained, second), (ordered, third), (listed, _) = asked
    assert (first, second, third) == ("social", "bargaining", "stackelberg")
    assert weighted.weights == (("beta", 2),)
    assert bargained.weights == (("beta", q),) and bargained.disagreement == (("alpha", 1),)
    assert [a.name for a in ordered.agents] == ["beta", "alpha"]
    assert listed == game


def test_names_that_nobody_has_are_refused(asked):
    game = Game(ALPHA, BETA)
    for wrong in (
        lambda: game.social(weights={"gamma": 1}),
        lambda: game.bargain(weights={"gamma": 1}),
        lambda: game.stackelberg(order=["alpha"]),
        lambda: game.stackelberg(order=["alpha", "beta", "alpha"]),
        lambda: game.stackelberg(order=["alpha", "gamma"]),
        lambda: game.nash(select="best"),
    ):
        with pytest.raises(UsageError):
            wrong()


def test_maximize_is_a_game_of_one(asked):
    prompt.maximize(sp.log(x) + y, over=[x, (y, (0, 1))], subject_to=[x <= q, x + y <= 2])
    prompt.maximize(x**2, over=x, subject_to={"low": sp.Ge(x, q)}, loss=True)
    (first, concept), (second, _) = asked
    assert concept == "maximize"
    assert [c.name for c in first.constraints] == ["c1", "c2"]
    assert first.actions[1].interval.upper == 1
    assert second.constraints[0].name == "low" and second.agents[0].loss


@pytest.mark.parametrize("over", [x, [x], (x,), (x, (0, 1))])
def test_over_takes_a_symbol_a_list_or_a_bounded_symbol(asked, over):
    prompt.maximize(sp.log(x), over=over)
    assert [a.symbol for a in asked[0][0].actions] == [x]


def test_maximize_refuses_what_has_no_meaning(asked):
    with pytest.raises(UsageError, match="nothing to choose"):
        prompt.maximize(q, over=[])
    with pytest.raises(UsageError, match="stands alone"):
        prompt.maximize(x, over=x, subject_to=x <= q)
    assert asked == []


def test_solutions_show_themselves(asked):
    solution = Game(ALPHA, BETA).nash()
    assert repr(solution) == "unknown: fake"
    assert "No answer: fake." in str(solution)
    assert solution._repr_latex_() == r"$\displaystyle \text{unknown: fake}$"
    assert r"\max_{x \ge 0}" in solution.game._repr_latex_()
