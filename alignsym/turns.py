"""One mover's turn: what it does on one piece of the later movers' reply.

The later reply is known piece by piece, each a closed form on a condition about the moves before
it.  On the closure of a piece the mover's choice is a program like any other.  Where its best
choice lies on an edge that does not belong to the piece, or the reply is one of several, somebody
later is indifferent, and what it then does matters:

- *needed*: the edge is neared from inside the piece, so that the mover gets as much as it likes
  short of the supremum.  In every equilibrium the indifferent one then does what attains it.
- *chosen*: another tie-breaking makes another equilibrium, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import sympy as sp

from alignsym.claims import Claim, Decided, Proved
from alignsym.logic.decide import implies, search
from alignsym.model.domains import natural_domain
from alignsym.model.functions import JUMPS
from alignsym.model.game import Action, Agent, Constraint, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Continuum, NoSolution, Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.solving.thresholds import conditions
from alignsym.verify.decision import domain_of
from alignsym.verify.obligations import proved_optimal

Solver = Callable[[Game], Solution]
Tie = Literal["", "needed", "chosen"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A reply of the movers from some place on: their values where `when` holds.

    Without values or `free` actions: the piece of the later reply it stands for cannot be reached
    there.  `among`: one of several best choices; then `free` actions may be any with `relations`.
    `tie`: how the play rests on somebody later who is indifferent.
    `worth`: what the mover gets where `free` actions leave it to be read.  `members`: points of
    such a set, one of which is in it for all parameters.
    """

    when: Region
    values: tuple[tuple[sp.Symbol, Expr], ...] = ()
    multipliers: tuple[tuple[str, Expr], ...] = ()
    bounds: tuple[tuple[str, Expr], ...] = ()
    among: bool = False
    free: tuple[Action, ...] = ()
    relations: Region = ()
    tie: Tie = ""
    worth: Expr | None = None
    members: tuple[tuple[tuple[sp.Symbol, Expr], ...], ...] = ()

    @property
    def play(self) -> tuple[object, ...]:
        """What is done, apart from when."""
        return self.values, self.free, self.relations

    @property
    def reached(self) -> bool:
        """Whether there is a play at all."""
        return bool(self.values or self.free)


@dataclass(frozen=True, slots=True)
class Turn:
    """A mover's choices on one piece, why they are right, and where it has none."""

    rows: tuple[Piece, ...]
    fact: Decided
    without: tuple[NoSolution, ...] = ()


def reach(known: Game, mover: Agent, reply: Piece) -> Region | str:
    """Conditions on the parameters under which the mover can reach the piece: lower <= upper ends.

    For a single action with affine edges; without edges nothing is needed, and with several actions
    the program itself says where it has no feasible choice.
    """
    moving = {a.symbol for a in mover.actions}
    edges = [r for r in reply.when if r.free_symbols & moving]
    fixed = tuple(r for r in reply.when if not r.free_symbols & moving)
    if not edges or len(mover.actions) != 1:
        return fixed
    (action,) = mover.actions
    lower: list[Expr] = []
    upper: list[Expr] = []
    later = dict(reply.values)
    own = [*action.interval.contains(action.symbol)]
    own += [with_reply(c, later).relation for c in mover.constraints]
    for relation in (*edges, *own):
        slope = sp.diff(relation.gap, action.symbol)
        if not relation.free_symbols & moving:
            continue
        if slope.has(action.symbol) or relation.operator == "!=":
            return "the edge of a reply is not affine in the action"
        if relation.free_symbols & {a.symbol for a in reply.free}:
            continue  # necessary ends only: the program knows the rest
        end = sp.cancel(action.symbol - relation.gap / slope)
        if relation.is_equality:
            lower, upper = [*lower, end], [*upper, end]
        elif implies(known.domain(), Relation(slope, ">", sp.S.Zero)).is_proof:
            lower.append(end)
        elif implies(known.domain(), Relation(slope, "<", sp.S.Zero)).is_proof:
            upper.append(end)
        else:
            return "the direction of the edge of a reply is not decided"
    gaps = tuple(Relation(high, ">=", low) for low, high in product(lower, upper))
    return (*fixed, *conditions(gaps, known.domain()))


def turn(
    known: Game, mover: Agent, reply: Piece, replies: Sequence[Piece], solve: Solver
) -> Turn | str:
    """The mover's program on the closure of one piece of the later movers' reply; or why it is not
    answered."""
    later = dict(reply.values)
    moving = {a.symbol for a in (*mover.actions, *reply.free)}
    closed = [r.relaxed() for r in (*reply.when, *reply.relations) if r.free_symbols & moving]
    if any(r.operator == "!=" for r in closed):
        return "a later reply leaves out single moves, near which a best choice may not exist"
    edges = [Constraint(f"reply {k}", r) for k, r in enumerate(closed)]
    agent = Agent(
        mover.name,
        mover.objective.xreplace(later),
        *mover.actions,
        *reply.free,
        constraints=(*(with_reply(c, later) for c in mover.constraints), *edges),
        loss=mover.loss,
        domain=tuple(r.replaced(later) for r in mover.domain),
    )
    solution = solve(known.altered(agents=(agent,), concept="maximize"))
    rows: list[Piece] = []
    without: list[NoSolution] = []
    stopped = solution.reason or "not proved"
    if not _settled(solution, (*known.domain(), *feasible((agent,)))):
        return f"its choice is not shown to be global and to be all there is ({stopped})"
    for case in solution.cases:
        if isinstance(case, NoSolution):
            if case.outcome == "infeasible" and closed:
                rows.append(Piece(case.when))
            else:
                without.append(case)
            continue
        row = _row(known, mover, reply, replies, case)
        if isinstance(row, str):
            return row
        rows.append(row)
    text = f"the choice of {mover.name} is best, the later replies foreseen"
    fact = Decided(Claim("optimal", None, mover.name, text), Proved())
    return Turn(tuple(rows), fact, tuple(without))


