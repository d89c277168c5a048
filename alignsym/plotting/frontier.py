"""Two persons' utilities: the Pareto frontier, the equilibria on or off it, the largest sum."""

from __future__ import annotations

import math
from typing import Any

from alignsym.alignment.arena import Arena, arena
from alignsym.alignment.efficient_set import EfficientSet, efficient_set
from alignsym.alignment.frontier import Frontier
from alignsym.alignment.utility_space import EVERY, Attainable
from alignsym.alignment.welfare import largest_sum
from alignsym.errors import UsageError
from alignsym.plotting.ranges import (
    POINTS,
    Numbers,
    case_at,
    formulas,
    holds,
    members,
    profiles,
    root,
    value,
)
from alignsym.plotting.style import COLOURS, EQUILIBRIUM, OPTIMUM, maths
from alignsym.present.notation import symbol_latex
from alignsym.solution import Continuum, Solution

RATIO = 6.0  # weights are drawn from 1 : RATIO to RATIO : 1
FAR = 0.2  # of the size of utilities
Points = list[tuple[float, float]]


def draw_frontier(
    solution: Solution,
    axes: Any,
    over: Any,
    fixed: Numbers,
    ends: Any,
    of: Any,
    seconds: float | None = None,
) -> None:
    """Utilities of two persons: the most that can be reached, the equilibria, the largest sum."""
    del over, of
    game = solution.game
    judged = _arena(solution)
    if len(judged.persons) != 2:
        raise UsageError(
            "a frontier is drawn for two persons", where="plot",
            remedy="the other kinds do not ask how many there are",
        )  # fmt: skip
    found = efficient_set(game, seconds=seconds)
    table = largest_sum(judged, seconds)
    here = [_levels(judged, row) for row in profiles(solution, fixed)]
    most = [*profiles(table, fixed), *members(table, fixed)]
    best = [_levels(judged, row) for row in most]
    line = _line(found, judged, fixed, [p for p in (*here, *best) if _finite(p)])
    if len(line) < 2:
        raise UsageError(
            "no frontier is known at this point", where="plot",
            remedy="try other numbers for the parameters (--at), or see what align says",
        )  # fmt: skip
    axes.plot([u for u, _ in line], [v for _, v in line], color=COLOURS[0], label="Pareto frontier")
    if solution.concept == "social" and not game.weights:
        here = []  # it is the largest sum
    for points, style, label in (
        (best, OPTIMUM, "largest sum"), (here, EQUILIBRIUM, _named(solution)),
    ):  # fmt: skip
        drawn = [p for p in dict.fromkeys(points) if _finite(p)]
        if drawn:
            axes.plot([u for u, _ in drawn], [v for _, v in drawn], label=label, **style)
    if ends is not None:
        axes.set_xlim(*map(float, ends[0]))
        axes.set_ylim(*map(float, ends[1]))
    labels = [maths(symbol_latex(f"U_{name}"), f"utility of {name}") for name in judged.persons]
    before = ", before payments" if judged.transferable else ""
    axes.set_xlabel(labels[0] + before)
    axes.set_ylabel(labels[1] + before)
    axes.legend(frameon=False)


def _arena(solution: Solution) -> Arena:
    regimes = solution.regimes
    values = dict(regimes[0].values) if regimes else {}
    judged = arena(solution.game, solution.concept, values)
    if isinstance(judged, str):
        raise UsageError(judged, where="plot")
    return judged


def _named(solution: Solution) -> str:
    words = {"social": "weighted optimum", "bargaining": "bargain", "maximize": "optimum"}
    return words.get(solution.concept, "equilibrium")


def _levels(judged: Arena, profile: Numbers) -> tuple[float, float]:
    """Both utilities; what is paid in a numeraire that is an action of its own counts."""
    kept = {str(m): value(e, profile) for m, e in judged.added}
    one, two = (value(judged.utility(n), {**profile, **kept}) for n in judged.persons)
    return one, two


def _finite(point: tuple[float, float]) -> bool:
    return all(map(math.isfinite, point))


def _line(found: EfficientSet, judged: Arena, fixed: Numbers, marks: Points) -> Points:
    """Points of the frontier in the order of the first utility; nan where it is not known."""
    rows = found.among_utilities if isinstance(found.among_utilities, tuple) else ()
    row = next((r for r in rows if holds(r.when, fixed)), None)
    if row is not None and judged.transferable:
        total = value(row.relation.right, fixed)
        reach = max([1.0, *(2 * abs(u - total / 2) for u, _ in marks)])
        return [(total / 2 + k * reach, total / 2 - k * reach) for k in (-1.0, 1.0)]
    by_weights = _weighted(found, judged, fixed)
    if row is None or row.scope != EVERY or len(by_weights) < 2:
        return by_weights
    # The relation, for maximisers of weighted sums leave out what is not concave.
    known = [p for p in by_weights if _finite(p)]
    first = [u for u, _ in known], [v for _, v in known]
    low, high = min(first[0]), max(first[0])
    around = min(first[1]), max(first[1])
    steps = (low + (high - low) * k / (POINTS - 1) for k in range(POINTS))
    points = [(u, _second(row, u, around, fixed)) for u in steps]
    return [p for p in points if _finite(p)]


def _weighted(found: EfficientSet, judged: Arena, fixed: Numbers) -> Points:
    if not isinstance(found.weighted, Frontier):
        return []
    solution = found.weighted.solution
    (_, first), (_, second) = found.weighted.weights
    points: list[tuple[float, tuple[float, float]]] = []
    for k in range(POINTS):
        ratio = RATIO ** (2 * k / (POINTS - 1) - 1)
        here = {**fixed, str(first): ratio, str(second): 1.0}
        place = case_at(solution, here)
        if place is None:
            continue
        chosen = {n: value(e, here) for n, e in formulas(solution.cases[place]).items()}
        level = _levels(judged, {**here, **chosen})
        if not _finite(level) or (points and level == points[-1][1]):
            continue
        if points and not _tied(solution, {**here, str(first): points[-1][0]}, here):
            points += _gap(points[-1][1], level)
        points.append((ratio, level))
    return [p for _, p in points]


def _tied(solution: Solution, before: Numbers, here: Numbers) -> bool:
    """Whether at a weight between two there is a whole set as good: a straight piece."""
    for case in solution.cases:
        ties = [r.gap for r in case.when if r.is_equality] if isinstance(case, Continuum) else []
        if any(value(e, before) * value(e, here) <= 0 for e in ties):
            return True
    return False


def _gap(
    before: tuple[float, float], after: tuple[float, float]
) -> list[tuple[float, tuple[float, float]]]:
    """A break where two neighbours are far apart, for what is between is not known."""
    far = max(abs(a - b) for a, b in zip(before, after)) > FAR * (1 + max(map(abs, before)))
    return [(math.nan, (math.nan, math.nan))] if far else []


def _second(row: Attainable, u: float, around: tuple[float, float], fixed: Numbers) -> float:
    """The second utility on the frontier for the first, by bisection on the relation."""
    one, two = (str(k) for _, k in row.utilities)

    def gap(v: float) -> float:
        return value(row.relation.gap, {**fixed, one: u, two: v})

    found = root(gap, *around)
    inside = holds(row.within, {**fixed, one: u, two: found}, slack=1e-9)
    return found if inside else math.nan
