"""Piecewise programs whose supremum is neared in one case and attained in none.

The best point of a case, edges included, may lie on an edge that belongs to another case, where
the objective jumps down:  f = x for x < 1, f = 0 for x >= 1.  Then no point is best, if no case
attains as much.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.claims import ByTheorem, Decided, Proved, Unknown, Verdict
from alignsym.logic.decide import implies, search, visibly_true
from alignsym.logic.witness import is_inside
from alignsym.model.domains import natural_domain
from alignsym.model.functions import JUMPS
from alignsym.model.game import Game
from alignsym.model.relations import Region, Relation
from alignsym.rivals import Rival
from alignsym.solution import NoSolution
from alignsym.solving.compare import Valued
from alignsym.solving.projection import shadows
from alignsym.solving.regimes import witness_of
from alignsym.solving.thresholds import conditions

_ZERO = sp.S.Zero
WAYS_LIMIT = 8
THEOREM = "a supremum that one case nears and no case attains"


def suprema(
    game: Game,
    rivals: Sequence[Rival],
    bounds: Sequence[Valued],
    facts: tuple[Decided, ...],
    endless: Sequence[Region] = (),
) -> list[NoSolution]:
    """The parameters for which no choice is best, with their verdicts.

    `endless`: where the objective has no bound, of which nothing is said here.
    """
    chosen = {a.symbol for a in game.actions}
    out: list[NoSolution] = []
    for rival, bound in zip(rivals, bounds, strict=True):
        table = dict(rival.regime.values)
        for edge in rival.part.region:
            missed = edge.negated().replaced(table)
            if not edge.is_strict or not edge.free_symbols & chosen:
                continue
            if search((*game.domain(), *bound.branch.when, missed)).is_proof:
                continue
            start = (*bound.branch.when, *(() if visibly_true(missed) else (missed,)))
            ways = [
                way
                for free in outside_of(endless, start)
                for way in _strictly(game, free, bound, rivals, bounds)
            ]
            for way in ways[:WAYS_LIMIT]:
                if search((*game.domain(), *way)).is_proof:
                    continue
                when = conditions(way, game.domain())
                if any(search((*game.domain(), *when), outside=[o.when]).is_proof for o in out):
                    continue
                witness = witness_of(game, when)
                verdict = never_attained(game, rival, bound, rivals, bounds, when)
                if not is_inside((*game.domain(), *when), witness):
                    verdict = Unknown("no exact parameter point inside was found")
                reason = f"the best value is neared at the edge of {edge} and not attained"
                if isinstance(verdict, Proved):
                    verdict = Proved((ByTheorem(THEOREM, facts),))
                    out.append(NoSolution(when, "none", reason, witness, verdict))
    return out


def outside_of(regions: Sequence[Region], start: Region) -> list[Region]:
    """The parts of `start` that lie in none of the regions.

    >>> a = sp.Symbol("a")
    >>> [list(map(str, way)) for way in outside_of([(Relation(a, ">", _ZERO),)], ())]
    [['a <= 0']]
    """
    ways = [start]
    for region in regions:
        ways = [(*way, r.negated()) for way in ways for r in region]
    return ways


def _strictly(
    game: Game, start: Region, bound: Valued, rivals: Sequence[Rival], bounds: Sequence[Valued]
) -> list[Region]:
    """The parts of `start` on which the value exceeds that of every case that may attain one."""
    ways: list[Region] = [start]
    for rival, other in zip(rivals, bounds, strict=True):
        if other is bound or search((*game.domain(), *other.branch.when, *rival.inside())).is_proof:
            continue
        found: list[Region] = []
        for way in ways:
            as_good = Relation(other.value, ">=", bound.value)
            if search((*game.domain(), *way, *other.branch.when, as_good)).is_proof:
                found.append(way)
                continue
            found.append((*way, as_good.negated()))
            found += [(*way, r.negated()) for r in other.branch.when]
        ways = found
    return ways


def never_attained(
    game: Game,
    rival: Rival,
    bound: Valued,
    rivals: Sequence[Rival],
    bounds: Sequence[Valued],
    when: Region,
) -> Verdict:
    """No choice is best on `when`: the rival's value is neared and nowhere attained.

    Its optimum is the only one of its closed part and outside the part; a segment towards a point
    inside, along which its conditions hold, leads there, and the utility is continuous on it; what
    other parts reach is less, or as much outside of them.
    """
    region = (*game.domain(), *when)
    if not all(implies(region, r).is_proof for r in bound.branch.when):
        return Unknown("the case is not shown to have its optimum there")
    if not isinstance(rival.regime.exhaustive, Proved) or rival.whole:
        return Unknown("the case may have other optima")
    if not search((*region, *rival.inside())).is_proof:
        return Unknown("the optimum may lie in its case")
    if not _neared(game, rival, region):
        return Unknown("the optimum is not shown to be neared from its case")
    for owner, other in zip(rivals, bounds, strict=True):
        if other is bound:
            continue
        there = (*region, *other.branch.when)
        if search((*there, Relation(other.value, ">=", bound.value))).is_proof:
            continue
        alone = isinstance(owner.regime.exhaustive, Proved) and not owner.whole
        above = Relation(other.value, ">", bound.value)
        level = Relation(other.value, "==", bound.value)
        attained = search((*there, level, *owner.inside()))
        if not (alone and search((*there, above)).is_proof and attained.is_proof):
            return Unknown("another case may attain as much")
    return Proved()


def _neared(game: Game, rival: Rival, region: Region) -> bool:
    """Whether x* + t*(x0 - x*) is in the case for 0 < t <= 1, with a utility continuous at 0."""
    variables = [a.symbol for a in game.actions]
    own = [r for r in rival.part.region if r.free_symbols & set(variables)]
    own += [r for a in game.actions for r in a.interval.contains(a.symbol)]
    own += [c.relation for c in game.constraints]
    gaps = [sp.expand(r.gap) for r in own]
    if not all(g.is_polynomial(*variables) for g in gaps):
        return False
    if any(sp.Poly(g, *variables).total_degree() > 1 for g in gaps):
        return False
    if any(r.operator == "!=" for r in own):
        return False
    table = dict(rival.regime.values)
    objectives = [a.objective for a in rival.part.game.agents]
    smooth = [r for e in objectives for r in natural_domain(e)]
    if any(e.has(*JUMPS) for e in objectives):
        return False
    if any(a.domain for a in rival.part.game.agents) or any(c.domain for c in game.constraints):
        return False
    # Strictly inside its domain at x*, the utility is continuous around it.
    if not all(implies(region, r.tightened().replaced(table)).is_proof for r in smooth):
        return False
    found = shadows(tuple(own), variables, region)
    points = [dict(m) for shadow in found for m in shadow.members]
    inside = [tuple(r.replaced(point) for r in own) for point in points]
    return bool(inside) and search(region, outside=inside).is_proof
