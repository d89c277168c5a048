"""Pictures: the data of the lines against exact values, not pixels."""

from __future__ import annotations

import math
import re
import subprocess
import sys
import xml.dom.minidom
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from alignsym import Agent, Game, derive, load, solve
from alignsym.cli import main
from alignsym.errors import UsageError
from alignsym.model.relations import Relation
from alignsym.plotting.inline import pictures
from alignsym.plotting.plot import maths

pytest.importorskip("matplotlib", reason="matplotlib (extra plot) is not installed")
ROOT = Path(__file__).resolve().parents[2]
SHIFTED = ROOT / "derivations/shared_good/shifted_log.toml"
MARKET = ROOT / "derivations/shared_good/model.toml"
COURNOT = ROOT / "tests/corpus/textbook/games/cournot_capacity.toml"


def test_values_over_a_parameter_with_kinks() -> None:
    axes = solve(load(SHIFTED)).plot("values", over="v", at={"q": 1, "w": 1}, ends=("0.25", 4))
    lines = {line.get_label(): line for line in axes.get_lines()}
    xs, ys = (list(d) for d in lines["$x_{a}$"].get_data())
    # x_a = 0 where w >= v*(q + 1), q where v >= w*(q + 1), else v*(q + 2)/(v + w) - 1.
    for v, x in zip(xs, ys, strict=True):
        assert x == pytest.approx(min(max(3 * v / (v + 1) - 1, 0), 1), abs=1e-9)
    kinks = [line.get_xdata()[0] for line in axes.get_lines() if line.get_color() == "0.6"]
    assert kinks == pytest.approx([0.5, 2.0])


def test_the_map_of_cases() -> None:
    axes = solve(load(SHIFTED)).plot("regimes", over=("v", "w"), at={"q": 1},
                                     ends=((0.1, 4), (0.1, 4)))  # fmt: skip
    (mesh,) = axes.collections
    cases = solve(load(SHIFTED)).cases
    data = mesh.get_array()
    for row in (5, 60, 110):
        for column in (7, 61, 113):
            at = {"q": 1, "v": 0.1 + 3.9 * column / 120, "w": 0.1 + 3.9 * row / 120}
            values = {str(s): e for s, e in cases[int(data[row][column])].values}
            symbols = {s: at[str(s)] for s in values["x_a"].free_symbols}
            share = min(max(3 * at["v"] / (at["v"] + at["w"]) - 1, 0), 1)
            assert float(values["x_a"].evalf(subs=symbols)) == pytest.approx(share, abs=1e-9)


def test_best_replies_cross_at_the_equilibrium() -> None:
    axes = solve(load(COURNOT)).plot("replies", at={"a": 10, "c": 1, "k": 2})
    first, second, point = axes.get_lines()
    for q1, q2 in zip(*first.get_data(), strict=True):
        assert q1 == pytest.approx(min(max((9 - q2) / 2, 0), 2))
    for q1, q2 in zip(*second.get_data(), strict=True):
        assert q2 == pytest.approx(max((9 - q1) / 2, 0))
    assert [*point.get_xdata(), *point.get_ydata()] == pytest.approx([2, 3.5])


def test_supply_and_demand() -> None:
    axes = solve(load(MARKET)).plot("market", at={"q": 3})
    demand, supply, point = axes.get_lines()
    for quantity, price in zip(*demand.get_data(), strict=True):
        assert quantity == pytest.approx(2 / price)
    assert set(supply.get_xdata()) == {3.0}
    assert [*point.get_xdata(), *point.get_ydata()] == pytest.approx([3, 2 / 3])


def test_labels_are_mathematics_where_matplotlib_reads_them() -> None:
    assert maths(r"w \ge q v", "w >= q*v") == r"$w \geq q v$"
    assert maths(r"\text{x} \unknown{", "a$b") == r"a\$b"
    axes = solve(load(SHIFTED)).plot("regimes", over=("v", "w"), at={"q": 1})
    texts = [t.get_text() for t in axes.get_legend().get_texts()]
    assert len(texts) == 3 and all(r"\geq" in t or r"\leq" in t for t in texts)
    axes.figure.canvas.draw()


def curve(axes: Any, label: str) -> list[tuple[float, float]]:
    (line,) = [k for k in axes.get_lines() if k.get_label() == label]
    return list(zip(*line.get_data(), strict=True))


def test_the_frontier_of_log_sharing() -> None:
    """exp(U_a) + exp(U_b) = q, and both the equilibrium and the largest sum are halves."""
    axes = load(ROOT / "derivations/shared_good/variational.toml").plot("frontier", at={"q": 3})
    line = curve(axes, "Pareto frontier")
    assert len(line) > 100
    for u, v in line:
        assert math.exp(u) + math.exp(v) == pytest.approx(3, abs=1e-6)
    for label in ("equilibrium", "largest sum"):
        ((u, v),) = curve(axes, label)
        assert u == v == pytest.approx(math.log(1.5))