def feasible(movers: Sequence[Agent]) -> Region:
    """All their choices that are feasible and in the natural domain of their utilities."""
    own = [r for m in movers for a in m.actions for r in a.interval.contains(a.symbol)]
    constraints = [c for m in movers for c in m.constraints]
    return (*own, *(c.relation for c in constraints), *domain_of(movers, constraints))


def _settled(solution: Solution, finite: Region) -> bool:
    """Whether every case is shown to be all there is; prices may be unknown at the edge of a
    piece, where they are of no use.  Where no choice is `finite` there is none worth making."""
    whens = [c.when for c in solution.cases]
    if not solution.cases or not (
        isinstance(solution.coverage, Proved) or search(finite, outside=whens).is_proof
    ):
        return False
    return all(
        isinstance(c.status, Proved) or proved_optimal(solution, c) for c in solution.cases
    ) and all(
        isinstance(c.exhaustive, Proved) for c in solution.cases if not isinstance(c, NoSolution)
    )


def _row(
    known: Game, mover: Agent, reply: Piece, replies: Sequence[Piece], case: Regime | Continuum
) -> Piece | str:
    """One case of the mover's program as a piece of the play from here on."""
    own = dict(case.values)
    after = tuple((s, shortened(e.xreplace(own))) for s, e in reply.values)
    named = {c.name for c in mover.constraints}
    priced = isinstance(case.status, Proved)
    multipliers = [(n, e) for n, e in case.multipliers if n in named and priced]
    multipliers += [(n, shortened(e.xreplace(own))) for n, e in reply.multipliers]
    if isinstance(case, Continuum):
        free = tuple(a for a in (*mover.actions, *reply.free) if a.symbol not in own)
        worth = None if case.value is None else -case.value if mover.loss else case.value
        strict = [r.replaced(own) for r in (*reply.when, *reply.relations) if r.is_strict]
        everywhere = (*known.domain(), *case.when, *case.relations)
        sure = all(implies(everywhere, r).is_proof for r in strict)
        return Piece(
            case.when,
            (*case.values, *after),
            among=True,
            free=free,
            relations=case.relations,
            tie="chosen" if reply.among or not sure else "",
            worth=worth,
            members=case.members,
        )
    piece = Piece(
        case.when,
        (*case.values, *after),
        tuple(multipliers),
        (
            *(case.bounds if priced else ()),
            *((n, shortened(e.xreplace(own))) for n, e in reply.bounds),
        ),
        among=case.multiple,
    )
    return rested(known, mover, reply, replies, piece)


def rested(
    known: Game, mover: Agent, reply: Piece, replies: Sequence[Piece], piece: Piece
) -> Piece | str:
    """The piece with the way in which it rests on somebody later who is indifferent.

    `piece` is best on the closure of `reply`, which bounds what any tie-breaking gives the mover.
    """
    own = dict(piece.values)
    region = (*known.domain(), *piece.when)
    needed = (*reply.when, *reply.relations)
    strict = [r for r in needed if r.is_strict and r.free_symbols & set(own)]
    if all(implies(region, r.replaced(own)).is_proof for r in strict):
        return replace(piece, tie="chosen") if reply.among else piece
    later = {a for a, _ in reply.values}
    ways = []
    for other in replies:
        there = [r.replaced(own) for r in (*other.when, *other.relations)]
        there += [Relation(own[s], "==", e.xreplace(own)) for s, e in other.values if s in later]
        if other.reached:
            ways.append(tuple(there))
    if not search(region, outside=ways).is_proof:
        return "its best choice is at an edge where the later reply is another"
    if reply.among or not _continuous(mover, reply, own, region):
        return replace(piece, tie="chosen")
    gaps = reach(known, mover, replace(reply, when=tuple(r.relaxed() for r in reply.when)))
    if isinstance(gaps, str) or len(mover.actions) != 1:
        return replace(piece, tie="chosen")
    # Only where the piece has an inside is its edge neared from there.
    inside = conditions((*piece.when, *(r.tightened() for r in gaps)), known.domain())
    return replace(piece, when=inside, tie="needed")


def _continuous(mover: Agent, reply: Piece, own: dict[sp.Symbol, Expr], region: Region) -> bool:
    """Whether the mover's utility near its choice, the reply put in, is as near as one likes."""
    utility = mover.utility.xreplace(dict(reply.values))
    if utility.has(*JUMPS):
        return False
    needed = (*natural_domain(utility), *(r for _, e in reply.values for r in natural_domain(e)))
    return all(implies(region, r.tightened().replaced(own)).is_proof for r in needed)


def worth_of(mover: Agent, piece: Piece) -> Expr | None:
    """The mover's utility on the piece, the replies put in."""
    return piece.worth if piece.free else mover.utility.xreplace(dict(piece.values))


def with_reply(constraint: Constraint, later: dict[sp.Symbol, Expr]) -> Constraint:
    """The constraint with the later movers' reply put in."""
    domain = tuple(r.replaced(later) for r in constraint.domain)
    return Constraint(constraint.name, constraint.relation.replaced(later), domain)
