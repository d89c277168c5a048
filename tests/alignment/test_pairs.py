"""A game and its social optimum: equal weights support the equilibrium where the two agree, and
only there.  And what `align` says of files is what it says at the prompt."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from alignsym.alignment.align import align
from alignsym.cli import main
from alignsym.model.files import load
from alignsym.solution import holds

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
PAIRS = [
    ("textbook/games/externality_mutual", {"a": "2", "d": "1/3"}),
    ("external/econgym/public_goods_nash_2", {"w": "1", "r": "3/4"}),
    ("external/econgym/public_goods_nash_2", {"w": "1", "r": "1/4"}),
    ("external/econgym/public_goods_nash_2", {"w": "1", "r": "5/4"}),
    ("seed/supplier_no_trade", {"p1": "1", "p2": "2", "lam1": "1", "lam2": "1"}),
    ("seed/supplier_trade", {"c1": "1", "c2": "2", "lam1": "1", "lam2": "1"}),
    ("seed/no_trade", {"q": "2"}),
]


@pytest.mark.parametrize(("name", "point"), PAIRS, ids=lambda p: str(p)[:40])
def test_equal_weights_where_values_agree(name: str, point: dict[str, str]) -> None:
    found = align(load(CORPUS / f"{name}.toml"), instruments=False)
    table = {p.symbol: sp.Rational(Fraction(point[str(p.symbol)])) for p in found.game.parameters}
    assert found.optimum is not None
    (best,) = (v for when, v, _ in found.optimum.cases if all(holds(r, table) for r in when))
    rows = [r for r in found.equilibria if all(holds(q, table) for q in r.when)]
    assert rows
    for row in rows:
        now = {s: e.xreplace(table) for s, e in row.values}
        agree = all(sp.simplify(now[s] - e.xreplace(table)) == 0 for s, e in best)
        weights = row.weights or ()
        equal = bool(weights) and all(e.xreplace(table) == weights[0][1] for _, e in weights)
        assert equal == agree, (row, best)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(CORPUS / "seed" / "no_trade.toml")
    assert main(["align", path, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["id"] == "seed.no_trade"
    (row,) = said["equilibria"]
    assert row["efficient"] == "strongly" and row["degenerate"] is True
    assert row["weights"] == {"alpha": "1", "beta": "0"} and row["status"] == "proved"
    assert said["instruments"][0]["values"] == {"t_x": "2/q"}
    assert main(["align", path]) == 0
    assert "degenerate" in capsys.readouterr().out


def test_an_illegal_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('format = 1\nconcept = "nash"\n[[agents]]\nname = "a"\nutility = "r"\n')
    assert main(["align", str(path), "--json"]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "bad.toml" in captured.err
