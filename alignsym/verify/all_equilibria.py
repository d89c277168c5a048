"""Points and sets of equilibria, and the claim that there are no others.

Every maker's best replies are described by conditions that are necessary *and* sufficient:
Karush, Kuhn and Tucker's for a concave program with affine constraints, the pieces of a proved and
exhaustive answer to its program for another one.  A profile is an equilibrium iff it meets all of
them (Nash 1950: a fixed point of best replies), so that

    conditions at z, and z in none of the listed points and sets        has no solution

says that the list is exhaustive.  A set is claimed for all values of its free actions: to prove
that its members are equilibria, these are parameters.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from alignsym.claims import (
    ByTheorem,
    Claim,
    Decided,
    Proved,
    Unknown,
    Verdict,
    weakest,
)
from alignsym.logic.decide import search
from alignsym.logic.witness import is_inside, without_logs
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution
from alignsym.verify.decision import DecisionMaker, decision_makers, everyones_bounds
from alignsym.verify.equilibria import first_order, smooth
from alignsym.verify.profile_sets import as_point, bound_prices, inhabited
from alignsym.verify.qualification import qualified, trapped
from alignsym.verify.regime import RegimeClaims
from alignsym.verify.shapes import Shape, shape

_ZERO = sp.S.Zero
NASH = "an equilibrium is a fixed point of best replies (Nash 1950)"
QUESTIONS_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Replies:
    """A maker's best replies, piece by piece: relations over its own and the others' choices.

    `complete`: these are all best replies, wherever there are any.
    """

    pieces: tuple[Region, ...]
    complete: bool
    facts: tuple[Decided, ...]


def replies_of(solution: Solution) -> Replies:
    """The best replies that an answer to the maker's program proves.

    >>> import alignsym as al
    >>> x, c = sp.symbols("x c", positive=True)
    >>> answer = al.maximize(sp.log(x) - c*x, over=x)
    >>> [[str(r) for r in piece] for piece in replies_of(answer).pieces]
    [['Eq(x, 1/c)']]
    """
    found: list[tuple[Region, Region]] = []
    complete = isinstance(solution.coverage, Proved)
    for case in solution.cases:
        complete = complete and isinstance(case.status, Proved)
        if isinstance(case, NoSolution):
            complete = complete and not _lost(solution.game, case)
            continue
        if not isinstance(case.status, Proved):
            continue
        complete = complete and isinstance(case.exhaustive, Proved)
        equal = tuple(Relation(s, "==", e) for s, e in case.values)
        more = case.relations if isinstance(case, Continuum) else ()
        when = tuple(p for r in case.when for p in compared(r))
        found.append((when, (*equal, *more)))
    claim = Claim("optimal", None, solution.game.agents[0].name, "its best replies are known")
    verdict = Proved() if complete else Unknown("the best replies are not all known")
    pieces = tuple((*when, *what) for when, what in closed(found, solution.game.domain()))
    return Replies(pieces, complete, (Decided(claim, verdict),))


def _lost(game: Game, case: NoSolution) -> bool:
    """Whether "infeasible" may mean a utility of -oo whatever is done: then anything is best."""
    return case.outcome == "infeasible" and any(a.objective.has(sp.log) for a in game.agents)


def closed(found: Sequence[tuple[Region, Region]], given: Region) -> list[tuple[Region, Region]]:
    """The same replies in fewer pieces: with an edge on which the same reply is another piece.

    x = r where a < b, and x = r where a = b:   x = r where a <= b.
    """
    out = list(found)
    for k, (when, what) in enumerate(out):
        for relation in when:
            if relation.operator not in ("<", ">"):
                continue
            edge = Relation(relation.left, "==", relation.right)
            rest = tuple(r for r in when if r is not relation)
            beside = [w for w, other in found if other == what]
            if search((*given, *rest, edge), outside=beside).is_proof:
                when = tuple(r.relaxed() if r is relation else r for r in when)
        out[k] = (when, what)
    kept = list(dict.fromkeys(out))
    for piece in list(kept):
        others = [w for w, what in kept if what == piece[1] and w != piece[0]]
        if others and search((*given, *piece[0]), outside=others).is_proof:
            kept.remove(piece)
    return kept


def compared(relation: Relation) -> Region:
    """The relation with sums of logs compared by what they are logs of, which must be positive.

    >>> x, q = sp.symbols("x q", real=True)
    >>> [str(r) for r in compared(Relation(sp.log(x), "<", sp.log(q) + 2))]
    ['x > 0', 'q > 0', 'x < q*exp(2)']
    """
    plain = without_logs(relation)
    if plain == relation:
        return (relation,)
    needed = (*natural_domain(relation.left), *natural_domain(relation.right))
    return (*dict.fromkeys(needed), plain)


def describable(maker: DecisionMaker, found: Shape | Unknown) -> bool:
    """Whether first-order conditions say what the maker's best replies are.

    Concave, perhaps after an increasing transform, for all choices of the others; without kinks;
    qualified.  Where the transform says nothing (f = 0) a candidate is refused by its own claims.
    """
    if not maker.objective.free_symbols & set(maker.variables):
        return qualified([_idle(maker)]) is None
    return isinstance(found, Shape) and smooth([maker]) and qualified([maker]) is None


def says_all(maker: DecisionMaker, found: Shape | Unknown) -> bool:
    """Whether the shape says something of every choice: no transform that holds for f > 0 only."""
    if not isinstance(found, Shape):
        return not maker.objective.free_symbols & set(maker.variables)
    return found.everywhere or found.inner == maker.objective


def _idle(maker: DecisionMaker) -> DecisionMaker:
    """The maker without an objective: where it does not depend on its own choices all are best."""
    if maker.objective.free_symbols & set(maker.variables):
        return maker
    return replace(maker, objective=_ZERO)


class ProfileClaims(RegimeClaims):
    """The obligations of a profile, some makers of which are answered by their best replies."""

    def __init__(self, replies: Mapping[str, Replies], *given: Any) -> None:
        super().__init__(*given)
        self.replies = replies
        self.priced_makers = [m for m in self.makers if m.name not in replies]

    def best(self, maker: DecisionMaker) -> Verdict:
        """By the theorems, or because the choice is one of the maker's known best replies."""
        known = self.replies.get(maker.name)
        if known is None:
            return super().best(maker)
        pieces = [tuple(r.replaced(self.values) for r in piece) for piece in known.pieces]
        if pieces and search(self.region, outside=pieces).is_proof:
            return Proved((ByTheorem("a proved best reply", known.facts),))
        return Unknown(f"the choice of {maker.name} is not shown to be a best reply")


