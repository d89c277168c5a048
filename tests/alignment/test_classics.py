"""Games whose efficiency is known by hand: the verdict, the weights, the trade, the instrument."""

from __future__ import annotations

import sympy as sp

from alignsym.alignment.align import align
from alignsym.alignment.efficiency import Alignment, Efficiency, Instrument
from alignsym.alignment.judging import judge
from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.model.game import Agent, Game
from alignsym.model.pricing import priced
from alignsym.solution import Regime, Solution

a, b, c, d, e, p, q, r, v, w = sp.symbols("a b c d e p q r v w", positive=True)
x, y, z = sp.symbols("x y z", nonnegative=True)
X, Y = sp.symbols("X Y", positive=True)


def only(found: Alignment) -> Efficiency:
    (row,) = found.equilibria
    assert isinstance(row.status, Proved), row.status
    return row


def first(game: Game) -> Efficiency:
    """The verdict on the only equilibrium, without the optimum."""
    solution = solve(game)
    (regime,) = solution.regimes
    (row,) = judge(solution, regime, None)
    assert isinstance(row.status, Proved), row.status
    return row


def instrument(found: Alignment, kind: str) -> Instrument:
    (one,) = [i for i in found.instruments if i.kind == kind]
    assert isinstance(one.status, Proved), one.status
    return one


def same(one: sp.Expr, two: sp.Expr) -> bool:
    return sp.simplify(one - two) == 0


def test_cournot_is_not_efficient_for_the_firms() -> None:
    game = Game(
        Agent("one", (a - x - y - c) * x, x), Agent("two", (a - x - y - c) * y, y),
        conditions=[a > c], concept="nash",
    )  # fmt: skip
    found = align(game)
    row = only(found)
    assert row.kind == "no" and row.trade is not None and row.trade.strict
    to = dict(row.trade.to)
    for agent in game.agents:
        rise = agent.utility.xreplace(to) - agent.utility.xreplace(dict(row.values))
        assert same(rise, dict(row.trade.gains)[agent.name])
        assert sp.factor(rise.xreplace({a: c + q})).is_positive
    assert same(found.welfare_loss, (a - c) ** 2 / 36)
    assert found.price_of_anarchy == sp.Rational(9, 8)
    # Each firm's output lowers the other's profit by the other's output, (a - c)/4 at the optimum.
    tax = instrument(found, "pigou")
    assert same(dict(tax.values)["t_x"], (a - c) / 4) and isinstance(tax.unique, Proved)
    rights = instrument(found, "permits")
    assert same(dict(rights.values)["cap"], (a - c) / 2) and rights.budget == 0


def test_the_only_victim_cannot_pay() -> None:
    """The fishery gains from less, at the mill's expense only: efficient, its wishes ignored."""
    mill = Agent("mill", p * x - x**2 / 2, x)
    found = align(Game(mill, Agent("fishery", -e * x), concept="nash"))
    row = only(found)
    assert row.kind == "strongly" and row.degenerate and row.trade is None
    assert dict(row.weights) == {"mill": 1, "fishery": 0}
    tax = instrument(found, "pigou")
    for when, point in ((True, {p: 3, e: 1}), (False, {p: 1, e: 3})):
        best = max(0, point[p] - point[e])
        assert dict(tax.equilibrium)["x"].subs(point) == best, when
    assert tax.values == (("t_x", e),)
    paid = [i for i in found.instruments if i.kind == "side payment"]
    assert len(paid) == 2 and all(isinstance(i.status, Proved) and i.budget == 0 for i in paid)


def test_supplier_and_receiver() -> None:
    """The essay's first example: nothing is supplied, the receiver has -oo, and it is efficient."""
    game = Game(Agent("alpha", -c * x, x), Agent("beta", w * sp.log(x)), concept="nash")
    row = only(align(game))
    assert dict(row.values) == {x: 0} and dict(row.utilities)["beta"] == -sp.oo
    assert row.kind == "strongly" and row.degenerate
    assert dict(row.weights) == {"alpha": 1, "beta": 0}


