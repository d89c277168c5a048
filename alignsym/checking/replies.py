"""What a later mover may do: candidates from its first-order condition, piece by piece.

For one action a and a utility u(a) on lower <= a <= upper, concave or not:

    u'(a) = 0 inside        a = lower where u'(lower) <= 0        a = upper where u'(upper) >= 0

Nothing here is trusted: `sequential` keeps what it proves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from alignsym.model.agents import Agent, Constraint, Parameter
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import domain_of

_ZERO = sp.S.Zero
_LARGE = 400  # operations of a first-order condition that is still solved


@dataclass(frozen=True, slots=True)
class Piece:
    """Values of all movers from some place on, where `when` holds of parameters and h."""

    when: Region
    values: tuple[tuple[sp.Symbol, Expr], ...] = ()


def program(game: Game, earlier: Sequence[Agent], mover: Agent, later: Piece) -> Game:
    """max over a of u(h, a, L(h, a)), with the earlier moves h as parameters."""
    after = dict(later.values)
    seen = [Parameter(act.symbol, act.interval) for agent in earlier for act in agent.actions]
    needed = domain_of([mover], mover.constraints)
    agent = Agent(
        mover.name,
        mover.objective.xreplace(after),
        *mover.actions,
        constraints=tuple(
            Constraint(c.name, c.relation.replaced(after), _replaced(c.domain, after))
            for c in mover.constraints
        ),
        loss=mover.loss,
        domain=_replaced(needed, after),
    )
    return game.altered(
        agents=(agent,), shared=(), prices=(), weights=(), disagreement=(), numeraire=None,
        parameters=(*game.parameters, *seen), concept="maximize", expected=(), expect=None,
    )  # fmt: skip


def _replaced(region: Region, table: dict[sp.Symbol, Expr]) -> Region:
    return tuple(r.replaced(table) for r in region)


def candidates(
    game: Game, earlier: Sequence[Agent], mover: Agent, later: Sequence[Piece]
) -> list[Piece]:
    """Pieces of the mover's reply to earlier moves, with the later replies at them."""
    (action,) = mover.actions
    out: list[Piece] = []
    for piece in later:
        free = program(game, earlier, mover, piece).agents[0]
        feasible = [*action.interval.contains(action.symbol)]
        feasible += [c.relation for c in free.constraints]
        edges = [*feasible, *piece.when]
        slope = sp.diff(free.utility, action.symbol)
        for value, needed in _points(slope, action.symbol, edges):
            at = {action.symbol: value}
            rows = (*(r.replaced(at) for r in edges), *needed)
            when = tuple(dict.fromkeys(r for r in rows if not _plain(r)))
            if any(_never(r) for r in when):
                continue
            after = [(s, _short(e.xreplace(at))) for s, e in piece.values]
            out.append(Piece(when, ((action.symbol, value), *after)))
    return out


def _points(slope: Expr, a: sp.Symbol, edges: Sequence[Relation]) -> list[tuple[Expr, Region]]:
    """Stationary points, and ends with the sign of the slope that makes them best."""
    out: list[tuple[Expr, Region]] = [(root, ()) for root in _roots(slope, a)]
    for relation in edges:
        gap = relation.gap
        per = sp.diff(gap, a)
        if relation.is_strict or per == 0 or per.has(a):
            continue
        end = _short(a - gap / per)
        if end.has(a):
            continue
        at = slope.xreplace({a: end})
        if not at.has(sp.zoo, sp.nan, sp.oo):
            falling = () if relation.is_equality else (Relation(_short(at * per), "<=", _ZERO),)
            out.append((end, falling))
    return out


def _roots(slope: Expr, a: sp.Symbol) -> list[Expr]:
    """The zeros of the slope where its numerator is of the first or second degree."""
    if slope.count_ops() > _LARGE:
        return []
    numerator, _ = sp.fraction(sp.together(slope))
    if not numerator.is_polynomial(a):
        return []
    poly = sp.Poly(numerator, a)
    if poly.degree() == 1:
        lead, rest = poly.all_coeffs()
        return [_short(-rest / lead)]
    if poly.degree() == 2:
        lead, middle, rest = poly.all_coeffs()
        root = sp.sqrt(sp.factor(sp.expand(middle**2 - 4 * lead * rest)))
        return [_short((-middle + sign * root) / (2 * lead)) for sign in (1, -1)]
    return []


def _short(e: Expr) -> Expr:
    if e.count_ops() < _LARGE and e.is_rational_function(*e.free_symbols):
        return sp.cancel(e)
    return sp.expand(e) if e.count_ops() < _LARGE else e


def _plain(r: Relation) -> bool:
    """Whether the relation holds by declared signs."""
    gap = r.gap
    known = {">=": gap.is_nonnegative, "<=": gap.is_nonnegative, "==": gap.is_zero}
    known |= {">": gap.is_positive, "<": gap.is_positive, "!=": gap.is_nonzero}
    return bool(known[r.operator])


def _never(r: Relation) -> bool:
    gap = r.gap
    if gap.has(sp.zoo, sp.nan, sp.oo):
        return True
    failing = {">=": gap.is_negative, "<=": gap.is_negative, "==": gap.is_nonzero}
    failing |= {">": gap.is_nonpositive, "<": gap.is_nonpositive, "!=": gap.is_zero}
    return bool(failing[r.operator])
