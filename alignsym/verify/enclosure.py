"""A third arithmetic: exact rationals, else intervals that contain the number (*enclosed*).

What it says is certain: a comparison is true or false of every number of the intervals, or
`Undecided` is raised; nothing is decided by rounding.  Intervals are mpmath's, with 200 bits and
rounded outwards (Moore 1966).  Numbers are `Fraction`, an interval, or +-oo as a float.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from mpmath.ctx_iv import MPIntervalContext

from alignsym.verify.arithmetic import Arithmetic, Number, Undefined
from alignsym.verify.sturm import isolated

INTERVALS: Any = MPIntervalContext()
INTERVALS.prec = 200
_LARGEST_EXACT = 8192  # bits of a rational power that is still computed exactly
_LARGEST_EXPONENT = 10**6
_STEPS = 400


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


def _exact(*numbers: Number) -> bool:
    return all(isinstance(n, Fraction | int) for n in numbers)


def _infinite(value: Number) -> bool:
    return isinstance(value, float)


def sign(value: Number) -> int:
    """-1, 0 or 1; Undecided where the interval contains 0 and more."""
    if isinstance(value, Fraction | int | float):
        return (value > 0) - (value < 0)
    low, high = ends(value)
    if low > 0 or high < 0:
        return 1 if low > 0 else -1
    raise Undecided("perhaps 0")


def _plus(a: Number, b: Number) -> Number:
    if _infinite(a) or _infinite(b):
        if _infinite(a) and _infinite(b) and a != b:
            raise Undefined("oo - oo")
        return a if _infinite(a) else b
    return a + b if _exact(a, b) else interval(a) + interval(b)


def _times(a: Number, b: Number) -> Number:
    if _infinite(a) or _infinite(b):
        signs = sign(a) * sign(b)
        if signs == 0:
            raise Undefined("0*oo")
        return math.inf * signs
    if _exact(a, b):
        return a * b
    if (_exact(a) and a == 0) or (_exact(b) and b == 0):
        return Fraction(0)
    return interval(a) * interval(b)


def _over(a: Number, b: Number) -> Number:
    if _infinite(b):
        if _infinite(a):
            raise Undefined("oo/oo")
        return Fraction(0)
    if sign(b) == 0:
        raise Undefined("division by zero")
    if _infinite(a):
        return a * sign(b)
    return Fraction(a) / b if _exact(a, b) else interval(a) / interval(b)


def _power(a: Number, b: Number) -> Number:
    """a**b: real for a > 0, for a = 0 <= b, and for integer b."""
    if _infinite(a) or _infinite(b):
        return _infinite_power(a, b)
    if _exact(b) and b == 0:
        return Fraction(1)
    whole = _exact(b) and Fraction(b).denominator == 1
    if _exact(a) and a == 0:
        if sign(b) < 0:
            raise Undefined("division by zero")
        return Fraction(0)
    if _exact(a, b):
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
    return _exp(_times(b, _log(a)))


def _infinite_power(a: Number, b: Number) -> Number:
    if _infinite(b) or sign(a) < 0:
        raise Undecided("a power of infinities")
    return math.inf if sign(b) > 0 else Fraction(0) if sign(b) < 0 else Fraction(1)


def _rational_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    size = base.numerator.bit_length() + base.denominator.bit_length()
    if size * abs(exponent.numerator) > _LARGEST_EXACT:
        return None
    if exponent.denominator == 1:
        return base**exponent.numerator
    if base < 0 or exponent.denominator > 12:
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


def _log(x: Number, base: Number | None = None) -> Number:
    if base is not None:
        return _over(_log(x), _log(base))
    if _infinite(x) and x > 0:
        return x
    if sign(x) < 0:
        raise Undefined("log of a negative number")
    if sign(x) == 0:
        return -math.inf
    return Fraction(0) if _exact(x) and x == 1 else INTERVALS.log(interval(x))


def _exp(x: Number) -> Number:
    if _infinite(x):
        return math.inf if x > 0 else Fraction(0)
    if _exact(x) and x == 0:
        return Fraction(1)
    if max(map(abs, ends(x))) > _LARGEST_EXPONENT:
        raise Undecided("exponential of a huge number")
    return INTERVALS.exp(interval(x))


def _abs(x: Number) -> Number:
    return abs(x)


def _hull(low: Fraction, high: Fraction) -> Any:
    a, b = interval(low), interval(high)
    return INTERVALS.mpf([a.a, b.b])


def _extreme(pick: Callable[..., Any]) -> Callable[..., Number]:
    def apply(*numbers: Number) -> Number:
        if all(_exact(n) or _infinite(n) for n in numbers):
            return pick(numbers)
        if any(map(_infinite, numbers)):
            raise Undecided("an extreme with infinities")
        rows = [ends(n) for n in numbers]
        return _hull(pick(r[0] for r in rows), pick(r[1] for r in rows))

    return apply


def _lambert(x: Number, branch: Number = 0) -> Number:
    """The real branches of w*exp(w) = x by bisection: rising for w > -1, falling for w < -1."""
    if _exact(x) and x == 0 and branch == 0:
        return Fraction(0)
    edge = -INTERVALS.exp(INTERVALS.mpf(-1))
    if not bool(interval(x) > edge):
        if bool(interval(x) < edge):
            raise Undefined("LambertW is not real here")
        raise Undecided("LambertW at its branch point")
    principal = branch == 0
    if not principal and sign(x) >= 0:
        raise Undefined("LambertW is not real here")
    if principal:
        high = Fraction(1)
        while not sign(_against(high, x)) > 0:
            high *= 2
        return _bisected(lambda w: _against(w, x), Fraction(-1), high)
    low = Fraction(-2)
    while not sign(_against(low, x)) > 0:
        low *= 2
    falling = _bisected(lambda w: _against(-w, x), Fraction(1), -low)
    return -falling


def _against(w: Fraction, x: Number) -> Number:
    """w*exp(w) - x."""
    return _plus(_times(w, _exp(w)), -x)


def _compare(relation: str, a: Number, b: Number) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b if relation == "==" else a is not b
    if _infinite(a) or _infinite(b) or _exact(a, b):
        order = _order(a, b)
    else:
        order = sign(_plus(a, -b))
    return {
        "==": order == 0, "!=": order != 0, "<=": order <= 0, "<": order < 0,
        ">=": order >= 0, ">": order > 0,
    }[relation]  # fmt: skip


def _order(a: Number, b: Number) -> int:
    if _infinite(a) and not _infinite(b):
        return 1 if a > 0 else -1
    if _infinite(b) and not _infinite(a):
        return -1 if b > 0 else 1
    return (a > b) - (a < b)


def _real_root(coefficients: list[Number], index: int) -> Number:
    """The index-th real root of a polynomial with rational coefficients, by Sturm's theorem."""
    if not _exact(*coefficients):
        raise Undecided("a root of a polynomial with irrational coefficients")
    found = isolated([Fraction(c) for c in coefficients], index)
    if found is None:
        raise Undefined("no such real root")
    low, high = found
    return low if low == high else _hull(low, high)


