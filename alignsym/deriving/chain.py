"""One case solved before the reader's eyes: which equation gives which unknown.

What has one unknown and is affine in it goes first; the rest is eliminated in the order of
`solving.strategies`.  Every equation shown is checked to be one of the case's with what was solved
put in, up to a factor that is not zero there; where no such chain is found the equations are said
to hold at the values, as putting these in shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

import sympy as sp

from alignsym.conditions.system import System
from alignsym.deriving.points import number
from alignsym.deriving.sizes import is_multiplied_out, operations
from alignsym.model.relations import Expr
from alignsym.solution import Regime
from alignsym.solving.binding import binding_case
from alignsym.solving.oracle.interior import NumericPoint
from alignsym.solving.strategies.contract import Case, Declined
from alignsym.solving.strategies.eliminate import Eliminate
from alignsym.solving.strategies.linear import is_affine
from alignsym.steps import BindingCase, Solve, SolveTogether, Step, Values

AFFINE_LIMIT = 8
UNKNOWNS_LIMIT = 4
OPERATIONS_LIMIT = 160
ELIMINATED_LIMIT = 24
SPREAD = 0.2
ATTEMPTS, LONGEST = 5, 72  # a way that is longer to find is no shorter to read
HOW = Eliminate().name
_ZERO = sp.S.Zero


def solved(
    system: System, point: NumericPoint, regime: Regime, hints: Sequence[Step]
) -> tuple[BindingCase, tuple[Step, ...]]:
    """The case of the regime, and its solution step by step."""
    case, back = binding_case(system, point)
    equations = tuple(e.xreplace(back) for e in case.equations)
    names = tuple(system.pairs[k].origin.name for k in sorted(point.binding))
    begin = BindingCase(names, equations, tuple(back.values()))
    known = dict(regime.values)
    rows = tuple((s, known[s]) for s in back.values() if s in known)
    table = point.table()
    steps = chain(begin, case, back, hints, table)
    if steps is None:
        return begin, (SolveTogether(equations, rows),)
    told = {s.unknown: s.result for s in steps}
    closed = tuple((s, v) for s, v in rows if told.get(s) != v)
    return begin, (*steps, *((Values(closed),) if closed else ()))


def chain(
    begin: BindingCase,
    case: Case,
    back: Mapping[sp.Symbol, sp.Symbol],
    hints: Sequence[Step],
    table: Mapping[sp.Symbol, float],
) -> list[Solve] | None:
    """The unknowns one after the other; None where no chain follows from the equations."""
    first, equations, unknowns = singles(begin.equations, begin.unknowns)
    for way in _ways(begin, case, back, hints, equations, unknowns):
        steps = [*first, *way]
        if {s.unknown for s in steps} == set(begin.unknowns) and follows(begin, steps, table):
            return steps
    return None


def _ways(
    begin: BindingCase,
    case: Case,
    back: Mapping[sp.Symbol, sp.Symbol],
    hints: Sequence[Step],
    equations: Sequence[Expr],
    unknowns: Sequence[sp.Symbol],
) -> Iterator[list[Solve]]:
    """Chains for what is left, each looked for when the one before it does not do."""
    straight = affine(equations, unknowns)
    if straight is not None:
        yield straight
        return
    pair = _by_two(equations, unknowns)
    if pair is not None:
        yield pair
    hinted = _plain(_hinted(hints, begin) if len(unknowns) == len(begin.unknowns) else ())
    if hinted is not None:
        yield hinted
    named = {old: new for new, old in back.items()}
    smaller = replace(
        case,
        equations=tuple(e.xreplace(named) for e in equations),
        unknowns=tuple(named[u] for u in unknowns),
    )
    found = _plain(_eliminated(smaller, back))
    if found is not None:
        yield found


def singles(
    equations: Sequence[Expr], unknowns: Sequence[sp.Symbol]
) -> tuple[list[Solve], list[Expr], list[sp.Symbol]]:
    """What equations with one unknown give, where they are affine in it; the rest.

    >>> x, y, q = sp.symbols("x y q")
    >>> singles([x, q - x - y], [x, y])[1:]
    ([], [])
    """
    left, open_ones = list(equations), list(unknowns)
    out: list[Solve] = []
    while True:
        rows = [r for r in _affine_pairs(left, open_ones) if r[0][0] == 1]
        if not rows:
            return out, left, open_ones
        _, equation, unknown, slope = min(rows, key=lambda row: row[0])
        result = _quotient(equation, unknown, slope)
        out.append(Solve(HOW, equation, unknown, result))
        open_ones.remove(unknown)
        left = _without(left, equation, unknown, result)


def affine(equations: Sequence[Expr], unknowns: Sequence[sp.Symbol]) -> list[Solve] | None:
    """Affine equations in few unknowns, one solved after the other; None for others.

    >>> x, y, a = sp.symbols("x y a")
    >>> [(s.unknown, s.result) for s in affine((x - 2*y, x + y - a), (x, y))]
    [(x, 2*y), (y, a/3)]
    """
    left, open_ones = list(equations), list(unknowns)
    out: list[Solve] = []
    if len(open_ones) > AFFINE_LIMIT or not all(is_affine(e, tuple(unknowns)) for e in left):
        return None
    while open_ones:
        found = min(_affine_pairs(left, open_ones), default=None, key=lambda row: row[0])
        if found is None or sum(map(operations, left)) > OPERATIONS_LIMIT:
            return None
        _, equation, unknown, slope = found
        result = _quotient(equation, unknown, slope)
        out.append(Solve(HOW, equation, unknown, result))
        open_ones.remove(unknown)
        left = _without(left, equation, unknown, result)
    return out


def _by_two(equations: Sequence[Expr], unknowns: Sequence[sp.Symbol]) -> list[Solve] | None:
    """Two affine equations in the same two unknowns first, then the others by these; None without
    any.

    Two constraints that bind give two choices, and what is left has the multipliers alone.
    """
    for one, two in combinations(equations, 2):
        inside = [u for u in unknowns if one.has(u) or two.has(u)]
        if len(inside) != 2 or one.count_ops() + two.count_ops() > ELIMINATED_LIMIT:
            continue
        found = affine((one, two), inside)
        if found is None:
            continue
        rest = [e for e in equations if e is not one and e is not two]
        more, left, open_ones = singles(rest, [u for u in unknowns if u not in inside])
        after = affine(left, open_ones)
        return None if after is None else [*found, *more, *after]
    return None


@lru_cache(maxsize=2048)  # the cases share equations
def _quotient(equation: Expr, unknown: sp.Symbol, slope: Expr) -> Expr:
    quotient = -equation.xreplace({unknown: _ZERO}) / slope
    return sp.factor_terms(quotient if is_multiplied_out(quotient) else sp.cancel(quotient))


def _without(left: list[Expr], used: Expr, unknown: sp.Symbol, result: Expr) -> list[Expr]:
    table = {unknown: result}
    rest = [e for e in left if e is not used]
    put = [_expanded(e.xreplace(table)) if unknown in e.free_symbols else e for e in rest]
    return [e for e in put if e != 0]


def _expanded(e: Expr) -> Expr:
    return e if is_multiplied_out(e) else sp.expand_mul(e)


def _affine_pairs(
    equations: Sequence[Expr], unknowns: Sequence[sp.Symbol]
) -> Iterator[tuple[tuple[int | str, ...], Expr, sp.Symbol, Expr]]:
    """Equations with an unknown that they give, those with few unknowns first."""
    for k, equation in enumerate(equations):
        free = equation.free_symbols
        inside = [u for u in unknowns if u in free]
        for unknown in inside:
            slope = _slope(equation, unknown)
            if slope is None or slope == 0 or slope.free_symbols & set(unknowns):
                continue
            # What divides must not vanish: a number, what has a sign, or at least no unknown.
            safe = slope.is_number or bool(slope.is_nonzero) or len(inside) == 1
            if safe:
                rank = (len(inside), int(slope not in (1, -1)), operations(slope), k, unknown.name)
                yield rank, equation, unknown, slope


@lru_cache(maxsize=2048)  # every round asks again of the equations that are left
def _slope(equation: Expr, unknown: sp.Symbol) -> Expr | None:
    """The coefficient of the unknown; None where the equation is not affine in it."""
    slope = _coefficient(equation, unknown)
    return slope if slope is None or is_multiplied_out(slope) else sp.cancel(slope)


def _coefficient(e: Expr, unknown: sp.Symbol) -> Expr | None:
    """The coefficient as the terms have it.

    >>> x, a = sp.symbols("x a")
    >>> _coefficient(a*(1 - 2*x) + x, x), _coefficient(x**2 + x, x)
    (1 - 2*a, None)
    """
    if e == unknown:
        return sp.S.One
    if unknown not in e.free_symbols:
        return _ZERO
    if e.is_Add:
        parts = [_coefficient(term, unknown) for term in e.args]
        return None if any(p is None for p in parts) else sp.Add(*parts)
    inside = [f for f in e.args if unknown in f.free_symbols]
    if not e.is_Mul or len(inside) != 1:
        return None
    inner = _coefficient(inside[0], unknown)
    return None if inner is None else sp.Mul(*(f for f in e.args if f is not inside[0]), inner)


def _hinted(hints: Sequence[Step], begin: BindingCase) -> list[Step]:
    """The solver's own elimination of the same equations; empty if it left none."""
    mine = set(begin.equations)
    for k, step in enumerate(hints):
        if isinstance(step, BindingCase) and set(step.equations) == mine:
            rest = hints[k + 1 :]
            end = next((i for i, s in enumerate(rest) if not isinstance(s, Solve)), len(rest))
            return list(rest[:end])
    return []


