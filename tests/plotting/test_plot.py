"""Pictures: the data of the lines against exact values, not pixels."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from alignsym import load, solve
from alignsym.cli import main
from alignsym.errors import UsageError
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


def test_refusals() -> None:
    solution = solve(load(SHIFTED))
    for call in (
        lambda: solution.plot("pie"),
        lambda: solution.plot("values", over="z"),
        lambda: solution.plot("values", of="z"),
        lambda: solution.plot("replies"),
        lambda: solution.plot("market"),
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
