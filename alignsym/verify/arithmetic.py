"""Two arithmetics on extended reals: exact-then-mpmath (*precise*) and float (*quick*).

Both have the same operations, so that one compiled formula runs on either.  Every operation returns
a real number, -oo or oo, or raises `Undefined`.  In the precise arithmetic numbers that differ by
less than 1e-25 relative are a tie unless both are rational.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import mpmath

Number: TypeAlias = Any  # Fraction or CONTEXT.mpf (precise), float (quick)

# A context of our own: the precision of mpmath's global one belongs to others.
CONTEXT: Any = mpmath.MPContext()
CONTEXT.dps = 34
_BIG, _COMPLEX, _EXACT = CONTEXT.mpf, CONTEXT.mpc, (Fraction, int)

_LARGEST_EXACT = 8192  # bits of a rational power that is still computed exactly
_LARGEST_EXPONENT = CONTEXT.mpf(10) ** 400  # beyond it mpmath would need memory without bound


class Undefined(ArithmeticError):
    """The formula has no extended-real value at this point."""


class Overflow(Undefined):
    """Too large for this arithmetic; the other one may know the value."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The operations a compiled formula is made of."""

    constant: Callable[[str], Number]
    plus: Callable[[Number, Number], Number]
    times: Callable[[Number, Number], Number]
    over: Callable[[Number, Number], Number]
    power: Callable[[Number, Number], Number]
    compare: Callable[[str, Number, Number], bool]
    real_root: Callable[[list[Number], int], Number]
    constants: Mapping[str, Number]
    functions: Mapping[str, Callable[..., Number]]


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<=": operator.le, "<": operator.lt,
    ">=": operator.ge, ">": operator.gt,
}  # fmt: skip


# ------------------------------------------------------------------ precise
def big(value: Number) -> Any:
    """The number in 34 digits.

    >>> big(Fraction(1, 4)) == 0.25
    True
    """
    kind = type(value)
    if kind is _BIG:
        return value
    if isinstance(value, float):
        return CONTEXT.mpf(value)
    return CONTEXT.mpf(value.numerator) / value.denominator


def is_exact(value: Number) -> bool:
    """Whether the number is kept as a rational."""
    kind = type(value)
    return kind is Fraction or kind is int or (kind is not _BIG and isinstance(value, _EXACT))


def _checked(value: Any) -> Any:
    if type(value) is _COMPLEX:
        raise Undefined("not real")
    if value != value:
        raise Undefined("not a number")
    return value


def _plus(a: Number, b: Number) -> Number:
    if is_exact(a) and is_exact(b):
        return a + b
    return _checked(big(a) + big(b))


def _times(a: Number, b: Number) -> Number:
    if is_exact(a) and is_exact(b):
        return a * b
    return _checked(big(a) * big(b))


def _over(a: Number, b: Number) -> Number:
    if b == 0:
        raise Undefined("division by zero")
    if is_exact(a) and is_exact(b):
        return Fraction(a) / b
    return _checked(big(a) / big(b))


def _power(a: Number, b: Number) -> Number:
    """a**b: real for a > 0, for a = 0 <= b, and for integer b."""
    if b == 0:
        return Fraction(1)
    if a == 0:
        if b < 0:
            raise Undefined("division by zero")
        return Fraction(0)
    if is_exact(a) and is_exact(b):
        base, exponent = Fraction(a), Fraction(b)
        size = base.numerator.bit_length() + base.denominator.bit_length()
        if exponent.denominator == 1 and size * abs(exponent.numerator) <= _LARGEST_EXACT:
            return base**exponent.numerator
        if exponent.denominator == 2 and base > 0 and abs(exponent.numerator) < 64:
            roots = [math.isqrt(base.numerator), math.isqrt(base.denominator)]
            if [r * r for r in roots] == [base.numerator, base.denominator]:
                return Fraction(*roots) ** exponent.numerator
    base, exponent = big(a), big(b)
    if CONTEXT.isinf(base) and base > 0 and not CONTEXT.isinf(exponent):
        return CONTEXT.inf if b > 0 else Fraction(0)
    if base < 0 and not (is_exact(b) and Fraction(b).denominator == 1):
        raise Undefined("power of a negative number")
    if is_exact(b) and Fraction(b).denominator == 1:
        return _checked(base ** int(b))
    return _exp(_times(exponent, _log(base)))


