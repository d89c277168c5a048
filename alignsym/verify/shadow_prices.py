"""Are the reported multipliers the shadow prices?  The claim `multipliers`.

With stationarity, signs and complementary slackness proved, they are Lagrange multipliers; where
those are unique, they are the derivatives of the value (MATHEMATICS 2): unique multipliers
of *all* constraints are a qualification of their own (Kyparisis 1985).

Beside a tight constraint with a vanishing gradient there is no qualification.  The actions in it
are then held fixed: what is unique in the program of the others alone is the derivative of its
value W <= V, and W(0) = V(0) with V concave gives V the same derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import sympy as sp

from alignsym.claims import Proved, Unknown, Unsatisfiable, Verdict
from alignsym.logic.decide import search
from alignsym.logic.signs import made_of_positive
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.equilibria import smooth
from alignsym.verify.facts import holds, zero
from alignsym.verify.posynomials import convex_in_logarithms
from alignsym.verify.rising import rises_towards
from alignsym.verify.several import BOUND
from alignsym.verify.stability import stays_near
from alignsym.verify.theorems import Priced, lagrangian
from alignsym.verify.uniqueness import only_listed

_ZERO = sp.S.Zero
Key = tuple[str, str, int]


def nothing_more(row: Expr, names: Sequence[str]) -> Region:
    """No more than the condition itself."""
    return ()


def unique_multipliers(
    parts: Sequence[tuple[DecisionMaker, Sequence[Priced]]],
    values: Mapping[sp.Symbol, Expr],
    region: Region,
    *,
    unlisted: Collection[str] = (),
    unasked: Collection[str] = (),
    also: Sequence[Mapping[sp.Symbol, Expr]] = (),
    everywhere: Callable[[Expr, Sequence[str]], Region] = nothing_more,
) -> Verdict:
    """Whether no other multipliers satisfy stationarity and complementary slackness at x*.

    Two sets of multipliers differ by d with sum d_k grad(slack_k)(x*) = 0 and d_k = 0 where the
    slack is not; asked on the regime's interior, where V is differentiable.  `parts`: every
    decision maker with its constraints, then its bounds, and the multipliers claimed for them.
    Constraints that are `unlisted` have no multiplier: the actions in them are held fixed, which
    the caller may do in a concave program only; of those `unasked` nothing is claimed. Multipliers
    must be complementary to the slacks at the points `also`, too: other solutions of a concave
    program. `everywhere`: what more follows from a condition e = 0 on differences of the
    multipliers of the named constraints ('' for a bound), where it is known of everybody.
    """
    if not smooth([maker for maker, _ in parts]):
        return Unknown("at a kink the multipliers are a set")
    fixed = {
        s
        for _, priced in parts
        for item in priced
        if item.name in unlisted
        for s in item.relation.free_symbols
    }
    table = dict(values)
    inner = interior(region)
    conditions: list[Relation] = []
    different: list[Relation] = []
    moves: dict[Key, sp.Symbol] = {}
    belongs: dict[sp.Symbol, str] = {}
    for maker, priced in parts:
        rows = dict.fromkeys((v for v in maker.variables if v not in fixed), _ZERO)
        for key, item in _items(maker, priced):
            if key[0] == "constraint" and item.name in unlisted:
                continue
            if key[0] != "constraint" and item.multiplier == 0 and not _moves(item, rows):
                continue  # a bound on what is fixed, of which nothing is said
            d = moves.setdefault(key, sp.Dummy("d", real=True))
            belongs[d] = item.name if key[0] == "constraint" else ""
            inside = item.relation.free_symbols
            for v in (v for v in rows if v in inside):
                slope = sp.diff(item.relation.gap, v).xreplace(table)
                rows[v] += (-1 if item.relation.is_equality else 1) * d * slope
            slack = item.relation.gap.xreplace(table)
            asked = (item.name if key[0] == "constraint" else BOUND + item.name) not in unasked
            if item.relation.is_equality or isinstance(zero(slack, region), Proved):
                different += [Relation(d, "!=", _ZERO)] if asked else []
                if not item.relation.is_equality:
                    conditions.append(Relation(item.multiplier + d, ">=", _ZERO))
            elif isinstance(holds(Relation(slack, ">", _ZERO), inner), Proved):
                conditions.append(Relation(d, "==", _ZERO))
            else:
                # Perhaps tight somewhere: there its multiplier is open.
                different += [Relation(d, "!=", _ZERO)] if asked else []
                conditions.append(Relation(item.multiplier + d, ">=", _ZERO))
                conditions.append(Relation(sp.Mul(d, slack), "==", _ZERO))
            if not item.relation.is_equality:
                for point in also:
                    there = item.relation.gap.xreplace(dict(point))
                    product = sp.Mul(item.multiplier + d, there)
                    conditions.append(Relation(product, "==", _ZERO))
        for row in (row for row in rows.values() if row != 0):
            conditions.append(Relation(row, "==", _ZERO))
            conditions += everywhere(row, [name for d, name in belongs.items() if row.has(d)])
    if not different:
        return Proved()
    if any(c.gap.has(sp.zoo, sp.nan) for c in conditions):
        return Unknown("a constraint has no finite gradient at the solution")
    if _forced(conditions, [r.left for r in different], tuple(moves.values())):
        return Proved((Unsatisfiable((*inner, *conditions), tuple(different)),))
    answer = search((*inner, *dict.fromkeys(conditions)), any_of=tuple(dict.fromkeys(different)))
    if answer.is_proof:
        return Proved((Unsatisfiable((*inner, *conditions), tuple(different)),))
    return Unknown("the multipliers are not shown to be unique")


def _forced(
    conditions: Sequence[Relation], wanted: Sequence[Expr], moves: tuple[sp.Symbol, ...]
) -> bool:
    """Whether the equations force every wanted difference to zero one after the other: each with
    one difference left, times something visibly positive or negative."""
    rows = [r.left for r in conditions if r.operator == "==" and r.right == 0]
    zero_: set[Expr] = set()
    progress = True
    while progress and not zero_ >= set(wanted):
        progress = False
        for row in rows:
            left = row.free_symbols & set(moves) - zero_
            if len(left) != 1:
                continue
            (d,) = left
            parts = [t for t in sp.Add.make_args(row) if t.has(d)]
            factors = [t.as_independent(d, as_Add=False) for t in parts]
            slope = sp.Add(*(c for c, _ in factors))
            if any(part != d or c.free_symbols & set(moves) for c, part in factors):
                continue
            if made_of_positive(slope) or made_of_positive(-slope):
                zero_.add(d)
                progress = True
    return zero_ >= set(wanted)


def rivalled(
    maker: DecisionMaker,
    priced: tuple[Priced, ...],
    regime: Regime,
    beside: Sequence[Regime],
    region: Region,
) -> Verdict:
    """Whether every choice as good as the regime's has the same shadow prices, and none comes from
    far away once a constraint moves.

    Asked where the problem is not concave: the value then follows the best of several solutions,
    and its derivative jumps where their multipliers differ (max x**2 on [-p, p]).  `beside`: other
    solutions of the same decision maker.

    Where x* maximises the Lagrangian there is no jump: V(e) <= L(x*) + mu*e for every e, and with
    unique multipliers feasible curves through x* give V(e) >= V(0) + mu*e - o(e).
    """
    values = dict(regime.values)
    there = maker.at(values)
    if isinstance(lagrangian(there, values, priced, region), Proved):
        return Proved()
    top = there.objective.xreplace(values)
    prices = (dict(regime.multipliers), dict(regime.bounds))
    alike = [r for r in beside if (dict(r.multipliers), dict(r.bounds)) == prices]
    listed = [((), values), *((r.when, dict(r.values)) for r in alike)]
    found = only_listed(there, top, listed, region)
    if not isinstance(found, Proved):
        found = rises_towards(there, values, region, strictly=True)
    if not isinstance(found, Proved):
        return Unknown("another choice may be as good, at other shadow prices")
    if not alike and isinstance(convex_in_logarithms(maker, top, region), Proved):
        return Proved()
    bounds = frozenset(name for name, price in regime.bounds if price != 0)
    return stays_near(there, values, bounds, region)


def _moves(item: Priced, rows: Collection[sp.Symbol]) -> bool:
    return bool(item.relation.free_symbols & set(rows))


def interior(region: Region) -> Region:
    """The relations, opened where their zero set is a boundary: nonzero gradient of the gap.

    {a**2*b > 0} is smaller than the interior of {a**2*b >= 0}: at a = 0 nothing changes sign.
    """
    out = tuple(r.tightened() if _regular(r, region) else r for r in region)
    return region if search(out, located=False).is_proof else out


def _regular(relation: Relation, region: Region) -> bool:
    if relation.operator not in ("<=", ">="):
        return True
    slopes = [sp.diff(relation.gap, s) for s in sorted(relation.free_symbols, key=str)]
    if any(slope.is_number and slope != 0 for slope in slopes):
        return True
    flat = tuple(Relation(slope, "==", _ZERO) for slope in slopes)
    return search((*region, Relation(relation.gap, "==", _ZERO), *flat)).is_proof


def _items(maker: DecisionMaker, priced: Sequence[Priced]) -> list[tuple[Key, Priced]]:
    """Constraints, bounds and closed edges of the natural domain, each with a key of its own.

    Shared constraints have one key for all, for their multiplier is common.
    """
    count = len(maker.constraints)
    out = []
    for k, item in enumerate(priced):
        key = ("constraint", item.name, 0) if k < count else (maker.name, item.name, k)
        out.append((key, item))
    own = set(maker.variables)
    for k, r in enumerate(maker.domain):
        if r.free_symbols & own and not r.is_strict:
            out.append(((maker.name, "edge", k), Priced("", r, _ZERO)))
    return out
