"""A third arithmetic for the evaluator: numbers enclosed in intervals (`intervals`), certain of
every comparison it makes.

Inverse functions are enclosed by the signs of f(y) - x at two points; a guess of mpmath's says
where, and nothing rests on it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import Any

import mpmath

from alignsym.verify.arithmetic import Arithmetic, Number, Undefined
from alignsym.verify.intervals import (
    INTERVALS,
    LARGEST_EXPONENT,
    Undecided,
    ends,
    exp,
    extreme,
    hull,
    interval,
    is_infinite,
    is_rational,
    log,
    over,
    plus,
    power,
    sign,
    times,
)
from alignsym.verify.sturm import isolated

_UNTRUSTED: Any = mpmath.MPContext()
_UNTRUSTED.prec = 200
_STEPS = 400


def _lambert(x: Number, branch: Number = 0) -> Number:
    """The real branches of w*exp(w) = x by bisection: rising for w > -1, falling for w < -1."""
    if is_rational(x) and x == 0 and branch == 0:
        return Fraction(0)
    edge = -INTERVALS.exp(INTERVALS.mpf(-1))
    if not bool(interval(x) > edge):
        if bool(interval(x) < edge):
            raise Undefined("LambertW is not real here")
        raise Undecided("LambertW at its branch point")
    principal = branch == 0
    if not principal and sign(x) >= 0:
        raise Undefined("LambertW is not real here")
    guess = _UNTRUSTED.lambertw(_middle(x), int(branch))
    if principal:
        high = Fraction(1)
        while not sign(_against(high, x)) > 0:
            high *= 2
        return _bisected(lambda w: _against(w, x), Fraction(-1), high, guess)
    low = Fraction(-2)
    while not sign(_against(low, x)) > 0:
        low *= 2
    falling = _bisected(lambda w: _against(-w, x), Fraction(1), -low, -guess)
    return -falling


def _against(w: Fraction, x: Number) -> Number:
    """w*exp(w) - x."""
    return plus(times(w, exp(w)), -x)


def _compare(relation: str, a: Number, b: Number) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b if relation == "==" else a is not b
    if is_infinite(a) or is_infinite(b) or is_rational(a, b):
        order = _order(a, b)
    else:
        order = sign(plus(a, -b))
    return {
        "==": order == 0, "!=": order != 0, "<=": order <= 0, "<": order < 0,
        ">=": order >= 0, ">": order > 0,
    }[relation]  # fmt: skip


def _order(a: Number, b: Number) -> int:
    if is_infinite(a) and not is_infinite(b):
        return 1 if a > 0 else -1
    if is_infinite(b) and not is_infinite(a):
        return -1 if b > 0 else 1
    return (a > b) - (a < b)


def _real_root(coefficients: list[Number], index: int) -> Number:
    """The index-th real root of a polynomial with rational coefficients, by Sturm's theorem."""
    if not is_rational(*coefficients):
        raise Undecided("a root of a polynomial with irrational coefficients")
    found = isolated([Fraction(c) for c in coefficients], index)
    if found is None:
        raise Undefined("no such real root")
    low, high = found
    return low if low == high else hull(low, high)


def _by_mpmath(name: str) -> Callable[[Number], Number]:
    def apply(x: Number) -> Number:
        if is_infinite(x) or max(map(abs, ends(x))) > LARGEST_EXPONENT:
            raise Undecided(f"{name} of a huge number")
        if is_rational(x) and x == 0:
            return Fraction(int(name == "cos"))
        return getattr(INTERVALS, name)(interval(x))

    return apply


_SIN, _COS = _by_mpmath("sin"), _by_mpmath("cos")


def _bisected(
    rising: Callable[[Fraction], Number], low: Fraction, high: Fraction, guess: Any
) -> Number:
    """The zero of a rising function between two points where its signs are certain.

    Around the guess, a number of mpmath's that nobody trusts, two signs suffice.
    """
    middle = _nearby(guess)
    room = max(Fraction(1), abs(middle)) / 2**140
    if low < middle - room and middle + room < high:
        with suppress(Undecided):  # else the bisection says how much is known
            if sign(rising(middle - room)) < 0 < sign(rising(middle + room)):
                return hull(middle - room, middle + room)
    if not sign(rising(low)) < 0 < sign(rising(high)):
        raise Undecided("a zero that is not enclosed")
    for _ in range(_STEPS):
        middle = (low + high) / 2
        try:
            above = sign(rising(middle)) > 0
        except Undecided:
            break
        low, high = (low, middle) if above else (middle, high)
    return hull(low, high)


def _nearby(guess: Any) -> Fraction:
    """A number of the untrusted context, exactly; its real part."""
    negative, mantissa, exponent, _ = getattr(guess, "real", guess)._mpf_
    number = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -number if negative else number


def _middle(x: Number) -> Any:
    low, high = ends(x)
    centre = (low + high) / 2
    return _UNTRUSTED.mpf(centre.numerator) / centre.denominator


_RIGHT = Fraction(157, 100)  # a little less than pi/2


def _asin(x: Number) -> Number:
    if is_infinite(x) or (is_rational(x) and abs(x) > 1):
        raise Undefined("asin of a number beyond 1")
    if is_rational(x) and x == 0:
        return Fraction(0)
    return _bisected(lambda y: plus(_SIN(y), -x), -_RIGHT, _RIGHT, _UNTRUSTED.asin(_middle(x)))


def _atan(x: Number) -> Number:
    """The zero of sin(y) - x*cos(y), which has the sign of tan(y) - x where cos(y) > 0."""
    if is_infinite(x):
        raise Undecided("atan of an infinite number")
    if is_rational(x) and x == 0:
        return Fraction(0)
    return _bisected(
        lambda y: plus(_SIN(y), -times(x, _COS(y))), -_RIGHT, _RIGHT, _UNTRUSTED.atan(_middle(x))
    )


def _acos(x: Number) -> Number:
    return plus(INTERVALS.mpf(INTERVALS.pi) / 2, -_asin(x))


ENCLOSED = Arithmetic(
    constant=Fraction,
    plus=plus,
    times=times,
    over=over,
    power=power,
    compare=_compare,
    real_root=_real_root,
    constants={
        "pi": INTERVALS.mpf(INTERVALS.pi), "E": INTERVALS.exp(INTERVALS.mpf(1)), "oo": math.inf,
        "True": True, "False": False, "true": True, "false": False,
    },
    functions={
        "log": log, "ln": log, "exp": exp, "Abs": abs, "sign": lambda x: Fraction(sign(x)),
        "Min": extreme(min), "Max": extreme(max), "LambertW": _lambert, "Pow": power,
        "Rational": over, "sqrt": lambda x: power(x, Fraction(1, 2)),
        "cbrt": lambda x: power(x, Fraction(1, 3)), "Integer": lambda x: x,
        "root": lambda x, n: power(x, over(Fraction(1), n)), "sin": _SIN, "cos": _COS,
        "tan": lambda x: over(_SIN(x), _COS(x)), "asin": _asin, "acos": _acos, "atan": _atan,
    },
)  # fmt: skip
