"""Alignsym and another program on the same model files, judged by the same judge in one run.

Both commands run on each file one after the other, so that load on the machine meets both.  Prints
how many each gets right and wrong; the medians over the problems both get right, of the CPU seconds
and the wall time of the whole process and of the `seconds` each reports for itself; and the CPU
seconds of all problems together.  A line for every file tells how far it is.

    python benchmarks/peer.py --peer 'python peer.py {file}' [--timeout 60] PATH...
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import statistics
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VERDICTS = ("right", "partial", "wrong", "unknown", "error", "timeout")


def judge_module() -> ModuleType:
    """tests/corpus/judge.py, which is a program and in no package."""
    path = ROOT / "tests" / "corpus" / "judge.py"
    spec = importlib.util.spec_from_file_location("corpus_judge", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(judge: ModuleType, file: Path, command: str, limit: float) -> dict[str, Any]:
    """The judge's row of one file, with the CPU seconds of the command and all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    row: dict[str, Any] = judge.run(file, command, limit)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return row | {"cpu": used}


def line(name: str, rows: list[dict[str, Any]], both: list[int]) -> str:
    """One program's row of the table."""
    counts = "".join(f"{sum(r['verdict'] == v for r in rows):9}" for v in VERDICTS)
    shared = [rows[i] for i in both]
    wall = statistics.median([r["wall"] for r in shared]) if shared else float("nan")
    own = [r["seconds"] for r in shared if isinstance(r["seconds"], int | float)]
    inside = statistics.median(own) if own else float("nan")
    cpu = statistics.median([r["cpu"] for r in shared]) if shared else float("nan")
    total = sum(r["cpu"] for r in rows)
    return f"{name:12}{counts}{cpu:9.3f}{wall:9.3f}{inside:9.3f}{total:11.1f}\n"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--peer", required=True, help="command with {file}, prints the output JSON")
    parser.add_argument("--ours", default=f"{sys.executable} -m alignsym solve {{file}} --json")
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("--peer-timeout", type=float, help="of the peer, if it is to be another")
    given = parser.parse_args()
    judge = judge_module()
    files = sorted(f for p in given.paths for f in ([p] if p.is_file() else p.rglob("*.toml")))
    if not files:
        parser.error("no model files")
    ours, theirs = [], []
    for number, file in enumerate(files, 1):
        ours.append(run(judge, file, given.ours, given.timeout))
        theirs.append(run(judge, file, given.peer, given.peer_timeout or given.timeout))
        told = f"{ours[-1]['verdict']:8}{theirs[-1]['verdict']:8}{ours[-1]['id']}"
        sys.stderr.write(f"{number:3} of {len(files)}  {told}\n")
        sys.stderr.flush()
    both = [
        i for i, (a, b) in enumerate(zip(ours, theirs)) if a["verdict"] == b["verdict"] == "right"
    ]
    head = "".join(f"{v:>9}" for v in VERDICTS)
    sys.stdout.write(f"{'':12}{head}{'CPU s':>9}{'wall s':>9}{'own s':>9}{'all CPU s':>11}\n")
    sys.stdout.write(line("alignsym", ours, both) + line("peer", theirs, both))
    sys.stdout.write(f"medians over the {len(both)} of {len(files)} problems both get right\n")
    proved = sum(r["proved"] for r in ours)
    sys.stdout.write(f"proved by alignsym: {proved}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
