"""A discarded case is looked for: points that meet all of its relations would refute it.

One equation is followed along every symbol to a change of sign; several are approached by
Gauss-Newton steps from random starts.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.steps import Discarded
from alignsym.verify.arithmetic import Undefined, big
from alignsym.verify.evaluator import compiled, safe_name
from alignsym.verify.scene import Env, inside, random_numbers, value

TRIES = 40
STARTS = 12
STEPS = 40
NEAR = 1e-10
CLEAR = 1e-6  # by how much inequalities must hold at a point that refutes


def discarded(step: Discarded, game: Game, rng: random.Random) -> str | None:
    """Why the case is possible after all, '' if no point was found, None without a test."""
    equations = [r for r in step.relations if r.is_equality]
    if not equations:
        return None
    symbols = sorted({s for r in step.relations for s in r.free_symbols}, key=str)
    declared = tuple(r for r in game.domain() if r.free_symbols <= set(symbols))
    others = [r for r in step.relations if not r.is_equality]
    others += [
        Relation(s, ">" if s.is_positive else ">=", sp.S.Zero) for s in symbols if s.is_nonnegative
    ]
    if len(equations) > 1:
        return _approached(equations, (*declared, *others), symbols, rng)
    (only,) = equations
    tested = False
    for _ in range(TRIES):
        at = random_numbers(sp.Add(*symbols), {}, rng)
        here = value(only.gap, at) if inside(declared, at) else None
        if here is None:
            continue
        tested = True
        if step.sign and (big(here) > 0) != (step.sign == "positive"):
            return f"the sign is not {step.sign}"
        for s in symbols:
            name = safe_name(s.name)
            root = _crossing(only.gap, name, at, signed=not s.is_nonnegative)
            if root is not None and _clearly((*declared, *others), {**at, name: root}):
                return "a point meets the discarded case"
    return "" if tested else None


def _clearly(region: Region, at: Env) -> bool:
    """All relations hold, strict ones and edges by more than rounding."""
    gaps = [value(r.gap, at) for r in region]
    return all(g is not None and big(g) > (CLEAR if r.is_strict else -NEAR)
               for g, r in zip(gaps, region))  # fmt: skip


def _crossing(e: Expr, name: str, at: Env, *, signed: bool) -> Any:
    grid = [Fraction(2) ** k for k in range(-12, 13, 3)]
    grid = [-g for g in reversed(grid)] + grid if signed else grid
    last: tuple[Fraction, Any] | None = None
    for point in grid:
        here = value(e, {**at, name: point})
        if here is None:
            last = None
            continue
        if last is not None and (big(here) > 0) != (last[1] > 0):
            return _bisected(e, name, at, last[0], point)
        last = (point, big(here))
    return None


def _bisected(e: Expr, name: str, at: Env, low: Fraction, high: Fraction) -> Any:
    sign = big(value(e, {**at, name: low}) or 0) > 0
    for _ in range(60):
        middle = (low + high) / 2
        here = value(e, {**at, name: middle})
        if here is None:
            return None
        low, high = (middle, high) if (big(here) > 0) == sign else (low, middle)
    end = value(e, {**at, name: low})
    return low if end is not None and abs(big(end)) < 1e-9 else None  # else a pole


def _approached(
    equations: Sequence[Relation], region: Region, symbols: Sequence[sp.Symbol], rng: random.Random
) -> str | None:
    """Gauss-Newton on all equations at once, from random starts."""
    names = [safe_name(s.name) for s in symbols]
    rows = [compiled(r.gap).quick for r in equations]
    tested = False

    def residuals(x: np.ndarray) -> np.ndarray:
        env = dict(zip(names, map(float, x)))
        return np.array([float(row(env)) for row in rows])

    for _ in range(STARTS):
        start = random_numbers(sp.Add(*symbols), {}, rng)
        x = np.array([float(start[n]) for n in names])
        try:
            for _ in range(STEPS):
                f = residuals(x)
                columns = []
                for k in range(len(x)):
                    h = 1e-7 * max(1.0, abs(x[k]))
                    moved = x.copy()
                    moved[k] += h
                    columns.append((residuals(moved) - f) / h)
                x = x - np.linalg.lstsq(np.array(columns).T, f, rcond=None)[0]
            left = np.abs(residuals(x)).max()
        except (Undefined, np.linalg.LinAlgError, ValueError, OverflowError):
            continue
        tested = True
        at: Env = dict(zip(names, map(float, x)))
        if left < NEAR and _clearly(region, at):
            return "a point meets the discarded case"
    return "" if tested else None
