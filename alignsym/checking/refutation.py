"""The search for an exact parameter point at which a stated regime is false.

Points are tried by definition (`definition`), then for a better choice (`deviation`), then by
first-order conditions (`lagrange`).  What is returned is certain; that nothing is, proves nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from alignsym.checking.definition import Failure, Play, broken, mispriced, misreported, play
from alignsym.checking.deviation import beaten
from alignsym.checking.lagrange import first_order
from alignsym.checking.points import Point, exactly, points
from alignsym.checking.shown import THE_SOLUTION, THE_VALUE
from alignsym.claims import Refuted
from alignsym.model.game import Concept, Game
from alignsym.solution import Regime

QUICK, THOROUGH = 6, 30  # points
FEW, MANY = 24, 160  # trials of a deviation
DEVIATIONS = 3  # points of a quick search at which deviations are tried


@dataclass(frozen=True, slots=True)
class Refutations:
    """What fails, by subject (THE_SOLUTION, THE_VALUE, or a constraint's name), the points tried at
    which nothing did, and at how many of them a constraint's multiplier was compared."""

    found: dict[str, Refuted]
    passed: int
    priced: dict[str, int] = field(default_factory=dict)

    def of(self, subject: str) -> int:
        """The number of points that support the claim."""
        return self.passed if subject in (THE_SOLUTION, THE_VALUE) else self.priced.get(subject, 0)


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
    priced: dict[str, int] = {}

    def late() -> bool:
        return deadline is not None and time.monotonic() > deadline

    for point in points(game, regime.when, THOROUGH if thorough else QUICK):
        if late():
            break
        now = play(game, concept, regime, point)
        if now is None:
            continue
        if isinstance(now, Failure):
            failures = [now]
        else:
            failures, compared = _by_definition(now)
            for name in () if failures else compared:
                priced[name] = priced.get(name, 0) + 1
        wrong = [f for f in failures if f.subject == THE_SOLUTION]
        if wrong and isinstance(now, Play) and broken(now) is None:
            # First-order conditions fail; a choice that shows it says more.
            failures = [beaten(now, MANY) or wrong[0]]
        for failure in failures:
            if failure.subject in stated:
                found.setdefault(failure.subject, refuted(failure, point))
        if THE_SOLUTION in found or stated <= set(found):
            return Refutations(found, len(tried), priced)
        if isinstance(now, Play) and not failures:
            tried.append(now)
    for now in tried if thorough else tried[:DEVIATIONS]:
        if late():
            break
        beating = beaten(now, MANY if thorough else FEW)
        if beating is not None:
            found.setdefault(THE_SOLUTION, refuted(beating, now.point))
            break
    return Refutations(found, len(tried), priced)


def _by_definition(now: Play) -> tuple[list[Failure], frozenset[str]]:
    """Everything that fails at one point but for choices that are better; and the constraints whose
    multipliers were compared."""
    failure = broken(now)
    if failure is not None:
        return [failure], frozenset()
    wrong = misreported(now)
    conditions = first_order(now)
    out = [*([wrong] if wrong else []), *mispriced(now), *conditions.failures]
    return out, conditions.compared


def refuted(failure: Failure, point: Point) -> Refuted:
    """The failure as a verdict."""
    return Refuted(exactly(point), failure.reason, failure.better)
