"""Utilities and constraints in pieces: the combinations of their conditions, each with the smooth
program there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count, product
from typing import TypeAlias

import sympy as sp
from sympy.core.relational import Relational

from alignsym.logic.decide import implies, irredundant, search
from alignsym.model.game import Agent, Constraint, Game
from alignsym.model.relations import Expr, Region, Relation, relation
from alignsym.solution import as_sympy
from alignsym.solving.projection import separated
from alignsym.solving.thresholds import condition

CONDITIONS_LIMIT = 3
CASE = "case_"
Values: TypeAlias = tuple[tuple[sp.Symbol, Expr], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One combination of conditions: what holds, and the program there with edges included.

    `pinned`: actions of which the conditions leave one value, with it; the program is without them.
    """

    region: Region
    game: Game
    pinned: Values = ()

    @property
    def fixed(self) -> Region:
        """What holds of the parameters."""
        chosen = {a.symbol for a in self.game.actions} | {s for s, _ in self.pinned}
        return tuple(r for r in self.region if not r.free_symbols & chosen)


def is_piecewise(game: Game) -> bool:
    """Whether some utility or constraint is piecewise in an action."""
    chosen = {a.symbol for a in game.actions}
    return any(p.free_symbols & chosen for p in _pieces(game))


def _pieces(game: Game) -> set[sp.Piecewise]:
    """Every Piecewise in utilities and constraints."""
    formulas = [a.objective for a in game.agents]
    formulas += [side for c in game.constraints for side in (c.relation.left, c.relation.right)]
    return {p for e in formulas for p in e.atoms(sp.Piecewise)}


def has_kinks(game: Game) -> bool:
    """Whether some utility has a kink in an action."""
    chosen = {a.symbol for a in game.actions}
    kinks = {k for a in game.agents for k in a.objective.atoms(sp.Max, sp.Min, sp.Abs)}
    return any(k.free_symbols & chosen for k in kinks)


def unkinked(game: Game) -> Game:
    """The game with Max, Min and Abs of its utilities written as cases.

    >>> x, a = sp.symbols("x a", positive=True)
    >>> unkinked(Game(Agent("A", -sp.Abs(x - a), x))).agents[0].objective
    -Piecewise((a - x, a >= x), (-a + x, True))
    """
    if not has_kinks(game):
        return game
    chosen = {a.symbol for a in game.actions}
    table: dict[Expr, Expr] = {}
    for kink in {k for a in game.agents for k in a.objective.atoms(sp.Max, sp.Min, sp.Abs)}:
        if not kink.free_symbols & chosen:
            continue
        u, v = (kink.args[0], -kink.args[0]) if isinstance(kink, sp.Abs) else kink.args[:2]
        if len(kink.args) > 2:
            continue
        larger = condition(Relation(u, ">=", v), ())
        first, second = (v, u) if isinstance(kink, sp.Min) else (u, v)
        table[kink] = sp.Piecewise((first, as_sympy(larger)), (second, True), evaluate=False)
    return game.altered(agents=_put(game, table))


def _put(game: Game, table: dict[Expr, Expr]) -> tuple[Agent, ...]:
    """The agents with parts of their objectives and constraints replaced."""
    return tuple(
        a.altered(
            objective=a.objective.xreplace(table),
            constraints=tuple(c.replaced(table) for c in a.constraints),
        )
        for a in game.agents
    )


def parts(game: Game) -> list[Part] | str:
    """Every combination of the conditions, with the utilities it selects."""
    pieces = sorted(_pieces(game), key=str)
    if any(p is not q and p.has(q) for p in pieces for q in pieces):
        return "a Piecewise inside a Piecewise"
    asked: dict[sp.Basic, Relation] = {}
    for piece in pieces:
        for _, test in piece.args:
            if test in (sp.true, sp.false):
                continue
            if not isinstance(test, Relational):
                return f"the condition {test} is not one relation"
            asked[test] = relation(test)
    if len(asked) > CONDITIONS_LIMIT:
        return f"more than {CONDITIONS_LIMIT} conditions"
    out = []
    for truths in product((True, False), repeat=len(asked)):
        known = dict(zip(asked, truths, strict=True))
        region = tuple(r if known[c] else r.negated() for c, r in asked.items())
        if search((*game.domain(), *region)).is_proof:
            continue  # the conditions exclude each other
        region = irredundant(separated(region), game.domain())
        table = {p: _selected(p, known) for p in pieces}
        restricted = _restricted(game, region, table)
        pinned = _pinned(game, region)
        if pinned:
            restricted = _without(restricted, dict(pinned))
        out.append(Part(region, restricted, pinned))
    return out


