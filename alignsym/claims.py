"""The vocabulary of proof: claims, evidence, verdicts.  Closed: nothing outside adds a kind.

A claim is a sentence about a game with a precise meaning (`verify.obligations`); a verdict says
what is known of it, never as a bool.  `Proved` carries evidence of one of five kinds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import sympy as sp

from alignsym.model.relations import Region

Point: TypeAlias = tuple[tuple[sp.Symbol, sp.Expr], ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """`left - right` is zero in the exact normal form (`logic.normal`)."""

    left: sp.Expr
    right: sp.Expr


@dataclass(frozen=True, slots=True)
class SignDerivation:
    """The sign of an expression follows from the signs of its parts by composition rules."""

    expression: sp.Expr
    sign: str


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """`premises` and the negation of `conclusion` have no common real solution (z3: unsat)."""

    premises: Region
    conclusion: Region


@dataclass(frozen=True, slots=True)
class ByTheorem:
    """A named theorem applies, because each of its hypotheses is itself decided."""

    theorem: str
    hypotheses: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class ExactPoints:
    """The definition was evaluated at exact points, boundary points among them."""

    points: tuple[Point, ...]


Evidence: TypeAlias = Identity | SignDerivation | Unsatisfiable | ByTheorem | ExactPoints


@dataclass(frozen=True, slots=True)
class Proved:
    """An argument that does not rest on the solver shows it for every parameter in the region.

    Verdicts compare by what they say; the evidence, which names variables of its own, is not part
    of that.
    """

    evidence: tuple[Evidence, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """Tested at `count` exact points and not refuted: visibly weaker than proved."""

    count: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not decided; `reason` says what stopped it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refuted:
    """False at an exact point; `better` is a choice that shows it, where there is one."""

    point: Point
    reason: str = ""
    better: Point = ()


Verdict: TypeAlias = Proved | Checked | Unknown | Refuted
Word = Literal["proved", "checked", "unknown", "refuted"]

_STRENGTH: dict[type, int] = {Proved: 3, Checked: 2, Unknown: 1, Refuted: 0}
_WORD: dict[type, Word] = {
    Proved: "proved", Checked: "checked", Unknown: "unknown", Refuted: "refuted",
}  # fmt: skip


def word(verdict: Verdict) -> Word:
    """The verdict as one word.

    >>> word(Unknown("z3 gave up"))
    'unknown'
    """
    return _WORD[type(verdict)]


def weakest(verdicts: Iterable[Verdict]) -> Verdict:
    """The weakest of the verdicts, the first among equals; of none, `Proved`.

    >>> weakest([Proved(), Checked(6), Proved()])
    Checked(count=6, reason='')
    """
    return min(verdicts, key=lambda v: _STRENGTH[type(v)], default=Proved())


ClaimKind = Literal[
    "defined", "feasible", "optimal", "clearing", "multipliers", "exhaustive", "nonempty",
    "covered", "consistent", "outcome", "hypothesis", "reported",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence that must hold.

    `regime` is the index of the regime it is about (None: the answer as a whole), `subject` the
    agent, constraint or symbol it names, `region` the parameters it is claimed for, `statement`
    the sentence for people.
    """

    kind: ClaimKind
    regime: int | None
    subject: str
    statement: str
    region: Region = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """A claim with its verdict."""

    claim: Claim
    verdict: Verdict
