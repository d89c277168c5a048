"""Real roots of a polynomial with rational coefficients, isolated by Sturm's theorem (1829).

The number of distinct real roots in (a, b] is the difference of the sign changes of the chain
p, p', -rem(p, p'), ... at a and b.
"""

from __future__ import annotations

from fractions import Fraction

Polynomial = list[Fraction]  # coefficients from the constant upwards
_BITS = 220


def isolated(coefficients: Polynomial, index: int) -> tuple[Fraction, Fraction] | None:
    """An interval of size about 2**-220 that contains the index-th real root (0, 1, ...), counted
    with its multiplicity, and no root that is different.

    None where there is no such root.

    >>> low, high = isolated([Fraction(-2), Fraction(0), Fraction(1)], 1)
    >>> low**2 <= 2 <= high**2, round(float(low), 6)
    (True, 1.414214)
    """
    p = trimmed(coefficients)
    if len(p) < 2:
        return None
    chains = [sturm_chain(part) for part in square_free_parts(p)]
    sizes: list[Fraction] = [abs(c / p[-1]) for c in p[:-1]]
    bound = max(sizes) + 1  # Cauchy's bound

    def up_to(at: Fraction) -> int:
        return sum(changes(chain, -bound) - changes(chain, at) for chain in chains)

    low, high = -bound, bound
    if not 0 <= index < up_to(high):
        return None
    while high - low > Fraction(1, 2**_BITS) * max(Fraction(1), abs(low)):
        middle = (low + high) / 2
        found = up_to(middle)
        if found - sum(not value(chain[0], middle) for chain in chains) <= index < found:
            return middle, middle
        low, high = (low, middle) if found > index else (middle, high)
    return low, high


def square_free_parts(p: Polynomial) -> list[Polynomial]:
    """Polynomials without multiple roots; a root of p of multiplicity m is one of the first m.

    Where several members of a chain vanish their signs tell nothing, hence this.

    >>> [[int(c) for c in q] for q in square_free_parts([Fraction(c) for c in (0, 0, -1, 1)])]
    [[0, -1, 1], [0, 1]]
    """
    out = []
    while len(p) > 1:
        common = sturm_chain(p)[-1]
        part, _ = divided(p, common)
        out.append([c / part[-1] for c in part])
        p = common
    return out


def sturm_chain(p: Polynomial) -> list[Polynomial]:
    """p, p', and the negated remainders of Euclid's algorithm."""
    chain = [p, trimmed([k * c for k, c in enumerate(p)][1:])]
    while len(chain[-1]) > 1:
        rest = [-c for c in divided(chain[-2], chain[-1])[1]]
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


def divided(p: Polynomial, q: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder of p by q."""
    quotient, out = [Fraction(0)] * max(len(p) - len(q) + 1, 0), list(p)
    while len(out) >= len(q):
        factor, shift = out[-1] / q[-1], len(out) - len(q)
        quotient[shift] = factor
        for k, c in enumerate(q):
            out[shift + k] -= factor * c
        out = trimmed(out[:-1])
    return quotient, out


def trimmed(p: Polynomial) -> Polynomial:
    """Without leading zeros."""
    out = list(p)
    while out and out[-1] == 0:
        out.pop()
    return out
