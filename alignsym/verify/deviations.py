"""The search for a feasible deviation that pays.

A point is refuted by one feasible deviation with a strictly larger objective.  `improvement` looks
for one: it screens in floats, deterministically, and reports only what the precise arithmetic
confirms at a point that satisfies every constraint there.  That it finds nothing proves nothing.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from alignsym.verify.arithmetic import CONTEXT, PRECISE, QUICK, Number, Overflow, Undefined, big
from alignsym.verify.evaluator import Environment
from alignsym.verify.movers import Mover, satisfied, within

_NEAR = 1e-9  # relative slack below which a constraint counts as binding in floats
_STEPS = (1e-3, 1e-2, 0.1, 0.5, 1.0, 10.0)
_FINE = (1e-6, 1e-5, 1e-4, *_STEPS)  # along the slope: an optimum may be near a corner
Vector = list[float]


@dataclass(frozen=True, slots=True)
class Found:
    """A deviation that pays: where to, and how much."""

    to: dict[str, Number]
    gain: Number


def improvement(mover: Mover, env: Environment, rng: random.Random, count: int) -> Found | None:
    """A feasible deviation that raises the mover's objective by more than 1e-9 relative, or None.

    `env` has exact numbers for all parameters and all values, at which the mover is feasible.
    """
    if not mover.names:
        return None
    try:
        search = _Search(mover, env, rng)
    except OverflowError:
        return None
    now = mover.objective.at(env, PRECISE)
    try:
        now_quick = mover.objective.at(search.env, QUICK)
    except Undefined:
        now_quick = float(now)
    better: list[tuple[float, Vector]] = []
    for trial in search.trials(count):
        feasible = search.made_feasible(trial)
        if feasible is None or feasible == search.here:
            continue
        try:
            value = mover.objective.at(search.at(feasible), QUICK)
        except Overflow:
            value = math.inf
        except Undefined:
            continue
        size = max(abs(value), abs(now_quick)) if math.isfinite(now_quick) else 0.0
        if value > now_quick and (math.isinf(size) or value - now_quick > 1e-12 * size):
            better.append((value, feasible))
    better.sort(key=lambda pair: -pair[0])
    for _, trial in better[:8]:
        found = search.confirmed(trial, now)
        if found is not None:
            return found
    return None


class _Search:
    """The numbers one search needs; lives for one call of `improvement`."""

    def __init__(self, mover: Mover, env: Environment, rng: random.Random) -> None:
        self.mover, self.exact, self.rng = mover, env, rng
        self.env = {k: float(v) for k, v in env.items()}
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
            k for k, (gap, size) in enumerate(slacks) if abs(gap) <= _NEAR * size or k in self.equal
        ]

    def at(self, x: Vector) -> dict[str, float]:
        """All numbers with the mover's actions at x."""
        return {**self.env, **dict(zip(self.mover.names, x))}

    def slacks(self, x: Vector) -> list[tuple[float, float]] | None:
        """Slack and size of every constraint, or None where one is undefined."""
        env = self.at(x)
        floor = 1e-3 * max(abs(v) for v in x) + 1e-300
        try:
            pairs = [s.sides(env, QUICK) for s in self.mover.slacks]
        except Undefined:
            return None
        return [(gap, max(size, floor)) for gap, size in pairs]

    def gradient_of_slack(self, k: int, x: Vector) -> Vector:
        """Central differences of one slack; zero where undefined."""
        return self.differences(lambda env: self.mover.slacks[k].sides(env, QUICK)[0], x)

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

    # -------------------------------------------------- trials
    def trials(self, count: int) -> Iterator[Vector]:
        """Points to try: aimed ones, then random ones on several scales."""
        n, rng, here, size = len(self.here), self.rng, self.here, self.size
        slope = self.differences(lambda env: self.mover.objective.at(env, QUICK), here)
        for active in self.active_sets():
            for direction in (slope, [rng.gauss(0, 1) / s for s in size]):
                d = self.projected([g * s * s for g, s in zip(direction, size)], active)
                for step in _FINE if direction is slope else rng.sample(_STEPS, 2):
                    yield [v + step * e for v, e in zip(here, d)]
        aimed = [
            [*here[:i], here[i] + sign * step * size[i], *here[i + 1 :]]
            for i in range(n)
            for sign in (1, -1)
            for step in _STEPS
        ]
        ends = [
            [*here[:i], end, *here[i + 1 :]]
            for i in range(n)
            for end in (self.low[i], self.high[i], 0.0)
            if math.isfinite(end)
        ]
        for i, j in itertools.combinations(range(min(n, 6)), 2):
            for sign, step in itertools.product((1, -1), (0.03, -0.03)):
                x = list(here)
                x[i], x[j] = x[i] + step * size[i], x[j] + sign * step * size[j]
                aimed.append(x)
        aimed += self.exchanges()
        aimed += [[v * factor for v in here] for factor in (0.0, 0.5, 0.99, 1.01, 2.0, 1e3)]
        room = max(count // 2, 8) + 8 * n
        yield from ends if len(ends) <= room else rng.sample(ends, room)
        yield from aimed if len(aimed) <= room else rng.sample(aimed, room)
        for _ in range(max(count // 2, 8)):
            scale = 10 ** rng.uniform(-3, 4)
            chosen = rng.sample(range(n), rng.randint(1, n))
            yield [self.random_end(i, scale) if i in chosen else here[i] for i in range(n)]

    def random_end(self, i: int, scale: float) -> float:
        """A random number in the interval of action i, on the scale given where it is unbounded."""
        low, high, s = self.low[i], self.high[i], self.size[i]
        if math.isfinite(low) and math.isfinite(high):
            return low + (high - low) * self.rng.random()
        if math.isfinite(low):
            return low + s * scale * self.rng.random()
        if math.isfinite(high):
            return high - s * scale * self.rng.random()
        return self.here[i] + s * scale * self.rng.uniform(-1, 1)

    def active_sets(self) -> list[list[int]]:
        """Which constraints to move along: equalities; with each binding one; with all."""
        loose = [k for k in self.binding if k not in self.equal]
        out = [self.equal, [*self.equal, *loose]]
        out += [[*self.equal, k] for k in loose[:4]]
        out += [[*self.equal, *(j for j in loose if j != k)] for k in loose[:4]]
        return [list(key) for key in dict.fromkeys(map(tuple, out))]

    def exchanges(self) -> list[Vector]:
        """One action up, another down, so that a binding linear constraint keeps its value."""
        out = []
        for k in self.binding:
            row = self.rows[k]
            moved = [i for i, a in enumerate(row) if abs(a) > 1e-9 and self.low[i] < self.high[i]]
            for i in moved:
                for j in (j for j in moved if j != i):
                    for step in (1e-2, 0.3):
                        x = list(self.here)
                        x[i] += step * self.size[i]
                        x[j] -= step * self.size[i] * row[i] / row[j]
                        out.append(x)
            if len(out) > 200:
                break
        return out

    def projected(self, d: Vector, active: list[int]) -> Vector:
        """The part of a direction along which the active constraints keep their value, size 1."""
        free = [
            not (v <= lo and e < 0 or v >= hi and e > 0)
            for v, lo, hi, e in zip(self.here, self.low, self.high, d)
        ]
        e = np.array([v / s if f else 0.0 for v, s, f in zip(d, self.size, free)])
        if active:
            scaled = np.array([self.rows[k] for k in active]) * np.array(self.size) * np.array(free)
            if np.any(scaled):
                e = e - np.linalg.pinv(scaled) @ (scaled @ e)
        top = float(np.max(np.abs(e))) if len(e) else 0.0
        if not top > 1e-14:
            return [0.0] * len(d)
        return [float(v) / top * s for v, s in zip(e, self.size)]

    # -------------------------------------------------- feasibility
    def clipped(self, x: Vector) -> Vector:
        """Moved into the intervals; an open end is approached, not reached."""
        out = []
        for v, lo, hi, bound in zip(x, self.low, self.high, self.mover.bounds):
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
        pairs = self.slacks(x)
        if pairs is None:
            return None
        broken = self.broken(pairs)
        if not broken:
            return x
        repaired = self.repaired(x, sorted({*broken, *self.equal}))
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

    def repaired(self, x: Vector, active: list[int]) -> Vector | None:
        """Newton's method of least norm onto `active` taken as equalities."""
        for _ in range(5):
            step = self.newton(x, active, [p[0] for p in self.slacks(x) or []])
            if step is None:
                return None
            x = self.clipped([v + d for v, d in zip(x, step)])
            pairs = self.slacks(x)
            if pairs is None:
                return None
            broken = self.broken(pairs)
            if not broken:
                return x
            active = sorted({*active, *broken})
        return None

    def newton(self, x: Vector, active: list[int], gaps: Vector) -> Vector | None:
        """The smallest step (in units of `size`) that brings the active slacks to zero."""
        if not gaps:
            return None
        rows = [self.rows[k] if self.linear[k] else self.gradient_of_slack(k, x) for k in active]
        free = [lo < v < hi for v, lo, hi in zip(x, self.low, self.high)]
        scaled = np.array(rows) * np.array([s * f for s, f in zip(self.size, free)])
        if not np.all(np.isfinite(scaled)) or not np.any(scaled):
            return None
        step = np.linalg.pinv(scaled) @ -np.array([gaps[k] for k in active])
        return [float(v) * s for v, s in zip(step, self.size)]

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

    # -------------------------------------------------- confirmation
    def confirmed(self, trial: Vector, now: Number) -> Found | None:
        """The same deviation in the precise arithmetic, put exactly onto what it should meet."""
        active = [k for k, (g, s) in enumerate(self.slacks(trial) or []) if abs(g) <= _NEAR * s]
        active = sorted({*active, *self.equal})
        ends = {
            f: e
            for b in self.mover.bounds
            for f, e in zip(map(float, (b.low, b.high)), (b.low, b.high))
        }  # noqa: E501
        x = [ends.get(v, big(v)) for v in trial]
        try:
            for _ in range(12):
                env = {**self.exact, **dict(zip(self.mover.names, x))}
                pairs = [s.sides(env, PRECISE) for s in self.mover.slacks]
                if all(
                    abs(big(pairs[k][0])) <= 1e-30 * max(pairs[k][1], big(1e-9)) for k in active
                ):
                    break
                gaps = [float(gap) for gap, _ in pairs]
                step = self.newton(trial, active, gaps)
                if step is None:
                    return None
                x = [v if d == 0 else big(v) + big(d) for v, d in zip(x, step)]
            if not self.allowed(env, pairs):
                return None
            value = self.mover.objective.at(env, PRECISE)
        except Undefined:
            return None
        value, now = big(value), big(now)
        if not value > now:
            return None
        gain = value - now
        if CONTEXT.isfinite(gain) and gain <= 1e-9 * max(abs(value), abs(now)) + 1e-18:
            return None
        return Found({n: env[n] for n in self.mover.names}, gain)

    def allowed(self, env: Environment, pairs: list[tuple[Number, Number]]) -> bool:
        """Whether the point satisfies the intervals and constraints in the precise arithmetic."""
        for name, bound in zip(self.mover.names, self.mover.bounds):
            if not within(env[name], bound):
                return False
        return all(
            satisfied(s.relation, gap, size) for s, (gap, size) in zip(self.mover.slacks, pairs)
        )
