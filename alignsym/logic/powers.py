"""Powers of powers and of products, flattened where bases are positive.

    (b**c)**e = b**(c*e),    (b*u)**e = b**e * u**e,    b > 0

SymPy asks for more than b > 0: that c is a real number, which 1/(r - 1) is not for r = 1.  Wherever
the left side is defined as a real power the law holds, and nothing else is claimed.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from alignsym.logic.decide import implies
from alignsym.model.relations import Expr, Region, Relation

TERMS = 6


def flattened(e: Expr) -> Expr:
    """The expression with one exponent a base, each exponent one quotient.

    >>> r, t, a = sp.symbols("r t a", positive=True)
    >>> flattened((a*t**(1/(r - 1)))**(r - 1))
    a**(r - 1)*t
    """
    if not e.args or not e.has(sp.Pow, sp.exp, sp.log):
        return e
    if isinstance(e, sp.log):
        return _log(flattened(e.args[0]))
    if isinstance(e, sp.exp):
        return _exponential(flattened(e.args[0]))
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


def _log(e: Expr) -> Expr:
    """log(exp(u)*v) = u + log(v), v > 0."""
    powers = [f for f in sp.Mul.make_args(e) if isinstance(f, sp.exp)]
    rest = sp.Mul(*(f for f in sp.Mul.make_args(e) if not isinstance(f, sp.exp)))
    if not powers or not (rest == 1 or positive(rest)):
        return sp.log(e)
    return sp.Add(*(f.args[0] for f in powers), sp.log(rest))


def _exponential(u: Expr) -> Expr:
    """exp(c*log(b) + v) = b**c*exp(v), b > 0."""
    bases, rest = [], []
    for term in sp.Add.make_args(sp.expand(u)):
        logs = [f for f in sp.Mul.make_args(term) if isinstance(f, sp.log)]
        if len(logs) == 1 and positive(logs[0].args[0]):
            bases.append(logs[0].args[0] ** sp.cancel(term / logs[0]))
        else:
            rest.append(term)
    return sp.Mul(*bases) * sp.exp(sp.Add(*rest)) if bases else sp.exp(u)


def flattened_on(e: Expr, region: Region) -> Expr:
    """The same with the sums under powers that are positive on the region.

    >>> n, r, a = sp.symbols("n r a", positive=True)
    >>> flattened_on((a*(n - 1))**(1/r), (Relation(n, ">", sp.Integer(1)),))
    a**(1/r)*(n - 1)**(1/r)
    """
    e = flattened(e)
    sums = {a for p in e.atoms(sp.Pow) if not p.exp.is_Integer for a in p.base.atoms(sp.Add)}
    logs = (log for p in e.atoms(sp.exp) for log in p.atoms(sp.log))
    sums |= {a for log in logs for a in log.args[0].atoms(sp.Add)}
    table: dict[Expr, Expr] = {}
    back: dict[Expr, Expr] = {}
    for base in sorted(sums, key=str):
        if base.is_positive is not None or len(base.args) > TERMS:
            continue
        size = sp.Dummy(f"size{len(table)}", positive=True)
        for sign, operator in ((1, ">"), (-1, "<")):
            relation = Relation(base, operator, sp.S.Zero)  # type: ignore[arg-type]
            if implies(region, relation, milliseconds=200).is_proof:
                table[base] = sign * size
                back[size] = sign * base
                break
    if not table:
        return e
    return flattened(e.xreplace(table)).xreplace(back)


def one_quotient(e: Expr) -> Expr:
    """A sum of rational terms as one factored quotient; of others, with common powers pulled out.

    >>> n, r = sp.symbols("n r", positive=True)
    >>> one_quotient(n**(r - 2)*(r - 1) + n**(r - 1))
    n**(r - 2)*(n + r - 1)
    """
    if all(p.exp.is_Integer for p in e.atoms(sp.Pow)) and not e.has(sp.log, sp.exp):
        return sp.factor(sp.together(e))
    rows = [
        {b: sp.cancel(c) for b, c in term.as_powers_dict().items()} for term in sp.Add.make_args(e)
    ]
    common: dict[Expr, Expr] = {}
    for base, exponent in rows[0].items():
        found = [row.get(base) for row in rows]
        if base.is_number or any(c is None for c in found):
            continue
        apart = [sp.expand(c - exponent) for c in found]
        if all(c.is_Rational for c in apart):
            common[base] = sp.expand(exponent + min(apart))
    if not common:
        return sp.factor_terms(e)
    rest = sp.Add(
        *(sp.Mul(*(b ** sp.expand(c - common.get(b, 0)) for b, c in row.items())) for row in rows)
    )
    return sp.Mul(*(b**c for b, c in common.items())) * sp.factor_terms(sp.expand(rest))


def divided(e: Expr, variables: tuple[sp.Symbol, ...]) -> Expr:
    """Terms N/D with the polynomial part divided out, so that a/(a + b) + b/(a + b) is 1.

    D is a sum over one of the variables, the last by name, in which N has a smaller degree then.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> divided(b/(a + b), (a, b))
    -a/(a + b) + 1
    """
    out = []
    quotients = {
        p: one_quotient(p.base) ** p.exp
        for p in e.atoms(sp.Pow)
        if p.base.is_Add and p.exp.is_Integer and p.exp < 0 and p.free_symbols & set(variables)
    }
    for term in sp.Add.make_args(sp.expand_mul(e.xreplace(quotients))):
        out.append(_divided(term, variables))
    return sp.expand(sp.Add(*out))


def _divided(term: Expr, variables: tuple[sp.Symbol, ...]) -> Expr:
    for base, exponent in term.as_powers_dict().items():
        if not (base.is_Add and exponent.is_Integer and exponent < 0):
            continue
        inside = sorted(base.free_symbols & set(variables), key=lambda s: s.name)
        if not inside:
            continue
        v = inside[-1]
        numerator = sp.cancel(term * base ** (-exponent)) if term.is_Mul else sp.S.One
        if not (base.is_polynomial(v) and numerator.is_polynomial(v)):
            continue
        if sp.degree(numerator, v) < sp.degree(base, v):
            continue
        quotient, rest = sp.div(numerator, base, v)
        parts = sp.expand(quotient * base ** (exponent + 1)) + sp.expand(rest) * base**exponent
        return sp.Add(*(_divided(p, variables) for p in sp.Add.make_args(sp.expand_mul(parts))))
    return term


def positive(e: Expr) -> bool:
    """Whether e is positive wherever it is real: products and powers of what is positive."""
    if e.is_positive:
        return True
    if e.is_Pow:
        return positive(e.base)
    return e.is_Mul and all(map(positive, e.args))


def _factors(e: Expr, exponent: Expr) -> list[tuple[Expr, Expr]]:
    """e**exponent as powers of bases."""
    if e.is_Add and not (exponent.is_integer and all(p.exp.is_number for p in e.atoms(sp.Pow))):
        pulled = one_quotient(sp.Add(*map(flattened, e.args)))
        if pulled.is_Mul:
            good = [f for f in pulled.args if positive(f)]
            rest = sp.Mul(*(f for f in pulled.args if f not in good))
            kept = [] if rest == 1 else [(rest, exponent)]
            return [*kept, *(row for f in good for row in _factors(f, exponent))]
        return [(pulled, exponent)]
    if e.is_Mul:
        e = sp.Mul(*map(flattened, e.args))
        args = sp.Mul.make_args(e)
        good = [f for f in args if positive(f)]
        rest = sp.Mul(*(f for f in args if f not in good))
        if exponent.is_integer:
            good, rest = list(args), sp.S.One
        out = [row for f in good for row in _factors(f, exponent)]
        return out if rest == 1 else [*out, (rest, exponent)]
    if e.is_Pow and e.base is not sp.E and (positive(e.base) or _whole(e.exp, exponent)):
        return _factors(e.base, flattened(e.exp) * exponent)
    if isinstance(e, sp.exp):
        return [(sp.E, flattened(e.args[0]) * exponent)]
    if e.is_Pow and (e.base.is_Add or e.base.is_Mul) and not e.exp.is_Integer:
        # (b*u)**c = b**c * u**c whatever the sign of u
        parts = sp.Mul.make_args(flattened(e.base))
        pulled = sp.Mul(*(one_quotient(f) if f.is_Add else f for f in parts))
        good = [f for f in sp.Mul.make_args(pulled) if positive(f)]
        if good:
            rest = sp.Mul(*(f for f in sp.Mul.make_args(pulled) if f not in good))
            power = flattened(e.exp)
            more = [row for f in good for row in _factors(f, power * exponent)]
            return [(rest**power, exponent), *more]
    return [(flattened(e) if e.args and not e.is_Pow else _inside(e), exponent)]


def _inside(e: Expr) -> Expr:
    return flattened(e.base) ** flattened(e.exp) if e.is_Pow else e


def _whole(inner: Expr, outer: Expr) -> bool:
    return bool(inner.is_integer and outer.is_integer)


@lru_cache(maxsize=8192)
def _quotient(exponent: Expr) -> Expr:
    if not exponent.free_symbols:
        return exponent
    short = sp.factor(sp.cancel(exponent))
    return short if short.count_ops() <= exponent.count_ops() else exponent
