"""The first solve of every model file of the public corpus in one warm process, proof included.

Prints the median, the 90th percentile, the slowest files and the peak memory, and the ratio to the
floor: the time it takes to see, by substitution and SymPy's `cancel` (or the package's own zero
test, which is quicker and knows powers), that the file's own published closed form is stationary
and feasible.  `--profile` says in which phase the time goes; a phase is charged only with what no
other phase inside it accounts for.

    python benchmarks/corpus.py [--concept maximize,social] [--seconds 8] [--profile] [PATH...]
"""

from __future__ import annotations

import argparse
import functools
import json
import random
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sympy as sp

from alignsym import answer, examined, load
from alignsym.claims import word
from alignsym.conditions.concepts import CONCEPTS
from alignsym.errors import AlignsymError
from alignsym.logic import decide
from alignsym.logic.normal import is_identically_zero
from alignsym.model.game import Game
from alignsym.solving import neat, partition, thresholds
from alignsym.solving.oracle.interior import Oracle
from alignsym.verify.decision import DecisionMaker, decision_makers

ROOT = Path(__file__).resolve().parents[1]
WARM_UP = ROOT / "derivations" / "shared_good" / "weighted.toml"
MEDIAN, NINETY, RATIO = 0.1, 1.0, 5.0


# ------------------------------------------------------------------ phases
class Clock:
    """Seconds by phase; the innermost phase that is running is charged."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._running: list[str] = ["the rest"]
        self._since = time.process_time()

    def _charge(self) -> None:
        now = time.process_time()
        self.spent[self._running[-1]] += now - self._since
        self._since = now

    def during(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time charged to the phase."""

        @functools.wraps(function)
        def timed(*given: Any, **options: Any) -> Any:
            self._charge()
            self._running.append(phase)
            self.calls[phase] += 1
            try:
                return function(*given, **options)
            finally:
                self._charge()
                self._running.pop()

        return timed

    def each(self, phase: str, function: Callable[..., Iterator[Any]]) -> Callable[..., Any]:
        """The same for a generator: what it does between two of its values."""

        def timed(*given: Any, **options: Any) -> Iterator[Any]:
            values = function(*given, **options)
            step = self.during(phase, lambda: next(values, None))
            while (value := step()) is not None:
                yield value

        return timed

    def attach(self) -> None:
        """Time the phases of every solve from now on."""
        phases: list[tuple[str, Any]] = [
            ("search for regimes", partition.partition),
            ("strategies", partition.closed_form),
            ("neat", neat.shortened),
            ("conditions", thresholds.conditions),
            ("regimes", examined.regime),
            ("comparison", answer.compared),
            ("comparison", answer.critical_points),
            ("ties", examined.with_ties),
            ("verification", examined.verify),
            ("trial", examined.try_regime),
            ("translation", decide.search),
            ("translation", decide.visibly_true),
            ("z3", decide._ask),
        ]
        modules = [m for n, m in sys.modules.items() if n.startswith("alignsym")]
        for phase, function in phases:
            timed = self.during(phase, function)
            for module in modules:
                for name in [n for n, v in vars(module).items() if v is function]:
                    setattr(module, name, timed)
        answer.CONCEPTS = {k: self.during("system", f) for k, f in CONCEPTS.items()}
        Oracle.solve = self.each("oracle", Oracle.solve)  # type: ignore[method-assign]
        self.spent.clear()
        self._since = time.process_time()

    def table(self) -> str:
        """Seconds, share and calls of every phase, the longest first."""
        self._charge()
        total = sum(self.spent.values())
        return "".join(
            f"{phase:20}{spent:9.2f} s{spent / total:8.1%}{self.calls[phase]:9} calls\n"
            for phase, spent in self.spent.most_common()
        )


# ------------------------------------------------------------------ the floor
def floor(game: Game, tidy: Callable[[sp.Expr], sp.Expr]) -> float | None:
    """Seconds to check the file's own regimes by substitution; None where it has none to check.

    Every regime: dL/dx = 0 at the values, exactly, with the multiplier of a bound read off where
    the action stands on one; slacks and multipliers at one point.  `tidy` brings what was
    substituted into a form in which zero is 0.
    """
    named = {c.name for c in game.constraints}
    if not game.expected or any(dict(r.multipliers).keys() != named for r in game.expected):
        return None
    if any(not r.values for r in game.expected):
        return None
    (maker,) = decision_makers(game, game.concept or "social")
    began = time.process_time()
    for regime in game.expected:
        _substituted(maker, dict(regime.values), dict(regime.multipliers), tidy)
    return time.process_time() - began


