"""The Pareto frontier by weights, the contract curve of exchange, and the core of two agents.

Every maximiser of sum w_i U_i with positive weights is efficient, so with the weights as further
parameters the social optimum runs along the frontier (all of it, up to degenerate ends, where
utilities are concave on a convex set: Negishi 1960).  The core of two agents is the part of it that
neither would refuse for what it has: U_i >= its utility at the endowment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.arena import Arena, arena
from alignsym.alignment.lines import Lines, html, latex
from alignsym.answer import solve
from alignsym.claims import Proved, Unknown, Verdict, weakest, word
from alignsym.errors import UsageError
from alignsym.model.agents import Parameter
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Interval, Region, Relation
from alignsym.solution import Continuum, NoSolution, Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.verify.facts import zero

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Frontier:
    """The maximisers of sum w_i U_i, the weights being parameters; `weights` names them."""

    weights: tuple[tuple[str, sp.Symbol], ...]
    solution: Solution
    arena: Arena

    _repr_html_ = html
    _repr_latex_ = latex

    def lines(self) -> Lines:
        """The maximisers, one line a case."""
        head = f"by positive weights ({word(self.status)}):"
        out: list[tuple[str, Region]] = []
        for case in self.solution.cases:
            if isinstance(case, NoSolution):
                out.append((f"no largest sum ({case.outcome}):", case.when))
            elif isinstance(case, Continuum):
                out.append((head, (*case.description, *case.when)))
            else:
                values = (Relation(s, "==", e) for s, e in case.values)
                out.append((head, (*values, *case.when)))
        return tuple(out)

    @property
    def status(self) -> Verdict:
        """How far they are shown to be maximisers, for all positive weights."""
        return weakest([*(c.status for c in self.solution.cases), self.solution.coverage])


def frontier(game: Game, *, seconds: float | None = None) -> Frontier:
    """The efficient profiles of a game, parametrised by positive weights w_<agent>.

    Raises UsageError for games whose feasible profiles are not known (see `arena`).

    >>> from alignsym.model.game import Agent
    >>> x, y, q = sp.symbols("x y q", positive=True)
    >>> game = Game(Agent("a", sp.log(x), x), Agent("b", sp.log(y), y), shared={"G": x + y <= q})
    >>> found = frontier(game)
    >>> found.solution[x]
    q*w_a/(w_a + w_b)
    """
    prices = {p.symbol: p.symbol for p in game.prices}
    judged = arena(game, "walras" if game.prices else "social", prices)
    if isinstance(judged, str):
        raise UsageError(judged, where="frontier")
    if any(c.relation.free_symbols & set(prices) for c in judged.game.constraints):
        raise UsageError("what is paid to outsiders depends on the prices", where="frontier")
    taken = {str(s) for s in prices} | {str(a.symbol) for a in game.actions}
    taken |= {str(p.symbol) for p in game.parameters}
    named = []
    for name in judged.persons:
        label = f"w_{name}"
        while label in taken:
            label += "_"
        named.append((name, sp.Symbol(label, positive=True)))
    table: Mapping[str, Expr] = dict(named)
    weights = {a.name: table.get(a.name, _ZERO) for a in judged.game.agents}
    listed = (*judged.game.parameters, *(Parameter(w, Interval.positive()) for _, w in named))
    weighted = judged.game.altered(weights=weights, parameters=listed)
    return Frontier(tuple(named), solve(weighted, "social", seconds=seconds), judged)


def curve(found: Frontier, one: sp.Symbol, two: sp.Symbol) -> tuple[Expr, Verdict]:
    """`two` as a function of `one` along the frontier of two persons: the contract curve.

    Solved from the first closed form for the ratio of the weights; that it fits is then proved.
    Raises UsageError where there are more persons, or regimes, or no such function is found.
    """
    if len(found.weights) != 2 or len(found.solution.regimes) != 1:
        raise UsageError("a curve needs two persons and one regime", where="curve")
    (regime,) = found.solution.regimes
    values = dict(regime.values)
    (_, first), (_, second) = found.weights
    for ratio in sp.solve(sp.together(values[one].xreplace({second: sp.S.One}) - one), first):
        along = shortened(sp.cancel(values[two].xreplace({second: sp.S.One, first: ratio})))
        gap = along.xreplace({one: values[one]}) - values[two]
        verdict = zero(gap, found.solution.game.domain())
        if isinstance(verdict, Proved):
            return along, verdict
    raise UsageError(f"{two} is not found as a function of {one}", where="curve")


def core(found: Frontier, endowment: Mapping[sp.Symbol, Expr]) -> tuple[Region, Verdict]:
    """The weights whose profiles neither of two agents refuses for its endowment.

    Arguments: `endowment`, what every action is without exchange.
    """
    if len(found.weights) != 2 or len(found.solution.regimes) != 1:
        raise UsageError("the core is given for two persons and one regime", where="core")
    (regime,) = found.solution.regimes
    out = []
    for name, _ in found.weights:
        utility = found.arena.utility(name)
        at = shortened(utility.xreplace(dict(regime.values)))
        out.append(Relation(at, ">=", shortened(utility.xreplace(dict(endowment)))))
    return tuple(out), _proved(regime)


def _proved(regime: Regime) -> Verdict:
    return regime.status if isinstance(regime.status, Proved) else Unknown("the frontier itself")
