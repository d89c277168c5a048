"""The words and formulas of every step: clauses of `present.explain.explain`.

They are written for a reader with pen and paper: what is set to zero, why a case cannot be, what
follows from which equation.
"""

from __future__ import annotations

import sympy as sp

from alignsym.model.relations import Expr, Region
from alignsym.present.explain import explain
from alignsym.present.passages import (
    Formula,
    Passage,
    Word,
    equation,
    formula_of,
    formulas_of,
    listed,
    named,
)
from alignsym.present.phrases import (
    bound_name,
    in_sentence,
    product,
    reasons,
    rows_of,
    who,
    within,
)
from alignsym.steps import (
    BestReplies,
    BindingCase,
    ChooseRoot,
    Compare,
    Complementary,
    Concave,
    Conclude,
    ConcludeNone,
    ConcludeSet,
    Covered,
    Discarded,
    FirstOrder,
    Gap,
    Hold,
    Kink,
    Lagrangian,
    Market,
    Problem,
    Reply,
    ShadowPrices,
    Solve,
    SolveTogether,
    Sufficient,
    Summed,
    Transform,
    Unique,
    Values,
)

INLINE, FEW = 2, 3  # more constraints, more values than this are displayed
ZERO = sp.S.Zero
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
def _(step: Problem) -> Passage:
    several = "" if step.owner == "the bargain" else "s"
    verb = f" minimise{several} " if step.loss else f" maximise{several} "
    words: list[Word] = [who(step.owner), verb, step.objective]
    if step.actions:
        words += [" over ", *listed(within(s, interval) for s, interval in step.actions)]
    few = len(step.constraints) <= INLINE
    if step.constraints and few:
        rows = [(formula_of(r), f" ({name})") for name, r in step.constraints]
        words += [" subject to ", *rows[0]]
        for row in rows[1:]:
            words += [" and ", *row]
    if step.given:
        words += [", taking ", *listed(step.given), " as given"]
    if step.foreseen:
        words += [", foreseeing ", *listed(equation(s, e) for s, e in step.foreseen)]
    if few:
        return Passage((*words, ". "), opens=True)
    shown = tuple(formula_of(r) for _, r in step.constraints)
    return Passage((*words, ", subject to"), shown, opens=True)


@explain.register
def _(step: Market) -> Passage:
    if step.numeraire:
        words = ("Prices are measured in ", step.price, ": ", equation(step.price, sp.S.One), ". ")
        return Passage(words)
    slack = step.clearing.gap
    if step.clearing.is_equality:
        return Passage(("The market clears:",), (formula_of(step.clearing),))
    chain = Formula(
        (step.price, ">=", ZERO, ",", *formula_of(step.clearing).parts, ",",
         product(step.price, slack), "=", ZERO)
    )  # fmt: skip
    return Passage(("The price ", step.price, " clears its market:"), (chain,), opens=True)


@explain.register
def _(step: Transform) -> Passage:
    return Passage(
        (step.before, " is an increasing function of ", step.after, ", which is maximised in its "
         "place. ")
    )  # fmt: skip


@explain.register
def _(step: Kink) -> Passage:
    edges = listed(map(formula_of, step.edges))
    return Passage((step.variable, " stands for ", step.term, ", with ", *edges, ". "))


@explain.register
def _(step: Lagrangian) -> Passage:
    label = named("L", step.owner.removeprefix("each "))
    return Passage(
        ("With a multiplier for every constraint,",), (equation(label, step.expression),)
    )


@explain.register
def _(step: FirstOrder) -> Passage:
    label = named("L" if step.multiplied else "U", step.owner.removeprefix("each "))
    if step.expression == 0:
        said = f"What {in_sentence(step.owner)} gets does not depend on "
        return Passage((said, step.variable, ": every choice is best. "))
    slope = sp.Derivative(label, step.variable, evaluate=False)
    return Passage(
        ("At an optimum the derivatives vanish:",), (equation(slope, step.expression, ZERO),),
        joins=True,
    )  # fmt: skip


@explain.register
def _(step: Complementary) -> Passage:
    chain = Formula(
        (step.multiplier, ">=", ZERO, ",", step.slack, ">=", ZERO, ",",
         product(step.multiplier, step.slack), "=", ZERO)
    )  # fmt: skip
    return Passage(("Of each multiplier and its slack one is zero:",), (chain,), joins=True)


@explain.register
def _(step: Discarded) -> Passage:
    zero = formula_of(step.assumed)
    if step.sign:
        (relation,) = step.relations
        sign = Formula((relation.left, ">" if step.sign == "positive" else "<", ZERO))
        return Passage((zero, " is impossible: then ", formula_of(relation), ", but ", sign, ". "))
    others = [r for r in step.relations if r != step.assumed]
    return Passage(
        (zero, " is impossible: ", *listed(map(formula_of, others)), " cannot hold with it. ")
    )


