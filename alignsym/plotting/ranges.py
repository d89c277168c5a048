"""Where to draw: a parameter range, the other parameters fixed, and which case holds there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from typing import Any

import sympy as sp

from alignsym.errors import UsageError
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region
from alignsym.solution import Case, Continuum, Regime, Solution
from alignsym.verify.arithmetic import Undefined
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.evaluator import compiled, safe_name

POINTS = 241
BISECTIONS = 60
SMALL = (1.0, 2.0, 0.5, 3.0)
TRIED = 1024
Numbers = dict[str, float]


@dataclass(frozen=True, slots=True)
class Span:
    """The parameter `symbol` from `low` to `high`."""

    symbol: sp.Symbol
    low: float
    high: float

    def grid(self, count: int = POINTS) -> list[float]:
        """Equally spaced, ends included."""
        step = (self.high - self.low) / (count - 1)
        return [self.low + k * step for k in range(count)]


def span(game: Game, name: object, ends: tuple[Any, Any] | None, fixed: Numbers) -> Span:
    """The range to draw, by default a quarter to four times the fixed value, within what is
    declared.

    Raises: UsageError for a name that is no parameter, or ends that are no interval.
    """
    found = [p.symbol for p in game.parameters if str(p.symbol) == str(name)]
    if not found:
        known = ", ".join(str(p.symbol) for p in game.parameters) or "none"
        raise UsageError(f"{name} is not a parameter", where="plot", remedy=f"parameters: {known}")
    (symbol,) = found
    here = fixed[str(symbol)]
    low, high = (here / 4, here * 4) if ends is None else (float(ends[0]), float(ends[1]))
    if here <= 0 and ends is None:
        low, high = here - 2, here + 2
    if not low < high:
        raise UsageError(
            f"no interval from {low} to {high}", where="plot",
            remedy="give a number for the parameter (--at), or the range (--ends)",
        )  # fmt: skip
    return Span(symbol, low, high)


def fixed_at(solution: Solution, at: Mapping[Any, Any]) -> Numbers:
    """Numbers for all parameters: those given, the others from a point inside the first case, of
    small numbers if there is one.

    Raises: UsageError where no point is known.
    """
    numbers = _inside(solution)
    known = {str(p.symbol) for p in solution.game.parameters}
    for name, number in at.items():
        if str(name) not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise UsageError(
                f"{name} is not a parameter", where="plot, at", remedy=f"parameters: {listed}"
            )
        numbers[str(name)] = float(Fraction(str(number)))
    missing = sorted(known - set(numbers))
    if missing:
        raise UsageError(f"no value for {', '.join(missing)}", where="plot", remedy="give at={...}")
    return numbers


def _inside(solution: Solution) -> Numbers:
    names = [str(p.symbol) for p in solution.game.parameters]
    declared = solution.game.domain()
    whole = [str(p.symbol) for p in solution.game.parameters if p.integer]
    for case in (c for c in solution.cases if c.witness):
        region = tuple(r.tightened() for r in (*declared, *case.when))
        tried = product(*(SMALL if n not in whole else (2, 3) for n in names))
        for numbers in islice(tried, TRIED):
            point = dict(zip(names, map(float, numbers), strict=True))
            if holds(region, point):
                return point
        found = {str(s): _float(v) for s, v in case.witness}
        if all(map(math.isfinite, found.values())):  # else it is beyond what can be drawn
            return found
    return {}


def _float(number: Expr) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def cases_at(solution: Solution, at: Numbers) -> list[int]:
    """The numbers of all cases that hold at the point: several where solutions are several."""
    if not holds(solution.game.domain(), at):
        return []
    return [k for k, case in enumerate(solution.cases) if holds(case.when, at)]


def value(e: Expr, at: Numbers) -> float:
    """The number of an expression; nan where it has none."""
    try:
        return float(compiled(e).quick({safe_name(k): v for k, v in at.items()}))
    except (Undefined, NotEvaluable, ArithmeticError, KeyError, TypeError):
        return math.nan


def holds(region: Region, at: Numbers, slack: float = 1e-12) -> bool:
    """Whether all relations hold up to rounding."""
    for r in region:
        gap = value(r.gap, at)
        if not (abs(gap) <= slack if r.is_equality else gap > 0 if r.is_strict else gap >= -slack):
            return False
    return True


def case_at(solution: Solution, at: Numbers) -> int | None:
    """The number of the first case that holds at the point."""
    return next(iter(cases_at(solution, at)), None)


def formulas(case: Case) -> dict[str, Expr]:
    """Values, then shadow prices as mu[name]."""
    if not isinstance(case, Regime):
        return {}
    named = {str(s): v for s, v in case.values}
    return named | {f"mu[{n}]": e for n, e in case.multipliers}


def profiles(solution: Solution, fixed: Numbers) -> list[Numbers]:
    """Every known solution at the point, with the parameters."""
    out = []
    for regime in solution.regimes:
        if holds(regime.when, fixed):
            out.append({**fixed, **{str(s): value(e, fixed) for s, e in regime.values}})
    return out


def members(solution: Solution, fixed: Numbers) -> list[Numbers]:
    """One known point of every set of solutions at the point, with the parameters."""
    out: list[Numbers] = []
    for case in solution.cases:
        if not isinstance(case, Continuum) or not holds(case.when, fixed):
            continue
        rows = [{**fixed, **{str(s): value(e, fixed) for s, e in m}} for m in case.members]
        out += [row for row in rows if holds(case.relations, row)][:1]
    return out


def root(gap: Callable[[float], float], low: float, high: float) -> float:
    """Where the function changes sign, by bisection; an end where it is zero; else nan."""
    ends = gap(low), gap(high)
    for end, at in zip(ends, (low, high)):
        if abs(end) < 1e-9:
            return at
    if not (ends[0] * ends[1] < 0):
        return math.nan
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if (gap(middle) > 0) == (ends[0] > 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2
