"""A game with families at given sizes: n members as n agents, n goods as n actions.

x[i] becomes x_1, ..., x_n; Sum(e(j), (j, 1, n)) the sum of e(1), ..., e(n).  What is proved for
every n is tried on instances, by an evaluator that knows nothing of sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import sympy as sp

from alignsym.errors import ModelError, UsageError
from alignsym.model.agents import Action, Agent, Constraint, Parameter, Price
from alignsym.model.arithmetic import remade
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Interval, Region, Relation

LARGEST = 64
_SYMPY = {"<=": sp.Le, ">=": sp.Ge, "<": sp.Lt, ">": sp.Gt, "==": sp.Eq, "!=": sp.Ne}


@dataclass(frozen=True, slots=True)
class Instance:
    """The game at these sizes, and how indexed expressions are written in it."""

    game: Game
    sizes: tuple[tuple[sp.Symbol, int], ...]
    taken: frozenset[str]

    def written(self, e: Expr, where: Mapping[sp.Symbol, int] | None = None) -> Expr:
        """The expression for the members `where` says (an index by its number)."""
        return _written(e, dict(self.sizes), dict(where or {}), self.taken)

    def relation(self, r: Relation, where: Mapping[sp.Symbol, int] | None = None) -> Relation:
        """Both sides."""
        return Relation(self.written(r.left, where), r.operator, self.written(r.right, where))

    def domain(self, region: Region, where: Mapping[sp.Symbol, int] | None = None) -> Region:
        """What texts need, written out: what they say of a sum's index, they say of every term."""
        known = {*dict(self.sizes), *(where or {})}
        numbers = range(1, max((k for _, k in self.sizes), default=0) + 1)
        out: dict[Relation, None] = {}
        for r in region:
            plain = {s for e in (r.left, r.right) for s in e.atoms(sp.Symbol)}
            bound = sorted((s for s in plain - known if s.is_integer), key=str)
            for row in product(numbers, repeat=len(bound)):
                out[self.relation(r, {**(where or {}), **dict(zip(bound, row))})] = None
        return tuple(out)


def instance(game: Game, sizes: Mapping[sp.Symbol, int]) -> Instance:
    """The game with `sizes`, a number for each size symbol.

    Raises: UsageError for a size that is missing or no positive integer up to LARGEST; ModelError
    where the game's conditions exclude these sizes, or a name x_1 is taken.

    >>> i, n = sp.symbols("i n", positive=True, integer=True)
    >>> from alignsym.model.agents import Family
    >>> x = sp.IndexedBase("x", positive=True)
    >>> family = Family(i, n, (Action(x[i], Interval.positive()),), sp.log(x[i]))
    >>> [str(a.objective) for a in instance(Game(families=[family]), {n: 2}).game.agents]
    ['log(x_1)', 'log(x_2)']
    """
    numbers = dict(sizes)
    for family in game.families:
        number = numbers.get(family.size)
        if number is None or number != int(number) or not 1 <= number <= LARGEST:
            raise UsageError(
                f"the size {family.size} of the family {family.index} is {number}",
                where="instance",
                remedy=f"give a whole number from 1 to {LARGEST}",
            )
    rest = game.altered(families=(), agents=(), shared=(), prices=(), conditions=(), parameters=())
    declared = [p.symbol for p in game.parameters] + [a.symbol for a in game.actions]
    plain = {str(s) for s in declared if isinstance(s, sp.Symbol) and not isinstance(s, sp.Indexed)}
    made = Instance(rest, tuple(numbers.items()), frozenset(plain | {p.name for p in game.prices}))
    agents = [agent for a in game.agents for agent in [_agent(game, made, a)]]
    weights: dict[str, Expr] = {}
    fallbacks: dict[str, Expr] = {}
    for table, given in (
        (weights, game.weights), (fallbacks, game.disagreement),
    ):  # fmt: skip
        families = {str(f.index): f for f in game.families}
        for who, e in given:
            if who not in families:
                table[who] = made.written(e)
                continue
            index, size = families[who].index, families[who].size
            for k in range(1, numbers[size] + 1):
                table[f"{who}_{k}"] = made.written(e, {index: k})
    for family in game.families:
        if family.objective is None:
            continue
        for k in range(1, numbers[family.size] + 1):
            at = {family.index: k}
            agents.append(
                Agent(
                    f"{family.index}_{k}",
                    made.written(family.objective, at),
                    *(_action(made, a, at) for a in family.actions),
                    constraints=tuple(_constraint(made, c, at, k) for c in family.constraints),
                    loss=family.loss,
                    domain=made.domain(family.domain, at),
                )
            )
    conditions = []
    for condition in game.conditions:
        for at in _everyone(game, condition, numbers):
            r = made.relation(condition, at)
            said = _SYMPY[r.operator](r.left, r.right)
            if said == sp.false:
                raise ModelError(f"{condition} excludes this size", where="conditions")
            if said != sp.true:
                conditions.append(r)
    out = Game(
        *agents,
        shared=tuple(_constraint(made, c, {}) for c in game.shared),
        prices=tuple(
            Price(p.symbol, made.relation(p.clearing), made.domain(p.domain)) for p in game.prices
        ),
        parameters=_parameters(game, made),
        conditions=conditions,
        weights=weights,
        disagreement=fallbacks,
        concept=game.concept,
        numeraire=game.numeraire,
        id=game.id,
        title=game.title,
    )
    return Instance(out, made.sizes, made.taken)


