"""Run the notebooks, cell by cell in this process, and store what comes out.

    python docs/notebooks/run.py [--check] [NOTEBOOK...]

`--check` writes nothing and fails where a stored output differs.  What is stored of a cell is what
it prints, and its last expression as text and, where it has them, as LaTeX or Markdown.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent


def executed(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook with the outputs of its cells, run in order in one namespace."""
    names: dict[str, Any] = {"__name__": "__main__"}
    cells, number = [], 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            number += 1
            made = outputs("".join(cell["source"]), names, number)
            cell = {**cell, "execution_count": number, "outputs": made}
        cells.append(cell)
    return {**notebook, "cells": cells}


def outputs(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    """What one cell prints and shows."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    shown = None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)
        if last is not None:
            shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    out: list[dict[str, Any]] = []
    if printed.getvalue():
        out.append({"name": "stdout", "output_type": "stream", "text": lines(printed.getvalue())})
    if shown is not None:
        data = {kind: lines(text) for kind, text in bundle(shown).items()}
        out.append(
            {"data": data, "execution_count": number, "metadata": {},
             "output_type": "execute_result"}
        )  # fmt: skip
    return out


def bundle(shown: object) -> dict[str, str]:
    """Text, and the shortest rich form there is."""
    data = {"text/plain": repr(shown)}
    for kind, method in (("text/markdown", "_repr_markdown_"), ("text/latex", "_repr_latex_")):
        if hasattr(shown, method):
            return {kind: getattr(shown, method)(), **data}
    return data


def lines(text: str) -> list[str]:
    """Text as notebooks keep it: lines with their ends."""
    return text.splitlines(keepends=True)


def main(argv: list[str] | None = None) -> int:
    """Run or compare all of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args(argv)
    stale = []
    for path in given.notebooks or sorted(ROOT.glob("*.ipynb")):
        notebook = json.loads(path.read_text())
        text = json.dumps(executed(notebook), indent=1, ensure_ascii=False) + "\n"
        if not given.check:
            path.write_text(text)
        elif path.read_text() != text:
            stale.append(path)
    for path in stale:
        sys.stdout.write(f"differs: {path} (python docs/notebooks/run.py)\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
