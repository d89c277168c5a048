"""The keys of a model file and what each may hold.  Read by `structure`; needs no SymPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from alignsym.errors import ModelError
from alignsym.model import limits
from alignsym.model.limits import at_most, meant, quoted

Table: TypeAlias = dict[str, Any]
Role: TypeAlias = Literal["parameter", "action", "price", "index"]
Check: TypeAlias = Callable[[Any, str], None]

CONCEPTS = ("maximize", "nash", "variational", "walras", "stackelberg", "social", "bargaining")
OUTCOMES = ("infeasible", "unbounded", "none")
PARAMETER_SIGNS = ("positive", "nonnegative", "negative", "real", "positive integer")
ACTION_SIGNS = ("real", "nonnegative", "positive")


def _text(value: Any, where: str) -> None:
    if not isinstance(value, str):
        raise _wrong(value, "a text", where)


def _line(value: Any, where: str) -> None:
    _text(value, where)
    at_most(len(value), limits.TEXT_CHARACTERS, "characters in a text", where=where)


def _flag(value: Any, where: str) -> None:
    if not isinstance(value, bool):
        raise _wrong(value, "true or false", where)


def _anything(value: Any, where: str) -> None:
    """Checked elsewhere."""


def _one_of(words: tuple[str, ...], kind: str) -> Check:
    def check(value: Any, where: str) -> None:
        _text(value, where)
        if value not in words:
            hint = meant(value, words)
            listed = ", ".join(words)
            raise ModelError(
                f"unknown {kind} {quoted(value)}", where=where, remedy=hint or f"one of: {listed}"
            )

    return check


def _list_of(check: Check, noun: str) -> Check:
    def each(value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise _wrong(value, f"a list of {noun}", where)
        at_most(len(value), limits.ENTRIES, f"{noun}", where=where)
        for position, entry in enumerate(value):
            check(entry, f"{where}[{position}]")

    return each


def _table_of(check: Check, noun: str) -> Check:
    def each(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(value, f"a table of {noun}", where)
        at_most(len(value), limits.ENTRIES, f"{noun}", where=where)
        for key, entry in value.items():
            _label(key, where)
            check(entry, f"{where}.{key}")

    return each


def _record(known: dict[str, Check], noun: str) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(value, f"a table ({noun})", where)
        fields(value, known, where)

    return check


def _domain(signs: tuple[str, ...]) -> Check:
    def check(value: Any, where: str) -> None:
        if isinstance(value, list):
            if len(value) != 2 or not all(isinstance(end, str) for end in value):
                raise ModelError(
                    "an interval that is not two texts", where=where, remedy='write ["0", "1"]'
                )
        elif not isinstance(value, str):
            raise _wrong(value, 'a sign or an interval ["lo", "hi"]', where)
        elif value not in signs:
            hint = meant(value, signs)
            listed = ", ".join(signs)
            raise ModelError(
                f"unknown sign {quoted(value)}", where=where,
                remedy=hint or f'one of: {listed}, or ["lo", "hi"]',
            )  # fmt: skip

    return check


def fields(table: Table, known: dict[str, Check], where: str) -> None:
    """Refuse unknown keys, then check each value by its key."""
    for key, value in table.items():
        if key not in known:
            raise ModelError(
                f"unknown key {quoted(key)}", where=where,
                remedy=meant(key, known) or "known: " + ", ".join(known),
            )  # fmt: skip
        known[key](value, f"{where}.{key}" if where else key)


def _wrong(value: Any, wanted: str, where: str) -> ModelError:
    return ModelError(f"{quoted(value)} is not {wanted}", where=where)


def _label(name: str, where: str) -> None:
    """A name of an agent, constraint or symbol: short printable ASCII."""
    if (
        not name
        or len(name) > limits.NAME_CHARACTERS
        or not (name.isascii() and name.isprintable())
    ):
        raise ModelError(
            f"illegal name {quoted(name)}", where=where,
            remedy=f"1 to {limits.NAME_CHARACTERS} printable ASCII characters",
        )  # fmt: skip


def _agent_name(value: Any, where: str) -> None:
    _text(value, where)
    _label(value, where)


_EXPRESSIONS = _table_of(_text, "expressions")
_RELATIONS = _list_of(_text, "relations")
_OUTCOME = _one_of(OUTCOMES, "outcome")
_ACTIVE: dict[str, Check] = {
    "name": _agent_name,
    "actions": _table_of(_domain(ACTION_SIGNS), "actions"),
    "utility": _text,
    "loss": _text,
    "constraints": _table_of(_text, "constraints"),
}
_EXPECTED: dict[str, Check] = {
    "when": _RELATIONS,
    "values": _EXPRESSIONS,
    "multipliers": _EXPRESSIONS,
    "value": _text,
    "multiple": _flag,
    "continuum": _RELATIONS,
    "outcome": _OUTCOME,
}
MODEL: dict[str, Check] = {
    "format": _anything,
    "id": _line,
    "title": _line,
    "source": _line,
    "notes": _line,
    "concept": _one_of(CONCEPTS, "concept"),
    "tags": _list_of(_line, "tags"),
    "conditions": _RELATIONS,
    "numeraire": _text,
    "complete": _flag,
    "expect": _OUTCOME,
    "parameters": _table_of(_domain(PARAMETER_SIGNS), "parameters"),
    "families": _list_of(_record({**_ACTIVE, "size": _text}, "a family"), "families"),
    "agents": _list_of(_record(_ACTIVE, "an agent"), "agents"),
    "shared": _table_of(_text, "constraints"),
    "prices": _table_of(_text, "prices"),
    "weights": _EXPRESSIONS,
    "disagreement": _EXPRESSIONS,
    "expected": _list_of(_record(_EXPECTED, "a regime"), "regimes"),
}
