"""Bytes -> checked tables: what can be said of a model file without SymPy.

Reads no more than the limit, refuses what is not TOML, then checks every key, type and name and the
shape each concept needs, so that the rest of the package may rely on them.
"""

from __future__ import annotations

import keyword
import re
import stat
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

from alignsym.errors import LimitError, ModelError
from alignsym.model import limits
from alignsym.model.limits import at_most, meant, quoted

Table: TypeAlias = dict[str, Any]
Check: TypeAlias = Callable[[Any, str], None]

CONCEPTS = ("maximize", "nash", "variational", "walras", "stackelberg", "social", "bargaining")
OUTCOMES = ("infeasible", "unbounded", "none")
PARAMETER_SIGNS = ("positive", "nonnegative", "negative", "real", "positive integer")
ACTION_SIGNS = ("real", "nonnegative", "positive")

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_AT = re.compile(r" \(at (.*)\)$")


def read(path: str | Path) -> str:
    """The text of a model file: a regular file of at most `limits.FILE_BYTES` bytes of UTF-8.

    Raises: `ModelError`, `LimitError`.
    """
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise ModelError("not a regular file")
        with open(path, "rb") as file:
            data = file.read(limits.FILE_BYTES + 1)
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or "not a file name"
        raise ModelError(f"cannot be read: {reason}") from None
    if len(data) > limits.FILE_BYTES:
        raise _too_large()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = data[: failure.start].count(b"\n") + 1
        raise ModelError(f"not UTF-8 at line {line}", remedy="save the file as UTF-8") from None


def structure(text: str) -> Table:
    """The tables of a model file, with every key, type and name checked.

    Raises: `ModelError` with `where` such as `agents[0].actions.x`.

    >>> structure('format = 1')
    Traceback (most recent call last):
    ...
    alignsym.errors.ModelError: concept: missing (maximize, nash, variational, walras, stackelberg, social, bargaining)
    """
    data = _toml(text)
    if "format" not in data:
        raise ModelError("missing", where="format", remedy="write format = 1")
    if data["format"] != 1 or isinstance(data["format"], bool):
        raise ModelError(f"is {quoted(data['format'])}", where="format", remedy="write format = 1")
    _fields(data, _MODEL, "")
    if "concept" not in data:
        raise ModelError("missing", where="concept", remedy=", ".join(CONCEPTS))
    _check_names(data)
    _check_concept(data)
    for position, regime in enumerate(data.get("expected", [])):
        _check_expected(data, regime, f"expected[{position}]")
    return data


def indexed(name: str) -> tuple[str, str]:
    """Base and index of a declared name: ("x", "i") of `x[i]`, ("x", "") of `x`."""
    base, _, rest = name.partition("[")
    return base, rest.removesuffix("]")


def _too_large() -> LimitError:
    return LimitError(
        f"larger than {limits.FILE_BYTES} bytes", remedy="the limit on untrusted input"
    )


def _toml(text: str) -> Table:
    if len(text) > limits.FILE_BYTES:
        raise _too_large()
    for number, line in enumerate(text.split("\n"), start=1):
        if "\0" in line:
            raise ModelError(f"a NUL character at line {number}")
        if line.count(".") > limits.DOTS_IN_A_LINE:
            dots = _STRING.sub("", line).count(".")
            at_most(dots, limits.DOTS_IN_A_LINE, "dots in a line", where=f"line {number}")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        message = str(failure).encode("ascii", "backslashreplace").decode()
        place = _AT.search(message)
        what = _AT.sub("", message)[:100]
        raise ModelError(f"not TOML: {what}" + (f" at {place[1]}" if place else "")) from None
    except ValueError:
        raise ModelError("not TOML: a number or date that cannot be read") from None
    except (RecursionError, MemoryError):
        raise LimitError("nested too deeply", remedy="the limit on untrusted input") from None


# One check a kind of value


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


def _record(fields: dict[str, Check], noun: str) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise _wrong(value, f"a table ({noun})", where)
        _fields(value, fields, where)

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


