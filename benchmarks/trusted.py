#!/usr/bin/env python3
"""How many lines of code must be right for "proved" to mean proved.

    trusted.py [--modules]

Lines with code on them, without blank lines, comments and docstrings, of every module that the
check of a certificate imports: nothing else of the package is loaded when `check` says proved.
"""

from __future__ import annotations

import argparse
import ast
import collections
import io
import sys
import tokenize
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENTRY = "alignsym.checking.recheck"
# What only words a verdict, tries points against a claim, or proposes what is then verified.
REFUTING = ("completion", "coverage", "definition", "deviation", "fixed", "foreseen", "judgement",
            "lagrange", "refutation", "replies", "report", "rivals", "shown")  # fmt: skip
SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
           tokenize.ENCODING, tokenize.ENDMARKER)  # fmt: skip


def lines(path: Path) -> int:
    """Lines with code on them."""
    text = path.read_text()
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in SKIPPED:
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            if told and isinstance(first.value.value, str):
                found -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return len(found)


def module(name: str) -> Path | None:
    """The file of a module of the package."""
    path = ROOT.joinpath(*name.split("."))
    if path.with_suffix(".py").is_file():
        return path.with_suffix(".py")
    return path / "__init__.py" if (path / "__init__.py").is_file() else None


def closure(entry: str) -> dict[str, Path]:
    """Every module of the package that importing the entry may load."""
    found: dict[str, Path] = {}
    todo = [entry]
    while todo:
        name = todo.pop()
        path = module(name)
        if name in found or path is None:
            continue
        found[name] = path
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                todo += [a.name for a in node.names if a.name.startswith("alignsym")]
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("alignsym."):
                todo.append(str(node.module))
                todo += [f"{node.module}.{a.name}" for a in node.names]
    return found


def counted() -> dict[str, int]:
    """Lines by module, of those a proof rests on: not what only prints a verdict."""
    return {
        name: lines(path)
        for name, path in sorted(closure(ENTRY).items())
        if not name.startswith("alignsym.present")
        and not (name.startswith("alignsym.checking.") and name.split(".")[-1] in REFUTING)
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modules", action="store_true", help="every module, too")
    options = parser.parse_args()
    each = counted()
    parts: collections.Counter[str] = collections.Counter()
    for name, count in each.items():
        parts[name.split(".")[1] if name.count(".") > 1 else "nouns"] += count
        if options.modules:
            print(f"{count:6}  {name}")
    for part, count in sorted(parts.items()):
        print(f"{part:10} {count:6}")
    print(f"{'all':10} {sum(parts.values()):6}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
