"""Efficiency of n agents, n a symbol, who are alike or whose equilibrium is the optimum.

If the equilibrium's closed forms are those of the largest sum of utilities (payments left out, in a
market), it is efficient with equal weights, for every n.  If all members do the same, x[i] = v, and
another common choice v' is feasible with U_i(v', ..., v') > U_i(v, ..., v), it is not: sums over
the members become n times one term, and the rise is decided with n a real number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sympy as sp

from alignsym.alignment.efficiency import Efficiency, Optimum
from alignsym.alignment.moves import neat
from alignsym.alignment.pareto import FINITE_TRADE, POSITIVE, SINGLE, TRANSFERABLE
from alignsym.alignment.profile import INFINITE, is_proved
from alignsym.alignment.trade import Trade
from alignsym.answer import solve
from alignsym.claims import Proved, Unknown, weakest
from alignsym.logic.normal import is_identically_zero
from alignsym.model.agents import Constraint, Family
from alignsym.model.domains import natural_domain
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime, Solution
from alignsym.verify.facts import holds

_ZERO = sp.S.Zero


def judge_crowd(
    solution: Solution, *, seconds: float | None = None
) -> tuple[tuple[Efficiency, ...], Optimum | None]:
    """The efficiency of every regime of a game with families, and the optimum if it is known."""
    if solution.concept == "social":
        return _chosen(solution), None
    planned = _planned(solution.game)
    if isinstance(planned, str):
        return tuple(_undecided(r, planned) for r in solution.regimes), None
    best = solve(planned, "social", seconds=seconds)
    rows: list[Efficiency] = []
    for regime in solution.regimes:
        rows += _judged(solution, regime, planned, best)
    known = None
    proved = best.regimes and all(is_proved(r.status) and r.value is not None for r in best.regimes)
    if proved and is_proved(best.coverage) and len(best.regimes) == len(best.cases):
        cases = tuple((r.when, r.values, r.value) for r in best.regimes)
        known = Optimum(cases, Proved())
    return tuple(rows), known


def _chosen(solution: Solution) -> tuple[Efficiency, ...]:
    """What maximises the sum of all utilities is efficient with equal weights."""
    if solution.game.weights:
        why = "families with weights are judged by nobody yet"
        return tuple(_undecided(r, why) for r in solution.regimes)
    members = [str(f.index) for f in solution.game.families if f.objective is not None]
    equal = tuple((n, sp.S.One) for n in (*members, *(a.name for a in solution.game.agents)))
    return tuple(
        Efficiency(
            r.when, r.values, r.utilities, "strongly", equal, status=r.status, theorem=POSITIVE
        )
        for r in solution.regimes
    )


def _planned(game: Game) -> Game | str:
    """The game whose sum of utilities counts: payments left out, clearing relations shared."""
    if game.agents or len(game.families) != 1 or game.families[0].objective is None:
        return "families beside other agents or goods are judged by nobody yet"
    (family,) = game.families
    prices = {p.symbol: _ZERO for p in game.prices}
    if family.objective is None or game.numeraire is not None:
        return "families with a numeraire are judged by nobody yet"
    linear = all(
        is_identically_zero(sp.diff(family.objective, p, r)) for p in prices for r in prices
    )
    inside = [c.relation.free_symbols for c in family.constraints]
    if not linear or any(set(prices) & s for s in inside):
        return "payments are not linear in the prices"
    if prices:
        # p*x[i] in each utility, and the sum of what is paid for in the clearing relation.
        for p in game.prices:
            part = sp.Sum(-sp.diff(family.objective, p.symbol), (family.index, 1, family.size))
            demanded = p.clearing.left
            if not _same_sum(part, demanded, family):
                return "what is paid for is not what the market clears"
    shared = [*game.shared, *(Constraint(p.name, p.clearing, p.domain) for p in game.prices)]
    objective = family.objective.xreplace(prices)
    return game.altered(
        families=(replace(family, objective=objective),), shared=shared, prices=(),
        concept="social", expected=(), expect=None, complete=None, weights=(), disagreement=(),
    )  # fmt: skip


def _same_sum(part: sp.Sum, demanded: Expr, family: Family) -> bool:
    """Whether two sums over the family have the same summand."""
    if not isinstance(demanded, sp.Sum) or demanded.limits[0][1:] != (1, family.size):
        return False
    index = demanded.limits[0][0]
    summand = demanded.function.xreplace(_renamed(demanded.function, index, family.index))
    return is_identically_zero(_flat(part.function - summand))


def _renamed(e: Expr, old: sp.Symbol, new: sp.Symbol) -> dict[Expr, Expr]:
    return {a: a.base[new] for a in e.atoms(sp.Indexed) if a.indices == (old,)}


def _flat(e: Expr) -> Expr:
    """Indexed symbols as plain ones, for the zero test."""
    return e.xreplace({a: sp.Dummy(str(a)) for a in e.atoms(sp.Indexed)})


def _undecided(regime: Regime, why: str) -> Efficiency:
    return Efficiency(
        regime.when, regime.values, regime.utilities, "unknown", status=Unknown(why), reason=why
    )


def _judged(
    solution: Solution, regime: Regime, planned: Game, best: Solution
) -> tuple[Efficiency, ...]:
    """Equal to the optimum, or improved upon by a common choice, for n >= 2 and n = 1 apart."""
    (family,) = planned.families
    name = str(family.index)
    if _is_best(regime, best):
        theorem = TRANSFERABLE if solution.game.prices else POSITIVE
        return (
            Efficiency(
                regime.when, regime.values, regime.utilities, "strongly", ((name, sp.S.One),),
                status=regime.status, theorem=theorem,
            ),
        )  # fmt: skip
    several = Relation(family.size, ">=", sp.Integer(2))
    for region, where in (((), ()), ((several,), (several,))):
        trade = _common(solution, regime, planned, best, region)
        if trade is None:
            continue
        row = Efficiency(
            (*regime.when, *where), regime.values, regime.utilities, "no", trade=trade,
            status=weakest([Proved(), regime.status]), theorem=FINITE_TRADE,
        )  # fmt: skip
        if not where:
            return (row,)
        alone = Efficiency(
            (*regime.when, Relation(family.size, "==", sp.S.One)), regime.values,
            regime.utilities, "strongly", ((name, sp.S.One),), status=regime.status,
            theorem=SINGLE,
        )  # fmt: skip
        return (row, alone)
    return (_undecided(regime, "no common choice is shown to be better for all"),)


def _is_best(regime: Regime, best: Solution) -> bool:
    """Whether the values are those of a proved optimum that holds wherever the regime does."""
    chosen = dict(regime.values)
    for other in best.regimes:
        theirs = dict(other.values)
        if not is_proved(other.status) or not set(theirs) <= set(chosen):
            continue
        if any(r not in regime.when for r in other.when):
            continue
        if all(chosen[s] == e or is_identically_zero(_flat(chosen[s] - e))
               for s, e in theirs.items()):  # fmt: skip
            return True
    return False


def _common(
    solution: Solution, regime: Regime, planned: Game, best: Solution, extra: Region
) -> Trade | None:
    """A common choice of all members that is shown to be better for everybody."""
    (family,) = planned.families
    now = {s: e for s, e in regime.values if isinstance(s, sp.Indexed)}
    if any(e.has(sp.Indexed, sp.Sum) for e in now.values()) or solution.game.prices:
        return None
    found = [{s: e for s, e in r.values if s in now} for r in best.regimes]
    factors = (sp.Rational(1, 2), sp.Rational(3, 4), sp.Integer(2), sp.Rational(5, 4))
    trials = [t for t in found if not any(e.has(sp.Indexed, sp.Sum) for e in t.values())]
    trials += [{s: f * e for s, e in now.items()} for f in factors]
    domain = tuple(
        r for r in planned.domain() if not any(s.has(sp.Indexed, sp.Sum) for s in (r.left, r.right))
    )
    region = (*domain, *regime.when, *extra)
    if family.objective is None:
        return None
    utility = -family.objective if family.loss else family.objective
    relations = [c.relation for c in (*family.constraints, *planned.shared)]
    relations += [r for a in family.actions for r in a.interval.contains(a.symbol)]
    for to in trials:
        rise = neat(alike(utility, to, family) - alike(utility, now, family))
        if rise.has(sp.Indexed, sp.Sum, *INFINITE):
            return None
        needed = [Relation(rise, ">", _ZERO)]
        needed += [
            Relation(alike(r.left, to, family), r.operator, alike(r.right, to, family))
            for r in (*relations, *family.domain, *natural_domain(utility))
        ]
        needed += [r for e in (alike(utility, to, family), *to.values()) for r in natural_domain(e)]
        if all(is_proved(holds(r, region)) for r in dict.fromkeys(needed)):
            return Trade(tuple(to.items()), (), ((str(family.index), rise),))
    return None


def alike(e: Expr, choice: Mapping[Expr, Expr], family: Family) -> Expr:
    """The expression where every member does the same: a sum is n times one term.

    >>> i, j, n = sp.symbols("i j n", integer=True, positive=True)
    >>> x, v = sp.IndexedBase("x"), sp.Symbol("v")
    >>> alike(sp.Sum(x[j]**2, (j, 1, n)) + x[i], {x[i]: v}, Family(i, n))
    n*v**2 + v
    """
    values = {s.base: v for s, v in choice.items() if isinstance(s, sp.Indexed)}

    def member(a: Expr) -> Expr:
        return values.get(a.base, a)

    def total(sum_: Expr) -> Expr:
        index, low, high = sum_.limits[0]
        body = sum_.function.replace(lambda a: isinstance(a, sp.Indexed), member)
        return sum_ if body.has(index) else body * (high - low + 1)

    e = e.replace(lambda s: isinstance(s, sp.Sum), total)
    return e.replace(lambda a: isinstance(a, sp.Indexed), member)
