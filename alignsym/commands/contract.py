"""What a command is: its arguments, and what it says of one model.

A command never reads files, forks or prints: `cli` does, behind the walls of `isolation`.  Its
module imports SymPy only inside its functions, so that help and usage errors stay quick.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

# Exit statuses.
ANSWERED, REFUTED, ILLEGAL, LIMIT, UNDECIDED, INTERNAL = 0, 1, 2, 3, 4, 70
INTERRUPTED, BROKEN_PIPE = 130, 141
# The worst of several files comes last.
SEVERITY = (ANSWERED, UNDECIDED, LIMIT, REFUTED, ILLEGAL, INTERNAL)

PENDING = "the limit was reached before the answer"  # until it is known which limit


def solver() -> None:
    """Import the solver; with SymPy, z3 and numpy this is nearly all the start costs."""
    import alignsym.answer  # noqa: F401


class Said(NamedTuple):
    """What a command says of one file: the JSON object, the same for people, the exit status.

    `data` is base64 of the bytes that --output writes in place of the text.  `files`: texts to be
    written beside the answer, by the option that asked for them ("certificate"), or by the option
    and a name in its directory ("smtlib/coverage.smt2").  `note`: a line for standard error.
    """

    json: dict[str, Any]
    text: str
    code: int = ANSWERED
    data: str = ""
    files: tuple[tuple[str, str], ...] = ()
    note: str = ""


def no_other(path: str) -> None:
    """No file but a model file is read."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the command line.

    `arguments` adds its own options to a parser (files, --json and --timeout are there).
    `answer(game, options, seconds)` does the work within about `seconds`, in a bounded process;
    what it hands to `options.partial` is said if a limit stops it.
    `unfinished(name, game, reason)` is what is said where `answer` did not return; `game` is None
    where not even the file could be read, and then nothing but the standard library is imported.
    `other(path)` is what reads a file that is no model file, None where it is one.
    `concluding` ends the text of the command's --help.  `prepare` imports what `answer` needs,
    before the clock starts and once for several files.
    """

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], None]
    answer: Callable[[Any, argparse.Namespace, float], Said]
    unfinished: Callable[[str, Any, str], Said]
    concluding: str = ""
    prepare: Callable[[], object] = solver
    other: Callable[[str], Callable[[str], Any] | None] = no_other