def test_a_price_for_the_shared_good() -> None:
    game = Game(Agent("alpha", sp.log(X), X), Agent("beta", sp.log(Y), Y), shared={"G": q >= X + Y})
    market = align(priced(game, G="p_G"))
    row = only(market)
    assert row.kind == "strongly" and dict(row.weights) == {"alpha": 1, "beta": 1}
    assert market.welfare_loss == 0
    by_price = instrument(align(game, "variational"), "price")
    assert by_price.values == (("p_G", 2 / q),) and by_price.budget == 2


def test_public_good() -> None:
    """One of the two gives; with Lindahl's prices both want the optimum."""
    game = Game(
        Agent("one", a * sp.log(x + y + 1) - x, x), Agent("two", a * sp.log(x + y + 1) - 2 * y, y),
        conditions=[a > 2], concept="nash",
    )  # fmt: skip
    found = align(game)
    assert all(isinstance(row.status, Proved) for row in found.equilibria)
    prices = instrument(found, "lindahl")
    values = dict(prices.values)
    # The largest sum has 2*a/(1 + G) = 1, the cheaper agent giving all.
    assert same(dict(prices.equilibrium)["x"], 2 * a - 1) and dict(prices.equilibrium)["y"] == 0
    assert same(values["tau_one"] + values["tau_two"], values["paid"])
    assert same(values["tau_one"], sp.Rational(1, 2)) and prices.budget == 0


def dilemma(*conditions: object) -> Game:
    """Probabilities of defection; t > r > p > s are temptation, reward, punishment, sucker."""
    t, s = sp.Symbol("t", positive=True), sp.Symbol("s", real=True)

    def payoff(mine: sp.Expr, yours: sp.Expr) -> sp.Expr:
        return sp.expand(
            r * (1 - mine) * (1 - yours) + s * (1 - mine) * yours + t * mine * (1 - yours)
            + p * mine * yours
        )  # fmt: skip

    return Game(
        Agent("one", payoff(x, y), (x, (0, 1))), Agent("two", payoff(y, x), (y, (0, 1))),
        conditions=[t > r, r > p, p > s, *conditions], concept="nash",
    )  # fmt: skip


def test_prisoners_dilemma() -> None:
    """A finite trade, to cooperation for sure, whatever the payoffs."""
    row = first(dilemma())
    assert row.kind == "no" and dict(row.values) == {x: 1, y: 1}
    assert dict(row.trade.to) == {x: 0, y: 0}
    assert all(same(gain, r - p) for _, gain in row.trade.gains)


def test_a_low_suckers_payoff_leaves_no_small_trade() -> None:
    """With payoffs 5, 4, 3, -17 cooperating a little harms both; cooperating for sure is better."""
    symbolic = dilemma()
    point = {sp.Symbol("t", positive=True): 5, r: 4, p: 3, sp.Symbol("s", real=True): -17}
    numbers = {k: sp.Integer(v) for k, v in point.items()}
    agents = [Agent(g.name, g.utility.xreplace(numbers), *g.actions) for g in symbolic.agents]
    game = Game(*agents, concept="nash")
    for agent in game.agents:
        now = agent.utility.xreplace({x: sp.S.One, y: sp.S.One})
        assert agent.utility.xreplace(dict.fromkeys((x, y), sp.Rational(9, 10))) < now
    row = first(game)
    assert row.kind == "no" and dict(row.trade.to) == {x: 0, y: 0}


def test_exchange_economy() -> None:
    """Negishi's weights are the reciprocals of the marginal utilities of income."""
    xa, ya, xb, yb = sp.symbols("xa ya xb yb", positive=True)
    m, n = sp.symbols("m n", positive=True)
    price = sp.Symbol("price", nonnegative=True)
    game = Game(
        Agent("anna", sp.log(xa) + sp.log(ya), xa, ya,
              constraints={"budget_a": price * xa + ya <= price * m}),
        Agent("bob", sp.log(xb) + sp.log(yb), xb, yb,
              constraints={"budget_b": price * xb + yb <= n}),
        prices={price: xa + xb <= m}, concept="walras",
    )  # fmt: skip
    row = only(align(game))
    assert row.kind == "strongly"
    # At the price n/m both have income n, marginal utilities of income 2/n: equal weights.
    assert dict(row.weights) == {"anna": 1, "bob": 1}
    assert {str(s): v for s, v in row.values}["xa"] == m / 2


