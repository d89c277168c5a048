"""Roots of polynomials with a name for them: rho is the largest real root of rho**3 - rho - 1 = 0.

Closed forms hold such a root as `Root(p(z), z, k)` or SymPy's CRootOf(p(x), k), the real root
number k in increasing order.  A paper names it once, says which root it is, and goes on with rho.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain, count

import sympy as sp

from alignsym.derivation import Derivation
from alignsym.model.relations import Expr
from alignsym.model.roots import Root
from alignsym.present.active import formulas_of_regime
from alignsym.present.blocks import Prose
from alignsym.present.passages import Formula, Word
from alignsym.solution import Case, Regime, Solution
from alignsym.steps import ChooseRoot, Conclude, Solve, Step, rewritten

LETTERS = ("rho", "zeta", "xi", "eta", "omega")
ORDINALS = ("smallest", "second smallest", "third smallest", "fourth smallest")
DIGITS = 5
Table = dict[Expr, Expr]


def named_roots(derivation: Derivation) -> tuple[Derivation, tuple[Prose, ...]]:
    """The derivation with names for roots of polynomials, and a paragraph that says which they are;
    itself and () without any.

    >>> from alignsym import Agent, Game
    >>> x = sp.Symbol("x", real=True)
    >>> game = Game(Agent("alpha", x - x**2 - x**6, x))
    >>> "rho is the only real root" in str(game.maximize().derivation)
    True
    """
    solution = derivation.solution
    regimes = [c for c in solution.cases if isinstance(c, Regime)]
    shown = [e for r in regimes for e in formulas_of_regime(r)]
    shown += [side for r in regimes for w in r.when for side in (w.left, w.right)]
    shown += [e for s in derivation.steps for e in _roots_of_step(s)]
    table = _names(shown, solution)
    if not table:
        return derivation, ()
    put: Callable[[Expr], Expr] = lambda e: e.xreplace(table)  # noqa: E731
    cases = tuple(_case(c, put) for c in solution.cases)
    steps = tuple(rewritten(s, put) for s in derivation.steps)
    return Derivation(replace(solution, cases=cases), steps), (said(table),)


def _roots_of_step(step: Step) -> Iterable[Expr]:
    """Where roots stand that no case shows: those refused."""
    if isinstance(step, ChooseRoot):
        return (*(e for e, _ in step.refused), *step.left, *step.remaining)
    if isinstance(step, Solve):
        return (step.result,)
    return (e for _, e in step.values) if isinstance(step, Conclude) else ()


def _case(case: Case, put: Callable[[Expr], Expr]) -> Case:
    return rewritten(case, put) if isinstance(case, Regime) else case  # type: ignore[arg-type, return-value]


def _names(shown: Iterable[Expr], solution: Solution) -> Table:
    """A symbol for every root, named by a letter that no symbol of the model has."""
    roots: dict[Expr, None] = {}
    for e in shown:
        roots |= dict.fromkeys(sorted(_outermost(e), key=sp.default_sort_key))
    if not roots:
        return {}
    game = solution.game
    taken = {s.name for e in shown for s in e.free_symbols if s.is_Symbol}
    taken |= {str(a.symbol) for a in game.actions} | {str(p.symbol) for p in game.parameters}
    letters = chain(LETTERS, (f"root{k}x" for k in count()))
    letter = next(k for k in letters if not any(t.startswith(k) for t in taken))
    names = [letter] if len(roots) == 1 else [f"{letter}{k}" for k in range(1, len(roots) + 1)]
    return {r: sp.Symbol(n, real=True) for r, n in zip(roots, names, strict=True)}


def _outermost(e: Expr) -> set[Expr]:
    if isinstance(e, (sp.CRootOf, Root)):
        return {e}
    return {r for a in e.args for r in _outermost(a)} if e.has(sp.CRootOf, Root) else set()


def said(table: Table) -> Prose:
    """Which root each name is of which polynomial."""
    words: list[Word] = ["Here "]
    for k, (root, name) in enumerate(table.items()):
        words += ["" if not k else "; ", name, f" is the {_which(root)} real root of "]
        words.append(Formula((_polynomial(root, name), "=", sp.S.Zero)))
        if not root.free_symbols:
            words += [", about ", sp.Float(root.evalf(2 * DIGITS), DIGITS)]
    return Prose((*words, "."))


def _which(root: Expr) -> str:
    index = int(root.index) if isinstance(root, sp.CRootOf) else int(root.args[2])
    if isinstance(root, sp.CRootOf):
        number = root.poly.count_roots()
        if index == number - 1:
            return "only" if number == 1 else "largest"
    return ORDINALS[index] if index < len(ORDINALS) else f"{index + 1}-th smallest"


def _polynomial(root: Expr, name: Expr) -> Expr:
    if isinstance(root, sp.CRootOf):
        return root.expr.xreplace({root.poly.gen: name})
    return root.args[0].xreplace({root.args[1]: name})


__all__ = ["named_roots", "said"]
