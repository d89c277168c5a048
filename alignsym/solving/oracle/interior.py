"""A numerical solution of the complementarity system at one parameter point: primal-dual interior
point.

    F(x, nu, mu) = 0,   slack(x) - s = 0,   mu * s = tau,   tau -> 0,   s, mu > 0,

Newton steps with the exact Jacobian, kept inside s, mu > 0 and the open domain.  The limit is
strictly complementary wherever a strictly complementary solution exists, which is what reading off
the binding set needs; Lemke's pivots stop at one vertex of a tie instead.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
import sympy as sp

from alignsym.conditions.system import System
from alignsym.solving.oracle.tape import Tape

ITERATIONS = 60
PATIENCE = 12
STARTS = 24
TAU_LEAST = 1e-14


@dataclass(frozen=True, slots=True)
class NumericPoint:
    """Numbers of all unknowns at a parameter point, and the pairs whose slack is zero there."""

    parameters: tuple[tuple[sp.Symbol, Fraction], ...]
    unknowns: tuple[tuple[sp.Symbol, float], ...]
    binding: frozenset[int]
    margin: float

    def table(self) -> dict[sp.Symbol, float]:
        """Parameters and unknowns together."""
        return {**{k: float(v) for k, v in self.parameters}, **dict(self.unknowns)}


class Oracle:
    """The system compiled once, solved at many parameter points."""

    def __init__(self, system: System, parameters: Sequence[sp.Symbol]) -> None:
        self.system = system
        self.parameters = tuple(parameters)
        self.unknowns = (*system.actions, *(f.symbol for f in system.free))
        self.multipliers = tuple(p.multiplier for p in system.pairs)
        inputs = (*self.unknowns, *self.multipliers)
        self._n, self._m = len(self.unknowns), len(self.multipliers)
        self._tape = Tape(
            [*(e.expression for e in system.equations), *(p.slack for p in system.pairs)],
            inputs,
            self.parameters,
        )
        domain = [(r.gap, r.operator) for r in system.domain if r.operator != "!="]
        self._domain = Tape([g for g, _ in domain], inputs, self.parameters)

    def solve(self, point: Mapping[sp.Symbol, Fraction]) -> Iterator[NumericPoint]:
        """Solutions found from deterministic starting points, distinct ones only."""
        constants = [float(point[p]) for p in self.parameters]
        rng = random.Random(17)
        found: list[np.ndarray] = []
        failures = 0
        for trial in range(STARTS):
            start = self._start(constants, rng, trial)
            if start is None:
                return
            # A face of solutions has a centre if it is bounded; else only the drift ends somewhere.
            least = TAU_LEAST if trial % 4 < 2 else 0.0
            if trial % 2:
                uphill = self._ascended(start, constants)
                z = self._newton(uphill, constants, nearby=True, least=least)
            else:
                z = self._newton(start, constants, least=least)
            if z is None:
                failures += 1
                if failures > 8 and not found:
                    return
                continue
            if any(
                np.allclose(z[: self._n], other[: self._n], rtol=1e-5, atol=1e-7) for other in found
            ):
                continue
            found.append(z)
            yield self._read(z, point)
        # Mirror images of what was found: problems that are not concave often have them.
        for start in [flipped for z in list(found) for flipped in self._mirrored(z)]:
            near = self._inside(start, constants)
            z = self._newton(start, constants, nearby=True) if near else None
            if z is not None and not any(
                np.allclose(z[: self._n], other[: self._n], rtol=1e-5, atol=1e-7) for other in found
            ):
                found.append(z)
                yield self._read(z, point)

    def _mirrored(self, z: np.ndarray) -> Iterator[np.ndarray]:
        """The point with the signs of one or more real actions changed; slightly off the point."""
        free = [i for i, s in enumerate(self.system.actions) if not s.is_nonnegative]
        sizes = range(1, len(free) + 1) if len(free) <= 3 else range(1, 3)
        for chosen in (c for k in sizes for c in combinations(free, k)):
            out = z.copy()
            out[list(chosen)] *= -1.0
            out[self._n :] = np.maximum(out[self._n :], 1e-3)
            yield out

    def _start(self, constants: list[float], rng: random.Random, trial: int) -> np.ndarray | None:
        """A point of the open domain; scales from the parameters' size down and up."""
        size = max([1.0, *(abs(c) for c in constants)])
        for attempt in range(60):
            scale = size * 4.0 ** (rng.uniform(-3, 1) if trial or attempt else -0.5)
            x = np.empty(self._n)
            for i, symbol in enumerate(self.unknowns):
                if symbol.is_nonnegative:
                    x[i] = scale * (rng.uniform(0.2, 1.0) if trial or attempt else 0.5)
                else:
                    x[i] = scale * rng.uniform(-1.0, 1.0) if trial or attempt else 0.1
            z = np.concatenate([x, np.full(self._m, 1.0)])
            if self._inside(z, constants):
                return z
        return None

    def _ascended(self, start: np.ndarray, constants: list[float]) -> np.ndarray:
        """Uphill from the start, inside the constraints: nearer to a maximum than to a saddle.

        With multipliers zero the stationarity residuals are the marginal utilities.
        """
        count = len(self.system.actions)
        z = start.copy()
        z[count:] = 0.0
        length = 1.0
        for _ in range(40):
            values, _ = self._tape.run(z, constants)
            uphill = values[:count]
            size = float(np.abs(uphill).max(initial=0.0))
            if not np.isfinite(values).all() or size < 1e-9 or (values[self._n :] < 0).any():
                break
            trial = z.copy()
            trial[:count] += length * uphill / max(1.0, size)
            after = np.array(self._tape.values(trial, constants))
            # Still uphill after the step: a longer one would have passed the top.
            with np.errstate(all="ignore"):
                short = float(after[:count] @ uphill) >= 0  # nan compares false
            if short and self._inside(trial, constants) and (after[self._n :] > 0).all():
                z, length = trial, 1.5 * length
            else:
                length *= 0.4
        return self._estimated(z, constants)

    def _estimated(self, z: np.ndarray, constants: list[float]) -> np.ndarray:
        """Multipliers that fit stationarity best at a point, for slacks that are nearly zero."""
        n = self._n
        values, jacobian = self._tape.run(z, constants)
        if not (np.isfinite(values).all() and np.isfinite(jacobian).all()):
            return z
        tight = [n + k for k in range(self._m) if abs(values[n + k]) < 1e-2 * (1 + abs(z).max())]
        z[n:] = 1e-6
        if tight:
            columns = jacobian[: len(self.system.actions)][:, tight]
            fit = np.linalg.lstsq(columns, -values[: len(self.system.actions)], rcond=None)[0]
            z[tight] = np.maximum(fit, 1e-6)
        return z

    def _inside(self, z: np.ndarray, constants: list[float]) -> bool:
        return all(v > 0 for v in self._domain.values(z, constants))  # nan compares false

    def _newton(
        self,
        start: np.ndarray,
        constants: list[float],
        *,
        nearby: bool = False,
        least: float = TAU_LEAST,
    ) -> np.ndarray | None:
        """Interior-point iterations; `nearby` keeps to the start, which is nearly a solution."""
        n, m = self._n, self._m
        z = start.copy()
        values, jacobian = self._tape.run(z, constants)
        if np.isnan(values).any():
            return None
        s = np.maximum(values[n:], 1e-6 if nearby else 0.1)
        tau, settled = 1e-6 if nearby else 1.0, False
        merits: list[float] = []
        for _ in range(ITERATIONS):
            residual = np.concatenate([values[:n], values[n:] - s])
            gap = float(np.abs(residual).max(initial=0.0))
            complement = float((z[n:] * s).max(initial=0.0))
            size = 1.0 + float(np.abs(z).max())
            if gap < 1e-10 * size and complement < 1e-12 * size and settled:
                return z
            # Not below `least`: at tau = 0 a point would drift along a face of solutions.
            tau = max(min(tau, 0.1 * float((z[n:] * s).mean()) if m else 0.0), least)
            # Unknown steps (dx, dmu), with ds eliminated: ds = slack + J dz - s.
            top = jacobian[:n]
            slack_rows = jacobian[n:]
            bottom = z[n:, None] * slack_rows
            bottom[:, n:] += np.diag(s)
            right = np.concatenate([-values[:n], tau - z[n:] * values[n:]])
            try:
                step = np.linalg.solve(np.vstack([top, bottom]), right)
            except np.linalg.LinAlgError:
                step = np.linalg.lstsq(np.vstack([top, bottom]), right, rcond=None)[0]
            if not np.isfinite(step).all():
                return None
            # A residual that only fades towards infinity keeps calling for long steps: no solution.
            settled = bool((np.abs(step) <= 1e-4 * (1.0 + np.abs(z))).all())
            ds = values[n:] + slack_rows @ step - s
            length = min(1.0, _to_boundary(z[n:], step[n:]), _to_boundary(s, ds))
            length = min(length, _to_boundary_nonnegative(z, step, self.unknowns))
            merit = gap + complement
            merits.append(merit)
            if _stalled(merits):
                return None
            for _ in range(30):
                trial = z + length * step
                trial_s = s + length * ds
                if self._inside(trial, constants):
                    new_values, new_jacobian = self._tape.run(trial, constants)
                    if np.isfinite(new_values).all() and np.isfinite(new_jacobian).all():
                        new = np.abs(np.concatenate([new_values[:n], new_values[n:] - trial_s]))
                        if new.max(initial=0.0) < 10 * merit + 1e-6 or length < 1e-3:
                            break
                length *= 0.5
            else:
                return None
            z, s, values, jacobian = trial, trial_s, new_values, new_jacobian
        return None

    def _read(self, z: np.ndarray, point: Mapping[sp.Symbol, Fraction]) -> NumericPoint:
        constants = [float(point[p]) for p in self.parameters]
        slacks = self._tape.values(z, constants)[self._n :]
        multipliers = z[self._n :]
        binding = frozenset(k for k in range(self._m) if slacks[k] < multipliers[k])
        margin = min(
            (max(slacks[k], float(multipliers[k])) for k in range(self._m)), default=math.inf
        )
        names = (*self.unknowns, *self.multipliers)
        return NumericPoint(
            tuple(sorted(point.items(), key=lambda kv: kv[0].name)),
            tuple((s, float(v)) for s, v in zip(names, z, strict=True)),
            binding,
            margin,
        )


def _stalled(merits: list[float]) -> bool:
    """Whether the last steps brought nothing on those before: where nothing solves the system."""
    last, before = merits[-PATIENCE:], merits[-2 * PATIENCE : -PATIENCE]
    return len(before) == PATIENCE and min(last) > max(1e-6, 0.9 * min(before))


def _to_boundary(values: np.ndarray, step: np.ndarray) -> float:
    """The largest step length that keeps values positive, with a margin."""
    negative = step < 0
    if not negative.any():
        return 1.0
    return float(0.995 * np.min(-values[negative] / step[negative]))


def _to_boundary_nonnegative(
    z: np.ndarray, step: np.ndarray, unknowns: Sequence[sp.Symbol]
) -> float:
    """Nonnegative actions stay positive on the way, where roots and powers are real."""
    out = 1.0
    for i, symbol in enumerate(unknowns):
        if symbol.is_nonnegative and step[i] < 0:
            out = min(out, 0.995 * -z[i] / step[i])
    return float(out)
