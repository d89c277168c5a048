"""Agents, their actions and constraints, prices and parameters: the parts a game is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Rational
from typing import Any, Literal

import sympy as sp

from alignsym.errors import ModelError
from alignsym.model.relations import Expr, Interval, Region, Relation, relation

Outcome = Literal["infeasible", "unbounded", "none"]


def written(symbol: Expr) -> str:
    """The symbol as text; SymPy's printer takes a while to say a symbol's name.

    >>> written(sp.Symbol("x")), written(sp.IndexedBase("x")[1])
    ('x', 'x[1]')
    """
    return symbol.name if isinstance(symbol, sp.Symbol) else str(symbol)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A symbol the answer may depend on, and the interval it is known to lie in.

    `symbol` may be an indexed family `p[i]`.  `integer` parameters size a family.
    """

    symbol: Expr
    interval: Interval
    integer: bool = False

    def relations(self) -> Region:
        """What is known of the parameter."""
        return self.interval.contains(self.symbol)


@dataclass(frozen=True, slots=True)
class Action:
    """A symbol an agent chooses, and the interval it is chosen from (`symbol` may be `x[i]`)."""

    symbol: Expr
    interval: Interval

    @property
    def name(self) -> str:
        """The symbol as text."""
        return written(self.symbol)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A named relation; the name is unique in a model and names its multiplier, the shadow price.

    `domain`: where the relation as written is defined, beyond what its simplified sides show.
    """

    name: str
    relation: Relation
    domain: Region = field(default=(), compare=False)

    def replaced(self, mapping: Mapping[Any, Any]) -> Constraint:
        """The relation and its domain with `mapping` substituted at once."""
        domain = tuple(r.replaced(mapping) for r in self.domain)
        return Constraint(self.name, self.relation.replaced(mapping), domain)


@dataclass(frozen=True, slots=True)
class Price:
    """A price p >= 0 for a good, with its clearing relation demand <= supply."""

    symbol: sp.Symbol
    clearing: Relation
    domain: Region = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """The price's name, which also names its clearing relation."""
        return written(self.symbol)


@dataclass(frozen=True, slots=True, init=False)
class Agent:
    """An agent maximises `utility` over its `actions` subject to its own `constraints`.

    An action is a symbol, whose SymPy assumptions (`nonnegative`, `positive`) are its domain and
    so constraints with multipliers, or a pair `(symbol, (low, high))`.  With `loss=True` the
    expression is a loss and is minimised.  An agent without actions only watches.  `domain` says
    where the objective as written is defined, beyond what SymPy's simplified form shows
    (sqrt(x)**2 is x only for x >= 0).

    >>> x, q = sp.symbols("x q", positive=True)
    >>> Agent("alpha", sp.log(x), x, constraints={"cap": x <= q}).actions[0].interval.open_lower
    True
    """

    name: str
    objective: Expr
    actions: tuple[Action, ...]
    constraints: tuple[Constraint, ...]
    loss: bool
    domain: Region = field(compare=False)

    def __init__(
        self,
        name: str,
        utility: Expr,
        *actions: Action | sp.Symbol | tuple[sp.Symbol, object],
        constraints: Mapping[str, object] | Iterable[Constraint] = (),
        loss: bool = False,
        domain: Region = (),
    ) -> None:
        put = object.__setattr__
        put(self, "domain", tuple(domain))
        put(self, "name", name)
        put(self, "objective", rational(utility, where=f"agent {name!r}, utility"))
        put(self, "actions", tuple(action(a, where=f"agent {name!r}") for a in actions))
        put(self, "constraints", named_constraints(constraints, where=f"agent {name!r}"))
        put(self, "loss", loss)

    def altered(self, **changes: Any) -> Agent:
        """A copy with another `objective`, `constraints` or `domain`."""
        kept: dict[str, Any] = {
            "constraints": self.constraints,
            "loss": self.loss,
            "domain": self.domain,
        }
        objective = changes.pop("objective", self.objective)
        return Agent(self.name, objective, *self.actions, **(kept | changes))

    def replaced(self, mapping: Mapping[Any, Any]) -> Agent:
        """All formulas with `mapping` substituted at once; the actions stay."""
        return self.altered(
            objective=self.objective.xreplace(mapping),
            constraints=tuple(c.replaced(mapping) for c in self.constraints),
            domain=tuple(r.replaced(mapping) for r in self.domain),
        )

    @property
    def utility(self) -> Expr:
        """What the agent maximises: the objective, or minus the loss."""
        return -self.objective if self.loss else self.objective


