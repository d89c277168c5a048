"""Moves in order, decided by the definition of subgame perfection and without the solver.

Mover k's reply is known in pieces: a condition on parameters and earlier moves h, and closed forms
s(h) for its own and all later actions.  Selten (1965): strategies are subgame perfect iff after
every h no single move of the one whose turn it is does better, the later replies foreseen,

    U_k(h, a, L(h, a)) <= U_k(h, s(h), L(h, s(h)))   for every feasible a and every piece L

(for finitely many movers one deviation at a time is enough).  The replies of later movers are
candidates from their first-order conditions (`replies`), each kept only if this is proved of it,
and together they must answer every earlier move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.checking.completion import completed, payoff
from alignsym.checking.foreseen import refuted
from alignsym.checking.points import exactly, witness
from alignsym.checking.replies import Piece, candidates, program
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
from alignsym.logic.normal import is_identically_zero
from alignsym.model.agents import StatedRegime
from alignsym.model.domains import natural_domain
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime
from alignsym.verify.decision import decision_makers, domain_of
from alignsym.verify.facts import holds
from alignsym.verify.obligations import verify
from alignsym.verify.regime import RegimeClaims

SELTEN = "one deviation at a time (Selten 1965)"
OPTIMAL = ("defined", "nonempty", "feasible", "optimal")
PIECES = 12


@dataclass(frozen=True, slots=True)
class Replies:
    """All movers' replies from one place on, what was shown of them, or what stopped it."""

    pieces: tuple[Piece, ...]
    facts: tuple[Decided, ...] = ()
    unique: bool = True
    stopped: str = ""


def verified(game: Game, tables: Sequence[StatedRegime]) -> list[list[Decided]] | str:
    """Every obligation of each table, with its verdict; a text says why none can be decided."""
    movers = [a for a in game.agents if a.actions]
    if game.shared or game.prices or game.families:
        return "shared constraints and prices are not followed in sequential games"
    later = Replies((Piece(()),))
    for k in range(len(movers) - 1, 0, -1):
        later = _replies(game, movers, k, later)
        if later.stopped:
            return later.stopped
    return [_decided(game, movers[0], table, k, later) for k, table in enumerate(tables)]


def _decided(
    game: Game, mover: Agent, table: StatedRegime, k: int, later: Replies
) -> list[Decided]:
    region = (*game.domain(), *table.when)
    values = dict(table.values)
    regime = _completed(game, table)
    makers = decision_makers(game, "stackelberg")
    elsewhere = Unknown("optimality is shown mover by mover")
    claims = RegimeClaims(
        game, "stackelberg", k, regime, makers, {m.name: elsewhere for m in makers}
    )
    claims.priced_makers = ()  # of multipliers nothing is shown
    out: list[Decided] = []

    def note(kind: str, subject: str, statement: str, verdict: Verdict) -> None:
        claim = Claim(kind, k, subject, statement, region)  # type: ignore[arg-type]
        out.append(Decided(claim, verdict))

    complete = claims.complete()
    note("defined", "", "every action is listed", complete)
    if not isinstance(complete, Proved):
        return out
    note("nonempty", "", "some parameters are in the regime", claims.nonempty())
    note("defined", "", "everything listed is defined and real", claims.defined())
    claims.feasible()
    out += claims.decided
    followed = _followed(region, values, mover, later)
    note("optimal", "replies", "later moves are the replies to earlier ones", followed)
    best, only = _best(mover, region, values, later)
    if later.unique and not (isinstance(best, Proved) and isinstance(followed, Proved)):
        best = refuted(game, mover, table, later.pieces) or best
    note("optimal", mover.name, f"no move of {mover.name} is better, replies foreseen", best)
    proof = Proved((ByTheorem(SELTEN, later.facts),))
    note("hypothesis", "", "every later mover replies best to every earlier move", proof)
    if not later.unique:
        only = Unknown("later movers may have other best replies")
    note("exhaustive", "", "nothing else is a solution", only)
    note("reported", "", "the reported payoffs are those of the utilities", claims.reported())
    if table.multipliers:
        note("multipliers", "", "the multipliers are shadow prices",
             Unknown("multipliers of moves in order are not verified"))  # fmt: skip
    if table.value is not None:
        note("reported", "value", "the optimal value", Unknown("moves in order have no one value"))
    return out


def _completed(game: Game, table: StatedRegime) -> Regime:
    values = dict(table.values)
    inside = witness(game, table.when)
    return Regime(
        when=table.when,
        values=table.values,
        utilities=tuple((a.name, payoff(a.utility, values)) for a in game.agents),
        multiple=table.multiple,
        witness=() if inside is None else exactly(inside),
    )


