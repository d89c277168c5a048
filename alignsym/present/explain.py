"""A sentence and its formulas for every step, claim and verdict.

One function, `explain`, with one clause a type; a type without a clause raises TypeError, so that
nothing is shown half explained.  Formulas stay objects: `present.text` and `present.latex` print
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import singledispatch
from typing import TypeAlias

import sympy as sp

from alignsym.claims import Checked, Claim, Decided, Proved, Refuted, Unknown
from alignsym.model.relations import Expr, Relation
from alignsym.steps import BindingCase, Complementary, FirstOrder, Hold, Solve, Transform

Formula: TypeAlias = Expr | Relation


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence in plain words, and the formulas that belong to it, in order."""

    sentence: str
    formulas: tuple[Formula, ...] = ()


@singledispatch
def explain(thing: object) -> Passage:
    """The passage that says what a step did, what a claim says, or how far a verdict goes.

    Raises TypeError for a type that has no words yet: give it a clause here.

    >>> explain(Unknown("z3 gave up")).sentence
    'not decided: z3 gave up'
    """
    raise TypeError(f"no words for {type(thing).__name__}: add a clause to present.explain")


@explain.register
def _(step: Transform) -> Passage:
    sentence = f"The first is an increasing function of the second, which {step.owner} maximises."
    return Passage(sentence, (step.before, step.after))


@explain.register
def _(step: FirstOrder) -> Passage:
    sentence = f"The derivative of {step.owner}'s Lagrangian in {step.variable} is zero."
    return Passage(sentence, (_zero(step.expression),))


@explain.register
def _(step: Complementary) -> Passage:
    return Passage(
        f"The constraint {step.name} holds, its shadow price is not negative, and one of them is "
        "zero.",
        (
            Relation(step.slack, ">=", sp.S.Zero),
            Relation(step.multiplier, ">=", sp.S.Zero),
            _zero(step.multiplier * step.slack),
        ),
    )


@explain.register
def _(step: BindingCase) -> Passage:
    names = _listed(step.binding)
    case = f"exactly {names} binding" if step.binding else "no constraint binding"
    unknowns = _listed(map(str, step.unknowns))
    return Passage(f"With {case}, solve for {unknowns}.", tuple(map(_zero, step.equations)))


@explain.register
def _(step: Solve) -> Passage:
    return Passage(
        f"Solve for {step.unknown} ({step.strategy}).",
        (_zero(step.equation), Relation(step.unknown, "==", step.result)),
    )


@explain.register
def _(step: Hold) -> Passage:
    if not step.when:
        return Passage("All that is required holds for all declared parameters.", step.required)
    return Passage(
        "What is required, slacks and shadow prices not negative, holds exactly under the last "
        f"{_counted(len(step.when), 'condition')}.",
        (*step.required, *step.when),
    )


@explain.register
def _(claim: Claim) -> Passage:
    place = "" if claim.regime is None else f"Case {claim.regime + 1}: "
    return Passage(place + claim.statement, claim.region)


@explain.register
def _(decided: Decided) -> Passage:
    claim, verdict = explain(decided.claim), explain(decided.verdict)
    formulas = (*claim.formulas, *verdict.formulas)
    return Passage(f"{claim.sentence.rstrip('.')}: {verdict.sentence}", formulas)


@explain.register
def _(verdict: Proved) -> Passage:
    return Passage("proved")


@explain.register
def _(verdict: Checked) -> Passage:
    because = f" ({verdict.reason})" if verdict.reason else ""
    points = _counted(verdict.count, "exact point")
    return Passage(f"not proved, checked at {points}{because}")


@explain.register
def _(verdict: Unknown) -> Passage:
    return Passage(f"not decided: {verdict.reason or 'no reason given'}")


@explain.register
def _(verdict: Refuted) -> Passage:
    because = f" ({verdict.reason})" if verdict.reason else ""
    return Passage(
        f"false at an exact point{because}",
        tuple(Relation(symbol, "==", number) for symbol, number in verdict.point),
    )


def _zero(expression: Expr) -> Relation:
    return Relation(expression, "==", sp.S.Zero)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _listed(names: Iterable[str]) -> str:
    *first, last = [*names] or ["nothing"]
    return f"{', '.join(first)} and {last}" if first else last
