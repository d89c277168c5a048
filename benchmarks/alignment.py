"""`align` on every model file with equilibria: what is decided of each, and in how much time.

Runs `alignsym align FILE --json --timeout SECONDS` on every `nash`, `walras` and `variational` file
and prints a row each: the verdict on every case (with ? where it is not proved), whether the
optimum is known, the instruments (with ? likewise), seconds.  Then, for every X beside an X_social
with the same utilities, whether equal weights are among those that are said to support the
equilibrium exactly where it has the largest sum of utilities.  That is decided by the two files'
*published* values, at the points given with them and at random exact ones, not by what is under
test.

    python benchmarks/alignment.py [--timeout 120] [--write benchmarks/alignment.txt] [PATH...]

Goals: no crash, no time-out, at least 80 % of the files without an undecided case, no wrong pair.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sympy as sp

from alignsym import load
from alignsym.model.agents import StatedRegime
from alignsym.model.expressions import parse_expression, parse_relation
from alignsym.model.game import Game
from alignsym.model.symbols import SymbolTable
from alignsym.solution import holds
from alignsym.solving.regimes import payoff

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "corpus"
CONCEPTS = ("nash", "walras", "variational")
GOAL = 0.8
POINTS = 6


@dataclass(frozen=True)
class Row:
    """What `align` said of one file; `said` is None where it printed no answer."""

    path: Path
    status: int
    seconds: float
    said: dict[str, Any] | None

    @property
    def kinds(self) -> list[str]:
        """The verdicts on the cases."""
        return [e["efficient"] for e in (self.said or {}).get("equilibria", [])]

    @property
    def decided(self) -> bool:
        """Whether there is a verdict on every case."""
        return bool(self.kinds) and "unknown" not in self.kinds

    def __str__(self) -> str:
        said = self.said or {}
        cases = [
            e["efficient"] + "?" * (e["status"] != "proved") for e in said.get("equilibria", [])
        ]
        made = [i["kind"] + "?" * (i["status"] != "proved") for i in said.get("instruments", [])]
        optimum = "optimum" if said.get("optimum") else ""
        path = self.path.resolve()
        inside = path.is_relative_to(CORPUS)
        name = str(path.relative_to(CORPUS).with_suffix("")) if inside else path.stem
        failed = f"exit {self.status} " if self.status else ""
        text = f"{name:58} {self.seconds:6.1f} s  {failed}{' '.join(cases) or 'nothing'}"
        return f"{text}  [{', '.join(made)}] {optimum}".rstrip()


def asked(path: Path, timeout: float) -> Row:
    """The row of one file."""
    command = [sys.executable, "-m", "alignsym", "align", str(path), "--json"]
    began = time.perf_counter()
    done = subprocess.run(
        [*command, "--timeout", str(timeout)], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    try:
        said = json.loads(done.stdout)
    except json.JSONDecodeError:
        said = None
    return Row(path, done.returncode, seconds, said)


# ------------------------------------------------------------------ pairs
def partner(path: Path) -> Path | None:
    """X_social beside X, or X_social_2 beside X_nash_2."""
    stem = path.stem
    names = [f"{stem}_social", stem.replace("_nash", "_social"), f"{stem.split('_')[0]}_social"]
    found = (path.with_name(f"{n}.toml") for n in names if n != stem)
    return next((p for p in found if p.exists()), None)


def same_utilities(one: Game, two: Game) -> bool:
    """Whether two games have the same agents with the same utilities, actions and parameters."""
    people = [[(a.name, a.objective, a.loss, a.actions) for a in g.agents] for g in (one, two)]
    mine, theirs = ({str(p.symbol) for p in g.parameters} for g in (one, two))
    return people[0] == people[1] and mine == theirs and not two.weights and not one.families


def published(game: Game, table: dict[sp.Symbol, sp.Expr]) -> dict[sp.Symbol, sp.Expr] | None:
    """The published values at an exact point; None unless exactly one set of values holds there."""
    found: list[StatedRegime] = [
        e for e in game.expected if e.values and all(holds(r, table) for r in e.when)
    ]
    rows = {tuple((s, e.xreplace(table)) for s, e in e_.values) for e_ in found}
    return dict(rows.pop()) if len(rows) == 1 else None


def points(game: Game) -> Iterator[dict[sp.Symbol, sp.Expr]]:
    """Random exact parameter points at which everything declared holds."""
    rng = random.Random(0)
    given = 0
    for _ in range(400):
        table = {p.symbol: sp.Rational(rng.randint(1, 40), rng.randint(5, 12))
                 for p in game.parameters}  # fmt: skip
        if all(holds(r, table) for r in game.domain()):
            yield table
            given += 1
        if given >= POINTS:
            return


def total(game: Game, values: dict[sp.Symbol, sp.Expr], table: dict[sp.Symbol, sp.Expr]) -> sp.Expr:
    """The sum of utilities, to forty digits; -oo where somebody has that."""
    worth = [payoff(a.utility.xreplace(table), values) for a in game.agents]
    return sp.N(sp.Add(*worth), 40)


def equal_weights(said: dict[str, Any], game: Game, point: dict[sp.Symbol, sp.Expr]) -> bool | None:
    """Whether a case that holds at the point says that equal weights support it; None where it
    does not hold there, or says nothing."""
    weights = said["weights"] or {}
    symbols = {f"w_{n}": "nonnegative" for n in weights}
    numbers = {str(s): e for s, e in point.items()} | dict.fromkeys(symbols, sp.S.One)
    names = SymbolTable.of(parameter=dict.fromkeys([*map(str, point), *symbols], "real"))

    def at(text: str) -> sp.Expr:
        found = parse_expression(text, names)
        return found.xreplace({s: numbers[str(s)] for s in found.free_symbols})

    def true(text: str) -> bool:
        r = parse_relation(text, names)
        return holds(r.replaced({s: numbers[str(s)] for s in r.free_symbols}), {})

    if not all(true(t) for t in said["when"]) or "continuum" in said:
        return None
    if said["weights_cone"] is not None and all(true(t) for t in said["weights_cone"]):
        return True
    if not weights:
        return None if said["efficient"] == "unknown" else False
    values = [at(t) for t in weights.values()]
    if not said["degenerate"] and any(v == 0 for v in values):
        return None  # one supporting sum out of many, which are not described
    return all(abs(sp.N(v - values[0], 40)) < sp.Float("1e-25") for v in values)


def compared(row: Row, social: Path) -> tuple[int, int] | None:
    """Points at which the weights are rightly said to be equal or not, and wrongly."""
    one, two = load(row.path), load(social)
    if row.said is None or not same_utilities(one, two):
        return None
    right = wrong = 0
    for point in points(one):
        now, best = published(one, point), published(two, point)
        if now is None or best is None:
            continue
        largest, sum_ = total(two, best, point), total(one, now, point)
        agree = bool(sum_.is_finite and abs(largest - sum_) < sp.Float("1e-25"))
        for case in row.said["equilibria"]:
            said = equal_weights(case, one, point)
            right += said is not None and said == agree
            wrong += said is not None and said != agree
    return right, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path, default=[CORPUS], metavar="PATH")
    parser.add_argument("--timeout", type=float, default=120)
    parser.add_argument("--write", type=Path, help="write the table to this file")
    options = parser.parse_args()
    files = [f for p in options.paths for f in (sorted(p.rglob("*.toml")) if p.is_dir() else [p])]
    lines: list[str] = []

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    rows = []
    for path in files:
        if load(path).concept in CONCEPTS:
            rows.append(asked(path, options.timeout))
            say(str(rows[-1]))
    failed = [r for r in rows if r.status or r.said is None]
    decided = sum(r.decided for r in rows)
    cases = [k for r in rows for k in r.kinds]
    known = sum(k != "unknown" for k in cases)
    say(f"{len(rows)} files, {len(failed)} without an answer; every case decided in {decided} "
        f"({decided / max(1, len(rows)):.0%}); {known} of {len(cases)} cases")  # fmt: skip
    wrong = 0
    for row in rows:
        social = partner(row.path)
        found = None if social is None else compared(row, social)
        if found is not None:
            wrong += found[1]
            say(f"pair {row.path.stem:40} {found[0]} points right, {found[1]} wrong")
    if options.write:
        options.write.write_text("\n".join(lines) + "\n")
    return int(bool(failed) or decided < GOAL * len(rows) or bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
