"""Powers of powers and of products, flattened where bases are positive.

    (b**c)**e = b**(c*e),    (b*u)**e = b**e * u**e,    b > 0

SymPy asks for more than b > 0: that c is a real number, which 1/(r - 1) is not for r = 1.  Wherever
the left side is defined as a real power the law holds, and nothing else is claimed.
"""

from __future__ import annotations

import sympy as sp

from alignsym.model.relations import Expr


def flattened(e: Expr) -> Expr:
    """The expression with one exponent a base, each exponent one quotient.

    >>> r, t, a = sp.symbols("r t a", positive=True)
    >>> flattened((a*t**(1/(r - 1)))**(r - 1))
    a**(r - 1)*t
    """
    if not e.args or not e.has(sp.Pow):
        return e
    if e.is_Pow or e.is_Mul:
        out = sp.S.One
        bases: dict[Expr, Expr] = {}
        for base, exponent in _factors(e, sp.S.One):
            if base.is_number and exponent.is_number:
                out *= base**exponent
            else:
                bases[base] = bases.get(base, sp.S.Zero) + exponent
        return out * sp.Mul(*(b ** _quotient(c) for b, c in bases.items()))
    return e.func(*map(flattened, e.args))


def positive(e: Expr) -> bool:
    """Whether e is positive wherever it is real: products and powers of what is positive."""
    if e.is_positive:
        return True
    if e.is_Pow:
        return positive(e.base)
    return e.is_Mul and all(map(positive, e.args))


def _factors(e: Expr, exponent: Expr) -> list[tuple[Expr, Expr]]:
    """e**exponent as powers of bases."""
    if e.is_Mul:
        good = [f for f in e.args if positive(f)]
        rest = sp.Mul(*(flattened(f) for f in e.args if f not in good))
        if exponent.is_integer:
            good, rest = list(e.args), sp.S.One
        out = [row for f in good for row in _factors(f, exponent)]
        return out if rest == 1 else [*out, (rest, exponent)]
    if e.is_Pow and e.base is not sp.E and (positive(e.base) or _whole(e.exp, exponent)):
        return _factors(e.base, flattened(e.exp) * exponent)
    if isinstance(e, sp.exp):
        return [(sp.E, flattened(e.args[0]) * exponent)]
    return [(flattened(e) if e.args and not e.is_Pow else _inside(e), exponent)]


def _inside(e: Expr) -> Expr:
    return flattened(e.base) ** flattened(e.exp) if e.is_Pow else e


def _whole(inner: Expr, outer: Expr) -> bool:
    return bool(inner.is_integer and outer.is_integer)


def _quotient(exponent: Expr) -> Expr:
    if not exponent.free_symbols:
        return exponent
    short = sp.factor(sp.cancel(exponent))
    return short if short.count_ops() <= exponent.count_ops() else exponent
