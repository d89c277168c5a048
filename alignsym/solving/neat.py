"""Expressions and conditions as a person would write them: one bounded clean-up per printed value.

The candidates are all equal as formulas wherever defined; the shortest is kept.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.powers import exponential_forms, power_forms
from alignsym.solving.quotients import (
    expanded_size,
    has_no_positive_term,
    is_affine_sum,
    is_product_of_irreducibles,
    over_one_denominator,
    product_of_sums,
    with_content,
)
from alignsym.solving.tidy import merged

SIZE_LIMIT = 150
RATIONAL_LIMIT = 900
ROOM = 20
DENOMINATORS = 2
EXPANDED_LIMIT = 120  # terms: quotients of longer polynomials take seconds to cancel


@lru_cache(maxsize=4096)  # values, payoffs and rivals share their formulas
def shortened(expression: Expr) -> Expr:
    """The shortest of a few equal forms, the first among equals.

    >>> a, b, w = sp.symbols("a b w", positive=True)
    >>> shortened(a*w/a/(a + b)*(a + b) + b*w/b)
    2*w
    >>> shortened((w + 2)/(a/b + 1) - 1)
    b*(w + 2)/(a + b) - 1
    """
    expression = unnested(expression)
    if expression.is_Atom or expression.count_ops() <= 1 or _is_plain(expression):
        return expression
    best = expression
    if not is_product_of_irreducibles(expression):
        best, least = expression, weight(expression)
        for form in dict.fromkeys(_forms(expression)):
            size = weight(form)
            if size < least:
                best, least = form, size
    others = flipped(best)
    return min((best, *others), key=weight) if others else best


def unnested(expression: Expr) -> Expr:
    """Denominators without quotients of their own where that is shorter: b/(a + b) for 1/(a/b + 1).

    A price like a/(a + b) + c/(c + d) stays one sum: over one denominator it would be a long one.
    """
    table = {}
    for power in expression.atoms(sp.Pow):
        base, exponent = power.as_base_exp()
        if exponent != -1 or not base.is_Add:
            continue
        over = {t.as_numer_denom()[1] for t in base.args} - {sp.S.One}
        if over and len(over) <= DENOMINATORS:
            numerator, denominator = sp.together(base).as_numer_denom()
            if (denominator / numerator).count_ops() <= power.count_ops():
                table[power] = denominator / numerator
    return expression.xreplace(table) if table else expression


def flipped(product: Expr) -> list[Expr]:
    """The product with the signs of sums turned: 1/(1 - g) for -1/(g - 1), and of two sums where
    one has no positive term.

    >>> g, h = sp.symbols("g h", positive=True)
    >>> flipped(-1/(g - 1)), flipped((-g - h)/(g - 1))
    ([1/(1 - g)], [(g + h)/(1 - g)])
    """
    coefficient, rest = product.as_coeff_Mul()
    sums = [f for f in sp.Mul.make_args(rest) if _is_odd_sum(f)]
    if coefficient.is_negative:
        return [-coefficient * (rest / f) * _turned(f) for f in sums]
    negative = [f for f in sums if has_no_positive_term(f.as_base_exp()[0])]
    return [
        coefficient * (rest / f / other) * _turned(f) * _turned(other)
        for f in negative
        for other in sums
        if other is not f
    ]


def _is_odd_sum(factor: Expr) -> bool:
    base, exponent = factor.as_base_exp()
    return bool(base.is_Add and exponent.is_Integer and exponent % 2)


def _turned(factor: Expr) -> Expr:
    base, exponent = factor.as_base_exp()
    return (-base) ** exponent


def _is_plain(expression: Expr) -> bool:
    """A product of symbols and of at most one sum of symbols, as w*a/(p*(a + b)): nothing to gain.

    With a positive number in front; every other product may hide a common factor.
    """
    sums = 0
    for factor in sp.Mul.make_args(expression):
        base, exponent = factor.as_base_exp()
        if factor.is_Rational:
            if factor.is_negative:
                return False
            continue
        if not exponent.is_Integer:
            return False
        if base.is_Add:
            sums += 1
            if sums > 1 or not all(t.is_Symbol or t is sp.S.One for t in base.args):
                return False
        elif not base.is_Symbol:
            return False
    return True


def gathered(expression: Expr, symbols: tuple[sp.Symbol, ...]) -> Expr:
    """A rational expression as one quotient in factors, its terms collected by the symbols.

    >>> a, b, c, n = sp.symbols("a b c n", positive=True)
    >>> gathered((a - n*c - c)/(b*n + b), (c,))
    (a - c*(n + 1))/(b*(n + 1))
    """
    whole = all(p.exp.is_Integer for p in expression.atoms(sp.Pow))
    if not whole or expression.has(sp.log, sp.exp) or expression.count_ops() > SIZE_LIMIT:
        return expression
    out = []
    for base, exponent in sp.factor(sp.together(expression)).as_powers_dict().items():
        inside = [s for s in symbols if base.has(s)]
        if base.is_Add and inside:
            base = _collected(sp.expand(base), inside)
        out.append(base**exponent)
    best = sp.Mul(*out)
    return best if weight(best) <= weight(expression) + ROOM else expression


def _collected(total: Expr, symbols: list[sp.Symbol]) -> Expr:
    """The terms by symbol, each coefficient in factors, -c*(n + 1) rather than c*(-n - 1)."""
    terms = []
    for symbol, coefficient in sp.collect(total, symbols, evaluate=False).items():
        minus = coefficient.could_extract_minus_sign()
        factors = sp.Mul.make_args(sp.factor(-coefficient if minus else coefficient))
        if symbol == 1:
            terms.append(coefficient)
        else:
            terms.append(sp.Mul(*([-1] if minus else []), symbol, *factors))
    return sp.Add(*terms)


@lru_cache(maxsize=4096)
def weight(expression: Expr) -> int:
    """Operations and length; leading minus signs count more, for nobody writes -q/(-a - b), and
    so do sums with a factor common to all terms: q/(k*s + k)."""
    text = str(expression)
    minus = text.count("(-") + text.startswith("-")
    common = sum(_has_common_factor(e) for e in expression.atoms(sp.Add))
    return 10 * int(expression.count_ops()) + len(text) + 25 * minus + 8 * common


@lru_cache(maxsize=4096)  # the denominators of many values are the same few sums
def _has_common_factor(total: Expr) -> bool:
    rows = [{b for b in t.as_powers_dict() if b.is_Symbol} for t in total.args]
    return bool(set.intersection(*rows))


def _forms(expression: Expr) -> list[Expr]:
    rational = _is_rational(expression)
    if expression.count_ops() > (RATIONAL_LIMIT if rational else SIZE_LIMIT):
        return []
    if expanded_size(expression) > EXPANDED_LIMIT:
        return []
    if expression.count_ops() > SIZE_LIMIT:
        short = sp.cancel(expression)
        return [short, *(_forms(short) if short.count_ops() <= SIZE_LIMIT else [])]
    if rational:
        if is_affine_sum(expression):
            return over_one_denominator(expression)
        product = product_of_sums(expression)
        if product is not None:
            return [product]
    if expression.has(sp.log):
        around = _around_logs(expression)
        if around:
            return around
    together = sp.together(expression)
    if rational:
        expanded = sp.expand(expression)
        if is_affine_sum(expanded):
            # What follows could only find these again.
            return [together, expanded, sp.factor_terms(expanded), sp.factor_terms(together)]
    out = [together, merged(expression), _inside_logs(expression), *power_forms(expression)]
    numerator, denominator = together.as_numer_denom()
    try:
        if (
            not expression.has(sp.log, sp.exp, sp.LambertW)
            or numerator.is_Add
            or denominator.is_Add
        ):
            out.append(sp.cancel(together))
            out.append(sp.factor(together))
    except (sp.PolynomialError, NotImplementedError):
        pass
    out.append(sp.factor_terms(out[-1]))
    if rational:  # there are no exponents to merge, but numbers go into sums: (4 - t)/3
        return [*out, _rebuilt(out[-2]), _rebuilt(expression)]
    more = exponential_forms(expression) if expression.has(sp.exp) else []
    return [*out, sp.powsimp(out[-2]), sp.powsimp(expression), *more]


def _rebuilt(expression: Expr) -> Expr:
    """Evaluated again from its parts."""
    if expression.is_Atom:
        return expression
    return expression.func(*map(_rebuilt, expression.args))


def _inside_logs(expression: Expr) -> Expr:
    table = {log: sp.log(_argument(log.args[0])) for log in expression.atoms(sp.log)}
    return expression.xreplace(table) if table else expression


def _around_logs(expression: Expr) -> list[Expr]:
    """Forms with every logarithm as a name and its argument in a short form of its own; [] where
    there is more than quotients around them, or where they may meet: numbers, log(2*x) - log(x).

    log(1 + (q*v + v - w)/(v + w)) reads better as log(v*(q + 2)/(v + w)).
    """
    logs = expression.atoms(sp.log)
    outer = [g for g in logs if not any(g is not h and h.has(g) for h in logs)]
    names = {g: sp.Dummy(f"log{k}") for k, g in enumerate(sorted(outer, key=str))}
    bare = expression.xreplace(names)
    whole = _is_rational(bare) and all(_is_rational(g.args[0]) for g in outer)
    if not whole or any(g.args[0].is_number or g.has(sp.Sum) for g in outer):
        return []
    short = {name: _argument(g.args[0]) for g, name in names.items()}
    if any((u / v).is_number for u, v in combinations(short.values(), 2)):
        return []
    back = {name: _logarithm(argument) for name, argument in short.items()}
    return [_with_names_replaced(form, back) for form in (bare, *_forms(bare))]


def _logarithm(argument: Expr) -> Expr:
    """log(1/u) is -log(u)."""
    base, exponent = argument.as_base_exp()
    return -sp.log(base) if exponent == -1 and base.is_positive else sp.log(argument)


def _with_names_replaced(form: Expr, table: dict[Expr, Expr]) -> Expr:
    """A number stays in front of a sum."""
    number, rest = form.as_coeff_Mul()
    replaced = rest.xreplace(table)
    if number == 1 or not replaced.is_Add:
        return number * replaced
    return sp.Mul(number, replaced, evaluate=False)


def _is_rational(expression: Expr) -> bool:
    whole = all(p.exp.is_Integer for p in expression.atoms(sp.Pow))
    return whole and not expression.has(sp.log, sp.exp, sp.LambertW)


@lru_cache(maxsize=1024)  # the same logarithms stand in utilities, their sum and the value
def _argument(argument: Expr) -> Expr:
    if argument.is_Add and argument.count_ops() < 40:
        expanded = sp.expand(argument)
        if is_affine_sum(expanded):  # what `factor` would find, which takes longer
            content, rest = with_content(expanded)
            argument = sp.Mul(content, rest, evaluate=False) if abs(content) != 1 else expanded
        else:
            argument = sp.factor(sp.together(argument))
    return min((argument, *flipped(argument)), key=weight)
