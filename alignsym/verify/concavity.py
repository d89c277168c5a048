"""Concavity on a region: composition rules first, then the minors of the Hessian by z3.

    sum of concave terms;  c*h, c >= 0 concave, c <= 0 convex;  affine;
    log u, u**e (0 < e < 1), u concave and positive;  u**e (e < 0), exp u convex, u affine;
    prod x_i**a_i, a_i >= 0, sum a_i <= 1;  -u*log u, u affine;  Min of concave, -Max, -Abs;
    r*log S and S**(t/r), 0 <= t <= 1, S = sum c_i u_i**r a CES sum.

What is strictly concave pins affine forms: two maximisers of the sum agree on each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import sympy as sp

from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.ces import ces, ces_curved
from alignsym.verify.context import Context

VARIABLES_LIMIT = 6
LONG_ENTRIES = 80
_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Concave:
    """f is concave where `premises` hold; `pinned` are affine forms in which it is strictly so.

    `flexible` is the sum of the remaining terms, affine in the variables, or None if some of them
    is concave without being affine (then nothing is known of what it pins).  `products`: the affine
    forms u of terms prod u_i**a_i, a_i > 0, sum a_i < 1, strictly concave where all u_i > 0.
    """

    pinned: tuple[Expr, ...]
    flexible: Expr | None
    products: tuple[tuple[Expr, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class NotShown:
    """Concavity was not shown; `term` is where it stopped."""

    term: Expr


def concave(
    f: Expr, variables: Iterable[sp.Symbol], premises: Region, domain: Region | None = None
) -> Concave | NotShown:
    """Whether f is concave in the variables wherever the premises and the domain hold.

    `premises` cut out a convex set in the variables (bounds, affine relations); that `domain`, by
    default the natural domain of f, does so too is checked here.

    At edges of the natural domain that belong to it (x**a at 0, a > 0) the inequality follows by
    continuity, since every function here is continuous where it is defined.

    >>> x, y, a = sp.symbols("x y a", positive=True)
    >>> concave(a*sp.log(x) - y, [x, y], ())
    Concave(pinned=(x,), flexible=-y, products=())
    """
    domain = natural_domain(f) if domain is None else domain
    context = Context(variables, (*premises, *domain))
    outside = _not_convex(domain, context.variables, premises)
    if outside is not None:
        return NotShown(outside.gap)
    found = _by_terms(f, context)
    if isinstance(found, NotShown):
        expanded = sp.expand(f)
        if expanded != f:
            again = _by_terms(expanded, context)
            if not isinstance(again, NotShown):
                return again
    return found


def is_convex(domain: Region, variables: Iterable[sp.Symbol], premises: Region) -> bool:
    """Whether the domain's relations are shown to cut out a convex set where the premises hold."""
    return _not_convex(domain, tuple(variables), premises) is None


def _not_convex(
    domain: Region, variables: tuple[sp.Symbol, ...], premises: Region
) -> Relation | None:
    """The first relation that is not shown to cut out a convex set; None if all are.

    A relation is judged by the premises and the relations accepted before it, never by itself or
    by one that waits: two could otherwise vouch for each other.
    """
    wanted = set(variables)
    accepted = [r for r in domain if not r.gap.free_symbols & wanted]
    pending = [r for r in domain if r.gap.free_symbols & wanted]
    while pending:
        context = Context(variables, (*premises, *accepted))
        shown = [r for r in pending if _convex_domain(r, context)]
        if not shown:
            return pending[0]
        accepted += shown
        pending = [r for r in pending if r not in shown]
    return None


def _convex_domain(needed: Relation, context: Context) -> bool:
    """A natural-domain relation cuts out a convex set: concave gap, or a gap that never changes
    sign.

    {u != 0} is not convex in general.
    """
    if needed.operator == "!=":
        # {u != 0} is {u > 0} where u >= 0, and {u < 0} where u <= 0.
        for sign, side in ((">", 1), ("<", -1)):
            if context.holds(needed.gap, sign):
                return True
            if context.holds(needed.gap, sign + "=") and _curved(needed.gap, context, side):
                return True
        return False
    if needed.is_equality:
        return False
    return _curved(needed.gap, context, 1) or context.holds(needed.gap, ">")


