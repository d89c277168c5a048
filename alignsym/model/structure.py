"""Bytes -> checked tables: what can be said of a model file without SymPy.

Reads no more than the limit, refuses what is not TOML, then checks every key, type and name and the
shape each concept needs, so that the rest of the package may rely on them.
"""

from __future__ import annotations

import keyword
import re
import stat
import tomllib
from collections.abc import Iterable
from pathlib import Path

from alignsym.errors import LimitError, ModelError
from alignsym.model import limits
from alignsym.model.keys import MODEL, Role, Table, fields
from alignsym.model.limits import at_most, meant, quoted

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
    alignsym.errors.ModelError: concept: missing (write concept = "maximize", or nash, ...)
    """
    data = _toml(text)
    if "format" not in data:
        raise ModelError("missing", where="format", remedy="write format = 1")
    if data["format"] != 1 or isinstance(data["format"], bool):
        raise ModelError(f"is {quoted(data['format'])}", where="format", remedy="write format = 1")
    fields(data, MODEL, "")
    if "concept" not in data:
        raise ModelError(
            "missing", where="concept", remedy='write concept = "maximize", or nash, ...'
        )
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


# Names


def declared(data: Table) -> Iterable[tuple[str, Role, str]]:
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
            raise ModelError(
                f"index {quoted(index)} is no family", where=where, remedy=f"families: {listed}"
            )
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
                raise ModelError(
                    f"two agents are called {quoted(agent['name'])}",
                    where=where,
                    remedy="rename one",
                )
            agents.add(agent["name"])
    constraints: set[str] = set()
    for name, where in constraint_names(data):
        if name in constraints:
            raise ModelError(
                f"two constraints are called {quoted(name)}", where=where, remedy="rename one"
            )
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
                raise ModelError(
                    "neither utility nor loss", where=where, remedy='add utility = "..."'
                )
            if kind == "families" and not idle and not agent.get("actions"):
                raise ModelError("a family of agents without actions", where=where)
            size = agent.get("size")
            if size is not None and data.get("parameters", {}).get(size) != "positive integer":
                raise ModelError(
                    f"{quoted(size)} is not a parameter of sign positive integer",
                    where=f"{where}.size",
                    remedy="add it to [parameters]",
                )


def _check_name(name: str, base: str, where: str) -> None:
    if base == "lambda":
        raise ModelError("'lambda' is a Python keyword", where=where, remedy="write lam")
    if keyword.iskeyword(base):
        raise ModelError(f"{base!r} is a Python keyword", where=where, remedy="rename it")
    if (
        not _NAME.fullmatch(base)
        or base.startswith("__")
        or (name != base and not name.endswith("]"))
    ):
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
            f"maximize has one agent, not {len(agents) if not active else 'a family'}",
            where="agents",
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
            raise ModelError(
                f"has no meaning for {concept}",
                where=key,
                remedy=f"only for {' and '.join(concepts)}",
            )
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
    return ModelError(
        f"no {noun} {quoted(name)}", where=where, remedy=meant(name, known) or f"known: {shown}"
    )


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
