"""The essay's table is what the package proves, row by row, and nothing in it is undecided."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ESSAY = Path(__file__).resolve().parents[2] / "derivations" / "essay"


def test_the_table_is_what_is_proved() -> None:
    spec = importlib.util.spec_from_file_location("essay_claims", ESSAY / "claims.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    table = module.table()
    rows = [line for line in table.splitlines()[2:] if not line.startswith("| **")]
    assert len(rows) >= 25
    for row in rows:
        verdict = row.split("|")[3].strip()
        assert verdict.endswith(", proved") or verdict == "by definition", row
    assert table in (ESSAY / "README.md").read_text()


def test_a_false_claim_is_not_called_true() -> None:
    spec = importlib.util.spec_from_file_location("essay_claims", ESSAY / "claims.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    q = module.q
    relation = module.Relation(module.sp.log(q), ">", q - 2)
    assert module.true(module.always(relation, given=())) == "true, unknown"
