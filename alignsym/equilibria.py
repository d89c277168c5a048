"""All equilibria of a small game, several and sets of them included.

Each agent's program is concave, and then its first-order conditions say what its best replies are,
or it is solved for itself with the others' actions as parameters.  The ways in which these
conditions can hold together are followed one by one (`solving.intersections`); what comes out is
verified by definition, and so is the claim that there is nothing else (`verify.all_equilibria`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.claims import Decided, Unknown, Verdict
from alignsym.conditions.concepts import CONCEPTS
from alignsym.conditions.system import System
from alignsym.logic.decide import irredundant, search
from alignsym.logic.normal import is_identically_zero
from alignsym.logic.piecewise import at_values
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Region, Relation
from alignsym.model.responses import response_program
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution
from alignsym.solving.branches import Branch
from alignsym.solving.intersections import Alternative, Conjunction, Piece, pieces
from alignsym.solving.neat import shortened
from alignsym.solving.regimes import regime, witness_of
from alignsym.solving.thresholds import conditions
from alignsym.steps import BestReplies
from alignsym.verify.all_equilibria import (
    Replies,
    describable,
    replies_of,
    says_all,
    verify_equilibria,
)
from alignsym.verify.decision import at_fixed_prices, decision_makers, everyones_bounds
from alignsym.verify.obligations import covered
from alignsym.verify.profile_sets import as_point
from alignsym.verify.shapes import shape

_ZERO = sp.S.Zero
PAIRS_LIMIT = 14
WAYS_LIMIT = 24
NONE = "no profile is a best reply to itself"
NO_PRICES = "at no prices are all choices best and all markets clear"
Solver = Callable[[Game], Solution]


@dataclass(frozen=True, slots=True)
class Everything:
    """All cases with their verdicts, the coverage, and every claim decided on the way.

    `transformed`: the makers whose objective is concave only after a transform.
    """

    cases: tuple[Case, ...]
    coverage: Verdict
    decided: tuple[Decided, ...]
    steps: tuple[BestReplies, ...]
    transformed: tuple[str, ...] = ()


def all_equilibria(
    game: Game,
    concept: Concept,
    solve: Solver,
    deadline: float | None = None,
    *,
    transformed: bool = True,
) -> Everything | str:
    """Every equilibrium for every parameter, or what stopped the search.

    `solve` answers one-agent programs, in which the others' actions are parameters.
    `transformed`: first-order conditions stand for a maker whose objective is only concave after a
    transform that says nothing where it is not positive; x*(x - a) has its least value among them.
    """
    system = CONCEPTS[concept](game)
    if len(system.pairs) > PAIRS_LIMIT:
        return f"more than {PAIRS_LIMIT} inequalities"
    makers = decision_makers(game, concept)
    given = game.domain()
    bounds = everyones_bounds(game)
    replies: dict[str, Replies] = {}
    by_transform: list[str] = []
    for maker in makers:
        own = set(maker.variables)
        others = tuple(r for r in bounds if not r.free_symbols & own)
        how = shape(maker, (*given, *others))
        if describable(maker, how) and (transformed or says_all(maker, how)):
            by_transform += [] if says_all(maker, how) else [maker.name]
            continue
        if game.shared:
            # Best replies to what the others leave have no multipliers in common.
            return f"first-order conditions of {maker.name} may miss a choice under what is shared"
        answer = solve(response_program(at_fixed_prices(game), maker.name))
        known = replies_of(answer)
        if not known.pieces and not known.complete:
            return f"the best replies of {maker.name}: {answer.reason or 'none is proved'}"
        replies[maker.name] = known
    found = pieces(conjunction(game, system, replies), deadline)
    if isinstance(found, str):
        return found
    shown = [_case(game, concept, system, piece, replies) for piece in found]
    cases = _marked(game, [c for c in shown if c.witness or not game.parameters])
    cases += _without(game, cases)
    listed = verify_equilibria(game, concept, cases, replies, deadline=deadline)
    coverage = covered(game, [c.when for c in listed.cases])
    told = tuple(
        _told(m.name, set(m.variables), replies[m.name], (*given, *bounds))
        for m in makers
        if m.name in replies and replies[m.name].complete
    )
    return Everything(_ordered(listed.cases), coverage, listed.decided, told, tuple(by_transform))


def _told(owner: str, own: set[sp.Symbol], known: Replies, given: Region) -> BestReplies:
    """The replies as they are used, for the reader of a derivation."""
    others = tuple(r for r in given if not r.free_symbols & own)
    rows = tuple(
        (
            irredundant(tuple(r for r in piece if not r.free_symbols & own), others),
            tuple(r for r in piece if r.free_symbols & own),
        )
        for piece in known.pieces
    )
    return BestReplies(owner, rows)


def _ordered(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Cases with the same condition beside each other, points before sets."""
    first: dict[frozenset[Relation], int] = {}
    for case in cases:
        first.setdefault(frozenset(case.when), len(first))
    kinds = (Regime, Continuum, NoSolution)
    return tuple(sorted(cases, key=lambda c: (first[frozenset(c.when)], kinds.index(type(c)))))


