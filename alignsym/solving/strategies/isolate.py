"""One equation solved for one unknown by inverting what is around it.

    C*h(v) + D = 0             ->  h(v) = -D/C, h inverted: powers, exp, log, shifts
    C1*h1(v) + C2*h2(v) = 0    ->  (h1/h2)(v) = -C2/C1
    a*v**(2d) + b*v**d + c = 0 ->  the quadratic formula in v**d
    a*log v + b*v + c = 0,  a*exp(c*v) + b*v + d = 0   ->  Lambert's W, both branches
    (a + b*v)*exp(c*v) = d,  v**k*log v = d,  the same in v + s

All solutions are returned; the caller keeps those that agree with the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.tidy import tidy

DEPTH = 8
SIZE_LIMIT = 200
FACTOR_LIMIT = 80


def isolate(equation: Expr, v: sp.Symbol, depth: int = DEPTH) -> tuple[Expr, ...]:
    """Solutions of equation = 0 for v, by inversion; empty if none of the rules fits.

    >>> x, a, b = sp.symbols("x a b", positive=True)
    >>> isolate(a/x - b, x)
    (a/b,)
    >>> isolate(1/(1 + x) - b, x)
    (-1 + 1/b,)
    """
    if depth <= 0 or equation.count_ops() > SIZE_LIMIT:
        return ()
    for form in forms(equation, v):
        found = by_terms(form, v, depth)
        if found:
            return found
    shifted = unshifted(equation, v)
    if shifted is not None:
        moved, step = shifted
        found = isolate(moved, v, depth - 2)
        if found:
            return tuple(root - step for root in found)
    squared = without_root(equation, v)
    return () if squared is None else isolate(squared, v, depth - 2)


def unshifted(equation: Expr, v: sp.Symbol) -> tuple[Expr, Expr] | None:
    """The equation in v + s where log(v + s) occurs, and s; None where no logarithm is shifted.

    >>> x, r = sp.symbols("x r", positive=True)
    >>> unshifted(1/(1 + x) - r*sp.log(1 + x), x)
    (-r*log(x) + 1/x, 1)
    """
    for log in sorted(equation.atoms(sp.log), key=str):
        step = log.args[0] - v
        if step != 0 and not step.has(v):
            moved = equation.xreplace({v: v - step})
            return tidy(sp.expand(moved) if moved.count_ops() < SIZE_LIMIT else moved), step
    return None


def without_root(equation: Expr, v: sp.Symbol) -> Expr | None:
    """P**2 - Q**2*u where the equation is P + Q*sqrt(u) and u contains v; None without a root.

    Squaring adds solutions; they are told apart by the numbers.
    """
    halves = {p for p in equation.atoms(sp.Pow) if p.exp.is_Rational and p.exp.q == 2}
    bases = sorted(
        {p.base for p in halves if p.base.has(v)}, key=lambda u: (-u.count_ops(), str(u))
    )
    if not bases:
        return None
    names = {u: sp.Dummy(f"root{k}", positive=True) for k, u in enumerate(bases)}
    named = equation.xreplace({p: names[p.base] ** (2 * p.exp) for p in halves if p.base in names})
    numerator = sp.expand(sp.together(named).as_numer_denom()[0])
    if numerator.count_ops() > SIZE_LIMIT:
        return None
    even, odd = sp.S.Zero, sp.S.Zero
    for term in sp.Add.make_args(numerator):
        for u, name in names.items():  # squares of roots are no roots
            exponent = term.as_powers_dict().get(name, sp.S.Zero)
            term = term / name ** (exponent - exponent % 2) * u ** (exponent // 2)
        if term.has(names[bases[0]]):
            odd += term / names[bases[0]]
        else:
            even += term
    back = {name: sp.sqrt(u) for u, name in names.items()}
    squared = sp.expand(sp.expand(even**2) - sp.expand(odd**2) * bases[0])
    return tidy(sp.expand(squared.xreplace(back), deep=False))


def forms(equation: Expr, v: sp.Symbol) -> Iterator[Expr]:
    """The equation as it stands, expanded, and as the numerator over a common denominator.

    Each is made when the one before it does not do.
    """
    plain = tidy(equation)
    quotients = [
        p for p in plain.atoms(sp.Pow) if p.exp.is_negative and p.base.is_Add and p.base.has(v)
    ]
    # Two terms with one sum are better left whole; otherwise denominators go first.
    whole = not quotients or len(sp.Add.make_args(plain)) == 2
    said = [plain]
    if whole:
        yield plain
    if quotients:
        numerator = sp.together(plain).as_numer_denom()[0]
        said.append(tidy(sp.expand(numerator)))
        yield said[-1]
    if not whole:
        yield plain
    expanded = tidy(sp.expand_mul(plain))
    if expanded != plain:
        said.append(expanded)
        yield expanded
    if quotients:
        yield from (f for f in factors(numerator, v) if f not in said)


def factors(expression: Expr, v: sp.Symbol) -> list[Expr]:
    """The factors with v of an expression that is a product of several; [] if it is not."""
    if expression.count_ops() > FACTOR_LIMIT:
        return []
    try:
        product = sp.factor(expression)
    except (sp.PolynomialError, NotImplementedError):
        return []
    parts = [p.as_base_exp()[0] for p in sp.Mul.make_args(product)]
    return [tidy(p) for p in parts if p.has(v)] if len(parts) > 1 else []


def by_terms(equation: Expr, v: sp.Symbol, depth: int) -> tuple[Expr, ...]:
    """The rules above on an equation whose terms are taken as they are."""
    constant: list[Expr] = []
    groups: dict[Expr, list[Expr]] = {}
    for term in sp.Add.make_args(equation):
        coefficient, part = term.as_independent(v, as_Add=False)
        if part == 1 or not part.has(v):
            constant.append(term)
        else:
            groups.setdefault(part, []).append(coefficient)
    rest = sp.Add(*constant)
    parts = [(part, sp.Add(*cs)) for part, cs in groups.items()]
    parts = [(part, c) for part, c in parts if c != 0]
    if not parts:
        return ()
    if len(parts) == 1:
        ((part, c),) = parts
        if rest == 0:
            return (sp.S.Zero,) if part == v else isolate(part, v, depth - 1) if part.is_Add else ()
        # A quotient of two negatives has no real roots of its parts.
        return invert(part, rest / -c if c.is_negative else -rest / c, v, depth)
    if len(parts) == 2 and rest == 0:
        (h1, c1), (h2, c2) = parts
        ratio = h1 / h2
        return invert(ratio, -c2 / c1, v, depth) if ratio.has(v) else ()
    return quadratic(parts, rest, v) or lambert(parts, rest, v)


def invert(h: Expr, value: Expr, v: sp.Symbol, depth: int) -> tuple[Expr, ...]:
    """Solutions of h(v) = value."""
    if h == v:
        return (value,)
    if h.is_Mul:  # SymPy leaves k**a/k as a product
        powers = h.as_powers_dict()
        if len(powers) == 1:
            ((base, exponent),) = powers.items()
            h = sp.Pow(base, sp.cancel(exponent), evaluate=False) if exponent != 1 else base
    if isinstance(h, sp.exp):
        return isolate(h.args[0] - sp.log(value), v, depth - 1)
    if isinstance(h, sp.log):
        return isolate(h.args[0] - sp.exp(value), v, depth - 1)
    if h.is_Pow and not h.exp.has(v):
        roots = [value ** sp.cancel(1 / h.exp)]
        if h.exp.is_Integer and h.exp % 2 == 0:
            roots = [_unsigned(roots[0]), -_unsigned(roots[0])]
        elif h.exp.is_Integer and value.is_positive is None and abs(h.exp) != 1:
            roots.append(-((-value) ** (1 / h.exp)))
        out: list[Expr] = []
        for root in roots:
            out += [root] if h.base == v else isolate(h.base - root, v, depth - 1)
        return tuple(out)
    if h.is_Pow and not h.base.has(v):
        return isolate(h.exp - sp.log(value) / sp.log(h.base), v, depth - 1)
    if h.is_Add:
        return isolate(h - value, v, depth - 1)
    if h.is_Mul:
        return _product(h, value, v, depth)
    return ()


def _unsigned(root: Expr) -> Expr:
    """A root up to sign without absolute values: u/sqrt(1 - u**2) serves for u < 0, too."""
    factors = (f.args[0] if isinstance(f, sp.Abs) else f for f in sp.Mul.make_args(root))
    return sp.Mul(*factors)


def _product(h: Expr, value: Expr, v: sp.Symbol, depth: int) -> tuple[Expr, ...]:
    """v**k * exp(c*v) = value by Lambert's W;  (u1/u2)**k = value with one quotient, unrolled."""
    power, rate, others = sp.S.Zero, sp.S.Zero, []
    for base, exponent in h.as_powers_dict().items():
        factor = base**exponent
        if base == v and not exponent.has(v):
            power = exponent
        elif isinstance(factor, sp.exp) and not (factor.args[0] / v).has(v):
            rate = factor.args[0] / v
        else:
            others.append((base, exponent))
    if others == [(sp.log(v), sp.S.One)] and rate == 0 and power != 0:
        # t = log v solves t*exp(power*t) = value
        return tuple(sp.exp(sp.LambertW(power * value, k) / power) for k in (0, -1))
    if not others and power != 0 and rate != 0:
        argument = rate / power * value ** (1 / power)
        scale = power / rate
        return tuple(scale * sp.LambertW(argument, k) for k in (0, -1))
    exponents = {e for _, e in (*others, *(((v, power),) if power != 0 else ()))}
    if rate == 0 and len({-e if e.could_extract_minus_sign() else e for e in exponents}) == 1:
        exponent = max(exponents, key=lambda e: (e.is_number and e, str(e)))
        if exponent not in (0, 1) and not exponent.has(v):
            inside = sp.Mul(*(b ** (e / exponent) for b, e in others)) * v ** (power / exponent)
            return isolate(inside - value ** (1 / exponent), v, depth - 1)
        numerator, denominator = h.as_numer_denom()
        if denominator.has(v):
            return isolate(sp.expand(numerator - value * denominator), v, depth - 1)
    return ()


