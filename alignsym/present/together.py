"""Steps that are told together, or in the light of what was told before.

One decision maker after the other has no better choice by the same theorem: one sentence for all.
Where nothing was constrained, nothing is said of what binds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import sympy as sp

from alignsym.model.relations import Region
from alignsym.present.concluding import AGREE, concluded, is_flat, shape
from alignsym.present.explain import explain
from alignsym.present.passages import Passage, Word, equation, listed
from alignsym.present.phrases import in_sentence, reasons
from alignsym.present.telling import binding
from alignsym.steps import (
    BindingCase,
    ChooseRoot,
    Complementary,
    Concave,
    Conclude,
    Hold,
    Market,
    Problem,
    Solve,
    Step,
    Sufficient,
    Transform,
    Unique,
)

ALIKE = (
    "There is no other solution: another one would have the same value and meet complementary "
    "slackness with the same multipliers, and no other feasible point does. "
)


def told(steps: Sequence[Step]) -> Iterator[tuple[Step, Passage]]:
    """Every step, or the first of those told together, with its passage."""
    constrained = False
    prices = {str(s.price) for s in steps if isinstance(s, Market)}
    pieced: set[str] = set()  # whose objective has pieces
    lossy = {s.loss for s in steps if isinstance(s, Problem)} == {True}
    flat = [is_flat(s) for s in steps if isinstance(s, Concave)]
    held: Region = ()  # what was just said of the case
    k = 0
    while k < len(steps):
        step = steps[k]
        alike = _alike(steps, k)
        if len(alike) > 1:
            yield step, _for_all(alike)
            k += sum(len(shapes) + 1 for shapes, _ in alike)
            continue
        constrained = constrained or isinstance(step, (Complementary, Market))
        passage = explain(step)
        if isinstance(step, BindingCase):
            passage = binding(step, prices)
            if not (step.binding or constrained):
                passage = Passage(("Solve for ", *listed(step.unknowns), ". "), opens=True)
        if isinstance(step, Problem):
            if step.objective.has(sp.Piecewise):
                pieced.add(step.owner)
            elif step.owner in pieced:
                passage = replace(passage, words=("On the piece of the answer, ", *_lower(passage)))
        if isinstance(step, Sufficient) and not (k and isinstance(steps[k - 1], Concave)):
            passage = replace(passage, words=_unled(passage.words))
        if isinstance(step, ChooseRoot) and not (k and isinstance(steps[k - 1], Solve)):
            passage = _divided(step)
        if isinstance(step, Concave) and _is_transformed(steps, k):
            expression, *rest = shape(step)
            rows = ("An increasing function of the objective, ", expression, ",", *rest, ". ")
            passage = replace(passage, words=rows)
        if isinstance(step, Hold):
            held = step.when if step.required else ()
        if isinstance(step, Conclude):
            loss = lossy and step.concept == "maximize"
            passage = concluded(step, loss=loss, there=bool(held) and step.when == held)
            held = ()
        if isinstance(step, Unique) and step.theorem == AGREE and flat and all(flat):
            passage = Passage((ALIKE,))
        yield step, passage
        k += 1


def _is_transformed(steps: Sequence[Step], k: int) -> bool:
    """Whether what is concave at k stands for an objective that was not replaced before."""
    end = steps[k + 1] if k + 1 < len(steps) else None
    if not isinstance(end, Sufficient) or isinstance(steps[k - 1], Concave):
        return False
    before = any(isinstance(s, Transform) and s.owner == end.owner for s in steps)
    return not before and any(h.statement == "f(x*) > 0" for h in end.hypotheses)


def _divided(step: ChooseRoot) -> Passage:
    """A solution that is lost where an equation is divided by the unknown."""
    also = equation(step.unknown, *step.left, *step.remaining)
    end = ", which is another case. " if step.left else ", which remains to be excluded. "
    return Passage((equation(step.equation, sp.S.Zero), " has the solution ", also, "", end))


def _unled(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Without the "So" that refers to a sentence which is not there."""
    first, *rest = words
    if isinstance(first, str) and first.startswith("So no "):
        first = "No " + first.removeprefix("So no ")
    return (first, *rest)


def _lower(passage: Passage) -> tuple[Word, ...]:
    """The words after a comma: a sentence of somebody without a proper name begins small."""
    first, *rest = passage.words
    known = isinstance(first, str) and first.startswith(("The ", "Agent "))
    return (first[:1].lower() + first[1:] if known and isinstance(first, str) else first, *rest)


def _alike(steps: Sequence[Step], k: int) -> list[tuple[list[Concave], Sufficient]]:
    """Concave objectives and the theorem that uses them, maker by maker, while it is the same."""
    out: list[tuple[list[Concave], Sufficient]] = []
    while True:
        shapes: list[Concave] = []
        for step in steps[k:]:
            if not isinstance(step, Concave):
                break
            shapes.append(step)
        end = steps[k + len(shapes)] if k + len(shapes) < len(steps) else None
        if not shapes or not isinstance(end, Sufficient) or not end.theorem:
            return out
        first = out[0][1] if out else end
        if (end.theorem, reasons(end)) != (first.theorem, reasons(first)):
            return out
        out.append((shapes, end))
        k += len(shapes) + 1


def _for_all(alike: Sequence[tuple[list[Concave], Sufficient]]) -> Passage:
    shapes = [one for found, _ in alike for one in found]
    words: list[Word] = []
    for k, one in enumerate(shapes):
        words += ["" if k == 0 else " and " if k == len(shapes) - 1 else ", ", *shape(one)]
    owners = [in_sentence(end.owner) for _, end in alike]
    said = ", ".join(owners[:-1]) + f" or {owners[-1]}"
    others = reasons(alike[0][1])
    because = f", for {' and '.join(others)}" if others else ""
    by = alike[0][1].theorem
    words.append(f". So no feasible choice of {said} is better, by {by}{because}. ")
    return Passage(tuple(words))
