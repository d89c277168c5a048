"""The first solve of each model in a process that has already solved another one, proof included.

A fresh process for each repetition, so that no cache of one repetition helps the next; within it,
WARM_UP is solved first, then each model once, in the order given.

    python benchmarks/warm.py [--runs 5] [--goal 0.1] [MODEL...]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WARM_UP = ROOT / "derivations" / "shared_good" / "weighted.toml"
GOAL_MODEL = ROOT / "derivations" / "shared_good" / "model.toml"


def once(models: list[Path]) -> list[tuple[float, str, str]]:
    """Seconds, status and proof of each model after the warm-up."""
    from alignsym import load, solve
    from alignsym.claims import word

    solve(load(WARM_UP))
    out: list[tuple[float, str, str]] = []
    for model in models:
        game = load(model)
        began = time.process_time()
        solution = solve(game)
        out.append((time.process_time() - began, solution.status, word(solution.proof)))
    return out


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--goal", type=float, default=0.1, help="seconds, for the first model")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    others = [m for m in sorted(GOAL_MODEL.parent.glob("*.toml")) if m not in (GOAL_MODEL, WARM_UP)]
    models = [m.resolve() for m in given.models] or [GOAL_MODEL, *others]
    if given.once:
        sys.stdout.write(json.dumps(once(models)))
        return 0
    command = [sys.executable, __file__, "--once", *map(str, models)]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
        for _ in range(given.runs)
    ]
    sys.stdout.write(f"{'model':40}{'median ms':>11}{'worst ms':>10}  status, proof\n")
    medians = []
    for row, model in zip(zip(*runs), models):
        times = [seconds for seconds, _, _ in row]
        medians.append(statistics.median(times))
        sys.stdout.write(
            f"{model.parent.name + '/' + model.stem:40}{1000 * medians[-1]:11.1f}"
            f"{1000 * max(times):10.1f}  {row[0][1]}, {row[0][2]}\n"
        )
    sys.stdout.write(f"goal for the first: {1000 * given.goal:.0f} ms\n")
    return 0 if medians[0] <= given.goal else 1


if __name__ == "__main__":
    sys.exit(main())
