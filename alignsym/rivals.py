"""What every case of a piecewise program offers: its optimum, a set of optima, or no bound.

Each part is solved like any other program, its edges included, so that its value bounds the part
from above.  Where a part has no bound, the whole is asked whether it has none: the ray of the part
may run along an edge that belongs to another part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.claims import Claim, Decided, Proved
from alignsym.logic.decide import implies, search
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Region, Relation
from alignsym.pieces import CASE, Part, unpinned
from alignsym.solution import Continuum, NoSolution, Regime, Solution
from alignsym.solving.projection import shadows
from alignsym.solving.regimes import witness_of
from alignsym.solving.thresholds import conditions
from alignsym.verify.decision import domain_of
from alignsym.verify.obligations import proved_optimal
from alignsym.verify.outcomes import unbounded_on

Solver = Callable[[Game], Solution]


@dataclass(frozen=True, slots=True)
class Rival:
    """The optimum of one part on some parameters; its value bounds the part from above.

    `whole`: other points of the part are as good, and the regime has one of them: all points of
    the part, or those in the part for which the relations hold, if there are any.
    """

    part: Part
    regime: Regime
    priced: bool  # its multipliers are proved in the part
    whole: bool = False
    relations: Region = ()

    @property
    def members(self) -> Region:
        """What holds at every point that is as good, and at no other point of the part."""
        return (*self.part.region, *self.relations)

    def inside(self) -> Region:
        """The conditions of the part at the optimum, edges left out where they do not belong."""
        table = dict(self.regime.values)
        return tuple(r.replaced(table) for r in self.part.region)


@dataclass(frozen=True, slots=True)
class Offers:
    """What all parts offer, where the whole has no bound, and the facts this rests on."""

    rivals: tuple[Rival, ...]
    unbounded: tuple[NoSolution, ...]
    facts: tuple[Decided, ...]


def offers(game: Game, concept: Concept, parts: Sequence[Part], solve: Solver) -> Offers | str:
    """The optima of all parts; or why those of some part are not known."""
    rivals: list[Rival] = []
    endless: list[NoSolution] = []
    facts: list[Decided] = []
    for part in parts:
        level = constant(part, concept)
        if level:
            rivals += level
            continue
        solution = solve(part.game)
        where = " and ".join(map(str, part.region))
        if not isinstance(solution.coverage, Proved):
            return f"where {where}: {solution.reason or 'not all parameters are covered'}"
        for case in solution.cases:
            if not isinstance(case.status, Proved) and not proved_optimal(solution, case):
                return f"where {where}: an optimum is not proved"
            if isinstance(case, NoSolution) and case.outcome == "infeasible":
                continue
            if isinstance(case, NoSolution) and case.outcome == "unbounded":
                when = conditions((*part.fixed, *case.when), game.domain())
                found = unbounded_on(game, concept, when, witness_of(game, when))
                if not isinstance(found.status, Proved):
                    return f"where {where}: no bound"
                endless.append(found)
            elif isinstance(case, Continuum) and case.members and case.value is not None:
                rivals.append(_any_of(part, game, case))
            elif isinstance(case, Regime) and case.value is not None:
                placed = replace(case, values=unpinned(part, game, case.values))
                rivals.append(Rival(part, placed, isinstance(case.status, Proved)))
            else:
                return f"where {where}: no single optimum"
        claim = Claim("optimal", None, "", f"the optima where {where}, edges included")
        facts.append(Decided(claim, Proved()))
    return Offers(tuple(rivals), tuple(endless), tuple(facts))


def _any_of(part: Part, game: Game, found: Continuum) -> Rival:
    """A set of optima of a part, by one of its points."""
    member = unpinned(part, game, found.members[0])
    regime = Regime(
        found.when, member, value=found.value, witness=found.witness,
        status=found.status, exhaustive=found.exhaustive,
    )  # fmt: skip
    fixed = tuple(Relation(s, "==", e) for s, e in part.pinned)
    return Rival(part, regime, False, whole=True, relations=(*fixed, *found.description))


def constant(part: Part, concept: Concept) -> list[Rival]:
    """The part as its own optimum where its utilities do not depend on any action.

    [] where they do, or where it is not known for which parameters the part has a point.
    """
    game = part.game
    variables = [a.symbol for a in game.actions]
    total = sp.Add(*(game.weight(a.name) * a.utility for a in game.agents))
    own = [r for r in part.region if r.free_symbols & set(variables)]
    own += [r for a in game.actions for r in a.interval.contains(a.symbol)]
    own += [c.relation for c in game.constraints if not c.name.startswith(CASE)]
    if part.pinned or total.free_symbols & set(variables) or any(r.operator == "!=" for r in own):
        return []
    needed = domain_of(game.agents, [c for c in game.constraints if not c.name.startswith(CASE)])
    if not all(implies(game.domain(), r).is_proof for r in needed):
        return []
    out = []
    found = shadows(tuple(own), variables, game.domain())
    if not search((*game.domain(), *own), outside=[s.when for s in found]).is_proof:
        return []  # for other parameters the part may have points, too
    for shadow in found:
        for member in shadow.members:
            inside = tuple(r.replaced(dict(member)) for r in own)
            if search((*game.domain(), *shadow.when), outside=[inside]).is_proof:
                others = tuple(Relation(s, "!=", e) for s, e in member)
                if search((*game.domain(), *shadow.when, *own), any_of=others).is_proof:
                    return []  # one point, and an ordinary program
                when = conditions(shadow.when, game.domain())
                value = game.agents[0].objective if concept == "maximize" else total
                regime = Regime(when, member, value=value, status=Proved(), exhaustive=Proved())
                out.append(Rival(part, regime, False, whole=True))
                break
        else:
            return []
    return out
