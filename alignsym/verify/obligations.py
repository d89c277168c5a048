"""What must hold of an answer, by definition of its concept, as a list of claims with verdicts.

For every regime: defined and real; feasible for everyone; no decision maker has a better choice,
globally; markets clear; multipliers are unique shadow prices; nothing else solves the problem
there; the regime is not empty.  For the answer: the regimes cover the declared parameters,
boundaries included, and overlapping regimes agree.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from alignsym.claims import Claim, Decided, Proved, Unknown, Unsatisfiable, Verdict, weakest
from alignsym.logic.decide import search
from alignsym.logic.questions import decided as asked_for
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Region, Relation
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution
from alignsym.verify.continua import verified_continuum
from alignsym.verify.decision import JOINT, DecisionMaker, decision_makers, everyones_bounds
from alignsym.verify.equilibria import monotone_block, unique_equilibrium
from alignsym.verify.regime import RegimeClaims
from alignsym.verify.shapes import Shape, shape


@dataclass(frozen=True, slots=True)
class Verified:
    """Regimes with their verdicts, coverage, and every claim decided on the way.

    `local` says of every regime why local conditions do not make it global, '' where they do: for a
    concave problem exact points can support an identity that is not proved, for others they cannot.
    `concave`: every decision maker's problem is, so that no candidate elsewhere is better.
    """

    regimes: tuple[Regime, ...]
    sets: tuple[Continuum, ...]
    coverage: Verdict
    decided: tuple[Decided, ...]
    local: tuple[str, ...]
    concave: bool = False


def verify(
    game: Game,
    concept: Concept,
    cases: Sequence[Case],
    *,
    deadline: float | None = None,
    unclaimed: bool = False,
) -> Verified:
    """Decide every obligation of the answer; after the deadline the rest is unknown.

    `unclaimed`: multipliers that prove to be one choice among several are no claim (an answer's
    are not; what somebody states, is).
    """
    regimes = [c for c in cases if isinstance(c, Regime)]
    if sum(r.multiple for r in regimes) == 1:
        regimes = [replace(r, multiple=False) for r in regimes]  # multiple means others beside it
    makers = decision_makers(game, concept)
    given = game.domain()
    shapes = {m.name: shape(m, (*given, *_others(game, m))) for m in makers}
    single = concept in JOINT
    sets = [
        verified_continuum(game, concept, c, regimes, shapes[makers[0].name])
        for c in cases
        if isinstance(c, Continuum)
    ]
    block = (
        Unknown("one decision maker") if single else monotone_block(game, makers, concept, given)
    )
    out, decided, local = [], [], []
    for index, regime in enumerate(regimes):
        if deadline is not None and time.monotonic() > deadline:
            late = Unknown("the time limit was reached before this was verified")
            out.append(replace(regime, status=late, exhaustive=late))
            local.append(late.reason)
            continue
        checker = RegimeClaims(game, concept, index, regime, makers, shapes, regimes)
        status = checker.status()
        several = checker.several() if unclaimed and not isinstance(status, Proved) else ()
        if several:  # shown optimal by one choice of multipliers; no shadow price is claimed
            regime = replace(regime, several=several)
            regimes[index] = regime
            checker = RegimeClaims(game, concept, index, regime, makers, shapes, regimes)
            status = checker.status()
        if isinstance(checker.complete(), Unknown):
            exhaustive: Verdict = Unknown("the regime is not complete")
        elif single:
            exhaustive = checker.unique_optimum(regimes)
        else:
            region = (*given, *regime.when)
            values = dict(regime.values)
            exhaustive = unique_equilibrium(game, makers, concept, values, region, block)
        checker.note("exhaustive", "", "nothing else is a solution", exhaustive)
        decided += checker.decided
        local.append(checker.only_local)
        out.append(replace(regime, status=status, exhaustive=exhaustive))
    without = [c.when for c in cases if isinstance(c, NoSolution)]
    coverage = covered(game, [*(r.when for r in out), *(c.when for c in sets), *without])
    whole = Claim("covered", None, "", "the regimes cover all parameters")
    asked_for(whole)
    decided.append(Decided(whole, coverage))
    agree, disputed = consistent(game, out, sets, deadline=deadline)
    overlaps = Claim("consistent", None, "", "overlapping regimes agree")
    asked_for(overlaps)
    decided.append(Decided(overlaps, agree))
    if not isinstance(agree, Proved):
        # Several answers for the same parameters are said to be several.
        out = [
            replace(r, status=weakest([r.status, agree]), multiple=r.multiple or k in disputed)
            for k, r in enumerate(out)
        ]
    concave = all(isinstance(s, Shape) for s in shapes.values())
    return Verified(tuple(out), tuple(sets), coverage, tuple(decided), tuple(local), concave)


def proved_optimal(solution: Solution, case: Case) -> bool:
    """Whether all is shown of the regime but its multipliers, which an edge of a case may lack."""
    if not isinstance(case, Regime):
        return False
    index = solution.regimes.index(case)
    own = [d for d in solution.decided if d.claim.regime == index]
    rest = [d for d in own if d.claim.kind != "multipliers"]
    optimal = any(d.claim.kind == "optimal" for d in rest)
    return optimal and all(isinstance(d.verdict, Proved) for d in rest)


def _others(game: Game, maker: DecisionMaker) -> Region:
    """What is known of the choices a decision maker takes as given."""
    own = set(maker.variables)
    return tuple(r for r in everyones_bounds(game) if not r.free_symbols & own)


def covered(game: Game, regions: Sequence[Region]) -> Verdict:
    """No declared parameter point lies outside every region."""
    if not regions:
        return Unknown("no regime was found")
    if any(not region for region in regions):
        return Proved()
    answer = search(game.domain(), outside=regions, milliseconds=3000)
    if answer.is_proof:
        return Proved((Unsatisfiable(game.domain(), ()),))
    if answer.kind == "sat":
        shown = ", ".join(f"{k} = {v}" for k, v in answer.point)
        return Unknown(f"perhaps not covered: {shown}")
    return Unknown(f"coverage: {answer.reason}")


def consistent(
    game: Game,
    regimes: Sequence[Regime],
    sets: Sequence[Continuum],
    *,
    deadline: float | None = None,
) -> tuple[Verdict, frozenset[int]]:
    """Regimes that overlap give the same values, or one is shown to be the only solution.

    With the numbers of the regimes that perhaps do not.
    """
    verdicts: list[Verdict] = []
    disputed: set[int] = set()
    for case in sets:
        for other in (r for r in regimes if not r.multiple):
            # Members of the set are maximisers, and the regime has the only one.
            if isinstance(case.status, Proved) and isinstance(other.exhaustive, Proved):
                continue
            if not search((*game.domain(), *case.when, *other.when)).is_proof:
                verdicts.append(Unknown("a regime overlaps a set of solutions"))
    for (i, one), (j, two) in combinations(enumerate(regimes), 2):
        if one.multiple and two.multiple:
            continue
        if isinstance(one.exhaustive, Proved) or isinstance(two.exhaustive, Proved):
            continue
        if deadline is not None and time.monotonic() > deadline:
            late = Unknown("the time limit was reached before regimes were compared")
            return late, frozenset(disputed)
        theirs = dict(two.values)
        region = (*game.domain(), *one.when, *two.when)
        differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.values if theirs[s] != e)
        if not differ:
            continue
        answer = search(region, any_of=differ)
        if not answer.is_proof:
            verdicts.append(Unknown("two regimes overlap and may disagree"))
            disputed |= {i, j}
    return weakest(verdicts), frozenset(disputed)
