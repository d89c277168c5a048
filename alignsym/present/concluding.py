"""The words of why it is the solution, and of what is concluded: clauses of `explain`."""

from __future__ import annotations

import sympy as sp

from alignsym.present.explain import explain
from alignsym.present.passages import (
    Formula,
    Passage,
    Word,
    equation,
    formula_of,
    formulas_of,
    listed,
)
from alignsym.present.phrases import in_sentence, reasons, without_solution
from alignsym.steps import (
    Compare,
    Concave,
    Conclude,
    ConcludeNone,
    ConcludeSet,
    Covered,
    Gap,
    Sufficient,
    Unique,
)

WHOLE = "the best over all cases"
REPLY = "a proved best reply"
AGREE = "maximisers agree where the objective is strictly concave"
ALONE = {  # why there is no other solution, said for a reader who has not the theorem's notation
    AGREE: "another one would have the same value, meet complementary slackness with the same "
    "multipliers and agree with this one wherever the objective is strictly concave, and no other "
    "feasible point does",
    "f rises strictly towards the maximiser (Minty 1967)":
    "the objective rises strictly towards the maximiser (Minty 1967)",
}  # fmt: skip
SOLUTIONS = {
    "maximize": "a maximum", "social": "a maximum", "bargaining": "a bargaining solution",
    "nash": "a Nash equilibrium", "variational": "a generalised Nash equilibrium",
    "walras": "a price equilibrium", "stackelberg": "an equilibrium of the sequential game",
}  # fmt: skip
OUTCOMES = {
    "infeasible": "no choice is feasible",
    "unbounded": "the objective has no bound",
    "none": "no solution exists",
}


@explain.register
def _(step: Concave) -> Passage:
    return Passage((*shape(step), ". "))


def shape(step: Concave) -> tuple[Word, ...]:
    """The expression and how it is curved: affine where it is that, for it is no more concave than
    convex."""
    inside = (" in ", *listed(step.variables)) if step.variables else ()
    if is_flat(step):
        return (step.expression, " is affine", *inside, ", so concave")
    return (step.expression, f" is {step.kind}", *inside)


def is_flat(step: Concave) -> bool:
    """Whether what is called concave is affine."""
    e, own = step.expression, step.variables
    return step.kind == "concave" and bool(own) and e.is_polynomial(*own) and all(
        not sp.diff(e, v).free_symbols & set(own) for v in own
    )  # fmt: skip


@explain.register
def _(step: Sufficient) -> Passage:
    others = reasons(step)
    if step.theorem.startswith(WHOLE):  # a sentence, not the name of a theorem
        said = f"No feasible choice of {in_sentence(step.owner)} is better: {step.theorem}"
        return Passage((f"{said}; these are {' and '.join(others)}. " if others else f"{said}. ",))
    if step.theorem == REPLY:
        said = f"No feasible choice of {in_sentence(step.owner)} is better: "
        return Passage((f"{said}the one given is among the best replies named above. ",))
    because = f", for {' and '.join(others)}" if others else ""
    by = f"by {step.theorem}" if step.theorem else "as is decided from the definition"
    return Passage(
        (f"So no feasible choice of {in_sentence(step.owner)} is better, {by}{because}. ",)
    )


@explain.register
def _(step: Compare) -> Passage:
    better = Formula((step.objective, ">", step.value))
    under = (" with ", *listed(map(formula_of, step.feasible))) if step.feasible else ()
    said = f"No feasible choice of {in_sentence(step.owner)} is better: "
    return Passage((said, better, *under, " has no real solution. "))


@explain.register
def _(step: Unique) -> Passage:
    if "fixed point of best replies" in step.theorem:
        said = "in an equilibrium every choice is a best reply (Nash 1950), and nothing else meets "
        return Passage((f"There is no other solution: {said}the conditions of all. ",))
    if step.theorem:
        return Passage((f"There is no other solution: {ALONE.get(step.theorem, step.theorem)}. ",))
    return Passage((
        "There is no other solution: the conditions that a second one would have to meet have no "
        "real solution. ",
    ))  # fmt: skip


@explain.register
def _(step: Covered) -> Passage:
    shown: list[Word] = []
    for k, region in enumerate(dict.fromkeys(step.regions)):  # several solutions share one
        shown += ["; or " if k else "", *listed(formulas_of(region))]
    return Passage(("The cases cover all declared parameters: always ", *shown, ". "))


@explain.register
def _(step: Conclude) -> Passage:
    return concluded(step)


def concluded(step: Conclude, *, loss: bool = False, there: bool = False) -> Passage:
    """The conclusion; of a `loss` a minimum, and `there` where the condition was just said."""
    values = listed(equation(s, v) for s, v in step.values)
    said = "a minimum" if loss else SOLUTIONS[step.concept]
    words: list[Word] = ["Hence ", *values, f" is {said}"]
    if step.when and there:
        words += [" there"]
    elif step.when:
        words += [" where ", *listed(formulas_of(step.when))]
    if step.value is not None:
        words += [", of value ", step.value]
    return Passage((*words, ". "))


@explain.register
def _(step: ConcludeSet) -> Passage:
    words: list[Word] = [
        "Every point with ",
        *listed(formulas_of(step.relations)),
        " is a solution",
    ]
    if step.when:
        words += [" where ", *listed(formulas_of(step.when))]
    return Passage((*words, ". "), opens=True)


@explain.register
def _(step: ConcludeNone) -> Passage:
    words: list[Word] = []
    if step.when:
        words += ["Where ", *listed(formulas_of(step.when)), ", "]
    said = without_solution(OUTCOMES[step.outcome], step.reason)
    said = said if words else said[:1].upper() + said[1:]
    return Passage((*words, said + ". "), opens=True)


@explain.register
def _(step: Gap) -> Passage:
    if step.statement == "no answer was found":
        return Passage((f"No answer was found: {step.reason}. ",))
    return Passage((f"Not proved: {step.statement} ({step.reason}). ",))