def _log(x: Number, base: Number | None = None) -> Number:
    if base is not None:
        return _over(_log(x), _log(base))
    if x < 0:
        raise Undefined("log of a negative number")
    if x == 0:
        return CONTEXT.ninf
    return Fraction(0) if x == 1 else CONTEXT.log(big(x))


def _exp(x: Number) -> Number:
    if x == 0:
        return Fraction(1)
    x = big(x)
    if CONTEXT.isinf(x):
        return CONTEXT.inf if x > 0 else Fraction(0)
    if abs(x) > _LARGEST_EXPONENT:
        raise Overflow("exponential of a huge number")
    return CONTEXT.exp(x)


def _sign(x: Number) -> Number:
    return Fraction((x > 0) - (x < 0))


def _least(*numbers: Number) -> Number:
    return min(numbers, key=lambda v: v if is_exact(v) and len(numbers) == 1 else big(v))


def _greatest(*numbers: Number) -> Number:
    return max(numbers, key=lambda v: v if is_exact(v) and len(numbers) == 1 else big(v))


def _by_mpmath(name: str) -> Callable[..., Number]:
    function = getattr(CONTEXT, name)

    def apply(*arguments: Number) -> Number:
        numbers = [big(a) for a in arguments]
        if any(abs(v) > _LARGEST_EXPONENT for v in numbers):
            raise Overflow(f"{name} of a huge number")
        return _checked(function(*numbers))

    return apply


def _lambert(x: Number, branch: Number = 0) -> Number:
    """The real branches of w*exp(w) = x: 0 for w >= -1, -1 for w <= -1."""
    value = CONTEXT.lambertw(big(x), int(branch))
    if isinstance(value, CONTEXT.mpc):
        if abs(value.imag) > CONTEXT.mpf("1e-15") * (1 + abs(value.real)):
            raise Undefined("LambertW is not real here")
        value = value.real
    return _checked(value)


def _compare(relation: str, a: Number, b: Number) -> bool:
    if isinstance(a, bool) or isinstance(b, bool) or (is_exact(a) and is_exact(b)):
        return _COMPARE[relation](a, b)
    a, b = big(a), big(b)
    finite = CONTEXT.isfinite(a) and CONTEXT.isfinite(b)
    if finite and abs(a - b) <= CONTEXT.mpf("1e-25") * max(1, abs(a), abs(b)):
        return relation in ("==", "<=", ">=")
    return _COMPARE[relation](a, b)


def _real_root(coefficients: list[Number], index: int) -> Number:
    """The index-th real root, in increasing order; coefficients from the constant upwards."""
    row = [big(c) for c in coefficients]
    while row and row[-1] == 0:
        row.pop()
    if len(row) < 2:
        raise Undefined("root of a constant")
    try:
        roots = CONTEXT.polyroots(row[::-1], maxsteps=200, extraprec=200)
    except CONTEXT.NoConvergence as error:
        raise Undefined("the roots of a polynomial were not found") from error
    small = CONTEXT.mpf("1e-12")
    found = sorted(CONTEXT.re(r) for r in roots if abs(CONTEXT.im(r)) <= small * (1 + abs(r)))
    if not 0 <= index < len(found):
        raise Undefined("no such real root")
    return found[index]


