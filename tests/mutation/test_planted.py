"""Planted faults change the module, compile, and are the same in every run."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SOURCE = '''"""A docstring: 1 < 2."""
from x import y
LIMIT = 3
def f(a: int, b: int = 0) -> bool:
    """Another."""
    if a < b and a != "==":
        raise ValueError(f"{a} > {b}")
    return all(-a + 1 >= c for c in b if c)
'''


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("planted_faults", HERE / "faults.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["planted_faults"] = module
    spec.loader.exec_module(module)
    return module


FAULTS = loaded()


def test_every_operator_is_applied_and_nothing_else() -> None:
    found = [(f.kind, f.before, f.after) for f in FAULTS.faults(SOURCE)]
    assert ("constant", "3", "4") in found and ("relation", "'=='", "'!='") in found
    assert ("comparison", "a < b", "a <= b") in found
    assert ("boolean", "a < b and a != '=='", "a < b or a != '=='") in found
    assert ("arithmetic", "-a + 1", "-a - 1") in found
    assert ("sign or negation dropped", "-a", "a") in found
    assert ("filter dropped", "if c", "no filter") in found
    kinds = {kind for kind, _, _ in found}
    assert {"all and any", "return", "statement left out", "condition negated"} <= kinds
    assert {"condition never true", "condition always true"} <= kinds
    assert not any("docstring" in before for _, before, _ in found)


def test_faults_change_a_module_that_still_compiles() -> None:
    source = (ROOT / "alignsym" / "logic" / "growth.py").read_text(encoding="utf-8")
    plain = ast.unparse(ast.parse(source))
    texts = [ast.unparse(fault.planted(source)) for fault in FAULTS.faults(source)]
    assert len(texts) > 60 and all(text != plain for text in texts)
    for text in texts:
        compile(text, "growth", "exec")
    again = [(f.line, f.before, f.after) for f in FAULTS.faults(source)]
    assert again == [(f.line, f.before, f.after) for f in FAULTS.faults(source)]
