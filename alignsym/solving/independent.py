"""Multipliers that are not unique: a binding set of which independent constraints are kept.

    sum_k mu_k grad g_k = grad f,  mu >= 0   ->   the same with the g_k of an independent set

(Caratheodory).  At a vertex where more constraints meet than there are actions the multipliers are
a set; any independent part of the constraints that still prices the gradient gives the point in
closed form and shows it optimal.  The numbers tell which part: from the multipliers found one goes
along a direction in which stationarity is unchanged until one of them is zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import sympy as sp

from alignsym.conditions.system import System
from alignsym.solving.oracle.interior import NumericPoint
from alignsym.solving.oracle.tape import Tape

NEAR = 1e-7
TIED = 1e-4


def independent(system: System, number: NumericPoint) -> Iterator[NumericPoint]:
    """The point with fewer binding pairs, whose multipliers are then unique; nothing if they are.

    Two ways at most: from the multipliers found, along the first free direction and against it.
    """
    seen = {number.binding}
    for sign in (1.0, -1.0):
        found = _reduced(system, number, sign)
        if found.binding not in seen:
            seen.add(found.binding)
            yield found


def _reduced(system: System, number: NumericPoint, sign: float) -> NumericPoint:
    """Pairs dropped one by one, until the gradients of the others are independent."""
    while True:
        pairs = [system.pairs[k] for k in sorted(number.binding)]
        multipliers = [*(f.symbol for f in system.free), *(p.multiplier for p in pairs)]
        rows = [e.expression for e in system.equations if e.origin.kind == "stationarity"]
        if not multipliers or not rows:
            return number
        table = number.table()
        matrix = _matrix(rows, multipliers, table)
        if matrix is None:
            return number
        direction = sign * _free_direction(matrix)
        start = len(system.free)
        steps = [
            (table[p.multiplier] / -direction[start + i], k)
            for i, (k, p) in enumerate(zip(sorted(number.binding), pairs, strict=True))
            if direction[start + i] < -NEAR
        ]
        if not steps:
            steps = [
                (table[p.multiplier] / direction[start + i], k)
                for i, (k, p) in enumerate(zip(sorted(number.binding), pairs, strict=True))
                if direction[start + i] > NEAR
            ]
            direction = -direction
        if not steps:
            return number
        length, dropped = min(steps)
        moved = {m: table[m] + length * d for m, d in zip(multipliers, direction, strict=True)}
        moved[system.pairs[dropped].multiplier] = 0.0
        unknowns = tuple((s, float(moved.get(s, v))) for s, v in number.unknowns)
        number = replace(number, unknowns=unknowns, binding=number.binding - {dropped})


def _matrix(
    rows: list[sp.Expr], multipliers: list[sp.Symbol], table: dict[sp.Symbol, float]
) -> np.ndarray | None:
    """The gradients of the constraints as columns, scaled to length one; None where undefined."""
    slopes = [sp.diff(row, m) for row in rows for m in multipliers]
    symbols = list(table)
    values = Tape(slopes, [], symbols).values([], [table[s] for s in symbols])
    matrix = np.array(values, dtype=float).reshape(len(rows), len(multipliers))
    return matrix if np.isfinite(matrix).all() else None


def _free_direction(matrix: np.ndarray) -> np.ndarray:
    """A direction of multipliers that changes no gradient; zero if there is none."""
    _, sizes, rows = np.linalg.svd(matrix)
    rank = int((sizes > NEAR * max(1.0, float(sizes.max(initial=0.0)))).sum())
    if rank == matrix.shape[1]:
        return np.zeros(matrix.shape[1])
    free: np.ndarray = rows[-1]
    return free


def tied(system: System, number: NumericPoint) -> NumericPoint | None:
    """The point with every pair binding whose slack and multiplier are both zero; None if none is.

    On the border between two regimes the closed form of one of them may not be defined.
    """
    table = number.table()
    symbols = list(table)
    slacks = Tape([p.slack for p in system.pairs], [], symbols).values(
        [], [table[s] for s in symbols]
    )
    more = {
        k
        for k, pair in enumerate(system.pairs)
        if k not in number.binding and abs(slacks[k]) < TIED and table[pair.multiplier] < TIED
    }
    return replace(number, binding=number.binding | more) if more else None
