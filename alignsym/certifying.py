"""An answer of the solver, written down so that anybody can check it without the solver.

What is recorded is what `checking.answers` shows of the answer as the certificate's own text has
it: never a verdict of the solver's.  Where an answer rests on programs of one agent, these are
solved once more and their answers recorded beside it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from alignsym.answer import solve
from alignsym.checking.answers import AT_ONE, Answer, Shown, shown
from alignsym.checking.certificate import Certificate, certificate, model_text
from alignsym.checking.reading import read_certificate
from alignsym.checking.smtlib import scripts
from alignsym.claims import Proved, Word, word
from alignsym.errors import LimitError, UsageError
from alignsym.logic.decide import until
from alignsym.logic.questions import listening
from alignsym.model.output import versions
from alignsym.model.responses import response_program
from alignsym.solution import Continuum, NoSolution, Regime, Solution
from alignsym.verify.all_equilibria import describable
from alignsym.verify.decision import decision_makers, everyones_bounds
from alignsym.verify.scale import matters_up_to_scale
from alignsym.verify.shapes import shape

_STRENGTH = ("refuted", "unknown", "checked", "proved")


def certify(solution: Solution, *, seconds: float | None = None) -> Certificate:
    """The certificate of a solution: its model, its cases, every obligation with its evidence.

    Arguments: `seconds`, after which obligations not yet decided are unknown in it.
    Raises: UsageError where there is nothing to certify, or a model file cannot say what the game
    says.

    >>> import alignsym as al, sympy as sp
    >>> x, q = sp.symbols("x q", positive=True)
    >>> certify(al.maximize(sp.log(x), over=x, subject_to={"cap": x <= q})).proof
    'proved'
    """
    if not solution.cases:
        raise UsageError("there is nothing to certify", where="certificate", remedy=solution.reason)
    game = solution.game
    model = model_text(game.altered(concept=solution.concept))
    deadline = None if seconds is None else time.monotonic() + seconds
    best: tuple[int, Certificate] | None = None
    with until(deadline):
        for answer in _answers(solution, seconds):
            # As it will be read: formulas may be arranged another way than they were found.
            told = _told(answer, model)
            found = shown(told, deadline=deadline)
            done = certificate(told, model, found)
            rank = _rank(found)
            if best is None or rank > best[0]:
                best = rank, done
            if done.proof == "proved" or (deadline is not None and time.monotonic() > deadline):
                break
    if best is None:
        raise UsageError("this answer cannot be shown without the solver", where="certificate")
    return best[1]


def smtlib(solution: Solution, *, seconds: float | None = None) -> dict[str, str]:
    """Every question that z3 answers on the way to the certificate, as SMT-LIB 2 files by name.

    Raises: as `certify`.

    >>> import alignsym as al, sympy as sp
    >>> x, q = sp.symbols("x q", positive=True)
    >>> files = smtlib(al.maximize(sp.log(x), over=x, subject_to={"cap": x <= q}))
    >>> all(text.count("(check-sat)") == 1 for text in files.values())
    True
    """
    with until(None if seconds is None else time.monotonic() + seconds):
        answer = certify(solution, seconds=seconds).answer
        with listening() as heard:
            shown(answer)
    return scripts(heard, solution.game.id)


def _rank(found: Shown) -> int:
    """How much is shown: everything, or so many obligations."""
    proved = sum(isinstance(d.verdict, Proved) for d in found.decided)
    return 10**6 * _STRENGTH.index(word(found.verdict)) + proved


def _told(answer: Answer, model: str) -> Answer:
    """The answer as its text says it; a witness that cannot be written is left out."""
    try:
        return read_certificate(str(_bare(answer, model))).answer
    except LimitError:
        return read_certificate(str(_bare(_without_witnesses(answer), model))).answer


def _without_witnesses(answer: Answer) -> Answer:
    """The answer without parameter points beyond the limits on numbers, as exp(10**99)."""
    cases = tuple(
        c if all(e.is_Rational for _, e in c.witness) else replace(c, witness=())
        for c in answer.cases
    )
    programs = tuple((name, _without_witnesses(part)) for name, part in answer.programs)
    return replace(answer, cases=cases, programs=programs)


def _bare(answer: Answer, model: str) -> Certificate:
    """The answer as a certificate of which nothing is shown."""
    nothing: Word = "unknown"
    said = tuple((nothing, None if isinstance(c, NoSolution) else nothing) for c in answer.cases)
    return Certificate("", model, answer, nothing, nothing, said, (), versions())


def _answers(solution: Solution, seconds: float | None) -> Iterator[Answer]:
    """The answer with every way that may show it, the simplest first."""
    game, concept = solution.game, solution.concept
    plain = Answer(game, concept, solution.cases)
    if game.families:
        if concept != "stackelberg":
            yield replace(plain, method="members")
        return
    if concept == "stackelberg":
        yield replace(plain, method="in order")
        return
    if concept == "walras" and matters_up_to_scale(game):
        fixed = solve(game.altered(numeraire=game.prices[-1].symbol), "walras", seconds=seconds)
        for part in _answers(fixed, seconds):
            yield replace(plain, method="scale", programs=((AT_ONE, part),))
        return
    several = any(isinstance(c, Continuum | NoSolution) for c in solution.cases)
    several = several or any(isinstance(c, Regime) and c.multiple for c in solution.cases)
    agents = concept in ("nash", "variational", "walras")
    if not (several and agents):
        yield plain
    if agents:
        programs = _programs(solution, seconds)
        yield replace(plain, method="equilibria", programs=programs)


def _programs(solution: Solution, seconds: float | None) -> tuple[tuple[str, Answer], ...]:
    """The answers to the programs of agents whose best replies first-order conditions miss."""
    game = solution.game
    if solution.concept != "nash":
        return ()
    given, bounds = game.domain(), everyones_bounds(game)
    out = []
    for maker in decision_makers(game, "nash"):
        own = set(maker.variables)
        others = tuple(r for r in bounds if not r.free_symbols & own)
        if describable(maker, shape(maker, (*given, *others))):
            continue
        answer = solve(response_program(game, maker.name), "maximize", seconds=seconds)
        out.append((maker.name, Answer(game, "maximize", answer.cases)))
    return tuple(out)
