"""What is decided of one table, claim by claim, whichever way it was verified."""

from __future__ import annotations

from dataclasses import dataclass

from alignsym.claims import ClaimKind, Decided, Unknown, Verdict, weakest

SOLUTION: tuple[ClaimKind, ...] = ("defined", "nonempty", "feasible", "clearing", "optimal")
# No names of constraints: their multipliers are claimed beside these.
THE_SOLUTION, THE_VALUE, NOTHING_ELSE = "the solution", "the value", "nothing else"
LATE = "the time limit was reached before this was decided"


@dataclass(frozen=True, slots=True)
class Shown:
    """What `verify` decided of one table, and why points cannot support it ('' where they can)."""

    decided: tuple[Decided, ...] = ()
    local: str = ""
    stopped: str = ""

    def of(self, subject: str) -> Verdict:
        """The verdict on one claim of the table."""
        kinds: tuple[str, ...] = (*SOLUTION, "multipliers")
        if subject in (THE_SOLUTION, THE_VALUE, NOTHING_ELSE):
            kinds = {THE_SOLUTION: SOLUTION, THE_VALUE: ("reported",)}.get(subject, ("exhaustive",))
        parts = [d.verdict for d in self.decided if d.claim.kind in kinds]
        if self.stopped or not parts:
            reasons = [d.verdict.reason for d in self.decided if isinstance(d.verdict, Unknown)]
            return Unknown(self.stopped or (reasons or [LATE])[0])
        return weakest(parts)