def _eliminated(case: Case, back: Mapping[sp.Symbol, sp.Symbol]) -> list[Step]:
    if len(case.unknowns) > UNKNOWNS_LIMIT or Eliminate().applies(case) is not None:
        return []
    if sum(map(operations, case.equations)) > ELIMINATED_LIMIT:
        return []
    found = Eliminate(attempts=ATTEMPTS, longest=LONGEST).solve(case)
    if isinstance(found, Declined):
        return []
    return [
        replace(
            s,
            equation=s.equation.xreplace(dict(back)),
            unknown=back.get(s.unknown, s.unknown),
            result=s.result.xreplace(dict(back)),
        )
        for s in found[0].steps
        if isinstance(s, Solve)
    ]


def _plain(found: Sequence[Step]) -> list[Solve] | None:
    """Eliminations alone: every equation has its unknown, a result has later unknowns only."""
    steps = [s for s in found if isinstance(s, Solve) and s.strategy == HOW]
    later: set[sp.Symbol] = set()
    unknowns = {s.unknown for s in steps}
    for step in reversed(steps):
        moving = step.result.free_symbols & unknowns
        if not step.equation.has(step.unknown) or not moving <= later:
            return None
        later.add(step.unknown)
    return [_tidied(s) for s in steps] if steps and len(steps) == len(found) else None


