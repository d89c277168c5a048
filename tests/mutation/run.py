"""Mutation testing of logic/ and verify/: are planted faults noticed by the tests?

    python tests/mutation/survey.py SURVEY.json alignsym/logic alignsym/verify tests/...
    python tests/mutation/run.py SURVEY.json RESULTS.json
    python tests/mutation/run.py SURVEY.json RESULTS.json --again

The faults are those of SAMPLE.json (draw.py, faults.py).  For each, a forked process loads the
changed module in place of the one on disk and runs the tests that run the changed function
(survey.py), the nearest and quickest first, until one fails.  A fault is killed if a test fails,
or if tests that took t seconds take more than 5*t + 20 seconds of the processor.  What RESULTS.json
has of the sample is kept, with `--again` only where the fault was killed; nothing else is written
to the tree.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.util
import json
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sympy
import z3

sys.path.insert(0, str(Path(__file__).resolve().parent))
from draw import NAMES, ROOT, SAMPLE, Key, Row, key, today  # noqa: E402
from faults import Fault  # noqa: E402

SECONDS = 40  # of tests for one fault, as the survey measured them
MEMORY = 4 << 30
PRELOADED = (sympy, z3)  # before the processes fork
CONTROLS = 3
KILLED = ("killed", "killed (slow)")


@dataclass(frozen=True)
class Place:
    """A module and the fault in it; None for the module as it is."""

    path: str
    fault: Fault | None


def tests_of(place: Place, survey: dict[str, Row], seconds: float) -> tuple[list[str], float]:
    """The tests that run the function, those of its own layer first, within so many seconds."""
    assert place.fault is not None
    function = place.fault.function
    wanted = f"{place.path}:{function}"
    layer = place.path.split("/")[1]

    def runs(row: Row) -> bool:
        if function == "<module>":
            return any(name.startswith(f"{place.path}:") for name in row["functions"])
        return any(
            name == wanted or name.startswith(f"{wanted}.") or wanted.startswith(f"{name}.")
            for name in row["functions"]
        )

    found = [(name, row["seconds"]) for name, row in survey.items() if runs(row)]

    def near(pair: tuple[str, float]) -> tuple[int, float]:
        own = pair[0].startswith(place.path)
        same = pair[0].startswith(f"tests/{layer}/")
        return (0 if own else 1 if same and pair[1] < 5 else 2, pair[1])

    out, total = [], 0.0
    for name, cost in sorted(found, key=near):
        if total + cost <= seconds or not out:
            out.append(name)
            total += cost
    return out, total


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a changed syntax tree."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.name = path.removesuffix(".py").replace("/", ".")
        self.path, self.tree = path, tree

    def find_spec(self, fullname: str, path: object, target: object = None) -> Any:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, ROOT / self.path, loader=self)

    def create_module(self, spec: object) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        exec(compile(self.tree, str(ROOT / self.path), "exec"), module.__dict__)


def verdict(place: Place, tests: list[str], expected: float) -> tuple[str, float]:
    """killed, killed (slow), survived or broken, by a process of its own."""
    limit = 5 * expected + 20
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = _run(place, tests, limit)
        finally:
            os._exit(code)
    # Processor time is what is limited; the clock is a second line, for a process that sleeps.
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(int(20 * limit))
    _, status = os.waitpid(child, 0)
    signal.alarm(0)
    seconds = round(time.monotonic() - started, 1)
    if os.WIFSIGNALED(status):
        return "killed (slow)", seconds
    code = os.WEXITSTATUS(status)
    return {0: "survived", 1: "killed", 2: "killed"}.get(code, f"broken ({code})"), seconds


def _run(place: Place, tests: list[str], limit: float) -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    if place.fault is not None:
        source = (ROOT / place.path).read_text(encoding="utf-8")
        sys.meta_path.insert(0, Changed(place.path, place.fault.planted(source)))
    # Rewritten asserts would have pytest load the module from the disk.
    options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--assert=plain"]
    return int(pytest.main([*options, *tests], [Still()]))


class Still:
    """A plugin of pytest: the same examples every time."""

    def pytest_configure(self) -> None:
        from hypothesis import settings

        settings.register_profile("still", derandomize=True, database=None)
        settings.load_profile("still")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("survey", type=Path)
    parser.add_argument("results", type=Path)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--again", action="store_true", help="only those that survived")
    options = parser.parse_args()
    os.chdir(ROOT)
    survey = json.loads(options.survey.read_text(encoding="utf-8"))
    sample = [key(row) for row in json.loads(SAMPLE.read_text(encoding="utf-8"))]
    known = {key(row): row for row in _results(options.results)}
    now = {key(row): (row, fault) for row, fault in today()}

    def is_wanted(k: Key) -> bool:
        done = k in known and (known[k]["verdict"] in KILLED or not options.again)
        return not done and k in now and (k in known or not options.again)

    wanted = [k for k in sample if is_wanted(k)]
    for path in [str(k[0]) for k in wanted[:CONTROLS]]:
        place = Place(path, now[next(k for k in wanted if k[0] == path)][1])
        tests, expected = tests_of(place, survey, 10)
        said, _ = verdict(Place(path, None), tests, expected)
        if tests and said != "survived":
            raise SystemExit(f"without a fault {said}: {tests}")
    for count, k in enumerate(wanted, start=1):
        row, fault = now[k]
        place = Place(str(row["path"]), fault)
        tests, expected = tests_of(place, survey, options.seconds)
        said, seconds = verdict(place, tests, expected) if tests else ("not run", 0.0)
        why = known.get(k, {}).get("reason")
        known[k] = {**row, "tests": len(tests), "verdict": said}
        if why and said not in KILLED:
            known[k]["reason"] = why
        rows = [known[k] for k in sample if k in known]
        options.results.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        print(count, said, seconds, row["path"], row["line"], row["before"][:60], flush=True)


def _results(path: Path) -> list[Row]:
    if not path.exists():
        return []
    rows: list[Row] = json.loads(path.read_text(encoding="utf-8"))
    return [row for row in rows if set(NAMES) <= set(row)]


if __name__ == "__main__":
    main()