def _by_terms(f: Expr, context: Context) -> Concave | NotShown:
    pinned: list[Expr] = []
    flexible: list[Expr] = []
    products: list[tuple[Expr, ...]] = []
    loose = False
    rest: list[Expr] = []
    for term in _summands(f, context):
        if context.affine(term):
            flexible.append(term)
        elif _curved(term, context, 1):
            forms = strict_forms(term, context)
            pinned += forms
            products += [] if forms else [p for p in (_strict_product(term, context),) if p]
            loose = loose or not forms
        else:
            rest.append(term)
    if rest:
        # Terms that are not concave one by one may be so together, or with all the others.
        for group in (sp.Add(*rest), f):
            outcome = hessian_sign(group, context)
            if outcome is not None:
                if group is f:
                    return Concave(outcome, _ZERO) if outcome else Concave((), None)
                pinned += outcome
                loose = loose or not outcome
                break
        else:
            return NotShown(rest[0])
    affine = None if loose else sp.Add(*flexible)
    return Concave(tuple(dict.fromkeys(pinned)), affine, tuple(products))


def _summands(f: Expr, context: Context) -> list[Expr]:
    """The terms of f, those of c*(u + v) apart."""
    out: list[Expr] = []
    for term in sp.Add.make_args(f):
        coefficient, part = term.as_independent(*context.variables, as_Add=False)
        if part.is_Add and coefficient != 1 and not context.affine(part):
            out += [t for u in part.args for t in _summands(coefficient * u, context)]
        else:
            out.append(term)
    return out


def strict_forms(term: Expr, context: Context) -> list[Expr]:
    """The affine forms u in which the concave term is strictly concave, jointly; [] if unknown.

    c*h(u) with h strictly concave and c > 0, or h convex and c < 0;  c*log S of a CES sum; of log S
    and S**e, 0 < e < 1, S concave, those of S, for both increase strictly;
    c*prod u_i**a_i with a_i > 0, sum a_i < 1 and u_i > 0.
    """
    coefficient, part = term.as_independent(*context.variables, as_Add=False)
    if not (context.holds(coefficient, ">") or context.holds(coefficient, "<")):
        return []
    base, exponent = part.as_base_exp()
    inner: Expr | None = None
    if isinstance(part, (sp.log, sp.exp)):
        inner = part.args[0]
        sum_ = ces(inner, context) if isinstance(part, sp.log) else None
        if sum_ is not None:
            strict = context.holds(1 - sum_.exponent, ">") and context.holds(sum_.exponent, "!=")
            positive = all(context.holds(c, ">") for c in sum_.coefficients)
            return list(sum_.forms) if strict and positive else []
    elif part.is_Pow and not context.depends(exponent):
        if not (context.holds(exponent, "!=") and context.holds(exponent - 1, "!=")):
            return []
        inner = base
    elif _entropy_argument(part) is not None:
        inner = _entropy_argument(part)
    elif part.is_Mul:
        powers = [factor.as_base_exp() for factor in part.args]
        strict = all(context.holds(e, ">") and context.holds(b, ">") for b, e in powers)
        strict = strict and context.holds(1 - sp.Add(*(e for _, e in powers)), ">")
        return [b for b, _ in powers] if strict and _geometric_mean(part, context) else []
    if inner is None or context.affine(inner):
        return [inner] if inner is not None else []
    rising = isinstance(part, sp.log) or (
        part.is_Pow and context.holds(exponent, ">") and context.holds(1 - exponent, ">")
    )
    below = _by_terms(inner, context) if rising and context.holds(coefficient, ">") else None
    return list(below.pinned) if isinstance(below, Concave) else []


def _entropy_argument(part: Expr) -> Expr | None:
    """u if part is u*log(u)."""
    if part.is_Mul and len(part.args) == 2:
        for log, u in (part.args, part.args[::-1]):
            if isinstance(log, sp.log) and log.args[0] == u:
                return u
    return None


def _curved(e: Expr, context: Context, side: int) -> bool:
    """Whether e is concave (side 1) or convex (side -1) by composition."""
    if context.affine(e):
        return True
    if e.is_Add:
        return all(_curved(term, context, side) for term in e.args)
    coefficient, part = e.as_independent(*context.variables, as_Add=False)
    if ces_curved(coefficient, part, context, side):
        return True
    if coefficient != 1:
        if context.holds(coefficient, ">="):
            return _curved(part, context, side)
        return context.holds(coefficient, "<=") and _curved(part, context, -side)
    if isinstance(part, sp.log):
        return side == 1 and _curved(part.args[0], context, 1)
    if isinstance(part, sp.exp):
        return side == -1 and _curved(part.args[0], context, -1)
    if isinstance(part, sp.Abs):
        return side == -1 and context.affine(part.args[0])
    if isinstance(part, (sp.Min, sp.Max)):
        wanted = 1 if isinstance(part, sp.Min) else -1
        return side == wanted and all(_curved(a, context, side) for a in part.args)
    if part.is_Pow and not context.depends(part.exp):
        return _power(part.base, part.exp, context, side)
    if part.is_Mul:
        u = _entropy_argument(part)
        if u is not None:
            return side == -1 and context.affine(u)
        return side == 1 and _geometric_mean(part, context)
    return False