def _tidied(step: Solve) -> Solve:
    """The result without quotients in quotients, where that is shorter.

    >>> t, a = sp.symbols("t a")
    >>> _tidied(Solve(HOW, t, t, -t/(-a/(1 - a) - 1))).result
    t*(1 - a)
    """
    result = step.result
    sums = (p.base for p in result.atoms(sp.Pow) if p.exp.is_negative and p.base.is_Add)
    nested = any(q.exp.is_negative for base in sums for q in base.atoms(sp.Pow))
    if not nested or operations(result) > OPERATIONS_LIMIT or not result.is_rational_function():
        return step
    plain = sp.factor_terms(sp.cancel(result))
    minus = sp.factor_terms(-sp.cancel(-result))
    plain = min(plain, minus, key=lambda e: (operations(e), str(e)))
    return replace(step, result=plain) if operations(plain) < operations(result) else step


def follows(begin: BindingCase, steps: Sequence[Solve], table: Mapping[sp.Symbol, float]) -> bool:
    """Whether each equation is one of the case's, with what was solved before put in, times a
    factor that is not zero at the solution.

    In numbers near the solution `table`: the ratio of the two stays what it is as one comes nearer.

    >>> x, y = sp.symbols("x y")
    >>> case = BindingCase((), (x*y - y, y), (x, y))
    >>> rows = [Solve(HOW, x - 1, x, sp.S.One), Solve(HOW, y, y, sp.S.Zero)]
    >>> follows(case, rows, {x: 1.0, y: 0.0})
    False
    """
    moving = [s for s in begin.unknowns if s in table]
    near = []
    for scale, bend in ((1e-2, 3), (1e-4, 3), (1e-2, 5), (1e-4, 7)):
        shifts = (scale * (1 + (bend * k * k + k) % 7 / 5) for k in range(1, len(moving) + 1))
        moved = {s: table[s] * (1 + d) if table[s] else d for s, d in zip(moving, shifts)}
        near.append({**table, **moved})
    left = list(begin.equations)
    done: list[Solve] = []
    for step in steps:
        shown = [number(step.equation, at) for at in near]
        spreads = []
        for k, equation in enumerate(left):
            ratios = [_over(number(equation, at), value) for at, value in zip(near, shown)]
            if all(map(math.isfinite, ratios)):
                spreads.append((max(abs(_over(r, ratios[0]) - 1) for r in ratios), k))
        spread, match = min(spreads, default=(math.inf, 0))
        if not spread < SPREAD:
            return False
        del left[match]
        done.insert(0, step)
        for at in near:  # what is solved is put in: from here on it is what the results say
            for earlier in done:
                at[earlier.unknown] = number(earlier.result, at)
    return True


def _over(a: float, b: float) -> float:
    return a / b if b else math.nan
