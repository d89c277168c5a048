"""What every strategy takes and gives.  Strategies are untrusted: nothing rests on them.

A strategy is a final frozen dataclass with `applies(case) -> Declined | None` (cheap, says why,
solves
nothing) and `solve(case) -> tuple[Candidate, ...] | Declined`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.oracle.tape import Tape, UnsupportedError
from alignsym.steps import Step

TOLERANCE = 1e-6
RECOGNISED = "recognised numbers"


@dataclass(frozen=True, slots=True)
class Case:
    """One binding set: `equations` = 0 in `unknowns`, with numbers of all symbols at points that
    solve it.

    Where agents meet in markets, `owners` names whose every equation is, '' for a market's, and
    `held` whose every unknown is; prices are nobody's.
    """

    equations: tuple[Expr, ...]
    unknowns: tuple[sp.Symbol, ...]
    points: tuple[tuple[tuple[sp.Symbol, float], ...], ...]
    tolerance: float = TOLERANCE
    owners: tuple[str, ...] = ()
    held: tuple[tuple[sp.Symbol, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A closed form for every unknown of a case, and how it was found."""

    values: tuple[tuple[sp.Symbol, Expr], ...]
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Declined:
    """Why a strategy does not solve a case."""

    reason: str


class Strategy(Protocol):
    """One way to solve a fixed binding set."""

    @property
    def name(self) -> str:
        """How steps call it."""
        ...

    def applies(self, case: Case) -> Declined | None:
        """None if the strategy can try; cheap."""
        ...

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """Closed forms that agree with the case's points."""
        ...


def first_solution(
    strategies: Iterable[Strategy], case: Case, otherwise: str
) -> tuple[Candidate, ...] | Declined:
    """What the first strategy finds that finds anything, in the order given.

    Else the reason of the last one that tried, a solver before one that only recognises numbers,
    whose reason says little; `otherwise` where none applies.
    """
    reason = Declined(otherwise)
    for strategy in strategies:
        if strategy.applies(case) is not None:
            continue
        outcome = strategy.solve(case)
        if not isinstance(outcome, Declined):
            return outcome
        reason = reason if strategy.name.startswith(RECOGNISED) else outcome
    return reason


def agrees(expressions: Iterable[Expr], targets: Iterable[Expr], case: Case) -> bool:
    """Whether expressions equal targets numerically at every point of the case."""
    expressions, targets = list(expressions), list(targets)
    for point in case.points:
        table = dict(point)
        symbols = sorted(table, key=lambda s: s.name)
        numbers = [table[s] for s in symbols]
        try:
            got = Tape([*expressions, *targets], [], symbols).values([], numbers)
        except (UnsupportedError, TypeError):
            return False
        half = len(expressions)
        for a, b in zip(got[:half], got[half:], strict=True):
            if not abs(a - b) <= case.tolerance * max(1.0, abs(a), abs(b)):
                return False
    return True
