"""Exact and weighted potentials: one function whose maximisers are equilibria.

For twice differentiable utilities on a product of intervals an exact potential exists iff
d2U_i/dx_i dx_j = d2U_j/dx_i dx_j for all actions x_i of i and x_j of j (Monderer and Shapley 1996,
Theorem 4.5).  It is pieced together without an integral: what U_2 - P says about x_2 is added to P.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias, final

import sympy as sp

from alignsym.answer import solve
from alignsym.claims import Point, Proved, Unknown, Verdict, weakest, word
from alignsym.errors import UsageError
from alignsym.examined import tried
from alignsym.logic.normal import is_identically_zero
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr
from alignsym.present.blocks import Block, Prose
from alignsym.present.passages import Word
from alignsym.present.rich import html, latex
from alignsym.present.words import in_words
from alignsym.solution import Continuum, NoSolution, Regime, Solution
from alignsym.solving.neat import shortened
from alignsym.solving.regimes import payoff
from alignsym.verify.obligations import covered
from alignsym.verify.potentials import (
    acting,
    defined_everywhere,
    differ_at,
    is_potential,
    maximiser_is_equilibrium,
    no_other_equilibrium,
    own_sets,
)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Potential:
    """A function P of the profile and the verdict on "P is a potential"; w_i = 1: an exact one.

    `choice()` is what a super-agent with utility P would choose, `equilibria()` the same profiles
    as equilibria of the game.
    """

    game: Game
    function: Expr
    weights: tuple[tuple[str, Expr], ...]
    verdict: Verdict

    @property
    def exact(self) -> bool:
        """Whether all weights are 1."""
        return all(w == 1 for _, w in self.weights)

    def choice(self, *, seconds: float | None = None) -> Solution:
        """max P(x) over all profiles: the super-agent's choice."""
        return solve(self._planned(), "maximize", seconds=seconds)

    def equilibria(self, *, seconds: float | None = None) -> Solution:
        """The maximisers of P as equilibria; `exhaustive` where all equilibria maximise P."""
        return as_equilibria(self, self._planned(), self.choice(seconds=seconds))

    def _planned(self) -> Game:
        return super_agent(self.game, self.function)

    def __repr__(self) -> str:
        kind = "exact potential" if self.exact else "weighted potential"
        listed = ", ".join(f"{in_words(w)} for {name}" for name, w in self.weights)
        weights = "" if self.exact else f" with weights {listed}"
        return f"{kind} {in_words(self.function)}{weights}, {word(self.verdict)}"

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        weights: list[Word] = []
        for name, weight in () if self.exact else self.weights:
            weights += [", weight ", weight, f" for {name}"]
        kind = "Exact potential " if self.exact else "Weighted potential "
        return (Prose((kind, self.function, *weights, f", {word(self.verdict)}.")),)


@final
@dataclass(frozen=True, slots=True, repr=False)
class NoPotential:
    """No exact potential: d2U_i/dx dy and d2U_j/dx dy differ at an exact point.

    Both are given as expressions: where their difference vanishes for all actions, for some
    parameters only, there the game has a potential.
    """

    agents: tuple[str, str]
    actions: tuple[sp.Symbol, sp.Symbol]
    cross_partials: tuple[Expr, Expr]
    point: Point

    def __repr__(self) -> str:
        (one, two), (x, y), (first, second) = self.agents, self.actions, self.cross_partials
        at = ", ".join(f"{s} = {v}" for s, v in self.point)
        return (
            f"no exact potential: by {x} and {y} the utility of {one} has the cross-partial "
            f"{in_words(first)}, that of {two} {in_words(second)} (they differ at {at})"
        )

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        (one, two), (x, y), (first, second) = self.agents, self.actions, self.cross_partials
        said = ("No exact potential: by ", x, " and ", y, f" the utility of {one} has the "
                "cross-partial ", first, f", that of {two} ", second, ".")  # fmt: skip
        return (Prose(said),)


@final
@dataclass(frozen=True, slots=True)
class UndecidedPotential:
    """Neither a potential nor a pair of cross-partials that differ was found; `reason` says why."""

    reason: str

    _repr_html_ = html
    _repr_latex_ = latex


PotentialAnswer: TypeAlias = Potential | NoPotential | UndecidedPotential


