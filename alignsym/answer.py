"""The way through: a game goes in, a proved closed form comes out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from alignsym.cases import by_cases
from alignsym.claims import Checked, Decided, Proved, Refuted, Unknown, Verdict
from alignsym.conditions.concepts import CONCEPTS, objective_of
from alignsym.conditions.system import System
from alignsym.errors import ContradictionError, UsageError
from alignsym.families import solve_families
from alignsym.followers import solve_followers
from alignsym.induction import induced
from alignsym.induction import regimes as played
from alignsym.model.game import Concept, Game
from alignsym.pieces import has_kinks, is_piecewise
from alignsym.rays import up_to_scale
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution
from alignsym.solving.branches import Partition
from alignsym.solving.compare import among_critical, compared
from alignsym.solving.critical import critical_points
from alignsym.solving.partition import partition
from alignsym.solving.regimes import continua, regime, witness_of
from alignsym.solving.squares import zero_of_square
from alignsym.solving.strategies import DEFAULT
from alignsym.solving.strategies.contract import Strategy
from alignsym.solving.ties import with_ties
from alignsym.verify.obligations import covered, verify
from alignsym.verify.outcomes import no_solution, no_solution_where
from alignsym.verify.scale import matters_up_to_scale
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
    if concept in ("maximize", "social") and is_piecewise(game):
        return case_by_case(game, concept, seconds, began)
    if concept == "walras" and matters_up_to_scale(game):
        return up_to_scale(
            game, lambda at: solve(at, "walras", seconds=seconds, strategies=strategies)
        )
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
    # value, those that few binding sets have in closed form, then those found by numbers.
    few = among_critical(system, objective, critical_points(system, deadline), deadline)
    chosen = better(first, examined(game, concept, system, few, late))
    if not chosen.settled and not passed(late):
        wider = compared(system, objective, strategies=strategies, deadline=deadline)
        chosen = better(chosen, examined(game, concept, system, wider, late))
    if chosen.stopped and not passed(late):
        level = zero_of_square(system, objective)
        chosen = better(chosen, examined(game, concept, system, level, late))
    answer = concluded(game, concept, system, chosen, began)
    if answer.cases or concept not in ("maximize", "social") or not has_kinks(game):
        return answer
    # A kink that is not concave, as in Max: one program for each side of it.
    return case_by_case(game, concept, seconds, began)


def better(one: Examined, two: Examined) -> Examined:
    """The one of which more is shown, the first among equals."""
    return two if two.rank > one.rank else one


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


def case_by_case(game: Game, concept: Concept, seconds: float | None, began: float) -> Solution:
    """Piecewise utilities: every case is an answer of `solve`."""
    left = None if seconds is None else max(seconds - (time.perf_counter() - began), 0)
    share = None if left is None else left / 4
    found = by_cases(game, concept, lambda program: solve(program, concept, seconds=share))
    if isinstance(found, str):
        return unknown(game, concept, found, began)
    regimes, facts = found
    listed = tuple(tried(game, concept, r, "") for r in regimes)
    stopped = stopping(listed)
    if stopped:
        return unknown(game, concept, stopped, began)
    return Solution(
        game=game,
        concept=concept,
        cases=listed,
        coverage=covered(game, [r.when for r in listed]),
        decided=tuple(facts),
        seconds=time.perf_counter() - began,
    )


@dataclass(frozen=True, slots=True)
class Examined:
    """Branches in the game's own terms with their verdicts, or why they cannot be given."""

    partition: Partition
    regimes: tuple[Regime, ...]
    sets: tuple[Continuum, ...]
    without: tuple[NoSolution, ...]
    coverage: Verdict
    decided: tuple[Decided, ...]
    stopped: str
    concave: bool = False

    @property
    def all(self) -> tuple[Regime | Continuum, ...]:
        """Regimes and sets of solutions."""
        return (*self.regimes, *self.sets)

    @property
    def proved(self) -> bool:
        """Every case is shown, those without a solution included."""
        return all(isinstance(c.status, Proved) for c in (*self.all, *self.without))

    @property
    def settled(self) -> bool:
        """Nothing better can be found: every regime is the only solution, or all is concave."""
        if self.stopped:
            return False
        return self.concave or all(isinstance(r.exhaustive, Proved) for r in self.all)

    @property
    def rank(self) -> tuple[int, ...]:
        """How much is shown: usable, proved, exhaustive, covered, more solutions listed."""
        if self.stopped:
            return (0,)
        return (
            1,
            self.proved,
            isinstance(self.coverage, Proved),
            all(isinstance(r.exhaustive, Proved) for r in self.all),
            len(self.all),
        )


def examined(
    game: Game, concept: Concept, system: System, found: Partition, deadline: float | None = None
) -> Examined:
    """Every obligation decided, then tried by an evaluator that is not SymPy, before anything is
    said."""
    single = [b for b in found.branches if not b.relations and b.outcome is None]
    regimes = [regime(game, concept, system, branch) for branch in single]
    sets = continua(game, system, found.branches)
    without = [
        no_solution_where(
            game, concept, b.when, b.outcome, b.ray, witness_of(game, b.when), inverse=b.inverse
        )
        for b in found.branches
        if b.outcome is not None
    ]
    if not (regimes or sets or without):
        return Examined(
            found, (), (), (), Unknown(found.reason), (), found.reason or "nothing was found"
        )
    cases: tuple[Case, ...] = tuple(regimes)
    if concept in ("maximize", "social") and not passed(deadline):
        cases = with_ties(game, system, regimes)
    cases = (*cases, *sets, *without)
    verified = verify(game, concept, cases, deadline=deadline)
    kept = []
    for r, local in zip(verified.regimes, verified.local):
        if passed(deadline):
            late = Unknown("the time limit was reached before this was tried")
            kept.append(replace(r, status=late))
        else:
            kept.append(tried(game, concept, r, local, among=len(verified.regimes)))
    stopped = stopping((*kept, *verified.sets, *without))
    return Examined(
        found,
        tuple(kept),
        verified.sets,
        tuple(without),
        verified.coverage,
        verified.decided,
        stopped,
        verified.concave and found.complete,
    )


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
        cases=(*outcome.regimes, *outcome.sets, *outcome.without),
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


def stopping(regimes: tuple[Case, ...]) -> str:
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


def tried(game: Game, concept: Concept, regime: Regime, local: str, *, among: int = 1) -> Regime:
    """The regime after the evaluator's attempt: proved stays, unproved becomes checked or refuted.

    A candidate that is only locally optimal (`local` says why) stays unknown: no number of points
    shows that nothing far away is better.

    Raises ContradictionError if a proved regime is refuted at an exact point.
    """
    proved = isinstance(regime.status, Proved)
    outcome = try_regime(game, concept, regime, thorough=not proved, among=among)
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
