"""The welfare theorems as checks on one economy: every hypothesis decided, and a witness.

First theorem, of each equilibrium: its hypotheses (`theorems`); where one fails, an exact point at
which it does, and if the equilibrium is not efficient the trade that shows it.
Second theorem, of the economy: concave utilities, convex constraints, every income worth more than
the least choice.  That the planner's choices are equilibria with transfers is then shown directly
(`transfers`); where preferences are not convex, two choices whose mean is worse than both.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

import sympy as sp

from alignsym.alignment.arena import arena
from alignsym.alignment.efficiency import Kind
from alignsym.alignment.judging import judge
from alignsym.alignment.profile import is_proved
from alignsym.alignment.theorems import FIRST, alone, hypotheses
from alignsym.alignment.trade import Trade
from alignsym.alignment.transfers import Decentralised, decentralised
from alignsym.alignment.welfare import largest_sum
from alignsym.answer import solve
from alignsym.claims import Decided, Point, Proved, Refuted, Unknown, Verdict, weakest, word
from alignsym.errors import UsageError
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Region, Relation
from alignsym.present.rich import html, latex
from alignsym.solution import Continuum
from alignsym.solution import holds as holds_at
from alignsym.solving.regimes import witness_of
from alignsym.verify.decision import decision_makers
from alignsym.verify.facts import holds, hypothesis
from alignsym.verify.shapes import Shape, shape

SECOND = "second welfare theorem (Arrow 1951, Debreu 1951)"
LEVELS = (sp.S.Zero, sp.S.Half, sp.S.One, sp.Integer(2), sp.Integer(4))
ACTIONS_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Check:
    """A welfare theorem on an economy.

    `facts`: the hypotheses with their verdicts; `applies`: the weakest of them; `conclusion`: what
    is known of what the theorem would say, by whatever argument; `witness`: the trade that
    improves on an equilibrium which is not efficient where `when` holds.
    """

    theorem: str
    when: Region
    facts: tuple[Decided, ...]
    applies: Verdict
    conclusion: Kind | Literal["reached", "unknown"]
    witness: Trade | None = None

    _repr_html_ = html
    _repr_latex_ = latex

    def __str__(self) -> str:
        lines = [f"{self.theorem}: {word(self.applies)}; {self.conclusion}"]
        for fact in self.facts:
            said = "" if isinstance(fact.verdict, Proved) else f" ({_why(fact.verdict)})"
            lines.append(f"  {word(fact.verdict):8} {fact.claim.statement}{said}")
        if self.witness is not None:
            lines.append("  better for all: " + ", ".join(f"{s} = {e}" for s, e in self.witness.to))
        return "\n".join(lines)


def _why(verdict: Verdict) -> str:
    reason = getattr(verdict, "reason", "")
    point = ", ".join(f"{s} = {e}" for s, e in getattr(verdict, "point", ()))
    return f"{reason} at {point}" if point else reason


def welfare_theorems(game: Game, *, seconds: float | None = None) -> tuple[Check, ...]:
    """Both theorems on a market: of every equilibrium the first, of the economy the second.

    Raises UsageError for a game without prices, or whose payments do not add up.

    >>> x, y, p = sp.symbols("x y p", nonnegative=True)
    >>> ann, bob = Agent("ann", sp.log(1 + x) - p*x, x), Agent("bob", sp.log(1 + y) - p*y, y)
    >>> [str(c).splitlines()[0] for c in welfare_theorems(Game(ann, bob, prices={p: x + y <= 2}))]
    ['first welfare theorem (Arrow 1951, Debreu 1951): proved; strongly']
    """
    where = arena(game, "walras", {p.symbol: p.symbol for p in game.prices})
    if not game.prices or isinstance(where, str):
        why = where if isinstance(where, str) else "a game without prices"
        raise UsageError(why, where="welfare_theorems", remedy="give prices and what they clear")
    solution = solve(game, "walras", seconds=seconds)
    unjudged = Unknown("the members of a set of equilibria are not judged one by one here")
    out = [
        Check(FIRST, case.when, (), unjudged, "unknown")
        for case in solution.cases
        if isinstance(case, Continuum)
    ]
    for regime in solution.regimes:
        here = arena(game, "walras", dict(regime.values))
        if isinstance(here, str):
            continue
        facts = hypotheses(game, regime, here)
        best = largest_sum(here, seconds) if here == where else None
        rows = judge(solution, regime, best)
        applies = weakest(d.verdict for d in facts)
        failing = next((r for r in rows if r.kind == "no"), None)
        kinds = {r.kind for r in rows}
        if failing is not None:  # where the witness holds
            out.append(Check(FIRST, failing.when, facts, applies, "no", failing.trade))
            continue
        kind = kinds.pop() if len(kinds) == 1 else "unknown"
        out.append(Check(FIRST, regime.when, facts, applies, kind))
    if where.transferable:
        return tuple(out)  # every division of the largest sum is reached by transfers alone
    facts = second_hypotheses(game)
    found = decentralised(game, seconds=seconds)
    reached = not isinstance(found, str) and all(is_proved(d.status) for d in found)
    if isinstance(found, str):
        said = "everybody has more than the least choice costs"
        facts = (*facts, hypothesis(said, Unknown(found), game.domain()))
    else:
        facts = (*facts, *cheaper(game, found))
    applies = weakest(d.verdict for d in facts)
    out.append(Check(SECOND, (), facts, applies, "reached" if reached else "unknown"))
    return tuple(out)


def second_hypotheses(game: Game) -> tuple[Decided, ...]:
    """Nobody affects another, and convexity, agent by agent: a concave transform of the utility on
    a convex set."""
    region = game.domain()
    facts = []
    for agent in game.agents:
        said = f"{agent.name} is not affected by what others do"
        facts.append(hypothesis(said, alone(game, agent, region), region))
    for maker in decision_makers(game, "walras"):
        found = shape(maker, (*region, *_prices(game)))
        agent = game.agent(maker.name)
        verdict: Verdict = Proved() if isinstance(found, Shape) else Unknown(found.reason)
        if not isinstance(found, Shape):
            point = not_convex(game, agent)
            if point:
                said = f"the mean of two choices is worse than both to {agent.name}"
                verdict = Refuted(point, said)
        facts.append(hypothesis(f"{maker.name} has convex preferences", verdict, region))
    return tuple(facts)


def cheaper(game: Game, found: tuple[Decentralised, ...]) -> tuple[Decided, ...]:
    """Whether every income with its transfer is worth more than the least choice, at the prices."""
    facts = []
    symbols = {p.symbol for p in game.prices}
    for row in found:
        region = (*row.game.domain(), *row.regime.when)
        for agent in row.game.agents:
            least = {a.symbol: a.interval.lower for a in agent.actions}
            at = {**dict(row.regime.values), **least, **dict(row.prices)}
            for c in agent.constraints:
                if c.relation.free_symbols & symbols and not c.relation.is_equality:
                    gap = Relation(c.relation.gap.xreplace(at), ">", sp.S.Zero)
                    others = (k.relation for k in agent.constraints if k is not c)
                    needed = [gap, *(r.replaced(at) for r in others)]
                    said = f"the least choice of {agent.name} costs less than it has"
                    verdict = weakest(holds(r, region) for r in needed)
                    facts.append(hypothesis(said, verdict, region))
    return tuple(facts)


def _prices(game: Game) -> Region:
    return tuple(Relation(p.symbol, ">=", sp.S.Zero) for p in game.prices)


def not_convex(game: Game, agent: Agent) -> Point:
    """Two choices of an agent, their mean worse than either: the parameters, and the first choice.

    Exact, on a small grid, others' actions at one; () where none is found.
    """
    own = [a.symbol for a in agent.actions]
    prices = {p.symbol: sp.S.One for p in game.prices}
    if len(own) > ACTIONS_LIMIT or agent.utility.free_symbols & set(prices):
        return ()
    given = dict(witness_of(game, ()))
    others = {a.symbol: sp.S.One for a in game.actions if a.symbol not in own}
    worth = agent.utility.xreplace({**others, **given})
    limits = [r.replaced(given) for a in agent.actions for r in a.interval.contains(a.symbol)]

    def value(point: dict[sp.Symbol, sp.Expr]) -> sp.Expr | None:
        at = worth.xreplace(point)
        return at if at.is_finite and at.is_extended_real else None

    points = [dict(zip(own, choice, strict=True)) for choice in product(LEVELS, repeat=len(own))]
    points = [p for p in points if all(holds_at(r, p) for r in limits)]
    known = [(p, u) for p in points if (u := value(p)) is not None]
    for (one, u), (two, v) in combinations(known, 2):
        mean = {s: (one[s] + two[s]) / 2 for s in own}
        middle = value(mean)
        if middle is not None and (middle - u).is_negative and (middle - v).is_negative:
            return (*given.items(), *one.items())
    return ()
