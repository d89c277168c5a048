"""Best replies read off answers: pieces with a reply, and pieces without one."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

import alignsym as al
from alignsym import Agent, Game, Relation
from alignsym.claims import Proved, Unknown
from alignsym.solution import Continuum, Regime
from alignsym.verify.all_equilibria import _contains, replies_of, verify_equilibria
from alignsym.verify.profile_sets import as_point

x = sp.Symbol("x", nonnegative=True)
p, q = sp.symbols("p q", positive=True)


def test_where_nothing_is_feasible_there_is_no_reply_and_no_piece() -> None:
    answer = al.maximize(-((x - p) ** 2), over=x, subject_to={"low": x >= p, "cap": x <= q})
    found = replies_of(answer)
    assert found.complete
    assert {str(r) for piece in found.pieces for r in piece if r.is_equality} == {"Eq(x, p)"}


def test_what_is_not_proved_is_no_reply() -> None:
    answer = al.maximize(-((x - p) ** 2), over=x)
    (case,) = answer.cases
    open_ = replace(answer, cases=(replace(case, status=Unknown("open")),))
    found = replies_of(open_)
    assert not found.complete and found.pieces == ()


def test_a_profile_is_a_listed_one_by_what_is_chosen() -> None:
    """The numeraire's price is 1 for all, and nobody's choice."""
    y = sp.Symbol("y", real=True)
    case = Regime((Relation(p, ">", q),), ((x, p), (q, sp.S.One)))
    assert _contains(case, {x: y}) == (Relation(p, ">", q), Relation(y, "==", p))


def test_best_replies_at_a_kink_are_not_found_by_first_order_conditions() -> None:
    """max(-(z - 1)**2, -(z + 1)**2) has two maximisers, of which one is listed."""
    z, y = sp.symbols("z y", real=True)
    twice = sp.Max(-((z - 1) ** 2), -((z + 1) ** 2))
    game = Game(Agent("A", twice, z), Agent("B", -(y**2), y), concept="nash")
    for only in (sp.S.One, -sp.S.One):
        case = Regime((), ((z, only), (y, sp.S.Zero)), utilities=(("A", sp.S.Zero),))
        found = verify_equilibria(game, "nash", [case], {})
        assert not isinstance(found.cases[0].exhaustive, Proved)


def test_a_set_as_a_point_of_a_larger_game() -> None:
    """x + y = p, y free: y becomes a parameter with its own interval."""
    y = sp.Symbol("y", nonnegative=True)
    game = Game(Agent("A", -((x + y - p) ** 2), x, y))
    case = Continuum((), (Relation(y, "<=", p),), ((x, p - y),), witness=((p, sp.S.One),))
    larger, point = as_point(game, case)
    (extra,) = [q.symbol for q in larger.parameters if q not in game.parameters]
    assert dict(point.values) == {x: p - extra, y: extra}
    assert point.when == (Relation(extra, "<=", p),) and point.multiple
    assert dict(point.utilities)["A"].expand() == 0