def quadratic(parts: list[tuple[Expr, Expr]], rest: Expr, v: sp.Symbol) -> tuple[Expr, ...]:
    """a*v**(2d) + b*v**d + c = 0 after division by the lowest power of v."""
    rows: dict[Expr, Expr] = {}
    for part, coefficient in [*parts, *([(sp.S.One, rest)] if rest != 0 else [])]:
        base, exponent = part.as_base_exp()
        if part == 1:
            exponent = sp.S.Zero
        elif base != v:
            return ()
        rows[exponent] = rows.get(exponent, sp.S.Zero) + coefficient
    exponents = list(rows)
    if len(rows) != 3:
        return ()
    for low in exponents:
        shifted = {sp.expand(e - low): rows[e] for e in exponents}
        steps = [e for e in shifted if e != 0]
        for d in steps:
            if sp.expand(2 * d) in steps:
                if d.is_number and d < 0:
                    continue
                c, b, a = shifted[sp.S.Zero], shifted[d], shifted[sp.expand(2 * d)]
                middle = sp.cancel(-b / (2 * a))
                radius = _root(sp.factor(sp.together(sp.expand(b**2 - 4 * a * c) / (4 * a**2))))
                found = [(middle + s * radius) ** (1 / d) for s in (1, -1)]
                if d.is_Integer and d % 2 == 0 and not v.is_nonnegative:
                    found += [-root for root in found]
                return tuple(found)
    return ()


