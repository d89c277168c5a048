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
from alignsym.logic.decide import search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.steps import Discarded

QUERIES, FAILURES = 24, 5  # for one derivation
MILLISECONDS = 200
EQUATIONS, PAIRS = 4, 3  # of systems that are asked as a whole
SIZE = 60  # operations of an equation that is asked of z3 here
_ZERO = sp.S.Zero


def excluded(system: System, patterns: Sequence[frozenset[int]]) -> tuple[Discarded, ...]:
    """A step for every pair whose other way round is shown to be impossible."""
    out = []
    budget = [QUERIES, FAILURES]
    positive = _signed(system)
    for k, pair in enumerate(system.pairs):
        ways = {k in pattern for pattern in patterns}
        if len(ways) != 1:
            continue
        assumed = pair.multiplier if ways.pop() else pair.slack
        step = _impossible(system, pair, Relation(assumed, "==", _ZERO), positive, budget)
        if step is not None:
            out.append(step)
    return tuple(out)


def _impossible(
    system: System,
    pair: Pair,
    assumed: Relation,
    positive: dict[sp.Symbol, sp.Symbol],
    budget: list[int],
) -> Discarded | None:
    table = {assumed.left: _ZERO} if assumed.left.is_Symbol else {}
    for equation in _near(system, pair):
        left = equation.xreplace(table)
        sign = _sign(left.xreplace(positive))
        if sign and left != equation:
            return Discarded(pair.origin.name, assumed, (Relation(left, "==", _ZERO),), sign)
    for equation in _near(system, pair):
        left = equation.xreplace(table)
        if left.count_ops() > SIZE or left.has(sp.zoo, sp.nan, sp.oo) or min(budget) <= 0:
            continue
        budget[0] -= 1
        asked = (Relation(left, "==", _ZERO), *(() if table else (assumed,)))
        around = _around(system, asked)
        if search((*around, *asked), milliseconds=MILLISECONDS).is_proof:
            needed = fewest(around, asked, budget)
            return Discarded(pair.origin.name, assumed, (*asked, *needed))
        budget[1] -= 1
    return _together(system, pair, assumed, budget)


def _together(system: System, pair: Pair, assumed: Relation, budget: list[int]) -> Discarded | None:
    """Several conditions at once, as few of them as are found to be needed."""
    equations = [e.expression for e in system.equations]
    others = [p for p in system.pairs if p is not pair]
    size = sum(e.count_ops() for e in equations)
    if len(equations) > EQUATIONS or len(others) > PAIRS or size > 2 * SIZE or min(budget) <= 0:
        return None
    budget[0] -= 1
    table = {assumed.left: _ZERO} if assumed.left.is_Symbol else {}
    core = [Relation(e.xreplace(table), "==", _ZERO) for e in equations]
    core += [Relation(sp.Mul(p.multiplier, p.slack.xreplace(table)), "==", _ZERO) for p in others]
    core = [replace(r, left=-r.left) if r.left.could_extract_minus_sign() else r for r in core]
    core = [r for r in core if not r.left.has(sp.zoo, sp.nan, sp.oo) and r.left != 0]
    asked = () if table else (assumed,)
    around = tuple(r.replaced(table) for r in _around(system, (*core, *asked)))
    around = tuple(r for r in around if r.free_symbols)
    if not search((*around, *core, *asked), milliseconds=MILLISECONDS).is_proof:
        budget[1] -= 2
        return None
    # What is declared is tried to be left out first, then the conditions one by one.
    needed = fewest(around, (*core, *asked), budget)
    kept = fewest(tuple(core), (*asked, *needed), budget)
    return Discarded(pair.origin.name, assumed, (*kept, *needed, *asked))


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
    if e.is_positive:
        return "positive"
    return "negative" if e.is_negative else ""


def _around(system: System, asked: Region) -> Region:
    """What is known of the symbols in the question: declared, the domain, and signs."""
    symbols = {s for r in asked for s in r.free_symbols}
    known = [r for r in (*system.parameters, *system.domain) if r.free_symbols & symbols]
    known += [Relation(p.multiplier, ">=", _ZERO) for p in system.pairs if p.multiplier in symbols]
    known += [
        Relation(p.slack, ">=", _ZERO)
        for p in system.pairs
        if p.slack.free_symbols <= symbols and not any(r.left == p.slack for r in asked)
    ]
    return tuple(dict.fromkeys(known))


def fewest(known: Region, asked: Region, budget: list[int]) -> Region:
    """As few of the known relations as are needed to contradict `asked`, halves at a time.

    Where the budget ends more is kept than is needed, never less (QuickXplain, Junker 2004).
    """

    def contradicted(region: Region) -> bool:
        if budget[0] <= 0:
            return False
        budget[0] -= 1
        return search((*region, *asked), milliseconds=MILLISECONDS).is_proof

    def core(base: Region, changed: bool, rest: Region) -> Region:
        if changed and contradicted(base):
            return ()
        if len(rest) <= 1:
            return rest
        half = len(rest) // 2
        one, two = rest[:half], rest[half:]
        second = core((*base, *one), True, two)
        first = core((*base, *second), bool(second), one)
        return (*first, *second)

    return core((), True, tuple(known))
