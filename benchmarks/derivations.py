"""Every model solved, derived, and its derivation replayed: lies, and what the steps cost.

    python benchmarks/derivations.py [--points 3] [MODEL or folder...]

Exit status 1 if a step is false, or if deriving and writing the text of any model costs more than
half of solving it.  At the end stand quantiles of that share, with the text alone and with LaTeX as
well, and the models where it is largest.  One model is solved and derived before the first, and
what others left behind is collected before each, so that nobody pays for them.
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
GOAL = 0.5  # of solving
QUANTILES = (0.5, 0.75, 0.9, 0.99, 1.0)
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
    shares: list[tuple[float, float, float, Path]] = []
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
        said = time.process_time()
        derivation_latex(told)
        written = time.process_time()
        found = replay(told, points=given.points)
        solving, telling = solving + taken, telling + written - solved
        shares.append(((said - solved) / taken, (written - solved) / taken, taken, file))
        steps, tests = steps + len(told.steps), tests + found.tests
        lies += len(found.lies)
        for lie in found.lies:
            sys.stdout.write(f"{file}: {type(lie.step).__name__}: {lie.reason}\n")
    sys.stdout.write(
        f"{len(files)} models, {steps} steps, {tests} tests, {lies} lies; derivations took "
        f"{telling:.1f} s of processor time, solving {solving:.1f} s\n"
    )
    over = _said("text", [row[0] for row in shares])
    _said("text and LaTeX", [row[1] for row in shares])
    sys.stdout.write("text, and with LaTeX, of solving; the dearest:\n")
    for text, both, taken, file in sorted(shares, reverse=True)[:WORST]:
        sys.stdout.write(f"{text:6.2f} {both:6.2f} of {1000 * taken:6.0f} ms  {file}\n")
    return 1 if lies or over else 0


def _said(what: str, shares: list[float]) -> int:
    """How many models take more than the goal, with quantiles."""
    ordered = sorted(shares)
    over = sum(share > GOAL for share in ordered)
    named = ", ".join(
        f"{q:.0%} {ordered[min(int(q * len(ordered)), len(ordered) - 1)]:.2f}" for q in QUANTILES
    )
    sys.stdout.write(
        f"{what}: {over} of {len(ordered)} ({over / len(ordered):.1%}) take more than half of "
        f"solving; quantiles {named}\n"
    )
    return over


if __name__ == "__main__":
    sys.exit(main())