def test_the_equilibrium_of_cournot_is_inside_the_frontier() -> None:
    """Weights alike make a straight piece: the monopoly profit, shared out in any way."""
    at = {"a": 4, "b": 1, "c": 1}
    axes = load(ROOT / "derivations/aligned/cournot.toml").plot("frontier", at=at)
    line = curve(axes, "Pareto frontier")
    assert all(u + v == pytest.approx(9 / 4) for u, v in line)
    ((u, v),) = curve(axes, "equilibrium")
    assert u == v == pytest.approx(1)
    ((u, v),) = curve(axes, "largest sum")
    assert u + v == pytest.approx(9 / 4)


def test_a_frontier_that_is_not_concave_is_not_bridged() -> None:
    s, t = sp.symbols("s t", nonnegative=True)
    q = sp.Symbol("q", positive=True)
    game = Game(Agent("a", s**2, s), Agent("b", t**2, t), shared={"G": s + t <= q})
    axes = solve(game, "social").plot("frontier", at={"q": 2})
    line = curve(axes, "Pareto frontier")
    assert len(line) > 100
    assert all(math.sqrt(u) + math.sqrt(v) == pytest.approx(2, abs=1e-6) for u, v in line)


def economy() -> Game:
    x, y, v, w, e, f = sp.symbols("x y v w e f", positive=True)
    p = sp.Symbol("p", nonnegative=True)
    mine, theirs = p * x + v <= p * e * sp.Rational(9, 10) + f / 10, p * y + w <= p * e / 10
    return Game(
        Agent("anna", sp.log(x) + 2 * sp.log(v), x, v, constraints={"A": mine}),
        Agent("bob", sp.log(y) + sp.log(w), y, w,
              constraints={"B": Relation(theirs.lhs, "<=", theirs.rhs + f * sp.Rational(9, 10))}),
        prices={p: x + y <= e}, concept="walras",
    )  # fmt: skip


def test_the_edgeworth_box() -> None:
    axes = economy().plot("box", at={"e": 2, "f": 1})
    for x, v in curve(axes, "contract curve"):  # v/(2x) = (1 - v)/(2 - x)
        assert v / (2 * x) == pytest.approx((1 - v) / (2 - x))
    start = (1.8, 0.1)
    assert curve(axes, "endowment") == [pytest.approx(start)]
    ((x, v),) = curve(axes, "equilibrium")
    (low, high) = curve(axes, "budget line")
    slope = (high[1] - low[1]) / (high[0] - low[0])
    assert (v - start[1]) / (x - start[0]) == pytest.approx(slope)
    assert v / (2 * x) == pytest.approx(-slope) == pytest.approx((1 - v) / (2 - x))
    inside = curve(axes, "core")
    assert 5 < len(inside) < len(curve(axes, "contract curve"))
    for k, m in inside:
        assert k * m**2 >= 1.8 * 0.1**2 - 1e-9 and (2 - k) * (1 - m) >= 0.2 * 0.9 - 1e-9
    assert min(k for k, _ in inside) < x < max(k for k, _ in inside)


KINDS = [
    (SHIFTED, "values", {"over": "v"}), (SHIFTED, "regimes", {"over": ("v", "w")}),
    (SHIFTED, "frontier", {}), (MARKET, "market", {}), (MARKET, "frontier", {}),
    (COURNOT, "replies", {"at": {"a": 10, "c": 1, "k": 2}}),
    (ROOT / "derivations/aligned/edgeworth.toml", "box", {}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "kind", "how"), KINDS, ids=lambda v: str(getattr(v, "stem", v)))
def test_nothing_is_clipped_and_axes_are_named(path: Path, kind: str, how: dict[str, Any]) -> None:
    axes = load(path).plot(kind, **how)
    figure = axes.figure
    figure.draw_without_rendering()
    whole = figure.bbox
    artists = [axes, *axes.child_axes, axes.get_legend()]
    for artist in artists:
        box = artist.get_tightbbox()
        assert box.x0 >= whole.x0 - 1 and box.x1 <= whole.x1 + 1
        assert box.y0 >= whole.y0 - 1 and box.y1 <= whole.y1 + 1
    assert axes.get_xlabel()
    assert axes.get_ylabel() or kind == "values"


def test_refusals() -> None:
    solution = solve(load(SHIFTED))
    for call in (
        lambda: solution.plot("pie"),
        lambda: solution.plot("values", over="z"),
        lambda: solution.plot("values", of="z"),
        lambda: solution.plot("replies"),
        lambda: solution.plot("market"),
        lambda: solution.plot("box"),
        lambda: solution.plot("values", endowment={"x_a": 1}),
        lambda: load(ROOT / "derivations/aligned/kelly.toml").plot("frontier"),
        lambda: solution.plot("values", at={"z": 1}),
        lambda: solution.plot("values", ends=(2, 1)),
    ):
        with pytest.raises(UsageError):
            call()


