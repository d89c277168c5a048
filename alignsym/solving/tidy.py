"""Equations as short sums of products, without expanding what is better left whole.

Sums stay atomic bases: expanding them first hides two-term equations, the biggest single mistake
(ENGINE 2).  Common factors are divided out: solvers may assume they do not vanish, for nothing
rests on a solver.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from alignsym.model.relations import Expr


def tidy(equation: Expr) -> Expr:
    """The equation with powers of products split and factors common to all terms divided out.

    >>> x, y, a = sp.symbols("x y a", positive=True)
    >>> tidy((x*y)**a*x - y**(a + 1)*x**a*2)
    x - 2*y
    """
    equation = merged(equation)
    terms = sp.Add.make_args(equation)
    if len(terms) < 2:
        return strip(equation)
    return sp.Add(*without_common(terms))


def merged(expression: Expr) -> Expr:
    """Powers of products split over the factors, equal bases merged, exponents cancelled.

    >>> k, a = sp.symbols("k a", positive=True)
    >>> merged(k**a/k), merged(k**(a/(a + 1) - 1))
    (k**(a - 1), k**(-1/(a + 1)))
    """
    if not expression.has(sp.Pow):
        return expression
    out = sp.expand_power_base(denested(expression))
    if all(p.exp.is_number for p in out.atoms(sp.Pow)):
        return out
    return out.replace(_has_symbolic_power, _collected)


def denested(expression: Expr) -> Expr:
    """(b**e)**f as b**(e*f), and powers of products split, as if sums such as 1 - a were positive.

    SymPy knows signs of symbols only.  Where the guess is wrong the numbers disagree.  Even powers
    are left alone: sqrt((a - b)**2) is not a - b.

    >>> a, e = sp.symbols("a e", positive=True)
    >>> denested(((1 - a)**a*e)**(1/a))
    e**(1/a)*(1 - a)
    """
    return expression.replace(_is_nested, _flat)


def _is_nested(e: Expr) -> bool:
    if not e.is_Pow or e.exp.is_Integer:
        return False
    return any(
        f.is_Pow and f.base.is_Add and not (f.exp.is_Integer and f.exp % 2 == 0)
        for f in sp.Mul.make_args(e.base)
    ) or (e.base.is_Mul and any(f.is_Add for f in e.base.args))


def _flat(e: Expr) -> Expr:
    out = sp.S.One
    for factor in sp.Mul.make_args(e.base):
        base, exponent = factor.as_base_exp()
        if factor.is_Pow and base.is_Add and not (exponent.is_Integer and exponent % 2 == 0):
            out *= base ** sp.cancel(exponent * e.exp)
        elif factor.is_positive or factor.is_Add:
            out *= factor**e.exp
        else:
            return e
    return out


def _has_symbolic_power(e: Expr) -> bool:
    if e.is_Pow:
        return not e.exp.is_number
    return e.is_Mul and any(f.is_Pow and not f.exp.is_number for f in e.args)


def _collected(product: Expr) -> Expr:
    powers = product.as_powers_dict()
    return sp.Mul(*(b ** (e if e.is_number else shortest_exponent(e)) for b, e in powers.items()))


@lru_cache(maxsize=4096)
def shortest_exponent(exponent: Expr) -> Expr:
    """The exponent as one cancelled quotient, or as it stands if that is shorter."""
    cancelled = sp.factor(sp.cancel(exponent))
    return cancelled if cancelled.count_ops() <= exponent.count_ops() else exponent


def strip(product: Expr) -> Expr:
    """A product without its constant and sign."""
    coefficient, rest = product.as_coeff_Mul()
    return rest if coefficient != 0 else sp.S.Zero


def without_common(terms: tuple[Expr, ...]) -> list[Expr]:
    """The terms divided by the largest power of every base that all of them contain."""
    rows = [{b: _neat(e) for b, e in term.as_powers_dict().items()} for term in terms]
    common: dict[Expr, Expr] = {}
    for base, exponent in rows[0].items():
        if base.is_number and base is not sp.E:
            continue
        exponents = [exponent, *(row.get(base) for row in rows[1:])]
        if any(e is None for e in exponents):
            continue
        apart = [_expanded(e - exponent) for e in exponents]
        if all(e.is_Rational for e in apart):
            common[base] = _expanded(exponent + min(apart))
        elif base is sp.E:  # exponentials never vanish: any of them may be divided out
            common[base] = sp.expand(exponent)
    if not common:
        return list(terms)
    out = []
    for row in rows:
        left = {b: e - common[b] if b in common else e for b, e in row.items()}
        out.append(sp.Mul(*(b ** _expanded(e) for b, e in left.items())))
    return out


def _neat(exponent: Expr) -> Expr:
    return exponent if exponent.is_Rational else sp.cancel(exponent)


def _expanded(exponent: Expr) -> Expr:
    return exponent if exponent.is_Rational else sp.expand(exponent)


def terms(expression: Expr) -> int:
    """An upper bound for the number of terms after multiplying out.

    >>> x, y = sp.symbols("x y")
    >>> terms((x + y)**2*(x + 1))
    8
    """
    if expression.is_Add:
        return sum(map(terms, expression.args))
    if expression.is_Mul:
        out = 1
        for factor in expression.args:
            out *= terms(factor)
        return out
    if expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
        return int(terms(expression.base) ** int(expression.exp))
    return 1