@dataclass(frozen=True, slots=True)
class Listed:
    """The points and sets with their verdicts, every claim decided, and what is covered."""

    cases: tuple[Case, ...]
    decided: tuple[Decided, ...]


def verify_equilibria(
    game: Game,
    concept: Concept,
    cases: Sequence[Case],
    replies: Mapping[str, Replies],
    *,
    deadline: float | None = None,
) -> Listed:
    """Every case with its verdicts: is it an equilibrium, and are these all?"""
    makers = decision_makers(game, concept)
    bounds = everyones_bounds(game)
    given = game.domain()
    shapes = {
        m.name: shape(m, (*given, *(r for r in bounds if not r.free_symbols & set(m.variables))))
        for m in makers
    }
    out: list[Case] = []
    decided: list[Decided] = []
    for index, case in enumerate(cases):
        if isinstance(case, NoSolution):
            out.append(case)
            continue
        larger, point = (game, case) if isinstance(case, Regime) else as_point(game, case)
        here = decision_makers(larger, concept)
        claims = ProfileClaims(replies, larger, concept, index, point, here, shapes)
        status = claims.status()
        if isinstance(case, Continuum) and not isinstance(status, Proved):
            # With what the bounds cost that every profile of the set attains.
            point = replace(point, bounds=bound_prices(larger, point))
            claims = ProfileClaims(replies, larger, concept, index, point, here, shapes)
            status = claims.status()
        if isinstance(case, Continuum) and not inhabited(game, case):
            status = weakest([status, Unknown("the set may be empty for some parameters")])
        out.append(replace(case, status=status))
        decided += claims.decided
    only = _exhaustive(game, concept, makers, shapes, out, replies, deadline)
    claim = Claim("exhaustive", None, "", "every equilibrium is listed", given)
    decided.append(Decided(claim, only))
    listed = (_concluded(game, case, out, only) for case in out)
    return Listed(tuple(listed), tuple(decided))


