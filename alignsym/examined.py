"""What is shown of the candidates that a search proposes, and which search is believed.

Candidates become cases with their verdicts: every obligation decided, then tried at exact points by
an evaluator that is not SymPy.  Of several searches the one of which more is shown is kept.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from alignsym.claims import Checked, Decided, Proved, Refuted, Unknown, Verdict
from alignsym.conditions.system import System
from alignsym.errors import ContradictionError
from alignsym.logic.decide import search
from alignsym.model.game import Concept, Game
from alignsym.solution import Case, Continuum, NoSolution, Regime
from alignsym.solving.branches import Partition
from alignsym.solving.crossings import with_crossings, with_edges
from alignsym.solving.merging import merged
from alignsym.solving.optimal_sets import degenerate, optimal_set
from alignsym.solving.regimes import continua, regime, witness_of
from alignsym.solving.ties import with_ties
from alignsym.steps import Step
from alignsym.verify.continua import set_verdicts
from alignsym.verify.decision import JOINT
from alignsym.verify.obligations import Verified, verify
from alignsym.verify.outcomes import no_solution_where
from alignsym.verify.trial import try_regime


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
    steps: tuple[Step, ...] = ()  # what the reader is told of how they were found

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
    def finished(self) -> bool:
        """Everything is shown: proved, covered, and nothing else is a solution."""
        return self.rank[:4] == (1, True, True, True)

    @property
    def covering(self) -> bool:
        """There is an answer for every parameter, though perhaps not all of it is proved."""
        return not self.stopped and isinstance(self.coverage, Proved)

    @property
    def rank(self) -> tuple[int, ...]:
        """How much is shown: usable, proved, covered, exhaustive, more cases, more of them sets."""
        if self.stopped:
            return (0,)
        return (
            1,
            self.proved,
            isinstance(self.coverage, Proved),
            all(isinstance(r.exhaustive, Proved) for r in self.all),
            len(self.all),
            len(self.sets),
        )


def examined(
    game: Game, concept: Concept, system: System, found: Partition, deadline: float | None = None
) -> Examined:
    """Every obligation decided, then tried by an evaluator that is not SymPy, before anything is
    said."""
    single = [b for b in found.branches if not b.relations and b.outcome is None]
    regimes = [regime(game, concept, system, branch) for branch in single]
    sets = continua(game, system, found.branches)
    chosen = {a.symbol for a in game.actions}  # a variable for a kink moves as it must
    without = [
        no_solution_where(
            game,
            concept,
            b.when,
            b.outcome,
            tuple(row for row in b.ray if row[0] in chosen),
            witness_of(game, b.when),
            inverse=b.inverse,
        )
        for b in found.branches
        if b.outcome is not None
    ]
    if not (regimes or sets or without):
        return Examined(
            found, (), (), (), Unknown(found.reason), (), found.reason or "nothing was found"
        )
    regimes = merged(game, regimes)
    cases: tuple[Case, ...] = tuple(regimes)
    if concept in ("maximize", "social") and not passed(deadline):
        cases = with_crossings(game, system, with_ties(game, system, regimes))
    cases = (*cases, *sets, *without)
    verified = verify(game, concept, cases, deadline=deadline, unclaimed=True)
    wider = with_sets(game, concept, verified)
    if wider and not passed(deadline):
        listed = (*wider, *without)
        verified = verify(game, concept, listed, deadline=deadline, unclaimed=True)
    doubtful = not wider and not all(isinstance(c.exhaustive, Proved) for c in verified.regimes)
    if doubtful and concept in JOINT and verified.concave and not passed(deadline):
        apart = with_edges(game, system, verified.regimes, (*verified.sets, *without))
        again = verify(game, concept, apart, deadline=deadline, unclaimed=True) if apart else None
        told: list[Regime | Continuum] = [*again.regimes, *again.sets] if again else []
        if again and all(_is_whole(c.status, c.exhaustive) for c in told):
            verified = again
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


def with_sets(game: Game, concept: Concept, verified: Verified) -> tuple[Case, ...]:
    """The cases with whole sets of maximisers in place of points in them; () if that is no other.

    A set that is proved to hold all maximisers makes every point listed beside it superfluous.
    """
    if concept not in JOINT:
        return ()
    whole = [c for c in verified.sets if _is_whole(c.status, c.exhaustive)]
    kept = [r for r in verified.regimes if isinstance(r.exhaustive, Proved)]
    left = [r for r in verified.regimes if r not in kept]
    while left:
        point = left.pop(0)
        if _inside(game, point, whole):
            continue
        apart = degenerate(game, point) if verified.concave else None
        found = optimal_set(game, apart[1] if apart else point) if verified.concave else None
        if not (found and _is_whole(*set_verdicts(game, concept, found, verified.regimes))):
            kept.append(point)
            continue
        whole.append(found)
        left += [apart[0]] if apart else []
    kept = [r for r in kept if isinstance(r.exhaustive, Proved) or not _inside(game, r, whole)]
    if len(kept) == len(verified.regimes) and all(r in kept for r in verified.regimes):
        return ()
    for case in list(whole):
        others = [c for c in whole if c is not case]
        whole = others if _inside(game, case, others) else whole
    return (*kept, *whole, *(c for c in verified.sets if c not in whole))


def _is_whole(status: Verdict, exhaustive: Verdict) -> bool:
    return isinstance(status, Proved) and isinstance(exhaustive, Proved)


def _inside(game: Game, case: Case, sets: Sequence[Continuum]) -> bool:
    """Whether some set holds all solutions for every parameter of the case."""
    return search((*game.domain(), *case.when), outside=[c.when for c in sets]).is_proof


def better(one: Examined, two: Examined) -> Examined:
    """The one of which more is shown, the first among equals."""
    return two if two.rank > one.rank else one


def passed(deadline: float | None) -> bool:
    """Whether there is a deadline and it is over."""
    return deadline is not None and time.monotonic() > deadline


def stopping(regimes: tuple[Case, ...]) -> str:
    """Why the regimes cannot be given as an answer; '' if they can."""
    for status in (r.status for r in regimes):
        if isinstance(status, Refuted):
            return f"a candidate was refuted: {status.reason}"
        if isinstance(status, Unknown):
            return status.reason
    return ""


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
