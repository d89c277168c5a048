"""One of several equilibria, chosen by a criterion that the user names.

symmetric      the agents are interchangeable and do the same
welfare-best   the weighted sum of utilities is largest among the solutions listed

A selection is never silent: the answer carries its criterion, and where the criterion cannot be
decided for all parameters it is `Unselected`, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, get_args

import sympy as sp

from alignsym.claims import ByTheorem, Proved, Verdict, weakest
from alignsym.conditions.system import System
from alignsym.errors import UsageError
from alignsym.logic.decide import search
from alignsym.logic.normal import is_identically_zero
from alignsym.model.agents import Constraint
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.present.blocks import Block, Prose
from alignsym.present.rich import html, latex
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution
from alignsym.solving.branches import Branch
from alignsym.solving.compare import Valued, unbeaten
from alignsym.solving.regimes import payoff, witness_of
from alignsym.solving.thresholds import conditions
from alignsym.verify.facts import hypothesis, zero
from alignsym.verify.obligations import covered

Criterion = Literal["symmetric", "welfare-best"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
WAYS_LIMIT = 16
_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True, repr=False)
class Unselected:
    """Nothing was selected: the criterion is not decided, for the reason given."""

    solution: Solution
    criterion: Criterion
    reason: str

    def __repr__(self) -> str:
        return f"not selected ({self.criterion}): {self.reason}"

    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        return (Prose((repr(self),)),)


def select(solution: Solution, criterion: Criterion) -> Solution | Unselected:
    """The solutions among those listed that meet the criterion, with their conditions.

    "symmetric" needs interchangeable agents; "welfare-best" compares sums of utilities with the
    game's weights, and splits regimes where the best depends on the parameters.  Verdicts are those
    of the solutions; `exhaustive`, that no other solution meets the criterion, needs that no
    unlisted solution exists.  Parameters for which none meets it are not covered.

    Raises: UsageError for an unknown criterion, and for "symmetric" where agents differ.

    >>> x, y = sp.symbols("x y", real=True)
    >>> game = Game(Agent("f", x*y, (x, (0, 1))), Agent("g", x*y, (y, (0, 1))))
    >>> listed = tuple(
    ...     Regime((), ((x, v), (y, v)), utilities=(("f", v), ("g", v)), multiple=True)
    ...     for v in (sp.S.Zero, sp.S.One)
    ... )
    >>> best = select(Solution(game, "nash", listed, Proved()), "welfare-best")
    >>> [r.values for r in best.regimes], best.criterion
    ([((x, 1), (y, 1))], 'welfare-best')
    """
    if criterion not in CRITERIA:
        raise UsageError(f"no selection {criterion!r}", where="select", remedy=", ".join(CRITERIA))
    if criterion == "symmetric":
        _refuse_asymmetry(solution.game)
    if not solution.cases:
        return Unselected(solution, criterion, solution.reason or "no solution is known")
    chosen = _symmetric(solution) if criterion == "symmetric" else _best(solution)
    if isinstance(chosen, str):
        return Unselected(solution, criterion, chosen)
    only = weakest([c.exhaustive for c in solution.cases if not isinstance(c, NoSolution)])
    marked = _marked(solution.game, chosen, only)
    if not marked:
        return Unselected(solution, criterion, f"no solution listed is {criterion}")
    left = [c for c in solution.cases if isinstance(c, NoSolution)]
    cases: tuple[Case, ...] = (*marked, *left)
    among = len(solution.cases) - len(left)
    return replace(
        solution,
        cases=cases,
        coverage=covered(solution.game, [c.when for c in cases]),
        criterion=criterion,
        reason=solution.reason or f"selected among {among} solutions: {criterion}",
    )


def _marked(
    game: Game, chosen: list[Regime | Continuum], only: Verdict
) -> list[Regime | Continuum]:
    """`multiple` where two of those selected hold at the same parameters, and `exhaustive`."""
    out: list[Regime | Continuum] = []
    for case in chosen:
        if isinstance(case, Regime):
            beside = any(
                not search((*game.domain(), *case.when, *other.when)).is_proof
                for other in chosen
                if other is not case and not _same_values(case, other)
            )
            out.append(replace(case, multiple=beside, exhaustive=only))
        else:
            out.append(replace(case, exhaustive=weakest([only, case.exhaustive])))
    return out


def _same_values(one: Regime, two: Regime | Continuum) -> bool:
    return isinstance(two, Regime) and one.values == two.values


# ------------------------------------------------------------------ symmetric
def _refuse_asymmetry(game: Game) -> None:
    """Raises UsageError unless swapping two neighbouring agents gives the same game."""
    agents = [a for a in game.agents if a.actions]
    if game.families:
        raise UsageError("a family of symbolic size is symmetric as it is", where="select")
    for one, two in pairwise(agents):
        why = _differ(game, one, two)
        if why:
            raise UsageError(
                f"{one.name} and {two.name} are not interchangeable: {why}",
                where="select, symmetric",
                remedy="welfare-best compares solutions of any game",
            )


def _differ(game: Game, one: Agent, two: Agent) -> str:
    """Why exchanging the two agents' actions changes the game; '' if it does not."""
    if len(one.actions) != len(two.actions):
        return "they have different numbers of actions"
    swap: dict[sp.Symbol, Expr] = {}
    for x, y in zip(one.actions, two.actions, strict=True):
        if x.interval != y.interval:
            return f"{x.name} and {y.name} are chosen from different sets"
        swap |= {x.symbol: y.symbol, y.symbol: x.symbol}
    for agent in game.agents:
        image = two if agent is one else one if agent is two else agent
        if not is_identically_zero(agent.utility.xreplace(swap) - image.utility):
            return f"exchanged, the utility of {agent.name} is another"
        if not _same_constraints(agent.constraints, image.constraints, swap):
            return f"exchanged, the constraints of {agent.name} are others"
    if not _same_constraints(game.shared, game.shared, swap):
        return "exchanged, the shared constraints are others"
    clearing = tuple(Constraint(p.name, p.clearing) for p in game.prices)
    if not _same_constraints(clearing, clearing, swap):
        return "exchanged, the clearing relations are others"
    return ""


