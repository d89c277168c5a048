"""Conditions as a person would write them: positive factors divided away, negative terms moved.

    (a - 2*b + c)/(3*b) >= 0   ->   a + c >= 2*b

Every relation keeps the sign it had; those that the others and the declared ones imply are dropped.
"""

from __future__ import annotations

import sympy as sp

from alignsym.logic.decide import implies, irredundant, visibly_true
from alignsym.logic.normal import is_identically_zero
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.lambert import without_lambert
from alignsym.solving.neat import SIZE_LIMIT
from alignsym.solving.quotients import is_affine_sum, with_content
from alignsym.solving.surds import without_surds
from alignsym.solving.univariate import as_bounds


def oriented(expression: Expr, region: Region) -> Expr:
    """(1 - a)/(w - k*p) in place of (a - 1)/(k*p - w) where both sums are negative.

    >>> a, w = sp.symbols("a w", positive=True)
    >>> below = (Relation(a, "<", sp.S.One), Relation(w, ">", a))
    >>> oriented((a - 1)/(a - w), below)
    (1 - a)/(-a + w)
    """
    factors = sp.Mul.make_args(expression)
    odd = [f for f in factors if f.as_base_exp()[0].is_Add and f.as_base_exp()[1] in (1, -1)]
    if not 2 <= len(odd) <= 3 or expression.count_ops() > SIZE_LIMIT:
        return expression
    below = []
    for factor in odd:
        base, exponent = factor.as_base_exp()
        if not _positive(base, region) and _negative(base, region):
            below.append((factor, sp.Pow(-base, exponent)))
    if len(below) < 2:
        return expression
    out = expression
    for factor, turned in below[:2]:
        out = out / factor * turned
    return out


def condition(relation: Relation, given: Region) -> Relation:
    """The relation with positive denominators and factors divided away and negative terms moved.

    >>> a, b, c = sp.symbols("a b c", positive=True)
    >>> str(condition(Relation((a - 2*b + c)/(3*b), ">=", sp.S.Zero), ()))
    'a + c >= 2*b'
    """
    if relation.operator == "!=":
        relation = one_sided(relation, given)
    if relation.operator in ("==", "!=") or relation.gap.count_ops() > SIZE_LIMIT:
        return relation
    gap = essential(relation.gap, given)
    strict = relation.is_strict
    if gap.is_Pow and gap.exp.is_positive and not gap.exp.is_integer:
        return condition(Relation(gap.base, ">" if strict else ">=", sp.S.Zero), given)
    if gap.is_Add:
        plain_w = without_lambert(gap)
        if plain_w is not None:
            return condition(Relation(plain_w, ">" if strict else ">=", sp.S.Zero), given)
        gap = without_surds(gap)
        plus = [t for t in gap.args if not t.could_extract_minus_sign()]
        minus = [-t for t in gap.args if t.could_extract_minus_sign()]
        left, right = sp.Add(*plus), sp.Add(*minus)
        logs = _without_exponential(left, right)
        if logs is not None:
            return condition(Relation(logs, ">" if strict else ">=", sp.S.Zero), given)
        bound = _single_bound(gap, strict)
        if bound is not None:
            return bound
        plain = _with_plain_exponents(left, right, given)
        if plain is not None:
            left, right = plain
        if not plus:
            return Relation(right, "<" if strict else "<=", sp.S.Zero)
        # A bare symbol reads best on the left: q <= a + b rather than a + b >= q.
        if left.is_number or (right.is_Symbol and not left.is_Symbol):
            return Relation(right, "<" if strict else "<=", left)
        return Relation(left, ">" if strict else ">=", right)
    if gap.could_extract_minus_sign():
        return Relation(-gap, "<" if strict else "<=", sp.S.Zero)
    return Relation(gap, ">" if strict else ">=", sp.S.Zero)


def one_sided(relation: Relation, given: Region) -> Relation:
    """u > 0 in place of u != 0 where u >= 0 is known.

    >>> n = sp.Symbol("n", positive=True, integer=True)
    >>> at_least = (Relation(n, ">=", sp.S.One),)
    >>> str(one_sided(Relation(n - 1, "!=", sp.S.Zero), at_least))
    'n - 1 > 0'
    """
    for relaxed, strict in ((">=", ">"), ("<=", "<")):
        known = Relation(relation.gap, relaxed, sp.S.Zero)  # type: ignore[arg-type]
        if visibly_true(known) or implies(given, known, milliseconds=100).is_proof:
            return Relation(relation.gap, strict, sp.S.Zero)  # type: ignore[arg-type]
    return relation


def _without_exponential(left: Expr, right: Expr) -> Expr | None:
    """log(left) - log(right) where one of two positive products has an exponential.

    p >= q*exp(u) is log(p) - log(q) - u >= 0, so that such conditions are all of one kind.
    """
    if left.has(sp.exp) == right.has(sp.exp) or left.is_Add or right.is_Add:
        return None
    if not (left.is_positive and right.is_positive):
        return None
    apart = sp.expand_log(sp.log(left), force=True) - sp.expand_log(sp.log(right), force=True)
    return None if apart.has(sp.exp) else apart


