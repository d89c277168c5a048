"""Expressions as a straight-line program over floats, with exact first derivatives (forward mode).

Compiling walks each tree once; no code is generated, so it costs a millisecond where `lambdify`
costs a hundred, and the Jacobian needs no symbolic differentiation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import sympy as sp

from alignsym.model.roots import Root

FloatArray = np.ndarray


class UnsupportedError(ArithmeticError):
    """The tape has no instruction for a function; the caller answers with a reason."""


class Tape:
    """A program for `expressions` in `inputs` (differentiated) and `constants` (not).

    >>> x, a = sp.symbols("x a")
    >>> values, jacobian = Tape([a*x**2], [x], [a]).run([3.0], [2.0])
    >>> values.tolist(), jacobian.tolist()
    ([18.0], [[12.0]])
    """

    def __init__(
        self,
        expressions: Iterable[sp.Expr],
        inputs: Sequence[sp.Symbol],
        constants: Sequence[sp.Symbol],
    ) -> None:
        self._width = len(inputs)
        self._count = len(inputs) + len(constants)
        self._where: dict[sp.Expr, int] = {s: i for i, s in enumerate([*inputs, *constants])}
        self._code: list[tuple[str, tuple[int, ...], float]] = []
        self._outputs = [self._place(e) for e in expressions]

    def _place(self, e: sp.Expr) -> int:
        known = self._where.get(e)
        if known is not None:
            return known
        if e.is_number and e.is_extended_real:
            return self._emit(e, "constant", (), float(e))
        if e.is_Add or e.is_Mul:
            return self._emit(e, "add" if e.is_Add else "mul", tuple(map(self._place, e.args)))
        if isinstance(e, sp.exp):
            return self._emit(e, "exp", (self._place(e.args[0]),))
        if e.is_Pow:
            base = self._place(e.base)
            if e.exp.is_number:
                return self._emit(e, "power", (base,), float(e.exp))
            return self._emit(e, "pow", (base, self._place(e.exp)))
        if isinstance(e, sp.log):
            return self._emit(e, "log", (self._place(e.args[0]),))
        if isinstance(e, (sp.Abs, sp.sign, sp.Max, sp.Min)):
            return self._emit(e, type(e).__name__.lower(), tuple(map(self._place, e.args)))
        if isinstance(e, sp.Heaviside):
            return self._emit(e, "heaviside", (self._place(e.args[0]),))
        if isinstance(e, (sp.sin, sp.cos)):
            return self._emit(e, type(e).__name__, (self._place(e.args[0]),))
        if isinstance(e, Root):
            places = tuple(map(self._place, e.coefficients))
            return self._emit(e, "root", places, float(e.args[2]))
        if isinstance(e, sp.LambertW):
            branch = int(e.args[1]) if len(e.args) > 1 else 0
            return self._emit(e, "lambert", (self._place(e.args[0]),), float(branch))
        raise UnsupportedError(f"no numbers for {type(e).__name__}")

    def _emit(self, e: sp.Expr, code: str, args: tuple[int, ...], number: float = 0.0) -> int:
        self._code.append((code, args, number))
        self._where[e] = self._count + len(self._code) - 1
        return self._where[e]

    def run(
        self, inputs: Iterable[float], constants: Iterable[float]
    ) -> tuple[FloatArray, FloatArray]:
        """Values and Jacobian; nan where an expression is not real or overflows."""
        n = self._width
        values: list[float] = [*map(float, inputs), *map(float, constants)]
        eye = np.eye(n)
        zero = np.zeros(n)
        # None is the slope of what does not depend on the inputs: most of a program is about a few.
        slopes: list[FloatArray | None] = [*eye, *[None] * (self._count - n)]
        for code, args, number in self._code:
            try:
                value, slope = _step(
                    code, [values[i] for i in args], [slopes[i] for i in args], number
                )
            except (ValueError, OverflowError, ZeroDivisionError):
                value, slope = math.nan, None
            values.append(value)
            slopes.append(slope)
        out = np.array([values[i] for i in self._outputs], dtype=float)
        jacobian = (
            np.array([zero if slopes[i] is None else slopes[i] for i in self._outputs])
            if self._outputs
            else np.zeros((0, n))
        )
        return out, jacobian

    def values(self, inputs: Iterable[float], constants: Iterable[float]) -> list[float]:
        """Values only; nan where an expression is not real or overflows."""
        values: list[float] = [*map(float, inputs), *map(float, constants)]
        for code, args, number in self._code:
            try:
                values.append(_value(code, [values[i] for i in args], number))
            except (ValueError, OverflowError, ZeroDivisionError):
                values.append(math.nan)
        return [values[i] for i in self._outputs]


_PLAIN: dict[str, Callable[[list[float]], float]] = {
    "abs": lambda v: abs(v[0]),
    "sign": lambda v: (v[0] > 0) - (v[0] < 0),
    "heaviside": lambda v: 1.0 if v[0] > 0 else 0.0,
    "max": max,
    "min": min,
    "sin": lambda v: math.sin(v[0]),
    "cos": lambda v: math.cos(v[0]),
}
_SLOPES: dict[str, Callable[[float], float]] = {
    "abs": lambda x: math.copysign(1.0, x),
    "sign": lambda x: 0.0,
    "heaviside": lambda x: 0.0,
    "sin": math.cos,
    "cos": lambda x: -math.sin(x),
}


def _value(code: str, v: list[float], number: float) -> float:
    if code == "constant":
        return number
    if code == "add":
        return math.fsum(v)
    if code == "mul":
        return math.prod(v)
    if code == "power":
        return _real_power(v[0], number)
    if code == "pow":
        return _real_power(v[0], v[1])
    if code == "lambert":
        return _lambert(v[0], number)
    if code == "root":
        return _real_root(v, int(number))
    if code in _PLAIN:
        return float(_PLAIN[code](v))
    return math.log(v[0]) if code == "log" else math.exp(v[0])


def _step(
    code: str, v: list[float], d: list[FloatArray | None], number: float
) -> tuple[float, FloatArray | None]:
    value = _value(code, v, number)
    if code == "add":
        return value, _total([slope for slope in d if slope is not None])
    if code == "mul":
        parts = [
            math.prod(v[:i] + v[i + 1 :]) * slope for i, slope in enumerate(d) if slope is not None
        ]
        return value, _total(parts)
    if code in ("max", "min"):
        return value, d[v.index(value)]
    if code == "pow":
        base, exponent = d
        parts = [] if base is None else [v[1] * _real_power(v[0], v[1] - 1) * base]
        parts += [] if exponent is None else [value * math.log(v[0]) * exponent]
        return value, _total(parts)
    if code == "root" and any(part is not None for part in d):
        raise ValueError("a root of a polynomial in the unknowns")
    inner = d[0] if d else None
    if inner is None:
        return value, None
    if code == "power":
        return value, number * _real_power(v[0], number - 1) * inner
    if code == "log":
        return value, inner / v[0]
    if code in _PLAIN:
        return value, _SLOPES[code](v[0]) * inner
    if code == "lambert":
        return value, inner / (math.exp(value) * (1 + value))
    return value, value * inner


def _total(parts: list[FloatArray]) -> FloatArray | None:
    return sum(parts[1:], parts[0]) if parts else None


def _real_power(base: float, exponent: float) -> float:
    out: float | complex = base**exponent
    if isinstance(out, complex):
        raise ValueError("complex power")
    return out


def _real_root(coefficients: list[float], index: int) -> float:
    """The index-th real root in increasing order."""
    roots = np.roots(coefficients)
    size = 1.0 + float(np.abs(roots).max(initial=0.0))
    real = sorted(float(r.real) for r in roots if abs(r.imag) < 1e-9 * size)
    if index >= len(real):
        raise ValueError("no such real root")
    return real[index]


def _lambert(x: float, branch: float) -> float:
    """The real w with w*exp(w) = x: w >= -1 for branch 0, w <= -1 for branch -1 (Newton)."""
    if x < -math.exp(-1):
        raise ValueError("LambertW is not real below -1/e")
    if branch == 0:
        w = math.log1p(x) if x > 0 else max(-1.0, x)
        w = max(w, -0.99) if x < 0 else w
    else:
        w = math.log(-x) - math.log(-math.log(-x)) if x > -0.2 else -1.5
    for _ in range(80):
        e = math.exp(w)
        slope = e * (1 + w)
        if slope == 0:
            break
        step = (w * e - x) / slope
        w -= step
        if abs(step) <= 1e-15 * (1 + abs(w)):
            break
    return w
