"""What is asked of a game at the prompt: `game.social()`, `game.priced(G="p")`, `game.check()`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sympy as sp

from alignsym.errors import UsageError
from alignsym.model.game import Action, Agent, Concept, Constraint, Game
from alignsym.model.relations import Relation
from alignsym.solution import Solution

if TYPE_CHECKING:
    from alignsym.alignment.checks import Check as WelfareCheck
    from alignsym.alignment.efficiency import Alignment
    from alignsym.alignment.efficient_set import EfficientSet, Pareto
    from alignsym.checking.report import Report
    from alignsym.games.bargains import Rule
    from alignsym.games.mixed import Value
    from alignsym.games.potentials import PotentialAnswer
    from alignsym.games.selection import Criterion, Unselected
    from alignsym.induction import Ties


def maximize(
    objective: sp.Expr,
    over: object,
    subject_to: Mapping[str, object] | Iterable[object] = (),
    *,
    loss: bool = False,
) -> Solution:
    """The global maximisers of one objective, for all parameter values; with `loss`, minimisers.

    Arguments: `over`, a symbol, an `Action`, a pair (symbol, (low, high)), or a list of these;
    `subject_to`, relations by name, or a list of relations, then named c1, c2, ...

    `maximize(log(x), over=x, subject_to={"cap": x <= q}).multipliers["cap"]` is 1/q.
    """
    from alignsym.answer import solve

    agent = Agent("agent", objective, *_actions(over), constraints=_named(subject_to), loss=loss)
    return solve(Game(agent, concept="maximize"), "maximize")


def _actions(over: object) -> list[Action | sp.Symbol | tuple[sp.Symbol, object]]:
    listed = over if isinstance(over, list) else [over]
    if isinstance(over, tuple) and all(isinstance(part, (sp.Symbol, Action)) for part in over):
        listed = list(over)
    if not listed:
        raise UsageError("nothing to choose", where="maximize, over", remedy="give a symbol")
    return listed


def _named(given: Mapping[str, object] | Iterable[object]) -> Mapping[str, object]:
    if isinstance(given, Mapping):
        return given
    if isinstance(given, (Relation, Constraint, sp.Basic)):
        raise UsageError(
            f"{given} stands alone", where="maximize, subject_to", remedy="give a list or a dict"
        )
    return {f"c{number}": one for number, one in enumerate(given, start=1)}


def _solve(game: Game, concept: Concept | None = None, *, seconds: float | None = None) -> Solution:
    """Solve the game for `concept` (by default its own); see `alignsym.answer.solve`."""
    from alignsym.answer import solve

    return solve(game, concept, seconds=seconds)


def _social(game: Game, weights: Mapping[str, object] | None = None) -> Solution:
    """The maximum of the weighted sum of utilities under all constraints."""
    if weights is None:
        return _solve(game, "social")
    from alignsym.model.agents import named_expressions

    _names(game, weights, "weights")
    return _solve(game.altered(weights=named_expressions(weights, where="weights")), "social")


def _names(game: Game, given: Iterable[str], where: str) -> None:
    """Refuse a name that no agent has."""
    known = [*(a.name for a in game.agents), *(str(f.index) for f in game.families)]
    for name in given:
        if name not in known:
            raise UsageError(
                f"no agent {name!r}", where=where, remedy="agents: " + ", ".join(known)
            )


def _nash(game: Game, select: Criterion | None = None) -> Solution | Unselected:
    """The pure Nash equilibria, all or by a selection; shared constraints need `variational`."""
    from alignsym.games.selection import select as selected

    solution = _solve(game, "nash")
    return solution if select is None else selected(solution, select)


def _stackelberg(
    game: Game,
    order: Iterable[str] | None = None,
    ties: Ties = "none",
    *,
    seconds: float | None = None,
) -> Solution:
    """The agents move in this order, by default as listed; see `alignsym.games.sequences`."""
    from alignsym.games.sequences import stackelberg

    return stackelberg(game, order=order, ties=ties, seconds=seconds)


def _bargain(
    game: Game,
    weights: Mapping[str, object] | None = None,
    disagreement: Mapping[str, object] | None = None,
    solution: Rule = "nash",
    *,
    seconds: float | None = None,
) -> Solution:
    """The Nash, Kalai-Smorodinsky or egalitarian solution; see `alignsym.games.bargains`."""
    from alignsym.games.bargains import bargain

    return bargain(
        game, weights=weights, disagreement=disagreement, solution=solution, seconds=seconds
    )


def _generalised_nash(
    game: Game, ratios: Mapping[str, object] | None = None, *, seconds: float | None = None
) -> Solution:
    """All normalised equilibria, by the ratios of multipliers; see `alignsym.games.normalised`."""
    from alignsym.games.normalised import generalised_nash

    return generalised_nash(game, ratios=ratios, seconds=seconds)


def _best_response(game: Game, agent: str, *, seconds: float | None = None) -> Solution:
    """The agent's best choice for all choices of the others; see `games.best_responses`."""
    from alignsym.games.best_responses import best_response

    return best_response(game, agent, seconds=seconds)


