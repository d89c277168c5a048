"""Certificates: an answer with every obligation, its verdict and its evidence, as one JSON object.

    {"alignsym": "certificate", "format": 1, "id", "concept", "versions", "sha256",
     "model": [lines], "method", "programs", "proof", "coverage", "verdicts": [...],
     "regimes": [...], "obligations": [...]}

What is believed of it is the model and the cases; obligations, verdicts and evidence are there to
be read, and to be compared with those regenerated from the model (`recheck`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import sympy as sp

from alignsym.checking.answers import Answer, Shown
from alignsym.claims import (
    ByTheorem,
    Checked,
    Claim,
    Decided,
    Evidence,
    ExactPoints,
    Identity,
    Proved,
    Refuted,
    SignDerivation,
    Unsatisfiable,
    Verdict,
    Word,
    word,
)
from alignsym.errors import UsageError
from alignsym.model.files import dumps, loads
from alignsym.model.game import Game
from alignsym.model.output import versions
from alignsym.model.relations import Region
from alignsym.model.writing import text
from alignsym.present.rich import html, latex
from alignsym.solution import Case, Continuum, NoSolution, Regime

KIND, FORMAT = "certificate", 1
# Where a text stands, its regime's condition, what it needs, and among which choices.
Lost = tuple[str, Region, Region, Region]


@dataclass(frozen=True, slots=True)
class Row:
    """One obligation as it stands in a certificate: `said` is its JSON object."""

    name: str
    said: Mapping[str, Any]

    _repr_html_ = html
    _repr_latex_ = latex


@dataclass(frozen=True, slots=True)
class Certificate:
    """An answer with what was shown of it; `print(certificate)` gives the file's text.

    `statuses`: what is said of every case (its status, and whether nothing else is a solution).
    `lost`: what its texts need to be defined and the cases' expressions no longer show.
    """

    id: str
    model: str
    answer: Answer
    proof: Word
    coverage: Word
    statuses: tuple[tuple[Word, Word | None], ...]
    rows: tuple[Row, ...]
    versions: tuple[tuple[str, str], ...]
    lost: tuple[Lost, ...] = field(default=(), compare=False)

    _repr_html_ = html
    _repr_latex_ = latex

    @property
    def digest(self) -> str:
        """SHA-256 of the model's text."""
        return digest(self.model)

    def json(self) -> dict[str, Any]:
        """The certificate made of dicts, lists and texts only."""
        return {
            "alignsym": KIND,
            "format": FORMAT,
            "id": self.id,
            "concept": self.answer.concept,
            "versions": dict(self.versions),
            "sha256": self.digest,
            "model": self.model.splitlines(),
            **_answer(self.answer),
            "proof": self.proof,
            "coverage": self.coverage,
            "verdicts": [_said_of(pair) for pair in self.statuses],
            "obligations": [dict(row.said) for row in self.rows],
        }

    def __str__(self) -> str:
        return json.dumps(self.json(), indent=1, ensure_ascii=True) + "\n"

    def __repr__(self) -> str:
        count = f"{len(self.rows)} obligations"
        return f"<certificate {self.id or self.digest[:12]}: {self.proof}, {count}>"


def digest(model: str) -> str:
    """SHA-256 of a model's text, in hexadecimal digits."""
    return sha256(model.encode()).hexdigest()


def model_text(game: Game) -> str:
    """The canonical model file of the game, without anybody's claims about it.

    Raises: UsageError where a file cannot say exactly what the game says.
    """
    plain = game.altered(expected=(), expect=None, complete=None)
    written = dumps(plain)
    again = loads(written)
    if again != plain or _domains(again) != _domains(plain):
        raise UsageError(
            "a model file does not say exactly what the game says", where="certificate",
            remedy="write utilities and constraints so that nothing undefined cancels",
        )  # fmt: skip
    return written


def _domains(game: Game) -> tuple[object, ...]:
    """Where things are defined as written, which equality of games may overlook."""
    return (
        *(frozenset(a.domain) for a in game.agents),
        *(frozenset(c.domain) for c in game.constraints),
        *(frozenset(p.domain) for p in game.prices),
        *(frozenset(f.domain) for f in game.families),
    )


def certificate(answer: Answer, model: str, found: Shown) -> Certificate:
    """What was found of the answer to the model, as a certificate."""
    return Certificate(
        answer.game.id,
        model,
        answer,
        word(found.verdict),
        word(found.coverage),
        statuses(found.cases),
        rows(found.decided),
        versions(),
    )


