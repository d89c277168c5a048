"""What selfishness costs: the best sum of utilities over that of an equilibrium, for every n.

    price of anarchy = max W / W(equilibrium),   W = sum of all utilities

For losses it is the other way about: the equilibrium's loss over the least.  It is at least 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Proved, Unknown, Verdict, weakest, word
from alignsym.errors import UsageError
from alignsym.logic.crowd import Crowd, crowd
from alignsym.logic.decide import irredundant, search
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.present.blocks import Block, Prose, Table
from alignsym.present.passages import formulas_of, listed
from alignsym.present.rich import html, latex
from alignsym.solution import Regime, by_regime
from alignsym.solving.neat import shortened
from alignsym.verify.facts import holds


@final
@dataclass(frozen=True, slots=True)
class PriceOfAnarchy:
    """Welfare at the optimum and at the equilibrium, regime by regime, and their ratio.

    `rows`: (where, W at the optimum, W at the equilibrium), of losses the losses; `verdict` is the
    weakest of both answers and of "both are positive", without which a ratio says nothing.
    """

    rows: tuple[tuple[Region, Expr, Expr], ...]
    losses: bool
    verdict: Verdict

    @property
    def ratio(self) -> Expr:
        """The price of anarchy, a Piecewise over several regimes.

        Raises: UsageError where it is not shown to be one: `verdict` says why.
        """
        if not isinstance(self.verdict, Proved):
            reason = getattr(self.verdict, "reason", "") or "it is only checked at points"
            raise UsageError(
                f"the price of anarchy is not proved: {reason}", remedy="see `rows` and `verdict`"
            )
        turned = [(b / a if self.losses else a / b, when) for when, a, b in self.rows]
        return by_regime((shortened(e), when) for e, when in turned)

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        what = "loss" if self.losses else "sum of utilities"
        head = (("where",), (f"{what} at the optimum",), ("in equilibrium",))
        rows = tuple(
            (tuple(listed(formulas_of(when))) or ("always",), (a,), (b,))
            for when, a, b in self.rows
        )
        said: list[Block] = [Table(head, rows)] if rows else []
        if isinstance(self.verdict, Proved):
            said.append(Prose(("Price of anarchy: ", self.ratio, ", proved.")))
        else:
            reason = getattr(self.verdict, "reason", "")
            said.append(Prose((f"Price of anarchy: {word(self.verdict)} ({reason}).",)))
        return tuple(said)


def price_of_anarchy(game: Game, *, seconds: float | None = None) -> PriceOfAnarchy:
    """max W / W(Nash equilibrium) for a game in which one member stands for n, as a function of n.

    W is the unweighted sum of all utilities under the same constraints; the equilibrium is the
    Nash equilibrium, with shared constraints the variational one, and must be the only one.
    Arguments: `game`, with or without families; `seconds`, as in `alignsym.solve`, for each half.

    Source: Koutsoupias and Papadimitriou 1999, Worst-case equilibria.

    A team shares its output, and each bears the cost of its own effort (Holmstrom 1982):

    >>> from alignsym import Agents, Game
    >>> i, j, n = sp.symbols("i j n", positive=True, integer=True)
    >>> x, c = sp.IndexedBase("x", real=True), sp.IndexedBase("c", positive=True)
    >>> output = sp.Sum(x[j], (j, 1, n))
    >>> team = Game(Agents(i, n, utility=output/n - c[i]*x[i]**2/2, actions=x[i]))
    >>> price_of_anarchy(team).ratio
    n**2/(2*n - 1)
    """
    selfish = solve(game, "variational" if game.shared else "nash", seconds=seconds)
    best = solve(game.altered(weights=(), concept="social"), "social", seconds=seconds)
    losses = all(a.loss for a in game.agents) and all(f.loss for f in game.families)
    single = [len(s.regimes) == len(s.cases) > 0 for s in (selfish, best)]
    if not all(single):
        which = "the equilibrium" if not single[0] else "the best sum of utilities"
        return PriceOfAnarchy((), losses, Unknown(f"{which} is not known in closed form"))
    if any(r.multiple for r in selfish.regimes):
        return PriceOfAnarchy((), losses, Unknown("which equilibrium is the worst is not decided"))
    if any(e.has(sp.sign) for s in (selfish, best) for r in s.regimes for _, e in r.values):
        why = "sums over the active members are not compared"
        return PriceOfAnarchy((), losses, Unknown(why))
    people = crowd(game)
    rows: list[tuple[Region, Expr, Expr]] = []
    verdicts: list[Verdict] = [selfish.proof, best.proof]
    for one in selfish.regimes:
        for two in best.regimes:
            where = tuple(people.ledger.relation(r) for r in (*one.when, *two.when))
            region = people.facts((*people.declared, *where))
            if search(region).is_proof:
                continue
            pair = []
            for regime, said in ((two, "optimum"), (one, "equilibrium")):
                welfare = _welfare(people, regime)
                welfare = shortened(-welfare if losses else welfare)
                pair.append(people.ledger.indexed(welfare))
                positive = holds(Relation(welfare, ">", sp.S.Zero), people.facts(region, welfare))
                if not isinstance(positive, Proved):
                    what = "loss" if losses else "sum of utilities"
                    positive = Unknown(f"the {what} at the {said} is not shown to be positive")
                verdicts.append(positive)
            kept = irredundant(where, people.declared)
            rows.append((tuple(people.ledger.written(r) for r in kept), pair[0], pair[1]))
    return PriceOfAnarchy(tuple(rows), losses, weakest(verdicts))


def _welfare(people: Crowd, regime: Regime) -> Expr:
    """The sum of all utilities at the regime's values."""
    values = {people.ledger.scalar(s): people.ledger.scalar(e) for s, e in regime.values}
    utilities = {r.name: people.ledger.at(r.utility, values) for r in people.roles}
    return people.aggregate(utilities)
