"""What comes out: regimes, each a closed form with condition, prices, verdicts.  Pure data."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeAlias

import sympy as sp

from alignsym.claims import Decided, Point, Unknown, Verdict, weakest
from alignsym.errors import UsageError
from alignsym.model.domains import natural_domain
from alignsym.model.everyone import of_everyone
from alignsym.model.game import Concept, Game, Outcome
from alignsym.model.keeping import kept
from alignsym.model.relations import Expr, Region, Relation
from alignsym.model.roots import Root
from alignsym.steps import Step

Status = Literal["solved", "partial", "infeasible", "unbounded", "none", "unknown"]


@dataclass(frozen=True, slots=True)
class Regime:
    """One closed form and the parameters it holds for.

    `when` is minimal given what is declared; `values` has every action and price; `multipliers`
    every named constraint (signs: `conditions.kkt`); `bounds` the multipliers of domain bounds;
    `value` the maximised objective where the concept has one; `witness` an exact point inside.
    `status` is the verdict on "this is a solution here", `exhaustive` on "and nothing else is".
    `several` names constraints whose multiplier is one choice among many: no shadow price.
    """

    when: Region
    values: tuple[tuple[sp.Symbol, Expr], ...]
    multipliers: tuple[tuple[str, Expr], ...] = ()
    bounds: tuple[tuple[str, Expr], ...] = ()
    value: Expr | None = None
    utilities: tuple[tuple[str, Expr], ...] = ()
    binding: tuple[str, ...] = ()
    multiple: bool = False
    witness: Point = ()
    status: Verdict = Unknown("not verified")
    exhaustive: Verdict = Unknown("not verified")
    several: tuple[str, ...] = ()

    @property
    def shadow_prices(self) -> tuple[tuple[str, Expr], ...]:
        """The multipliers that are the only ones."""
        return tuple((n, e) for n, e in self.multipliers if n not in self.several)

    @property
    def bound_prices(self) -> tuple[tuple[str, Expr], ...]:
        """The multipliers of domain bounds that are the only ones."""
        return tuple((n, e) for n, e in self.bounds if f"bound of {n}" not in self.several)


@dataclass(frozen=True, slots=True)
class Continuum:
    """A set of solutions: all points that satisfy `relations`; `values` has what is determined.

    `members`: closed forms of points in the set, one of which is in it for every parameter.
    """

    when: Region
    relations: Region
    values: tuple[tuple[sp.Symbol, Expr], ...] = ()
    multipliers: tuple[tuple[str, Expr], ...] = ()
    value: Expr | None = None
    witness: Point = ()
    status: Verdict = Unknown("not verified")
    exhaustive: Verdict = Unknown("not verified")
    members: tuple[tuple[tuple[sp.Symbol, Expr], ...], ...] = ()

    @property
    def description(self) -> Region:
        """All relations that say which points are in the set, the determined values included."""
        return (*(Relation(s, "==", v) for s, v in self.values), *self.relations)


@dataclass(frozen=True, slots=True)
class NoSolution:
    """Parameters for which there is no solution, and why."""

    when: Region
    outcome: Outcome
    reason: str
    witness: Point = ()
    status: Verdict = Unknown("not verified")


Case: TypeAlias = Regime | Continuum | NoSolution


class Multipliers(Mapping[str, Expr]):
    """Shadow prices by the constraint's name: `solution.multipliers["G"]`, over all regimes."""

    __slots__ = ("_solution",)

    def __init__(self, solution: Solution) -> None:
        self._solution = solution

    def __getitem__(self, name: str) -> Expr:
        regimes = [r for r in self._solution.regimes if r.shadow_prices]
        rows = [(dict(r.shadow_prices), self._solution.where(r)) for r in regimes]
        if not rows or any(name not in row for row, _ in rows):
            known = ", ".join(self) or "none"
            raise UsageError(f"no multiplier {name!r}", remedy=f"named constraints: {known}")
        return by_regime([(row[name], when) for row, when in rows])

    def __iter__(self) -> Any:
        rows = [dict(r.shadow_prices) for r in self._solution.regimes if r.shadow_prices]
        return iter(k for k in (rows[0] if rows else {}) if all(k in row for row in rows))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{k!r}: {v}" for k, v in self.items()) + "}"


