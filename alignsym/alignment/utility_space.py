"""Relations among utilities: what they say, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from alignsym.alignment.lines import Lines, html, latex
from alignsym.alignment.profile import is_proved
from alignsym.claims import Proved, Verdict, weakest, word
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solving.neat import shortened
from alignsym.verify.facts import zero

_ZERO = sp.S.Zero
Levels = tuple[tuple[str, sp.Symbol], ...]
EVERY = "exactly the strongly efficient profiles with finite utilities"
SUPPORTED = "exactly the profiles that positive weights support, all of them strongly efficient"
SHARED_SUM = "exactly the strongly efficient profiles, the numeraire shared out in any way"


@dataclass(frozen=True, slots=True)
class Attainable:
    """The utilities of efficient profiles: where `relation` and `within` hold, given `when`.

    `utilities` names the symbols; `profile` are actions with these utilities (none where a
    numeraire is shared out); `scope` says of which profiles the relation is proved.
    """

    utilities: tuple[tuple[str, sp.Symbol], ...]
    relation: Relation
    within: Region
    scope: str
    profile: tuple[tuple[sp.Symbol, Expr], ...] = ()
    when: Region = ()
    status: Verdict = Proved()

    _repr_html_ = html
    _repr_latex_ = latex

    def lines(self) -> Lines:
        """The relation, where it holds, and of which profiles."""
        said = f"({word(self.status)}: {self.scope})"
        return (("", (self.relation, *self.within, *self.when)), (said, ()))


def balanced(gap: Expr, levels: tuple[sp.Symbol, ...]) -> Relation:
    """gap = 0 with what depends on the levels on the left and the rest on the right.

    >>> u, v = sp.symbols("u v", real=True)
    >>> q = sp.Symbol("q", positive=True)
    >>> str(balanced(q - sp.exp(u) - sp.exp(v), (u, v)))
    'Eq(exp(u) + exp(v), q)'
    """
    opened = sp.expand(gap, power_base=False, power_exp=False, log=False)
    terms = [k for t in sp.Add.make_args(opened) for k in sp.Add.make_args(shortened(t))]
    left = [t for t in terms if t.free_symbols & set(levels)]
    rest = [t for t in terms if not t.free_symbols & set(levels)]
    turned = sum(1 if t.could_extract_minus_sign() else -1 for t in left) >= 0
    sign = -1 if turned else 1
    return Relation(sp.Add(*(sign * t for t in left)), "==", shortened(-sign * sp.Add(*rest)))


def without_logs(e: Expr) -> Expr:
    """exp(c*log(z) + r) as z**c*exp(r), z positive.

    >>> a, z = sp.symbols("a z", positive=True)
    >>> without_logs(sp.exp(1 - a*sp.log(z)))
    E/z**a
    """
    return e.replace(lambda k: isinstance(k, sp.exp), _power_product)


def _power_product(e: Expr) -> Expr:
    out = sp.S.One
    rest = _ZERO
    for term in sp.Add.make_args(sp.expand(e.args[0])):
        factor, log = term.as_independent(sp.log, as_Add=False)
        if isinstance(log, sp.log):
            out *= log.args[0] ** factor
        else:
            rest += term
    return out * sp.exp(rest)


def is_gap_of(relation: Relation, gap: Expr) -> Verdict:
    """Whether the relation's gap is the gap given, up to sign."""
    found = [zero(relation.gap - sign * gap, ()) for sign in (1, -1)]
    return next((v for v in found if is_proved(v)), weakest(found))
