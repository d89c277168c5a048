"""Whose aggregate is it?  W(U_1, ..., U_n) given, or found for a profile.

Definition: a profile is aligned if it maximises some W that is increasing in every utility.
Given W: each dW/dU_i > 0 is decided wherever W is defined at feasible profiles, W is maximised over
the feasible profiles as one program, and an equilibrium is compared with the maximum.  In reverse:
if x* maximises sum w_i U_i, then it maximises every concave W with grad W(U*) proportional to w,

    W(U(x)) <= W(U*) + grad W(U*) . (U(x) - U*) <= W(U*),

so with positive utilities the Atkinson sum U_1**(1 - r) + ... + U_n**(1 - r) over 1 - r (of
logarithms where r = 1) with r = log(w_1/w_i) / log(U_i/U_1) for every i, if there is such an r and
it is not negative (Atkinson 1970).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.arena import Arena, arena
from alignsym.alignment.efficiency import Efficiency
from alignsym.alignment.profile import feasible, is_proved
from alignsym.answer import solve
from alignsym.claims import Proved, Unknown, Verdict, weakest
from alignsym.errors import UsageError
from alignsym.model.domains import natural_domain
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Solution
from alignsym.verify.decision import decision_makers
from alignsym.verify.facts import holds, zero

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The maximum of W(U_1, ..., U_n): whether W is increasing, and the program's solution."""

    function: Expr
    increasing: Verdict
    solution: Solution


def aggregate(
    game: Game, function: Expr, symbols: Mapping[str, sp.Symbol], *, seconds: float | None = None
) -> Aggregate:
    """Maximise an aggregate of the utilities over the feasible profiles, as one program.

    Arguments: `function`, W as an expression in the `symbols`, one for each agent's utility.
    Raises UsageError for a name that is no agent, and a market, whose payments would have to go
    first.

    >>> x, y, q, u, v = sp.symbols("x y q u v", positive=True)
    >>> game = Game(Agent("a", x, x), Agent("b", y, y), shared={"G": x + y <= q})
    >>> found = aggregate(game, sp.log(u) + sp.log(v), {"a": u, "b": v})
    >>> type(found.increasing).__name__, found.solution[x]
    ('Proved', q/2)
    """
    names = [a.name for a in game.agents]
    unknown = sorted(set(symbols) - set(names))
    if unknown or set(symbols) != set(names):
        raise UsageError(
            f"{unknown[0] if unknown else 'an agent'} has no utility symbol or is no agent",
            where="aggregate", remedy=f"one symbol for each of {', '.join(names)}",
        )  # fmt: skip
    found = arena(game, "walras" if game.prices else "social", {})
    if isinstance(found, str) or game.prices:
        raise UsageError("an aggregate of a game with prices or families", where="aggregate")
    planner = _merged(found, function, symbols)
    return Aggregate(
        function, increasing(found, function, symbols), solve(planner, "maximize", seconds=seconds)
    )


def _merged(found: Arena, function: Expr, symbols: Mapping[str, sp.Symbol]) -> Game:
    """One agent in place of all: the super-agent."""
    game = found.game
    worth = function.xreplace({symbols[n]: found.utility(n) for n in found.persons})
    needed = [r for a in game.agents for r in (*natural_domain(a.objective), *a.domain)]
    needed += [r.replaced({symbols[n]: found.utility(n) for n in found.persons})
               for r in natural_domain(function)]  # fmt: skip
    one = Agent(
        "aggregate", worth, *game.actions, constraints=game.constraints,
        domain=tuple(dict.fromkeys(needed)),
    )  # fmt: skip
    return Game(one, parameters=game.parameters, conditions=game.conditions, concept="maximize")


def increasing(found: Arena, function: Expr, symbols: Mapping[str, sp.Symbol]) -> Verdict:
    """Whether W rises strictly in every utility wherever it is defined at feasible profiles."""
    table = {symbols[n]: found.utility(n) for n in found.persons}
    maker = found.planner(dict.fromkeys(found.persons, sp.S.One), frozenset())
    needed = tuple(r.replaced(table) for r in natural_domain(function))
    region: Region = (*found.game.domain(), *maker.feasible(), *needed)
    verdicts = []
    for n in found.persons:
        slope = sp.diff(function, symbols[n]).xreplace(table)
        if slope.has(sp.Heaviside, sp.Derivative):
            return Unknown(f"the aggregate has a kink in {symbols[n]}")
        verdicts.append(holds(Relation(slope, ">", _ZERO), region))
    return weakest(verdicts)


def attains(found: Aggregate, values: Mapping[sp.Symbol, Expr], region: Region) -> Verdict:
    """Whether a profile maximises the aggregate on the region: feasible, with the maximal value."""
    (maker,) = decision_makers(found.solution.game, "maximize")
    for regime in found.solution.regimes:
        if not (is_proved(regime.status) and regime.value is not None):
            continue
        if all(is_proved(holds(r, region)) for r in regime.when):
            worth = zero(maker.objective.xreplace(dict(values)) - regime.value, region)
            return weakest([feasible(maker, values, region), worth])
    return Unknown("no proved maximum covers the region")


def atkinson(row: Efficiency, region: Region) -> Expr | Unknown:
    """The inequality aversion r whose Atkinson sum the profile maximises, for its weights.

    With n persons one r has to fit all ratios: w_1/w_i = (U_i/U_1)**r.

    >>> row = Efficiency((), (), (("a", sp.S(1)), ("b", sp.S(2)), ("c", sp.S(4))), "strongly",
    ...                  weights=(("a", sp.S(4)), ("b", sp.S(2)), ("c", sp.S(1))), status=Proved())
    >>> atkinson(row, ())
    1
    """
    if row.weights is None or len(row.weights) < 2 or not isinstance(row.status, Proved):
        return Unknown("several persons with proved supporting weights are needed")
    utilities = dict(row.utilities)
    pairs = [(w, utilities[n]) for n, w in row.weights if n in utilities]
    positive = [Relation(e, ">", _ZERO) for pair in pairs for e in pair]
    if len(pairs) < len(row.weights) or not all(is_proved(holds(r, region)) for r in positive):
        return Unknown("utilities and weights are not shown to be positive")
    (w1, u1), *others = pairs
    ratios = [(sp.log(w1) - sp.log(w), sp.log(u) - sp.log(u1)) for w, u in others]
    if all(is_proved(zero(ratio, region)) for ratio, _ in ratios):
        return _ZERO
    moving = [(ratio, spread) for ratio, spread in ratios if not is_proved(zero(spread, region))]
    if not moving:
        return Unknown("equal utilities with unequal weights: no inequality aversion has them")
    aversion = sp.cancel(sp.expand_log(moving[0][0]) / sp.expand_log(moving[0][1]))
    if not all(is_proved(zero(ratio - aversion * spread, region)) for ratio, spread in ratios):
        return Unknown("no single inequality aversion has these weights")
    if not is_proved(holds(Relation(aversion, ">=", _ZERO), region)):
        return Unknown("the profile favours the better off: no inequality aversion supports it")
    return aversion
