"""The way through: a game goes in, a proved closed form comes out."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import get_args

from alignsym.cases import by_cases, separated
from alignsym.claims import Proved, Unknown
from alignsym.closing import by_closing
from alignsym.conditions.bargaining import refuse_weights
from alignsym.conditions.concepts import CONCEPTS, objective_of, system_of
from alignsym.conditions.system import System
from alignsym.equilibria import Everything, all_equilibria
from alignsym.errors import UsageError
from alignsym.examined import Examined, better, examined, passed, stopping, tried
from alignsym.families import solve_families
from alignsym.followers import solve_followers
from alignsym.induction import TIES, Ties, induced
from alignsym.model.game import Concept, Game
from alignsym.pieces import has_kinks, is_piecewise, kinked
from alignsym.plays import regimes as played
from alignsym.plays import sets, told
from alignsym.rays import up_to_scale
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution
from alignsym.solving.branches import Partition
from alignsym.solving.closures import by_closure
from alignsym.solving.compare import among_critical, compared
from alignsym.solving.critical import critical_points
from alignsym.solving.partition import partition
from alignsym.solving.squares import zero_of_square
from alignsym.solving.strategies import DEFAULT
from alignsym.solving.strategies.contract import Strategy
from alignsym.verify.obligations import covered
from alignsym.verify.outcomes import no_solution
from alignsym.verify.profile_sets import as_point
from alignsym.verify.scale import matters_up_to_scale


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
    if concept not in get_args(Concept):
        raise UsageError(f"no concept {concept!r}", remedy="one of " + ", ".join(get_args(Concept)))
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
        kinks = kinked(game)
        if kinks is game:
            return case_by_case(game, concept, seconds, began)
        share = None if seconds is None else seconds / 2
        whole = solve(kinks, concept, seconds=share, strategies=strategies)
        if isinstance(whole.proof, Proved):
            return replace(whole, game=game)
        pieces = case_by_case(game, concept, share, time.perf_counter())
        shown = isinstance(pieces.proof, Proved) or not whole.cases
        return pieces if shown else replace(whole, game=game)
    if concept == "walras" and matters_up_to_scale(game):
        return up_to_scale(
            game, lambda at: solve(at, "walras", seconds=seconds, strategies=strategies)
        )
    late = None if seconds is None else time.monotonic() + 0.9 * seconds

    # 1. What the concept asks of a solution: equations and complementary pairs, each with its
    # origin.
    system = system_of(game, concept)
    # 2. Closed forms and where they hold, by counterexample; untrusted until they are verified.
    found = partition(system, strategies=strategies, deadline=deadline)
    first = examined(game, concept, system, found, late)
    objective = objective_of(game, concept)
    if objective is None and not first.finished and not passed(late):
        # Several decision makers: every way in which their conditions can hold together.
        chosen = better(first, every(game, concept, late))
        return concluded(game, concept, system, chosen, began)
    if first.settled or passed(late) or objective is None:
        wanted = objective is not None and not first.covering
        opened = closing(game, concept, late, began) if wanted else None
        if opened is not None:
            return opened
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
    if not chosen.covering and not passed(late):
        for nearly in by_closure(game, concept, deadline):
            chosen = better(chosen, examined(game, concept, system, nearly, late))
            if chosen.covering:
                break
    opened = None if chosen.covering else closing(game, concept, late, began)
    if opened is not None:
        return opened
    answer = concluded(game, concept, system, chosen, began)
    if answer.cases or concept not in ("maximize", "social") or not has_kinks(game):
        return answer
    # A kink that is not concave, as in Max: one program for each side of it.
    return case_by_case(game, concept, seconds, began)


def closing(game: Game, concept: Concept, late: float | None, began: float) -> Solution | None:
    """The answer by way of the program with the ends of all intervals, if it is proved."""
    if passed(late) or concept not in ("maximize", "social"):
        return None
    share = None if late is None else max(late - time.monotonic(), 0)
    found = by_closing(game, concept, lambda g: solve(g, concept, seconds=share), began)
    return found if found is not None and isinstance(found.proof, Proved) else None


def every(game: Game, concept: Concept, deadline: float | None) -> Examined:
    """All equilibria, where they can be listed; where what first-order conditions list is no
    equilibrium, by best replies."""
    share = None if deadline is None else max(deadline - time.monotonic(), 0) / 4

    def best(program: Game) -> Solution:
        return solve(program, "maximize", seconds=share)

    found = all_equilibria(game, concept, best, deadline)
    first = tested(game, concept, found)
    if not first.stopped or isinstance(found, str) or not found.transformed or passed(deadline):
        return first
    found = all_equilibria(game, concept, best, deadline, transformed=False)
    return better(first, tested(game, concept, found))


def tested(game: Game, concept: Concept, found: Everything | str) -> Examined:
    """What is listed, put to the test like every other answer."""
    nothing = Partition((), False, found if isinstance(found, str) else "")
    if isinstance(found, str):
        return Examined(nothing, (), (), (), Unknown(found), (), found)
    regimes = [c for c in found.cases if isinstance(c, Regime)]
    sets = [c for c in found.cases if isinstance(c, Continuum)]
    without = tuple(c for c in found.cases if isinstance(c, NoSolution))
    kept = tuple(tried(game, concept, r, "", among=len(regimes)) for r in regimes)
    for case in sets:
        larger, point = as_point(game, case)
        tried(larger, concept, replace(point, status=case.status), "", among=len(sets))
    stopped = stopping((*kept, *sets, *without))
    covered = isinstance(found.coverage, Proved)
    return Examined(
        replace(nothing, complete=covered), kept, tuple(sets), without, found.coverage,
        found.decided, stopped, steps=found.steps,
    )  # fmt: skip


def in_order(game: Game, seconds: float | None, began: float, ties: Ties = "none") -> Solution:
    """Backward induction: every program on the way is an answer of `solve`."""
    share = None if seconds is None else seconds / (2 * len(game.agents))
    found = induced(game, lambda program: solve(program, "maximize", seconds=share), ties)
    if found.reason:
        return unknown(game, "stackelberg", found.reason, began)
    regimes = told(game, found, separated(game, played(game, found)))
    listed = tuple(tried(game, "stackelberg", r, "") for r in regimes)
    indifferent = sets(game, found)
    stopped = stopping((*listed, *indifferent))
    if stopped:
        return unknown(game, "stackelberg", stopped, began)
    cases: tuple[Case, ...] = (*listed, *indifferent, *found.without)
    return Solution(
        game=game,
        concept="stackelberg",
        cases=cases,
        coverage=covered(game, [c.when for c in cases]),
        decided=found.facts,
        criterion="" if ties == "none" else TIES,
        seconds=time.perf_counter() - began,
    )


def case_by_case(game: Game, concept: Concept, seconds: float | None, began: float) -> Solution:
    """Piecewise utilities: every case is an answer of `solve`."""
    left = None if seconds is None else max(seconds - (time.perf_counter() - began), 0)
    share = None if left is None else left / 4
    found = by_cases(game, concept, lambda program: solve(program, concept, seconds=share))
    if isinstance(found, str):
        return without(game, concept, found, began)
    cases, facts = found
    listed = tuple(tried(game, concept, c, "") if isinstance(c, Regime) else c for c in cases)
    stopped = stopping(listed)
    if stopped:
        return without(game, concept, stopped, began)
    return Solution(
        game=game,
        concept=concept,
        cases=listed,
        coverage=covered(game, [r.when for r in listed]),
        decided=tuple(facts),
        seconds=time.perf_counter() - began,
    )


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
        steps=(*system.steps, *outcome.steps, *(s for branch in branches for s in branch.steps)),
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
    if concept == "bargaining":
        refuse_weights(game)
    if concept == "walras" and game.shared:
        return "shared constraints beside prices are not solved yet"
    if concept == "walras" and not game.prices:
        raise UsageError(
            "walras needs prices", remedy="game.priced(G='p') prices a shared constraint"
        )
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
