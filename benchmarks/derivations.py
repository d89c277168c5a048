"""Every model solved, derived, and its derivation replayed: lies, and what the steps cost.

    python benchmarks/derivations.py [--points 3] [MODEL or folder...]

Exit status 1 if a step is false.  At the end stand the models whose derivation, written as text and
as LaTeX, costs most next to solving it.  One model is solved and derived before the first, and what
others left behind is collected before each, so that nobody pays for them.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path

from alignsym import derive, load, replay, solve
from alignsym.present.derivations import derivation_text
from alignsym.present.documents import derivation_latex

WORST = 10
ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="*", type=Path)
    parser.add_argument("--points", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=12, help="for solving each")
    given = parser.parse_args()
    asked = given.models or [ROOT / "tests" / "corpus", ROOT / "derivations"]
    files = [f for a in asked for f in (sorted(a.rglob("*.toml")) if a.is_dir() else [a])]
    solving = telling = 0.0
    steps = tests = lies = 0
    shares: list[tuple[float, float, Path]] = []
    first = derive(solve(load(ROOT / "derivations" / "shared_good" / "model.toml")))
    derivation_text(first)
    derivation_latex(first)
    for file in files:
        gc.collect()
        began = time.process_time()
        solution = solve(load(file), seconds=given.seconds)
        taken = time.process_time() - began
        gc.collect()
        solved = time.process_time()
        told = derive(solution)
        derivation_text(told)
        derivation_latex(told)
        written = time.process_time()
        found = replay(told, points=given.points)
        solving, telling = solving + taken, telling + written - solved
        shares.append(((written - solved) / taken, taken, file))
        steps, tests = steps + len(told.steps), tests + found.tests
        lies += len(found.lies)
        for lie in found.lies:
            sys.stdout.write(f"{file}: {type(lie.step).__name__}: {lie.reason}\n")
    sys.stdout.write(
        f"{len(files)} models, {steps} steps, {tests} tests, {lies} lies; derivations took "
        f"{telling:.1f} s of processor time, solving {solving:.1f} s\n"
    )
    over = sum(share > 0.5 for share, _, _ in shares)
    sys.stdout.write(f"{over} of them take more than half of solving; the dearest:\n")
    for share, taken, file in sorted(shares, reverse=True)[:WORST]:
        sys.stdout.write(f"{share:6.2f} of {1000 * taken:6.0f} ms  {file}\n")
    return 1 if lies else 0


if __name__ == "__main__":
    sys.exit(main())
