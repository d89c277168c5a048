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
    parser.add_argument(
        "--frontier", action="store_true",
        help="also give the Pareto frontier, and of an exchange of two contract curve and core",
    )  # fmt: skip


def answer(game: Any, options: argparse.Namespace, seconds: float) -> Said:
    """Efficiency of every equilibrium, what it costs, and the instruments that fit."""
    from alignsym.alignment.align import align
    from alignsym.alignment.output import alignment_text, alignment_to_json

    share = 0.6 * seconds if options.frontier else seconds
    found = align(game, game.concept, seconds=share, instruments=not options.no_instruments)
    limited = not found.equilibria and found.seconds >= share
    told, said = alignment_to_json(found), alignment_text(found)
    if options.frontier:
        from alignsym.alignment.efficient_set import efficient_set
        from alignsym.alignment.frontier_output import frontier_text, frontier_to_json

        efficient = efficient_set(game, seconds=max(1.0, 0.9 * seconds - found.seconds))
        told["frontier"] = frontier_to_json(efficient)
        said += "\n\n" + frontier_text(efficient)
    return Said(told, said, LIMIT if limited else ANSWERED)


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