def potential(game: Game, *, weighted: bool = False) -> PotentialAnswer:
    """The exact potential of the game where there is one: U_i's gains are P's, for every agent.

    Arguments: `weighted`, also look for w_i > 0, free of actions, with U_i's gains w_i times P's.
    Raises: UsageError where the profiles are no product of own sets (shared constraints, prices).

    Sources: Monderer and Shapley 1996, Potential games; Neyman 1997, Correlated equilibrium and
    potential games (uniqueness).

    >>> x, y = sp.symbols("x y", nonnegative=True)
    >>> a, c, d = sp.symbols("a c d", positive=True)
    >>> game = Game(Agent("f", (a - x - y - c)*x, x), Agent("g", (a - x - y - d)*y, y))
    >>> potential(game)
    exact potential a*x + a*y - c*x - d*y - x**2 - x*y - y**2, proved
    >>> potential(Game(Agent("f", x*y - x**2, x), Agent("g", -x*y - y**2, y)))  # doctest: +ELLIPSIS
    no exact potential: by x and y the utility of f has the cross-partial 1, that of g -1 (...)
    """
    if stopped := own_sets(game):
        raise UsageError(
            f"the profiles are no product of own sets: {stopped}",
            where="potential",
            remedy="a potential is defined for agents with sets of their own",
        )
    agents = acting(game)
    weights = {a.name: sp.S.One for a in agents}
    if weighted:
        weights = _weights(agents) or weights
    if not weighted or all(w == 1 for w in weights.values()):
        for one, two in combinations(agents, 2):
            against = _against(game, one, two)
            if against is not None:
                return against
    scaled = [sp.expand(a.utility / weights[a.name]) for a in agents]
    stopped = ""
    for found in (_by_terms(agents, scaled), _by_path(agents, scaled, game)):
        verdict = is_potential(game, found, weights)
        if isinstance(verdict, Proved):
            return Potential(game, found, tuple(weights.items()), verdict)
        stopped = stopped or verdict.reason
    return UndecidedPotential(f"no candidate is shown to be a potential ({stopped})")


def _against(game: Game, one: Agent, two: Agent) -> NoPotential | None:
    for x in one.actions:
        for y in two.actions:
            first = sp.diff(one.utility, x.symbol, y.symbol)
            second = sp.diff(two.utility, x.symbol, y.symbol)
            if first.has(sp.Derivative, sp.Heaviside, sp.DiracDelta, sp.sign, sp.Subs):
                continue
            if second.has(sp.Derivative, sp.Heaviside, sp.DiracDelta, sp.sign, sp.Subs):
                continue
            if is_identically_zero(first - second):
                continue
            point = differ_at(first, second, game)
            if point is not None:
                pair = (shortened(first), shortened(second))
                return NoPotential((one.name, two.name), (x.symbol, y.symbol), pair, point)
    return None


def _weights(agents: tuple[Agent, ...]) -> dict[str, Expr] | None:
    """w_i from the ratios of cross-partials to those of agents weighted before, if free of actions.

    Agents whose cross-partials with all of those vanish get weight 1.
    """
    chosen = {a.symbol for agent in agents for a in agent.actions}
    weights: dict[str, Expr] = {}
    for agent in agents:
        weights[agent.name] = sp.S.One
        for other in agents[: len(weights) - 1]:
            ratio = _ratio(agent, other)
            if ratio is None:
                continue
            if ratio.free_symbols & chosen or ratio.is_nonpositive:
                return None
            weights[agent.name] = sp.cancel(ratio * weights[other.name])
            break
    return weights


def _ratio(one: Agent, two: Agent) -> Expr | None:
    for x in one.actions:
        for y in two.actions:
            first = sp.diff(one.utility, x.symbol, y.symbol)
            second = sp.diff(two.utility, x.symbol, y.symbol)
            if not is_identically_zero(first) and not is_identically_zero(second):
                return sp.cancel(sp.together(first / second))
    return None


def _by_terms(agents: tuple[Agent, ...], utilities: list[Expr]) -> Expr:
    """P: to what is known, the terms of U_i - P in which i's own actions occur, and no earlier
    agent's."""
    out: Expr = sp.S.Zero
    earlier: set[sp.Symbol] = set()
    for agent, utility in zip(agents, utilities, strict=True):
        own = {a.symbol for a in agent.actions}
        missing = sp.expand(utility - out)
        terms = [t for t in sp.Add.make_args(missing) if t.free_symbols & own]
        out += sp.Add(*(t for t in terms if not t.free_symbols & earlier))
        earlier |= own
    return sp.expand(out)