def _pinned(game: Game, region: Region) -> Values:
    """Actions that a condition holds at an end of their interval: x <= 0 where x >= 0."""
    gaps = [r.gap for r in region if r.operator in ("<=", ">=")]
    out: dict[sp.Symbol, Expr] = {}
    for action in game.actions:
        low, high = action.interval.lower, action.interval.upper
        for beyond, end in ((low - action.symbol, low), (action.symbol - high, high)):
            if end not in (sp.oo, -sp.oo) and any(sp.expand(g - beyond) == 0 for g in gaps):
                out[action.symbol] = end
    return tuple(out.items()) if len(out) < len(game.actions) else ()


def unpinned(part: Part, game: Game, values: Values) -> Values:
    """The values of all actions of the game at a solution of the part's program."""
    table = dict((*part.pinned, *values))
    return tuple((a.symbol, table[a.symbol]) for a in game.actions)


def _without(game: Game, values: dict[sp.Symbol, Expr]) -> Game:
    """The program with the actions put in."""
    agents = tuple(
        Agent(
            a.name,
            a.objective.xreplace(values),
            *(act for act in a.actions if act.symbol not in values),
            constraints=tuple(c.replaced(values) for c in a.constraints),
            loss=a.loss,
            domain=tuple(r.replaced(values) for r in a.domain),
        )
        for a in game.agents
    )
    shared = [c.replaced(values) for c in game.shared if not c.name.startswith(CASE)]
    kept = [c for c in game.shared if c.name.startswith(CASE)]
    chosen = {act.symbol for a in agents for act in a.actions}
    shared += [c for c in (c.replaced(values) for c in kept) if c.relation.free_symbols & chosen]
    return game.altered(agents=agents, shared=tuple(shared))


def _selected(piece: sp.Piecewise, known: dict[sp.Basic, bool]) -> Expr:
    for value, test in piece.args:
        if test == sp.true or known.get(test, False):
            return value
    return sp.nan


def _restricted(game: Game, region: Region, table: dict[Expr, Expr]) -> Game:
    """The game with the utilities of the case, its edges included, under its conditions."""
    chosen = {a.symbol for a in game.actions}
    moving = [r.relaxed() for r in region if r.free_symbols & chosen]
    fixed = tuple(r for r in region if not r.free_symbols & chosen)
    taken = {c.name for c in game.constraints}
    free = (n for k in count(1) if (n := f"{CASE}{k}") not in taken)
    added = tuple(Constraint(n, r) for n, r in zip(free, moving, strict=False))
    shared = (*(c.replaced(table) for c in game.shared), *added)
    return game.altered(
        agents=_put(game, table), shared=shared, conditions=(*game.conditions, *fixed), expected=()
    )


def kinked(game: Game) -> Game:
    """The game with every continuous Piecewise of two pieces as the Max or Min that it is.

    f = e1 where g >= 0, else e2, with e1 - e2 = c*g:   max(e1, e2) if c >= 0, min if c <= 0.

    >>> x, k, t = sp.symbols("x k t", positive=True)
    >>> tariff = sp.Piecewise((x, x <= k), (k + 2*(x - k), True))
    >>> kinked(Game(Agent("A", -tariff, x))).agents[0].objective
    -Max(x, -k + 2*x)
    """
    table: dict[Expr, Expr] = {}
    for piece in sorted(_pieces(game), key=str):
        found = _kink(piece, game.domain())
        if found is not None:
            table[piece] = found
    if not table:
        return game
    shared = tuple(c.replaced(table) for c in game.shared)
    return game.altered(agents=_put(game, table), shared=shared)


def _kink(piece: sp.Piecewise, given: Region) -> Expr | None:
    if len(piece.args) != 2 or piece.has(sp.Max, sp.Min) or piece.args[1][1] != sp.true:
        return None
    (one, test), (two, _) = piece.args
    if not isinstance(test, Relational) or any(e.has(sp.Piecewise) for e in (one, two)):
        return None
    edge = relation(test)
    if edge.operator in ("==", "!="):
        return None
    ratio = sp.cancel((one - two) / edge.gap)
    if ratio == 0 or ratio.has(sp.zoo, sp.nan):
        return None
    for operator, kind in ((">=", sp.Max), ("<=", sp.Min)):
        if implies(given, Relation(ratio, operator, sp.S.Zero)).is_proof:  # type: ignore[arg-type]
            terms = [set(sp.Add.make_args(sp.expand(e))) for e in (one, two)]
            common = sp.Add(*(terms[0] & terms[1]))
            return common + kind(sp.expand(one - common), sp.expand(two - common))
    return None