@dataclass(frozen=True, slots=True)
class Solution:
    """The answer to `solve(game, concept)`: cases that together cover the parameters, and verdicts.

    `solution[x]` is the closed form of an action or price (a Piecewise over several regimes),
    `solution.multipliers["G"]` a shadow price, `solution.at({q: 3})` the exact numbers at a point.
    Solutions compare and hash by what they say, not by how long it took.

    `criterion`: what singles these solutions out beyond the concept, where something does: a
    selection ("symmetric"), a bargaining rule ("egalitarian").  `exhaustive` then says that no
    other solution meets the criterion.
    """

    game: Game
    concept: Concept
    cases: tuple[Case, ...]
    coverage: Verdict
    decided: tuple[Decided, ...] = ()
    steps: tuple[Step, ...] = ()
    reason: str = ""
    seconds: float = field(default=0.0, compare=False)
    criterion: str = ""

    def __reduce__(self) -> tuple[object, ...]:
        parts = tuple(getattr(self, f.name) for f in fields(self))
        return _read_back, (kept(parts),)

    @property
    def regimes(self) -> tuple[Regime, ...]:
        """The cases with a single closed form."""
        return tuple(c for c in self.cases if isinstance(c, Regime))

    @property
    def status(self) -> Status:
        """solved, partial (coverage not shown), the common outcome of all cases, or unknown."""
        if not self.cases:
            return "unknown"
        outcomes = {c.outcome if isinstance(c, NoSolution) else "" for c in self.cases}
        covered = type(self.coverage).__name__ in ("Proved", "Checked")
        if len(outcomes) == 1 and "" not in outcomes and covered:
            return outcomes.pop()  # type: ignore[return-value]
        return "solved" if covered else "partial"

    @property
    def proof(self) -> Verdict:
        """The weakest verdict of all: every case's status and exhaustiveness, and coverage."""
        parts: list[Verdict] = [self.coverage]
        for case in self.cases:
            parts.append(case.status)
            if not isinstance(case, NoSolution):
                parts.append(case.exhaustive)
        return weakest(parts) if self.cases else Unknown(self.reason)

    @property
    def multipliers(self) -> Multipliers:
        """Shadow prices by constraint name."""
        return Multipliers(self)

    @property
    def value(self) -> Expr:
        """The maximised objective (of a loss: the least loss), a Piecewise over several regimes."""
        rows = [(r.value, self.where(r)) for r in self.regimes]
        if not rows or any(v is None for v, _ in rows):
            raise UsageError(f"no optimal value: status {self.status}, concept {self.concept}")
        return by_regime([(v, when) for v, when in rows if v is not None])

    def __getitem__(self, symbol: sp.Symbol | str) -> Expr:
        rows = [({str(k): v for k, v in r.values}, self.where(r)) for r in self.regimes]
        if not rows:
            raise UsageError(f"no closed form: status {self.status}", remedy=self.reason)
        name = str(symbol)
        if any(name not in row for row, _ in rows):
            known = ", ".join(rows[0][0])
            raise UsageError(f"no value for {name!r}", remedy=f"actions and prices: {known}")
        self._refuse_choice(name)
        return by_regime([(row[name], when) for row, when in rows])

    def where(self, case: Case) -> Region:
        """The condition of a case; what is said of every member, without the member's index."""
        return tuple(of_everyone(r, self.game.families) for r in case.when)

    def _refuse_choice(self, name: str) -> None:
        """One formula of several for the same parameters would be a selection nobody asked for."""
        for one in self.regimes:
            for two in self.regimes:
                wide = not any(r.is_equality for r in one.when)
                several = one.multiple and two.multiple and wide and one.when == two.when
                mine, theirs = ({str(k): v for k, v in r.values}[name] for r in (one, two))
                if several and mine != theirs:
                    raise UsageError(
                        f"{name} is {mine} in one solution and {theirs} in another",
                        remedy="solution.regimes has all, solution.select('symmetric') or "
                        "('welfare-best') chooses",
                    )

    def at(self, point: Mapping[Any, Any]) -> tuple[dict[str, Expr], ...]:
        """Every solution at a parameter point, exactly: one dict a solution, empty where none is
        known.

        `point` maps each parameter (symbol or name) to an exact number.
        """
        table = exact_point(self.game, point)
        out: list[dict[str, Expr]] = []
        for regime in self.regimes:
            if all(holds(r, table) for r in regime.when):
                row = {str(k): v.xreplace(table) for k, v in regime.values}
                if row not in out:
                    out.append(row)
        return tuple(out)

    def lambdify(self) -> Callable[..., dict[str, float]]:
        """A function of the parameters, as keyword arguments, that returns numbers by name.

        The first regime whose condition holds is evaluated; ValueError where none does.
        """
        names = [str(p.symbol) for p in self.game.parameters]

        def numbers(**point: float) -> dict[str, float]:
            missing = [n for n in names if n not in point]
            if missing:
                raise UsageError(f"no value for {', '.join(missing)}", where="lambdify")
            exact = {k: sp.Rational(str(v)) for k, v in point.items()}
            found = self.at(exact)
            if not found:
                raise ValueError(f"no known solution at {point}")
            return {k: float(v) for k, v in found[0].items()}

        return numbers


