"""The results of mutation testing as a table: `python tests/mutation/table.py` writes RESULTS.md.

RESULTS.json is what run.py wrote, with a reason for every fault that survived.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
KILLED = ("killed", "killed (slow)")
FIRST = (109, 176)  # killed, of those run in the last round, before tests were written for it


def written(rows: list[dict[str, Any]]) -> str:
    """The summary, then the survivors by module."""
    lines = ["# Planted faults, and which the tests notice", ""]
    killed = [r for r in rows if r["verdict"] in KILLED]
    same = [r for r in rows if r.get("reason", "").startswith("equivalent")]
    other = len(rows) - len(same)
    lines += [
        f"Of {len(rows)} faults drawn from all of `logic/` and `verify/` (SAMPLE.json, seed 1) "
        f"{len(killed)} are killed:",
        f"{100 * len(killed) / len(rows):.1f} %.  Of the {len(rows) - len(killed)} that survive "
        f"{len(same)} are judged equivalent: no verdict can change.  Without",
        f"these, {len(killed)} of {other}: {100 * len(killed) / other:.1f} %.",
        "",
        "Operators: `faults.py`; how the sample was drawn: `draw.py`; which tests are run:",
        "`survey.py`; how: `run.py`.  A fault meets the nearest and quickest of its tests, 10 to",
        "40 seconds of them; slower ones might kill more.  Tests were written for survivors, and",
        "each was seen to fail with the fault planted.  So the figure says what is noticed of this",
        "sample now; of a fresh one it would be less: in the last round, before tests were written",
        f"for what it found, {FIRST[0]} of {FIRST[1]} were killed.  Where a survivor showed code",
        "that nobody needs, the code is gone, and the next fault of the draw took its place.",
        "",
    ]
    layers = Counter(r["path"].split("/")[1] for r in rows)
    caught = Counter(r["path"].split("/")[1] for r in killed)
    lines += ["| layer | faults | killed |", "|---|---|---|"]
    lines += [f"| {layer} | {layers[layer]} | {caught[layer]} |" for layer in sorted(layers)]
    lines += ["", "Survivors:", "", "| where | before | after | why |", "|---|---|---|---|"]
    for r in sorted(rows, key=lambda r: (r["path"], r["line"])):
        if r["verdict"] not in KILLED:
            where = f"{r['path'].removeprefix('alignsym/')}:{r['line']} {r['function']}"
            cells = (where, _code(r["before"]), _code(r["after"]), r.get("reason", r["verdict"]))
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    short = text if len(text) <= 60 else text[:57] + "..."
    return f"`{short.replace('|', chr(92) + '|')}`"


if __name__ == "__main__":
    found = json.loads((HERE / "RESULTS.json").read_text(encoding="utf-8"))
    (HERE / "RESULTS.md").write_text(written(found), encoding="utf-8")