def _everyone(
    game: Game, r: Relation, numbers: Mapping[sp.Symbol, int]
) -> Iterator[dict[sp.Symbol, int]]:
    """The members a relation is said of: all of the families whose index is free in it."""
    about = [f for f in game.families if f.index in r.free_symbols]
    ranges = (range(1, numbers[f.size] + 1) for f in about)
    yield from (dict(zip((f.index for f in about), at)) for at in product(*ranges))


def member(symbol: sp.Indexed, number: int, taken: frozenset[str]) -> sp.Symbol:
    """x_3 for x[3], with the assumptions of x."""
    name = f"{symbol.base}_{number}"
    while name in taken:
        name += "_"
    return sp.Symbol(name, **symbol.base.label.assumptions0)


def _written(
    e: Expr, sizes: Mapping[sp.Symbol, int], where: dict[sp.Symbol, int], taken: frozenset[str]
) -> Expr:
    if isinstance(e, (sp.Sum, sp.Product)):
        inside = e.atoms(sp.Symbol)  # free_symbols of a sum renames what is bound in it
        here = tuple((s, k) for s, k in where.items() if s in inside)
        return _opened(e, tuple(sizes.items()), here, taken)
    if isinstance(e, sp.Indexed):
        number = _written(e.indices[0], sizes, where, taken)
        if not number.is_Integer:
            raise ModelError(f"{e} has no number", where="instance")
        return member(e, int(number), taken)
    if e in where:
        return sp.Integer(where[e])
    if e in sizes:
        return sp.Integer(sizes[e])
    if not e.args:
        return e
    return remade(e, [_written(arg, sizes, where, taken) for arg in e.args])


@lru_cache(maxsize=2048)
def _opened(
    e: Expr,
    sizes: tuple[tuple[sp.Symbol, int], ...],
    where: tuple[tuple[sp.Symbol, int], ...],
    taken: frozenset[str],
) -> Expr:
    """A sum or product term by term; those within others are met again and again."""
    ((index, low, high),) = e.limits
    numbers, outside = dict(sizes), dict(where)
    ends = [int(_written(end, numbers, outside, taken)) for end in (low, high)]
    terms = [
        _written(e.function, numbers, {**outside, index: k}, taken)
        for k in range(ends[0], ends[1] + 1)
    ]
    return (sp.Add if isinstance(e, sp.Sum) else sp.Mul)(*terms)


def _agent(game: Game, made: Instance, agent: Agent) -> Agent:
    numbers = dict(made.sizes)
    actions: list[Action] = []
    for a in agent.actions:
        if not isinstance(a.symbol, sp.Indexed):
            actions.append(_action(made, a, {}))
            continue
        index = a.symbol.indices[0]
        size = next(f.size for f in game.families if f.index == index)
        actions += [_action(made, a, {index: k}) for k in range(1, numbers[size] + 1)]
    constraints: list[Constraint] = []
    for c in agent.constraints:
        free = [f for f in game.families if c.relation.free_symbols & {f.index}]
        if not free:
            constraints.append(_constraint(made, c, {}))
            continue
        for k in range(1, numbers[free[0].size] + 1):
            constraints.append(_constraint(made, c, {free[0].index: k}, k))
    domain = made.domain(agent.domain)
    objective = made.written(agent.objective)
    return Agent(
        agent.name, objective, *actions, constraints=constraints, loss=agent.loss, domain=domain
    )


def _action(made: Instance, action: Action, at: dict[sp.Symbol, int]) -> Action:
    ends = action.interval
    low, high = (made.written(e, at) for e in (ends.lower, ends.upper))
    return Action(
        made.written(action.symbol, at), Interval(low, high, ends.open_lower, ends.open_upper)
    )


def _constraint(
    made: Instance, c: Constraint, at: dict[sp.Symbol, int], number: int | None = None
) -> Constraint:
    name = c.name if number is None else f"{c.name}_{number}"
    return Constraint(name, made.relation(c.relation, at), made.domain(c.domain, at))


def _parameters(game: Game, made: Instance) -> list[Parameter]:
    numbers = dict(made.sizes)
    out = []
    for p in game.parameters:
        if isinstance(p.symbol, sp.Indexed):
            index = p.symbol.indices[0]
            size = next(f.size for f in game.families if f.index == index)
            for k in range(1, numbers[size] + 1):
                a = _action(made, Action(p.symbol, p.interval), {index: k})
                out.append(Parameter(a.symbol, a.interval))
        elif p.symbol not in numbers:
            a = _action(made, Action(p.symbol, p.interval), {})
            out.append(Parameter(a.symbol, a.interval, p.integer))
    return out
