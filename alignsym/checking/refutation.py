"""The search for an exact parameter point at which a stated regime is false.

Points are tried by definition (`definition`), then for a better choice (`deviation`), then by
first-order conditions (`lagrange`).  What is returned is certain; that nothing is, proves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from alignsym.checking.definition import Failure, Play, broken, mispriced, misreported, play
from alignsym.checking.deviation import beaten
from alignsym.checking.lagrange import first_order
from alignsym.checking.points import Point, exactly, points
from alignsym.claims import Refuted
from alignsym.model.game import Concept, Game
from alignsym.solution import Regime

QUICK, THOROUGH = 6, 30  # points
FEW, MANY = 24, 160  # trials of a deviation
DEVIATIONS = 3  # points of a quick search at which deviations are tried


@dataclass(frozen=True, slots=True)
class Refutations:
    """What fails, by subject ("solution", "value", or a constraint's name), and the points tried
    at which nothing did."""

    found: dict[str, Refuted]
    passed: int


def refutations(
    game: Game,
    concept: Concept,
    regime: Regime,
    *,
    stated: frozenset[str],
    thorough: bool,
    deadline: float | None = None,
) -> Refutations:
    """What of the regime certainly fails somewhere.

    `stated`: the subjects that are claimed (multipliers that were filled in are not); the search
    ends when all of them have failed or the points are used up.
    """
    found: dict[str, Refuted] = {}
    tried: list[Play] = []

    def late() -> bool:
        return deadline is not None and time.monotonic() > deadline

    for point in points(game, regime.when, THOROUGH if thorough else QUICK):
        if late():
            break
        now = play(game, concept, regime, point)
        if now is None:
            continue
        failures = [now] if isinstance(now, Failure) else list(_by_definition(now))
        wrong = [f for f in failures if f.subject == "solution"]
        if wrong and isinstance(now, Play) and broken(now) is None:
            # First-order conditions fail; a choice that shows it says more.
            failures = [beaten(now, MANY) or wrong[0]]
        for failure in failures:
            if failure.subject in stated:
                found.setdefault(failure.subject, refuted(failure, point))
        if "solution" in found or stated <= set(found):
            return Refutations(found, len(tried))
        if isinstance(now, Play) and not failures:
            tried.append(now)
    for now in tried if thorough else tried[:DEVIATIONS]:
        if late():
            break
        beating = beaten(now, MANY if thorough else FEW)
        if beating is not None:
            found.setdefault("solution", refuted(beating, now.point))
            break
    return Refutations(found, len(tried))


def _by_definition(now: Play) -> Iterator[Failure]:
    """Everything that fails at one point but for choices that are better."""
    failure = broken(now)
    if failure is not None:
        yield failure
        return
    wrong = misreported(now)
    if wrong is not None:
        yield wrong
    yield from mispriced(now)
    yield from first_order(now)


def refuted(failure: Failure, point: Point) -> Refuted:
    """The failure as a verdict."""
    return Refuted(exactly(point), failure.reason, failure.better)
