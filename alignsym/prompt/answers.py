"""What is asked of an answer at the prompt, and how it shows itself there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from alignsym.derivation import Derivation
from alignsym.solution import Solution

if TYPE_CHECKING:
    from alignsym.alignment.efficiency import Alignment
    from alignsym.checking.certificate import Certificate
    from alignsym.games.mixed import Mixed
    from alignsym.games.selection import Criterion, Unselected
    from alignsym.propositions.proving import Proposition
    from alignsym.propositions.signs import Signs, Statics


def _select(solution: Solution, criterion: Criterion) -> Solution | Unselected:
    """The solutions that are "symmetric" or "welfare-best"; see `alignsym.games.selection`."""
    from alignsym.games.selection import select

    return select(solution, criterion)


def _mixed(solution: Solution) -> tuple[Mixed, ...]:
    """The equilibria of a bimatrix game by the names of strategies; see `alignsym.games.mixed`."""
    from alignsym.games.mixed import mixed

    return mixed(solution)


def _alignment(solution: Solution, *, seconds: float | None = None) -> Alignment:
    """Whether the solution is efficient, and which instrument would align it."""
    from alignsym.alignment.align import alignment

    return alignment(solution, seconds=seconds)


def _text(solution: Solution) -> str:
    from alignsym.present.text import solution_text

    return solution_text(solution)


def _headline(solution: Solution) -> str:
    from alignsym.present.text import headline

    return headline(solution)


def _prove(solution: Solution, claim: object, *, given: object = ()) -> Proposition:
    """Decide a proposition about the answer; see `alignsym.propositions.proving`."""
    from alignsym.propositions.proving import prove

    return prove(solution, claim, given=given)


def _sign(solution: Solution, expression: sp.Expr) -> Signs:
    """The sign of an expression, regime by regime; see `alignsym.propositions.signs`."""
    from alignsym.propositions.signs import sign

    return sign(solution, expression)


def _statics(solution: Solution, *of: sp.Symbol) -> Statics:
    """How values respond to parameters; see `alignsym.propositions.signs`."""
    from alignsym.propositions.signs import statics

    return statics(solution, *of)


def _certificate(solution: Solution, *, seconds: float | None = None) -> Certificate:
    """Claims, evidence and verdicts, to be checked again by anybody; see `alignsym.certifying`."""
    from alignsym.certifying import certify

    return certify(solution, seconds=seconds)


def _smtlib(solution: Solution, *, seconds: float | None = None) -> dict[str, str]:
    """What z3 decided, as SMT-LIB 2 files by name; see `alignsym.certifying`."""
    from alignsym.certifying import smtlib

    return smtlib(solution, seconds=seconds)


def _derivation(solution: Solution) -> Derivation:
    """How the solution comes about, step by step."""
    from alignsym.deriving.derive import derive

    return derive(solution)


def _plot(solution: Solution, kind: str = "values", **how: Any) -> Any:
    """A picture on matplotlib axes, as `frontier` or `box`; see `plotting.plot` for the kinds."""
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


def _derivation_html(derivation: Derivation, *, plots: bool = False) -> str:
    """One page of HTML that needs nothing else, with pictures in it if asked for."""
    from alignsym.present.page import derivation_html

    if not plots:
        return derivation_html(derivation)
    from alignsym.plotting.inline import pictures

    return derivation_html(derivation, pictures(derivation.solution))


def _derivation_json(derivation: Derivation) -> dict[str, Any]:
    """The steps as data."""
    from alignsym.present.derivations import derivation_json

    return derivation_json(derivation)


ATTACHED: tuple[tuple[type, str, object], ...] = (
    (Solution, "select", _select),
    (Solution, "mixed", _mixed),
    (Solution, "alignment", _alignment),
    (Solution, "prove", _prove),
    (Solution, "sign", _sign),
    (Solution, "statics", _statics),
    (Solution, "certificate", _certificate),
    (Solution, "smtlib", _smtlib),
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
