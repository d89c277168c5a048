"""Which test runs which function of logic/ and verify/, and how long it takes.

A plugin of pytest: `python tests/mutation/survey.py OUT.json [pytest arguments]` writes a table
from tests to functions.  Only calls are traced; results kept by `lru_cache` are forgotten before
every test, so that a function is noted for every test that needs it.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = tuple(str(ROOT / "alignsym" / layer) + "/" for layer in ("logic", "verify"))


class Survey:
    """The functions met in the test that runs, and the table of all tests so far."""

    def __init__(self) -> None:
        self.met: set[CodeType] = set()
        self.table: dict[str, dict[str, Any]] = {}

    def trace(self, frame: FrameType, event: str, argument: object) -> None:
        self.met.add(frame.f_code)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        forget()
        self.met = set()
        before = time.process_time()
        sys.settrace(self.trace)
        yield
        sys.settrace(None)
        names = {_name(code) for code in self.met if code.co_filename.startswith(LAYERS)}
        seconds = round(time.process_time() - before, 3)
        if names:
            self.table[item.nodeid] = {"seconds": seconds, "functions": sorted(names)}


def forget() -> None:
    """Empty every cache of the package's own functions."""
    for name, module in list(sys.modules.items()):
        if name.startswith("alignsym"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _name(code: CodeType) -> str:
    path = Path(code.co_filename).relative_to(ROOT)
    return f"{path}:{code.co_qualname.split('.<locals>')[0]}"


def main(out: str, *arguments: str) -> int:
    survey = Survey()
    gc.freeze()
    status = pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", *arguments], [survey])
    Path(out).write_text(json.dumps(survey.table, indent=0), encoding="utf-8")
    return int(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
