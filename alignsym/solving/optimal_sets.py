"""All maximisers of a concave program from one of them, x*.

For concave and continuously differentiable f on a convex set X with maximiser x*:

    argmax f = {x in X : f'(x) = f'(x*) and f'(x*) (x - x*) = 0}

(Mangasarian 1988, A simple characterization of solution sets of convex programs).  An action in
which f is strictly concave by itself is thus fixed, and one that f does not contain is free.
Like every answer of a solver the set is believed only once it is verified.
"""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from alignsym.conditions.planner import aggregate
from alignsym.logic.decide import implies, search
from alignsym.model.game import Game
from alignsym.model.relations import Expr, Region, Relation
from alignsym.solution import Continuum, Regime
from alignsym.solving.edges import solved_edge
from alignsym.solving.neat import SIZE_LIMIT
from alignsym.solving.regimes import witness_of
from alignsym.solving.strategies.linear import is_affine
from alignsym.solving.thresholds import conditions, equality_of
from alignsym.solving.ties import balanced, minimal

_UNDEFINED = (sp.oo, sp.zoo, sp.nan, sp.Derivative, sp.Heaviside, sp.sign)


def optimal_set(game: Game, regime: Regime) -> Continuum | None:
    """The set with the regime's point in it; None where that point is visibly alone in it.

    >>> from alignsym import Agent
    >>> x, y = sp.symbols("x y", nonnegative=True)
    >>> a = sp.Symbol("a", positive=True)
    >>> game = Game(Agent("one", -(x + y - a)**2, x, y), concept="maximize")
    >>> point = Regime((), ((x, a), (y, sp.S.Zero)), value=sp.S.Zero)
    >>> [str(r) for r in optimal_set(game, point).relations]
    ['Eq(x + y, a)', 'x >= 0', 'y >= 0']
    """
    variables = [a.symbol for a in game.actions]
    at = dict(regime.values)
    gaps = _gaps(game, regime)
    edges = [solved_edge(r.gap) for r in regime.when if r.is_equality]
    for table in edges:
        gaps = [sp.expand(gap.xreplace(table)) for gap in gaps]
    fixed: dict[sp.Symbol, Expr] = {}
    for gap in gaps:
        inside = gap.free_symbols & set(variables)
        if len(inside) == 1 or not is_affine(gap, tuple(variables)):
            fixed.update((v, at[v]) for v in variables if v in inside)
    if not gaps or len(fixed) == len(variables):
        return None
    forms = [sp.expand(gap.xreplace(fixed)) for gap in gaps]
    forms = [form for form in forms if form.free_symbols & set(variables)]
    equal = tuple(Relation(v, "==", fixed[v]) for v in variables if v in fixed)
    region = (*game.domain(), *regime.when)
    forms = [_without_content(form, set(variables), region) for form in forms]
    lines: Region = tuple(dict.fromkeys(balanced(form, set(variables)) for form in forms))
    feasible = [r for a in game.actions for r in a.interval.contains(a.symbol)]
    feasible += [c.relation for c in game.constraints]
    needed = [r.replaced(fixed) for r in feasible]
    needed = [r for r in needed if r.free_symbols & set(variables)]
    given = (*region, *equal, *lines)
    relations = (*equal, *lines, *minimal(needed, given, variables))
    if _alone(regime, relations):
        return None
    return Continuum(
        when=regime.when,
        relations=relations,
        multipliers=regime.multipliers,
        value=regime.value,
        witness=regime.witness,
        members=(regime.values,),
    )


def _alone(regime: Regime, relations: Region) -> bool:
    """Whether the regime's point is the only one of the set at the regime's witness.

    What is a set only at the edges of a regime is better told as a point beside other cases.
    """
    at = dict(regime.witness)
    here = {s: e.xreplace(at) for s, e in regime.values}
    bare = {s: sp.Dummy(s.name, real=True) for s in here}
    other = tuple(Relation(bare[s], "!=", e) for s, e in here.items())
    return search(tuple(r.replaced({**at, **bare}) for r in relations), any_of=other).is_proof


def degenerate(game: Game, regime: Regime) -> tuple[Regime, Regime] | None:
    """The regime without and on the parameters for which f does not depend on x - x*.

    These are the zeros of a factor of f'(x) - f'(x*) that has no action in it, as 1 - r in the
    profit (1 - r)*q*(a - q).  None where there is no such factor.
    """
    variables = {a.symbol for a in game.actions}
    region = (*game.domain(), *regime.when)
    for gap in _gaps(game, regime):
        if not gap.is_polynomial(*variables):
            continue
        for factor in _factors(gap):
            if factor.free_symbols & variables or not factor.free_symbols:
                continue
            zero = conditions((*regime.when, equality_of(factor)), game.domain())
            witness = witness_of(game, zero)
            if not witness:
                continue
            signs = (Relation(factor, ">", sp.S.Zero), Relation(factor, "<", sp.S.Zero))
            off = next((s for s in signs if implies(region, s.relaxed()).is_proof), None)
            if off is None:
                continue
            away = conditions((*regime.when, off), game.domain())
            return (
                replace(regime, when=away, witness=witness_of(game, away)),
                replace(regime, when=zero, witness=witness),
            )
    return None


def _without_content(form: Expr, variables: set[sp.Symbol], region: Region) -> Expr:
    """The form without factors that have no action in them and are nowhere zero."""
    if not form.is_polynomial(*variables):
        return form
    kept = [
        factor
        for factor in _factors(form)
        if factor.free_symbols & variables
        or not implies(region, Relation(factor, "!=", sp.S.Zero)).is_proof
    ]
    return sp.expand(sp.Mul(*kept))


def _factors(form: Expr) -> list[Expr]:
    """What must vanish for one of them to: the factors of the numerator, each once."""
    numerator = sp.numer(sp.together(form))
    try:
        return [base for base, _ in sp.factor_list(numerator)[1]]
    except sp.PolynomialError:  # powers with symbols in the exponent
        return [numerator]


def _gaps(game: Game, regime: Regime) -> list[Expr]:
    """f'(x) - f'(x*) and f'(x*)(x - x*), zero for all maximisers; [] where they are of no use."""
    at = dict(regime.values)
    objective = aggregate(game)
    slopes = {a.symbol: sp.diff(objective, a.symbol) for a in game.actions}
    here = {v: e.xreplace(at) for v, e in slopes.items()}
    if any(e.has(*_UNDEFINED) for e in (*here.values(), *slopes.values())):
        return []
    gaps = [slopes[v] - e for v, e in here.items()]
    gaps.append(sp.Add(*(e * (v - at[v]) for v, e in here.items())))
    if any(gap.count_ops() > SIZE_LIMIT for gap in gaps):
        return []  # no set that anybody would read
    return [sp.expand(gap) for gap in gaps]
