"""One equilibrium of a game in which the others count by their total only.

Let agent i choose x_i in an interval, S = sum x_j, and F_i(x_i, S) = dU_i/dx_i with the others'
total written S - x_i.  Two equilibria with S <= S', not the same:

*Level.*  Somebody has x' > x, so that F(x, S) <= 0 <= F(x', S').  If F falls in x, and does not
rise in S or falls in S wherever F >= 0, then F(x', S) < F(x, S) <= 0 and F(x', .) never comes back
to zero: a contradiction.

*Share* (Cornes and Hartley 2005): the same with x = s*S, where S > 0 at every equilibrium and
x >= 0.  Of S < S' somebody has s' >= s and s' > 0, hence x' > x; of S = S' somebody has s' > s.
With s' = s both are zeros of F(s, .), which falls through zero only once.

Cournot and contests with any number of agents, costs and prizes of their own, entry and exit.
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from alignsym.claims import ByTheorem, Decided, Proved, Unknown, Verdict, weakest
from alignsym.model.domains import natural_domain
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds, hypothesis

_ZERO, _ONE = sp.S.Zero, sp.S.One
_TOTAL = sp.Dummy("total", real=True)
_SHARE = sp.Dummy("share", nonnegative=True)
Facts = tuple[Decided, ...]


def one_total(makers: Sequence[DecisionMaker], region: Region) -> Verdict:
    """Whether there is at most one equilibrium; the makers' marginal utilities do not jump."""
    if len(makers) < 2 or any(len(m.variables) != 1 or m.constraints for m in makers):
        return Unknown("agents choose more than a number from an interval")
    actions = [m.variables[0] for m in makers]
    for attempt in (by_level, by_share):
        facts: list[Decided] = []
        for maker in makers:
            found = attempt(maker, actions, region)
            if isinstance(found, Unknown):
                break
            facts += found
        else:
            name = "one equilibrium by totals (Cornes and Hartley 2005)"
            return Proved((ByTheorem(name, tuple(facts)),))
    return Unknown("marginal utilities are not shown to fall in the total")


def in_total(maker: DecisionMaker, actions: Sequence[sp.Symbol]) -> Expr | None:
    """F_i(x_i, S), or None where the others count otherwise than by their total."""
    x = maker.variables[0]
    others = [a for a in actions if a != x]
    rest = sp.Add(*others[1:])
    slope = sp.diff(maker.objective, x).xreplace({others[0]: _TOTAL - x - rest})
    slope = sp.factor_terms(sp.expand(slope)) if slope.is_polynomial() else sp.factor(slope)
    return None if slope.free_symbols & set(others) else slope


def by_level(maker: DecisionMaker, actions: Sequence[sp.Symbol], region: Region) -> Facts | Unknown:
    """F falls in x, and in S or nowhere rises in it, for all choices."""
    f = in_total(maker, actions)
    if f is None:
        return Unknown(f"{maker.name} looks at more than the total")
    x = maker.variables[0]
    premises: Region = (*region, *maker.bounds())
    if all(a.is_nonnegative for a in actions):
        premises = (*premises, Relation(_TOTAL, ">=", x))
    return _falling(maker, f, x, premises)


def by_share(maker: DecisionMaker, actions: Sequence[sp.Symbol], region: Region) -> Facts | Unknown:
    """The same in the share, where a positive total is part of what it takes to be defined."""
    f = in_total(maker, actions)
    if f is None or not all(a.is_nonnegative for a in actions):
        return Unknown(f"{maker.name} looks at more than the total")
    total = sp.Add(*actions)
    if not any(r.operator in ("!=", ">") and r.gap in (total, -total) for r in maker.domain):
        return Unknown(f"{maker.name}'s utility is defined where the total is zero")
    premises = (
        *region,
        Relation(_TOTAL, ">", _ZERO),
        Relation(_SHARE, "<=", _ONE),
    )
    shared = sp.factor(f.xreplace({maker.variables[0]: _SHARE * _TOTAL}))
    return _falling(maker, shared, _SHARE, premises, strictly=True)


def _falling(
    maker: DecisionMaker, f: Expr, x: sp.Symbol, premises: Region, *, strictly: bool = False
) -> Facts | Unknown:
    """The hypotheses: F is defined, F_x < 0 inside the interval, to the ends of which it is
    continuous, and F_S <= 0, or F_S < 0 wherever F >= 0."""
    ends = (Relation(x, ">", _ZERO), Relation(x, "<", _ONE))
    inside = (*premises, *(ends if strictly else (r.tightened() for r in maker.bounds())))
    down = sp.diff(f, x)
    facts = [hypothesis("F is defined", holds(r, premises), premises) for r in natural_domain(f)]
    facts.append(hypothesis("F falls", holds(Relation(down, "<", _ZERO), inside), inside))
    along = sp.diff(f, _TOTAL)
    never = holds(Relation(along, "<=", _ZERO), premises)
    if strictly or not isinstance(never, Proved):
        above = (*premises, Relation(f, ">=", _ZERO))
        never = holds(Relation(along, "<", _ZERO), above)
    facts.append(hypothesis("F does not rise with the total", never, premises))
    verdict = weakest(d.verdict for d in facts)
    if isinstance(verdict, Proved):
        return tuple(facts)
    return Unknown(f"{maker.name}'s marginal utility is not shown to fall in the total")