def _potential(game: Game, *, weighted: bool = False) -> PotentialAnswer:
    """The exact (or a weighted) potential, or why there is none; see `games.potentials`."""
    from alignsym.games.potentials import potential

    return potential(game, weighted=weighted)


def _from_payoffs(*payoffs: object, **names: Any) -> Game:
    """The bimatrix game (A, B) in probabilities; see `alignsym.model.bimatrix`."""
    from alignsym.model.bimatrix import from_payoffs

    return from_payoffs(*payoffs, **names)


def _secured(game: Game, player: str) -> Solution:
    """A player's maximin strategy and its level; see `alignsym.games.mixed`."""
    from alignsym.games.mixed import secured

    return secured(game, player)


def _value(game: Game) -> Value:
    """The value of a zero-sum bimatrix game; see `alignsym.games.mixed`."""
    from alignsym.games.mixed import value

    return value(game)


def _variational(game: Game) -> Solution:
    """The normalised generalised equilibrium: one shadow price a shared constraint."""
    return _solve(game, "variational")


def _walras(game: Game) -> Solution:
    """The price equilibrium: every agent takes the listed prices as given, and they clear."""
    return _solve(game, "walras")


def _maximize(game: Game) -> Solution:
    """The global maximisers of a game with one agent."""
    return _solve(game, "maximize")


def _equilibrium(game: Game) -> Solution:
    """The equilibrium the game is written for: with prices walras, with shared constraints
    variational, else nash."""
    return _solve(game, "walras" if game.prices else "variational" if game.shared else "nash")


def _priced(game: Game, **prices: str) -> Game:
    """The game with named shared constraints turned into prices: `game.priced(G="p")`."""
    from alignsym.model.pricing import priced

    return priced(game, **prices)


def _align(
    game: Game, concept: Concept | None = None, *, seconds: float | None = None
) -> Alignment:
    """Whether the equilibrium is efficient, and which instrument would align it; see
    `alignsym.alignment.align`."""
    from alignsym.alignment.align import align

    if concept is None and game.concept is None:
        concept = "walras" if game.prices else "variational" if game.shared else "nash"
    return align(game, concept, seconds=seconds)


def _pareto(game: Game, concept: Concept | None = None) -> Pareto:
    """The efficiency of every equilibrium, by regime, as a sequence; and `.relation`,
    `.contract_curve`, `.core` of the frontier."""
    from alignsym.alignment.align import align
    from alignsym.alignment.efficient_set import Pareto

    if concept is None and game.concept is None:
        concept = "walras" if game.prices else "variational" if game.shared else "nash"
    return Pareto(game, align(game, concept, instruments=False).equilibria)


def _frontier(
    game: Game,
    endowment: Mapping[sp.Symbol, sp.Expr] | None = None,
    *,
    seconds: float | None = None,
) -> EfficientSet:
    """The efficient profiles: by weights, as a relation among utilities, contract curve and core;
    see `alignsym.alignment.efficient_set`."""
    from alignsym.alignment.efficient_set import efficient_set

    return efficient_set(game, endowment=endowment, seconds=seconds)


def _plot(game: Game, kind: str = "values", **how: Any) -> Any:
    """A picture of the game's solution on matplotlib axes; see `plotting.plot` for the kinds."""
    from alignsym.plotting.plot import plot

    return plot(_solve(game) if game.concept else _equilibrium(game), kind, **how)


def _welfare_theorems(game: Game, *, seconds: float | None = None) -> tuple[WelfareCheck, ...]:
    """Both welfare theorems on a market, every hypothesis decided; see
    `alignsym.alignment.checks.welfare_theorems`."""
    from alignsym.alignment.checks import welfare_theorems

    return welfare_theorems(game, seconds=seconds)


def _check(
    game: Game,
    claim: object = None,
    concept: Concept | None = None,
    *,
    complete: bool | None = None,
) -> Report:
    """Decide somebody's claims about the game; see `alignsym.checking.judgement.check`."""
    from alignsym.checking.judgement import check

    return check(game, claim, concept, complete=complete)


def _text(game: Game) -> str:
    from alignsym.present.text import game_text

    return game_text(game)


ATTACHED: tuple[tuple[type, str, object], ...] = (
    (Game, "__str__", _text),
    (Game, "__repr__", _text),
    (Game, "solve", _solve),
    (Game, "social", _social),
    (Game, "nash", _nash),
    (Game, "variational", _variational),
    (Game, "walras", _walras),
    (Game, "stackelberg", _stackelberg),
    (Game, "bargain", _bargain),
    (Game, "generalised_nash", _generalised_nash),
    (Game, "best_response", _best_response),
    (Game, "potential", _potential),
    (Game, "from_payoffs", staticmethod(_from_payoffs)),
    (Game, "secured", _secured),
    (Game, "zero_sum", _value),
    (Game, "maximize", _maximize),
    (Game, "equilibrium", _equilibrium),
    (Game, "priced", _priced),
    (Game, "frontier", _frontier),
    (Game, "plot", _plot),
    (Game, "check", _check),
    (Game, "align", _align),
    (Game, "pareto", _pareto),
    (Game, "welfare_theorems", _welfare_theorems),
)
