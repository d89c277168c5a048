"""`nash` and `variational`: every agent maximises over its own actions, the others' given.

Nash: own constraints only.  Variational (Rosen's normalised equilibrium, r = 1): besides, each
shared constraint has one multiplier common to all agents.
"""

from __future__ import annotations

import sympy as sp

from alignsym.conditions.epigraph import separable
from alignsym.conditions.kkt import Multiplied, attach, bounds, describe, open_domain, stationarity
from alignsym.conditions.system import Equation, FreeMultiplier, Pair, System
from alignsym.conditions.transform import transformed
from alignsym.model.game import Game
from alignsym.model.relations import Relation
from alignsym.steps import Step, Transform


def nash(game: Game) -> System:
    """First-order conditions of every agent with its own constraints."""
    return agents_system(game, Multiplied((), (), ()))


def variational(game: Game) -> System:
    """The same with the shared constraints under common multipliers.

    Utilities are not transformed here: that would scale an agent's side of the common multiplier.
    """
    return agents_system(game, attach("all", game.shared))


def agents_system(game: Game, common: Multiplied) -> System:
    """All agents' conditions, with the multipliers `common` entering every agent's gradient."""
    equations: list[Equation] = []
    constraint_equations: list[Equation] = list(common.equations)
    pairs: list[Pair] = list(common.pairs)
    free: list[FreeMultiplier] = list(common.free)
    domain: list[Relation] = []
    steps: list[Step] = []
    alone = not (common.pairs or common.free)
    auxiliary: list[sp.Symbol] = []
    for agent in game.agents:
        if not agent.actions:
            continue
        chosen = tuple(a.symbol for a in agent.actions)
        objective, factor = transformed(agent.utility, chosen if alone else ())
        if objective != agent.utility:
            steps.append(Transform(agent.name, agent.utility, objective))
        smooth = separable(objective, agent.actions, agent.constraints, len(auxiliary))
        objective, variables = smooth.objective, tuple(a.symbol for a in smooth.actions)
        auxiliary += variables[len(chosen) :]
        here = open_domain(objective, agent.actions)
        here += (*agent.domain, *(r for c in agent.constraints for r in c.domain))
        own = attach(agent.name, (*smooth.constraints, *smooth.edges), scale=factor)
        limits = bounds(agent.name, agent.actions, here, scale=factor)
        equations += stationarity(agent.name, objective, variables, [own, limits, common])
        constraint_equations += own.equations
        pairs += own.pairs + limits.pairs
        free += own.free
        domain += here
    # free multipliers in the order of their equations: the common ones first
    return System(
        actions=(*(a.symbol for a in game.actions), *auxiliary),
        free=tuple(free),
        equations=(*equations, *constraint_equations),
        pairs=tuple(pairs),
        domain=tuple(dict.fromkeys(domain)),
        parameters=game.domain(),
        steps=(*steps, *describe(equations, pairs)),
        auxiliary=tuple(auxiliary),
    )
