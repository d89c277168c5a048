"""`alignsym solve FILE...`: closed forms by regime, shadow prices, what is proved."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from alignsym import __version__
from alignsym.commands.contract import ANSWERED, LIMIT, Command, Said

# The names of `alignsym.model.game.CONCEPTS`, repeated because that module imports SymPy; a test
# compares the two.
CONCEPTS = ("maximize", "nash", "variational", "walras", "stackelberg", "social", "bargaining")

SHARE = 0.6  # of the time for solving; the rest is for the certificate


class Engine(NamedTuple):
    """What solving and printing need: everything that imports SymPy."""

    solve: Callable[..., Any]
    to_json: Callable[[Any], dict[str, Any]]
    to_text: Callable[[Any], str]


def engine() -> Engine:
    """Import what solving needs."""
    from alignsym.answer import solve
    from alignsym.model.files import solution_to_json
    from alignsym.present.text import solution_text

    return Engine(solve, solution_to_json, solution_text)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--concept", choices=CONCEPTS, metavar="CONCEPT",
        help="solve for this concept in place of the file's: " + ", ".join(CONCEPTS),
    )  # fmt: skip
    parser.add_argument(
        "--certificate", metavar="OUT",
        help="write claims, evidence and verdicts to this file; `alignsym check OUT` checks them "
        "again without the solver",
    )  # fmt: skip
    parser.add_argument(
        "--smtlib", metavar="DIR",
        help="write what z3 decided to this directory, one SMT-LIB 2 file a question",
    )  # fmt: skip


def answer(game: Any, options: argparse.Namespace, seconds: float) -> Said:
    """The solution of one model, with the reason where the time limit cut it short."""
    began = time.monotonic()
    if options.concept:
        game = game.altered(concept=options.concept)
    run = engine()
    share = SHARE if options.certificate or options.smtlib else 1.0
    solution = run.solve(game, game.concept, seconds=share * seconds)
    late = time.monotonic() - began >= share * seconds
    limited = late and solution.status in ("unknown", "partial")
    if limited and "limit" not in solution.reason:
        reasons = (f"time limit of {options.timeout:g} s reached (--timeout)", solution.reason)
        solution = _with_reason(solution, "; ".join(filter(None, reasons)))
    said = Said(run.to_json(solution), run.to_text(solution), LIMIT if limited else ANSWERED)
    if share == 1.0:
        return said
    options.partial(said._replace(note="no certificate: the time limit was reached"))
    left = max(seconds - (time.monotonic() - began), 0.1)
    return said._replace(**_certified(solution, options, left))


def _certified(solution: Any, options: argparse.Namespace, seconds: float) -> dict[str, Any]:
    """The certificate and the scripts to be written, or a note why there are none."""
    from alignsym.certifying import certify, smtlib
    from alignsym.errors import AlignsymError

    files: list[tuple[str, str]] = []
    try:
        if options.certificate:
            files.append(("certificate", str(certify(solution, seconds=seconds))))
        if options.smtlib:
            scripts = smtlib(solution, seconds=seconds).items()
            files += [(f"smtlib/{name}", text) for name, text in scripts]
    except AlignsymError as problem:
        return {"note": f"no certificate: {problem.line()}"}
    return {"files": tuple(files)}


def unfinished(name: str, game: Any, reason: str) -> Said:
    """The answer that nothing is known, for the reason given."""
    if game is None:
        said = {
            "format": 1, "id": name, "status": "unknown", "proof": "unknown",
            "coverage": "unknown", "reason": reason, "regimes": [], "seconds": 0.0,
            "versions": {"alignsym": __version__},
        }  # fmt: skip
        return Said(said, f"{name}\n\nunknown: {reason}", LIMIT)
    from alignsym.claims import Unknown
    from alignsym.solution import Solution

    nothing = Solution(game, game.concept or "maximize", (), Unknown(reason), reason=reason)
    run = engine()
    return Said(run.to_json(nothing), run.to_text(nothing), LIMIT)


def _with_reason(solution: Any, reason: str) -> Any:
    from dataclasses import replace

    return replace(solution, reason=reason)


COMMAND = Command(
    name="solve",
    help="solve model files: closed forms by regime, shadow prices, what is proved",
    arguments=_arguments,
    answer=answer,
    unfinished=unfinished,
    prepare=lambda: engine(),
)
