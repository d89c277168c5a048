"""The models of this folder and those of the corpus with n members."""

from __future__ import annotations

from pathlib import Path

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
