"""The Pareto frontier in the space of utilities, as a relation among them.

*Own goods.*  Each person chooses one action that only its own utility U_i = g_i(x_i) depends on,
g_i strictly monotone on an interval, and one shared constraint G(x) <= 0 that every step which is
good for its maker strictly tightens.  With finite utilities u in the levels of the g_i

    x strongly efficient  iff  G(g_1^-1(u_1), ..., g_n^-1(u_n)) = 0

for whatever is as good for all and better for one breaks the constraint, and where there is slack
somebody has room to gain.  No concavity is needed, and n is any number of persons.

*Transferable numeraire.*  Strongly efficient iff sum u_i is the largest sum of utilities.

*Two persons by weights* otherwise; see `by_weights`.
"""

from __future__ import annotations

import sympy as sp

from alignsym.alignment.arena import Arena
from alignsym.alignment.by_weights import by_weights
from alignsym.alignment.inverses import Inverse, inverse
from alignsym.alignment.profile import is_proved
from alignsym.alignment.utility_space import (
    EVERY,
    SHARED_SUM,
    Attainable,
    Levels,
    balanced,
    is_gap_of,
)
from alignsym.claims import Unknown
from alignsym.model.functions import JUMPS
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Solution
from alignsym.solving.neat import shortened
from alignsym.verify.decision import domain_of
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero


def attainable(judged: Arena, weighted: Solution | None) -> tuple[Attainable, ...] | Unknown:
    """The frontier among utilities, one a case; or what stopped it.

    Arguments: `weighted`, the maximisers of the weighted sum, the weights being parameters (with a
    transferable numeraire: those of the plain sum); None where they are not known.
    """
    taken = judged.game.names()
    named = []
    for name in judged.persons:
        label = f"U_{name}"
        while label in taken:
            label += "_"
        named.append((name, sp.Symbol(label, real=True)))
    if judged.transferable:
        return _by_sum(judged, tuple(named), weighted)
    found = _own_goods(judged, tuple(named))
    if not isinstance(found, Unknown):
        return (found,)
    if weighted is None or len(named) != 2:
        return found
    again = by_weights(judged, tuple(named), weighted)
    return found if isinstance(again, Unknown) and len(judged.game.shared) == 1 else again


# ------------------------------------------------------------------ a numeraire
def _by_sum(
    judged: Arena, named: Levels, best: Solution | None
) -> tuple[Attainable, ...] | Unknown:
    if best is None or not best.regimes or not is_proved(best.proof):
        return Unknown("the largest sum of utilities is not proved for all parameters")
    if len(best.regimes) != len(best.cases):
        return Unknown("for some parameters no profile has the largest sum")
    total = sp.Add(*(u for _, u in named))
    out: list[Attainable] = []
    for regime in best.regimes:
        most = sp.Add(*(judged.utility(n) for n, _ in named)).xreplace(dict(regime.values))
        relation = Relation(total, "==", shortened(most))
        row = Attainable(named, relation, (), SHARED_SUM, regime.values, regime.when)
        if all((r.relation, r.when) != (row.relation, row.when) for r in out):
            out.append(row)
    return tuple(out)


# ------------------------------------------------------------------ own goods
def _own_goods(judged: Arena, named: Levels) -> Attainable | Unknown:
    game = judged.game
    chosen = {a.symbol for a in game.actions}
    agents = [game.agent(n) for n, _ in named]
    if len(agents) != len(game.agents) or any(len(a.actions) != 1 for a in agents):
        return Unknown("somebody does not choose exactly one action")
    if len(game.constraints) != 1 or not game.shared:
        return Unknown("there is not exactly one shared inequality")
    (shared,) = game.shared
    if shared.relation.operator not in ("<=", ">="):
        return Unknown(f"{shared.name} is not <= or >=")
    if any(r.free_symbols & chosen for r in domain_of((), game.shared)):
        return Unknown(f"{shared.name} is not defined everywhere")
    given = game.domain()
    inverses: list[Inverse] = []
    bounds: list[Relation] = []
    for agent, (_, level) in zip(agents, named, strict=True):
        (action,) = agent.actions
        if agent.utility.free_symbols & (chosen - {action.symbol}):
            return Unknown(f"{agent.name} is affected by what others do")
        domain = (*action.interval.contains(action.symbol), *domain_of([agent], ()))
        found = inverse(agent.utility, action.symbol, domain, level, given)
        if isinstance(found, Unknown):
            return found
        inverses.append(found)
        bounds += domain
    slack = shared.relation.gap
    if slack.has(*JUMPS):
        return Unknown(f"{shared.name} jumps, so that slack need not be room")
    for found in inverses:
        use = -found.sign * sp.diff(slack, found.variable)
        if not is_proved(holds(Relation(use, ">", _ZERO), (*given, *bounds))):
            return Unknown(f"whether more for its chooser uses up {shared.name} is not shown")
    if not _somebody_has_room(inverses, slack, given):
        return Unknown("where everybody has the most there may be slack")
    profile = tuple((i.variable, i.formula) for i in inverses)
    within = tuple(r for i in inverses for r in i.levels)
    gap = slack.xreplace(dict(profile))
    relation = balanced(gap, tuple(u for _, u in named))
    if not is_proved(is_gap_of(relation, gap)):
        relation = Relation(gap, "==", _ZERO)
    return Attainable(named, relation, within, EVERY, profile)


def _somebody_has_room(inverses: list[Inverse], slack: Expr, given: Region) -> bool:
    """Somebody can always gain by a step, or what is best for all leaves no slack."""
    if any(i.room for i in inverses):
        return True
    corner = {i.variable: i.best for i in inverses}
    if any(end is None for end in corner.values()):
        return False
    return is_proved(holds(Relation(slack.xreplace(corner), "<=", _ZERO), given))
