"""What a person did not state and the proof needs: multipliers, payoffs, the optimal value.

Nothing here is trusted: it is filled in so that `verify` can decide it.  Multipliers m >= 0 of
what is tight at x* solve the linear system

    df/dx_i + sum_k mu_k dg_k/dx_i + sum_j m_j dg_j/dx_i = 0       (mu stated, g >= 0 slacks)

of which, where several solutions exist, a basic one that is nonnegative at a point is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
import sympy as sp

from alignsym.checking.points import Point, exactly, numbers
from alignsym.logic.normal import is_identically_zero
from alignsym.model.agents import StatedRegime
from alignsym.model.game import Concept, Game
from alignsym.model.relations import Expr, Relation
from alignsym.solution import Regime
from alignsym.verify.arithmetic import CONTEXT, Undefined, big
from alignsym.verify.coefficients import NotEvaluable
from alignsym.verify.decision import JOINT, DecisionMaker, decision_makers
from alignsym.verify.evaluator import compiled

_ZERO = sp.S.Zero
_NEAR = 1e-15
_BASES = 60
Key = tuple[str, str]  # ("constraint", its name) or ("bound", the action's name)


@dataclass(frozen=True, slots=True)
class Row:
    """dL/dx_i = 0 of one decision maker: what is known, and the coefficient of each unknown."""

    known: Expr
    coefficients: tuple[tuple[Key, Expr], ...]


def completed(game: Game, concept: Concept, stated: StatedRegime, witness: Point | None) -> Regime:
    """The stated regime with payoffs, value and multipliers filled in where nothing is stated."""
    values = dict(stated.values)
    played = dict(values)
    if game.numeraire is not None:
        played[game.numeraire] = sp.S.One
    named: dict[str, Expr] = dict(stated.multipliers)
    bounds: dict[str, Expr] = {}
    if witness is not None:
        named, bounds = filled(game, concept, values, named, witness)
    value = stated.value
    if value is None and concept in JOINT:
        target = (
            game.agents[0].objective
            if concept == "maximize"
            else decision_makers(game, concept)[0].objective
        )
        value = target.xreplace(values)
    order = [c.name for c in game.constraints]
    return Regime(
        when=stated.when,
        values=tuple(values.items()),
        multipliers=tuple((n, named[n]) for n in order if n in named),
        bounds=tuple(bounds.items()),
        value=value,
        utilities=tuple((a.name, payoff(a.utility, played)) for a in game.agents),
        multiple=stated.multiple,
        witness=() if witness is None else exactly(witness),
    )


def payoff(utility: Expr, values: Mapping[sp.Symbol, Expr]) -> Expr:
    """The utility at the values, with log 0 = -oo where SymPy says complex infinity.

    >>> x = sp.Symbol("x", nonnegative=True)
    >>> payoff(sp.log(x) + 1, {x: sp.S.Zero})
    -oo
    """
    table = dict(values)
    lost = [e for e in utility.atoms(sp.log) if is_identically_zero(e.args[0].xreplace(table))]
    return utility.xreplace(dict.fromkeys(lost, -sp.oo)).xreplace(table)


def filled(
    game: Game,
    concept: Concept,
    values: Mapping[sp.Symbol, Expr],
    stated: Mapping[str, Expr],
    witness: Point,
) -> tuple[dict[str, Expr], dict[str, Expr]]:
    """Named multipliers with the missing ones added, and those of bounds; as far as they exist."""
    named, bounds = dict(stated), {}
    env = dict(numbers(witness))
    rows: list[Row] = []
    for maker in decision_makers(game, concept):
        rows += _rows(maker, values, named, env)
        for c in maker.constraints:
            if c.name not in stated and _slack(c.relation, values, env):
                named[c.name] = _ZERO
    unknowns = list(dict.fromkeys(k for row in rows for k, _ in row.coefficients))
    tight = {n for kind, n in unknowns if kind == "constraint"}
    missing = {c.name for m in decision_makers(game, concept) for c in m.constraints} - set(named)
    found = _solved(rows, unknowns, game, env) if unknowns else {}
    if found is None:
        return named, {}
    for (kind, name), e in found.items():
        if kind == "constraint":
            named[name] = e
        elif e != 0:
            bounds[name] = e
    for name in missing - tight:
        named[name] = _ZERO
    return named, bounds


def _rows(
    maker: DecisionMaker,
    values: Mapping[sp.Symbol, Expr],
    named: Mapping[str, Expr],
    env: Mapping[str, object],
) -> list[Row]:
    table = dict(values)
    known = {v: [sp.diff(maker.objective, v)] for v in maker.variables}
    open_: dict[sp.Symbol, list[tuple[Key, Expr]]] = {v: [] for v in maker.variables}
    for c in maker.constraints:
        tight = c.name not in named and not _slack(c.relation, values, env)
        for v in maker.variables:
            slope = sp.diff(c.relation.gap, v) * (-1 if c.relation.is_equality else 1)
            if slope == 0:
                continue
            if c.name in named:
                known[v].append(named[c.name] * slope)
            elif tight:
                open_[v].append((("constraint", c.name), slope.xreplace(table)))
    for action in maker.actions:
        for r in action.interval.contains(action.symbol):
            if not r.is_strict and not _slack(r, values, env):
                slope = sp.diff(r.gap, action.symbol)
                open_[action.symbol].append((("bound", action.name), slope))
                break
    return [
        Row(sp.Add(*known[v]).xreplace(table), tuple(open_[v])) for v in maker.variables if open_[v]
    ]


def _slack(relation: Relation, values: Mapping[sp.Symbol, Expr], env: Mapping[str, object]) -> bool:
    """Whether the relation has slack at the witness, in numbers."""
    if relation.is_equality:
        return False
    gap = _number(relation.gap.xreplace(dict(values)), env)
    return gap is not None and gap > _NEAR


def _number(e: Expr, env: Mapping[str, object]) -> float | None:
    try:
        value = big(compiled(e).precise(env))
    except (Undefined, NotEvaluable):
        return None
    return float(value) if CONTEXT.isfinite(value) else None


def _solved(
    rows: Sequence[Row], unknowns: Sequence[Key], game: Game, env: Mapping[str, object]
) -> dict[Key, Expr] | None:
    """A basic solution that is nonnegative at the witness, as closed forms."""
    matrix = np.zeros((len(rows), len(unknowns)))
    right = np.zeros(len(rows))
    for i, row in enumerate(rows):
        value = _number(row.known, env)
        if value is None:
            return None
        right[i] = -value
        for key, slope in row.coefficients:
            at = _number(slope, env)
            if at is None:
                return None
            matrix[i, unknowns.index(key)] += at
    free = {c.name for c in game.constraints if c.relation.is_equality}
    rank = int(np.linalg.matrix_rank(matrix, tol=1e-9))
    scale = 1 + float(np.max(np.abs(right), initial=0.0))
    for base in islice(combinations(range(len(unknowns)), rank), _BASES):
        part = matrix[:, list(base)]
        if np.linalg.matrix_rank(part, tol=1e-9) < rank:
            continue
        found = np.linalg.lstsq(part, right, rcond=None)[0]
        if np.max(np.abs(part @ found - right), initial=0.0) > 1e-7 * scale:
            continue
        keys = [unknowns[k] for k in base]
        if all(v >= -1e-9 * scale or k[1] in free for v, k in zip(found, keys)):
            return _exact_solution(rows, unknowns, keys, part)
    return None


def _exact_solution(
    rows: Sequence[Row], unknowns: Sequence[Key], keys: Sequence[Key], part: np.ndarray
) -> dict[Key, Expr]:
    """The basic solution in closed form: constraints first, a bound stands in one row only."""
    out: dict[Key, Expr] = dict.fromkeys(unknowns, _ZERO)
    own = {k: i for i, row in enumerate(rows) for k, _ in row.coefficients if k[0] == "bound"}
    bounds = [k for k in keys if k[0] == "bound"]
    others = [k for k in keys if k[0] == "constraint"]
    taken = {own[k] for k in bounds}
    usable = [i for i in range(len(rows)) if i not in taken]
    columns = [list(keys).index(k) for k in others]
    chosen: list[int] = []
    for i in usable:
        if len(chosen) == len(others):
            break
        trial = part[np.ix_([*chosen, i], columns)]
        if np.linalg.matrix_rank(trial, tol=1e-9) == len(chosen) + 1:
            chosen.append(i)
    if len(chosen) == len(others) and others:
        square = sp.Matrix(
            [[dict(rows[i].coefficients).get(k, _ZERO) for k in others] for i in chosen]
        )
        right = sp.Matrix([-rows[i].known for i in chosen])
        for k, e in zip(others, _eliminated(square, right)):
            out[k] = e
    for k in bounds:
        row = rows[own[k]]
        table = dict(row.coefficients)
        rest = row.known + sum(out[j] * c for j, c in table.items() if j != k)
        out[k] = _short(-rest / table[k])
    return out


def _eliminated(square: sp.Matrix, right: sp.Matrix) -> list[Expr]:
    """Cramer's rule, for the few multipliers that remain."""
    size = square.rows
    if size == 1:
        return [_short(right[0] / square[0, 0])]
    whole = square.det(method="berkowitz")
    out = []
    for k in range(size):
        put = square.copy()
        put[:, k] = right
        out.append(_short(put.det(method="berkowitz") / whole))
    return out


def _short(e: Expr) -> Expr:
    if is_identically_zero(e):
        return _ZERO
    if e.count_ops() < 400 and e.is_rational_function(*e.free_symbols):
        return sp.cancel(e)
    return e
