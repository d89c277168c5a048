"""Expressions and conditions as a person would write them: one bounded clean-up per printed value.

The candidates are all equal as formulas wherever defined; the shortest is kept.
"""

from __future__ import annotations

import sympy as sp

from alignsym.logic.decide import implies, irredundant, visibly_true
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.strategies.tidy import merged, without_common

SIZE_LIMIT = 150
RATIONAL_LIMIT = 900
ROOM = 20


def shortened(expression: Expr) -> Expr:
    """The shortest of a few equal forms, the first among equals.

    >>> a, b, w = sp.symbols("a b w", positive=True)
    >>> shortened(a*w/a/(a + b)*(a + b) + b*w/b)
    2*w
    """
    if expression.is_Atom or expression.count_ops() <= 1:
        return expression
    best, least = expression, weight(expression)
    for form in _forms(expression):
        size = weight(form)
        if size < least:
            best, least = form, size
    return best


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


def weight(expression: Expr) -> int:
    """Operations and length, with leading minus signs counted more: nobody writes -q/(-a - b)."""
    text = str(expression)
    minus = text.count("(-") + text.startswith("-")
    return 10 * int(expression.count_ops()) + len(text) + 25 * minus


def _forms(expression: Expr) -> list[Expr]:
    rational = all(p.exp.is_Integer for p in expression.atoms(sp.Pow))
    rational = rational and not expression.has(sp.log, sp.exp, sp.LambertW)
    if expression.count_ops() > (RATIONAL_LIMIT if rational else SIZE_LIMIT):
        return []
    if expression.count_ops() > SIZE_LIMIT:
        short = sp.cancel(expression)
        return [short, *(_forms(short) if short.count_ops() <= SIZE_LIMIT else [])]
    together = sp.together(expression)
    out = [together, merged(expression), _inside_logs(expression)]
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
    out += [sp.factor_terms(out[-1]), sp.powsimp(out[-1]), sp.powsimp(expression)]
    return out


def _inside_logs(expression: Expr) -> Expr:
    """log(1 + (q*v + v - w)/(v + w)) reads better as log(v*(q + 2)/(v + w))."""
    table = {}
    for log in expression.atoms(sp.log):
        argument = log.args[0]
        if argument.is_Add and argument.count_ops() < 40:
            table[log] = sp.log(sp.factor(sp.together(argument)))
    return expression.xreplace(table) if table else expression


def condition(relation: Relation, given: Region) -> Relation:
    """The relation with positive denominators and factors divided away and negative terms moved.

    >>> a, b, c = sp.symbols("a b c", positive=True)
    >>> str(condition(Relation((a - 2*b + c)/(3*b), ">=", sp.S.Zero), ()))
    'a + c >= 2*b'
    """
    if relation.operator in ("==", "!=") or relation.gap.count_ops() > SIZE_LIMIT:
        return relation
    gap = essential(relation.gap, given)
    strict = relation.is_strict
    if gap.is_Add:
        gap = _without_roots(gap)
        plus = [t for t in gap.args if not t.could_extract_minus_sign()]
        minus = [-t for t in gap.args if t.could_extract_minus_sign()]
        left, right = sp.Add(*plus), sp.Add(*minus)
        if not plus:
            return Relation(right, "<" if strict else "<=", sp.S.Zero)
        # A bare symbol reads best on the left: q <= a + b rather than a + b >= q.
        if right.is_Symbol and not left.is_Symbol:
            return Relation(right, "<" if strict else "<=", left)
        return Relation(left, ">" if strict else ">=", right)
    if gap.could_extract_minus_sign():
        return Relation(-gap, "<" if strict else "<=", sp.S.Zero)
    return Relation(gap, ">" if strict else ">=", sp.S.Zero)


def _without_roots(gap: Expr) -> Expr:
    """A - B with the sign of a - b where A = a**(1/q), B = b**(1/q) are positive products.

    1 - sqrt(m)*sqrt(p) has the sign of 1 - m*p.
    """
    if len(gap.args) != 2:
        return gap
    (plus, minus) = sorted(gap.args, key=lambda t: t.could_extract_minus_sign())
    minus = -minus
    if not (plus.is_positive and minus.is_positive):
        return gap
    degrees = [p.exp.q for p in gap.atoms(sp.Pow) if p.exp.is_Rational and not p.exp.is_Integer]
    if not degrees or any(not p.exp.is_Rational for p in gap.atoms(sp.Pow)):
        return gap
    degree = sp.ilcm(1, *degrees)
    a, b = (sp.expand_power_base(side**degree) for side in (plus, minus))
    if a.has(sp.Add) or b.has(sp.Add):
        return gap
    common = without_common((a, -b))
    return sp.Add(*common)


def essential(gap: Expr, given: Region) -> Expr:
    """A shorter expression with the same sign: positive factors removed."""
    try:
        together = sp.factor(sp.together(gap))
    except (sp.PolynomialError, NotImplementedError):
        together = sp.factor_terms(sp.together(gap))
    kept: list[Expr] = []
    number = sp.S.One
    for factor in sp.Mul.make_args(together):
        base, exponent = factor.as_base_exp()
        if factor.is_number:
            number = sp.S.NegativeOne * number if factor.is_negative else number
        elif _positive(base, given):
            continue
        elif _negative(base, given) and exponent.is_Integer:
            number = -number if exponent % 2 else number
        elif exponent.is_negative and exponent.is_Integer:
            kept.append(base if exponent % 2 else base**2)
        else:
            kept.append(factor)
    if not kept:
        return number
    product = sp.Mul(*kept)
    out = sp.expand(product) if len(kept) == 1 or product.count_ops() < 12 else product
    out = out if out.count_ops() <= product.count_ops() + 2 else product
    if out.is_Add:
        out = out.primitive()[1]
    return out if number == 1 else -out


def _positive(base: Expr, given: Region) -> bool:
    relation = Relation(base, ">", sp.S.Zero)
    if base.is_positive or visibly_true(relation):
        return True
    return bool(given) and base.is_Add and implies(given, relation, milliseconds=100).is_proof


def _negative(base: Expr, given: Region) -> bool:
    return (
        bool(given)
        and base.is_Add
        and (implies(given, Relation(base, "<", sp.S.Zero), milliseconds=100).is_proof)
    )


def conditions(relations: Region, given: Region) -> Region:
    """Minimal conditions, neatly written."""
    pending = [r for r in relations if not visibly_true(r)]
    neat = tuple(dict.fromkeys(condition(r, given) for r in pending))
    return irredundant(neat, given)
