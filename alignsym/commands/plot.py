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
        "--ends", nargs="+", metavar="NUMBER", type=_end,
        help="the range drawn, as LOW HIGH; two of them for regimes",
    )  # fmt: skip
    parser.add_argument(
        "--endowment", action="append", default=[], metavar="ACTION=AMOUNT", type=_amount,
        help="box: what an action is without exchange, in parameters; once for every action",
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


def _end(text: str) -> float:
    return float(_number(f"end={text}")[1])


def _amount(text: str) -> tuple[str, str]:
    name, equals, amount = text.partition("=")
    if not (name and equals and amount):
        raise argparse.ArgumentTypeError(f"{text!r} is not ACTION=AMOUNT")
    return name.strip(), amount


def _endowment(game: Any, rows: list[tuple[str, str]]) -> dict[Any, Any] | None:
    """The amounts as expressions in the model's parameters, by action."""
    from alignsym.model.expressions import SymbolTable, parse_expression
    from alignsym.model.symbols import Declared

    table = SymbolTable(
        tuple(Declared(str(p.symbol), p.symbol, "parameter") for p in game.parameters)
    )
    actions = {str(a.symbol): a.symbol for a in game.actions}
    for name, _ in rows:
        if name not in actions:
            raise UsageError(
                f"{name} is no action", where="plot, --endowment",
                remedy="the actions are " + ", ".join(actions),
            )  # fmt: skip
    found = {actions[n]: parse_expression(e, table, where="plot, --endowment") for n, e in rows}
    return found or None


def _ends(given: list[float] | None, kind: str) -> Any:
    """The range, two pairs for two axes."""
    if given is None:
        return None
    wanted = 4 if kind == "regimes" else 2
    if len(given) != wanted:
        raise UsageError(
            f"{len(given)} numbers for the range", where="plot, --ends",
            remedy="give LOW HIGH" + (" LOW HIGH" if wanted == 4 else ""),
        )  # fmt: skip
    pairs = [(a, b) for a, b in zip(given[::2], given[1::2])]
    if any(a >= b for a, b in pairs):
        raise UsageError("a range is empty", where="plot, --ends", remedy="give LOW < HIGH")
    return pairs if wanted == 4 else pairs[0]


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

    endowment, ends = _endowment(game, options.endowment), _ends(options.ends, options.kind)
    solution = solve(game, game.concept, seconds=SHARE * seconds)
    over = options.over
    chosen = over[0] if over and len(over) == 1 else over
    axes = plot(
        solution, options.kind, over=chosen, at=dict(options.at), ends=ends, endowment=endowment,
        seconds=(1 - SHARE) * seconds,
    )  # fmt: skip
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
