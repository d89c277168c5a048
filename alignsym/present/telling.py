"""The words and formulas of steps up to the solution: clauses of `present.explain.explain`.

They are written for a reader with pen and paper: what is set to zero, why a case cannot be, what
follows from which equation.
"""

from __future__ import annotations

from collections.abc import Collection

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
    joined,
    listed,
    named,
)
from alignsym.present.phrases import (
    bound_name,
    in_sentence,
    product,
    rows_of,
    who,
    within,
)
from alignsym.steps import (
    Active,
    BestReplies,
    BindingCase,
    ChooseRoot,
    Complementary,
    Discarded,
    FirstOrder,
    Hold,
    Kink,
    Lagrangian,
    Market,
    Problem,
    Reply,
    ShadowPrices,
    Solve,
    SolveTogether,
    Summed,
    Transform,
    Values,
)

INLINE, FEW = 2, 3  # more constraints, more values than this are displayed
ZERO = sp.S.Zero


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
    if not step.multipliers:
        return Passage(("That is, to be maximised is",), (equation(label, step.expression),))
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
    if len(others) == 1:
        if _divides(step.assumed.left, others[0].left):
            said = " is not defined, so that it cannot hold there. "
            return Passage(("Where ", zero, ", ", formula_of(others[0]), said))
        return Passage(
            (zero, " is impossible: then ", formula_of(others[0]), ", which cannot be. ")
        )
    return Passage(
        (zero, " is impossible: ", *listed(map(formula_of, others)), " cannot hold with it. ")
    )


def _divides(zero: Expr, expression: Expr) -> bool:
    """Whether the expression has what is zero in a denominator."""
    powers = (p for p in expression.atoms(sp.Pow) if p.exp.is_negative)
    return not zero.is_Symbol and any(zero in (p.base, -p.base) for p in powers)


@explain.register
def _(step: BindingCase) -> Passage:
    return binding(step)


def binding(step: BindingCase, prices: Collection[str] | None = None) -> Passage:
    """What binds and what is solved for; `prices` name markets."""
    unknowns = listed(step.unknowns)
    if not step.binding:
        return Passage(("No constraint binds. Solve for ", *unknowns, ". "), opens=True)
    verb = " binds" if len(step.binding) == 1 else " bind"
    names = joined([bound_name(n, step, prices) for n in step.binding])
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
    if step.remaining:
        several = "s " if len(step.remaining) > 1 else " "
        words += [f"The solution{several}"]
        words += [*listed(equation(step.unknown, e) for e in step.remaining)]
        words += [f" remain{'' if len(step.remaining) > 1 else 's'} to be excluded. "]
    if not words:
        words = ["Any other solution of this equation remains to be excluded. "]
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
def _(step: Active) -> Passage:
    """Who is active, and the equation that is left."""
    terms = sp.Add.make_args(step.condition.left)
    right = [-t for t in terms if t.could_extract_minus_sign() and t.has(sp.Sum)]
    left = sp.Add(*(t for t in terms if -t not in right))
    words: list[Word] = [
        "Nobody chooses less than the bound: ", equation(step.choice, step.clipped),
        ". The choice is at the bound where ", equation(step.unknown, step.threshold),
        ". So a member is active if and only if ", Formula((left, ">", sp.Add(*right))),
        "; over these members" + (f", the set {step.name}," if step.name else ","),
    ]  # fmt: skip
    rows: tuple[Formula, ...] = (equation(step.comes_to, step.summed),)
    if step.total != step.comes_to:
        rows = (Formula((step.total, "=", step.comes_to, "=", step.summed)),)
    return Passage(tuple(words), (*rows, equation(step.unknown, step.value)), opens=True)


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
