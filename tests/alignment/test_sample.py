"""A sample of the corpus through `benchmarks/alignment.py`: decided, and pairs told rightly.

The oracle of a pair is the two files' published values at random exact points.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from alignsym.alignment.align import align
from alignsym.alignment.output import alignment_to_json
from alignsym.model.files import load

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "corpus"
PAIRS = [
    "textbook/games/externality_mutual", "textbook/games/team_complements",
    "textbook/games/advertising_stealing", "external/econgym/public_goods_nash_2",
]  # fmt: skip
SAMPLE = [
    "external/games/battle_of_sexes", "external/games/inspection", "external/gnep/fk_a11",
    "external/gnep/harker1991", "seed/priced", "textbook/games/public_good_log",
    "textbook/general_equilibrium/fisher_2x2", "textbook/symbolic_n/cournot_n",
]  # fmt: skip


def benchmark() -> ModuleType:
    path = ROOT / "benchmarks" / "alignment.py"
    spec = importlib.util.spec_from_file_location("alignment_benchmark", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def answered(name: str) -> tuple[Path, dict]:
    path = CORPUS / f"{name}.toml"
    return path, alignment_to_json(align(load(path), instruments=False))


@pytest.mark.parametrize("name", SAMPLE)
def test_every_case_is_decided(name: str) -> None:
    _, said = answered(name)
    assert said["equilibria"]
    assert all(e["efficient"] != "unknown" and e["status"] == "proved" for e in said["equilibria"])


@pytest.mark.parametrize("name", PAIRS)
def test_pairs(name: str) -> None:
    module = benchmark()
    path, said = answered(name)
    social = module.partner(path)
    assert social is not None
    right, wrong = module.compared(module.Row(path, 0, 0.0, said), social)
    assert wrong == 0 and right >= 2


def test_the_comparison_can_fail() -> None:
    """Equal weights claimed for a duel of advertisers are found to be wrong."""
    module = benchmark()
    path, said = answered(PAIRS[2])
    for case in said["equilibria"]:
        case["weights"] = {a.name: "1" for a in load(path).agents}
    social = module.partner(path)
    _, wrong = module.compared(module.Row(path, 0, 0.0, said), social)
    assert wrong > 0
