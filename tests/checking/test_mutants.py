"""Slips in right derivations are refuted, never proved; a sample of the corpus, the same each time.

The whole is `benchmarks/check.py`.  What counts as a mutant is decided by the judge's evaluator.
"""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from types import ModuleType

import pytest

from alignsym.checking.judgement import check
from alignsym.claims import Refuted

TESTS = Path(__file__).resolve().parents[1]
COUNT, EACH = 16, 3


def mutants_module() -> ModuleType:
    """tests/mutants.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("mutants", TESTS / "mutants.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["mutants"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


MUTANTS = mutants_module()
FILES = sorted(p for p in (TESTS / "corpus").rglob("*.toml") if "asked" not in p.parts)
SAMPLE = random.Random("mutants").sample(FILES, COUNT)


@pytest.mark.parametrize("path", SAMPLE, ids=lambda p: p.stem)
def test_no_mutant_is_proved_and_the_original_is_not_refuted(path):
    tables = MUTANTS.tables_of(path)
    whole = check(MUTANTS.Mutant("", "", tables).game(), seconds=20)
    assert whole.verdict != "refuted", str(whole)
    found = MUTANTS.sample(tables, path.name)
    chosen = random.Random(path.name).sample(found, min(EACH, len(found)))
    verdicts = {}
    for mutant in chosen:
        report = check(mutant.game(), seconds=20)
        assert report.verdict in ("refuted", "unknown"), f"{mutant.kind}, {mutant.what}\n{report}"
        verdicts[mutant.kind, mutant.what] = report.verdict
        for decided in report.refuted:
            assert isinstance(decided.verdict, Refuted)
            assert {str(s) for s, _ in decided.verdict.point} >= {
                p for p in tables.get("parameters", {}) if "[" not in p
            }
    assert all(v == "refuted" for v in verdicts.values()), verdicts


def test_the_kinds_of_slips():
    tables = MUTANTS.tables_of(TESTS / "corpus/textbook/consumer/perfect_substitutes.toml")
    kinds = {m.kind for m in MUTANTS.mutants(tables)}
    assert kinds == {
        "value scaled", "value negated", "multiplier scaled", "multiplier negated",
        "optimum scaled", "optimum negated", "condition shifted", "table dropped",
    }  # fmt: skip


def test_a_change_that_changes_nothing_is_no_mutant():
    tables = MUTANTS.tables_of(TESTS / "corpus/textbook/consumer/perfect_substitutes.toml")
    told = {m.what for m in MUTANTS.mutants(tables)}
    assert not any("(0)" in what for what in told)  # 101 % of 0


@pytest.mark.parametrize(
    ("condition", "moved"),
    [
        ("a*p2 > b*p1", "a*p2 > (b*p1) + 1"),
        ("Eq(Min(a, b), 2)", "Eq(Min(a, b), (2) + 1)"),
        ("a <= Max(1, b)", "a <= (Max(1, b)) + 1"),
        ("Ne(a, b)", None),
    ],
)
def test_shifted_conditions(condition, moved):
    assert MUTANTS.shifted(condition, " + 1") == moved
