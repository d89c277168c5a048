"""Is there another equilibrium of n members?  The claim `exhaustive` without a list of agents.

Let the family's members choose x_i in an interval, S = Sum(c_j*x_j) with c_j > 0, and F(x, S) be
the marginal utility of a member, its own part in S included.

*Level.*  If F_x < 0 and F_x + n*c*F_S < 0 wherever x can be, at most one equilibrium: of two with
S <= S', somebody has x' - x >= (S' - S)/(n*c), for whom F falls along the way from (x, S) to
(x', S'), though F <= 0 at the first (x is below its upper end) and F >= 0 at the second.

*Share.*  The same with x = s*S and positive S: if F falls in the share s and in S, of two
equilibria with S < S' somebody has s' >= s and s' > 0, against F >= 0 at the second (Cornes and
Hartley 2007).

*Potential.*  If utilities differ from a joint one only by payments p*d_i(x_i) that sum up to what
the markets are cleared of, equilibria are the saddle points of one Lagrangian, and any two have
the same choices wherever one of them makes every choice the only best one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import sympy as sp

from alignsym.claims import Proved, Unknown, Verdict, weakest
from alignsym.logic.crowd import Crowd, Role
from alignsym.logic.decide import search
from alignsym.model.agents import Action
from alignsym.model.domains import natural_domain
from alignsym.model.game import Concept
from alignsym.model.relations import Expr, Region, Relation
from alignsym.verify.decision import DecisionMaker
from alignsym.verify.facts import holds
from alignsym.verify.shapes import Shape
from alignsym.verify.uniqueness import by_theorem, unique_maximiser, variables_in

_ZERO = sp.S.Zero
Parts = Sequence[tuple[DecisionMaker, Mapping[sp.Symbol, Expr], Shape | Unknown]]


def unique_profile(
    crowd: Crowd,
    concept: Concept,
    values: Mapping[sp.Symbol, Expr],
    region: Region,
    parts: Parts,
) -> Verdict:
    """Whether the profile is the only equilibrium of the concept."""
    apart = _nobody_matters(crowd)
    if concept == "nash" and apart:
        return _each_unique(crowd, region, parts)
    if concept == "walras" or (concept == "variational" and apart):
        return only_price(crowd, concept, values, region, parts)
    return _by_aggregate(crowd, concept, region)


def _nobody_matters(crowd: Crowd) -> bool:
    """No utility contains the choice of anybody else."""
    chosen = {a.symbol for a in crowd.actions}
    for role in crowd.roles:
        own = {a.symbol for a in role.actions}
        if crowd.ledger.moving(role.utility, chosen):
            return False
        if role.utility.free_symbols & (chosen - own):
            return False
    return True


def _each_unique(crowd: Crowd, region: Region, parts: Parts) -> Verdict:
    verdicts = [
        unique_maximiser(m, v, (), crowd.facts(region, *v.values()), shape, saddle=False)
        for m, v, shape in parts
    ]
    return weakest(verdicts) if verdicts else Unknown("nobody chooses")


def _strictly_concave(crowd: Crowd, parts: Parts) -> Verdict:
    """Every utility is strictly concave in its own choices, every shared constraint a sum over all.

    Then choices with common multipliers maximise the sum of utilities, which has one maximiser.
    """
    for maker, _, found in parts:
        if isinstance(found, Unknown):
            return found
        pinned = (*found.curvature.pinned, *variables_in(found.curvature.pinned, maker, ()))
        if found.inner != maker.objective or not set(maker.variables) <= set(pinned):
            return Unknown(f"the utility of {maker.name} is not shown to be strictly concave")
    for c in crowd.shared:
        gap = c.relation.gap
        moving = {*crowd.ledger.moving(gap, crowd.chosen), *(set(crowd.chosen) & gap.free_symbols)}
        if any(sp.diff(gap, s).free_symbols & moving for s in moving):
            return Unknown(f"{c.name} is not a sum over the members")
    return Proved()


# ------------------------------------------------------------------ one aggregate
def _by_aggregate(crowd: Crowd, concept: Concept, region: Region) -> Verdict:
    """At most one equilibrium, by the level or the share of a generic member in one aggregate."""
    ledger = crowd.ledger
    acting = [r for r in crowd.roles if r.actions]
    if len(acting) != 1 or acting[0].family is None or len(acting[0].actions) != 1:
        return Unknown("uniqueness is shown for one family with one action each")
    role, action = acting[0], acting[0].actions[0]
    x = action.symbol
    totals = ledger.moving(role.utility, (x,))
    if len(totals) != 1 or role.constraints:
        return Unknown("uniqueness is shown for one aggregate and no constraints of a member")
    (total,) = totals
    weight = sp.diff(ledger.totals[total].summand, x)
    base = (*crowd.declared, *(r for r in region if not r.free_symbols & {x, total}))
    if weight.has(x) or not isinstance(holds(Relation(weight, ">", _ZERO), base), Proved):
        return Unknown(f"{total} is not a sum of choices with positive weights")
    if not isinstance(_shared_caps(crowd, concept, total), Proved):
        return _shared_caps(crowd, concept, total)
    assert role.family is not None
    size = ledger.families[role.family].size
    domain = natural_domain(role.utility)
    stuck = _never_minus_infinity(domain, action, total, weight, base)
    if not isinstance(stuck, Proved):
        return stuck
    for r in domain:
        moving = r.free_symbols & {x, total}
        bent = any(sp.diff(r.gap, u, v) != 0 for u in moving for v in moving)
        if bent or (moving and r.operator == "!=" and r.gap != total):
            return Unknown(f"the domain {r} is not shown to be convex")
    marginal = ledger.derivative(role.utility, x)
    if concept == "nash" and not marginal.free_symbols & {x, total}:
        away = holds(Relation(marginal, "!=", _ZERO), region)
        if isinstance(away, Proved):
            return by_theorem("one end of the interval is dominant", region)
    where = (*base, *action.interval.contains(x), *domain)
    if x.is_nonnegative:
        where = (*where, Relation(total, ">=", weight * x))
    level = [
        holds(Relation(sp.diff(marginal, x), "<", _ZERO), where),
        holds(
            Relation(sp.diff(marginal, x) + size * weight * sp.diff(marginal, total), "<", _ZERO),
            where,
        ),
    ]
    if isinstance(weakest(level), Proved):
        return by_theorem("the best replies grow less than their sum", region)
    share = _by_share(role, action, total, weight, marginal, base, domain)
    if concept == "nash" and isinstance(share, Proved):
        return share
    return Unknown("other equilibria are not excluded")


def _by_share(
    role: Role,
    action: Action,
    total: sp.Symbol,
    weight: Expr,
    marginal: Expr,
    base: Region,
    domain: Region,
) -> Verdict:
    """F falls in the share s = x/S and in S."""
    x = action.symbol
    if weight != 1 or action.interval.lower != 0 or action.interval.upper != sp.oo:
        return Unknown("shares are those of nonnegative choices")
    s, level = sp.Symbol("share", nonnegative=True), sp.Symbol(total.name, positive=True)
    put = {x: s * level, total: level}
    positive = Relation(total, ">", _ZERO)
    if not any(isinstance(holds(positive, (*base, r)), Proved) for r in domain) and not (
        total.is_positive
    ):
        # All choices zero is a profile of its own, unless the utility is not defined there.
        nonzero = [r for r in domain if r.operator == "!=" and r.gap == total]
        if not nonzero:
            return Unknown("the sum may be zero")
    f = sp.together(marginal.xreplace(put))
    if any(r.gap != total for r in domain if r.free_symbols & {x, total}):
        return Unknown("the way from one profile to another may leave the domain")
    inside = (*base, Relation(s, ">=", _ZERO), Relation(level, ">", _ZERO))
    whole, below = Relation(s, "<=", sp.S.One), Relation(s, "<", sp.S.One)
    verdicts = [
        holds(Relation(sp.diff(f, s), "<", _ZERO), (*inside, whole)),
        holds(Relation(sp.diff(f, level), "<", _ZERO), (*inside, below)),
        holds(Relation(f.xreplace({s: sp.S.One}), "<", _ZERO), inside),
    ]
    if isinstance(weakest(verdicts), Proved):
        return by_theorem("shares fall in the aggregate (Cornes and Hartley 2007)", base)
    return weakest(verdicts)


def _shared_caps(crowd: Crowd, concept: Concept, total: sp.Symbol) -> Verdict:
    """Shared constraints are caps S <= q on the aggregate: their price lowers every F alike."""
    if concept != "variational":
        return Proved()
    if len(crowd.shared) > 1:
        return Unknown("uniqueness is shown for one shared constraint")
    for c in crowd.shared:
        gap = c.relation.gap
        own = {*crowd.chosen, *crowd.ledger.moving(gap, crowd.chosen)}
        slope = sp.diff(gap, total)
        if c.relation.is_equality or gap.free_symbols & own != {total} or slope != -1:
            return Unknown(f"{c.name} is not a cap on the aggregate")
    return Proved()


def _never_minus_infinity(
    domain: Region, action: Action, total: sp.Symbol, weight: Expr, base: Region
) -> Verdict:
    """Utilities are finite at every equilibrium: where one is not, somebody can make it so.

    A gap u > 0 of the domain that is a monotone function of x alone, or of S alone, is not zero at
    an equilibrium: whoever can move away from the edge does.  Two gaps do not vanish together.
    """
    x = action.symbol
    own = {x, total}
    where = (*base, *action.interval.contains(x))
    if x.is_nonnegative:
        where = (*where, Relation(total, ">=", weight * x))
    edges = []
    for r in domain:
        if not r.free_symbols & own or r.operator == "!=":
            continue
        if isinstance(holds(Relation(r.gap, ">", _ZERO), where), Proved):
            continue
        if not r.is_strict:
            return Unknown(f"{r} may bind")
        edges.append(r)
    for one, two in combinations(edges, 2):
        both = (Relation(one.gap, "==", _ZERO), Relation(two.gap, "==", _ZERO))
        if not search((*where, *both)).is_proof:
            return Unknown("several logarithms may be infinite at once")
    for r in edges:
        slope = sp.diff(r.gap, x) + weight * sp.diff(r.gap, total)
        alone = len(r.gap.free_symbols & own) == 1
        up = isinstance(holds(Relation(slope, ">", _ZERO), where), Proved)
        down = isinstance(holds(Relation(slope, "<", _ZERO), where), Proved)
        low, high = action.interval.lower, action.interval.upper
        free_up = up and high == sp.oo
        free_down = down and (low == -sp.oo or action.interval.open_lower)
        if down and alone and low == 0 and not free_down:
            # S > 0 there, so somebody has x > 0 and can take less.
            at = r.gap.xreplace({x: _ZERO, total: _ZERO})
            free_down = isinstance(holds(Relation(at, ">", _ZERO), base), Proved)
        if up and alone and high != sp.oo and x.is_nonnegative and low == 0:
            # Nobody is at the upper end where S = 0.
            at_zero = r.gap.xreplace({x: _ZERO, total: _ZERO})
            free_up = at_zero == 0 and isinstance(holds(Relation(high, ">", _ZERO), base), Proved)
        if not alone or not (free_up or free_down):
            return Unknown(f"an equilibrium with {r.gap} = 0 is not excluded")
    return Proved()


# ------------------------------------------------------------------ prices
def only_price(
    crowd: Crowd,
    concept: Concept,
    values: Mapping[sp.Symbol, Expr],
    region: Region,
    parts: Parts,
) -> Verdict:
    """Choices by strict concavity at the prices, prices by a first-order condition that holds."""
    ledger = crowd.ledger
    chosen = {a.symbol for a in crowd.actions}
    prices = [p.symbol for p in crowd.game.prices] if concept == "walras" else []
    for role in crowd.roles:
        plain = role.utility.xreplace(dict.fromkeys(prices, _ZERO))
        if ledger.moving(plain, chosen) or plain.free_symbols & (
            chosen - {a.symbol for a in role.actions}
        ):
            return Unknown("uniqueness of prices is shown where nobody's choice enters for others")
        if role.constraints:
            return Unknown("uniqueness of prices is shown without constraints of a member")
        for p in prices:
            if sp.diff(role.utility, p).free_symbols & set(prices):
                return Unknown("a utility is not linear in prices")
    for p, market in zip(prices, crowd.prices):
        paid = crowd.aggregate({r.name: sp.diff(r.utility, p) for r in crowd.roles})
        rest = paid - market.relation.gap
        left = {*chosen, *ledger.moving(rest, chosen)} & sp.expand(rest).free_symbols
        if left:
            return Unknown(f"payments at {p} are not for what its market clears")
    each = _each_unique(crowd, region, parts) if prices else _strictly_concave(crowd, parts)
    if not isinstance(each, Proved):
        return each
    unknown = set(prices)
    rows = [(a, ledger.derivative(r.utility, a.symbol)) for r in crowd.roles for a in r.actions]
    moved = True
    while unknown and moved:
        moved = False
        for action, marginal in rows:
            inside = [p for p in unknown if marginal.has(p)]
            if len(inside) != 1:
                continue
            slope = ledger.at(sp.diff(marginal, inside[0]), dict(values))
            at = values[action.symbol]
            interior = [
                holds(r.tightened(), crowd.facts(region, at)) for r in action.interval.contains(at)
            ]
            if isinstance(
                weakest([*interior, holds(Relation(slope, "!=", _ZERO), region)]), Proved
            ):
                unknown.discard(inside[0])
                moved = True
    if unknown:
        return Unknown(f"the price {min(map(str, unknown))} is not shown to be the only one")
    return by_theorem(
        "equilibria are the saddle points of one concave problem, with only one best choice each",
        region,
    )
