"""Is P a potential of the game?  By definition, and why there is none.

P is a weighted potential if for every agent i, all choices x_i, y_i and everything the others do

    U_i(y_i, x_-i) - U_i(x_i, x_-i) = w_i (P(y_i, x_-i) - P(x_i, x_-i)),   w_i > 0,

exact if every w_i is 1 (Monderer and Shapley 1996).  Nothing is differentiated here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from alignsym.claims import ByTheorem, Claim, Decided, Point, Proved, Unknown, Verdict, weakest
from alignsym.logic.decide import search
from alignsym.model.domains import natural_domain
from alignsym.model.game import Agent, Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Regime
from alignsym.solution import holds as holds_at
from alignsym.verify.decision import decision_makers, everyones_bounds
from alignsym.verify.equilibria import smooth
from alignsym.verify.facts import holds, zero
from alignsym.verify.regime import RegimeClaims
from alignsym.verify.shapes import Shape, shape

MAXIMISERS = "a maximiser of the potential is an equilibrium (Monderer and Shapley 1996, Lemma 2.1)"
ALL = "with a concave smooth potential every equilibrium maximises it (Neyman 1997)"


def is_potential(game: Game, potential: Expr, weights: Mapping[str, Expr]) -> Verdict:
    """Whether every agent's gains are w_i times those of P, for all profiles and parameters.

    From a profile at which P and all utilities are defined an agent may only move to where its own
    utility is; P must be defined there too, for else the move is never compared.
    """
    verdicts: list[Verdict] = []
    region = (*game.domain(), *everyones_bounds(game))
    everyone = dict.fromkeys(r for a in acting(game) for r in (*a.domain, *_domain(a)))
    for agent in acting(game):
        other = {a.symbol: sp.Dummy(a.name, **a.symbol.assumptions0) for a in agent.actions}
        weight = weights.get(agent.name, sp.S.One)
        here = (*natural_domain(potential), *everyone)
        moved = (*region, *agent.domain, *_domain(agent))
        given = (*region, *here, *(r.replaced(other) for r in moved))
        gain = agent.utility.xreplace(other) - agent.utility
        same = weight * (potential.xreplace(other) - potential)
        verdicts.append(holds(Relation(weight, ">", sp.S.Zero), game.domain()))
        verdicts.append(zero(sp.expand(gain - same), given))
        needed = (r.replaced(other) for r in here if r.free_symbols & set(other))
        verdicts += [holds(r, given) for r in needed]
    return weakest(verdicts)


def _domain(agent: Agent) -> Region:
    return tuple(natural_domain(agent.utility))


def acting(game: Game) -> tuple[Agent, ...]:
    """The agents that choose something."""
    return tuple(a for a in game.agents if a.actions)


def own_sets(game: Game) -> str:
    """Why the set of profiles is not a product of the agents' own sets; '' if it is."""
    if game.families:
        return "a family of symbolic size"
    if game.prices:
        return "prices, which nobody chooses"
    if game.shared:
        return f"the shared constraint {game.shared[0].name}"
    chosen = {s.symbol for s in game.actions}
    for agent in game.agents:
        own = {a.symbol for a in agent.actions}
        for c in agent.constraints:
            if c.relation.free_symbols & (chosen - own):
                return f"{c.name}, which moves with the others' choices"
    return ""


def differ_at(first: Expr, second: Expr, game: Game) -> Point | None:
    """An exact profile and parameters at which two expressions are defined and differ, if found."""
    symbols = sorted(
        {s.symbol for s in game.actions} | {p.symbol for p in game.parameters}, key=str
    )
    needed = (*natural_domain(first), *natural_domain(second))
    region = (*game.domain(), *everyones_bounds(game), *needed)
    open_region = tuple(r.tightened() for r in region)
    unequal = Relation(first - second, "!=", sp.S.Zero)
    answer = search((*open_region, unequal))
    if answer.kind != "sat":
        return None
    known = dict(answer.point)
    point = tuple(
        (s, sp.Rational(known[s].numerator, known[s].denominator) if s in known else sp.S.One)
        for s in symbols
    )
    # z3's point is a hint: it counts only if it is exactly inside and the two sides differ there.
    if all(holds_at(r, dict(point)) for r in (*region, unequal)):
        return point
    return None


def defined_everywhere(game: Game) -> Verdict:
    """Whether every utility is defined and finite for all profiles, so that no member of a set of
    maximisers is undefined to somebody."""
    everywhere = (*game.domain(), *everyones_bounds(game))
    needed = dict.fromkeys(r for a in game.agents for r in (*a.domain, *_domain(a)))
    return weakest(holds(r, everywhere) for r in needed)


def maximiser_is_equilibrium(
    game: Game, potential: Verdict, maximal: Verdict, regime: Regime
) -> Verdict:
    """The verdict on "this maximiser of P is an equilibrium", its formulas and multipliers with it.

    `maximal`: the verdict on "it maximises P"; `regime`: the profile in the terms of the game.
    """
    facts = (
        Decided(Claim("hypothesis", None, "", "P is a potential of the game"), potential),
        Decided(Claim("optimal", None, "", "the profile maximises P"), maximal),
    )
    verdict = weakest(d.verdict for d in facts)
    if not isinstance(verdict, Proved):
        return verdict
    makers = decision_makers(game, "nash")
    shapes = {m.name: shape(m, (*game.domain(), *everyones_bounds(game))) for m in makers}
    claims = RegimeClaims(game, "nash", 0, regime, makers, shapes, [regime])
    claims.status()
    # Optimality is Lemma 2.1; all else is asked of the game itself.
    rest = [d.verdict for d in claims.decided if d.claim.kind != "optimal"]
    if not rest:
        return Unknown("no claim about the profile was decided")
    return weakest([Proved((ByTheorem(MAXIMISERS, facts),)), *rest])


def no_other_equilibrium(
    game: Game, planned: Game, potential: Verdict, regimes: Sequence[Regime]
) -> list[Verdict]:
    """Whether every equilibrium maximises P, so that the maximisers are all there are.

    At an equilibrium each block of the gradient of P satisfies its agent's variational inequality;
    their sum over a product of convex sets is that of P, and for a concave P it is sufficient.
    P and its gradient must be finite on the whole set, its edges included.
    """
    makers = decision_makers(planned, "maximize")
    (maker,) = makers
    found = shape(maker, game.domain())
    everywhere: Region = (*game.domain(), *everyones_bounds(game))
    finite: list[Relation] = [*natural_domain(maker.objective), *maker.domain]
    finite += (r for v in maker.variables for r in natural_domain(sp.diff(maker.objective, v)))
    concave = isinstance(found, Shape) and found.inner == maker.objective and smooth(makers)
    affine = all(
        sp.Poly(c.relation.gap, *maker.variables).total_degree() <= 1
        if c.relation.gap.is_polynomial(*maker.variables)
        else False
        for c in maker.constraints
    )
    whole = all(isinstance(holds(r, everywhere), Proved) for r in dict.fromkeys(finite))
    if not (concave and affine and whole and isinstance(potential, Proved)):
        why = Unknown("equilibria that do not maximise the potential are not excluded")
        return [why for _ in regimes]
    fact = Decided(Claim("hypothesis", None, "", "the potential is concave"), Proved())
    return [
        Proved((ByTheorem(ALL, (fact,)),)) if isinstance(r.exhaustive, Proved) else r.exhaustive
        for r in regimes
    ]
