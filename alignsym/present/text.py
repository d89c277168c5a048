"""A solution as text for people: the problem, the regimes, what is proved and what is not.

`solution_text` is the whole answer, at most `WIDTH` columns; `headline` its closed forms alone,
for the prompt.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from alignsym.claims import Proved, Verdict, weakest, word
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Relation
from alignsym.present.active import with_active_sets
from alignsym.present.explain import explain
from alignsym.present.passages import plain_word
from alignsym.present.words import (
    in_words,
    members_named,
    parameters_in_words,
    plain,
    problem_in_words,
    region_in_words,
    relation_in_words,
)
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution

WIDTH = 100
SHOWN_GAPS = 6

CONCEPT_WORDS = {
    "maximize": "Global maximum",
    "nash": "Nash equilibrium",
    "variational": "Generalised Nash equilibrium with common shadow prices",
    "walras": "Price equilibrium",
    "stackelberg": "Equilibrium of moves in the order listed",
    "social": "Maximum of the sum of utilities",
    "bargaining": "Nash bargaining solution",
}
CRITERION_WORDS = {
    "kalai-smorodinsky": "Kalai-Smorodinsky bargaining solution",
    "egalitarian": "Egalitarian bargaining solution",
    "normalised": "Generalised Nash equilibrium by the ratios of shadow prices",
}
VALUE_WORDS = {
    "maximize": "optimal value",
    "social": "sum of utilities",
    "bargaining": "product of gains",
    "kalai-smorodinsky": "common share of the ideal gains",
    "egalitarian": "common gain",
}
OUTCOME_WORDS = {
    "infeasible": "no feasible choice exists",
    "unbounded": "the objective has no bound",
    "none": "no solution exists",
}
REMEDY = (
    "What may help: a longer time limit, numbers for some of the parameters, further conditions on "
    "them, or fewer agents."
)


def solution_text(solution: Solution) -> str:
    """The answer as a page of text, without a newline at the end.

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> x, q = sp.symbols("x q", positive=True)
    >>> game = Game(Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}))
    >>> regime = Regime((), ((x, q),), (("cap", 1/q),), status=Proved(), exhaustive=Proved())
    >>> print(solution_text(Solution(game, "maximize", (regime,), Proved(), seconds=0.05)))
    Global maximum
    <BLANKLINE>
    alpha maximises log(x) over x > 0 subject to x <= q (cap).
    <BLANKLINE>
    For all q > 0:
      x                   = q
      shadow price of cap = 1/q
    <BLANKLINE>
    is a solution: proved
    no other solution: proved
    covers all declared parameters: proved
    solved in 0.05 s
    """
    concept = concept_in_words(solution)
    title = plain(solution.game.title)
    lines = [*_wrapped(title), "", *_wrapped(concept)] if title else _wrapped(concept)
    lines += ["", *_wrapped(problem_in_words(solution.game)), *_parameters(solution), ""]
    solution, sets = with_active_sets(solution)
    for number, case in enumerate(solution.cases, start=1):
        lines += [*_case(solution, case, number), ""]
    for each in sets:
        lines += [*_wrapped(f"{each.in_words()}."), ""]
    return "\n".join([*lines, *_verdicts(solution)])


def game_text(game: Game) -> str:
    """The game in a few lines: who maximises what, what binds all, and the parameters.

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> x, q = sp.symbols("x q", positive=True)
    >>> print(game_text(Game(Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}))))
    alpha maximises log(x) over x > 0 subject to x <= q (cap). Parameters: q > 0.
    """
    declared = parameters_in_words(game)
    said = problem_in_words(game) + (f" Parameters: {declared}." if declared else "")
    return "\n".join([*_wrapped(plain(game.title)), *_wrapped(said)])


def concept_in_words(solution: Solution) -> str:
    """What was asked for: the concept, and the criterion that singles out its solutions."""
    if solution.concept == "social" and solution.game.weights:
        return "Maximum of the weighted sum of utilities"
    concept = CONCEPT_WORDS[solution.concept]
    losses = [a.loss for a in solution.game.agents if a.actions]
    if solution.concept == "maximize" and losses == [True]:
        concept = "Global minimum"
    if not solution.criterion:
        return concept
    return CRITERION_WORDS.get(solution.criterion, f"{concept}, {solution.criterion}")


def occurrences(solution: Solution) -> Iterator[tuple[Case, str]]:
    """The cases, each with "solution 2 of 3" where several have the same condition, else ''."""
    places = [case.when for case in solution.cases]
    for k, case in enumerate(solution.cases):
        count = places.count(case.when)
        before = places[:k].count(case.when)
        yield case, f"solution {before + 1} of {count}" if count > 1 else ""


def headline(solution: Solution) -> str:
    """The closed forms alone, one line a case, then how far they are proved.

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> x, q = sp.symbols("x q", positive=True)
    >>> game = Game(Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}))
    >>> regime = Regime((), ((x, q),), status=Proved(), exhaustive=Proved())
    >>> print(headline(Solution(game, "maximize", (regime,), Proved())))
    x = q for all q > 0, proved
    """
    if not solution.cases:
        return f"unknown: {solution.reason or 'no reason given'}"
    rows = []
    solution, sets = with_active_sets(solution)
    for case in solution.cases:
        place = _place(solution.game, case)
        rows.append(f"{_summary(case)} {place}".rstrip())
    verdict: str = word(solution.proof)
    if solution.criterion:
        verdict = f"{solution.criterion}, {verdict}"
    if len(rows) == 1 and not sets:
        return f"{rows[0]}, {verdict}"
    return "\n".join([*rows, *(s.in_words() for s in sets), verdict])


def _parameters(solution: Solution) -> list[str]:
    """What is declared of the parameters, unless the only case says it."""
    if len(solution.cases) == 1 and not solution.cases[0].when:
        return []
    declared = parameters_in_words(solution.game)
    return _wrapped(f"Parameters: {declared}.") if declared else []


def _place(game: Game, case: Case) -> str:
    """Where a case holds, as a phrase; empty where there are no parameters."""
    if case.when:
        every = members_named(game, case.when)
        said = f" for every {' and '.join(every)}" if every else ""
        return "where " + region_in_words(case.when) + said
    declared = parameters_in_words(game)
    return f"for all {declared}" if declared else ""


def _summary(case: Case) -> str:
    if isinstance(case, NoSolution):
        return OUTCOME_WORDS[case.outcome]
    if isinstance(case, Continuum):
        return "all points with " + region_in_words(case.description)
    return ", ".join(f"{symbol} = {in_words(value)}" for symbol, value in case.values)


def _case(solution: Solution, case: Case, number: int) -> list[str]:
    """The block of one case: its condition, then its closed forms, aligned."""
    place = _place(solution.game, case)
    head = place[:1].upper() + place[1:] if place else "The answer"
    if isinstance(case, Regime) and case.multiple:
        head += ", one of several solutions"
    if len(solution.cases) > 1:
        head = f"{number} of {len(solution.cases)}. {head}"
    lines = _wrapped(head + ":", later="  ")
    if isinstance(case, NoSolution):
        because = f": {plain(case.reason)}" if case.reason else ""
        return lines + _wrapped(f"  {OUTCOME_WORDS[case.outcome]}{because}", later="    ")
    if isinstance(case, Continuum):
        shown = region_in_words(case.description)
        lines += _wrapped(f"  every point with {shown}", later="    ")
        level = _numeraire(solution.game, case)
        if level:
            said = f"  prices are determined up to scale, in terms of the numeraire {level}"
            lines += _wrapped(said, later="    ")
    rows = list(_rows(solution, case))
    wide = max((len(label) for label, _ in rows), default=0)
    for label, expression in rows:
        later = " " * (min(wide, WIDTH // 2) + 5)
        lines += _wrapped(f"  {label:<{wide}} = {in_words(expression)}", later=later)
    if isinstance(case, Regime) and case.binding:
        binding = ", ".join(_binding(solution.game, name) for name in case.binding)
        lines += _wrapped(f"  binding: {binding}", later="    ")
    return lines


def _numeraire(game: Game, case: Continuum) -> str:
    """The price in terms of which the others of a ray are given; '' where it is no ray."""
    free = {s for r in case.relations for s in r.free_symbols}
    names = [p.name for p in game.prices if p.symbol in free and free == {p.symbol}]
    return names[0] if names else ""


def _rows(solution: Solution, case: Regime | Continuum) -> Iterable[tuple[str, Expr]]:
    """Label and expression: values, shadow prices, the objective, every agent's utility."""
    if isinstance(case, Regime):
        for symbol, value in case.values:
            yield str(symbol), value
    several = case.several if isinstance(case, Regime) else ()
    for name, price in case.multipliers:
        label = "a multiplier (of several) of" if name in several else "shadow price of"
        yield f"{label} {name}", price
    if isinstance(case, Regime):
        for name, price in case.bound_prices:
            if price != 0:
                yield f"shadow price of the bound on {name}", price
    if case.value is not None:
        label = VALUE_WORDS.get(solution.criterion or solution.concept, "value")
        if solution.concept == "social" and solution.game.weights:
            label = "weighted sum of utilities"
        yield label, case.value
    if isinstance(case, Regime):
        for agent, utility in case.utilities:
            if solution.concept != "maximize" or utility != case.value:
                yield f"utility of {agent}", utility