def _same_constraints(
    mine: tuple[Constraint, ...], theirs: tuple[Constraint, ...], swap: dict[sp.Symbol, Expr]
) -> bool:
    """Whether the swapped relations are the others, in some order."""
    left = [c.relation for c in theirs]
    for c in mine:
        moved = c.relation.replaced(swap)
        same = [
            r for r in left
            if r.is_equality == moved.is_equality and r.is_strict == moved.is_strict
            and is_identically_zero(r.gap - moved.gap)
        ]  # fmt: skip
        if not same:
            return False
        left.remove(same[0])
    return not left


def _equalities(game: Game) -> Region:
    """x_i = x_j for neighbouring agents, action by action."""
    agents = [a for a in game.agents if a.actions]
    return tuple(
        Relation(x.symbol, "==", y.symbol)
        for one, two in pairwise(agents)
        for x, y in zip(one.actions, two.actions, strict=True)
    )


def _symmetric(solution: Solution) -> list[Regime | Continuum] | str:
    out: list[Regime | Continuum] = []
    equal = _equalities(solution.game)
    for case in solution.cases:
        if isinstance(case, NoSolution):
            continue
        if isinstance(case, Continuum):
            found = _on_diagonal(solution.game, case, equal)
            if found is None:
                return "the symmetric members of a set of solutions are not known in closed form"
            out.append(found)
            continue
        values = dict(case.values)
        region = (*solution.game.domain(), *case.when)
        at = tuple(r.replaced(values) for r in equal)
        if isinstance(weakest(zero(r.gap, region) for r in at), Proved):
            out.append(case)
        elif not search((*region, *at)).is_proof:
            return "for some parameters only, a solution may be symmetric"
    return out


