"""All solutions of a system of equations whose coefficients are parameters, degenerate ones too.

    c*x + d = 0   ->   x = -d/c  where c != 0;   any x  where c = 0 and d = 0

Every factor is a case, every coefficient that may vanish is two; equations in parameters alone
become conditions, and unknowns that no equation determines stay free.  A `Locus` is one such set.
Nothing here is trusted.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.logic.decide import search
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.strategies.isolate import isolate
from alignsym.solving.strategies.roots import real_roots
from alignsym.solving.strategies.split import leading, triangular
from alignsym.solving.thresholds import equality_of
from alignsym.solving.tidy import merged, tidy

NODES_LIMIT = 200
OPERATIONS_LIMIT = 160

Values = dict[sp.Symbol, Expr]


@dataclass(frozen=True, slots=True)
class Locus:
    """All points with these `values`, in parameters and free unknowns, where `needed` holds."""

    values: tuple[tuple[sp.Symbol, Expr], ...]
    free: tuple[sp.Symbol, ...]
    needed: Region


class NoClosedFormError(Exception):
    """A system of equations that no rule solves; the text says which."""


def loci(
    equations: Sequence[Expr],
    unknowns: Sequence[sp.Symbol],
    given: Region,
    deadline: float | None = None,
) -> list[Locus]:
    """The solution sets of `equations` = 0; together they are all, if nothing is raised.

    `given`: what is known of parameters and unknowns.  An unknown that comes first is solved for
    first.  Raises NoClosedFormError where an equation has no closed form, or there are too many
    cases.

    >>> x, y, c = sp.symbols("x y c", real=True)
    >>> for locus in loci([c*x - c, x*y], [x, y], ()):
    ...     print(dict(locus.values), locus.free, [str(r) for r in locus.needed])
    {x: 0} (y,) ['Eq(c, 0)']
    {y: 0} (x,) ['Eq(c, 0)']
    {x: 1, y: 0} () []
    """
    return list(dict.fromkeys(_Cases(given, deadline).all(equations, list(unknowns), {}, ())))


class _Cases:
    """A depth-first search over factors, roots and coefficients that may vanish."""

    def __init__(self, given: Region, deadline: float | None) -> None:
        self.given, self.deadline = given, deadline
        self.left = NODES_LIMIT

    def all(
        self, equations: Sequence[Expr], unknowns: list[sp.Symbol], solved: Values, needed: Region
    ) -> Iterator[Locus]:
        self.left -= 1
        if self.left < 0 or (self.deadline is not None and time.monotonic() > self.deadline):
            raise NoClosedFormError("too many cases, or the time limit was reached")
        rows: list[list[Expr]] = []
        for equation in equations:
            parts = factors(equation)
            if not parts:
                continue
            live = [p for p in parts if not self.nonzero(p, solved, needed)]
            if not live:
                return
            if live not in rows:
                rows.append(live)
        several = min((r for r in rows if len(r) > 1), key=_size, default=None)
        if several is not None:
            rest = [sp.Mul(*r) for r in rows if r is not several]
            for part in several:
                yield from self.all([part, *rest], unknowns, solved, needed)
            return
        single = [r[0] for r in rows]
        for e in single:
            if not e.free_symbols & set(unknowns):
                yield from self._condition(e, single, unknowns, solved, needed)
                return
        if single:
            yield from self._solve(single, unknowns, solved, needed)
            return
        free = tuple(unknowns)
        yield Locus(tuple(solved.items()), free, needed)

    def _condition(
        self,
        e: Expr,
        equations: list[Expr],
        unknowns: list[sp.Symbol],
        solved: Values,
        needed: Region,
    ) -> Iterator[Locus]:
        """An equation in parameters alone: a condition, put in where it gives a parameter."""
        here = equality_of(e)
        if search((*self._known(solved), *needed, here), milliseconds=300).is_proof:
            return
        rest = [other for other in equations if other is not e]
        for symbol in sorted(e.free_symbols, key=lambda s: s.name):
            lead = leading(e, symbol, ())
            if lead is not None and lead.degree == 1 and lead.coefficient.is_number:
                value = -lead.rest / lead.coefficient
                table = {symbol: sp.expand(value)}
                here = Relation(symbol, "==", table[symbol])
                rest = [other.xreplace(table) for other in rest]
                solved = {u: v.xreplace(table) for u, v in solved.items()}
                break
        yield from self.all(rest, unknowns, solved, (*needed, here))

    def _solve(
        self, equations: list[Expr], unknowns: list[sp.Symbol], solved: Values, needed: Region
    ) -> Iterator[Locus]:
        pairs = [(e, u) for e in equations for u in unknowns if e.has(u)]
        ranked = sorted(
            ((self._rank(e, u, unknowns, solved, needed), k) for k, (e, u) in enumerate(pairs)),
        )
        for (kind, *_), k in ranked:
            e, u = pairs[k]
            lead = leading(e, u, unknowns)
            rest = [other for other in equations if other is not e]
            if kind in (0, 1) and lead is not None:
                root = merged(-lead.rest / lead.coefficient)
                more = needed
                if kind == 1:
                    more = (*needed, Relation(lead.coefficient, "!=", sp.S.Zero))
                    yield from self.all(
                        [lead.coefficient, lead.rest, *rest], unknowns, solved, needed
                    )
                yield from self._with(u, root, rest, unknowns, solved, more)
                return
            roots = isolate(tidy(e), u) or real_roots(e, u)
            roots = tuple(r for r in roots if r.count_ops() <= OPERATIONS_LIMIT and not r.has(sp.I))
            if not roots:
                continue
            if lead is not None and not self.nonzero(lead.coefficient, solved, needed):
                yield from self.all([lead.coefficient, lead.rest, *rest], unknowns, solved, needed)
            for root in dict.fromkeys(roots):
                yield from self._with(u, root, rest, unknowns, solved, needed)
            return
        basis = triangular(equations, unknowns)
        if basis is None or basis == equations:
            raise NoClosedFormError(f"no closed form of {equations[0]} = 0")
        yield from self.all(basis, unknowns, solved, needed)

    def _rank(
        self,
        e: Expr,
        u: sp.Symbol,
        unknowns: list[sp.Symbol],
        solved: Values,
        needed: Region,
    ) -> tuple[int, int, int]:
        """Linear with a coefficient that is not zero, linear, others; few unknowns, early ones."""
        lead = leading(e, u, unknowns)
        among = len(e.free_symbols & set(unknowns))
        position = unknowns.index(u)
        if lead is None or lead.degree != 1:
            return (2, among, position)
        return (0 if self.nonzero(lead.coefficient, solved, needed) else 1, among, position)

    def _with(
        self,
        u: sp.Symbol,
        root: Expr,
        rest: Sequence[Expr],
        unknowns: list[sp.Symbol],
        solved: Values,
        needed: Region,
    ) -> Iterator[Locus]:
        table = {u: root}
        equations = [merged(e.xreplace(table)) for e in rest]
        if any(e.has(sp.zoo, sp.nan, sp.oo) for e in equations):
            return
        later = {v: merged(e.xreplace(table)) for v, e in solved.items()}
        more = tuple(r.replaced(table) for r in needed)
        left = [v for v in unknowns if v != u]
        yield from self.all(equations, left, {**later, u: root}, more)

    def nonzero(self, e: Expr, solved: Values, needed: Region) -> bool:
        """Whether e is not zero anywhere it is asked."""
        if e.is_number:
            return bool(e != 0)
        if e.is_nonzero:
            return True
        here = Relation(e, "==", sp.S.Zero)
        return search((*self._known(solved), *needed, here), milliseconds=200).is_proof

    def _known(self, solved: Values) -> Region:
        return tuple(r.replaced(solved) for r in self.given)


def factors(equation: Expr) -> list[Expr]:
    """The factors of the numerator, one of which is zero; [] where the equation holds everywhere.

    >>> x, a = sp.symbols("x a")
    >>> factors(a*x**2 - a*x)
    [a, x, x - 1]
    """
    numerator = sp.together(equation).as_numer_denom()[0]
    if numerator.count_ops() < OPERATIONS_LIMIT:
        try:
            numerator = sp.factor(numerator)
        except (sp.PolynomialError, NotImplementedError):
            numerator = sp.factor_terms(numerator)
    if numerator == 0 or sp.expand(numerator) == 0:
        return []
    bases = [part.as_base_exp()[0] for part in sp.Mul.make_args(numerator)]
    found = [b for b in bases if not b.is_number]
    return list(dict.fromkeys(found)) or [sp.S.One]


def _size(parts: list[Expr]) -> tuple[int, int, str]:
    return len(parts), sum(p.count_ops() for p in parts), str(parts)
