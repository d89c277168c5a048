"""`stackelberg`: movers in the order listed, each seeing all earlier moves, by backward induction.

The last mover's choice is a parametric program with the earlier actions as parameters; its regimes
are the pieces of its reply.  On each piece the mover before maximises with the reply put in; the
pieces are compared by value.  Every program on the way is solved and verified like any other, and
the whole is proved only if all of them are (Selten 1965).  Replies that tie are not chosen for
anybody unless asked for: see `turns` for what follows without a choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import sympy as sp

from alignsym.claims import ByTheorem, Decided, Proved, weakest
from alignsym.logic.decide import implies, search
from alignsym.logic.normal import is_identically_zero
from alignsym.logic.witness import without_logs
from alignsym.model.domains import natural_domain
from alignsym.model.game import Agent, Game, Parameter
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import NoSolution
from alignsym.solving.thresholds import conditions
from alignsym.turns import Piece, Solver, Turn, feasible, reach, turn, worth_of

SELTEN = "backward induction (Selten 1965)"
Ties = Literal["none", "favourable"]
TIES = "ties in favour of the earlier mover"
DEPENDS = (
    "a later mover is indifferent, and the play depends on what it then does "
    "(stackelberg(ties='favourable') lets it favour the one before)"
)


@dataclass(frozen=True, slots=True)
class Induced:
    """The pieces for the first mover, with every program solved on the way; or why it stopped.

    `without`: parameters for which a mover has no best choice, so that there is no equilibrium.
    `rows`: every choice of the first mover that was compared.
    """

    pieces: tuple[Piece, ...]
    facts: tuple[Decided, ...]
    reason: str = ""
    without: tuple[NoSolution, ...] = ()
    rows: tuple[Piece, ...] = ()


def induced(game: Game, solve: Solver, ties: Ties = "none") -> Induced:
    """The subgame-perfect pieces of the whole game; `solve` answers one-agent programs.

    `ties`: "favourable" lets somebody who is indifferent do what is best for the one who moved
    before; "none" chooses for nobody, and stops where the play depends on it.
    """
    movers = [a for a in game.agents if a.actions]
    if game.shared or game.prices:
        return Induced((), (), "shared constraints and prices are not followed in sequential games")
    pieces: tuple[Piece, ...] = (Piece(()),)
    facts: list[Decided] = []
    rows: tuple[Piece, ...] = ()
    for k in range(len(movers) - 1, -1, -1):
        known = before(game, movers[:k])
        turns = _turns(known, movers[k], pieces, solve)
        if isinstance(turns, str):
            return Induced((), (), f"{movers[k].name}: {turns}")
        facts += [t.fact for t, _ in turns]
        rows = tuple(row for _, listed in turns for row in listed)
        without = [c for t, _ in turns for c in t.without]
        if without and not _kept_from(movers[:k], without):
            return _without(game, movers[:k], movers[k], pieces, without, facts)
        best = _best(known, movers[k], [rows for _, rows in turns], first=k == 0)
        if isinstance(best, str):
            return Induced((), (), f"{movers[k].name}: {best}")
        if ties == "none" and any(p.tie == "chosen" for p in best):
            return Induced((), (), f"{movers[k].name}: {DEPENDS}")
        if not k and any(p.free and p.tie for p in best):
            return Induced((), (), f"{movers[k].name}: a whole set of choices is best")
        pieces = tuple(replace(p, tie="") for p in best)
        # A move after which nothing is feasible is part of no play, and asks for no reply.
        playable = (*known.domain(), *_playable(movers[k:]))
        if k and not search(playable, outside=[p.when for p in pieces]).is_proof:
            reason = f"{movers[k].name}: its choice is not known after every earlier move"
            return Induced((), (), reason)
    return Induced(pieces, tuple(facts), rows=rows)


def before(game: Game, earlier: Sequence[Agent]) -> Game:
    """What is known when it is a mover's turn: the parameters and the earlier actions."""
    seen = [Parameter(act.symbol, act.interval) for agent in earlier for act in agent.actions]
    return game.altered(
        agents=(Agent("nobody", sp.S.Zero),),
        shared=(),
        prices=(),
        weights=(),
        disagreement=(),
        parameters=(*game.parameters, *seen),
        conditions=(*game.conditions, *_moves(game, earlier)),
        expected=(),
    )


def _moves(game: Game, earlier: Sequence[Agent]) -> Region:
    """What the earlier movers' own constraints say of their moves, where nothing later is in it."""
    later = {act.symbol for act in game.actions}
    later -= {act.symbol for agent in earlier for act in agent.actions}
    own = (c for agent in earlier for c in agent.constraints)
    return tuple(c.relation for c in own if not c.relation.free_symbols & later)


