"""Solution -> the JSON object of the output format."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import Any

import sympy as sp

from alignsym.claims import Checked, Verdict, word
from alignsym.model.agents import Family
from alignsym.model.everyone import of_everyone
from alignsym.model.relations import Expr
from alignsym.model.writing import text
from alignsym.solution import Case, Continuum, NoSolution, Regime, Solution


def solution_to_json(solution: Solution) -> dict[str, Any]:
    """The output object of a solution, made of dicts, lists, texts and numbers only."""
    out: dict[str, Any] = {
        "format": 1,
        "id": solution.game.id,
        "status": solution.status,
        "proof": word(solution.proof),
        "coverage": word(solution.coverage),
        "regimes": [_case(c, solution.game.families) for c in solution.cases],
    }
    if solution.reason or solution.status == "unknown":
        out["reason"] = solution.reason or "nothing was found"
    out["seconds"] = round(solution.seconds, 3)
    out["versions"] = dict(versions())
    return out


@cache
def versions() -> tuple[tuple[str, str], ...]:
    """The versions an answer was computed with."""
    names = {"alignsym": "alignsym", "sympy": "sympy", "z3": "z3-solver"}
    return tuple((name, _version(package)) for name, package in names.items())


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        from alignsym import __version__

        return __version__ if package == "alignsym" else "unknown"


def _case(case: Case, families: tuple[Family, ...]) -> dict[str, Any]:
    out: dict[str, Any] = {"when": [text(of_everyone(r, families)) for r in case.when]}
    if isinstance(case, NoSolution):
        out["outcome"] = case.outcome
        if case.reason:
            out["reason"] = case.reason
        return out | _verdict(case.status)
    if isinstance(case, Continuum):
        out["continuum"] = [text(r) for r in case.relations]
    if isinstance(case, Regime) or case.values:
        out["values"] = _texts(case.values)
    if isinstance(case, Regime):
        out["multipliers"] = _texts(case.shadow_prices)
        out["bounds"] = _texts(case.bound_prices)
    else:
        out["multipliers"] = _texts(case.multipliers)
    out["value"] = None if case.value is None else text(case.value)
    if isinstance(case, Regime):
        out["utilities"] = _texts(case.utilities)
        out["binding"] = list(case.binding)
        out["multiple"] = case.multiple
    out |= _verdict(case.status)
    out["exhaustive"] = word(case.exhaustive)
    return out


def _verdict(verdict: Verdict) -> dict[str, Any]:
    """proved, checked (with the number of points) or candidate."""
    said = word(verdict)
    out: dict[str, Any] = {"status": said if said in ("proved", "checked") else "candidate"}
    if isinstance(verdict, Checked):
        out["points"] = verdict.count
    return out


def _texts(
    pairs: tuple[tuple[str, Expr], ...] | tuple[tuple[sp.Symbol, Expr], ...],
) -> dict[str, str]:
    return {str(name): text(value) for name, value in pairs}
