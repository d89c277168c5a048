"""Utilities that are piecewise: one program for each combination of conditions, the best of all.

    f = f_j where C_j,  F = union of F_j = F and C_j:    max_F f = max_j max_{F_j} f_j

Each program is solved and verified like any other, on its conditions with edges included; x_j is a
maximiser where it satisfies C_j itself and no other program has a larger value.  Tariffs with
steps, progressive taxes, penalties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sympy as sp

from alignsym.claims import ByTheorem, Decided, Proved, Unknown, Verdict, weakest
from alignsym.conditions.system import System
from alignsym.logic.decide import implies, irredundant, search, visibly_true
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.pieces import CASE, parts, unkinked
from alignsym.rivals import Rival, Solver, offers
from alignsym.solution import Case, Continuum, Regime
from alignsym.solving.branches import Branch
from alignsym.solving.compare import Valued, unbeaten
from alignsym.solving.regimes import payoff, witness_of
from alignsym.solving.thresholds import conditions, equality_of, same_edge
from alignsym.solving.ties import disputed, opened
from alignsym.suprema import outside_of, suprema
from alignsym.verify.decision import decision_makers, domain_of
from alignsym.verify.obligations import consistent
from alignsym.verify.regime import RegimeClaims
from alignsym.verify.shadow_prices import interior

THEOREM = "the best over all cases is the best (the cases cover the feasible set)"
WAYS_LIMIT = 8


def by_cases(game: Game, concept: Concept, solve: Solver) -> tuple[list[Case], list[Decided]] | str:
    """The cases of the piecewise program with the facts they rest on; or why there are none."""
    split = parts(unkinked(game))
    if isinstance(split, str):
        return split
    offered = offers(game, concept, split, solve)
    if isinstance(offered, str):
        return offered
    rivals, facts = offered.rivals, offered.facts
    endless = [case.when for case in offered.unbounded]
    bounds = valued(game, concept, rivals)
    cases: list[Case] = [
        *composed(game, concept, rivals, facts, endless),
        *suprema(game, rivals, bounds, facts, endless),
        *offered.unbounded,
    ]
    return (cases, list(facts)) if cases else "no case has an optimum of its own"


def valued(game: Game, concept: Concept, rivals: Sequence[Rival]) -> list[Valued]:
    """The optimum of every part with its value, larger being better."""
    signed = -1 if concept == "maximize" and game.agents[0].loss else 1
    out = []
    for r in rivals:
        when = (*r.part.fixed, *r.regime.when)
        branch = Branch(when, r.regime.values, frozenset(), (), ())
        out.append(Valued(branch, signed * _worth(r)))
    return out


def composed(
    game: Game,
    concept: Concept,
    rivals: Sequence[Rival],
    facts: tuple[Decided, ...],
    endless: Sequence[Region] = (),
) -> list[Regime | Continuum]:
    """Every optimum of a part where it is one of the whole, with its verdict.

    `endless`: where the objective has no bound, so that no optimum of a part is one.
    """
    system = System((), (), (), (), (), game.domain())
    bounds = valued(game, concept, rivals)
    out: list[Regime] = []
    owners: list[tuple[Rival, Valued]] = []
    for rival, bound in zip(rivals, bounds, strict=True):
        inside = tuple(r.replaced(dict(rival.regime.values)) for r in rival.part.region)
        needed = tuple(r for r in inside if not visibly_true(r))
        ways = outside_of(endless, (*bound.branch.when, *needed))
        for other in bounds:
            if other is not bound:
                ways = [
                    more for way in ways for more in unbeaten(system, way, bound, other, thin=True)
                ]
        for way in ways[:WAYS_LIMIT]:
            if search((*game.domain(), *way)).is_proof:
                continue
            when = conditions(way, game.domain())
            region = (*game.domain(), *when)
            only = _only(rival, bound, bounds, rivals, region)
            # Opened where the conditions have edges only: parameters lie on their own ends too.
            inner = (*game.domain(), *interior(region)[len(game.domain()) :])
            alone = isinstance(_only(rival, bound, bounds, rivals, inner), Proved)
            priced = alone and _priced(game, rival, rivals, inner)
            regime = _regime(game, rival, when, priced=priced)
            known = [r for r, (o, _) in zip(out, owners, strict=True) if o.whole == rival.whole]
            if any(_same(regime, one, game) for one in known):
                continue
            within = (*inside, *bound.branch.when)
            shown = [_inside(within, region), *_unbeaten(bound, bounds, region)]
            shown += _reported(game, concept, regime)
            status = weakest([Proved((ByTheorem(THEOREM, facts),)), *shown])
            out.append(replace(regime, status=status, exhaustive=only))
            owners.append((rival, bound))
    # The regimes are told apart by a mark, for two cases may have the same point.
    marked = [replace(r, binding=(f"#{k}", *r.binding)) for k, r in enumerate(out)]
    found: list[tuple[Regime, Rival, Valued]] = []
    for regime in separated(game, marked):
        if not search((*game.domain(), *regime.when)).is_proof:
            owner = owners[int(regime.binding[0][1:])]
            found.append((replace(regime, binding=regime.binding[1:]), *owner))
    whole: list[Regime | Continuum] = []
    for regime, rival, bound in found:
        only = regime.exhaustive
        if not isinstance(only, Proved):
            # Without its edges, or with the other answers listed, perhaps nothing is left.
            region = (*game.domain(), *regime.when)
            beside = [
                (r, o) for r, o, _ in found
                if r is not regime and search(region, outside=[r.when]).is_proof
            ]  # fmt: skip
            points = [dict(r.values) for r, o in beside if regime.multiple and not o.whole]
            sets = [o for _, o in beside if o.whole]
            only = _only(rival, bound, bounds, rivals, region, points, sets)
        regime = replace(regime, exhaustive=only)
        whole.append(_as_set(game, regime, rival) if rival.whole else regime)
    return whole


def _as_set(game: Game, regime: Regime, owner: Rival) -> Continuum:
    """All of the part, every point of which is as good as the one the regime has."""
    relations = [*owner.members]
    relations += [r for a in game.actions for r in a.interval.contains(a.symbol)]
    relations += [c.relation for c in game.constraints]
    kept = irredundant(tuple(relations), (*game.domain(), *regime.when))
    return Continuum(
        regime.when, kept, value=regime.value, witness=regime.witness,
        status=regime.status, exhaustive=regime.exhaustive, members=(regime.values,),
    )  # fmt: skip


def separated(game: Game, regimes: list[Regime]) -> list[Regime]:
    """Regimes that meet on an edge with different answers, opened; the edge with all of them."""
    out = list(regimes)
    ties: list[Regime] = []
    done: list[Expr] = []
    # One at a time: regimes that only meet in a corner of an edge are apart once that is opened.
    while left := [e for e in disputed(game, out) if not any(same_edge(e, d) for d in done)]:
        edge = left[0]
        done.append(edge)
        beside = [r for r in out if any(same_edge(c.gap, edge) for c in r.when)]
        out = [opened(r, edge) if r in beside else r for r in out]
        for regime in beside:
            others = tuple(r for r in regime.when if not same_edge(r.gap, edge))
            when = (equality_of(edge), *conditions(others, (*game.domain(), equality_of(edge))))
            witness = witness_of(game, when)
            # A regime that is open there says nothing of the edge.
            if witness and search((*game.domain(), *when), outside=[regime.when]).is_proof:
                open_question = Unknown("other solutions may be as good")
                tie = replace(regime, when=when, multiple=True, multipliers=(), bounds=())
                ties.append(replace(tie, witness=witness, exhaustive=open_question))
    whole = [*out, *ties]
    _, doubtful = consistent(game, whole, ())
    return [
        replace(r, multiple=True, multipliers=(), bounds=()) if k in doubtful else r
        for k, r in enumerate(whole)
    ]


def _worth(rival: Rival) -> Expr:
    return sp.S.Zero if rival.regime.value is None else rival.regime.value


def _priced(game: Game, rival: Rival, rivals: Sequence[Rival], region: Region) -> bool:
    """Whether the part's multipliers are shadow prices of the whole, given that x* is the only
    optimum.

    They are if x* is inside its case and no other part comes near its value when a constraint is
    moved a little.  That part's value is upper semicontinuous there if it is continuous on a
    compact set: closed intervals, bounded or with a price in one constraint.
    """
    if not rival.priced:
        return False
    chosen = {a.symbol for a in game.actions}
    table = dict(rival.regime.values)
    for r in rival.part.region:
        if r.free_symbols & chosen:
            strictly = r.replaced(table).tightened()
            if r.is_equality or not implies(region, strictly).is_proof:
                return False
    ends = tuple(r for a in game.actions for r in a.interval.contains(a.symbol))
    games = [game, *(other.part.game for other in rivals)]
    needed = {r for g in games for r in domain_of(g.agents, g.constraints)}
    if any(r.is_strict for r in ends) or not _bounded(game, region):
        return False
    return all(implies((*region, *ends), r).is_proof for r in needed)


def _bounded(game: Game, region: Region) -> bool:
    """Every action has finite ends, or a lower end and a positive price in one budget."""
    if any(a.interval.lower == -sp.oo for a in game.actions):
        return False
    open_above = [a.symbol for a in game.actions if a.interval.upper == sp.oo]
    if not open_above:
        return True
    for constraint in game.constraints:
        gap = sp.expand(constraint.relation.gap)
        slopes = {a.symbol: sp.diff(gap, a.symbol) for a in game.actions}
        affine = not any(e.has(*slopes, sp.Derivative) for e in slopes.values())
        falling = (Relation(slopes[s], "<", sp.S.Zero) for s in open_above)
        if affine and all(implies(region, r).is_proof for r in falling):
            return True
    return False


def _regime(game: Game, rival: Rival, when: Region, *, priced: bool) -> Regime:
    """The part's optimum; with the multipliers of the game's own constraints, if these are shadow
    prices of the whole."""
    named = dict(rival.regime.multipliers)
    own = {c.name for c in game.constraints}
    values = dict(rival.regime.values)
    agents = rival.part.game.agents
    return replace(
        rival.regime,
        when=when,
        multipliers=tuple((n, e) for n, e in named.items() if n in own) if priced else (),
        bounds=rival.regime.bounds if priced else (),
        utilities=tuple((a.name, payoff(a.utility, values)) for a in agents),
        binding=tuple(n for n in rival.regime.binding if n in own or not n.startswith(CASE)),
        witness=witness_of(game, when),
    )


def _same(one: Regime, two: Regime, game: Game) -> bool:
    """The same point on no more parameters."""
    theirs = dict(two.values)
    differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.values if theirs[s] != e)
    region = (*game.domain(), *one.when)
    inside = search(region, outside=[two.when]).is_proof
    return inside and (not differ or search(region, any_of=differ).is_proof)


def _inside(inside: Region, region: Region) -> Verdict:
    if all(implies(region, r).is_proof for r in inside):
        return Proved()
    return Unknown("the optimum is not shown to lie in its case")


def _unbeaten(bound: Valued, bounds: list[Valued], region: Region) -> list[Verdict]:
    out: list[Verdict] = []
    for other in bounds:
        if other is bound:
            continue
        better = Relation(other.value, ">", bound.value)
        if not search((*region, *other.branch.when, better)).is_proof:
            out.append(Unknown("another case is perhaps better"))
    return out


def _only(
    rival: Rival,
    bound: Valued,
    bounds: list[Valued],
    rivals: Sequence[Rival],
    region: Region,
    beside: Sequence[Mapping[sp.Symbol, Expr]] = (),
    sets: Sequence[Rival] = (),
) -> Verdict:
    """No other maximiser: the only one of its case, and every other case is worse or has the
    same point, or one of those listed beside it; or is one of the sets that are."""
    known = [dict(rival.regime.values), *beside]
    for other, owner in zip(bounds, rivals, strict=True):
        if other is bound or any(owner is one for one in sets):
            continue
        theirs = dict(other.branch.values)
        same = [tuple(Relation(e, "==", row[s]) for s, e in theirs.items()) for row in known]
        within = [*sets, *([rival] if rival.whole else [])]
        same += [tuple(r.replaced(theirs) for r in o.members) for o in within]
        equal = Relation(other.value, ">=", bound.value)
        there = (*region, *other.branch.when, equal)
        # Of an equal optimum that is not the only one of its part there may be others unlisted.
        alone = isinstance(owner.regime.exhaustive, Proved) and not owner.whole
        if not alone and not search(there).is_proof:
            return Unknown("another case may have an optimum that is as good")
        # The one optimum of its part's closure is none of the part where it lies outside.
        there = (*there, *(r.replaced(theirs) for r in owner.part.region if alone))
        if not search(there, outside=same).is_proof:
            return Unknown("another case may have an optimum that is as good")
    return rival.regime.exhaustive


def _reported(game: Game, concept: Concept, regime: Regime) -> list[Verdict]:
    """What the parts do not show: everything listed, an exact witness, defined, feasible."""
    makers = decision_makers(game, concept)
    elsewhere = Unknown("optimality is shown case by case")
    claims = RegimeClaims(game, concept, 0, regime, makers, {m.name: elsewhere for m in makers})
    return [claims.nonempty(), claims.defined(), *claims.feasible()]
