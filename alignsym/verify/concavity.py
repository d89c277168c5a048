"""Concavity on a region: composition rules first, then the minors of the Hessian by z3.

    sum of concave terms;  c*h, c >= 0 concave, c <= 0 convex;  affine;
    log u, u**e (0 < e < 1), u concave and positive;  u**e (e < 0), exp u convex, u affine;
    prod x_i**a_i, a_i >= 0, sum a_i <= 1;  -u*log u, u affine;  Min of concave, -Max, -Abs.

What is strictly concave pins affine forms: two maximisers of the sum agree on each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import sympy as sp

from alignsym.logic.decide import implies
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation

VARIABLES_LIMIT = 6
_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Concave:
    """f is concave where `premises` hold; `pinned` are affine forms in which it is strictly so.

    `flexible` is the sum of the remaining terms, affine in the variables, or None if some of them
    is concave without being affine (then nothing is known of what it pins).
    """

    pinned: tuple[Expr, ...]
    flexible: Expr | None


@dataclass(frozen=True, slots=True)
class NotShown:
    """Concavity was not shown; `term` is where it stopped."""

    term: Expr


class Context:
    """Variables and premises of one question, with sign queries remembered."""

    def __init__(self, variables: Iterable[sp.Symbol], premises: Region) -> None:
        self.variables = tuple(variables)
        self.wanted = frozenset(self.variables)
        self.premises = premises
        self._known: dict[tuple[Expr, str], bool] = {}

    def holds(self, expression: Expr, operator: str) -> bool:
        """Whether `expression operator 0` is shown on the premises."""
        key = (expression, operator)
        if key not in self._known:
            relation = Relation(expression, operator, _ZERO)  # type: ignore[arg-type]
            self._known[key] = implies(self.premises, relation).is_proof
        return self._known[key]

    def depends(self, expression: Expr) -> bool:
        """Whether a variable occurs."""
        return bool(expression.free_symbols & self.wanted)

    def affine(self, expression: Expr) -> bool:
        """Affine in the variables jointly."""
        if not self.depends(expression) or expression in self.wanted:
            return True
        if expression.is_Add:
            return all(map(self.affine, expression.args))
        if expression.is_Mul:
            inside = [f for f in expression.args if self.depends(f)]
            return len(inside) == 1 and self.affine(inside[0])
        return False


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
    Concave(pinned=(x,), flexible=-y)
    """
    domain = natural_domain(f) if domain is None else domain
    context = Context(variables, (*premises, *domain))
    for needed in domain:
        if context.depends(needed.gap) and not _convex_domain(needed, context):
            return NotShown(needed.gap)
    found = _by_terms(f, context)
    if isinstance(found, NotShown):
        expanded = sp.expand(f)
        if expanded != f:
            again = _by_terms(expanded, context)
            if not isinstance(again, NotShown):
                return again
    return found


def _convex_domain(needed: Relation, context: Context) -> bool:
    """A natural-domain relation cuts out a convex set: concave gap, or a gap that never changes
    sign.

    {u != 0} is not convex; where the other premises fix the sign of u it excludes nothing.
    """
    if needed.operator == "!=":
        rest = Context(context.variables, tuple(r for r in context.premises if r != needed))
        return rest.holds(needed.gap, ">") or rest.holds(needed.gap, "<")
    return not needed.is_equality and _curved(needed.gap, context, 1)


def _by_terms(f: Expr, context: Context) -> Concave | NotShown:
    pinned: list[Expr] = []
    flexible: list[Expr] = []
    loose = False
    rest: list[Expr] = []
    for term in sp.Add.make_args(f):
        if context.affine(term):
            flexible.append(term)
        elif _curved(term, context, 1):
            form = strict_form(term, context)
            if form is None:
                loose = True
            else:
                pinned.append(form)
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
    return Concave(tuple(dict.fromkeys(pinned)), None if loose else sp.Add(*flexible))


def strict_form(term: Expr, context: Context) -> Expr | None:
    """The affine form u if the concave term is c*h(u) with h strictly concave and c > 0, or c < 0,
    h convex."""
    coefficient, part = term.as_independent(*context.variables, as_Add=False)
    if not (context.holds(coefficient, ">") or context.holds(coefficient, "<")):
        return None
    base, exponent = part.as_base_exp()
    if isinstance(part, (sp.log, sp.exp)):
        inner = part.args[0]
    elif part.is_Pow and not context.depends(exponent):
        if not (context.holds(exponent, "!=") and context.holds(exponent - 1, "!=")):
            return None
        inner = base
    elif _entropy_argument(part) is not None:
        inner = _entropy_argument(part)
    else:
        return None
    return inner if inner is not None and context.affine(inner) else None


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


def hessian_sign(f: Expr, context: Context) -> tuple[Expr, ...] | None:
    """Pinned variables if -Hessian is positive definite, () if semidefinite, None if not shown.

    Definite: leading principal minors > 0.  Semidefinite: all principal minors >= 0 (Sylvester).
    """
    inside = tuple(v for v in context.variables if f.has(v))
    if not inside or len(inside) > VARIABLES_LIMIT or f.has(sp.Piecewise, sp.Abs, sp.Max, sp.Min):
        return None
    matrix = -sp.hessian(f, inside)
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
        value = matrix.extract(chosen, chosen).det(method="berkowitz")
    return sp.factor_terms(sp.together(value)) if value.count_ops() < 200 else value
