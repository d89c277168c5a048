"""Theorems that leave at most one equilibrium: where they apply, and where they must not.

Economies and games known to have several equilibria, or a continuum, must never be said to have
one; each near miss breaks one hypothesis.
"""

from __future__ import annotations

import pytest
import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved, Verdict
from alignsym.model.files import loads
from alignsym.model.relations import Relation
from alignsym.verify.decision import decision_makers
from alignsym.verify.qualification import steep
from alignsym.verify.scale import matters_up_to_scale
from alignsym.verify.substitutes import one_equilibrium
from alignsym.verify.totals import one_total


def exchange(one: str, two: str, incomes: tuple[str, str], conditions: str = "", supply="1") -> str:
    """Two consumers of two goods; the price of the second is 1."""
    agents = "".join(
        f'[[agents]]\nname = "{name}"\nactions = {{ {name}1 = "nonnegative", '
        f'{name}2 = "nonnegative" }}\nutility = "{utility}"\n'
        f'constraints = {{ budget_{name} = "p*{name}1 + {name}2 <= {income}" }}\n'
        for name, utility, income in (("x", one, incomes[0]), ("y", two, incomes[1]))
    )
    return (
        f'format = 1\nconcept = "walras"\nconditions = [{conditions}]\n[parameters]\n'
        f'a = "positive"\ne = "positive"\nr = "real"\n{agents}[prices]\np = "x1 + y1 <= {supply}"\n'
    )


def walrasian(text: str) -> Verdict:
    game = loads(text)
    return one_equilibrium(game, decision_makers(game, "walras"), game.domain())


LOGS = ("a*log(x1) + log(x2)", "log(y1) + log(y2)")
CES = ("x1**r/r + x2**r/r", "y1**r/r + y2**r/r")
ONE = {
    "logarithms": exchange(*LOGS, ("p", "e")),
    "powers of products": exchange("x1**a*x2", "y1*y2", ("p", "e")),
    "roots with tastes of their own": exchange(
        "a*sqrt(x1) + sqrt(x2)", "sqrt(y1) + e*sqrt(y2)", ("p", "1")
    ),
    "substitutes": exchange(*CES, ("p", "e"), '"r > 0", "r < 1"'),
    "identical complements": exchange(*CES, ("p", "e"), '"r < 0"'),
}
# What is broken in each is in its name.
SEVERAL = {
    "complements that differ": exchange("-1/x1 - a/x2", "-1/y1 - 1/y2", ("p", "e")),
    "identical complements who own less than is supplied": exchange(
        *CES, ("p", "e"), '"r < 0"', supply="2"
    ),
    "exponents of unknown size": exchange(*CES, ("p", "e")),
    "linear utilities": exchange("x1 + x2", "a*y1 + y2", ("p", "e")),
    "nothing owned": exchange(*LOGS, ("p", "0*p")),
    "a short position": exchange(*LOGS, ("2*p - e", "3*e - p")),
    "tastes that move with the price": exchange("p*log(x1) + log(x2)", LOGS[1], ("p", "e")),
    "an externality": exchange("y1*log(x1) + log(x2)", LOGS[1], ("p", "e")),
    "a bad": exchange("log(x2) - log(x1)", LOGS[1], ("p", "e")),
    "supply that moves with the price": exchange(*LOGS, ("p", "e"), supply="p"),
    "no link with the numeraire": exchange("log(x1) + 0*x2", "log(y1)", ("p", "p")),
}


@pytest.mark.parametrize("name", ONE)
def test_economies_with_one_equilibrium(name: str) -> None:
    assert isinstance(walrasian(ONE[name]), Proved)


@pytest.mark.parametrize("name", SEVERAL)
def test_near_misses_are_left_open(name: str) -> None:
    assert not isinstance(walrasian(SEVERAL[name]), Proved)


def test_three_equilibria_are_never_said_to_be_one() -> None:
    """Shapley and Shubik (1977): u = x + 100*(1 - exp(-y/10)), v = y + 110*(1 - exp(-x/10))."""
    text = """
format = 1
concept = "walras"
[[agents]]
name = "ivanov"
actions = { x1 = "nonnegative", x2 = "nonnegative" }
utility = "x1 + 100*(1 - exp(-x2/10))"
constraints = { i = "p*x1 + x2 <= 40*p" }
[[agents]]
name = "johnson"
actions = { y1 = "nonnegative", y2 = "nonnegative" }
utility = "y2 + 110*(1 - exp(-y1/10))"
constraints = { j = "p*y1 + y2 <= 50" }
[prices]
p = "x1 + y1 <= 40"
"""
    solution = solve(loads(text), seconds=6)
    for regime in solution.regimes:
        assert len(solution.regimes) >= 3 or not isinstance(regime.exhaustive, Proved)


def nash(utilities: list[str]) -> str:
    agents = "".join(
        f'[[agents]]\nname = "a{i}"\nactions = {{ x{i} = "nonnegative" }}\nutility = "{u}"\n'
        for i, u in enumerate(utilities)
    )
    return f'format = 1\nconcept = "nash"\n[parameters]\na = "positive"\nc = "positive"\n{agents}'


def total(text: str) -> Verdict:
    game = loads(text)
    return one_total(decision_makers(game, "nash"), game.domain())


def each(form: str, n: int = 3) -> list[str]:
    """The form with OWN for the own action and X for the sum of all."""
    everybody = " + ".join(f"x{i}" for i in range(n))
    return [form.replace("X", f"({everybody})").replace("OWN", f"x{i}") for i in range(n)]


