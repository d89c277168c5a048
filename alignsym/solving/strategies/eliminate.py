"""Greedy elimination: the equation that gives an unknown most simply is solved, substituted, again.

The order is decided by how short the solution is: two-term equations (x = a/(lam*p)) before longer
ones, an unknown that occurs in few equations before one in many.  Covers log-linear systems,
separable inversion x_i = (u_i')**-1 (lam p_i) with one budget, and one-unknown isolation.
Roots are chosen by the numbers at the case's points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import final

import sympy as sp

from alignsym.model.relations import Expr
from alignsym.solving.strategies.contract import Candidate, Case, Declined, agrees
from alignsym.solving.strategies.isolate import isolate, without_root
from alignsym.solving.strategies.linear import Linear, is_affine
from alignsym.solving.strategies.roots import parametric_root, real_roots
from alignsym.solving.tidy import merged, tidy
from alignsym.steps import Solve, Step

ATTEMPTS = 400
SQUARINGS = 2
ORDERS = 150
OPERATIONS_LIMIT = 250


@final
@dataclass(frozen=True, slots=True)
class Eliminate:
    """Solve, substitute, repeat; backtrack at dead ends within a fixed number of attempts."""

    name: str = "elimination"
    attempts: int = ATTEMPTS
    longest: int = 6 * OPERATIONS_LIMIT  # operations of what is left to be solved

    def applies(self, case: Case) -> Declined | None:
        """As many equations as unknowns."""
        if len(case.equations) != len(case.unknowns):
            return Declined("the numbers of equations and unknowns differ")
        return None

    def solve(self, case: Case) -> tuple[Candidate, ...] | Declined:
        """The closed form that agrees with the numbers; without doubtful division if there is
        one."""
        found = self._solved(case, multipliers_last=False)
        if isinstance(found, Declined) or not _doubtful(found[0]):
            return found
        # c1/(2*mu) and c2/(2*mu) serve everywhere, c2*x/c1 only where c1 is not zero.
        other = self._solved(case, multipliers_last=True)
        return found if isinstance(other, Declined) or _doubtful(other[0]) else other

    def _solved(self, case: Case, *, multipliers_last: bool) -> tuple[Candidate, ...] | Declined:
        search = _Search(case, self.attempts, self.longest, multipliers_last)
        solved = search.run([tidy(e) for e in case.equations], list(case.unknowns))
        if solved is None:
            return Declined(search.reason)
        steps: list[Step] = []
        values: dict[sp.Symbol, Expr] = {}
        for equation, unknown, value in reversed(solved):
            values[unknown] = merged(value.xreplace(values))
            steps.append(Solve(self.name, equation, unknown, value))
        if not agrees([values[u] for u in case.unknowns], case.unknowns, case):
            return Declined("the eliminated form differs from the numbers")
        return (Candidate(tuple((u, values[u]) for u in case.unknowns), tuple(reversed(steps))),)


def _doubtful(candidate: Candidate) -> bool:
    """Whether a value divides by a symbol that may be zero."""
    return any(
        power.exp.is_negative and power.base.is_Symbol and power.base.is_zero is None
        for _, value in candidate.values
        for power in value.atoms(sp.Pow)
    )


_Solved = list[tuple[Expr, sp.Symbol, Expr]]


class _Search:
    """Depth-first search over elimination orders with a budget of isolations."""

    def __init__(
        self, case: Case, attempts: int, longest: int, multipliers_last: bool = False
    ) -> None:
        self.case = case
        self.longest = longest
        self.multipliers_last = multipliers_last
        self.left = attempts
        self.orders = min(ORDERS, attempts)
        self.reason = "no equation gives an unknown by inversion"
        self._tried: dict[tuple[Expr, sp.Symbol], Expr | None] = {}

    def run(self, equations: list[Expr], unknowns: list[sp.Symbol]) -> _Solved | None:
        """Equations solved in order, each for one unknown in terms of the later ones."""
        equations = [e for e in equations if e != 0]
        self.orders -= 1
        if self.orders < 0:
            return None
        if not unknowns:
            return [] if not equations else None
        if len(equations) < len(unknowns):
            self.reason = "fewer independent equations than unknowns: a continuum of solutions"
            return None
        if len(unknowns) > 1 and all(is_affine(e, tuple(unknowns)) for e in equations):
            part = Linear().solve(
                replace(self.case, equations=tuple(equations), unknowns=tuple(unknowns))
            )
            if isinstance(part, tuple):
                return [(sp.S.Zero, u, value) for u, value in part[0].values]
        pairs = list(order(equations, unknowns))
        if self.multipliers_last:  # they are named after their constraint: mu[budget]
            pairs.sort(key=lambda pair: pair[1].name.endswith("]"))
        for equation, unknown in pairs:
            solution = self.solution(equation, unknown)
            if solution is None:
                continue
            rest = [e for e in equations if e is not equation]
            rest = [tidy(e.xreplace({unknown: solution})) if e.has(unknown) else e for e in rest]
            if sum(e.count_ops() for e in rest) > self.longest:
                self.reason = "elimination makes the equations too long"
                continue
            later = self.run(rest, [u for u in unknowns if u != unknown])
            if later is not None:
                return [(equation, unknown, solution), *later]
            if self.left <= 0 or self.orders < 0:
                return None
        return None

    def solution(self, equation: Expr, unknown: sp.Symbol) -> Expr | None:
        """The solution of one equation that agrees with the numbers, if a rule finds it."""
        key = (equation, unknown)
        if key not in self._tried:
            self.left -= 1
            self._tried[key] = None
            if self.left > 0:
                found = isolate(equation, unknown) or roots_of(equation, unknown)
                for root in found:
                    if root.count_ops() <= OPERATIONS_LIMIT and agrees(
                        [root], [unknown], self.case
                    ):
                        self._tried[key] = root
                        break
        return self._tried[key]


def roots_of(equation: Expr, unknown: sp.Symbol) -> tuple[Expr, ...]:
    """Real roots of the polynomial that the equation is once denominators and square roots are
    cleared away; those that squaring adds are told apart by the numbers.

    >>> x, a = sp.symbols("x a", positive=True)
    >>> roots_of(1/sp.sqrt(x + 2) - 2*x, x)[-1].evalf(4)
    0.3277
    >>> roots_of(a/(x + 1)**2 - x, x)
    (Root(-a + z**3 + 2*z**2 + z, z, 0), -Root(a + z**3 - 2*z**2 + z, z, 0))
    """
    cleared: Expr | None = sp.together(equation).as_numer_denom()[0]
    for _ in range(SQUARINGS):
        if cleared is None or cleared.is_polynomial(unknown):
            break
        cleared = without_root(cleared, unknown)
    if cleared is None or not cleared.is_polynomial(unknown):
        return ()
    plain = sp.expand(cleared)
    return real_roots(plain, unknown) or parametric_root(plain, unknown)


def order(
    equations: Sequence[Expr], unknowns: Sequence[sp.Symbol]
) -> Iterator[tuple[Expr, sp.Symbol]]:
    """Pairs (equation, unknown), the most promising first."""
    occurs = {u: sum(1 for e in equations if e.has(u)) for u in unknowns}
    rows = []
    for i, equation in enumerate(equations):
        terms = sp.Add.make_args(equation)
        inside = [u for u in unknowns if equation.has(u)]
        for unknown in inside:
            with_unknown = [t for t in terms if t.has(unknown)]
            linear = all(
                t.as_independent(unknown, as_Add=False)[1] == unknown for t in with_unknown
            )
            rows.append(
                (
                    len(inside) > 1,
                    len(with_unknown) > 1,
                    len(terms) > 2,
                    occurs[unknown] > 2,
                    not linear,
                    len(inside),
                    len(terms),
                    occurs[unknown],
                    i,
                    unknown.name,
                )
            )
    for row in sorted(rows):
        yield equations[row[-2]], next(u for u in unknowns if u.name == row[-1])
