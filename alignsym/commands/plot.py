"""`alignsym plot FILE --kind KIND -o FIGURE`: a picture of the answer."""

from __future__ import annotations

import argparse
import os
from typing import Any

from alignsym.commands.contract import LIMIT, Command, Said
from alignsym.errors import UsageError

KINDS = ("values", "regimes", "replies", "market", "frontier", "box")
FORMATS = ("svg", "pdf", "png")
SHARE = 0.6  # of the time for solving; the rest is for the picture


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kind", choices=KINDS, default="values", metavar="KIND",
        help="one of " + ", ".join(KINDS) + " (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--over", nargs="+", metavar="NAME", help="the parameter on the axis, two for regimes"
    )
    parser.add_argument(
        "--at", action="append", default=[], metavar="NAME=NUMBER", type=_number,
        help="a number for another parameter; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", metavar="OUT", required=True,
        help="write the figure to this file: " + ", ".join(FORMATS) + " by its ending",
    )  # fmt: skip


def _number(text: str) -> tuple[str, str]:
    from fractions import Fraction

    name, equals, number = text.partition("=")
    try:
        Fraction(number)
    except (ValueError, ZeroDivisionError):
        equals = ""
    if not (name and equals) or len(number) > 40:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=NUMBER")
    return name, number


def answer(game: Any, options: argparse.Namespace, seconds: float) -> Said:
    """The model solved, and the picture as the bytes of a file."""
    import base64
    import io

    ending = os.path.splitext(options.output)[1].lstrip(".").lower()
    if ending not in FORMATS:
        raise UsageError(
            f"no format {ending!r}", where="plot, --output", remedy="one of " + ", ".join(FORMATS)
        )
    from alignsym.answer import solve
    from alignsym.plotting.plot import plot

    solution = solve(game, game.concept, seconds=SHARE * seconds)
    over = options.over
    chosen = over[0] if over and len(over) == 1 else over
    axes = plot(solution, options.kind, over=chosen, at=dict(options.at))
    file = io.BytesIO()
    # The file is the same for the same input: no date in it, and names from a fixed salt.
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": "alignsym"}):
        undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(ending)
        axes.figure.savefig(file, format=ending, dpi=200, metadata=undated)
    told = {"format": 1, "id": game.id, "kind": options.kind, "status": solution.status}
    text = f"{options.kind}: {solution.status}"
    return Said(told, text, data=base64.b64encode(file.getvalue()).decode())


def unfinished(name: str, game: Any, reason: str) -> Said:
    """That there is no picture, for the reason given."""
    said = {"format": 1, "id": name, "status": "unknown", "reason": reason}
    return Said(said, f"{name}\n\nunknown: {reason}", LIMIT)


COMMAND = Command(
    name="plot",
    help="draw the answer: values, cases, replies, a market, the Pareto frontier, an Edgeworth box",
    arguments=_arguments,
    answer=answer,
    unfinished=unfinished,
)
