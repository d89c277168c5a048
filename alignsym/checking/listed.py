"""Points and sets of equilibria that somebody states together, without the solver.

Each point is an equilibrium, each member of a set is, and a profile that meets everybody's best
replies is one of them (`verify.all_equilibria`).  An equality that is linear in an action, with a
slope that is nowhere zero, determines that action on the set.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.checking.points import Point, exactly, rational
from alignsym.checking.sets import continuum
from alignsym.claims import Claim, Decided
from alignsym.logic.decide import implies, search
from alignsym.model.agents import StatedRegime
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Case, Continuum, Regime
from alignsym.verify.all_equilibria import verify_equilibria
from alignsym.verify.decision import everyones_bounds
from alignsym.verify.profile_sets import as_point

CONCEPTS: tuple[Concept, ...] = ("nash", "variational", "walras")


def verified(
    game: Game,
    concept: Concept,
    points: Sequence[Regime],
    tables: Sequence[tuple[StatedRegime, Point | None]],
    deadline: float | None,
) -> tuple[list[tuple[Decided, ...]], list[Case]]:
    """The claims about every point, and the sets of the tables with their verdicts.

    A table comes with a parameter point inside its condition, where one is known.
    """
    sets = [described(game, concept, table, inside) for table, inside in tables]
    cases: list[Case] = [*points, *sets]
    found = verify_equilibria(game, concept, cases, {}, deadline=deadline)
    rows = []
    for place, case in enumerate(found.cases[: len(points)]):
        own = [d for d in found.decided if d.claim.regime == place]
        claim = Claim("exhaustive", place, "", "nothing else is a solution", case.when)
        assert isinstance(case, Regime)
        rows.append((*own, Decided(claim, case.exhaustive)))
    return rows, list(found.cases[len(points) :])


def described(game: Game, concept: Concept, table: StatedRegime, inside: Point | None) -> Continuum:
    """The table's set by the actions that are determined on it, and relations over the others."""
    whole = continuum(game, concept, table, inside)
    values, relations = determined(game, table.when, whole.relations)
    members = tuple(
        tuple((s, e) for s, e in member if s not in dict(values)) for member in whole.members
    )
    out = Continuum(
        table.when, relations, values, table.multipliers, table.value, whole.witness,
        members=tuple(dict.fromkeys(members)),
    )  # fmt: skip
    return _witnessed(game, out, inside)


def determined(
    game: Game, when: Region, relations: Region
) -> tuple[tuple[tuple[sp.Symbol, Expr], ...], Region]:
    """Actions that an equality determines, as closed forms in the others; and what is left.

    >>> from alignsym.model.game import Agent
    >>> x, y, q = sp.symbols("x y q", positive=True)
    >>> game = Game(Agent("one", -x, x), Agent("two", -y, y))
    >>> values, left = determined(game, (), (Relation(x*y, "==", q), Relation(x, "<=", q)))
    >>> values, [str(r) for r in left]
    (((x, q/y),), ['q/y <= q'])
    """
    given = (*game.domain(), *when, *everyones_bounds(game))
    chosen = [a.symbol for a in game.actions] + [p.symbol for p in game.prices]
    values: dict[sp.Symbol, Expr] = {}
    # A member is a point where all is defined and true: x/y = 1 leaves out y = 0.
    sides = (side for r in relations for side in (r.left, r.right))
    needed = dict.fromkeys(d for side in sides for d in natural_domain(side))
    left = list(relations)
    for relation in relations:
        if not relation.is_equality:
            continue
        gap = relation.gap.xreplace(values)
        for s in chosen:
            per = sp.diff(gap, s)
            if s in values or per == 0 or per.has(s):
                continue
            others = tuple(r for r in given if s not in r.free_symbols)
            if not search((*others, Relation(per, "==", sp.S.Zero))).is_proof:
                continue
            own = sp.cancel(s - gap / per)
            values = {k: e.xreplace({s: own}) for k, e in values.items()} | {s: own}
            left = [r for r in left if r is not relation]
            break
    replaced = [r.replaced(values) for r in left]
    known = tuple(r.replaced(values) for r in given)
    defined = [d.replaced(values) for d in needed]
    open_ones = [d for d in defined if not implies(known, d).is_proof]
    kept = tuple(r for r in dict.fromkeys(replaced) if not _true(r))
    return tuple(values.items()), tuple(dict.fromkeys((*kept, *open_ones)))


def _true(r: Relation) -> bool:
    gap = r.gap
    return bool({">=": gap.is_nonnegative, "<=": gap.is_nonnegative}.get(r.operator, False))


def _witnessed(game: Game, case: Continuum, inside: Point | None) -> Continuum:
    """The set with parameters and free actions at which it has a member."""
    if inside is None:
        return case
    larger, point = as_point(game, case)
    known = dict(exactly(inside))
    free = [s for _, s in point.values if s.is_Dummy]
    there = tuple(r.replaced(known) for r in (*larger.domain(), *point.when))
    answer = search(there, milliseconds=500)
    if answer.kind != "sat":
        return case
    model = dict(answer.point)
    names = {d: s for s, d in point.values if d.is_Dummy}
    extra = [(names[d], rational(model[d])) for d in free if d in model]
    return Continuum(
        case.when, case.relations, case.values, case.multipliers, case.value,
        (*exactly(inside), *extra), members=case.members,
    )  # fmt: skip