@explain.register
def _(step: BindingCase) -> Passage:
    unknowns = listed(step.unknowns)
    if not step.binding:
        return Passage(("No constraint binds. Solve for ", *unknowns, ". "), opens=True)
    verb = " binds" if len(step.binding) == 1 else " bind"
    names = listed(bound_name(n, step) for n in step.binding)
    return Passage(("Exactly ", *names, f"{verb}. Solve for ", *unknowns, ". "), opens=True)


@explain.register
def _(step: Solve) -> Passage:
    found = equation(step.unknown, step.result)
    if step.equation in (step.unknown, -step.unknown):
        return Passage(("Then",), (found,), joins=True)
    shown = Formula((step.equation, "=", ZERO, "=>", *found.parts))
    return Passage(("Then",), (shown,), joins=True)


@explain.register
def _(step: ChooseRoot) -> Passage:
    words: list[Word] = []
    for root, failed in step.refused:
        words += ["The solution ", equation(step.unknown, root), " is refused: it fails ",
                  formula_of(failed), ". "]  # fmt: skip
    if step.left:
        several = "s " if len(step.left) > 1 else " "
        words += [f"Another case has the solution{several}"]
        words += [*listed(equation(step.unknown, e) for e in step.left), ". "]
    return Passage(tuple(words))


@explain.register
def _(step: SolveTogether) -> Passage:
    shown = tuple(equation(e, ZERO) for e in step.equations)
    values = listed(equation(s, v) for s, v in step.values)
    return Passage(("The equations below hold at ", *values, ", as putting these in shows:"), shown)


@explain.register
def _(step: Summed) -> Passage:
    return Passage(("Summed over all members,",), (equation(step.total, step.result),), joins=True)


@explain.register
def _(step: Values) -> Passage:
    if len(step.values) <= FEW:
        return Passage(("Put back, this is ", *listed(rows_of(step.values)), ". "))
    return Passage(("Put back, this is",), rows_of(step.values))


@explain.register
def _(step: Reply) -> Passage:
    return Passage((f"{who(step.owner)} thus replies with ", *listed(rows_of(step.values)), ". "))


@explain.register
def _(step: BestReplies) -> Passage:
    rows = []
    for where, what in step.pieces:
        parts: list[Expr | str] = _chained(what)
        rows.append(Formula((*parts, " where ", *_chained(where)) if where else tuple(parts)))
    return Passage((f"The best replies of {in_sentence(step.owner)} are",), tuple(rows))


def _chained(region: Region) -> list[Expr | str]:
    """A conjunction as one row: relations with commas between them."""
    out: list[Expr | str] = []
    for row in formulas_of(region):
        out += [*([","] if out else []), *row.parts]
    return out


@explain.register
def _(step: ShadowPrices) -> Passage:
    words: list[Word] = []
    for name, multiplier, value in step.rows:
        words += [f"The shadow price of {name} is ", equation(multiplier, value), ". "]
    return Passage(tuple(words))


@explain.register
def _(step: Hold) -> Passage:
    when = listed(formulas_of(step.when))
    if not step.required:
        return Passage(("This is the case where ", *when, ". "))
    required = listed(map(formula_of, step.required))
    return Passage(("It needs ", *required, ", which holds where ", *when, ". "))


@explain.register
def _(step: Concave) -> Passage:
    inside = (" in ", *listed(step.variables)) if step.variables else ()
    return Passage((step.expression, f" is {step.kind}", *inside, ". "))


@explain.register
def _(step: Sufficient) -> Passage:
    others = reasons(step)
    because = f", for {', '.join(others)}" if others else ""
    by = f"by {step.theorem}" if step.theorem else "as is decided from the definition"
    return Passage(
        (f"So no feasible choice of {in_sentence(step.owner)} is better, {by}{because}. ",)
    )


@explain.register
def _(step: Compare) -> Passage:
    better = Formula((step.objective, ">", step.value))
    return Passage((
        f"No feasible choice of {in_sentence(step.owner)} is better: ", better, " with ",
        *listed(map(formula_of, step.feasible)), " has no real solution. ",
    ))  # fmt: skip


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
    for k, region in enumerate(step.regions):
        shown += ["; or " if k else "", *listed(formulas_of(region))]
    return Passage(("The cases cover all declared parameters, for always ", *shown, ". "))


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
    said = OUTCOMES[step.outcome] + (f": {step.reason}" if step.reason else "")
    said = said if words else said[:1].upper() + said[1:]
    return Passage((*words, said + ". "), opens=True)


@explain.register
def _(step: Gap) -> Passage:
    return Passage((f"Not proved: {step.statement} ({step.reason}). ",))
