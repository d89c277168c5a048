"""Two persons, two goods: the Edgeworth box (Edgeworth 1881) with all that is known in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from alignsym.alignment.core_of_exchange import Core, core
from alignsym.alignment.exchange import Exchange, contract_curve, exchange
from alignsym.errors import UsageError
from alignsym.model.agents import rational
from alignsym.model.relations import Expr
from alignsym.plotting.ranges import POINTS, Numbers, holds, profiles, root, value
from alignsym.plotting.style import COLOURS, ENDOWMENT, EQUILIBRIUM, maths
from alignsym.present.notation import symbol_latex
from alignsym.solution import Solution

GRID = 161
Points = list[tuple[float, float]]


def draw_box(
    solution: Solution,
    axes: Any,
    over: Any,
    fixed: Numbers,
    ends: Any,
    of: Any,
    endowment: Mapping[sp.Symbol, Expr] | None = None,
) -> None:
    """The Edgeworth box: contract curve, endowment, core, equilibrium and budget line."""
    del over, ends, of
    market = exchange(solution.game)
    if len(market.goods) != 2:
        raise UsageError(
            "a box is drawn for two goods", where="plot", remedy="draw values or the frontier"
        )
    wide, high = (value(g.total, fixed) for g in market.goods)
    owned = dict(market.endowment) if endowment is None else dict(endowment)
    curve = _curve(market, fixed, wide, high)
    axes.plot([x for x, _ in curve], [y for _, y in curve], color=COLOURS[0], linewidth=1.4,
              label="contract curve")  # fmt: skip
    if owned:
        _draw_endowment(market, core(market, owned), axes, fixed, owned, curve)
    for row in profiles(solution, fixed) if solution.concept == "walras" else ():
        x, y = (row[str(g.first)] for g in market.goods)
        line = _budget(solution, market, row, wide, high)
        axes.plot([p[0] for p in line], [p[1] for p in line], color="0.25", linestyle="--",
                  linewidth=1.1, label="budget line")  # fmt: skip
        axes.plot([x], [y], label="equilibrium", **EQUILIBRIUM)
    _frame(market, axes, wide, high)
    handles, labels = axes.get_legend_handles_labels()
    kept = dict(zip(labels, handles, strict=True))
    axes.legend(kept.values(), kept.keys(), frameon=False, loc="upper left",
                bbox_to_anchor=(1.18, 1.0), fontsize="small")  # fmt: skip


def _curve(market: Exchange, fixed: Numbers, wide: float, high: float) -> Points:
    """Points of the contract curve strictly inside the box."""
    found = contract_curve(market)
    x, y = (str(g.first) for g in market.goods)
    out = []
    for k in range(1, POINTS):
        here = {**fixed, x: wide * k / POINTS}
        if found.explicit is not None:
            level = value(found.explicit[1], here)
        else:
            gap = found.relations[0].gap
            level = _level(gap, here, y, high)
        if math.isfinite(level):
            out.append((here[x], level))
    return out


def _level(gap: Expr, here: Numbers, name: str, high: float) -> float:
    """The amount at which the rates of substitution agree."""

    def at(amount: float) -> float:
        return value(gap, {**here, name: amount})

    return root(at, 1e-9 * high, (1 - 1e-9) * high)


def _draw_endowment(
    market: Exchange,
    found: Core,
    axes: Any,
    fixed: Numbers,
    owned: Mapping[sp.Symbol, Expr],
    curve: Points,
) -> None:
    x, y = (g.first for g in market.goods)
    inside = [p for p in curve if _accepted(found, {**fixed, str(x): p[0], str(y): p[1]})]
    axes.plot([p[0] for p in inside], [p[1] for p in inside], color=COLOURS[1], linewidth=4.5,
              alpha=0.75, solid_capstyle="butt", label="core")  # fmt: skip
    start = {str(s): value(rational(owned[s], where="plot, endowment"), fixed) for s in owned}
    _indifference(market, axes, fixed, start)
    axes.plot([start[str(x)]], [start[str(y)]], label="endowment", **ENDOWMENT)


def _accepted(found: Core, at: Numbers) -> bool:
    return holds(found.rational, at, slack=1e-9)


def _indifference(market: Exchange, axes: Any, fixed: Numbers, start: Numbers) -> None:
    """What each has as good as the endowment, where that is a number."""
    goods = market.goods
    wide, high = (value(g.total, fixed) for g in goods)
    xs = [wide * (k + 0.5) / GRID for k in range(GRID)]
    ys = [high * (k + 0.5) / GRID for k in range(GRID)]
    for name, style, colour in zip(market.persons, (":", "-."), (COLOURS[3], COLOURS[5])):
        utility = market.arena.utility(name)
        least = value(utility, {**fixed, **start})
        if not math.isfinite(least):
            continue
        rows = [[value(utility, {**fixed, **_bundles(market, x, y, wide, high)}) for x in xs]
                for y in ys]  # fmt: skip
        axes.contour(xs, ys, rows, levels=[least], colors=[colour], linestyles=[style],
                     linewidths=1.2)  # fmt: skip
        axes.plot([], [], color=colour, linestyle=style, linewidth=1.2,
                  label=f"as good for {name}")  # fmt: skip


def _bundles(market: Exchange, x: float, y: float, wide: float, high: float) -> Numbers:
    first, second = market.goods
    return {
        str(first.first): x, str(second.first): y,
        str(first.second): wide - x, str(second.second): high - y,
    }  # fmt: skip


def _budget(solution: Solution, market: Exchange, row: Numbers, wide: float, high: float) -> Points:
    """The first person's budget line inside the box, at the prices of the equilibrium."""
    prices = {p.symbol for p in solution.game.prices}
    agent = solution.game.agent(market.persons[0])
    budget = next(c.relation for c in agent.constraints if c.relation.free_symbols & prices)
    x, y = (str(g.first) for g in market.goods)
    one = {str(solution.game.numeraire): 1.0} if solution.game.numeraire else {}

    def crossing(free: str, upper: float, side: str, there: float) -> float:
        return root(lambda k: value(budget.gap, {**row, **one, side: there, free: k}), 0.0, upper)

    points = [(a, crossing(y, high, x, a)) for a in (0.0, wide)]
    points += [(crossing(x, wide, y, b), b) for b in (0.0, high)]
    inside = sorted(p for p in points if all(map(math.isfinite, p)))
    return [inside[0], inside[-1]] if inside else []


def _frame(market: Exchange, axes: Any, wide: float, high: float) -> None:
    """The box with both persons' goods on its sides."""
    axes.set_xlim(0, wide)
    axes.set_ylim(0, high)
    sides = [maths(symbol_latex(str(s)), str(s)) for g in market.goods for s in (g.first, g.second)]
    one, two = market.persons
    axes.set_xlabel(f"{sides[0]} ({one})")
    axes.set_ylabel(f"{sides[2]} ({one})")
    top = axes.secondary_xaxis("top", functions=_mirrored(wide))
    right = axes.secondary_yaxis("right", functions=_mirrored(high))
    top.set_xlabel(f"{sides[1]} ({two})")
    right.set_ylabel(f"{sides[3]} ({two})")


def _mirrored(length: float) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """What the other has, of what the one has; and back."""

    def rest(amount: Any) -> Any:
        return length - amount

    return rest, rest
