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


def written(rows: list[dict[str, Any]]) -> str:
    """The summary, then the survivors by module."""
    lines = ["# Planted faults, and which the tests notice", ""]
    killed = [r for r in rows if r["verdict"] in KILLED]
    lines += [
        f"Of {len(rows)} faults drawn from all of `logic/` and `verify/` (seed 1, in the order of",
        f"the sample) {len(killed)} are killed: {100 * len(killed) / len(rows):.0f} %.",
        "Operators: `faults.py`; which tests are run: `survey.py`; how: `run.py`.  A fault meets",
        "the nearest and quickest of its tests, 10 to 25 seconds of them; slower ones might kill",
        "more.  The aim is a sample of 300 with 90 % killed, and is not reached yet.",
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
