#!/usr/bin/env python3
"""Every answer to the corpus written as a certificate and checked again; and what stops a proof.

    certificates.py [--seconds S] [--out FILE] [PATH...]

Each file is solved, its certificate written, read and checked in a process of its own.  Counted:
how many right answers are proved, with which certificates; and for every right answer that is not
proved, the first claim left open and why.  Prints tables, which are committed as certificates.txt;
exit status 1 if a certificate is refuted or what it states is not found again.
"""

from __future__ import annotations

import argparse
import collections
import json
import re
import statistics
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import mpmath

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from mutants import JUDGE  # noqa: E402

from alignsym.answer import solve  # noqa: E402
from alignsym.certifying import certify  # noqa: E402
from alignsym.checking.reading import read_certificate  # noqa: E402
from alignsym.checking.recheck import recheck  # noqa: E402
from alignsym.claims import Proved, Unknown  # noqa: E402
from alignsym.errors import AlignsymError  # noqa: E402
from alignsym.isolation import Send, isolated  # noqa: E402
from alignsym.model.files import load, solution_to_json  # noqa: E402
from alignsym.solution import NoSolution, Solution  # noqa: E402

MEMORY = 3 * 2**30
# A reason with its formulas left out, by the words it has.
KINDS = (
    ("time limit", "the time limit"),
    ("not shown to be concave|without concavity|uniqueness rests on concavity", "no concavity"),
    ("multiplier|shadow|almost as good", "multipliers not shown to be shadow prices"),
    ("nothing was verified|no numerical|was found|by inversion|no equation", "no closed form"),
    ("covered|coverage", "parameters not covered"),
    ("= 0 is not shown", "an identity"),
    ("is not shown", "an inequality"),
    ("another|other solutions|not excluded|only one|nothing else", "other solutions not excluded"),
)


def opened(solution: Solution) -> str:
    """The first claim of the answer that is not proved, and why; '' where all is."""
    if not solution.cases:
        return f"no answer: {solution.reason}"
    for case in solution.cases:
        if not isinstance(case.status, Proved):
            return f"a solution: {getattr(case.status, 'reason', '')}"
        if not isinstance(case, NoSolution) and not isinstance(case.exhaustive, Proved):
            return f"nothing else: {getattr(case.exhaustive, 'reason', '')}"
    if isinstance(solution.coverage, Unknown):
        return f"coverage: {solution.coverage.reason}"
    return ""


def kind(reason: str) -> str:
    """The reason without its formulas."""
    claim, _, why = reason.partition(": ")
    found = next((said for words, said in KINDS if re.search(words, why)), "another reason")
    return f"{claim}: {found}"


def work(path: Path, seconds: float, send: Send) -> None:
    """Solve, certify, check again; sent step by step."""
    send({"started": True})
    began = time.perf_counter()
    solution = solve(load(path), seconds=seconds)
    answer = json.loads(json.dumps(solution_to_json(solution)))
    with mpmath.workdps(30):
        right = JUDGE.judge(tomllib.loads(path.read_text()), answer)[0]
    send({"right": right, "open": opened(solution), "solve": time.perf_counter() - began})
    began = time.perf_counter()
    try:
        text = str(certify(solution, seconds=seconds))
    except AlignsymError as stopped:
        send({"stated": "none", "why": stopped.line()[:160]})
        return
    send({"certify": time.perf_counter() - began, "bytes": len(text)})
    began = time.perf_counter()
    read = read_certificate(text)
    found = recheck(read, seconds=2 * seconds).verdict
    send({"stated": read.proof, "found": found, "again": time.perf_counter() - began})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=16.0)
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("paths", nargs="*", type=Path, default=[ROOT / "tests" / "corpus"])
    options = parser.parse_args()
    files = [f for p in options.paths for f in ([p] if p.is_file() else sorted(p.rglob("*.toml")))]
    rows: list[dict[str, Any]] = []
    for path in files:
        end = isolated(
            lambda send, path=path: work(path, options.seconds, send),
            seconds=240, memory=MEMORY, waiting=lambda elapsed: None,
        )  # fmt: skip
        rows.append({"file": path.stem, "kind": end.kind, "cause": end.cause, **end.messages})
    print(text := "\n".join(table(rows)))
    if options.out:
        options.out.write_text(text.rstrip() + "\n")
    return int(any(wrong(r) for r in rows))


def wrong(row: dict[str, Any]) -> bool:
    """Whether a certificate is refuted, or not found again."""
    return row.get("stated", "none") != "none" and row.get("found") != row["stated"]


def table(rows: list[dict[str, Any]]) -> list[str]:
    """The counts, the reasons, and the files behind them."""
    verdicts = collections.Counter(r.get("right", r["kind"]) for r in rows)
    right = [r for r in rows if r.get("right") == "right"]
    proved = [r for r in right if not r["open"]]
    shown = sum(not r["open"] or r["open"].startswith("nothing else") for r in right)
    stated = collections.Counter((r.get("stated", r["kind"]), r.get("found", "")) for r in proved)
    out = [f"{len(rows)} files: " + ", ".join(f"{n} {v}" for v, n in verdicts.most_common())]
    out.append(f"of {len(right)} right answers {shown} are proved and cover all parameters,")
    out += [f"{len(proved)} of them with the proof that nothing else is a solution", ""]
    out.append("certificates of the right and proved answers (stated, found again by check)")
    out += [f"  {a:8} {b:8} {n:5}" for (a, b), n in stated.most_common()]
    for name, said in (("solve", "solving"), ("certify", "certifying"), ("again", "checking")):
        times = [r[name] for r in rows if name in r]
        out.append(f"{said}: median {statistics.median(times or [0]):.2f} s")
    out.append(f"size: median {statistics.median([r['bytes'] for r in rows if 'bytes' in r]):.0f}")
    out += ["", "why right answers are not proved"]
    reasons = collections.Counter(kind(r["open"]) for r in right if r["open"])
    out += [f"  {n:4}  {why}" for why, n in reasons.most_common()]
    out += ["", "why proved answers have no certificate that says so"]
    open_ = [r for r in proved if r.get("stated") != "proved"]
    out += [f"  {r['file']}: {r.get('why', r.get('stated', r['kind']))}" for r in open_]
    out += ["", "right and not proved, in full"]
    out += [f"  {r['file']}: {r['open'][:150]}" for r in right if r["open"]]
    bad = [r for r in rows if wrong(r)]
    out += ["", *(f"NOT FOUND AGAIN {r['file']}: {r['stated']}, {r.get('found')}" for r in bad)]
    return out


if __name__ == "__main__":
    sys.exit(main())
