"""First-order conditions at one exact point, where they are necessary.

At a local maximum where the gradients of all tight constraints and bounds are linearly independent
(LICQ), multipliers exist and are unique (Karush 1939; Kuhn and Tucker 1951).  So there

  * no multipliers, or a negative one: the values are no maximum;
  * unique ones other than those stated: these are not the derivatives of the value.  (If V has a
    derivative in e_k it is mu_k: with all tight constraints kept as equalities there is a curve of
    feasible choices along which f has that slope, and V >= f touches it.)

Linear algebra over enclosures: a pivot is certainly not zero, a residue certainly is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from alignsym.checking.definition import Failure, Play, decimal, strictly_inside, tight
from alignsym.checking.points import certainly, numbers
from alignsym.checking.shown import THE_SOLUTION
from alignsym.model.relations import Expr, Relation
from alignsym.verify.arithmetic import Number, Undefined
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.decision import DecisionMaker, decision_makers
from alignsym.verify.enclosure import ENCLOSED
from alignsym.verify.equilibria import KINKED
from alignsym.verify.evaluator import compiled
from alignsym.verify.intervals import Undecided, ends, sign

_ZERO = sp.S.Zero


@dataclass(frozen=True, slots=True)
class Column:
    """A tight constraint or bound: its name, and whether its multiplier may have any sign."""

    name: str
    free: bool
    slopes: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Conditions:
    """sum_j m_j column_j + right = 0 in the variables of `who`, with m_j >= 0 unless free."""

    who: str
    variables: tuple[sp.Symbol, ...]
    columns: tuple[Column, ...]
    right: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """What fails, and the constraints whose stated multipliers were compared with the only ones."""

    failures: tuple[Failure, ...]
    compared: frozenset[str]


def first_order(now: Play) -> FirstOrder:
    """What first-order conditions refute, of every decision maker; nothing where they do not
    apply."""
    makers = decision_makers(now.game, now.concept)
    if now.concept == "stackelberg":
        makers = makers[-1:]  # who moves before foresees the replies
    out: list[Failure] = []
    names: set[str] = set()
    asked: list[Conditions] = []
    for maker in makers:
        try:
            found = _conditions(now, maker)
            if found is None:
                continue
            asked.append(found)
            names |= _slack(now, maker)
            failures = _failures(now, found, local=True)
        except (Undecided, Undefined, NotEvaluable):
            continue
        if failures is not None:
            out += failures
            names |= {c.name for c in found.columns}
    if now.concept == "variational" and len(asked) == len(makers) and not out:
        try:
            whole = together(asked)
            failures = _failures(now, whole, local=False)
        except (Undecided, Undefined, NotEvaluable):
            failures = None
        if failures is not None:
            out += failures
            names |= {c.name for c in whole.columns}
    return FirstOrder(tuple(out), frozenset(names))


def _slack(now: Play, maker: DecisionMaker) -> set[str]:
    """Constraints that are certainly slack, whose multipliers must be zero."""
    return {
        c.name
        for c in maker.constraints
        if not c.relation.is_equality and certainly(c.relation.tightened(), now.env) is True
    }


def _conditions(now: Play, maker: DecisionMaker) -> Conditions | None:
    """The conditions of one decision maker; None where something is not certain."""
    if not _smooth(maker, now):
        return None
    columns = _columns(now, maker)
    if columns is None:
        return None
    right = tuple(_slope(maker.objective, v, now) for v in maker.variables)
    return Conditions(maker.name, maker.variables, tuple(columns), right)


def together(asked: Sequence[Conditions]) -> Conditions:
    """Those of a normalised equilibrium: shared constraints have one multiplier for all."""
    zero = ENCLOSED.constant("0")
    columns: dict[str, Column] = {}
    before = 0
    total = sum(len(one.variables) for one in asked)
    for one in asked:
        for column in one.columns:
            known = columns.get(column.name)
            slopes = list(known.slopes) if known else [zero] * total
            slopes[before : before + len(one.variables)] = column.slopes
            columns[column.name] = Column(column.name, column.free, tuple(slopes))
        before += len(one.variables)
    variables = tuple(v for one in asked for v in one.variables)
    right = tuple(r for one in asked for r in one.right)
    return Conditions("everybody", variables, tuple(columns.values()), right)


def _failures(now: Play, asked: Conditions, *, local: bool) -> list[Failure] | None:
    """What fails; None where the columns are not independent, and nothing is known.

    `local`: the conditions are those of one maximum, else of a normalised equilibrium, where
    multipliers are part of the definition (Rosen 1965).
    """
    solved = eliminated([c.slopes for c in asked.columns], asked.right)
    if solved is None:
        return None
    unique, rests = solved
    for v, rest in zip(asked.variables, rests):
        if rest is not None and _sure_sign(rest):
            text = f"first-order conditions of {asked.who} have no multipliers at the values"
            more = f": {v} can be moved to its advantage" if local else " that are common to all"
            return [Failure(THE_SOLUTION, text + more)]
    for column, value in zip(asked.columns, unique):
        if not column.free and _sure_sign(value) < 0:
            text = f"the multiplier of {column.name} would be {decimal(value)}"
            more = f"{asked.who} gains by leaving {column.name}: " if local else ""
            return [Failure(THE_SOLUTION, more + text)]
    if not strictly_inside(now.regime.when, numbers(now.point)):
        return []
    stated = dict(now.regime.multipliers)
    out = []
    for column, value in zip(asked.columns, unique):
        if column.name not in stated:
            continue
        said = compiled(stated[column.name]).enclosed(numbers(now.point))
        if _sure_sign(ENCLOSED.plus(said, -value)):
            text = f"the multiplier of {column.name} is {decimal(value)}, not {decimal(said)}"
            out.append(Failure(column.name, text))
    return out


def _sure_sign(value: Number) -> int:
    try:
        return sign(value)
    except Undecided:
        return 0


def _smooth(maker: DecisionMaker, now: Play) -> bool:
    """No kink at the values, and no edge of a natural domain."""
    parts = [maker.objective, *(c.relation.gap for c in maker.constraints)]
    for kinked in {a for e in parts for a in e.atoms(*KINKED)}:
        if kinked.free_symbols & set(maker.variables) and not (
            isinstance(kinked, sp.Abs)
            and certainly(Relation(kinked.args[0], "!=", _ZERO), now.env) is True
        ):
            return False
    return all(certainly(r.tightened(), now.env) is True for r in maker.domain)


def _columns(now: Play, maker: DecisionMaker) -> list[Column] | None:
    """Everything that is tight, None where that is not certain."""
    out = []
    rows = [(c.name, c.relation) for c in maker.constraints]
    rows += [(str(r), r) for r in maker.bounds()]
    for name, relation in rows:
        if not relation.is_equality:
            if certainly(relation.tightened(), now.env) is True:
                continue
            if tight(relation.gap, now) is not True or relation.is_strict:
                return None
        signed = -1 if relation.is_equality else 1
        slopes = tuple(_slope(signed * relation.gap, v, now) for v in maker.variables)
        out.append(Column(name, relation.is_equality, slopes))
    return out


def _slope(e: Expr, v: sp.Symbol, now: Play) -> Number:
    slope = compiled(sp.diff(e, v)).enclosed(now.env)
    if isinstance(slope, float):
        raise Undecided("an infinite gradient")
    return slope


def eliminated(
    columns: Sequence[Sequence[Number]], objective: Sequence[Number]
) -> tuple[list[Number], list[Number | None]] | None:
    """The only m with sum_j m_j column_j + objective = 0 in the pivots' rows, and what is left in
    the others; None where the columns are not certainly independent.
    """
    size, count = len(objective), len(columns)
    rows = [[*(columns[j][i] for j in range(count)), objective[i]] for i in range(size)]
    order = list(range(size))
    for j in range(count):
        pivots = [(i, _least(rows[i][j])) for i in range(j, size)]
        best, strength = max(pivots, key=lambda pair: pair[1], default=(0, Fraction(0)))
        if not strength:
            return None
        rows[j], rows[best] = rows[best], rows[j]
        order[j], order[best] = order[best], order[j]
        for i in range(size):
            if i == j or _is_zero(rows[i][j]):
                continue
            factor = ENCLOSED.over(rows[i][j], rows[j][j])
            rows[i] = [
                ENCLOSED.plus(a, -ENCLOSED.times(factor, b)) for a, b in zip(rows[i], rows[j])
            ]
            rows[i][j] = ENCLOSED.constant("0")
    unique = [-ENCLOSED.over(rows[j][count], rows[j][j]) for j in range(count)]
    rests: list[Number | None] = [None] * size
    for i in range(count, size):
        rests[order[i]] = rows[i][count]
    return unique, rests


def _least(value: Number) -> Fraction:
    low, high = ends(value)
    return low if low > 0 else -high if high < 0 else Fraction(0)


def _is_zero(value: Number) -> bool:
    low, high = ends(value)
    return low == high == 0
