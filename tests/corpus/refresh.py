"""Copy the public corpus into this folder: python tests/corpus/refresh.py [SOURCE].

SOURCE (by default `shared/corpus` beside the repository) holds model files in folders by topic,
their format and the judge.  Files gone there go here, everything else is copied byte for byte.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEPT = ("refresh.py", "__init__.py")


def wanted(source: Path) -> dict[Path, Path]:
    """What belongs here, by its path relative to the corpus."""
    files = [*source.rglob("*.toml"), source / "FORMAT.md", source / "judge.py"]
    return {file.relative_to(source): file for file in sorted(files)}


def refresh(source: Path, target: Path) -> tuple[int, int]:
    """Make `target` a copy of `source`; returns how many files were written and removed."""
    new = wanted(source)
    written = removed = 0
    for relative, file in new.items():
        place, content = target / relative, file.read_bytes()
        if not place.exists() or place.read_bytes() != content:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            written += 1
    for old in sorted(target.rglob("*.toml")):
        if old.relative_to(target) not in new and old.name not in KEPT:
            old.unlink()
            removed += 1
    return written, removed


def main(arguments: list[str]) -> int:
    """The command line."""
    source = Path(arguments[0]) if arguments else HERE.parents[2] / "shared" / "corpus"
    if not (source / "judge.py").is_file():
        sys.stderr.write(f"refresh: no corpus at {source}\n")
        return 2
    written, removed = refresh(source.resolve(), HERE)
    sys.stdout.write(f"{written} written, {removed} removed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
