"""Powers with symbolic exponents as a person writes them: common factors out, one root over all.

    p*k**a - r*k, k = (a*p/r)**(1/(1 - a))   ->   (1 - a)*(p*(a/r)**a)**(1/(1 - a))
    a**(a/d)*b**(b/d)*p**(1/d)               ->   (a**a*b**b*p)**(1/d)

Sums in bases are taken as positive, as `denested` does; what comes out is verified like any guess.
"""

from __future__ import annotations

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.tidy import denested, merged

TERMS_LIMIT = 6
OPERATIONS_LIMIT = 400


def power_forms(expression: Expr) -> list[Expr]:
    """Forms of an expression with symbolic exponents; [] where there is none.

    >>> a, p, r = sp.symbols("a p r", positive=True)
    >>> k = (a*p/r)**(1/(1 - a))
    >>> power_forms(p*k**a - r*k)[-1]
    (a**a*p/r**a)**(1/(1 - a))*(1 - a)
    """
    symbolic = any(not p.exp.is_number for p in expression.atoms(sp.Pow))
    if not symbolic or expression.count_ops() > OPERATIONS_LIMIT:
        return []
    if not expression.is_Add:
        if expression.is_Mul and any(f.is_Add and f.has(sp.Pow) for f in expression.args):
            multiplied = sp.expand_mul(expression)
            return power_forms(multiplied) if multiplied.is_Add else _products(multiplied)
        return _products(expression)
    if len(expression.args) > TERMS_LIMIT:
        return []
    rows = [powers_of(merged(denested(term))) for term in expression.args]
    common: dict[Expr, Expr] = {}
    for base, exponent in rows[0].items():
        if base.is_number:
            continue
        apart = [sp.cancel(row.get(base, sp.S.Zero) - exponent) for row in rows[1:]]
        if all(e.is_Integer for e in apart):
            common[base] = sp.cancel(exponent + min([sp.S.Zero, *apart]))
    if not any(not e.is_number for e in common.values()):
        return []
    rest = []
    for row in rows:
        factors = [b ** sp.cancel(e - common.get(b, sp.S.Zero)) for b, e in row.items()]
        missing = [b ** (-e) for b, e in common.items() if b not in row]
        rest.append(sp.Mul(*factors, *missing))
    inner = sp.factor(sp.Add(*rest))
    outer = sp.Mul(*(b**e for b, e in common.items()))
    return [inner * form for form in (outer, *_products(outer))]


def powers_of(product: Expr) -> dict[Expr, Expr]:
    """Base -> exponent, positive symbols and sums apart."""
    out: dict[Expr, Expr] = {}
    for factor in sp.Mul.make_args(product):
        base, exponent = factor.as_base_exp()
        for part in sp.Mul.make_args(base) if not exponent.is_Integer else (base,):
            b, e = part.as_base_exp()
            out[b] = sp.cancel(out.get(b, sp.S.Zero) + e * exponent)
    return out


def _products(product: Expr) -> list[Expr]:
    """The product with one root over the powers that share a denominator of their exponents."""
    rows = powers_of(merged(denested(product)))
    groups: dict[Expr, dict[Expr, Expr]] = {}
    for base, exponent in rows.items():
        numerator, denominator = sp.fraction(sp.cancel(exponent))
        if denominator.could_extract_minus_sign():
            numerator, denominator = -numerator, -denominator
        if not base.is_number or not exponent.is_Integer:
            groups.setdefault(denominator, {})[base] = numerator
    out = []
    for sign in (1, -1):
        product_ = sp.Mul(*(b**e for b, e in rows.items() if b.is_number and e.is_Integer))
        for denominator, bases in groups.items():
            if denominator == 1:
                product_ *= _alike(bases)
                continue
            inner = sp.Mul(*(b ** sp.expand(sign * n) for b, n in bases.items()))
            product_ *= sp.Pow(inner, sp.S.One / (sign * denominator), evaluate=False)
        out.append(product_)
    return out


def _alike(bases: dict[Expr, Expr]) -> Expr:
    """b**n * c**n / d**n as (b*c/d)**n."""
    groups: dict[Expr, Expr] = {}
    for base, exponent in bases.items():
        minus = exponent.could_extract_minus_sign()
        key = -exponent if minus else exponent
        groups[key] = groups.get(key, sp.S.One) * (1 / base if minus else base)
    out = sp.S.One
    for exponent, base in groups.items():
        power = base**exponent if exponent.is_Integer else sp.Pow(base, exponent, evaluate=False)
        out *= power
    return out


def exponential_forms(expression: Expr) -> list[Expr]:
    """Exponentials merged, and exp(k + m*W(u)) = exp(k)*(u/W(u))**m from W*exp(W) = u.

    >>> u, c = sp.symbols("u c", positive=True)
    >>> exponential_forms(u*sp.exp(-sp.LambertW(u)))[-1]
    LambertW(u)
    """
    opened = {e: sp.exp(sp.expand(e.args[0])) for e in expression.atoms(sp.exp)}
    merged_ = sp.powsimp(expression.xreplace(opened), deep=True, combine="exp")
    table = {}
    for e in merged_.atoms(sp.exp):
        exponent = sp.expand(e.args[0])
        for w in exponent.atoms(sp.LambertW):
            times = exponent.coeff(w)
            if times.is_Integer and w.args[0] != 0:
                rest = sp.exp(exponent - times * w)
                table[e] = rest * (w.args[0] / w) ** times
    if not table:
        return [merged_]
    plain = sp.powsimp(merged_.xreplace(table), deep=True, combine="exp")
    short = sp.factor(sp.together(plain))
    return [merged_, plain, sp.powsimp(short, deep=True, combine="exp")]
