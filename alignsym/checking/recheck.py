"""`check` of a certificate: the obligations are regenerated from its model and decided again.

Nothing that a certificate says of itself is believed.  It fails where it leaves out an obligation,
words one differently, states a verdict that is not found again, or has a case that fails at an
exact point.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from alignsym.checking.answers import Shown, shown
from alignsym.checking.certificate import Certificate, Row, rows, statuses
from alignsym.checking.judgement import check
from alignsym.checking.report import Report
from alignsym.checking.statement import table_of
from alignsym.checking.texts import defined
from alignsym.claims import Claim, Decided, Proved, Refuted, Unknown, Verdict, word
from alignsym.errors import UsageError
from alignsym.logic.decide import until
from alignsym.model.output import versions

STRENGTH = ("refuted", "unknown", "checked", "proved")
SHARE = 0.8  # of the time for obligations; the rest is for exact points where one stays open


def recheck(certificate: Certificate, *, seconds: float | None = None) -> Report:
    """Every obligation of the certificate's answer, decided again; and what the certificate says
    that is not so, as refuted claims.

    Arguments: `seconds`, after which what is not yet decided is unknown.

    >>> import alignsym as al, sympy as sp
    >>> x, q = sp.symbols("x q", positive=True)
    >>> solution = al.maximize(sp.log(x), over=x, subject_to={"cap": x <= q})
    >>> print(recheck(solution.certificate()).verdict)
    proved
    """
    began = time.perf_counter()
    deadline = None if seconds is None else time.monotonic() + SHARE * seconds
    answer = certificate.answer
    try:
        with until(deadline):
            found = shown(answer, deadline=deadline)
    except UsageError as problem:
        wrong = Decided(_claim("method", "the answer can be shown as it says"), _fails(problem))
        return Report(certificate.id, (wrong,), None, time.perf_counter() - began)
    decided = list(found.decided)
    made = rows(decided)
    decided = _compared(certificate, decided, made)
    decided += [*_differences(certificate, made, found), *_overstated(certificate, found, made)]
    for place, when, needed, among in certificate.lost:
        said = Claim("defined", None, place, f"{place} is defined as it is written")
        decided.append(Decided(said, defined(answer.game, when, needed, among)))
    words = {word(d.verdict) for d in decided}
    if "unknown" in words and "refuted" not in words and not answer.programs:
        left = None if seconds is None else max(seconds - (time.perf_counter() - began), 0.1)
        decided += _points(certificate, left)
    return Report(certificate.id, tuple(decided), found.coverage, time.perf_counter() - began)


def _claim(about: str, statement: str) -> Claim:
    return Claim("reported", None, about, statement)


def _fails(reason: object) -> Refuted:
    return Refuted((), str(reason))


def _compared(
    certificate: Certificate, decided: list[Decided], made: tuple[Row, ...]
) -> list[Decided]:
    """The obligations with their verdicts, where a stated proof was not found again."""
    stated = {row.name: row.said for row in certificate.rows}
    same = certificate.versions == versions()
    out = []
    for one, row in zip(decided, made, strict=True):
        said = stated.get(row.name, {})
        out.append(Decided(one.claim, _again(one.verdict, said, row.said, same)))
    return out


def _again(found: Verdict, said: Mapping[str, Any], made: Mapping[str, Any], same: bool) -> Verdict:
    if said.get("verdict") == "proved" and isinstance(found, Unknown):
        return Unknown(f"stated as proved, and not proved again: {found.reason}")
    proved = isinstance(found, Proved) and said.get("verdict") == "proved"
    if proved and same and said.get("evidence") != made.get("evidence"):
        return Unknown("proved, but not by the evidence that is stated")
    return found


def _differences(certificate: Certificate, made: tuple[Row, ...], found: Shown) -> list[Decided]:
    """Obligations that are left out, added, or worded differently.

    Where something stopped the checker it may not have come to all of them.
    """
    stopped = not isinstance(found.verdict, Proved)
    stated = {row.name: row.said for row in certificate.rows}
    out = []
    for row in made:
        claim = _claim(row.name, f"the certificate has the obligation {row.name}")
        if row.name not in stated:
            reason = f"it leaves out {row.name}: {row.said['claim']}"
            out.append(Decided(claim, _fails(reason)))
            continue
        for key in ("regime", "kind", "about", "claim"):
            mine, theirs = row.said[key], stated[row.name].get(key)
            if mine != theirs or type(mine) is not type(theirs):
                reason = f"{row.name} is {mine!r} by the model, and {theirs!r} here ({key})"
                out.append(Decided(claim, _fails(reason)))
                break
    known = {row.name for row in made}
    for name in sorted(set(stated) - known):
        claim = _claim(name, f"the model asks for {name}")
        reason = f"{name} is no obligation of this model and answer"
        out.append(Decided(claim, Unknown(reason) if stopped else _fails(reason)))
    return out


def _overstated(certificate: Certificate, found: Shown, made: tuple[Row, ...]) -> list[Decided]:
    """Verdicts on the whole that are stated stronger than what is found."""
    listed = [("proof", certificate.proof, word(found.verdict))]
    listed.append(("coverage", certificate.coverage, word(found.coverage)))
    pairs = zip(certificate.statuses, statuses(found.cases), strict=True)
    for k, ((status, only), (again, alone)) in enumerate(pairs, start=1):
        listed.append((f"regime {k}", status, again))
        if (only is None) != (alone is None):
            reason = f"regime {k} is of another kind than its verdicts"
            return [Decided(_claim("verdicts", "verdicts are of their regimes"), _fails(reason))]
        if only is not None and alone is not None:
            listed.append((f"regime {k}, nothing else", only, alone))
    out = []
    for about, said, again in listed:
        if STRENGTH.index(said) > STRENGTH.index(again):
            reason = f"{about} is stated as {said} and found to be {again}"
            verdict = _fails(reason) if again == "refuted" else Unknown(reason)
            out.append(Decided(_claim(about, f"{about} is {said}"), verdict))
    stated = {row.name: row.said["verdict"] for row in certificate.rows}
    for row in made:
        if row.said["verdict"] == "refuted" and stated.get(row.name, "refuted") != "refuted":
            reason = f"{row.name} is stated as {stated[row.name]} and refuted"
            out.append(Decided(_claim(row.name, f"{row.name} holds"), _fails(reason)))
    return out


def _points(certificate: Certificate, seconds: float | None) -> list[Decided]:
    """What fails at exact points of an answer that is not proved again."""
    answer = certificate.answer
    if not answer.cases:
        return []
    listed = [table_of(c) for c in answer.cases]
    report = check(answer.game, listed, answer.concept, complete=True, seconds=seconds)
    return list(report.refuted)
