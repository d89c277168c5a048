"""The four programs behind the names: what is asked, checked in an economist's words, as a game.

max u(x)              s.t. p.x <= w            Marshallian demand
min p.x               s.t. u(x) >= u0          Hicksian demand
max p f(z) - w.z                               supply and factor demand
min w.z               s.t. f(z) >= q           conditional factor demand
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import sympy as sp

from alignsym.answer import solve
from alignsym.errors import UsageError
from alignsym.model.game import Action, Agent, Game, Parameter
from alignsym.model.relations import Expr, Interval, Relation, relation
from alignsym.solution import Regime, Solution

Priced: TypeAlias = tuple[tuple[sp.Symbol, Expr], ...]


def program(
    title: str,
    agent: Agent,
    positive: Iterable[Expr],
    conditions: Iterable[object],
    seconds: float | None,
) -> Solution:
    """The agent's program solved for all positive values of `positive` that meet the conditions."""
    signs = [_positive(e) for e in dict.fromkeys(positive)]
    parameters = [s for s in signs if isinstance(s, Parameter)]
    known = [s for s in signs if isinstance(s, Relation)]
    stated = [relation(c, where="conditions") for c in conditions]
    goods = {a.symbol for a in agent.actions}
    for condition in stated:
        if chosen := sorted(map(str, condition.free_symbols & goods)):
            raise UsageError(
                f"{condition} is about {chosen[0]}, which is chosen",
                where="conditions",
                remedy="conditions are about parameters",
            )
    game = Game(
        agent,
        parameters=parameters,
        conditions=[*known, *stated],
        concept="maximize",
        title=title,
    )
    return solve(game, "maximize", seconds=seconds)


def _positive(e: Expr) -> Parameter | Relation | None:
    """What has to be declared for the expression to be positive; None where it visibly is."""
    if e.is_positive:
        return None
    if isinstance(e, sp.Symbol):
        return Parameter(e, Interval.positive())
    return Relation(e, ">", sp.S.Zero)


def priced(given: object, chosen: str, argument: str, *, inside: Expr, of: str) -> Priced:
    """The mapping {good: price} as pairs of exact expressions, in the order written.

    Arguments: `chosen`, what a key is called ("good"); `argument`, the argument's name; `inside`,
    the expression `of` which at least one key must occur.
    """
    if not isinstance(given, Mapping) or not given:
        raise UsageError(
            f"{given!r} is no mapping from {chosen}s to prices" if given else f"no {chosen}s",
            where=argument,
            remedy=f"write {argument}={{x: p, y: q}}: the symbols that are chosen, and their price",
        )
    for good in given:
        if not isinstance(good, sp.Symbol):
            raise UsageError(
                f"{good!r} is no symbol, so it is no {chosen}",
                where=argument,
                remedy="choose symbols, such as x in x**a*y**b",
            )
        if good.is_nonpositive:
            raise UsageError(
                f"the {chosen} {good} is declared with a sign that quantities do not have",
                where=argument,
                remedy="declare it with nonnegative=True",
            )
    out = []
    for good, price in given.items():
        where = f"{argument}, {good}"
        exact = number(price, where, chosen=given, role=f"the price of {good}")
        if exact.is_nonpositive:
            raise UsageError(f"the price {exact} is not positive", where=where)
        out.append((good, exact))
    if not isinstance(inside, sp.Expr) or not inside.free_symbols & set(given):
        listed = ", ".join(map(str, given))
        raise UsageError(
            f"the {of} {inside} contains no {chosen} that has a price ({listed})",
            where=of,
            remedy=f"give every {chosen} a price: {argument}={{x: p, y: q}}",
        )
    return tuple(out)


