"""Are the reported payoffs those of the utilities?  A payoff may be -oo, as log 0 is."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from alignsym.claims import Proved, Unknown, Verdict
from alignsym.logic.piecewise import at_values
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.facts import holds, zero

_ZERO = sp.S.Zero


def payoff(
    utility: Expr, claimed: Expr, values: Mapping[sp.Symbol, Expr], region: Region
) -> Verdict:
    """Whether the utility at the values is the claimed payoff on the region."""
    if claimed == -sp.oo:
        return minus_infinity(utility, values, region)
    return zero(claimed - at_values(utility, values, region), region)


def minus_infinity(utility: Expr, values: Mapping[sp.Symbol, Expr], region: Region) -> Verdict:
    """Some logarithm of zero with a positive coefficient, and nothing else that is infinite."""
    lost = False
    for term in sp.Add.make_args(utility):
        logs = term.atoms(sp.log)
        for log in logs:
            inside = log.args[0].xreplace(dict(values))
            if isinstance(holds(Relation(inside, ">", _ZERO), region), Proved):
                continue
            rest = sp.cancel(term / log)
            simple = len(logs) == 1 and not rest.has(sp.log)
            positive = Relation(rest.xreplace(dict(values)), ">", _ZERO)
            if not (
                simple
                and isinstance(zero(inside, region), Proved)
                and isinstance(holds(positive, region), Proved)
            ):
                return Unknown("a payoff of -oo is not shown: several terms may be infinite")
            lost = True
        others = [r for r in natural_domain(term) if not (logs and r.operator == ">")]
        if any(not isinstance(holds(r.replaced(dict(values)), region), Proved) for r in others):
            return Unknown("a payoff of -oo is not shown: a term may be undefined")
    return Proved() if lost else Unknown("a payoff of -oo is not shown")
