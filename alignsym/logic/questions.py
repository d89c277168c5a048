"""What was asked and answered `unsat`, for whoever listens, by the claim it was asked for.

Nothing rests on this: it lets a second solver decide the same formulas (`smtlib`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from alignsym.claims import Claim
from alignsym.model.relations import Region


@dataclass(frozen=True, slots=True)
class Question:
    """No point satisfies all `premises`, lies in no region of `outside`, and satisfies one of
    `any_of` (if given); `lemmas`: shown with instances of facts about logs and powers."""

    premises: Region
    outside: tuple[Region, ...] = ()
    any_of: Region = ()
    lemmas: bool = False


@dataclass(slots=True)
class Heard:
    """The questions answered `unsat`, in order, each with the claim that was decided next."""

    filed: list[tuple[Claim | None, Question]]
    open: list[Question]

    def close(self, claim: Claim | None) -> None:
        """The questions since the last claim belong to this one."""
        known = {q for _, q in self.filed}
        self.filed += [(claim, q) for q in dict.fromkeys(self.open) if q not in known]
        self.open.clear()


_LISTENING: list[Heard] = []


@contextmanager
def listening() -> Iterator[Heard]:
    """Within it every proof by z3 is heard, once each.

    >>> import sympy as sp
    >>> from alignsym.logic.decide import search
    >>> from alignsym.model.relations import Relation
    >>> q = sp.Symbol("q", positive=True)
    >>> with listening() as heard:
    ...     found = search((Relation(q, "<", sp.Integer(0)),))
    >>> [str(r) for _, question in heard.filed for r in question.premises]
    ['q < 0']
    """
    heard = Heard([], [])
    _LISTENING.append(heard)
    try:
        yield heard
    finally:
        _LISTENING.remove(heard)
        heard.close(None)


def told(question: Question) -> None:
    """A question that was answered `unsat`."""
    for heard in _LISTENING:
        heard.open.append(question)


def decided(claim: Claim) -> None:
    """A claim is decided: what was asked since the last one was asked for it."""
    for heard in _LISTENING:
        heard.close(claim)