def conjunction(game: Game, system: System, replies: Mapping[str, Replies]) -> Conjunction:
    """What a profile must meet: first-order conditions, clearing, and the given best replies."""
    profile = [a.symbol for a in game.actions]
    profile += [p.symbol for p in game.prices if p.symbol != game.numeraire]
    pairs = [p for p in system.pairs if p.origin.owner not in replies]
    others = [f.symbol for f in system.free if f.origin.owner not in replies]
    others += [p.multiplier for p in pairs if p.multiplier not in profile]
    equations = [e.expression for e in system.equations if e.origin.owner not in replies]
    groups: list[tuple[Alternative, ...]] = [
        (
            Alternative((p.multiplier,), (Relation(p.slack, ">=", _ZERO),)),
            Alternative((p.slack,), (Relation(p.multiplier, ">=", _ZERO),)),
        )
        for p in pairs
    ]
    groups += [tuple(_alternative(piece) for piece in known.pieces) for known in replies.values()]
    bounds = everyones_bounds(game)
    common = Alternative(tuple(equations), (*system.domain, *bounds))
    given = (*game.domain(), *bounds)
    return Conjunction(tuple(profile), tuple(others), common, tuple(groups), given)


def _alternative(piece: Region) -> Alternative:
    equal = tuple(r.gap for r in piece if r.is_equality)
    return Alternative(equal, tuple(r for r in piece if not r.is_equality))


def _case(
    game: Game, concept: Concept, system: System, piece: Piece, replies: Mapping[str, Replies]
) -> Regime | Continuum:
    if not piece.free:
        table = dict(piece.values)
        tight = [
            k for k, pair in enumerate(system.pairs)
            if is_identically_zero(pair.slack.xreplace(table))
        ]  # fmt: skip
        branch = Branch(piece.when, piece.values, frozenset(tight), (), ())
        found = regime(game, concept, system, branch)
        # Of agents whose replies were solved apart no multipliers are claimed.
        apart = [game.agent(name) for name in replies]
        hidden = {a.name for agent in apart for a in agent.actions}
        hidden |= {c.name for agent in apart for c in agent.constraints}
        return replace(
            found,
            utilities=_utilities(game, found),
            multipliers=tuple((n, e) for n, e in found.multipliers if n not in hidden),
            bounds=tuple((n, e) for n, e in found.bounds if n not in hidden),
        )
    chosen = {a.symbol for a in game.actions} | {p.symbol for p in game.prices}
    values = tuple((s, v) for s, v in piece.values if s in chosen)
    if game.numeraire is not None:
        values += ((game.numeraire, sp.S.One),)
    out = Continuum(piece.when, piece.relations, values, members=piece.members)
    larger, point = as_point(game, out)
    inside = dict(witness_of(larger, point.when))
    names = {p.symbol: p.symbol for p in game.parameters}
    dummies = [s for s in point.values if s[1].is_Dummy]
    names |= {d: s for s, d in dummies}
    return replace(out, witness=tuple((names[s], v) for s, v in inside.items() if s in names))


def _utilities(game: Game, found: Regime) -> tuple[tuple[str, sp.Expr], ...]:
    """Payoffs in which every Piecewise has the branch that applies."""
    region = (*game.domain(), *found.when)
    listed = dict(found.utilities)
    for agent in game.agents:
        if agent.utility.has(sp.Piecewise):
            listed[agent.name] = shortened(at_values(agent.utility, dict(found.values), region))
    return tuple(listed.items())


def _marked(game: Game, cases: Sequence[Regime | Continuum]) -> list[Case]:
    """Points beside which other solutions are listed for the same parameters are `multiple`."""
    out: list[Case] = []
    for case in cases:
        if isinstance(case, Regime):
            beside = any(_meet(game, case, other) for other in cases if other is not case)
            case = replace(case, multiple=beside)
        out.append(case)
    return out


def _meet(game: Game, one: Regime, two: Regime | Continuum) -> bool:
    """Whether the two hold together somewhere and are perhaps not the same point there.

    A point of the set that only an edge of its parameters shares with it is not one of several.
    """
    region = (*game.domain(), *one.when, *two.when)
    if search(region).is_proof:
        return False
    values = dict(one.values)
    if isinstance(two, Continuum):
        inside = tuple(r.replaced(values) for r in two.description)
        inner = (*game.domain(), *(r.tightened() for r in one.when), *two.when)
        return not (search(inner).is_proof and search(region, outside=[inside]).is_proof)
    theirs = dict(two.values)
    differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.values if theirs[s] != e)
    return bool(differ) and not search(region, any_of=differ).is_proof


def _without(game: Game, cases: Sequence[Case]) -> list[NoSolution]:
    """The parameters of no case: there is no equilibrium, if the list is exhaustive."""
    ways: list[Region] = [()]
    for case in cases:
        ways = [
            (*way, r.negated())
            for way in ways
            for r in case.when
            if not search((*game.domain(), *way, r.negated())).is_proof
        ]
        if len(ways) > WAYS_LIMIT:
            return []
    out: list[NoSolution] = []
    for way in ways:
        when = conditions(way, game.domain())
        if any(set(known.when) <= set(when) for known in out):
            continue
        witness = witness_of(game, when)
        if witness or not game.parameters:
            reason = NO_PRICES if game.prices else NONE
            out.append(NoSolution(when, "none", reason, witness, Unknown("not verified")))
    return out