def _root(square: Expr) -> Expr:
    """A square root up to sign: both signs are tried anyway, and sqrt((a - b)**2) is a - b."""
    outside, inside = sp.S.One, sp.S.One
    for factor in sp.Mul.make_args(square):
        base, exponent = factor.as_base_exp()
        if base.is_Add and exponent.is_Integer and exponent % 2 == 0:
            outside *= base ** (exponent / 2)
        else:
            inside *= factor
    return outside * sp.sqrt(inside)


def lambert(parts: list[tuple[Expr, Expr]], rest: Expr, v: sp.Symbol) -> tuple[Expr, ...]:
    """a*log(v) + b*v + c = 0, a*v*log(v) + b*v + c = 0, a*exp(k*v) + b*v + c = 0 and
    (a + b*v)*exp(k*v) + c = 0."""
    if len(parts) != 2:
        return ()
    for (h, a), (h2, b) in (parts, reversed(parts)):
        if isinstance(h, sp.exp) and sp.cancel(h2 / h) == v and not (h.args[0] / v).has(v):
            # (v + a/b)*exp(c*v) = -rest/b:  u = v + a/b solves c*u*exp(c*u) = right
            c = h.args[0] / v
            right = -rest / b * c * sp.exp(c * a / b)
            return tuple(sp.LambertW(right, k) / c - a / b for k in (0, -1))
    table = dict(parts)
    b = table.pop(v, None)
    if b is None:
        return ()
    ((h, a),) = table.items()
    if h == v * sp.log(v) and rest != 0:
        # v*(log v + b/a) = -c/a:  t = log v + b/a solves t*exp(t) = -c/a*exp(b/a)
        right = -rest / a
        return tuple(right / sp.LambertW(right * sp.exp(b / a), k) for k in (0, -1))
    if h == sp.log(v):
        return tuple(a / b * sp.LambertW(b / a * sp.exp(-rest / a), k) for k in (0, -1))
    if isinstance(h, sp.exp) and not sp.diff(h.args[0], v).has(v):
        k = sp.diff(h.args[0], v)
        a = a * sp.exp(sp.expand(h.args[0] - k * v))
        inner = k * a / b * sp.exp(-k * rest / b)
        return tuple(-sp.LambertW(inner, n) / k - rest / b for n in (0, -1))
    return ()
