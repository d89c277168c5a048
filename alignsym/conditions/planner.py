"""`maximize` and `social`: one decision maker over all actions and all constraints.

max_x  sum_i w_i U_i(x)   s.t. every constraint;     maximize: one agent, w = 1.
"""

from __future__ import annotations

import sympy as sp

from alignsym.conditions.epigraph import lifted
from alignsym.conditions.kkt import attach, bounds, describe, open_domain, stationarity
from alignsym.conditions.system import System
from alignsym.conditions.transform import transformed
from alignsym.model.game import Game
from alignsym.model.relations import Expr
from alignsym.steps import Step, Transform


def aggregate(game: Game) -> Expr:
    """sum_i w_i U_i."""
    return sp.Add(*(game.weight(a.name) * a.utility for a in game.agents))


def planner(game: Game) -> System:
    """The Karush-Kuhn-Tucker conditions of the aggregate problem."""
    owner = game.agents[0].name if len(game.agents) == 1 else "planner"
    total = aggregate(game)
    objective, factor = transformed(total, (a.symbol for a in game.actions))
    steps = (Transform(owner, total, objective),) if objective != total else ()
    return joint(game, owner, objective, factor, steps)


def joint(game: Game, owner: str, objective: Expr, factor: Expr, steps: tuple[Step, ...]) -> System:
    """One decision maker over everything; reported multipliers are times `factor`."""
    smooth = lifted(objective, game.actions, game.constraints)
    variables = tuple(a.symbol for a in smooth.actions)
    game_actions = {a.symbol for a in game.actions}
    # Term by term: a logarithm that cancels in the sum still needs its argument positive.
    parts = [
        open_domain(e, game.actions) for e in (smooth.objective, *(a.utility for a in game.agents))
    ]
    written = [a.domain for a in game.agents] + [c.domain for c in game.constraints]
    domain = tuple(dict.fromkeys(r for part in (*parts, *written) for r in part))
    constraints = attach(owner, (*smooth.constraints, *smooth.edges), scale=factor)
    limits = bounds(owner, game.actions, domain, scale=factor)
    equations = stationarity(owner, smooth.objective, variables, [constraints, limits])
    pairs = constraints.pairs + limits.pairs
    return System(
        actions=variables,
        free=constraints.free,
        equations=equations + constraints.equations,
        pairs=pairs,
        domain=domain,
        parameters=game.domain(),
        steps=(*steps, *describe(equations, pairs)),
        objective=objective,
        auxiliary=tuple(v for v in variables if v not in game_actions),
    )