def _power(base: Expr, exponent: Expr, context: Context, side: int) -> bool:
    if exponent.is_Integer and exponent > 0 and exponent % 2 == 0:
        return side == -1 and context.affine(base)
    if side == 1:
        between = context.holds(exponent, ">=") and context.holds(1 - exponent, ">=")
        return between and context.holds(base, ">=") and _curved(base, context, 1)
    if context.holds(exponent, "<="):
        return context.holds(base, ">") and _curved(base, context, 1)
    above = context.holds(exponent - 1, ">=")
    return above and context.holds(base, ">=") and _curved(base, context, -1)


def _geometric_mean(part: Expr, context: Context) -> bool:
    """prod u_i**a_i with u_i affine and nonnegative, a_i >= 0, sum a_i <= 1."""
    powers = [factor.as_base_exp() for factor in part.args]
    if any(context.depends(e) or not context.affine(b) for b, e in powers):
        return False
    if not context.holds(1 - sp.Add(*(e for _, e in powers)), ">="):
        return False
    return all(context.holds(e, ">=") and context.holds(b, ">=") for b, e in powers)


def _strict_product(term: Expr, context: Context) -> tuple[Expr, ...]:
    """The affine forms of a product that is strictly concave in them where all are positive."""
    coefficient, part = term.as_independent(*context.variables, as_Add=False)
    powers = [factor.as_base_exp() for factor in sp.Mul.make_args(part)]
    if not (len(powers) > 1 and _geometric_mean(part, context)):
        return ()
    strict = (coefficient, 1 - sp.Add(*(e for _, e in powers)), *(e for _, e in powers))
    return tuple(b for b, _ in powers) if all(context.holds(e, ">") for e in strict) else ()


def hessian_sign(f: Expr, context: Context) -> tuple[Expr, ...] | None:
    """Pinned variables if -Hessian is positive definite, () if semidefinite, None if not shown.

    Definite: leading principal minors > 0.  Semidefinite: all principal minors >= 0 (Sylvester).
    """
    inside = tuple(v for v in context.variables if f.has(v))
    if not inside or len(inside) > VARIABLES_LIMIT or f.has(sp.Piecewise, sp.Abs, sp.Max, sp.Min):
        return None
    matrix = _negative_hessian(f, inside)
    size = len(inside)
    if all(context.holds(minor(matrix, range(k + 1)), ">") for k in range(size)):
        return inside
    if size > 4:
        return None
    subsets = [c for k in range(1, size + 1) for c in combinations(range(size), k)]
    if all(context.holds(minor(matrix, rows), ">=") for rows in subsets):
        return ()
    return None


def minor(matrix: sp.Matrix, rows: Iterable[int]) -> Expr:
    """The principal minor on the given rows, in a form with positive factors visible."""
    chosen = list(rows)
    if len(chosen) == 1:
        value = matrix[chosen[0], chosen[0]]
    else:
        block = matrix.extract(chosen, chosen)
        # A determinant of SymPy's multiplies out as it goes, for minutes where entries are long.
        long = sum(e.count_ops() for e in block) > LONG_ENTRIES
        value = _laplace(block) if long else block.det(method="berkowitz")
    return _with_visible_factors(value)


@lru_cache(maxsize=64)  # asked about on the declared set and on every regime
def _negative_hessian(f: Expr, variables: tuple[sp.Symbol, ...]) -> sp.ImmutableMatrix:
    return sp.ImmutableMatrix(-sp.hessian(f, variables))


@lru_cache(maxsize=1024)
def _with_visible_factors(value: Expr) -> Expr:
    return sp.factor_terms(sp.together(value)) if value.count_ops() < 200 else value


def _laplace(block: sp.Matrix) -> Expr:
    """The determinant along the first row, nothing multiplied out."""
    if block.rows == 1:
        return block[0, 0]
    terms = (
        (-1) ** j * block[0, j] * _laplace(block.minor_submatrix(0, j))
        for j in range(block.cols)
        if block[0, j] != 0
    )
    return sp.Add(*terms)
