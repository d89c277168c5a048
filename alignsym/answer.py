"""The way through: a game goes in, a proved closed form comes out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from alignsym.claims import Checked, Decided, Proved, Refuted, Unknown, Verdict
from alignsym.conditions.concepts import CONCEPTS, objective_of
from alignsym.conditions.system import System
from alignsym.errors import ContradictionError, UsageError
from alignsym.families import solve_families
from alignsym.followers import solve_followers
from alignsym.induction import induced
from alignsym.induction import regimes as played
from alignsym.model.game import Concept, Game
from alignsym.solution import Case, Continuum, Regime, Solution
from alignsym.solving.compare import compared
from alignsym.solving.partition import Partition, partition
from alignsym.solving.regimes import regime
from alignsym.solving.strategies import DEFAULT
from alignsym.solving.strategies.contract import Strategy
from alignsym.solving.ties import with_ties
from alignsym.verify.obligations import covered, verify
from alignsym.verify.outcomes import no_solution
from alignsym.verify.trial import try_regime


def solve(
    game: Game,
    concept: Concept | None = None,
    *,
    seconds: float | None = None,
    strategies: tuple[Strategy, ...] = DEFAULT,
) -> Solution:
    """All solutions of the game in closed form, for every declared parameter value, with verdicts.

    Arguments: `concept`, by default the game's own; `seconds`, after which the search for further
    regimes stops and what was found is verified; `strategies`, tried in order on each binding set.
    Raises: UsageError where the concept has no meaning for the game; ContradictionError where the
    independent evaluator refutes something proved (a defect of the program, to be reported).

    >>> import sympy as sp
    >>> from alignsym.model.game import Agent
    >>> x, y, q = sp.symbols("x y q", positive=True)
    >>> alpha, beta = Agent("alpha", sp.log(x), x), Agent("beta", sp.log(y), y)
    >>> game = Game(alpha, beta, shared={"G": x + y <= q})
    >>> solution = solve(game, "social")
    >>> solution[x], solution.multipliers["G"], solution.status
    (q/2, 2/q, 'solved')
    """
    began = time.perf_counter()
    concept = concept or game.concept
    if concept is None:
        raise UsageError("no concept", remedy="solve(game, 'social'), or 'nash', 'walras', ...")
    stopped = refused(game, concept)
    if stopped:
        return unknown(game, concept, stopped, began)
    deadline = None if seconds is None else time.monotonic() + 0.6 * seconds
    if game.families:
        # n agents or goods: one generic member and sums in place of a list.
        if concept == "stackelberg":
            return solve_followers(game, deadline, began)
        return solve_families(game, concept, deadline, began)
    if concept == "stackelberg":
        return in_order(game, seconds, began)
    late = None if seconds is None else time.monotonic() + 0.9 * seconds

    # 1. What the concept asks of a solution: equations and complementary pairs, each with its
    # origin.
    system = CONCEPTS[concept](game)
    # 2. Closed forms and where they hold, by counterexample; untrusted until they are verified.
    found = partition(system, strategies=strategies, deadline=deadline)
    first = examined(game, concept, system, found, late)
    objective = objective_of(game, concept)
    if first.settled or passed(late) or objective is None:
        return concluded(game, concept, system, first, began)
    # 3. Not shown to be the global optimum, or not the only one: all candidates are compared by
    # value.
    wider = compared(system, objective, strategies=strategies, deadline=deadline)
    second = examined(game, concept, system, wider, late)
    chosen = second if second.rank > first.rank else first
    return concluded(game, concept, system, chosen, began)


def in_order(game: Game, seconds: float | None, began: float) -> Solution:
    """Backward induction: every program on the way is an answer of `solve`."""
    share = None if seconds is None else seconds / (2 * len(game.agents))
    found = induced(game, lambda program: solve(program, "maximize", seconds=share))
    if found.reason:
        return unknown(game, "stackelberg", found.reason, began)
    listed = tuple(tried(game, "stackelberg", r, "") for r in played(game, found))
    stopped = stopping(listed)
    if stopped:
        return unknown(game, "stackelberg", stopped, began)
    return Solution(
        game=game,
        concept="stackelberg",
        cases=listed,
        coverage=covered(game, [r.when for r in listed]),
        decided=found.facts,
        seconds=time.perf_counter() - began,
    )


@dataclass(frozen=True, slots=True)
class Examined:
    """Branches in the game's own terms with their verdicts, or why they cannot be given."""

    partition: Partition
    regimes: tuple[Regime, ...]
    sets: tuple[Continuum, ...]
    coverage: Verdict
    decided: tuple[Decided, ...]
    stopped: str

    @property
    def all(self) -> tuple[Regime | Continuum, ...]:
        """Regimes and sets of solutions."""
        return (*self.regimes, *self.sets)

    @property
    def settled(self) -> bool:
        """Every regime is a solution and the only one, so that nothing better can be found."""
        return not self.stopped and all(isinstance(r.exhaustive, Proved) for r in self.all)

    @property
    def rank(self) -> tuple[int, ...]:
        """How much is shown: usable, proved, exhaustive, covered, more solutions listed."""
        if self.stopped:
            return (0,)
        return (
            1,
            all(isinstance(r.status, Proved) for r in self.all),
            isinstance(self.coverage, Proved),
            all(isinstance(r.exhaustive, Proved) for r in self.all),
            len(self.all),
        )