def _binding(game: Game, name: str) -> str:
    relations = {c.name: c.relation for c in game.constraints}
    relations |= {p.name: p.clearing for p in game.prices}
    if name in relations:
        at = Relation(relations[name].left, "==", relations[name].right)
        return f"{name} ({relation_in_words(at)})"
    return f"{name} at its bound" if name in {a.name for a in game.actions} else name


def _verdicts(solution: Solution) -> list[str]:
    """How far each part is shown, what is not proved and why, and how long it took."""
    seconds = f"{solution.seconds:.2f} s"
    if not solution.cases:
        reason = plain(solution.reason) or "no reason given"
        return [*_wrapped(f"No answer: {reason}."), *_wrapped(REMEDY), f"stopped after {seconds}"]
    lines: list[str] = []
    outcomes = all(isinstance(case, NoSolution) for case in solution.cases)
    name = "has no solution" if outcomes else "is a solution"
    lines += _verdict(name, [(i, case.status) for i, case in enumerate(solution.cases, start=1)])
    if not outcomes:
        others = [
            (i, case.exhaustive)
            for i, case in enumerate(solution.cases, start=1)
            if not isinstance(case, NoSolution)
        ]
        name = "no other solution"
        lines += _verdict(name, others)
    lines += _verdict("covers all declared parameters", [(0, solution.coverage)])
    gaps = [d for d in solution.decided if not isinstance(d.verdict, Proved)]
    for decided in gaps[:SHOWN_GAPS]:
        passage = explain(decided)
        where = ", ".join(map(plain_word, passage.formulas))
        lines += _wrapped(f"  - {plain(passage.sentence)}" + f" [{where}]" * bool(where), "    ")
    if len(gaps) > SHOWN_GAPS:
        lines.append(f"  - and {len(gaps) - SHOWN_GAPS} more")
    if solution.reason:
        lines += _wrapped(f"Note: {plain(solution.reason)}.")
    return [*lines, f"solved in {seconds}"]


def _verdict(name: str, verdicts: list[tuple[int, Verdict]]) -> list[str]:
    """One line a distinct verdict short of proof, with the cases it is about; else `proved`."""
    if isinstance(weakest(v for _, v in verdicts), Proved):
        return [f"{name}: proved"]
    said: dict[str, list[int]] = {}
    for number, verdict in verdicts:
        said.setdefault(_in_full(verdict), []).append(number)
    if len(said) == 1:
        return _wrapped(f"{name}: {next(iter(said))}", later="  ")
    lines = []
    for sentence, numbers in said.items():
        cases = "case " if len(numbers) == 1 else "cases "
        cases += ", ".join(map(str, numbers))
        lines += _wrapped(f"{name} ({cases}): {sentence}", later="  ")
    return lines


def _in_full(verdict: Verdict) -> str:
    passage = explain(verdict)
    at = ", ".join(map(plain_word, passage.formulas))
    return plain(passage.sentence) + (f": {at}" if at else "")


def _wrapped(text: str, later: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=later, break_on_hyphens=False, drop_whitespace=True
    )
