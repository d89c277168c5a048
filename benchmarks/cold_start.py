"""How much slower a first answer from the command line is than importing what it stands on.

Alternates, in one run, `python -c "import sympy, z3, numpy"` and `alignsym solve MODEL` (a new
process each time, solving and proof included), and prints the medians and their ratio.

    python benchmarks/cold_start.py [--runs 7] [--goal 1.6] [MODEL]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "derivations" / "shared_good" / "model.toml"


# Away from the checkout, so that the installed package with its compiled files is what runs.
ELSEWHERE = tempfile.gettempdir()


def seconds(command: list[str]) -> float:
    """Wall time of one process; it must succeed."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ELSEWHERE)
    return time.perf_counter() - began


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", nargs="?", default=str(MODEL))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--goal", type=float, default=1.6, help="exit 1 above this ratio")
    given = parser.parse_args()
    floor = [sys.executable, "-c", "import sympy, z3, numpy"]
    ours = [sys.executable, "-m", "alignsym", "solve", str(Path(given.model).resolve())]
    for command in (floor, ours):  # compiled files and caches are there before the clock runs
        seconds(command)
    pairs = [(seconds(floor), seconds(ours)) for _ in range(given.runs)]
    imports, answers = (statistics.median(column) for column in zip(*pairs))
    sys.stdout.write(
        f"runs {given.runs}, Python {sys.version.split()[0]}\n"
        f"import sympy, z3, numpy   {imports:7.3f} s\n"
        f"alignsym solve            {answers:7.3f} s\n"
        f"ratio                     {answers / imports:7.2f}   (goal {given.goal})\n"
    )
    return 0 if answers <= given.goal * imports else 1


if __name__ == "__main__":
    sys.exit(main())
