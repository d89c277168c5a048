"""How the time to an answer grows with the size of the problem, solving and proof apart.

sharing   one planner divides q among n agents: max sum log x_i, sum x_i <= q.       One regime.
water     max sum log(a_i + x_i), sum x_i <= q, x >= 0, a_1 < ... < a_m.             m regimes.
box       min sum (x_i - c_i)**2, 0 <= x_i <= 1, sum x_i <= b, c_1 < ... < c_m.      Many regimes.

Every size is solved in a process of its own, after one small problem.

    python benchmarks/growth.py [--family sharing] [--plot FILE] [--limit 120]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"sharing": (2, 4, 8, 16, 32, 64), "water": (2, 3, 4, 6, 8), "box": (2, 3, 4)}
# (family, size) -> seconds for solving alone and for solving with proof
GOALS: dict[tuple[str, int], tuple[float | None, float]] = {
    ("sharing", 64): (0.5, 1.5),
    ("water", 8): (None, 2.0),
    ("box", 4): (None, 1.0),
}


def model(family: str, size: int) -> str:
    """The model file of a family's member."""
    numbers = range(1, size + 1)
    names = [f"x{i}" for i in numbers]
    total = " + ".join(names)
    if family == "sharing":
        agents = "".join(
            f'[[agents]]\nname = "agent{i}"\nactions = {{ x{i} = "positive" }}\n'
            f'utility = "log(x{i})"\n'
            for i in numbers
        )
        shared = f'[shared]\nresource = "{total} <= q"\n'
        return f'format = 1\nconcept = "social"\n[parameters]\nq = "positive"\n{agents}{shared}'
    letter, limit = ("a", "q") if family == "water" else ("c", "b")
    terms = "log(a{0} + x{0})" if family == "water" else "(x{0} - c{0})**2"
    goal = " + ".join(terms.format(i) for i in numbers)
    kind = "utility" if family == "water" else "loss"
    domain = '"nonnegative"' if family == "water" else '["0", "1"]'
    order = ", ".join(f'"{letter}{i} < {letter}{i + 1}"' for i in numbers[:-1])
    sign = "positive" if family == "water" else "real"
    declared = "".join(f'{letter}{i} = "{sign}"\n' for i in numbers)
    actions = ", ".join(f"{x} = {domain}" for x in names)
    return (
        f'format = 1\nconcept = "maximize"\nconditions = [{order}]\n'
        f'[parameters]\n{limit} = "positive"\n{declared}[[agents]]\nname = "alpha"\n'
        f'actions = {{ {actions} }}\n{kind} = "{goal}"\n'
        f'constraints = {{ budget = "{total} <= {limit}" }}\n'
    )


def once(family: str, size: int) -> dict[str, Any]:
    """Seconds until the closed forms are known and until they are proved, regimes and verdicts."""
    from alignsym import answer
    from alignsym.claims import word
    from alignsym.model.files import loads

    answer.solve(loads(model("sharing", 2)))
    game = loads(model(family, size))
    began = time.process_time()
    found: list[float] = []
    search = answer.partition

    def timed(*given: Any, **options: Any) -> Any:
        out = search(*given, **options)
        found.append(time.process_time() - began)
        return out

    answer.partition = timed
    solution = answer.solve(game)
    return {
        "solved": found[0] if found else None,
        "proved": time.process_time() - began,
        "regimes": len(solution.cases),
        "said": f"{solution.status}, {word(solution.proof)}, covered {word(solution.coverage)}",
    }


def measured(family: str, size: int, limit: float) -> dict[str, Any] | None:
    """`once` in a process of its own; None beyond the limit."""
    command = [sys.executable, __file__, "--once", family, str(size)]
    try:
        done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def drawn(rows: dict[str, list[tuple[int, dict[str, Any]]]], file: str) -> None:
    """Seconds with proof against size, both axes logarithmic."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    for family, points in rows.items():
        pyplot.loglog([n for n, _ in points], [r["proved"] for _, r in points], "o-", label=family)
    pyplot.xlabel("size")
    pyplot.ylabel("seconds, proof included")
    pyplot.legend()
    pyplot.savefig(file)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--family", choices=sorted(SIZES), action="append")
    parser.add_argument("--plot", metavar="FILE", help="draw the table (matplotlib)")
    parser.add_argument("--limit", type=float, default=120, help="seconds a problem")
    parser.add_argument("--once", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        sys.stdout.write(json.dumps(once(given.once[0], int(given.once[1]))))
        return 0
    rows: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    missed = 0
    sys.stdout.write(f"{'family':10}{'size':>5}{'regimes':>9}{'solved s':>10}{'proved s':>10}\n")
    for family in given.family or list(SIZES):
        for size in SIZES[family]:
            row = measured(family, size, given.limit)
            alone, proof = GOALS.get((family, size), (None, None))
            if row is None:
                missed += proof is not None
                sys.stdout.write(f"{family:10}{size:5}   more than {given.limit:g} s\n")
                break
            rows.setdefault(family, []).append((size, row))
            late = proof is not None and row["proved"] > proof
            late = late or (alone is not None and row["solved"] > alone)
            missed += late
            goal = "" if proof is None else f"   goal {proof:g} s" + " MISSED" * late
            sys.stdout.write(
                f"{family:10}{size:5}{row['regimes']:9}{row['solved']:10.3f}{row['proved']:10.3f}"
                f"   {row['said']}{goal}\n"
            )
    if given.plot:
        drawn(rows, given.plot)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
