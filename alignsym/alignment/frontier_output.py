"""The efficient set as text, LaTeX and JSON."""

from __future__ import annotations

from typing import Any

from alignsym.alignment.core_of_exchange import Core
from alignsym.alignment.efficient_set import EfficientSet
from alignsym.alignment.exchange import ContractCurve
from alignsym.alignment.frontier import Frontier
from alignsym.alignment.output import aligned, wrapped
from alignsym.alignment.utility_space import Attainable
from alignsym.claims import Unknown, word
from alignsym.model.relations import Region, Relation
from alignsym.model.writing import text
from alignsym.present.text import OUTCOME_WORDS
from alignsym.present.words import in_words, plain, region_in_words
from alignsym.solution import Continuum, NoSolution, Regime


def frontier_headline(found: EfficientSet) -> str:
    """One line for each thing that is known; what is not, and why, where nothing is."""
    lines = []
    if isinstance(found.among_utilities, tuple):
        lines += [_relation(row) + f", {word(row.status)}" for row in found.among_utilities]
    elif isinstance(found.weighted, Frontier):
        lines.append(f"by weights: {found.weighted.solution!r}")
    if isinstance(found.curve, ContractCurve):
        lines.append(f"contract curve: {_curve(found.curve)}, {word(found.curve.status)}")
    if isinstance(found.of_core, Core):
        lines.append(f"core: {_core(found.of_core)}, {word(found.of_core.status)}")
    if not lines and isinstance(found.weighted, Unknown):
        return f"unknown: {found.weighted.reason}"
    return "\n".join(lines)


def frontier_text(found: EfficientSet) -> str:
    """The efficient profiles in every form, what is proved of them, and what is not known."""
    lines: list[str] = ["Pareto frontier", ""]
    if isinstance(found.among_utilities, tuple):
        lines.append("Among utilities:")
        for row in found.among_utilities:
            lines += wrapped("  " + _relation(row), "    ")
            lines += wrapped(f"  ({word(row.status)}: these are {row.scope})", "    ")
    else:
        lines += wrapped(f"Among utilities: not known, {plain(found.among_utilities.reason)}.")
    if isinstance(found.weighted, Frontier):
        lines += ["", f"By positive weights ({word(found.weighted.status)}):"]
        for case in found.weighted.solution.cases:
            if isinstance(case, Regime):
                lines += aligned([(str(s), e) for s, e in case.values])
            elif isinstance(case, Continuum):
                lines += wrapped(f"  every point with {region_in_words(case.description)}", "    ")
            else:
                lines.append(f"  no largest sum: {OUTCOME_WORDS[case.outcome]}")
            if case.when:
                lines += wrapped(f"    where {region_in_words(case.when)}", "      ")
    else:
        lines += wrapped(f"By weights: not known, {plain(found.weighted.reason)}.")
    if isinstance(found.curve, ContractCurve):
        lines += ["", f"Contract curve ({word(found.curve.status)}):"]
        lines += wrapped("  " + _curve(found.curve), "    ")
    if isinstance(found.of_core, Core):
        lines += ["", f"Core ({word(found.of_core.status)}):"]
        lines += wrapped("  of these, those where " + _core(found.of_core), "    ")
    return "\n".join(lines)


def _relation(row: Attainable) -> str:
    said = f"{in_words(row.relation.left)} = {in_words(row.relation.right)}"
    said += f" with {region_in_words(row.within)}" if row.within else ""
    return said + (f" where {region_in_words(row.when)}" if row.when else "")


def _curve(curve: ContractCurve) -> str:
    rows: Region = curve.relations
    if curve.explicit is not None:
        symbol, e = curve.explicit
        rows = (Relation(symbol, "==", e),)
    said = " and ".join(f"{in_words(r.left)} = {in_words(r.right)}" for r in rows)
    return f"{said} for {region_in_words(curve.within)}"


def _core(core: Core) -> str:
    rows = core.rational if core.interval is None else core.interval
    return region_in_words(rows) if rows else "always: nobody refuses any of it"


def frontier_to_json(found: EfficientSet) -> dict[str, Any]:
    """What `align --frontier` adds to its output object."""
    out: dict[str, Any] = {}
    if isinstance(found.among_utilities, tuple):
        out["utilities"] = [_attainable(row) for row in found.among_utilities]
    else:
        out["utilities"] = None
        out["reason"] = found.among_utilities.reason
    out["by_weights"] = None
    if isinstance(found.weighted, Frontier):
        out["by_weights"] = {
            "regimes": [
                {"when": _region(r.when), "values": {str(s): text(e) for s, e in r.values}}
                for r in found.weighted.solution.regimes
            ],
            "sets": [
                {"when": _region(c.when), "relations": _region(c.description)}
                for c in found.weighted.solution.cases
                if isinstance(c, Continuum)
            ],
            "without": [
                {"when": _region(c.when), "outcome": c.outcome}
                for c in found.weighted.solution.cases
                if isinstance(c, NoSolution)
            ],
            "status": word(found.weighted.status),
        }
    out["contract_curve"] = None
    if isinstance(found.curve, ContractCurve):
        e = found.curve.explicit
        out["contract_curve"] = {
            "relations": _region(found.curve.relations),
            "explicit": None if e is None else {str(e[0]): text(e[1])},
            "within": _region(found.curve.within),
            "status": word(found.curve.status),
        }
    out["core"] = None
    if isinstance(found.of_core, Core):
        between = found.of_core.interval
        out["core"] = {
            "rational": _region(found.of_core.rational),
            "interval": None if between is None else _region(between),
            "status": word(found.of_core.status),
        }
    return out


def _attainable(row: Attainable) -> dict[str, Any]:
    return {
        "when": _region(row.when),
        "symbols": {name: str(u) for name, u in row.utilities},
        "relation": text(row.relation),
        "within": _region(row.within),
        "scope": row.scope,
        "status": word(row.status),
    }


def _region(region: Region) -> list[str]:
    return [text(r) for r in region]
