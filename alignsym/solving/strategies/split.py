"""All solutions of a small system: every factor of an equation is a case of its own.

    x*(lam - 1) = 0   ->   x = 0   or   lam = 1

Equations are solved and substituted one after the other; where a rule gives several roots, each is
followed.  A polynomial in one unknown with numbers as coefficients has its real roots, and a
polynomial system that no rule solves is made triangular by a Groebner basis.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.strategies.eliminate import order
from alignsym.solving.strategies.isolate import isolate
from alignsym.solving.strategies.roots import real_roots
from alignsym.solving.tidy import merged, tidy

NODES_LIMIT = 160
OPERATIONS_LIMIT = 160
BASIS_UNKNOWNS, BASIS_DEGREE = 4, 6

Values = dict[sp.Symbol, Expr]


class Split:
    """A depth-first search over factors and roots, with a budget of nodes."""

    def __init__(
        self,
        wanted: Sequence[sp.Symbol],
        budget: int = NODES_LIMIT,
        deadline: float | None = None,
    ) -> None:
        self.wanted = tuple(wanted)
        self.left = budget
        self.deadline = deadline
        self.complete = True

    def solutions(self, equations: Sequence[Expr], unknowns: Sequence[sp.Symbol]) -> list[Values]:
        """Values of the unknowns, distinct in those wanted; an unknown that stays open has none."""
        out: list[Values] = []
        for values in self._cases([merged(e) for e in equations], list(unknowns), {}):
            row = [values.get(u) for u in self.wanted]
            if None in row:
                self.complete = False
            elif all(row != [other[u] for u in self.wanted] for other in out):
                out.append(values)
        return out

    def _cases(
        self, equations: list[Expr], unknowns: list[sp.Symbol], solved: Values
    ) -> Iterator[Values]:
        self.left -= 1
        late = self.deadline is not None and time.monotonic() > self.deadline
        if self.left < 0 or late:
            self.complete = False
            return
        rows: list[list[Expr]] = []
        for equation in equations:
            if not equation.free_symbols & set(unknowns):
                if sp.expand(equation) != 0 and sp.cancel(equation) != 0:
                    return
                continue
            parts = factors(equation, unknowns)
            if not parts:
                return
            if [equation] != parts or equation not in [r[0] for r in rows if len(r) == 1]:
                rows.append(parts)
        if not rows:
            yield solved
            return
        several = min((r for r in rows if len(r) > 1), key=_size, default=None)
        if several is not None:
            rest = [sp.Mul(*r) if r is not several else None for r in rows]
            for part in several:
                chosen = [part if e is None else e for e in rest]
                yield from self._cases(chosen, unknowns, solved)
            return
        yield from self._solved([r[0] for r in rows], unknowns, solved)

    def _solved(
        self, equations: list[Expr], unknowns: list[sp.Symbol], solved: Values
    ) -> Iterator[Values]:
        pairs = list(order(equations, unknowns))
        leads = {pair: leading(*pair, unknowns) for pair in pairs}
        for equation, unknown in sorted(pairs, key=lambda pair: self._rank(pair, leads, unknowns)):
            roots = isolate(equation, unknown) or real_roots(equation, unknown)
            roots = tuple(r for r in roots if r.count_ops() <= OPERATIONS_LIMIT and not r.has(sp.I))
            if not roots:
                continue
            for root in dict.fromkeys(roots):
                yield from self._with(equations, unknowns, solved, equation, unknown, root)
            lead = leads[equation, unknown]
            if lead is not None and lead.vanishes:
                rest = [e for e in equations if e is not equation]
                yield from self._cases([lead.coefficient, lead.rest, *rest], unknowns, solved)
            return
        basis = triangular(equations, unknowns)
        if basis is not None and basis != equations:
            yield from self._cases(basis, unknowns, solved)
        else:
            self.complete = False

    @staticmethod
    def _rank(
        pair: tuple[Expr, sp.Symbol],
        leads: dict[tuple[Expr, sp.Symbol], Leading | None],
        unknowns: list[sp.Symbol],
    ) -> int:
        """Equations in one unknown, then linear ones, those without a division first."""
        lead = leads[pair]
        if not pair[0].free_symbols & (set(unknowns) - {pair[1]}):
            return 0
        if lead is None or lead.degree > 1:
            return 3
        return 2 if lead.vanishes else 1

    def _with(
        self,
        equations: list[Expr],
        unknowns: list[sp.Symbol],
        solved: Values,
        equation: Expr,
        unknown: sp.Symbol,
        root: Expr,
    ) -> Iterator[Values]:
        table = {unknown: root}
        rest = [merged(e.xreplace(table)) for e in equations if e is not equation]
        if any(e.has(sp.zoo, sp.nan, sp.oo) for e in rest):
            return
        later = {u: merged(e.xreplace(table)) for u, e in solved.items()}
        left = [u for u in unknowns if u != unknown]
        yield from self._cases(rest, left, {**later, unknown: root})


@dataclass(frozen=True, slots=True)
class Leading:
    """coefficient*u**degree + rest; the coefficient has unknowns if it `vanishes` perhaps."""

    coefficient: Expr
    degree: int
    rest: Expr
    vanishes: bool


def leading(equation: Expr, unknown: sp.Symbol, unknowns: Sequence[sp.Symbol]) -> Leading | None:
    """The leading term in the unknown: where its coefficient vanishes the rest must, too."""
    try:
        polynomial = sp.Poly(equation, unknown)
    except sp.PolynomialError:
        return None
    lead, degree = polynomial.LC(), polynomial.degree()
    rest = sp.expand(equation - lead * unknown**degree)
    return Leading(lead, degree, rest, bool(lead.free_symbols & set(unknowns)))


def _size(parts: list[Expr]) -> tuple[int, int, str]:
    return len(parts), sum(p.count_ops() for p in parts), str(parts)


def factors(equation: Expr, unknowns: Sequence[sp.Symbol]) -> list[Expr]:
    """The factors of the numerator that contain an unknown; [] if there is none: no solution.

    >>> x, y, a = sp.symbols("x y a")
    >>> factors(a*x**2*y - a*x*y, [x, y])
    [x, y, x - 1]
    """
    numerator = sp.together(equation).as_numer_denom()[0]
    if numerator.count_ops() < OPERATIONS_LIMIT:
        try:
            numerator = sp.factor(numerator)
        except (sp.PolynomialError, NotImplementedError):
            numerator = sp.factor_terms(numerator)
    wanted = set(unknowns)
    bases = [part.as_base_exp()[0] for part in sp.Mul.make_args(numerator)]
    found = [b for b in bases if b.free_symbols & wanted and not b.is_positive]
    return list(dict.fromkeys(found))


def triangular(equations: list[Expr], unknowns: list[sp.Symbol]) -> list[Expr] | None:
    """A lexicographic Groebner basis of a small polynomial system with rational coefficients."""
    inside = [u for u in unknowns if any(e.has(u) for e in equations)]
    if not 1 < len(inside) <= BASIS_UNKNOWNS or len(equations) < 2:
        return None
    try:
        polynomials = [sp.Poly(e, *inside) for e in equations]
    except sp.PolynomialError:
        return None
    numbers = all(p.domain.is_QQ or p.domain.is_ZZ for p in polynomials)
    if not numbers or any(p.total_degree() > BASIS_DEGREE for p in polynomials):
        return None
    return [tidy(p) for p in sp.groebner(polynomials, *inside, order="lex").exprs]