def _by_mpmath(name: str) -> Callable[[Number], Number]:
    def apply(x: Number) -> Number:
        if _infinite(x) or max(map(abs, ends(x))) > _LARGEST_EXPONENT:
            raise Undecided(f"{name} of a huge number")
        if _exact(x) and x == 0:
            return Fraction(int(name == "cos"))
        return getattr(INTERVALS, name)(interval(x))

    return apply


_SIN, _COS = _by_mpmath("sin"), _by_mpmath("cos")


def _bisected(rising: Callable[[Fraction], Number], low: Fraction, high: Fraction) -> Number:
    """The zero of a rising function between two points where its signs are certain."""
    if not sign(rising(low)) < 0 < sign(rising(high)):
        raise Undecided("a zero that is not enclosed")
    for _ in range(_STEPS):
        middle = (low + high) / 2
        try:
            above = sign(rising(middle)) > 0
        except Undecided:
            break
        low, high = (low, middle) if above else (middle, high)
    return _hull(low, high)


_RIGHT = Fraction(157, 100)  # a little less than pi/2


def _asin(x: Number) -> Number:
    if _infinite(x) or (_exact(x) and abs(x) > 1):
        raise Undefined("asin of a number beyond 1")
    if _exact(x) and x == 0:
        return Fraction(0)
    return _bisected(lambda y: _plus(_SIN(y), -x), -_RIGHT, _RIGHT)


def _atan(x: Number) -> Number:
    """The zero of sin(y) - x*cos(y), which has the sign of tan(y) - x where cos(y) > 0."""
    if _infinite(x):
        raise Undecided("atan of an infinite number")
    if _exact(x) and x == 0:
        return Fraction(0)
    return _bisected(lambda y: _plus(_SIN(y), -_times(x, _COS(y))), -_RIGHT, _RIGHT)


def _acos(x: Number) -> Number:
    return _plus(INTERVALS.mpf(INTERVALS.pi) / 2, -_asin(x))


ENCLOSED = Arithmetic(
    constant=Fraction,
    plus=_plus,
    times=_times,
    over=_over,
    power=_power,
    compare=_compare,
    real_root=_real_root,
    constants={
        "pi": INTERVALS.mpf(INTERVALS.pi), "E": INTERVALS.exp(INTERVALS.mpf(1)), "oo": math.inf,
        "True": True, "False": False, "true": True, "false": False,
    },
    functions={
        "log": _log, "ln": _log, "exp": _exp, "Abs": _abs, "sign": lambda x: Fraction(sign(x)),
        "Min": _extreme(min), "Max": _extreme(max), "LambertW": _lambert, "Pow": _power,
        "Rational": _over, "sqrt": lambda x: _power(x, Fraction(1, 2)),
        "cbrt": lambda x: _power(x, Fraction(1, 3)), "Integer": lambda x: x,
        "root": lambda x, n: _power(x, _over(Fraction(1), n)), "sin": _SIN, "cos": _COS,
        "tan": lambda x: _over(_SIN(x), _COS(x)), "asin": _asin, "acos": _acos, "atan": _atan,
    },
)  # fmt: skip