def by_cancel(expression: sp.Expr) -> sp.Expr:
    """SymPy's quick way; of powers with symbolic exponents it says less than could be said."""
    try:
        return sp.cancel(sp.together(expression))
    except sp.PolynomialError:
        return expression


def by_normal_form(expression: sp.Expr) -> sp.Expr:
    """0 if the package's own zero test says so; the result of no earlier test is used."""
    zero = is_identically_zero.__wrapped__(expression)
    return sp.S.Zero if zero else expression


def _substituted(
    maker: DecisionMaker,
    values: dict[sp.Symbol, sp.Expr],
    multipliers: dict[str, sp.Expr],
    tidy: Callable[[sp.Expr], sp.Expr],
) -> bool:
    """Whether the Lagrangian is stationary at the values and every sign is right at a point."""
    right = True
    numbers: list[sp.Expr] = [*multipliers.values()]
    for action in maker.actions:
        slope = sp.diff(maker.objective, action.symbol)
        for constraint in maker.constraints:
            gap = sp.diff(constraint.relation.gap, action.symbol)
            sign = -1 if constraint.relation.is_equality else 1
            slope += sign * multipliers[constraint.name] * gap
        at = slope.xreplace(values)
        if values[action.symbol] in (action.interval.lower, action.interval.upper):
            numbers.append(at)
        else:
            right = tidy(at) == 0 and right
    numbers += [tidy(c.relation.gap.xreplace(values)) for c in maker.constraints]
    rng = random.Random(0)
    symbols = sorted(set().union(*(e.free_symbols for e in numbers)), key=str) if numbers else []
    point = {s: sp.Rational(rng.randint(1, 97), 13) for s in symbols}
    return right and all(bool(e.xreplace(point).is_finite) for e in numbers)


# ------------------------------------------------------------------ the corpus
def rows(files: list[Path], concepts_: list[str], seconds: float) -> Iterator[dict[str, Any]]:
    """Seconds, verdict and floor of every file."""
    for file in files:
        try:
            game = load(file)
        except AlignsymError:
            continue
        if game.concept not in concepts_:
            continue
        began = time.process_time()
        solution = answer.solve(game, seconds=seconds)
        spent = time.process_time() - began
        solved = solution.status == "solved"
        yield {
            "file": str(file.relative_to(ROOT) if file.is_relative_to(ROOT) else file),
            "seconds": spent,
            "by cancel": floor(game, by_cancel) if solved else None,
            "by normal form": floor(game, by_normal_form) if solved else None,
            "status": solution.status,
            "proof": word(solution.proof),
        }


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--concept", default="maximize,social")
    parser.add_argument("--seconds", type=float, default=8, help="soft limit for each file")
    parser.add_argument("--slowest", type=int, default=10)
    parser.add_argument("--profile", action="store_true", help="seconds by phase")
    parser.add_argument("--json", type=Path, help="write every file's row here")
    given = parser.parse_args()
    paths = [p.resolve() for p in given.paths] or [ROOT / "tests" / "corpus"]
    files = sorted(f for p in paths for f in ([p] if p.is_file() else p.rglob("*.toml")))
    answer.solve(load(WARM_UP))
    clock = Clock()
    if given.profile:
        clock.attach()
    found = list(rows(files, given.concept.split(","), given.seconds))
    if not found:
        parser.error("no model files of these concepts")
    times = sorted(r["seconds"] for r in found)
    median, ninety = statistics.median(times), times[int(0.9 * len(times))]
    ratios = {
        kind: statistics.median(
            [r["seconds"] / r[kind] for r in found if r[kind]] or [float("nan")]
        )
        for kind in ("by cancel", "by normal form")
    }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    proved = sum(r["proof"] == "proved" for r in found)
    for row in sorted(found, key=lambda r: -r["seconds"])[: given.slowest]:
        sys.stdout.write(
            f"{row['seconds']:9.3f} s  {row['file']}  {row['status']}, {row['proof']}\n"
        )
    sys.stdout.write(
        f"{len(found)} files, {proved} proved\n"
        f"median          {median:8.3f} s   (goal {MEDIAN})\n"
        f"90th percentile {ninety:8.3f} s   (goal {NINETY})\n"
        f"all             {sum(times):8.1f} s\n"
        f"median ratio to the floor, {sum(bool(r['by cancel']) for r in found)} files: "
        f"{ratios['by cancel']:.1f} by SymPy's cancel   (goal {RATIO}), "
        f"{ratios['by normal form']:.1f} by our zero test\n"
        f"peak memory     {memory:8.0f} MiB\n"
    )
    if given.profile:
        sys.stdout.write(clock.table())
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0 if median <= MEDIAN and ninety <= NINETY else 1


if __name__ == "__main__":
    sys.exit(main())