def test_hold_up() -> None:
    """Half of what is invested goes to the other, who does nothing: too little, yet efficient."""
    game = Game(Agent("buyer", v * x / 2 - x**2 / 2, x), Agent("seller", v * x / 2), concept="nash")
    found = align(game)
    row = only(found)
    assert row.kind == "strongly" and row.degenerate and dict(row.values) == {x: v / 2}
    assert same(found.welfare_loss, v**2 / 8)
    assert found.price_of_anarchy == sp.Rational(4, 3)
    paid = [i for i in found.instruments if i.on == "the right of buyer"]
    assert paid and paid[0].equilibrium == (("x", v),)
    assert dict(paid[0].values)["from_seller"] == v**2 / 4
    assert instrument(found, "pigou").values == (("t_x", -v / 2),)


def test_cap_and_trade_is_cost_efficient() -> None:
    """Marginal costs of abatement meet the price; the equilibrium is the optimum."""
    rights = sp.Symbol("rights", nonnegative=True)
    u, t = sp.symbols("u t", real=True)
    one = Agent("one", -((a - u) ** 2) / 2 - rights * u, u)
    two = Agent("two", -((b - t) ** 2) / 2 - rights * t, t)
    game = Game(one, two, prices={rights: u + t <= q}, conditions=[q < a + b], concept="walras")
    found = align(game)
    row = only(found)
    assert row.kind == "strongly" and dict(row.weights) == {"one": 1, "two": 1}
    assert found.welfare_loss == 0


def test_a_market_with_an_externality_is_not_efficient() -> None:
    """The second buyer minds what the first takes: the first welfare theorem does not apply."""
    price = sp.Symbol("price", nonnegative=True)
    game = Game(
        Agent("smoker", a * x - x**2 / 2 - price * x, x),
        Agent("neighbour", b * y - y**2 / 2 - e * x - price * y, y),
        prices={price: x + y <= q}, concept="walras",
        conditions=[q < a + b, a < b + q, b < a + q, e < a, e < b, e < q, e < a - b + q],
    )  # fmt: skip
    row = only(align(game))
    assert row.kind == "no" and row.trade.transfers
    assert same(sum(t for _, t in row.trade.transfers), 0)


def test_a_two_sided_market_owned_firm() -> None:
    """A firm's profit is its owner's income: the owner is the only person."""
    price = sp.Symbol("price", nonnegative=True)
    profit = price * y - y**2 / 2
    game = Game(
        Agent("firm", profit, y), Agent("owner", a * x - price * x + profit, x),
        prices={price: x <= y}, concept="walras",
    )  # fmt: skip
    found = align(game)
    row = only(found)
    assert row.kind == "strongly" and dict(row.weights) == {"owner": 1}
    assert found.welfare_loss == 0


def test_only_weakly() -> None:
    """The third agent of the essay has what it wants; a lower price would please the others."""
    s = sp.Symbol("s", positive=True)
    game = Game(
        Agent("alpha", sp.log(x) - s * x, x), Agent("beta", sp.log(y) - s * y, y),
        Agent("mu", -sp.Abs(q - x - y), s),
    )  # fmt: skip
    each = sp.log(q / 2) - 1
    regime = Regime(
        (), ((x, q / 2), (y, q / 2), (s, 2 / q)), witness=((q, sp.S.One),), status=Proved(),
        utilities=(("alpha", each), ("beta", each), ("mu", sp.S.Zero)),
    )  # fmt: skip
    (row,) = judge(Solution(game, "nash", (regime,), Proved()), regime, None)
    assert row.kind == "weakly" and row.degenerate and isinstance(row.status, Proved)
    assert dict(row.weights) == {"alpha": 0, "beta": 0, "mu": 1}
    gains = dict(row.trade.gains)
    assert gains["mu"] == 0 and gains["alpha"] == sp.Rational(1, 2) and not row.trade.strict
