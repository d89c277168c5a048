"""`alignsym check FILE...`: a person's own derivation, proved or refuted claim by claim."""

from __future__ import annotations

import argparse
import os
import stat
from collections.abc import Callable
from typing import Any

from alignsym.commands.contract import (
    ANSWERED,
    LIMIT,
    REFUTED,
    UNDECIDED,
    Command,
    Said,
)
from alignsym.errors import UsageError


def prepare() -> None:
    """Import what checking needs; the solver is not among it."""
    import alignsym.checking.recheck  # noqa: F401


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--strict", action="store_true", help="what is not proved gives exit status 1, too"
    )
    parser.add_argument(
        "--complete", action="store_true",
        help="the tables claim to cover all parameters, whatever the file says",
    )  # fmt: skip
    parser.add_argument(
        "--model", metavar="MODEL",
        help="a certificate must be one of this model file, whatever it says it is",
    )  # fmt: skip
    parser.add_argument(
        "--smtlib", metavar="DIR",
        help="write what z3 decided to this directory, one SMT-LIB 2 file a question",
    )  # fmt: skip


def certificates(path: str) -> Callable[[str], Any] | None:
    """What reads the file if it begins as a JSON object does, which no model file can."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        return None
    with open(path, "rb") as file:
        if file.read(64).lstrip()[:1] != b"{":
            return None
    from alignsym.checking.reading import load_certificate

    return load_certificate


def answer(game: Any, options: argparse.Namespace, seconds: float) -> Said:
    """The verdict on every claim of one model file, or of a certificate."""
    if not options.smtlib:
        return _decided(game, options, seconds)
    from alignsym.checking.smtlib import scripts
    from alignsym.logic.questions import listening

    with listening() as heard:
        said = _decided(game, options, seconds)
    files = scripts(heard, game.id).items()
    return said._replace(files=tuple((f"smtlib/{name}", text) for name, text in files))


def _decided(game: Any, options: argparse.Namespace, seconds: float) -> Said:
    from alignsym.checking.certificate import Certificate
    from alignsym.checking.judgement import check

    def said(report: Any) -> Said:
        return Said(report.json(), str(report), status(report.verdict, options.strict))

    if isinstance(game, Certificate):
        return _again(game, options, seconds)
    if options.model:
        raise UsageError("a model file, where --model takes a certificate", where="check")
    whole = True if options.complete else None
    return said(
        check(
            game, complete=whole, seconds=seconds,
            partial=lambda report: options.partial(said(report)),
        )
    )  # fmt: skip


def _again(certificate: Any, options: argparse.Namespace, seconds: float) -> Said:
    """The verdict on every obligation of a certificate, regenerated from its model."""
    from alignsym.checking.certificate import model_text
    from alignsym.checking.recheck import recheck
    from alignsym.model.files import load

    if options.model and model_text(load(options.model)) != certificate.model:
        reason = f"the certificate is not one of {options.model}"
        raise UsageError(reason, remedy="solve it, with --certificate")
    report = recheck(certificate, seconds=seconds)
    said = report.json() | {"sha256": certificate.digest}
    return Said(said, str(report), status(report.verdict, options.strict))


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
    other=certificates,
    concluding="A FILE may also be a certificate that `alignsym solve --certificate` wrote: its "
    "obligations are regenerated from its model and decided again without the solver. "
    "Else the claims are the file's [[expected]] tables; coverage of all parameters is one "
    "where the file says complete = true. Here 0 means proved or checked, 1 refuted (with --strict "
    "also: not proved), 4 unknown.",
)
