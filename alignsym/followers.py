"""One leader and n followers: who moves first foresees the only reply of a crowd.

The followers' equilibrium is found for every move y of the leader, as a parameter: pieces, each a
closed form on a condition, proved, the only ones, and covering every y.  With them the leader's
utility is a function of y alone; y* is optimal if no y of any piece gives more, and the only move
if none gives as much.
"""

from __future__ import annotations

import time

import sympy as sp

from alignsym.claims import Claim, Decided, Proved, Unknown, Unsatisfiable, Verdict, weakest
from alignsym.families import Answered, answers, covered
from alignsym.logic.crowd import Crowd, crowd
from alignsym.logic.decide import search
from alignsym.logic.powers import flattened
from alignsym.logic.sums import NotSummableError
from alignsym.model.agents import Action, Parameter
from alignsym.model.domains import natural_domain
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime, Solution
from alignsym.solving.neat import gathered, shortened
from alignsym.solving.replies import solutions
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds
from alignsym.verify.shapes import shape
from alignsym.verify.theorems import Priced, algebraic, optimal
from alignsym.verify.uniqueness import unique_maximiser

_ZERO = sp.S.Zero


def solve_followers(game: Game, deadline: float | None, began: float) -> Solution:
    """The leader's move and the followers' reply to it, for every n.

    >>> from alignsym.model.game import Agent
    >>> from alignsym.model.agents import Agents
    >>> i, j, n = sp.symbols("i j n", positive=True, integer=True)
    >>> x, y = sp.IndexedBase("x", real=True), sp.Symbol("y", real=True)
    >>> a = sp.Symbol("a", positive=True)
    >>> price = a - y - sp.Sum(x[j], (j, 1, n))
    >>> game = Game(Agent("leader", price*y, y), Agents("i", n, utility=price*x[i], actions=x[i]))
    >>> solve_followers(game, None, 0.0)["x[i]"]
    a/(2*(n + 1))
    """
    try:
        found = _led(game, deadline)
    except NotSummableError as problem:
        found = str(problem)
    if isinstance(found, str):
        return Solution(
            game=game, concept="stackelberg", cases=(), coverage=Unknown(found), reason=found,
            seconds=time.perf_counter() - began,
        )  # fmt: skip
    regime, decided = found
    return Solution(
        game=game,
        concept="stackelberg",
        cases=(regime,),
        coverage=Proved(),
        decided=decided,
        seconds=time.perf_counter() - began,
    )


def _led(game: Game, deadline: float | None) -> tuple[Regime, tuple[Decided, ...]] | str:
    """The regime for all parameters, or why there is none."""
    if len(game.agents) != 1 or len(game.agents[0].actions) != 1 or game.shared:
        return "moves in order are solved for one leader with one action and a crowd that follows"
    leader = game.agents[0]
    action = leader.actions[0]
    if leader.constraints or leader.domain or isinstance(action.symbol, sp.Indexed):
        return "the leader's constraints are not solved yet"
    rest = game.altered(
        agents=(),
        parameters=(*game.parameters, Parameter(action.symbol, action.interval)),
        concept="nash",
        expected=(),
    )
    people = crowd(rest)
    pieces, stopped = answers(people, "nash", deadline)
    if not pieces or not isinstance(covered(people, [p.where for p in pieces]), Proved):
        return f"the followers' reply is not known for every move: {stopped}"
    if not all(
        isinstance(v, Proved) for p in pieces for v in (p.regime.status, p.regime.exhaustive)
    ):
        return "the followers' reply is not shown to be the only one"
    utility = people.ledger.scalar(leader.utility, where=leader.name)
    payoffs = [
        shortened(flattened(people.ledger.at(utility, dict(p.profile.values)))) for p in pieces
    ]
    for piece, payoff in zip(pieces, payoffs):
        for move in solutions([sp.diff(payoff, action.symbol)], [action.symbol]):
            table = {action.symbol: shortened(move[action.symbol])}
            facts = _best(people, action, pieces, payoffs, piece, payoff, utility, table)
            if facts is not None:
                return _regime(game, people, action, piece, utility, table, facts)
    return "no move of the leader is shown to be the best"


