"""Sums, products and quotients seen for what they are, so that nothing is computed for no gain."""

from __future__ import annotations

from math import prod

import sympy as sp

from alignsym.model.relations import Expr


def is_product_of_irreducibles(expression: Expr) -> bool:
    """Whether it is visibly a product of powers of symbols and different sums without factors.

    A sum is, if it is s*A + B, A and B without s, one of them a monomial that shares no symbol with
    the other, or a positive sum of squares, with whole coefficients that have no common divisor.
    Nothing cancels, and factored it already is.

    >>> a, b, p, q = sp.symbols("a b p q", positive=True)
    >>> is_product_of_irreducibles(a*p/(a*p + b*q)), is_product_of_irreducibles(p/(a*p + b*p))
    (True, False)
    """
    sums: set[Expr] = set()
    number, product = expression.as_coeff_Mul()
    for factor in sp.Mul.make_args(product):
        base, exponent = factor.as_base_exp()
        if (base.is_Symbol or base.is_Integer) and exponent.is_Rational:
            continue
        single = exponent.is_Rational and exponent <= 1
        if not (base.is_Add and single):
            return False
        if base in sums or -base in sums or not _is_irreducible(base):
            return False
        sums.add(base)
    if any(map(has_no_positive_term, sums)) or number not in (1, -1) and sums:
        return False  # signs and numbers may move
    return len([total for total in sums if total.could_extract_minus_sign()]) < 2


def _is_irreducible(total: Expr) -> bool:
    rows: list[tuple[Expr, dict[Expr, Expr]]] = []
    for term in total.args:
        number, product = term.as_coeff_Mul()
        powers = {} if product is sp.S.One else product.as_powers_dict()
        whole = all(b.is_Symbol and e.is_Integer and e > 0 for b, e in powers.items())
        if not (number.is_Integer and whole):
            return False
        rows.append((number, powers))
    if sp.igcd(*(int(number) for number, _ in rows)) != 1:
        return False
    if all(n > 0 and set(powers.values()) <= {2} and len(powers) < 2 for n, powers in rows):
        return True
    for s in dict.fromkeys(b for _, powers in rows for b, e in powers.items() if e == 1):
        if any(powers.get(s, 0) not in (0, 1) for _, powers in rows):
            continue
        inside = [set(powers) - {s} for _, powers in rows if s in powers]
        beside = [set(powers) for _, powers in rows if s not in powers]
        for one, other in ((inside, beside), (beside, inside)):
            if len(one) == 1 and not one[0] & set.intersection(*other):
                return True
    return False


def has_no_positive_term(total: Expr) -> bool:
    return all(term.could_extract_minus_sign() for term in total.args)


def is_affine_sum(expanded: Expr) -> bool:
    """A sum of symbols with rational coefficients."""
    return all(
        t.is_Symbol
        or t.is_Rational
        or (t.is_Mul and len(t.args) == 2 and t.args[0].is_Rational and t.args[1].is_Symbol)
        for t in sp.Add.make_args(expanded)
    )


def with_content(total: Expr) -> tuple[Expr, Expr]:
    """The number and the primitive sum whose product an affine sum is, as `factor` finds them.

    >>> a, b = sp.symbols("a b")
    >>> with_content(b/2 - a)
    (-1/2, 2*a - b)
    """
    content, rest = total.primitive()
    negative = sp.Poly(rest).LC() < 0 if rest.is_Add else rest.could_extract_minus_sign()
    return (-content, sp.expand(-rest)) if negative else (content, rest)


def over_one_denominator(total: Expr) -> list[Expr]:
    """An affine sum as (2*a - 4*b)/9 and as 2*(a - 2*b)/9."""
    content, rest = total.primitive()
    if rest.could_extract_minus_sign():
        content, rest = -content, sp.expand(-rest)
    whole = sp.expand(content.p * rest)
    return [
        sp.Mul(sp.Rational(1, content.q), whole, evaluate=False) if content.q != 1 else whole,
        sp.Mul(content, rest, evaluate=False) if content != 1 else rest,
    ]


def product_of_sums(expression: Expr) -> Expr | None:
    """A product of sums of symbols with numbers as coefficients, read off common factors; None if
    it is not one.  (a - q)*q - c*q at an affine q is a profit of this kind.

    >>> a, b, c = sp.symbols("a b c", positive=True)
    >>> q = a/3 + b/3 - 2*c/3
    >>> product_of_sums((a + b - c - q)*q - c*q)
    2*(a + b - 2*c)**2/9
    """
    if not expression.is_Add or not any(t.is_Mul for t in expression.args):
        return None
    taken = sp.factor_terms(expression)
    if not taken.is_Mul:
        return None
    number, bases = sp.S.One, []
    for factor in taken.args:
        if factor.is_Rational:
            number *= factor
            continue
        base, exponent = factor.as_base_exp()
        if not (exponent.is_Integer and exponent.is_positive):
            return None
        plain = sp.expand(base) if base.is_Add else base
        if not is_affine_sum(plain):
            return None
        content, rest = with_content(plain)
        number *= content**exponent
        bases.append(rest**exponent)
    return number * sp.Mul(*bases) if len(bases) > 1 else None


def expanded_size(expression: Expr) -> int:
    """A bound for the terms of the quotient of two polynomials that the expression is.

    >>> a, b, c, d = sp.symbols("a b c d", positive=True)
    >>> expanded_size(a/(a + b) + c/(c + d))
    8
    """
    numerator, denominator = _quotient_size(expression)
    return numerator + denominator


def _quotient_size(e: Expr) -> tuple[int, int]:
    """(terms of the numerator, of the denominator), each over the common denominator."""
    if e.is_Mul:
        rows = [_quotient_size(f) for f in e.args]
        return prod(n for n, _ in rows), prod(d for _, d in rows)
    if e.is_Add:
        over = {f for t in e.args for f in _denominators(t)}
        whole = prod(_quotient_size(f)[0] for f in over)
        total = 0
        for t in e.args:
            own = prod(_quotient_size(f)[0] for f in _denominators(t))
            total += _quotient_size(t)[0] * whole // max(own, 1)
        return total, whole
    if e.is_Pow and e.exp.is_Integer:
        n, d = _quotient_size(e.base)
        k = min(abs(int(e.exp)), 12)
        return (n**k, d**k) if e.exp > 0 else (d**k, n**k)
    return 1, 1


def _denominators(term: Expr) -> list[Expr]:
    powers = [f for f in sp.Mul.make_args(term) if f.is_Pow and f.exp.is_negative]
    return [f**-1 for f in powers if f.base.is_Add]
