"""A derivation as blocks: headings, paragraphs and displayed formulas, for every presenter alike.

Steps become passages by `explain`; passages of one kind that follow each other share one display,
and a new problem or case begins a paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from alignsym.derivation import Derivation
from alignsym.model.game import Game
from alignsym.model.relations import Expr
from alignsym.present.blocks import Block, Display, Prose, Table
from alignsym.present.passages import Formula, Word, formulas_of, listed, named
from alignsym.present.phrases import without_solution
from alignsym.present.spoken import spoken
from alignsym.present.text import OUTCOME_WORDS, concept_in_words, occurrences
from alignsym.present.together import told
from alignsym.present.words import members_named, tidy
from alignsym.solution import Case, Continuum, NoSolution, Solution
from alignsym.steps import (
    Active,
    BindingCase,
    Compare,
    Concave,
    ConcludeNone,
    Covered,
    Gap,
    Sufficient,
    Unique,
)

FREE = "free"  # of a choice that a set of solutions leaves open
GROUNDS = (Concave, Sufficient, Compare, Unique, Covered, Gap)  # why it is the solution


def proof(derivation: Derivation) -> tuple[Block, ...]:
    """The steps as blocks.  Raises TypeError for a step without words."""
    blocks: list[Block] = []
    words: list[Word] = []
    rows: list[Formula] = []
    title = ""
    last: type | None = None
    solution = derivation.solution
    several = solution.concept != "stackelberg" and len(solution.cases) > 1
    number = 0

    def flush() -> None:
        nonlocal title
        if words or title:
            blocks.append(Prose(tuple(words), title))
        if rows:
            blocks.append(Display(tuple(rows)))
        words.clear()
        rows.clear()
        title = ""

    for step, passage in told(derivation.steps):
        if passage.joins and last is type(step) and rows:
            rows += passage.formulas
            continue
        grounds = isinstance(step, GROUNDS)
        if passage.opens or rows or (grounds and last is not None and last not in GROUNDS):
            flush()
        if isinstance(step, (BindingCase, Active)) and several:
            number += 1
            title = f"Case {number}."
        words += (
            spoken(passage.words) if grounds or isinstance(step, ConcludeNone) else passage.words
        )
        rows += passage.formulas
        last = type(step)
    flush()
    return tuple(blocks)


def statement(solution: Solution) -> tuple[Block, ...]:
    """What is shown: the closed forms, one case or a table of several."""
    opening: list[Word] = [concept_in_words(solution)]
    domain = declared(solution.game)
    if domain:
        opening += [", for all ", *domain]
    if not solution.cases:
        return (Prose((*opening, f": unknown ({solution.reason}).")),)
    if len(solution.cases) == 1:
        (case,) = solution.cases
        if case.when:
            opening += [", where ", *listed(formulas_of(case.when)), *for_every(solution, case)]
        if isinstance(case, NoSolution):
            said = without_solution(OUTCOME_WORDS[case.outcome], case.reason)
            return (Prose((*opening, *spoken([f": {said}."]))),)
        rows = [Formula((label, "=", value)) for label, value in quantities(case, solution.game)]
        if isinstance(case, Continuum):
            rows = [*formulas_of(case.relations), *rows]
        return (Prose((*opening, ":")), Display(tuple(rows)))
    return (Prose((*opening, ":")), table(solution))


def for_every(solution: Solution, case: Case) -> tuple[Word, ...]:
    """A condition on a member's data is meant for every member."""
    every = members_named(solution.game, case.when)
    return (" for every ", *listed(tuple(map(sp.Symbol, every)))) if every else ()


def declared(game: Game) -> tuple[Word, ...]:
    """What is declared of the parameters, those that count members said to be integers.

    >>> n, q = sp.Symbol("n", integer=True, positive=True), sp.Symbol("q", positive=True)
    >>> from alignsym.model.agents import Interval, Parameter
    >>> from alignsym.present.passages import plain_word
    >>> whole = Parameter(n, Interval(sp.S.One, sp.oo), integer=True)
    >>> rows = [whole, Parameter(q, Interval.positive())]
    >>> "".join(map(plain_word, declared(Game(parameters=rows))))
    'integers n >= 1 and all q > 0'
    """
    sizes = {p.symbol for p in game.parameters if p.integer}
    domain = tidy(game.domain())
    lows = [r for r in domain if r.left in sizes and r.right.is_number]
    # Of several lowest sizes the highest counts.
    least = {r.left: r for r in sorted(lows, key=lambda r: float(r.right)) if r.operator == ">="}
    counts = formulas_of(tuple(r for r in lows if r.operator != ">=" or r is least[r.left]))
    others = formulas_of(tuple(r for r in domain if not (r.left in sizes and r.right.is_number)))
    if not counts:
        return tuple(listed(others))
    return ("integers ", *listed(counts), *((" and all ", *listed(others)) if others else ()))


def each_case(solution: Solution) -> Iterator[Block]:
    """A paragraph and a display for every case."""
    for number, (case, which) in enumerate(occurrences(solution), start=1):
        where = (*listed(formulas_of(case.when)), *for_every(solution, case))
        where = (*where, f", {which}") if which else where
        head: tuple[Word, ...] = (f"{number}. Where ", *where)
        head = head if case.when else (f"{number}. {which[:1].upper() + which[1:] or 'Always'}",)
        if isinstance(case, NoSolution):
            yield Prose((*head, f": {OUTCOME_WORDS[case.outcome]}."))
            continue
        rows = [Formula((label, "=", value)) for label, value in quantities(case, solution.game)]
        if isinstance(case, Continuum):
            rows = [*formulas_of(case.relations), *rows]
        yield Prose((*head, ":"))
        yield Display(tuple(rows))


def table(solution: Solution) -> Table:
    """A row a case: its condition, then its closed forms."""
    labels: dict[Expr, None] = {}
    for case in solution.cases:
        labels |= dict.fromkeys(label for label, _ in quantities(case, solution.game))
    head: list[tuple[Word, ...]] = [("where",), *((label,) for label in labels)]
    return Table(
        tuple(head),
        tuple(_row(c, said, list(labels), solution.game) for c, said in occurrences(solution)),
    )


def _row(case: Case, which: str, labels: list[Expr], game: Game) -> tuple[tuple[Word, ...], ...]:
    where = tuple(listed(formulas_of(case.when)))
    where = (*where, f", {which}" if where else which) if which else where or ("always",)
    if isinstance(case, NoSolution):
        return (where, (OUTCOME_WORDS[case.outcome],), *(("",) for _ in labels[1:]))
    known = dict(quantities(case, game))
    missing = FREE if isinstance(case, Continuum) else "–"
    cells: list[tuple[Word, ...]] = [
        (known[label],) if label in known else (missing,) for label in labels
    ]
    if isinstance(case, Continuum) and case.relations:
        where = (*where, ": all ", *listed(formulas_of(case.relations)))
    return (where, *cells)


def quantities(case: Case, game: Game | None = None) -> Iterator[tuple[Expr, Expr]]:
    """Label and closed form: values, shadow prices (nu those of equalities), the objective."""
    if isinstance(case, NoSolution):
        return
    yield from case.values
    equal = {c.name for c in game.constraints if c.relation.is_equality} if game else set()
    for name, price in case.multipliers:
        yield named("nu" if name in equal else "mu", name), price
    if case.value is not None:
        yield sp.Symbol("V[]"), case.value