def _with_plain_exponents(left: Expr, right: Expr, given: Region) -> tuple[Expr, Expr] | None:
    """left >= right between positive products, both to the power that clears their exponents.

    y >= c**(1/g)*x becomes y**g >= c*x**g where g > 0, so that one condition has one form.
    """
    if left.is_Add or right.is_Add or not (left.is_positive and right.is_positive):
        return None
    powers = sp.expand_power_base(left / right, force=True).as_powers_dict()
    exponents = {base: sp.together(e) for base, e in powers.items()}
    if not any(e.free_symbols for e in exponents.values()):
        return None
    try:
        over = sp.lcm_list([sp.fraction(e)[1] for e in exponents.values()])
        cleared = {base: sp.cancel(e * over) for base, e in exponents.items()}
        common = sp.gcd_list(list(cleared.values()))
    except (sp.PolynomialError, NotImplementedError):
        return None
    factor = sp.cancel(over / common)
    if factor == 1 or not (_positive(factor, given) or _negative(factor, given)):
        return None
    sign = 1 if _positive(factor, given) else -1
    sides = [sp.S.One, sp.S.One]
    for base, e in cleared.items():
        exponent = sp.cancel(sign * e / common)
        below = exponent.could_extract_minus_sign()
        sides[below] *= base ** (-exponent if below else exponent)
    return sides[0], sides[1]


def _single_bound(gap: Expr, strict: bool) -> Relation | None:
    """a >= 1/2 for 2*a - 1 >= 0: one symbol, numbers as coefficients."""
    if len(gap.free_symbols) != 1:
        return None
    (symbol,) = gap.free_symbols
    slope = sp.diff(gap, symbol)
    if not slope.is_Rational or slope == 0:
        return None
    operator = ">" if slope > 0 else "<"
    bound = -gap.xreplace({symbol: sp.S.Zero}) / slope
    return Relation(symbol, operator if strict else operator + "=", bound)  # type: ignore[arg-type]


def essential(gap: Expr, given: Region) -> Expr:
    """A shorter expression with the same sign: positive factors removed."""
    plain, back = without_roots(gap)
    try:
        together = (_primitive(plain) or _quotient(plain) or sp.factor(plain)).xreplace(back)
    except (sp.PolynomialError, NotImplementedError):
        together = sp.factor_terms(sp.together(gap))
    if together.is_zero:
        return sp.S.Zero
    kept: list[Expr] = []
    number = sp.S.One
    factors = [f for f in sp.Mul.make_args(together) if not f.is_number]
    if len(factors) == 1 and is_affine_sum(factors[0]):
        given = ()  # its sign is the question itself
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


def _primitive(gap: Expr) -> Expr | None:
    """The gap with its content in front if it is affine, which is what `factor` would find."""
    expanded = sp.expand(gap)
    if not is_affine_sum(expanded) or not expanded.is_Add:
        return None
    content, rest = expanded.primitive()
    return sp.Mul(content, rest, evaluate=False) if content != 1 else rest


def _quotient(gap: Expr) -> Expr | None:
    """The gap with all factors visible if it is an affine sum over affine ones: 2/(a + b) - 1/c."""
    if not gap.is_Add or not any(p.exp == -1 for p in gap.atoms(sp.Pow)):
        return None
    numerator, denominator = sp.fraction(sp.together(gap))
    parts = [sp.expand(numerator), *sp.Mul.make_args(denominator)]
    if not all(map(is_affine_sum, parts)):
        return None
    (content, above), *below = map(with_content, parts)
    if above == 0 or any(above == factor for _, factor in below):  # it would cancel
        return None
    number = content / sp.Mul(*(c for c, _ in below))
    return sp.Mul(number, above, *(1 / factor for _, factor in below), evaluate=False)


def without_roots(expression: Expr) -> tuple[Expr, dict[sp.Symbol, Expr]]:
    """The expression with a = s**q for positive a under roots, so that it factors over them.

    >>> a, q = sp.symbols("a q", positive=True)
    >>> plain, back = without_roots(q**2 - 2*sp.sqrt(a)*q + a)
    >>> sp.factor(plain).xreplace(back)
    (-sqrt(a) + q)**2
    """
    degrees: dict[sp.Symbol, int] = {}
    for power in expression.atoms(sp.Pow):
        if power.base.is_Symbol and power.base.is_positive and power.exp.is_Rational:
            degrees[power.base] = int(sp.ilcm(degrees.get(power.base, 1), power.exp.q))
    rooted = {s: d for s, d in degrees.items() if d > 1}
    names = {s: sp.Dummy(s.name, positive=True) for s in sorted(rooted, key=str)}
    table: dict[Expr, Expr] = {s: names[s] ** d for s, d in rooted.items()}
    for power in expression.atoms(sp.Pow):
        if power.base in rooted and power.exp.is_Rational:
            table[power] = names[power.base] ** (power.exp * rooted[power.base])
    back = {names[s]: s ** sp.Rational(1, d) for s, d in rooted.items()}
    return expression.xreplace(table), back


