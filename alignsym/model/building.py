"""Checked tables -> Game: one symbol table for the model, then every text parsed over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import sympy as sp

from alignsym.errors import ModelError
from alignsym.model.expressions import (
    lost_domain,
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
from alignsym.model.relations import Expr, Interval, Region, Relation
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
    conditions = _relations(data.get("conditions", []), known, "conditions")
    for p, sign in data.get("parameters", {}).items():
        conditions += _of_ends(sign, known, f"parameters.{p}")
    return Game(
        *_each("agents", _weighted(data), table, _agent),
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
        conditions=conditions,
        weights=_expressions(data.get("weights", {}), known, "weights"),
        disagreement=_expressions(data.get("disagreement", {}), known, "disagreement"),
        families=_each("families", _weighted(data), table, _family),
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


def _of_ends(sign: Any, known: SymbolTable, where: str) -> Region:
    """What the texts of an interval's ends need and its ends no longer show."""
    if isinstance(sign, str):
        return ()
    ends = [(text, parse_expression(text, known, where=where, infinite=True)) for text in sign]
    return tuple(r for text, made in ends for r in lost_domain(text, made, known, where=where))


def _weighted(data: Table) -> Table:
    """The tables with every agent's and family's weight and disagreement utility in its own."""
    named = {"weights": data.get("weights", {}), "disagreement": data.get("disagreement", {})}
    out = {}
    for kind in ("agents", "families"):
        out[kind] = [
            agent
            | {key: given[agent["name"]] for key, given in named.items() if agent["name"] in given}
            for agent in data.get(kind, [])
        ]
    return out


def _domain(agent: Table, objective: Expr, table: SymbolTable, where: str) -> Region:
    """Where all that is written of an agent is defined, beyond what its expressions show.

    Of utilities, of the ends of intervals, of weights and of disagreement utilities.
    """
    kind = "loss" if "loss" in agent else "utility"
    out = [*lost_domain(agent[kind], objective, table, where=f"{where}.{kind}")]
    known = table.only("parameter", "index")
    for name, sign in agent.get("actions", {}).items():
        out += _of_ends(sign, known, f"{where}.actions.{name}")
    for key in ("weights", "disagreement"):
        if key in agent:
            made = parse_expression(agent[key], known, where=f"{key}.{agent['name']}")
            out += lost_domain(agent[key], made, known, where=f"{key}.{agent['name']}")
    return tuple(dict.fromkeys(out))


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
        domain=_domain(agent, objective, table, where),
    )


def _family(family: Table, table: SymbolTable, where: str) -> Family:
    kind = "loss" if "loss" in family else "utility"
    text = family.get(kind)
    objective = None if text is None else parse_expression(text, table, where=f"{where}.{kind}")
    domain = () if objective is None else _domain(family, objective, table, where)
    return Family(
        table[family["name"]].symbol,
        table[family["size"]].symbol,
        _actions(family, table, where),
        objective,
        kind == "loss",
        _constraints(family.get("constraints", {}), table, f"{where}.constraints"),
        domain,
    )


def _constraints(given: Table, table: SymbolTable, where: str) -> tuple[Constraint, ...]:
    out = []
    for name, text in given.items():
        relation = parse_relation(text, table, where=f"{where}.{name}")
        domain = lost_domain(text, relation, table, where=f"{where}.{name}")
        out.append(Constraint(name, relation, domain))
    return tuple(out)


def _relations(texts: list[str], table: SymbolTable, where: str) -> Region:
    """The relations, then what they need to be defined: they hold where all is defined and true."""
    made = [parse_relation(t, table, where=f"{where}[{i}]") for i, t in enumerate(texts)]
    lost: dict[Relation, None] = {}
    for i, (text, r) in enumerate(zip(texts, made, strict=True)):
        lost |= dict.fromkeys(lost_domain(text, r, table, where=f"{where}[{i}]"))
    return (*made, *lost)


def _expressions(given: Table, table: SymbolTable, where: str) -> tuple[tuple[str, Expr], ...]:
    return tuple(
        (name, parse_expression(text, table, where=f"{where}.{name}"))
        for name, text in given.items()
    )


def _regime(regime: Table, table: SymbolTable, where: str) -> StatedRegime:
    known = table.only("parameter", "index")
    domain: list[tuple[str, Region]] = []

    def read(place: str, text: str, over: SymbolTable, infinite: bool = False) -> Expr:
        out = parse_expression(text, over, where=f"{where}.{place}", infinite=infinite)
        needed = lost_domain(text, out, over, where=f"{where}.{place}")
        if needed:
            domain.append((place, needed))
        return out

    return StatedRegime(
        when=_relations(regime.get("when", []), known, f"{where}.when"),
        values=tuple(
            (table.expression(n), read(f"values.{n}", text, table))
            for n, text in regime.get("values", {}).items()
        ),
        multipliers=tuple(
            (n, read(f"multipliers.{n}", text, table))
            for n, text in regime.get("multipliers", {}).items()
        ),
        value=read("value", regime["value"], table, infinite=True) if "value" in regime else None,
        multiple=regime.get("multiple", False),
        continuum=_relations(regime.get("continuum", []), table, f"{where}.continuum"),
        outcome=regime.get("outcome"),
        domain=tuple(domain),
    )