@dataclass(frozen=True, slots=True)
class Family:
    """Agents (or goods) numbered `index` = 1..`size` with a symbolic size.

    With `objective` None it is only an index set that an agent's expressions use.  `domain` is as
    of an `Agent`.
    """

    index: sp.Symbol
    size: sp.Symbol
    actions: tuple[Action, ...] = ()
    objective: Expr | None = None
    loss: bool = False
    constraints: tuple[Constraint, ...] = ()
    domain: Region = field(default=(), compare=False)


def Agents(  # noqa: N802 - reads as the noun it makes
    index: sp.Symbol | str,
    size: sp.Symbol,
    utility: Expr | None = None,
    actions: object = (),
    constraints: Mapping[str, object] | Iterable[Constraint] = (),
    loss: bool = False,
) -> Family:
    """n agents, one for each `index` = 1..`size`, all written as one with its index.

    `actions` is x[i], (x[i], (low, high)) or a list of these, the index of `x[i]` the family's;
    sums are `Sum(x[j], (j, 1, n))`.  Without a utility: n goods that other agents' utilities name.

    >>> i, n = sp.symbols("i n", integer=True, positive=True)
    >>> x = sp.IndexedBase("x", positive=True)
    >>> str(Agents("i", n, utility=sp.log(x[i]), actions=x[i]).objective)
    'log(x[i])'
    """
    if not (isinstance(size, sp.Symbol) and size.is_integer and size.is_positive):
        raise ModelError(
            f"the size {size} is not a positive whole number",
            where="Agents",
            remedy="declare it with integer=True, positive=True",
        )
    listed = actions if isinstance(actions, list) else [actions] if actions != () else []
    if isinstance(index, str):
        expressions = [e for e in (utility, *listed) if isinstance(e, sp.Expr)]
        indices = {k for e in expressions for a in e.atoms(sp.Indexed) for k in a.indices}
        named = [k for k in sorted(indices, key=str) if str(k) == index]
        index = named[0] if named else sp.Symbol(index, integer=True, positive=True)
    if not index.is_integer:
        raise ModelError(
            f"the index {index} is not a whole number",
            where="Agents",
            remedy="declare it with integer=True, positive=True",
        )
    if (utility is None) != (not listed):
        raise ModelError("a utility without actions, or the reverse", where="Agents")
    return Family(
        index,
        size,
        tuple(action(a, where=f"Agents({index})") for a in listed),
        None if utility is None else rational(utility, where=f"Agents({index}), utility"),
        loss,
        named_constraints(constraints, where=f"Agents({index})"),
    )


@dataclass(frozen=True, slots=True)
class StatedRegime:
    """What a person claims for some parameters: one `[[expected]]` table of a model file; `domain`:
    what its texts need and its expressions no longer show, by the place ("values.x", "value")."""

    when: Region = ()
    values: tuple[tuple[Expr, Expr], ...] = ()
    multipliers: tuple[tuple[str, Expr], ...] = ()
    value: Expr | None = None
    multiple: bool = False
    continuum: Region = ()
    outcome: Outcome | None = None
    domain: tuple[tuple[str, Region], ...] = field(default=(), compare=False)


def rational(given: Any, *, where: str) -> Expr:
    """The expression with exact numbers only: a float is refused, for 0.1 is not 1/10.

    >>> rational(2, where="here")
    2
    """
    number = isinstance(given, Rational) and not isinstance(given, (bool, sp.Expr))
    out = sp.Rational(int(given.numerator), int(given.denominator)) if number else given
    if not isinstance(out, (sp.Expr, float)):
        raise ModelError(f"{given!r} is not an expression of SymPy", where=where)
    floats = sorted(map(str, [out] if isinstance(out, float) else out.atoms(sp.Float)))
    if floats:
        remedy = "write Rational(1, 10) for 0.1"
        raise ModelError(f"floating-point number {floats[0]}", where=where, remedy=remedy)
    return out