def _concluded(game: Game, case: Case, cases: Sequence[Case], only: Verdict) -> Case:
    """The case with the verdict on completeness; one that is not said to be one of several is
    not, or lies in a set that is listed there."""
    if isinstance(case, NoSolution):
        region = (*game.domain(), *case.when)
        if not is_inside(region, case.witness):
            return replace(case, status=Unknown("the witness is not inside the regime"))
        listed = (o.when for o in cases if not isinstance(o, NoSolution))
        alone = all(search((*region, *when)).is_proof for when in listed)
        return replace(case, status=only if alone else Unknown("a solution is listed there"))
    if isinstance(case, Regime) and not case.multiple:
        for other in cases:
            if other is not case and not isinstance(other, NoSolution):
                region = (*game.domain(), *case.when, *other.when)
                same = _contains(other, dict(case.values))
                if not search(region, outside=[same]).is_proof:
                    only = Unknown("another solution is listed for some of the parameters")
    return replace(case, exhaustive=only)


def _exhaustive(
    game: Game,
    concept: Concept,
    makers: Sequence[DecisionMaker],
    shapes: Mapping[str, Shape | Unknown],
    cases: Sequence[Case],
    replies: Mapping[str, Replies],
    deadline: float | None,
) -> Verdict:
    """No profile meets everybody's conditions but those listed."""
    direct = [_idle(m) for m in makers if m.name not in replies]
    for maker in direct:
        if not describable(maker, shapes[maker.name]):
            # Necessity is what counts here, and concavity is not needed for it.
            if not smooth([maker]):
                return Unknown(f"first-order conditions of {maker.name} may miss a best reply")
            stopped = qualified([maker])
            if stopped is not None:
                return stopped
    incomplete = sorted(name for name, known in replies.items() if not known.complete)
    if incomplete:
        return Unknown(f"the best replies of {incomplete[0]} are not all known")
    if any(not isinstance(c.status, Proved) for c in cases if not isinstance(c, NoSolution)):
        return Unknown("a listed solution is not shown to be one")
    for case in cases:
        values = dict(case.values) if isinstance(case, Regime) else {}
        caught = trapped(game, direct, values, (*game.domain(), *case.when))
        if caught is not None:
            return caught
    unknowns = [a.symbol for a in game.actions]
    unknowns += [p.symbol for p in game.prices if p.symbol != game.numeraire]
    other: dict[sp.Symbol, Expr] = {s: sp.Dummy(s.name, **s.assumptions0) for s in unknowns}
    relations = [*game.domain(), *(r.replaced(other) for r in everyones_bounds(game))]
    groups: list[list[Region]] = []
    for price in game.prices:
        if price.symbol != game.numeraire:
            gap = price.clearing.gap.xreplace(other)
            relations.append(Relation(gap, ">=", _ZERO))
            groups.append(_either(other[price.symbol], gap))
    found = first_order(direct, concept, other)
    relations += found.relations
    groups += [_either(m, gap) for m, gap in found.complementary]
    groups += [
        [tuple(r.replaced(other) for r in piece) for piece in replies[m.name].pieces]
        for m in makers
        if m.name in replies
    ]
    listed = [_contains(case, other) for case in cases if not isinstance(case, NoSolution)]
    asked = _Questions(listed, deadline)
    if asked.none(tuple(relations), groups):
        facts = tuple(f for known in replies.values() for f in known.facts)
        return Proved((ByTheorem(NASH, facts),))
    return Unknown("other equilibria are not excluded")


def _either(multiplier: Expr, slack: Expr) -> list[Region]:
    return [(Relation(multiplier, "==", _ZERO),), (Relation(slack, "==", _ZERO),)]


def _contains(case: Regime | Continuum, other: Mapping[sp.Symbol, Expr]) -> Region:
    """The relations that say that the other profile is the point, or in the set."""
    equal = [Relation(other[s], "==", e.xreplace(other)) for s, e in case.values if s in other]
    more = case.relations if isinstance(case, Continuum) else ()
    return (*case.when, *equal, *(r.replaced(other) for r in more))


class _Questions:
    """The proof that nothing is left, alternative by alternative, within a number of questions."""

    def __init__(self, listed: Sequence[Region], deadline: float | None) -> None:
        self.listed, self.deadline, self.left = list(listed), deadline, QUESTIONS_LIMIT

    def none(self, relations: Region, groups: Sequence[Sequence[Region]]) -> bool:
        """No point meets the relations and an alternative of each group, and is not listed."""
        self.left -= 1
        if self.left < 0 or (self.deadline is not None and time.monotonic() > self.deadline):
            return False
        patience = 300 if groups else 3000
        if search(relations, outside=self.listed, milliseconds=patience).is_proof:
            return True
        if not groups:
            return False
        first, *rest = groups
        return all(self.none((*relations, *alternative), rest) for alternative in first)
