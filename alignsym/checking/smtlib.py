"""The questions that z3 answered while claims were decided, as SMT-LIB 2 files by the claim's name.

One claim may have asked several questions, and claims that follow from signs or identities ask
none.  A second solver that finds one of them satisfiable has found a defect.
"""

from __future__ import annotations

import re
from collections import Counter

from alignsym.checking.certificate import name_of
from alignsym.claims import Claim
from alignsym.logic.questions import Heard
from alignsym.logic.smtlib import script
from alignsym.model.relations import Region

_PLAIN = re.compile(r"[^A-Za-z0-9_.-]+")
STEP = Claim("hypothesis", None, "", "a step on the way to the claims")


def scripts(heard: Heard, model: str) -> dict[str, str]:
    """File names and texts; `model` is the model's id.

    >>> import sympy as sp
    >>> from alignsym.logic.decide import search
    >>> from alignsym.logic.questions import listening
    >>> from alignsym.model.relations import Relation
    >>> q = sp.Symbol("q", positive=True)
    >>> with listening() as heard:
    ...     found = search((Relation(q, "<", sp.Integer(0)),))
    >>> list(scripts(heard, "one"))
    ['all.hypothesis.smt2']
    """
    seen: Counter[str] = Counter()
    out: dict[str, str] = {}
    for filed, question in heard.filed:
        claim = STEP if filed is None else filed
        name = _PLAIN.sub("_", name_of(claim))[:90]
        seen[name] += 1
        number = f".{seen[name]}" if seen[name] > 1 else ""
        about = [f"model: {model}", f"obligation: {name_of(claim)}", f"claim: {claim.statement}"]
        about.append(f"no point has: {_said(question.premises) or 'anything'}")
        about += [f"  and lies outside: {_said(region)}" for region in question.outside]
        about += [f"  and has one of: {_said(question.any_of, 'or')}"] if question.any_of else []
        about += ["facts about logs and powers are asserted with it"] if question.lemmas else []
        out[f"{name}{number}.smt2"] = script(question, about)
    return out


def _said(region: Region, joined: str = "and") -> str:
    return f" {joined} ".join(map(str, region))