def _on_diagonal(game: Game, case: Continuum, equal: Region) -> Regime | None:
    """The one member with x_i = x_j, from an equality of the set that is linear in the common x."""
    agents = [a for a in game.agents if a.actions]
    if len(agents[0].actions) != 1:
        return None
    common = agents[0].actions[0].symbol
    table = {a.actions[0].symbol: common for a in agents} | dict(case.values)
    for r in case.relations:
        if not r.is_equality:
            continue
        gap = sp.expand(r.gap.xreplace(table))
        slope = sp.diff(gap, common)
        if slope.has(common) or is_identically_zero(slope):
            continue
        value = sp.cancel(-gap.xreplace({common: _ZERO}) / slope)
        values = {a.symbol: value for a in game.actions}
        return _member(game, case, values)
    return None


def _member(game: Game, case: Continuum, values: dict[sp.Symbol, Expr]) -> Regime | None:
    """The point as a regime, if it is in the set for all parameters of the case."""
    region = (*game.domain(), *case.when)
    inside = [r.replaced(values) for r in case.relations]
    inside += [r.replaced(values) for a in game.actions for r in a.interval.contains(a.symbol)]
    if not search(region, outside=[tuple(inside)]).is_proof:
        return None
    fact = hypothesis("every point of the set is a solution", case.status, region)
    shown = isinstance(case.status, Proved)
    status: Verdict = Proved((ByTheorem("a member of a set of solutions", (fact,)),))
    return Regime(
        when=case.when,
        values=tuple(values.items()),
        multipliers=(),
        value=case.value,
        utilities=tuple((a.name, payoff(a.utility, values)) for a in game.agents),
        multiple=True,
        witness=case.witness,
        status=status if shown else case.status,
    )


# ------------------------------------------------------------------ welfare-best
def _best(solution: Solution) -> list[Regime | Continuum] | str:
    """Every regime on the parameters where no other solution listed has a larger sum."""
    game = solution.game
    given = game.domain()
    system = System((), (), (), (), (), given)
    listed: list[Valued] = []
    regimes: list[Regime] = []
    for case in solution.cases:
        if isinstance(case, Continuum):
            return "a set of solutions has no single sum of utilities"
        if isinstance(case, NoSolution):
            continue
        worth = _worth(game, case)
        if worth.has(sp.oo, sp.zoo, sp.nan):
            return "a sum of utilities is not finite"
        branch = Branch(case.when, case.values, frozenset(), (), ())
        listed.append(Valued(branch, worth))
        regimes.append(case)
    out: list[Regime | Continuum] = []
    for regime, mine in zip(regimes, listed, strict=True):
        ways: list[Region] = [regime.when]
        for other in listed:
            if other is not mine:
                ways = [more for way in ways for more in unbeaten(system, way, mine, other)]
        if len(ways) > WAYS_LIMIT:
            return "too many ways in which the sums may compare"
        for way in ways:
            if search((*given, *way)).is_proof:
                continue
            when = conditions(way, given)
            if not _unbeaten(mine, listed, (*given, *when)):
                return "which sum of utilities is larger is not decided"
            out.append(replace(regime, when=when, witness=_inside(game, regime, when)))
    return out


def _worth(game: Game, regime: Regime) -> Expr:
    return sp.Add(*(game.weight(name) * u for name, u in regime.utilities))


def _unbeaten(mine: Valued, listed: Iterable[Valued], region: Region) -> bool:
    """Whether z3 shows that no other solution listed is better on the region."""
    return all(
        search((*region, *other.branch.when, Relation(other.value, ">", mine.value))).is_proof
        for other in listed
        if other is not mine
    )


def _inside(game: Game, regime: Regime, when: Region) -> tuple[tuple[sp.Symbol, Expr], ...]:
    return regime.witness if when == regime.when else witness_of(game, when)
