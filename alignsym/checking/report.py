"""What a check says: one verdict a claim, that of coverage, and the weakest of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alignsym.claims import Checked, Decided, Proved, Refuted, Unknown, Verdict, Word, word
from alignsym.model.writing import text
from alignsym.present.rich import html, latex

if TYPE_CHECKING:
    from alignsym.present.blocks import Block

_ORDER: tuple[Word, ...] = ("refuted", "unknown", "checked", "proved")


@dataclass(frozen=True, slots=True)
class Report:
    """The claims of a person about a model, each with its verdict; `print(report)` shows them.

    `coverage` is None where it is not claimed.  A claim's `regime` is the number of its table, from
    0, None for the answer as a whole; its `subject` says of what it speaks.
    """

    id: str
    decided: tuple[Decided, ...]
    coverage: Verdict | None
    seconds: float = 0.0

    @property
    def verdict(self) -> Word:
        """refuted if one claim is, else the weakest: unknown, checked, proved."""
        words = {word(d.verdict) for d in self.decided}
        return next((w for w in _ORDER if w in words), "unknown")

    @property
    def refuted(self) -> tuple[Decided, ...]:
        """The claims that are false, each with the point where it fails."""
        return tuple(d for d in self.decided if isinstance(d.verdict, Refuted))

    def json(self) -> dict[str, Any]:
        """The output object of FORMAT.md, made of dicts, lists and texts only."""
        return {
            "format": 1,
            "id": self.id,
            "verdict": self.verdict,
            "coverage": None if self.coverage is None else word(self.coverage),
            "claims": [_claim(d) for d in self.decided],
            "seconds": round(self.seconds, 3),
        }

    def __str__(self) -> str:
        out = [f"{self.id or 'claims'}: {self.verdict}"]
        shown: int | None = -1
        for d in self.decided:
            if d.claim.regime != shown:
                shown = d.claim.regime
                when = " and ".join(text(r) for r in d.claim.region)
                where = "the answer as a whole" if shown is None else f"regime {shown + 1}"
                out += ["", where + (f", {when}" if when else "")]
            out += lines(d)
        return "\n".join(out)

    __repr__ = __str__
    _repr_html_ = html
    _repr_latex_ = latex

    def _blocks_(self) -> tuple[Block, ...]:
        from alignsym.present.blocks import Prose, Table
        from alignsym.present.passages import formulas_of, listed

        rows = []
        for d in self.decided:
            where = tuple(listed(formulas_of(d.claim.region))) or ("always",)
            why = " ".join(part.strip() for part in lines(d)[1:])
            rows.append((where, (d.claim.statement,), (word(d.verdict),), (why,)))
        head = (("where",), ("claim",), ("verdict",), ("why",))
        return (Prose((self.verdict,), f"{self.id or 'claims'}:"), Table(head, tuple(rows)))


def _claim(decided: Decided) -> dict[str, Any]:
    verdict = decided.verdict
    out: dict[str, Any] = {
        "regime": decided.claim.regime,
        "claim": decided.claim.statement,
        "about": decided.claim.subject,
        "verdict": word(verdict),
        "witness": None,
    }
    if isinstance(verdict, Refuted):
        out["witness"] = {
            "at": {str(s): text(v) for s, v in verdict.point},
            "reason": verdict.reason,
            "better": {str(s): text(v) for s, v in verdict.better},
        }
    elif not isinstance(verdict, Proved):
        out["reason"] = verdict.reason
    if isinstance(verdict, Checked):
        out["points"] = verdict.count
    return out


def lines(decided: Decided) -> list[str]:
    """One claim for people: its verdict, the claim, and why it is not proved."""
    verdict = decided.verdict
    line = f"  {word(verdict):8}  {decided.claim.statement}"
    match verdict:
        case Refuted(point=point, reason=reason):
            at = ", ".join(f"{s} = {v}" for s, v in point)
            return [line, *_indented(f"at {at}: {reason}" if at else reason)]
        case Unknown(reason=reason):
            return [line, *_indented(reason)]
        case Checked(count=count, reason=reason):
            return [line, *_indented(f"holds at {count} exact points; not proved: {reason}")]
    return [line]


def _indented(sentence: str, width: int = 84) -> list[str]:
    """The sentence in lines that fit a page."""
    lines: list[str] = [""]
    for part in sentence.split():
        if lines[-1] and len(lines[-1]) + len(part) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {part}".strip()
    return [f"            {line}" for line in lines]