def statuses(cases: Iterable[Case]) -> tuple[tuple[Word, Word | None], ...]:
    """The verdicts on every case: it is a solution, and nothing else is."""
    return tuple(
        (word(c.status), None if isinstance(c, NoSolution) else word(c.exhaustive)) for c in cases
    )


def rows(decided: Iterable[Decided]) -> tuple[Row, ...]:
    """The obligations by name: regime, kind, what it is about, and a number among its like."""
    seen: Counter[str] = Counter()
    out = []
    for one in decided:
        claim = one.claim
        name = name_of(claim)
        seen[name] += 1
        name += f".{seen[name]}" if seen[name] > 1 else ""
        said: dict[str, Any] = {
            "name": name, "regime": claim.regime, "kind": claim.kind, "about": claim.subject,
            "claim": claim.statement, **_verdict(one.verdict),
        }  # fmt: skip
        out.append(Row(name, said))
    return tuple(out)


def name_of(claim: Claim) -> str:
    """The regime (all: the whole answer), the kind, and what the claim is about."""
    parts = ["all" if claim.regime is None else str(claim.regime + 1), claim.kind]
    return ".".join([*parts, claim.subject] if claim.subject else parts)


# ------------------------------------------------------------------ to JSON
def _answer(answer: Answer) -> dict[str, Any]:
    out: dict[str, Any] = {"method": answer.method}
    if answer.programs:
        out["programs"] = {name: _answer(program) for name, program in answer.programs}
    return out | {"regimes": [_case(c) for c in answer.cases]}


def _case(case: Case) -> dict[str, Any]:
    out: dict[str, Any] = {"when": _texts(case.when)}
    if isinstance(case, NoSolution):
        return out | {"outcome": case.outcome, "reason": case.reason, "witness": _row(case.witness)}
    if isinstance(case, Continuum):
        out["continuum"] = _texts(case.relations)
        out["members"] = [_row(m) for m in case.members]
    out |= {"values": _row(case.values), "multipliers": _row(case.multipliers)}
    if isinstance(case, Regime):
        out |= {"bounds": _row(case.bounds), "utilities": _row(case.utilities)}
        out["multiple"] = case.multiple
        out |= {"several": list(case.several)} if case.several else {}
    out["value"] = None if case.value is None else text(case.value)
    return out | {"witness": _row(case.witness)}


def _said_of(pair: tuple[Word, Word | None]) -> dict[str, Any]:
    status, only = pair
    return {"status": status} | ({} if only is None else {"exhaustive": only})


def _verdict(verdict: Verdict) -> dict[str, Any]:
    out: dict[str, Any] = {"verdict": word(verdict)}
    match verdict:
        case Proved(evidence=evidence):
            out["evidence"] = [_evidence(e) for e in evidence]
        case Refuted(point=point, reason=reason):
            out |= {"reason": reason, "at": _row(point)}
        case Checked(count=count, reason=reason):
            out |= {"reason": reason, "points": count}
        case _:
            out["reason"] = verdict.reason
    return out


def _evidence(evidence: Evidence) -> dict[str, Any]:
    match evidence:
        case Identity(left=left, right=right):
            return {"kind": "identity", "left": text(left), "right": text(right)}
        case SignDerivation(expression=e, sign=sign):
            return {"kind": "sign", "expression": text(e), "sign": sign}
        case Unsatisfiable(premises=premises, conclusion=conclusion):
            said = {"premises": _texts(premises), "conclusion": _texts(conclusion)}
            return {"kind": "unsatisfiable", **said}
        case ByTheorem(theorem=theorem, hypotheses=hypotheses):
            parts = [{"claim": d.claim.statement, **_verdict(d.verdict)} for d in hypotheses]
            return {"kind": "theorem", "theorem": theorem, "hypotheses": parts}
        case ExactPoints(points=points):
            return {"kind": "points", "points": [_row(p) for p in points]}


def _texts(region: Region) -> list[str]:
    return [text(r) for r in region]


def _row(
    pairs: Iterable[tuple[sp.Symbol, sp.Expr]] | Iterable[tuple[str, sp.Expr]],
) -> dict[str, str]:
    return {str(name): text(value) for name, value in pairs}
