"""Personal prices and side payments: instruments that leave no money over.

lindahl   each agent pays its own price tau_i for the sum G of all contributions and is paid
          P = sum tau_i for each unit it contributes; tau_i = dU_i/dG at the optimum, so that all
          want the same G (Lindahl 1919; Samuelson 1954);
side      one agent acts and others are affected: with the right on its side they pay it what they
payment   gain beyond what it would do, with the right on theirs it pays them what they lose beyond
          its doing as little as possible; either way it then wants the optimum (Coase 1960).
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from alignsym.alignment.decentral import Spot, equilibrium
from alignsym.alignment.efficiency import Instrument, Optimum
from alignsym.alignment.instruments import Applied, over_regimes, spots, utilities_at
from alignsym.alignment.profile import INFINITE
from alignsym.claims import Unknown, weakest
from alignsym.logic.normal import is_identically_zero
from alignsym.model.domains import natural_domain
from alignsym.model.game import Action, Agent, Game
from alignsym.model.relations import Expr, Interval
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero


def lindahl(game: Game, best: Optimum) -> Instrument | None:
    """Personal prices for the sum of contributions; None where utilities are not v(G) + k(x)."""
    parts = public_parts(game)
    if parts is None:
        return None
    total, shares = parts
    found = []
    for spot in spots(game, best):
        values = dict(spot.values)
        level = sp.Add(*(values[a.symbol] for g in game.agents for a in g.actions))
        tau = {
            n: shortened(sp.diff(v, total).xreplace({total: level})) for n, (v, _) in shares.items()
        }
        if any(e.has(*INFINITE, sp.Derivative) for e in tau.values()):
            return None
        paid = shortened(sp.together(sp.Add(*tau.values())))
        expanded, wanted = _expanded(game, total, shares, tau, paid)
        point = Spot(spot.region, (*spot.values, *((w, level) for w in wanted)), spot.witness)
        status = equilibrium(expanded, "nash", point)
        rates = {f"tau_{n}": e for n, e in tau.items()} | {"paid": paid}
        balance = sp.Add(*(e * level for e in tau.values())) - paid * level
        budget = _ZERO if is_identically_zero(sp.expand(balance)) else shortened(balance)
        after = utilities_at(expanded, dict(point.values))
        found.append(Applied(rates, budget, status, Unknown("not asked"), after))
    on = " + ".join(str(a.symbol) for g in game.agents for a in g.actions)
    note = "Everyone pays its own price for the total and is paid for each unit it contributes."
    return over_regimes("lindahl", on, best, found, note)


def public_parts(game: Game) -> tuple[sp.Symbol, dict[str, tuple[Expr, Expr]]] | None:
    """Every utility as v_i(G) + k_i(x_i), G the sum of one action an agent; None where not so.

    At least two agents must act, and some v_i depend on G.
    """
    acting = [a for a in game.agents if a.actions]
    if len(acting) < 2 or any(len(a.actions) != 1 for a in acting):
        return None
    if any(a.domain for a in game.agents):
        return None  # where it is defined as written would be lost
    actions = {a.name: a.actions[0].symbol for a in acting}
    total = sp.Dummy("G", nonnegative=True)
    shares = {}
    for agent in game.agents:
        own = actions.get(agent.name)
        others = [x for x in actions.values() if x != own]
        pivot = others[0]
        rest = sp.Add(*(x for x in actions.values() if x != pivot))
        opened = agent.utility.xreplace({pivot: total - rest})
        opened = sp.Add(*(_term(t) for t in sp.Add.make_args(opened)))
        if opened.free_symbols & set(others):
            opened = sp.expand(opened)
        if opened.free_symbols & set(others):
            return None
        public = [t for t in sp.Add.make_args(opened) if t.has(total)]
        private = [t for t in sp.Add.make_args(opened) if not t.has(total)]
        if own is not None and any(t.has(own) for t in public):
            return None
        shares[agent.name] = (sp.Add(*public), sp.Add(*private))
    return (total, shares) if any(v != 0 for v, _ in shares.values()) else None


def _term(term: Expr) -> Expr:
    """A term with sums inside functions collected, so that x + (G - x) is G."""
    return term.replace(lambda e: e.is_Add, lambda e: sp.expand(e))


def _expanded(
    game: Game,
    total: sp.Symbol,
    shares: Mapping[str, tuple[Expr, Expr]],
    tau: Mapping[str, Expr],
    paid: Expr,
) -> tuple[Game, list[sp.Symbol]]:
    """The game in which agent i also chooses the total it wants, at its own price."""
    agents, wanted = [], []
    for agent in game.agents:
        want = sp.Symbol(f"G_{agent.name}_", nonnegative=True)
        wanted.append(want)
        public, private = shares[agent.name]
        own = agent.actions[0].symbol if agent.actions else None
        income = paid * own if own is not None else _ZERO
        utility = public.xreplace({total: want}) - tau[agent.name] * want + private + income
        agents.append(
            Agent(
                agent.name, utility, *agent.actions, Action(want, Interval.nonnegative()),
                constraints=agent.constraints,
            )
        )  # fmt: skip
    plain = {"expected": (), "expect": None, "complete": None}
    return game.altered(agents=tuple(agents), **plain), wanted


# ------------------------------------------------------------------ side payments
def side_payment(
    game: Game, best: Optimum, now: Mapping[sp.Symbol, Expr], *, victims: bool
) -> Instrument | None:
    """Payments between the only agent that acts and those it affects, that make the rest.

    Arguments: `now`, what it does without them; `victims`, whether the right is with the others,
    so that the agent pays for what they lose beyond its doing as little as possible.
    """
    acting = [a for a in game.agents if a.actions]
    if len(acting) != 1 or len(game.agents) < 2:
        return None
    actor = acting[0]
    affected = [
        a for a in game.agents
        if a.name != actor.name and a.utility.free_symbols & {x.symbol for x in actor.actions}
    ]  # fmt: skip
    base = {a.symbol: a.interval.lower for a in actor.actions} if victims else dict(now)
    if not affected or any(e.has(*INFINITE) for e in base.values()):
        return None
    found = []
    for spot in spots(game, best):
        values = dict(spot.values)
        rise = {a.name: a.utility - a.utility.xreplace(base) for a in affected}
        if any(e.has(*INFINITE) for e in rise.values()):
            return None
        edges = [r.replaced(base) for a in affected for r in natural_domain(a.utility)]
        expanded = game.altered(
            agents=tuple(_with_payments(a, actor.name, rise) for a in game.agents),
            expected=(), expect=None, complete=None,
        )  # fmt: skip
        status = weakest(
            [equilibrium(expanded, "nash", spot), *(holds(r, spot.region) for r in edges)]
        )
        sign = -1 if victims else 1
        payer = "to" if victims else "from"
        rates = {
            f"{payer}_{n}": shortened(sp.expand(sign * e.xreplace(values))) for n, e in rise.items()
        }
        after = utilities_at(expanded, values)
        found.append(Applied(rates, _ZERO, status, Unknown("not asked"), after))
    owner = " and ".join(a.name for a in affected) if victims else actor.name
    if victims:
        note = f"{actor.name} pays the others what they lose by more than its least action."
    else:
        note = f"The others pay {actor.name} what they gain by its leaving its own optimum."
    return over_regimes("side payment", f"the right of {owner}", best, found, note)


def _with_payments(agent: Agent, actor: str, rise: Mapping[str, Expr]) -> Agent:
    utility = agent.utility
    if agent.name == actor:
        utility = utility + sp.Add(*rise.values())
    elif agent.name in rise:
        utility = sp.expand(utility - rise[agent.name])
    domain = (*natural_domain(agent.objective), *agent.domain)
    return Agent(agent.name, utility, *agent.actions, constraints=agent.constraints, domain=domain)