def action(given: object, *, where: str) -> Action:
    """An `Action` from a symbol (its assumptions are the domain), `(symbol, (low, high))` or
    `(symbol, Interval)`."""
    if isinstance(given, Action):
        return given
    if isinstance(given, (sp.Symbol, sp.Indexed)):
        refuse_unknown_assumptions(given, interval_of(given), where=where)
        return Action(given, interval_of(given))
    symbols = (sp.Symbol, sp.Indexed)
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], symbols):
        if isinstance(given[1], Interval):
            refuse_unknown_assumptions(given[0], given[1], where=where)
            return Action(*given)
        low, high = (sp.Integer(end) if isinstance(end, int) else end for end in given[1])
        refuse_unknown_assumptions(given[0], Interval(low, high), where=where)
        return Action(given[0], Interval(low, high))
    raise ModelError(
        f"{given!r} is not an action", where=where, remedy="give a symbol or (symbol, (low, high))"
    )


def interval_of(symbol: sp.Symbol) -> Interval:
    """The interval a symbol's SymPy assumptions put it in.

    >>> interval_of(sp.Symbol("a", nonnegative=True)) == Interval.nonnegative()
    True
    """
    if symbol.is_positive:
        return Interval.positive()
    if symbol.is_nonnegative:
        return Interval.nonnegative()
    if symbol.is_negative:
        return Interval(-sp.oo, sp.S.Zero, open_upper=True)
    if symbol.is_nonpositive:
        return Interval(-sp.oo, sp.S.Zero)
    return Interval.real()


def named_constraints(
    given: Mapping[str, object] | Iterable[Constraint], *, where: str
) -> tuple[Constraint, ...]:
    """Constraints from `{name: relation}`."""
    if isinstance(given, Mapping):
        return tuple(Constraint(k, relation(v, where=f"{where}, {k}")) for k, v in given.items())
    return tuple(given)


def named_prices(given: Mapping[object, object] | Iterable[Price]) -> tuple[Price, ...]:
    """Prices from `{symbol: clearing relation}`; a price is nonnegative."""
    if not isinstance(given, Mapping):
        return tuple(given)
    out = []
    for symbol, clearing in given.items():
        if not isinstance(symbol, sp.Symbol):
            raise ModelError(f"{symbol!r} is not a symbol", where="prices")
        if symbol.is_nonzero or symbol.is_integer:
            # SymPy would take p = 0, a free good, for impossible.
            raise ModelError(
                f"the price {symbol} is assumed {'positive' if symbol.is_positive else 'nonzero'}",
                where="prices",
                remedy="declare it with nonnegative=True",
            )
        out.append(Price(symbol, relation(clearing, where=f"prices, {symbol}")))
    return tuple(out)


def named_expressions(
    given: Mapping[str, object] | Iterable[tuple[str, Expr]], *, where: str
) -> tuple[tuple[str, Expr], ...]:
    """Pairs (agent, expression) from a mapping."""
    pairs = given.items() if isinstance(given, Mapping) else given
    return tuple((k, rational(v, where=f"{where}, {k}")) for k, v in pairs)


def refuse_unknown_assumptions(symbol: sp.Symbol, interval: Interval, *, where: str) -> None:
    """Refuse an action about which SymPy assumes more than its interval says.

    SymPy simplifies by assumptions before anybody sees the expression: Abs(x) is x for a
    nonnegative x, and an integer is never 1/2.
    """
    for kind in ("integer", "rational", "zero", "even", "odd", "prime", "imaginary"):
        if getattr(symbol, f"is_{kind}"):
            raise ModelError(
                f"{symbol} is assumed {kind}", where=where, remedy="actions are real numbers"
            )
    refuse_unknown_sign(symbol, interval, where=where)


def refuse_unknown_sign(symbol: Expr, interval: Interval, *, where: str) -> None:
    """Refuse a symbol with a sign by assumption that its interval does not have."""
    low, high = interval.lower, interval.upper
    above = low.is_positive or (low.is_zero and interval.open_lower)
    below = high.is_negative or (high.is_zero and interval.open_upper)
    if (
        (symbol.is_positive and not above)
        or (symbol.is_negative and not below)
        or (symbol.is_nonnegative and not low.is_nonnegative)
        or (symbol.is_nonpositive and not high.is_nonpositive)
    ):
        raise ModelError(
            f"{symbol} has a sign by assumption that its interval does not have",
            where=where,
            remedy="declare the symbol with real=True",
        )
