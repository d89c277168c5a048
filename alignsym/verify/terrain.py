"""The feasible set around a point, in floats: slacks, their gradients, and ways back into it."""

from __future__ import annotations

import math
import operator
import random
from typing import Any, TypeAlias

import numpy as np

from alignsym.verify.arithmetic import Undefined
from alignsym.verify.coefficients import Environment
from alignsym.verify.movers import Mover

NEAR = 1e-9  # relative slack below which a constraint counts as binding in floats
Vector: TypeAlias = list[float]


class Terrain:
    """What one mover can reach around the point `env`, in floats: `here`, `low`, `high`, `size`.

    `rows` are the gradients of the slacks at `here`, `linear` says which do not change, `equal` and
    `binding` index the equalities and the constraints that bind.
    """

    def __init__(self, mover: Mover, env: Environment, rng: random.Random) -> None:
        self.mover, self.exact, self.rng = mover, env, rng
        self.worth = mover.objective.quick()
        self.sides = [s.quick() for s in mover.slacks]
        self.env = {k: float(v) for k, v in env.items()}
        self._table = self.env.copy()
        self._inverses: dict[tuple[tuple[int, ...], tuple[bool, ...]], list[Vector] | None] = {}
        self._feasible: dict[tuple[float, ...], Vector | None] = {}
        self.here = [self.env[n] for n in mover.names]
        self.low = [float(b.low) for b in mover.bounds]
        self.high = [float(b.high) for b in mover.bounds]
        ends = [abs(e) for e in (*self.low, *self.high) if math.isfinite(e)]
        typical = max([abs(v) for v in self.here] + [0.0]) or max([*ends, 0.0]) or 1.0
        self.size = [max(abs(v), 0.01 * typical) or typical for v in self.here]
        self.size = [s if v else typical for s, v in zip(self.size, self.here)]
        self.rows = [self.gradient_of_slack(k, self.here) for k in range(len(mover.slacks))]
        other = [v + s * rng.uniform(0.1, 0.4) for v, s in zip(self.here, self.size)]
        self.linear = [
            bool(np.allclose(row, self.gradient_of_slack(k, other), rtol=1e-5, atol=1e-7))
            for k, row in enumerate(self.rows)
        ]
        self.equal = [k for k, s in enumerate(mover.slacks) if s.relation.is_equality]
        slacks = self.slacks(self.here) or []
        self.binding = [
            k for k, (gap, size) in enumerate(slacks) if abs(gap) <= NEAR * size or k in self.equal
        ]

    def at(self, x: Vector) -> dict[str, float]:
        """All numbers with the mover's actions at x: one table, good until the next call."""
        self._table.update(zip(self.mover.names, x))
        return self._table

    def slacks(self, x: Vector) -> list[tuple[float, float]] | None:
        """Slack and size of every constraint, or None where one is undefined."""
        env = self.at(x)
        floor = 1e-3 * max(map(abs, x)) + 1e-300
        try:
            pairs = [sides(env) for sides in self.sides]
        except Undefined:
            return None
        return [(gap, max(size, floor)) for gap, size in pairs]

    def gradient_of_slack(self, k: int, x: Vector) -> Vector:
        """Central differences of one slack; zero where undefined."""
        return self.differences(lambda env: self.sides[k](env)[0], x)

    def differences(self, function: Any, x: Vector) -> Vector:
        """Central differences, one-sided at the edge of the domain, zero where undefined."""
        out = []
        for i, size in enumerate(self.size):
            ends = []
            for step in (1e-6 * size, 0.0, -1e-6 * size):
                y = [*x[:i], x[i] + step, *x[i + 1 :]]
                try:
                    ends.append((y[i], function(self.at(y))))
                except (Undefined, OverflowError):
                    continue
            ends = [e for e in ends if math.isfinite(e[1])]
            run = ends[0][0] - ends[-1][0] if ends else 0.0
            out.append((ends[0][1] - ends[-1][1]) / run if run else 0.0)
        return out

    # -------------------------------------------------- feasibility
    def clipped(self, x: Vector) -> Vector:
        """Moved into the intervals; an open end is approached, not reached."""
        out = []
        for v, lo, hi, bound in zip(x, self.low, self.high, self.mover.bounds):
            if lo < v < hi:
                out.append(v)
                continue
            if v <= lo:
                v = lo if not bound.open_low else lo + 1e-9 * max(1e-3, abs(lo))
            if v >= hi:
                v = hi if not bound.open_high else hi - 1e-9 * max(1e-3, abs(hi))
            out.append(v)
        return out

    def made_feasible(self, x: Vector) -> Vector | None:
        """The point clipped, put back onto violated constraints, or drawn back towards `here`."""
        x = self.clipped(x)
        if not self.mover.slacks:
            return x
        key = tuple(x)  # many trials are clipped to the same point
        if key not in self._feasible:
            self._feasible[key] = self._made_feasible(x)
        return self._feasible[key]

    def _made_feasible(self, x: Vector) -> Vector | None:
        pairs = self.slacks(x)
        if pairs is None:
            return None
        broken = self.broken(pairs)
        if not broken:
            return x
        repaired = self.repaired(x, pairs, sorted({*broken, *self.equal}))
        if repaired is not None:
            return repaired
        if self.equal:
            return None
        return self.drawn_back(x, pairs)

    def broken(self, pairs: list[tuple[float, float]]) -> list[int]:
        """Which constraints do not hold, up to rounding of floats."""
        return [
            k
            for k, (gap, size) in enumerate(pairs)
            if gap < -1e-12 * size or (k in self.equal and gap > 1e-12 * size)
        ]

    def repaired(
        self, x: Vector, pairs: list[tuple[float, float]], active: list[int]
    ) -> Vector | None:
        """Newton's method of least norm from x, with the slacks `pairs`, onto `active` taken as
        equalities."""
        for _ in range(5):
            step = self.newton(x, active, [gap for gap, _ in pairs])
            if step is None:
                return None
            x = self.clipped([v + d for v, d in zip(x, step)])
            after = self.slacks(x)
            if after is None:
                return None
            pairs = after
            broken = self.broken(pairs)
            if not broken:
                return x
            active = sorted({*active, *broken})
        return None

    def newton(self, x: Vector, active: list[int], gaps: Vector) -> Vector | None:
        """The smallest step (in units of `size`) that brings the active slacks to zero."""
        if not gaps:
            return None
        free = tuple(lo < v < hi for v, lo, hi in zip(x, self.low, self.high))
        inverse = self.inverse(x, tuple(active), free)
        if inverse is None:
            return None
        wanted = [-gaps[k] for k in active]
        return [sum(map(operator.mul, row, wanted)) * s for row, s in zip(inverse, self.size)]

    def inverse(
        self, x: Vector, active: tuple[int, ...], free: tuple[bool, ...]
    ) -> list[Vector] | None:
        """The pseudo-inverse of the active gradients in units of `size`, actions at ends fixed.

        Hundreds of trials meet the same few sets: where the gradients are constant it is kept.
        """
        constant = all(self.linear[k] for k in active)
        if constant and (active, free) in self._inverses:
            return self._inverses[active, free]
        rows = [self.rows[k] if self.linear[k] else self.gradient_of_slack(k, x) for k in active]
        scaled = [[g * s * f for g, s, f in zip(row, self.size, free)] for row in rows]
        norm = sum(e * e for row in scaled for e in row)
        out = None
        if norm > 0 and math.isfinite(norm):
            single = [[e / norm] for e in scaled[0]] if len(rows) == 1 else None
            out = single or np.linalg.pinv(np.array(scaled)).tolist()
        if constant:
            self._inverses[active, free] = out
        return out

    def drawn_back(self, x: Vector, pairs: list[tuple[float, float]]) -> Vector | None:
        """The last feasible point of the segment from `here`, if a halving finds one."""
        t = 1.0
        for k, (gap, _) in enumerate(self.slacks(self.here) or []):
            if pairs[k][0] < 0 < gap:
                t = min(t, gap / (gap - pairs[k][0]) * (1 - 1e-12))
        for _ in range(4):
            y = [v + t * (w - v) for v, w in zip(self.here, x)]
            now = self.slacks(y)
            if now is not None and not self.broken(now):
                return y
            t *= 0.3
        return None