def _playable(movers: Sequence[Agent]) -> Region:
    """What all their choices together must satisfy; -oo at the end of a logarithm is a utility."""
    return tuple(r if r.operator == "!=" else r.relaxed() for r in feasible(movers))


def _kept_from(earlier: Sequence[Agent], without: Sequence[NoSolution]) -> bool:
    """Whether only earlier moves lead to where there is no choice, which is then in no play."""
    seen = {act.symbol for agent in earlier for act in agent.actions}
    return all(
        c.outcome == "infeasible" and any(r.free_symbols & seen for r in c.when) for c in without
    )


def _turns(
    known: Game, mover: Agent, pieces: Sequence[Piece], solve: Solver
) -> list[tuple[Turn, list[Piece]]] | str:
    """The mover's turn on every piece of the later reply that it can reach, with the rest of the
    parameters as rows without a play."""
    out: list[tuple[Turn, list[Piece]]] = []
    for piece in pieces:
        nonempty = reach(known, mover, piece)
        if isinstance(nonempty, str):
            return nonempty
        if _edge_of_neighbours(known, piece, nonempty):
            continue
        here = known.altered(conditions=(*known.conditions, *nonempty))
        found = turn(here, mover, piece, pieces, solve)
        if isinstance(found, str):
            return found
        rows = [replace(r, when=(*r.when, *nonempty)) for r in found.rows]
        rows += [Piece((r.negated(),)) for r in nonempty]
        out.append((found, rows))
    return out


def _edge_of_neighbours(known: Game, piece: Piece, nonempty: Region) -> bool:
    """Whether the piece is at most an edge, for the parameters, of pieces that are closed there.

    A thin piece among several replies is none: what happens on it is a reply of its own.
    """
    if search((*known.domain(), *nonempty)).is_proof:
        return True
    flat = search((*known.domain(), *(r.tightened() for r in nonempty))).is_proof
    return flat and not piece.among


def _without(
    game: Game,
    earlier: Sequence[Agent],
    mover: Agent,
    pieces: Sequence[Piece],
    without: Sequence[NoSolution],
    facts: Sequence[Decided],
) -> Induced:
    """No equilibrium where a mover has no best choice whatever was done before.

    With several pieces of a later reply another one may be better, and after some earlier moves
    only the earlier movers may keep away from them: neither is decided here.
    """
    seen = {act.symbol for agent in earlier for act in agent.actions}
    whole = all(not r.free_symbols & seen for case in without for r in case.when)
    everywhere = [case.when for case in without]
    covers = search(game.domain(), outside=everywhere).is_proof
    if len(pieces) != 1 or pieces[0].when or not whole or not covers:
        reason = f"{mover.name} has no best choice for some moves: {without[0].reason}"
        return Induced((), (), reason)
    told = []
    for case in without:
        # A later mover without a best reply leaves the game without an equilibrium.
        outcome = "none" if earlier or case.outcome == "none" else case.outcome
        reason = f"{mover.name}: {case.reason}"
        proof = Proved((ByTheorem(SELTEN, tuple(facts)),))
        verdict = weakest([case.status, proof])
        told.append(replace(case, outcome=outcome, reason=reason, status=verdict))
    return Induced((), tuple(facts), "", tuple(told))


def _best(
    known: Game, mover: Agent, solved: Sequence[Sequence[Piece]], *, first: bool
) -> list[Piece] | str:
    """The best over all pieces: each keeps the parameters where no other is better."""
    if len(solved) == 1 and all(piece.reached for piece in solved[0]):
        return list(solved[0])
    given = known.domain()
    found: list[Piece] = []
    for row in product(*solved):
        region = tuple(dict.fromkeys(r for piece in row for r in piece.when))
        if search((*given, *(r.tightened() for r in region))).is_proof:
            continue  # at most an edge, which the neighbours cover
        reached = [piece for piece in row if piece.reached]
        known_worth = [worth_of(mover, piece) for piece in reached]
        worth = [w for w in known_worth if w is not None]
        if len(worth) < len(reached):
            return "what a set of choices is worth is not known"
        for piece, value in zip(reached, worth, strict=True):
            others = [e for e in worth if e is not value and not is_identically_zero(value - e)]
            better = tuple(_compared(value, e, (*given, *region)) for e in others)
            when = conditions((*region, *better), given)
            if not search((*given, *(r.tightened() for r in when))).is_proof:
                found.append(replace(piece, when=when))
    # The same play may be reached surely on one piece and by a tie on the next.
    found.sort(key=lambda p: ("", "needed", "chosen").index(p.tie))
    sets = [piece for piece in found if piece.free]
    apart: list[Piece] = []
    for piece in found:
        if any(_inside(piece, whole, given) for whole in sets):
            continue
        beside = _beside(piece, sets, given)
        if beside is None:
            return "a set of choices is as good as any for some parameters"
        apart.append(beside)
    merged = _merged(apart, given)
    points = [piece for piece in merged if not piece.free]
    for k, one in enumerate(points):
        for two in points[:k]:
            theirs = dict(two.values)
            differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.values if theirs[s] != e)
            several = one.among and two.among
            # Where the first mover is indifferent between two moves there are two equilibria.
            if first or several or not differ:
                continue
            if not search((*given, *one.when, *two.when), any_of=differ).is_proof:
                return "two choices are equally good for some parameters"
    closed = _closed(merged, given, mover, [row for rows in solved for row in rows])
    return _merged(closed, given)


