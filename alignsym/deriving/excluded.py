"""Why a constraint must bind, or cannot: one contradiction a case.

A pair (multiplier, slack) that is the same way round in every regime is asked for the other way:
with its multiplier (or slack) zero, one first-order condition has a sign and cannot be zero, or a
few conditions have no common solution (z3: unsat).  What is not shown is left to uniqueness.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

import sympy as sp

from alignsym.conditions.system import Pair, System
from alignsym.deriving.sizes import operations
from alignsym.logic.assumptions import Assumptions
from alignsym.model.relations import Expr, Region, Relation
from alignsym.steps import Discarded

QUESTIONS = 200  # for one derivation
EQUATIONS, PAIRS = 4, 3  # of systems that are asked as a whole
SIZE = 60  # operations of an equation that is asked of z3 here
_ZERO = sp.S.Zero


class Questions:
    """What is asked of one system: its relations translated once, and how often more is asked."""

    def __init__(self, relations: Region, left: int = QUESTIONS) -> None:
        self._pool = Assumptions(relations)
        self.left = left

    def contradicted(self, region: Region) -> bool:
        """Whether the relations have no common point, as far as may still be asked."""
        self.left -= 1
        return self.left >= 0 and self._pool.together(region).is_proof


def excluded(system: System, patterns: Sequence[frozenset[int]]) -> tuple[Discarded, ...]:
    """A step for every pair whose other way round is shown to be impossible."""
    positive = _signed(system)
    told: list[tuple[Pair, Relation, Discarded | None]] = []
    for k, pair in enumerate(system.pairs):
        ways = {k in pattern for pattern in patterns}
        if len(ways) == 1:
            assumed = Relation(pair.multiplier if ways.pop() else pair.slack, "==", _ZERO)
            told.append((pair, assumed, _by_sign(system, pair, assumed, positive)))
    open_ones = tuple(assumed for _, assumed, step in told if step is None)
    if not open_ones:
        return tuple(step for _, _, step in told if step is not None)
    questions = Questions((*_conditions(system), *_known(system), *open_ones))
    asked = (s or _impossible(system, pair, assumed, questions) for pair, assumed, s in told)
    return tuple(step for step in asked if step is not None)


def _by_sign(
    system: System, pair: Pair, assumed: Relation, positive: dict[sp.Symbol, sp.Symbol]
) -> Discarded | None:
    table = _table(assumed)
    for equation in _near(system, pair):
        left = equation.xreplace(table)
        sign = _sign(left.xreplace(positive))
        if sign and left != equation:
            return Discarded(pair.origin.name, assumed, (Relation(left, "==", _ZERO),), sign)
    return None


def _impossible(
    system: System, pair: Pair, assumed: Relation, questions: Questions
) -> Discarded | None:
    """One first-order condition with signs, else several conditions at once."""
    table = _table(assumed)
    for beside in system.domain:
        if beside.free_symbols & set(table) and questions.contradicted((beside, assumed)):
            return _told(pair, assumed, (beside,), ())  # where the objective is not defined
    for equation in _near(system, pair):
        if _is_askable(equation, table):
            asked = (Relation(equation, "==", _ZERO), assumed)
            around = _around(system, _put(asked, table))
            if questions.contradicted((*around, *asked)):
                needed = fewest(questions, around, asked)
                return _told(pair, assumed, (asked[0],), needed)
    return _together(system, pair, assumed, questions)


def _together(
    system: System, pair: Pair, assumed: Relation, questions: Questions
) -> Discarded | None:
    """Several conditions at once, as few of them as are found to be needed."""
    if not _is_small(system):
        return None
    table = _table(assumed)
    own = _product(pair)
    core = tuple(
        r
        for r in _conditions(system)
        if r != own and _is_askable(r.left, table) and r.left.xreplace(table) != 0
    )
    around = _around(system, _put((*core, assumed), table))
    if not questions.contradicted((*around, *core, assumed)):
        return None
    # What is declared is tried to be left out first, then the conditions one by one.
    needed = fewest(questions, around, (*core, assumed))
    kept = fewest(questions, core, (*needed, assumed))
    return _told(pair, assumed, kept, needed, turn=True)


def _told(
    pair: Pair, assumed: Relation, conditions: Region, known: Region, *, turn: bool = False
) -> Discarded:
    """The step: conditions and what is known, with what is assumed put in."""
    table = _table(assumed)
    also = () if table else (assumed,)
    put = _put(conditions, table)
    shown = (*(map(_positive, put) if turn else put), *also, *_put(known, table))
    return Discarded(
        pair.origin.name, assumed, (*shown, *_divided((*conditions, *known), shown, table))
    )


def _divided(before: Region, shown: Region, table: dict[sp.Symbol, Expr]) -> Region:
    """What the conditions divide by, where what is shown of them does not: it is not zero.

    a*k**a*mu/k + low - r = 0 with mu = 0 is low - r = 0 where k > 0: elsewhere it is not defined.
    """
    bases = {b.xreplace(table) for r in before for b in _denominators(r)}
    bases -= {b for r in shown for b in _denominators(r)}
    inside = {s for r in shown for s in r.free_symbols}
    signed = (b for b in bases if b.is_nonnegative and not b.is_positive)
    kept = sorted((b for b in signed if b.free_symbols & inside), key=str)
    return tuple(r for r in (Relation(b, ">", _ZERO) for b in kept) if r not in shown)


def _denominators(relation: Relation) -> set[Expr]:
    return {p.base for p in relation.left.atoms(sp.Pow) if p.exp.could_extract_minus_sign()}


def _positive(relation: Relation) -> Relation:
    minus = relation.left.could_extract_minus_sign()
    return replace(relation, left=-relation.left) if minus else relation


def _table(assumed: Relation) -> dict[sp.Symbol, Expr]:
    """What is assumed, put in: where a symbol alone is zero."""
    return {assumed.left: _ZERO} if assumed.left.is_Symbol else {}


def _put(region: Region, table: dict[sp.Symbol, Expr]) -> Region:
    put = (r.replaced(table) for r in region)
    return tuple(dict.fromkeys(r for r in put if r.free_symbols))


def _is_askable(equation: Expr, table: dict[sp.Symbol, Expr]) -> bool:
    if operations(equation) > 2 * SIZE:
        return False
    left = equation.xreplace(table)
    return operations(left) <= SIZE and not left.has(sp.zoo, sp.nan, sp.oo)


def _is_small(system: System) -> bool:
    size = sum(operations(e.expression) for e in system.equations)
    return (
        len(system.equations) <= EQUATIONS and len(system.pairs) <= PAIRS + 1 and size <= 2 * SIZE
    )


def _conditions(system: System) -> Region:
    """The equations that may be asked about; with complementarity where the system is small."""
    if _is_small(system):
        zeros = [e.expression for e in system.equations] + [_product(p).left for p in system.pairs]
    else:
        zeros = [e for p in system.pairs for e in _near(system, p) if operations(e) <= 2 * SIZE]
    return tuple(dict.fromkeys(Relation(e, "==", _ZERO) for e in zeros))


def _product(pair: Pair) -> Relation:
    return Relation(sp.Mul(pair.multiplier, pair.slack), "==", _ZERO)


def _near(system: System, pair: Pair) -> Iterator[Expr]:
    """The first-order conditions with the multiplier, short ones first; then those of its slack."""
    own = [e.expression for e in system.equations if e.origin.kind == "stationarity"]
    with_it = [e for e in own if e.has(pair.multiplier)]
    yield from sorted(with_it, key=lambda e: (len(e.free_symbols), len(sp.Add.make_args(e))))


def _signed(system: System) -> dict[sp.Symbol, sp.Symbol]:
    """Symbols that the domain or the parameters' conditions keep positive, as positive ones."""
    table = {}
    for r in (*system.domain, *system.parameters):
        strict = r.operator == ">" and r.left.is_Symbol and r.right.is_nonnegative
        if strict and not r.left.is_positive:
            table[r.left] = sp.Dummy(r.left.name, positive=True)
    return table


