"""Real roots of a polynomial with rational coefficients, isolated by Sturm's theorem (1829).

The number of distinct real roots in (a, b] is the difference of the sign changes of the chain
p, p', -rem(p, p'), ... at a and b.
"""

from __future__ import annotations

from fractions import Fraction

Polynomial = list[Fraction]  # coefficients from the constant upwards
_BITS = 220


def isolated(coefficients: Polynomial, index: int) -> tuple[Fraction, Fraction] | None:
    """An interval of size about 2**-220 with only the index-th distinct real root (0, 1, ...).

    None where there is no such root.

    >>> low, high = isolated([Fraction(-2), Fraction(0), Fraction(1)], 1)
    >>> low**2 <= 2 <= high**2, round(float(low), 6)
    (True, 1.414214)
    """
    p = trimmed(coefficients)
    if len(p) < 2:
        return None
    chain = sturm_chain(p)
    sizes: list[Fraction] = [abs(c / p[-1]) for c in p[:-1]]
    bound = max(sizes) + 1  # Cauchy's bound
    low, high = -bound, bound
    before = changes(chain, low)
    if not 0 <= index < before - changes(chain, high):
        return None
    while high - low > Fraction(1, 2**_BITS) * max(Fraction(1), abs(low)):
        middle = (low + high) / 2
        if not value(p, middle) and before - changes(chain, middle) == index + 1:
            return middle, middle
        if before - changes(chain, middle) > index:
            high = middle
        else:
            low = middle
    return low, high


def sturm_chain(p: Polynomial) -> list[Polynomial]:
    """p, p', and the negated remainders of Euclid's algorithm."""
    chain = [p, trimmed([k * c for k, c in enumerate(p)][1:])]
    while len(chain[-1]) > 1:
        rest = [-c for c in remainder(chain[-2], chain[-1])]
        if not rest:
            break
        size = max(map(abs, rest))
        chain.append([c / size for c in rest])
    return chain


def changes(chain: list[Polynomial], at: Fraction) -> int:
    """The number of sign changes of the chain at a point, zeros left out."""
    signs = [v > 0 for v in (value(p, at) for p in chain) if v]
    return sum(a != b for a, b in zip(signs, signs[1:]))


def value(p: Polynomial, at: Fraction) -> Fraction:
    """p(at), by Horner's rule."""
    out = Fraction(0)
    for c in reversed(p):
        out = out * at + c
    return out


def remainder(p: Polynomial, q: Polynomial) -> Polynomial:
    """The remainder of p divided by q."""
    out = list(p)
    while len(out) >= len(q):
        factor, shift = out[-1] / q[-1], len(out) - len(q)
        for k, c in enumerate(q):
            out[shift + k] -= factor * c
        out = trimmed(out[:-1])
    return out


def trimmed(p: Polynomial) -> Polynomial:
    """Without leading zeros."""
    out = list(p)
    while out and out[-1] == 0:
        out.pop()
    return out