# ------------------------------------------------------------------ later movers
def _replies(game: Game, movers: Sequence[Agent], k: int, later: Replies) -> Replies:
    """What mover k does after every earlier move, the later replies foreseen."""
    mover = movers[k]
    if len(mover.actions) != 1:
        return Replies((), stopped=f"the reply of {mover.name} is of several actions")
    free = program(game, movers[:k], mover, later.pieces[0])
    found = candidates(game, movers[:k], mover, later.pieces)[:PIECES]
    if len(later.pieces) == 1 and not later.pieces[0].when:
        answered = _by_program(free, mover, later.pieces[0], found)
        if answered is not None:
            return replace(answered, facts=(*answered.facts, *later.facts))
    kept: list[Piece] = []
    unique = later.unique
    for piece in found:
        region = (*free.domain(), *piece.when)
        values = dict(piece.values)
        whole = [*_defined(values, region), *_feasible(mover, values, region)]
        whole.append(_followed(region, values, mover, later))
        best, only = _best(mover, region, values, later)
        if all(isinstance(v, Proved) for v in (*whole, best)):
            kept.append(piece)
            unique = unique and isinstance(only, Proved)
    text = f"the reply of {mover.name} is best after every earlier move"
    if not kept or not search(free.domain(), outside=[p.when for p in kept]).is_proof:
        return Replies((), stopped=f"the reply of {mover.name} is not known after every move")
    fact = Decided(Claim("optimal", None, mover.name, text), Proved())
    return Replies(tuple(kept), (fact, *later.facts), unique)


def _by_program(free: Game, mover: Agent, later: Piece, found: Sequence[Piece]) -> Replies | None:
    """The reply as the proved and only answer to the mover's own program."""
    cases = []
    for piece in found:
        inside = witness(free, piece.when)
        if inside is None:
            continue
        own = tuple((a.symbol, dict(piece.values)[a.symbol]) for a in mover.actions)
        cases.append(completed(free, "maximize", StatedRegime(piece.when, own), inside))
    if not cases:
        return None
    said = verify(free, "maximize", cases)
    kept, unique = [], True
    for place, case in enumerate(said.regimes):
        rows = [d for d in said.decided if d.claim.regime == place]
        parts = [d.verdict for d in rows if d.claim.kind in OPTIMAL]
        if len(parts) > 2 and isinstance(weakest(parts), Proved):
            after = [(s, e.xreplace(dict(case.values))) for s, e in later.values]
            kept.append(Piece(case.when, (*case.values, *after)))
            unique = unique and isinstance(case.exhaustive, Proved)
    if not kept or not search(free.domain(), outside=[p.when for p in kept]).is_proof:
        return None
    text = f"the reply of {mover.name} is best after every earlier move"
    fact = Decided(Claim("optimal", None, mover.name, text), Proved())
    return Replies(tuple(kept), (fact,), unique)


# ------------------------------------------------------------------ one mover
def _best(
    mover: Agent, region: Region, values: dict[sp.Symbol, Expr], later: Replies
) -> tuple[Verdict, Verdict]:
    """No feasible move is better, and none as good, against every piece of the later replies.

    `region` is where the values are claimed, `values` those of the mover and all later ones.
    """
    own = {a.symbol: values[a.symbol] for a in mover.actions}
    worth = mover.utility.xreplace(values)
    if worth.has(sp.oo, sp.zoo, sp.nan) or worth.free_symbols & set(values):
        stopped = Unknown(f"the utility of {mover.name} is not finite")
        return stopped, stopped
    other = {s: sp.Dummy(s.name, **s.assumptions0) for s in own}
    differ = tuple(Relation(other[s], "!=", e) for s, e in own.items())
    best: Verdict = Proved()
    only: Verdict = Proved()
    for piece in later.pieces:
        after = dict(piece.values)
        feasible = [r for a in mover.actions for r in a.interval.contains(a.symbol)]
        feasible += [c.relation for c in mover.constraints]
        feasible += list(domain_of([mover], mover.constraints))
        there = tuple(r.replaced(after).replaced(other) for r in (*feasible, *piece.when))
        theirs = mover.utility.xreplace(after).xreplace(other)
        given = (*region, *there)
        if search((*given, Relation(theirs, ">=", worth)), any_of=differ).is_proof:
            continue  # nothing else is as good; the same move with another reply is `_followed`
        only = Unknown(f"another move of {mover.name} may be as good")
        if not search((*given, Relation(theirs, ">", worth))).is_proof:
            best = Unknown(f"a better move of {mover.name} is not excluded, replies foreseen")
    return best, only


def _followed(
    region: Region, values: dict[sp.Symbol, Expr], mover: Agent, later: Replies
) -> Verdict:
    """Whatever piece of the later replies holds at the mover's choice, its values are these."""
    own = {a.symbol: values[a.symbol] for a in mover.actions}
    for piece in later.pieces:
        when = tuple(r.replaced(own) for r in piece.when)
        rows = [(values[s], e.xreplace(own)) for s, e in piece.values if s in values]
        differ = tuple(
            Relation(one, "!=", two) for one, two in rows if not is_identically_zero(one - two)
        )
        if differ and not search((*region, *when), any_of=differ).is_proof:
            return Unknown("a later move is not the reply to the earlier ones")
    return Proved()


def _defined(values: dict[sp.Symbol, Expr], region: Region) -> list[Verdict]:
    needed = dict.fromkeys(r for e in values.values() for r in natural_domain(e))
    return [holds(r, region) for r in needed]


def _feasible(mover: Agent, values: dict[sp.Symbol, Expr], region: Region) -> list[Verdict]:
    listed = [r for a in mover.actions for r in a.interval.contains(a.symbol)]
    listed += [c.relation for c in mover.constraints]
    listed += list(domain_of([mover], mover.constraints))
    return [holds(r.replaced(values), region) for r in dict.fromkeys(listed)]