def _sign(e: Expr) -> Literal["positive", "negative", ""]:
    """The sign of a sum whose terms have the same: SymPy's own question takes far longer."""
    terms = sp.Add.make_args(e)
    if all(t.is_nonnegative for t in terms) and any(t.is_positive for t in terms):
        return "positive"
    if all(t.is_nonpositive for t in terms) and any(t.is_negative for t in terms):
        return "negative"
    return ""


def _known(system: System) -> Region:
    """What is known of the symbols: declared, the domain, and signs."""
    signs = [r for p in system.pairs for r in _signs(p)]
    return tuple(dict.fromkeys((*system.parameters, *system.domain, *signs)))


def _signs(pair: Pair) -> Region:
    return (Relation(pair.multiplier, ">=", _ZERO), Relation(pair.slack, ">=", _ZERO))


def _around(system: System, asked: Region) -> Region:
    """What is known of the symbols in the question."""
    symbols = {s for r in asked for s in r.free_symbols}
    sides = {r.left for r in asked}
    known = [r for r in (*system.parameters, *system.domain) if r.free_symbols & symbols]
    for r in (r for p in system.pairs for r in _signs(p)):
        if r.free_symbols <= symbols and r.left not in sides:
            known.append(r)
    return tuple(dict.fromkeys(known))


def fewest(questions: Questions, known: Region, asked: Region) -> Region:
    """As few of the known relations as are needed to contradict `asked`, halves at a time.

    Where no more may be asked more is kept than is needed, never less (QuickXplain, Junker 2004).
    """

    def core(base: Region, changed: bool, rest: Region) -> Region:
        if changed and questions.contradicted((*base, *asked)):
            return ()
        if len(rest) <= 1:
            return rest
        half = len(rest) // 2
        one, two = rest[:half], rest[half:]
        second = core((*base, *one), True, two)
        first = core((*base, *second), bool(second), one)
        return (*first, *second)

    return core((), True, tuple(known))
