"""`alignsym derive FILE...`: how the answer comes about, step by step, for people and papers."""

from __future__ import annotations

import argparse
from typing import Any

from alignsym import __version__
from alignsym.commands.contract import ANSWERED, LIMIT, Command, Said

FORMATS = ("text", "markdown", "latex", "html", "json")
SHARE = 0.75  # of the time for solving; the rest is for the steps


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=FORMATS, default="text", metavar="FORMAT",
        help="one of " + ", ".join(FORMATS) + " (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("-o", "--output", metavar="OUT", help="write to this file")
    parser.add_argument(
        "--standalone", action="store_true", help="latex: a document that compiles as it is"
    )
    parser.add_argument(
        "--labels", default="eq:", metavar="PREFIX",
        help="latex: what equation labels begin with (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--unnumbered", action="store_true", help="latex: no equation numbers")
    parser.add_argument(
        "--multiplier", default=r"\mu", metavar="LETTER",
        help=r"latex: the letter of multipliers (default: \mu)",
    )  # fmt: skip
    parser.add_argument(
        "--symbol", action="append", default=[], type=_named, metavar="NAME=LATEX",
        help=r"latex: how a symbol is written, as lam1=\lambda_1; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--plots", action="store_true", help="html: pictures between the statement and the proof"
    )


def _named(text: str) -> tuple[str, str]:
    name, equals, said = text.partition("=")
    if not (name and equals and said):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=LATEX")
    return name, said


def answer(game: Any, options: argparse.Namespace, seconds: float) -> Said:
    """The model solved, and the way to its solution."""
    from alignsym.answer import solve
    from alignsym.deriving.derive import derive

    solution = solve(game, game.concept, seconds=SHARE * seconds)
    return said(derive(solution), options)


def said(derivation: Any, options: argparse.Namespace, code: int = ANSWERED) -> Said:
    """The derivation in the format asked for; as JSON only where that is asked for."""
    from alignsym.present.derivations import (
        derivation_json,
        derivation_markdown,
        derivation_text,
    )
    from alignsym.present.documents import Style, derivation_latex
    from alignsym.present.page import derivation_html

    told = derivation_json(derivation) if options.json or options.format == "json" else {}
    if options.format == "json":
        import json

        return Said(told, json.dumps(told, indent=1), code)
    if options.format == "latex":
        style = Style(
            numbered=not options.unnumbered,
            labels=options.labels,
            names=dict(options.symbol),
            multiplier=options.multiplier,
        )
        text = derivation_latex(derivation, style, standalone=options.standalone)
    else:
        write = {
            "text": derivation_text, "markdown": derivation_markdown, "html": derivation_html,
        }  # fmt: skip
        text = write[options.format](derivation)
        if options.format == "html" and options.plots:
            from alignsym.plotting.inline import pictures

            text = derivation_html(derivation, pictures(derivation.solution))
    return Said(told, text.rstrip("\n"), code)


def unfinished(name: str, game: Any, reason: str) -> Said:
    """That there is no derivation, for the reason given."""
    told: dict[str, Any] = {
        "format": 1, "id": name if game is None else game.id or name, "status": "unknown",
        "proof": "unknown", "reason": reason, "steps": [],
        "versions": {"alignsym": __version__},
    }  # fmt: skip
    return Said(told, f"{name}\n\nunknown: {reason}", LIMIT)


COMMAND = Command(
    name="derive",
    help="write out how the answer comes about: problem, conditions, cases, proof",
    arguments=_arguments,
    answer=answer,
    unfinished=unfinished,
)
