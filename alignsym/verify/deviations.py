"""The search for a feasible deviation that pays.

A point is refuted by one feasible deviation with a strictly larger objective.  `improvement` looks
for one: it screens in floats, deterministically, and reports only what the precise arithmetic
confirms at a point that satisfies every constraint there.  That it finds nothing proves nothing.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from alignsym.verify.arithmetic import CONTEXT, PRECISE, Number, Overflow, Undefined, big
from alignsym.verify.coefficients import Environment
from alignsym.verify.movers import Mover, satisfied, within
from alignsym.verify.terrain import NEAR, Terrain, Vector

_STEPS = (1e-3, 1e-2, 0.1, 0.5, 1.0, 10.0)
_FINE = (1e-6, 1e-5, 1e-4, *_STEPS)  # along the slope: an optimum may be near a corner
_FEW = 50  # trials: after so few one hill is climbed
_MANY, _HILLS = 6, 3  # hills are climbed in at most so many actions, and so many of them


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
    seen = search.valued(search.trials(count))
    better = [pair for pair in seen if search.is_better(pair[0], now)]
    if not better and len(mover.names) <= _MANY:
        # no trial pays, but the hill it stands on may be higher than this one
        most = _HILLS if count > _FEW else 1
        tops = search.valued(search.climbed(x) for x in search.hills(seen)[:most])
        better = [pair for pair in tops if search.is_better(pair[0], now)]
    better.sort(key=lambda pair: -pair[0])
    for _, trial in better[:8]:
        found = search.confirmed(trial, now)
        if found is not None:
            return found
    return None


class _Search(Terrain):
    """Trial points around `here` and what they are worth; lives for one call of `improvement`."""

    def valued(self, trials: Iterable[Vector]) -> list[tuple[float, Vector]]:
        """The trials made feasible, with their objective in floats; oo where that overflows."""
        out = []
        seen = {tuple(self.here)}
        for trial in trials:
            x = self.made_feasible(trial)
            if x is None or tuple(x) in seen:
                continue
            seen.add(tuple(x))
            value = self.value(x)
            if value is not None:
                out.append((value, x))
        return out

    def value(self, x: Vector) -> float | None:
        """The objective in floats; None where undefined."""
        try:
            return self.worth(self.at(x))
        except Overflow:
            return math.inf
        except Undefined:
            return None

    def is_better(self, value: float, now: Number) -> bool:
        """Whether a float looks larger than the present objective."""
        present = self.value(self.here)
        present = float(now) if present is None else present
        if math.isinf(present) or math.isinf(value):
            return value > present
        return value - present > 1e-12 * max(abs(value), abs(present))

    def hills(self, seen: list[tuple[float, Vector]]) -> list[Vector]:
        """The best of the trials, no two of them close together and none close to `here`."""
        chosen = [self.here]
        for _, x in sorted(seen, key=lambda pair: -pair[0]):
            gaps = (
                max(abs(v - w) / max(abs(w), s) for v, w, s in zip(x, other, self.size))
                for other in chosen
            )
            if min(gaps) > 0.5:
                chosen.append(x)
            if len(chosen) > _HILLS:
                break
        return chosen[1:]

    def climbed(self, x: Vector) -> Vector:
        """A better point uphill from x by moves along the axes, made shorter when none helps."""
        best = self.value(x)
        steps = [0.2 * max(abs(v), s) for v, s in zip(x, self.size)]
        for _ in range(8):
            moved = False
            for i, sign in itertools.product(range(len(x)), (1, -1)):
                y = self.made_feasible([*x[:i], x[i] + sign * steps[i], *x[i + 1 :]])
                value = None if y is None else self.value(y)
                if y is not None and value is not None and (best is None or value > best):
                    x, best, moved = y, value, True
            if not moved:
                steps = [step / 3 for step in steps]
        return x

    # -------------------------------------------------- trials
    def trials(self, count: int) -> Iterator[Vector]:
        """Points to try: aimed ones, then random ones on several scales."""
        n, rng, here, size = len(self.here), self.rng, self.here, self.size
        slope = self.differences(self.worth, here)
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

    # -------------------------------------------------- confirmation
    def confirmed(self, trial: Vector, now: Number) -> Found | None:
        """The same deviation in the precise arithmetic, put exactly onto what it should meet."""
        active = [k for k, (g, s) in enumerate(self.slacks(trial) or []) if abs(g) <= NEAR * s]
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
