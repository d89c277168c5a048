"""`alignsym align FILE...`: is the equilibrium efficient, and which trade would align it?"""

from __future__ import annotations

import argparse
from typing import Any

from alignsym import __version__
from alignsym.commands.contract import ANSWERED, LIMIT, Command, Said


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--no-instruments", action="store_true",
        help="judge efficiency only, and look for no prices, taxes or payments that align",
    )  # fmt: skip


def answer(game: Any, options: argparse.Namespace, seconds: float) -> Said:
    """Efficiency of every equilibrium, what it costs, and the instruments that fit."""
    from alignsym.alignment.align import align
    from alignsym.alignment.output import alignment_text, alignment_to_json

    found = align(game, game.concept, seconds=seconds, instruments=not options.no_instruments)
    limited = not found.equilibria and found.seconds >= seconds
    return Said(alignment_to_json(found), alignment_text(found), LIMIT if limited else ANSWERED)


def unfinished(name: str, game: Any, reason: str) -> Said:
    """The answer that nothing is known, for the reason given."""
    said: dict[str, Any] = {
        "format": 1, "id": name if game is None else game.id, "status": "unknown",
        "equilibria": [], "optimum": None, "price_of_anarchy": None, "welfare_loss": None,
        "instruments": [], "reason": reason, "seconds": 0.0,
        "versions": {"alignsym": __version__},
    }  # fmt: skip
    return Said(said, f"{name}\n\nunknown: {reason}", LIMIT)


COMMAND = Command(
    name="align",
    help="is it efficient, with which weights, what would improve it, which instrument aligns it",
    arguments=_arguments,
    answer=answer,
    unfinished=unfinished,
    concluding="The verdict on each equilibrium is strongly, weakly, no or unknown.",
)