def _fields(table: Table, known: dict[str, Check], where: str) -> None:
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
    if not name or len(name) > limits.NAME_CHARACTERS or not (name.isascii() and name.isprintable()):
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
_MODEL: dict[str, Check] = {
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


# Names


def declared(data: Table) -> Iterable[tuple[str, str, str]]:
    """Every declared symbol as (name, role, where), in the order of the symbol table."""
    for position, family in enumerate(data.get("families", [])):
        yield family["name"], "index", f"families[{position}].name"
    for name in data.get("parameters", {}):
        yield name, "parameter", f"parameters.{name}"
    for kind in ("agents", "families"):
        for position, agent in enumerate(data.get(kind, [])):
            for name in agent.get("actions", {}):
                yield name, "action", f"{kind}[{position}].actions.{name}"
    for name in data.get("prices", {}):
        yield name, "price", f"prices.{name}"


def constraint_names(data: Table) -> Iterable[tuple[str, str]]:
    """Every constraint name as (name, where), clearing relations (named by their price) last."""
    for kind in ("agents", "families"):
        for position, agent in enumerate(data.get(kind, [])):
            for name in agent.get("constraints", {}):
                yield name, f"{kind}[{position}].constraints.{name}"
    for name in data.get("shared", {}):
        yield name, f"shared.{name}"
    for name in data.get("prices", {}):
        yield name, f"prices.{name}"


def _check_names(data: Table) -> None:
    _require(data)
    families = [f["name"] for f in data.get("families", [])]
    roles: dict[str, str] = {}
    for count, (name, role, where) in enumerate(declared(data), start=1):
        at_most(count, 4 * limits.ENTRIES, "declared names", where=where)
        base, index = indexed(name)
        _check_name(name, base, where)
        if index and index not in families:
            listed = ", ".join(families) or "none"
            raise ModelError(f"index {quoted(index)} is no family", where=where, remedy=f"families: {listed}")
        if base in roles:
            raise ModelError(
                f"{base!r} is declared as {roles[base]} and as {role}" if roles[base] != role
                else f"{base!r} is declared twice as {role}",
                where=where, remedy="rename one",
            )  # fmt: skip
        roles[base] = role
    agents: set[str] = set()
    for kind in ("agents", "families"):
        for position, agent in enumerate(data.get(kind, [])):
            if agent["name"] in agents:
                where = f"{kind}[{position}].name"
                raise ModelError(f"two agents are called {quoted(agent['name'])}", where=where, remedy="rename one")
            agents.add(agent["name"])
    constraints: set[str] = set()
    for name, where in constraint_names(data):
        if name in constraints:
            raise ModelError(f"two constraints are called {quoted(name)}", where=where, remedy="rename one")
        constraints.add(name)
    at_most(len(constraints), limits.ENTRIES, "constraints", where="")


def _require(data: Table) -> None:
    """Agents and families have what they need."""
    for kind in ("agents", "families"):
        for position, agent in enumerate(data.get(kind, [])):
            where = f"{kind}[{position}]"
            needed = ("name", "size") if kind == "families" else ("name", "actions")
            for key in needed:
                if key not in agent:
                    raise ModelError(f"no {key}", where=where, remedy=f"add {key} = ...")
            if "utility" in agent and "loss" in agent:
                raise ModelError("both utility and loss", where=where, remedy="keep one")
            idle = kind == "families" and not (agent.get("actions") or agent.get("constraints"))
            if "utility" not in agent and "loss" not in agent and not idle:
                raise ModelError("neither utility nor loss", where=where, remedy='add utility = "..."')
            if kind == "families" and not idle and not agent.get("actions"):
                raise ModelError("a family of agents without actions", where=where)
            size = agent.get("size")
            if size is not None and data.get("parameters", {}).get(size) != "positive integer":
                raise ModelError(
                    f"{quoted(size)} is not a parameter of sign positive integer", where=f"{where}.size",
                    remedy="add it to [parameters]",
                )  # fmt: skip


def _check_name(name: str, base: str, where: str) -> None:
    if base == "lambda":
        raise ModelError("'lambda' is a Python keyword", where=where, remedy="write lam")
    if keyword.iskeyword(base):
        raise ModelError(f"{base!r} is a Python keyword", where=where, remedy="rename it")
    if not _NAME.fullmatch(base) or base.startswith("__") or (name != base and not name.endswith("]")):
        raise ModelError(
            f"illegal name {quoted(name)}", where=where, remedy='letters, digits and _, or "x[i]"'
        )


# Shapes


def _check_concept(data: Table) -> None:
    concept = data["concept"]
    agents = data.get("agents", [])
    active = [f for f in data.get("families", []) if f.get("actions")]
    if concept == "maximize" and (len(agents) != 1 or active):
        raise ModelError(
            f"maximize has one agent, not {len(agents) if not active else 'a family'}", where="agents"
        )
    if not agents and not active:
        raise ModelError("no agents", where="agents", remedy="add [[agents]]")
    if concept == "walras" and not data.get("prices"):
        raise ModelError("walras without prices", where="prices", remedy="add [prices]")
    only = {
        "prices": ("walras",), "numeraire": ("walras",), "weights": ("social", "bargaining"),
        "disagreement": ("bargaining",),
    }  # fmt: skip
    for key, concepts in only.items():
        if data.get(key) and concept not in concepts:
            raise ModelError(f"has no meaning for {concept}", where=key, remedy=f"only for {' and '.join(concepts)}")
    if concept == "nash" and data.get("shared"):
        raise ModelError(
            "nash has own constraints only", where="shared",
            remedy='move them to the agents, or concept = "variational"',
        )  # fmt: skip
    if "numeraire" in data and data["numeraire"] not in data.get("prices", {}):
        raise ModelError(
            f"{quoted(data['numeraire'])} is no listed price", where="numeraire",
            remedy="prices: " + ", ".join(data.get("prices", {})),
        )  # fmt: skip
    names = [a["name"] for a in agents] + [f["name"] for f in active]
    for key in ("weights", "disagreement"):
        for name in data.get(key, {}):
            if name not in names:
                raise _no_such("agent", name, names, f"{key}.{name}")
    if "expect" in data and data.get("expected"):
        raise ModelError("both expect and [[expected]]", where="expect", remedy="keep one")


def _no_such(noun: str, name: str, known: list[str], where: str) -> ModelError:
    shown = ", ".join(known[:12]) or "none"
    return ModelError(f"no {noun} {quoted(name)}", where=where, remedy=meant(name, known) or f"known: {shown}")


def _check_expected(data: Table, regime: Table, where: str) -> None:
    given = [k for k in ("values", "continuum", "outcome") if regime.get(k)]
    if given not in (["values"], ["continuum"], ["outcome"], ["values", "continuum"]):
        raise ModelError(
            " and ".join(given) + " together" if given else "no values, continuum or outcome",
            where=where, remedy="give one of them (values may accompany a continuum)",
        )  # fmt: skip
    chosen = [name for name, role, _ in declared(data) if role in ("action", "price")]
    for name in regime.get("values", {}):
        if name not in chosen:
            raise _no_such("action or price", name, chosen, f"{where}.values.{name}")
    constraints = [name for name, place in constraint_names(data) if not place.startswith("prices")]
    for name in regime.get("multipliers", {}):
        if name not in constraints:
            raise _no_such("constraint", name, constraints, f"{where}.multipliers.{name}")
