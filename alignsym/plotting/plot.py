"""`plot(solution, kind)`: one picture a kind, drawn on matplotlib axes.

    values    values and shadow prices over one parameter, the ends of cases marked
    regimes   which case holds, over two parameters
    replies   two agents with one action each: best replies, and the equilibria where they meet
    market    one price: what is demanded of each price, and what there is
    frontier  two persons' utilities: the Pareto frontier, the equilibrium, the largest sum
    box       two persons, two goods: the Edgeworth box, its contract curve, core and equilibrium

Curves are told apart by colour (Okabe and Ito 2008, safe for the colour-blind) and by dashes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from types import MappingProxyType
from typing import Any

from alignsym.answer import solve
from alignsym.errors import UsageError
from alignsym.model.agents import Agent, Parameter
from alignsym.model.game import Game
from alignsym.model.relations import Interval
from alignsym.plotting.ranges import (
    Numbers,
    Span,
    case_at,
    cases_at,
    fixed_at,
    formulas,
    span,
    value,
)
from alignsym.plotting.style import COLOURS, DASHES, maths
from alignsym.present.notation import formula, region_latex, symbol_latex
from alignsym.solution import Solution

BISECTIONS = 50


def plot(
    solution: Solution,
    kind: str = "values",
    *,
    over: Any = None,
    at: Mapping[Any, Any] | None = None,
    ends: Any = None,
    of: Any = None,
    endowment: Mapping[Any, Any] | None = None,
    seconds: float | None = None,
    axes: Any = None,
) -> Any:
    """The picture on `axes` (new ones if not given), which are returned.

    Arguments: `over`, a parameter, or two for `regimes`; `at`, numbers for the others (by default
    those of a point inside the first case); `ends`, the range drawn, two pairs for `regimes`; `of`,
    the names to draw, by default all; `endowment`, for `box`, what each action is without exchange
    (by default what the budgets say); `seconds`, for `frontier`, the limit of what is solved anew.
    Raises: UsageError for an unknown kind, or where the solution has nothing of the kind to show.
    """
    if kind not in KINDS:
        raise UsageError(f"no picture {kind!r}", where="plot", remedy=f"kinds: {', '.join(KINDS)}")
    fixed = fixed_at(solution, at or {})
    axes = _axes() if axes is None else axes
    more: dict[str, Any] = {} if endowment is None else {"endowment": endowment}
    if more and kind != "box":
        raise UsageError("an endowment is drawn in a box", where="plot, endowment")
    more |= {"seconds": seconds} if kind == "frontier" else {}
    KINDS[kind](solution, axes, over, fixed, ends, of, **more)
    return axes


def _axes() -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError as missing:
        raise UsageError(
            "pictures need matplotlib", where="plot", remedy="pip install 'alignsym[plot]'"
        ) from missing
    return Figure(figsize=(5.2, 3.6), layout="constrained").add_subplot()


def _first(solution: Solution) -> str:
    if not solution.game.parameters:
        raise UsageError(
            "there is no parameter to draw over", where="plot",
            remedy="values are drawn over a parameter; replies, market and box need none",
        )  # fmt: skip
    return str(solution.game.parameters[0].symbol)


def _values(solution: Solution, axes: Any, over: Any, fixed: Numbers, ends: Any, of: Any) -> None:
    drawn = span(solution.game, over or _first(solution), ends, fixed)
    name = str(drawn.symbol)
    wanted = None if of is None else [str(n) for n in ([of] if isinstance(of, str) else of)]
    labels = list(dict.fromkeys(n for c in solution.cases for n in formulas(c)))
    labels = [n for n in labels if wanted is None or n in wanted]
    if not labels:
        known = ", ".join(dict.fromkeys(n for c in solution.cases for n in formulas(c)))
        raise UsageError(
            "nothing of that name to draw" if known else "no case has values to draw",
            where="plot, of", remedy=f"there are {known}" if known else "see what solve says",
        )  # fmt: skip
    grid = sorted({*drawn.grid(), *edges(solution, drawn, fixed)})
    places = [cases_at(solution, {**fixed, name: x}) for x in grid]
    tables = [formulas(c) for c in solution.cases]
    equal = {c.name for c in solution.game.constraints if c.relation.is_equality}
    for k, label in enumerate(labels):
        shown = _multiplier(label, equal)
        branches = [
            [value(tables[k][label], {**fixed, name: x}) for k in p if label in tables[k]]
            for x, p in zip(grid, places, strict=True)
        ]
        # Several solutions: a line each, where they differ.
        rows = [tuple({f"{y:.9g}": y for y in ys}.values()) for ys in branches]
        for rank in range(max(map(len, rows), default=0)):
            ys = [r[rank] if rank < len(r) else float("nan") for r in rows]
            named = {} if rank else {"label": maths(symbol_latex(shown), shown)}
            axes.plot(grid, ys, color=COLOURS[k % len(COLOURS)],
                      linestyle=DASHES[k % len(DASHES)], **named)  # fmt: skip
    _refuse_empty(axes)
    for x in edges(solution, drawn, fixed):
        axes.axvline(x, color="0.6", linewidth=0.8, linestyle=":")
    axes.set_xlabel(maths(symbol_latex(name), name))
    axes.legend(frameon=False)


def _refuse_empty(axes: Any) -> None:
    """Raises: UsageError where no curve has a number: an empty picture says nothing."""
    points = (point for line in axes.lines for point in zip(*line.get_data(), strict=True))
    if not any(isfinite(x) and isfinite(y) for x, y in points):
        raise UsageError(
            "nothing has a value that can be drawn in this range", where="plot",
            remedy="give numbers for the parameters (--at), or the range (--ends)",
        )  # fmt: skip


def _multiplier(label: str, equal: set[str]) -> str:
    """Multipliers of equalities are written with another letter."""
    name = label.removeprefix("mu[").removesuffix("]")
    return f"nu[{name}]" if label.startswith("mu[") and name in equal else label


def edges(solution: Solution, drawn: Span, fixed: Numbers) -> list[float]:
    """Where one case ends and another begins, by bisection between grid points."""
    name = str(drawn.symbol)
    out = []
    grid = drawn.grid()
    places = [case_at(solution, {**fixed, name: x}) for x in grid]
    for low, high, before, after in zip(grid, grid[1:], places, places[1:]):
        if before == after:
            continue
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            if case_at(solution, {**fixed, name: middle}) == before:
                low = middle
            else:
                high = middle
        out.append((low + high) / 2)
    return out


def _regimes(solution: Solution, axes: Any, over: Any, fixed: Numbers, ends: Any, of: Any) -> None:
    del of
    names = [str(p.symbol) for p in solution.game.parameters]
    pair = list(over) if isinstance(over, (list, tuple)) else names[:2]
    if len(pair) != 2:
        raise UsageError(
            "a map of cases is over two parameters", where="plot, over",
            remedy="name two that the model has, or draw values over one",
        )  # fmt: skip
    both = ends or (None, None)
    across, up = (span(solution.game, n, e, fixed) for n, e in zip(pair, both, strict=True))
    xs, ys = across.grid(121), up.grid(121)
    rows = []
    for y in ys:
        here = {**fixed, str(up.symbol): y}
        places = [case_at(solution, {**here, str(across.symbol): x}) for x in xs]
        rows.append([float("nan") if p is None else float(p) for p in places])
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Patch

    count = len(solution.cases)
    colours = [COLOURS[k % len(COLOURS)] for k in range(count)]
    shades = ListedColormap(colours)
    norm = BoundaryNorm([k - 0.5 for k in range(count + 1)], count)
    axes.pcolormesh(xs, ys, rows, cmap=shades, norm=norm, alpha=0.45, shading="nearest",
                    rasterized=True)  # fmt: skip
    shown = sorted({int(p) for row in rows for p in row if p == p})
    for k in shown:
        inside = [(x, y) for y, row in zip(ys, rows) for x, p in zip(xs, row) if p == k]
        axes.annotate(str(k + 1), _middle(inside), ha="center", va="center")
    patches = [
        Patch(facecolor=colours[k], alpha=0.45, label=f"{k + 1}: {_where(solution, k)}")
        for k in shown
    ]
    axes.legend(handles=patches, fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    axes.set_xlabel(maths(symbol_latex(str(across.symbol)), str(across.symbol)))
    axes.set_ylabel(maths(symbol_latex(str(up.symbol)), str(up.symbol)))


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The point that is closest to the mean of all, so that it is one of them."""
    count = len(points)
    x, y = sum(p[0] for p in points) / count, sum(p[1] for p in points) / count
    return min(points, key=lambda p: ((p[0] - x) ** 2 + (p[1] - y) ** 2, p))


