"""Seconds to all equilibria of games of growing size, and the corpus against another program.

cournot   n firms, P = a - Q, c_1 < ... < c_n, which of them are active.          n + 1 regimes.
fisher    n buyers with budgets w_i and sum_j a_ij*log(x_ij), n goods.           One regime.
contest   n contestants with prizes v_1 > ... > v_n, who takes part.             n - 1 regimes.

Every size is solved in a process of its own after one small problem; CPU seconds, proof included.
With `--peer 'COMMAND {file}'` both programs then answer the corpus files of games, sharing and
general equilibrium, one after the other, judged by the same judge (see `peer.py`).

    python benchmarks/equilibria.py [--family cournot] [--limit 120]
                                    [--peer 'COMMAND {file}' --peer-limit 20]
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
WARM_UP = ROOT / "derivations" / "shared_good" / "weighted.toml"
SIZES = {"cournot": (2, 3, 4, 6, 8), "fisher": (2, 3, 4, 6, 8), "contest": (2, 3, 4)}
GOALS = {("cournot", 8): 1.0, ("fisher", 8): 2.0, ("contest", 3): 2.0}
CORPUS = ("games", "sharing", "general_equilibrium")


def model(family: str, size: int) -> str:
    """The model file of a family's member."""
    return {"cournot": cournot, "fisher": fisher, "contest": contest}[family](range(1, size + 1))


def cournot(numbers: range) -> str:
    """n firms with ordered costs."""
    total = " + ".join(f"q{i}" for i in numbers)
    profits = {f"q{i}": f"(a - ({total}))*q{i} - c{i}*q{i}" for i in numbers}
    return game("c", "<", numbers, profits, 'a = "positive"\n')


def contest(numbers: range) -> str:
    """n contestants with ordered prizes."""
    total = " + ".join(f"x{i}" for i in numbers)
    gains = {f"x{i}": f"v{i}*x{i}/({total}) - x{i}" for i in numbers}
    return game("v", ">", numbers, gains, "")


def game(letter: str, order: str, numbers: range, utilities: dict[str, str], more: str) -> str:
    """A Nash game in one number each, with ordered data."""
    ordered = ", ".join(f'"{letter}{i} {order} {letter}{i + 1}"' for i in numbers[:-1])
    declared = more + "".join(f'{letter}{i} = "positive"\n' for i in numbers)
    agents = "".join(
        f'[[agents]]\nname = "agent_{x}"\nactions = {{ {x} = "nonnegative" }}\nutility = "{u}"\n'
        for x, u in utilities.items()
    )
    head = f'format = 1\nconcept = "nash"\nconditions = [{ordered}]\n[parameters]\n'
    return head + declared + agents


def fisher(numbers: range) -> str:
    """n Cobb-Douglas buyers of n goods in unit supply."""
    declared = "".join(f'w{i} = "positive"\n' for i in numbers)
    declared += "".join(f'a{i}_{j} = "positive"\n' for i in numbers for j in numbers)
    agents = ""
    for i in numbers:
        goods = ", ".join(f'x{i}_{j} = "nonnegative"' for j in numbers)
        utility = " + ".join(f"a{i}_{j}*log(x{i}_{j})" for j in numbers)
        spent = " + ".join(f"p{j}*x{i}_{j}" for j in numbers)
        agents += (
            f'[[agents]]\nname = "buyer{i}"\nactions = {{ {goods} }}\nutility = "{utility}"\n'
            f'constraints = {{ budget{i} = "{spent} <= w{i}" }}\n'
        )
    markets = "".join(
        f'p{j} = "{" + ".join(f"x{i}_{j}" for i in numbers)} <= 1"\n' for j in numbers
    )
    head = 'format = 1\nconcept = "walras"\n[parameters]\n'
    return f"{head}{declared}{agents}[prices]\n{markets}"


def once(family: str, size: int) -> dict[str, Any]:
    """CPU seconds to the answer, its regimes and verdicts."""
    from alignsym import load, solve
    from alignsym.claims import word
    from alignsym.model.files import loads

    solve(load(WARM_UP))
    given = loads(model(family, size))
    began = time.process_time()
    solution = solve(given)
    exhaustive = {word(c.exhaustive) for c in solution.regimes}
    return {
        "seconds": time.process_time() - began,
        "regimes": len(solution.cases),
        "proved": exhaustive == {"proved"} and word(solution.proof) == "proved",
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


def compared(peer: str, seconds: float) -> None:
    """The corpus files of these concepts, by both programs in one run."""
    files = [str(ROOT / "tests" / "corpus" / "textbook" / topic) for topic in CORPUS]
    command = [sys.executable, str(ROOT / "benchmarks" / "peer.py"), "--peer", peer]
    subprocess.run([*command, "--timeout", str(seconds), *files], check=True)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--family", choices=sorted(SIZES), action="append")
    parser.add_argument("--limit", type=float, default=120, help="seconds a problem")
    parser.add_argument("--peer", help="another program's command with {file}")
    parser.add_argument("--peer-limit", type=float, default=20, help="seconds a file, both")
    parser.add_argument("--once", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        sys.stdout.write(json.dumps(once(given.once[0], int(given.once[1]))))
        return 0
    missed = 0
    sys.stdout.write(f"{'family':10}{'size':>5}{'regimes':>9}{'CPU s':>10}\n")
    for family in given.family or list(SIZES):
        for size in SIZES[family]:
            row = measured(family, size, given.limit)
            goal = GOALS.get((family, size))
            if row is None:
                missed += goal is not None
                sys.stdout.write(f"{family:10}{size:5}   more than {given.limit:g} s\n")
                break
            late = goal is not None and (row["seconds"] > goal or not row["proved"])
            missed += late
            note = "" if goal is None else f"   goal {goal:g} s" + " MISSED" * late
            figures = f"{size:5}{row['regimes']:9}{row['seconds']:10.3f}"
            sys.stdout.write(f"{family:10}{figures}   {row['said']}{note}\n")
    if given.peer:
        sys.stdout.flush()
        compared(given.peer, given.peer_limit)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
