"""The first strategy that finds something answers; else the last that tried says why."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.solving.strategies.contract import Candidate, Case, Declined, first_solution

x = sp.Symbol("x", real=True)
CASE = Case((x - 1,), (x,), (((x, 1.0),),))
FOUND = (Candidate(((x, sp.S.One),)),)


@dataclass(frozen=True)
class Told:
    """A strategy that says what it is told to."""

    name: str
    outcome: tuple[Candidate, ...] | Declined
    refuses: bool = False

    def applies(self, case: Case) -> Declined | None:
        return Declined(f"not for {self.name}") if self.refuses else None

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        assert not self.refuses, "asked although it does not apply"
        return self.outcome


def test_the_first_that_finds_something() -> None:
    order = (Told("a", FOUND, refuses=True), Told("b", Declined("b")), Told("c", FOUND))
    assert first_solution((*order, Told("d", Declined("d"))), CASE, "none") == FOUND


def test_the_reason_is_that_of_the_last_solver() -> None:
    order = (Told("a", Declined("a")), Told("b", Declined("b")), Told("c", FOUND, refuses=True))
    guess = Told("recognised numbers", Declined("no guess"))
    assert first_solution((*order, guess), CASE, "none") == Declined("b")
    assert first_solution((), CASE, "none") == Declined("none")
    assert first_solution((Told("a", FOUND, refuses=True),), CASE, "none") == Declined("none")
