"""`stackelberg`: movers in the order listed, each seeing all earlier moves, by backward induction.

The last mover's choice is a parametric program with the earlier actions as parameters; its regimes
are the pieces of its reply.  On each piece the mover before maximises with the reply put in; the
pieces are compared by value.  Every program on the way is solved and verified like any other, and
the whole is proved only if all of them are, each with a unique solution (Selten 1965; replies that
tie are not chosen for anybody).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import sympy as sp

from alignsym.claims import ByTheorem, Claim, Decided, Proved, Unknown, Verdict, weakest
from alignsym.logic.decide import implies, search
from alignsym.logic.normal import is_identically_zero
from alignsym.model.game import Agent, Constraint, Game, Parameter
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.solving.regimes import payoff, witness_of
from alignsym.solving.thresholds import conditions
from alignsym.verify.decision import decision_makers
from alignsym.verify.regime import RegimeClaims

SELTEN = "backward induction (Selten 1965)"
Solver = Callable[[Game], Solution]


@dataclass(frozen=True, slots=True)
class Piece:
    """A reply of the movers from some place on: their values where `when` holds.

    Without values: the piece of the later reply it stands for cannot be reached there.
    """

    when: Region
    values: tuple[tuple[sp.Symbol, Expr], ...] = ()
    multipliers: tuple[tuple[str, Expr], ...] = ()
    bounds: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True)
class Induced:
    """The pieces for the first mover, with every program solved on the way; or why it stopped."""

    pieces: tuple[Piece, ...]
    facts: tuple[Decided, ...]
    reason: str = ""


def induced(game: Game, solve: Solver) -> Induced:
    """The subgame-perfect pieces of the whole game; `solve` answers one-agent programs."""
    movers = [a for a in game.agents if a.actions]
    if game.shared or game.prices:
        return Induced((), (), "shared constraints and prices are not followed in sequential games")
    pieces: tuple[Piece, ...] = (Piece(()),)
    facts: list[Decided] = []
    for k in range(len(movers) - 1, -1, -1):
        earlier = [
            Parameter(act.symbol, act.interval) for agent in movers[:k] for act in agent.actions
        ]
        known = game.altered(
            agents=(Agent("nobody", sp.S.Zero),),
            shared=(),
            prices=(),
            weights=(),
            disagreement=(),
            parameters=(*game.parameters, *earlier),
            expected=(),
        )
        solved: list[list[Piece]] = []
        for piece in pieces:
            nonempty = _nonempty(known, movers[k], piece)
            if isinstance(nonempty, str):
                return Induced((), (), f"{movers[k].name}: {nonempty}")
            if search((*known.domain(), *(r.tightened() for r in nonempty))).is_proof:
                continue  # the piece is at most an edge of its neighbours
            here = known.altered(conditions=(*known.conditions, *nonempty))
            outcome = _program(here, movers[k], piece, solve)
            if isinstance(outcome, str):
                return Induced((), (), f"{movers[k].name}: {outcome}")
            rows, fact = outcome
            rows = [replace(r, when=(*r.when, *nonempty)) for r in rows]
            rows += [Piece((r.negated(),)) for r in nonempty]
            solved.append(rows)
            facts.append(fact)
        best = _best(known, movers[k], solved)
        if isinstance(best, str):
            return Induced((), (), f"{movers[k].name}: {best}")
        pieces = tuple(best)
        if not search(known.domain(), outside=[p.when for p in pieces]).is_proof:
            reason = f"{movers[k].name}: its choice is not known after every earlier move"
            return Induced((), (), reason)
    return Induced(pieces, tuple(facts))


def _nonempty(known: Game, mover: Agent, reply: Piece) -> Region | str:
    """Conditions on the parameters under which the mover can reach the piece: lower <= upper ends.

    For a single action with affine edges; without edges nothing is needed.
    """
    moving = {a.symbol for a in mover.actions}
    edges = [r for r in reply.when if r.free_symbols & moving]
    fixed = tuple(r for r in reply.when if not r.free_symbols & moving)
    if not edges:
        return fixed
    if len(mover.actions) != 1:
        return "pieces of a reply in several actions are not followed"
    (action,) = mover.actions
    lower, upper = [], []
    later = dict(reply.values)
    own = [*action.interval.contains(action.symbol)]
    own += [c.relation.replaced(later) for c in mover.constraints]
    for relation in (*edges, *own):
        slope = sp.diff(relation.gap, action.symbol)
        if not relation.free_symbols & moving:
            continue
        if slope.has(action.symbol) or relation.is_equality:
            return "the edge of a reply is not affine in the action"
        end = sp.cancel(action.symbol - relation.gap / slope)
        if implies(known.domain(), Relation(slope, ">", sp.S.Zero)).is_proof:
            lower.append(end)
        elif implies(known.domain(), Relation(slope, "<", sp.S.Zero)).is_proof:
            upper.append(end)
        else:
            return "the direction of the edge of a reply is not decided"
    gaps = tuple(Relation(high, ">=", low) for low, high in product(lower, upper))
    return (*fixed, *conditions(gaps, known.domain()))


def _program(
    known: Game, mover: Agent, reply: Piece, solve: Solver
) -> tuple[list[Piece], Decided] | str:
    """The mover's program on one piece of the later movers' reply."""
    if any(r.is_strict or r.is_equality for r in reply.when):
        return "a later reply has an open or thin piece, where a best choice may not exist"
    later = dict(reply.values)
    edges = [Constraint(f"reply {k}", r) for k, r in enumerate(reply.when)]
    moved = mover.replaced(later)
    agent = moved.altered(constraints=(*moved.constraints, *edges))
    solution = solve(known.altered(agents=(agent,), concept="maximize"))
    if not isinstance(solution.proof, Proved) or len(solution.regimes) != len(solution.cases):
        return (
            f"its choice is not shown to be unique and global ({solution.reason or 'not proved'})"
        )
    named = {c.name for c in mover.constraints}
    rows = []
    for regime in solution.regimes:
        own = dict(regime.values)
        after = tuple((s, shortened(e.xreplace(own))) for s, e in reply.values)
        rows.append(
            Piece(
                regime.when,
                (*regime.values, *after),
                (
                    *((n, e) for n, e in regime.multipliers if n in named),
                    *((n, shortened(e.xreplace(own))) for n, e in reply.multipliers),
                ),
                (*regime.bounds, *((n, shortened(e.xreplace(own))) for n, e in reply.bounds)),
            )
        )
    text = f"the choice of {mover.name} is the only best one, the later replies foreseen"
    fact = Decided(Claim("optimal", None, mover.name, text), solution.proof)
    return rows, fact


def _best(known: Game, mover: Agent, solved: Sequence[Sequence[Piece]]) -> list[Piece] | str:
    """The best over all pieces: each keeps the parameters where no other is better."""
    if len(solved) == 1 and all(piece.values for piece in solved[0]):
        return list(solved[0])
    given = known.domain()
    found: list[Piece] = []
    for row in product(*solved):
        region = tuple(dict.fromkeys(r for piece in row for r in piece.when))
        if search((*given, *(r.tightened() for r in region))).is_proof:
            continue  # at most an edge, which the neighbours cover
        reached = [piece for piece in row if piece.values]
        worth = [mover.utility.xreplace(dict(piece.values)) for piece in reached]
        for piece, value in zip(reached, worth, strict=True):
            better = tuple(
                Relation(value, ">=", other)
                for other in worth
                if other is not value and not is_identically_zero(value - other)
            )
            when = conditions((*region, *better), given)
            if not search((*given, *(r.tightened() for r in when))).is_proof:
                found.append(replace(piece, when=when))
    merged = _merged(found, given)
    for k, one in enumerate(merged):
        for two in merged[:k]:
            theirs = dict(two.values)
            differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.values if theirs[s] != e)
            if differ and not search((*given, *one.when, *two.when), any_of=differ).is_proof:
                return "two choices are equally good for some parameters"
    return _closed(merged, given)


def _closed(pieces: Sequence[Piece], given: Region) -> list[Piece]:
    """Pieces with open conditions closed where a neighbour gives the same values on the edge."""
    out = []
    for piece in pieces:
        when = piece.when
        for condition in piece.when:
            if not condition.is_strict:
                continue
            edge = Relation(condition.gap, "==", sp.S.Zero)
            there = (*given, edge, *(r for r in when if r is not condition))
            agreeing = [
                other.when for other in pieces if other is not piece and _same(piece, other, there)
            ]
            if agreeing and search(there, outside=agreeing).is_proof:
                when = tuple(r.relaxed() if r is condition else r for r in when)
        out.append(replace(piece, when=when))
    return out


def _same(one: Piece, two: Piece, region: Region) -> bool:
    theirs = dict(two.values)
    differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.values if theirs[s] != e)
    return not differ or search((*region, *two.when), any_of=differ).is_proof


def _merged(pieces: Sequence[Piece], given: Region) -> list[Piece]:
    """Pieces with the same values as one, where dropping a condition adds nothing new."""
    out: list[Piece] = []
    for piece in pieces:
        same = [p.when for p in pieces if p.values == piece.values]
        when = piece.when
        for condition in piece.when:
            fewer = tuple(r for r in when if r is not condition)
            if search((*given, *fewer), outside=same).is_proof:
                when = fewer
        if not any(p.values == piece.values and set(p.when) <= set(when) for p in out):
            out.append(replace(piece, when=when))
    return out


def regimes(game: Game, found: Induced) -> list[Regime]:
    """The pieces as regimes of the game, proved by backward induction from the programs solved."""
    out = []
    for piece in found.pieces:
        values = dict(piece.values)
        proof = Proved((ByTheorem(SELTEN, found.facts),))
        out.append(
            Regime(
                when=piece.when,
                values=tuple((a.symbol, values[a.symbol]) for a in game.actions),
                multipliers=piece.multipliers,
                bounds=piece.bounds,
                utilities=tuple((a.name, payoff(a.utility, values)) for a in game.agents),
                witness=witness_of(game, piece.when),
                status=proof,
                exhaustive=proof,
            )
        )
    return [replace(r, status=weakest([r.status, *composed(game, r)])) for r in out]


def composed(game: Game, regime: Regime) -> list[Verdict]:
    """What the programs do not show, for nobody in them sees the whole play.

    Everything listed, defined and real; an exact witness; constraints and utilities of all, those
    who only watch too; payoffs as reported.
    """
    makers = decision_makers(game, "stackelberg")
    elsewhere = Unknown("optimality is shown program by program")
    shapes = {maker.name: elsewhere for maker in makers}
    claims = RegimeClaims(game, "stackelberg", 0, regime, makers, shapes)
    complete = claims.complete()
    if not isinstance(complete, Proved):
        return [complete]
    return [claims.nonempty(), claims.defined(), *claims.feasible(), claims.reported()]
