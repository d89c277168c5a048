"""The words and formulas of claims and verdicts; `telling` and `concluding` have those of steps.

One function, `explain`, with one clause a type; a type without a clause raises TypeError, so that
nothing is shown half explained.
"""

from __future__ import annotations

from functools import singledispatch

from alignsym.claims import Checked, Claim, Decided, Proved, Refuted, Unknown
from alignsym.model.relations import Relation
from alignsym.present.passages import Passage, formula_of


@singledispatch
def explain(thing: object) -> Passage:
    """The passage that says what a step did, what a claim says, or how far a verdict goes.

    Raises TypeError for a type that has no words yet: give it a clause.

    >>> explain(Unknown("z3 gave up")).sentence
    'not decided: z3 gave up'
    """
    raise TypeError(f"no words for {type(thing).__name__}: add a clause to present.explain")


@explain.register
def _(claim: Claim) -> Passage:
    place = "" if claim.regime is None else f"Case {claim.regime + 1}: "
    return Passage((place + claim.statement,), tuple(map(formula_of, claim.region)))


@explain.register
def _(decided: Decided) -> Passage:
    claim, verdict = explain(decided.claim), explain(decided.verdict)
    words = f"{claim.sentence.rstrip('.')}: {verdict.sentence}"
    return Passage((words,), (*claim.formulas, *verdict.formulas))


@explain.register
def _(verdict: Proved) -> Passage:
    return Passage(("proved",))


@explain.register
def _(verdict: Checked) -> Passage:
    because = f" ({verdict.reason})" if verdict.reason else ""
    points = counted(verdict.count, "exact point")
    return Passage((f"not proved, checked at {points}{because}",))


@explain.register
def _(verdict: Unknown) -> Passage:
    return Passage((f"not decided: {verdict.reason or 'no reason given'}",))


@explain.register
def _(verdict: Refuted) -> Passage:
    because = f" ({verdict.reason})" if verdict.reason else ""
    rows = (Relation(symbol, "==", number) for symbol, number in verdict.point)
    return Passage((f"false at an exact point{because}",), tuple(map(formula_of, rows)))


def counted(number: int, noun: str) -> str:
    """The number with its noun: `1 point`, `2 points`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