def _compared(value: Expr, other: Expr, region: Region) -> Relation:
    """value >= other; of what they are logarithms, where these are all of positive numbers."""
    relation = Relation(value, ">=", other)
    plain = without_logs(relation)
    needed = {r.tightened() for side in (value, other) for r in natural_domain(side)}
    if plain.gap.has(sp.log, sp.exp) or not all(implies(region, r).is_proof for r in needed):
        return relation
    return plain


def _closed(
    pieces: Sequence[Piece], given: Region, mover: Agent, rows: Sequence[Piece]
) -> list[Piece]:
    """Pieces with open conditions closed where a neighbour gives the same values on the edge, or
    where the piece is still there and no row of any program is better."""
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
            shared = agreeing and search(there, outside=agreeing).is_proof
            if shared or _best_on(there, piece, mover, rows):
                when = tuple(r.relaxed() if r is condition else r for r in when)
        out.append(replace(piece, when=when))
    return out


def _best_on(region: Region, piece: Piece, mover: Agent, rows: Sequence[Piece]) -> bool:
    """Whether the piece's play is a row's on the region, and no other play there is as good."""
    reached = [row for row in rows if row.reached]
    mine = [row.when for row in reached if row.values == piece.values]
    if piece.tie or piece.free or not mine or not search(region, outside=mine).is_proof:
        return False
    worth = worth_of(mover, piece)
    for row in reached:
        other = worth_of(mover, row)
        if worth is None or other is None or row.free:
            return False
        theirs = dict(row.values)
        differ = tuple(Relation(e, "!=", theirs[s]) for s, e in piece.values if theirs[s] != e)
        as_good = (*region, *row.when, Relation(other, ">=", worth))
        if differ and not search(as_good, any_of=differ).is_proof:
            return False
    return True


def _inside(piece: Piece, whole: Piece, given: Region) -> bool:
    """Whether the piece's play is in the set wherever it is a best one."""
    covered = search((*given, *piece.when), outside=[whole.when]).is_proof
    return not piece.free and covered and _belongs(piece, whole, (*given, *piece.when))


def _belongs(piece: Piece, whole: Piece, region: Region) -> bool:
    """Whether the piece's play is one of the set's on the region."""
    own = dict(piece.values)
    asked = [r.replaced(own) for r in whole.relations]
    asked += [Relation(own[s], "==", e.xreplace(own)) for s, e in whole.values]
    return all(implies(region, r).is_proof for r in asked)


def _beside(piece: Piece, sets: Sequence[Piece], given: Region) -> Piece | None:
    """The piece without the edges on which it is one of a whole set of best choices.

    None if another set, or a set without it, is as good for some of its parameters.
    """
    for other in sets:
        both = (*given, *piece.when, *other.when)
        if other is piece or search(both).is_proof:
            continue
        if piece.free or not _belongs(piece, other, both):
            return None
        ways = [tuple(r.tightened() if r is e else r for r in piece.when) for e in piece.when]
        apart = [w for w in ways if search((*given, *w, *other.when)).is_proof]
        if not apart:
            return None
        piece = replace(piece, when=apart[0])
    return piece


def _same(one: Piece, two: Piece, region: Region) -> bool:
    if one.free or two.free:
        return False
    theirs = dict(two.values)
    differ = tuple(Relation(e, "!=", theirs[s]) for s, e in one.values if theirs[s] != e)
    return not differ or search((*region, *two.when), any_of=differ).is_proof


def _merged(pieces: Sequence[Piece], given: Region) -> list[Piece]:
    """Pieces with the same values as one, where dropping a condition adds nothing new."""
    out: list[Piece] = []
    for piece in pieces:
        same = [p.when for p in pieces if p.play == piece.play]
        when = piece.when
        for condition in piece.when:
            fewer = tuple(r for r in when if r is not condition)
            if search((*given, *fewer), outside=same).is_proof:
                when = fewer
        known = [p.when for p in out if p.play == piece.play]
        if not (known and search((*given, *when), outside=known).is_proof):
            out.append(replace(piece, when=when))
    return out
