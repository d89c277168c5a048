#!/usr/bin/env python3
"""`check` on right and on wrong derivations: every corpus file, and mutants of each.

    check.py [--per-kind N] [--seconds S] [--out FILE] [PATH...]

True claims: how many are proved, checked, unknown; none may be refuted.  Mutants
(tests/mutants.py): how many are refuted; none may be proved.  Every file is worked on in a process
of its own with 3 GiB of memory.  Prints a table, which is committed as check.txt.
"""

from __future__ import annotations

import argparse
import collections
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import mutants  # noqa: E402

from alignsym.checking.judgement import check  # noqa: E402
from alignsym.claims import word  # noqa: E402
from alignsym.isolation import Send, isolated  # noqa: E402

WORDS = ("proved", "checked", "unknown", "refuted", "late")
MEMORY = 3 * 2**30


def work(path: Path, per_kind: int, seconds: float, send: Send) -> None:
    """The verdicts on a file and its mutants, sent one by one."""
    send({"started": True})
    tables = mutants.tables_of(path)
    rows: list[tuple[str, str, str, float, str]] = []
    todo = [mutants.Mutant("true", "", tables), *mutants.sample(tables, path.name, per_kind)]
    for mutant in todo:
        began = time.perf_counter()
        report = check(mutant.game(), seconds=seconds)
        took = time.perf_counter() - began
        reasons = [
            str(getattr(d.verdict, "reason", ""))
            for d in report.decided
            if word(d.verdict) != "proved"
        ]
        rows.append((mutant.kind, mutant.what, report.verdict, took, (reasons or [""])[0]))
        send({"rows": rows, "todo": len(todo)})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-kind", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("paths", nargs="*", type=Path, default=[ROOT / "tests" / "corpus"])
    options = parser.parse_args()
    files = [f for p in options.paths for f in ([p] if p.is_file() else sorted(p.rglob("*.toml")))]
    count: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    seconds: list[float] = []
    lines: list[str] = []
    for path in files:
        end = isolated(
            lambda send, path=path: work(path, options.per_kind, options.seconds, send),
            seconds=600, memory=MEMORY, waiting=lambda elapsed: None,
        )  # fmt: skip
        rows = end.messages.get("rows", [])
        if end.kind != "done" or len(rows) < end.messages.get("todo", 1):
            lines.append(f"{path.stem}: stopped ({end.kind} {end.cause or ''})")
            count["true" if not rows else "mutant"]["late"] += 1
        for kind, what, verdict, took, reason in rows:
            count[kind][verdict] += 1
            if kind == "true":
                seconds.append(took)
            if verdict != ("proved" if kind == "true" else "refuted"):
                shown = what.replace("\n", " ")[:80]
                lines.append(f"{path.stem}: {kind} {shown}: {verdict} ({reason[:90]})")
                print(lines[-1], file=sys.stderr, flush=True)
    table = [f"{'':20}" + "".join(f"{w:>9}" for w in WORDS)]
    total: collections.Counter[str] = collections.Counter()
    for kind in sorted(count, key=lambda k: (k != "true", k)):
        table.append(f"{kind:20}" + "".join(f"{count[kind][w]:9}" for w in WORDS))
        if kind != "true":
            total += count[kind]
    table.append(f"{'all mutants':20}" + "".join(f"{total[w]:9}" for w in WORDS))
    table.append(f"seconds for a true file: median {statistics.median(seconds or [0]):.2f}")
    text = "\n".join([*table, "", *lines])
    print(text)
    if options.out:
        options.out.write_text(text + "\n")
    return int(total["proved"] > 0 or count["true"]["refuted"] > 0)


if __name__ == "__main__":
    sys.exit(main())