FALLING = {
    "Cournot": nash(each("(a - X)*OWN - c*OWN**2")),
    "Cournot with a root cost": nash(each("(a - X)*OWN - c*OWN - OWN**(3/2)")),
    "contest": nash(each("a*OWN/X - OWN")),
    "contest with quadratic effort": nash(each("a*OWN/X - c*OWN**2")),
    "public good": nash(each("log(a + X) - OWN**2")),
}
RISING = {
    # x = sum of the others: strategic complements of slope one, a continuum.
    "complements": nash(each("OWN*X - OWN**2 - OWN*OWN/2 + 0*c")),
    # Only the total is determined: who provides is open.
    "perfect substitutes": nash(each("a*log(1 + X) - c*OWN")),
    "the difference counts": nash(["-(x0 - x1)**2", "-(x1 - x0)**2"]),
    "a convex cost saving": nash(each("(a - X)*OWN + OWN**2")),
    "weights in the total": nash(["(a - x0 - 2*x1)*x0", "(a - x0 - 2*x1)*x1"]),
}


@pytest.mark.parametrize("name", FALLING)
def test_games_with_one_equilibrium(name: str) -> None:
    assert isinstance(total(FALLING[name]), Proved)


@pytest.mark.parametrize("name", RISING)
def test_games_that_are_left_open(name: str) -> None:
    assert not isinstance(total(RISING[name]), Proved)


FACTORIES = """
format = 1
concept = "walras"
[parameters]
a = "positive"
labour = "positive"
[[agents]]
name = "one"
actions = { l1 = "nonnegative" }
utility = "{output}*sqrt(l1) - w*l1"
[[agents]]
name = "two"
actions = { l2 = "nonnegative" }
utility = "sqrt(l2) - w*l2"
[prices]
w = "l1 + l2 <= labour"
"""


def test_nothing_is_produced_nowhere_where_the_first_unit_is_worth_most() -> None:
    """At l = 0 the slope is infinite: no optimum, and first-order conditions are necessary."""
    solution = solve(loads(FACTORIES.replace("{output}", "a")))
    assert all(isinstance(r.exhaustive, Proved) for r in solution.regimes)
    assert solution.regimes


def test_an_output_without_a_price_is_no_steep_edge() -> None:
    """Where p may be zero so may be the slope: l = 0 is then optimal, and no condition says so."""
    text = FACTORIES.replace("{output}", "p") + 'p = "l1 <= labour"\n'
    game = loads(text)
    (one, two) = decision_makers(game, "walras")
    for maker, expected in ((one, False), (two, True)):
        (x,) = maker.variables
        edge = (Relation(x, "!=", sp.S.Zero),)
        assert steep(maker, x, edge, game.domain()) is expected


@pytest.mark.parametrize(
    "actions, utility",
    [
        ('x = ["0", "c"]', "2*sqrt(x) - x*y"),  # c may be zero
        ('x = "nonnegative"', "sqrt(x) - x + (y - x)**(3/2)"),  # y may be zero
    ],
)
def test_no_edge_is_steep_without_room_above_it(actions: str, utility: str) -> None:
    text = 'format = 1\nconcept = "nash"\n[parameters]\nc = "nonnegative"\n'
    text += f'[[agents]]\nname = "m"\nactions = {{ {actions} }}\nutility = "{utility}"\n'
    text += '[[agents]]\nname = "n"\nactions = { y = ["0", "1"] }\nutility = "x*y"\n'
    game = loads(text)
    maker, _ = decision_makers(game, "nash")
    (x,) = maker.variables
    edge = [Relation(x, ">", sp.S.Zero)]
    assert steep(maker, x, edge, (Relation(sp.Symbol("c", nonnegative=True), ">", sp.S.Zero),)) is (
        "c" in actions
    )
    assert not steep(maker, x, edge, game.domain())


@pytest.mark.parametrize("utility, proved", [("-(x - 1)**2", False), ("log(x)", True)])
def test_a_single_price_may_be_zero(utility: str, proved: bool) -> None:
    """One good, its price the only one: at price 0 a sated consumer buys no more than there is."""
    text = (
        'format = 1\nconcept = "walras"\n[parameters]\ne = ["1", "5"]\n[[agents]]\nname = "m"\n'
        f'actions = {{ x = "nonnegative" }}\nutility = "{utility}"\n'
        'constraints = { budget = "p*x <= p*e" }\n[prices]\n'
    )
    solution = solve(loads(text + ('p = "x <= e"\n' if proved else 'p = "x <= 1"\n')))
    (case,) = solution.cases
    assert isinstance(case.status, Proved)
    assert isinstance(case.exhaustive, Proved) is proved


@pytest.mark.parametrize(
    "extra, only_ratios",
    [("x + y <= 5", True), ("p*x <= q*y", True), ("p*x <= 5", False), ("p*q*x <= p*q", False)],
)
def test_prices_that_matter_up_to_scale_only(extra: str, only_ratios: bool) -> None:
    """Constraints without prices, or as often in each term."""
    text = (
        'format = 1\nconcept = "walras"\n[[agents]]\nname = "m"\n'
        'actions = { x = "nonnegative", y = "nonnegative" }\nutility = "log(x) + log(y)"\n'
        f'constraints = {{ budget = "p*x + q*y <= p + q", extra = "{extra}" }}\n'
        '[prices]\np = "x <= 1"\nq = "y <= 1"\n'
    )
    assert matters_up_to_scale(loads(text)) is only_ratios
    assert not matters_up_to_scale(loads(text.replace("[[agents]]", 'numeraire = "q"\n[[agents]]')))