@pytest.mark.parametrize(
    ("ending", "head"), [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")]
)
def test_the_command_writes_a_figure(ending: str, head: bytes, tmp_path: Path) -> None:
    target = tmp_path / f"fig.{ending}"
    given = ["plot", str(SHIFTED), "--over", "v", "--at", "q=1", "-o", str(target)]
    assert main(given) == 0
    first = target.read_bytes()
    assert first.startswith(head)
    assert main(given) == 0
    assert target.read_bytes() == first


def test_wrong_usage_of_the_command(tmp_path: Path) -> None:
    assert main(["plot", str(SHIFTED), "-o", str(tmp_path / "fig.gif")]) == 2
    assert main(["plot", str(SHIFTED), "--at", "q=x", "-o", str(tmp_path / "fig.svg")]) == 2
    assert not list(tmp_path.iterdir())


def test_matplotlib_is_not_imported_unless_asked() -> None:
    code = (
        "import sys; from alignsym import load, solve, derive;"
        f"derive(solve(load({str(MARKET)!r}))); sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0


def test_pictures_in_a_page_need_nothing_else() -> None:
    """One picture a fitting kind, well-formed, each with names of its own, the same every time."""
    solution = solve(load(SHIFTED))
    made = pictures(solution)
    assert [c.split(",")[0] for c, _ in made] == [
        "Which case holds", "Values and shadow prices over q", "The Pareto frontier",
    ]  # fmt: skip
    assert made == pictures(solution)
    page = derive(solution).html(plots=True)
    document = xml.dom.minidom.parseString(page.replace("<!DOCTYPE html>\n", ""))
    elements = document.getElementsByTagName("*")
    named = [e.getAttribute("id") for e in elements if e.hasAttribute("id")]
    assert len(named) == len(set(named)) > 20
    for e in elements:
        target = e.getAttribute("href")
        assert not target or target[1:] in named or target.startswith("data:image/png;base64,")
    assert {e.tagName for e in elements}.isdisjoint({"script", "link", "img", "metadata"})
    assert "http" not in page and "xlink" not in page and "<!--" not in page
    assert not re.search(r"url\(#(?!p\d-)", page) and len(page) < 400_000
    assert "<svg" not in derive(solution).html()


def test_a_hostile_name_in_a_picture_is_drawn_not_read() -> None:
    name = "</svg>--><script>alert(1)</script>$x"
    x, q = sp.symbols("x q", positive=True)
    y = sp.Symbol("y", positive=True)
    game = Game(
        Agent(name, sp.log(x), x), Agent("b", sp.log(y), y), shared={"G": x + y <= q},
        concept="social",
    )  # fmt: skip
    page = derive(solve(game)).html(plots=True)
    document = xml.dom.minidom.parseString(page.replace("<!DOCTYPE html>\n", ""))
    assert not document.getElementsByTagName("script") and "<svg" in page


def test_the_command_puts_pictures_in_the_page(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    assert main(["derive", str(MARKET), "--format", "html", "--plots", "-o", str(target)]) == 0
    assert target.read_text().count("<figure>") >= 2


def test_every_solution_is_drawn_once() -> None:
    """x = sqrt(a - 1/2) or its negative; y and the multiplier are the same of both."""
    a, x, y = sp.Symbol("a", positive=True), *sp.symbols("x y", real=True)
    near = Agent("s", x**2 + (y - a) ** 2, x, y, loss=True, constraints={"p": sp.Eq(y - x**2, 0)})
    solution = solve(Game(near), "maximize")
    axes = solution.plot("values", over=a, ends=(1, 3))
    assert len(axes.lines) == 4  # two of x, one of y, one of the multiplier
    assert [t.get_text() for t in axes.get_legend().get_texts()][-1].startswith(r"$\nu")


def test_an_empty_picture_is_refused() -> None:
    """Nothing can be drawn of exp(10**99) <= Q + 1."""
    solution = solve(load(ROOT / "tests/corpus/seed/war_nash.toml"))
    with pytest.raises(UsageError, match="nothing has a value"):
        solution.plot("values")
    first, second = solution.plot("replies").lines  # x_a + x_b = Q = 1, all of it
    for line in (first, second):
        assert [x + y for x, y in zip(*line.get_data())] == pytest.approx(
            [1] * len(line.get_xdata())
        )
        assert max(line.get_xdata()) == pytest.approx(1)


def test_the_command_line_takes_endowments_and_ranges(tmp_path: Path) -> None:
    model = ROOT / "tests/corpus/textbook/general_equilibrium/pareto_weights.toml"
    owned = ["xa1=g1/4", "xa2=3*g2/4", "xb1=3*g1/4", "xb2=g2/4"]
    given = [part for row in owned for part in ("--endowment", row)]
    out = tmp_path / "box.svg"
    assert main(["plot", str(model), "--kind", "box", *given, "-o", str(out)]) == 0
    assert out.stat().st_size > 5000
    for wrong in (["--endowment", "none=1"], ["--endowment", "xa1=zz"], ["--ends", "2", "1"]):
        assert main(["plot", str(model), "--kind", "box", *wrong, "-o", str(out)]) == 2
