"""Is the equilibrium efficient, what does it cost if not, and which instrument would align it?"""

from __future__ import annotations

import time
from dataclasses import replace

from alignsym.alignment.arena import arena
from alignsym.alignment.crowd_instruments import crowd_instruments
from alignsym.alignment.crowds import judge_crowd
from alignsym.alignment.efficiency import Alignment, Efficiency, Instrument
from alignsym.alignment.fitting import fitting
from alignsym.alignment.judging import judge, undecided, whole
from alignsym.alignment.profile import is_proved
from alignsym.alignment.sets import members
from alignsym.alignment.welfare import anarchy, largest_sum, loss, optimum
from alignsym.answer import solve
from alignsym.claims import Unknown
from alignsym.logic.decide import until
from alignsym.model.game import Concept, Game
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution


def align(
    game: Game,
    concept: Concept | None = None,
    *,
    seconds: float | None = None,
    instruments: bool = True,
) -> Alignment:
    """Solve the game and judge every equilibrium; see `alignment`.

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> x, (p, e) = sp.Symbol("x", nonnegative=True), sp.symbols("p e", positive=True)
    >>> mill = Agent("mill", p*x - x**2/2, x)
    >>> game = Game(mill, Agent("fishery", -e*x), concept="nash")
    >>> found = align(game)
    >>> found.equilibria[0].kind, found.equilibria[0].weights
    ('strongly', (('mill', 1), ('fishery', 0)))
    """
    share = None if seconds is None else 0.4 * seconds
    began = time.perf_counter()
    with until(None if seconds is None else time.monotonic() + 0.5 * seconds):
        solution = solve(game, concept, seconds=share)
    left = None if seconds is None else seconds - (time.perf_counter() - began)
    out = alignment(solution, seconds=left, instruments=instruments)
    return replace(out, seconds=time.perf_counter() - began)


def alignment(
    solution: Solution, *, seconds: float | None = None, instruments: bool = True
) -> Alignment:
    """Efficiency of every case of a solution, the optimum, the loss, and instruments.

    Arguments: `seconds`, after which what is left stays undecided, and is said so.
    """
    began = time.monotonic()
    game, concept = solution.game, solution.concept
    nothing = Alignment(game, concept, (), None, None, None, (), solution.reason)
    if not any(isinstance(c, (Regime, Continuum)) for c in solution.cases):
        return replace(nothing, reason=solution.reason or "no closed form of an equilibrium")
    if game.families and concept != "stackelberg":
        return _of_crowd(nothing, solution, seconds, instruments)
    arenas = [
        arena(game, concept, dict(c.values))
        for c in solution.cases
        if not isinstance(c, NoSolution)
    ]
    found = arenas[0]
    if isinstance(found, str):
        why = Unknown(found)
        rows = tuple(undecided(r, why) for r in solution.regimes)
        return replace(nothing, equilibria=rows, reason=found)
    # What is paid to outsiders may differ by regime, and with it what is feasible.
    common = all(a == found for a in arenas)
    deadline = None if seconds is None else began + 0.6 * seconds
    with until(deadline):
        best = largest_sum(found, None if seconds is None else 0.3 * seconds) if common else None
        rows_ = tuple(r for case in solution.cases for r in _of(solution, case, best, deadline))
        best_known = optimum(best, found) if best is not None else None
    complete = all(isinstance(c, Regime) for c in solution.cases) and is_proved(solution.proof)
    single = complete and not any(r.multiple for r in solution.regimes)
    domain = game.domain()
    sums = [whole(game, concept, r) for r in solution.regimes] if best_known and single else []
    lost = loss(sums, best_known, domain) if best_known and sums else None
    ratio = anarchy(sums, best_known, domain) if best_known and sums else None
    made: tuple[Instrument, ...] = ()
    if instruments and not _passed(began, seconds):
        last = None if seconds is None else began + 0.85 * seconds
        # What everybody has now, payments of a market included.
        now = [undecided(r, Unknown("not asked")) for r in solution.regimes if sums]
        with until(last):
            made = fitting(solution, rows_, now, found, best_known, best, deadline=last)
    return Alignment(game, concept, rows_, best_known, lost, ratio, made, _gaps(solution))


def _of_crowd(
    nothing: Alignment, solution: Solution, seconds: float | None, instruments: bool
) -> Alignment:
    """The answer for families: efficiency, optimum, loss, and instruments for every size."""
    began = time.monotonic()
    share = None if seconds is None else 0.4 * seconds
    with until(None if seconds is None else began + 0.6 * seconds):
        (rows, best, lost, ratio), found = judge_crowd(solution, seconds=share)
    known = replace(
        nothing, equilibria=rows, optimum=best, welfare_loss=lost, price_of_anarchy=ratio,
        reason=_gaps(solution),
    )  # fmt: skip
    if best is None or not instruments or _passed(began, seconds):
        return known
    equal = all(r.kind == "strongly" and len(r.weights or ()) > 0 for r in rows)
    left = None if seconds is None else max(0.1, began + 0.9 * seconds - time.monotonic())
    with until(None if left is None else time.monotonic() + left):
        made = crowd_instruments(solution, best, found, efficient=equal, seconds=left)
    return replace(known, instruments=made)


def _of(
    solution: Solution, case: Case, best: Solution | None, deadline: float | None
) -> tuple[Efficiency, ...]:
    """The verdicts on one case: on a profile, on every member of a set."""
    if isinstance(case, NoSolution):
        return ()
    late = deadline is not None and time.monotonic() > deadline
    if isinstance(case, Regime):
        if late:
            return (undecided(case, Unknown("the time limit was reached")),)
        return judge(solution, case, best, deadline=deadline)
    found = members(solution.game, solution.concept, case)
    if isinstance(found, str) or late:
        why = Unknown(found if isinstance(found, str) else "the time limit was reached")
        return (Efficiency(case.when, case.values, (), "unknown", status=why, reason=why.reason,
                           members=case.relations),)  # fmt: skip
    wider = replace(solution, game=found.game, cases=(found.regime,))
    return tuple(found.named(row) for row in judge(wider, found.regime, best, deadline=deadline))


def _gaps(solution: Solution) -> str:
    """What is not known of the equilibria themselves."""
    if solution.reason:
        return solution.reason
    known = [c for c in solution.cases if not isinstance(c, NoSolution)]
    if not is_proved(solution.coverage):
        return "elsewhere there may be equilibria that are not listed"
    if not all(is_proved(c.exhaustive) for c in known):
        return "that these are all equilibria is not shown"
    return ""


def _passed(began: float, seconds: float | None) -> bool:
    return seconds is not None and time.monotonic() - began > 0.75 * seconds
