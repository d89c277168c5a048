"""Hypotheses of theorems about totals, one broken at a time."""

from __future__ import annotations

import sympy as sp

from alignsym import Agent, Game, Relation
from alignsym.claims import ByTheorem, Proved, Unknown
from alignsym.verify.decision import decision_makers
from alignsym.verify.substitutes import consumer
from alignsym.verify.totals import by_share, one_total

x, y = sp.symbols("x y", nonnegative=True)
z1, z2 = sp.symbols("z1 z2", nonnegative=True)
a, c, p = sp.symbols("a c p", positive=True)


def shares(utility: sp.Expr) -> bool:
    game = Game(Agent("one", utility, x), Agent("two", -y, y))
    one = decision_makers(game, "nash")[0]
    return not isinstance(by_share(one, [x, y], game.domain()), Unknown)


def test_shares_fall_in_the_total_and_do_not_just_stay() -> None:
    """With F = a - x/(x + y) any total is one where shares of a each add up to one, or none is."""
    assert shares(x / (x + y) - c * x)
    assert not shares(a * x - x + y * sp.log(x + y))


def test_a_consumer_is_bound_by_no_further_domain() -> None:
    text = {"budget": p * z1 + z2 <= p + 1}
    game = Game(Agent("one", sp.log(z1) + sp.log(z2), z1, z2, constraints=text))
    (maker,) = decision_makers(game.altered(concept="nash"), "nash")
    assert not isinstance(consumer(maker, [p], {z1, z2, p}, game.domain(), []), Unknown)
    more = type(maker)(
        maker.name, maker.objective, maker.actions, maker.constraints,
        (*maker.domain, Relation(z1, ">", sp.S.One)),
    )  # fmt: skip
    found = consumer(more, [p], {z1, z2, p}, game.domain(), [])
    assert isinstance(found, Unknown) and "domain" in found.reason


def test_the_theorem_names_what_it_needs_of_everybody() -> None:
    game = Game(Agent("one", x / (x + y) - c * x, x), Agent("two", y / (x + y) - a * y, y))
    found = one_total(decision_makers(game, "nash"), game.domain())
    assert isinstance(found, Proved)
    (theorem,) = found.evidence
    assert isinstance(theorem, ByTheorem)
    said = [d.claim.statement for d in theorem.hypotheses]
    assert said.count("F falls") == 2 and said.count("F does not rise with the total") == 2
