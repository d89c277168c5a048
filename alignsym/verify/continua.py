"""A set of solutions is claimed: exactly the maximisers, by the definition and nothing else.

x in the set  =>  x feasible and f(x) = V;      x feasible and f(x) >= V  =>  x in the set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sympy as sp

from alignsym.claims import Proved, Unknown, Unsatisfiable, Verdict, weakest
from alignsym.logic.decide import search
from alignsym.logic.witness import is_inside
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Region, Relation
from alignsym.solution import Continuum, Regime
from alignsym.verify.decision import decision_makers
from alignsym.verify.facts import holds as shown
from alignsym.verify.shadow_prices import unique_multipliers
from alignsym.verify.shapes import Shape
from alignsym.verify.theorems import Priced, algebraic, signs, stationary

_ZERO = sp.S.Zero


def verified_continuum(
    game: Game,
    concept: Concept,
    case: Continuum,
    members: Sequence[Regime],
    found: Shape | Unknown,
) -> Continuum:
    """The continuum with its verdicts; for one decision maker with an algebraic objective.

    `members`: closed forms, one of which must lie in the set for all parameters, or the set might
    be empty for some of them.
    """
    status, exhaustive = set_verdicts(game, concept, case, members)
    if isinstance(status, Proved) and case.multipliers:
        case = priced_continuum(game, concept, case, found)
    else:
        case = replace(case, multipliers=())
    return replace(case, status=status, exhaustive=exhaustive)


def set_verdicts(
    game: Game, concept: Concept, case: Continuum, regimes: Sequence[Regime]
) -> tuple[Verdict, Verdict]:
    """Whether every member is a maximiser, and whether every maximiser is a member."""
    if concept not in ("maximize", "social") or case.value is None:
        nothing = Unknown("sets of solutions are verified for one decision maker")
        return nothing, nothing
    (maker,) = decision_makers(game, concept)
    if not algebraic(maker.objective):
        nothing = Unknown("sets of solutions are verified for algebraic objectives")
        return nothing, nothing
    table = dict(case.witness)
    region: Region = (*game.domain(), *case.when)
    if any(r.free_symbols - {p.symbol for p in game.parameters} for r in region):
        nothing = Unknown("a condition is not one on the parameters")
        return nothing, nothing
    inside = set(table) == {p.symbol for p in game.parameters}
    if not inside or not is_inside(region, case.witness):
        nothing = Unknown("the witness is not inside the regime")
        return nothing, nothing
    other = {v: sp.Dummy(v.name, **v.assumptions0) for v in maker.variables}
    members = tuple(r.replaced(other) for r in case.relations)
    feasible = tuple(r.replaced(other) for r in maker.feasible())
    single = len(game.agents) == 1 and game.agents[0].loss
    value = -case.value if concept == "maximize" and single else case.value
    worth = maker.objective.xreplace(other)
    if not _inhabited(case, (*case.relations, *maker.feasible()), regimes, region):
        nothing = Unknown("the set is not shown to have a member for all parameters")
        return nothing, nothing
    needed = [*natural_domain(case.value)]
    for r in case.relations:
        needed += (*natural_domain(r.left), *natural_domain(r.right))
    parameters = {p.symbol for p in game.parameters}
    defined = all(
        isinstance(shown(r, region), Proved) for r in needed if r.free_symbols <= parameters
    )
    if not defined or case.value.free_symbols - parameters:
        nothing = Unknown("the value or a relation is not shown to be defined")
        return nothing, nothing
    wrong = (*(r.negated() for r in feasible), Relation(worth, "!=", value))
    sound = search((*region, *members), any_of=wrong)
    better = search((*region, *feasible, Relation(worth, ">", value)))
    status: Verdict = Unknown("not every point of the set is shown to be a maximiser")
    if sound.is_proof and better.is_proof:
        status = Proved((Unsatisfiable((*region, *members), wrong),))
    missed = search((*region, *feasible, Relation(worth, ">=", value)), outside=[members])
    exhaustive: Verdict = Unknown("maximisers outside the set are not excluded")
    if missed.is_proof:
        exhaustive = Proved((Unsatisfiable((*region, *feasible), members),))
    return status, exhaustive


def _inhabited(
    case: Continuum, relations: Region, regimes: Sequence[Regime], region: Region
) -> bool:
    """Whether one of the members, or of the regimes' values, is in the set for every parameter.

    `relations` are those of the set and the bounds of the actions: declared signs are lost once a
    value stands in the action's place.
    """
    points = [dict(m) for m in case.members] + [dict(r.values) for r in regimes]
    inside = [tuple(r.replaced(point) for r in relations) for point in points]
    return bool(inside) and search(region, outside=inside).is_proof


def priced_continuum(
    game: Game, concept: Concept, case: Continuum, found: Shape | Unknown
) -> Continuum:
    """The continuum with its multipliers if they are shown, else without.

    In a concave program the multipliers of all solutions are the same, so that slacks of several
    members may be used to show that there are no others.
    """
    (maker,) = decision_makers(game, concept)
    if not case.multipliers or isinstance(found, Unknown) or found.inner == _ZERO:
        return replace(case, multipliers=())
    region = (*game.domain(), *case.when)
    named = dict(case.multipliers)
    priced = tuple(Priced(c.name, c.relation, named.get(c.name, _ZERO)) for c in maker.constraints)
    priced += tuple(Priced(str(r), r, _ZERO) for r in maker.bounds())
    relations = (*case.relations, *maker.feasible())
    members = [
        dict(m)
        for m in case.members
        if search(region, outside=[tuple(r.replaced(dict(m)) for r in relations)]).is_proof
    ]
    if set(named) != {c.name for c in maker.constraints} or not members:
        return replace(case, multipliers=())
    first, *others = members
    worth = Relation(maker.objective.xreplace(first), ">", _ZERO)
    parts = (
        # The logarithm of f says nothing of multipliers where f(x*) = 0.
        Proved() if found.inner == maker.objective else shown(worth, region),
        stationary(maker, first, priced, region),
        signs(first, priced, region),
        unique_multipliers([(maker, priced)], first, region, also=others),
    )
    return case if isinstance(weakest(parts), Proved) else replace(case, multipliers=())
