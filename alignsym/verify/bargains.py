"""Bargaining solutions by relative gains, by definition: equal shares, and efficient.

A profile is the solution with the scales s_i > 0 if it is feasible, everybody's gain is the same
share t >= 0 of its scale, U_i - d_i = t*s_i, and no feasible profile is as good for all and better
for one.  Kalai and Smorodinsky (1975): s_i = m_i - d_i, m_i the ideal utility

    m_i = max U_i over feasible profiles with U_j >= d_j for all j;

egalitarian, or proportional (Kalai 1977): s_i are given weights.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from alignsym.claims import ByTheorem, Proved, Unknown, Unsatisfiable, Verdict, weakest
from alignsym.logic.decide import search
from alignsym.model.domains import natural_domain
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import domain_of
from alignsym.verify.facts import holds, hypothesis, zero

_ZERO = sp.S.Zero
ALONE = "the only profile with so large a least share is strongly efficient"

Profile = Mapping[sp.Symbol, Expr]


def equal_shares(
    game: Game, values: Profile, share: Expr, scales: Mapping[str, Expr], region: Region
) -> Verdict:
    """Whether U_i - d_i = t*s_i for all, with t >= 0 and s_i > 0, and everything is feasible."""
    point = dict(game.disagreement)
    verdicts = [holds(Relation(share, ">=", _ZERO), region)]
    for r in feasible(game):
        verdicts.append(holds(r.replaced(values), region))
    for agent in game.agents:
        scale = scales[agent.name]
        gain = agent.utility.xreplace(dict(values)) - point.get(agent.name, _ZERO)
        verdicts.append(holds(Relation(scale, ">", _ZERO), region))
        verdicts.append(zero(gain - share * scale, region))
    return weakest(verdicts)


def feasible(game: Game) -> Region:
    """What every profile satisfies: intervals, all constraints, everybody's natural domain."""
    bounds = tuple(r for a in game.actions for r in a.interval.contains(a.symbol))
    own = tuple(c.relation for c in game.constraints)
    return (*bounds, *own, *domain_of(game.agents, game.constraints))


def efficient(game: Game, values: Profile, region: Region, *, only: Verdict) -> Verdict:
    """Whether no feasible profile is as good for all agents and better for one.

    `only`: the verdict on "no other feasible profile gives everybody so large a share": whoever is
    as good for all has the least share at least, so there is none.  Else z3 is asked for one.
    """
    if isinstance(only, Proved):
        fact = hypothesis("no other profile has so large a least share", only, region)
        return Proved((ByTheorem(ALONE, (fact,)),))
    reached = {a.name: a.utility.xreplace(dict(values)) for a in game.agents}
    as_good = [Relation(a.utility, ">=", reached[a.name]) for a in game.agents]
    better = tuple(Relation(a.utility, ">", reached[a.name]) for a in game.agents)
    # At the edge of a logarithm a utility is -oo, no better than anything: only the inside counts.
    premises = (*region, *feasible(game), *as_good)
    if search(premises, any_of=better).is_proof:
        return Proved((Unsatisfiable(premises, better),))
    return Unknown("a profile that is better for one and as good for all is not excluded")


def real(formulas: tuple[Expr, ...], region: Region) -> Verdict:
    """Whether the formulas are defined and finite on the region."""
    if any(e.has(sp.oo, sp.zoo, sp.nan, sp.I) for e in formulas):
        return Unknown("a formula has no finite value")
    return weakest(holds(r, region) for e in formulas for r in natural_domain(e))