def _best(
    people: Crowd,
    action: Action,
    pieces: list[Answered],
    payoffs: list[Expr],
    piece: Answered,
    payoff: Expr,
    utility: Expr,
    table: dict[sp.Symbol, Expr],
) -> tuple[Decided, ...] | None:
    """The claims that the move is feasible, the best and the only best one; None if one is not
    shown."""
    y = action.symbol
    given = tuple(r for r in people.declared if y not in r.free_symbols)
    region = people.facts(given, *table.values())
    at = payoff.xreplace(table)
    move = table[y]
    ledger = people.ledger
    needed = [*action.interval.contains(move), *ledger.domain(move), *ledger.domain(at)]
    needed += [_then(people, r, {}, table) for r in piece.where]
    # The replies and their shadow prices at the move, and the leader's utility as it is written.
    listed = [e for _, e in (*piece.profile.values, *piece.profile.multipliers)]
    needed += [r for e in listed for r in ledger.domain(ledger.at(e, table))]
    replies = dict(piece.profile.values)
    needed += [_then(people, r, replies, table) for r in ledger.domain(utility)]
    facts = [("feasible", f"{r} holds", holds(r, region)) for r in needed]
    if len(pieces) == 1 and not piece.where:
        written = sp.expand(payoff)
        maker = DecisionMaker("the leader", written, (action,), (), natural_domain(payoff))
        bounds = tuple(Priced(action.name, r, _ZERO) for r in action.interval.contains(y))
        found = shape(maker, given)
        verdict = optimal(maker, table, bounds, region, found)
        facts.append(("optimal", "no move is better", verdict))
        only = unique_maximiser(maker, table, bounds, region, found, saddle=True)
        facts.append(("exhaustive", "no other move is as good", only))
    else:
        for other, theirs in zip(pieces, payoffs):
            here = (*region, *action.interval.contains(y), *other.where)
            facts.append(
                ("optimal", "no move there is as good", _beaten(here, theirs, at, y, move))
            )
    if not all(isinstance(v, Proved) for _, _, v in facts):
        return None
    return tuple(
        Decided(Claim(kind, 0, "the leader", said), v)  # type: ignore[arg-type]
        for kind, said, v in facts
    )


def _then(
    people: Crowd, r: Relation, replies: dict[sp.Symbol, Expr], table: dict[sp.Symbol, Expr]
) -> Relation:
    """The relation with the replies put in, at the leader's move."""
    left, right = (people.ledger.at(people.ledger.at(e, replies), table) for e in (r.left, r.right))
    return Relation(left, r.operator, right)


def _beaten(here: Region, theirs: Expr, at: Expr, y: sp.Symbol, move: Expr) -> Verdict:
    """Every other move of a piece is worth less."""
    if not algebraic(theirs):
        return Unknown("moves are compared where the leader's utility is algebraic")
    better = (*here, Relation(theirs, ">=", at), Relation(y, "!=", move))
    if search(better).is_proof:
        return Proved((Unsatisfiable(better, ()),))
    return Unknown("a better move is not excluded")


def _regime(
    game: Game,
    people: Crowd,
    action: Action,
    piece: Answered,
    utility: Expr,
    table: dict[sp.Symbol, Expr],
    facts: tuple[Decided, ...],
) -> tuple[Regime, tuple[Decided, ...]]:
    ledger = people.ledger
    members = tuple(ledger.members)
    values = {action.symbol: gathered(table[action.symbol], members)}
    for symbol, e in piece.profile.values:
        values[symbol] = gathered(shortened(flattened(e.xreplace(table))), members)
    payoffs = [(game.agents[0].name, shortened(ledger.at(utility, values)))]
    payoffs += [(r.name, shortened(ledger.at(r.utility, values))) for r in people.roles]
    bounds = [(action.name, _ZERO), *piece.profile.bounds]
    status = weakest(d.verdict for d in facts)
    regime = Regime(
        when=(),
        values=tuple((ledger.indexed(s), ledger.indexed(e)) for s, e in values.items()),
        multipliers=tuple(
            (k, ledger.indexed(e.xreplace(table))) for k, e in piece.profile.multipliers
        ),
        bounds=tuple((k, ledger.indexed(e.xreplace(table))) for k, e in bounds),
        utilities=tuple((k, ledger.indexed(e)) for k, e in payoffs),
        status=status,
        exhaustive=status,
    )
    return regime, (*piece.decided, *facts)
