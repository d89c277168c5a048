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

import numpy as np
import sympy as sp

from alignsym.conditions.system import System
from alignsym.solving.oracle.tape import Tape

ITERATIONS = 60
STARTS = 24


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
            z = self._newton(start, constants)
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

    def _inside(self, z: np.ndarray, constants: list[float]) -> bool:
        return all(v > 0 for v in self._domain.values(z, constants))  # nan compares false

    def _newton(self, start: np.ndarray, constants: list[float]) -> np.ndarray | None:
        n, m = self._n, self._m
        z = start.copy()
        values, jacobian = self._tape.run(z, constants)
        if np.isnan(values).any():
            return None
        s = np.maximum(values[n:], 0.1)
        tau, settled = 1.0, False
        for _ in range(ITERATIONS):
            residual = np.concatenate([values[:n], values[n:] - s])
            gap = float(np.abs(residual).max(initial=0.0))
            complement = float((z[n:] * s).max(initial=0.0))
            size = 1.0 + float(np.abs(z).max())
            if gap < 1e-10 * size and complement < 1e-12 * size and settled:
                return z
            tau = min(tau, 0.1 * float((z[n:] * s).mean()) if m else 0.0)
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
