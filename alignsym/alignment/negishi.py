"""The weights of a price equilibrium with budgets: one over everybody's marginal utility of income.

Let lam_i > 0 be the multiplier of i's budget B_i(x, p*) <= 0 and U_i concave in i's own choice on a
convex set.  Then U_i(x) <= U_i(x*) + lam_i B_i(x, p*) for all x that satisfy i's other constraints,
for the value of i's problem is concave in income with slope lam_i.  Summed,

    sum U_i(x)/lam_i <= sum U_i(x*)/lam_i + sum B_i(x, p*),

and at every feasible x the budgets add up to sum p_k* z_k(x) + z_0(x) + c(p*) <= 0 (Walras).  So
x* maximises the sum with weights 1/lam_i, whatever the supply of goods (Negishi 1960).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sympy as sp

from alignsym.alignment.arena import Arena
from alignsym.alignment.efficiency import Named
from alignsym.alignment.profile import INFINITE, is_proved
from alignsym.alignment.theorems import alone
from alignsym.claims import ByTheorem, Proved, Unknown, Verdict, weakest
from alignsym.logic.powers import flattened
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Relation
from alignsym.solution import Regime
from alignsym.solving.neat import shortened
from alignsym.verify.decision import DecisionMaker, decision_makers
from alignsym.verify.facts import holds, hypothesis
from alignsym.verify.shapes import Shape, shape

_ZERO = sp.S.Zero
NEGISHI = "a price equilibrium maximises the sum weighted by one over marginal utilities of income"


def negishi(game: Game, regime: Regime, where: Arena) -> tuple[Named, Verdict]:
    """Weights that a market's equilibrium maximises, and whether they are shown to.

    Arguments: `where`, the market's arena, which exists only if the budgets add up.

    >>> from alignsym.alignment.arena import arena
    >>> from alignsym.answer import solve
    >>> from alignsym.model.game import Agent
    >>> x1, y1, x2, y2, p = sp.symbols("x1 y1 x2 y2 p", nonnegative=True)
    >>> ann = Agent("ann", sp.log(x1) + sp.log(y1), x1, y1, constraints={"A": p*x1 + y1 <= 3*p})
    >>> bob = Agent("bob", sp.log(x2) + sp.log(y2), x2, y2, constraints={"B": p*x2 + y2 <= 1})
    >>> market = Game(ann, bob, prices={p: x1 + x2 <= 3})
    >>> (regime,) = solve(market, "walras").regimes
    >>> weights, verdict = negishi(market, regime, arena(market, "walras", dict(regime.values)))
    >>> weights, type(verdict).__name__
    ((('ann', 1), ('bob', 1)), 'Proved')
    """
    region = (*game.domain(), *regime.when)
    budgets = _budgets(game, where)
    if budgets is None:
        return (), Unknown("somebody has no budget, or one that is no inequality")
    multipliers = dict(regime.multipliers)
    slopes = {n: multipliers.get(c) for n, c in budgets.items()}
    known = {n: e for n, e in slopes.items() if e is not None and not e.has(*INFINITE)}
    if len(known) < len(slopes) or any(e == -sp.oo for _, e in regime.utilities):
        return (), Unknown("the marginal utilities of income are not known")
    facts = [hypothesis("the equilibrium and its multipliers", regime.status, region)]
    prices = tuple(Relation(p.symbol, ">=", _ZERO) for p in game.prices)
    makers = {m.name: m for m in decision_makers(game, "walras")}
    for agent in game.agents:
        name = agent.name
        said = f"{name} is not affected by what others do"
        facts.append(hypothesis(said, alone(game, agent, region), region))
        positive = holds(Relation(known[name], ">", _ZERO), region)
        facts.append(hypothesis(f"income is worth something to {name}", positive, region))
        concave = _concave(makers[name], budgets[name], (*game.domain(), *prices))
        facts.append(hypothesis(f"{name}'s utility is concave on a convex set", concave, region))
        if not all(is_proved(f.verdict) for f in facts):
            break
    verdict = weakest(f.verdict for f in facts)
    if not is_proved(verdict):
        return (), verdict
    return _scaled(known), Proved((ByTheorem(NEGISHI, tuple(facts)),))


def _budgets(game: Game, where: Arena) -> dict[str, str] | None:
    """The name of everybody's only constraint with a price in it."""
    if where.transferable or where.added or set(where.persons) != {a.name for a in game.agents}:
        return None
    prices = {p.symbol for p in game.prices}
    out = {}
    for agent in game.agents:
        priced = [c for c in agent.constraints if c.relation.free_symbols & prices]
        if len(priced) != 1 or priced[0].relation.operator not in ("<=", ">="):
            return None
        if agent.utility.free_symbols & prices:
            return None
        out[agent.name] = priced[0].name
    return out


def _concave(maker: DecisionMaker, budget: str, premises: tuple[Relation, ...]) -> Verdict:
    """Whether the utility itself is concave wherever all but the budget holds."""
    free = replace(maker, constraints=tuple(c for c in maker.constraints if c.name != budget))
    found = shape(free, premises)
    if not isinstance(found, Shape):
        return found
    if found.slope is not None or found.inner != free.objective:
        return Unknown("a transform of it is shown to be concave only")
    return Proved()


def _scaled(slopes: Mapping[str, Expr]) -> Named:
    """One over the slopes, the first weight one."""
    first = next(iter(slopes.values()))
    return tuple((n, shortened(flattened(sp.factor(first / e)))) for n, e in slopes.items())