def number(given: object, where: str, *, chosen: Iterable[object], role: str) -> Expr:
    """An exact expression without any symbol that is chosen."""
    out = sp.Integer(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if not isinstance(out, sp.Expr):
        raise UsageError(
            f"{given!r} is no exact number and no expression",
            where=where,
            remedy="give a symbol, or Rational(1, 2) for 0.5",
        )
    if out.has(sp.Float):
        raise UsageError(
            f"{out} has a floating-point number", where=where, remedy="write Rational(1, 2) for 0.5"
        )
    if moving := sorted(str(s) for s in out.free_symbols & set(chosen)):
        raise UsageError(
            f"{role} depends on {moving[0]}, which is chosen",
            where=where,
            remedy="such a program is written with Agent and Game, or alignsym.maximize",
        )
    return out


def action(good: sp.Symbol) -> Action:
    """Quantities are not negative, and positive where their symbol is."""
    return Action(good, Interval.positive() if good.is_positive else Interval.nonnegative())


def spent(prices: Priced) -> Expr:
    """The scalar product p.x."""
    return sp.Add(*(price * good for good, price in prices))


def variable(role: str, symbol: Expr, others: Mapping[str, Expr], game: Game) -> sp.Symbol:
    """The symbol, if a derivative in it is the derivative in `role`.

    Raises: UsageError if it is no symbol of its own: a number, an expression, or a symbol that
    occurs elsewhere in the problem, whose derivative mixes several effects.
    """
    remedy = "solve with a symbol of its own in that place, and substitute afterwards"
    if not isinstance(symbol, sp.Symbol):
        raise UsageError(f"{role} is {symbol}, no symbol to differentiate by", remedy=remedy)
    for other, expression in others.items():
        if other != role and symbol in expression.free_symbols:
            raise UsageError(f"{symbol} is {role}, but also occurs in {other}", remedy=remedy)
    for condition in game.domain():
        if condition.is_equality and symbol in condition.free_symbols:
            raise UsageError(
                f"{symbol}, {role}, cannot vary alone: {condition} is declared", remedy=remedy
            )
    if symbol.is_integer:
        raise UsageError(f"{symbol}, {role}, is declared an integer", remedy=remedy)
    return symbol


def minimised(
    title: str,
    who: str,
    technology: Expr,
    prices: Priced,
    level: tuple[str, Expr],
    conditions: Iterable[object],
    seconds: float | None,
) -> Solution:
    """The least p.x for which `technology` reaches the level; the pair is (constraint, level)."""
    name, least = level
    agent = Agent(
        who,
        spent(prices),
        *(action(good) for good, _ in prices),
        constraints={name: Relation(technology, ">=", least)},
        loss=True,
    )
    return program(title, agent, [price for _, price in prices], conditions, seconds)


def own_prices(
    prices: Priced, others: Mapping[str, Expr], game: Game
) -> list[tuple[sp.Symbol, sp.Symbol]]:
    """The goods with prices that are symbols of their own; raises as `variable` does."""
    roles = {**roles_of(prices), **others}
    return [(good, variable(f"the price of {good}", p, roles, game)) for good, p in prices]


def roles_of(prices: Priced) -> dict[str, Expr]:
    """What each price is called when it stands in the way."""
    return {f"the price of {good}": price for good, price in prices}


def scale(game: Game) -> Parameter:
    """A positive parameter of a name that nothing in the game has."""
    used = {str(p.symbol) for p in game.parameters} | {str(a.symbol) for a in game.actions}
    name = "t"
    while name in used:
        name += "t"
    return Parameter(sp.Symbol(name, positive=True), Interval.positive())


# ------------------------------------------------------------------ what a regime says
def table(regime: Regime) -> dict[sp.Symbol, Expr]:
    """The closed forms by symbol."""
    return dict(regime.values)


def value_of(regime: Regime) -> Expr:
    """The optimal value's closed form."""
    if regime.value is None:
        raise UsageError("the regime has no optimal value", where="solution")
    return regime.value


def quantity(good: object, prices: Priced) -> Callable[[Regime], Expr]:
    """The closed form of one good, by regime."""
    known = {str(g): g for g, _ in prices}
    if str(good) not in known:
        raise UsageError(f"{good} has no price here", remedy=f"priced: {', '.join(known)}")
    return lambda regime: table(regime)[known[str(good)]]
