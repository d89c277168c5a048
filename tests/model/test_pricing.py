"""The expanded game: who pays what for a shared constraint."""

import pytest
import sympy as sp

from alignsym.errors import ModelError, UsageError
from alignsym.model.game import Action, Agent, Family, Game
from alignsym.model.pricing import priced
from alignsym.model.relations import Interval

x, y, z = sp.symbols("x y z", nonnegative=True)
q, c = sp.symbols("q c", positive=True)
p = sp.Symbol("p", nonnegative=True)


def shared(relation, *more):
    agents = (Agent("alpha", sp.log(x), x), Agent("beta", sp.log(y), y), *more)
    return Game(*agents, shared={"G": relation}, title="shared")


def test_every_agent_pays_for_its_own_part():
    market = priced(shared(2 * x + y**2 + 3 <= q + c), G="p")
    assert [a.objective for a in market.agents] == [sp.log(x) - 2 * p * x, sp.log(y) - p * y**2]
    assert market.shared == () and market.concept == "walras" and market.title == "shared"
    assert [(str(m.symbol), str(m.clearing)) for m in market.prices] == [
        ("p", "2*x + y**2 + 3 <= c + q")
    ]
    assert market.prices[0].symbol == p


def test_a_lower_bound_pays_those_who_provide():
    market = priced(shared(x + y >= q), G="p")
    assert market.agents[0].objective == sp.log(x) + p * x
    assert str(market.prices[0].clearing) == "q <= x + y"


def test_a_loss_grows_by_the_payment():
    firm = Agent("firm", z**2, z, loss=True)
    market = priced(shared(x + y - z <= q, firm), G="p")
    assert market.agents[2].loss and market.agents[2].objective == z**2 - p * z


def test_products_are_split_where_that_separates_agents():
    market = priced(shared(c * (x + y) <= q), G="p")
    assert sp.expand(market.agents[1].objective - sp.log(y) + p * c * y) == 0


def test_an_agent_without_a_part_pays_nothing():
    market = priced(shared(x <= q), G="p")
    assert market.agents[1].objective == sp.log(y)


def test_several_constraints_get_several_prices():
    game = shared(x + y <= q).altered(shared={"G": x + y <= q, "H": x + 2 * y <= c})
    market = priced(game, G="p", H="r")
    r = sp.Symbol("r", nonnegative=True)
    assert market.agents[1].objective == sp.log(y) - p * y - 2 * r * y
    assert priced(game, H="r").shared == game.shared[:1]


@pytest.mark.parametrize(
    ("relation", "names", "message"),
    [
        (x * y <= q, {"G": "p"}, "mixes the actions of alpha and beta"),
        (sp.Max(x, y) <= q, {"G": "p"}, "mixes the actions of alpha and beta"),
        (sp.Eq(x + y, q), {"G": "p"}, "clears Eq"),
        (x + y < q, {"G": "p"}, "write the constraint with <="),
        (x + y <= q, {"H": "p"}, "'H' is no shared constraint (shared constraints: G)"),
        (x + y <= q, {"G": "2p"}, "no name for a price"),
        (x + y <= q, {}, "no constraint to price"),
        (c <= q, {"G": "p"}, "no agent's action occurs"),
    ],
)
def test_what_no_price_can_do_is_refused(relation, names, message):
    with pytest.raises(UsageError) as error:
        priced(shared(relation), **names)
    assert message in str(error.value)


def test_a_price_named_like_something_else_is_refused():
    with pytest.raises(ModelError):
        priced(shared(x + y <= q), G="q")


def test_families_are_refused():
    i, n = sp.symbols("i n", positive=True, integer=True)
    t = sp.IndexedBase("t")[i]
    family = Family(i, n, (Action(t, Interval.nonnegative()),), sp.log(t))
    game = shared(x + y + sp.Sum(t, (i, 1, n)) <= q).altered(families=[family])
    with pytest.raises(UsageError, match="family"):
        priced(game, G="p")
