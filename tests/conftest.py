"""The judge of the corpus, for every test that compares an answer with a published one."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath
import pytest

Judged = Callable[[dict[str, Any], dict[str, Any]], tuple[str, str]]


@pytest.fixture(scope="session")
def judge() -> ModuleType:
    """tests/corpus/judge.py, which is a program and in no package."""
    path = Path(__file__).parent / "corpus" / "judge.py"
    spec = importlib.util.spec_from_file_location("corpus_judge", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    digits = mpmath.mp.dps
    spec.loader.exec_module(module)  # which sets the precision of all of mpmath
    mpmath.mp.dps = digits
    return module


@pytest.fixture(scope="session")
def judged(judge: ModuleType) -> Judged:
    """The judge's verdict on an answer as it would be printed, and why."""

    def verdict(model: dict[str, Any], answer: dict[str, Any]) -> tuple[str, str]:
        with mpmath.workdps(30):
            return judge.judge(model, json.loads(json.dumps(answer)))

    return verdict
