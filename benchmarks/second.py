#!/usr/bin/env python3
"""A second solver's opinion of everything z3 proves while the corpus is checked.

    second.py [--milliseconds M] [--seconds S] [--out FILE] [PATH...]

Every file's claims are decided, every question that z3 answered `unsat` is written as SMT-LIB 2 and
put to cvc5 with a limit each.  Prints a table, which is committed as second.txt; exit status 1 if
the two disagree anywhere.
"""

from __future__ import annotations

import argparse
import collections
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from second import second  # noqa: E402

from alignsym.checking.judgement import check  # noqa: E402
from alignsym.checking.smtlib import scripts  # noqa: E402
from alignsym.isolation import Send, isolated  # noqa: E402
from alignsym.logic.questions import listening  # noqa: E402
from alignsym.model.files import load  # noqa: E402

MEMORY = 3 * 2**30


def work(path: Path, seconds: float, milliseconds: int, send: Send) -> None:
    """What cvc5 says of every question of one file, sent one by one."""
    send({"started": True})
    game = load(path)
    with listening() as heard:
        check(game, seconds=seconds)
    said: dict[str, str] = {}
    for name, text in scripts(heard, game.id).items():
        said[name] = second(text, milliseconds)
        send({"said": said})
    send({"done": True})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--milliseconds", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("paths", nargs="*", type=Path, default=[ROOT / "tests" / "corpus"])
    options = parser.parse_args()
    files = [f for p in options.paths for f in ([p] if p.is_file() else sorted(p.rglob("*.toml")))]
    count: collections.Counter[str] = collections.Counter()
    lines: list[str] = []
    for path in files:
        end = isolated(
            lambda send, path=path: work(path, options.seconds, options.milliseconds, send),
            seconds=240, memory=MEMORY, waiting=lambda elapsed: None,
        )  # fmt: skip
        said = end.messages.get("said", {})
        count.update(said.values())
        count["files"] += 1
        disagreements = [n for n, s in said.items() if s == "sat"]
        lines += [f"{path.stem}: cvc5 says sat: {n}" for n in disagreements]
        if "done" not in end.messages:
            lines.append(f"{path.stem}: stopped ({end.kind} {end.cause or ''})".rstrip(" )") + ")")
    total = count["sat"] + count["unsat"] + count["unknown"]
    shares = [
        f"{count['files']} files, {total} questions that z3 answered unsat;",
        f"cvc5, {options.milliseconds} ms each:",
        f"  confirmed       {count['unsat']:6}  {100 * count['unsat'] / max(total, 1):5.1f} %",
        f"  undecided       {count['unknown']:6}  {100 * count['unknown'] / max(total, 1):5.1f} %",
        f"  disagreements   {count['sat']:6}",
    ]
    text = "\n".join([*shares, "", *lines])
    print(text)
    if options.out:
        options.out.write_text(text.rstrip() + "\n")
    return int(count["sat"] > 0)


if __name__ == "__main__":
    sys.exit(main())
