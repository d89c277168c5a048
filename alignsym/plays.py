"""The plays that backward induction found, as regimes of the game.

What no program on the way shows is asked here: everything listed, defined and feasible for all who
act or watch.  Where the first mover is indifferent between two moves, both are equilibria.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from alignsym.claims import ByTheorem, Proved, Unknown, Verdict, weakest
from alignsym.induction import SELTEN, Induced
from alignsym.logic.decide import search
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Region, Relation
from alignsym.solution import Continuum, Regime
from alignsym.solving.regimes import payoff, witness_of
from alignsym.turns import Piece, worth_of
from alignsym.verify.decision import decision_makers
from alignsym.verify.profile_sets import as_point, inhabited
from alignsym.verify.regime import RegimeClaims


def regimes(game: Game, found: Induced) -> list[Regime]:
    """The pieces as regimes of the game, proved by backward induction from the programs solved."""
    out = []
    for piece in found.pieces:
        if piece.free:
            continue
        values = dict(piece.values)
        proof = Proved((ByTheorem(SELTEN, found.facts),))
        out.append(
            Regime(
                when=piece.when,
                values=tuple((a.symbol, values[a.symbol]) for a in game.actions),
                multipliers=piece.multipliers,
                bounds=piece.bounds,
                utilities=tuple((a.name, payoff(a.utility, values)) for a in game.agents),
                multiple=piece.among,
                witness=witness_of(game, piece.when),
                status=proof,
                exhaustive=proof,
            )
        )
    return [replace(r, status=weakest([r.status, *composed(game, r)])) for r in out]


def sets(game: Game, found: Induced) -> list[Continuum]:
    """The pieces on which the first mover is indifferent between all choices of a set."""
    out = []
    for piece in found.pieces:
        if not piece.free:
            continue
        proof = Proved((ByTheorem(SELTEN, found.facts),))
        later = dict(piece.values)
        members = [
            (*m, *((s, e.xreplace(dict(m))) for s, e in later.items())) for m in piece.members
        ]
        witness = witness_of(game, piece.when)
        case = Continuum(
            piece.when, piece.relations, piece.values,
            witness=witness, members=tuple(members), exhaustive=proof,
        )  # fmt: skip
        larger, point = as_point(game, case)
        point = replace(point, witness=witness_of(larger, point.when))
        status = weakest([proof, *composed(larger, point)])
        if not inhabited(game, case):
            status = Unknown("the set may be empty for some parameters")
        out.append(replace(case, status=status))
    return out


def told(game: Game, found: Induced, opened: Sequence[Regime]) -> list[Regime]:
    """The regimes without those inside another, and ties of which every choice is listed."""
    given = game.domain()
    kept: list[Regime] = []
    for regime in sorted(opened, key=lambda r: r.multiple):
        same = [r.when for r in (*kept, *opened) if r is not regime and r.values == regime.values]
        wider = [w for w in same if not set(regime.when) <= set(w) and len(w) <= len(regime.when)]
        if not (wider and search((*given, *regime.when), outside=wider).is_proof):
            kept.append(regime)
    mover = next(a for a in game.agents if a.actions)
    out = []
    for regime in kept:
        if regime.multiple and not isinstance(regime.exhaustive, Proved):
            beside = [r for r in kept if r.multiple and r.when == regime.when]
            if all_listed(mover, found.rows, beside, (*given, *regime.when)):
                proof = Proved((ByTheorem(SELTEN, found.facts),))
                regime = replace(regime, exhaustive=proof)
        out.append(regime)
    return out


def all_listed(
    mover: Agent, rows: Sequence[Piece], listed: Sequence[Regime], region: Region
) -> bool:
    """Whether no other choice of the first mover that was compared is as good on the region."""
    if not listed:
        return False
    worth = mover.utility.xreplace(dict(listed[0].values))
    for row in rows:
        other = worth_of(mover, row) if row.reached else None
        if not row.reached:
            continue
        if other is None or row.free:
            return False
        mine = dict(row.values)
        elsewhere = [tuple(Relation(mine[s], "==", e) for s, e in r.values) for r in listed]
        as_good = (*region, *row.when, Relation(other, ">=", worth))
        if not search(as_good, outside=elsewhere).is_proof:
            return False
    return True


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
