"""The models of this folder, and the judge of the corpus."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import mpmath
import pytest

HERE = Path(__file__).parent
CORPUS = HERE.parent / "corpus"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`path` runs over the models here and those of the corpus."""
    if "path" in metafunc.fixturenames:
        files = sorted((HERE / "models").glob("*.toml"))
        files += sorted((CORPUS / "textbook" / "symbolic_n").glob("*.toml"))
        files += [
            CORPUS / "asked" / f"{n}.toml" for n in ("symbolics_ces_n", "so74716277_contest_n")
        ]
        metafunc.parametrize("path", files, ids=lambda p: p.stem)


@pytest.fixture(scope="session")
def judge() -> ModuleType:
    spec = importlib.util.spec_from_file_location("families_judge", CORPUS / "judge.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    digits = mpmath.mp.dps
    spec.loader.exec_module(module)
    mpmath.mp.dps = digits
    return module
