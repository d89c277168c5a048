"""Wrong derivations made from right ones: every kind of slip a person or a solver makes.

A mutant is a corpus file with one formula of its [[expected]] tables changed, or one table dropped.
It counts only if it differs at a legal parameter point, which the judge's own evaluator decides
(tests/corpus/judge.py: Python's ast and mpmath, nothing of the package).
"""

from __future__ import annotations

import copy
import importlib.util
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath

from alignsym.model import building, structure
from alignsym.model.game import Game

CORPUS = Path(__file__).parent / "corpus"
SHIFT = "1/7"


def judge_module() -> ModuleType:
    """tests/corpus/judge.py, which is a program and in no package."""
    spec = importlib.util.spec_from_file_location("corpus_judge", CORPUS / "judge.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    digits = mpmath.mp.dps
    spec.loader.exec_module(module)
    mpmath.mp.dps = digits
    return module


JUDGE = judge_module()
Table = dict[str, Any]


@dataclass(frozen=True)
class Mutant:
    """A changed file: the kind of change, what was changed, and the model's tables."""

    kind: str
    what: str
    tables: Table

    def game(self) -> Game:
        """The game with the changed claims, which claim to be complete."""
        return building.game(self.tables)


def tables_of(path: Path) -> Table:
    """The tables of a corpus file, as the corpus reads them: complete unless they say not."""
    tables = structure.structure(path.read_text(encoding="utf-8"))
    tables.setdefault("complete", True)
    return tables


def mutants(tables: Table) -> Iterator[Mutant]:
    """Every mutant that differs, in a fixed order."""
    with mpmath.workdps(30):
        points = [env for env, _ in JUDGE.points({"id": "", **tables})]
        for mutant in _all(tables):
            if _differs(tables, mutant, points):
                yield mutant


def sample(tables: Table, seed: str, per_kind: int = 1) -> list[Mutant]:
    """At most so many mutants of each kind, chosen by the seed."""
    kinds: dict[str, list[Mutant]] = {}
    for mutant in mutants(tables):
        kinds.setdefault(mutant.kind, []).append(mutant)
    rng = random.Random(seed)
    out = []
    for kind in sorted(kinds):
        found = kinds[kind]
        out += found if len(found) <= per_kind else rng.sample(found, per_kind)
    return out


# ------------------------------------------------------------------ the changes
def _all(tables: Table) -> Iterator[Mutant]:
    listed = tables.get("expected", [])
    for k, table in enumerate(listed):
        rows = [("values", n, e) for n, e in table.get("values", {}).items()]
        rows += [("multipliers", n, e) for n, e in table.get("multipliers", {}).items()]
        for group, name, e in rows:
            word = group.removesuffix("s")
            for kind, text in (("scaled", f"({e})*101/100"), ("negated", f"-({e})")):
                yield _changed(tables, f"{word} {kind}", k, group, name, text)
        if "value" in table:
            for kind, text in (
                ("scaled", f"({table['value']})*101/100"),
                ("negated", f"-({table['value']})"),
            ):
                made = copy.deepcopy(tables)
                made["expected"][k]["value"] = text
                yield Mutant(f"optimum {kind}", f"table {k}: {text}", made)
        names = list(table.get("multipliers", {}))
        for one, two in zip(names, names[1:]):
            made = copy.deepcopy(tables)
            row = made["expected"][k]["multipliers"]
            row[one], row[two] = row[two], row[one]
            yield Mutant("multipliers swapped", f"table {k}: {one}, {two}", made)
        for j, condition in enumerate(table.get("when", [])):
            for sign in "+-":
                text = shifted(condition, f" {sign} {SHIFT}")
                if text is not None:
                    made = copy.deepcopy(tables)
                    made["expected"][k]["when"][j] = text
                    yield Mutant("condition shifted", f"table {k}: {text}", made)
        if tables.get("complete"):
            made = copy.deepcopy(tables)
            del made["expected"][k]
            if made["expected"]:
                yield Mutant("table dropped", f"table {k}", made)


def _changed(tables: Table, kind: str, k: int, group: str, name: str, text: str) -> Mutant:
    made = copy.deepcopy(tables)
    made["expected"][k][group][name] = text
    return Mutant(kind, f"table {k}: {name} = {text}", made)


def shifted(condition: str, by: str) -> str | None:
    """The condition with its right side moved; None for one that is no comparison."""
    equality = re.fullmatch(r"Eq\((.*)\)", condition.strip())
    if equality:
        left, right = _halves(equality[1], ",")
        return None if right is None else f"Eq({left}, ({right}){by})"
    for operator in ("<=", ">=", "<", ">"):
        left, right = _halves(condition, operator)
        if right is not None:
            return f"{left} {operator} ({right}){by}"
    return None


def _halves(text: str, separator: str) -> tuple[str, str | None]:
    """The text around a separator outside all brackets."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and text.startswith(separator, at):
            return text[:at].strip(), text[at + len(separator) :].strip()
    return text, None


# ------------------------------------------------------------------ does it differ?
def _differs(tables: Table, mutant: Mutant, points: list[dict[str, Any]]) -> bool:
    """Whether what is claimed at some legal point is not what the file claims there."""
    near = points + [_moved(env, tables, k) for env in points for k in range(2)]
    return any(_legal(tables, env) and _differs_at(tables, mutant, env) for env in near)


def _legal(tables: Table, env: dict[str, Any]) -> bool:
    return bool(JUDGE.legal({"id": "", **tables}, env))


def _moved(env: dict[str, Any], tables: Table, seed: int) -> dict[str, Any]:
    """A point nearby, so that the strip a shifted condition adds is met."""
    rng = random.Random(f"{seed}{sorted(map(str, env.items()))}")
    out = dict(env)
    for name, kind in tables.get("parameters", {}).items():
        if name in out and "integer" not in str(kind):
            out[name] = out[name] + mpmath.mpf(rng.randint(-100, 100)) / 500
    return out


def _differs_at(tables: Table, mutant: Mutant, env: dict[str, Any]) -> bool:
    before = _solutions(tables, env)
    after = _solutions(mutant.tables, env)
    if before is None or after is None or not before:
        return False
    if mutant.kind == "table dropped":
        several = any(t.get("multiple") for t in tables["expected"])
        lost = [row for row in before if not any(_same(row, other) for other in after)]
        return bool(lost) and (not after or several)
    wrong = [row for row in after if not any(_agrees(row, other) for other in before)]
    return bool(wrong) or not after


def _solutions(tables: Table, env: dict[str, Any]) -> list[dict[str, Any]] | None:
    """What the tables claim at the point; None where a condition is a tie or has no value."""
    out = []
    for table in tables.get("expected", []):
        held = JUDGE.holds(table.get("when", []), env)
        if held is None:
            return None
        if not held:
            continue
        row: dict[str, Any] = {"continuum": table.get("continuum"), "is": table.get("outcome")}
        texts = {f"value {k}": e for k, e in table.get("values", {}).items()}
        texts |= {f"multiplier {k}": e for k, e in table.get("multipliers", {}).items()}
        texts |= {"optimum": table["value"]} if "value" in table else {}
        if any("[" in key for key in texts):
            env_i = {**env, "i": mpmath.mpf(1)}
            row |= {key: JUDGE.number(text, env_i) for key, text in texts.items()}
        else:
            row |= {key: JUDGE.number(text, env) for key, text in texts.items()}
        out.append(row)
    return out


def _same(one: dict[str, Any], two: dict[str, Any]) -> bool:
    values = [k for k in one if k.startswith("value ") or k in ("continuum", "is")]
    return set(values) <= set(two) and all(_equal(one[k], two[k]) for k in values)


def _agrees(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether nothing in the one contradicts the other: both say the same of what both speak."""
    return _same(one, two) and all(_equal(one[k], two[k]) for k in one if k in two)


def _equal(a: Any, b: Any) -> bool:
    if not isinstance(a, mpmath.mpf) or not isinstance(b, mpmath.mpf):
        return a == b
    if mpmath.isinf(a) or mpmath.isinf(b):
        return bool(a == b)
    return bool(abs(a - b) <= mpmath.mpf("1e-9") * max(1, abs(a), abs(b)))