def _positive(base: Expr, given: Region) -> bool:
    relation = Relation(base, ">", sp.S.Zero)
    if base.is_positive or visibly_true(relation):
        return True
    return (
        bool(given)
        and _decidable(base, given)
        and implies(given, relation, milliseconds=100).is_proof
    )


def _decidable(base: Expr, given: Region) -> bool:
    """Whether it is worth asking for the sign: of a sum, or of a symbol with a bound of its own."""
    return base.is_Add or any(r.free_symbols == {base} for r in given)


def _negative(base: Expr, given: Region) -> bool:
    return (
        bool(given)
        and _decidable(base, given)
        and (implies(given, Relation(base, "<", sp.S.Zero), milliseconds=100).is_proof)
    )


def _is_product(gap: Expr) -> bool:
    """Whether the gap has several factors that are no numbers, written out or not."""
    if gap.is_Mul or not gap.is_Add or is_affine_sum(gap) or gap.count_ops() > SIZE_LIMIT:
        return bool(gap.is_Mul)
    try:
        return bool(sp.factor(gap).is_Mul)
    except (sp.PolynomialError, NotImplementedError):
        return False


def defining(relation: Relation, given: Region) -> Region:
    """Where the relation is defined, if it is true wherever it is: a > 0 for 1/sqrt(a) >= 0.

    >>> a = sp.Symbol("a", real=True)
    >>> [str(r) for r in defining(Relation(1/sp.sqrt(a), ">=", sp.S.Zero), ())]
    ['a > 0']
    """
    if relation.operator in ("==", "!="):
        return (relation,)
    needed = (*natural_domain(relation.left), *natural_domain(relation.right))
    needed = tuple(r for r in dict.fromkeys(needed) if not visibly_true(r))
    if not needed or not implies((*given, *needed), relation, milliseconds=200).is_proof:
        return (relation,)
    return needed


def conditions(relations: Region, given: Region) -> Region:
    """Minimal conditions, neatly written."""
    pending = [d for r in relations if not visibly_true(r) for d in defining(r, given)]
    neat = tuple(dict.fromkeys(condition(r, given) for r in pending))
    # A product says less than its factors: signs that the plain conditions give are divided out.
    plain = tuple(r for r in neat if not _is_product(r.gap))
    if plain and len(plain) < len(neat):
        known = (*given, *plain)
        neat = tuple(dict.fromkeys(r if r in plain else condition(r, known) for r in neat))
    bounded = [b for r in neat for b in as_bounds(r, given)]
    neat = tuple(dict.fromkeys(r if r in neat else condition(r, given) for r in bounded))
    return irredundant(equated(neat), given)


def equality_of(edge: Expr) -> Relation:
    """edge = 0 with its negative terms on the right."""
    plus = [t for t in sp.Add.make_args(edge) if not t.could_extract_minus_sign()]
    minus = [-t for t in sp.Add.make_args(edge) if t.could_extract_minus_sign()]
    left, right = sp.Add(*plus), sp.Add(*minus)
    if left.is_number or (right.is_Symbol and not left.is_Symbol):
        left, right = right, left
    return Relation(left, "==", right)


def equated(relations: Region) -> Region:
    """x <= y and x >= y as x = y, x <= y and x != y as x < y.

    >>> x, y = sp.symbols("x y")
    >>> [str(r) for r in equated((Relation(x, "<=", y), Relation(x, ">=", y)))]
    ['Eq(x, y)']
    >>> [str(r) for r in equated((Relation(x, "!=", y), Relation(x, "<=", y)))]
    ['x < y']
    """
    apart = [r.gap for r in relations if r.operator == "!="]
    closed = [r.tightened() if any(same_edge(r.gap, g) for g in apart) else r for r in relations]
    edges = [r.gap for r in closed if r.operator in ("<", ">")]
    out: list[Relation] = []
    for relation in closed:
        if relation.operator == "!=" and any(same_edge(relation.gap, g) for g in edges):
            continue
        if relation.operator not in ("<=", ">="):
            out.append(relation)
            continue
        bounds = (r for r in out if r.operator in ("<=", ">="))
        opposite = next((r for r in bounds if sp.expand(r.gap + relation.gap) == 0), None)
        if opposite is None:
            out.append(relation)
        else:
            out[out.index(opposite)] = Relation(opposite.left, "==", opposite.right)
    return tuple(out)


def same_edge(one: Expr, two: Expr) -> bool:
    """The two gaps vanish together: equal up to sign."""
    return is_identically_zero(one + two) or is_identically_zero(one - two)
