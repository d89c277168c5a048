"""Every classic under derivations/aligned has the verdict, the loss and the instruments known by
hand, all proved."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy as sp

from alignsym.alignment.align import align
from alignsym.alignment.output import alignment_text, alignment_to_json
from alignsym.alignment.typeset import alignment_latex
from alignsym.claims import Proved
from alignsym.model.expressions import parse_expression
from alignsym.model.files import load
from alignsym.model.symbols import SymbolTable

FOLDER = Path(__file__).resolve().parents[2] / "derivations" / "aligned"

# model -> verdict, weights or trade, loss, instruments proved
KNOWN = {
    "cap_and_trade": ("strongly", {"one": "1", "two": "1"}, "0", ()),
    "commons": ("no", {"x": "1/(2*d)", "y": "1/(2*d)"}, "2 - 2*log(2)", ("permits", "pigou")),
    "cournot": (
        "no", {"x": "(a - c)/(4*b)", "y": "(a - c)/(4*b)"}, "(a - c)**2/(36*b)", ("pigou",),
    ),
    "edgeworth": ("strongly", {"anna": "1", "bob": "(1 - a)/a"}, None, ()),
    "hold_up": ("strongly", {"buyer": "1", "seller": "0"}, "v**2/8", ("pigou", "side payment")),
    "kelly": ("strongly", {"long": "1", "first": "1", "second": "1"}, "0", ("price",)),
    "linear_public_good": ("no", {"x": "w", "y": "w"}, "2*w*(2*r - 1)", ("lindahl", "pigou")),
    "mill": ("strongly", {"mill": "1", "fishery": "0"}, None, ("pigou", "side payment")),
    "mutual_harm": (
        "no", {"x": "a/(1 + 2*d)", "y": "a/(1 + 2*d)"},
        "a**2*d**2/((1 + d)**2*(1 + 2*d))", ("pigou", "permits"),
    ),
    "price_taking": ("strongly", {"firm": "1", "buyer": "1"}, "0", ()),
    "prisoners_dilemma": ("no", {"x": "0", "y": "0"}, None, ("pigou",)),
    "public_good": ("no", None, None, ("lindahl", "pigou")),
    "team": ("no", {"x": "1/k", "y": "1/k"}, "1/(4*k)", ("lindahl", "pigou")),
}  # fmt: skip


def test_all_are_listed() -> None:
    assert {f.stem for f in FOLDER.glob("*.toml")} == set(KNOWN) and len(KNOWN) >= 12


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_known(name: str) -> None:
    kind, named, lost, instruments = KNOWN[name]
    found = align(load(FOLDER / f"{name}.toml"))
    (row,) = found.equilibria
    assert row.kind == kind and isinstance(row.status, Proved)
    declared = {str(p.symbol): p.symbol for p in found.game.parameters}
    signs = {n: "positive" if s.is_positive else "real" for n, s in declared.items()}
    table = SymbolTable.of(parameter=signs)
    same = {table.expression(n): s for n, s in declared.items()}
    said = row.weights if kind == "strongly" else row.trade.to if row.trade else ()
    if named is not None:
        given = {str(k): e for k, e in said or ()}
        assert set(given) == set(named)
        for key, text in named.items():
            assert sp.simplify(given[key] - parse_expression(text, table).xreplace(same)) == 0
    if lost is not None:
        assert found.welfare_loss is not None
        assert sp.simplify(found.welfare_loss - parse_expression(lost, table).xreplace(same)) == 0
    proved = {i.kind for i in found.instruments if isinstance(i.status, Proved)}
    assert proved >= set(instruments)
    _well_formed(found)


def _well_formed(found: object) -> None:
    """The JSON has the format's keys, the text fits, the LaTeX balances."""
    out = alignment_to_json(found)  # type: ignore[arg-type]
    assert {"format", "id", "equilibria", "optimum", "price_of_anarchy", "welfare_loss",
            "instruments"} <= set(out)  # fmt: skip
    for row in out["equilibria"]:
        assert {"when", "values", "efficient", "weights", "weights_cone", "degenerate",
                "improving_trade", "status"} <= set(row)  # fmt: skip
    for one in out["instruments"]:
        assert {"kind", "on", "values", "equilibrium", "budget", "status"} <= set(one)
    assert all(len(line) <= 100 for line in alignment_text(found).splitlines())  # type: ignore[arg-type]
    latex = alignment_latex(found)  # type: ignore[arg-type]
    assert latex.count("{") == latex.count("}") and "Piecewise" not in latex
