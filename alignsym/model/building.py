"""Checked tables -> Game: one symbol table for the model, then every text parsed over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import sympy as sp

from alignsym.errors import ModelError
from alignsym.model.domains import natural_domain
from alignsym.model.expressions import (
    natural_domain_of_text,
    parse_expression,
    parse_number,
    parse_relation,
)
from alignsym.model.game import (
    Action,
    Agent,
    Constraint,
    Family,
    Game,
    Parameter,
    Price,
    StatedRegime,
)
from alignsym.model.keys import Table
from alignsym.model.relations import Expr, Interval, Region
from alignsym.model.structure import declared
from alignsym.model.symbols import Declared, SymbolTable, assumptions, assumptions_of, declare

T = TypeVar("T")
_INTERVALS = {
    "real": Interval.real(),
    "nonnegative": Interval.nonnegative(),
    "positive": Interval.positive(),
    "negative": Interval(-sp.oo, sp.S.Zero, open_upper=True),
    "positive integer": Interval(sp.S.One, sp.oo),
}


def symbol_table(data: Table) -> SymbolTable:
    """The symbols a model declares, with the assumptions of their signs and numeric bounds.

    >>> symbol_table({"parameters": {"a": ["1/2", "1"]}})["a"].symbol.is_positive
    True
    """
    signs: dict[str, Any] = dict(data.get("parameters", {}))
    for kind in ("agents", "families"):
        for agent in data.get(kind, []):
            signs.update(agent.get("actions", {}))
    signs.update(dict.fromkeys(data.get("prices", {}), "nonnegative"))
    out: list[Declared] = []
    for name, role, where in declared(data):
        sign = signs.get(name, "index")
        given = assumptions(sign) if isinstance(sign, str) else _of_bounds(sign, where)
        out.append(declare(name, given, role))
    return SymbolTable(tuple(out))


def game(data: Table, *, name: str = "") -> Game:
    """The game of checked tables; `name` identifies a model without an id.

    Raises: `ModelError` with the place of the text that is wrong.
    """
    table = symbol_table(data)
    known = table.only("parameter", "index")
    return Game(
        *_each("agents", data, table, _agent),
        shared=_constraints(data.get("shared", {}), table, "shared"),
        prices=[
            Price(table[c.name].symbol, c.relation, c.domain)
            for c in _constraints(data.get("prices", {}), table, "prices")
        ],
        parameters=[
            Parameter(
                table.expression(p), _interval(sign, known, f"parameters.{p}", p),
                sign == "positive integer",
            )
            for p, sign in data.get("parameters", {}).items()
        ],
        conditions=_relations(data.get("conditions", []), known, "conditions"),
        weights=_expressions(data.get("weights", {}), known, "weights"),
        disagreement=_expressions(data.get("disagreement", {}), known, "disagreement"),
        families=_each("families", data, table, _family),
        concept=data["concept"],
        numeraire=table[data["numeraire"]].symbol if "numeraire" in data else None,
        expected=_each("expected", data, table, _regime),
        expect=data.get("expect"),
        complete=data.get("complete"),
        id=data.get("id", name),
        title=data.get("title", ""),
        source=data.get("source", ""),
        tags=data.get("tags", []),
        notes=data.get("notes", ""),
    )  # fmt: skip


def _each(key: str, data: Table, table: SymbolTable, make: Callable[..., T]) -> list[T]:
    return [make(entry, table, f"{key}[{i}]") for i, entry in enumerate(data.get(key, []))]


def _of_bounds(bounds: list[str], where: str) -> dict[str, bool]:
    low = parse_number(bounds[0], where=where, infinite=True)
    return {"real": True} if low is None else assumptions_of(Interval(low, sp.oo))


def _interval(sign: Any, known: SymbolTable, where: str, name: str) -> Interval:
    if isinstance(sign, str):
        return _INTERVALS[sign]
    low, high = (parse_expression(end, known, where=where, infinite=True) for end in sign)
    own = known[name].symbol if name in known else None
    if own is not None and own in low.free_symbols | high.free_symbols:
        raise ModelError(f"the bounds of {name!r} use {name!r}", where=where)
    if low == sp.oo or high == -sp.oo or (high - low).is_negative:
        raise ModelError(
            f"an empty interval from {low} to {high}", where=where, remedy="lower end first"
        )
    return Interval(low, high)


def _actions(agent: Table, table: SymbolTable, where: str) -> tuple[Action, ...]:
    known = table.only("parameter", "index")
    return tuple(
        Action(table.expression(name), _interval(sign, known, f"{where}.actions.{name}", name))
        for name, sign in agent.get("actions", {}).items()
    )


def _agent(agent: Table, table: SymbolTable, where: str) -> Agent:
    kind = "loss" if "loss" in agent else "utility"
    objective = parse_expression(agent[kind], table, where=f"{where}.{kind}")
    return Agent(
        agent["name"],
        objective,
        *_actions(agent, table, where),
        constraints=_constraints(agent.get("constraints", {}), table, f"{where}.constraints"),
        loss=kind == "loss",
        domain=_lost(agent[kind], natural_domain(objective), table, f"{where}.{kind}"),
    )


def _lost(text: str, kept: Region, table: SymbolTable, where: str) -> Region:
    """What the text needs to be defined and SymPy's simplified expression no longer shows.

    A relation about a bound index speaks of every member.
    """
    needed = natural_domain_of_text(text, table, where=where)
    return tuple(r for r in needed if r not in kept)


def _family(family: Table, table: SymbolTable, where: str) -> Family:
    kind = "loss" if "loss" in family else "utility"
    text = family.get(kind)
    objective = None if text is None else parse_expression(text, table, where=f"{where}.{kind}")
    kept = () if objective is None else natural_domain(objective)
    return Family(
        table[family["name"]].symbol,
        table[family["size"]].symbol,
        _actions(family, table, where),
        objective,
        kind == "loss",
        _constraints(family.get("constraints", {}), table, f"{where}.constraints"),
        () if text is None else _lost(text, kept, table, f"{where}.{kind}"),
    )


def _constraints(given: Table, table: SymbolTable, where: str) -> tuple[Constraint, ...]:
    out = []
    for name, text in given.items():
        relation = parse_relation(text, table, where=f"{where}.{name}")
        kept = (*natural_domain(relation.left), *natural_domain(relation.right))
        out.append(Constraint(name, relation, _lost(text, kept, table, f"{where}.{name}")))
    return tuple(out)


def _relations(texts: list[str], table: SymbolTable, where: str) -> Region:
    return tuple(parse_relation(t, table, where=f"{where}[{i}]") for i, t in enumerate(texts))


def _expressions(given: Table, table: SymbolTable, where: str) -> tuple[tuple[str, Expr], ...]:
    return tuple(
        (name, parse_expression(text, table, where=f"{where}.{name}"))
        for name, text in given.items()
    )


def _regime(regime: Table, table: SymbolTable, where: str) -> StatedRegime:
    known = table.only("parameter", "index")
    values = regime.get("values", {})
    return StatedRegime(
        when=_relations(regime.get("when", []), known, f"{where}.when"),
        values=tuple(
            (table.expression(n), parse_expression(text, table, where=f"{where}.values.{n}"))
            for n, text in values.items()
        ),
        multipliers=_expressions(regime.get("multipliers", {}), table, f"{where}.multipliers"),
        value=parse_expression(regime["value"], table, where=f"{where}.value", infinite=True)
        if "value" in regime
        else None,
        multiple=regime.get("multiple", False),
        continuum=_relations(regime.get("continuum", []), table, f"{where}.continuum"),
        outcome=regime.get("outcome"),
    )