def _where(solution: Solution, k: int) -> str:
    when = solution.cases[k].when
    return maths(region_latex(when), ", ".join(map(str, when))) if when else "always"


def _program(game: Game, agent: Agent, given: list[Parameter]) -> Solution:
    """The agent's own problem, what it takes as given as parameters."""
    alone = game.altered(
        agents=(agent,), shared=(), prices=(), weights=(), disagreement=(), expected=(),
        parameters=(*game.parameters, *given), concept="maximize",
    )  # fmt: skip
    return solve(alone, "maximize")


def _replies(solution: Solution, axes: Any, over: Any, fixed: Numbers, ends: Any, of: Any) -> None:
    del over, of
    game = solution.game
    movers = [a for a in game.agents if a.actions]
    if solution.concept != "nash":
        raise UsageError(
            "best replies are those of a Nash game", where="plot", remedy='concept = "nash"'
        )
    if len(movers) != 2 or any(len(a.actions) != 1 for a in movers):
        raise UsageError("best replies are drawn for two agents with one action each", where="plot")
    found = solution.at({n: str(v) for n, v in fixed.items()})
    first, second = (m.actions[0] for m in movers)
    tops = [2 * abs(float(v)) for row in found for v in row.values()]
    if not any(tops):  # a set of equilibria, or none: as far as the actions go
        tops = [value(a.interval.upper, fixed) for a in (first, second)]
    top = max((t for t in tops if isfinite(t) and t > 0), default=2.0)
    low, high = (0.0, top) if ends is None else (float(ends[0]), float(ends[1]))
    for k, (mover, own, other) in enumerate(
        ((movers[0], first, second), (movers[1], second, first))
    ):
        reply = _program(game, mover, [Parameter(other.symbol, other.interval)])
        xs = Span(other.symbol, low, high).grid()
        ys = []
        for x in xs:
            here = {**fixed, str(other.symbol): x}
            place = case_at(reply, here)
            table = {} if place is None else formulas(reply.cases[place])
            ys.append(value(table[own.name], here) if own.name in table else float("nan"))
        across, up = (ys, xs) if k == 0 else (xs, ys)
        axes.plot(across, up, color=COLOURS[k], linestyle=DASHES[k],
                  label=f"best {maths(symbol_latex(own.name), own.name)}")  # fmt: skip
    _refuse_empty(axes)
    for row in found:
        axes.plot([float(row[first.name])], [float(row[second.name])], "o", color="black")
    axes.set_xlabel(maths(symbol_latex(first.name), first.name))
    axes.set_ylabel(maths(symbol_latex(second.name), second.name))
    axes.legend(frameon=False)


