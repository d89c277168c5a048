"""Write the derivation of every model under derivations/ beside it, as Markdown and LaTeX.

    python derivations/render.py [--check] [MODEL...]

`--check` writes nothing and fails where a file differs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from alignsym import derive, load, solve
from alignsym.present.derivations import derivation_markdown
from alignsym.present.documents import derivation_latex

ROOT = Path(__file__).resolve().parent


def targets(model: Path) -> tuple[Path, Path]:
    """derivation.md and derivation.tex for model.toml, social.md and social.tex for social.toml."""
    name = "derivation" if model.stem == "model" else model.stem
    return model.with_name(f"{name}.md"), model.with_name(f"{name}.tex")


def rendered(model: Path) -> tuple[str, str]:
    """The derivation as Markdown, and as a LaTeX document."""
    told = derive(solve(load(model)))
    return derivation_markdown(told) + "\n", derivation_latex(told, standalone=True)


def main(argv: list[str] | None = None) -> int:
    """Write or compare all of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="*", type=Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args(argv)
    stale = []
    for model in given.models or sorted(ROOT.rglob("*.toml")):
        for path, text in zip(targets(model), rendered(model), strict=True):
            if given.check:
                stale += [] if path.exists() and path.read_text() == text else [path]
            else:
                path.write_text(text)
    for path in stale:
        sys.stdout.write(f"differs: {path} (python derivations/render.py)\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
