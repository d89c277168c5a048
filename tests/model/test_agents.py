"""Copies of agents with something changed: everything else stays."""

from __future__ import annotations

import sympy as sp

from alignsym import Agent
from alignsym.model.agents import Constraint
from alignsym.model.relations import Relation

x, y, a, b = sp.symbols("x y a b", positive=True)
CAP = Constraint("cap", Relation(x, "<=", a), (Relation(a, "!=", y),))
AGENT = Agent("A", a * x**2 + y, x, constraints=[CAP], loss=True, domain=(Relation(a, ">", y),))


def test_another_objective() -> None:
    other = AGENT.altered(objective=x - y)
    assert other.objective == x - y
    assert other.altered(objective=AGENT.objective) == AGENT
    assert (other.domain, other.loss, other.actions) == (AGENT.domain, True, AGENT.actions)


def test_a_symbol_replaced_everywhere_but_in_the_actions() -> None:
    other = AGENT.replaced({a: b, y: sp.S.One})
    assert other.objective == b * x**2 + 1
    assert other.constraints[0].relation == Relation(x, "<=", b)
    assert other.constraints[0].domain == (Relation(b, "!=", sp.S.One),)
    assert other.domain == (Relation(b, ">", sp.S.One),)
    assert (other.name, other.loss, other.actions) == ("A", True, AGENT.actions)