PRECISE = Arithmetic(
    constant=functools.lru_cache(maxsize=1024)(Fraction),
    plus=_plus,
    times=_times,
    over=_over,
    power=_power,
    compare=_compare,
    real_root=_real_root,
    constants={
        "pi": +CONTEXT.pi, "E": +CONTEXT.e, "oo": CONTEXT.inf, "True": True, "False": False,
        "true": True, "false": False,
    },
    functions={
        "log": _log, "ln": _log, "exp": _exp, "Abs": abs, "sign": _sign, "Min": _least,
        "Max": _greatest, "LambertW": _lambert, "Pow": _power, "Rational": _over,
        "sqrt": lambda x: _power(x, Fraction(1, 2)), "cbrt": lambda x: _power(x, Fraction(1, 3)),
        "Integer": lambda x: x, "root": lambda x, n: _power(x, _over(Fraction(1), n)),
        **{name: _by_mpmath(name) for name in ("sin", "cos", "tan", "asin", "acos", "atan")},
        **{name: _by_mpmath(name) for name in ("sinh", "cosh", "tanh")},
    },
)  # fmt: skip


# ------------------------------------------------------------------ quick
def _float(value: Number) -> float:
    try:
        return float(value)
    except OverflowError:
        raise Overflow("too large for a float") from None


@functools.lru_cache(maxsize=1024)
def _quick_constant(text: str) -> float:
    return _float(Fraction(text))


def _quick_plus(a: float, b: float) -> float:
    out = a + b
    if out != out:
        raise Undefined("oo - oo")
    return out


def _quick_times(a: float, b: float) -> float:
    out = a * b
    if out != out:
        raise Undefined("0*oo")
    return out


def _quick_over(a: float, b: float) -> float:
    if b == 0:
        raise Undefined("division by zero")
    return _quick_times(a, 1 / b) if math.isinf(b) else a / b


def _quick_power(a: float, b: float) -> float:
    if a < 0 and b != math.floor(b):
        raise Undefined("power of a negative number")
    if a == 0 and b < 0:
        raise Undefined("division by zero")
    try:
        return float(a**b)
    except OverflowError:
        raise Overflow("too large for a float") from None


def _quick_log(x: float, base: float | None = None) -> float:
    if base is not None:
        return _quick_over(_quick_log(x), _quick_log(base))
    if x > 0:
        return math.log(x)
    if x == 0:
        return -math.inf
    raise Undefined("log of a negative number")


def _quick_exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        raise Overflow("too large for a float") from None


def _quick_compare(relation: str, a: float, b: float) -> bool:
    if relation in ("<", ">", "!="):
        return _COMPARE[relation](a, b)
    if a == b or abs(a - b) <= 1e-13 * max(abs(a), abs(b)):
        return True
    return _COMPARE[relation](a, b)


def _through_precise(function: Callable[..., Number], *arguments: Any) -> float:
    return _float(function(*arguments))


QUICK = Arithmetic(
    constant=_quick_constant,
    plus=_quick_plus,
    times=_quick_times,
    over=_quick_over,
    power=_quick_power,
    compare=_quick_compare,
    real_root=functools.partial(_through_precise, _real_root),
    constants={
        "pi": math.pi, "E": math.e, "oo": math.inf, "True": True, "False": False,
        "true": True, "false": False,
    },
    functions={
        "log": _quick_log, "ln": _quick_log, "exp": _quick_exp, "Abs": abs,
        "sign": lambda x: float((x > 0) - (x < 0)), "Min": min, "Max": max,
        "LambertW": functools.partial(_through_precise, _lambert), "Pow": _quick_power,
        "Rational": _quick_over, "Integer": lambda x: x,
        "sqrt": lambda x: _quick_power(x, 0.5), "cbrt": lambda x: _quick_power(x, 1 / 3),
        "root": lambda x, n: _quick_power(x, 1 / n),
        **{name: getattr(math, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan")},
        **{name: getattr(math, name) for name in ("sinh", "cosh", "tanh")},
    },
)  # fmt: skip
