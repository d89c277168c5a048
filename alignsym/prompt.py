"""The face at the prompt: short methods on the nouns, each a delegation to a function.

`game.social()`, `game.priced(G="p")`, `market.equilibrium()`, what a notebook shows of a solution.
The nouns know nothing of solving or printing; importing this module attaches the methods, and every
method imports what it calls when it is called.  It is the only exception to the rule that a module
imports only from those below it, and the architecture test names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from alignsym.derivation import Derivation
from alignsym.errors import UsageError
from alignsym.model.game import Action, Agent, Concept, Constraint, Game
from alignsym.model.relations import Relation
from alignsym.solution import Regime, Solution


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


def _social(game: Game) -> Solution:
    """The maximum of the weighted sum of utilities under all constraints."""
    return _solve(game, "social")


def _nash(game: Game) -> Solution:
    """The pure Nash equilibria; shared constraints need `variational`."""
    return _solve(game, "nash")


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


def _mathjax(thing: Game | Solution | Regime) -> str:
    from alignsym.present.latex import mathjax

    return mathjax(thing)


def _text(solution: Solution) -> str:
    from alignsym.present.text import solution_text

    return solution_text(solution)


def _headline(solution: Solution) -> str:
    from alignsym.present.text import headline

    return headline(solution)


def _derivation(solution: Solution) -> Derivation:
    """How the solution comes about, step by step."""
    from alignsym.deriving.derive import derive

    return derive(solution)


def _plot(solution: Solution, kind: str = "values", **how: Any) -> Any:
    """A picture on matplotlib axes: values, regimes, replies, market; see `plotting.plot`."""
    from alignsym.plotting.plot import plot

    return plot(solution, kind, **how)


def _derivation_text(derivation: Derivation) -> str:
    from alignsym.present.derivations import derivation_text

    return derivation_text(derivation)


def _derivation_markdown(derivation: Derivation) -> str:
    from alignsym.present.derivations import derivation_markdown

    return derivation_markdown(derivation)


def _derivation_latex(derivation: Derivation, *, standalone: bool = False, **style: Any) -> str:
    """LaTeX: a proposition and its proof; see `alignsym.present.documents.Style`."""
    from alignsym.present.documents import Style, derivation_latex

    return derivation_latex(derivation, Style(**style), standalone=standalone)


def _derivation_html(derivation: Derivation) -> str:
    """One page of HTML that needs nothing else."""
    from alignsym.present.page import derivation_html

    return derivation_html(derivation)


def _derivation_json(derivation: Derivation) -> dict[str, Any]:
    """The steps as data."""
    from alignsym.present.derivations import derivation_json

    return derivation_json(derivation)


ATTACHED: tuple[tuple[type, str, object], ...] = (
    (Game, "solve", _solve),
    (Game, "social", _social),
    (Game, "nash", _nash),
    (Game, "variational", _variational),
    (Game, "walras", _walras),
    (Game, "maximize", _maximize),
    (Game, "equilibrium", _equilibrium),
    (Game, "priced", _priced),
    (Game, "_repr_latex_", _mathjax),
    (Regime, "_repr_latex_", _mathjax),
    (Solution, "_repr_latex_", _mathjax),
    (Solution, "__str__", _text),
    (Solution, "__repr__", _headline),
    (Solution, "derivation", property(_derivation)),
    (Solution, "plot", _plot),
    (Derivation, "__str__", _derivation_text),
    (Derivation, "__repr__", _derivation_text),
    (Derivation, "_repr_markdown_", _derivation_markdown),
    (Derivation, "markdown", _derivation_markdown),
    (Derivation, "latex", _derivation_latex),
    (Derivation, "html", _derivation_html),
    (Derivation, "json", _derivation_json),
)

for _owner, _name, _function in ATTACHED:
    setattr(_owner, _name, _function)
