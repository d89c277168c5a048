"""Exact rationals, else intervals that contain the number: sums, products, powers, logarithms.

What they say is certain: a sign is that of every number of the interval, or `Undecided` is raised;
nothing is decided by rounding.  Intervals are mpmath's, with 200 bits and rounded outwards (Moore
1966).  Numbers are `Fraction`, an interval, or +-oo as a float.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from mpmath.ctx_iv import MPIntervalContext

from alignsym.verify.arithmetic import Number, Undefined

INTERVALS: Any = MPIntervalContext()
INTERVALS.prec = 200
_LARGEST_EXACT = 8192  # bits of a rational power that is still computed exactly
LARGEST_EXPONENT = 10**6


class Undecided(Undefined):
    """The intervals overlap: the precision does not tell which is larger, or whether it is 0."""


def interval(value: Number) -> Any:
    """An interval that contains the finite number.

    >>> bool(interval(Fraction(1, 3)) * 3 == 1), 1 in interval(Fraction(1, 3)) * 3
    (False, True)
    """
    if isinstance(value, Fraction | int):
        value = Fraction(value)
        return INTERVALS.mpf(value.numerator) / INTERVALS.mpf(value.denominator)
    return value


def ends(value: Number) -> tuple[Fraction, Fraction]:
    """The two ends of a finite number's interval, exactly."""
    if isinstance(value, Fraction | int):
        return Fraction(value), Fraction(value)
    return _binary(value.a), _binary(value.b)


def _binary(end: Any) -> Fraction:
    sign, mantissa, exponent, size = end._mpi_[0]
    if not mantissa and exponent:
        raise Undecided("an interval without an end")
    del size
    number = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -number if sign else number


def is_rational(*numbers: Number) -> bool:
    return all(isinstance(n, Fraction | int) for n in numbers)


def is_infinite(value: Number) -> bool:
    return isinstance(value, float)


def sign(value: Number) -> int:
    """-1, 0 or 1; Undecided where the interval contains 0 and more."""
    if isinstance(value, Fraction | int | float):
        return (value > 0) - (value < 0)
    low, high = ends(value)
    if low > 0 or high < 0:
        return 1 if low > 0 else -1
    raise Undecided("perhaps 0")


def plus(a: Number, b: Number) -> Number:
    if is_infinite(a) or is_infinite(b):
        if is_infinite(a) and is_infinite(b) and a != b:
            raise Undefined("oo - oo")
        return a if is_infinite(a) else b
    return a + b if is_rational(a, b) else interval(a) + interval(b)


def times(a: Number, b: Number) -> Number:
    if is_infinite(a) or is_infinite(b):
        signs = sign(a) * sign(b)
        if signs == 0:
            raise Undefined("0*oo")
        return math.inf * signs
    if is_rational(a, b):
        return a * b
    if (is_rational(a) and a == 0) or (is_rational(b) and b == 0):
        return Fraction(0)
    return interval(a) * interval(b)


def over(a: Number, b: Number) -> Number:
    if is_infinite(b):
        if is_infinite(a):
            raise Undefined("oo/oo")
        return Fraction(0)
    if sign(b) == 0:
        raise Undefined("division by zero")
    if is_infinite(a):
        return a * sign(b)
    return Fraction(a) / b if is_rational(a, b) else interval(a) / interval(b)


def power(a: Number, b: Number) -> Number:
    """a**b: real for a > 0, for a = 0 <= b, and for integer b."""
    if is_infinite(a) or is_infinite(b):
        return _infinite_power(a, b)
    if is_rational(b) and b == 0:
        return Fraction(1)
    whole = is_rational(b) and Fraction(b).denominator == 1
    if is_rational(a) and a == 0:
        if sign(b) < 0:
            raise Undefined("division by zero")
        return Fraction(0)
    if is_rational(a, b):
        known = _rational_power(Fraction(a), Fraction(b))
        if known is not None:
            return known
    if whole:
        base, exponent = interval(a), int(b)
        if exponent < 0:
            sign(a)
            return INTERVALS.mpf(1) / base ** (-exponent)
        return base**exponent
    if sign(a) < 0:
        raise Undefined("power of a negative number")
    return exp(times(b, log(a)))


def _infinite_power(a: Number, b: Number) -> Number:
    if is_infinite(b) or sign(a) < 0:
        raise Undecided("a power of infinities")
    return math.inf if sign(b) > 0 else Fraction(0) if sign(b) < 0 else Fraction(1)


def _rational_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    size = base.numerator.bit_length() + base.denominator.bit_length()
    if size * abs(exponent.numerator) > _LARGEST_EXACT:
        return None
    if exponent.denominator == 1:
        return base**exponent.numerator
    if exponent.denominator > 12:
        return None
    roots = [_whole_root(k, exponent.denominator) for k in (base.numerator, base.denominator)]
    if roots[0] is None or roots[1] is None:
        return None
    return Fraction(roots[0], roots[1]) ** exponent.numerator


def _whole_root(number: int, degree: int) -> int | None:
    """The integer root, None where there is none."""
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while low < high:
        middle = (low + high) // 2
        if middle**degree < number:
            low = middle + 1
        else:
            high = middle
    return low if low**degree == number else None


def log(x: Number, base: Number | None = None) -> Number:
    if base is not None:
        return over(log(x), log(base))
    if is_infinite(x) and x > 0:
        return x
    if sign(x) < 0:
        raise Undefined("log of a negative number")
    if sign(x) == 0:
        return -math.inf
    return Fraction(0) if is_rational(x) and x == 1 else INTERVALS.log(interval(x))


def exp(x: Number) -> Number:
    if is_infinite(x):
        return math.inf if x > 0 else Fraction(0)
    if is_rational(x) and x == 0:
        return Fraction(1)
    if max(map(abs, ends(x))) > LARGEST_EXPONENT:
        raise Undecided("exponential of a huge number")
    return INTERVALS.exp(interval(x))


def hull(low: Fraction, high: Fraction) -> Any:
    a, b = interval(low), interval(high)
    return INTERVALS.mpf([a.a, b.b])


def extreme(pick: Callable[..., Any]) -> Callable[..., Number]:
    def apply(*numbers: Number) -> Number:
        if all(is_rational(n) or is_infinite(n) for n in numbers):
            return pick(numbers)
        if any(map(is_infinite, numbers)):
            raise Undecided("an extreme with infinities")
        rows = [ends(n) for n in numbers]
        return hull(pick(r[0] for r in rows), pick(r[1] for r in rows))

    return apply