def _by_path(agents: tuple[Agent, ...], utilities: list[Expr], game: Game) -> Expr:
    """P(x) = sum_i U_i(b_1, .., b_i-1, x_i, .., x_n) - U_i(b_1, .., b_i, x_i+1, ..) from a profile
    b."""
    start: dict[sp.Symbol, Expr] = {}
    out = sp.S.Zero
    for agent, utility in zip(agents, utilities, strict=True):
        before = utility.xreplace(start)
        start |= {a.symbol: _inner(a.interval.lower, a.interval.upper) for a in agent.actions}
        out += before - utility.xreplace(start)
    constant, rest = sp.expand(out).as_independent(*start, as_Add=True)
    return rest if constant.is_finite else out


def _inner(lower: Expr, upper: Expr) -> Expr:
    """A number well inside the interval."""
    if lower == -sp.oo:
        return sp.S.Zero if upper == sp.oo else upper - 1
    return lower + 1 if upper == sp.oo else (lower + upper) / 2


def super_agent(game: Game, function: Expr) -> Game:
    """One agent that chooses the whole profile, with utility `function` and everybody's
    constraints."""
    agents = acting(game)
    one = Agent(
        "super-agent",
        function,
        *(act for a in agents for act in a.actions),
        constraints=tuple(c for a in agents for c in a.constraints),
        domain=tuple(dict.fromkeys(r for a in agents for r in a.domain)),
    )
    return game.altered(
        agents=(one,), weights=(), disagreement=(), concept="maximize", expected=(), expect=None
    )


def as_equilibria(found: Potential, planned: Game, choice: Solution) -> Solution:
    """The maximisers as equilibria of the game, by Lemma 2.1 of Monderer and Shapley."""
    game = found.game
    exhaustive = no_other_equilibrium(game, planned, found.verdict, choice.regimes)
    regimes = [
        _equilibrium(found, r, only) for r, only in zip(choice.regimes, exhaustive, strict=True)
    ]
    sets = [_set(found, c) for c in choice.cases if isinstance(c, Continuum)]
    left = [c for c in choice.cases if isinstance(c, NoSolution)]
    reason = choice.reason
    if left:
        reason = f"the potential has no maximiser somewhere: {left[0].reason}"
    cases: tuple[Regime | Continuum, ...] = (*regimes, *sets)
    return Solution(
        game=game,
        concept="nash",
        cases=cases,
        coverage=covered(game, [c.when for c in cases]) if left or not cases else choice.coverage,
        decided=choice.decided,
        steps=choice.steps,
        reason=reason,
        seconds=choice.seconds,
    )


def _equilibrium(found: Potential, chosen: Regime, only: Verdict) -> Regime:
    game, values = found.game, dict(chosen.values)
    regime = replace(
        chosen,
        value=None,
        multipliers=_scaled(found, chosen.multipliers),
        bounds=_scaled(found, chosen.bounds),
        utilities=tuple((a.name, payoff(a.utility, values)) for a in game.agents),
        exhaustive=only,
    )
    status = maximiser_is_equilibrium(game, found.verdict, chosen.status, regime)
    return tried(game, "nash", replace(regime, status=status), "local" * (status != Proved()))


def _set(found: Potential, case: Continuum) -> Continuum:
    why = Unknown("equilibria that do not maximise the potential are not excluded")
    status = weakest([found.verdict, case.status, defined_everywhere(found.game)])
    return replace(case, value=None, multipliers=(), status=status, exhaustive=why)


def _scaled(found: Potential, rows: tuple[tuple[str, Expr], ...]) -> tuple[tuple[str, Expr], ...]:
    """Multipliers of P as those of the agents: w_i times, by the owner of constraint or action."""
    weights: Mapping[str, Expr] = dict(found.weights)
    owner = {c.name: a.name for a in found.game.agents for c in a.constraints}
    owner |= {act.name: a.name for a in found.game.agents for act in a.actions}
    return tuple((name, shortened(weights[owner[name]] * mu)) for name, mu in rows)