def examined(
    game: Game, concept: Concept, system: System, found: Partition, deadline: float | None = None
) -> Examined:
    """Every obligation decided, then tried by an evaluator that is not SymPy, before anything is
    said."""
    regimes = [regime(game, concept, system, branch) for branch in found.branches]
    if not regimes:
        return Examined(
            found, (), (), Unknown(found.reason), (), found.reason or "nothing was found"
        )
    cases: tuple[Case, ...] = tuple(regimes)
    if concept in ("maximize", "social") and not passed(deadline):
        cases = with_ties(game, regimes)
    verified = verify(game, concept, cases, deadline=deadline)
    kept = []
    for r, local in zip(verified.regimes, verified.local):
        if passed(deadline):
            late = Unknown("the time limit was reached before this was tried")
            kept.append(replace(r, status=late))
        else:
            kept.append(tried(game, concept, r, local))
    stopped = stopping((*kept, *verified.sets))
    return Examined(found, tuple(kept), verified.sets, verified.coverage, verified.decided, stopped)


def passed(deadline: float | None) -> bool:
    """Whether there is a deadline and it is over."""
    return deadline is not None and time.monotonic() > deadline


def concluded(
    game: Game, concept: Concept, system: System, outcome: Examined, began: float
) -> Solution:
    """The solution, or what is known where there is none."""
    if outcome.stopped:
        return without(game, concept, outcome.stopped, began)
    branches = outcome.partition.branches
    return Solution(
        game=game,
        concept=concept,
        cases=(*outcome.regimes, *outcome.sets),
        coverage=outcome.coverage,
        decided=outcome.decided,
        steps=(*system.steps, *(s for branch in branches for s in branch.steps)),
        reason="" if outcome.partition.complete else outcome.partition.reason,
        seconds=time.perf_counter() - began,
    )


def refused(game: Game, concept: Concept) -> str:
    """Why the concept cannot be attempted for this game yet; '' if it can."""
    if concept not in CONCEPTS and concept != "stackelberg":
        return f"the concept {concept} is not solved yet"
    if concept == "maximize" and len(game.agents) != 1:
        raise UsageError("maximize takes one agent", remedy="social for the sum of several")
    if concept == "nash" and game.shared:
        raise UsageError(
            "nash knows no shared constraints", remedy="variational, or give them to the agents"
        )
    if concept == "walras" and game.shared:
        return "shared constraints beside prices are not solved yet"
    if concept == "walras" and not game.prices:
        raise UsageError(
            "walras needs prices", remedy="game.priced(G='p') prices a shared constraint"
        )
    return ""


def stopping(regimes: tuple[Regime | Continuum, ...]) -> str:
    """Why the regimes cannot be given as an answer; '' if they can."""
    for status in (r.status for r in regimes):
        if isinstance(status, Refuted):
            return f"a candidate was refuted: {status.reason}"
        if isinstance(status, Unknown):
            return status.reason
    return ""


def without(game: Game, concept: Concept, reason: str, began: float) -> Solution:
    """There is provably no solution for any parameter, or no answer was found, for the reason
    given."""
    case = no_solution(game, concept)
    if case is None:
        return unknown(game, concept, reason, began)
    return Solution(
        game=game,
        concept=concept,
        cases=(case,),
        coverage=case.status,
        reason=case.reason,
        seconds=time.perf_counter() - began,
    )


def unknown(game: Game, concept: Concept, reason: str, began: float) -> Solution:
    """The honest answer where there is none."""
    return Solution(
        game=game,
        concept=concept,
        cases=(),
        coverage=Unknown(reason),
        reason=reason,
        seconds=time.perf_counter() - began,
    )


def tried(game: Game, concept: Concept, regime: Regime, local: str) -> Regime:
    """The regime after the evaluator's attempt: proved stays, unproved becomes checked or refuted.

    A candidate that is only locally optimal (`local` says why) stays unknown: no number of points
    shows that nothing far away is better.

    Raises ContradictionError if a proved regime is refuted at an exact point.
    """
    proved = isinstance(regime.status, Proved)
    outcome = try_regime(game, concept, regime, thorough=not proved)
    if isinstance(outcome, Refuted) and proved:
        raise ContradictionError(
            f"a proved regime fails: {outcome.reason}", remedy="please report the model file"
        )
    if proved or (local and isinstance(outcome, Checked)):
        return regime
    return with_status(regime, outcome)


def with_status(regime: Regime, outcome: Verdict) -> Regime:
    """The regime with what the trial found in place of `unknown`."""
    if isinstance(outcome, Checked) and isinstance(regime.status, Unknown):
        outcome = Checked(outcome.count, regime.status.reason)
    return replace(regime, status=outcome)
