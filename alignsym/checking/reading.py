"""Text -> Certificate.  The text is untrusted: bounded, nothing in it executed, every expression
read by the whitelist parser over the symbols that the certificate's own model declares."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, get_args

import sympy as sp

from alignsym.checking.answers import METHODS, Answer
from alignsym.checking.certificate import FORMAT, KIND, Certificate, Lost, Row, digest
from alignsym.claims import Point, Word
from alignsym.errors import LimitError, ModelError
from alignsym.model import building, limits
from alignsym.model.expressions import (
    SymbolTable,
    lost_domain,
    parse_expression,
    parse_relation,
)
from alignsym.model.files import loads
from alignsym.model.game import CONCEPTS, Concept, Game, Outcome
from alignsym.model.limits import at_most, quoted
from alignsym.model.relations import Expr, Region, Relation
from alignsym.model.structure import structure
from alignsym.solution import Case, Continuum, NoSolution, Regime

CERTIFICATE_BYTES = 8_000_000
OBLIGATIONS = 20_000
PROGRAMS_DEPTH = 2
T = TypeVar("T")
Table = dict[str, Any]


def load_certificate(path: str | Path) -> Certificate:
    """The certificate in a file; raises as `read_certificate`."""
    try:
        with open(path, "rb") as file:
            data = file.read(CERTIFICATE_BYTES + 1)
        if len(data) > CERTIFICATE_BYTES:
            raise LimitError(
                f"larger than {CERTIFICATE_BYTES} bytes", remedy="the limit on untrusted input"
            )
        return read_certificate(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise ModelError("not UTF-8") from None


def read_certificate(text: str) -> Certificate:
    """The certificate of a text.

    Raises: ModelError (LimitError) with the place of what is wrong, a model whose digest is not
    the one stated among it.

    >>> read_certificate("{}")
    Traceback (most recent call last):
    ...
    alignsym.errors.ModelError: no certificate: it has no "alignsym": "certificate"
    """
    data = _record(_json(text), "")
    if data.get("alignsym") != KIND:
        raise ModelError('no certificate: it has no "alignsym": "certificate"')
    if data.get("format") != FORMAT or isinstance(data["format"], bool):
        raise ModelError(f"format {quoted(data.get('format'))}", remedy=f"written is {FORMAT}")
    _only(
        data, "alignsym", "format", "id", "concept", "versions", "sha256", "model", "method",
        "programs", "proof", "coverage", "verdicts", "regimes", "obligations", where="",
    )  # fmt: skip
    lines = _texts(data.get("model"), "model", limit=limits.FILE_BYTES)
    model = "".join(f"{line}\n" for line in lines)
    if _text(data.get("sha256"), "sha256") != digest(model):
        raise ModelError(
            "the model is not the one certified", where="sha256",
            remedy=f"the digest of the model in this file is {digest(model)}",
        )  # fmt: skip
    game = loads(model)
    concept = data.get("concept")
    if concept not in CONCEPTS:
        raise ModelError(f"unknown concept {quoted(concept)}", where="concept")
    if game.concept != concept:
        raise ModelError(
            f"the certificate is of {quoted(concept)}, its model of {quoted(game.concept or '')}",
            where="concept",
            remedy="write the certificate again",
        )
    table = building.symbol_table(structure(model))
    lost: list[Lost] = []
    answer = _answer(game, concept, data, table, lost, "")
    said = _list(data.get("verdicts"), "verdicts", limits.ENTRIES)
    if len(said) != len(answer.cases):
        raise ModelError("not one verdict a regime", where="verdicts")
    return Certificate(
        game.id,
        model,
        answer,
        _word(data.get("proof"), "proof"),
        _word(data.get("coverage"), "coverage"),
        tuple(_status(one, f"verdicts[{k}]") for k, one in enumerate(said)),
        _obligations(data.get("obligations")),
        tuple(_pairs(data.get("versions", {}), "versions", _text)),
        tuple(lost),
    )


def _json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_distinct, parse_constant=_no_constant)
    except json.JSONDecodeError as failure:
        raise ModelError(f"not JSON: {failure.msg} at line {failure.lineno}") from None
    except (RecursionError, MemoryError):
        raise LimitError("nested too deeply", remedy="the limit on untrusted input") from None
    except ValueError:
        raise ModelError("not JSON: a number that cannot be read") from None


def _distinct(pairs: list[tuple[str, Any]]) -> Table:
    out = dict(pairs)
    if len(out) < len(pairs):
        keys = [k for k, _ in pairs]
        twice = next(k for k in keys if keys.count(k) > 1)
        raise ModelError(f"the key {quoted(twice)} stands twice in one object")
    return out


def _no_constant(name: str) -> object:
    raise ModelError(f"{name} is no number")


# ------------------------------------------------------------------ the answer
def _answer(
    game: Game,
    concept: Concept,
    data: Table,
    table: SymbolTable,
    lost: list[Lost],
    where: str,
    depth: int = 0,
) -> Answer:
    """The cases, over the parameters at the top and over all symbols in a program."""
    method = _text(data.get("method"), f"{where}method")
    if method not in METHODS:
        listed = ", ".join(METHODS)
        raise ModelError(
            f"no way {quoted(method)} to show an answer", where=f"{where}method",
            remedy=f"one of: {listed}",
        )  # fmt: skip
    at_most(depth, PROGRAMS_DEPTH, "programs one in the other", where=where)
    programs = []
    for name, given in _table(data.get("programs", {}), f"{where}programs").items():
        place = f"{where}programs.{quoted(name)}."
        part = _record(given, place)
        _only(part, "method", "programs", "regimes", where=place)
        programs.append((name, _answer(game, concept, part, table, lost, place, depth + 1)))
    conditions = table if depth else table.only("parameter", "index")
    listed_cases = _list(data.get("regimes"), f"{where}regimes", limits.ENTRIES)
    cases = tuple(
        _case(_record(c, f"{where}regimes[{k}]"), table, conditions, lost, f"{where}regimes[{k}]")
        for k, c in enumerate(listed_cases)
    )
    return Answer(game, concept, cases, method, tuple(programs))


def _case(
    given: Table, table: SymbolTable, known: SymbolTable, lost: list[Lost], where: str
) -> Case:
    when = _region(given.get("when"), known, f"{where}.when")
    witness = _witness(given.get("witness", {}), table, f"{where}.witness")
    if "outcome" in given:
        _only(given, "when", "outcome", "reason", "witness", where=where)
        if given["outcome"] not in get_args(Outcome):
            raise ModelError(f"outcome {quoted(given['outcome'])}", where=where)
        reason = _text(given.get("reason", ""), f"{where}.reason")
        return NoSolution(when, given["outcome"], reason, witness)
    among = _region(given.get("continuum", []), table, f"{where}.continuum")

    def expression(said: object, place: str) -> Expr:
        out = _expression(said, place, table)
        needed = lost_domain(str(said), out, table, where=place, outputs=True)
        if needed:
            lost.append((place, when, needed, among))
        return out

    values = _named(given.get("values"), table, expression, f"{where}.values")
    multipliers = _pairs(given.get("multipliers"), f"{where}.multipliers", expression)
    value = given.get("value")
    worth = None if value is None else expression(value, f"{where}.value")
    if "continuum" in given:
        _only(
            given, "when", "continuum", "members", "values", "multipliers", "value", "witness",
            where=where,
        )  # fmt: skip
        members = _list(given.get("members"), f"{where}.members", limits.ENTRIES)
        return Continuum(
            when, among, values, tuple(multipliers), worth, witness,
            members=tuple(_named(m, table, expression, f"{where}.members") for m in members),
        )  # fmt: skip
    _only(
        given, "when", "values", "multipliers", "bounds", "utilities", "multiple", "value",
        "witness", "several", where=where,
    )  # fmt: skip
    if not isinstance(given.get("multiple", False), bool):
        raise ModelError("is neither true nor false", where=f"{where}.multiple")
    return Regime(
        when, values, tuple(multipliers),
        tuple(_pairs(given.get("bounds"), f"{where}.bounds", expression)), worth,
        tuple(_pairs(given.get("utilities"), f"{where}.utilities", expression)),
        multiple=given.get("multiple", False), witness=witness,
        several=tuple(_text(n, f"{where}.several") for n in
                      _list(given.get("several", []), f"{where}.several", limits.ENTRIES)),
    )  # fmt: skip


def _expression(given: object, where: str, table: SymbolTable) -> Expr:
    text = _text(given, where)
    return parse_expression(text, table, where=where, infinite=True, outputs=True)


def _region(given: object, table: SymbolTable, where: str) -> Region:
    """The relations, then what they need to be defined."""
    made: list[Relation] = []
    needed: list[Relation] = []
    for k, said in enumerate(_texts(given, where, limit=limits.ENTRIES)):
        place = f"{where}[{k}]"
        made.append(parse_relation(said, table, where=place, outputs=True))
        needed += lost_domain(said, made[-1], table, where=place, outputs=True)
    return (*made, *dict.fromkeys(needed))


def _named(
    given: object, table: SymbolTable, expression: Callable[[object, str], Expr], where: str
) -> tuple[tuple[sp.Symbol, Expr], ...]:
    rows = _pairs(given, where, expression)
    return tuple((_symbol(name, table, where), e) for name, e in rows)


def _witness(given: object, table: SymbolTable, where: str) -> Point:
    rows = _pairs(given, where, partial(_expression, table=SymbolTable()))
    return tuple((_symbol(name, table, where), e) for name, e in rows)


def _symbol(name: str, table: SymbolTable, where: str) -> sp.Symbol:
    base, _, index = name.partition("[")
    known = base in table and (not index or index.removesuffix("]") in table)
    if not known or (index and not name.endswith("]")):
        raise ModelError(f"{quoted(name)} is not declared by the model", where=where)
    return table.expression(name)


# ------------------------------------------------------------------ what is said of it
def _obligations(given: object) -> tuple[Row, ...]:
    out: dict[str, Row] = {}
    for k, entry in enumerate(_list(given, "obligations", OBLIGATIONS)):
        said = _record(entry, f"obligations[{k}]")
        name = _text(said.get("name"), f"obligations[{k}].name")
        if name in out:
            raise ModelError(f"two obligations are called {quoted(name)}", where="obligations")
        _word(said.get("verdict"), f"obligations[{k}].verdict")
        out[name] = Row(name, said)
    return tuple(out.values())


def _status(given: object, where: str) -> tuple[Word, Word | None]:
    said = _record(given, where)
    _only(said, "status", "exhaustive", where=where)
    only = said.get("exhaustive")
    return _word(said.get("status"), where), None if only is None else _word(only, where)


def _word(given: object, where: str) -> Word:
    for known in get_args(Word):
        if given == known:
            return known  # type: ignore[no-any-return]
    raise ModelError(f"{quoted(given)} is no verdict", where=where)


# ------------------------------------------------------------------ shapes of JSON
def _record(given: object, where: str) -> Table:
    if not isinstance(given, dict):
        raise ModelError(f"{quoted(given)} is no object", where=where)
    return given


def _table(given: object, where: str) -> Table:
    out = _record(given, where)
    at_most(len(out), limits.ENTRIES, "entries", where=where)
    return out


def _list(given: object, where: str, limit: int) -> list[Any]:
    if not isinstance(given, list):
        raise ModelError(f"{quoted(given)} is no list", where=where)
    at_most(len(given), limit, "entries", where=where)
    return given


def _text(given: object, where: str) -> str:
    if not isinstance(given, str):
        raise ModelError(f"{quoted(given)} is no text", where=where)
    return given


def _texts(given: object, where: str, *, limit: int) -> list[str]:
    return [_text(one, where) for one in _list(given, where, limit)]


def _pairs(given: object, where: str, read: Callable[[object, str], T]) -> list[tuple[str, T]]:
    return [(k, read(v, f"{where}.{quoted(k)}")) for k, v in _table(given, where).items()]


def _only(given: Table, *known: str, where: str) -> None:
    for key in given:
        if key not in known:
            raise ModelError(f"unknown key {quoted(key)}", where=where)