def _read_back(stored: bytes) -> Solution:
    return Solution(*pickle.loads(stored))


def by_regime(rows: Iterable[tuple[Expr, Region]]) -> Expr:
    """One expression for several regimes: itself if they agree, or if one holds everywhere; else a
    Piecewise.

    >>> q = sp.Symbol("q", positive=True)
    >>> by_regime([(q/2, ()), (q/2, ())])
    q/2
    """
    rows = list(rows)
    if len({value for value, _ in rows}) == 1:
        return rows[0][0]
    everywhere = [value for value, when in rows if not when]
    if len(everywhere) == 1:
        return everywhere[0]  # where another one holds too, they agree
    return sp.Piecewise(*((value, sp.And(*map(as_sympy, when))) for value, when in rows))


def as_sympy(relation: Relation) -> sp.Basic:
    """The relation as a SymPy relational."""
    kinds = {"<=": sp.Le, ">=": sp.Ge, "<": sp.Lt, ">": sp.Gt, "==": sp.Eq, "!=": sp.Ne}
    return kinds[relation.operator](relation.left, relation.right)


def exact_point(game: Game, point: Mapping[Any, Any]) -> dict[sp.Symbol, Expr]:
    """Parameter symbols to exact numbers, from a mapping by symbol or name."""
    known = {str(p.symbol): p.symbol for p in game.parameters}
    out: dict[sp.Symbol, Expr] = {}
    for key, number in point.items():
        if str(key) not in known:
            listed = ", ".join(known) or "none"
            raise UsageError(
                f"{key} is not a parameter", where="at", remedy=f"parameters: {listed}"
            )
        out[known[str(key)]] = number if isinstance(number, sp.Expr) else sp.Rational(str(number))
    missing = [n for n, s in known.items() if s not in out]
    if missing:
        raise UsageError(f"no value for {', '.join(missing)}", where="at")
    return out


def holds(relation: Relation, table: Mapping[sp.Symbol, Expr]) -> bool:
    """Whether a relation is defined and true at an exact point.

    Rational relations are decided exactly; others by thirty digits, and only where the two sides
    differ by more than rounding (7**(50/53) has no short exact form to compare).  Where a side is
    not a real number the relation does not hold, even if SymPy finds log(-1)**2 < 0.
    """
    table = dict(table)
    if not all(holds(r, table) for e in (relation.left, relation.right) for r in natural_domain(e)):
        return False
    if not any(_irrational(side) for side in (relation.left, relation.right)):
        left, right = relation.left.xreplace(table), relation.right.xreplace(table)
        if not (left.is_extended_real and right.is_extended_real):
            return False
        return bool(as_sympy(Relation(left, relation.operator, right)))
    gap = relation.gap.evalf(30, subs=table)
    if not (gap.is_Float or gap.is_Integer) or relation.is_equality:
        return False
    return abs(gap) > sp.Float("1e-20") and (gap > 0 or relation.operator == "!=")


def _irrational(e: Expr) -> bool:
    return e.has(sp.log, sp.exp, sp.LambertW, sp.CRootOf, Root) or any(
        not p.exp.is_Integer for p in e.atoms(sp.Pow)
    )
