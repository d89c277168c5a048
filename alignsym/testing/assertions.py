"""Assertions about claims: what fails is said with the exact parameter point where it does."""

from __future__ import annotations

from alignsym.checking.judgement import check
from alignsym.checking.report import Report, lines
from alignsym.claims import Decided, Proved, Refuted
from alignsym.model.game import Concept, Game
from alignsym.model.writing import text


def assert_proved(
    game: Game,
    claim: object = None,
    concept: Concept | None = None,
    *,
    complete: bool | None = None,
    seconds: float | None = None,
) -> Report:
    """Every claim about the game is proved, for all declared parameter values.

    Arguments: as of `alignsym.check`: `claim`, by default the game's own tables; a mapping from
    actions to closed forms, a `StatedRegime`, a `Solution`, or a list of these.
    Raises: AssertionError with every claim that is not proved; one that is refuted with the point
    where it fails and what is better there.

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> x, q = sp.symbols("x q", positive=True)
    >>> game = Game(Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}), concept="maximize")
    >>> assert_proved(game, {x: q}).verdict
    'proved'
    >>> assert_proved(game, {x: q/2})
    Traceback (most recent call last):
    ...
    AssertionError: not proved: refuted
    <BLANKLINE>
    regime 1
      refuted   x = q/2
                at q = 1: alpha does better with x = 1: utility 0 in place of -0.69314718
    """
    report = check(game, claim, concept, complete=complete, seconds=seconds)
    wrong = [d for d in report.decided if not isinstance(d.verdict, Proved)]
    refuted = [d for d in wrong if isinstance(d.verdict, Refuted)]
    wrong = refuted or wrong
    if wrong or not report.decided:
        raise AssertionError(_told("not proved", report, wrong))
    return report


def assert_solution(
    game: Game,
    claim: object,
    concept: Concept | None = None,
    *,
    seconds: float | None = None,
) -> Report:
    """The claim is proved, and it covers all declared parameters.

    Raises: as `assert_proved`; where parameters are not covered, with one of them.

    >>> import sympy as sp
    >>> from alignsym.model.agents import StatedRegime
    >>> from alignsym.model.game import Agent
    >>> from alignsym.model.relations import Relation
    >>> x, q = sp.symbols("x q", positive=True)
    >>> game = Game(Agent("alpha", sp.log(x) - x, x, constraints={"cap": x <= q}))
    >>> slack = StatedRegime((Relation(q, ">=", sp.S.One),), ((x, sp.S.One),))
    >>> tight = StatedRegime((Relation(q, "<=", sp.S.One),), ((x, q),))
    >>> assert_solution(game, [slack, tight], "maximize").verdict
    'proved'
    >>> assert_solution(game, slack, "maximize")
    Traceback (most recent call last):
    ...
    AssertionError: not proved: refuted
    <BLANKLINE>
    the answer as a whole
      refuted   the tables cover all declared parameters
                at q = 1/2: the condition of no table holds here
    """
    return assert_proved(game, claim, concept, complete=True, seconds=seconds)


def assert_not_refuted(
    game: Game,
    claim: object = None,
    concept: Concept | None = None,
    *,
    complete: bool | None = None,
    seconds: float | None = None,
) -> Report:
    """No claim about the game fails at any parameter point that was tried.

    Weaker than proved: for claims that are beyond a proof, and for quick tests.  Arguments and
    errors as of `assert_proved`.
    """
    report = check(game, claim, concept, complete=complete, seconds=seconds)
    wrong = [d for d in report.decided if isinstance(d.verdict, Refuted)]
    if wrong:
        raise AssertionError(_told("refuted", report, wrong))
    return report


def _told(what: str, report: Report, wrong: list[Decided]) -> str:
    head = f"{report.id or 'the claims'}: {what}" if report.id else what
    verdict = "" if what == report.verdict else f": {report.verdict}"
    out = [head + verdict if wrong else f"{head}: nothing is claimed"]
    shown: int | None = -1
    for d in wrong:
        if d.claim.regime != shown:
            shown = d.claim.regime
            when = " and ".join(text(r) for r in d.claim.region)
            where = "the answer as a whole" if shown is None else f"regime {shown + 1}"
            out += ["", where + (f", {when}" if when else "")]
        out += lines(d)
    return "\n".join(out)
