"""`stackelberg`: backward induction retold, the last mover first, case by case.

Each mover's program has the later replies put in and the earlier moves as parameters; its
first-order conditions give its reply.  At an edge between two pieces of a reply there are none:
then the facts decided by the solver's induction are cited alone.
"""

from __future__ import annotations

import sympy as sp

from alignsym.deriving.asked import Asked, asked
from alignsym.deriving.case import case_steps
from alignsym.deriving.grounds import conclusion, facts, uniqueness
from alignsym.deriving.points import located, number
from alignsym.model.agents import Agent, Constraint, Parameter
from alignsym.model.game import Game
from alignsym.model.relations import Expr
from alignsym.solution import Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.steps import BindingCase, Hold, Problem, Reply, Solve, Step, Values

REPLIES = (Solve, Values)


def stages(solution: Solution) -> tuple[Step, ...]:
    """The programs from the last mover to the first, then the values along the path."""
    steps: list[Step] = []
    said: set[Step] = set()
    for case in solution.cases:
        if isinstance(case, Regime):
            steps += [Hold((), case.when)] if case.when else []
            for step in _induction(solution.game, case):
                if isinstance(step, (BindingCase, *REPLIES)) or step not in said:
                    steps.append(step)
                said.add(step)
            steps.append(Values(case.values))
        steps.append(conclusion(solution.concept, case))
    for case in solution.cases[:1]:
        if isinstance(case, Regime):
            steps += facts(solution.decided, "any mover", case.status)
        steps += uniqueness(case)
    return tuple(steps)


def _induction(game: Game, regime: Regime) -> list[Step]:
    """The steps of every mover; those found before a mover has no first-order conditions."""
    movers = [a for a in game.agents if a.actions]
    table = {s: number(v, {}) for s, v in regime.witness}
    table |= {s: number(v, table) for s, v in regime.values}
    later: dict[sp.Symbol, Expr] = {}
    steps: list[Step] = []
    for k in range(len(movers) - 1, -1, -1):
        found = _program(game, movers, k, later)
        names = {str(s) for s in found.system.actions}
        inside = {s: v for s, v in table.items() if not later or s not in later}
        point = located(found.system, found.kinks, inside)
        asking: list[Step] = [
            s for s in found.steps if not (isinstance(s, Problem) and s.owner != movers[k].name)
        ]
        if point is None:
            return [*steps, *asking[:1]]
        own = Regime((), tuple((s, v) for s, v in regime.values if str(s) in names))
        solving = [s for s in case_steps(found, own, point, ()) if not isinstance(s, Values)]
        solving = [s for s in solving if isinstance(s, (BindingCase, *REPLIES)) or k == 0]
        told = [s for s in solving if isinstance(s, Solve)]
        unknowns = {a.symbol for a in movers[k].actions}
        if not unknowns <= {s.unknown for s in told}:
            return [*steps, *asking]
        reply: dict[sp.Symbol, Expr] = {}
        for step in reversed(told):
            reply[step.unknown] = shortened(step.result.xreplace(reply))
        mine = {s: reply[s] for s in unknowns}
        later = {**{s: shortened(e.xreplace(mine)) for s, e in later.items()}, **mine}
        rows = tuple((a.symbol, reply[a.symbol]) for a in movers[k].actions)
        steps += [*asking, *solving]
        steps += [Reply(movers[k].name, rows)] if k else []
    return steps


def _program(game: Game, movers: list[Agent], k: int, later: dict[sp.Symbol, Expr]) -> Asked:
    """What the mover number k is asked, the later replies put in."""
    mover = movers[k]
    earlier = [Parameter(a.symbol, a.interval) for m in movers[:k] for a in m.actions]
    agent = Agent(
        mover.name,
        shortened(mover.objective.xreplace(later)),
        *mover.actions,
        constraints=tuple(
            Constraint(c.name, c.relation.replaced(later)) for c in mover.constraints
        ),
        loss=mover.loss,
    )
    alone = game.altered(
        agents=(agent,), shared=(), prices=(), weights=(), disagreement=(), expected=(),
        parameters=(*game.parameters, *earlier), concept="maximize",
    )  # fmt: skip
    found = asked(alone, "maximize")
    first, *rest = found.steps
    if isinstance(first, Problem):
        foreseen = tuple((s, e) for s, e in later.items() if mover.objective.has(s))
        given = tuple(p.symbol for p in earlier if mover.objective.has(p.symbol))
        first = Problem(
            first.owner, first.objective, first.loss, first.actions, first.constraints,
            given, foreseen,
        )  # fmt: skip
    return Asked(found.system, (first, *rest), found.kinks, ())