def _market(solution: Solution, axes: Any, over: Any, fixed: Numbers, ends: Any, of: Any) -> None:
    del over, of
    game = solution.game
    if len(game.prices) != 1:
        raise UsageError(
            "supply and demand are drawn for one price", where="plot",
            remedy="a walras model with one price that is not the numeraire",
        )  # fmt: skip
    (price,) = game.prices
    found = solution.at({n: str(v) for n, v in fixed.items()})
    if not found:
        raise UsageError("no equilibrium is known at this point", where="plot")
    here = float(found[0][price.name])
    low, high = (here / 3, here * 3) if ends is None else (float(ends[0]), float(ends[1]))
    given = [Parameter(price.symbol, Interval.positive())]
    programs = [_program(game, a, given) for a in game.agents if a.actions]
    grid = Span(price.symbol, low, high).grid()
    sides: dict[str, list[float]] = {"demand": [], "supply": []}
    for p in grid:
        point = {**fixed, price.name: p}
        for program in programs:
            place = case_at(program, point)
            if place is not None:
                point |= {n: value(e, point) for n, e in formulas(program.cases[place]).items()}
        sides["demand"].append(value(price.clearing.left, point))
        sides["supply"].append(value(price.clearing.right, point))
    for k, (side, quantities) in enumerate(sides.items()):
        expression = price.clearing.left if side == "demand" else price.clearing.right
        axes.plot(quantities, grid, color=COLOURS[k], linestyle=DASHES[k],
                  label=f"{side} {maths(formula(expression), str(expression))}")  # fmt: skip
    at = {**fixed, **{n: float(v) for n, v in found[0].items()}}
    axes.plot([value(price.clearing.left, at)], [here], "o", color="black")
    axes.set_xlabel("quantity")
    axes.set_ylabel(maths(symbol_latex(price.name), price.name))
    axes.legend(frameon=False)


def _frontier(solution: Solution, axes: Any, *how: Any, **more: Any) -> None:
    from alignsym.plotting.frontier import draw_frontier

    draw_frontier(solution, axes, *how, **more)


def _box(solution: Solution, axes: Any, *how: Any, **more: Any) -> None:
    from alignsym.plotting.box import draw_box

    draw_box(solution, axes, *how, **more)


KINDS: Mapping[str, Callable[..., None]] = MappingProxyType(
    {
        "values": _values,
        "regimes": _regimes,
        "replies": _replies,
        "market": _market,
        "frontier": _frontier,
        "box": _box,
    }  # fmt: skip
)

__all__ = ["KINDS", "edges", "maths", "plot"]
