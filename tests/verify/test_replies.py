"""Best replies read off answers: pieces with a reply, and pieces without one."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

import alignsym as al
from alignsym.claims import Unknown
from alignsym.verify.all_equilibria import replies_of

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
