"""The sample of faults: `python tests/mutation/draw.py COMMIT [COUNT]` writes SAMPLE.json.

The first draw was of the source at COMMIT: all its faults, shuffled by seed 1.  The source grew
while they were run.  A fault of that order that is in today's source word for word stays where it
is; of the faults that are new since, shuffled by the same seed, so many are added as is their share
of all.  So today's faults, old and new, are drawn in proportion, and what was run is kept.  Where
SAMPLE.json is there already it stays, but for faults that are gone with their code; the next of
the first draw's order take their places.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
from faults import Fault, faults  # noqa: E402

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SAMPLE = HERE / "SAMPLE.json"
LAYERS = ("logic", "verify")
SEED, COUNT = 1, 300
NAMES = ("path", "function", "kind", "before", "after", "number")
Row = dict[str, Any]
Key = tuple[Any, ...]


def key(row: Row) -> Key:
    """What identifies a fault while lines move: its words, and which of those alike it is."""
    return tuple(row[name] for name in NAMES)


def listed(path: str, source: str) -> list[tuple[Row, Fault]]:
    """Every fault of a module, those of the same words numbered."""
    seen: Counter[Key] = Counter()
    out = []
    for f in faults(source):
        same = (path, f.function, f.kind, f.before, f.after)
        seen[same] += 1
        out.append(({**dict(zip(NAMES, same)), "number": seen[same], "line": f.line}, f))
    return out


def today() -> list[tuple[Row, Fault]]:
    """Every fault of the modules on disk."""
    out = []
    for layer in LAYERS:
        for path in sorted((ROOT / "alignsym" / layer).glob("*.py")):
            out += listed(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
    return out


def then(commit: str) -> list[Row]:
    """Every fault of the modules at a commit, in the order of the first draw."""
    out = []
    for layer in LAYERS:
        names = _git("ls-tree", "--name-only", commit, f"alignsym/{layer}/").split()
        for path in sorted(n for n in names if n.endswith(".py")):
            out += [row for row, _ in listed(path, _git("show", f"{commit}:{path}"))]
    return _shuffled(out)


def _git(*arguments: str) -> str:
    return subprocess.check_output(["git", *arguments], text=True, cwd=ROOT)


def _shuffled(rows: list[Row]) -> list[Row]:
    order = list(range(len(rows)))
    random.Random(SEED).shuffle(order)
    return [rows[k] for k in order]


def drawn(commit: str, count: int) -> list[Row]:
    """The sample: the first draw as far as it still is, and its share of what is new."""
    now = [row for row, _ in today()]
    lines = {key(row): row for row in now}
    old = [lines[key(row)] for row in then(commit) if key(row) in lines]
    known = {key(row) for row in old}
    new = _shuffled([row for row in now if key(row) not in known])
    added = round(count * len(new) / len(now))
    print(f"{len(now)} faults, {len(new)} of them new: {count - added} and {added} are drawn")
    if not SAMPLE.exists():
        return old[: count - added] + new[:added]
    before = [key(row) for row in json.loads(SAMPLE.read_text(encoding="utf-8"))]
    kept = [lines[k] for k in before if k in lines]
    print(f"{len(before) - len(kept)} are gone")
    more = [row for row in old if key(row) not in set(before)]
    return kept + more[: count - len(kept)]


if __name__ == "__main__":
    size = int(sys.argv[2]) if len(sys.argv) > 2 else COUNT
    SAMPLE.write_text(json.dumps(drawn(sys.argv[1], size), indent=1) + "\n", encoding="utf-8")
