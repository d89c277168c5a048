"""The whole set of normalised generalised equilibria, with the ratios of multipliers as parameters.

Rosen's normalised equilibrium for r_i > 0: every agent's choice is a best response to the others'
under its own and the shared constraints, with the multipliers

    lambda_i = mu / r_i        of each shared constraint, one mu >= 0 common to all.

r_i*U_i has the same best responses as U_i and r_i times its multipliers: the variational
equilibrium of the utilities r_i*U_i.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved
from alignsym.errors import UsageError
from alignsym.model.agents import Agent, Parameter, named_expressions
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Interval, Relation
from alignsym.solution import Case, Continuum, Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.solving.regimes import payoff
from alignsym.verify.facts import holds


def generalised_nash(
    game: Game, *, ratios: Mapping[str, object] | None = None, seconds: float | None = None
) -> Solution:
    """Normalised equilibria for all r_i > 0: closed forms with the ratios r_i as parameters.

    With *one* shared constraint the r_i > 0 give every generalised equilibrium in which all agents
    that move it feel the constraint or none does; those in which one of them does not feel it
    while it binds are limits r_i -> oo.  With several shared constraints the set is Rosen's: the
    same ratios for each constraint.  `multipliers["G"]` is the common mu, `multipliers["G for f"]`
    the one in f's own problem, mu/r_f.  The first agent's r is 1, for only ratios matter; r_i = 1
    for all is `variational`.

    Arguments: `ratios`, {agent's name: r_i}, positive expressions; new symbols r_<name> where it
    says nothing of anybody.
    Raises: UsageError without shared constraints, for an unknown name, for a ratio not shown to be
    positive.

    Source: Rosen 1965, Existence and uniqueness of equilibrium points for concave n-person games.

    >>> x, y, q = sp.symbols("x y q", positive=True)
    >>> pair = (Agent("f", sp.log(x), x), Agent("g", sp.log(y), y))
    >>> answer = generalised_nash(Game(*pair, shared={"G": x + y <= q}))
    >>> answer[x], answer.multipliers["G for g"]
    (q/(r_g + 1), (r_g + 1)/(q*r_g))
    """
    if not game.shared:
        raise UsageError(
            "there is no shared constraint", where="generalised_nash", remedy="game.nash()"
        )
    if game.families or game.prices:
        raise UsageError(
            "normalised equilibria are for single agents and shared constraints without prices",
            where="generalised_nash",
        )
    given = _ratios(game, ratios)
    scaled = _scaled(game, given)
    answer = solve(scaled, "variational", seconds=seconds)
    return replace(
        answer,
        game=game.altered(parameters=scaled.parameters, concept="variational"),
        cases=tuple(_unscaled(game, case, given) for case in answer.cases),
        criterion="normalised",
    )


def _ratios(game: Game, given: Mapping[str, object] | None) -> dict[str, Expr]:
    """r_i of every agent that chooses something."""
    movers = [a.name for a in game.agents if a.actions]
    if given is None:
        taken = game.names()
        out = {movers[0]: sp.S.One}
        for name in movers[1:]:
            symbol = f"r_{name}"
            while symbol in taken:
                symbol += "_"
            out[name] = sp.Symbol(symbol, positive=True)
        return out
    unknown = sorted(set(given) - set(movers))
    if unknown:
        raise UsageError(
            f"no agent {unknown[0]!r} that chooses something",
            where="ratios",
            remedy=f"agents: {', '.join(movers)}",
        )
    chosen = {a.symbol for a in game.actions}
    said = dict(named_expressions(given, where="ratios"))
    for name, ratio in said.items():
        positive = holds(Relation(ratio, ">", sp.S.Zero), game.domain())
        if ratio.free_symbols & chosen or not (ratio.is_positive or isinstance(positive, Proved)):
            raise UsageError(
                f"the ratio {ratio} is not shown to be positive",
                where=f"ratios, {name}",
                remedy="declare its symbol positive=True, or a condition of the game",
            )
    return {name: said.get(name, sp.S.One) for name in movers}


def _scaled(game: Game, ratios: Mapping[str, Expr]) -> Game:
    """The game of r_i*U_i, with the ratios among the parameters."""
    agents = [
        Agent(
            a.name,
            sp.Mul(ratios.get(a.name, sp.S.One), a.objective, evaluate=True),
            *a.actions,
            constraints=a.constraints,
            loss=a.loss,
            domain=a.domain,
        )
        for a in game.agents
    ]
    known = {p.symbol for p in game.parameters}
    fresh = sorted({s for r in ratios.values() for s in r.free_symbols} - known, key=str)
    parameters = (*game.parameters, *(Parameter(s, Interval.positive()) for s in fresh))
    return game.altered(agents=agents, parameters=parameters, concept="variational", expected=())


def _unscaled(game: Game, case: Case, ratios: Mapping[str, Expr]) -> Case:
    """The case with the utilities of the game and everybody's own multipliers."""
    if not isinstance(case, (Regime, Continuum)):
        return case
    owner = {c.name: a.name for a in game.agents for c in a.constraints}
    owner |= {act.name: a.name for a in game.agents for act in a.actions}

    def own(name: str, mu: Expr) -> Expr:
        return shortened(mu / ratios[owner[name]]) if name in owner else mu

    shared = {c.name for c in game.shared}
    named = [(n, own(n, mu)) for n, mu in case.multipliers]
    named += [
        (f"{n} for {agent}", shortened(mu / r))
        for n, mu in case.multipliers
        if n in shared
        for agent, r in ratios.items()
    ]
    if isinstance(case, Continuum):
        return replace(case, multipliers=tuple(named))
    values = dict(case.values)
    return replace(
        case,
        multipliers=tuple(named),
        bounds=tuple((n, own(n, mu)) for n, mu in case.bounds),
        utilities=tuple((a.name, payoff(a.utility, values)) for a in game.agents),
    )
