"""An agreement on the optimum: Nash bargaining over actions and payments.

With payments in units of utility and gains g_i = U_i + T_i - d_i against the equilibrium d, where
sum T_i = 0,

    prod g_i <= (sum g_i / n)**n <= ((V - sum d_i) / n)**n      (arithmetic and geometric mean)

with equality exactly at a profile of largest sum V and equal gains.  So the bargain is the optimum,
with T_i = d_i + (V - sum d_j)/n - U_i (Nash 1950).
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.alignment.efficiency import Efficiency, Gains, Instrument, Optimum, by_cases
from alignsym.alignment.participation import sign_of
from alignsym.alignment.profile import INFINITE
from alignsym.alignment.welfare import meetings
from alignsym.claims import Unknown, Verdict, weakest
from alignsym.logic.decide import irredundant
from alignsym.model.game import Game
from alignsym.model.relations import Region
from alignsym.solving.neat import shortened

_ZERO = sp.S.Zero


def bargain(
    game: Game, best: Optimum, now: Sequence[Efficiency], known: Verdict
) -> Instrument | None:
    """Payments that share equally what the optimum adds; None where somebody has -oo without.

    Arguments: `now`, the equilibria, one for every parameter; `known`, the verdict on them.

    >>> from alignsym.alignment.align import align
    >>> from alignsym.model.game import Agent
    >>> x, (a, e) = sp.Symbol("x", nonnegative=True), sp.symbols("a e", positive=True)
    >>> mill = Agent("mill", (a + e)*x - x**2/2, x)
    >>> found = align(Game(mill, Agent("fishery", -e*x), concept="nash"))
    >>> [i.values for i in found.instruments if i.kind == "bargaining"]
    [(('T_mill', 3*e**2/4), ('T_fishery', -3*e**2/4))]
    """
    domain = game.domain()
    if len(game.agents) < 2 or any(e.has(*INFINITE) for row in now for _, e in row.utilities):
        return None
    rows: list[Region] = []
    paid: dict[str, list[sp.Expr]] = {a.name: [] for a in game.agents}
    done: dict[sp.Symbol, list[sp.Expr]] = {s: [] for s, _ in best.cases[0][1]}
    shares, after = [], []
    for row, k, region in meetings(now, [when for when, _, _ in best.cases], domain):
        when, values, value = best.cases[k]
        before = dict(row.utilities)
        table = dict(values)
        surplus = value - sp.Add(*before.values())
        share = _tidy(surplus / len(game.agents))
        for agent in game.agents:
            here = agent.utility.xreplace(table)
            if here.has(*INFINITE):
                return None
            paid[agent.name].append(_tidy(before[agent.name] + share - here))
        for s, e in table.items():
            done[s].append(e)
        place = irredundant((*row.when, *when), domain)
        rows.append(place)
        gains = tuple((a.name, share) for a in game.agents)
        said = sign_of(share, region)
        shares.append(Gains(place, gains, tuple((n, said) for n, _ in gains)))
        after.append((place, tuple((n, shortened(before[n] + share)) for n, _ in gains)))
    if all(g.willing[0][1] == "indifferent" for g in shares):
        return None  # the equilibrium is an optimum already

    def joined(pieces: list[sp.Expr]) -> sp.Expr:
        return by_cases(list(zip(pieces, rows, strict=True)))

    return Instrument(
        "bargaining", "everything",
        tuple((f"T_{n}", joined(e)) for n, e in paid.items()),
        tuple((str(s), joined(e)) for s, e in done.items()),
        _ZERO, weakest([best.status, known]), Unknown("not asked"),
        "A binding agreement; T is what is received, and all gain alike.",
        tuple(after), tuple(shares),
    )  # fmt: skip


def _tidy(e: sp.Expr) -> sp.Expr:
    return sp.factor(sp.together(e)) if e.is_rational_function() else shortened(sp.expand(e))
