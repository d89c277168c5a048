r"""Sums over the active members with a name for them: Sum(c[k], k in A), |A|, and what A is.

Closed forms hold such a sum as Sum(c[k]*Max(0, sign(e(k))), (k, 1, n)), the last factor being one
where e(k) > 0 and zero elsewhere.  A paper says A = {i : e_i > 0} once, and \sum_{k \in A} c_k.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import sympy as sp

from alignsym.model.arithmetic import put_in
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Relation
from alignsym.present.notation import formula, region_latex, renamed
from alignsym.present.words import in_words, relation_in_words
from alignsym.solution import Regime, Solution

LETTERS = "ABCDEFGHKLMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class ActiveSet:
    """The members i with `condition`, and how sums over them are written."""

    name: str
    index: sp.Symbol
    condition: Relation
    latex: tuple[tuple[str, str], ...] = ()

    def in_words(self) -> str:
        """What the set is, in a sentence."""
        said = relation_in_words(self.condition)
        return f"{self.name} is the set of all {self.index} with {said}, |{self.name}| their number"

    def in_latex(self) -> str:
        """The set by its condition."""
        return rf"{self.name} = \{{{formula(self.index)} : {region_latex((self.condition,))}\}}"


def with_active_sets(solution: Solution, first: str = "") -> tuple[Solution, tuple[ActiveSet, ...]]:
    """The solution with sums over active members as names, and the sets they run over.

    Names begin with `first`: they sort by it, and a sum sign reaches to the end of its terms.
    """
    regimes = [c for c in solution.cases if isinstance(c, Regime)]
    formulas = [e for r in regimes for e in formulas_of_regime(r)]
    table, sets = active_sums(solution.game, formulas, first)
    if not sets:
        return solution, ()
    cases = tuple(_put(c, table) if isinstance(c, Regime) else c for c in solution.cases)
    return replace(solution, cases=cases), sets


def names_of(sets: tuple[ActiveSet, ...]) -> dict[str, str]:
    """LaTeX by name of the sums over active members."""
    return {k: v for s in sets for k, v in s.latex}


@contextmanager
def latex_names(sets: tuple[ActiveSet, ...]) -> Iterator[None]:
    """Within it the names of sums over active members are printed as sums."""
    with renamed(names_of(sets)):
        yield


def formulas_of_regime(regime: Regime) -> list[Expr]:
    rows = (*regime.values, *regime.multipliers, *regime.bounds, *regime.utilities)
    return [e for _, e in rows] + ([] if regime.value is None else [regime.value])


def _put(regime: Regime, table: dict[Expr, Expr]) -> Regime:
    return replace(
        regime,
        values=tuple((s, put_in(e, table)) for s, e in regime.values),
        multipliers=tuple((k, put_in(e, table)) for k, e in regime.multipliers),
        bounds=tuple((k, put_in(e, table)) for k, e in regime.bounds),
        utilities=tuple((k, put_in(e, table)) for k, e in regime.utilities),
        value=None if regime.value is None else put_in(regime.value, table),
    )


def active_sums(
    game: Game, formulas: list[Expr], first: str
) -> tuple[dict[Expr, Expr], tuple[ActiveSet, ...]]:
    sums = sorted({s for e in formulas for s in e.atoms(sp.Sum)}, key=str)
    taken = {str(s) for e in formulas for s in e.atoms(sp.Symbol)}
    letters = (c for c in LETTERS if c not in taken)
    sets: dict[Expr, ActiveSet] = {}
    table: dict[Expr, Expr] = {}
    for total in sums:
        found = _over_active(total)
        if found is None:
            continue
        body, test = found
        index, _, size = total.limits[0]
        own = next((f.index for f in game.families if f.size == size), index)
        key = test.xreplace({index: own})
        if key not in sets:
            letter = next(letters)
            number = (f"|{letter}|", f"|{letter}|")
            sets[key] = ActiveSet(letter, own, _as_inequality(key), (number,))
        known = sets[key]
        here = f"{index} in {known.name}"
        name = first + (f"|{known.name}|" if body == 1 else f"Sum({in_words(body)}, {here})")
        below = rf"{formula(index)} \in {known.name}"
        latex = f"|{known.name}|" if body == 1 else rf"\sum_{{{below}}} {_factor(body)}"
        table[total] = sp.Symbol(name, real=True)
        sets[key] = replace(known, latex=(*known.latex, (name, latex)))
    return table, tuple(sets.values())


def _factor(body: Expr) -> str:
    said = formula(body)
    return rf"\left({said}\right)" if body.is_Add else said


def _over_active(total: sp.Sum) -> tuple[Expr, Expr] | None:
    """(g, e) of Sum(g*Max(0, sign(e))), with one limit."""
    if len(total.limits) != 1:
        return None
    for factor in sp.Mul.make_args(total.function):
        if isinstance(factor, sp.Max) and len(factor.args) == 2 and factor.has(sp.sign):
            zero, test = sorted(factor.args, key=lambda a: isinstance(a, sp.sign))
            if zero == 0 and isinstance(test, sp.sign):
                rest = [f for f in sp.Mul.make_args(total.function) if f != factor]
                return sp.Mul(*rest), test.args[0]
    return None


def _as_inequality(e: Expr) -> Relation:
    """e > 0 with the terms that are subtracted on the right."""
    terms = sp.Add.make_args(e)
    right = [-t for t in terms if t.could_extract_minus_sign() and t.has(sp.Sum)]
    left = [t for t in terms if -t not in right]
    return Relation(sp.Add(*left), ">", sp.Add(*right))
