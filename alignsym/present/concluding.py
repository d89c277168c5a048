"""The words of why it is the solution, and of what is concluded: clauses of `explain`."""

from __future__ import annotations

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
    inside = (" in ", *listed(step.variables)) if step.variables else ()
    return Passage((step.expression, f" is {step.kind}", *inside, ". "))


@explain.register
def _(step: Sufficient) -> Passage:
    others = reasons(step)
    if step.theorem.startswith(WHOLE):  # a sentence, not the name of a theorem
        said = f"No feasible choice of {in_sentence(step.owner)} is better: {step.theorem}"
        return Passage((f"{said}; these are {' and '.join(others)}. " if others else f"{said}. ",))
    because = f", for {', '.join(others)}" if others else ""
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
        return Passage((f"There is no other solution: {step.theorem}. ",))
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
    values = listed(equation(s, v) for s, v in step.values)
    words: list[Word] = ["Hence ", *values, f" is {SOLUTIONS[step.concept]}"]
    if step.when:
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
    return Passage((f"Not proved: {step.statement} ({step.reason}). ",))
