"""alignsym: equilibria and shadow prices in closed form, for all parameter values, with a proof.

Public names load on first use (PEP 562), so that `import alignsym` alone costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Agent": "alignsym.model.game",
    "Agents": "alignsym.model.agents",
    "Game": "alignsym.model.game",
    "Parameter": "alignsym.model.game",
    "Interval": "alignsym.model.relations",
    "Relation": "alignsym.model.relations",
    "Solution": "alignsym.solution",
    "Regime": "alignsym.solution",
    "AlignsymError": "alignsym.errors",
    "ModelError": "alignsym.errors",
    "UsageError": "alignsym.errors",
    "StatedRegime": "alignsym.model.agents",
    "check": "alignsym.checking.judgement",
    "certify": "alignsym.certifying",
    "read_certificate": "alignsym.checking.reading",
    "recheck": "alignsym.checking.recheck",
    "Derivation": "alignsym.derivation",
    "solve": "alignsym.answer",
    "derive": "alignsym.deriving.derive",
    "replay": "alignsym.verify.replay",
    "load": "alignsym.model.files",
    "loads": "alignsym.model.files",
    "dump": "alignsym.model.files",
    "dumps": "alignsym.model.files",
    "latex": "alignsym.present.latex",
    "maximize": "alignsym.prompt",
    "demand": "alignsym.theory.marshallian",
    "indirect_utility": "alignsym.theory.marshallian",
    "hicksian_demand": "alignsym.theory.hicksian",
    "expenditure": "alignsym.theory.hicksian",
    "supply": "alignsym.theory.producer",
    "profit": "alignsym.theory.producer",
    "cost": "alignsym.theory.producer",
    "entry": "alignsym.theory.entry",
    "with_means": "alignsym.theory.entry",
    "in_the_limit": "alignsym.theory.entry",
    "price_of_anarchy": "alignsym.theory.anarchy",
}

__all__ = [*_HOME, "__version__"]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'alignsym' has no attribute {name!r}")
    import_module("alignsym.prompt")  # attaches game.social(), _repr_latex_, ... to the nouns
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
