"""`alignsym check FILE...`: a person's own derivation, proved or refuted claim by claim."""

from __future__ import annotations

import argparse
from typing import Any

from alignsym.commands.contract import (
    ANSWERED,
    LIMIT,
    REFUTED,
    UNDECIDED,
    Command,
    Said,
)


def prepare() -> None:
    """Import what checking needs; the solver is not among it."""
    import alignsym.checking.judgement  # noqa: F401


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--strict", action="store_true", help="what is not proved gives exit status 1, too"
    )
    parser.add_argument(
        "--complete", action="store_true",
        help="the tables claim to cover all parameters, whatever the file says",
    )  # fmt: skip


def answer(game: Any, options: argparse.Namespace, seconds: float) -> Said:
    """The verdict on every claim of one model file."""
    from alignsym.checking.judgement import check

    def said(report: Any) -> Said:
        return Said(report.json(), str(report), status(report.verdict, options.strict))

    whole = True if options.complete else None
    return said(
        check(
            game, complete=whole, seconds=seconds,
            partial=lambda report: options.partial(said(report)),
        )
    )  # fmt: skip


def status(verdict: str, strict: bool) -> int:
    """The exit status of a verdict (FORMAT.md).

    >>> status("proved", True), status("checked", False), status("checked", True)
    (0, 0, 1)
    """
    if verdict == "refuted" or (strict and verdict != "proved"):
        return REFUTED
    return UNDECIDED if verdict == "unknown" else ANSWERED


def unfinished(name: str, game: Any, reason: str) -> Said:
    """Nothing is decided, for the reason given."""
    said: dict[str, Any] = {
        "format": 1, "id": name if game is None else game.id, "verdict": "unknown",
        "coverage": None, "claims": [], "reason": reason,
    }  # fmt: skip
    return Said(said, f"{said['id']}: unknown: {reason}", LIMIT)


COMMAND = Command(
    name="check",
    help="check the claims of model files ([[expected]]): proved, refuted with a point, or unknown",
    arguments=_arguments,
    answer=answer,
    unfinished=unfinished,
    prepare=prepare,
    concluding="The claims are the file's [[expected]] tables; coverage of all parameters is one "
    "where the file says complete = true. Here 0 means proved or checked, 1 refuted (with --strict "
    "also: not proved), 4 unknown.",
)
